"""The way in: which format a file is, told by its content and never by its suffix, and its reader.

A new format is one new reader module and its entry in `FORMATS`.
"""

from __future__ import annotations

import importlib
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span, UsageError
from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Document
from juesuan_rules.documents.problems import file_name, unreadable

Reader = Callable[..., Document]
"""`read_x(data: bytes, path: str, **options) -> Document`; the options are those its Format names."""


def _no_words() -> Iterable[str]:
    return ()


class ReadOptions(msgspec.Struct, frozen=True):
    """What a reader may be told. pdf_engine: auto | native | pdfplumber.

    vocabulary: gives the labels, headers and titles that standard tables print, for pages that must
    be recognised or have no rules; called only by a reader that meets such a page.
    """

    pdf_engine: str = "auto"
    vocabulary: Callable[[], Iterable[str]] = _no_words


PLAIN = ReadOptions()


class Format(msgspec.Struct, frozen=True):
    """A file format: what it is called, how its first bytes look, and who reads it.

    key: Source.format of what the reader gives. signatures: any of these starts the file. inside: any
    of these stands in its head. contains: an entry of that name (or beginning) stands in the container.
    reader: "module:function" of a Reader, imported on use; "" where there is none. takes: names of
    the fields of `ReadOptions` that the reader has as keyword arguments. limit: bytes. locked: such a
    file opens only with a password.
    """

    name: str
    signatures: tuple[bytes, ...]
    reader: str = ""
    inside: tuple[bytes, ...] = ()
    limit: int = limits.TEXT_BYTES
    key: str = ""
    contains: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    locked: bool = False
    hint: str = "请另存为文本、Word、Excel、PDF 或网页文件后再试"


_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_PACKAGE = "juesuan_rules.documents."
_LOCKED = "请去掉密码后另存一份再试"

_HTML = tuple(b"<" + tag for tag in b"!doctype html|html|head|body|table|meta|div|style|title|script|center|link|base|font|frameset".split(b"|"))

FORMATS: tuple[Format, ...] = (
    Format("PDF", (b"%PDF-",), _PACKAGE + "pdf.reader:read_pdf", limit=limits.PDF_BYTES, key="pdf", takes=("pdf_engine", "vocabulary")),
    Format("Word（docx）", _ZIP, _PACKAGE + "word.docx:read_docx", limit=limits.OFFICE_BYTES, key="docx", contains=("word/document", "word/")),
    Format("Excel（xlsx）", _ZIP, _PACKAGE + "excel.workbook:read_workbook", limit=limits.OFFICE_BYTES, key="xlsx", contains=("xl/workbook", "xl/")),
    Format("PowerPoint（pptx）", _ZIP, contains=("ppt/",)),
    Format("OFD", _ZIP, contains=("OFD.xml", "Doc_0/"), hint="请用 OFD 阅读器另存为 PDF 后再试"),
    Format(
        "OpenDocument 表格（ods）", _ZIP, _PACKAGE + "excel.workbook:read_workbook",
        inside=(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",), limit=limits.OFFICE_BYTES, key="ods",
    ),
    Format("OpenDocument", _ZIP, inside=(b"mimetypeapplication/vnd.oasis",)),
    Format("ZIP 压缩包", _ZIP, _PACKAGE + "archive:read_zip", limit=limits.ARCHIVE_BYTES, key="zip", takes=("options",)),
    Format("加密的 Office 文件", _OLE, contains=("EncryptedPackage", "EncryptionInfo"), locked=True, hint=_LOCKED),
    Format("Word 97-2003（doc、wps）", _OLE, _PACKAGE + "word.doc:read_doc", limit=limits.OFFICE_BYTES, key="doc", contains=("WordDocument",)),
    Format("Excel 97-2003（xls、et）", _OLE, _PACKAGE + "excel.workbook:read_workbook", limit=limits.OFFICE_BYTES, key="xls", contains=("Workbook", "Book")),
    Format("Office 97-2003", _OLE),
    Format("RTF", (b"{\\rtf",), _PACKAGE + "word.rtf:read_rtf", limit=limits.OFFICE_BYTES, key="rtf"),
    Format("HTML 网页", _HTML, _PACKAGE + "web.pages:read_html", limit=limits.WEB_BYTES, key="html"),
    Format("HTML 网页", (b"<?xml", b"<!--"), _PACKAGE + "web.pages:read_html", inside=(b"<html", b"<HTML"), limit=limits.WEB_BYTES, key="html"),
    Format(
        "Word XML", (b"<?xml", b"<pkg:package", b"<w:wordDocument"), _PACKAGE + "word.flat:read_word_xml",
        inside=(b'"Word.Document"', b"/office/word/2003/wordml", b"/office/2006/xmlPackage"), limit=limits.OFFICE_BYTES, key="wordxml",
    ),
    Format(
        "Excel 2003 XML", (b"<?xml",), _PACKAGE + "excel.workbook:read_workbook",
        inside=(b"urn:schemas-microsoft-com:office:spreadsheet",), limit=limits.OFFICE_BYTES, key="xls",
    ),
    Format("XML", (b"<?xml",)),
    Format("网页存档（mht）", (b"mime-version:", b"from: <saved by", b"from: \"saved by", b"content-type: multipart/"), _PACKAGE + "web.mht:read_mht", limit=limits.WEB_BYTES, key="mht"),
    Format(
        "图片", (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM"), _PACKAGE + "scan.pictures:read_image",
        limit=limits.IMAGE_BYTES, key="image", takes=("vocabulary",),
    ),
    Format("图片", (b"GIF87a", b"GIF89a"), hint="请另存为 PNG 或 JPG 后再试"),
    Format("图片", (b"RIFF",), inside=(b"WEBP",), hint="请另存为 PNG 或 JPG 后再试"),
    Format("压缩包", (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00"), hint="请解压，或另存为 ZIP 压缩包后再试"),
    Format("可执行程序", (b"\x7fELF", b"MZ")),
)  # fmt: skip
"""Formats told by their content, the first match wins; what matches none is read as text."""

TEXT = Format("文本", (), _PACKAGE + "text:read_text", key="text")

_BINARY_ONLY = (b"BM", b"MZ", b"BZh", b"RIFF")
"""Signatures that a text could begin with too: they count only with a control byte near by."""

_LATE_PDF = re.compile(rb"[\x00\r\n]%PDF-\d")
"""A PDF may have other bytes before its mark, within the first kilobyte."""


def open_document(path: Path, options: ReadOptions = PLAIN) -> Document:
    """Read the file at `path` into a Document.

    Raises UsageError where there is no such file, DocumentError where it cannot be read.
    """
    name = str(path)
    try:
        info = path.stat()
    except (OSError, ValueError):
        raise _no_file(name, f"找不到文件「{name}」") from None
    if stat.S_ISDIR(info.st_mode):
        raise _no_file(name, f"「{file_name(name)}」是目录，不是文件")
    if not stat.S_ISREG(info.st_mode):
        raise unreadable(name, "E501", "不是普通文件，不能读取")
    try:
        with path.open("rb") as stream:
            head = stream.read(limits.HEAD_BYTES)
            candidates = _candidates(head)
            limit = max(fmt.limit for fmt in candidates)
            data = head + stream.read(limit + 1 - len(head)) if info.st_size <= limit else head
    except OSError as error:
        raise unreadable(name, "E501", "不能读取：" + ("没有读取权限" if isinstance(error, PermissionError) else "系统报告读取失败")) from None
    return read_bytes(data, name, options, max(info.st_size, len(data)))


def read_bytes(data: bytes, path: str, options: ReadOptions = PLAIN, size: int | None = None) -> Document:
    """Read a file's bytes, named `path` in messages. size: that of the whole file, where `data` is
    only its beginning because it is too large. Raises DocumentError."""
    size = len(data) if size is None else size
    fmt = recognise(data)
    if fmt.locked:
        raise unreadable(path, "E506", "已加密，需要密码才能打开", fmt.hint)
    if not fmt.reader:
        raise unreadable(path, "E505", f"是 {fmt.name} 格式，该格式本版本尚不能读取", fmt.hint)
    if size > fmt.limit:
        raise unreadable(path, "E503", f"过大（{size / 1048576:.1f} MB），{fmt.name}文件不得超过 {fmt.limit // 1048576} MB")
    chosen: dict[str, Any] = {name: options if name == "options" else getattr(options, name) for name in fmt.takes}
    try:
        return _reader(fmt)(data, path, **chosen)
    except (MemoryError, RecursionError):
        raise unreadable(path, "E503", "太大或结构太复杂，没有读完") from None


def recognise(data: bytes) -> Format:
    """The format of a file that begins with `data` (all of it, for containers); `TEXT` where none fits."""
    found = _candidates(data[: limits.HEAD_BYTES])
    if not any(fmt.contains for fmt in found):
        return found[0]
    from juesuan_rules.documents.containers import entries

    names = entries(data)
    for fmt in found:
        if not fmt.contains or any(name.startswith(wanted) for wanted in fmt.contains for name in names):
            return fmt
    return found[-1]


def _candidates(head: bytes) -> list[Format]:
    """Formats whose signature fits, in order; several only where a container's entries must decide."""
    start = _as_ascii(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    folded = start[:32].lower()
    found: list[Format] = []
    for fmt in FORMATS:
        if any(_begins(head, start, folded, signature) for signature in fmt.signatures) and (not fmt.inside or any(mark in head for mark in fmt.inside)):
            found.append(fmt)
            if not fmt.contains:
                return found
    if not found and _LATE_PDF.search(head[:1032]) and b" obj" in head:
        return [FORMATS[0]]
    return found or [TEXT]


def _as_ascii(head: bytes) -> bytes:
    """The head of a UTF-16 file in UTF-8, any other as it is."""
    return head.decode("utf-16", "ignore").encode("utf-8", "ignore") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head


def _begins(head: bytes, start: bytes, folded: bytes, signature: bytes) -> bool:
    if not (head.startswith(signature) or start.startswith(signature) or folded.startswith(signature)):
        return False
    return signature not in _BINARY_ONLY or b"\x00" in head[:64]


def _reader(fmt: Format) -> Reader:
    module, _, function = fmt.reader.partition(":")
    found: Reader = getattr(importlib.import_module(module), function)
    return found


def _no_file(path: str, message: str) -> UsageError:
    return UsageError(message, (Diagnostic("E501", message, Span(file=path)),))

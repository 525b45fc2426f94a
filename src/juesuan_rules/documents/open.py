"""The way in: which format a file is, told by its content and never by its suffix, and its reader.

A new format is one new reader module and its entry in `FORMATS`.
"""

from __future__ import annotations

import importlib
import stat
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec

from juesuan_rules.diagnostics import Diagnostic, Span, UsageError
from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Document
from juesuan_rules.documents.problems import file_name, unreadable

Reader = Callable[[bytes, str], Document]


class Format(msgspec.Struct, frozen=True):
    """A file format: what it is called, how its first bytes look, and who reads it.

    signatures: any of these starts the file. inside: for archives, any of these stands in its head.
    reader: "module:function" of a Reader, imported on use; "" where there is none yet.
    """

    name: str
    signatures: tuple[bytes, ...]
    reader: str = ""
    inside: tuple[bytes, ...] = ()
    limit: int = limits.TEXT_BYTES


_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

FORMATS: tuple[Format, ...] = (
    Format("PDF", (b"%PDF-",)),
    Format("Word（docx）", _ZIP, inside=(b"word/",)),
    Format("Excel（xlsx）", _ZIP, inside=(b"xl/",)),
    Format("PowerPoint（pptx）", _ZIP, inside=(b"ppt/",)),
    Format("OFD", _ZIP, inside=(b"OFD.xml", b"Doc_0/")),
    Format("OpenDocument", _ZIP, inside=(b"mimetypeapplication/vnd.oasis",)),
    Format("ZIP 压缩包", _ZIP),
    Format("Word/Excel 97-2003（doc、xls、wps、et）", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    Format("RTF", (b"{\\rtf",)),
    Format("HTML 网页", (b"<!doctype html", b"<html", b"<head", b"<body")),
    Format("XML", (b"<?xml",)),
    Format("网页存档（mht）", (b"mime-version:", b"from: <saved by")),
    Format("图片", (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM")),
    Format("图片", (b"RIFF",), inside=(b"WEBP",)),
    Format("压缩包", (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")),
    Format("可执行程序", (b"\x7fELF", b"MZ")),
)
"""Formats told by their first bytes, the first match wins; what matches none is read as text."""

TEXT = Format("文本", (), "juesuan_rules.documents.text:read_text")

_BINARY_ONLY = (b"BM", b"MZ", b"BZh", b"RIFF")
"""Signatures that a text could begin with too: they count only with a control byte near by."""


def open_document(path: Path) -> Document:
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
            fmt = recognise(head)
            if not fmt.reader:
                raise unreadable(name, "E505", f"是 {fmt.name} 格式，该格式本版本尚不能读取", "请另存为文本文件（UTF-8，表格各列以制表符分隔）后再试")
            data = head + stream.read(fmt.limit + 1 - len(head)) if info.st_size <= fmt.limit else b""
    except OSError as error:
        raise unreadable(name, "E501", "不能读取：" + ("没有读取权限" if isinstance(error, PermissionError) else "系统报告读取失败")) from None
    size = max(info.st_size, len(data))
    if size > fmt.limit:
        raise unreadable(name, "E503", f"过大（{size / 1048576:.1f} MB），{fmt.name}文件不得超过 {fmt.limit // 1048576} MB")
    return _reader(fmt)(data, name)


def recognise(head: bytes) -> Format:
    """The format of a file that begins with `head`; `TEXT` where no signature fits."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    folded = start[:32].lower()
    for fmt in FORMATS:
        for signature in fmt.signatures:
            if not (head.startswith(signature) or start.startswith(signature) or folded.startswith(signature)):
                continue
            if signature in _BINARY_ONLY and b"\x00" not in head[:64]:
                continue
            if not fmt.inside or any(mark in head for mark in fmt.inside):
                return fmt
    return TEXT


def _reader(fmt: Format) -> Reader:
    module, _, function = fmt.reader.partition(":")
    return cast(Reader, getattr(importlib.import_module(module), function))


def _no_file(path: str, message: str) -> UsageError:
    return UsageError(message, (Diagnostic("E501", message, Span(file=path)),))

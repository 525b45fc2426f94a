"""ZIP archives of attachments: every file in it that can be read, together one report.

Sizes, counts and growth are bounded before anything is unpacked; archives inside archives stay shut.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.containers import sound_directory
from juesuan_rules.documents.joining import join
from juesuan_rules.documents.model import Document, Source
from juesuan_rules.documents.open import PLAIN, ReadOptions, read_bytes, recognise
from juesuan_rules.documents.problems import unreadable

_SKIPPED = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_ATTACHED = re.compile(r"附[件表录]")
_DIGITS = re.compile(r"\d+")
_ENCRYPTED = 1
_LOCKED = "：有密码，没有读"
_UTF_8 = 0x800
_CODEC_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError, NotImplementedError, RuntimeError)


def read_zip(data: bytes, path: str, options: ReadOptions = PLAIN) -> Document:
    """The files of a ZIP archive as one Document of format "zip": reports first, attachments (附件 …) last.

    A file that cannot be read is named in `unread`. Raises DocumentError where none can be read.
    """
    if not sound_directory(data):
        raise unreadable(path, "E507", "是损坏或不完整的 ZIP 压缩包", "请重新下载，或解压后逐个核对")
    documents: list[Document] = []
    failed: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, content in _files(archive, path, failed):
                _read(content, f"{path}/{name}", name, options, documents, failed)
    except _CODEC_ERRORS as error:
        raise unreadable(path, "E507", "是损坏的 ZIP 压缩包", "请重新下载，或解压后逐个核对") from error
    if not documents:
        if failed and all(text.endswith(_LOCKED) for text in failed):
            raise unreadable(path, "E506", "是加密的压缩包，里面的文件都有密码，没有读", "请解压后逐个核对，或去掉密码后再试")
        raise unreadable(path, "E505", "压缩包里没有能读的文件" + (f"：{'；'.join(failed[:5])}" if failed else ""))
    joined = join(documents, path, Source(path, hashlib.sha256(data).hexdigest(), "zip", len(data)))
    return Document(joined.source, joined.blocks, joined.notes, joined.parts, (*joined.unread, *failed))


def archived_files(data: bytes, path: str) -> list[tuple[str, bytes]]:
    """Name and bytes of the files `read_zip` would read, in its order. Raises DocumentError where the archive is damaged or too large."""
    if not sound_directory(data):
        raise unreadable(path, "E507", "是损坏或不完整的 ZIP 压缩包")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive, path, [])
    except _CODEC_ERRORS as error:
        raise unreadable(path, "E507", "是损坏的 ZIP 压缩包") from error


def _read(content: bytes, place: str, name: str, options: ReadOptions, documents: list[Document], failed: list[str]) -> None:
    fmt = recognise(content)
    if fmt.key == "zip":
        failed.append(f"{name}：压缩包里的压缩包没有展开")
        return
    try:
        documents.append(read_bytes(content, place, options))
    except DocumentError as error:
        failed.append(f"{name}：{error.message}")


def _files(archive: zipfile.ZipFile, path: str, failed: list[str]) -> list[tuple[str, bytes]]:
    """(name, bytes) of the files to read, in reading order, bounded in number, size and growth."""
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if len(infos) > limits.ARCHIVE_MEMBERS:
        raise unreadable(path, "E503", f"压缩包里有 {len(infos)} 个文件，不得超过 {limits.ARCHIVE_MEMBERS} 个")
    named = sorted([(_name(info), info) for info in infos], key=lambda item: _order(item[0]))
    wanted = [(name, info) for name, info in named if not _SKIPPED.search(name)]
    if len(wanted) > limits.ARCHIVE_FILES:
        failed.append(f"压缩包里的文件超过 {limits.ARCHIVE_FILES} 个，只读了前 {limits.ARCHIVE_FILES} 个")
    found: list[tuple[str, bytes]] = []
    room = limits.UNPACKED_BYTES
    for name, info in wanted[: limits.ARCHIVE_FILES]:
        if info.flag_bits & _ENCRYPTED:
            failed.append(f"{name}{_LOCKED}")
            continue
        if info.file_size > min(room, limits.ARCHIVE_BYTES) or info.file_size > max(info.compress_size, 1) * limits.UNPACKED_RATIO > limits.MEGABYTE:
            raise unreadable(path, "E503", f"压缩包里的「{name}」展开后过大，疑似压缩炸弹，没有读")
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)
        if len(content) > info.file_size:
            raise unreadable(path, "E503", f"压缩包里的「{name}」比声明的大，没有读")
        room -= len(content)
        found.append((name, content))
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's name; Chinese Windows writes GBK where the format says code page 437."""
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _order(name: str) -> tuple[bool, str]:
    """Attachments after the rest; numbers by their value."""
    return _ATTACHED.search(name) is not None, _DIGITS.sub(lambda m: m.group()[-9:].zfill(9), name)

"""The ZIP container of an archive: written always the same way, read without trusting it.

The reader is our own because there must be one reading only: entries stand one after another
without gaps or overlaps, the two headers of each agree, nothing stands before, between or behind them.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterable, Sequence

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.store import limits
from juesuan_rules.store.problems import problem, shown

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_HEAD = struct.Struct("<4s5H3I2H")
_CENTRAL_HEAD = struct.Struct("<4s6H3I5H2I")
_END_HEAD = struct.Struct("<4s4H2IH")
_UTF_8, _ENCRYPTED = 0x800, 0x1
_STORED, _DEFLATED = 0, 8
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
_UNIX, _VERSION = 3 << 8, 20
_MODE = (stat.S_IFREG | 0o644) << 16
_DIRECTORY = 0x10


class Entry(msgspec.Struct, frozen=True):
    """One entry as the table of contents tells it. mode: Unix file mode, 0 where none is given."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int = 0
    folder: bool = False
    raw: bytes = b""


def write_container(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP file with these files in this order; the same bytes for the same files."""
    body, directory = bytearray(), bytearray()
    count = 0
    for name, content in files:
        raw = name.encode()
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        common = (_UTF_8, _DEFLATED, 0, _DATE, zlib.crc32(content), len(packed), len(content), len(raw), 0)
        directory += _CENTRAL_HEAD.pack(_CENTRAL, _UNIX | _VERSION, _VERSION, *common, 0, 0, 0, _MODE, len(body)) + raw
        body += _LOCAL_HEAD.pack(_LOCAL, _VERSION, *common) + raw + packed
        count += 1
    return bytes(body + directory + _END_HEAD.pack(_END, 0, 0, count, count, len(directory), len(body), 0))


def read_entries(data: bytes, origin: str, out: list[Diagnostic]) -> tuple[Entry, ...]:
    """The entries in the order of the file; what is wrong with the container goes to `out`."""
    at = len(data) - _END_HEAD.size
    if at < 0 or not data.startswith(b"PK"):
        out.append(problem("E601", "不是规则包归档（.jspack 是 ZIP 文件）", origin, hint="可能下载到了网页，或给错了文件"))
        return ()
    end = _END_HEAD.unpack_from(data, at)
    if end[0] != _END or end[7]:
        found = data.rfind(_END) >= 0
        out.append(problem("E601", "归档末尾有多余的内容" if found else "归档不完整，像是没有传完", origin, hint="请重新取得归档"))
        return ()
    _, disk, first_disk, here, count, size, start, _ = end
    if disk or first_disk or here != count or start + size != at:
        out.append(problem("E601", "归档的目录与文件不符（损坏，或不是 pack build 做的）", origin))
        return ()
    if count > limits.FILES + 2:
        out.append(problem("E602", f"归档里有 {count:,} 项，上限是 {limits.FILES:,}", origin))
        return ()
    entries = _directory(data[start:at], count, origin, out)
    return tuple(sorted(entries, key=lambda entry: entry.offset)) if _is_contiguous(data, entries, start, origin, out) else ()


def container_problems(entries: Sequence[Entry], origin: str) -> list[Diagnostic]:
    """What forbids unpacking: links and other special entries, passwords, sizes and growth."""
    found: list[Diagnostic] = []
    for entry in entries:
        kind = stat.S_IFMT(entry.mode)
        name = shown(entry.name)
        if stat.S_ISLNK(entry.mode):
            found.append(problem("E604", "是链接；归档里只放普通文件", origin, name))
        elif (kind and not stat.S_ISREG(entry.mode)) or entry.folder:
            found.append(problem("E604", "是目录或特殊文件；归档里只放普通文件", origin, name))
        if entry.flags & ~_UTF_8 or entry.method not in (_STORED, _DEFLATED):
            found.append(problem("E601", "有密码" if entry.flags & _ENCRYPTED else "压缩方式不认识", origin, name))
        if entry.size > limits.FILE_BYTES:
            found.append(problem("E602", f"太大：{entry.size:,} 字节，上限是 {limits.FILE_BYTES:,}", origin, name))
        elif entry.size > limits.MEGABYTE and entry.size > entry.packed * limits.RATIO:
            found.append(problem("E602", f"展开后是压缩前的 {entry.size // max(entry.packed, 1):,} 倍，像是压缩炸弹", origin, name))
    total = sum(entry.size for entry in entries)
    if total > limits.UNPACKED_BYTES:
        found.append(problem("E602", f"归档展开后有 {total:,} 字节，上限是 {limits.UNPACKED_BYTES:,}", origin))
    return found


def unpack(data: bytes, entry: Entry) -> bytes | None:
    """The content of an entry, never more than it declares; None where it is not what it declares."""
    start = entry.offset + _LOCAL_HEAD.size + len(entry.raw)
    packed = data[start : start + entry.packed]
    if entry.method == _STORED:
        content = packed
    else:
        reader = zlib.decompressobj(-15)
        try:
            content = reader.decompress(packed, entry.size + 1)
        except zlib.error:
            return None
        if not reader.eof or reader.unused_data:
            return None
    return content if len(content) == entry.size and zlib.crc32(content) == entry.crc else None


def _directory(table: bytes, count: int, origin: str, out: list[Diagnostic]) -> list[Entry]:
    entries: list[Entry] = []
    at = 0
    for _ in range(count):
        if at + _CENTRAL_HEAD.size > len(table):
            break
        head = _CENTRAL_HEAD.unpack_from(table, at)
        flags, method, crc, packed, size = head[3], head[4], *head[7:10]
        name_size, extra, comment, external, offset = *head[10:13], head[15], head[16]
        raw = table[at + _CENTRAL_HEAD.size : at + _CENTRAL_HEAD.size + name_size]
        if head[0] != _CENTRAL or len(raw) != name_size:
            break
        at += _CENTRAL_HEAD.size + name_size + extra + comment
        name = _name(raw, flags)
        if name is None:
            out.append(problem("E603", "名称不是 UTF-8", origin, shown(raw.decode("utf-8", "backslashreplace"))))
            name = raw.decode("utf-8", "backslashreplace")
        if extra or comment:
            out.append(problem("E601", "带有附加字段；归档只能由 pack build 制作", origin, shown(name)))
        entries.append(Entry(name, flags, method, crc, packed, size, offset, external >> 16, bool(external & _DIRECTORY), raw))
    if len(entries) != count or at != len(table):
        out.append(problem("E601", "归档的目录残缺", origin))
        return []
    return entries


def _name(raw: bytes, flags: int) -> str | None:
    """The name, which is UTF-8 and says so, or plain ASCII."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return name if flags & _UTF_8 or name.isascii() else None


def _is_contiguous(data: bytes, entries: Sequence[Entry], end: int, origin: str, out: list[Diagnostic]) -> bool:
    """Whether the entries fill the file up to its table of contents and their two headers agree."""
    at = 0
    for entry in sorted(entries, key=lambda e: e.offset):
        if entry.offset != at or at + _LOCAL_HEAD.size > end:
            out.append(problem("E601", "归档里的内容有重叠或夹带", origin, shown(entry.name)))
            return False
        head = _LOCAL_HEAD.unpack_from(data, at)
        raw = data[at + _LOCAL_HEAD.size : at + _LOCAL_HEAD.size + len(entry.raw)]
        told = (head[0], head[2], head[3], *head[6:9], head[9], raw)
        if told != (_LOCAL, entry.flags, entry.method, entry.crc, entry.packed, entry.size, len(entry.raw), entry.raw):
            out.append(problem("E601", "归档的目录与文件头说法不一", origin, shown(entry.name)))
            return False
        if head[10]:
            out.append(problem("E601", "带有附加字段；归档只能由 pack build 制作", origin, shown(entry.name)))
            return False
        at += _LOCAL_HEAD.size + len(entry.raw) + entry.packed
    if at != end:
        out.append(problem("E601", "归档里的内容有重叠或夹带", origin))
    return at == end

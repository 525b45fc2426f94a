"""What stands in a container file: the names of its entries, found without unpacking any of them."""

from __future__ import annotations

import io
import re
import struct

from juesuan_rules.documents import limits

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_DIRECTORY_BYTES = 8 * limits.MEGABYTE
"""Most the table of contents of a ZIP file may take (some 60,000 entries)."""

_LOCAL_NAME = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_STREAMS = ("WordDocument", "Workbook", "Book", "EncryptedPackage", "PowerPoint Document")


def entries(data: bytes) -> tuple[str, ...]:
    """Names of the entries of a ZIP file, or of the streams at the top of an OLE file; () for neither.

    A damaged container still tells the names that stand at its beginning.
    """
    return _ole_entries(data) if data.startswith(b"\xd0\xcf\x11\xe0") else _zip_entries(data)


def sound_directory(data: bytes) -> bool:
    """Whether a ZIP file's table of contents is there and small enough to be read into memory."""
    at = data.rfind(_END, max(0, len(data) - 65_557))
    if at < 0 or at + 22 > len(data):
        return False
    size: int = struct.unpack_from("<I", data, at + 12)[0]
    if size == 0xFFFFFFFF:
        wide = data.rfind(_END_64, 0, at)
        size = struct.unpack_from("<Q", data, wide + 40)[0] if 0 <= wide <= len(data) - 56 else 1 << 62
    return size <= _DIRECTORY_BYTES


def _zip_entries(data: bytes) -> tuple[str, ...]:
    import zipfile

    if sound_directory(data):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return tuple(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
            pass
    found = []
    head = data[: limits.HEAD_BYTES]
    for match in _LOCAL_NAME.finditer(head):
        length = int.from_bytes(match[1], "little")
        found.append(head[match.end() : match.end() + length].decode("utf-8", "replace"))
    return tuple(found)


def _ole_entries(data: bytes) -> tuple[str, ...]:
    import olefile

    try:
        with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_FATAL) as file:
            return tuple(dict.fromkeys(path[0] for path in file.listdir()))
    except Exception:  # noqa: BLE001 - a damaged file makes olefile fail in many ways; the names may still stand in it
        return tuple(name for name in _STREAMS if name.encode("utf-16-le") + b"\x00\x00" in data)

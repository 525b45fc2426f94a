"""Whether a PDF file is built to swell: small on disk, endless once unpacked.

PDFium unpacks and expands a page in one call that cannot be stopped. So files that could take long
are told beforehand from their streams, which stand openly in the file, and are read elsewhere
(see `isolated`).
"""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY_BYTES = 4096
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_OTHER_PACKING = re.compile(rb"/(?:LZWDecode|LZW|RunLengthDecode|RL)\b")
_PICTURE_OR_FONT = re.compile(rb"/Subtype\s*/Image\b|/Length[123]\b|/FontFile|/Subtype\s*/(?:CIDFontType0C|Type1C|OpenType)\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_DO = re.compile(rb"\bDo\b")

LARGE = 4 * 1024 * 1024
"""Bytes a stream of drawing commands may unpack to: a full page of a report has under one megabyte."""

_SMALL = 16 * 1024
"""Packed streams up to this size are not looked into: deflate packs at most 1,032 bytes into one."""

_EXPANSIONS = 10_000
"""How often forms that draw forms may be drawn in all."""

_FORM_BYTES = 1024 * 1024

_UNCLOSED = 50
"""So many streams without an end of their own: looking for it takes PDFium the square of them."""

_ALL = 1024 * LARGE // 4
"""Bytes that may be unpacked to look into all streams."""


def is_suspicious(data: bytes) -> bool:
    """Whether reading the file could take much longer or more memory than its size tells."""
    expansions, unpacked, unclosed, end = 1, 0, 0, 0
    for found in _STREAM.finditer(data):
        start = found.end()
        head = _dictionary(data, found.start())
        if not head:
            continue
        if start <= end:
            unclosed += 1
        else:
            end = data.find(b"endstream", start)
            end = len(data) if end < 0 else end
        if unclosed > _UNCLOSED or unpacked > _ALL:
            return True
        if _FORM.search(head):
            expansions *= max(1, _drawn(data, start, head, end))
            unpacked += _FORM_BYTES
            if expansions > _EXPANSIONS:
                return True
        if _PICTURE_OR_FONT.search(head):
            continue
        packed = _packed_size(data, start, head, end)
        filters = len(_FLATE.findall(head))
        if filters > 1 and packed > _SMALL // 16 and b"/DecodeParms" not in head:
            return True
        if packed > _SMALL and _OTHER_PACKING.search(head):
            return True
        if not filters and packed > LARGE:
            return True
        if filters and packed > _SMALL:
            size = _unpacked(data, start, packed, LARGE + 1)
            unpacked += size
            if size > LARGE:
                return True
    return False


def _dictionary(data: bytes, end: int) -> bytes:
    """What stands between the beginning of the object and the word "stream"; empty for `endstream`."""
    if data[end - 3 : end] == b"end":
        return b""
    begin = data.rfind(b"obj", max(0, end - _DICTIONARY_BYTES), end)
    return data[begin if begin >= 0 else max(0, end - _DICTIONARY_BYTES) : end]


def _packed_size(data: bytes, start: int, head: bytes, closed: int) -> int:
    """The length of a stream: as it says, or up to the next `endstream`, which stands at `closed`."""
    told = _LENGTH.search(head)
    if told:
        end = start + int(told.group(1))
        if data[end : end + 12].lstrip().startswith(b"endstream"):
            return end - start
    return closed - start


def _unpacked(data: bytes, start: int, size: int, most: int) -> int:
    """How many bytes a stream unpacks to, counted up to `most`."""
    return len(_unpack(data, start, size, most))


def _unpack(data: bytes, start: int, size: int, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data[start : start + size], most)
    except zlib.error:
        return b""


def _drawn(data: bytes, start: int, head: bytes, closed: int) -> int:
    """How many things a form draws."""
    size = _packed_size(data, start, head, closed)
    body = _unpack(data, start, size, _FORM_BYTES) if _FLATE.search(head) else data[start : start + min(size, _FORM_BYTES)]
    return len(_DO.findall(body))

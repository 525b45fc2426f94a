"""The parts of a Word 97-2003 file: its header, its pieces of text and where formatting is kept."""

from __future__ import annotations

import struct
from bisect import bisect_right
from itertools import pairwise

import msgspec

from juesuan_rules.documents.word.sprms import SHORT_FORMS

_PAGE = 512
_MAX_CHARACTERS = 20_000_000
_MAX_PIECES = 1_000_000
_MOST_RUNS = 1_000_000
_OLDEST = 0xC1
"""File format version of Word 97; older files are built differently."""

STYLES, NOTE_TEXTS, CHARACTER_PAGES, PARAGRAPH_PAGES, FONTS, PIECES, ANCHORS, END_TEXTS, BOX_TEXTS, LISTS, LIST_USES = 1, 3, 12, 13, 15, 33, 40, 47, 56, 73, 74
"""Numbers of the tables that matter here, in the order the header lists them."""


class Damaged(Exception):
    """The file contradicts itself; the message is for the log of a developer, not for the user."""


class OldFormat(Exception):
    """Word 6 or Word 95."""


class TooLarge(Exception):
    """More paragraphs than any report has."""


class Encrypted(Exception):
    """The text is encrypted."""


class Header(msgspec.Struct):
    """The file's header: lengths of its stories in characters, and the table stream."""

    main: bytes
    table: bytes
    lengths: dict[str, int]
    places: list[tuple[int, int]]
    complex: bool

    def part(self, number: int) -> bytes:
        """One table of the table stream; empty where the file has none."""
        if number >= len(self.places):
            return b""
        at, size = self.places[number]
        if size <= 0 or at < 0 or at + size > len(self.table):
            return b""
        return self.table[at : at + size]

    def part_and_more(self, number: int) -> bytes:
        """One table with all that follows it: the levels of lists stand behind the end of theirs."""
        return self.table[self.places[number][0] :] if self.part(number) else b""


def wants_table_1(main: bytes) -> bool:
    """Which of the two table streams the header names. Raises Damaged, OldFormat, Encrypted."""
    if len(main) < 0x60:
        raise Damaged("header")
    ident, version = struct.unpack_from("<HH", main, 0)
    if ident not in (0xA5EC, 0xA5DC, 0xA5DB):
        raise Damaged("ident")
    flags = struct.unpack_from("<H", main, 10)[0]
    if flags & 0x0100:
        raise Encrypted
    if version < _OLDEST or ident != 0xA5EC:
        raise OldFormat
    return bool(flags & 0x0200)


def read_header(main: bytes, table: bytes) -> Header:
    """The header at the beginning of the main stream. Raises Damaged."""
    try:
        words = struct.unpack_from("<H", main, 32)[0]
        at = 34 + 2 * words
        longs = struct.unpack_from("<H", main, at)[0]
        at += 2
        counts = struct.unpack_from("<8i", main, at + 12)
        at += 4 * longs
        pairs = min(struct.unpack_from("<H", main, at)[0], 200)
        at += 2
        flat = struct.unpack_from(f"<{2 * pairs}i", main, at)
    except struct.error:
        raise Damaged("header") from None
    names = ("main", "notes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")
    lengths = dict(zip(names, counts, strict=True))
    if any(count < 0 for count in counts) or sum(counts) > _MAX_CHARACTERS:
        raise Damaged("lengths")
    return Header(main, table, lengths, list(zip(flat[::2], flat[1::2], strict=True)), bool(main[10] & 4))


# ------------------------------------------------------------------ text


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text. start, end: character positions. place: byte offset in the main stream.
    size: bytes a character. change: sprms that hold for all of it."""

    start: int
    end: int
    place: int
    size: int
    change: bytes


class Text(msgspec.Struct):
    """The whole text, one item a UTF-16 code unit, and the pieces it came in, in order."""

    units: str
    pieces: list[Piece]
    starts: list[int]

    def piece_at(self, position: int) -> Piece:
        """The piece that holds a character position."""
        return self.pieces[max(0, bisect_right(self.starts, position) - 1)]


def read_text(header: Header) -> Text:
    """The text of all stories. Raises Damaged where the piece table is not to be trusted."""
    pieces = _pieces(header.part(PIECES))
    found: list[str] = []
    total = 0
    for piece in pieces:
        count = piece.end - piece.start
        total += count
        data = header.main[piece.place : piece.place + count * piece.size]
        if total > _MAX_CHARACTERS or len(data) < count * piece.size:
            raise Damaged("piece")
        found.append(data.decode("cp1252", "replace") if piece.size == 1 else _units(data, count))
    return Text("".join(found), pieces, [piece.start for piece in pieces])


def _units(data: bytes, count: int) -> str:
    text = data.decode("utf-16-le", "surrogatepass")
    return text if len(text) == count else "".join(map(chr, struct.unpack(f"<{count}H", data)))


def _pieces(clx: bytes) -> list[Piece]:
    at, changes = 0, []
    while at + 3 <= len(clx) and clx[at] == 1:
        size = struct.unpack_from("<H", clx, at + 1)[0]
        changes.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    if at + 5 > len(clx) or clx[at] != 2:
        raise Damaged("pieces")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    count = (size - 4) // 12
    at += 5
    if not 0 < count <= _MAX_PIECES or at + count * 12 + 4 > len(clx):
        raise Damaged("pieces")
    positions = struct.unpack_from(f"<{count + 1}i", clx, at)
    at += 4 * (count + 1)
    found = []
    if positions[0] != 0:
        raise Damaged("pieces")
    for index, (start, end) in enumerate(pairwise(positions)):
        _, place, change = struct.unpack_from("<HIH", clx, at + 8 * index)
        if end < start:
            raise Damaged("pieces")
        compressed = bool(place & 0x40000000)
        place &= 0x3FFFFFFF
        found.append(Piece(start, end, place // 2 if compressed else place, 1 if compressed else 2, _change(change, changes)))
    return [piece for piece in found if piece.end > piece.start]


def _change(prm: int, changes: list[bytes]) -> bytes:
    if prm & 1:
        index = prm >> 1
        return changes[index] if index < len(changes) else b""
    sprm = SHORT_FORMS.get(prm >> 1 & 0x7F)
    return struct.pack("<HB", sprm, prm >> 8) if sprm is not None and prm else b""


# ------------------------------------------------------------------ formatting


class Runs(msgspec.Struct):
    """Formatting by byte offset in the main stream: run i is from starts[i] to ends[i]."""

    starts: list[int]
    ends: list[int]
    data: list[bytes]

    def at(self, place: int) -> bytes:
        """The sprms of what stands at a byte offset."""
        index = bisect_right(self.starts, place) - 1
        return self.data[index] if index >= 0 and place < self.ends[index] else b""


def read_runs(header: Header, number: int) -> Runs:
    """The runs of characters (CHARACTER_PAGES) or paragraphs (PARAGRAPH_PAGES) of the file.

    Paragraph data begins with two bytes, the number of its style.
    """
    index = header.part(number)
    count = max(0, (len(index) - 4) // 8)
    pages = struct.unpack_from(f"<{count}I", index, 4 * (count + 1)) if count else ()
    found: list[tuple[int, int, bytes]] = []
    page_runs = _paragraph_page if number == PARAGRAPH_PAGES else _character_page
    for page in dict.fromkeys(pages):
        at = (page & 0x3FFFFF) * _PAGE
        data = header.main[at : at + _PAGE]
        if len(data) == _PAGE:
            found += page_runs(data)
        if len(found) > _MOST_RUNS:
            raise TooLarge
    found.sort(key=lambda run: run[0])
    return Runs([run[0] for run in found], [run[1] for run in found], [run[2] for run in found])


def _character_page(page: bytes) -> list[tuple[int, int, bytes]]:
    count = min(page[511], (_PAGE - 5) // 5)
    places = struct.unpack_from(f"<{count + 1}I", page, 0)
    offsets = page[4 * (count + 1) : 4 * (count + 1) + count]
    return [
        (places[i], places[i + 1], page[2 * offset + 1 : 2 * offset + 1 + page[2 * offset]] if offset and 2 * offset < 511 else b"")
        for i, offset in enumerate(offsets)
    ]


def _paragraph_page(page: bytes) -> list[tuple[int, int, bytes]]:
    count = min(page[511], (_PAGE - 5) // 17)
    places = struct.unpack_from(f"<{count + 1}I", page, 0)
    found = []
    for i in range(count):
        at = 2 * page[4 * (count + 1) + 13 * i]
        data = b""
        if 0 < at < 510:
            size = 2 * page[at] - 1
            at += 1
            if size < 0:
                size = 2 * page[at]
                at += 1
            data = page[at : at + size]
        found.append((places[i], places[i + 1], data))
    return found

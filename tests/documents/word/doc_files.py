"""Small Word 97-2003 files made in the test, byte by byte: an OLE container, a header, text, formatting."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
TEXT_AT = 1024


def make_ole(streams: dict[str, bytes]) -> bytes:
    """An OLE container; streams are filled up to 4096 bytes, so that none is a small one."""
    bodies = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = []
    chain: list[int] = []
    starts: dict[str, int] = {}

    def add(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // SECTOR)
        for index in range(count):
            sectors.append(data[index * SECTOR : (index + 1) * SECTOR].ljust(SECTOR, b"\0"))
            chain.append(first + index + 1 if index + 1 < count else END)
        return first

    for name, data in bodies.items():
        starts[name] = add(data)
    names = sorted(bodies, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, END, 0, child=1 if names else FREE)]
    for index, name in enumerate(names, 1):
        entries.append(_entry(name, 2, starts[name], len(bodies[name]), right=index + 1 if index < len(names) else FREE))
    directory = add(b"".join(entries))
    fat_count = -(-(len(sectors) + 8) // 128)
    fat_at = len(sectors)
    chain += [FAT] * fat_count
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_count * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fat_count, directory, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *[fat_at + i if i < fat_count else FREE for i in range(109)])
    return header + b"".join(sectors) + table


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1) + struct.pack("<III", FREE, right, child) + bytes(36)
        + struct.pack("<IIi", start, size, 0)
    )  # fmt: skip


@dataclass
class P:
    """A paragraph: its text with the mark at its end, its sprms, and the sprms of stretches of its text."""

    text: str
    sprms: bytes = b""
    runs: list[tuple[str, bytes]] = field(default_factory=list)
    style: int = 0


def sprm(code: int, operand: int | bytes, size: int = 1) -> bytes:
    """One sprm."""
    return struct.pack("<H", code) + (operand if isinstance(operand, bytes) else operand.to_bytes(size, "little"))


IN_TABLE = sprm(0x2416, 1)
ROW_END = IN_TABLE + sprm(0x2417, 1)


def depth(level: int) -> bytes:
    """In that many tables."""
    return IN_TABLE + sprm(0x6649, level, 4)


def define(edges: Sequence[int], flags: Sequence[int] = ()) -> bytes:
    """sprmTDefTable: edges of the cells, flags of each (1 first of a sideways merge, 2 merged, 0x20, 0x60 downwards)."""
    count = len(edges) - 1
    body = struct.pack(f"<B{count + 1}h", count, *edges)
    body += b"".join(struct.pack("<H18x", flags[i] if i < len(flags) else 0) for i in range(count))
    return struct.pack("<HH", 0xD608, len(body) + 1) + body


def table_row(cells: Sequence[str], edges: Sequence[int], flags: Sequence[int] = ()) -> list[P]:
    """The paragraphs of one row of an ordinary table."""
    return [*[P(text + "\x07", IN_TABLE) for text in cells], P("\x07", ROW_END + define(edges, flags))]


def make_doc(
    paragraphs: Sequence[P], notes: Sequence[P] = (), *, boxes: Sequence[P] = (), narrow: bool = False, pieces: Sequence[tuple[int, bytes]] = (),
    flags: int = 0x0200, version: int = 0xC1, tables: dict[int, bytes] | None = None, extra: bytes = b"", name: str = "1Table",
) -> bytes:  # fmt: skip
    """A .doc file. notes, boxes: paragraphs of footnotes and text boxes. narrow: one byte a character. pieces: (length,
    sprms) of pieces of text kept apart and in reverse order. tables: further tables of the table stream by number."""
    every = [*paragraphs, *notes, *boxes]
    units = "".join(p.text for p in every).encode("utf-16-le")
    size = 1 if narrow else 2
    length = len(units) // 2
    cuts = [*pieces, (length - sum(count for count, _ in pieces), b"")]
    encoded = units if not narrow else "".join(p.text for p in every).encode("cp1252")
    stored, places, at = b"", [], 0
    for count, _ in reversed(cuts):
        places.insert(0, TEXT_AT + len(stored))
        start = length * size - at - count * size
        stored += encoded[start : start + count * size]
        at += count * size
    positions = [sum(count for count, _ in cuts[:i]) for i in range(len(cuts) + 1)]

    def place(position: int) -> int:
        index = max(i for i in range(len(cuts)) if positions[i] <= position)
        return places[index] + (position - positions[index]) * size

    main = bytearray(bytes(TEXT_AT) + stored)
    main += bytes(-len(main) % SECTOR)
    para_runs, char_runs, position = [], [], 0
    for p in every:
        count = len(p.text.encode("utf-16-le")) // 2
        last = place(position + count - 1)
        para_runs.append((last if pieces else place(position), last + size, struct.pack("<H", p.style) + p.sprms))
        for part, sprms in p.runs:
            begin = position + len(p.text[: p.text.index(part)].encode("utf-16-le")) // 2
            char_runs.append((place(begin), place(begin) + len(part.encode("utf-16-le")) // 2 * size, sprms))
        position += count
    para_pages = [_page(main, sorted(para_runs)[i : i + 3], paragraph=True) for i in range(0, len(para_runs), 3)]
    char_runs.sort()
    char_runs += [(a[1], b[0], b"") for a, b in itertools.pairwise(char_runs) if a[1] < b[0]]
    char_pages = [_page(main, sorted(char_runs)[i : i + 5], paragraph=False) for i in range(0, len(char_runs), 5)]
    changes = [change for _, change in cuts if change]
    clx = b"".join(b"\x01" + struct.pack("<H", len(change)) + change for change in changes)
    plc = struct.pack(f"<{len(positions)}i", *positions)
    for index, (_, change) in enumerate(cuts):
        where = places[index] * 2 | 0x40000000 if narrow else places[index]
        plc += struct.pack("<HIH", 0, where, changes.index(change) << 1 | 1 if change else 0)
    clx += b"\x02" + struct.pack("<I", len(plc)) + plc
    parts = {12: _index(char_pages), 13: _index(para_pages), 33: clx, **(tables or {})}
    table = b"\0" * 16
    fields = [(0, 0)] * 93
    for number, data in sorted(parts.items(), key=lambda item: item[0] == 73):  # lists last: levels follow them
        fields[number] = (len(table), len(data) if number != 73 else 2 + 28 * struct.unpack_from("<H", data)[0])
        table += data
    lengths = [sum(len(p.text.encode("utf-16-le")) // 2 for p in story) for story in (paragraphs, notes)]
    box_length = sum(len(p.text.encode("utf-16-le")) // 2 for p in boxes)
    header = struct.pack("<HHHHHH", 0xA5EC, version, 0, 0, 0, flags).ljust(32, b"\0") + struct.pack("<H", 14).ljust(30, b"\0")
    header += struct.pack("<H3i8i", 22, 0, 0, 0, lengths[0], lengths[1], 0, 0, 0, 0, box_length, 0).ljust(90, b"\0")
    header += struct.pack("<H", 93) + b"".join(struct.pack("<ii", *pair) for pair in fields)
    main[: len(header)] = header
    streams = {"WordDocument": bytes(main), name: table}
    return make_ole({**streams, "Data": extra} if extra else streams)


def _index(pages: list[tuple[int, int, int]]) -> bytes:
    if not pages:
        return b""
    places = [start for start, _, _ in pages] + [pages[-1][1]]
    return struct.pack(f"<{len(places)}I", *places) + struct.pack(f"<{len(pages)}I", *[number for _, _, number in pages])


def _page(main: bytearray, runs: list[tuple[int, int, bytes]], paragraph: bool) -> tuple[int, int, int]:
    page = bytearray(SECTOR)
    page[511] = len(runs)
    places = [start for start, _, _ in runs] + [runs[-1][1]]
    struct.pack_into(f"<{len(places)}I", page, 0, *places)
    end = 510
    for index, (_, _, data) in enumerate(runs):
        if not data:
            continue  # nothing said of these characters
        if paragraph:
            data += b"\0" * (len(data) % 2)
            block = bytes((0, len(data) // 2)) + data
        else:
            block = bytes((len(data),)) + data
        end = (end - len(block)) & ~1
        page[end : end + len(block)] = block
        page[4 * len(places) + index * (13 if paragraph else 1)] = end // 2
    main += page
    return runs[0][0], runs[-1][1], len(main) // SECTOR - 1

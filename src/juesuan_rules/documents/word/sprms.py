"""Property modifiers (sprms) of the binary Word format: cutting a list of them, and what the few that matter say."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from juesuan_rules.documents.word.stacking import Row

_SIZES = (1, 1, 2, 4, 2, 2, -1, 3)
"""Bytes of the operand by the top three bits of a sprm; -1: its first byte tells."""

IN_TABLE, ROW_END, DEPTH, DEPTH_MORE, INNER_CELL, INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x664A, 0x244B, 0x244C
LEVEL, LIST = 0x260A, 0x460B
HUGE, HUGE_OLD = 0x6646, 0x6645
DEFINE_TABLE, MERGE, SPLIT, MERGE_DOWN, INSERT, DELETE, COLUMN_WIDTH, LEFT = 0xD608, 0x5624, 0x5625, 0xD62B, 0x7621, 0x5622, 0x7623, 0x9601
DELETED, HIDDEN, SYMBOL, PICTURE = 0x0800, 0x083C, 0x6A09, 0x6A03
CHANGE_TABS = 0xC615

SHORT_FORMS = {0x18: IN_TABLE, 0x19: ROW_END, 0x41: DELETED, 0x5C: HIDDEN}
"""Sprms that a piece of text can carry by number alone (those that matter here)."""

_MAX_COLUMNS = 64
_TC = 20


def sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(sprm, operand) one after the other; a list that is cut short ends early."""
    at, end = 0, len(data)
    while at + 2 < end:
        sprm = data[at] | data[at + 1] << 8
        at += 2
        size = _SIZES[sprm >> 13]
        if size < 0:
            if sprm == DEFINE_TABLE:
                if at + 2 > end:
                    return
                size = (data[at] | data[at + 1] << 8) + 1
            elif sprm == CHANGE_TABS and data[at] == 255:
                size = _tabs_size(data, at)
            else:
                size = data[at] + 1
        if size <= 0 or at + size > end:
            return
        yield sprm, data[at : at + size]
        at += size


def _tabs_size(data: bytes, at: int) -> int:
    """The size of a list of tab stops too long to be told in its first byte; 0 where it is cut short."""
    if at + 1 >= len(data):
        return 0
    size = 2 + 4 * data[at + 1]
    return size + 1 + 3 * data[at + size] if at + size < len(data) else 0


class Paragraph(msgspec.Struct):
    """What matters of a paragraph. depth: of tables around it. list_id, level: of its automatic number."""

    depth: int = 0
    row_end: bool = False
    inner_cell: bool = False
    list_id: int | None = None
    level: int | None = None
    row: Row | None = None


class Characters(msgspec.Struct):
    """What matters of a run. symbol: (font number, character). picture: offset in the data stream."""

    deleted: bool = False
    hidden: bool = False
    symbol: tuple[int, int] | None = None
    picture: int | None = None


def read_paragraph(data: bytes, extra: bytes = b"") -> Paragraph:
    """The sprms of a paragraph. extra: the data stream, for the lists that are too long for a page."""
    found = Paragraph()
    _apply_paragraph(found, data, extra, nested=False)
    return found


def _apply_paragraph(found: Paragraph, data: bytes, extra: bytes, nested: bool) -> None:
    depth: int | None = None
    for sprm, operand in sprms(data):
        if sprm == IN_TABLE:
            found.depth = max(found.depth, 1) if operand[0] else 0
        elif sprm in (ROW_END, INNER_ROW_END):
            found.row_end = bool(operand[0])
        elif sprm == INNER_CELL:
            found.inner_cell = bool(operand[0])
        elif sprm == DEPTH:
            depth = struct.unpack("<i", operand)[0]
        elif sprm == DEPTH_MORE:
            depth = (depth or 0) + struct.unpack("<i", operand)[0]
        elif sprm == LEVEL:
            found.level = operand[0]
        elif sprm == LIST:
            found.list_id = operand[0] | operand[1] << 8
        elif sprm in (HUGE, HUGE_OLD) and not nested:
            at = struct.unpack("<I", operand)[0]
            if at + 2 <= len(extra):
                size = extra[at] | extra[at + 1] << 8
                _apply_paragraph(found, extra[at + 2 : at + 2 + size], b"", nested=True)
        elif sprm == DEFINE_TABLE:
            found.row = _define(operand) or found.row
        elif found.row is not None:
            _change_row(found.row, sprm, operand)
    if depth is not None and 0 <= depth <= _MAX_COLUMNS and (found.depth or depth):
        found.depth = max(depth, 1 if found.depth else 0)


def _define(operand: bytes) -> Row | None:
    count = operand[2] if len(operand) > 2 else 0
    if not 0 < count <= _MAX_COLUMNS or len(operand) < 3 + 2 * (count + 1):
        return None
    edges = list(struct.unpack_from(f"<{count + 1}h", operand, 3))
    flags = []
    for index in range(count):
        at = 5 + 2 * count + index * _TC
        flags.append(operand[at] | operand[at + 1] << 8 if at + 2 <= len(operand) else 0)
    merge = [0 if not flag & 0x20 else 1 if flag & 0x40 else 2 for flag in flags]
    return Row(edges, [bool(flag & 2) for flag in flags], merge)


def _change_row(row: Row, sprm: int, operand: bytes) -> None:
    """Later changes of a row's layout, as fast-saved files carry them."""
    count = len(row.merge)
    if sprm == MERGE_DOWN and len(operand) >= 3 and operand[1] < count:
        row.merge[operand[1]] = {0: 0, 1: 2, 3: 1}.get(operand[2] & 3, 0)
    elif sprm in (MERGE, SPLIT):
        for cell in range(operand[0] + (sprm == MERGE), min(operand[1], count)):
            row.joined[cell] = sprm == MERGE
    elif sprm == COLUMN_WIDTH:
        first, last, width = operand[0], min(operand[1], count), struct.unpack_from("<h", operand, 2)[0]
        for cell in range(first, last):
            shift = row.edges[cell] + width - row.edges[cell + 1]
            row.edges[cell + 1 :] = [edge + shift for edge in row.edges[cell + 1 :]]
    elif sprm == DELETE:
        first, last = operand[0], min(operand[1], count)
        if first < last < count or 0 < first < last:
            shift = row.edges[last] - row.edges[first]
            row.edges[first:] = [edge - shift for edge in row.edges[last:]]
            del row.merge[first:last], row.joined[first:last]
    elif sprm == INSERT:
        first, more, width = min(operand[0], count), operand[1], struct.unpack_from("<h", operand, 2)[0]
        if count + more <= _MAX_COLUMNS:
            at = row.edges[first]
            row.edges[first:] = [at + i * width for i in range(more)] + [edge + more * width for edge in row.edges[first:]]
            row.merge[first:first] = [0] * more
            row.joined[first:first] = [False] * more
    elif sprm == LEFT:
        shift = struct.unpack("<h", operand)[0] - row.edges[0]
        row.edges[:] = [edge + shift for edge in row.edges]


def read_characters(data: bytes) -> Characters | None:
    """The sprms of a run; None where none of them matters."""
    found = Characters()
    matters = False
    for sprm, operand in sprms(data):
        if sprm == DELETED:
            found.deleted, matters = operand[0] == 1, True
        elif sprm == HIDDEN:
            found.hidden, matters = operand[0] in (1, 0x81), True
        elif sprm == SYMBOL:
            found.symbol, matters = struct.unpack("<HH", operand), True
        elif sprm == PICTURE:
            found.picture, matters = struct.unpack("<I", operand)[0], True
    return found if matters else None

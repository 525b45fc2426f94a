"""Names wrapped over several lines: which lines are one name, and which row it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from juesuan_rules.documents.pdf.unruled_cells import Row, holds_name, put
from juesuan_rules.documents.pdf.unruled_items import Piece

WRAP = 1.9
"""Lines of one cell follow each other within so many heights of their characters."""
_WIDE = 2.6
"""The same, where the figures of the row stand right between the two lines."""
_TIGHT = 1.35
"""Below this step two lines of names may be one cell, however close the rows of the table stand."""
TORN = 0.75
"""Lines nearer than this are one row whose cells are set at different heights."""
STARTS = re.compile(r"(?:其中[:：]?|[（(]?[一二三四五六七八九十百\d]{1,3}(?:[、.．]|[)）]))")
"""What begins a name and never a further line of one."""
_OPENING, _CLOSING = "（(《“〔", "）)》”〕，、。；："
"""Marks that never end a line, and marks that never begin one."""


class Name(msgspec.Struct):
    """A name in a column, and its row where it stands on a line that makes one."""

    piece: Piece
    span: int
    band: int
    row: Row | None


def settle(column: int, nodes: list[Name], rows: list[Row], pitch: float) -> None:
    """Give the names of one column that stand on no row of their own to a row, or make them one.

    pitch: how far single rows lie apart, 0 where every name belongs to a row with figures.
    """
    if all(node.row is not None for node in nodes):
        return
    reach = max(node.piece.x1 for node in nodes)
    empty = [row for row in rows if not holds_name(row, column)]
    lead = _leading(nodes)
    _pair_up(column, nodes, rows, empty, lead)
    chains: list[list[Name]] = []
    for node in nodes:
        if chains and _linked(chains[-1][-1], node, reach, lead, pitch, empty):
            chains[-1].append(node)
        else:
            chains.append([node])
    side = _side(chains)
    for chain in chains:
        _settle_chain(column, chain, rows, empty, not pitch, side)


def _pair_up(column: int, nodes: Sequence[Name], rows: Sequence[Row], empty: Sequence[Row], lead: float) -> None:
    """Give each row the names that stand in pairs at the same distance above and below it.

    That is how wrapped names lie where cells are centred upright, however close the rows stand.
    """
    loose = [node for node in nodes if node.row is None]
    bare = {id(row) for row in empty}
    found = _pairs(column, loose, empty, 0.0, 0.8 * lead)
    if not found:
        return
    for times in (1.0, 1.5, 2.0):
        some = [row for row in rows if (id(row) in bare) == (times == 1.5)]
        _pairs(column, loose, some, (times - 0.25) * lead, (times + 0.25) * lead)
    for row in rows:
        if column in row.cells:
            row.cells[column].pieces.sort(key=lambda piece: (piece.line, piece.x0))


def _pairs(column: int, loose: Sequence[Name], rows: Sequence[Row], least: float, most: float) -> int:
    """Give rows the pairs of loose names that lie `least` to `most` above and below them; how many there were."""
    count = 0
    free = [node for node in loose if node.row is None]
    for row in rows:
        above = [node for node in free if node.row is None and least < row.y - node.piece.height <= most]
        below = [node for node in free if node.row is None and least < node.piece.height - row.y <= most]
        if len(above) == len(below) == 1:
            upper, lower = above[0].piece, below[0].piece
            inner = row.cells[column].pieces if column in row.cells else []
            if abs(row.y - (upper.height + lower.height) / 2) < 0.2 * upper.size and (least == 0.0 or inner) and not STARTS.match(lower.text):
                above[0].row = below[0].row = row
                put(row, column, above[0].span, upper)
                put(row, column, below[0].span, lower)
                count += 1
    return count


def _leading(nodes: Sequence[Name]) -> float:
    """The distance of the lines inside a cell: the least between names of which one stands on no row."""
    steps = [lower.piece.y1 - upper.piece.y1 for upper, lower in pairwise(nodes) if upper.row is None or lower.row is None]
    return min((step for step in steps if step > 0.9 * nodes[0].piece.size), default=0.0)


def _side(chains: Sequence[Sequence[Name]]) -> int:
    """Where a wrapped cell has its row: at its first line (-1), its last (1), in the middle (0)."""
    first = sum(chain[0].row is not None for chain in chains if len(chain) > 1)
    last = sum(chain[-1].row is not None for chain in chains if len(chain) > 1)
    many = sum(len(chain) > 1 for chain in chains)
    return -1 if first > 0.6 * many else 1 if last > 0.6 * many else 0


def _linked(upper: Name, lower: Name, reach: float, lead: float, pitch: float, empty: Sequence[Row]) -> bool:
    """Whether two names, one right above the other, are lines of one cell. empty: rows without a name in this column."""
    size = max(upper.piece.size, lower.piece.size)
    step = lower.piece.y1 - upper.piece.y1
    if upper.band != lower.band or (upper.row is not None and lower.row is not None):
        return False
    middle = (upper.piece.height + lower.piece.height) / 2
    if upper.row is None and lower.row is None and step < _WIDE * size and any(abs(row.y - middle) < 0.25 * size for row in empty):
        return True
    if step > min(WRAP * size, 1.1 * lead):
        return False
    if STARTS.match(lower.piece.text) or not fills(upper.piece, lower.piece.text, reach):
        return False
    return not pitch or step <= _TIGHT * size or step < 0.85 * pitch


def fills(piece: Piece, following: str, reach: float) -> bool:
    """Whether a line of a name was broken for want of room, `following` being next: its first character had none."""
    need = 2 if following[0] in _OPENING or (following[1:2] and following[1] in _CLOSING) else 1
    return reach - piece.x1 < (need - 0.05) * piece.size


def _settle_chain(column: int, chain: Sequence[Name], rows: list[Row], empty: Sequence[Row], keyed: bool, side: int) -> None:
    loose = [node for node in chain if node.row is None]
    if not loose:
        return
    top, bottom, size = chain[0].piece.height, chain[-1].piece.height, chain[0].piece.size
    anchors = [node.row for node in chain if node.row is not None]
    anchors += [row for row in empty if top - 0.3 * size <= row.y <= bottom + 0.3 * size]
    if not anchors:
        anchors = [row for row in empty if abs(row.y - (top + bottom) / 2) < TORN * size][:1]
    if not anchors and keyed:
        nearest = min(rows, key=lambda row: abs(row.y - (top + bottom) / 2))
        anchors = [nearest] if min(abs(nearest.y - top), abs(nearest.y - bottom)) < WRAP * size else []
    if not anchors:
        anchors = [row for row in rows if not row.anchored and abs(row.y - (top + bottom) / 2) < 0.5 * size]
    if not anchors:
        anchors = [Row((top + bottom) / 2, {}, chain[0].band, False)]
        rows.extend(anchors)
    for node in loose:
        y = node.piece.height
        right_side = [row for row in anchors if (row.y - y) * side > -0.3 * size] or anchors
        row = min(right_side, key=lambda one: abs(one.y - y))
        put(row, column, node.span, node.piece)
    for row in anchors:
        if column in row.cells:
            row.cells[column].pieces.sort(key=lambda piece: (piece.line, piece.x0))

"""How a WordprocessingML table says where its cells stand: grid columns, spans, widths, merges."""

from __future__ import annotations

from itertools import accumulate

import msgspec

from juesuan_rules.documents.word.items import RawCell
from juesuan_rules.documents.word.markup import Element, W, is_on, number

_TRPR, _TCPR = W + "trPr", W + "tcPr"
_COLUMN = 2000
"""A column of unknown width, in twentieths of a point."""
_AGREE = 200
"""Rows whose total widths differ by less are equally wide."""
_WIDEST = 16_384
"""More columns than any table has; larger spans are damage."""


class Shape(msgspec.Struct):
    """What a row or cell says of itself. span: grid columns. before: grid columns left out before a
    row. width, before_width: in twentieths of a point, 0 unknown. dropped: why it is not printed."""

    span: int = 1
    width: int = 0
    merge: int = 0
    joined: bool = False
    before: int = 0
    before_width: int = 0
    dropped: str = ""


_PLAIN = Shape()


def row_shape(row: Element) -> Shape:
    """What a w:tr says: columns skipped at its beginning, deleted or hidden."""
    properties = row.find(_TRPR)
    if properties is None or not len(properties):
        return _PLAIN
    shape = Shape()
    for item in properties:
        tag = item.tag
        if tag == W + "gridBefore":
            shape.before = _bounded(number(item))
        elif tag == W + "wBefore" and item.get(W + "type") == "dxa":
            shape.before_width = number(item, W + "w") or 0
        elif tag == W + "del":
            shape.dropped = "修订"
        elif tag == W + "hidden" and is_on(item):
            shape.dropped = "隐藏"
    return shape


def cell_shape(cell: Element) -> Shape:
    """What a w:tc says: its span, width and merges."""
    properties = cell.find(_TCPR)
    if properties is None:
        return _PLAIN
    shape = Shape()
    for item in properties:
        tag = item.tag
        if tag == W + "tcW":
            if item.get(W + "type", "dxa") == "dxa":
                shape.width = number(item, W + "w") or 0
        elif tag == W + "gridSpan":
            shape.span = max(1, _bounded(number(item)))
        elif tag == W + "vMerge":
            shape.merge = 1 if item.get(W + "val") == "restart" else 2
        elif tag == W + "hMerge":
            shape.joined = item.get(W + "val") != "restart"
        elif tag == W + "cellDel":
            shape.dropped = "修订"
    return shape


def _bounded(value: int | None) -> int:
    return min(max(value or 0, 0), _WIDEST)


def table_edges(grid: Element | None, rows: list[tuple[list[RawCell], list[Shape]]]) -> list[int]:
    """Sets start and end of every cell and returns where each edge lies.

    Spans over the grid columns say it; only where they leave rows of unequal length and the printed
    widths do not, the widths do. shapes[0] of a row is that of the row itself.
    """
    totals = {shapes[0].before + sum(shape.span for shape in shapes[1:]) for cells, shapes in rows if cells}
    if len(totals) > 1 and _widths_agree(rows):
        return _by_widths(rows)
    for cells, shapes in rows:
        at = shapes[0].before
        for cell, shape in zip(cells, shapes[1:], strict=True):
            cell.start = at
            at = cell.end = at + shape.span
    widths = [number(column, W + "w") or 0 for column in grid] if grid is not None else []
    count = max(totals, default=0)
    if not any(widths) or len(widths) < count:
        return [index * _COLUMN for index in range(count + 1)]
    return list(accumulate(widths, initial=0))


def _widths_agree(rows: list[tuple[list[RawCell], list[Shape]]]) -> bool:
    totals = [shapes[0].before_width + sum(shape.width for shape in shapes[1:]) for cells, shapes in rows if cells]
    known = all(shape.width > 0 for _, shapes in rows for shape in shapes[1:])
    return known and max(totals) - min(totals) < _AGREE


def _by_widths(rows: list[tuple[list[RawCell], list[Shape]]]) -> list[int]:
    placed = [(cells, list(accumulate((shape.width for shape in shapes[1:]), initial=shapes[0].before_width))) for cells, shapes in rows]
    return place_cells(placed)


def place_cells(rows: list[tuple[list[RawCell], list[int]]]) -> list[int]:
    """Sets start and end of the cells of every row, given with its edges (twentieths of a point).

    Returns where each edge lies. Cells that would have no width get none of their neighbours' either.
    """
    edges = sorted({edge for cells, places in rows for edge in places[: len(cells) + 1]})
    index = {edge: number for number, edge in enumerate(edges)}
    for cells, places in rows:
        for cell, start, end in zip(cells, places, places[1:], strict=False):
            cell.start, cell.end = index[start], index[end]
    return edges

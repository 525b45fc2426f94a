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


class Shape(msgspec.Struct, frozen=True):
    """What a row or cell says of itself. span: grid columns. before: grid columns left out before a
    row, before_width: how wide they are. dropped: why it is not printed."""

    span: int = 1
    merge: int = 0
    joined: bool = False
    before: int = 0
    before_width: int = 0
    dropped: str = ""


PLAIN = Shape()
"""A row without gaps, a cell that is not merged."""


class RawRow(msgspec.Struct):
    """The cells of a row with what each says of itself and its element; what the row says."""

    cells: list[RawCell]
    shapes: list[tuple[Shape, Element]]
    shape: Shape


def row_shape(row: Element) -> Shape:
    """What a w:tr says: columns skipped at its beginning, deleted or hidden."""
    properties = row.find(_TRPR)
    if properties is None:
        return PLAIN
    before = width = 0
    dropped = ""
    for item in properties:
        tag = item.tag
        if tag == W + "gridBefore":
            before = _bounded(number(item))
        elif tag == W + "wBefore":
            width = _twips(item)
        elif tag == W + "del":
            dropped = "修订"
        elif tag == W + "hidden" and is_on(item):
            dropped = "隐藏"
    return Shape(before=before, before_width=width, dropped=dropped)


def cell_shape(cell: Element) -> Shape:
    """What a w:tc says: its span and merges."""
    properties = cell.find(_TCPR)
    if properties is None:
        return PLAIN
    span, merge, joined, dropped = 1, 0, False, ""
    for item in properties:
        tag = item.tag
        if tag == W + "gridSpan":
            span = max(1, _bounded(number(item)))
        elif tag == W + "vMerge":
            merge = 1 if item.get(W + "val") == "restart" else 2
        elif tag == W + "hMerge":
            joined = item.get(W + "val") != "restart"
        elif tag == W + "cellDel":
            dropped = "修订"
    return Shape(span, merge, joined, dropped=dropped)


def _bounded(value: int | None) -> int:
    return min(max(value or 0, 0), _WIDEST)


def _twips(width: Element | None) -> int:
    """A width in twentieths of a point; 0 where it is not told or told in percent."""
    if width is None or width.get(W + "type", "dxa") != "dxa":
        return 0
    return min(max(number(width, W + "w") or 0, 0), 1_000_000)


def table_edges(grid: Element | None, rows: list[RawRow]) -> list[int]:
    """Sets start and end of every cell and returns where each edge lies.

    Spans over the grid columns say it; only where they leave rows of unequal length and the printed
    widths do not, the widths do.
    """
    totals = {row.shape.before + sum([shape.span for shape, _ in row.shapes]) for row in rows}
    if len(totals) > 1 and (placed := _by_widths(rows)):
        return place_cells(placed)
    for row in rows:
        at = row.shape.before
        for cell, (shape, _) in zip(row.cells, row.shapes, strict=True):
            cell.start = at
            at = cell.end = at + shape.span
    widths = [number(column, W + "w") or 0 for column in grid] if grid is not None else []
    count = max(totals, default=0)
    if not any(widths) or len(widths) < count:
        return [index * _COLUMN for index in range(count + 1)]
    return list(accumulate(widths, initial=0))


def _by_widths(rows: list[RawRow]) -> list[tuple[list[RawCell], list[int]]]:
    """Every row with its edges by the widths of its cells; [] where these do not agree."""
    placed: list[tuple[list[RawCell], list[int]]] = []
    for row in rows:
        widths = [_twips(cell.find(f"{_TCPR}/{W}tcW")) for _, cell in row.shapes]
        if not all(widths):
            return []
        placed.append((row.cells, list(accumulate(widths, initial=row.shape.before_width))))
    ends = [edges[-1] for _, edges in placed]
    return placed if max(ends) - min(ends) < _AGREE else []


def place_cells(rows: list[tuple[list[RawCell], list[int]]]) -> list[int]:
    """Sets start and end of the cells of every row, given with its edges (twentieths of a point).

    Returns where each edge lies, rising.
    """
    edges = sorted({edge for cells, places in rows for edge in places[: len(cells) + 1]})
    index = {edge: number for number, edge in enumerate(edges)}
    for cells, places in rows:
        for cell, start, end in zip(cells, places, places[1:], strict=False):
            cell.start, cell.end = index[start], index[end]
    return edges

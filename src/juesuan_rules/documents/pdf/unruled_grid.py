"""Header cells and rows of a table without rules → a rectangular grid of cells with their places."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.pdf.pages import Box, PageContent
from juesuan_rules.documents.pdf.unruled_cells import Cell, Row
from juesuan_rules.documents.pdf.unruled_columns import Columns, span_of_total
from juesuan_rules.documents.pdf.unruled_header import Block
from juesuan_rules.documents.pdf.unruled_items import Line, Piece

GridRow = tuple[GridCell, ...]

_DOUBTFUL = 0.5
"""Confidence of a cell whose figure may belong to a neighbouring column."""


def header_rows(blocks: Sequence[Block], levels: int, numbers: Line | None, columns: Columns) -> list[Row]:
    """The rows of the header: one a level, and that of the line of 栏次."""
    rows = [Row(0.0, {}) for _ in range(levels)]
    for block in blocks:
        cells = rows[block.level].cells
        if block.first in cells:
            cells[block.first].pieces.extend(block.pieces)
        else:
            deep = levels - block.level if block.leaf else 1
            cells[block.first] = Cell(list(block.pieces), block.last - block.first + 1, deep)
    if numbers is not None:
        rows.append(_number_row(numbers, columns, [block for block in blocks if block.first < block.last]))
    return rows


def _number_row(numbers: Line, columns: Columns, groups: Sequence[Block]) -> Row:
    row = Row(numbers.y, {})
    taken = []
    for piece in numbers.pieces:
        if piece.kind != "text":
            column = min(range(len(columns.heads)), key=lambda at: abs(columns.middles[at] - piece.middle))
            row.cells[column] = Cell([piece])
            taken.append(column)
    for piece in numbers.pieces:
        if piece.kind == "text":
            first, last = span_of_total(columns, piece, taken, groups)
            row.cells.setdefault(first, Cell([], last - first + 1)).pieces.append(piece)
    return row


def grid_of(rows: Sequence[Row], width: int, page: PageContent) -> tuple[GridRow, ...]:
    """The rows as cells, `width` in each, with their places on the page as displayed."""
    empty = GridCell("", Place(page=page.number))
    out = []
    for row in rows:
        line = [empty] * width
        for column, cell in row.cells.items():
            place = Place(page=page.number, box=page.frame.displayed(box_of(cell.pieces)))
            line[column] = GridCell(cell.text, place, colspan=cell.span, rowspan=cell.deep, confidence=_DOUBTFUL if cell.doubtful else 1.0)
        out.append(tuple(line))
    return tuple(out)


def box_of(pieces: Sequence[Piece]) -> Box:
    """The box around pieces."""
    return (min(p.x0 for p in pieces), min(p.y0 for p in pieces), max(p.x1 for p in pieces), max(p.y1 for p in pieces))

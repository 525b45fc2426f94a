"""Cells and rows of a table without rules, while they are put together."""

from __future__ import annotations

import msgspec

from juesuan_rules.documents.pdf.unruled_items import Piece


class Cell(msgspec.Struct):
    """The pieces of one cell, and how many columns and rows it stands over."""

    pieces: list[Piece]
    span: int = 1
    deep: int = 1
    doubtful: bool = False

    @property
    def text(self) -> str:
        """The text as printed: lines run on, white space inside a line is one blank."""
        out = ""
        last: Piece | None = None
        for piece in self.pieces:
            same = last is not None and last.line == piece.line
            out += (" " if same else "") + piece.text
            last = piece
        return out


class Row(msgspec.Struct):
    """One row: the y of its line with figures, its cells by their (first) column."""

    y: float
    cells: dict[int, Cell]
    band: int = 0
    anchored: bool = True


def put(row: Row, column: int, span: int, piece: Piece) -> None:
    """Adds a piece to the cell of a row that begins in a column."""
    cell = row.cells.get(column)
    if cell is None:
        row.cells[column] = Cell([piece], span)
    else:
        cell.pieces.append(piece)


def holds_name(row: Row, column: int) -> bool:
    """Whether a row has a cell that covers a column."""
    return any(first <= column < first + cell.span for first, cell in row.cells.items())

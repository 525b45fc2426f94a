"""A grid on the way to becoming a table: rows of cells at column positions, with folded texts.

Grids whose merged cells are simply absent (kind "cells") are spread to column positions here, so
that everything after this module may say "column 3".
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import msgspec

from juesuan_rules.documents.model import GridBlock, GridCell, Place
from juesuan_rules.names import fold, label

Words = dict[str, frozenset[str]]

EMPTY = GridCell("")
_INTEGER = re.compile(r"\d{1,3}")
_CODE = re.compile(r"\d{3,7}")
_DIGIT = re.compile("[0-9]")
_FIGURE = re.compile("[^\u4e00-\u9fff]*[0-9][^\u4e00-\u9fff]*")
_NOTE = re.compile(r"(?:备?注[:：1-9]|如?本表|说明[:：]|本套报表|其中[:：]预算数)")
_LONG_NOTE = 30
_SENTENCE = 10


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """`names.fold`, remembered: reports print the same few hundred words again and again."""
    return fold(text) if text else ""


@lru_cache(maxsize=8192)
def labelled(text: str) -> str:
    """`names.label`, remembered."""
    return label(text) if text else ""


def is_integer(text: str) -> bool:
    """Whether a folded cell is a 行次 or 栏次: one to three digits."""
    return _INTEGER.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Whether a folded cell may be a 科目 code: three to seven digits."""
    return _CODE.fullmatch(text) is not None


def has_digit(text: str) -> bool:
    """Whether a folded cell has any digit in it."""
    return _DIGIT.search(text) is not None


def is_figure(text: str) -> bool:
    """Whether a folded cell looks like an amount: digits and marks only."""
    return _FIGURE.fullmatch(text) is not None


def is_note(texts: list[str]) -> bool:
    """Whether a row of folded texts is a remark below a table rather than a row of it."""
    filled = [text for text in texts if text]
    if len(filled) == 1:
        return _NOTE.match(filled[0]) is not None or len(filled[0]) >= _LONG_NOTE
    # A remark of several lines; a row of a table has a figure, or a word shorter than a sentence.
    return bool(filled) and _NOTE.match(filled[0]) is not None and all(len(text) >= _SENTENCE and not is_figure(text) for text in filled[1:])


class Sheet(msgspec.Struct):
    """Rows of cells and their folded texts, same shape. width: columns most rows have.

    header: rows before the first data row (栏次 row included). ordinals: index of the 栏次 row, or
    -1. ragged: rows whose last empty cells were dropped by whoever wrote the file.
    """

    cells: list[list[GridCell]]
    texts: list[list[str]]
    width: int
    kind: str
    place: Place
    header: int = 0
    ordinals: int = -1
    notes: list[str] = msgspec.field(default_factory=list)
    ragged: bool = False

    def text(self, row: int, column: int) -> str:
        """The folded text there; "" beyond the end of a short row."""
        texts = self.texts[row]
        return texts[column] if 0 <= column < len(texts) else ""

    def cell(self, row: int, column: int) -> GridCell:
        """The cell there; an empty one (at the row's place) beyond the end of a short row."""
        cells = self.cells[row]
        if 0 <= column < len(cells):
            return cells[column]
        return GridCell("", cells[-1].place) if cells else EMPTY

    def confidence(self, row: int, columns: list[int]) -> float:
        """The least confidence a recogniser had in these cells of a row."""
        return min([self.cell(row, column).confidence for column in columns], default=1.0)

    def is_whole(self, row: int) -> bool:
        """Whether the row has a cell for every column, so that its positions mean something."""
        length = len(self.texts[row])
        return length == self.width or (self.ragged and length < self.width)

    def grid(self) -> GridBlock:
        """The rows as a block again, cells at their columns."""
        return GridBlock(tuple(tuple(row) for row in self.cells), self.place, "columns")


def make_sheet(rows: list[tuple[GridCell, ...]], kind: str, place: Place) -> Sheet:
    """Rows of one table, remarks taken out, with the width most of them share."""
    cells, texts, notes = [], [], []
    blank = 0
    for row in rows:
        line = [folded(cell.label) for cell in row]
        if is_note(line):
            notes.append(next(cell.text for cell in row if cell.text.strip()))
        elif kind == "columns" or any(line):
            cells.append(list(row))
            texts.append(line)
        else:
            blank = max(blank, len(line))
    width, ragged = _measure(texts, kind)
    if kind == "cells" and blank > width:  # a table without figures still has its empty rows
        width = blank
    return Sheet(cells, texts, width, kind, place, notes=notes, ragged=ragged)


def _measure(texts: list[list[str]], kind: str) -> tuple[int, bool]:
    """(columns, ragged): ragged where no row ends with an empty cell and many rows are short."""
    lengths = Counter(len(line) for line in texts if len(line) > 1)
    if not lengths:
        return 1, False
    if kind == "cells":
        coded = Counter(len(line) for line in texts if is_code(line[0]) and len(line[0]) in (3, 5, 7))
        if coded:  # its rows have every cell; header rows and totals lack those a merged cell covers
            return max(coded, key=lambda n: (coded[n], n)), False
        return max((n for n in lengths if lengths[n] * 4 >= len(texts)), default=max(lengths)), False
    width = max(lengths)
    short = sum(count for length, count in lengths.items() if length < width)
    if short * 4 >= len(texts) and not any(line and not line[-1] for line in texts):
        return width, True
    return max(lengths, key=lambda n: (lengths[n], n)), False


def insert_blanks(sheet: Sheet, row: int, column: int, count: int) -> None:
    """Puts the empty cells a merged cell covers after `column` into a row of kind "cells"."""
    cells = sheet.cells[row]
    blank = GridCell("", cells[column].place if column < len(cells) else sheet.place)
    sheet.cells[row] = [*cells[: column + 1], *([blank] * count), *cells[column + 1 :]]
    sheet.texts[row] = [*sheet.texts[row][: column + 1], *([""] * count), *sheet.texts[row][column + 1 :]]

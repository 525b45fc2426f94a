"""A worksheet as every container tells it: displayed cells by row and column, what is merged, what is hidden."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.excel.numberformat import plain, same_value, show_number, show_text, stored_number
from juesuan_rules.documents.problems import unreadable

UNCACHED = "公式未计算"
"""Shown for a formula without a stored result: no amount, and no blank either."""

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""Size of a sheet in the formats since 2007."""

MERGES = 200_000
"""Merged ranges of one workbook."""


class Shown(msgspec.Struct, frozen=True):
    """A cell as displayed, and its stored value where that says something else."""

    text: str
    stored: str = ""


class Worksheet(msgspec.Struct):
    """One sheet; rows and columns count from 0. cells: row -> column -> what is displayed (blanks left out).

    merges: (first row, first column, last row, last column). hidden_columns: (first, last) ranges.
    uncached: formulas without a result, as cell names. pictures: whether pictures stand on the sheet.
    """

    name: str
    hidden: bool = False
    cells: dict[int, dict[int, Shown]] = msgspec.field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = msgspec.field(default_factory=list)
    hidden_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = msgspec.field(default_factory=list)
    uncached: list[str] = msgspec.field(default_factory=list)
    pictures: bool = False

    def put(self, row: int, column: int, shown: Shown) -> None:
        """Takes a cell unless there is nothing to it."""
        if shown.text or shown.stored:
            self.cells.setdefault(row, {})[column] = shown


class Workbook(msgspec.Struct):
    """The sheets of a workbook in tab order, and what was left out of it, a sentence each."""

    sheets: list[Worksheet]
    notes: list[str] = msgspec.field(default_factory=list)


class Budget:
    """Counts the cells of one workbook; raises DocumentError when there are more than a document may have."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.left = limits.CELLS
        self.merges_left = MERGES

    def cells(self, count: int = 1) -> None:
        """Counts `count` more cells."""
        self.left -= count
        if self.left < 0:
            raise self.too_many()

    def merges(self, count: int = 1) -> None:
        """Counts `count` more merged ranges."""
        self.merges_left -= count
        if self.merges_left < 0:
            raise unreadable(self.path, "E503", f"合并单元格过多，不得超过 {MERGES} 处")

    def too_many(self) -> DocumentError:
        """The exception for a workbook with too many cells."""
        return unreadable(self.path, "E503", f"单元格过多，不得超过 {limits.CELLS} 个")


def shown_number(value: float | str, code: str, epoch_1904: bool = False) -> Shown:
    """A number cell: displayed by its format code, its stored value kept where it differs."""
    number = stored_number(value)
    if number is None:
        return Shown(str(value))
    text = show_number(number, code, epoch_1904)
    return Shown(text, "" if same_value(text, _clean(number)) else plain(number))


def shown_text(text: str, code: str) -> Shown:
    """A text cell; a format code may show less than it holds."""
    text = text.strip(" \t\r\n\u3000\u00a0")
    shown = show_text(text, code).strip() if code not in ("", "General", "@") else text
    return Shown(shown, "" if shown == text else text)


def _clean(number: Decimal) -> Decimal:
    """Without the noise of binary sums: 0.30000000000000004 is 0.3 to a spreadsheet."""
    return Decimal(f"{number:.15g}")


def cell_name(row: int, column: int) -> str:
    """A1 for (0, 0)."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """A for 0, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


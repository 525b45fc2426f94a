"""Where every figure of a report is written in the workbook.

A figure of a table stands in the sheet of that table, in the cell it is printed in; a figure of the prose, of a form that
is read line by line, or of another report gets a row of its own in a sheet of figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from juesuan_rules.amounts import UNITS, Amount
from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.findings import Operand
from juesuan_rules.outputs.guarding import sheet_name
from juesuan_rules.outputs.workbook.expression import Cell
from juesuan_rules.reports.model import Report, Row, Table

PROSE, FORMS, ELSEWHERE = "文字中的数", "自评表中的数", "其他数"
TABLE_TOP = 3
"""Rows above the printed grid in the sheet of a table."""
FIGURES_TOP, VALUE_COLUMN = 2, 4
"""First row of a sheet of figures, and the column its values stand in."""
MOST_ROWS, MOST_COLUMNS = 20_000, 200
"""Of a printed table; what goes beyond is not drawn."""
_MOST_OTHERS, _MOST_OTHER_CELLS = 120, 200_000
"""Tables beside the standard ones that are drawn."""
_UNUSUAL, _BRACKETS = re.compile(r"[^\w（）《》“”、·\- ]"), str.maketrans("()", "（）")
"""Characters of a title that do not go into the name of a sheet, which stands in every formula."""
Address = tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True):
    """A table as printed. table: what it was understood as, None where it is no standard table."""

    name: str
    title: str
    grid: GridBlock
    header_rows: int = 0
    table: Table | None = None


class Listed(msgspec.Struct, frozen=True):
    """A row of a sheet of figures: the figure as the first finding that uses it tells it."""

    cell: Cell
    operand: Operand
    value: float | None


def value_of(amount: Amount) -> float | None:
    """The figure in its own unit, as printed; None where there is none."""
    if amount.value is None:
        return None
    scale = UNITS.get(amount.unit)
    if scale is None and amount.unit == "%":
        return float(Fraction(amount.value) * 100)
    return float(amount.value / (scale or 1))  # the quotient of whole numbers is the nearest there is


class Cells:
    """The figures of one report and their cells.

    sheets: tables as printed. figures: per sheet and (row, column) of its grid the amount printed there. lists: sheets of
    figures and their rows, filled as findings ask for figures.
    """

    def __init__(self, report: Report, taken: set[str]) -> None:
        self.report = report
        self.sheets = _sheets(report, taken)
        self.figures: dict[str, dict[tuple[int, int], Amount]] = {sheet.name: {} for sheet in self.sheets}
        self.labels: dict[tuple[str, int, int], tuple[Row, str]] = {}
        self.lists: dict[str, list[Listed]] = {PROSE: [], FORMS: [], ELSEWHERE: []}
        self._at: dict[Address, tuple[Cell, Amount]] = {}
        self._amounts: dict[Address, Amount] = {}
        self._listed: dict[object, Listed] = {}
        self._grids: dict[int, list[tuple[Sheet, int, int]]] = {}
        for sheet in self.sheets:
            for r, row in enumerate(sheet.grid.rows):
                for c, printed in enumerate(row):
                    self._grids.setdefault(id(printed.place), []).append((sheet, r, c))
        for table in (*report.tables.values(), *report.records.values()):
            self._place(table)

    def cell(self, operand: Operand) -> Cell | None:
        """The cell an operand is written in; None for one that is no figure of a row that is there."""
        known = self._at.get(operand.address)
        if known is not None:
            return known[0]
        amount = self._amounts.get(operand.address)
        if amount is None and (operand.value is None or operand.unit is None):
            return None
        return self._list(operand, amount).cell

    def value(self, operand: Operand) -> float | None:
        """The number in that cell, None where it shows none."""
        known = self._at.get(operand.address)
        amount = known[1] if known is not None else self._amounts.get(operand.address)
        if amount is not None:
            return value_of(amount)
        return _told(operand)

    def spot(self, operand: Operand) -> Cell | None:
        """The cell to look at: that of the figure, else whatever is printed at the operand's place."""
        found = self.cell(operand)
        if found is not None:
            return found
        there = self._grids.get(id(operand.place), [])
        sheet, r, c = there[0] if len(there) == 1 else (None, 0, 0)
        return Cell(sheet.name, r + TABLE_TOP, c, "text") if sheet is not None else None

    def _list(self, operand: Operand, amount: Amount | None) -> Listed:
        """A row for a figure that stands in no table: one printed figure in several record sets has one row."""
        same = id(amount) if amount is not None else (operand.name, operand.place, operand.raw)
        known = self._listed.get(same)
        if known is None:
            name = ELSEWHERE if amount is None or operand.address[0] in self.report.tables else FORMS if operand.address[0] == ASSESSMENTS else PROSE
            rows = self.lists[name]
            value = value_of(amount) if amount is not None else _told(operand)
            cell = Cell(name, FIGURES_TOP + len(rows), VALUE_COLUMN, "blank" if value is None else "number")
            known = self._listed[same] = Listed(cell, operand, value)
            rows.append(known)
        return known

    def _place(self, table: Table) -> None:
        """Find the cell of every figure of a table: by the place it shares with the printed cell, blanks by row and column."""
        for name, block in table.blocks.items():
            rows: dict[int, Counter[tuple[str, int]]] = {}
            columns: dict[str, Counter[int]] = {}
            left: list[tuple[int, Address, Amount]] = []
            for column, amounts in block.columns.items():
                for at, (row, amount) in enumerate(zip(block.rows, amounts, strict=True)):
                    address: Address = (table.spec.id, name, row.key, column)
                    self._amounts[address] = amount
                    there = self._grids.get(id(amount.place), [])
                    if len(there) == 1 and self._put(address, *there[0], amount, row):
                        columns.setdefault(column, Counter())[there[0][2]] += 1
                        rows.setdefault(at, Counter())[there[0][0].name, there[0][1]] += 1
                    elif amount.state in ("blank", "dash"):
                        left.append((at, address, amount))
            for at, address, amount in left:
                if at in rows and address[3] in columns:
                    self._put_blank(address, rows[at], columns[address[3]], amount, block.rows[at])

    def _put_blank(self, address: Address, rows: Counter[tuple[str, int]], columns: Counter[int], amount: Amount, row: Row) -> None:
        """A blank whose place says little: where its row and its column meet."""
        (name, r), column = rows.most_common(1)[0][0], columns.most_common(1)[0][0]
        sheet = next(sheet for sheet in self.sheets if sheet.name == name)
        if sheet.grid.kind == "columns" and column < len(sheet.grid.rows[r]):
            self._put(address, sheet, r, column, amount, row)

    def _put(self, address: Address, sheet: Sheet, r: int, c: int, amount: Amount, row: Row) -> bool:
        """Write a figure into a printed cell: one that shows just this, and no other figure."""
        if r >= MOST_ROWS or c >= MOST_COLUMNS or sheet.grid.rows[r][c].text.strip() != amount.raw.strip():
            return False
        other = self.figures[sheet.name].setdefault((r, c), amount)
        if other is not amount and value_of(other) != value_of(amount):
            return False
        shows = "number" if amount.value is not None else "text" if amount.raw.strip() else "blank"
        self._at[address] = Cell(sheet.name, r + TABLE_TOP, c, shows), amount
        self.labels.setdefault((sheet.name, r, c), (row, address[-1]))
        return True


def _told(operand: Operand) -> float | None:
    """The value of a figure of another report, from what its finding says: money in 元."""
    if operand.value is None:
        return None
    told = Fraction(operand.value.replace(",", ""))
    return float(told * 100 / UNITS[operand.unit] if operand.unit in UNITS else told)


def _sheets(report: Report, taken: set[str]) -> tuple[Sheet, ...]:
    found = []
    for title, grid, header_rows, table in _printed(report):
        number = f"{table.number or table.spec.number} ".lstrip() if table is not None else ""
        name = sheet_name(_UNUSUAL.sub("_", f"{number}{title}".translate(_BRACKETS)), taken)
        taken.add(name)
        found.append(Sheet(name, title, grid, header_rows, table))
    return tuple(found)


def _printed(report: Report) -> Iterator[tuple[str, GridBlock, int, Table | None]]:
    for table in report.tables.values():
        yield table.title or table.spec.id, table.grid, table.header_rows, table
    titles = (*report.other_titles, *[""] * len(report.other_tables))
    drawn = 0
    for grid, title in list(zip(report.other_tables, titles, strict=False))[:_MOST_OTHERS]:
        drawn += sum(map(len, grid.rows))
        if drawn > _MOST_OTHER_CELLS:
            return
        yield title or "附表", grid, 0, None

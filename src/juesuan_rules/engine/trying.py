"""What a value comes to in one report, row by row, before any rule compares it."""

from __future__ import annotations

import msgspec

from juesuan_rules.amounts import UNITS
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.domain import columns_of, rows_of
from juesuan_rules.engine.explain import operand_of
from juesuan_rules.engine.forms import cells_in, normalise
from juesuan_rules.engine.naming import row_name
from juesuan_rules.engine.valuation import value
from juesuan_rules.engine.values import Value
from juesuan_rules.engine.wording import cell_note, number_text, own_unit, printed_decimals
from juesuan_rules.findings import Operand
from juesuan_rules.language.model import Form
from juesuan_rules.reports.model import Report

MOST_ROWS = 2000
"""Values made of one expression at most."""


class Tried(msgspec.Struct, frozen=True):
    """One value. key: row and column, "" for a single value. text: the figure in `unit`, "" where there is
    none; reason: then why. blank: nothing is printed there, and it counts as 0. operands: the cells it was
    made of, with factor and place."""

    key: str
    text: str
    unit: str
    reason: str = ""
    blank: bool = False
    operands: tuple[Operand, ...] = ()


def try_value(form: Form, report: Report, prior: Report | None = None, units: tuple[Report, ...] = ()) -> tuple[Tried, ...]:
    """Every value a checked value expression has in a report, in printed order; at most MOST_ROWS."""
    books = Books(report, prior, units)
    form = normalise(form)
    rows = rows_of(form, books)
    columns = columns_of(form, books)
    found: list[Tried] = []
    for column in columns if columns is not None else (None,):
        for row in rows if rows is not None else (None,):
            if len(found) >= MOST_ROWS:
                return tuple(found)
            found.append(_tried(value(form, (row, column), books, {}), _key(form, row, column, books)))
    return tuple(found)


def _tried(made: Value, key: str) -> Tried:
    cells = tuple([_operand(cell, made) for cell in made.terms])
    if made.problem is not None:
        return Tried(key, "", "", f"{made.problem.reason}：{made.problem.text}" if made.problem.text else made.problem.reason, operands=cells)
    if made.absent and not made.printed:
        return Tried(key, "", "", "没有这一行", operands=cells)
    if made.text is not None:
        return Tried(key, made.text, "", operands=cells)
    unit = own_unit(made)
    text = number_text(made.number, unit, printed_decimals(made) if unit in UNITS else 2)
    return Tried(key, text, "分" if unit == "分值" else unit, blank=bool(made.blanks) and not made.printed, operands=cells)


def _operand(cell: Cell, made: Value) -> Operand:
    return operand_of(cell, cell_note(cell, cell in made.absent))


def _key(form: Form, row: str | None, column: str | None, books: Books) -> str:
    if row is None:
        return column or ""
    sheets: list[Sheet] = [s for cells in cells_in(form) if cells[5][0] != "key" for s in books.sheets(*cells[1:4])]
    sheet = next((s for s in sheets if row in s.index), None)
    name = row_name(sheet, row) if sheet is not None else row
    return f"{name} · {column}" if column is not None else name

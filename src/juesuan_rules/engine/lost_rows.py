"""Rows that a table lost: its sums fall short, and other rows or tables say which row is gone."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan_rules.amounts import Exact
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.forms import size
from juesuan_rules.language.model import Form


def row_cause(table: str, key: str) -> str:
    """Id of the cause "this table has no such row"."""
    return f"缺行:{table}[{key}]"


def lost_row(body: Form, key: str | None, cells: list[Cell], difference: Exact, slack: Exact, books: Books) -> str | None:
    """Cause of a failed comparison that a missing row explains, or None.

    Either a figure of the comparison stands in a row that is not there, or a sum of rows lacks one:
    the only standard row or 类 that is missing, else a row of another table of the same codes that
    prints the difference, else the only such row.
    """
    for cell in cells:
        if cell.amount is None and not cell.table.empty:
            return row_cause(cell.table.spec.id, cell.key)
    for node in _sums(body):
        for sheet in books.sheets(*node[-1][1:4]):
            lacking = _standard(sheet, node) or _orphaned(sheet, node)
            if len(lacking) == 1:
                return row_cause(sheet.table.spec.id, lacking[0])
            elsewhere = dict(_elsewhere(sheet, node, key, books))
            printed = [code for code, figures in elsewhere.items() if any(size(size(f) - size(difference)) <= slack + half for f, half in figures)]
            found = printed or list(elsewhere)
            if len(found) == 1 or printed:
                return row_cause(sheet.table.spec.id, found[0])
    return None


def _sums(form: Form) -> Iterator[Form]:
    """Nodes that add up rows of one table: 下级合计 and sum."""
    if form[0] == "children" or form[:2] == ("agg", "sum"):
        if form[-1][0] == "cells":
            yield form
        return
    for part in form[1:]:
        if isinstance(part, tuple) and part and form[0] != "cells":
            yield from _sums(part)


def _standard(sheet: Sheet, node: Form) -> list[str]:
    """Rows of the layout that belong to the sum and that the report does not have."""
    rows = node[-1][5]
    if node[0] == "children" or rows[0] != "group":
        return []
    return [row.key for row in sheet.block.spec.rows if row.role == rows[1] and not row.optional and row.key not in sheet.index]


def _orphaned(sheet: Sheet, node: Form) -> list[str]:
    """类 that are missing although rows below them are printed."""
    if node[0] == "children" or node[-1][5] != ("group", "类"):
        return []
    codes = [row.code[:3] for row in sheet.rows if row.code and len(row.code) > 3]
    return [code for code in dict.fromkeys(codes) if code not in sheet.index]


def _elsewhere(sheet: Sheet, node: Form, parent: str | None, books: Books) -> Iterator[tuple[str, list[tuple[Exact, Exact]]]]:
    """Codes other tables print under the sum and this one lacks, with the figures printed there and
    their half-widths."""
    chart = sheet.table.spec.chart
    for table in books.report.tables.values():
        if not chart or table.spec.chart != chart or table is sheet.table:
            continue
        for name in table.blocks:
            for other in books.sheets("", table.spec.id, name):
                for at, row in enumerate(other.rows):
                    if row.code and row.key not in sheet.index and _belongs(sheet, node, parent, row.code):
                        amounts = [column[at] for column in other.block.columns.values()]
                        yield row.key, [(a.value, a.half) for a in amounts if a.value]


def _belongs(sheet: Sheet, node: Form, parent: str | None, code: str) -> bool:
    above = next((code[:n] for n in (5, 3) if n < len(code) and code[:n] in sheet.index), None)
    if node[0] == "children":
        return above is not None and above == parent
    rows = node[-1][5]
    return len(code) == 3 if rows == ("group", "类") else rows[0] != "prefix" or code.startswith(rows[1])

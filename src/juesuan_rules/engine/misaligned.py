"""Suspects that stand in one line: a column or a row that slipped is one cause, not a page of them."""

from __future__ import annotations

import msgspec

from juesuan_rules.documents.model import NOWHERE
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.naming import row_name, short_name
from juesuan_rules.findings import Cause

_LEAST = {"栏": 4, "行": 3}
_SHARE = {"栏": 4, "行": 2}
"""So many suspects in one column or row, and one in so many of its figures, are no coincidence: many
figures of a slipped column stand in one equation only, and are no suspects of their own."""


class Line(msgspec.Struct, frozen=True):
    """A column or a row of a table with several suspects: its cause, and which suspects it replaces."""

    cause: Cause
    replaced: tuple[str, ...]
    axis: str
    first: Cell

    def holds(self, cell: Cell) -> bool:
        """Whether a cell stands in this column or row."""
        return _where(cell, self.axis) == _where(self.first, self.axis)


def find_lines(suspects: dict[Cell, Cause]) -> list[Line]:
    """Columns, then rows, in which the suspects are too many to be so many separate slips."""
    found: list[Line] = []
    left = dict(suspects)
    for axis in ("栏", "行"):
        groups: dict[tuple[str, ...], list[Cell]] = {}
        for cell in left:
            if cell.row is not None and not cell.sheet.records:
                groups.setdefault(_where(cell, axis), []).append(cell)
        for cells in groups.values():
            if len(cells) >= _LEAST[axis] and _SHARE[axis] * len(cells) >= _figures(cells[0], axis):
                found.append(_line(cells, axis, [left.pop(cell) for cell in cells]))
    return found


def _where(cell: Cell, axis: str) -> tuple[str, ...]:
    block = (cell.table.spec.id, cell.sheet.block.spec.name)
    return (*block, "", cell.column) if axis == "栏" else (*block, cell.key, "")


def _figures(cell: Cell, axis: str) -> int:
    """How many figures other than zero the column or row prints."""
    block = cell.sheet.block
    if axis == "栏":
        return sum(1 for amount in block.columns[cell.column] if amount.value)
    at = next((i for i, row in enumerate(block.rows) if row.key == cell.key), None)
    return 0 if at is None else sum(1 for column in block.columns.values() if column[at].value)


def _line(cells: list[Cell], axis: str, causes: list[Cause]) -> Line:
    first = cells[0]
    table = short_name(first.table.spec)
    name = f"{row_name(first.sheet, first.key)} 一行" if axis == "行" else " ".join(filter(None, (first.sheet.block.spec.name, first.column, "一栏")))
    count = sum(cause.findings for cause in causes)
    slip = "疑似整栏错行" if axis == "栏" else "疑似整行错栏"
    place = first.amount.place if first.amount is not None else NOWHERE
    sentence = f"{table} {name}有 {len(cells)} 个数与其他数对不上，{slip}"
    cause = Cause(f"错位:{'.'.join(filter(None, _where(first, axis)))}", sentence, causes[0].suspect, count, place)
    return Line(cause, tuple([cause.id for cause in causes]), axis, first)

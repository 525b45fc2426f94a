"""The same identities over the same cells for dpm-xl, an evaluator of the EBA's validation rules.

Every linear comparison of a plan becomes DPM-XL text: a table per (table, block), a row code per key, a column code per
column, `interval: true` for the tolerance by rounding. dpm-xl calls two sides equal when their intervals overlap, which
is what 不符 is the opposite of; so its "passed" must be our 相符 or 存疑, its "failed" our 不符.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from juesuan_rules.amounts import UNITS, Amount
from juesuan_rules.engine.columns import Books, Sheet
from juesuan_rules.engine.evaluation import Evaluation
from juesuan_rules.engine.plan import Plan, PlannedCheck
from juesuan_rules.engine.screen import Slot, Slots
from juesuan_rules.reports.model import Report

OURS = {"pass": True, "doubtful": True, "fail": False}
SIGNS = {"==": "=", "<=": "<=", ">=": ">="}


@dataclass(frozen=True)
class Question:
    """One DPM-XL expression and the verdict it must repeat: check number, column, row key (None: all rows)."""

    text: str
    check: int
    column: str | None
    key: str | None


class Peer:
    """A report as dpm-xl sees it."""

    def __init__(self, report: Report) -> None:
        from dpmxl import MemoryProvider, Number, TableLayout

        self.codes: dict[tuple[str, str], str] = {}
        self.rows: dict[str, str] = {}
        layouts, values = [], {}
        for name, table in report.tables.items():
            for block, data in table.blocks.items():
                code = self.codes.setdefault((name, block), f"T_{len(self.codes) + 1:02d}.00")
                rows = [self.row(row.key) for row in data.rows]
                columns = [f"{i:04d}" for i in range(1, len(data.columns) + 1)]
                layouts.append(TableLayout(code, rows=tuple(rows), columns=tuple(columns)))
                for column, amounts in zip(columns, data.columns.values(), strict=True):
                    for row, amount in zip(rows, amounts, strict=True):
                        if amount.value is not None:
                            values[code, row, column, None, ()] = Number(_wan(amount.value), _wan(amount.half))
        self.provider = MemoryProvider(layouts, values)

    def row(self, key: str) -> str:
        """The row code of a key: the same in every table, so that records join."""
        return self.rows.setdefault(key, f"{len(self.rows) + 1:04d}")

    def cell(self, sheet: Sheet, column: str, rows: list[str]) -> str:
        """A selection of some rows of one column."""
        code = self.codes[sheet.table.spec.id, sheet.block.spec.name]
        number = list(sheet.block.columns).index(column) + 1
        which = ", ".join(f"r{self.row(key)}" for key in rows)
        return f"{{t{code}, {which if len(rows) == 1 else f'({which})'}, c{number:04d}}}"


def _wan(value: Any) -> Decimal:
    return Decimal(int(value)) / UNITS["万元"]


def questions(peer: Peer, plan: Plan, evaluation: Evaluation, report: Report) -> Iterator[Question]:
    """Every verdict of a linear check that dpm-xl can repeat, one expression per row."""
    books = Books(report)
    slots = Slots(plan.leaves, books)
    numbers = {id(check): number for number, check in enumerate(plan.checks)}
    for part in evaluation.parts:
        check = part.check
        if check.linear is None or check.linear.tolerance[0] not in ("tail", "fixed"):
            continue
        leaves = [slots.get(n, part.column) for n in check.leaves]
        if any(slot is None for slot in leaves):
            continue
        if any(_unreadable(slot) for slot in leaves if slot is not None):
            continue
        for position, key in enumerate(part.keys):
            if _outcome(part.outcomes, position) not in OURS:
                continue
            text = _expression(peer, check, [slot for slot in leaves if slot is not None], part.column, key)
            if text is not None:
                yield Question(text, numbers[id(check)], part.column, key)


def _outcome(outcomes: bytes, position: int) -> str:
    from juesuan_rules.engine.evaluation import CODES

    return CODES[outcomes[position]]


def _unreadable(slot: Slot) -> bool:
    amounts: tuple[Amount, ...] = slot.column.amounts
    return any(a.state in ("text", "unreadable") for a in amounts)


def _expression(peer: Peer, check: PlannedCheck, slots: list[Slot], column: str | None, key: str | None) -> str | None:
    linear = check.linear
    assert linear is not None
    if linear.scale != 1 or linear.constant:
        return None
    sides: dict[bool, list[str]] = {True: [], False: []}
    for (factor, leaf, left), slot in zip(linear.leaves, slots, strict=True):
        rows = _rows(slot, key)
        if rows is None or abs(factor) != 1:
            return None
        if not rows:
            continue
        name = leaf.column if leaf.column != "*" else column
        assert name is not None
        selection = peer.cell(slot.sheet, name, rows)
        term = selection if len(rows) == 1 else f"sum({selection})"
        sign = factor if left else -factor
        sides[left].append(f"{'-' if sign < 0 else '+'} {term}")
    if not sides[True] or not sides[False]:
        return None
    one, other = (" ".join(sides[left]).removeprefix("+ ") for left in (True, False))
    tolerance = linear.tolerance
    if tolerance[0] == "tail":
        return f"with {{default: 0, interval: true}}: {one} {SIGNS[linear.op]} {other}"
    if tolerance[1] == 0:
        return f"with {{default: 0, interval: false}}: {one} {SIGNS[linear.op]} {other}"
    return None


def _rows(slot: Slot, key: str | None) -> list[str] | None:
    """Keys of the cells that go into one value; [] where the row is not there, None where that cannot be told."""
    if slot.keys is None:
        at = 0
    elif key in slot.keys:
        at = slot.keys.index(key)
    else:
        return []
    if slot.cells is None:
        return [slot.sheet.keys[at]]
    return [slot.sheet.keys[p] for p in slot.cells[at]]

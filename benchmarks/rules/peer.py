"""The same identities over the same cells for dpm-xl, an evaluator of the EBA's validation rules.

Every linear comparison of a plan becomes DPM-XL text: a table per (table, block), a row code per key, a column code per
column, `interval: true` for the tolerance by rounding. dpm-xl calls two sides equal when their intervals overlap, which
is what 不符 is the opposite of; so its "passed" must be our 相符 or 存疑, its "failed" our 不符.

Which rows a check reads is worked out here from the checked form and the report alone, by the plainest code that does
it: nothing of the evaluator is shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from juesuan_rules.amounts import UNITS
from juesuan_rules.engine.evaluation import CODES, Evaluation
from juesuan_rules.engine.forms import Leaf
from juesuan_rules.engine.plan import Plan, PlannedCheck
from juesuan_rules.language.model import Form
from juesuan_rules.reports.model import BlockData, Report, Row

OURS = {"pass": True, "doubtful": True, "fail": False}
LEVELS = {"类": 3, "款": 5, "项": 7}
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

        self.report = report
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

    def cell(self, leaf: Leaf, column: str, rows: list[str]) -> str:
        """A selection of some rows of one column."""
        data = self.report.tables[leaf.table].blocks[leaf.block]
        number = list(data.columns).index(column) + 1
        which = ", ".join(f"r{self.row(key)}" for key in rows)
        return f"{{t{self.codes[leaf.table, leaf.block]}, {which if len(rows) == 1 else f'({which})'}, c{number:04d}}}"


def _wan(value: Any) -> Decimal:
    return Decimal(int(value)) / UNITS["万元"]


def questions(peer: Peer, plan: Plan, evaluation: Evaluation) -> Iterator[Question]:
    """Every verdict of a linear check that dpm-xl can repeat, one expression per row."""
    numbers = {id(check): number for number, check in enumerate(plan.checks)}
    for part in evaluation.parts:
        check = part.check
        if check.linear is None or check.linear.tolerance[0] not in ("tail", "fixed"):
            continue
        for outcome, key in zip(part.outcomes, part.keys, strict=True):
            if CODES[outcome] in OURS:
                text = _expression(peer, check, part.column, key)
                if text is not None:
                    yield Question(text, numbers[id(check)], part.column, key)


def _expression(peer: Peer, check: PlannedCheck, column: str | None, key: str | None) -> str | None:
    linear = check.linear
    assert linear is not None
    if linear.scale != 1 or linear.constant:
        return None
    sides: dict[bool, list[str]] = {True: [], False: []}
    for factor, leaf, left in linear.leaves:
        name = column if leaf.column == "*" else leaf.column
        rows = _rows(peer.report, leaf, name, key)
        if rows is None or name is None or abs(factor) != 1:
            return None
        if rows:
            selection = peer.cell(leaf, name, rows)
            sign = factor if left else -factor
            sides[left].append(f"{'-' if sign < 0 else '+'} {selection if len(rows) == 1 else f'sum({selection})'}")
    if not sides[True] or not sides[False]:
        return None
    one, other = (" ".join(sides[left]).removeprefix("+ ") for left in (True, False))
    if linear.tolerance[0] == "fixed" and linear.tolerance[1] != 0:
        return None
    interval = "true" if linear.tolerance[0] == "tail" else "false"
    return f"with {{default: 0, interval: {interval}}}: {one} {SIGNS[linear.op]} {other}"


def _rows(report: Report, leaf: Leaf, column: str | None, key: str | None) -> list[str] | None:
    """Keys of the cells that go into one value; [] where there are none, None where dpm-xl cannot say it."""
    table = report.tables.get(leaf.table)
    data = table.blocks.get(leaf.block) if table is not None else None
    amounts = data.columns.get(column or "") if data is not None else None
    if data is None or amounts is None or any(a.state in ("text", "unreadable") for a in amounts):
        return None
    picked = [row.key for row in data.rows if _picked(row, leaf.rows, data)]
    if leaf.rows[0] in ("key", "keys") and len(picked) < len(leaf.rows) - 1 and leaf.missing != "zero":
        return None
    if leaf.kind == "column":
        return [key] if key in picked else []
    if leaf.kind == "children":
        parent = leaf.rows[1] if leaf.rows[0] == "key" else key
        return [row.key for row in data.rows if row.parent == parent and row.role != "其中"]
    return picked


def _picked(row: Row, rows: Form, data: BlockData) -> bool:
    kind = rows[0]
    if kind in ("key", "keys"):
        return row.key in rows[1:]
    if kind == "prefix":
        return (row.code or row.key).startswith(rows[1])
    if kind == "not":
        return not _picked(row, rows[1], data)
    if kind in ("and", "or"):
        return (all if kind == "and" else any)(_picked(row, part, data) for part in rows[1:])
    return kind == "all" or _in_group(row, rows[1], data)


def _in_group(row: Row, name: str, data: BlockData) -> bool:
    digits = row.code or row.key
    total = row.role in ("合计", "总计")
    if name in LEVELS:
        return not total and digits.isdigit() and len(digits) == LEVELS[name]
    parent = not total and any(other.parent == row.key and other.role != "其中" for other in data.rows)
    if name == "非末级":
        return parent
    if name == "末级":
        return not total and not parent
    return row.role == name

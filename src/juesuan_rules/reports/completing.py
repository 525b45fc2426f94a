"""Codes that one table prints without, or cut: completed by name and order from the others.

A code is completed only where exactly one fits between its neighbours; a row that stays without a
code cannot be put into the tree of its table, so the table's sums cannot be relied on.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from juesuan_rules.reports.building import LENGTHS, SHOWN, with_levels
from juesuan_rules.reports.model import BlockData, Problem, Row, Table
from juesuan_rules.reports.sheet import labelled

MAX_ROWS = 2000
"""No published table has more rows; beyond that nothing is completed, so that time stays bounded."""

Known = dict[str, set[str]]
"""Folded name -> full codes printed with it anywhere in the report."""


def complete_codes(tables: dict[str, Table]) -> dict[str, Table]:
    """The tables with every completable code of form "codes" completed, and the rest told."""
    known: Known = defaultdict(set)
    for table in tables.values():
        for row in _rows(table):
            if row.level:
                known[labelled(row.raw_label)].add(row.key)
    for table in tables.values():
        for block in table.blocks.values():
            for row in block.rows:
                if row.role in ("明细", "小计") and row.key.isdecimal() and len(row.key) == 3:
                    known[labelled(row.label)].add(row.key)
    return {name: _complete(table, known) if any(_is_open(row, table) for row in _rows(table)) else table for name, table in tables.items()}


def _rows(table: Table) -> tuple[Row, ...]:
    if table.spec.form != "codes" or not table.blocks:
        return ()
    return next(iter(table.blocks.values())).rows


def _is_open(row: Row, table: Table) -> bool:
    return row.role == "明细" and not row.level and bool(table.spec.chart)


def _complete(table: Table, known: Known) -> Table:
    block = next(iter(table.blocks.values()))
    rows = list(block.rows)
    taken = {row.key for row in rows}
    done: list[str] = []
    failed: list[Row] = []
    for index, row in enumerate(rows):
        if not _is_open(row, table):
            continue
        names = known.get(labelled(row.raw_label), ()) if len(rows) <= MAX_ROWS else ()
        fitting = [c for c in names if c not in taken and c.startswith(row.code or "") and _between(rows, index, c)]
        if len(fitting) == 1:
            rows[index] = replace(row, key=fitting[0], code=fitting[0], clipped=True)
            taken.add(fitting[0])
            done.append(f"{fitting[0]} {row.raw_label}")
        else:
            failed.append(row)
    problems = list(table.problems)
    if done:
        problems.append(Problem("行不识别", f"{len(done)} 行的科目编码缺失或不全，按名称和次序补认：{_list(done)}", table.spec.id, place=table.place))
    if failed:
        problems.append(_unplaced(table, failed))
    frozen = BlockData(block.spec, with_levels(rows, table.spec.chart), block.columns)
    return replace(table, blocks={next(iter(table.blocks)): frozen}, problems=tuple(problems))


def _unplaced(table: Table, rows: list[Row]) -> Problem:
    names = _list([f"{row.raw_code} {row.raw_label}".strip() for row in rows])
    digits = "、".join(str(n) for n in LENGTHS[table.spec.chart])
    bare = any(row.code is None for row in rows)
    message = f"{len(rows)} 行没有科目编码或位数不对（应为 {digits} 位）：{names}"
    return Problem("行不识别", message, table.spec.id, rows[0].key, rows[0].place, blocking=bare)


def _between(rows: list[Row], index: int, code: str) -> bool:
    """Whether `code` keeps the rising order of the codes before and after row `index`."""
    before = next((row.key for row in reversed(rows[:index]) if row.level), "")
    after = next((row.key for row in rows[index + 1 :] if row.level), "999")
    return before < code < after


def _list(names: list[str]) -> str:
    return "、".join(name[:24] for name in names[:SHOWN]) + ("……" if len(names) > SHOWN else "")

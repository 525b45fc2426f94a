"""Other figures in place of those a report prints: the report, but for them, stays what it was."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec.structs import replace

from juesuan_rules.amounts import PERCENT, Amount, Exact, quantum, show
from juesuan_rules.engine.forms import exact
from juesuan_rules.reports.model import Report, Table

Spot = tuple[str, str, str, int]
"""(table or record set, block, column, position of the row)."""


def step_of(amount: Amount) -> Exact:
    """The least by which a figure can be printed otherwise: one unit of its last decimal, in its value's own measure."""
    return quantum(amount.unit, amount.decimals)


def printed_as(amount: Amount, value: Exact) -> Amount:
    """The figure with another value, printed the same way."""
    decimals = max(amount.decimals, 2) if amount.unit == "万元" else amount.decimals
    text = show(value, amount.unit, decimals, thousands="," in amount.raw)
    raw = f"{text}%" if amount.unit == PERCENT and amount.raw.endswith("%") else text
    return replace(amount, raw=raw, state="number" if value else "zero", value=exact(Fraction(value)), decimals=decimals, repaired="", stored="")


def with_amounts(report: Report, amounts: Mapping[Spot, Amount]) -> Report:
    """The report with other figures at these spots."""
    tables, records = dict(report.tables), dict(report.records)
    for name in {spot[0] for spot in amounts}:
        holder = tables if name in tables else records
        holder[name] = _with(holder[name], {spot[1:]: amount for spot, amount in amounts.items() if spot[0] == name})
    return replace(report, tables=tables, records=records)


def _with(table: Table, amounts: Mapping[tuple[str, str, int], Amount]) -> Table:
    blocks = dict(table.blocks)
    for (name, column, position), amount in amounts.items():
        block = blocks[name]
        known = block.columns[column]
        blocks[name] = replace(block, columns={**block.columns, column: (*known[:position], amount, *known[position + 1 :])})
    return replace(table, blocks=blocks, empty=table.empty and not any(amounts.values()))

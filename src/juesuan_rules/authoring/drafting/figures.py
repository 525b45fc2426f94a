"""The figures relations are looked for between: single ones by address, and columns keyed by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from juesuan_rules.amounts import UNITS, Amount, Exact
from juesuan_rules.authoring.altering import step_of
from juesuan_rules.authoring.drafting.model import Address, Subject
from juesuan_rules.catalogue.model import BlockSpec, TableSpec
from juesuan_rules.catalogue.records import ECONOMY_FACTS, FACTS, FUNCTION_FACTS, VALUE
from juesuan_rules.engine.columns import Sheet
from juesuan_rules.engine.forms import size
from juesuan_rules.engine.naming import cell_name, quoted, short_name
from juesuan_rules.reports.model import BlockData, Report, Table

TOTALS = ("合计", "总计", "小计", "结转")
SIGNIFICANT = 1000
"""A figure of at least so many units of its last decimal has four significant digits."""


class Single(msgspec.Struct, frozen=True):
    """A figure that stands in every report at the same address.

    values: per report, in 分; None where it is not printed or stated. name: as a rule writes it. words: its row,
    column and table, for telling whether two are about the same thing. sizes: in units of the last decimal.
    """

    address: Address
    name: str
    words: str
    values: tuple[Exact | None, ...]
    sizes: tuple[int, ...]
    role: str = ""

    @property
    def strong(self) -> int:
        """In how many reports it has four digits or more."""
        return sum(size >= SIGNIFICANT for size in self.sizes)


class Keyed(msgspec.Struct, frozen=True):
    """A column whose rows have codes. name: without a row selection; closed: the layout gives its rows, so that rows
    without a figure are printed."""

    table: str
    name: str
    chart: str
    closed: bool
    stated: bool
    values: tuple[dict[str, Exact], ...]


def blocks_of(subjects: Sequence[Subject]) -> Iterator[tuple[TableSpec, BlockSpec, list[tuple[int, Table, BlockData]]]]:
    """Every block of every standard table that at least one report prints, with who prints it."""
    first = subjects[0].report.layout
    for spec in first.tables:
        for block in spec.blocks:
            found = []
            for number, subject in enumerate(subjects):
                table = subject.report.tables.get(spec.id)
                data = table.blocks.get(block.name) if table is not None else None
                if table is not None and data is not None and table.unit in UNITS and not table.empty and not any(p.blocking for p in table.problems):
                    found.append((number, table, data))
            if found:
                yield spec, block, found


def column_text(spec: TableSpec, block: BlockSpec, column: str) -> str:
    """A column as a rule writes it."""
    part = f".{quoted(block.name)}" if block.name else ""
    only = len(block.columns) == 1 and bool(part)
    return f"{short_name(spec)}{part}" + ("" if only else f".{quoted(column)}")


def money_columns(block: BlockSpec) -> list[str]:
    """The columns of a block that hold money."""
    return [column.name for column in block.columns if not column.unit]


def singles(subjects: Sequence[Subject]) -> list[Single]:
    """Cells of fixed rows, totals of code tables, and facts of the prose, that at least one report prints."""
    found: dict[Address, dict[int, tuple[Amount, str, str, str]]] = {}
    for number, subject in enumerate(subjects):
        for address, amount, name, words, role in _cells(subject.report):
            found.setdefault(address, {})[number] = (amount, name, words, role)
    result = []
    for address, told in found.items():
        values = tuple([_value(told[n][0]) if n in told else None for n in range(len(subjects))])
        sizes = tuple([_size(told[n][0]) if n in told else 0 for n in range(len(subjects))])
        _, name, words, role = next(iter(told.values()))
        if any(sizes):
            result.append(Single(address, name, words, values, sizes, role))
    return result


def _cells(report: Report) -> Iterator[tuple[Address, Amount, str, str, str]]:
    for table in report.tables.values():
        if table.unit not in UNITS or table.empty or any(p.blocking for p in table.problems):
            continue
        for block in table.blocks.values():
            sheet = Sheet(table, block)
            for column in money_columns(block.spec):
                for at, row in enumerate(block.rows if column in block.columns else ()):
                    amount = block.columns[column][at]
                    if (table.spec.form == "codes" and row.role not in ("合计", "总计")) or amount.unit not in UNITS:
                        continue
                    words = f"{table.spec.id}{block.spec.name}{row.label}{column}"
                    yield (table.spec.id, block.spec.name, column, row.key), amount, cell_name(sheet.cell(row.key, column)), words, row.role
    facts = report.records.get(FACTS)
    if facts is not None:
        block, sheet = facts.blocks[""], Sheet(facts, facts.blocks[""])
        for at, row in enumerate(block.rows):
            amount = block.columns[VALUE][at]
            if amount.unit in UNITS and amount.value is not None and not amount.approximate:
                yield (FACTS, "", VALUE, row.key), amount, cell_name(sheet.cell(row.key, VALUE)), row.label, "文字"


def _value(amount: Amount) -> Exact | None:
    """A blank of a table is 0; what cannot be read is nothing."""
    return amount.value if amount.value is not None else 0 if amount.state in ("blank", "dash") else None


def _size(amount: Amount) -> int:
    step = step_of(amount)
    return int(size(amount.value) / step) if amount.value and step else 0


def keyed(subjects: Sequence[Subject]) -> list[Keyed]:
    """Columns of code tables, the 明细 of fixed tables that have codes, and what the prose says of 科目."""
    found: list[Keyed] = []
    for spec, block, held in blocks_of(subjects):
        closed = spec.form == "fixed" and any(row.key.isdigit() for row in block.rows)
        if not (spec.form in ("codes", "panels") or closed):
            continue
        chart = spec.chart or "功能"
        for column in money_columns(block):
            values: list[dict[str, Exact]] = [{} for _ in subjects]
            for number, _, data in held:
                for row, amount in zip(data.rows, data.columns.get(column, ()), strict=False):
                    if row.key.isdigit() and row.role != "其中" and amount.value:
                        values[number][row.key] = amount.value
            if any(values):
                found.append(Keyed(spec.id, column_text(spec, block, column), chart, closed, False, tuple(values)))
    for name, chart in ((FUNCTION_FACTS, "功能"), (ECONOMY_FACTS, "经济")):
        values = [{} for _ in subjects]
        for number, subject in enumerate(subjects):
            facts = subject.report.records.get(name)
            for row, amount in zip(facts.blocks[""].rows, facts.blocks[""].columns[VALUE], strict=True) if facts is not None else ():
                if row.key.isdigit() and amount.value:
                    values[number][row.key] = amount.value
        if any(values):
            found.append(Keyed(name, f"{name}.{VALUE}", chart, False, True, tuple(values)))
    return found

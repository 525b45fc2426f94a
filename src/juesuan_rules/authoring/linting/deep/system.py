"""The linear checks of all rules in force under a layout, written out over the cells of a small report.

The report is made up from the layout: every fixed row, and of tables whose rows are codes two 类 with
款 and 项 below them (and every code that a rule names). Rules say the same of every code, so what holds
of this report holds of any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from juesuan_rules.amounts import read_amount
from juesuan_rules.authoring.building import ABSENT, build_report
from juesuan_rules.authoring.linting.linear import Normaliser
from juesuan_rules.catalogue.model import BlockSpec, Layout, TableSpec
from juesuan_rules.catalogue.records import ECONOMY_FACTS, FACTS, FUNCTION_FACTS
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.model import Place as At
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Sheet
from juesuan_rules.engine.domain import columns_of, rows_of
from juesuan_rules.engine.forms import Leaf, cells_in, linear, normalise
from juesuan_rules.language.layoutnames import short_name
from juesuan_rules.language.model import CheckedRule, Form
from juesuan_rules.reports.model import BlockData, Report, Row, Table

SAMPLE = {
    "功能": ("201", "20101", "2010101", "2010102", "20102", "2010201", "202", "20201", "2020101"),
    "经济": ("301", "30101", "30102", "302", "30201"),
}
RECORDS = (FACTS, FUNCTION_FACTS, ECONOMY_FACTS)
"""Record sets whose rows mean the same in every rule; others hold what sentences happen to say."""
TAIL = Fraction(5000)
WAN = 1_000_000

_CLOSED = {"<": "<=", ">": ">=", "!=": "=="}
"""The comparison over the same figures that `linear` reads."""

Cell = tuple[str, str, str, str]
"""(table, block, column, row key)."""


class Place(msgspec.Struct, frozen=True):
    """One check of one rule. rule, check: their numbers; pair: of a chain or a conjunction."""

    rule: int
    check: int
    pair: int = 0


class Instance(msgspec.Struct, frozen=True):
    """Σ factor × cell + constant  op  0 for one row and column of a check; amounts in 分. op: ==, != or, for inequalities, >=.

    strict: >. slack: what its tolerance lets the left side be off by.
    """

    place: Place
    op: str
    terms: tuple[tuple[Cell, Fraction], ...]
    constant: Fraction
    strict: bool
    slack: Fraction
    key: str = ""

    @property
    def tables(self) -> frozenset[str]:
        """The tables it reads."""
        return frozenset(cell[0] for cell, _ in self.terms)

    @property
    def across(self) -> bool:
        """Whether it relates cells of one row of one block."""
        return len({(c[0], c[1], c[3]) for c, _ in self.terms}) == 1 and len(self.terms) > 1

    @property
    def down(self) -> bool:
        """Whether it relates cells of one column of one block."""
        return len({c[:3] for c, _ in self.terms}) == 1 and len(self.terms) > 1


Check = tuple[int, int, int]
"""Rule, check and pair by number: what is contradictory or redundant as a whole."""


class System(msgspec.Struct, frozen=True):
    """Every instance, and how many checks were linear of how many."""

    instances: tuple[Instance, ...]
    rules: tuple[CheckedRule, ...]
    layout: Layout
    linear: int
    checks: int

    def name(self, cell: Cell) -> str:
        """What a person calls a cell."""
        table, block, column, key = cell
        spec = self.layout.table(table)
        half = spec.block(block) if spec is not None else None
        row = next((r for r in half.rows if r.key == key), None) if half is not None else None
        label = row.label if row is not None and row.label else key
        text = short_name(spec) if spec is not None else table
        text += f".{block}" if block else ""
        lone = half is not None and len(half.columns) == 1
        return f"{text}[{label}]" if lone else f"{text}.{column}[{label}]"


def build_system(rules: Sequence[CheckedRule], layout: Layout) -> System:
    """Write out every linear check without conditions. Parts with conditions, 上年, products are left out."""
    plain = Normaliser(layout)
    bodies: list[tuple[Place, Form]] = []
    total = 0
    for number, rule in enumerate(rules):
        for index, check in enumerate(rule.checks):
            total += 1
            if rule.when is None and check.when is None:
                parts = list(_parts(plain, normalise(check.form)))
                bodies += [(Place(number, index, pair), part) for pair, part in enumerate(parts)]
    bodies = [(place, form) for place, form in bodies if _readable(form, layout)]
    report = _sample(layout, bodies)
    books = Books(report)
    instances = [one for place, form in bodies for one in _instances(place, form, books)]
    return System(tuple(instances), tuple(rules), layout, len({(one.place.rule, one.place.check) for one in instances}), total)


def _parts(plain: Normaliser, form: Form) -> Iterator[Form]:
    """The comparisons a check demands all of."""
    if form[0] in ("chain", "and"):
        for part in form[1:]:
            yield from _parts(plain, part)
    elif form[0] == "each":
        body = plain.unbound(form)
        if body is not None:
            yield normalise(body)
    elif form[0] == "cmp":
        yield form


def _readable(form: Form, layout: Layout) -> bool:
    """Whether a comparison is linear and over cells that mean the same in every rule."""
    if form[4][0] == "relative" or _flat(form) is None:
        return False
    specs = [layout.table(cells[2]) for cells in cells_in(form)]
    return all(spec is not None and (spec.form != "records" or spec.id in RECORDS) for spec in specs)


def _flat(form: Form) -> Any:
    return linear(("cmp", _CLOSED.get(form[1], form[1]), *form[2:]))


# ------------------------------------------------------------------ the small report


def _sample(layout: Layout, bodies: Sequence[tuple[Place, Form]]) -> Report:
    """A report with every table, blank, with the rows that matter; record sets keyed like the tables."""
    codes = {chart: _with_parents(chart, [*found, *_named(layout, bodies, chart)]) for chart, found in SAMPLE.items()}
    tables: dict[str, Any] = {}
    for spec in layout.tables:
        content: dict[str, Any] = {}
        for block in spec.blocks:
            if spec.form == "codes":
                content |= {f"{code} {code}": {c.name: "" for c in block.columns} for code in codes.get(spec.chart, codes["功能"])}
            elif spec.form == "fixed":
                dropped = [row.key for row in block.rows if row.key.isdigit() and len(row.key) == 3 and row.key not in codes["功能"]]
                content |= {f"{block.name}.{key}" if block.name else key: ABSENT for key in dropped}
        tables[spec.id] = content
    report = build_report(layout, tables)
    records = {spec.id: _records(spec, codes) for spec in layout.records if spec.id in RECORDS}
    return msgspec.structs.replace(report, records={**report.records, **records})


def _named(layout: Layout, bodies: Sequence[tuple[Place, Form]], chart: str) -> Iterator[str]:
    """Codes of a chart that rules name in tables whose rows are codes."""
    for _, form in bodies:
        for cells in cells_in(form):
            spec = layout.table(cells[2])
            if spec is not None and spec.chart == chart and spec.form in ("codes", "records") and cells[5][0] in ("key", "keys"):
                yield from (key for key in cells[5][1:] if str(key).isdigit())


def _with_parents(chart: str, codes: Sequence[str]) -> list[str]:
    lengths = (3, 5, 7) if chart == "功能" else (3, 5)
    return sorted({code[:length] for code in codes for length in lengths if length <= len(code)})


def _records(spec: TableSpec, codes: dict[str, list[str]]) -> Table:
    block = spec.blocks[0]
    keys = codes[spec.chart] if spec.chart in codes else [row.key for row in block.rows]
    rows = tuple([Row(key, key, key, "", key if key.isdigit() else None, None, "明细", (len(key) - 1) // 2 if key.isdigit() else 0, None) for key in keys])
    return Table(spec=spec, title=spec.id, unit="万元", blocks={block.name: _block(block, rows)}, grid=GridBlock(()))


def _block(block: BlockSpec, rows: tuple[Row, ...]) -> BlockData:
    blank = read_amount("", "万元", At())
    return BlockData(block, rows, {column.name: (blank,) * len(rows) for column in block.columns})


# ------------------------------------------------------------------ instances


def _instances(place: Place, form: Form, books: Books) -> Iterator[Instance]:
    """One per row and column the comparison has verdicts for."""
    flat = _flat(form)
    strict = form[1] in ("<", ">")
    columns = columns_of(form, books) if flat.by_column else ("",)
    keys = rows_of(form, books) if flat.by_row else ("",)
    for column in columns or ():
        for key in keys or ():
            terms: dict[Cell, Fraction] = {}
            for factor, leaf, _ in flat.leaves:
                cells = _cells(leaf, key, column, books)
                if cells is None:
                    break
                for cell in cells:
                    terms[cell] = terms.get(cell, Fraction(0)) + factor
            else:
                yield from _instance(place, form, flat, terms, strict, key or column)


def _instance(place: Place, form: Form, flat: Any, terms: dict[Cell, Fraction], strict: bool, key: str) -> Iterator[Instance]:
    sign = -1 if flat.op == "<=" else 1
    kept = tuple([(cell, sign * factor) for cell, factor in terms.items() if factor])
    if kept:
        slack = _slack(form[4], kept) * flat.scale
        op = form[1] if flat.op == "==" else ">="
        yield Instance(place, op, kept, Fraction(sign * flat.constant), strict, slack, key)


def _slack(tolerance: Form, terms: Sequence[tuple[Cell, Fraction]]) -> Fraction:
    if tolerance[0] == "tail":
        return TAIL * sum((abs(factor) for _, factor in terms), Fraction(0))
    written = Fraction(tolerance[1], tolerance[2])
    return written * WAN if tolerance[3] is None else written


def _cells(leaf: Leaf, key: str, column: str, books: Books) -> list[Cell] | None:
    """The cells a leaf adds up for a row; [] where it counts as 0, None where the row is not to be checked."""
    found = books.sheets("", leaf.table, leaf.block)
    if not found:
        return None
    sheet: Sheet = found[0]
    name = column if leaf.column == "*" else leaf.column
    if name not in sheet.block.columns:
        return None

    def cell(row: str) -> Cell:
        return (leaf.table, leaf.block, name, row)

    if leaf.kind == "sum":
        return [cell(row) for row in sheet.select(leaf.rows).keys if row in sheet.index]
    if leaf.kind == "children":
        below = sheet.below(leaf.rows).get(key)
        return [cell(sheet.keys[at]) for at in below] if below else None
    row = leaf.rows[1] if leaf.kind == "cell" else key
    if leaf.kind == "column" and row not in sheet.select(leaf.rows).keys:
        return [] if leaf.missing == "zero" else None
    return [cell(row)] if row in sheet.index else [] if leaf.missing == "zero" else None

"""Record sets of prose and forms by hand, beside the tables of `builders`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from tests.engine.builders import ALL, LAYOUT, TAIL, report

from juesuan_rules.amounts import COUNTS, Amount, read_amount
from juesuan_rules.catalogue.model import FactSpec, TableSpec
from juesuan_rules.catalogue.records import record_specs
from juesuan_rules.documents.model import GridBlock, Place
from juesuan_rules.language.model import Form
from juesuan_rules.reports.model import BlockData, Figure, Problem, Prose, Report, Row, Sentence, Table

FACTS = (
    FactSpec("收入总计", expected="应有"), FactSpec("支出总计", expected="应有"), FactSpec("基本支出"), FactSpec("公务接待费"),
    FactSpec("公务用车保有量", unit="辆"), FactSpec("自评平均分", unit="分值"),
)  # fmt: skip
SPECS: dict[str, TableSpec] = {spec.id: spec for spec in record_specs(FACTS)}
WITH_RECORDS = replace(LAYOUT, records=tuple(SPECS.values()), facts=FACTS, by_name={})
PROSE = Prose((Sentence("收入总计5万元。", "收入总计5万元。"),), explained=frozenset((0,)))

Written = Mapping[str, Any]
"""Column → printed text, and beside it: label, code, role, parent, sentence, line, unit (of money or of a count)."""


def amount(raw: str, unit: str, place: Place) -> Amount:
    """A text as a column of `unit` holds it."""
    if unit == "文字":
        return Amount(raw, "text" if raw else "blank", unit=unit, place=place)
    if " / " in raw:
        return Amount(raw, "unreadable", unit=unit, place=place)
    if raw.startswith("约"):
        return replace(read_amount(raw[1:], unit, place), approximate=True, raw=raw)
    return read_amount(raw.removesuffix("%"), unit, place)


def block(spec: TableSpec, name: str, written: Mapping[str, Written], first: int) -> BlockData:
    half = spec.block(name)
    assert half is not None
    counted = {row.key: row.unit for row in half.rows}
    rows: list[Row] = []
    values: dict[str, list[Amount]] = {column.name: [] for column in half.columns}
    for number, (key, cells) in enumerate(written.items(), 1):
        place = Place(line=cells.get("line", first + number))
        code = cells.get("code") or (key if key.isdigit() else None)
        level = (len(code) - 1) // 2 if code else 0
        sentence = cells.get("sentence", "")
        rows.append(Row(key, cells.get("label", key), sentence, "", code, None, cells.get("role", "明细"), level, cells.get("parent"), place=place))
        for column in half.columns:
            own = counted.get(key, "")
            unit = (own if column.name == "值" and (own in COUNTS or own == "分值") else "") or column.unit or cells.get("unit", "万元")
            values[column.name].append(amount(str(cells.get(column.name, "")), unit, place))
    return BlockData(half, tuple(rows), {column: tuple(amounts) for column, amounts in values.items()})


def record_set(name: str, written: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Table:
    """A record set; 自评表 as {block: {key: cells}}, the others as {key: cells}."""
    spec = SPECS[name]
    parts = written if name == "自评表" else {"": written}
    blocks = {half.name: block(spec, half.name, parts.get(half.name, {}), 100 * at) for at, half in enumerate(spec.blocks, 1)}
    return Table(spec, name, "万元", blocks, GridBlock(()), empty=not any(half.rows for half in blocks.values()), problems=tuple(problems))


def with_records(*sets: Table, tables: Sequence[Table] = (), prose: Prose = PROSE, **more: Any) -> Report:
    """A report of these tables that says these things."""
    return report(*tables, layout=WITH_RECORDS, records={one.spec.id: one for one in sets}, prose=prose, **more)


def spoken(*sentences: tuple[str, tuple[tuple[str, str], ...]]) -> Prose:
    """Prose of sentences, one a line, with the figures (raw, unit) that stand in them."""
    built = []
    for number, (text, figures) in enumerate(sentences, 1):
        place = Place(line=number)
        found = [Figure("金额", amount(raw, unit, place), text.find(raw), text.find(raw) + len(raw)) for raw, unit in figures]
        built.append(Sentence(text, text, place, figures=tuple(found)))
    return Prose(tuple(built), explained=frozenset(range(len(built))))


# --- forms --------------------------------------------------------------------------------------


def fact(name: str, column: str = "值", missing: str = "report", scope: str = "") -> Form:
    return ("cells", scope, "文字", "", column, ("key", name), missing)


def all_of(name: str, column: str, block: str = "", rows: Form = ALL) -> Form:
    return ("cells", "", name, block, column, rows, "report")


def each(name: str, body: Form, block: str = "") -> Form:
    return ("each", "r", all_of(name, SPECS[name].block(block).columns[0].name, block), body)  # type: ignore[union-attr]


def field(column: str) -> Form:
    return ("field", "r", column)


def eq(left: Form, right: Form, tolerance: Form = TAIL) -> Form:
    return ("cmp", "==", left, right, tolerance)

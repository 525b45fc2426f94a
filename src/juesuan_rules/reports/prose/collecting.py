"""Hits on one cell of a record set put together: alike they are one value, else 文内矛盾."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec
from msgspec.structs import replace

from juesuan_rules.amounts import PERCENT, SCORE, UNITS, Amount
from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.catalogue.records import FACTS, record_specs
from juesuan_rules.documents.model import NOWHERE, GridBlock, Place
from juesuan_rules.reports.model import BlockData, Problem, Row, Sentence, Table
from juesuan_rules.reports.prose.context import Context
from juesuan_rules.reports.prose.model import At, Mention

SIGNED = ("增减额", "增减率", "比预算增减额", "比预算增减率")
CONTRADICTION = "文内矛盾"
_LESS = ("减少", "小于")


class Hit(msgspec.Struct, frozen=True):
    """One statement of a cell: its amount, where it stands, and what it is relative to (年初, 调整, a year), "" nothing."""

    amount: Amount
    at: At
    base: str = ""


class Collected(msgspec.Struct):
    """Rows of a record set as they come, and every hit on each (row, column)."""

    rows: dict[str, Row] = {}
    units: dict[str, str] = {}
    hits: dict[tuple[str, str], list[Hit]] = {}

    def row(self, key: str, label: str, *, unit: str = "", code: str | None = None, level: int = 0, place: Place = NOWHERE) -> None:
        """Make sure that there is a row `key`."""
        if key not in self.rows:
            self.rows[key] = Row(key, label, label, code or "", code, level=level, place=place)
            self.units[key] = unit

    def add(self, key: str, column: str, hit: Hit) -> None:
        """One more statement of a cell."""
        self.hits.setdefault((key, column), []).append(hit)


def move_column(mention: Mention, year: int | None) -> str:
    """The column a mention belongs to: what is said of another year is last year's, or nothing."""
    if year is None or mention.year is None or mention.year == year:
        return mention.aspect
    return "上年数" if mention.year == year - 1 and mention.aspect == "值" else ""


def hit_of(context: Context, mention: Mention, column: str, unit: str) -> Hit | None:
    """The hit a mention makes: its amount signed by direction; 持平 makes a zero. None where it has no value."""
    if column in SIGNED and _other_base(context, mention, column):
        return None
    figure = context.figure(mention)
    if figure is None:
        if mention.direction != "持平" or column not in ("增减额", "比预算增减额") or context.says(mention, "基本持平"):
            return None
        return Hit(Amount("持平", "zero", 0, 2, "万元", context.sentences[mention.at[0]].place), mention.at, _base_kind(mention.base))
    amount = figure.amount
    if amount.value is None:
        return None
    if unit and unit not in (PERCENT,) and amount.unit not in UNITS and amount.unit != PERCENT:
        amount = replace(amount, unit=unit)
    if column in SIGNED:
        amount = _signed(amount, mention.direction)
    return Hit(amount, mention.at, _base_kind(mention.base))


def _signed(amount: Amount, direction: str) -> Amount:
    value = Fraction(amount.value or 0)
    signed = -abs(value) if direction in _LESS else value
    return replace(amount, value=signed.numerator if signed.denominator == 1 else signed)


def _base_kind(base: str) -> str:
    return next((kind for kind in ("年初", "调整", "全年") if kind in base), "")


def _other_base(context: Context, mention: Mention, column: str) -> bool:
    """Whether a change is against something else than last year (or the budget): 比2019年, 比前年."""
    if column.startswith("比预算") or not mention.base:
        return False
    years = [int(mention.base[at : at + 4]) for at in range(len(mention.base) - 3) if mention.base[at : at + 4].isdigit()]
    return any(context.year is not None and year != context.year - 1 for year in years) or "前年" in mention.base


def build_table(name: str, collected: Collected, layout: Layout, sentences: Sequence[Sentence]) -> Table:
    """The record set as a table: one row per key, blank where nothing is stated."""
    spec = layout.table(name) or next(s for s in record_specs(layout.facts) if s.id == name)
    columns: dict[str, list[Amount]] = {column.name: [] for column in spec.blocks[0].columns}
    problems: list[Problem] = []
    rows: list[Row] = []
    units = {column.name: column.unit for column in spec.blocks[0].columns}
    for key, row in collected.rows.items():
        first: Place | None = None
        for column, amounts in columns.items():
            hits = collected.hits.get((key, column), [])
            amount, problem = _settle(name, row, column, hits, sentences)
            amounts.append(amount if hits else Amount("", "blank", None, 0, _blank_unit(units[column], collected.units[key])))
            if hits and (first is None or column == "值"):
                first = amount.place
            if problem is not None:
                problems.append(problem)
        rows.append(replace(row, place=first) if first is not None else row)
    block = BlockData(spec.blocks[0], tuple(rows), {column: tuple(amounts) for column, amounts in columns.items()})
    return _table(spec, block, tuple(problems), not collected.hits and (name == FACTS or not collected.rows))


def _table(spec: TableSpec, block: BlockData, problems: tuple[Problem, ...], empty: bool) -> Table:
    place = next((row.place for row in block.rows if row.place != NOWHERE), NOWHERE)
    return Table(spec, spec.id, "万元", {"": block}, GridBlock(()), empty=empty, place=place, problems=problems)


def _blank_unit(column: str, row: str) -> str:
    return column or row or "万元"


def _settle(table: str, row: Row, column: str, hits: list[Hit], sentences: Sequence[Sentence]) -> tuple[Amount, Problem | None]:
    """One amount for the hits on a cell. Relative to different budgets, the first kind counts."""
    if len(hits) < 2:
        return hits[0].amount if hits else Amount("", "blank", None), None
    alike = [hit for hit in hits if hit.base == hits[0].base]
    best = min(alike, key=lambda hit: hit.amount.half)
    other = next((hit for hit in alike if not _agree(hit.amount, best.amount)), None)
    if other is None:
        return replace(best.amount, place=alike[0].amount.place), None
    pair = sorted((best, other), key=lambda hit: hit.at)
    raws = list(dict.fromkeys([hit.amount.raw for hit in alike]))
    message = f"“{row.label}”的{column}前后不一致：{_where(sentences, pair[0])}为 {_shown(pair[0], column)}，{_where(sentences, pair[1])}为 {_shown(pair[1], column)}"
    amount = replace(pair[0].amount, raw=" / ".join(raws[:4]), state="unreadable", value=None)
    return amount, Problem(CONTRADICTION, message, table, row.key, pair[1].amount.place)


def _agree(a: Amount, b: Amount) -> bool:
    """Two prints of one figure: as far apart as rounding can bring them, no farther."""
    if a.value is None or b.value is None:
        return True
    return abs(Fraction(a.value) - Fraction(b.value)) <= Fraction(a.half) + Fraction(b.half)


def _shown(hit: Hit, column: str) -> str:
    unit, value = hit.amount.unit, hit.amount.value
    if not any(char.isdigit() for char in hit.amount.raw):
        return hit.amount.raw
    sign = "" if column not in SIGNED or not value or hit.amount.raw.startswith("-") else "减少 " if value < 0 else "增加 "
    return f"{sign}{hit.amount.raw}{'分' if unit == SCORE else unit if unit not in hit.amount.raw else ''}"


def _where(sentences: Sequence[Sentence], hit: Hit) -> str:
    place = hit.amount.place
    if place.line is not None:
        return f"第 {place.line} 行"
    if place.page is not None:
        return f"第 {place.page} 页"
    text = sentences[hit.at[0]].text
    return f"“{text[:12]}…”一句"

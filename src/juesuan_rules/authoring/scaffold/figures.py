"""Figures for the first cases of a rule: found by trying them on the engine, not by knowing the rule.

Every cell the rule reads gets a plain figure. Where the rule then does not hold, one cell is solved
for (its comparison is linear, so two tries give the factor); one cell changed makes the failing case.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.catalogue.model import BlockSpec, Layout, RowSpec, TableSpec
from juesuan_rules.catalogue.records import FACTS, FUNCTION_FACTS, VALUE
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import WORST_FIRST, Finding
from juesuan_rules.language.model import CheckedRule, Form

PRIOR = "上年"
_BASE = Fraction(100)
_STEP = Fraction(10)
_CHAINS = {"功能": ("201", "20103", "2010301"), "经济": ("301", "30101")}
_NAMES = {"201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行", "301": "工资福利支出", "30101": "基本工资"}
_MOST_TRIES = 300
_ROUNDS = 4
_TOTALS = ("合计", "总计")


class Unsupported(Exception):
    """The rule reads something figures cannot be made up for; the message says what."""


class Spot(msgspec.Struct, frozen=True):
    """One cell: scope ("" or 上年), table, block, row key, column."""

    scope: str
    table: str
    block: str
    row: str
    column: str


Figures = dict[Spot, Fraction]


class Examples(msgspec.Struct, frozen=True):
    """What a case of either kind says: keys of a case (tables, records, prior). None: not found, for `why`."""

    holding: dict[str, Any] | None
    failing: dict[str, Any] | None
    why: str = ""


def find_examples(rule: CheckedRule, layout: Layout, year: int | None) -> Examples:
    """A case in which the rule holds and one in which it fails, both tried; or why there is none."""
    search = _Search(rule, layout, year)
    try:
        start = search.start()
        holding = search.solve(start)
    except (Unsupported, CaseProblem) as problem:
        return Examples(None, None, str(problem))
    if holding is None:
        return Examples(None, None, "没有试出使规则成立的数")
    failing = search.spoil(holding)
    return Examples(search.content(holding), search.content(failing) if failing is not None else None, "" if failing else "没有试出使规则不成立的数")


class _Search:
    def __init__(self, rule: CheckedRule, layout: Layout, year: int | None) -> None:
        self.rule, self.layout, self.year = rule, layout, year
        self.plan = prepare((rule,))
        self.tries = 0

    def start(self) -> Figures:
        """A plain figure for every cell the rule reads."""
        forms: list[Any] = [f for c in self.rule.checks for f in (c.form, c.when) if f] + ([self.rule.when] if self.rule.when else [])
        if any(node[0] == "structure" for form in forms for node in _walk(form)):
            raise Unsupported("这是对表的结构的检查，用例要照着写")
        cells = [node for form in forms for node in _read(form)]
        if not cells:
            raise Unsupported("规则不读表里的格")
        wanted: dict[tuple[str, str, str], dict[str, None]] = {}
        columns: dict[tuple[str, str, str], dict[str, None]] = {}
        for _, scope, table, block, column, rows, _ in cells:
            if scope not in ("", PRIOR):
                raise Unsupported("规则要读所属单位的报告")
            spec, half = self._half(table, block)
            where = (scope, table, block)
            wanted.setdefault(where, {}).update(dict.fromkeys(self._rows(spec, half, rows)))
            names = [c.name for c in half.columns if not c.unit] if column == "*" else [column]
            columns.setdefault(where, {}).update(dict.fromkeys(names))
        figures: Figures = {}
        for where, keys in wanted.items():
            spec, half = self._half(where[1], where[2])
            for column in columns[where]:
                figures.update({Spot(*where, key, column): _BASE for key in self._completed(spec, half, list(keys))})
        return figures

    def solve(self, figures: Figures) -> Figures | None:
        """Figures with which the rule holds, changing as few cells as it takes."""
        return self._even(figures) or self._uneven(figures)

    def _uneven(self, figures: Figures) -> Figures | None:
        """One cell moved, for a rule that asks for more or for less."""
        for group in (*[(spot,) for spot in figures], *_columns(figures)):
            for step in (_STEP, -_STEP):
                changed = _moved(figures, group, step)
                if _outcome(self.judge(changed)) == "pass":
                    return changed
        return None

    def _even(self, figures: Figures) -> Figures | None:
        for _ in range(_ROUNDS):
            findings = self.judge(figures)
            if _outcome(findings) == "pass":
                return figures
            bad = next((f for f in findings if f.outcome in ("fail", "doubtful") and f.difference is not None), None)
            if bad is None:
                return None
            better = self._solved(figures, bad)
            if better is None:
                return None
            figures = better
        return figures if _outcome(self.judge(figures)) == "pass" else None

    def spoil(self, figures: Figures) -> Figures | None:
        """Figures with which the rule fails: one cell of those that hold is changed."""
        for group in (*[(spot,) for spot in figures], *_columns(figures)):
            for step in (_STEP, -_STEP, -2 * figures[group[0]]):
                changed = _moved(figures, group, step)
                if _outcome(self.judge(changed)) == "fail":
                    return changed
        return None

    def judge(self, figures: Figures) -> tuple[Finding, ...]:
        """What the engine says of a report with these figures."""
        self.tries += 1
        if self.tries > _MOST_TRIES:
            raise Unsupported("试了很多组数，没有试出来")
        content = self.content(figures)
        report = build_report(self.layout, content.get("tables", {}), self.year, content.get("records"))
        before = content.get("prior")
        prior = build_report(self.layout, before.get("tables", {}), self.year - 1 if self.year else None, before.get("records")) if before else None
        return explain(run(self.plan, report, prior), True)[0]

    def content(self, figures: Figures) -> dict[str, Any]:
        """The figures as a case writes them."""
        found: dict[str, Any] = {}
        for spot, number in figures.items():
            spec, half = self._half(spot.table, spot.block)
            place = found.setdefault("prior", {}) if spot.scope else found
            kind = "records" if spec.form == "records" else "tables"
            rows = place.setdefault(kind, {}).setdefault(spec.short[0] if spec.short else spec.id, {})
            rows.setdefault(self._name(spec, half, spot.row), {})[spot.column] = _text(number)
        for kinds in (found, found.get("prior", {})):
            for kind in ("tables", "records"):
                for name, rows in kinds.get(kind, {}).items():
                    known = self.layout.table(name)
                    rows.update({key: _shortest(known, kind, values) for key, values in rows.items()})
        return found

    # ---------------------------------------------------------------- which cells

    def _half(self, table: str, block: str) -> tuple[TableSpec, BlockSpec]:
        spec = self.layout.table(table)
        half = spec.block(block) if spec is not None else None
        if spec is None or half is None or (spec.form == "records" and table not in (FACTS, FUNCTION_FACTS)):
            raise Unsupported(f"“{table}”的用例要照着写")
        return spec, half

    def _rows(self, spec: TableSpec, half: BlockSpec, rows: Form) -> list[str]:
        """A few rows that a selection picks."""
        kind = rows[0]
        if kind in ("key", "keys"):
            return [str(key) for key in rows[1:]]
        if kind in ("not", "and", "label"):
            return self._rows(spec, half, rows[1]) if kind == "and" else self._usual(spec, half)
        if kind == "prefix":
            code = str(rows[1])
            return [r.key for r in half.rows if r.key.startswith(code)][:2] or [self._under(spec, code)]
        if kind == "all" or (spec.chart and rows[1] in ("类", "款", "项", "明细", "末级", "非末级")):
            return self._usual(spec, half)
        found = [r.key for r in half.rows if r.role == rows[1]]
        if not found:
            raise Unsupported(f"“{spec.id}”里没有“{rows[1]}”的行")
        return found[:2]

    def _under(self, spec: TableSpec, prefix: str) -> str:
        """A code that begins so: a usual one, else the first of the dictionaries, else a made-up one."""
        length = 5 if spec.chart == "经济" else 7
        known = (word for d in self.layout.dictionaries for word, _ in d.entries if word.isdigit() and len(word) <= length)
        usual = reversed(_CHAINS[spec.chart or "功能"])
        return next((code for code in (*usual, *known) if code.startswith(prefix)), prefix.ljust(length, "1"))

    def _usual(self, spec: TableSpec, half: BlockSpec) -> list[str]:
        if spec.chart or spec.id == FUNCTION_FACTS:
            return list(_CHAINS[spec.chart or "功能"])
        return [r.key for r in half.rows if r.role == "明细"][:2]

    def _completed(self, spec: TableSpec, half: BlockSpec, keys: list[str]) -> list[str]:
        """The rows with the parents of every code, in the order of the table."""
        if spec.form not in ("codes", "panels"):
            order = [r.key for r in half.rows]
            return sorted(keys, key=lambda k: order.index(k) if k in order else len(order))
        codes = {key[:n] for key in keys if key.isdigit() for n in (3, 5, 7) if n <= len(key)}
        return [*[key for key in keys if not key.isdigit()], *sorted(codes)]

    def _name(self, spec: TableSpec, half: BlockSpec, key: str) -> str:
        row = next((r for r in half.rows if r.key == key), None)
        if row is None:
            name = next((m for d in self.layout.dictionaries for w, m in d.entries if w == key and m), _NAMES.get(key, ""))
            return f"{key} {name}".rstrip() if key.isdigit() and name else key
        others = [r for b in spec.blocks if b.name != half.name for r in b.rows]
        return f"{half.name}.{row.key}" if any(_shares(row, other) for other in others) else row.key

    # ---------------------------------------------------------------- solving

    def _solved(self, figures: Figures, bad: Finding) -> Figures | None:
        """One cell (or one column) set so that a failed comparison comes out even."""
        at = Fraction(Decimal(bad.difference or "0"))
        best: tuple[int, Figures] | None = None
        for group in (*_columns(figures), *[(spot,) for spot in figures]):
            tried = self._same(self.judge(_moved(figures, group, Fraction(1))), bad)
            if tried is None or tried.difference is None:
                continue
            factor = Fraction(Decimal(tried.difference)) - at
            step = -at / factor if factor else None
            if step is None or (step * 100).denominator != 1:
                continue
            changed = _moved(figures, group, step)
            if min(changed.values()) < 0:
                continue
            left = sum(f.outcome != "pass" for f in self.judge(changed))
            if best is None or left < best[0]:
                best = (left, changed)
            if left == 0:
                break
        return best[1] if best is not None else None

    def _same(self, findings: tuple[Finding, ...], one: Finding) -> Finding | None:
        return next((f for f in findings if (f.formula, f.key, f.check) == (one.formula, one.key, one.check)), None)


def _shortest(spec: TableSpec | None, kind: str, values: dict[str, str]) -> Any:
    """The values of a row as a case writes them shortest: one value, a list in the layout's order, or by column."""
    if kind == "records":
        return values[VALUE] if list(values) == [VALUE] else values
    leading = [[c.name for c in block.columns[: len(values)]] for block in spec.blocks] if spec is not None else []
    if list(values) not in leading:
        return values
    single = spec is not None and all(len(block.columns) == 1 for block in spec.blocks)
    return next(iter(values.values())) if single else list(values.values())


def _read(form: Any) -> Iterator[Form]:
    """Every set of cells a form reads; of a quantifier also the columns its body asks of the variable."""
    domains = {node[1]: node[2] for node in _walk(form) if node[0] in ("each", "exists", "unique", "tally")}
    yield from (node for node in _walk(form) if node[0] == "cells" and node not in domains.values())
    for node in _walk(form):
        if node[0] == "field" and node[1] in domains:
            cells = domains[node[1]]
            yield (*cells[:4], node[2], *cells[5:])


def _outcome(findings: tuple[Finding, ...]) -> str:
    return next((o for o in WORST_FIRST if any(f.outcome == o for f in findings)), "")


def _columns(figures: Figures) -> list[tuple[Spot, ...]]:
    """The cells of every column with several rows: moved together, parents and children stay even."""
    groups: dict[tuple[str, ...], list[Spot]] = {}
    for spot in figures:
        groups.setdefault((spot.scope, spot.table, spot.block, spot.column), []).append(spot)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _moved(figures: Figures, group: tuple[Spot, ...], step: Fraction) -> Figures:
    return {spot: number + step if spot in group else number for spot, number in figures.items()}


def _shares(row: RowSpec, other: RowSpec) -> bool:
    return row.key in (other.key, other.label, *other.aliases)


def _walk(form: Any) -> Iterator[Form]:
    if isinstance(form, tuple):
        if form and isinstance(form[0], str):
            yield form
        for part in form:
            yield from _walk(part)


def _text(number: Fraction) -> str:
    cents = int(number * 100)
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"

"""Basis, severity and tolerance of rules (L401–L407, L412)."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from math import isqrt

from juesuan_rules.authoring.linting.truth import WAN
from juesuan_rules.authoring.linting.work import Authored, Work
from juesuan_rules.engine.forms import cells_in
from juesuan_rules.language.model import Form
from juesuan_rules.packs.rulefile import UNVERIFIED

_PLACEHOLDER = re.compile("待[补定填写查]|某某|[XxＸｘ×]{2,}|TODO|TBD|…|\\.{3}|[?？]{2,}|_{2,}", re.IGNORECASE)
HALF = 5000
"""Half of the last printed decimal, 0.01 万元, in 分."""
WIDEST = Fraction(1, 5)
"""A relative tolerance above this is called wide."""
MOST = 10 * WAN
"""A fixed tolerance above this (分) is called wide."""


def check_rule(work: Work, one: Authored) -> None:
    """All that is about one rule."""
    if not one.changed or "basis" in one.fields.values:
        _check_basis(work, one)
    _check_severity(work, one)
    _check_tolerances(work, one)


def _check_basis(work: Work, one: Authored) -> None:
    basis = one.rule.basis
    if not basis:
        work.at(one, "L401", f"规则 {one.rule.id} 没有依据", "basis", hint="写明文号、条款；没有核实的写 核验: 未核验")
        return
    if any(_PLACEHOLDER.search(text) or not text.strip("〔〕[]（）()《》号第条款 ") for text, _, _ in basis) or any(_PLACEHOLDER.search(clause) for _, clause, _ in basis):
        work.at(one, "L412", f"规则 {one.rule.id} 的依据还是占位的文字", "basis", hint="写明文号、条款；核对过原文的写核验日期，没有的写 核验: 未核验")
        return
    dates = [_date(verified) for _, _, verified in basis if verified != UNVERIFIED]
    known = [date for date in dates if date is not None]
    if not known:
        work.at(one, "L402", f"规则 {one.rule.id} 的依据没有核验", "basis")
        return
    newest, years = max(known), work.settings.basis_years
    if _later(newest, years) < work.settings.today:
        work.at(one, "L403", f"规则 {one.rule.id} 的依据是 {newest.isoformat()} 核验的，超过 {years} 年", "basis", hint="核对原文后更新“核验”的日期")


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _later(date: datetime.date, years: int) -> datetime.date:
    try:
        return date.replace(year=date.year + years)
    except ValueError:
        return date.replace(year=date.year + years, day=28)


def _check_severity(work: Work, one: Authored) -> None:
    given = [text.severity for text in one.rule.checks]
    if given and all(given) and ("severity" in one.fields.values or len(given) == 1):
        what = "唯一的一项核对另写了级别" if len(given) == 1 else "每一项核对都另写了级别"
        work.at(one, "L407", f"{what}，规则的级别用不到", "severity", hint="把级别写在规则上，各项只写与它不同的")


def _check_tolerances(work: Work, one: Authored) -> None:
    views = work.views_of(one.rule)
    checked = work.outcomes.outcome(one.rule, views[0]).checked if views else None
    for number, check in enumerate(checked.checks if checked is not None else ()):
        for comparison in _comparisons(check.form):
            _check_tolerance(work, one, number, comparison)


def _comparisons(form: Form) -> list[Form]:
    if form[0] == "cmp":
        return [form]
    return [found for part in form[1:] if isinstance(part, tuple) and part and isinstance(part[0], str) for found in _comparisons(part)]


def _check_tolerance(work: Work, one: Authored, number: int, comparison: Form) -> None:
    tolerance = comparison[4]
    if tolerance[0] == "relative":
        if Fraction(tolerance[1], tolerance[2]) > WIDEST:
            work.at_check(one, number, "L406", f"相对容差 {_percent(tolerance)} 太大", "检查是否少写了小数点")
        return
    if tolerance[0] != "fixed" or tolerance[1] == 0 or tolerance[3] not in (None, "money"):
        return
    amount = Fraction(tolerance[1], tolerance[2]) * (WAN if tolerance[3] is None else 1)
    sources = {cells[2] for cells in cells_in(comparison)}
    if tolerance[3] is None and len(sources) > 1:
        work.at_check(one, number, "L404", "容差没有写单位，而比较的不是同一张表：印的单位不同时无法判断", "写明单位，如 ± 0.02万元、± 200元，或写 ± 尾差")
    if amount > MOST:
        work.at_check(one, number, "L406", f"容差 {_money(amount)} 太大", "检查单位：没有写单位的按所印的单位（一般是万元）算")
    least = _tail(comparison)
    if comparison[1] == "==" and least is not None and amount < least:
        work.at_check(one, number, "L405", f"容差 {_money(amount)} 小于四舍五入能带来的差（{_money(least)}）", "写 ± 尾差；确实要完全相同的写 ± 0")


def _tail(comparison: Form) -> Fraction | None:
    """The least that 尾差 comes to, by the number of figures compared; None where that is not known."""
    weights = [weight for side in comparison[2:4] if (found := _weights(side)) is not None for weight in found]
    if not weights:
        return None
    whole = HALF * sum(weights, Fraction(0))
    likely = Fraction(isqrt(int(3 * HALF * HALF * sum((w * w for w in weights), Fraction(0)))))
    return min(whole, max(Fraction(2 * HALF), likely))


def _weights(form: Form) -> list[Fraction] | None:
    """The factor of every figure of a sum, rows of a column counted as one; None for anything else."""
    head = form[0]
    if head == "number":
        return []
    if head in ("cells", "field", "agg", "children"):
        return [Fraction(1)]
    if head == "neg":
        return _weights(form[1])
    if head in ("add", "sub"):
        left, right = _weights(form[1]), _weights(form[2])
        return None if left is None or right is None else [*left, *right]
    return None


def _percent(tolerance: Form) -> str:
    return f"{float(Fraction(tolerance[1], tolerance[2]) * 100):g}%"


def _money(amount: Fraction) -> str:
    """An amount of 分 in 万元 or 元, as short as it is exact enough to read."""
    yuan = float(amount) / 100
    return f"{yuan / 10000:g} 万元" if yuan >= 10000 else f"{yuan:g} 元"

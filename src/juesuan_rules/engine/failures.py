"""Failed comparisons, and for every figure in one the corrections of it that would mend the comparison."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from juesuan_rules.amounts import Exact
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement, merged
from juesuan_rules.engine.evaluation import Evaluation, Verdict
from juesuan_rules.engine.forms import exact, size
from juesuan_rules.engine.quotes import Figures
from juesuan_rules.engine.values import Value
from juesuan_rules.language.model import Form

Interval = tuple[Exact | None, Exact | None]
"""Least and greatest; None: without bound."""


class Failure(msgspec.Struct, frozen=True):
    """A failed comparison: per cell its factor and the interval of corrections that would mend it.

    straight: a weighted sum of figures; of a ratio the factors are all 0.
    """

    verdict: Verdict
    op: str
    difference: Exact
    slack: Exact
    factors: dict[Cell, Exact]
    corrections: dict[Cell, Interval]
    straight: bool = True

    def holds(self, difference: Exact) -> bool:
        """Whether the comparison would hold at this difference; twice the slack, for two corrections."""
        excess = size(difference) if self.op == "==" else difference if self.op in ("<=", "<") else -difference
        return excess <= 2 * self.slack


def read_failure(verdict: Verdict, evaluation: Evaluation, figures: Figures) -> Failure | None:
    """What a failed verdict says of its figures, or None where it compares no figures."""
    detail = evaluation.detail(verdict)
    if not isinstance(detail, Judgement) or detail.left is None or detail.right is None:
        return None
    difference, form = detail.difference, detail.form
    if difference is None or form[:1] != ("cmp",) or form[1] == "!=" or any(cell.sheet.records for cell in detail.absent):
        return None  # what nobody wrote is the cause itself; no figure is to blame
    if not (detail.left.linear and detail.right.linear):
        return _ratio(verdict, detail, detail.left, detail.right, figures)
    # Against a row that is not there, the figure would have to be nothing: the row counts as 0.
    terms = _as_one({cell: factor for cell, factor in merged(detail.left, detail.right).items() if cell not in detail.absent}, figures)
    slack: Exact = detail.bound.limit if detail.bound is not None else 0
    corrections = {cell: _correction(form, difference, factor, slack) for cell, factor in terms.items() if factor}
    return Failure(verdict, form[1], difference, slack, terms, corrections)


def _as_one(terms: dict[Cell, Exact], figures: Figures) -> dict[Cell, Exact]:
    """Factors with one cell for every printed figure."""
    found: dict[Cell, Exact] = {}
    for cell, factor in terms.items():
        first, sign = figures.same(cell)
        found[first] = found.get(first, 0) + sign * factor
    return found


def _correction(form: Form, difference: Exact, factor: Exact, slack: Exact) -> Interval:
    """Changes of a cell that would make the comparison hold."""
    ends = sorted((Fraction(-difference - slack) / factor, Fraction(-difference + slack) / factor))
    if form[1] == "==":
        return exact(ends[0]), exact(ends[1])
    falling = (form[1] in ("<=", "<")) == (factor > 0)
    return (None, exact(ends[1])) if falling else (exact(ends[0]), None)


def _ratio(verdict: Verdict, judgement: Judgement, left: Value, right: Value, figures: Figures) -> Failure | None:
    """x ÷ y == r or x × y == r, with x, y and r weighted sums: what each figure would have to be."""
    form = judgement.form
    value, other = (left, right) if left.parts is not None else (right, left)
    if form[1] != "==" or value.parts is None or not other.linear:
        return None
    sign, x, y = value.parts
    if not (x.linear and y.linear):
        return None
    factors = [_as_one(part.terms, figures) for part in (x, y, other)]
    cells = dict.fromkeys([cell for part in factors for cell in part])
    corrections: dict[Cell, Interval] = {}
    for cell in cells:
        a, b, c = [part.get(cell, 0) for part in factors]
        found = _of_ratio(x, y, other, a, b, c) if sign == "÷" else _of_product(x, y, other, a, b, c)
        if found is not None:
            corrections[cell] = found
    return Failure(verdict, "==", judgement.difference or 0, 0, dict.fromkeys(cells, 0), corrections, straight=False)


def _of_ratio(x: Value, y: Value, r: Value, a: Exact, b: Exact, c: Exact) -> Interval | None:
    """Changes δ with x + aδ = (r + cδ)(y + bδ) for some reading of the rounded figures; one of a, b or c."""
    if c and (a or b):
        return None
    if c:
        low, high = [Fraction(end - r.number) / c for end in _quotient(x, y, r)] if y.number else (None, None)
        return None if low is None or high is None else (exact(min(low, high)), exact(max(low, high)))
    spread = _spread(x)
    ends: list[Fraction] = []
    for rate in r.interval:
        slope = a - rate * b
        if not slope:
            return None
        wide = Fraction(spread + size(rate) * _spread(y)) / abs(Fraction(slope))
        middle = Fraction(rate * y.number - x.number) / slope
        ends += [middle - wide, middle + wide]
    return exact(min(ends)), exact(max(ends))


def _of_product(x: Value, y: Value, r: Value, a: Exact, b: Exact, c: Exact) -> Interval | None:
    """Changes δ of a figure that stands in one of x, y and r only, so that x · y = r."""
    if sum(map(bool, (a, b, c))) != 1:
        return None
    if c:
        corners = [p * q for p in x.interval for q in y.interval]
        wide = _spread(r)
        ends = sorted((Fraction(min(corners) - wide - r.number) / c, Fraction(max(corners) + wide - r.number) / c))
        return exact(ends[0]), exact(ends[1])
    one, rest, factor = (x, y, a) if a else (y, x, b)
    low, high = rest.interval
    if low <= 0 <= high:
        return None
    wanted = [Fraction(end) / side for end in r.interval for side in (low, high)]
    wide = _spread(one)
    ends = sorted(((min(wanted) - wide - one.number) / factor, (max(wanted) + wide - one.number) / factor))
    return exact(ends[0]), exact(ends[1])


def _quotient(x: Value, y: Value, r: Value) -> tuple[Exact, Exact]:
    """The interval of x ÷ y, widened by what r itself may be off."""
    low, high = y.interval
    sides = [end for end in (low, high) if end] if low <= 0 <= high else [low, high]
    corners = [exact(Fraction(end) / side) for end in x.interval for side in sides]
    wide = _spread(r)
    return min(corners) - wide, max(corners) + wide


def _spread(value: Value) -> Exact:
    low, high = value.interval
    return exact(Fraction(high - low) / 2)

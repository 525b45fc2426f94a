"""Comparison and tolerance: from two values to an outcome.

Let d = left − right, H = Σ|c|h over the figures of both sides, S = 3·√(Σ(ch)²/3), q the coarsest last
printed decimal and P = min(H, max(q, S)). |d| up to P is rounding, up to H 存疑, beyond it 不符. All
bounds are inclusive and compared as squares of whole numbers.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Literal

import msgspec

from juesuan_rules.amounts import UNITS, Exact
from juesuan_rules.engine.books import Lack
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.doubts import doubt
from juesuan_rules.engine.forms import exact, ratio, size
from juesuan_rules.engine.values import Value, money_unit, weightier
from juesuan_rules.findings import Outcome
from juesuan_rules.language.model import Form

Grade = Literal["exact", "rounding", "doubtful", "beyond"]
_ACCEPTS: dict[Grade, tuple[Outcome, bool]] = {"exact": ("pass", False), "rounding": ("pass", True), "doubtful": ("doubtful", False), "beyond": ("fail", False)}
_REJECTS: dict[Grade, tuple[Outcome, bool]] = {"exact": ("fail", False), "rounding": ("fail", False), "doubtful": ("doubtful", False), "beyond": ("pass", False)}
OPPOSITE = {"!=": "==", "<": ">=", ">": "<="}


class Bound(msgspec.Struct, frozen=True):
    """The tolerance that applied. kind: tail | fixed | relative | interval.

    sure: up to here the difference is accepted (rounded down to the last printed decimal for a tail).
    limit: up to here it is 存疑 (equal to `sure` where nothing is in between). terms: how many
    rounded figures went in. quantum: one unit of the last printed decimal. written: as the rule has it.
    """

    kind: str
    sure: Exact
    limit: Exact
    terms: int = 0
    quantum: Exact = 0
    written: tuple[Exact, str | None] = (0, None)

    @property
    def most(self) -> Exact:
        """`limit` rounded down to the last printed decimal."""
        return _floored(self.limit, self.quantum)


_NO_TAIL = Bound("tail", 0, 0)
"""Of counts, scores and literals, which nobody rounded."""


class Judgement(msgspec.Struct):
    """The outcome of a condition at one key, with what an explanation needs.

    vacuous: nothing printed on either side, so the verdict is 不适用 unless a larger condition uses
    it. form: the comparison that decided. count: how many records, for 计数-like conditions.
    """

    outcome: Outcome
    rounding: bool = False
    reason: str | None = None
    detail: str = ""
    vacuous: bool = False
    left: Value | None = None
    right: Value | None = None
    bound: Bound | None = None
    form: Form = ()
    table: str = ""
    cause: str | None = None
    absent: tuple[Cell, ...] = ()

    @property
    def difference(self) -> Exact | None:
        """left − right, None where there was nothing to subtract."""
        if self.left is None or self.right is None or self.left.problem or self.right.problem:
            return None
        return exact(self.left.number - self.right.number)


def undecided(lack: Lack, form: Form = (), left: Value | None = None, right: Value | None = None) -> Judgement:
    """无法判断 with its reason, or 不适用 where the lack says so."""
    return Judgement(lack.outcome, reason=lack.reason, detail=lack.text, left=left, right=right, form=form, table=lack.table, cause=lack.cause)


def merged(left: Value, right: Value) -> dict[Cell, Exact]:
    """Factors of the figures in left − right; a figure on both sides counts with what remains of it."""
    terms = dict(left.terms)
    for cell, factor in right.terms.items():
        terms[cell] = terms.get(cell, 0) - factor
    return terms


def decide(form: Form, left: Value, right: Value) -> Judgement:
    """Judge ("cmp", op, …) for values already at hand."""
    op: str = form[1]
    tolerance: Form = form[4]
    problem = weightier(left.problem, right.problem)
    if problem is not None:
        return undecided(problem, form, left, right)
    if left.text is not None or right.text is not None:
        return _texts(form, left, right)
    if left.absent or right.absent:
        return _absent(form, left, right)
    difference = left.number - right.number
    base = OPPOSITE.get(op, op)
    excess: Exact = size(difference) if base == "==" else max(difference if base == "<=" else -difference, 0)
    if not excess and base == op and (left.printed or right.printed):
        # It holds under any tolerance: what that would have been, `bound_of` works out when asked.
        return Judgement("pass", left=left, right=right, form=form)
    applied = _bound(tolerance, left, right, excess)
    if isinstance(applied, Lack):
        return undecided(applied, form, left, right)
    bound, squares = applied
    if bound.kind == "interval":
        grade = _interval_grade(base, left, right, excess)
    else:
        grade = _grade(excess, bound, squares)
    outcome, rounding = (_REJECTS if op in OPPOSITE else _ACCEPTS)[grade]
    nothing = not left.printed and not right.printed
    vacuous = nothing and (outcome == "pass" or not (left.constant or right.constant))
    if outcome in ("fail", "doubtful") and (unsure := doubt((*left.terms, *right.terms))) is not None:
        return undecided(unsure, form, left, right)
    return Judgement(outcome, rounding, vacuous=vacuous, left=left, right=right, bound=bound, form=form)


def bound_of(judgement: Judgement) -> Bound | None:
    """The tolerance of a comparison, also of one that holds without it."""
    left, right, form = judgement.left, judgement.right, judgement.form
    if judgement.bound is not None or form[:1] != ("cmp",) or left is None or right is None or judgement.difference is None or judgement.absent:
        return judgement.bound
    applied = _bound(form[4], left, right, 0)
    return None if isinstance(applied, Lack) else applied[0]


def _texts(form: Form, left: Value, right: Value) -> Judgement:
    """Names and codes compare after normalisation; only == and != mean anything for them."""
    from juesuan_rules.names import label

    same = left.text is not None and right.text is not None and label(left.text) == label(right.text)
    outcome: Outcome = "pass" if same == (form[1] == "==") else "fail"
    return Judgement(outcome, left=left, right=right, form=form)


def _absent(form: Form, left: Value, right: Value) -> Judgement:
    """A key that one side of a join does not have: a finding, unless the other side shows nothing."""
    missing = left.absent + right.absent
    present = [c for c in (*left.terms, *right.terms) if c.amount is not None]
    if not any(c.amount is not None and c.amount.value for c in present):
        return Judgement("not_applicable", reason="全空", vacuous=True, left=left, right=right, form=form, absent=missing)
    if form[1] == "!=":
        return Judgement("undecided", reason="缺行", left=left, right=right, form=form, absent=missing, table=missing[0].table.spec.id)
    cell = missing[0]
    if (unsure := doubt(present, missing)) is not None:
        return undecided(unsure, form, left, right)
    # The same id as `lost_rows.row_cause`, which stands above this module.
    cause = f"缺行:{cell.table.spec.id}[{cell.key}]"
    return Judgement("fail", reason="缺行", left=left, right=right, form=form, absent=missing, cause=cause)


def _bound(tolerance: Form, left: Value, right: Value, excess: Exact) -> tuple[Bound, Exact] | Lack:
    """The tolerance in the values' own measure, and 3·Σ(ch)² for the test of S."""
    kind = tolerance[0]
    if kind == "relative":
        limit = exact(size(right.number) * Fraction(tolerance[1], tolerance[2]))
        return Bound("relative", limit, limit, written=(exact(Fraction(tolerance[1], tolerance[2])), None)), 0
    if kind == "fixed":
        return _fixed(tolerance, left, right, excess)
    if not (left.linear and right.linear):
        return Bound("interval", 0, 0, terms=len(left.terms | right.terms)), 0
    if not any(cell.half for value in (left, right) for cell in value.terms):
        return _NO_TAIL, 0
    total: Exact = 0
    squares: Exact = 0
    widest: Exact = 0
    count = 0
    for cell, factor in merged(left, right).items():
        half = cell.half
        if factor and half:
            count += 1
            width = size(factor) * half
            total += width
            squares += width * width
            widest = max(widest, half)
    quantum = exact(2 * widest)
    squares = 3 * squares
    return Bound("tail", _sure(exact(total), squares, quantum), exact(total), count, quantum), squares


def _sure(total: Exact, squares: Exact, quantum: Exact) -> Exact:
    """P = min(H, max(q, S)), rounded down to a whole number of last printed decimals."""
    if not quantum:
        return 0
    steps = max(1, isqrt(int(Fraction(squares) / Fraction(quantum) ** 2)))
    return _floored(min(total, steps * quantum), quantum)


def _floored(value: Exact, quantum: Exact) -> Exact:
    return exact(int(Fraction(value) / quantum) * Fraction(quantum)) if quantum else value


def _fixed(tolerance: Form, left: Value, right: Value, excess: Exact) -> tuple[Bound, Exact] | Lack:
    written = ratio(tolerance[1], tolerance[2])
    unit = tolerance[3]
    limit = written
    if unit is None and "money" in (left.kind, right.kind):
        units = {unit for value in (left, right) for cell in value.terms if (unit := money_unit(cell))}
        if len(units) > 1 and excess:
            return Lack("单位不同", f"两边的金额单位不同（{'、'.join(sorted(units))}），容差须写明单位")
        limit = exact(written * UNITS[min(units)]) if units else written
    elif unit is None and {"percent", "points"} & {left.kind, right.kind}:
        limit = exact(Fraction(written) / 100)  # as printed, like the unit of a table: ± 0.5 of a percentage is half a point
    return Bound("fixed", limit, limit, written=(written, unit)), 0


def _grade(excess: Exact, bound: Bound, squares: Exact) -> Grade:
    if not excess:
        return "exact"
    if excess > bound.limit:
        return "beyond"
    if bound.kind != "tail" or excess <= bound.quantum or excess * excess <= squares:
        return "rounding"
    return "doubtful"


def _interval_grade(base: str, left: Value, right: Value, excess: Exact) -> Grade:
    if not excess:
        return "exact"
    (low, high), (right_low, right_high) = left.interval, right.interval
    if base == "==":
        meets = low <= right_high and right_low <= high
    else:
        meets = low <= right_high if base == "<=" else high >= right_low
    return "rounding" if meets else "beyond"

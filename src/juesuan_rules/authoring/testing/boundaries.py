"""Cases at the edge of a tolerance, made from cases that hold.

A figure of a linear comparison is moved until the difference is the largest that the tolerance accepts,
then one unit of its last decimal further, and the same at the far end of 存疑. What must come out there is
worked out here from the definition of the tolerances, apart from the engine that is being tested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

import msgspec

from juesuan_rules.amounts import UNITS, Exact, half_width, show
from juesuan_rules.authoring.altering import printed_as, step_of, with_amounts
from juesuan_rules.authoring.testing.bench import Tried
from juesuan_rules.diagnostics import Span
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement, merged
from juesuan_rules.engine.evaluation import PASS, ROUNDING, Part, Verdict
from juesuan_rules.engine.forms import size
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.engine.plan import Plan, PlannedCheck, run
from juesuan_rules.engine.values import money_unit
from juesuan_rules.findings import OUTCOME_ZH
from juesuan_rules.language.model import Form

_MOST_ROWS = 3
"""Rows of one check that are tried in one case until one of them can be moved."""


class Boundary(msgspec.Struct, frozen=True):
    """One generated case: a figure moved, and what came out.

    at: where it lies (容差之内, 超出一个末位, 存疑之内, 超出存疑). figure, printed: the figure moved and what it
    now says. distance: left − right, in `unit`. expected, actual: outcomes as in findings; a pass that only
    rounding explains is 相符（尾差）: rounding, as expected and as it came.
    """

    rule: str
    check: str
    case: str
    span: Span
    at: str
    figure: str
    printed: str
    distance: str
    unit: str
    expected: str
    actual: str
    rounding: tuple[bool, bool] = (False, False)

    @property
    def passed(self) -> bool:
        """Whether the verdict is what the tolerance says."""
        return self.expected == self.actual and self.rounding[0] == self.rounding[1]

    @property
    def message(self) -> str:
        """What is wrong, in one sentence; "" where nothing is."""
        if self.passed:
            return ""
        place = f"{self.figure} 改作 {self.printed}，两边差 {self.distance}{self.unit}（{self.at}）"
        wanted, came = [f"“{OUTCOME_ZH[o]}{'（尾差）' if r else ''}”" for o, r in zip((self.expected, self.actual), self.rounding, strict=True)]
        return f"{place}：应为{wanted}，实为{came}"


class Unreached(msgspec.Struct, frozen=True):
    """A linear check whose tolerance no case could be moved to."""

    rule: str
    check: str
    reason: str


def try_boundaries(tried: Sequence[Tried]) -> tuple[tuple[Boundary, ...], tuple[Unreached, ...]]:
    """Generate and run the boundary cases of every linear check, from the first case of it that can be moved."""
    found: list[Boundary] = []
    done: set[tuple[str, int, int]] = set()
    wanted: dict[tuple[str, int, int], PlannedCheck] = {}
    for one in tried:
        for number, check in enumerate(one.plan.checks):
            mark = (check.rule.id, number, check.pair)
            if comparison(check.body) is None:
                continue
            wanted.setdefault(mark, check)
            if mark in done or one.result.message or one.result.known:
                continue
            made = _boundaries(one, check)
            found += made
            if made:
                done.add(mark)
    missed = [Unreached(check.rule.id, check.check.source, "没有一个用例能把它移到容差的边上") for mark, check in wanted.items() if mark not in done]
    return tuple(found), tuple(missed)


def comparison(body: Form) -> Form | None:
    """The linear comparison a check comes down to, under its premises; None where it is no such thing."""
    while body[0] in ("if", "each"):
        body = body[-1]
    return body if body[0] == "cmp" and _linear(body[2]) and _linear(body[3]) else None


def _linear(form: Form) -> bool:
    kind = form[0]
    if kind in ("cells", "field"):
        return True
    if kind == "number":
        return True
    if kind == "children" or (kind == "agg" and form[1] == "sum"):
        return bool(form[-1][0] == "cells")
    if kind in ("add", "sub"):
        return _linear(form[1]) and _linear(form[2])
    if kind in ("mul", "div"):
        return form[2][0] == "number" and form[2][3] == "none" and _linear(form[1])
    return kind == "neg" and _linear(form[1])


def _boundaries(one: Tried, check: PlannedCheck) -> list[Boundary]:
    """Of the first row in the case that can be moved."""
    rows = 0
    for part in one.evaluation.parts:
        if part.check is not check:
            continue
        for at, code in enumerate(part.outcomes):
            if code not in (PASS, ROUNDING):
                continue
            detail = one.evaluation.detail(Verdict(part, at))
            if isinstance(detail, Judgement) and (made := list(_moved(one, part, at, detail))):
                return made
            rows += 1
            if rows >= _MOST_ROWS:
                return []
    return []


def _moved(one: Tried, part: Part, at: int, detail: Judgement) -> Iterator[Boundary]:
    left, right = detail.left, detail.right
    if detail.form[:1] != ("cmp",) or left is None or right is None or left.text is not None or not left.printed:
        return
    terms = merged(left, right)
    relative = detail.form[4][0] == "relative"
    for cell, factor in sorted(terms.items(), key=lambda item: (not item[0].amount or not item[0].amount.value, abs(item[1]) != 1, item[0] in right.terms)):
        if not _movable(cell, factor) or (relative and cell in right.terms):
            continue
        edge = _Edge(detail.form, terms, left.number - right.number, right.number, cell, factor)
        made = [b for wanted in edge.points() if (b := _tried(one, part, at, cell, edge, *wanted)) is not None]
        if made:
            yield from made
            return


def _movable(cell: Cell, factor: Exact) -> bool:
    amount = cell.amount
    return bool(factor) and cell.sheet.scope == 0 and amount is not None and amount.value is not None and not amount.approximate and not amount.unsure


class _Edge:
    """The differences one figure of a comparison can be moved to, and what each must come out as."""

    def __init__(self, form: Form, terms: dict[Cell, Exact], difference: Exact, right: Exact, cell: Cell, factor: Exact) -> None:
        self.op, self.tolerance = form[1], form[4]
        self.difference, self.right, self.factor = difference, right, factor
        amount = cell.amount
        assert amount is not None and amount.value is not None
        self.value = amount.value
        self.step = step_of(amount)
        # A zero that is moved is none any more, and then as wide as any figure.
        widths = {c: half_width(amount.unit, amount.decimals) if c is cell else c.half for c, f in terms.items() if f}
        self.halves = [size(terms[c]) * width for c, width in widths.items() if width]
        self.widest = max(widths.values(), default=0)
        self.units = [unit for c in terms if (unit := money_unit(c))]
        self.percent = amount.unit == "%"

    def accepted(self) -> Fraction | None:
        """The largest difference that fixed and relative tolerances accept; of a tail the limit of 存疑. None: not known."""
        kind = self.tolerance[0]
        if kind == "tail":
            return Fraction(sum(self.halves))
        written = Fraction(self.tolerance[1], self.tolerance[2])
        if kind == "relative":
            return size(Fraction(self.right)) * written
        if self.tolerance[3] is not None:
            return written
        if self.units:
            return written * UNITS[self.units[0]] if len(set(self.units)) == 1 else None
        return written / 100 if self.percent else written

    def grade(self, difference: Exact) -> str:
        """exact, rounding, doubtful or beyond: how far on the wrong side a difference is."""
        base = {"!=": "==", "<": ">=", ">": "<="}.get(self.op, self.op)
        excess = Fraction(size(difference) if base == "==" else max(difference if base == "<=" else -difference, 0))
        limit = self.accepted()
        assert limit is not None
        if not excess:
            return "exact"
        if excess > limit:
            return "beyond"
        # S = 3·√(Σ(ch)²/3), and q is twice the widest half-width.
        if self.tolerance[0] != "tail" or excess <= 2 * self.widest or excess * excess <= 3 * sum(Fraction(h) ** 2 for h in self.halves):
            return "rounding"
        return "doubtful"

    def outcome(self, difference: Exact) -> tuple[str, bool]:
        """What must come out at a difference, and whether as rounding."""
        grade = self.grade(difference)
        if grade == "doubtful":
            return "doubtful", False
        accepts = self.op in ("==", "<=", ">=")
        return "pass" if (grade != "beyond") == accepts else "fail", accepts and grade == "rounding"

    def points(self) -> Iterator[tuple[str, Exact]]:
        """(where, difference) on both sides of every edge that this figure can be moved to."""
        limit = self.accepted()
        if limit is None:
            return
        grid = abs(Fraction(self.factor) * Fraction(self.step))
        signs = (1, -1) if self.op in ("==", "!=") else (1,) if self.op in ("<=", ">") else (-1,)
        for sign in signs:
            start = sign * Fraction(self.difference)
            least, most = ceil(-start / grid), floor((limit - start) / grid)
            low, high = least, most
            while low < high:  # the last point that counts as equal; grades only get worse from zero on
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self.grade(sign * (start + middle * grid)) in ("exact", "rounding") else (low, middle - 1)
            yield "容差之内", sign * (start + low * grid)
            yield "超出一个末位", sign * (start + (low + 1) * grid)
            if most > low:
                yield "存疑之内", sign * (start + most * grid)
                yield "超出存疑", sign * (start + (most + 1) * grid)

    def moved(self, difference: Exact) -> Exact:
        """What the figure must say for the sides to differ by that much."""
        return Fraction(self.value) + (Fraction(difference) - Fraction(self.difference)) / Fraction(self.factor)


def _tried(one: Tried, part: Part, at: int, cell: Cell, edge: _Edge, where: str, difference: Exact) -> Boundary | None:
    """The verdict with the figure moved; None where the move changes more than the difference."""
    value = edge.moved(difference)
    amount = cell.amount
    assert amount is not None
    if not value:
        return None  # a zero is exact: the tolerance would be another
    position = cell.sheet.index[cell.key]
    changed = printed_as(amount, value)
    report = with_amounts(one.report, {(cell.table.spec.id, cell.sheet.block.spec.name, cell.column, position): changed})
    evaluation = run(Plan((part.check,), one.plan.leaves), report, one.prior, one.units)
    key = part.keys[at]
    codes = [(other, n) for other in evaluation.parts if other.column == part.column for n, k in enumerate(other.keys) if k == key]
    if len(codes) != 1:
        return None
    verdict = Verdict(*codes[0])
    if verdict.outcome == "not_applicable":
        return None
    unit = amount.unit
    decimals = max(amount.decimals, 2) if unit in UNITS else amount.decimals
    span = one.result.span
    expected, rounding = edge.outcome(difference)
    return Boundary(
        part.check.rule.id, part.check.check.source, one.case.name, span, where, cell_name(cell), changed.raw.strip(),
        show(difference, unit, decimals), unit if unit != "数" else "", expected, verdict.outcome, (rounding, verdict.rounding),
    )  # fmt: skip

"""Tolerance: exact bounds, symmetry, monotonicity, and the duality of the operators."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.builders import TAIL, ZHICHU, table

from juesuan_rules.amounts import read_amount
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.compare import bound_of, decide
from juesuan_rules.engine.values import Value, divide, literal, scale, total

SHEET = Sheet((T := table(ZHICHU, {"": {"合计": ["1.00", "1.00", "", ""]}})), T.blocks[""])
YUAN = Sheet((Y := table(ZHICHU, {"": {"合计": ["1.00", "1.00", "", ""]}}, unit="元")), Y.blocks[""])


def figure(text: str, sheet: Sheet = SHEET) -> Value:
    """One printed figure, a cell of its own."""
    amount = read_amount(text, sheet.table.unit)
    return Value(amount.value or 0, {Cell(sheet, "合计", "本年支出合计", sheet.rows[0], amount): 1}, "money", printed=amount.value is not None)


def addends(count: int, each: str = "1.00") -> Value:
    return total([(figure(each), 1) for _ in range(count)])


def outcome(op: str, left: Value, right: Value, tolerance: tuple = TAIL) -> tuple[str, bool]:
    found = decide(("cmp", op, (), (), tolerance), left, right)
    return found.outcome, found.rounding


def shifted(value: str, cents: int) -> str:
    whole = Fraction(value) * 100 + cents
    return f"{int(whole) // 100}.{int(whole) % 100:02d}"


@pytest.mark.parametrize(
    ("count", "cents", "expected"),
    [
        (1, 1, ("pass", True)), (1, 2, ("fail", False)),
        (2, 1, ("pass", True)), (2, 2, ("fail", False)),
        (11, 3, ("pass", True)), (11, 4, ("doubtful", False)), (11, 6, ("doubtful", False)), (11, 7, ("fail", False)),
        (47, 6, ("pass", True)), (47, 7, ("doubtful", False)), (47, 24, ("doubtful", False)), (47, 25, ("fail", False)),
    ],
)  # fmt: skip
def test_addends_and_their_total(count: int, cents: int, expected: tuple[str, bool]) -> None:
    """One total and n addends: 3 terms, 12 and 48 land exactly on the bound 3·√(Σh²/3)."""
    for sign in (1, -1):
        assert outcome("==", figure(shifted(str(count), sign * cents)), addends(count)) == expected
        assert outcome("==", addends(count), figure(shifted(str(count), sign * cents))) == expected


def test_bound_is_printed_rounded_down() -> None:
    bound = bound_of(decide(("cmp", "==", (), (), TAIL), addends(11), figure("11.00")))
    assert bound is not None
    assert (bound.sure, bound.limit, bound.terms) == (30_000, 60_000, 12)
    bound = bound_of(decide(("cmp", "==", (), (), TAIL), addends(2), figure("2.00")))
    assert bound is not None
    assert (bound.sure, bound.limit, bound.most) == (10_000, 15_000, 10_000)


def test_figures_in_yuan_with_fen_are_exact() -> None:
    assert outcome("==", figure("1.00", YUAN), figure("1.01", YUAN)) == ("fail", False)
    assert outcome("==", figure("1.00", YUAN), figure("1.00", YUAN)) == ("pass", False)


def test_a_printed_zero_adds_no_width() -> None:
    with_zeros = total([(figure("1.00"), 1), *[(figure("0.00"), 1)] * 20])
    assert outcome("==", with_zeros, figure("1.02")) == ("fail", False)


def test_a_factor_weighs_its_width() -> None:
    double = scale(figure("1.00"), 2)
    assert outcome("==", double, figure("2.01")) == ("pass", True)
    assert decide(("cmp", "==", (), (), TAIL), double, figure("2.02")).outcome == "fail"


def test_a_figure_on_both_sides_counts_with_what_remains() -> None:
    shared = figure("5.00")
    left, right = total([(shared, 1), (figure("1.00"), 1)]), total([(shared, 1), (figure("1.02"), 1)])
    assert outcome("==", left, right) == ("fail", False)


@pytest.mark.parametrize("unit", [None, "money"])
def test_fixed_tolerance_replaces_all_of_that(unit: str | None) -> None:
    tolerance = ("fixed", 2, 100, None) if unit is None else ("fixed", 20_000, 1, "money")
    assert outcome("==", figure("1.02"), figure("1.00"), tolerance) == ("pass", True)
    assert outcome("==", figure("1.03"), figure("1.00"), tolerance) == ("fail", False)
    assert outcome("==", addends(40), figure("40.03"), tolerance) == ("fail", False)


def test_relative_tolerance_is_relative_to_the_right_side() -> None:
    tolerance = ("relative", 1, 10)
    assert outcome("==", figure("110.00"), figure("100.00"), tolerance) == ("pass", True)
    assert outcome("==", figure("100.00"), figure("90.90"), tolerance) == ("fail", False)
    assert outcome("==", figure("90.00"), figure("100.00"), tolerance) == ("pass", True)


def test_bare_tolerance_over_two_units_is_undecided() -> None:
    found = decide(("cmp", "==", (), (), ("fixed", 2, 100, None)), figure("1.00"), figure("9,999.00", YUAN))
    assert (found.outcome, found.reason) == ("undecided", "单位不同")
    assert outcome("==", figure("1.00"), figure("10,000.00", YUAN), ("fixed", 2, 100, None)) == ("pass", False)
    assert outcome("==", figure("1.00"), figure("9,999.00", YUAN), ("fixed", 200_00, 1, "money")) == ("pass", True)


def test_ratios_are_judged_by_interval() -> None:
    """0.05 of 0.18 prints as 28 %, but may be anything from 24.3 % to 31.4 %."""
    share = divide(figure("0.05"), figure("0.18"))
    assert outcome("==", share, literal(31, 100, "percent")) == ("pass", True)
    assert outcome("==", share, literal(24, 100, "percent")) == ("fail", False)
    assert outcome("<=", share, literal(25, 100, "percent")) == ("pass", True)
    assert outcome(">", share, literal(25, 100, "percent")) == ("fail", False)
    assert outcome("<=", share, literal(24, 100, "percent")) == ("fail", False)
    assert outcome("==", share, literal(28, 100, "percent"), ("fixed", 5, 1000, "points")) == ("pass", True)
    assert outcome("==", share, literal(30, 100, "percent"), ("fixed", 5, 1000, "points")) == ("fail", False)


def test_a_divisor_that_may_be_zero() -> None:
    assert divide(figure("1.00"), figure("0.00")).problem.reason == "除数为零"
    assert divide(figure("1.00"), literal(0, 1, "none")).problem.reason == "除数为零"
    assert divide(figure("1.00"), figure("")).problem.reason in ("空白", "除数为零")


OPERATORS = {"==": "!=", "<=": ">", ">=": "<"}
cents = st.integers(-5_000_000, 5_000_000)
values = st.builds(lambda parts: total([(figure(f"{abs(p) // 100}.{abs(p) % 100:02d}"), 1 if p >= 0 else -1) for p in parts]), st.lists(cents, min_size=1, max_size=14))
tolerances = st.sampled_from([TAIL, ("fixed", 2, 100, None), ("fixed", 0, 1, None), ("relative", 1, 1000)])


@given(values, values, tolerances)
def test_an_operator_and_its_opposite_never_agree(left: Value, right: Value, tolerance: tuple) -> None:
    for op, opposite in OPERATORS.items():
        a, b = outcome(op, left, right, tolerance)[0], outcome(opposite, left, right, tolerance)[0]
        assert {a, b} in ({"pass", "fail"}, {"doubtful"})


@given(values, values)
def test_equality_is_symmetric_and_the_inequalities_mirror(left: Value, right: Value) -> None:
    assert outcome("==", left, right) == outcome("==", right, left)
    assert outcome("<=", left, right) == outcome(">=", right, left)
    assert outcome("<", left, right) == outcome(">", right, left)


@given(st.integers(1, 60), st.integers(0, 80), st.integers(0, 80))
def test_a_larger_difference_is_never_judged_better(count: int, one: int, other: int) -> None:
    order = ["pass", "doubtful", "fail"]
    near, far = sorted((one, other))
    ranks = [order.index(outcome("==", figure(shifted(str(count), c)), addends(count))[0]) for c in (near, far)]
    assert ranks[0] <= ranks[1]


@given(st.integers(1, 60), st.integers(1, 80))
def test_the_tail_is_the_formula(count: int, gap: int) -> None:
    """In cents: h = 1/2, H = n/2, S² = 3n/4, q = 1, for n figures in all."""
    n = count + 1
    within = 2 * gap <= n and (gap <= 1 or 4 * gap * gap <= 3 * n)
    expected = "pass" if within else "doubtful" if 2 * gap <= n else "fail"
    found = decide(("cmp", "==", (), (), TAIL), figure(shifted(str(count), gap)), addends(count))
    assert found.outcome == expected
    assert found.bound is not None
    assert found.bound.sure == min(n // 2, max(1, isqrt(3 * n // 4))) * 10_000

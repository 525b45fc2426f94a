"""False alarms per rule, and how far the number can be relied on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.reviews.model import WrittenDecision
from juesuan_rules.reviews.rates import FEW, false_alarm_rates


def decisions(rule: str, **counts: int) -> list[WrittenDecision]:
    statuses = [status for status, count in counts.items() for _ in range(count)]
    return [WrittenDecision(f"{rule}{n:012d}", rule, "某局", 2023, "", status, "某人", "2026-11-20") for n, status in enumerate(statuses)]  # type: ignore[arg-type]


def test_a_share_with_its_interval() -> None:
    (rate,) = false_alarm_rates(decisions("A-1", 误报=5, 属实=12, 已整改=3, 待核=4))
    assert (rate.decided, rate.false, rate.true, rate.mended, rate.open, rate.share) == (20, 5, 12, 3, 4, 0.25)
    assert (round(rate.low, 3), round(rate.high, 3), rate.note) == (0.112, 0.469, "")  # Wilson, 95 %


def test_few_decisions_are_marked_and_come_last() -> None:
    rates = false_alarm_rates([*decisions("A-1", 误报=1), *decisions("B-1", 误报=1, 属实=FEW), *decisions("C-1", 待核=2), *decisions("D-1", 属实=FEW)])
    assert [rate.rule for rate in rates] == ["B-1", "D-1", "A-1", "C-1"]
    assert [bool(rate.note) for rate in rates] == [False, False, True, True]
    assert rates[3].share is None


def test_of_two_decisions_on_one_finding_the_later_counts() -> None:
    one = WrittenDecision("a" * 16, "A-1", "某局", 2023, "", "误报", "某人", "2026-01-01")
    two = WrittenDecision("a" * 16, "A-1", "某局", 2023, "", "属实", "另一人", "2026-02-01")
    (rate,) = false_alarm_rates([two, one])
    assert (rate.decided, rate.false) == (1, 0)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_share(false: int, true: int) -> None:
    for rate in false_alarm_rates(decisions("A-1", 误报=false, 属实=true)):
        assert rate.share is not None and 0 <= rate.low <= rate.share + 1e-9 and rate.share - 1e-9 <= rate.high <= 1
        assert rate.low < rate.high

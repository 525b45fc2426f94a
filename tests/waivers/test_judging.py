"""The one function that judges waivers: names decide what is covered, amounts and days whether."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from juesuan_rules.findings import Finding, Operand
from juesuan_rules.reports.model import Identity
from juesuan_rules.waivers.judging import elsewhere, judge_waivers
from juesuan_rules.waivers.model import WrittenWaiver, read_difference

IDENTITY = Identity(unit_name="四川省岷阙县就业局", year=2023)
DAY = date(2026, 6, 30)
CELL = "总表[年末结转和结余].金额"
FINDING = Finding("A01-2", "平衡", "fail", "error", "cn", key="2010301 行政运行", difference="-0.34", unit="万元", operands=(Operand(CELL, "1.00", "1", "万元"),), cause=f"疑点:{CELL}")


def waiver(difference: str = "0.34万元", **changes: Any) -> WrittenWaiver:
    """A waiver for FINDING with some of it changed."""
    plain = WrittenWaiver("A01-2", "四川省岷阙县就业局", 2023, CELL, "已核实", "审核科", DAY, difference, read_difference(difference) if difference else None)
    return replace(plain, **changes)


def status(*waivers: WrittenWaiver, finding: Finding = FINDING, identity: Identity = IDENTITY, day: date = DAY) -> list[str]:
    """What became of the waivers, in order."""
    return [use.status for use in judge_waivers((finding,), waivers, identity, day)[1]]


def test_the_verdict_stays_and_says_who_accepted_it() -> None:
    (judged,), (use,) = judge_waivers((FINDING,), [waiver()], IDENTITY, DAY)
    assert judged.outcome == "fail" and judged.waiver is not None
    assert (judged.waiver.reason, judged.waiver.approver, judged.waiver.expires, judged.waiver.difference) == ("已核实", "审核科", "2026-06-30", "0.34万元")
    assert (use.status, use.findings) == ("applied", 1)


@pytest.mark.parametrize("place", [CELL, "总表[年末结转和结余]", "总表[ 年末结转和结余 ]．金额", "2010301", "行政运行", "2010301 行政运行", f"疑点:{CELL}", "全部"])
def test_a_place_is_matched_by_any_of_its_names(place: str) -> None:
    assert status(waiver(place=place)) == ["applied"]


@pytest.mark.parametrize("place", ["总表[年初结转和结余].金额", "2010302", "-0.34", "第12行"])
def test_other_places_are_told_as_unused(place: str) -> None:
    assert status(waiver(place=place)) == ["unused"]


@pytest.mark.parametrize(("unit", "applies"), [("四川省 岷阙县就业局", True), ("岷阙县就业局", True), ("就业局", False), ("岷阙县就业", False), ("湖北省岷阙县就业局", False)])
def test_units_are_matched_by_name(unit: str, applies: bool) -> None:
    assert status(waiver(unit=unit)) == (["applied"] if applies else [])


def test_another_year_is_another_report() -> None:
    assert status(waiver(year=2022)) == []
    assert [u.status for u in elsewhere([waiver(year=2022), waiver()], [IDENTITY])] == ["elsewhere"]
    assert status(waiver(), identity=replace(IDENTITY, unit_name=None)) == []


@pytest.mark.parametrize(
    ("difference", "found"),
    [("0.34万元", "applied"), ("3,400元", "applied"), ("0.34", "applied"), ("不限", "applied"), ("0.33万元", "exceeded"), ("3399.99元", "exceeded"), ("0.5个百分点", "exceeded"), ("", "exceeded"), ("1辆", "exceeded")],
)
def test_a_difference_above_the_accepted_one_is_not_covered(difference: str, found: str) -> None:
    assert status(waiver(difference)) == [found]


def test_a_report_in_another_unit_changes_nothing() -> None:
    in_yuan = replace(FINDING, difference="3400.00", unit="元")
    assert status(waiver("0.34"), finding=in_yuan) == status(waiver("0.34万元"), finding=in_yuan) == ["applied"]
    assert status(waiver("0.33"), finding=in_yuan) == ["exceeded"]


def test_percentage_points_and_counts_are_compared_as_such() -> None:
    share = replace(FINDING, difference="9.00", unit="%")
    assert [status(waiver(d), finding=share) for d in ("9个百分点", "9", "8.99%", "9万元")] == [["applied"], ["applied"], ["exceeded"], ["exceeded"]]


def test_what_has_no_difference_needs_none() -> None:
    missing = replace(FINDING, difference=None, unit=None)
    assert [status(waiver(d), finding=missing) for d in ("", "不限", "1万元")] == [["applied"], ["applied"], ["exceeded"]]


def test_a_waiver_holds_through_its_last_day() -> None:
    assert status(waiver(), day=DAY) == ["applied"]
    (judged,), (use,) = judge_waivers((FINDING,), [waiver()], IDENTITY, date(2026, 7, 1))
    assert judged.waiver is None
    assert (use.status, use.findings) == ("expired", 1)


@pytest.mark.parametrize("outcome", ["pass", "undecided", "not_applicable", "rule_error"])
def test_only_faults_are_accepted(outcome: Any) -> None:
    assert status(waiver(), finding=replace(FINDING, outcome=outcome)) == ["unused"]


def test_a_waiver_too_small_for_some_is_told_for_those() -> None:
    larger = replace(FINDING, difference="5.00")
    findings, uses = judge_waivers((FINDING, larger), [waiver()], IDENTITY, DAY)
    assert [f.waiver is not None for f in findings] == [True, False]
    assert [(u.status, u.findings) for u in uses] == [("applied", 1), ("exceeded", 1)]
    assert "5.00万元" in uses[1].detail


def test_the_second_waiver_for_the_same_finding_is_not_needed() -> None:
    assert status(waiver(), waiver(place="2010301")) == ["applied", "unused"]
    assert status(waiver("0.1万元"), waiver(place="2010301")) == ["exceeded", "applied"]


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_any_two_amounts_of_money_are_compared_exactly(accepted: int, actual: int) -> None:
    finding = replace(FINDING, difference=f"{actual // 100}.{actual % 100:02d}", unit="元")
    expected = "applied" if actual <= accepted else "exceeded"
    assert status(waiver(f"{accepted // 1_000_000}.{accepted % 1_000_000:06d}万元"), finding=finding) == [expected]

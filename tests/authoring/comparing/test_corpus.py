"""What a step does to results: findings paired by rule, check and key."""

from __future__ import annotations

from typing import Any

from juesuan_rules.authoring.comparing.corpus import compare_findings
from juesuan_rules.findings import Finding


def finding(outcome: Any, rule: str = "A-1", key: str = "", difference: str | None = None, severity: Any = "error") -> Finding:
    return Finding(rule, "t", outcome, severity, "cn", key=key, difference=difference)


def kinds(old: list[Finding], new: list[Finding]) -> list[tuple[str, str, str, str, str]]:
    return [(c.kind, c.rule, c.key, c.before, c.after) for c in compare_findings("r", old, new)]


def test_gained_and_lost() -> None:
    assert kinds([finding("pass")], [finding("fail")]) == [("gained", "A-1", "", "pass", "fail")]
    assert kinds([finding("doubtful")], [finding("pass")]) == [("lost", "A-1", "", "doubtful", "pass")]
    assert kinds([], [finding("fail")]) == [("gained", "A-1", "", "", "fail")]
    assert kinds([finding("fail")], []) == [("lost", "A-1", "", "fail", "")]


def test_what_stays_or_is_only_new_is_no_change() -> None:
    assert kinds([finding("pass"), finding("fail", difference="1.00")], [finding("pass"), finding("fail", difference="1.00"), finding("pass", "A-2")]) == []
    assert kinds([finding("pass", difference="0.01")], [finding("pass", difference="0.00")]) == []


def test_changed() -> None:
    assert kinds([finding("pass")], [finding("undecided")]) == [("changed", "A-1", "", "pass", "undecided")]
    assert kinds([finding("fail", difference="1.00")], [finding("fail", difference="2.00")])[0][0] == "changed"
    assert kinds([finding("fail")], [finding("fail", severity="info")])[0][0] == "changed"


def test_keys_are_paired() -> None:
    old = [finding("fail", key="201"), finding("pass", key="208"), finding("fail", key="201")]
    new = [finding("pass", key="208"), finding("fail", key="201"), finding("pass", key="201")]
    assert kinds(old, new) == [("lost", "A-1", "201", "fail", "pass")]

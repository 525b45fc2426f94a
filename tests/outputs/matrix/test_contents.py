"""What the summary counts."""

from __future__ import annotations

from msgspec.structs import replace
from tests.outputs.made import finding, material, result
from tests.outputs.matrix.made import usual

from juesuan_rules.findings import Decision
from juesuan_rules.outputs.matrix.contents import gather_matrix
from juesuan_rules.results import DecisionUse, RunResult
from juesuan_rules.reviews.apply import review
from juesuan_rules.reviews.fingerprint import fingerprints
from juesuan_rules.reviews.stored import StoredRun


def test_cells_are_the_worst_of_a_rule_and_rules_stand_in_their_order() -> None:
    matrix = gather_matrix(usual())
    assert [rule.id for rule in matrix.rules] == ["A01-2", "A01-10", "B-1", "C-1", "D-1"]
    assert [unit.cells for unit in matrix.units] == ["fdfpu", "wxppu", "ppppn", "-----"]
    assert [rule.telling for rule in matrix.rules] == [True, True, True, False, True]
    assert matrix.units[0].places == {0: 2, 1: 1, 2: 1}


def test_what_is_waived_or_a_false_alarm_does_not_rank() -> None:
    matrix = gather_matrix(usual())
    first, second, third, other = matrix.units
    assert (first.errors, first.warnings, first.infos, first.doubtful, first.undecided) == (2, 1, 1, 1, 1)
    assert (second.errors, second.waived, second.dismissed, second.undecided) == (0, 1, 1, 1)
    assert [matrix.units[at].name for at in matrix.ranking] == ["甲局", "乙局", "丙局", "丁局"] and other.rank == 4
    assert third.judged == 4


def test_a_false_alarm_that_changed_is_open_again() -> None:
    changed = Decision("误报", "某人", "2026-11-20", changed=("数变了",))
    matrix = gather_matrix(material(result((finding(decision=changed),))))
    assert matrix.units[0].cells == "f" and matrix.units[0].recheck == 1


def test_causes_are_grouped_over_reports() -> None:
    groups = gather_matrix(usual()).groups
    table = next(group for group in groups if group.kind == "缺表")
    assert (table.what, list(table.units), table.places, list(table.rules)) == ("《基金表》缺表", [0, 1], 2, ["D-1"])
    check = next(group for group in groups if "A01-2" in group.what)
    assert (list(check.units), check.places, check.severity) == ([0], 2, "error")
    assert all("误报" not in group.what for group in groups) and not any(list(group.units) == [1] for group in groups)


def test_what_was_not_checked_is_listed() -> None:
    lacks = [(lack.kind, lack.path) for lack in gather_matrix(usual()).lacks]
    assert lacks == [("读不出", "目录/坏.pdf"), ("没有核对", "目录/丁.txt"), ("重复", "目录/甲2.pdf")]
    unread = material(result((finding(),), unread=("第 3 页没有读出来",)))
    assert [lack.kind for lack in gather_matrix(unread).lacks] == ["部分没读出"]


def test_rates_come_from_the_decisions_of_the_run() -> None:
    uses = tuple(DecisionUse("stands", f"{n:016d}", "A01-2", "某局", 2023, "", Decision("误报" if n < 3 else "属实", "某人", "2026-11-20")) for n in range(12))
    made = material(replace(result((finding(),)), decisions=uses))
    rate = gather_matrix(made).rules[0].rate
    assert rate is not None and (rate.decided, rate.false) == (12, 3)


def test_new_and_fixed_against_an_earlier_result() -> None:
    now = fingerprints(result((finding("A-1"), finding("B-1"), finding("C-1", outcome="pass"))))
    before = fingerprints(result((finding("A-1"), finding("C-1"))))
    run = review(RunResult((now,)), (), StoredRun("last.json", "sha256:" + "0" * 64, "", (before,)))
    matrix = gather_matrix(replace(material(now), run=run))
    assert (matrix.units[0].new, matrix.units[0].fixed, matrix.compared) == (1, 1, True)
    assert [item.new for item in matrix.items] == [False, True]


def test_a_run_without_reports() -> None:
    matrix = gather_matrix(material())
    assert matrix.units == () and matrix.rules == () and matrix.groups == ()

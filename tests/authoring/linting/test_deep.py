"""`--deep`: planted contradictions and redundancies, and what is by design."""

from __future__ import annotations

import builtins
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.authoring.linting.linted import SETTINGS, Lint, codes, of, rules

from juesuan_rules.authoring.linting.deep.elimination import CONSTANT, Elimination, combination, smallest, solve
from juesuan_rules.resources import rules_root


def deep(lint: Lint, *checks: str) -> Any:
    return lint({"base/rules/a.yaml": rules(*checks)}, deep=True)


def test_a_contradiction_of_equalities_with_its_witness(lint: Lint) -> None:
    report = deep(lint, "总表[其他收入] == 总表[专项收入]", "总表[专项收入] == 总表[财政拨款收入] + 20万元", "总表[其他收入] == 总表[财政拨款收入]", "总表.收入[总计] == 总表[本年收入合计]")
    found = of(report, "L310")
    assert len(found) == 1
    assert all(rule in found[0].message for rule in ("A01-1", "A01-2", "A01-3"))
    assert "A01-4" not in found[0].message
    assert "20 万元" in found[0].details[0]
    assert "= " in found[0].details[1]


def test_a_contradiction_within_the_tolerances_is_none(lint: Lint) -> None:
    assert not of(deep(lint, "总表[其他收入] == 总表[专项收入] ± 2万元", "总表[其他收入] == 总表[专项收入] + 1万元"), "L310")
    assert of(deep(lint, "总表[其他收入] == 总表[专项收入] ± 2万元", "总表[其他收入] == 总表[专项收入] + 3万元"), "L310")


@pytest.mark.parametrize(
    "checks",
    [
        ("总表[其他收入] >= 100万元", "总表[其他收入] <= 50万元"),
        ("总表[其他收入] > 总表[专项收入]", "总表[专项收入] > 总表[财政拨款收入]", "总表[财政拨款收入] > 总表[其他收入]"),
        ("总表[其他收入] > 总表[专项收入]", "总表[其他收入] == 总表[专项收入]"),
        ("支出表.基本支出 >= 支出表.项目支出 + 1万元", "支出表.项目支出 >= 支出表.基本支出 + 1万元"),
    ],
)
def test_a_contradiction_of_inequalities(lint: Lint, checks: tuple[str, ...]) -> None:
    found = of(deep(lint, *checks), "L310")
    assert len(found) == 1
    assert all(f"A01-{number}" in found[0].message for number in range(1, len(checks) + 1))
    assert any("例如" in line for line in found[0].details)


def test_conditions_are_not_taken_for_granted(lint: Lint) -> None:
    checks = ("若 总表[专项收入] > 0 则 总表[其他收入] >= 100万元", "若 总表[专项收入] <= 0 则 总表[其他收入] <= 50万元")
    assert not of(deep(lint, *checks), "L310", "L312")


def test_together_only_zero(lint: Lint) -> None:
    found = of(deep(lint, "总表[其他收入] == 总表[专项收入] + 总表[财政拨款收入]", "总表[其他收入] == 总表[专项收入] - 总表[财政拨款收入]"), "L311")
    assert len(found) == 1
    assert "财政拨款收入" in found[0].message
    assert not of(deep(lint, "总表[财政拨款收入] == 0", "总表[其他收入] == 总表[专项收入]"), "L311"), "asked for by one rule alone"


def test_a_redundant_equality_with_its_combination(lint: Lint) -> None:
    report = deep(lint, "总表[本年收入合计] == 总表[财政拨款收入] + 总表[其他收入]", "总表.收入[总计] == 总表[本年收入合计] + 总表[专项收入]", "总表.收入[总计] == 总表[财政拨款收入] + 总表[其他收入] + 总表[专项收入]")
    found = of(report, "L312")
    assert [f.rule for f in found] == ["A01-3"]
    assert found[0].details[1] == "等于 A01-1 + A01-2"


def test_a_redundant_check_over_rows(lint: Lint) -> None:
    report = deep(lint, "支出表.基本支出 == 3 × 支出表.项目支出", "支出表.基本支出[合计] == 3 × 支出表.项目支出[合计]")
    assert [f.rule for f in of(report, "L312")] == ["A01-2"]
    report = deep(lint, "支出表.基本支出[合计] == 3 × 支出表.项目支出[合计]", "支出表.基本支出 == 3 × 支出表.项目支出")
    assert [f.rule for f in of(report, "L312")] == ["A01-1"], "the rule over all rows is needed"


def test_a_redundant_inequality(lint: Lint) -> None:
    report = deep(lint, "总表[其他收入] >= 0", "总表[专项收入] >= 0", "总表[其他收入] + 2 × 总表[专项收入] >= 0")
    found = of(report, "L312")
    assert [f.rule for f in found] == ["A01-3"]
    assert "2 × A01-2" in found[0].details[1]


LAYOUT = """\
layout: 1
tables:
  - id: 支出决算表
    blocks: [{columns: [{name: 小计}]}]
  - id: 分表
    short: [分表]
    titles: [分表]
    form: codes
    chart: 功能
    blocks:
      - columns: [{name: 小计}]
        rows: [{key: 合计, role: 合计}]
"""


def test_cross_footing_in_one_table_is_by_design(lint: Lint) -> None:
    files = {
        "base/layouts/更多.yaml": LAYOUT,
        "base/rules/a.yaml": rules("支出表.小计 == 支出表.基本支出 + 支出表.项目支出", "支出表.*[合计] == sum(支出表.*[类])", "支出表.*[非末级] == 下级合计(支出表.*)"),
    }
    assert not of(lint(files, deep=True), "L310", "L311", "L312")
    columns = ("小计", "基本支出", "项目支出")
    files["base/rules/a.yaml"] = rules("支出表.小计 == 支出表.基本支出 + 支出表.项目支出", *[f"支出表.{c}[合计] == sum(支出表.{c}[类])" for c in columns])
    assert not of(lint(files, deep=True), "L312"), "the same, written as one rule per column"


def test_totals_and_parts_of_two_tables_are_by_design(lint: Lint) -> None:
    files = {
        "base/layouts/更多.yaml": LAYOUT,
        "base/rules/a.yaml": rules("支出表.小计[合计] == sum(支出表.小计[类])", "分表.小计[合计] == sum(分表.小计[类])", "支出表.小计[类] == 分表.小计[类]", "支出表.小计[合计] == 分表.小计[合计]"),
    }
    assert not of(lint(files, deep=True), "L312")
    files["base/rules/a.yaml"] += rules(("B-01", "支出表.小计[合计] == sum(分表.小计[类])")).partition("rules:\n")[2]
    assert [f.rule for f in of(lint(files, deep=True), "L312")] == ["B-01"], "follows from two rules, which is no design"


def test_duplicates_are_told_once(lint: Lint) -> None:
    for first, second in (
        ("2 × 总表[其他收入] == 2 × 总表[专项收入]", "总表[专项收入] - 总表[其他收入] == 0"),
        ("总表[其他收入] >= 总表[专项收入]", "0 >= 3 × 总表[专项收入] - 3 × 总表[其他收入]"),
        ("总表[其他收入] == 总表[专项收入] / 3", "3 × 总表[其他收入] == 总表[专项收入]"),
    ):
        assert codes(of(deep(lint, first, second), "L305", "L306", "L310", "L312")) == ["L305"]


def test_part_of_a_chain_is_redundant_though_no_duplicate(lint: Lint) -> None:
    report = deep(lint, "总表[其他收入] == 总表[专项收入] == 总表[财政拨款收入]", "2 × 总表[其他收入] == 2 × 总表[专项收入]")
    assert [(f.code, f.rule) for f in of(report, "L305", "L312")] == [("L312", "A01-2")]


def test_what_must_differ_and_cannot(lint: Lint) -> None:
    found = of(deep(lint, "总表[其他收入] != 总表[专项收入] + 1万元", "总表[其他收入] == 总表[专项收入] + 1万元"), "L310")
    assert len(found) == 1
    assert "而要求不等" in found[0].details[0]
    assert "A01-1 不成立" in found[0].details[1]
    assert not of(deep(lint, "总表[其他收入] != 总表[专项收入] + 5万元", "总表[其他收入] == 总表[专项收入] + 1万元"), "L310")
    assert not of(deep(lint, "总表[其他收入] != 总表[专项收入]", "总表[其他收入] == 总表[专项收入] ± 1万元"), "L310"), "they may differ within the tolerance"


def test_rules_of_different_years_do_not_contradict(lint: Lint) -> None:
    def dated(first: str, second: str) -> str:
        one = rules("总表[其他收入] == 总表[专项收入]", more=f"applies: {{年度: {first}}}")
        return one + rules(("A01-2", "总表[其他收入] == 总表[专项收入] + 100万元"), more=f"applies: {{年度: {second}}}").partition("rules:\n")[2]

    assert not of(lint({"base/rules/a.yaml": dated("..2021", "2022..")}, deep=True), "L310")
    assert len(of(lint({"base/rules/a.yaml": dated("..2023", "2022..")}, deep=True), "L310")) == 1


def test_everything_planted_is_found_and_nothing_else(lint: Lint) -> None:
    planted = [
        ("A03-1", "支出表.小计 == 支出表.基本支出 + 支出表.项目支出"),
        ("A03-2", "支出表.*[合计] == sum(支出表.*[类])"),
        ("A03-3", "支出表.*[非末级] == 下级合计(支出表.*)"),
        ("A01-1", "sum(总表.收入) == 总表[本年收入合计]"),
        ("A01-2", "总表.收入[总计] == 总表[本年收入合计] + 10万元"),
        ("A01-3", "总表.收入[总计] - 10万元 == 总表[其他收入] + 总表[专项收入] + 总表[财政拨款收入]"),
        ("A01-4", "总表[本年支出合计] == sum(总表.支出)"),
        ("A01-5", "总表.支出[总计] == 总表[本年支出合计] + 1万元"),
        ("A01-6", "总表.支出[总计] == 总表[本年支出合计] + 2万元"),
        ("A01-7", "总表[其他收入] + 总表[专项收入] == 总表[专项收入] + 总表[其他收入]"),
        ("A01-8", "若 总表[其他收入] > 5万元 且 总表[其他收入] < 3万元 则 总表[专项收入] > 0"),
        ("A01-9", "-2 × 总表[201] - 2 × 总表[202] == -2 × 总表[本年支出合计]"),
    ]
    report = lint({"base/layouts/更多.yaml": LAYOUT.split("  - id: 分表")[0], "base/rules/a.yaml": rules(*planted)}, deep=True)
    found = [f for f in report.findings if f.code[:2] == "L3" or f.level == "错误"]
    assert sorted((f.code, f.rule) for f in found) == [("L301", "A01-7"), ("L303", "A01-8"), ("L305", "A01-9"), ("L310", "A01-6"), ("L312", "A01-3")]
    (conflict,) = of(report, "L310")
    assert "0 == 1 万元" in conflict.details[0] and "A01-6 不成立" in conflict.details[1]


def test_what_prose_may_leave_unsaid_proves_nothing(lint: Lint) -> None:
    facts = "language: 1\nfacts: [{name: 收入总计, names: [总收入]}]\n"
    files = {"base/facts/f.yaml": facts, "base/rules/a.yaml": rules("文字.收入总计 == 总表[本年收入合计]", "文字.收入总计 == 总表.收入[总计]", "总表[本年收入合计] == 总表.收入[总计]")}
    assert [f.rule for f in of(lint(files, deep=True), "L312")] == ["A01-2"]


def test_without_a_solver_it_says_so(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "z3":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    report = deep(lint, "总表[其他收入] >= 100万元", "总表[其他收入] <= 50万元", "总表[其他收入] == 总表[专项收入]", "总表[其他收入] == 总表[专项收入] + 1万元")
    assert any("z3-solver" in note for note in report.notes)
    assert codes(of(report, "L310")) == ["L310"], "equalities need no solver"


def test_the_shipped_rules_do_not_contradict_each_other() -> None:
    from juesuan_rules.authoring.linting.run import lint_pack

    report = lint_pack("cn", (rules_root(),), SETTINGS, deep=True)
    assert not of(report, "L310", "L311")
    assert not of(report, "L312", "L502"), "what is meant to overlap says so, and why"


# ------------------------------------------------------------------ arithmetic

FACTORS = st.fractions(min_value=-5, max_value=5, max_denominator=6)
ROWS = st.lists(st.dictionaries(st.sampled_from("abcde"), FACTORS.filter(bool), min_size=1, max_size=4), min_size=1, max_size=7)


def added(rows: list[dict[str, Fraction]], factors: dict[Any, Fraction]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for number, factor in factors.items():
        for name, value in rows[number].items():
            total[name] = total.get(name, Fraction(0)) + factor * value
    return {name: value for name, value in total.items() if value}


@given(ROWS)
@settings(max_examples=80, deadline=None)
def test_dependencies_add_up_to_nothing(rows: list[dict[str, Fraction]]) -> None:
    elimination = Elimination()
    independent = sum(elimination.add(number, row) for number, row in enumerate(rows))
    assert independent + len(elimination.dependencies) == len(rows)
    for dependency in elimination.dependencies:
        assert dependency
        assert added(rows, dependency) == {}


@given(ROWS, st.lists(FACTORS, min_size=7, max_size=7))
@settings(max_examples=80, deadline=None)
def test_a_combination_gives_its_target(rows: list[dict[str, Fraction]], weights: list[Fraction]) -> None:
    target = added(rows, dict(enumerate(weights[: len(rows)])))
    named = list(enumerate(rows))
    for found in (combination(target, named), smallest(target, named)):
        assert found is not None
        assert added(rows, found) == target


def test_solutions_meet_every_row() -> None:
    rows = [{"a": Fraction(1), "b": Fraction(-2), CONSTANT: Fraction(3)}, {"b": Fraction(1), "c": Fraction(1)}]
    values = solve(rows, Fraction(5))
    assert all(sum((f * (1 if v == CONSTANT else values[v]) for v, f in row.items()), Fraction(0)) == 0 for row in rows)

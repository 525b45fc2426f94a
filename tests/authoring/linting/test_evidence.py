"""Basis, severity, tolerance and cases."""

from __future__ import annotations

import datetime

import pytest
from tests.authoring.linting.linted import Lint, Write, codes, of, rules

from juesuan_rules.authoring.linting.run import lint_pack
from juesuan_rules.authoring.linting.work import Settings

SUM = "总表[本年收入合计] == 总表[财政拨款收入] + 总表[其他收入] + 总表[专项收入]"
TOLERANCES = (
    (f"{SUM} ± 尾差", []),
    (SUM, []),
    (f"{SUM} ± 0", []),
    (f"{SUM} ± 0.005", ["L405"]),
    (f"{SUM} ± 10元", ["L405"]),
    (f"{SUM} ± 0.02", []),
    (f"{SUM} ± 0.1%", []),
    (f"{SUM} ± 30%", ["L406"]),
    (f"{SUM} ± 11", ["L406"]),
    (f"{SUM} ± 20万元", ["L406"]),
    ("总表[本年收入合计] <= 总表[专项收入] ± 1元", []),
    ("总表[本年支出合计] == 支出表.基本支出[合计] ± 0.02", ["L404"]),
    ("总表[本年支出合计] == 支出表.基本支出[合计] ± 0.02万元", []),
    ("总表[本年支出合计] == 支出表.基本支出[合计] ± 0", []),
    ("若 总表[本年支出合计] > 0 则 总表[本年支出合计] == 支出表.基本支出[合计] ± 0.02", ["L404"]),
)


@pytest.mark.parametrize(("check", "said"), TOLERANCES)
def test_tolerances(lint: Lint, check: str, said: list[str]) -> None:
    assert codes(of(lint({"base/rules/a.yaml": rules(check)}), "L404", "L405", "L406")) == said


def test_a_basis_grows_old(write: Write, lint: Lint) -> None:
    lint()
    root = write({})
    for day, years, said in (("2029-11-01", 3, []), ("2029-11-02", 3, ["L403"]), ("2029-11-02", 4, []), ("2027-12-01", 1, ["L403"])):
        settings = Settings(datetime.date.fromisoformat(day), years)
        assert codes(of(lint_pack(str(root / "base"), (root,), settings), "L401", "L402", "L403")) == said, day


def test_the_newest_of_several_bases_counts(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0").replace("[{文号: 预算法, 核验: 2026-11-01}]", "[{文号: 甲, 核验: 2010-01-01}, {文号: 乙, 核验: 未核验}, {文号: 丙, 核验: 2025-01-01}]")
    assert not of(lint({"base/rules/a.yaml": text}), "L401", "L402", "L403")


def test_severities_that_do_nothing(lint: Lint) -> None:
    def text(checks: str, more: str = "severity: 警告") -> str:
        return rules("x", more=more).replace("'x'", checks)

    one, two = "{check: '总表[其他收入] >= 0', severity: 提示}", "{check: '总表[专项收入] >= 0', severity: 错误}"
    assert codes(of(lint({"base/rules/a.yaml": text(f"[{one}, {two}]")}), "L407")) == ["L407"]
    assert not of(lint({"base/rules/a.yaml": text(f"[{one}, {{check: '总表[专项收入] >= 0'}}]")}), "L407")
    assert codes(of(lint({"base/rules/a.yaml": text(f"[{one}]")}), "L407")) == ["L407"]


def test_cases_glanced_at_and_read(lint: Lint) -> None:
    head = "language: 1\nrule: A01-1\ncases:\n"
    holds, fails = "  - {name: 甲, outcome: 相符, tables: {}}\n", "  - name: 乙\n    outcome: '存疑'\n    tables: {}\n"
    for text, said in ((holds + fails, []), (holds, ["L409"]), (fails, ["L410"]), ("  - {name: 丙, outcome: 不适用}\n", ["L409", "L410"])):
        assert codes(of(lint({"base/cases/A01-1.yaml": head + text}), "L408", "L409", "L410", "L411")) == said
    assert codes(of(lint({"base/cases/A01-1.yaml": head + '  - {name: 甲, "outcome": 相符}\n  - {name: 乙, "outcome": 不符}\n'}), "L409", "L410")) == []


def test_a_region_needs_cases_only_for_what_it_adds_or_changes(lint: Lint) -> None:
    report = lint({"city/rules/b.yaml": rules(("B-01", "总表[专项收入] >= 0"))}, "city")
    assert [f.rule for f in of(report, "L408")] == ["B-01"]
    change = "language: 1\noverrides:\n  - {rule: A01-1, action: 收紧, severity: 错误, title: 总表：收入合计等于各项收入, reason: 从严}\n"
    assert {f.rule for f in of(lint({"city/overrides.yaml": change}, "city"), "L408")} == {"B-01", "A01-1"}


@pytest.mark.parametrize("basis", ["{文号: 待补, 核验: 未核验}", "{文号: 待定, 核验: 2026-11-01}", "{文号: 预算法, 条款: 第××条, 核验: 2026-11-01}", "{文号: TODO, 核验: 未核验}", "{文号: 某某〔2023〕1号, 核验: 未核验}", "{文号: 〔〕号, 核验: 未核验}"])
def test_a_placeholder_is_no_basis(lint: Lint, basis: str) -> None:
    text = rules("总表[其他收入] >= 0").replace("{文号: 预算法, 核验: 2026-11-01}", basis)
    assert codes(of(lint({"base/rules/a.yaml": text}), "L401", "L402", "L403", "L412")) == ["L412"]


@pytest.mark.parametrize("basis", ["{文号: 财预〔2016〕143号, 条款: 第四条, 核验: 未核验}", "{文号: 部门决算报表审核口径, 核验: 未核验}"])
def test_a_basis_that_was_not_verified_is_no_placeholder(lint: Lint, basis: str) -> None:
    text = rules("总表[其他收入] >= 0").replace("{文号: 预算法, 核验: 2026-11-01}", basis)
    assert codes(of(lint({"base/rules/a.yaml": text}), "L402", "L412")) == ["L402"]

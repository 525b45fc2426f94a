"""Checks of the same figures, however they are written."""

from __future__ import annotations

import pytest
from tests.authoring.linting.linted import Lint, codes, of, rules

SAME = (
    ("sum(总表.收入) == 总表[本年收入合计]", "总表[本年收入合计] == sum(总表.收入)"),
    ("sum(总表.收入) == 总表[本年收入合计]", "总表[本年收入合计] - sum(总表.收入) == 0"),
    ("sum(总表.收入) == 总表[本年收入合计]", "0.5 × sum(总表.收入) == 总表[本年收入合计] ÷ 2"),
    ("sum(总表.收入) == 总表[本年收入合计]", "总表[财政拨款收入] + 总表[其他收入] + 总表[专项收入] == 总表[本年收入合计]"),
    ("总表[其他收入] <= 总表[专项收入]", "-1 × 总表[其他收入] >= -1 × 总表[专项收入]"),
    ("总表[其他收入] <= 总表[专项收入]", "2 × 总表[专项收入] >= 2 × 总表[其他收入]"),
    ("支出表.基本支出 <= 支出表.项目支出", "每个 r 属于 支出表[*] ： r.基本支出 <= r.项目支出"),
    ("每个 r 属于 支出表[项] ： 若 r.基本支出 > 0 则 r.项目支出 > 0", "每个 s 属于 支出表[项] ： 若 s.基本支出 > 0 则 s.项目支出 > 0"),
    ("总表[其他收入] > 0 且 总表[专项收入] > 0", "总表[专项收入] > 0 且 总表[其他收入] > 0"),
    ("总表[其他收入] == 总表[专项收入] ± 0.01", "总表[其他收入] == 总表[专项收入] ± 尾差"),
)
DIFFERENT = (
    ("总表[其他收入] <= 总表[专项收入]", "总表[其他收入] >= 总表[专项收入]"),
    ("总表[其他收入] == 总表[专项收入]", "总表[其他收入] == 总表[专项收入] + 1万元"),
    ("总表[其他收入] == 2 × 总表[专项收入]", "总表[其他收入] == 总表[专项收入]"),
    ("总表[其他收入] == 总表[专项收入] ± 5%", "总表[专项收入] == 总表[其他收入] ± 5%"),
    ("支出表.基本支出[合计] == sum(支出表.基本支出[类])", "支出表.基本支出[合计] == sum(支出表.基本支出[款])"),
    ("每个 r 属于 支出表[项] ： r.基本支出 >= 0", "每个 r 属于 支出表[款] ： r.基本支出 >= 0"),
)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_figures_are_said_once(lint: Lint, first: str, second: str) -> None:
    report = lint({"base/rules/a.yaml": rules(first), "base/rules/b.yaml": rules(("A02-1", second))})
    found = of(report, "L305")
    assert codes(found) == ["L305"], report.findings
    assert found[0].rule == "A02-1"
    assert "A01-1" in found[0].message
    assert not of(report, "W201")


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_other_figures_are_not(lint: Lint, first: str, second: str) -> None:
    assert not of(lint({"base/rules/a.yaml": rules(first, second)}), "L305", "L306")


def test_against_the_packs_above(lint: Lint) -> None:
    report = lint({"city/rules/b.yaml": rules(("B-01", "总表[本年收入合计] == sum(总表.收入) ± 尾差"))}, "city")
    assert [f.rule for f in of(report, "L305")] == ["B-01"]


def test_dated_twins_are_no_duplicates(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0", more="applies: {年度: ..2021}") + rules(("A01-2", "总表[其他收入] >= 0"), more="applies: {年度: 2022..}").partition("rules:\n")[2]
    assert not of(lint({"base/rules/a.yaml": text}), "L305", "L306")


def test_fewer_conditions_include_more(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0", more="when: 总表[专项收入] > 0") + rules(("A01-2", "总表[其他收入] >= 0")).partition("rules:\n")[2]
    report = lint({"base/rules/a.yaml": text})
    assert codes(of(report, "L305", "L306")) == ["L306"]

"""What is known of conditions before any report."""

from __future__ import annotations

import pytest
from tests.authoring.linting.linted import Lint, codes, of, rules

ALWAYS = (
    "count(总表.收入) >= 0个",
    "abs(总表[其他收入]) >= 0",
    "max(0, 总表[其他收入]) >= 0",
    "min(0, 总表[其他收入]) <= 0",
    "总表[其他收入] >= 0 或 总表[其他收入] < 0",
    "若 总表[其他收入] > 0 则 总表[其他收入] >= 0",
    "若 总表[其他收入] == 总表[专项收入] 则 总表[专项收入] <= 总表[其他收入]",
    "若 总表[其他收入] > 100万元 则 非 为零(总表[其他收入])",
    "每个 r 属于 支出表[项] ： 若 编码(r) == \"2010101\" 则 编码(r) 属于 {2010101, 2010102}",
    "每个 r 属于 支出表[项] ： 级次(r) <= 3个",
    "计数 r 属于 支出表[项] ： r.基本支出 > 0 >= 0个",
)
FAILS = (
    "总表[其他收入] > 0 且 总表[其他收入] < 0",
    "总表[其他收入] > 0 且 总表[其他收入] <= 0",
    "count(总表.收入) < 0个",
    "总表[其他收入] >= 100万元 且 总表[其他收入] <= 50万元",
    "总表[其他收入] == 总表[专项收入] 且 总表[专项收入] != 总表[其他收入]",
)
NEVER = (
    "若 总表[其他收入] > 0 且 总表[其他收入] < 0 则 总表[专项收入] > 0",
    "若 为空(总表[其他收入]) 且 非 为空(总表[其他收入]) 则 总表[专项收入] > 0",
    "若 为空(总表[其他收入]) 且 总表[其他收入] > 0 则 总表[专项收入] > 0",
    "若 为零(总表[其他收入]) 且 为空(总表[其他收入]) 则 总表[专项收入] > 0",
    "每个 r 属于 支出表[项] ： 若 名称(r) == \"甲\" 且 名称(r) == \"乙\" 则 r.基本支出 > 0",
    "每个 r 属于 支出表[项] ： 若 编码(r) 属于 {2010101} 且 编码(r) 不属于 {2010101, 2010102} 则 r.基本支出 > 0",
    "若 (总表[其他收入] > 0 或 总表[其他收入] > 5万元) 且 总表[其他收入] < 0 则 总表[专项收入] > 0",
)
IDLE = (
    "若 abs(总表[其他收入]) >= 0 则 总表[专项收入] > 0",
    "若 总表[其他收入] > 0 或 总表[其他收入] <= 0 则 总表[专项收入] > 0",
)
OPEN = (
    "总表[其他收入] >= 0",
    "总表[其他收入] > 0 且 总表[专项收入] < 0",
    "总表[其他收入] >= 0 且 总表[其他收入] <= 0",
    "总表[其他收入] >= 100万元 且 总表[其他收入] <= 99.9999万元",
    "若 总表[其他收入] > 0 则 总表[其他收入] > 100万元",
    "若 为零(总表[其他收入]) 则 总表[专项收入] == 0",
    "每个 r 属于 支出表[项] ： 若 名称(r) 包含 \"运行\" 则 名称(r) == \"行政运行\"",
    "若 总表[其他收入] == 0 则 为空(总表[其他收入])",
    "总表[其他收入] == 总表[专项收入] ± 尾差 或 总表[其他收入] == 总表[财政拨款收入] ± 尾差",
    "每个 r 属于 支出表[项] ： 若 r.基本支出 == 0 且 名称(r) 属于 {\"甲\", \"乙\"} 则 名称(r) == \"丙\"",
)


@pytest.mark.parametrize("check", ALWAYS)
def test_what_always_holds_is_said(lint: Lint, check: str) -> None:
    if check.startswith("计数"):
        check = "(" + check.replace(" >= 0个", ") >= 0个")
    assert codes(of(lint({"base/rules/a.yaml": rules(check)}), "L301", "L302", "L303", "L304")) == ["L301"]


@pytest.mark.parametrize("check", FAILS)
def test_what_never_holds_is_said(lint: Lint, check: str) -> None:
    assert codes(of(lint({"base/rules/a.yaml": rules(check)}), "L301", "L302", "L303", "L304")) == ["L302"]


@pytest.mark.parametrize("check", NEVER)
def test_what_never_applies_is_said(lint: Lint, check: str) -> None:
    assert codes(of(lint({"base/rules/a.yaml": rules(check)}), "L301", "L302", "L303", "L304")) == ["L303"]


@pytest.mark.parametrize("check", IDLE)
def test_a_condition_that_always_holds_is_said(lint: Lint, check: str) -> None:
    assert codes(of(lint({"base/rules/a.yaml": rules(check)}), "L301", "L302", "L303", "L304")) == ["L304"]


@pytest.mark.parametrize("check", OPEN)
def test_what_depends_on_the_report_is_let_alone(lint: Lint, check: str) -> None:
    report = lint({"base/rules/a.yaml": rules(check)})
    assert not of(report, "L301", "L302", "L303", "L304"), of(report, "L301", "L302", "L303", "L304")
    assert not [f for f in report.findings if f.code.startswith("E")], report.findings


def test_when_counts_as_a_condition(lint: Lint) -> None:
    report = lint({"base/rules/a.yaml": rules("总表[其他收入] >= 0", more="when: 总表[其他收入] > 0")})
    assert codes(of(report, "L301")) == ["L301"]
    report = lint({"base/rules/a.yaml": rules("若 总表[其他收入] < 0 则 总表[专项收入] > 0", more="when: 总表[其他收入] > 0")})
    assert codes(of(report, "L303")) == ["L303"]
    report = lint({"base/rules/a.yaml": rules("总表[专项收入] > 0", more="when: count(总表.收入) >= 0个")})
    assert codes(of(report, "L304")) == ["L304"]


def test_years_and_regions_outside_those_of_the_pack(lint: Lint) -> None:
    report = lint({"base/rules/a.yaml": rules("总表[其他收入] >= 0", more="applies: {年度: ..2010}")})
    assert codes(of(report, "L303")) == ["L303"]
    city = rules(("B-01", "总表[专项收入] >= 0"), more="applies: {地区: ['42']}")
    assert codes(of(lint({"city/rules/b.yaml": city}, "city"), "L303")) == ["L303"]
    city = rules(("B-01", "总表[专项收入] >= 0"), more="applies: {地区: ['9901']}")
    assert not of(lint({"city/rules/b.yaml": city}, "city"), "L303")


def test_a_parameter_settles_a_check_only_where_every_region_agrees(lint: Lint) -> None:
    layout = "layout: 1\nparameters: {口径: %s}\n"
    files = {
        "base/layouts/口径.yaml": layout % "不限",
        "base/rules/a.yaml": rules('若 参数("口径") == "总计" 则 总表[专项收入] >= 0', '若 参数("口径") == "没有的" 则 总表[其他收入] >= 0'),
        "city/layouts/口径.yaml": layout % "总计",
    }
    assert [f.rule for f in of(lint(files), "L303")] == ["A01-2"]


def test_what_cancels_out_always_holds_and_is_no_duplicate(lint: Lint) -> None:
    report = lint({"base/rules/a.yaml": rules("总表[其他收入] - 总表[其他收入] == 0", "总表[其他收入] + 总表[专项收入] == 总表[专项收入] + 总表[其他收入]", "总表[其他收入] + 1元 == 总表[其他收入] ± 2元")})
    assert [(f.code, f.rule) for f in of(report, "L301", "L302", "L305")] == [("L301", "A01-1"), ("L301", "A01-2"), ("L301", "A01-3")]
    report = lint({"base/rules/a.yaml": rules("总表[其他收入] + 5元 == 总表[其他收入] ± 2元", "总表[其他收入] != 总表[其他收入] + 0元")})
    assert [f.rule for f in of(report, "L302")] == ["A01-1", "A01-2"]

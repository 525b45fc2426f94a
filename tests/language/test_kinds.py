"""Kinds, shapes, units and tolerances: what goes together, and the forms that come out."""

from __future__ import annotations

import pytest
from small_layout import check, form, marked, problems

from juesuan_rules.language.model import Form

ROW = "总表[27行]"


@pytest.mark.parametrize(
    ("literal", "wanted"),
    [
        ("200元", ("number", 20_000, 1, "money")),
        ("0.02万元", ("number", 20_000, 1, "money")),
        ("1,204.00万元", ("number", 1_204_000_000, 1, "money")),
        ("0.001元", ("number", 1, 10, "money")),
        ("0", ("number", 0, 1, "money")),
        ("-5亿元", ("neg", ("number", 50_000_000_000, 1, "money"))),
    ],
)
def test_money_literals(literal: str, wanted: Form) -> None:
    assert form(f"{ROW} == {literal}")[3] == wanted


@pytest.mark.parametrize(
    ("tolerance", "wanted"),
    [
        ("", ("tail",)),
        ("± 尾差", ("tail",)),
        ("± 0.02", ("fixed", 1, 50, None)),
        ("± 0", ("fixed", 0, 1, None)),
        ("± 0.02万元", ("fixed", 20_000, 1, "money")),
        ("± 200元", ("fixed", 20_000, 1, "money")),
        ("± 0.1%", ("relative", 1, 1000)),
    ],
)
def test_tolerances_of_money(tolerance: str, wanted: Form) -> None:
    assert form(f"{ROW} == 总表[58行] {tolerance}")[4] == wanted


@pytest.mark.parametrize(
    ("text", "tolerance"),
    [
        (f"{ROW} / 总表[58行] <= 50% ± 0.5个百分点", ("fixed", 1, 200, "points")),
        (f"{ROW} / 总表[58行] <= 50% ± 1%", ("relative", 1, 100)),
        (f"{ROW} / 总表[58行] <= 50% ± 0", ("fixed", 0, 1, None)),
        ("count(支出表[类].基本支出) == 3 ± 1", ("fixed", 1, 1, "none")),
        ("count(支出表[类].基本支出) == 3个 ± 1个", ("fixed", 1, 1, "count")),
    ],
)
def test_tolerances_of_other_kinds(text: str, tolerance: Form) -> None:
    assert form(text)[4] == tolerance


@pytest.mark.parametrize(
    "text",
    [
        f"{ROW} * 10% <= 总表[58行]",
        f"{ROW} / 总表[58行] == 0.5",
        f"{ROW} / 3个 >= 5元",
        f"3 * {ROW} >= 5元",
        f"{ROW} / 总表[58行] - 总表[59行] / 总表[58行] <= 5个百分点",
        "支出表.基本支出 <= 总表[58行]",
        "支出表.*[合计] == sum(支出表.*[类])",
        "支出表.本年支出合计[类] == 总表.支出[明细]",
        "sum(支出表.基本支出 - 收入表.财政拨款收入) >= 0",
        "sum(max(0, 支出表.基本支出[项] - 收入表.财政拨款收入[项])) <= 总表[27行]",
        "abs(总表[27行] - 总表[58行]) <= 1元",
        "总表[27行] == 总表[58行] == 财拨总表[27行]",
        "0 <= 总表[58行] <= 总表[27行]",
    ],
)
def test_what_goes_together(text: str) -> None:
    form(text)


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        (f"{ROW} + 10% == 0", "E301", f"{ROW} + 10%"),
        (f"{ROW} + 5 == 0", "E301", f"{ROW} + 5"),
        (f"{ROW} * 总表[58行] == 0", "E301", f"{ROW} * 总表[58行]"),
        (f"5 / {ROW} == 0", "E301", f"5 / {ROW}"),
        (f"{ROW} == 50%", "E302", f"{ROW} == 50%"),
        (f"{ROW} == 3辆", "E302", f"{ROW} == 3辆"),
        (f"{ROW} == 总表[58行] ± 0.5个百分点", "E303", "± 0.5个百分点"),
        (f"{ROW} == 总表[58行] ± 0.01分值", "E303", "± 0.01分值"),
        (f"{ROW} / 总表[58行] == 50% ± 0.02", "E303", "± 0.02"),
        (f"{ROW} / 总表[58行] == 50% ± 2元", "E303", "± 2元"),
        (f"{ROW} + 总表[58行]", "E304", f"{ROW} + 总表[58行]"),
        (f"({ROW} == 0) == 0", "E304", f"{ROW} == 0"),
        (f"({ROW} == 0) + 1 == 0", "E304", f"{ROW} == 0"),
        ("sum(支出表.基本支出)", "E304", "sum(支出表.基本支出)"),
        (f"{ROW} > 100", "E309", "100"),
        (f"100 < {ROW}", "E309", "100"),
        ("支出表.* == 支出表.基本支出", "E307", "支出表.* == 支出表.基本支出"),
        ("支出表.基本支出 == 基本明细表.决算数", "E308", "支出表.基本支出 == 基本明细表.决算数"),
        (f"{ROW} != 总表[58行] != 0", "E113", f"{ROW} != 总表[58行] != 0"),
        (f"{ROW} < 总表[58行] > 0", "E113", f"{ROW} < 总表[58行] > 0"),
        (f"{ROW} 属于 {{1, 2元}}", "E302", "1"),
        (f'{ROW} 包含 "甲"', "E302", ROW),
    ],
)
def test_what_does_not(text: str, code: str, at: str) -> None:
    found = problems(text)[0]
    assert found.code == code
    assert marked(found, text) == at
    assert found.message


def test_every_mistake_in_an_expression_is_reported_at_once() -> None:
    found = problems("支出表.甲 + 支出表.乙 == 总表[99行] ± 尾差")
    assert [d.code for d in found] == ["E203", "E203", "E205"]


def test_the_number_of_reports_on_one_expression_is_bounded() -> None:
    text = " + ".join(f"甲{i}.乙" for i in range(60)) + " == 0"
    assert len(problems(text)) == 20


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1元 == 2元", "W301"),
        ("若 1 == 1 则 总表[27行] == 0", "W301"),
        ("总表[27行] == 总表[本年收入合计]", "W302"),
        ("sum(总表[27行]) == 0", "W303"),
        ("同码同名(支出表, 支出表, 收入表)", "W304"),
    ],
)
def test_warnings_do_not_stop_a_rule(text: str, code: str) -> None:
    result = check(text)
    assert code in [d.code for d in result.diagnostics]
    assert len(result.rules) == 1

"""Rules in words: nothing lost, nothing turned round."""

from __future__ import annotations

import pytest

from juesuan_rules import load_pack
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.renderings.rule_text import render_rule
from juesuan_rules.renderings.rule_words import Words, number, tolerances


@pytest.fixture(scope="module")
def layout() -> Layout:
    return load_pack("cn").layout


def words(layout: Layout, text: str) -> tuple[str, list[str]]:
    result = check_rules((RuleText("T", "题", (CheckText(text),)),), layout)
    assert [d.message for d in result.diagnostics if d.is_error] == []
    form = result.rules[0].checks[0].form
    return "\n".join(Words(layout).meaning(form)), tolerances([form])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("总表[本年支出合计] == 总表.支出[总计] - (总表[结余分配] - 总表[年末结转和结余])", "「总表.支出」的总计（62 行） - （「总表.支出」的结余分配（59 行） - 「总表.支出」的年末结转和结余（60 行））"),
        ("总表[年末结转和结余] <= 总表.收入[总计] * 10%", "须不大于 「总表.收入」的总计（31 行） × 10%"),
        ("支出表.本年支出合计 == 支出表.基本支出 + 支出表.项目支出", "，逐行核对"),
        ("支出表.*[合计] == sum(支出表.*[类])", "，逐栏核对"),
        ("支出表.*[非末级] == 下级合计(支出表.*)", "，逐行逐栏核对"),
        ("非 (总表[结余分配] > 0元)", "须「总表.支出」的结余分配（59 行） 不大于 0"),
        ("若 为空(总表[结余分配]) 则 总表[年末结转和结余] >= 0元", "若「总表.支出」的结余分配（59 行）没有填，则："),
        ("总表[结余分配] > 1.5万元 或 总表[年末结转和结余] > 200元", "大于 15,000.00 元，或「总表.支出」的年末结转和结余（60 行） 大于 200.00 元"),
        ("每个 r 属于 支出表[项]：若 名称(r) == \"行政运行\" 则 r.项目支出 == 0元", "该行的项目支出 须等于 0"),
    ],
)
def test_in_words(layout: Layout, text: str, said: str) -> None:
    assert said in words(layout, text)[0]


@pytest.mark.parametrize(
    ("tolerance", "said"),
    [("", "尾差："), (" ± 尾差", "尾差："), (" ± 0", "0：必须完全相同"), (" ± 0.02", "0.02（按表头印的金额单位）"), (" ± 200元", "200.00 元"), (" ± 0.1%", "右边的 0.1%")],
)
def test_tolerances(layout: Layout, tolerance: str, said: str) -> None:
    (text,) = words(layout, "总表.收入[总计] == 总表.支出[总计]" + tolerance)[1]
    assert text.startswith(said)


def test_numbers_are_exact() -> None:
    assert number(1, 3, "none") == "1/3"
    assert number(1, 200, "percent") == "0.5%"
    assert number(-5, 100, "money") == "-0.05 元" or number(-5, 1, "money") == "-0.05 元"
    assert number(7, 2, "score") == "3.5 分值"


@pytest.mark.parametrize("pack", ["cn", "cn-21-liaoning", "cn-42-hubei", "cn-15-neimenggu", "cn-31-shanghai"])
def test_every_shipped_rule_can_be_told(pack: str) -> None:
    loaded = load_pack(pack)
    result = check_rules(loaded.rules, loaded.layout)
    assert len(result.rules) == len(loaded.rules)
    for rule in result.rules:
        text = render_rule(rule, loaded.layout)
        text.encode("gbk")
        assert "表达式成立" not in text
        assert "所示的值" not in text
        assert "所选的行" not in text
        assert f"{rule.id} {rule.title}" in text

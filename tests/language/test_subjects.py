"""Rows of tables keyed by code that no layout lists: names and codes of 科目, against the chart the pack has."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from small_layout import marked, small_layout

from juesuan_rules.catalogue.model import Dictionary
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckText, RuleText

CHART = Dictionary(
    "功能科目",
    (("201", "一般公共服务支出"), ("20101", "人大事务"), ("2010101", "行政运行"), ("20103", "政府办公厅（室）及相关机构事务|政府办公厅"), ("212*", "城乡社区支出"), ("208", "社会保障和就业支出")),
)
FORMER = Dictionary("过时名称", (("医疗卫生支出（类）", "卫生健康支出（类），2019"),))


def problems(text: str, *dictionaries: Dictionary) -> tuple[Diagnostic, ...]:
    layout = small_layout()
    kept = tuple(d for d in layout.dictionaries if d.name not in (CHART.name, FORMER.name))
    return check_rules([RuleText("T-1", "试验", (CheckText(text),))], replace(layout, dictionaries=(*kept, *dictionaries))).diagnostics


@pytest.mark.parametrize(
    ("text", "code", "at", "says"),
    [
        ("支出表.项目支出[合记] == 0", "E204", "合记", "是不是想写：合计"),
        ("支出表[合计数].项目支出 == 0", "E204", "合计数", "是不是想写：合计"),
        ("支出表[合计].项目支出 == sum(支出表.项目支出[非 合记])", "E204", "合记", "合计"),
        ("每个 r 属于 支出表[合记]：r.项目支出 >= 0", "E204", "合记", "合计"),
        ("支出表[行政运形].项目支出 == 0", "W306", "行政运形", "是不是想写：行政运行"),
        ("存在(支出表[「行政运形」])", "W306", "「行政运形」", "行政运行"),
        ("支出表[本地叫法].项目支出 == 0", "W306", "本地叫法", "加进规则包的词典“功能科目”"),
        ("支出表[9999999].项目支出 == 0", "E209", "9999999", "以 2 开头"),
        ("支出表[3010101].项目支出 == 0", "E209", "3010101", "以 2 开头"),
        ("sum(支出表[999*].项目支出) == 0", "E209", "999*", "以 2 开头"),
        ("支出表[99999999].项目支出 == 0", "E209", "99999999", "3、5、7"),
        ("支出表[2990101].项目支出 == 0", "W306", "2990101", "类 299"),
        ("支出表[2010201].项目支出 == 0", "W306", "2010201", "款 20102"),
    ],
)
def test_what_no_row_can_be(text: str, code: str, at: str, says: str) -> None:
    (found,) = problems(text, CHART, FORMER)
    assert found.code == code
    assert marked(found, text) == at
    assert says in found.message + found.hint


@pytest.mark.parametrize(
    "row",
    ["行政运行", "人大事务", "政府办公厅", "「政府办公厅（室）及相关机构事务」", "合计", "项", "末级", "2010101", "2010199", "2129901", "201*", "20*", "缺作0", "卫生健康支出（类）", "非 合计"],
)
def test_what_may_stand_there(row: str) -> None:
    found = problems(f"sum(支出表.项目支出[{row}]) == 0", CHART, FORMER)
    assert [problem for problem in found if problem.code != "W303"] == []


def test_without_a_chart_only_summary_rows_are_told() -> None:
    assert problems("支出表[行政运形].项目支出 == 0") == ()
    assert problems("支出表[9990101].项目支出 == 0") == ()
    assert [p.code for p in problems("支出表[合记].项目支出 == 0")] == ["E204"]


def test_every_wrong_row_is_told() -> None:
    assert [p.code for p in problems("支出表[合记].项目支出 + 支出表[9990101].项目支出 == 支出表[合汁].项目支出", CHART)] == ["E204", "E209", "E204"]

"""An expression on a report gives what a rule with it would read, with units, rows and places."""

from __future__ import annotations

import pytest

from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.trial.prompt import MAX_LINE, Prompt
from juesuan_rules.authoring.trial.text import render_trial
from juesuan_rules.authoring.trial.trying import try_expression
from juesuan_rules.packs.load import load_pack
from juesuan_rules.reports.model import Report
from juesuan_rules.resources import rules_root


@pytest.fixture(scope="module")
def report() -> Report:
    layout = load_pack("cn", None, (rules_root(),)).layout
    tables = {
        "总表": {"201": "80.00", "210": "20.00", "本年支出合计": "100.01", "收入.总计": "120.00"},
        "支出表": {"合计": ["60.00", "40.00", "20.00"], "201 一般公共服务支出": ["60.00", "40.00", "20.00"], "2010301 行政运行": ["60.00", "40.00", "甲"]},
    }
    return build_report(layout, tables, 2023, {"文字": {"支出总计": "120.00", "三公经费": {"值": "5.00", "增减率": "-10%"}}})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sum(01表.支出)", "= 100.00 万元"),
        ("总表[本年支出合计] - sum(总表.支出)", "= 0.01 万元"),
        ("文字.支出总计 / 总表.收入[总计]", "= 1"),
        ("文字[三公经费].增减率", "= -10%"),
        ("sum(支出表.项目支出)", "不能读作数字"),
        ("支出表[2019999].基本支出", "= 无法得出（缺行"),
        ("上年.总表[结余分配]", "= 无法得出（缺上年"),
        ("计数 r 属于 支出表[项]：r.基本支出 > 0", "= 1 个"),
    ],
)
def test_one_value(report: Report, text: str, shown: str) -> None:
    assert shown in render_trial(try_expression(text, report)).split("\n")[0]


def test_a_value_tells_the_cells_it_is_made_of(report: Report) -> None:
    (one,) = try_expression("sum(01表.支出)", report).values
    assert [(o.name, o.raw) for o in one.operands if o.raw] == [("总表[一般公共服务支出].金额", "80.00"), ("总表[卫生健康支出].金额", "20.00")]
    assert all(o.place.line for o in one.operands)
    assert "另有 24 格没有填数" in render_trial(try_expression("sum(01表.支出)", report))


def test_a_column_is_listed_row_by_row(report: Report) -> None:
    values = try_expression("支出表.项目支出", report).values
    assert [(v.key, v.text, v.unit) for v in values[:2]] == [("合计", "20.00", "万元"), ("201 一般公共服务支出", "20.00", "万元")]
    assert values[2].text == "" and "甲" in values[2].reason
    assert [v.key for v in try_expression("支出表.*[合计]", report).values][:2] == ["本年支出合计", "基本支出"]


def test_a_condition_gives_verdicts(report: Report) -> None:
    trial = try_expression("sum(总表.支出) == 本年支出合计 ± 0", report)
    assert [f.outcome for f in trial.findings] == ["fail"]
    assert render_trial(trial).endswith("共 不符 1\n")
    assert [f.outcome for f in try_expression("支出表.基本支出 <= 支出表.本年支出合计", report).findings] == ["pass"] * 3


@pytest.mark.parametrize(("text", "code", "column"), [("sum(总表.支出", "E102", 4), ("总标[总计]", "E201", 1), ("总表[结余分配] + 10%", "E301", 1), ("", "E101", 1)])
def test_errors_point_at_the_character(report: Report, text: str, code: str, column: int) -> None:
    trial = try_expression(text, report)
    assert not trial.sound and not trial.values and not trial.findings
    assert (trial.diagnostics[0].code, trial.diagnostics[0].span.file, trial.diagnostics[0].span.column) == (code, "表达式", column)


def test_the_prompt_answers_commands(report: Report) -> None:
    prompt = Prompt(report)
    assert "收入支出决算总表" in prompt.answer(":表")
    assert "58 行 本年支出合计（合计）" in prompt.answer("：表 总表")
    assert "没有“总标”" in prompt.answer(":表 总标")
    assert "是不是想写 :表" in prompt.answer(":表格") or "没有" in prompt.answer(":表格")
    assert "三公经费：值 5.00万元，增减率 -10%" in prompt.answer(":事实")
    assert ":退出" in prompt.answer(":帮助")
    assert "E216" in prompt.answer("58行") or "错误" in prompt.answer("58行")
    prompt.answer(":固定 总表")
    assert prompt.answer("58行").startswith("= 100.01 万元")
    assert prompt.answer(":固定") == "不再固定表\n"
    assert "没有填数" not in prompt.answer(":全部 sum(总表.支出)")
    assert prompt.answer("") == "" and "太长" in prompt.answer("1" * (MAX_LINE + 1))
    assert not prompt.done and prompt.answer(":退出") == "" and prompt.done


def test_no_input_breaks_the_prompt(report: Report) -> None:
    prompt = Prompt(report)
    for line in (":", "：", ": ", "\x00", "(" * 3000, "每个", ":全部", "sum(", "总表[总表[总表", "﻿", "1/0", "总表[结余分配] / 总表[结余分配]"):
        assert isinstance(prompt.answer(line), str)

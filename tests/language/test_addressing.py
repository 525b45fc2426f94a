"""Addresses: names → table, block, column, rows; and what is said where they mean nothing or too much."""

from __future__ import annotations

import pytest
from small_layout import check, form, marked, problems

from juesuan_rules.language.model import Form

GENERAL, SPENDING, INCOME, GRANTS, FUND, BASIC, TRAVEL = (
    "收入支出决算总表", "支出决算表", "收入决算表", "财政拨款收入支出决算总表", "政府性基金表", "基本支出决算明细表", "“三公”经费支出决算表",
)  # fmt: skip
ALL, DETAIL = ("all",), ("group", "明细")


def left(text: str, table: str | None = None) -> Form:
    """The form of a money expression, read by comparing it with 0."""
    return tuple(form(f"{text} == 0", table)[2])


def cells(table: str, block: str, column: str, rows: Form, missing: str = "report", scope: str = "") -> Form:
    return ("cells", scope, table, block, column, rows, missing)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("总表[本年支出合计].金额", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("总表[本年支出合计]", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("总表.支出.金额[本年支出合计]", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("收入支出决算总表.支出部分[支出总计]", cells(GENERAL, "支出", "金额", ("key", "总计"))),
        ("总表.支出[总计]", cells(GENERAL, "支出", "金额", ("key", "总计"))),
        ("总表[支出总计]", cells(GENERAL, "支出", "金额", ("key", "总计"))),
        ("1表[58行, 2栏]", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("０１表［５８行］", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("总表[1..8行, 1栏]", None),
        ("总表[一般公共预算服务支出]", cells(GENERAL, "支出", "金额", ("key", "201"))),
        ("总表[「一、一般公共服务支出」]", cells(GENERAL, "支出", "金额", ("key", "201"))),
        ("总表[201]", cells(GENERAL, "支出", "金额", ("key", "201"))),
        ("总表[使用非财政拨款结余]", cells(GENERAL, "收入", "金额", ("key", "使用非财政拨款结余"))),
        ("总表.支出[合计]", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("支出表[2010301].基本支出", cells(SPENDING, "", "基本支出", ("key", "2010301"))),
        ("支出表.基本支出[2010301]", cells(SPENDING, "", "基本支出", ("key", "2010301"))),
        ("支出表[201*].项目支出", cells(SPENDING, "", "项目支出", ("prefix", "201"))),
        ("支出表[201*, 项].项目支出", cells(SPENDING, "", "项目支出", ("and", ("prefix", "201"), ("group", "项")))),
        ("支出表[2010301, 2010302].项目支出", cells(SPENDING, "", "项目支出", ("keys", "2010301", "2010302"))),
        ("支出表[合计].基本支出", cells(SPENDING, "", "基本支出", ("key", "合计"))),
        ("支出表[非末级].基本支出", cells(SPENDING, "", "基本支出", ("group", "非末级"))),
        ("支出表[非 合计].基本支出", cells(SPENDING, "", "基本支出", ("not", ("key", "合计")))),
        ("支出表[*].基本支出", cells(SPENDING, "", "基本支出", ALL)),
        ("支出表[行政运行].基本支出", cells(SPENDING, "", "基本支出", ("label", "行政运行"))),
        ("支出表.项.基本支出", cells(SPENDING, "", "基本支出", ("group", "项"))),
        ("支出表.合计[合计]", cells(SPENDING, "", "本年支出合计", ("key", "合计"))),
        ("支出表.基本支出", cells(SPENDING, "", "基本支出", ALL)),
        ("支出表.2栏", cells(SPENDING, "", "基本支出", ALL)),
        ("支出表.*", cells(SPENDING, "", "*", ALL)),
        ("支出表.项目支出[缺作0]", cells(SPENDING, "", "项目支出", ALL, "zero")),
        ("支出表[项][缺作0].项目支出", cells(SPENDING, "", "项目支出", ("group", "项"), "zero")),
        ("财拨总表.支出.合计", cells(GRANTS, "支出", "合计", ALL)),
        ("财拨总表.支出.合计[合计]", cells(GRANTS, "支出", "合计", ("key", "本年支出合计"))),
        ("财拨总表[总计].支出.合计", cells(GRANTS, "支出", "合计", ("key", "总计"))),
        ("财拨总表.支出.小计", cells(GRANTS, "支出", "合计", ALL)),
        ("财拨总表.政府性基金预算财政拨款[本年支出合计]", cells(GRANTS, "支出", "政府性基金预算财政拨款", ("key", "本年支出合计"))),
        ("财拨总表[一般公共预算财政拨款收入]", cells(GRANTS, "收入", "金额", ("key", "一般公共预算财政拨款收入"))),
        ("财拨总表[年初一般公共预算财政拨款]", cells(GRANTS, "收入", "金额", ("key", "年初一般"))),
        ("基金表.本年支出", cells(FUND, "", "小计", ALL)),
        ("基金表.本年支出.小计", cells(FUND, "", "小计", ALL)),
        ("基金表.本年支出.合计", cells(FUND, "", "小计", ALL)),
        ("基金表.本年支出.项目支出", cells(FUND, "", "项目支出", ALL)),
        ("基本明细表[30101]", cells(BASIC, "", "决算数", ("key", "30101"))),
        ("基本明细表[30199]", cells(BASIC, "", "决算数", ("key", "30199"))),
        ("基本明细表[因公出国(境)费]", cells(BASIC, "", "决算数", ("key", "30212"))),
        ("三公表.决算数[因公出国（境）费]", cells(TRAVEL, "", "决算数", ("key", "因公出国"))),
        ("三公表[6栏]", cells(TRAVEL, "", "决算数", ("key", "公务接待"))),
        ("「“三公”经费支出决算表」.预算数[合计]", cells(TRAVEL, "", "预算数", ("key", "合计"))),
        ("上年.总表[年末结转和结余].金额", cells(GENERAL, "支出", "金额", ("key", "年末结转和结余"), scope="上年")),
        ("所属单位.总表[27行]", cells(GENERAL, "收入", "金额", ("key", "本年收入合计"), scope="所属单位")),
    ],
)
def test_addresses(text: str, wanted: Form | None) -> None:
    if wanted is not None:
        assert left(text) == wanted
    else:
        rows = left(text)[5]
        assert rows[0] == "keys"
        assert len(rows) == 9


@pytest.mark.parametrize(
    ("text", "table", "wanted"),
    [
        ("27行", "总表", cells(GENERAL, "收入", "金额", ("key", "本年收入合计"))),
        ("1..2行", "01表", cells(GENERAL, "收入", "金额", ("keys", "一般公共预算财政拨款收入", "政府性基金预算财政拨款收入"))),
        ("[58行, 2栏]", "总表", cells(GENERAL, "支出", "金额", ("key", "本年支出合计"))),
        ("59行.合计", "财拨总表", cells(GRANTS, "支出", "合计", ("key", "本年支出合计"))),
        ("合计", "财拨总表", cells(GRANTS, "支出", "合计", ALL)),
        ("3栏", "财拨总表", cells(GRANTS, "支出", "一般公共预算财政拨款", ALL)),
        ("支出[明细]", "总表", cells(GENERAL, "支出", "金额", DETAIL)),
        ("*[类]", "支出表", cells(SPENDING, "", "*", ("group", "类"))),
        ("本年收入合计[合计]", "收入表", cells(INCOME, "", "本年收入合计", ("key", "合计"))),
        ("支出表.基本支出", "总表", cells(SPENDING, "", "基本支出", ALL)),
    ],
)
def test_a_fixed_table(text: str, table: str, wanted: Form) -> None:
    assert left(text, table) == wanted


def test_the_example_of_the_manual() -> None:
    assert form("sum(01表.支出) == 本年支出合计 ± 0.02") == (
        "cmp",
        "==",
        ("agg", "sum", cells(GENERAL, "支出", "金额", DETAIL)),
        cells(GENERAL, "支出", "金额", ("key", "本年支出合计")),
        ("fixed", 1, 50, None),
    )


def test_a_bare_column_means_all_rows_or_the_details() -> None:
    comparison = form("支出表.基本支出 <= sum(支出表.基本支出)")
    assert comparison[2] == cells(SPENDING, "", "基本支出", ALL)
    assert comparison[3] == ("agg", "sum", cells(SPENDING, "", "基本支出", DETAIL))
    assert form("sum(总表[32..34行]) == 0")[2][2][5] == ("keys", "201", "202", "203")


def test_bare_labels_are_looked_up_in_the_tables_of_the_expression_first() -> None:
    result = check("sum(总表.支出) == 本年支出合计", "支出表.本年支出合计 >= 支出表.基本支出")
    assert result.diagnostics == ()
    assert result.rules[0].tables == (GENERAL, SPENDING)


@pytest.mark.parametrize(
    ("text", "code", "at", "says"),
    [
        ("支初表.基本支出 == 0", "E201", "支初表", "支出表"),
        ("总表[27行] == 本年收人合计", "E201", "本年收人合计", "本年收入合计"),
        ("总表[27行] == 公务接待费", "E201", "公务接待费", "三公表[公务接待费]"),
        ("总表[27行] == 总计", "E202", "总计", "总表.收入[总计]、总表.支出[总计]"),
        ("总表[总计] == 0", "E202", "总表[总计]", "总表.收入[总计]、总表.支出[总计]"),
        ("财拨总表[一般公共预算财政拨款] == 0", "E202", "一般公共预算财政拨款", "财拨总表.收入[1行]、财拨总表.收入[29行]"),
        ("基本明细表[其他支出] == 0", "E202", "其他支出", "基本明细表[399]、基本明细表[39999]"),
        ("支出表.基本之出 == 0", "E203", "基本之出", "基本支出"),
        ("支出表.小计 == 0", "E203", "小计", "基本支出"),
        ("总表.支出[本年支出和计] == 0", "E204", "本年支出和计", "本年支出合计"),
        ("支出表[基本支出] == 0", "E204", "基本支出", "支出表.基本支出"),
        ("基本明细表[基本工子] == 0", "E204", "基本工子", "基本工资"),
        ("总表[99行] == 0", "E205", "99行", "1..31"),
        ("总表[8..1行] == 0", "E205", "8..1行", "从小到大"),
        ("总表[1..99行] == 0", "E205", "1..99行", "1..31"),
        ("总表[1.5] == 0", "E109", ".", "]"),
        ("支出表[5行].基本支出 == 0", "E205", "5行", "2010301"),
        ("支出表.9栏 == 0", "E206", "9栏", "1栏（本年支出合计）"),
        ("财拨总表.支出[本年支出合计] == 0", "E207", "财拨总表.支出[本年支出合计]", "政府性基金预算财政拨款"),
        ("支出表[合计] == 0", "E207", "支出表[合计]", ".*"),
        ("sum(总表) == 0", "E208", "总表", "总表.收入、总表.支出"),
        ("支出表[20103011].基本支出 == 0", "E209", "20103011", "3、5、7"),
        ("总表[27] == 0", "E209", "27", "[27行]"),
        ("总表[299] == 0", "E209", "299", "总表"),
        ("本年支出合计 == 0", "E210", "本年支出合计", "总表.支出[本年支出合计]、支出表.本年支出合计"),
        ("文字.支出总额度 == 总表[58行]", "E213", "支出总额度", "支出总计"),
        ("自评表[*].得分 == 0", "E202", "自评表[*].得分", "自评表.指标"),
        ("支出表[类, 款].基本支出 == 0", "E215", "款", "只写一个"),
        ("支出表.基本支出.项目支出 == 0", "E203", "项目支出", ""),
        ("支出表[甲, 乙].基本支出 == 0", "E215", "乙", "分开写"),
        ("总表[27行] > 0 且 27行 > 0", "E216", "27行", "总表[27行]"),
        ("总表[27行] > 0且总表[58行] < 甲", "E201", "甲", ""),
    ],
)
def test_addresses_that_mean_nothing_or_too_much(text: str, code: str, at: str, says: str) -> None:
    found = problems(text)[0]
    assert found.code == code
    assert marked(found, text) == at
    assert says in found.message + found.hint


def test_a_keyword_glued_to_a_name_is_pointed_out() -> None:
    found = problems("甲 > 乙且丙 < 丁")
    assert [d.code for d in found] == ["E113", "E104"]
    assert "乙 且 丙" in found[1].hint
    assert "总表 且 甲" in problems("总表且甲 == 0")[0].hint


def test_a_fixed_table_that_does_not_exist() -> None:
    (found,) = problems("27行 == 0", table="总标")
    assert (found.code, "总表" in found.hint) == ("E214", True)

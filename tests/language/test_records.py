"""Record sets of prose and forms, texts, parameters and dictionaries in rules."""

from __future__ import annotations

import pytest
from small_layout import check, form, marked, problems

from juesuan_rules.language.functions import BUILTINS
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.language.packing import pack_rule, unpack_rule


def left(text: str) -> object:
    """The form of the left side of a comparison."""
    return form(text)[2]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("文字.支出总计 == 0", ("文字", "", "值", ("key", "支出总计"))),
        ("文字[支出总计] == 0", ("文字", "", "值", ("key", "支出总计"))),
        ("文字.支出总计.增减额 == 0", ("文字", "", "增减额", ("key", "支出总计"))),
        ("文字.增减额[支出总计] == 0", ("文字", "", "增减额", ("key", "支出总计"))),
        ("文字[支出总计, 收入总计].值 == 0", ("文字", "", "值", ("keys", "支出总计", "收入总计"))),
        ("文字科目[2010301] == 0", ("文字科目", "", "值", ("key", "2010301"))),
        ("文字科目.完成率 == 0", ("文字科目", "", "完成率", ("all",))),
        ("文字项目[甲项目].执行数 == 0", ("文字项目", "", "执行数", ("label", "甲项目"))),
        ("自评表.预算数 == 0", ("自评表", "", "预算数", ("all",))),
        ("自评表[*].总分 == 0", ("自评表", "", "总分", ("all",))),
        ("自评表.指标.得分 == 0", ("自评表", "指标", "得分", ("all",))),
        ("自评表.资金.预算数 == 0", ("自评表", "资金", "预算数", ("all",))),
        ("文字.支出总计.占比 == 0", ("文字", "", "占比", ("key", "支出总计"))),
        ("占比.百分比 == 0", ("占比", "", "百分比", ("all",))),
    ],
)
def test_addresses_of_record_sets(text: str, cells: tuple[object, ...]) -> None:
    assert left(text) == ("cells", "", *cells, "report")


def test_a_record_set_joins_a_table_by_code() -> None:
    assert form("文字科目.值 == 支出表.基本支出")[0] == "cmp"
    assert problems("文字科目.值 == 基本明细表.决算数")[0].code == "E308"


@pytest.mark.parametrize(
    "text",
    [
        "文字.车辆保有量 == 3辆",
        "文字.支出总计 >= 3万元",
        "文字.支出总计.增减率 >= 3%",
        "自评表.总分 <= 100分值",
        "自评表.总分 <= 100",
        "自评表.指标.完成值 >= 自评表.指标.指标值",
        "文字.支出总计.增减率 == 文字.支出总计.增减额 / 文字.支出总计.上年数",
        "自评表.执行率得分 == 自评表.执行率分值 * 自评表.执行率",
        "avg(自评表.总分) >= 60分值",
        "每个 r 属于 文字：r.增减率 == r.增减额 / (r.值 - r.增减额)",
    ],
)
def test_each_column_has_its_kind(text: str) -> None:
    form(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("文字.车辆保有量 == 3万元", "E302"),
        ("文字.支出总计 == 3", "E309"),
        ("文字.支出总计 == 文字.支出总计.增减率", "E302"),
        ("文字.值 >= 0", "E217"),
        ("文字.* >= 0", "E217"),
        ("文字[支出总计, 车辆保有量].值 >= 0", "E217"),
        ("sum(增减.方向) == 0", "E306"),
        ("增减.方向 + 增减.本年 == 0", "E304"),
        ("占比 >= 0", "E207"),
        ("自评表.指标 >= 0", "E207"),
        ("自评表.得分 == 0", "E208"),
    ],
)
def test_what_does_not_go_together(text: str, code: str) -> None:
    assert problems(text)[0].code == code


def test_counts_alone_are_counts() -> None:
    assert left("文字[车辆保有量, 培训人次].值 >= 1个") == ("cells", "", "文字", "", "值", ("keys", "车辆保有量", "培训人次"), "report")


@pytest.mark.parametrize("text", ["文字.支出总记 == 0", "文字[支出总记].值 == 0", "每个 r 属于 文字[支出总记]：r.值 == 0"])
def test_an_undeclared_fact_is_named_with_the_nearest(text: str) -> None:
    found = problems(text)[0]
    assert (found.code, found.hint, marked(found, text)) == ("E213", "是不是想写：支出总计", "支出总记")


def test_phrases_of_prose_are_no_names_in_rules() -> None:
    assert problems("文字.支出总额 == 0")[0].code == "E213"


def test_bare_labels_are_never_looked_up_in_record_sets() -> None:
    assert problems("文字.支出总计 == 支出总计")[0].code == "E210"
    assert form("文字.支出总计 == 总表.支出[总计] 且 结余分配 >= 0")[0] == "and"


def test_a_record_set_may_be_the_table_of_a_rule() -> None:
    assert form("指标得分小计 == 下级合计(指标.得分)", table="自评表")[3] == ("children", ("cells", "", "自评表", "指标", "得分", ("all",), "report"))
    assert form("支出总计 >= 0", table="文字")[2][4:6] == ("值", ("key", "支出总计"))


def test_names_that_are_record_sets_and_columns_too() -> None:
    assert form("每个 r 属于 占比：r.百分比 <= 100%")[2][2] == "占比"
    assert form("占比 >= 0", table="文字科目")[2][2:5] == ("文字科目", "", "占比")


def test_children_in_another_block_and_their_number() -> None:
    inner = ("cells", "", "自评表", "指标", "得分", ("all",), "report")
    assert form("自评表.指标得分小计 == 下级合计(自评表.指标.得分)")[3] == ("children", inner)
    assert left("下级计数(自评表.指标.得分) >= 1个") == ("child_count", inner)
    assert problems("下级计数(自评表.指标.得分) >= 1万元")[0].code == "E302"


# ------------------------------------------------------------------ texts


def test_texts_are_compared_row_by_row_or_of_one_record() -> None:
    cells = ("cells", "", "增减", "", "方向", ("all",), "report")
    assert form('增减.方向 == "增加"') == ("match", "equals", cells, "增加")
    assert form('增减.方向 属于 {"增加", "减少"}') == ("in", cells, (("text", "增加"), ("text", "减少")))
    assert form('增减.方向 不包含 "增"') == ("not", ("match", "contains", cells, "增"))
    assert form("增减.方向 == 增减.基期")[:3] == ("match", "equals", cells)
    body = form('每个 r 属于 自评表.指标：若 r.运算符号 属于 {">=", "≥"} 则 r.得分 <= r.分值')[3]
    assert body[1] == ("in", ("field", "r", "运算符号"), (("text", ">="), ("text", "≥")))
    assert form('每个 r 属于 自评表：若 r.种类 匹配 "^项目" 则 r.总分 >= 0')[3][1] == ("match", "regex", ("field", "r", "种类"), "^项目")


def test_texts_of_all_rows_are_no_single_condition() -> None:
    assert check("总表[27行] >= 0", when='增减.方向 == "增加"').diagnostics[0].code == "E307"
    assert problems("增减.方向 >= 增减.基期")[0].code == "E302"


# ------------------------------------------------------------------ parameters, dictionaries


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("参数(\"工资上限\") >= 总表[27行]", ("number", 1_200_000_000, 1, "money")),
        ("参数(\"警戒线\") >= 文字.支出总计.增减率", ("number", 1, 10, "percent")),
        ("参数(\"小数位数\") == 2", ("number", 2, 1, "none")),
        ("参数(\"占比分母\") == \"本年支出\"", ("text", "本年支出")),
        ("参数(\"截尾\") == \"是\"", ("text", "是")),
    ],
)
def test_parameters_become_their_values(text: str, value: object) -> None:
    assert left(text) == value


def test_a_condition_on_a_parameter_is_no_constant() -> None:
    result = check("总表[27行] >= 0", when='参数("占比分母") == "本年支出"')
    assert result.diagnostics == () and result.rules[0].when == ("match", "equals", ("text", "本年支出"), "本年支出")
    assert [d.code for d in check("总表[27行] >= 0", when="1 == 1").diagnostics] == ["W301"] * 2


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ('参数("占比分木") == "甲"', "E218", "占比分母"),
        ('参数("单位") == "甲"', "E306", "parameters"),
        ("参数(总表) == 1", "E306", "参数("),
        ('科目存在("功能科木")', "E219", "功能科目"),
        ("占位符(总表)", "E306", "占位符"),
        ("科目存在()", "E305", ""),
        ("前后一致(总表)", "E201", "文字"),
        ("行齐全(文字)", "E201", "总表"),
    ],
)
def test_wrong_parameters_and_dictionaries(text: str, code: str, hint: str) -> None:
    found = problems(text)
    assert next(d.code for d in found if d.is_error) == code and hint in found[0].hint


def test_structural_builtins_with_dictionaries_and_record_sets() -> None:
    assert form('科目存在("功能科目")') == ("structure", "科目存在", "功能科目")
    assert form("占位符()") == ("structure", "占位符")
    assert form("前后一致(文字)") == ("structure", "前后一致", "文字")
    assert form("同码同名(收入表, 支出表)") == ("structure", "同码同名", "收入决算表", "支出决算表")
    assert all(b.optional <= len(b.parameters) for b in BUILTINS)


# ------------------------------------------------------------------ commas, conditions of single checks


@pytest.mark.parametrize("text", ["max(1,200万元, 总表[27行]) > 0", "max(1，200万元, 总表[27行]) > 0", "round(1,204.5万元, 1) >= 总表[27行]"])
def test_a_comma_between_digits_of_an_argument_is_pointed_out(text: str) -> None:
    result = check(text)
    assert [d.code for d in result.diagnostics] == ["W305"] and result.rules
    assert marked(result.diagnostics[0], text).startswith(("1,20", "1，20"))


@pytest.mark.parametrize("text", ["abs(1,200万元) >= 总表[27行]", "max(1, 200) >= 文字.车辆保有量", "max(总表[27行], 0) <= 1,200万元"])
def test_a_comma_that_can_only_be_a_separator_is_left_alone(text: str) -> None:
    assert check(text).diagnostics == ()


def test_a_check_may_have_a_condition_of_its_own() -> None:
    from small_layout import small_layout

    from juesuan_rules.language.check import check_rules

    condition = CheckText("总表[27行] > 0")
    one, other = CheckText("总表[58行] > 0", when=condition), CheckText("总表[58行] > 0")
    result = check_rules([RuleText("T-1", "试验", (one, other))], small_layout())
    assert result.diagnostics == (), "the same check under another condition is no duplicate"
    first, second = result.rules[0].checks
    assert (first.when_source, second.when) == ("总表[27行] > 0", None) and first.when is not None and first.when[0] == "cmp"
    assert unpack_rule(pack_rule(result.rules[0])) == result.rules[0]
    broken = check_rules([RuleText("T-1", "试验", (CheckText("总表[58行] > 0", when=CheckText("支出表.基本支出 > 0")),))], small_layout())
    assert [d.code for d in broken.diagnostics] == ["E307"] and not broken.rules


@pytest.mark.parametrize(
    ("condition", "branch"),
    [
        ('参数("占比分母") == "本年支出"', "甲"),
        ('参数("占比分母") != "本年支出"', "乙"),
        ('非 参数("占比分母") == "本年支出"', "乙"),
        ('参数("占比分母") 属于 {"支出总计", "本年支出"}', "甲"),
        ('参数("小数位数") >= 3', "乙"),
        ('参数("截尾") == "是" 且 参数("小数位数") == 2', "甲"),
        ('参数("截尾") == "否" 或 参数("小数位数") == 2', "甲"),
        ('总表[27行] > 0 且 参数("截尾") == "否"', "乙"),
    ],
)
def test_what_parameters_settle_leaves_one_branch(condition: str, branch: str) -> None:
    branches = {"甲": form("总表[27行] >= 0"), "乙": form("总表[58行] >= 0")}
    assert form(f"若 {condition} 则 总表[27行] >= 0 否则 总表[58行] >= 0") == branches[branch]


def test_what_depends_on_the_report_stays_a_condition() -> None:
    assert form('若 总表[27行] > 0 且 参数("截尾") == "是" 则 总表[58行] >= 0')[0] == "if"
    assert form('若 参数("截尾") == "否" 则 总表[58行] >= 0')[0] == "if", "不适用 where it does not hold"
    assert form('若 参数("截尾") == "是" 则 目录一致()') == ("structure", "目录一致")


def test_a_parameter_may_give_the_decimals_of_round() -> None:
    assert left('round(总表[27行], 参数("小数位数")) >= 0')[3] == ("number", 2, 1, "none")  # type: ignore[index]
    assert problems('round(总表[27行], 参数("占比分母")) >= 0')[0].code == "E306"
    assert problems("round(总表[27行], 11) >= 0")[0].code == "E306"


def test_words_to_look_for_are_quoted_texts() -> None:
    assert form('若 提及("公积金", "住房改革") 则 存在(支出表)')[1] == ("mention", "公积金", "住房改革")
    assert [d.code for d in problems("若 提及(支出表) 则 存在(支出表)")] == ["E306"]


# --- the form a row stands in -----------------------------------------------------------------------


def test_a_row_inside_a_form_reaches_the_form() -> None:
    body = form("每个 r 属于 自评表.指标：r.得分 <= r.表单.总分")[3]
    assert (body[2], body[3]) == (("field", "r", "得分"), ("field", "r.表单", "总分"))
    assert form("每个 r 属于 自评表.资金：r.表单.名称 包含 \"项目\"")[3][2] == ("field", "r.表单", "名称")
    assert form("每个 r 属于 自评表.指标：非 为空(r.表单.总分)")[3] == ("not", ("blank", ("field", "r.表单", "总分")))


@pytest.mark.parametrize(
    ("text", "code", "at", "says"),
    [
        ("每个 r 属于 自评表.指标：r.总分 >= 0", "E203", "总分", "r.表单.总分"),
        ("每个 r 属于 自评表.指标：r.表单 >= 0", "E203", "表单", "r.表单.总分"),
        ("每个 r 属于 自评表.指标：r.表单.总分数 >= 0", "E203", "总分数", "是不是想写：总分"),
        ("每个 r 属于 自评表.指标：r.表单.表单.总分 >= 0", "E306", "r.表单.表单.总分", "栏目"),
        ("每个 r 属于 自评表：r.表单.总分 >= 0", "E306", "r.表单.总分", "栏目"),
        ("每个 r 属于 支出表[项]：r.表单.总分 >= 0", "E306", "r.表单.总分", "栏目"),
        ("每个 r 属于 自评表.指标：r.表单.预算数 >= r.得分", "E302", "r.表单.预算数 >= r.得分", ""),
    ],
)
def test_what_a_form_does_not_have(text: str, code: str, at: str, says: str) -> None:
    found = problems(text)[0]
    assert (found.code, marked(found, text)) == (code, at)
    assert says in found.message + found.hint

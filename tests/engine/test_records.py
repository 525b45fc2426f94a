"""Record sets at run time: what is lacking in them, what they are measured in, children in other blocks."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.engine.builders import TAIL, YIBAN, ZONGBIAO, cell, col, number, rule, table
from tests.engine.record_sets import all_of, each, eq, fact, field, record_set, with_records

from juesuan_rules.documents.model import Place
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import Finding
from juesuan_rules.reports.model import Problem, Prose, Report

SPENT = cell(ZONGBIAO, "总计", "金额", "支出")


def findings(form, report, *more, **options) -> tuple[Finding, ...]:
    rules = [rule(f"R{i}", f) for i, f in enumerate((form, *more))]
    fast, slow = run(prepare(rules), report, **options), run(prepare(rules), report, screening=False, **options)
    found = explain(fast, True)[0]
    assert [(f.rule, f.key, f.outcome, f.reason, f.rounding) for f in found] == [(f.rule, f.key, f.outcome, f.reason, f.rounding) for f in explain(slow, True)[0]]
    return found


def one(form, report, **options) -> Finding:
    found = findings(form, report, **options)
    assert len(found) == 1, [f.sentence for f in found]
    return found[0]


def verdict(form, report, **options) -> tuple[str, str | None]:
    found = one(form, report, **options)
    return found.outcome, found.reason


def totals(spent: str = "593.72", unit: str = "万元"):
    return table(ZONGBIAO, {"收入": {}, "支出": {"总计": [spent]}}, unit=unit)


def facts(**written) -> object:
    return record_set("文字", {name: cells if isinstance(cells, dict) else {"值": cells} for name, cells in written.items()})


# --- what is lacking -------------------------------------------------------------------------------


def test_a_report_without_prose_has_one_cause_and_no_cascade() -> None:
    silent = with_records(tables=[totals()], prose=Prose())
    rules = [rule("C-1", eq(fact("支出总计"), SPENT)), rule("C-2", each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))),
             rule("C-3", eq(all_of("文字科目", "值"), col(YIBAN, "小计")))]  # fmt: skip
    found, causes = explain(run(prepare(rules), silent))
    assert {(f.outcome, f.reason, f.cause) for f in found} == {("undecided", "缺文字", "缺文字")}
    assert [c.id for c in causes] == ["缺文字"]
    assert causes[0].sentence == "报告里没有决算情况说明的文字：3 项核对无法判断"


def test_prose_in_pages_that_could_not_be_read_is_not_missing() -> None:
    unread = with_records(tables=[totals()], prose=Prose(), unread=("第 3 页没有读出来",))
    assert verdict(eq(fact("支出总计"), SPENT), unread) == ("undecided", "无法识别")


def test_a_fact_nobody_found() -> None:
    said = with_records(facts(收入总计="5.00"), tables=[totals()])
    wanted = one(eq(fact("支出总计"), SPENT), said)
    assert (wanted.outcome, wanted.reason, wanted.sentence) == ("undecided", "未提取", "文字里没有找到“支出总计”")
    assert verdict(eq(fact("公务接待费"), number(0, "万元")), said) == ("not_applicable", "未提及")
    assert verdict(eq(("add", fact("收入总计"), fact("公务接待费")), SPENT), said) == ("not_applicable", "未提及")
    assert verdict(eq(("add", fact("收入总计"), fact("公务接待费", missing="zero")), number("5.00", "万元")), said) == ("pass", None)


def test_whether_a_fact_was_said_can_be_asked() -> None:
    said = with_records(facts(收入总计={"增减率": "5.00"}))
    assert verdict(("blank", fact("收入总计")), said)[0] == "pass"
    assert verdict(("blank", fact("公务接待费")), said)[0] == "pass"
    assert verdict(("blank", fact("收入总计", "增减率")), said)[0] == "fail"
    assert verdict(("present", fact("收入总计")), said)[0] == "pass"
    assert verdict(("present", fact("公务接待费")), said)[0] == "fail"


def test_a_figure_not_stated_is_no_zero() -> None:
    said = with_records(facts(支出总计={"增减率": "5.00"}), tables=[totals("0.00")])
    found = one(eq(fact("支出总计"), SPENT), said)
    assert (found.outcome, found.reason, found.sentence) == ("not_applicable", "未提及", "文字里没有写明 文字.支出总计")


def test_a_fact_stated_in_two_ways_is_one_cause() -> None:
    message = "支出总计在第3行为 593.72 万元，在第9行为 580.61 万元"
    said = record_set("文字", {"支出总计": {"值": "593.72 / 580.61"}}, [Problem("文内矛盾", message, "文字", "支出总计", Place(line=3))])
    report = with_records(said, tables=[totals()])
    rules = [rule("C-1", eq(fact("支出总计"), SPENT)), rule("C-2", eq(fact("支出总计"), number("593.72", "万元")))]
    found, causes = explain(run(prepare(rules), report))
    assert {(f.outcome, f.reason, f.sentence) for f in found} == {("undecided", "文内矛盾", message)}
    assert [(c.id, c.findings, c.place.line) for c in causes] == [("文内矛盾:文字[支出总计]", 2, 3)]
    assert causes[0].sentence == f"{message}：2 项核对无法判断"


def test_sentences_nobody_wrote_do_not_apply() -> None:
    said = with_records(facts(收入总计="5.00"))
    shares = each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))
    assert verdict(shares, said) == ("not_applicable", "没有这类句子")
    assert verdict(eq(("agg", "sum", all_of("占比", "部分")), number(0, "万元")), said) == ("not_applicable", "没有这类句子")
    assert verdict(eq(("agg", "count", all_of("占比", "部分")), number(0, "count")), said)[0] == "pass"
    none = ("exists", "r", all_of("声明无", "主体"), ("match", "contains", field("主体"), "政府性基金"))
    assert verdict(none, said)[0] == "fail"
    assert verdict(eq(("tally", "r", all_of("声明无", "主体"), ("match", "contains", field("主体"), "基金")), number(0, "count")), said)[0] == "pass"
    assert verdict(("present", all_of("自评表", "名称")), said)[0] == "fail"
    assert verdict(each("自评表", ("blank", field("总分"))), said) == ("not_applicable", "没有自评表")


def test_functional_codes_are_expected_in_the_prose_the_others_are_not() -> None:
    said = with_records(facts(收入总计="5.00"), tables=[table(YIBAN, {"": {"2010301": ["1.00", "1.00", ""]}})])
    assert verdict(eq(all_of("文字科目", "值"), col(YIBAN, "小计")), said) == ("undecided", "未提取")
    assert verdict(eq(all_of("文字经济科目", "值"), col(YIBAN, "小计")), said) == ("not_applicable", "未提及")


def test_joining_prose_and_table_by_code() -> None:
    printed = table(YIBAN, {"": {"2010301": ["1.00", "1.00", ""], "2010302": ["2.00", "", "2.00"]}})
    said = record_set("文字科目", {"2010301": {"值": "1.00", "label": "行政运行"}, "2010350": {"值": "3.00", "label": "事业运行"}})
    found = findings(eq(all_of("文字科目", "值"), col(YIBAN, "小计")), with_records(said, tables=[printed]))
    assert [(f.outcome, f.reason) for f in found] == [("pass", None), ("fail", "缺行"), ("fail", "缺行")]
    assert found[1].sentence == "2010350 事业运行：文字科目[2010350].值 有 3.00 万元，一般支出表 没有 2010350 这一行"
    assert found[2].sentence == "2010302 科目2010302：一般支出表[2010302].小计 有 2.00 万元，文字里没有写 2010302"


# --- measures --------------------------------------------------------------------------------------


def share(part: str, whole: str, percent: str) -> Report:
    sentence = f"机关运行经费支出{part}万元，占{whole}万元的比重为{percent}%。"
    return with_records(record_set("占比", {"1": {"部分": part, "总体": whole, "百分比": percent, "label": "机关运行经费", "sentence": sentence, "line": 27}}))


SHARE = each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))


def test_a_share_is_judged_by_interval_with_the_percentages_own_half() -> None:
    assert one(SHARE, share("593.72", "580.61", "102.26")).outcome == "pass"
    assert one(SHARE, share("1.00", "3.00", "33.3")).outcome == "pass"
    assert one(SHARE, share("0.03", "0.07", "40")).outcome == "pass"  # 0.025 to 0.035 of 0.065 to 0.075
    assert one(SHARE, share("593.72", "580.61", "102.3")).outcome == "pass"
    assert one(SHARE, share("593.72", "580.61", "102.4")).outcome == "fail"


def test_a_wrong_share_is_told_with_its_sentence() -> None:
    found = one(SHARE, share("593.72", "580.61", "160.27"))
    assert (found.outcome, found.key, found.unit) == ("fail", "机关运行经费", "%")
    assert found.sentence == "机关运行经费：文中百分比 160.27%，部分 ÷ 总体（593.72 ÷ 580.61 = 102.26%），相差 58.01 个百分点（已计入各数的舍入范围）"
    assert found.filled == "160.27% == 593.72 ÷ 580.61 = 102.26%"
    assert [o.name for o in found.operands] == ["占比「机关运行经费」.百分比", "占比「机关运行经费」.部分", "占比「机关运行经费」.总体"]
    assert [(o.raw, o.value, o.unit) for o in found.operands] == [("160.27", "160.27", "%"), ("593.72", "5937200.00", "万元"), ("580.61", "5806100.00", "万元")]
    assert {o.quote for o in found.operands} == {"机关运行经费支出593.72万元，占580.61万元的比重为160.27%。"}


@pytest.mark.parametrize(
    ("printed", "tolerance", "outcome"),
    [
        ("50.00", ("tail",), "pass"), ("50.01", ("tail",), "pass"), ("50.02", ("tail",), "fail"), ("50.5", ("fixed", 1, 200, "points"), "pass"),
        ("50.6", ("fixed", 1, 200, "points"), "fail"), ("50.5", ("fixed", 1, 2, None), "pass"), ("50.6", ("fixed", 1, 2, None), "fail"),
    ],
)  # fmt: skip
def test_percentages_against_percentages(printed, tolerance, outcome) -> None:
    said = with_records(facts(支出总计={"增减率": "50.00"}, 收入总计={"增减率": printed}))
    assert one(eq(fact("收入总计", "增减率"), fact("支出总计", "增减率"), tolerance), said).outcome == outcome


def test_scores_and_counts() -> None:
    said = with_records(facts(自评平均分="94.38", 公务用车保有量="5"))
    assert one(eq(fact("自评平均分"), number("94.37", "score"), ("fixed", 1, 100, "score")), said).outcome == "pass"
    assert one(eq(fact("自评平均分"), number("94.36", "score"), ("fixed", 1, 100, None)), said).outcome == "fail"
    wrong = one(eq(fact("公务用车保有量"), number(6, "count")), said)
    assert wrong.sentence == "文中公务用车保有量 5 辆，应为 6 辆"
    assert wrong.operands[0].name == "文字.公务用车保有量"
    assert one(eq(fact("公务用车保有量"), number(6, "count"), ("fixed", 1, 1, "count")), said).outcome == "pass"
    scored = one(eq(fact("自评平均分"), number(90, "score")), said)
    assert scored.sentence == "文中自评平均分 94.38 分，应为 90 分"


def test_prose_in_another_unit_than_the_table() -> None:
    said = with_records(record_set("文字", {"支出总计": {"值": "0.59", "unit": "亿元"}}), tables=[totals("5,937.20")])
    assert one(eq(fact("支出总计"), SPENT), said).outcome == "pass"
    assert verdict(eq(fact("支出总计"), SPENT, ("fixed", 1, 100, None)), said) == ("undecided", "单位不同")


def test_about_may_be_off_by_more() -> None:
    said = with_records(facts(支出总计="约590"), tables=[totals("593.72")])
    assert one(eq(fact("支出总计"), SPENT), said).outcome == "pass"
    assert one(eq(fact("支出总计"), SPENT), with_records(facts(支出总计="590"), tables=[totals("593.72")])).outcome == "fail"
    shared = with_records(record_set("占比", {"1": {"部分": "约300", "总体": "593.72", "百分比": "49.00"}}))
    assert one(SHARE, shared).outcome == "pass"


def test_texts_are_compared_and_shown() -> None:
    said = with_records(record_set("增减", {"1": {"方向": "减少", "增减额": "3.00", "label": "收入总计", "sentence": "收入总计减少3.00万元。"}}))
    found = one(each("增减", ("match", "equals", field("方向"), "增加")), said)
    assert found.outcome == "fail" and "“减少”" in (found.sentence or "")
    assert [(o.name, o.raw, o.quote) for o in found.operands] == [("增减「收入总计」.方向", "减少", "收入总计减少3.00万元。")]
    assert one(each("增减", ("in", field("方向"), (("text", "增加"), ("text", "减少")))), said).outcome == "pass"
    assert one(each("增减", ("blank", field("原因"))), said).outcome == "pass"


# --- children in another block ----------------------------------------------------------------------


def form(total: str = "60") -> Report:
    rows = {"F/1": {"得分": "20", "parent": "F", "三级指标": "甲"}, "F/2": {"得分": "40", "parent": "F", "三级指标": "乙"}, "G/1": {"得分": "7", "parent": "G"}}
    money = {"F/0": {"预算数": "100.00", "parent": "F", "role": "合计"}, "F/a": {"预算数": "90.00", "parent": "F"}, "F/b": {"预算数": "10.00", "parent": "F"}}
    main = {"F": {"名称": "甲项目", "label": "甲项目", "指标得分小计": total, "预算数": "100.00"}, "G": {"名称": "乙项目", "label": "乙项目", "指标得分小计": "7"},
            "H": {"名称": "丙项目", "label": "丙项目", "指标得分小计": "9"}}  # fmt: skip
    return with_records(record_set("自评表", {"": main, "指标": rows, "资金": money}))


def test_the_indicators_of_a_form_add_up_to_its_total() -> None:
    scores = eq(all_of("自评表", "指标得分小计"), ("children", all_of("自评表", "得分", "指标")))
    assert [(f.key, f.outcome) for f in findings(scores, form())] == [("甲项目", "pass"), ("乙项目", "pass")]
    wrong = findings(scores, form("61"))[0]
    assert wrong.outcome == "fail"
    assert wrong.sentence == "甲项目：自评表 指标得分小计 61 分，下级 2 行之和 60 分，相差 1 分"
    assert wrong.operands[1].name == "自评表「甲项目」.指标「F/1」.得分"


def test_children_of_another_block_are_picked_by_the_selection() -> None:
    funds = eq(all_of("自评表", "预算数"), ("children", all_of("自评表", "预算数", "资金")))
    assert [(f.key, f.outcome) for f in findings(funds, form())] == [("甲项目", "pass")]
    some = eq(all_of("自评表", "指标得分小计"), ("children", all_of("自评表", "得分", "指标", ("keys", "F/1", "G/1"))))
    assert [(f.key, f.outcome) for f in findings(some, form())] == [("甲项目", "fail"), ("乙项目", "pass")]
    count = eq(("child_count", all_of("自评表", "得分", "指标")), number(2, "count"))
    assert [(f.key, f.outcome) for f in findings(count, form())] == [("甲项目", "pass"), ("乙项目", "fail")]


def test_parts_of_a_stated_total() -> None:
    rows = {"1": {"金额": "10.00", "role": "合计", "label": "基本支出"}, "1/1": {"金额": "6.00", "parent": "1"}, "1/2": {"金额": "4.00", "parent": "1"},
            "2": {"金额": "5.00", "role": "合计", "label": "项目支出"}, "2/1": {"金额": "4.00", "parent": "2"}}  # fmt: skip
    parts = eq(all_of("其中", "金额"), ("children", all_of("其中", "金额")))
    assert [(f.key, f.outcome) for f in findings(parts, with_records(record_set("其中", rows)))] == [("基本支出", "pass"), ("项目支出", "fail")]


def test_last_years_prose_is_a_scope_like_any_other() -> None:
    now, before = with_records(facts(支出总计="3.00")), with_records(facts(支出总计="3.00"))
    same = eq(fact("支出总计"), fact("支出总计", scope="上年"))
    assert verdict(same, now) == ("not_applicable", "缺上年")
    assert one(same, now, prior=before).outcome == "pass"
    assert verdict(same, now, prior=replace(before, records={}, prose=Prose())) == ("undecided", "缺文字")
    assert verdict(same, now, prior=before, withheld={"上年": "给出的上年报告是 2020 年度的"}) == ("undecided", "缺上年")


def test_what_a_sentence_leaves_out_is_shown_with_the_sentence() -> None:
    said = with_records(record_set("增减", {"1": {"增减额": "3.00", "label": "收入总计", "sentence": "收入总计减少3.00万元。", "line": 7}}))
    found = one(each("增减", ("not", ("blank", field("原因")))), said)
    assert found.outcome == "fail"
    assert [(o.name, o.raw, o.quote, o.note, o.place.line) for o in found.operands] == [("增减「收入总计」.原因", "", "收入总计减少3.00万元。", "没有写明", 7)]


def test_a_finding_without_a_figure_shows_the_record() -> None:
    said = with_records(record_set("增减", {"1": {"增减额": "3.00", "label": "收入总计", "sentence": "收入总计减少3.00万元。", "line": 7}}))
    named = one(each("增减", ("match", "equals", ("attr", "r", "name"), "支出总计")), said)
    assert [(o.name, o.quote, o.place.line) for o in named.operands] == [("增减「收入总计」", "收入总计减少3.00万元。", 7)]
    forms = with_records(record_set("自评表", {"": {"F": {"label": "甲项目", "sentence": "甲项目", "line": 9}}}))
    found = one(each("自评表", ("match", "equals", ("attr", "r", "name"), "乙项目")), forms)
    assert [(o.name, o.raw, o.place.line) for o in found.operands] == [("自评表「甲项目」", "甲项目", 9)]


def test_what_is_counted_are_records_and_what_is_missing_needs_no_second_word() -> None:
    said = with_records(record_set("自评表", {"": {"F": {"label": "甲项目", "sentence": "甲项目", "line": 9}}}))
    of_that_name = ("match", "equals", ("attr", "r", "name"), "乙项目")
    tally = ("tally", "r", all_of("自评表", "总分"), of_that_name)
    assert one(("cmp", ">=", tally, number(1, "count"), TAIL), said).sentence == "自评表 中符合条件的记录 0 个，小于 1 个"
    sentence = one(("exists", "r", all_of("自评表", "总分"), of_that_name), said).sentence
    assert sentence is not None and sentence.startswith("不符合“") and "没有一条" not in sentence


# --- 不适用 as a value ------------------------------------------------------------------------------


def above(name: str, column: str = "值"):
    return ("cmp", ">", fact(name, column), number(0, "万元"), ("tail",))


def test_a_part_that_nobody_stated_makes_a_condition_not_hold() -> None:
    said = with_records(facts(收入总计="5.00"), tables=[totals()])
    unstated, blank = above("公务接待费"), ("blank", fact("基本支出"))
    wrong = eq(fact("收入总计"), number("6.00", "万元"))
    assert verdict(("and", unstated, blank), said) == ("not_applicable", "未提及")
    assert verdict(("and", blank, unstated), said) == ("not_applicable", "未提及")
    assert verdict(("if", ("and", unstated, blank), wrong), said) == ("not_applicable", "未提及")
    assert verdict(("if", ("and", blank, ("not", unstated)), wrong), said) == ("not_applicable", "未提及")
    assert verdict(("if", ("or", unstated, blank), wrong), said)[0] == "fail"
    assert verdict(("and", unstated, ("not", blank)), said)[0] == "fail"


def test_an_implication_with_nothing_to_check_holds_within_a_condition() -> None:
    said = with_records(facts(收入总计="5.00"), tables=[totals()])
    nothing = ("if", ("not", ("blank", fact("收入总计"))), ("blank", fact("基本支出")))
    empty = ("if", ("blank", fact("收入总计")), above("公务接待费"))
    assert verdict(("and", nothing, ("blank", fact("基本支出"))), said)[0] == "pass"
    assert verdict(("and", empty, ("blank", fact("基本支出"))), said)[0] == "pass"


def test_a_fact_of_which_only_the_change_is_stated_is_not_stated() -> None:
    said = with_records(facts(基本支出={"增减额": "5.00"}), tables=[totals()])
    assert verdict(eq(fact("基本支出"), SPENT), said) == ("not_applicable", "未提及")


# --- what a premise leaves open -----------------------------------------------------------------------


def conditional(bound: str):
    premise = ("cmp", ">", field("部分"), number(bound, "万元"), ("tail",))
    return each("占比", ("if", premise, ("cmp", "<=", field("部分"), SPENT, ("tail",))))


def test_a_table_that_only_the_conclusion_reads_may_be_missing_where_the_premise_is_false() -> None:
    shares = record_set("占比", {"甲": {"部分": "5.00"}, "乙": {"部分": "7.00"}, "丙": {"部分": "9.00"}})
    without = with_records(shares)
    assert [(f.outcome, f.reason) for f in findings(conditional("100.00"), without)] == [("not_applicable", "条件不成立")] * 3
    assert verdict(conditional("1.00"), without) == ("undecided", "缺表"), "one verdict for the table, not one a record"
    assert {f.outcome for f in findings(conditional("6.00"), with_records(shares, tables=[totals()]))} == {"not_applicable", "pass"}


# --- wording ----------------------------------------------------------------------------------------


def test_a_text_is_said_with_what_it_should_be() -> None:
    said = with_records(record_set("增减", {"甲": {"方向": "增加", "增减额": "0.00"}}))
    same = each("增减", ("cmp", "==", field("方向"), ("text", "持平"), ("tail",)))
    assert one(same, said).sentence == "甲：方向 印作“增加”，应为“持平”"
    compiled = each("增减", ("match", "equals", field("方向"), "持平"))
    assert (one(compiled, said).sentence or "").startswith("甲：印作“增加”，应为“持平”")


def test_a_condition_names_the_figures_of_its_record() -> None:
    said = with_records(record_set("增减", {"甲": {"方向": "增加", "增减额": "22.09"}}))
    form = each("增减", ("if", ("cmp", ">", field("增减额"), number(0, "万元"), ("tail",)), ("not", ("blank", field("原因")))))
    assert (one(form, said).sentence or "").endswith("”（增减额 22.09 万元）")


def test_a_share_near_its_bound_gets_the_digits_that_show_the_difference() -> None:
    shares = record_set("占比", {"甲": {"百分比": "4.2%", "部分": "29.70", "总体": "716.40"}})
    form = each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))
    sentence = one(form, with_records(shares)).sentence or ""
    assert "= 4.146%" in sentence and "相差 0.054 个百分点" in sentence


def test_last_year_is_called_so_and_derived_money_has_the_decimals_of_its_unit() -> None:
    said = with_records(facts(收入总计={"值": "10.00", "增减额": "3.00"}))
    form = eq(("sub", fact("收入总计"), fact("收入总计", "增减额")), number("9.00", "万元"))
    assert (one(form, said).sentence or "").startswith("推算的上年收入总计 7.00 万元，应为 9.00 万元")
    third = eq(("div", fact("收入总计"), number(3, "none")), number("9.00", "万元"))
    assert "3.33 万元" in (one(third, said).sentence or "")


def test_money_a_head_is_said_in_yuan() -> None:
    said = with_records(facts(公务接待费="0.50", 公务用车保有量="12"))
    form = ("cmp", "<=", ("div", fact("公务接待费"), fact("公务用车保有量")), number("0.02", "万元"), ("tail",))
    sentence = one(form, said).sentence or ""
    assert "（0.50 万元 ÷ 12 = 416.67）" in sentence and "200.00 元" in sentence


def test_a_row_inside_a_form_is_compared_with_its_form() -> None:
    above = ("field", "r.表单", "指标得分小计")
    scores = each("自评表", ("cmp", "<=", field("得分"), above, ("tail",)), "指标")
    assert [(f.key, f.outcome) for f in findings(scores, form("30"))] == [("F/1", "pass"), ("F/2", "fail"), ("G/1", "pass")]
    wrong = findings(scores, form("30"))[1]
    assert wrong.sentence is not None and "得分 40 分" in wrong.sentence and "表单的指标得分小计 30 分" in wrong.sentence
    assert wrong.operands[1].name == "自评表「甲项目」.指标得分小计"
    named = each("自评表", ("if", ("match", "equals", ("field", "r.表单", "名称"), "乙项目"), ("cmp", "==", field("得分"), above, ("tail",))), "指标")
    assert [f.outcome for f in findings(named, form())] == ["not_applicable", "not_applicable", "pass"]
    blank = each("自评表", ("blank", ("field", "r.表单", "总分")), "指标")
    assert {f.outcome for f in findings(blank, form())} == {"pass"}


def test_a_row_below_another_row_still_finds_its_form() -> None:
    shares = {"F/g/1": {"分值": "5", "parent": "F/g"}, "X/1": {"分值": "5", "parent": "X"}}
    groups = {"F/g": {"一级指标": "产出", "parent": "F"}}
    said = with_records(record_set("自评表", {"": {"F": {"名称": "甲项目", "总分": "90"}}, "权重": groups, "权重明细": shares}))
    found = findings(each("自评表", ("cmp", "<=", field("分值"), ("field", "r.表单", "总分"), ("tail",)), "权重明细"), said)
    assert [(f.outcome, f.reason) for f in found] == [("pass", None), ("undecided", "缺行")]

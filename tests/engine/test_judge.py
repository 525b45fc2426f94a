"""Blanks, missing rows and tables, Kleene's logic, quantifiers: one small report per question."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.engine.builders import (
    JIJIN,
    LAYOUT,
    SHOURU,
    TAIL,
    YIBAN,
    ZHICHU,
    ZONGBIAO,
    cell,
    cmp,
    col,
    eq,
    group,
    number,
    plus,
    report,
    rule,
    sum_of,
    table,
)  # fmt: skip

from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.reports.model import Problem

TREE = {
    "合计": ["10.00", "7.00", "3.00", ""], "201": ["10.00", "7.00", "3.00", ""], "20103": ["10.00", "7.00", "3.00", ""],
    "2010301": ["6.00", "6.00", "", ""], "2010302": ["4.00", "1.00", "3.00", ""],
}  # fmt: skip
NAMES = {"2010301": "行政运行", "2010302": "一般行政管理事务"}


def verdicts(form, *tables, when=None, prior=None, units=(), **more):
    rep = report(*tables, **more)
    evaluation = run(prepare([rule("X", form, when=when)]), rep, prior, units)
    details = [evaluation.detail(v) for v in evaluation.verdicts()]
    assert [d.outcome for d in details] == [v.outcome for v in evaluation.verdicts()]
    return [(v.key[0], v.outcome, d.reason) for v, d in zip(evaluation.verdicts(), details, strict=True)]


def outcome(form, *tables, **more):
    found = verdicts(form, *tables, **more)
    assert len(found) == 1, found
    return found[0][1:]


def zhichu(rows=None, **more):
    return table(ZHICHU, {"": rows or TREE}, **more)


def pair(left: str, right: str, **more):
    """合计 row with two figures side by side."""
    return zhichu({"合计": [left, right, "", ""]}, **more)


A, B = cell(ZHICHU, "合计", "本年支出合计"), cell(ZHICHU, "合计", "基本支出")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("", "", ("not_applicable", "全空")), ("-", "", ("not_applicable", "全空")), ("", "0.00", ("pass", None)), ("0.00", "0.00", ("pass", None)),
        ("", "1.00", ("fail", None)), ("1.00", "-", ("fail", None)), ("1.00", "1.00", ("pass", None)), ("1.00", "1.01", ("pass", None)),
        ("1,2x", "1.00", ("undecided", "无法识别")), ("见附件", "", ("undecided", "无法识别")), ("-1.00", "1.00", ("fail", None)),
    ],
)  # fmt: skip
def test_blank_zero_and_unreadable(left, right, expected):
    assert outcome(eq(A, B), pair(left, right)) == expected
    assert outcome(eq(B, A), pair(left, right)) == expected


def test_a_blank_of_unknown_meaning_decides_nothing():
    unknown = replace(ZHICHU, blank="未知")
    layout = replace(LAYOUT, tables=tuple(unknown if t.id == ZHICHU.id else t for t in LAYOUT.tables), by_name={})
    assert outcome(eq(A, B), table(unknown, {"": {"合计": ["", "1.00", "", ""]}}), layout=layout) == ("undecided", "空白")
    assert outcome(eq(A, B), table(unknown, {"": {"合计": ["", "", "", ""]}}), layout=layout) == ("undecided", "空白")
    assert outcome(("blank", A), table(unknown, {"": {"合计": ["", "1.00", "", ""]}}), layout=layout) == ("pass", None)


def test_a_blank_does_not_take_part_in_a_ratio():
    share = ("div", B, A)
    assert outcome(cmp("<=", share, number("1/2")), pair("2.00", "")) == ("undecided", "空白")
    assert outcome(cmp("<=", share, number("1/2")), pair("2.00", "0.00")) == ("pass", None)
    assert outcome(cmp("<=", share, number("1/2")), pair("0.00", "1.00")) == ("undecided", "除数为零")
    assert outcome(cmp("<=", ("mul", A, number("1/10", "percent")), B), pair("", "1.00")) == ("pass", None)


def test_a_literal_against_a_blank():
    assert outcome(cmp(">=", A, number(0)), pair("", "")) == ("not_applicable", "全空")
    assert outcome(cmp("<=", A, number(5, "万元")), pair("", "")) == ("not_applicable", "全空")
    assert outcome(eq(A, number(5, "万元")), pair("", "")) == ("fail", None)
    assert outcome(cmp(">", A, number(0)), pair("0.00", "")) == ("fail", None)


def test_joined_rows_that_one_side_lacks():
    one = zhichu({"201": ["1.00", "", "", ""], "202": ["", "", "", ""], "205": ["2.00", "", "", ""]})
    two = table(YIBAN, {"": {"205": ["2.00", "", ""], "208": ["3.00", "", ""]}})
    left, right = col(ZHICHU, "本年支出合计"), col(YIBAN, "小计")
    assert verdicts(eq(left, right), one, two) == [("201", "fail", "缺行"), ("202", "not_applicable", "全空"), ("205", "pass", None), ("208", "fail", "缺行")]
    assert verdicts(cmp("<=", right, left), one, two) == [("205", "pass", None), ("208", "fail", "缺行")]
    assert verdicts(cmp("!=", right, left), one, two)[0] == ("205", "fail", None)
    assert verdicts(cmp("!=", left, right), one, two)[0] == ("201", "undecided", "缺行")
    zero_left, zero_right = (*left[:6], "zero"), (*right[:6], "zero")
    assert [v[1] for v in verdicts(eq(zero_left, zero_right), one, two)] == ["fail", "not_applicable", "pass", "fail"]
    assert [v[1] for v in verdicts(cmp(">=", zero_left, zero_right), one, two)] == ["pass", "not_applicable", "pass"]


def test_an_empty_table_counts_as_zero_and_a_missing_one_decides_nothing():
    empty = table(JIJIN, {"": {"合计": ["", ""]}})
    bare = table(JIJIN, {"": {}})
    for spent, expected in (("5.00", ("fail", None)), ("0.00", ("pass", None)), ("", ("not_applicable", "全空"))):
        for fund in (empty, bare):
            assert outcome(eq(A, cell(JIJIN, "合计", "小计")), pair(spent, ""), fund) == expected
            assert outcome(eq(A, sum_of(col(JIJIN, "小计"))), pair(spent, ""), fund) == expected
    assert outcome(eq(A, cell(JIJIN, "合计", "小计")), pair("5.00", "")) == ("undecided", "缺表")
    assert verdicts(eq(col(ZHICHU, "本年支出合计"), col(JIJIN, "小计")), zhichu()) == [(None, "undecided", "缺表")]


def test_a_missing_row_or_column():
    assert outcome(eq(A, cell(ZHICHU, "2210201", "基本支出")), pair("1.00", "")) == ("undecided", "缺行")
    assert outcome(eq(A, cell(ZHICHU, "2210201", "基本支出", missing="zero")), pair("1.00", "")) == ("fail", None)
    lacking = pair("1.00", "1.00")
    half = lacking.blocks[""]
    lacking = replace(lacking, blocks={"": replace(half, columns={k: v for k, v in half.columns.items() if k != "基本支出"})})
    assert outcome(eq(A, B), lacking) == ("undecided", "缺列")
    assert [v[1:] for v in verdicts(cmp(">=", col(ZHICHU, "*"), number(0)), lacking)].count(("undecided", "缺列")) == 1


def test_an_optional_standard_row_counts_as_zero():
    optional = replace(ZHICHU, blocks=(replace(ZHICHU.blocks[0], rows=(*ZHICHU.blocks[0].rows, replace(ZHICHU.blocks[0].rows[0], key="附加", label="附加", optional=True))),))
    layout = replace(LAYOUT, tables=tuple(optional if t.id == ZHICHU.id else t for t in LAYOUT.tables), by_name={})
    given = table(optional, {"": {"合计": ["1.00", "1.00", "", ""]}})
    assert outcome(eq(A, plus(B, cell(ZHICHU, "附加", "项目支出"))), given, layout=layout) == ("pass", None)
    assert outcome(eq(A, sum_of(col(ZHICHU, "基本支出", rows=("keys", "合计", "附加")))), given, layout=layout) == ("pass", None)
    assert outcome(eq(A, sum_of(col(ZHICHU, "基本支出", rows=("keys", "合计", "别的")))), given, layout=layout) == ("undecided", "缺行")


def test_a_blocking_problem_makes_everything_undecided():
    problem = Problem("行错位", "行与数错位", ZHICHU.id, blocking=True)
    assert outcome(eq(A, B), pair("1.00", "1.00", problems=(problem,))) == ("undecided", "无法识别")
    assert outcome(eq(A, B), pair("1.00", "1.00"), problems=(problem,)) == ("undecided", "无法识别")
    assert outcome(eq(A, B), pair("1.00", "1.00"), problems=(replace(problem, blocking=False),)) == ("pass", None)
    assert outcome(eq(A, B), problems=(problem,)) == ("undecided", "无法识别")


def test_descendants_are_the_nearest_present_ones():
    given = zhichu({**TREE, "208": ["2.00", "2.00", "", ""], "2080501": ["2.00", "1.50", "", ""]})
    found = verdicts(eq(col(ZHICHU, "基本支出"), ("children", col(ZHICHU, "基本支出"))), given)
    assert found == [("201", "pass", None), ("20103", "pass", None), ("208", "fail", None)]
    found = verdicts(eq(col(ZHICHU, "本年支出合计", rows=group("类")), ("children", plus(col(ZHICHU, "基本支出"), col(ZHICHU, "项目支出")))), given)
    assert found == [("201", "pass", None), ("208", "fail", None)]


def test_row_groups():
    given = zhichu()
    for name, expected in (("类", ["201"]), ("款", ["20103"]), ("项", ["2010301", "2010302"]), ("末级", ["2010301", "2010302"]), ("非末级", ["201", "20103"]), ("合计", ["合计"]), ("明细", ["2010301", "2010302"])):
        assert [k for k, _, _ in verdicts(cmp(">=", col(ZHICHU, "本年支出合计", rows=group(name)), number(0)), given)] == expected
    selections = {("prefix", "20103"): 3, ("not", ("prefix", "201")): 1, ("and", ("prefix", "201"), group("项")): 2, ("label", "科目20103"): 1, ("keys", "201", "合计"): 2}
    for rows, count in selections.items():
        assert len(verdicts(cmp(">=", col(ZHICHU, "本年支出合计", rows=rows), number(0)), given)) == count


@pytest.mark.parametrize(("fn", "value"), [("sum", "20.00"), ("min", "4.00"), ("max", "10.00"), ("avg", "20/3")])
def test_aggregates(fn, value):
    rows = ("keys", "201", "2010301", "2010302")
    aggregate = ("agg", fn, col(ZHICHU, "本年支出合计", rows=rows))
    assert outcome(eq(aggregate, number(value, "万元"), ("fixed", 0, 1, None)), zhichu()) == ("pass", None)


def test_counts_are_of_rows_that_show_a_figure():
    count = ("agg", "count", col(ZHICHU, "项目支出"))
    assert outcome(eq(count, number(4, "count")), zhichu()) == ("pass", None)
    tally = ("tally", "r", col(ZHICHU, "", rows=group("项")), cmp(">", ("field", "r", "项目支出"), number(0)))
    assert outcome(eq(tally, number(1, "count")), zhichu()) == ("pass", None)
    assert outcome(eq(tally, number(2, "count")), zhichu()) == ("fail", None)


def test_element_wise_functions():
    over = ("call", "max", number(0, "万元"), ("sub", (*col(ZHICHU, "本年支出合计")[:6], "zero"), (*col(YIBAN, "小计")[:6], "zero")))
    other = table(YIBAN, {"": {"201": ["4.00", "", ""], "209": ["9.00", "", ""]}})
    assert outcome(eq(sum_of(over), number(6, "万元")), zhichu({"201": ["10.00", "", "", ""]}), other) == ("pass", None)
    assert outcome(eq(("call", "abs", A), number(3, "万元")), pair("-3.00", "")) == ("pass", None)
    assert outcome(eq(("call", "round", A, number(1)), number("3.1", "万元"), ("fixed", 0, 1, None)), pair("3.05", "")) == ("pass", None)


TRUE, FALSE, DOUBT, UNKNOWN = cmp(">", A, number(0)), cmp("<", A, number(0)), eq(A, sum_of(col(ZHICHU, "本年支出合计", rows=group("项")))), eq(A, cell(ZHICHU, "缺", "基本支出"))
SHAKY = zhichu({"合计": ["14.05", "", "", ""], **{f"20103{n:02d}": ["1.00", "", "", ""] for n in range(1, 15)}})
RANK = {"T": TRUE, "F": FALSE, "U": UNKNOWN, "D": DOUBT}
SAYS = {"T": "pass", "F": "fail", "U": "undecided", "D": "doubtful"}


@pytest.mark.parametrize("names", ["TT", "TF", "FF", "TU", "FU", "UU", "TD", "FD", "UD", "DD"])
def test_kleene(names):
    both, either = min(names, key="FDUT".index), min(names, key="TDUF".index)
    for order in (names, names[::-1]):
        a, b = (RANK[n] for n in order)
        assert outcome(("and", a, b), SHAKY)[0] == SAYS[both]
        assert outcome(("or", a, b), SHAKY)[0] == SAYS[either]
        assert outcome(("not", ("or", ("not", a), ("not", b))), SHAKY)[0] == SAYS[both]


def test_a_condition_of_blanks_is_true_but_a_check_of_blanks_says_nothing():
    nothing, figure = pair("", "1.00"), eq(B, number(1, "万元"))
    empty = eq(A, number(0))
    assert outcome(empty, nothing) == ("not_applicable", "全空")
    assert outcome(("if", empty, figure), nothing) == ("pass", None)
    assert outcome(("or", empty, ("not", figure)), nothing) == ("pass", None)
    assert outcome(("and", empty, eq(A, number(0))), nothing) == ("not_applicable", "全空")
    assert outcome(("not", empty), nothing) == ("not_applicable", "全空")


def test_conditions_of_a_whole_check():
    assert outcome(("if", FALSE, eq(A, B)), SHAKY) == ("not_applicable", "条件不成立")
    assert outcome(("if", UNKNOWN, eq(A, B)), SHAKY) == ("undecided", "缺行")
    assert outcome(("if", DOUBT, eq(A, B)), SHAKY) == ("undecided", "条件存疑")
    assert verdicts(eq(col(ZHICHU, "本年支出合计"), col(ZHICHU, "基本支出")), zhichu(), when=FALSE) == [(None, "not_applicable", "条件不成立")]
    otherwise = ("and", ("if", FALSE, FALSE), ("if", ("not", FALSE), TRUE))
    assert outcome(otherwise, SHAKY) == ("pass", None)


def test_a_condition_per_row():
    form = ("if", cmp(">", col(ZHICHU, "项目支出"), number(0)), cmp("<=", col(ZHICHU, "项目支出"), number(3, "万元")))
    assert [v[1] for v in verdicts(form, zhichu())] == ["pass", "pass", "pass", "not_applicable", "pass"]
    assert [v[1] for v in verdicts(cmp("<=", col(ZHICHU, "基本支出"), number(6, "万元")), zhichu(), when=cmp(">", col(ZHICHU, "项目支出"), number(0)))] == ["fail", "fail", "fail", "not_applicable", "pass"]


def each(body, rows=None):
    return ("each", "r", col(ZHICHU, "本年支出合计", rows=rows or group("项")), body)


def test_quantifiers():
    named = table(ZHICHU, {"": TREE})
    rows = tuple(replace(row, label=NAMES.get(row.key, row.label)) for row in named.blocks[""].rows)
    named = replace(named, blocks={"": replace(named.blocks[""], rows=rows)})
    name, project = ("attr", "r", "name"), ("field", "r", "项目支出")
    running = ("if", ("in", name, (("text", "行政运行"), ("text", "事业运行"))), eq(project, number(0)))
    assert verdicts(each(running), named) == [("2010301", "not_applicable", "全空"), ("2010302", "not_applicable", "条件不成立")]
    assert verdicts(each(cmp("<=", project, number(2, "万元"))), named)[1] == ("2010302", "fail", None)
    assert outcome(("exists", "r", col(ZHICHU, "", rows=group("项")), ("match", "contains", name, "行政管理")), named) == ("pass", None)
    assert outcome(("exists", "r", col(ZHICHU, "", rows=group("项")), ("match", "regex", name, "^事业.*$")), named) == ("fail", None)
    assert outcome(("unique", "r", col(ZHICHU, "", rows=group("项")), ("match", "contains", name, "行政")), named) == ("fail", None)
    assert outcome(("unique", "r", col(ZHICHU, "", rows=group("项")), ("match", "equals", ("attr", "r", "code"), "2010301")), named) == ("pass", None)
    assert verdicts(each(eq(("attr", "r", "level"), number(3, "count"))), named) == [("2010301", "pass", None), ("2010302", "pass", None)]
    assert verdicts(each(running), report().tables.get("x") or table(YIBAN, {"": {}})) == [(None, "undecided", "缺表")]
    assert verdicts(each(running), zhichu({"合计": ["1.00", "", "", ""]})) == [(None, "not_applicable", "全空")]


def test_presence_and_states():
    given = zhichu()
    assert outcome(("present", col(ZHICHU, "本年支出合计")), given) == ("pass", None)
    assert outcome(("present", col(YIBAN, "小计")), given) == ("fail", None)
    assert outcome(("present", cell(ZHICHU, "201", "本年支出合计")), given) == ("pass", None)
    assert outcome(("present", cell(ZHICHU, "2210201", "本年支出合计")), given) == ("fail", None)
    assert outcome(("present", cell(YIBAN, "201", "小计")), given) == ("undecided", "缺表")
    assert outcome(("if", ("present", col(YIBAN, "小计")), eq(A, cell(YIBAN, "合计", "小计"))), given) == ("not_applicable", "条件不成立")
    states = pair("0.00", "-")
    assert [outcome((kind, x), states)[0] for kind in ("blank", "zero") for x in (A, B)] == ["fail", "pass", "pass", "fail"]


def test_last_year_and_subordinate_units():
    now, before = pair("3.00", ""), report(pair("1.00", "2.00"))
    opening = cell(ZHICHU, "合计", "基本支出", scope="上年")
    assert outcome(eq(A, opening), now) == ("not_applicable", "缺上年")
    assert outcome(eq(A, opening), now, prior=before) == ("fail", None)
    assert outcome(eq(A, plus(opening, cell(ZHICHU, "合计", "本年支出合计", scope="上年"))), now, prior=before) == ("pass", None)
    part = cell(ZHICHU, "合计", "本年支出合计", scope="所属单位")
    assert outcome(eq(A, part), now) == ("not_applicable", "缺所属单位")
    assert outcome(eq(A, part), now, units=(before, report(pair("2.00", "")))) == ("pass", None)
    assert outcome(eq(A, part), now, units=(before, before)) == ("fail", None)


def test_a_chain_gives_a_verdict_per_pair():
    c = cell(ZHICHU, "合计", "项目支出")
    assert [v[1] for v in verdicts(("chain", eq(A, B), eq(B, c)), zhichu({"合计": ["1.00", "1.00", "2.00", ""]}))] == ["pass", "fail"]


def test_columns_of_two_tables_join_by_name():
    other = table(YIBAN, {"": {"201": ["10.00", "8.00", "3.00"]}})
    evaluation = run(prepare([rule("X", cmp("<=", col(YIBAN, "*"), col(ZHICHU, "*")))]), report(zhichu(), other))
    assert [(v.key, v.outcome) for v in evaluation.verdicts()] == [(("201", "基本支出"), "fail"), (("201", "项目支出"), "pass")]


def test_what_the_engine_does_not_know_is_one_rule_error():
    odd = ("cmp", "==", ("mystery", A), B, TAIL)
    crash = eq(("field", "nobody", "基本支出"), B)
    evaluation = run(prepare([rule("X", odd), rule("Y", crash), rule("Z", eq(A, B))]), report(pair("1.00", "1.00")))
    found = list(evaluation.verdicts())
    assert [v.outcome for v in found] == ["rule_error", "rule_error", "pass"]
    for verdict in found[:2]:
        text = evaluation.detail(verdict).detail
        assert text
        assert "Error" not in text
        assert "nobody" not in text


def test_a_total_of_both_halves():
    given = table(ZONGBIAO, {"收入": {"总计": ["5.00"]}, "支出": {"总计": ["5.01"]}})
    exact = ("fixed", 0, 1, None)
    assert outcome(eq(cell(ZONGBIAO, "总计", "金额", "收入"), cell(ZONGBIAO, "总计", "金额", "支出"), exact), given) == ("fail", None)


def test_both_scopes_stay_apart():
    assert outcome(eq(sum_of(col(SHOURU, "财政拨款收入")), A), pair("1.00", "")) == ("undecided", "缺表")

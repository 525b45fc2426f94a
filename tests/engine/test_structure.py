"""Structural built-ins: each on a table that is right and on one that is wrong."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.engine.builders import (
    JIJIN,
    LAYOUT,
    MINGXI,
    SANGONG,
    SHOURU,
    YIBAN,
    ZHICHU,
    ZONGBIAO,
    columns,
    full_report,
    grid,
    report,
    rows,
    rule,
    spec,
    table,
    without_row,
    without_table,
)  # fmt: skip

from juesuan_rules.catalogue.model import BlockSpec
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.engine.structure import REGISTRY, inspect
from juesuan_rules.engine.structure_rows import chinese_number
from juesuan_rules.language.functions import STRUCTURE_NAMES
from juesuan_rules.reports.model import Problem

FULL = full_report(1)


def say(name, *arguments, rep=FULL):
    return inspect(("structure", name, *arguments), Books(rep))


def outcomes(name, *arguments, rep=FULL):
    return [(v.key, v.outcome) for v in say(name, *arguments, rep=rep)]


def one(name, *arguments, rep=FULL):
    found = say(name, *arguments, rep=rep)
    assert len(found) == 1, found
    return found[0]


def coded(*codes, spec=ZHICHU, **rename):
    return report(table(spec, {"": {code: ["1.00"] * len(spec.blocks[0].columns) for code in codes}}))


def edited(rep, table_id, block, **by_key):
    """The report with fields of rows replaced: key=dict(field=value)."""
    t = rep.tables[table_id]
    data = t.blocks[block]
    changed = tuple(replace(row, **by_key.get("k" + row.key, by_key.get(row.key, {}))) for row in data.rows)
    return replace(rep, tables={**rep.tables, table_id: replace(t, blocks={**t.blocks, block: replace(data, rows=changed)})})


def reordered(rep, table_id, block, first, second):
    t = rep.tables[table_id]
    data = t.blocks[block]
    keys = [row.key for row in data.rows]
    order = list(range(len(keys)))
    a, b = keys.index(first), keys.index(second)
    order.insert(b, order.pop(a))
    changed = replace(data, rows=tuple(data.rows[i] for i in order), columns={n: tuple(c[i] for i in order) for n, c in data.columns.items()})
    return replace(rep, tables={**rep.tables, table_id: replace(t, blocks={**t.blocks, block: changed})})


def test_the_registry_is_the_languages_list():
    assert set(REGISTRY) == set(STRUCTURE_NAMES)


@pytest.mark.parametrize("name", ["行次连续", "行齐全", "行序"])
def test_a_sound_fixed_table_passes(name):
    assert outcomes(name, ZONGBIAO.id) == [("", "pass")]


@pytest.mark.parametrize("name", ["编码递增", "编码位数", "编码归属", "科目树完整"])
def test_a_sound_code_table_passes(name):
    assert outcomes(name, ZHICHU.id) == [("", "pass")]
    assert one(name, ZHICHU.id, rep=without_table(FULL, ZHICHU.id)).outcome == "undecided"
    assert one(name, JIJIN.id).outcome == "not_applicable"


def test_missing_tables_are_one_finding_each():
    assert {v.outcome for v in say("表齐全", "必有")} == {"pass"}
    rep = replace(without_table(FULL, ZHICHU.id), table_mentions=(ZHICHU.id,))
    wrong = [v for v in say("表齐全", "必有", rep=rep) if v.outcome != "pass"]
    assert [(v.outcome, v.reason, v.cause, v.sentence) for v in wrong] == [("fail", "缺表", f"缺表:{ZHICHU.id}", "缺 03 表《支出决算表》")]
    assert "附件" in wrong[0].hints[0]
    assert "空表" in next(v for v in say("表齐全", "可空", rep=without_table(FULL, JIJIN.id))).sentence


def test_a_report_without_any_table_is_one_finding():
    rep = report(table_mentions=(ZHICHU.id,))
    found = one("表齐全", "必有", rep=rep)
    assert (found.outcome, found.cause) == ("fail", "缺表:全部")
    assert all(f"《{t.id}》" in found.sentence for t in LAYOUT.tables if t.presence == "必有")
    assert "附件" in found.hints[0]
    assert (one("表齐全", "可空", rep=rep).outcome, one("表齐全", "可空", rep=rep).cause) == ("undecided", "缺表:全部")
    assert one("读取完整", rep=rep).outcome == "undecided"


def test_a_table_that_is_printed_but_unreadable_is_not_missing():
    problem = Problem("表头不识别", "表头认不出来", ZHICHU.id, blocking=True)
    rep = replace(without_table(FULL, ZHICHU.id), problems=(problem,))
    assert [v.outcome for v in say("表齐全", "必有", rep=rep) if v.table == ZHICHU.id] == ["undecided"]
    found = next(v for v in say("读取完整", rep=rep) if v.table == ZHICHU.id)
    assert (found.outcome, found.reason, found.cause) == ("undecided", "无法识别", f"读取:{ZHICHU.id}")
    assert "表头认不出来" in found.sentence


def test_problems_of_reading():
    assert {v.outcome for v in say("读取完整")} == {"pass"}
    assert len(say("读取完整")) == len(FULL.tables)
    problems = (Problem("重复行", "2010301 印了两次", ZHICHU.id), Problem("缺表", "没有", JIJIN.id), Problem("行号不符", "58 行印作 57", ZONGBIAO.id))
    found = [v for v in say("读取完整", rep=replace(FULL, problems=problems)) if v.outcome != "pass"]
    assert [(v.table, v.outcome, v.severity) for v in found] == [(ZHICHU.id, "fail", "warning")]


def test_a_figure_in_a_row_without_label_is_said():
    blank = spec("收入支出决算总表", "总表", "fixed", BlockSpec("收入", columns("金额"), rows(("总计", "总计", "总计"), ("空行", "", "空", 2))))
    found = [v for v in say("读取完整", rep=report(table(blank, {"收入": {"总计": ["1.00"], "空行": ["49.87"]}}))) if v.outcome != "pass"]
    assert len(found) == 1
    assert "2 行没有项目名称，却印有 49.87" in found[0].sentence


def test_line_numbers():
    assert outcomes("行次连续", ZHICHU.id) == [("", "not_applicable")]
    twice = edited(FULL, ZONGBIAO.id, "支出", 本年支出合计={"line": 13})
    assert "上一行已是 13 行" in one("行次连续", ZONGBIAO.id, rep=twice).sentence
    lost = without_row(FULL, ZONGBIAO.id, "支出", "年末")
    assert "缺 15 行" in one("行次连续", ZONGBIAO.id, rep=lost).sentence
    unprinted = edited(without_row(FULL, ZONGBIAO.id, "收入", "其他收入"), ZONGBIAO.id, "收入", 其他收入={})
    assert one("行次连续", ZONGBIAO.id, rep=unprinted).outcome == "fail"


def test_the_sequence_in_labels():
    right = edited(FULL, ZONGBIAO.id, "支出", k201={"raw_label": "一、一般公共服务支出"}, k202={"raw_label": "二、外交支出"}, k205={"raw_label": "三、教育支出"})
    assert one("行次连续", ZONGBIAO.id, rep=right).outcome == "pass"
    wrong = edited(right, ZONGBIAO.id, "支出", k205={"raw_label": "四、教育支出"})
    assert "四、教育支出" in one("行次连续", ZONGBIAO.id, rep=wrong).sentence
    assert [chinese_number(t) for t in ("一", "十", "十一", "二十", "二十六", "九十九")] == [1, 10, 11, 20, 26, 99]


def test_standard_rows_and_their_order():
    lost = one("行齐全", ZONGBIAO.id, rep=without_row(without_row(FULL, ZONGBIAO.id, "支出", "202"), ZONGBIAO.id, "收入", "年初"))
    assert lost.outcome == "fail"
    assert "“年初结转和结余”" in lost.sentence
    assert "“外交支出”" in lost.sentence
    moved = one("行序", ZONGBIAO.id, rep=reordered(FULL, ZONGBIAO.id, "支出", "202", "210"))
    assert moved.outcome == "fail"
    assert "“202 外交支出”" in moved.sentence
    assert len(moved.operands) == 1


def test_codes_must_rise_without_repeats():
    assert "20103 科目20103 排在 205 之后" in one("编码递增", ZHICHU.id, rep=coded("合计", "201", "205", "20103")).sentence
    twice = edited(coded("201", "20103", "20104"), ZHICHU.id, "", k20104={"code": "20103"})
    assert "重复" in one("编码递增", ZHICHU.id, rep=twice).sentence
    assert one("编码递增", MINGXI.id).outcome == "pass"  # 301, 303, 302: panels stand side by side


def test_code_lengths():
    wrong = edited(coded("201", "20103"), ZHICHU.id, "", k20103={"code": "2010"})
    assert "（4 位）" in one("编码位数", ZHICHU.id, rep=wrong).sentence
    clipped = edited(FULL, MINGXI.id, "", k30101={"clipped": True, "raw_code": "3010"}, k30102={"clipped": True, "raw_code": "3010"})
    found = one("编码位数", MINGXI.id, rep=clipped)
    assert (found.outcome, found.severity) == ("fail", "info")
    assert "2 个编码印得不全：“3010”应为 30101" in found.sentence


def test_the_tree_of_codes():
    found = say("科目树完整", ZHICHU.id, rep=coded("合计", "201", "2010301", "2010302", "208", "20805", "2080501"))
    assert [(v.key, v.outcome) for v in found] == [("20103", "fail")]
    assert "2010301 科目2010301、2010302 科目2010302没有上级" in found[0].sentence
    found = say("科目树完整", ZHICHU.id, rep=coded("201", "20103", "2010301", "208"))
    assert [(v.key, v.severity) for v in found] == [("208 科目208", "info")]
    strict, silent = replace(ZHICHU, childless="错误"), replace(ZHICHU, childless="忽略")
    assert say("科目树完整", ZHICHU.id, rep=coded("201", "20103", spec=strict))[0].severity == "error"
    assert outcomes("科目树完整", ZHICHU.id, rep=coded("201", "20103", spec=silent)) == [("", "pass")]


def test_codes_stand_below_their_own_parent():
    found = one("编码归属", ZHICHU.id, rep=coded("201", "20103", "2010301", "208", "20805", "2010302"))
    assert "2010302 科目2010302 排在 20805 之下" in found.sentence
    assert one("编码归属", ZHICHU.id, rep=coded("201", "20103", "2010301", "2010302")).outcome == "pass"


def test_one_name_per_code():
    assert outcomes("同码同名", SHOURU.id, ZHICHU.id, YIBAN.id) == [("", "pass")]
    other = edited(FULL, YIBAN.id, "", k2010301={"raw_label": "行政运营"})
    found = one("同码同名", SHOURU.id, ZHICHU.id, YIBAN.id, rep=other)
    assert (found.key, found.outcome) == ("2010301", "fail")
    assert "行政运营" in found.sentence
    spaced = edited(FULL, YIBAN.id, "", k2010301={"raw_label": " 科 目2010301"})
    assert outcomes("同码同名", SHOURU.id, YIBAN.id, rep=spaced) == [("", "pass")]
    assert one("同码同名", SHOURU.id, YIBAN.id, rep=without_table(FULL, YIBAN.id)).outcome == "undecided"


WIDE = replace(SANGONG, form="wide", wide=tuple((n, k, c) for n, (k, c) in enumerate([("合计", "预算数"), ("出国", "预算数"), ("接待", "预算数"), ("合计", "决算数"), ("出国", "决算数"), ("接待", "决算数")], 1)))
HEAD = ["预算数", "", "", "决算数", "", ""]


def wide(*names, numbers=("1", "2", "3", "4", "5", "6"), kind="columns"):
    printed = replace(grid(HEAD, names, numbers, ["0.14"] * 6), kind=kind)
    return report(replace(table(WIDE, {"": {"合计": ["0.14", "0.10"]}}), grid=printed))


def test_paired_columns():
    assert one("栏目成对", SANGONG.id).outcome == "not_applicable"
    assert one("栏目成对", SANGONG.id, rep=wide("合计", "出国费", "接待费", "合计", "出国费", "接待费")).outcome == "pass"
    assert "第 2 栏“出国费”与第 5 栏“接待费”不同名" in one("栏目成对", SANGONG.id, rep=wide("合计", "出国费", "接待费", "合计", "接待费", "出国费")).sentence
    assert "第 2、3 栏都叫“出国费”" in one("栏目成对", SANGONG.id, rep=wide("合计", "出国费", "出国费", "合计", "出国费", "出国费")).sentence
    assert one("栏目成对", SANGONG.id, rep=wide("合计", "出国费", "接待费", "合计", "出国费", "接待费", kind="cells")).outcome == "undecided"


def test_as_checks_of_a_rule():
    plan = prepare([rule("R-1", ("structure", "行齐全", ZONGBIAO.id), ("structure", "没有的", ZONGBIAO.id)), rule("R-2", ("structure", "表齐全", "必有"))])
    assert run(plan, FULL).counts() == {"pass": 8, "rounding": 0, "doubtful": 0, "fail": 0, "undecided": 0, "not_applicable": 0, "rule_error": 1}

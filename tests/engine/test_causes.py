"""A wrong figure is found again: every single figure of a report is damaged in turn."""

from __future__ import annotations

import random

import pytest
from tests.engine.builders import JIJIN, ZHICHU, cells, full_report, money, replaced, report, rule, standard_rules, without_row, without_table

from juesuan_rules.engine.causes import find_causes
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run

PLAN = prepare(standard_rules())


@pytest.mark.parametrize("exact", [True, False])
def test_every_single_damaged_figure_is_named(exact):
    base = full_report(5, exact=exact)
    pick = random.Random(7)
    for table, block, column, key, amount in cells(base):
        if table == JIJIN.id:
            continue
        raw = _damage(amount.value or 0, pick)
        damaged = replaced(base, table, block, column, key, raw)
        place = next(a.place for t, b, c, k, a in cells(damaged) if (t, b, c, k) == (table, block, column, key))
        findings, causes = explain(run(PLAN, damaged))
        wrong = _fails(findings)
        assert wrong, (table, column, key)
        for finding in wrong:
            assert any(o.raw == raw and o.place == place for o in finding.operands), (finding, key, column)
        if len(wrong) == 1:
            assert not causes
            continue
        assert len(causes) == 1, (table, block, column, key, causes, [(f.rule, f.key, f.sentence) for f in wrong])
        assert {f.suspect for f in wrong} == {causes[0].suspect}
        assert (causes[0].place, causes[0].findings) == (place, len(wrong))
        assert f".{column}" in causes[0].suspect


def _damage(before, pick):
    """A figure as printed that is wrong by far more than rounding."""
    after = pick.choice([before + 1_000_000 * pick.randrange(1, 900), before * 10 + 50_000_000, before + 90_000 * pick.randrange(6, 50), before // 3])
    return money(after if abs(after - before) >= 500_000 else before + 70_000_000, "0.00")


def _fails(findings):
    return [f for f in findings if f.outcome in ("fail", "doubtful")]


def test_several_damaged_figures_are_told_apart():
    rep = full_report(6)
    damaged = replaced(rep, "支出决算表", "", "基本支出", "2010301", "7,777.77")
    damaged = replaced(damaged, "收入支出决算总表", "收入", "金额", "本年收入合计", "1.00")
    damaged = replaced(damaged, "一般公共预算财政拨款基本支出决算明细表", "", "金额", "301", "0.05")
    findings, causes = explain(run(PLAN, damaged))
    assert {c.suspect for c in causes} == {"支出表[2010301].基本支出", "总表[本年收入合计].金额", "基本明细表[301].金额"}
    assert sum(c.findings for c in causes) == len([f for f in findings if f.cause])
    assert all(f.cause == f"疑点:{f.suspect}" for f in findings if f.suspect)


def test_a_check_that_two_suspects_break_together_is_no_third_problem():
    rep = full_report(6)
    damaged = replaced(rep, "支出决算表", "", "基本支出", "2080501", "5,000.01")
    damaged = replaced(damaged, "支出决算表", "", "基本支出", "2080505", "9,000.02")
    findings, causes = explain(run(PLAN, damaged))
    assert {c.suspect for c in causes} <= {"支出表[2080501].基本支出", "支出表[2080505].基本支出"}
    assert all(f.outcome == "fail" for f in findings if f.cause)


def test_the_cause_says_what_is_printed_and_what_the_rest_implies():
    rep = full_report(6)
    before = next(a for t, b, c, k, a in cells(rep) if (t, c, k) == ("支出决算表", "基本支出", "2010301"))
    findings, causes = explain(run(PLAN, replaced(rep, "支出决算表", "", "基本支出", "2010301", "7,777.77")))
    assert f"支出表[2010301].基本支出 印作 7,777.77，{len(_fails(findings))} 项核对因它不符；由其他数推算约为 {before.raw} 万元" in causes[0].sentence


def test_causes_keep_their_id_when_figures_change():
    ids = set()
    for raw in ("7,777.77", "8,888.88"):
        _, causes = explain(run(PLAN, replaced(full_report(6), "支出决算表", "", "基本支出", "2010301", raw)))
        ids.add(causes[0].id)
    assert ids == {"疑点:支出表[2010301].基本支出"}


def test_a_single_failed_check_has_no_suspect():
    findings, causes = explain(run(PLAN, replaced(full_report(6), "收入支出决算总表", "收入", "金额", "年初", "1.00")))
    wrong = _fails(findings)
    assert len(wrong) == 1
    assert (wrong[0].cause, wrong[0].suspect, causes) == (None, None, ())


def test_a_missing_table_is_one_cause():
    plan = prepare([*standard_rules(), rule("I-01", ("structure", "表齐全", "必有"))])
    findings, causes = explain(run(plan, without_table(full_report(6), ZHICHU.id)))
    assert [c.id for c in causes] == [f"缺表:{ZHICHU.id}"]
    members = [f for f in findings if f.cause == causes[0].id]
    assert causes[0].findings == len(members)
    assert [f.rule for f in members if f.outcome == "fail"] == ["I-01"]
    assert all(f.outcome == "undecided" for f in members if f.rule != "I-01")
    assert not any(f.outcome == "fail" for f in findings if f.rule != "I-01")
    assert f"{len(members) - 1} 项核对无法判断" in causes[0].sentence


def test_no_table_at_all_is_one_cause():
    plan = prepare([*standard_rules(), rule("I-01", ("structure", "表齐全", "必有")), rule("R-01", ("structure", "读取完整"))])
    findings, causes = explain(run(plan, report()))
    assert [c.id for c in causes] == ["缺表:全部"]
    assert {f.cause for f in findings} == {"缺表:全部"}
    assert [f.rule for f in findings if f.outcome == "fail"] == ["I-01"]


def test_a_figure_nobody_can_read_is_one_cause():
    findings, causes = explain(run(PLAN, replaced(full_report(6), "支出决算表", "", "本年支出合计", "合计", "1,2x")))
    assert [c.id for c in causes] == ["无法识别:支出表[合计].本年支出合计"]
    assert {f.outcome for f in findings if f.cause} == {"undecided"}
    assert not _fails(findings)


def test_a_row_left_out_is_one_cause():
    findings, causes = explain(run(PLAN, without_row(full_report(6), "支出决算表", "", "20103")))
    wrong = _fails(findings)
    assert {f.reason for f in wrong} == {"缺行"}
    assert [c.id for c in causes] == ["缺行:支出决算表[20103]"]
    assert causes[0].findings == len(wrong) > 1


def test_many_wrong_figures_take_bounded_time():
    rep = full_report(6)
    pick = random.Random(1)
    for table, block, column, key, amount in cells(rep):
        if amount.value:
            rep = replaced(rep, table, block, column, key, money(pick.randrange(1, 9_000) * 1_000_000))
    evaluation = run(PLAN, rep)
    assert evaluation.counts()["fail"] > 100
    assert len(find_causes(evaluation).all) < 200


@pytest.mark.parametrize(("table", "key"), [("一般公共预算财政拨款支出决算表", "2080505"), ("收入决算表", "2010350"), ("收入支出决算总表", "205"), ("支出决算表", "213"), ("一般公共预算财政拨款支出决算表", "2101102"), ("支出决算表", "2080505")])
def test_sums_that_miss_a_row_another_table_has_are_one_cause(table, key):
    findings, causes = explain(run(PLAN, without_row(full_report(6), table, "支出" if "总表" in table else "", key)))
    wrong = _fails(findings)
    assert len(wrong) > 1
    assert [c.id for c in causes] == [f"缺行:{table}[{key}]"]
    assert {f.cause for f in wrong} == {causes[0].id}
    assert f"《{table}》没有 {key} 这一行" in causes[0].sentence

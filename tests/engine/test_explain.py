"""Findings: sentences, filled formulas, figures, operands, hints — and what a pass leaves out."""

from __future__ import annotations

import pytest
from tests.engine.builders import (
    JIJIN,
    YIBAN,
    ZHICHU,
    ZONGBIAO,
    cell,
    cmp,
    col,
    eq,
    full_report,
    group,
    number,
    plus,
    report,
    rule,
    standard_rules,
    sum_of,
    table,
)  # fmt: skip

from juesuan_rules.engine.explain import explain, rounding_summary
from juesuan_rules.engine.plan import prepare, run

A, B, C = (cell(ZHICHU, "合计", name) for name in ("本年支出合计", "基本支出", "项目支出"))


def zhichu(*figures, unit="万元", **more):
    return report(table(ZHICHU, {"": {"合计": [*figures, *[""] * (4 - len(figures))]}}, unit=unit), **more)


def finding(form, rep, list_all=True, **more):
    findings, _ = explain(run(prepare([rule("X-1", form, source="原文", **more)]), rep), list_all)
    assert len(findings) == 1, findings
    return findings[0]


def zong(total, **classes):
    return report(table(ZONGBIAO, {"支出": {**{c: [classes.get("k" + c, "")] for c in ("201", "202", "205")}, "本年支出合计": [total]}}))


def test_a_total_that_does_not_add_up():
    form = eq(sum_of(col(ZONGBIAO, "金额", "支出", group("明细"))), cell(ZONGBIAO, "本年支出合计", "金额", "支出"))
    found = finding(form, zong("8,208.16", k201="7,175.28", k205="1,032.80"))
    assert found.outcome == "fail"
    assert found.sentence == "总表 支出 明细 3 行之和 8,208.08 万元，本年支出合计 8,208.16 万元，相差 0.08 万元（尾差允许 0.01）"
    assert (found.formula, found.filled) == ("原文", "7,175.28 + 1,032.80 == 8,208.16（另 1 项为零或空白）")
    assert (found.left, found.right, found.difference, found.tolerance, found.unit) == ("8208.08", "8208.16", "-0.08", "0.01", "万元")
    assert found.tolerance_note == "尾差：3 个四舍五入的数，允许 0.01 万元，最多可能 0.01 万元"
    assert [(o.name, o.value, o.raw, o.note) for o in found.operands] == [
        ("总表[一般公共服务支出].金额", "71752800.00", "7,175.28", ""), ("总表[外交支出].金额", None, "", "空白按 0 计"),
        ("总表[教育支出].金额", "10328000.00", "1,032.80", ""), ("总表[本年支出合计].金额", "82081600.00", "8,208.16", ""),
    ]  # fmt: skip
    assert found.operands[0].place.line == 100
    assert found.basis[0].document == "预算法"
    assert found.severity == "error"


def test_inequality_row_wise_with_its_key():
    rep = report(table(ZHICHU, {"": {"201": ["1.00", "", "", ""]}}), table(YIBAN, {"": {"201": ["1.50", "", ""]}}))
    found = finding(cmp("<=", col(YIBAN, "小计"), col(ZHICHU, "本年支出合计")), rep)
    assert found.key == "201 科目201"
    assert found.sentence == "201 科目201：一般支出表 小计 1.50 万元，大于 支出表 本年支出合计 1.00 万元，多 0.50 万元（尾差允许 0.01）"
    assert found.filled == "1.50 <= 1.00"
    assert [o.name for o in found.operands] == ["一般支出表[201].小计", "支出表[201].本年支出合计"]


def test_a_row_only_one_table_has():
    rep = report(table(ZHICHU, {"": {"202": ["9.00", "", "", ""]}}), table(YIBAN, {"": {"201": ["1.50", "", ""]}}))
    found = finding(cmp("<=", col(YIBAN, "小计"), col(ZHICHU, "本年支出合计")), rep)
    assert (found.outcome, found.reason) == ("fail", "缺行")
    assert found.sentence == "201 科目201：一般支出表[201].小计 有 1.50 万元，支出表 没有 201 这一行"
    assert [o.note for o in found.operands] == ["", "没有这一行"]


def test_doubtful_says_what_would_have_to_be_true():
    rows = {f"20103{n:02d}": ["1.00", "", "", ""] for n in range(1, 12)}
    rep = report(table(ZHICHU, {"": {**rows, "合计": ["11.05", "", "", ""]}}))
    found = finding(eq(A, sum_of(col(ZHICHU, "本年支出合计", rows=group("项")))), rep)
    assert found.outcome == "doubtful"
    assert "相差 0.05 万元，超过通常的尾差" in found.sentence
    assert "最多 0.06" in found.sentence
    assert (found.tolerance, found.tolerance_note) == ("0.03", "尾差：12 个四舍五入的数，允许 0.03 万元，最多可能 0.06 万元")


def test_a_ratio_shows_its_division():
    found = finding(cmp("<=", ("div", B, A), number("1/10", "percent")), zhichu("580.61", "593.72"))
    assert found.sentence == "支出表 合计 基本支出 ÷ 本年支出合计（593.72 ÷ 580.61 = 102.26%），大于 10%，多 92.26 个百分点（已计入各数的舍入范围）".replace("本年支出合计（", "合计 本年支出合计（")
    assert (found.left, found.right, found.unit, found.tolerance) == ("102.26", "10", "%", None)
    assert found.filled == "593.72 ÷ 580.61 = 102.26% <= 10%"
    assert found.tolerance_note.startswith("区间：2 个数")


def test_figures_are_shown_in_the_printed_unit():
    found = finding(eq(A, B), zhichu("1,234.50", "1,234.51", unit="元"))
    assert (found.left, found.difference, found.unit) == ("1234.50", "-0.01", "元")
    assert found.tolerance_note == "尾差：各数都是精确数，不允许有差"
    found = finding(eq(A, B, ("fixed", 2, 100, None)), zhichu("1.00", "1.03"))
    assert (found.tolerance, found.tolerance_note) == ("0.02", "规则写明：±0.02 万元")
    found = finding(eq(A, B, ("relative", 1, 1000)), zhichu("1.00", "1.03"))
    assert found.tolerance_note == "规则写明：右边的 ±0.1%"


@pytest.mark.parametrize(
    ("figures", "hint"),
    [
        (("100,000.00", "10.00"), "疑似单位错"), (("12.30", "123.00"), "疑似位数错"), (("8,280.16", "8,208.16"), "疑似数字换位"),
        (("", "3.00"), "疑似漏填：支出表[合计].本年支出合计 是空白"), (("1.00", "1.05"), None),
    ],
)  # fmt: skip
def test_hints_between_two_figures(figures, hint):
    found = finding(eq(A, B), zhichu(*figures))
    assert found.outcome == "fail"
    assert any(h.startswith(hint) for h in found.hints) if hint else not found.hints


def test_hint_for_an_addend_left_out():
    found = finding(eq(A, plus(B, C, cell(ZHICHU, "合计", "经营支出"))), zhichu("9.00", "4.00", "5.00", "2.50"))
    assert "疑似漏项：差额正好等于 支出表[合计].经营支出" in found.hints
    assert finding(eq(A, plus(B, C)), zhichu("9.00", "40.00", "5.00")).hints == ("疑似位数错：支出表[合计].基本支出 与推算值相差 10 倍",)


def test_passes_are_short_unless_all_is_asked_for():
    rep = zhichu("1.00", "1.01")
    short = finding(eq(A, B), rep, list_all=False)
    assert (short.outcome, short.rounding, short.sentence, short.filled, short.operands) == ("pass", True, None, None, None)
    full = finding(eq(A, B), rep)
    assert full.sentence == "支出表 合计 本年支出合计 1.00 万元，合计 基本支出 1.01 万元，相差 0.01 万元（尾差允许 0.01）"
    assert finding(eq(A, B), zhichu("1.00", "1.00")).sentence == "支出表 合计 本年支出合计 1.00 万元，与 合计 基本支出 1.00 万元 相等"
    nothing = finding(eq(A, B), zhichu("", ""), list_all=False)
    assert (nothing.outcome, nothing.reason, nothing.sentence) == ("not_applicable", "全空", None)
    assert finding(eq(A, B), zhichu("", "")).sentence == "两边都没有数"


def test_undecided_says_why():
    found = finding(eq(A, B), zhichu("1,2x4.00", "1.00"))
    assert (found.outcome, found.reason, found.sentence) == ("undecided", "无法识别", "支出表[合计].本年支出合计 的“1,2x4.00”不能读作数字")
    assert (found.left, found.filled) == (None, "（无法识别） == 1.00")
    found = finding(eq(A, cell(JIJIN, "合计", "小计")), zhichu("1.00"))
    assert (found.reason, found.sentence, found.cause) == ("缺表", f"缺《{JIJIN.id}》", f"缺表:{JIJIN.id}")


def test_names_in_two_halves_say_which():
    rep = report(table(ZONGBIAO, {"收入": {"总计": ["5.00"]}, "支出": {"总计": ["5.01"]}}))
    found = finding(eq(cell(ZONGBIAO, "总计", "金额", "收入"), cell(ZONGBIAO, "总计", "金额", "支出"), ("fixed", 0, 1, None)), rep)
    assert found.sentence.startswith("总表 收入 总计 5.00 万元，支出 总计 5.01 万元，相差 0.01 万元")
    assert [o.name for o in found.operands] == ["总表.收入[总计].金额", "总表.支出[总计].金额"]


def test_a_check_may_have_its_own_title_and_severity():
    from msgspec.structs import replace

    made = rule("X-1", eq(A, B))
    made = replace(made, checks=(replace(made.checks[0], title="别名", severity="警告"),), changed_by="cn-21")
    findings, _ = explain(run(prepare([made]), zhichu("1.00", "5.00")))
    assert [(f.title, f.check, f.severity, f.changed_by) for f in findings] == [(made.title, "别名", "warning", "cn-21")]


def test_rounding_is_summed_up_per_table():
    evaluation = run(prepare(standard_rules()), full_report(3, exact=False))
    lines = rounding_summary(evaluation)
    assert sum(count for _, count, _, _ in lines) == evaluation.counts()["rounding"] > 0
    assert all(unit == "万元" and largest in ("0.01", "0.02") for _, _, largest, unit in lines)
    order = [t.id for t in evaluation.books.report.layout.tables]
    assert [t for t, *_ in lines] == sorted((t for t, *_ in lines), key=order.index)
    assert rounding_summary(run(prepare(standard_rules()), full_report(3))) == []


def test_every_finding_can_be_told_in_full():
    for rep in (full_report(4, exact=False), full_report(4, blank="0.00"), report()):
        evaluation = run(prepare(standard_rules()), rep)
        findings, _ = explain(evaluation, list_all=True)
        assert len(findings) == sum(v for k, v in evaluation.counts().items() if k != "rounding")
        assert all(f.sentence for f in findings)
        assert all(f.filled for f in findings if f.outcome in ("pass", "fail", "doubtful"))
        assert [f.outcome for f in findings] == [v.outcome for v in evaluation.verdicts()]


def test_sentences_use_only_characters_a_chinese_console_has():
    findings, causes = explain(run(prepare(standard_rules()), full_report(4, exact=False)), list_all=True)
    for text in [f.sentence for f in findings] + [f.filled for f in findings] + [c.sentence for c in causes]:
        (text or "").encode("gbk")

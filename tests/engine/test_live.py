"""Live forms: recomputed from the operands, exactly, they give the verdict again."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from tests.engine.builders import (
    CAIBO,
    NAMES,
    ZONGBIAO,
    cell,
    cells,
    cmp,
    col,
    eq,
    full_report,
    group,
    number,
    plus,
    replaced,
    report,
    rule,
    standard_rules,
    sum_of,
    table,
)

from juesuan_rules.amounts import UNITS
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.evaluation import Evaluation
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.live import live_forms
from juesuan_rules.engine.live_text import decimal, unit_factor
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import Finding, Operand
from juesuan_rules.language.model import Form
from juesuan_rules.live import Live
from juesuan_rules.outputs.workbook.expression import compute, operands_of, parse
from juesuan_rules.reports.model import Report

FIXTURES = sorted(path for pattern in ("*.txt", "*.docx", "*.xlsx") for path in (Path(__file__).parents[2] / "fixtures").glob(pattern))
TOLD = ("pass", "doubtful", "fail")


def told_value(operand: Operand) -> Fraction | None:
    """An operand's number in its own unit, from what the finding says of it."""
    if operand.value is None:
        return None
    number = Fraction(operand.value.replace(",", ""))
    return number * 100 / UNITS[operand.unit] if operand.unit in UNITS else number


def check_live(finding: Finding, live: Live, judgement: Judgement) -> None:
    values = [told_value(operand) for operand in finding.operands or ()]
    left, right = [compute(parse(text), values) for text in (live.left, live.right)]
    factor = unit_factor(live.unit)
    assert judgement.left is not None
    assert judgement.right is not None
    assert (left * factor, right * factor) == (judgement.left.number, judgement.right.number), finding.filled
    outcome, rounding = live.judge(left, right)
    assert outcome == finding.outcome, (finding.rule, finding.filled, live)
    assert live.partial or rounding == finding.rounding, (finding.rule, finding.filled, live)
    assert live.unit == (finding.unit or "")


def check_evaluation(evaluation: Evaluation) -> Counter[str]:
    """Every live form against its finding; what has none, by reason."""
    findings, _ = explain(evaluation, True)
    lives = live_forms(evaluation)
    assert len(lives) == len(findings)
    reasons: Counter[str] = Counter()
    for verdict, finding, live in zip(evaluation.verdicts(), findings, lives, strict=True):
        detail = evaluation.detail(verdict)
        if live is not None:
            assert isinstance(detail, Judgement)
            check_live(finding, live, detail)
            reasons["live"] += 1
        elif finding.outcome in TOLD and finding.left is not None:
            assert isinstance(detail, Judgement)
            reasons[why_none(detail, finding)] += 1
    return reasons


def why_none(judgement: Judgement, finding: Finding) -> str:
    form = judgement.form
    while form[:1] == ("not",):
        form = form[1]
    if form[:1] != ("cmp",):
        return "several"
    return "counted" if not any(operand.raw.strip() for operand in finding.operands or ()) else f"left out: {finding.rule} {finding.filled}"


def evaluated(path: Path) -> Evaluation | None:
    from juesuan_rules.pipeline.load import load
    from juesuan_rules.pipeline.options import Options

    loaded = load(path, Options())
    return run(prepare(loaded.pack.rules), loaded.report) if loaded.report.identity.is_final_accounts else None


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_every_comparison_of_figures_is_live_and_exact(path: Path) -> None:
    evaluation = evaluated(path)
    if evaluation is None:
        return
    reasons = check_evaluation(evaluation)
    assert reasons["live"] > 90
    assert set(reasons) <= {"live", "several", "counted"}


def test_real_reports_are_live_and_exact(reports_dir: Path) -> None:
    for path in sorted(reports_dir.glob("0*.*")):
        evaluation = evaluated(path)
        if evaluation is not None:
            assert set(check_evaluation(evaluation)) <= {"live", "several", "counted"}, path.name


# --- how a comparison is written ------------------------------------------------------------------


def written(check: Form, tables: Report, position: int = 0) -> tuple[Finding, Live]:
    """The live form of one verdict of a check; it is exact as well."""
    evaluation = run(prepare([rule("T", check)]), tables)
    check_evaluation(evaluation)
    live = live_forms(evaluation)[position]
    assert live is not None
    return explain(evaluation, True)[0][position], live


def income(total: str = "30.00", unit: str = "万元", year: str = "0.50") -> Report:
    """A table of five incomes in 万元, and one of three in `unit`."""
    z = {"收入": {"一般收入": ["10.00"], "事业收入": ["15.00"], "其他收入": ["5.00"], "本年收入合计": [total], "年初": [year]}}
    other = {"收入": {"一般收入": ["100,000.00" if unit == "元" else "10.00"], "本年收入合计": [""]}}
    return report(table(ZONGBIAO, z), table(CAIBO, other, unit))


def z(key: str) -> Form:
    return cell(ZONGBIAO, key, "金额", "收入")


def test_a_sum_and_its_tolerance() -> None:
    total = sum_of(col(ZONGBIAO, "金额", "收入", group("明细")))
    finding, live = written(eq(z("本年收入合计"), total), income())
    assert (live.left, live.right, live.relation, live.unit) == ("{0}", "{1}+{2}+{3}", "==", "万元")
    assert [operand.raw for operand in finding.operands or ()] == ["30.00", "10.00", "15.00", "5.00"]
    assert (live.tolerance, live.limit, live.places, live.bound) == ("0.01", "0.02", 6, "tail")


def test_many_figures_become_a_sum() -> None:
    keys = ("一般收入", "事业收入", "其他收入", "年初")
    _, live = written(eq(z("本年收入合计"), plus(*map(z, keys))), income("30.50"))
    assert live.right == "SUM({1},{2},{3},{4})"


def test_factors_and_constants() -> None:
    check = cmp("<=", z("一般收入"), ("sub", ("mul", z("事业收入"), number("0.6")), number("3", "万元")))
    _, live = written(check, income())
    assert live.right == "{1}*0.6-3"


def test_figures_in_another_unit_are_converted() -> None:
    _, live = written(eq(z("一般收入"), cell(CAIBO, "一般收入", "金额", "收入")), income(unit="元"))
    assert (live.left, live.right, live.unit) == ("{0}", "{1}/10000", "万元")


def test_a_ratio_is_in_percent() -> None:
    _, live = written(cmp(">=", ("div", z("一般收入"), z("本年收入合计")), number("1/3", "percent")), income())
    assert (live.left, live.right, live.unit) == ("{0}/{1}*100", "(100/3)", "%")


def test_what_bends_is_written_as_the_rule_has_it() -> None:
    gap = ("sub", z("一般收入"), z("事业收入"))
    assert written(cmp("<=", ("call", "abs", gap), number("9", "万元")), income())[1].left == "ABS({0}-{1})"
    assert written(cmp("<=", ("call", "max", gap, number("0", "万元")), number("9", "万元")), income())[1].left == "MAX({0}-{1},0)"
    assert written(eq(("call", "round", ("div", z("一般收入"), number(3)), number(1)), number("3.3", "万元")), income())[1].left == "ROUND({0}/3,1)"
    details = col(ZONGBIAO, "金额", "收入", group("明细"))
    assert written(eq(("agg", "avg", details), z("一般收入")), income())[1].left == "SUM({0},{1},{2})/3"
    assert written(eq(("agg", "min", details), z("其他收入")), income())[1].left == "MIN({1},{2},{0})"
    assert written(cmp(">=", ("agg", "count", details), number(2, "count")), income())[1].left == "COUNT({0},{1},{2})"


def test_a_row_that_is_not_there_counts_as_zero() -> None:
    missing = cell(ZONGBIAO, "总计", "金额", "收入", missing="zero")
    finding, live = written(eq(z("本年收入合计"), plus(z("一般收入"), missing)), income("10.00"))
    assert live.right == "{1}"
    assert len(finding.operands or ()) == 3


def test_a_condition_that_is_denied_is_the_opposite() -> None:
    _, live = written(("not", cmp("<=", z("一般收入"), z("事业收入"))), income())
    assert (live.relation, live.partial) == (">", False)
    _, live = written(("and", cmp("<=", z("一般收入"), z("事业收入")), cmp(">=", z("一般收入"), z("其他收入"))), income())
    assert live.partial


def test_what_is_no_comparison_of_figures_has_none() -> None:
    evaluation = run(prepare([rule("T", ("blank", z("一般收入")), ("present", z("一般收入")), eq(z("总计"), z("一般收入")))]), income())
    assert live_forms(evaluation) == (None, None, None)


# --- the outcome follows from difference, tolerance and limit --------------------------------------


@pytest.mark.parametrize(
    ("total", "outcome", "rounding"),
    [("45.00", "pass", False), ("45.02", "pass", True), ("45.04", "doubtful", False), ("44.96", "doubtful", False), ("45.06", "fail", False)],
)
def test_all_words_come_out(total: str, outcome: str, rounding: bool) -> None:
    """Nine rounded figures: 0.02 is usual, up to 0.04 possible."""
    classes = {code: ["5.00"] for code in NAMES} | {"年末": ["5.00"], "总计": ["5.00"], "本年支出合计": [total]}
    check = eq(cell(ZONGBIAO, "本年支出合计", "金额", "支出"), plus(*[cell(ZONGBIAO, key, "金额", "支出") for key in classes if key != "本年支出合计"]))
    finding, live = written(check, report(table(ZONGBIAO, {"支出": classes})))
    assert (finding.outcome, finding.rounding) == (outcome, rounding)
    assert (live.tolerance, live.limit) == ("0.02", "0.05")
    assert live.judge(Fraction(total), Fraction(45)) == (outcome, rounding)


@pytest.mark.parametrize("relation", ["==", "!=", "<=", ">=", "<", ">"])
@pytest.mark.parametrize("left", ["9.98", "9.99", "10.00", "10.01", "10.02", "10.03"])
def test_every_relation_at_every_distance(relation: str, left: str) -> None:
    written(cmp(relation, z("本年收入合计"), plus(z("一般收入"), z("年初"))), income(left, year="0.00"))
    written(cmp(relation, z("本年收入合计"), z("一般收入"), ("fixed", 1, 100, None)), income(left))
    written(cmp(relation, z("本年收入合计"), z("一般收入"), ("relative", 1, 500)), income(left))
    written(cmp(relation, ("div", z("本年收入合计"), z("一般收入")), number(1)), income(left))


def test_a_share_of_the_right_side_moves_with_it() -> None:
    _, live = written(eq(z("本年收入合计"), z("一般收入"), ("relative", 1, 100)), income("10.05"))
    assert (live.share, live.tolerance, live.bound) == ("0.01", "0.1", "relative")
    assert live.judge(Fraction("10.15"), Fraction(10)) == ("fail", False)
    assert live.judge(Fraction("20.15"), Fraction(20)) == ("pass", True)


def test_binary_leftovers_never_count() -> None:
    """0.1 + 0.2 is 0.3 in the sheet too: the difference is rounded before it is compared."""
    _, live = written(eq(z("本年收入合计"), plus(z("一般收入"), z("年初"))), income("10.50"))
    left, right = compute(parse("0.3"), (), float), compute(parse("0.1+0.2"), (), float)
    assert left != right
    assert live.judge(Fraction(left), Fraction(right)) == ("pass", False)


def test_a_changed_figure_gives_the_verdict_of_the_changed_report() -> None:
    """What the sheet says after an edit is what the engine says of a report so printed."""
    pick = random.Random(5)
    plan = prepare(standard_rules())
    before = full_report(3, exact=False)
    lives, told = live_forms(evaluation := run(plan, before)), explain(evaluation, True)[0]
    figures = [one for one in cells(before) if one[4].value and one[4].decimals == 2]
    judged = 0
    for _ in range(24):
        name, block, column, key, amount = pick.choice(figures)
        changed = Fraction(amount.raw.replace(",", "")) + Fraction(pick.choice((-300, -4, -3, -2, -1, 1, 2, 3, 4, 5000)), 100)
        if changed <= 0:
            continue
        after = explain(run(plan, replaced(before, name, block, column, key, f"{float(changed):,.2f}")), True)[0]
        assert [(f.rule, f.key) for f in after] == [(f.rule, f.key) for f in told]
        for old, live, new in zip(told, lives, after, strict=True):
            operands = old.operands or ()
            address = (name, block, key, column)
            if live is None or address not in [operand.address for operand in operands] or new.outcome not in TOLD:
                continue
            values = [changed if operand.address == address else told_value(operand) for operand in operands]
            sides = [compute(parse(text), values) for text in (live.left, live.right)]
            assert live.judge(*sides) == (new.outcome, new.rounding), (new.filled, live)
            judged += 1
    assert judged > 60


def test_a_decimal_is_exact_or_rounded_half_up() -> None:
    assert [decimal(n) for n in (3, Fraction(1, 8), Fraction(-5, 2), Fraction(2, 3))] == ["3", "0.125", "-2.5", "0.666666666667"]
    assert decimal(Fraction(-1, 10**15)) == "0"
    assert operands_of(parse("SUM({0},{2})-0.5*{1}")) == [0, 2, 1]

"""The columnar pass and the judge are two ways to the same verdicts."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.builders import (
    CAIBO,
    MINGXI,
    SHOURU,
    YIBAN,
    ZHICHU,
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
    report,
    rule,
    standard_rules,
    sum_of,
    table,
)  # fmt: skip
from tests.engine.record_sets import all_of, fact, record_set, with_records

from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run

FIGURES = st.sampled_from(["", "", "0.00", "-", "1.00", "1.00", "1.01", "1.02", "2.00", "2.01", "3", "-1.00", "1.005", "O.0O", "1,2x", "见附件", "100,000.00"])
CODES = st.sampled_from(["201", "20103", "2010301", "2010302", "208", "20805", "2080501", "210"])
KEYS = st.lists(CODES, unique=True, max_size=6).map(sorted)
OPS = st.sampled_from(["==", "<=", ">=", "<", ">", "!="])
TOLERANCES = st.sampled_from([("tail",), ("fixed", 1, 100, None), ("fixed", 0, 1, None), ("fixed", 10_000, 1, "money"), ("relative", 1, 100)])
UNITS = st.sampled_from(["万元", "万元", "元"])


@st.composite
def coded_tables(draw, spec):
    keys = draw(KEYS)
    if draw(st.booleans()):
        keys = ["合计", *keys]
    width = len(spec.blocks[0].columns)
    return table(spec, {"": {key: [draw(FIGURES) for _ in range(width)] for key in keys}}, unit=draw(UNITS))


@st.composite
def reports(draw):
    tables = [draw(coded_tables(spec)) for spec in (SHOURU, ZHICHU, YIBAN) if draw(st.integers(0, 9))]
    halves = {b.name: {row.key: [draw(FIGURES) for _ in b.columns] for row in b.rows if draw(st.integers(0, 9))} for b in ZONGBIAO.blocks}
    return Small(report(*tables, table(ZONGBIAO, halves)))


class Small:
    """A report that prints as its figures, so that a failing example can be read."""

    def __init__(self, report):
        self.report = report

    def __repr__(self):
        return "; ".join(f"{t}.{b}.{c}[{k}]={a.raw!r}{a.unit}" for t, b, c, k, a in cells(self.report) if a.raw)


ROWS = st.sampled_from([("all",), group("类"), group("项"), group("末级"), group("非末级"), group("合计"), ("prefix", "201"), ("keys", "201", "208"), ("not", group("类")),
                        ("and", group("类"), ("not", ("key", "201")))])  # fmt: skip
MISSING = st.sampled_from(["report", "report", "zero"])


@st.composite
def columns(draw, star=False):
    spec = draw(st.sampled_from([SHOURU, ZHICHU, YIBAN]))
    column = "*" if star else draw(st.sampled_from([c.name for c in spec.blocks[0].columns]))
    return col(spec, column, rows=draw(ROWS), missing=draw(MISSING))


@st.composite
def scalars(draw):
    kind = draw(st.sampled_from(["cell", "total", "sum", "number", "coded"]))
    if kind == "number":
        return number(draw(st.integers(-2, 2)), "万元")
    if kind == "sum":
        return sum_of(draw(columns()))
    if kind == "coded":
        return cell(draw(st.sampled_from([ZHICHU, YIBAN])), draw(st.sampled_from(["合计", "201", "20103"])), "基本支出", missing=draw(MISSING))
    if kind == "total":
        return cell(ZONGBIAO, "总计", "金额", draw(st.sampled_from(["收入", "支出"])))
    return cell(ZONGBIAO, draw(st.sampled_from(["201", "本年支出合计", "年末"])), "金额", "支出", missing=draw(MISSING))


def linear(leaves):
    return st.recursive(
        leaves,
        lambda x: st.one_of(
            st.builds(lambda a, b: ("add", a, b), x, x), st.builds(lambda a, b: ("sub", a, b), x, x), st.builds(lambda a: ("neg", a), x),
            st.builds(lambda a, n: ("mul", a, ("number", n, 2, "none")), x, st.integers(-3, 3)),
        ),
        max_leaves=4,
    )  # fmt: skip


def children(c):
    return ("children", c)


sides = linear(st.one_of(columns(), columns(), scalars(), columns().map(children)))
star_sides = linear(st.one_of(columns(star=True), columns(star=True).map(sum_of), columns(star=True).map(children)))
forms = st.one_of(st.builds(cmp, OPS, sides, sides, TOLERANCES), st.builds(cmp, OPS, star_sides, star_sides, TOLERANCES))


def verdicts(evaluation):
    return [(v.part.check.rule.id, v.key, v.outcome, v.rounding, reason(v)) for v in evaluation.verdicts()]


def reason(verdict):
    detail = verdict.part.details.get(verdict.position)
    return detail.reason if detail is not None else "全空" if verdict.outcome == "not_applicable" else None


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(reports(), st.lists(forms, min_size=1, max_size=4))
def test_screened_and_judged_verdicts_are_the_same(small, checks):
    rep = small.report
    plan = prepare([rule(f"X-{i}", form) for i, form in enumerate(checks)])
    fast, slow = run(plan, rep), run(plan, rep, screening=False)
    assert verdicts(fast) == verdicts(slow)
    assert fast.counts()["rule_error"] == 0, [d.detail for p in fast.parts for d in p.details.values()]


def test_they_agree_on_full_reports():
    plan = prepare(standard_rules())
    for seed in range(4):
        for exact in (True, False):
            for blank in ("", "0.00"):
                rep = full_report(seed, exact, blank)
                fast = run(plan, rep)
                assert verdicts(fast) == verdicts(run(plan, rep, screening=False))
                assert fast.counts()["fail"] == fast.counts()["undecided"] == 0


def test_detail_of_a_screened_verdict_is_the_judges():
    evaluation = run(prepare(standard_rules()), full_report(2, exact=False))
    for verdict in evaluation.verdicts():
        detail = evaluation.detail(verdict)
        assert (detail.outcome, detail.outcome == "pass" and detail.rounding) == (verdict.outcome, verdict.rounding)


def test_forms_that_are_no_signed_sum_are_left_to_the_judge():
    share = ("div", cell(ZHICHU, "合计", "基本支出"), cell(ZHICHU, "合计", "本年支出合计"))
    plan = prepare([rule("X", cmp("<=", share, number(1)), eq(("agg", "max", col(MINGXI, "金额")), cell(CAIBO, "总计", "金额", "收入")), cmp("<", share, plus(share, share)))])
    assert [check.linear for check in plan.checks] == [None, None, None]


# --- record sets -----------------------------------------------------------------------------------

SAID = st.sampled_from(["", "1.00", "1.00", "1.01", "2.00", "3", "0.00", "约3", "1.00 / 2.00"])
PERCENTS = st.sampled_from(["", "1.00", "1.0", "1", "0.00", "2.5"])
MONEY_UNITS = st.sampled_from(["万元", "万元", "元", "亿元"])
SCORES = st.sampled_from(["", "1", "2", "3"])


@st.composite
def spoken_reports(draw):
    def cells(**more):
        return {"值": draw(SAID), "完成率": draw(PERCENTS), "unit": draw(MONEY_UNITS), **more}

    sets = [record_set("文字", {name: cells() for name in draw(st.lists(st.sampled_from(["收入总计", "支出总计", "基本支出"]), unique=True))})]
    sets += [record_set("文字科目", {code: cells() for code in draw(KEYS)})]
    parents = draw(st.lists(st.sampled_from([None, "1", "2"]), max_size=5))
    tree = {str(number): {"金额": draw(SAID), "parent": parent if parent != str(number) else None, "role": "明细" if parent else "合计"} for number, parent in enumerate(parents, 1)}
    sets += [record_set("其中", tree)]
    forms = {key: {"指标得分小计": draw(SCORES)} for key in "FG"}
    rows = {f"{form}/{number}": {"得分": draw(SCORES), "parent": form} for form in draw(st.lists(st.sampled_from("FG"), unique=True)) for number in range(draw(st.integers(1, 3)))}
    sets += [record_set("自评表", {"": forms, "指标": rows})]
    tables = [draw(coded_tables(spec)) for spec in (ZHICHU, YIBAN) if draw(st.integers(0, 9))]
    return Small(with_records(*[one for one in sets if draw(st.integers(0, 9))], tables=tables))


FACT_NAMES = st.sampled_from(["收入总计", "支出总计", "基本支出", "公务接待费"])
spoken_columns = st.one_of(
    st.builds(lambda c, r: all_of("文字科目", c, rows=r), st.sampled_from(["值", "完成率"]), ROWS), st.just(all_of("其中", "金额")), columns(),
    st.just(all_of("自评表", "指标得分小计")), st.just(all_of("自评表", "得分", "指标")), st.just(all_of("文字", "值")),
)  # fmt: skip
spoken_leaves = st.one_of(
    spoken_columns, spoken_columns.map(sum_of), spoken_columns.map(children), spoken_columns.map(lambda c: ("child_count", c)), scalars(),
    st.builds(fact, FACT_NAMES, st.sampled_from(["值", "完成率"]), MISSING),
)  # fmt: skip
spoken_forms = st.builds(cmp, OPS, linear(spoken_leaves), linear(spoken_leaves), st.one_of(TOLERANCES, st.just(("fixed", 1, 1, "score"))))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(spoken_reports(), st.lists(spoken_forms, min_size=1, max_size=4))
def test_screened_and_judged_verdicts_over_record_sets_are_the_same(small, checks):
    rep = small.report
    plan = prepare([rule(f"X-{i}", form) for i, form in enumerate(checks)])
    fast, slow = run(plan, rep), run(plan, rep, screening=False)
    assert verdicts(fast) == verdicts(slow)
    assert fast.counts()["rule_error"] == 0, [d.detail for p in fast.parts for d in p.details.values()]
    explain(fast, True)

"""Plans are made once, hold no report, and give verdicts in rule order."""

from __future__ import annotations

import marshal

from tests.engine.builders import YIBAN, ZHICHU, cell, col, eq, full_report, number, report, rule, standard_rules, sum_of, table

from juesuan_rules.engine.plan import prepare, run

A, B = cell(ZHICHU, "合计", "本年支出合计"), cell(ZHICHU, "合计", "基本支出")


def test_one_plan_serves_many_reports():
    plan = prepare(standard_rules())
    first = [run(plan, full_report(seed)).counts() for seed in (1, 2)]
    assert first == [run(prepare(standard_rules()), full_report(seed)).counts() for seed in (1, 2)]
    assert first[0]["pass"] > 250
    assert first[0]["fail"] == 0


def test_forms_survive_a_cache():
    """Forms read back from marshal are equal but not identical; nothing may depend on identity."""
    fresh = standard_rules()
    stored = [type(r)(**{f: getattr(r, f) for f in r.__struct_fields__} | {"checks": tuple(type(c)(marshal.loads(marshal.dumps(c.form)), c.source) for c in r.checks)}) for r in fresh]
    rep = full_report(3, exact=False)
    assert run(prepare(stored), rep).counts() == run(prepare(fresh), rep).counts()


def test_columns_shared_by_checks_are_fetched_once():
    plan = prepare(standard_rules())
    assert len(plan.leaves) == len(set(plan.leaves)) < sum(len(check.leaves) for check in plan.checks)


def test_verdicts_come_in_rule_order_and_rows_in_printed_order():
    rep = report(table(ZHICHU, {"": {"合计": ["1.00"] * 4, "201": ["1.00"] * 4}}))
    form = eq(col(ZHICHU, "*"), sum_of(col(ZHICHU, "*", rows=("keys", "合计"))))
    evaluation = run(prepare([rule("B", eq(A, B)), rule("A", form)]), rep)
    assert [(v.part.check.rule.id, v.key) for v in evaluation.verdicts()][:4] == [("B", (None, None)), ("A", ("合计", "本年支出合计")), ("A", ("201", "本年支出合计")), ("A", ("合计", "基本支出"))]
    assert len(list(evaluation.verdicts())) == 9


def test_counts_and_details_only_where_something_is_to_be_said():
    evaluation = run(prepare(standard_rules()), full_report(3, exact=False))
    counts = evaluation.counts()
    assert sum(n for name, n in counts.items() if name != "rounding") == len(list(evaluation.verdicts()))
    assert sum(v.rounding for v in evaluation.verdicts()) == counts["rounding"] > 0
    assert all(not part.details for part in evaluation.parts)


def test_a_table_without_rows_is_not_a_pass():
    bare = table(ZHICHU, {"": {}})
    evaluation = run(prepare([rule("X", eq(col(ZHICHU, "本年支出合计"), col(ZHICHU, "基本支出"))), rule("Y", eq(sum_of(col(ZHICHU, "基本支出")), number(0)))]), report(bare))
    assert [v.outcome for v in evaluation.verdicts()] == ["not_applicable", "not_applicable"]


def test_a_rule_condition_gates_every_check():
    rich = rule("X", eq(A, B), eq(col(ZHICHU, "基本支出"), col(YIBAN, "基本支出")), when=("cmp", ">", A, number(100, "万元"), ("tail",)))
    evaluation = run(prepare([rich]), full_report(1))
    assert next(v.outcome for v in evaluation.verdicts()) == "fail"
    poor = report(table(ZHICHU, {"": {"合计": ["1.00", "2.00", "", ""]}}), table(YIBAN, {"": {}}))
    assert [v.outcome for v in run(prepare([rich]), poor).verdicts()] == ["not_applicable", "not_applicable"]

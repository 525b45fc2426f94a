"""A wrong figure is found again: every single figure of a report is damaged in turn."""

from __future__ import annotations

import random

import pytest

from juesuan_rules.engine.causes import find_causes
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from tests.engine.builders import cells, full_report, money, replaced, standard_rules, without_row, without_table

PLAN = prepare(standard_rules())


def _named(report, damaged):
    table, block, column, key, _ = damaged
    spec = report.tables[table].spec
    return spec.short[0], key, column


@pytest.mark.parametrize("exact", [True, False])
def test_every_single_damaged_figure_is_named(exact):
    report = full_report(5, exact=exact)
    pick = random.Random(7)
    alone = 0
    for table, block, column, key, amount in cells(report):
        if table == "政府性基金预算财政拨款收入支出决算表":
            continue
        before = amount.value or 0
        after = pick.choice([before + 1_000_000 * pick.randrange(1, 900), before * 10 + 50_000_000, before + 90_000 * pick.randrange(1, 50), before // 3])
        if abs(after - before) < 500_000:
            after = before + 70_000_000
        damaged = replaced(report, table, block, column, key, money(after, "0.00"))
        findings, causes = explain(run(PLAN, damaged))
        wrong = [f for f in findings if f.outcome in ("fail", "doubtful")]
        assert wrong, (table, column, key)
        place = damaged.tables[table].blocks[block].columns[column][[r.key for r in damaged.tables[table].blocks[block].rows].index(key)].place
        column_raw = money(after, "0.00")
        for finding in wrong:
            assert any(o.raw == column_raw and o.place == place for o in finding.operands), (finding, key, column)
        if len(wrong) == 1:
            alone += 1
            assert not causes
        else:
            assert len(causes) == 1, (table, block, column, key, causes, [(f.rule, f.key, f.sentence) for f in wrong])
            assert {f.suspect for f in wrong} == {causes[0].suspect}
            assert causes[0].place == place
            assert causes[0].suspect.endswith(f".{column}") or column in causes[0].suspect, (causes[0].suspect, column)
            assert causes[0].findings == len(wrong)
    print("alone", alone)

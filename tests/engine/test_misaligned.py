"""A column that slipped is one cause; slips that have nothing in common stay apart."""

from __future__ import annotations

from tests.engine.builders import ZHICHU, full_report, replaced, standard_rules

from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.reports.model import Report

PLAN = prepare(standard_rules())


def _column(report: Report, name: str) -> tuple[list[str], list[str]]:
    block = report.tables[ZHICHU.id].blocks[""]
    return [row.key for row in block.rows], [amount.raw for amount in block.columns[name]]


def test_a_column_moved_one_row_down_is_one_cause() -> None:
    moved = full_report(3)
    keys, printed = _column(moved, "本年支出合计")
    for key, raw in zip(keys, ["", *printed[:-1]], strict=True):
        moved = replaced(moved, ZHICHU.id, "", "本年支出合计", key, raw)
    findings, causes = explain(run(PLAN, moved))
    assert [c.id for c in causes] == [f"错位:{ZHICHU.id}.本年支出合计"]
    assert "疑似整栏错行" in causes[0].sentence
    wrong = [f for f in findings if f.outcome in ("fail", "doubtful")]
    assert {f.cause for f in wrong} == {causes[0].id}
    assert causes[0].findings == len(wrong)


def test_two_slips_in_one_column_stay_two() -> None:
    damaged = replaced(full_report(6), ZHICHU.id, "", "基本支出", "2010301", "7,777.77")
    damaged = replaced(damaged, ZHICHU.id, "", "基本支出", "2080501", "8,888.88")
    _, causes = explain(run(PLAN, damaged))
    assert {c.suspect for c in causes} == {"支出表[2010301].基本支出", "支出表[2080501].基本支出"}

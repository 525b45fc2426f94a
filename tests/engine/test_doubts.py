"""Doubtful readings and unread pages: they keep a failed check from being an error, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from tests.engine.builders import SHOURU, ZHICHU, ZONGBIAO, full_report, replaced, rule, standard_rules, without_row, without_table

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.model import GridBlock, GridCell, Place
from juesuan_rules.engine.books import UNREAD
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import UNSURE, Cause, Finding
from juesuan_rules.reports.model import GOES_ON, Problem, Report, Row

FULL = full_report(1)
PLAN = prepare(standard_rules())


def judge(report: Report) -> tuple[tuple[Finding, ...], tuple[Cause, ...]]:
    return explain(run(PLAN, report))


def outcomes(report: Report) -> list[str]:
    return [finding.outcome for finding in judge(report)[0]]


def with_amounts(report: Report, change: Callable[[Amount], Amount], table: str, block: str, column: str, key: str) -> Report:
    """The report with one amount changed."""
    data = report.tables[table].blocks[block]
    at = [row.key for row in data.rows].index(key)
    amounts = list(data.columns[column])
    amounts[at] = change(amounts[at])
    changed = replace(data, columns={**data.columns, column: tuple(amounts)})
    return replace(report, tables={**report.tables, table: replace(report.tables[table], blocks={**report.tables[table].blocks, block: changed})})


def with_row(report: Report, change: Callable[[Row], Row], table: str, block: str, key: str) -> Report:
    data = report.tables[table].blocks[block]
    changed = replace(data, rows=tuple(change(row) if row.key == key else row for row in data.rows))
    return replace(report, tables={**report.tables, table: replace(report.tables[table], blocks={**report.tables[table].blocks, block: changed})})


def unsure(amount: Amount) -> Amount:
    return replace(amount, confidence=0.5)


CELL = (ZHICHU.id, "", "基本支出", "2010301")


def test_an_unsure_figure_that_fits_changes_nothing() -> None:
    assert outcomes(with_amounts(FULL, unsure, *CELL)) == outcomes(FULL)


def test_a_check_that_fails_on_an_unsure_figure_is_undecided() -> None:
    wrong = replaced(FULL, *CELL, "999,999.99")
    failed = {(f.rule, f.key) for f in judge(wrong)[0] if f.outcome == "fail"}
    findings, causes = judge(with_amounts(wrong, unsure, *CELL))
    undecided = {(f.rule, f.key) for f in findings if f.outcome == "undecided"}
    assert failed and undecided == failed and not any(f.outcome in ("fail", "doubtful") for f in findings)
    told = next(f for f in findings if f.outcome == "undecided")
    assert told.reason == UNSURE and told.sentence is not None and "999,999.99" in told.sentence and "请对照原件" in told.sentence
    assert told.filled and told.operands and [o.note for o in told.operands if o.confidence < 1] == [UNSURE]
    assert not causes


def test_another_error_of_the_report_stays_an_error() -> None:
    wrong = replaced(with_amounts(FULL, unsure, *CELL), ZONGBIAO.id, "支出", "金额", "205", "0.01")
    assert {f.rule for f in judge(wrong)[0] if f.outcome == "fail"} >= {"A01-2"}


def test_a_code_that_was_not_surely_read_is_no_missing_row() -> None:
    """One table reads 2010302 as 2010309: the row seems to lack here and to stand there alone."""
    misread = with_row(FULL, lambda row: replace(row, key="2010309", code="2010309", raw_code="2010309"), ZHICHU.id, "", "2010302")
    assert "fail" in outcomes(misread)
    careful = with_row(misread, lambda row: replace(row, confidence=0.5), ZHICHU.id, "", "2010309")
    assert "fail" not in outcomes(careful) and "undecided" in outcomes(careful)


def unread_after(report: Report, table: str) -> Report:
    found = report.tables[table]
    marked = replace(found, problems=(*found.problems, Problem(GOES_ON, "可能续在没读出来的第13页", table)))
    return replace(report, tables={**report.tables, table: marked}, unread=("第13页是图片，没有读取",))


def test_rows_that_may_stand_on_an_unread_page_are_not_missing() -> None:
    cut = without_row(FULL, ZHICHU.id, "", "2210201")
    assert "fail" in outcomes(cut)
    assert "fail" not in outcomes(unread_after(cut, ZHICHU.id))
    assert outcomes(unread_after(FULL, ZHICHU.id)) == outcomes(FULL)


@pytest.mark.parametrize("check", [("表齐全", "必有"), ("读取完整",)])
def test_a_table_that_may_stand_on_an_unread_page_is_not_missing(check: tuple[str, ...]) -> None:
    plan = prepare([rule("I-01", ("structure", *[("text", part) if i else part for i, part in enumerate(check)]))])
    lacking = replace(without_table(FULL, ZHICHU.id), unread=("第13页是图片，没有读取",))
    findings, causes = explain(run(plan, lacking))
    told = [f for f in findings if f.outcome != "pass"]
    assert [f.outcome for f in told] == ["undecided"] and told[0].reason == "无法识别" and told[0].cause == UNREAD
    assert [cause.id for cause in causes] == [UNREAD] and "第13页" in causes[0].sentence


def test_whatever_reads_a_table_on_an_unread_page_is_undecided_under_one_cause() -> None:
    findings, causes = judge(replace(without_table(FULL, ZHICHU.id), unread=("第13页是图片，没有读取",)))
    assert not any(f.outcome == "fail" for f in findings)
    assert [cause.id for cause in causes] == [UNREAD]
    assert {f.reason for f in findings if f.outcome == "undecided"} == {"无法识别"}


def test_a_structural_fault_of_an_unsure_row_is_undecided() -> None:
    plan = prepare([rule("S", ("structure", "科目树完整", ("text", ZHICHU.id)))])
    orphan = without_row(FULL, ZHICHU.id, "", "20103")
    assert "fail" in [f.outcome for f in explain(run(plan, orphan))[0]]
    careful = with_row(orphan, lambda row: replace(row, confidence=0.5), ZHICHU.id, "", "2010301")
    assert "fail" not in [f.outcome for f in explain(run(plan, careful))[0]]


def with_grid(report: Report, table: str, *rows: tuple[tuple[str, float, int], ...]) -> Report:
    """The report with a printed grid for one table: (text, confidence, line) per cell."""
    cells = tuple(tuple(GridCell(text, Place(line=line), confidence=sure) for text, sure, line in row) for row in rows)
    return replace(report, tables={**report.tables, table: replace(report.tables[table], grid=GridBlock(cells))})


@pytest.mark.parametrize(("text", "sure", "outcome"), [("行攻运行", 0.5, "undecided"), ("行攻运行", 0.95, "fail"), ("1,204.00", 0.5, "fail")])
def test_a_label_that_was_not_surely_read_is_no_missing_row(text: str, sure: float, outcome: str) -> None:
    plan = prepare([rule("S", ("structure", "科目树完整", ("text", ZHICHU.id)))])
    orphan = with_grid(without_row(FULL, ZHICHU.id, "", "20103"), ZHICHU.id, ((text, sure, 1),))
    assert outcome in [f.outcome for f in explain(run(plan, orphan))[0]]


@pytest.mark.parametrize(("line", "outcome"), [(0, "undecided"), (7, "fail")])
def test_two_names_of_one_code_are_an_error_only_where_both_were_surely_read(line: int, outcome: str) -> None:
    plan = prepare([rule("S", ("structure", "同码同名", ("text", ZHICHU.id), ("text", SHOURU.id)))])
    renamed = with_row(FULL, lambda row: replace(row, label="行攻运行", raw_label="行攻运行"), ZHICHU.id, "", "2010301")
    place = next(row.place for row in renamed.tables[ZHICHU.id].blocks[""].rows if row.key == "2010301")
    shown = with_grid(renamed, ZHICHU.id, (("2010301", 1.0, (place.line or 0) + line), ("行攻运行", 0.5, (place.line or 0) + line)))
    assert [f.outcome for f in explain(run(plan, shown))[0]] == [outcome]

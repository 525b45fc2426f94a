"""Coverage of a small report: what is read, what is guarded, and that a change of the file gives the same answer."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import pytest

from juesuan_rules.authoring.altering import printed_as, step_of, with_amounts
from juesuan_rules.authoring.coverage.figures import printed_figures
from juesuan_rules.authoring.coverage.measuring import measure
from juesuan_rules.authoring.coverage.model import FORM, PROSE, TABLE, Covered, ReportCoverage
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.pipeline.load import Loaded, load
from juesuan_rules.pipeline.options import Options

FIXTURES = Path(__file__).parents[3] / "fixtures"
SAMPLE = FIXTURES / "辽宁省云岫市数据服务局-2023.txt"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(SAMPLE, Options())


@pytest.fixture(scope="module")
def covered(loaded: Loaded) -> ReportCoverage:
    return measure(loaded)


def named(coverage: ReportCoverage, name: str) -> Covered:
    return next(c for c in coverage.figures if c.printed.name == name)


def test_every_printed_figure_of_the_tables_is_there(loaded: Loaded, covered: ReportCoverage) -> None:
    printed = sum(a.value is not None for t in loaded.report.tables.values() for b in t.blocks.values() for column in b.columns.values() for a in column)
    told = [c for c in covered.figures if c.printed.kind == TABLE]
    assert len(told) == printed
    assert len({c.printed.spots for c in told}) == printed
    assert all(loaded.report.tables[c.printed.where].grid.rows[c.printed.at[0]][c.printed.at[1]].text.strip() == c.printed.raw for c in told)


def test_the_tables_of_a_sound_report_are_guarded(covered: ReportCoverage) -> None:
    parts = {where: count for (kind, where), count in covered.parts().items() if kind == TABLE}
    assert all(count.figures == count.recognised == count.read == count.guarded for count in parts.values())


def test_who_reads_and_who_notices(covered: ReportCoverage) -> None:
    total = named(covered, "总表[本年支出合计].金额")
    assert {"A01-2", "A01-4", "B-04"} <= set(total.readers)
    assert total.guard == "unit" and set(total.guards) <= set(total.readers)
    assert covered.titles["A01-2"].startswith("总表")


def test_a_figure_no_rule_guards_is_told(covered: ReportCoverage) -> None:
    lone = [c for c in covered.figures if c.printed.kind == FORM and not c.guarded]
    assert lone and all(c.changes for c in lone if c.readers)


@pytest.mark.parametrize("number", range(0, 470, 23))
def test_a_guard_finds_fault_when_everything_is_judged_again(loaded: Loaded, covered: ReportCoverage, number: int) -> None:
    """The quick answer (only what reads the figure, on the old sheets) is that of a whole run on the changed report."""
    one = covered.figures[number]
    if not one.guards or one.printed.amount is None or one.printed.kind == PROSE or one.known:
        return  # nothing to confirm: no rule guards it, or it stands in the prose, where a change of words may change more
    amount, changed = one.printed.amount, one.changes[-1].replace(",", "").rstrip("%")
    value = Fraction(changed) * (
        Fraction(amount.value or 0) / Fraction(amount.raw.replace(",", "").rstrip("%")) if amount.value else step_of(amount) * 10**amount.decimals
    )
    report = with_amounts(loaded.report, {spot: printed_as(amount, value) for spot in one.printed.spots})
    findings, _ = explain(run(prepare(loaded.pack.rules), report))
    bad = {f.rule for f in findings if f.outcome in ("fail", "doubtful")}
    assert set(one.guards) <= bad


def test_equal_figures_of_one_line_are_told_apart(loaded: Loaded, covered: ReportCoverage) -> None:
    """In a text report all cells of a line have the same place."""
    forms = [c.printed for c in covered.figures if c.printed.kind == FORM and c.printed.spots]
    spots = [spot for printed in forms for spot in printed.spots]
    assert len(spots) == len(set(spots))


def test_what_a_sentence_repeats_is_held_against_the_first(loaded: Loaded, covered: ReportCoverage) -> None:
    assert any("D-06" in c.guards for c in covered.figures if c.printed.kind == PROSE)


def test_prose_figures_know_their_facts(covered: ReportCoverage) -> None:
    total = next(c for c in covered.figures if c.printed.kind == PROSE and c.printed.name == "文字.收入总计")
    assert "C-01" in total.readers and total.guarded


def test_changing_a_report_leaves_the_rest_alone(loaded: Loaded) -> None:
    spot = next(p.spots[0] for p in printed_figures(loaded.report, {}) if p.spots)
    known = loaded.report.tables[spot[0]].blocks[spot[1]].columns[spot[2]][spot[3]]
    changed = with_amounts(loaded.report, {spot: printed_as(known, Fraction(known.value or 0) + 1_000_000)})
    assert changed.tables[spot[0]].blocks[spot[1]].columns[spot[2]][spot[3]].value == Fraction(known.value or 0) + 1_000_000
    assert loaded.report.tables[spot[0]].blocks[spot[1]].columns[spot[2]][spot[3]] is known
    assert all(changed.tables[name] is table for name, table in loaded.report.tables.items() if name != spot[0])


def test_fast_enough(loaded: Loaded) -> None:
    started = time.process_time()
    measure(loaded)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("name", ["000-liaoning-yingshang-2023.txt", "004-hubei-zengdu-2023.txt"])
def test_tables_of_real_reports(reports_dir: Path, name: str) -> None:
    parts = measure(load(reports_dir / name, Options())).parts()
    tables = [count for (kind, _), count in parts.items() if kind == TABLE]
    assert tables and all(count.guarded == count.figures for count in tables)

"""A run held against decisions: marks on findings, and what became of every decision. No verdict changes."""

from __future__ import annotations

from pathlib import Path

from tests.reviews.made import UNIT, WAIVER, finding, report, run_of

from juesuan_rules.findings import DecisionStatus, Finding
from juesuan_rules.pipeline.batch import exit_code
from juesuan_rules.renderings.console import render_run
from juesuan_rules.renderings.reviews_text import decision_lines
from juesuan_rules.results import ReportResult, RunResult
from juesuan_rules.reviews.apply import review
from juesuan_rules.reviews.decisions import DecisionsFile
from juesuan_rules.reviews.model import write_down


def decided(*findings: Finding, status: DecisionStatus = "误报", note: str = "") -> DecisionsFile:
    """A file of decisions on these findings of the usual report."""
    whole = report(*findings)
    written = [write_down(one, whole.identity, status, "某人", "2026-11-20", note) for one in whole.findings]
    return DecisionsFile("decisions.yaml", tuple(written), (), "sha256:" + "d" * 64)


def held(now: ReportResult, file: DecisionsFile) -> tuple[RunResult, dict[str, str]]:
    run = review(run_of(now), (file,))
    return run, {use.rule: use.status for use in run.reports[0].decisions}


def test_a_decision_stands_on_its_finding_and_changes_no_verdict() -> None:
    now = report(finding(), finding("B-1"))
    run, uses = held(now, decided(finding(), finding("C-9"), status="误报"))
    first, second = run.reports[0].findings
    assert first.decision is not None and (first.decision.shown, first.outcome) == ("误报", "fail") and second.decision is None
    assert uses == {"A01-2": "stands", "C-9": "absent"}
    assert run.decisions == ("sha256:" + "d" * 64,)
    assert run.reports[0].summary == now.summary and exit_code(run) == exit_code(run_of(now)) == 1


def test_other_figures_ask_for_another_look_and_say_which() -> None:
    run, uses = held(report(finding(values=("1,234.50", "9.99"))), decided(finding()))
    (one,) = run.reports[0].findings
    assert one.decision is not None and (one.decision.shown, one.decision.status) == ("需复核", "误报")
    assert one.decision.changed == ("总表[乙].金额 原为「1,234.60」，现为「9.99」",)
    assert uses == {"A01-2": "recheck"} and "9.99" in run.reports[0].decisions[0].detail


def test_the_same_figures_printed_another_way_do_not() -> None:
    assert held(report(finding(values=("1234.5", "１２３４．６０"))), decided(finding()))[1] == {"A01-2": "stands"}


def test_what_is_gone_is_told() -> None:
    mended = decided(finding(), status="已整改")
    assert held(report(finding(outcome="pass")), mended)[1] == {"A01-2": "confirmed"}
    assert held(report(finding()), mended)[1] == {"A01-2": "unmended"}
    assert held(report(finding(outcome="pass")), decided(finding()))[1] == {"A01-2": "gone"}
    assert held(report(finding(outcome="not_applicable", reason="全空")), decided(finding()))[1] == {"A01-2": "gone"}
    assert held(report(finding(key="别的行")), decided(finding(key="合计")))[1] == {"A01-2": "absent"}
    assert held(report(), decided(finding()))[1] == {"A01-2": "absent"}


def test_what_cannot_be_judged_now_is_no_mending() -> None:
    mended = decided(finding(key="合计"), status="已整改")
    run, uses = held(report(finding(key="合计", outcome="undecided", reason="无法识别", values=())), mended)
    assert uses == {"A01-2": "undecided"}
    (one,) = run.reports[0].findings
    assert one.decision is not None and one.decision.shown == "需复核" and "无法判断（无法识别）" in one.decision.changed[0]
    assert held(report(finding(outcome="undecided", reason="缺表")), mended)[1] == {"A01-2": "undecided"}


def test_an_undecided_finding_may_be_decided_on() -> None:
    open_one = finding(outcome="undecided", reason="缺表", values=())
    assert held(report(open_one), decided(open_one, status="待核"))[1] == {"A01-2": "stands"}


def test_decisions_of_other_reports_are_told_once() -> None:
    run = review(run_of(report(finding(), unit="别的局"), report(finding(), year=2022)), (decided(finding()),))
    assert [use.status for use in run.decisions_elsewhere] == ["elsewhere"]
    assert all(one.decision is None for each in run.reports for one in each.findings)
    assert f"1 条复核意见不是这次的报告的：{UNIT} 2023" in render_run(run, 1)


def test_one_of_two_readings_of_a_report_is_enough() -> None:
    run = review(run_of(report(finding()), report(finding(), path="同一份.docx")), (decided(finding()),))
    assert all(one.decision is not None for each in run.reports for one in each.findings) and run.decisions_elsewhere == ()


def test_a_later_file_goes_before() -> None:
    first = decided(finding())
    later = DecisionsFile("b.yaml", tuple(write_down(one, report().identity, "属实", "另一人", "2026-12-01") for one in report(finding()).findings), (), "sha256:" + "e" * 64)
    for files in ((first, later), (later, first)):
        (one,) = review(run_of(report(finding())), files).reports[0].findings
        assert one.decision is not None and one.decision.status == "属实"


def test_waived_findings_keep_theirs() -> None:
    run, uses = held(report(finding(waiver=WAIVER)), decided(finding()))
    assert uses == {"A01-2": "stands"} and run.reports[0].findings[0].waiver == WAIVER


def test_nothing_in_a_note_acts_on_the_console() -> None:
    run, _ = held(report(finding(values=("1", "2"))), decided(finding(), note="\x1b[31m\u202e红"))
    text = render_run(run, 1, list_all=True)
    assert "需复核" in text and "\x1b" not in text and "\u202e" not in text


def test_many_are_counted() -> None:
    findings = [finding(key=f"{n}") for n in range(40)]
    run, _ = held(report(*[finding(key=f"{n}", outcome="pass") for n in range(40)]), decided(*findings))
    lines = decision_lines(run.reports[0].decisions)
    assert lines[0] == "复核意见  40 条：不再出现 40" and len(lines) < 20 and "另有" in lines[-1]
    assert len(decision_lines(run.reports[0].decisions, list_all=True)) == 41


def test_the_interface_reads_files(tmp_path: Path) -> None:
    from juesuan_rules import evaluate, load_pack, load_report
    from juesuan_rules.reviews.decisions import record_decision

    path = Path(__file__).parents[2] / "fixtures" / "辽宁省云岫市数据服务局-2023-有误.txt"
    read, pack = load_report(path), load_pack("cn-21-liaoning", 2023)
    bare = evaluate(read, pack)
    wrong = next(one for one in bare.findings if one.outcome == "fail")
    record_decision(tmp_path / "d.yaml", wrong, bare.identity, "属实", "某人")
    again = evaluate(read, pack, decisions=[tmp_path / "d.yaml"])
    assert [one.rule for one in again.findings if one.decision is not None] == [wrong.rule]
    assert '"decision":{"status":"属实","shown":"属实"' in again.to_json()

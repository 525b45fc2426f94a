"""Exit codes of a run, and files with the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.diagnostics import ExitCode, UsageError
from juesuan_rules.documents.model import Source
from juesuan_rules.findings import Finding, Outcome, Severity
from juesuan_rules.pipeline.batch import evaluate_many, exit_code
from juesuan_rules.pipeline.options import Options
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import Failure, ReportResult, RunResult


def finding(outcome: Outcome, severity: Severity = "error", rule: str = "A") -> Finding:
    return Finding(rule, "题", outcome, severity, "cn")


def report(*findings: Finding) -> ReportResult:
    return ReportResult(Source("a.txt", "0" * 64, "text"), Identity(), "judged", findings=(finding("pass", rule="P"), *findings))


@pytest.mark.parametrize(
    ("outcome", "severity", "fail_on", "code"),
    [
        ("pass", "error", "info", 0),
        ("undecided", "error", "info", 0),
        ("not_applicable", "error", "info", 0),
        ("fail", "error", "error", 1),
        ("fail", "warning", "error", 0),
        ("fail", "warning", "warning", 1),
        ("doubtful", "warning", "warning", 1),
        ("fail", "info", "warning", 0),
        ("fail", "info", "info", 1),
        ("rule_error", "info", "error", 3),
    ],
)
def test_what_counts_from_which_severity(outcome: Outcome, severity: Severity, fail_on: Severity, code: int) -> None:
    assert exit_code(RunResult((report(finding(outcome, severity)),)), fail_on) == code


def test_a_waived_finding_does_not_fail_the_run() -> None:
    assert exit_code(RunResult((report(replace(finding("fail"), waiver="W1")),))) == ExitCode.CLEAN


def test_undecided_rules_are_counted_once_each() -> None:
    run = RunResult((report(finding("undecided", rule="A"), finding("undecided", rule="A"), finding("undecided", rule="B")),))
    assert exit_code(run, max_undecided=2) == ExitCode.CLEAN
    assert exit_code(run, max_undecided=1) == ExitCode.NOTHING_JUDGED


def test_precedence() -> None:
    bad = report(finding("fail"))
    other = replace(report(), status="not_final_accounts")
    failures = [Failure("x", "读不出", ExitCode.UNREADABLE), Failure("y", "包坏", ExitCode.RULES_BROKEN), Failure("z", "没有", ExitCode.USAGE)]
    assert exit_code(RunResult((bad, other))) == ExitCode.NOTHING_JUDGED
    assert exit_code(RunResult((bad, other), (failures[0],))) == ExitCode.UNREADABLE
    assert exit_code(RunResult((bad, other), tuple(failures[:2]))) == ExitCode.RULES_BROKEN
    assert exit_code(RunResult((bad, other), tuple(failures))) == ExitCode.USAGE
    assert exit_code(RunResult(())) == ExitCode.NOTHING_JUDGED


def test_the_same_bytes_are_read_once_and_said_so(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for path, text in zip(paths, ("甲", "乙", "甲"), strict=True):
        path.write_text(text, encoding="utf-8")
    run = evaluate_many(paths, Options())
    assert run.repeated == ((str(paths[2]), str(paths[0])),)
    assert [r.source.path for r in run.reports] == [str(paths[0]), str(paths[1])]


def test_one_bad_file_never_stops_the_rest(tmp_path: Path) -> None:
    paths = [tmp_path / "none.txt", tmp_path / "binary.txt", tmp_path / "folder"]
    paths[1].write_bytes(bytes(range(256)) * 8)
    paths[2].mkdir()
    seen: list[tuple[int, int, str]] = []
    run = evaluate_many(paths, Options(), progress=lambda done, total, path: seen.append((done, total, path.name)))
    assert [f.exit_code for f in run.failures] == [ExitCode.USAGE, ExitCode.UNREADABLE, ExitCode.USAGE]
    assert seen == [(1, 3, "none.txt"), (2, 3, "binary.txt"), (3, 3, "folder")]


def test_jobs_must_be_positive(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--jobs"):
        evaluate_many([tmp_path / "a.txt"], Options(), jobs=0)

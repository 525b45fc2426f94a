"""Published reports are arithmetically sound: the table rules must be quiet on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.findings import Finding
from juesuan_rules.pipeline.evaluate import evaluate_loaded
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options

TABLE_FAMILIES = ("A", "B", "K", "R")


def findings_of(folder: Path, name: str) -> tuple[Finding, ...]:
    path = next(folder.glob(f"{name}-*.txt"))
    return evaluate_loaded(load(path, Options())).findings


@pytest.mark.parametrize("name", ["000", "002", "003", "004"])
def test_no_error_or_warning_on_sound_tables(reports_dir: Path, name: str) -> None:
    findings = findings_of(reports_dir, name)
    loud = [(f.rule, f.key, f.sentence) for f in findings if f.outcome in ("fail", "doubtful", "rule_error") and f.severity != "info"]
    assert [found for found in loud if found[0].startswith(TABLE_FAMILIES)] == []
    assert {f.rule for f in findings if f.outcome == "pass"} >= {"A01-2", "A03-3", "B-05", "B-12", "B-27"}


def test_missing_tables_are_the_structural_findings(reports_dir: Path) -> None:
    findings = findings_of(reports_dir, "004")
    of_tables = [f.rule for f in findings if f.outcome == "fail" and f.severity == "error" and f.rule[0] in "ABIKR"]
    assert of_tables == ["I-04", "I-04"]
    assert {f.reason for f in findings if f.outcome == "undecided"} == {"缺表"}

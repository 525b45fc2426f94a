"""The grown reports of the speed benchmark are as sound as the sample they grow from."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_a_grown_report_has_more_rows_and_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("benchmarks", "benchmarks/rules", "fixtures"):
        monkeypatch.syspath_prepend(str(ROOT / folder))
    from synthetic import grown

    one, three = grown(1), grown(3)
    rows = [len(s.report.tables["支出决算表"].blocks[""].rows) for s in (one, three)]
    assert rows[1] > 2 * rows[0]
    for subject in (one, three):
        findings, _ = subject.judge(subject.report)
        # Its 科目 are invented and its text describes the report before it grew: only the tables' own rules are asked.
        assert not [f for f in findings if f.rule[0] in "AB" and f.outcome in ("fail", "doubtful", "rule_error")]

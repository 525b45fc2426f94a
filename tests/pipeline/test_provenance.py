"""The canonical digest: the same for a repetition, another for another result."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.documents.model import Source
from juesuan_rules.pipeline.provenance import canonical_digest, provenance, seal
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import ReportResult, RunResult

RUN = RunResult((ReportResult(Source("甲/a.txt", "0" * 64, "text"), Identity(), "judged"),))


def result(path: str = "甲/a.txt", command: str = "eval") -> dict[str, Any]:
    return {"reports": [{"source": {"path": path}, "summary": {"pass": 1}}], "provenance": provenance(RUN, [command], ExitCode.CLEAN)}


def test_time_command_and_folders_do_not_count() -> None:
    first = result()
    other = result("/another/place/a.txt", "eval --json x")
    other["provenance"]["time"] = other["provenance"]["as_of"] = "2001-01-01"
    assert canonical_digest(first) == canonical_digest(other) == canonical_digest(result("C:\\局\\a.txt"))
    assert seal(first)["provenance"]["canonical_digest"] == canonical_digest(seal(first))


@pytest.mark.parametrize("change", ["summary", "report", "code", "name"])
def test_everything_else_counts(change: str) -> None:
    first = result()
    other = copy.deepcopy(first)
    if change == "summary":
        other["reports"][0]["summary"]["pass"] = 2
    elif change == "report":
        other["provenance"]["reports"] = ["sha256:" + "1" * 64]
    elif change == "code":
        other["provenance"]["exit_code"] = 1
    else:
        other["reports"][0]["source"]["path"] = "甲/b.txt"
    assert canonical_digest(first) != canonical_digest(other)

"""What every output is made from: the result of a run and, report by report, all that one evaluation knows.

It sits between `pipeline`, which fills it, and `outputs`, which show it. One evaluation serves every output of a run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.findings import SEVERITY_ORDER, Finding
from juesuan_rules.live import Live
from juesuan_rules.reports.model import Report
from juesuan_rules.results import ReportResult, RunResult

_TROUBLE = ("rule_error", "fail", "doubtful")


class Numbered(msgspec.Struct, frozen=True):
    """A finding with the number every output calls it by (from 1), and its position in `Subject.full.findings`."""

    number: int
    at: int
    finding: Finding


class Subject(msgspec.Struct, frozen=True):
    """One report with everything an output may show.

    result: as asked for. full: the same verdicts in the same order, every one with sentence, filled formula and
    operands, those that passed too. live: parallel to `full.findings`, None for what no spreadsheet can compute.
    report: as read, corrections applied. paths: the files it was read from. families: name of each rule family by the
    letters its ids begin with (A: 决算表内部平衡 …).
    """

    result: ReportResult
    full: ReportResult
    live: tuple[Live | None, ...]
    report: Report
    paths: tuple[Path, ...]
    families: dict[str, str] = {}

    @property
    def numbered(self) -> tuple[Numbered, ...]:
        """What is wrong or doubtful, in the order every output tells it in: worst first, findings of one root cause together,
        those waived last."""
        return number_findings(self.full)


class Material(msgspec.Struct, frozen=True):
    """A run for its outputs.

    sealed: the JSON result with its provenance block and canonical digest. subject: everything about one report of the
    run, by its position in `run.reports`; kept for a run of one report, judged again for others, so that a long batch
    never holds more than one. exit_code: of the run. families: as of a subject, of all packs of the run.
    """

    run: RunResult
    sealed: dict[str, Any]
    exit_code: int
    subject: Callable[[int], Subject]
    families: dict[str, str] = {}

    @property
    def provenance(self) -> dict[str, Any]:
        """The provenance block: tool, packs, reports, corrections, waivers, command, time, canonical_digest."""
        block: dict[str, Any] = self.sealed["provenance"]
        return block


def number_findings(report: ReportResult) -> tuple[Numbered, ...]:
    """The findings of a report that are wrong or doubtful, numbered from 1."""
    causes = {cause.id: position for position, cause in enumerate(report.causes)}
    members: dict[str, list[int]] = {}
    for at, finding in enumerate(report.findings):
        if finding.outcome in _TROUBLE and finding.cause in causes:
            members.setdefault(str(finding.cause), []).append(at)

    def rank(at: int) -> tuple[bool, int, int, int]:
        finding = report.findings[at]
        group = members.get(finding.cause or "", [at])
        # A group goes where its worst finding goes.
        worst = min(SEVERITY_ORDER[report.findings[one].severity] for one in group)
        return finding.waiver is not None, worst, min(group), at

    told = sorted((at for at, finding in enumerate(report.findings) if finding.outcome in _TROUBLE), key=rank)
    return tuple([Numbered(number, at, report.findings[at]) for number, at in enumerate(told, start=1)])

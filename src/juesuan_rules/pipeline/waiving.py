"""Waivers applied to the results of a run. They are judged after the cache, which never knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from juesuan_rules.results import ReportResult, RunResult
from juesuan_rules.waivers.judging import elsewhere, judge_waivers
from juesuan_rules.waivers.model import WrittenWaiver
from juesuan_rules.waivers.reading import WaiversFile, read_waivers


def open_waivers(paths: Sequence[Path]) -> tuple[WaiversFile, ...]:
    """The waivers files named. Raises UsageError with every error in them."""
    return read_waivers(paths)


def waive(run: RunResult, files: Sequence[WaiversFile], as_of: date | None = None) -> RunResult:
    """The run with every report's findings held against the waivers. as_of: by default today."""
    if not files:
        return run if as_of is None else replace(run, as_of=as_of.isoformat())
    day = as_of or date.today()
    waivers = tuple(waiver for file in files for waiver in file.waivers)
    reports = tuple(waive_report(report, waivers, day) for report in run.reports)
    unmet = elsewhere(waivers, [report.identity for report in run.reports])
    return replace(run, reports=reports, waivers=tuple(file.digest for file in files), waivers_elsewhere=unmet, as_of=day.isoformat())


def waive_report(report: ReportResult, waivers: Sequence[WrittenWaiver], as_of: date) -> ReportResult:
    """One report's result with its findings held against the waivers."""
    findings, uses = judge_waivers(report.findings, waivers, report.identity, as_of)
    return replace(report, findings=findings, waivers=uses)

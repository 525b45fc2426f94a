"""`decisions set`: write down what a person made of a finding of a JSON result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.findings import DecisionStatus, Finding
    from juesuan_rules.results import ReportResult


def run(
    path: Annotated[Path, typer.Argument(metavar="文件", help="复核意见文件（decisions.yaml），没有就新建")],
    result: Annotated[Path, typer.Option("--result", metavar="结果", help="eval --json 写出的结果文件")],
    finding: Annotated[list[str], typer.Option("--finding", metavar="序号|指纹", help="哪一项：网页、底稿里的序号，或结果里的指纹；可写几次")],
    status: Annotated[str, typer.Option("--status", metavar="意见", help="属实、误报、已整改 或 待核")],
    by: Annotated[str, typer.Option("--by", metavar="复核人", help="谁的意见")],
    note: Annotated[str, typer.Option("--note", metavar="说明", help="为何这样认为")] = "",
    day: Annotated[str | None, typer.Option("--date", metavar="日期", help="哪一天的意见，如 2026-12-31（默认今天）")] = None,
    report: Annotated[str | None, typer.Option("--report", metavar="报告", help="结果里有几份报告时按序号取：报告的次序（从 1 起），或单位名称、文件名里的字")] = None,
) -> None:
    """Put decisions into a file, in place of earlier ones on the same findings."""
    from juesuan_rules.findings import OUTCOME_ZH
    from juesuan_rules.renderings.plain import clip
    from juesuan_rules.reviews.decisions import record_decisions
    from juesuan_rules.reviews.model import write_down

    wanted, when = read_status(status), read_day(day)
    if not by.strip():
        raise UsageError("--by 不能为空：写明是谁的意见")
    reports = open_result(result)
    chosen = list({f.fingerprint: (r, f) for r, f in (_find(one, reports, report) for one in finding)}.values())
    record_decisions(path, [write_down(f, r.identity, wanted, by.strip(), when, note) for r, f in chosen])
    for r, f in chosen:
        said = clip(f.sentence or f.reason or f.title, 90)
        sys.stdout.write(f"{status}  {clip(r.identity.unit_name or '单位不明', 40)} {r.identity.year or ''}  {f.rule} {OUTCOME_ZH[f.outcome]}：{said}\n")
    sys.stdout.write(f"结论：记下 {len(chosen)} 条复核意见\n")


def open_result(path: Path) -> tuple[ReportResult, ...]:
    """The reports of a JSON result. Raises UsageError where it has no fingerprints."""
    from juesuan_rules.reviews.stored import NO_FINGERPRINTS, read_result

    stored = read_result(path)
    if not stored.has_fingerprints:
        raise UsageError(f"「{path}」{NO_FINGERPRINTS}")
    return stored.reports


def read_status(text: str) -> DecisionStatus:
    """The opinion of that name. Raises UsageError for any other."""
    from juesuan_rules.findings import DECISION_STATUSES

    status: DecisionStatus | None = next((one for one in DECISION_STATUSES if one == text), None)
    if status is None:
        raise UsageError(f"--status「{text}」不对：须是 {'、'.join(DECISION_STATUSES)}")
    return status


def read_day(text: str | None) -> str:
    """The day a person named, by default today. Raises UsageError for anything else."""
    from datetime import date

    from juesuan_rules.reviews.decisions import is_day

    if text is not None and not is_day(text):
        raise UsageError(f"--date「{text}」不对：写成 2026-12-31")
    return text or date.today().isoformat()


def _find(named: str, reports: tuple[ReportResult, ...], report: str | None) -> tuple[ReportResult, Finding]:
    """The finding of that number or fingerprint, with its report."""
    from juesuan_rules.material import number_findings

    chosen = _chosen(reports, report)
    if not (named.isascii() and named.isdigit() and len(named) <= 6):
        found = next(((r, f) for r in chosen for f in r.findings if f.fingerprint == named.lower()), None)
        if found is None:
            raise UsageError(f"--finding「{named}」：结果里没有这个指纹，也不是序号")
        return found
    if len(chosen) != 1:
        raise UsageError(f"结果里有 {len(chosen)} 份报告：用 --report 指明哪一份，或用指纹")
    numbered = number_findings(chosen[0])
    one = next((f.finding for f in numbered if f.number == int(named)), None)
    if one is None:
        raise UsageError(f"--finding {named}：这份报告的不符和存疑只有 {len(numbered)} 项")
    return chosen[0], one


def _chosen(reports: tuple[ReportResult, ...], named: str | None) -> tuple[ReportResult, ...]:
    if named is None:
        return reports
    if named.isascii() and named.isdigit() and len(named) <= 6 and 0 < int(named) <= len(reports):
        return (reports[int(named) - 1],)
    found = tuple([r for r in reports if named in (r.identity.unit_name or "") or named in r.source.path])
    if not found:
        raise UsageError(f"--report「{named}」：结果里没有这样的报告")
    return found

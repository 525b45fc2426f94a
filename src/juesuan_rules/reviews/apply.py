"""A run held against what people decided, and against an earlier result. No verdict changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from juesuan_rules.findings import Finding
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import DecisionUse, DecisionUseStatus, ReportResult, RunResult
from juesuan_rules.reviews.baseline import Baseline, compare, now_text, whole_verdict
from juesuan_rules.reviews.decisions import DecisionsFile, latest
from juesuan_rules.reviews.model import WrittenDecision, changed_values, seen_values

_Whose = tuple[str, int | None]
"""A unit by its folded name, and a year."""


def review(run: RunResult, files: Sequence[DecisionsFile] = (), baseline: Baseline | None = None) -> RunResult:
    """The run with the decisions on its findings, and what is new since `baseline`."""
    if files:
        decisions = latest(decision for file in files for decision in file.decisions)
        of_report: dict[_Whose, list[WrittenDecision]] = {}
        for one in decisions.values():
            of_report.setdefault((fold(one.unit), one.year), []).append(one)
        reports = tuple(decide(report, decisions, of_report) for report in run.reports)
        used = {use.fingerprint for report in reports for use in report.decisions}
        elsewhere = tuple(_use(one, "elsewhere") for one in decisions.values() if one.fingerprint not in used)
        run = replace(run, reports=reports, decisions=tuple(file.digest for file in files), decisions_elsewhere=elsewhere)
    return replace(run, baseline=compare(baseline, run)) if baseline is not None else run


def decide(report: ReportResult, decisions: Mapping[str, WrittenDecision], of_report: Mapping[_Whose, Sequence[WrittenDecision]]) -> ReportResult:
    """One report's result with `Finding.decision` filled, and what became of every decision that is for it.

    decisions: by fingerprint. of_report: those of each unit and year.
    """
    findings = list(report.findings)
    uses: list[DecisionUse] = []
    for at, finding in enumerate(findings):
        if (written := decisions.get(finding.fingerprint)) is not None:
            findings[at], use = _decided(finding, written)
            uses.append(use)
    found = {use.fingerprint for use in uses}
    own = of_report.get(_whose(report.identity), ()) if report.identity.unit_name else ()
    uses += [_absent(written, report.findings) for written in own if written.fingerprint not in found]
    return replace(report, findings=tuple(findings), decisions=tuple(uses))


def _decided(finding: Finding, written: WrittenDecision) -> tuple[Finding, DecisionUse]:
    """The finding with the decision, where there still is one, and what became of the decision."""
    if finding.outcome in ("pass", "not_applicable"):
        mended = written.status == "已整改" and finding.outcome == "pass"
        why = now_text(finding)
        return finding, _use(written, "confirmed" if mended else "gone", f"{why}，整改属实" if mended else f"{why}，不再出现")
    changed = changed_values(written.values, seen_values(finding.operands or ()))
    if finding.outcome == "undecided" and changed:
        reason = now_text(finding)
        return replace(finding, decision=replace(written.record, changed=(reason,))), _use(written, "undecided", reason)
    status: DecisionUseStatus = "recheck" if changed else "unmended" if written.status == "已整改" else "stands"
    detail = {"recheck": "；".join(changed[:5]), "unmended": "记作已整改，但数没有变，仍是同样的结果"}.get(status, "")
    return replace(finding, decision=replace(written.record, changed=changed)), _use(written, status, detail)


def _absent(written: WrittenDecision, findings: Iterable[Finding]) -> DecisionUse:
    """A decision for this report whose check the result does not have."""
    same = [finding for finding in findings if finding.rule == written.rule]
    if not same:
        return _use(written, "absent", "结果里没有这条规则了")
    whole = whole_verdict(same)
    if whole is not None:
        return _use(written, "undecided" if whole.outcome == "undecided" else "gone", f"整条规则{now_text(whole)}")
    return _use(written, "absent", "报告里没有这一处了（行已删去或改名，或规则改过）")


def _use(written: WrittenDecision, status: DecisionUseStatus, detail: str = "") -> DecisionUse:
    return DecisionUse(status, written.fingerprint, written.rule, written.unit, written.year, written.place, written.record, detail)


def _whose(identity: Identity) -> _Whose:
    return fold(identity.unit_name or ""), identity.year

"""Results say where they were made with a rule or a version that its publisher has withdrawn.

Verdicts stay as they are: whoever withdraws a rule has no say in another team's results, and must be heard.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from juesuan_rules.findings import Finding
from juesuan_rules.packs.retractions import Withdrawal, withdrawals
from juesuan_rules.results import ReportResult, RunResult


def announce(run: RunResult) -> RunResult:
    """The run with notes and hints about what is withdrawn of the packs it used."""
    known = withdrawals()
    return replace(run, reports=tuple(announce_in(report, known) for report in run.reports)) if known else run


def announce_in(report: ReportResult, known: Mapping[str, Withdrawal] | None = None) -> ReportResult:
    """One report's result with them. known: by "id@version"; by default what this user's store has heard of."""
    notes: list[str] = []
    rules: dict[tuple[str, str], str] = {}
    for pack in report.packs:
        found = (withdrawals() if known is None else known).get(f"{pack.id}@{pack.version}")
        if found is None:
            continue
        if found.yanked is not None:
            notes.append(f"规则包 {pack.id} {pack.version} 已被发布者撤回：{found.yanked}")
        used = {finding.rule for finding in report.findings if pack.id in (finding.pack, finding.changed_by)}
        for rule in sorted(used & found.rules.keys()):
            notes.append(f"规则 {rule} 已被 {pack.id} {pack.version} 的发布者撤回：{found.rules[rule]}")
            rules[pack.id, rule] = f"发布者已撤回这条规则：{found.rules[rule]}"
    if not notes:
        return report
    findings = tuple(_hinted(finding, rules) for finding in report.findings) if rules else report.findings
    return replace(report, findings=findings, notes=(*report.notes, *notes))


def _hinted(finding: Finding, rules: Mapping[tuple[str, str], str]) -> Finding:
    said = rules.get((finding.pack, finding.rule)) or rules.get((finding.changed_by or "", finding.rule))
    return replace(finding, hints=(*finding.hints, said)) if said else finding

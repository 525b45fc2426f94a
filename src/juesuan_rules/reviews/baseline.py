"""What is new, gone and unchanged since an earlier result. Nothing counts as put right that was not judged now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.findings import OUTCOME_ZH, Finding
from juesuan_rules.names import fold
from juesuan_rules.results import Change, ChangeKind, Comparison, ReportChanges, ReportResult, RunResult
from juesuan_rules.reviews.fingerprint import place_text
from juesuan_rules.reviews.model import changed_values, seen_values
from juesuan_rules.reviews.stored import NO_FINGERPRINTS, StoredRun, read_result

Baseline = StoredRun
TROUBLE = ("rule_error", "fail", "doubtful")
_SHOWN = 3


def read_baseline(path: Path) -> Baseline:
    """An earlier result to compare with. Raises UsageError where the file is none, or has no fingerprints."""
    baseline = read_result(path)
    if not baseline.has_fingerprints:
        raise UsageError(f"「{path}」{NO_FINGERPRINTS}")
    return baseline


def compare(baseline: Baseline, run: RunResult) -> Comparison:
    """Every report of the run against the earlier result of its unit and year."""
    earlier: dict[tuple[str, int | None], list[ReportResult]] = {}
    for report in baseline.reports:
        earlier.setdefault(_whose(report), []).append(report)
    compared = tuple([_report(report, earlier.get(_whose(report), ())) for report in run.reports])
    now = {_whose(report) for report in run.reports}
    missing = [(group[0].identity.unit_name or unit, year, sum(_counts(f) for report in group for f in report.findings)) for (unit, year), group in earlier.items() if (unit, year) not in now]
    return Comparison(baseline.path, baseline.digest, baseline.time, compared, tuple(missing))


def new_findings(comparison: Comparison) -> frozenset[str]:
    """Fingerprints of the findings that the earlier result does not have."""
    return frozenset([change.fingerprint for report in comparison.reports for change in report.changes if change.kind == "new"])


def _whose(report: ReportResult) -> tuple[str, int | None]:
    """Unit and year; of a report without a unit its file."""
    unit = fold(report.identity.unit_name or "")
    return unit or "文件 " + re.split(r"[\\/]", report.source.path)[-1], report.identity.year


def _counts(finding: Finding) -> bool:
    return finding.outcome in TROUBLE and finding.waiver is None


def _report(report: ReportResult, earlier: Sequence[ReportResult]) -> ReportChanges:
    identity = report.identity
    before = {finding.fingerprint: finding for one in earlier for finding in one.findings}
    now = {finding.fingerprint: finding for finding in report.findings}
    known = bool(earlier)
    changes = [_still(finding, before.get(finding.fingerprint)) for finding in report.findings if _counts(finding)]
    changes += [_gone(old, now.get(old.fingerprint), report) for old in before.values() if _counts(old) and not _there(now, old)]
    return ReportChanges(report.source.path, identity.unit_name or "", identity.year, tuple(changes), known, tuple(_notes(report, earlier)))


def _there(now: Mapping[str, Finding], old: Finding) -> bool:
    finding = now.get(old.fingerprint)
    return finding is not None and _counts(finding)


def _still(finding: Finding, old: Finding | None) -> Change:
    """A finding of this run."""
    if old is None:
        return _change("new", finding)
    if not _counts(old):
        return _change("new", finding, "上次已豁免，现在没有豁免" if old.waiver is not None else f"上次{OUTCOME_ZH[old.outcome]}{f'（{old.reason}）' if old.reason else ''}")
    rule = "规则改过" if old.formula != finding.formula else ""
    if old.outcome != finding.outcome:
        return _change("changed", finding, _joined(f"上次是{OUTCOME_ZH[old.outcome]}", rule))
    changed = changed_values(seen_values(old.operands or ()), seen_values(finding.operands or ()))
    if changed:
        more = f" 等 {len(changed)} 处" if len(changed) > _SHOWN else ""
        return _change("changed", finding, _joined("；".join(changed[:_SHOWN]) + more, rule))
    return _change("unchanged", finding, rule)


def _gone(old: Finding, now: Finding | None, report: ReportResult) -> Change:
    """A finding of the earlier result that this run does not have."""
    if now is not None and now.waiver is not None:
        return _change("waived", old, f"现在已豁免：{now.waiver.reason}")
    if now is not None and now.outcome == "pass":
        return _change("fixed", old, "规则改过，按现在的规则相符" if old.formula != now.formula else "")
    if now is not None:
        return _change("unclear", old, now_text(now))
    same = [finding for finding in report.findings if finding.rule == old.rule and finding.check == old.check]
    if not same:
        return _change("unclear", old, "这次没有用这条规则" if report.findings else report.message or "这次没有核对这份报告")
    whole = whole_verdict(same) if old.key else None
    if whole is not None:
        return _change("unclear", old, now_text(whole))
    return _change("unclear", old, "报告里没有这一处了（行已删去或改名" + ("，或规则改过）" if all(f.formula != old.formula for f in same) else "）"))


def whole_verdict(findings: Iterable[Finding]) -> Finding | None:
    """Of a rule's verdicts the one that stands for all its rows: it could not be judged, or does not apply, as a whole."""
    found = [finding for finding in findings if not finding.key and finding.outcome in ("undecided", "not_applicable")]
    return min(found, key=lambda finding: finding.outcome != "undecided", default=None)


def now_text(finding: Finding) -> str:
    """现在无法判断（缺表）."""
    return f"现在{OUTCOME_ZH[finding.outcome]}" + (f"（{finding.reason}）" if finding.reason else "")


def _change(kind: ChangeKind, finding: Finding, detail: str = "") -> Change:
    sentence = finding.sentence or finding.reason or finding.check or finding.title
    return Change(kind, finding.fingerprint, finding.rule, finding.title, finding.outcome, finding.severity, place_text(finding), sentence, detail)


def _joined(*parts: str) -> str:
    return "；".join(part for part in parts if part)


def _notes(report: ReportResult, earlier: Sequence[ReportResult]) -> list[str]:
    """What makes the comparison less than plain: other packs, parts not read."""
    notes: list[str] = []
    for old in earlier:
        then, now = {pack.id: pack for pack in old.packs}, {pack.id: pack for pack in report.packs}
        for name in {**then, **now}:
            if name not in then:
                notes.append(f"上次没有用规则包 {name}")
            elif name not in now:
                notes.append(f"这次没有用规则包 {name}")
            elif then[name].digest != now[name].digest:
                versions = f"{then[name].version} → {now[name].version}" if then[name].version != now[name].version else f"{now[name].version}，内容有改动"
                notes.append(f"规则包 {name} 与上次不同（{versions}）：不同之处可能出于规则，不一定出于报告")
        if old.unread and not report.unread:
            notes.append("上次有没读出来的内容，这次读出来了：多出来的不一定是新增的问题")
    if report.unread and earlier:
        notes.append("这次有没读出来的内容：消失的不一定已改正")
    if len(earlier) > 1:
        notes.append(f"上次的结果里有 {len(earlier)} 份同一单位、同一年度的报告，合在一起比较")
    return list(dict.fromkeys(notes))

"""What people decided, and what is new since an earlier result, on the console."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan_rules.findings import SEVERITY_ZH, Decision
from juesuan_rules.renderings.plain import clip, moment, safe
from juesuan_rules.results import Change, ChangeKind, Comparison, DecisionUse, DecisionUseStatus, ReportChanges

USE_ZH: dict[DecisionUseStatus, str] = {
    "stands": "仍在", "unmended": "未整改", "recheck": "需复核", "confirmed": "整改已确认", "gone": "不再出现", "undecided": "现在无法判断",
    "absent": "没有这一处了", "elsewhere": "别的报告",
}  # fmt: skip
CHANGE_ZH: dict[ChangeKind, str] = {"new": "新增", "changed": "有变化", "unchanged": "未变", "fixed": "已消除", "waived": "已豁免", "unclear": "现在无法判断"}
_SHOWN = 12
_WIDTH = 110


def decision_text(decision: Decision) -> str:
    """误报（某人 2026-11-20：说明）; of one to be looked at again what changed, too."""
    said = f"{safe(decision.by)} {decision.date}" + (f"：{safe(decision.note)}" if decision.note else "")
    if not decision.changed:
        return f"{decision.status}（{said}）"
    more = f" 等 {len(decision.changed)} 处" if len(decision.changed) > 3 else ""
    return f"{decision.shown}，原意见 {decision.status}（{said}）；{'；'.join(safe(one) for one in decision.changed[:3])}{more}"


def decision_lines(uses: Sequence[DecisionUse], list_all: bool = False) -> list[str]:
    """How many decisions there are for a report, and those whose finding changed or is gone, one line each."""
    if not uses:
        return []
    counts = {status: sum(use.status == status for use in uses) for status in USE_ZH}
    lines = [f"复核意见  {len(uses)} 条：" + "，".join(f"{name} {counts[status]}" for status, name in USE_ZH.items() if counts[status])]
    telling = [use for use in uses if use.status != "stands"]
    limit = len(telling) if list_all else _SHOWN
    for use in telling[:limit]:
        lines.append(f"  {USE_ZH[use.status]}  {safe(use.rule)} {clip(use.place, 50)}：原意见 {use.decision.status}" + (f"，{clip(use.detail, _WIDTH)}" if use.detail else ""))
    if len(telling) > limit:
        lines.append(f"  另有 {len(telling) - limit} 条，用 --list-all 全部列出")
    return lines


def decisions_elsewhere_line(uses: Sequence[DecisionUse]) -> str:
    """One line about the decisions that are for none of the reports; "" where there are none."""
    if not uses:
        return ""
    named = list(dict.fromkeys(f"{safe(use.unit) or '单位不明'} {use.year or ''}".strip() for use in uses))
    return f"提示  {len(uses)} 条复核意见不是这次的报告的：{'、'.join(named[:3])}{f' 等 {len(named)} 个' if len(named) > 3 else ''}"


def comparison_lines(comparison: Comparison, list_all: bool = False) -> list[str]:
    """The run against an earlier result: what is new first, what is unchanged as a number."""
    counts = comparison.counts()
    when = f"（{moment(comparison.time)}）" if comparison.time else ""
    said = "，".join(f"{name} {counts[kind]}" for kind, name in CHANGE_ZH.items() if counts[kind] or kind in ("new", "fixed", "unchanged"))
    lines = [f"与上次相比  {safe(comparison.path)}{when}：{said}"]
    several = len(comparison.reports) > 1
    for report in comparison.reports:
        lines += _report_lines(report, several, list_all)
    lines += [
        f"  这次没有核对  {safe(unit) or '单位不明'} {year or ''}：上次有 {count} 处，是否改正不得而知" for unit, year, count in comparison.missing[: None if list_all else _SHOWN]
    ]
    hidden = 0 if list_all else max(0, len(comparison.missing) - _SHOWN)
    return [*lines, f"  另有 {hidden} 份上次核对过、这次没有核对"] if hidden else lines


def _report_lines(report: ReportChanges, several: bool, list_all: bool) -> Iterator[str]:
    told = [change for change in report.changes if change.kind != "unchanged" or (list_all or change.detail)]
    pad = "  "
    if several and (told or report.notes or not report.known):
        yield f"  {safe(report.unit) or safe(report.path)} {report.year or ''}".rstrip()
        pad = "    "
    if not report.known:
        yield f"{pad}上次的结果里没有这份报告，{sum(change.kind == 'new' for change in report.changes)} 处都算新增"
        return
    for note in report.notes:
        yield f"{pad}提示  {safe(note)}"
    for kind, name in CHANGE_ZH.items():
        group = [change for change in told if change.kind == kind]
        limit = len(group) if list_all else _SHOWN
        for change in group[:limit]:
            yield f"{pad}{name}  {_change_text(change)}"
        if len(group) > limit:
            yield f"{pad}另有 {len(group) - limit} 处{name}，用 --list-all 全部列出"


def _change_text(change: Change) -> str:
    was = "原为：" if change.kind in ("fixed", "waived", "unclear") else ""
    detail = f"（{clip(change.detail, _WIDTH)}）" if change.detail else ""
    return f"{safe(change.rule)} {SEVERITY_ZH[change.severity]} {was}{clip(change.sentence, _WIDTH)}{detail}"

"""Waivers on the console: what is accepted and by whom, and which waivers need attention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from juesuan_rules.amounts import difference_text
from juesuan_rules.findings import OUTCOME_ZH, Finding, Waiver
from juesuan_rules.renderings.plain import clip, safe
from juesuan_rules.results import WaiverUse

STATUS_ZH = {"applied": "已豁免", "exceeded": "已超出", "expired": "已过期", "unused": "未用上", "elsewhere": "别的报告"}
_SHOWN = 8
_WIDTH = 110


def waived_lines(findings: Iterable[Finding], list_all: bool) -> list[str]:
    """Every accepted verdict with its waiver; () where there is none."""
    groups: dict[tuple[str, Waiver], list[Finding]] = {}
    for finding in findings:
        if finding.waiver is not None:
            groups.setdefault((finding.rule, finding.waiver), []).append(finding)
    lines: list[str] = []
    for (rule, waiver), group in groups.items():
        first = group[0]
        lines.append(f"已豁免  {safe(rule)} {safe(first.check or first.title)}（{OUTCOME_ZH[first.outcome]} {len(group)} 项）：{waiver_text(waiver)}")
        limit = len(group) if list_all else _SHOWN
        lines += [f"  {clip(f.sentence or f.reason or f.title, _WIDTH)}" for f in group[:limit]]
        if len(group) > limit:
            lines.append(f"  另有 {len(group) - limit} 项，用 --list-all 全部列出")
    return lines


def use_lines(uses: Iterable[WaiverUse]) -> Iterator[str]:
    """The waivers that do not do what they were written for, one line each."""
    for use in uses:
        if use.status != "applied":
            count = f"（{use.findings} 项）" if use.findings else ""
            yield f"提示  豁免{STATUS_ZH[use.status]}  {safe(use.rule)} {safe(use.waiver.place)}{count}：{safe(use.detail)}{_until(use)}"


def elsewhere_line(uses: tuple[WaiverUse, ...]) -> str:
    """One line about the waivers that are for none of the reports; "" where there are none."""
    if not uses:
        return ""
    named = list(dict.fromkeys(f"{safe(use.unit)} {use.year} 年度" for use in uses))
    more = f" 等 {len(named)} 个" if len(named) > 3 else ""
    return f"提示  {len(uses)} 条豁免不是这次的报告的：{'、'.join(named[:3])}{more}"


def waiver_text(waiver: Waiver) -> str:
    """Why, who, up to what and until when, on one line."""
    parts = [safe(waiver.reason), f"{safe(waiver.approver)}批准", f"可接受差额 {safe(difference_text(waiver.difference))}" if waiver.difference else "", f"{waiver.expires} 到期"]
    return "，".join(part for part in parts if part)


def _until(use: WaiverUse) -> str:
    return f"（{use.waiver.expires} 到期）" if use.status == "expired" else ""

"""The one place where waivers meet findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from juesuan_rules.amounts import difference_text
from juesuan_rules.findings import Finding
from juesuan_rules.names import suggest
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import WaiverStatus, WaiverUse
from juesuan_rules.waivers.matching import is_at, is_for_report, place_names
from juesuan_rules.waivers.model import UNLIMITED, WrittenWaiver, measure

WAIVABLE = ("fail", "doubtful")
"""Verdicts that can be accepted. What could not be judged cannot: there is nothing to accept yet."""
Reported = tuple[tuple[Finding, ...], tuple[WaiverUse, ...]]


def judge_waivers(findings: Sequence[Finding], waivers: Iterable[WrittenWaiver], identity: Identity, as_of: date) -> Reported:
    """The findings of one report with `waiver` filled where one covers them, and what became of every waiver
    that is for this unit and year. Verdicts stay what they are.

    A verdict is matched by rule and by the name of its place, never by a value or a line, so that a waiver
    holds however the report is read. It is covered where its difference is at most the accepted one; a verdict without a
    difference by a waiver without one. as_of: the day; a waiver holds through its last day.
    """
    own = [waiver for waiver in waivers if is_for_report(waiver, identity)]
    judged = list(findings)
    uses: list[WaiverUse] = []
    for waiver in own:
        hits = [at for at, finding in enumerate(judged) if finding.outcome in WAIVABLE and finding.waiver is None and is_at(waiver, finding)]
        covered = [at for at in hits if excess(waiver, judged[at]) == ""]
        if as_of > waiver.expires:
            uses.append(use(waiver, "expired", len(hits), "还有这样的不符，不再豁免" if hits else "已经没有这样的不符，可以删去"))
            continue
        for at in covered:
            judged[at] = replace(judged[at], waiver=waiver.record)
        if covered:
            uses.append(use(waiver, "applied", len(covered)))
        over = [judged[at] for at in hits if at not in covered]
        if over:
            uses.append(use(waiver, "exceeded", len(over), excess(waiver, over[0])))
        if not hits:
            uses.append(use(waiver, "unused", 0, _why_unused(waiver, judged)))
    return tuple(judged), tuple(uses)


def elsewhere(waivers: Iterable[WrittenWaiver], identities: Sequence[Identity]) -> tuple[WaiverUse, ...]:
    """The waivers that are for none of these reports."""
    return tuple(use(waiver, "elsewhere") for waiver in waivers if not any(is_for_report(waiver, identity) for identity in identities))


def excess(waiver: WrittenWaiver, finding: Finding) -> str:
    """Why the waiver does not cover the finding's difference, as half a sentence; "" where it does."""
    accepted = waiver.accepted
    if finding.difference is None:
        return "" if accepted is None or accepted.unit == UNLIMITED else f"这处不符没有差额，不能与可接受的 {difference_text(waiver.difference)} 相比"
    said = f"差额 {difference_text(finding.difference.lstrip('-') + (finding.unit or ''))}"
    if accepted is None:
        return f"{said}，豁免里没有写可接受的差额 difference"
    actual = measure(finding.difference, finding.unit)
    covers = accepted.covers(actual) if actual is not None else None
    if covers is None:
        return f"{said}，与可接受的 {difference_text(waiver.difference)} 单位不同"
    return "" if covers else f"{said}，大于可接受的 {difference_text(waiver.difference)}"


def use(waiver: WrittenWaiver, status: WaiverStatus, findings: int = 0, detail: str = "") -> WaiverUse:
    """The record of what became of a waiver."""
    return WaiverUse(status, waiver.rule, waiver.unit, waiver.year, waiver.record, findings, detail)


def _why_unused(waiver: WrittenWaiver, findings: Sequence[Finding]) -> str:
    own = [finding for finding in findings if finding.rule == waiver.rule]
    open_ones = [finding for finding in own if finding.outcome in WAIVABLE]
    if not own:
        return "这份报告没有用这条规则"
    if not open_ones:
        return "这条规则现在没有不符"
    if all(finding.waiver is not None for finding in open_ones if is_at(waiver, finding)) and any(is_at(waiver, finding) for finding in open_ones):
        return "这处不符已由另一条豁免接受"
    near = suggest(waiver.place, [name for finding in open_ones for name in place_names(finding)])
    return "这条规则没有这样的位置" + (f"；是不是想写：{'、'.join(near)}" if near else "")

"""What people record: corrections of misread figures, decisions on findings, waivers. All of it is on the disk before the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.findings import DECISION_STATUSES, Finding
from juesuan_rules.material import number_findings
from juesuan_rules.results import ReportResult
from juesuan_rules.waivers.judging import WAIVABLE, excess
from juesuan_rules.waivers.matching import is_at
from juesuan_rules.waivers.model import WHOLE_RULE, read_date, read_difference
from juesuan_rules.workbench.database import Database, ReportRow, RunRow
from juesuan_rules.workbench.fixing import same_place
from juesuan_rules.workbench.marks import decision_entry, written_waiver
from juesuan_rules.workbench.reporting import not_ready, page_images, report_values
from juesuan_rules.workbench.web import NotThere, changing, go, one_line, page, reading, report_of, workbench

SOON = timedelta(days=30)
_NOTE = 500
_TYPED = ("right", "who", "why")


def routes() -> list[Route]:
    """The addresses of what people record."""
    return [
        Route("/run/{run}/{position:int}/decide", changing(decide), methods=["POST"]),
        Route("/run/{run}/{position:int}/waive", changing(waive), methods=["POST"]),
        Route("/run/{run}/{position:int}/corrections", reading(corrections)),
        Route("/run/{run}/{position:int}/correct", reading(correct_form)),
        Route("/run/{run}/{position:int}/correct", changing(correct), methods=["POST"]),
        Route("/run/{run}/{position:int}/undo", changing(undo), methods=["POST"]),
        Route("/marks", reading(marks)),
        Route("/marks/withdraw", changing(withdraw), methods=["POST"]),
    ]


def decide(request: Request, form: Mapping[str, str]) -> Response:
    """Record what a person made of a finding."""
    run, report = report_of(request)
    bench = workbench(request)
    status, by = form.get("status", ""), one_line(form.get("by", ""), 40)
    if status not in DECISION_STATUSES:
        raise UsageError("请选一个意见：" + "、".join(DECISION_STATUSES))
    if not by:
        raise UsageError("要写明是谁的意见")
    result, found = bench.jobs.find(run.id, report.position, form.get("fingerprint", ""))
    entry = decision_entry(found, result.identity, status, by, one_line(form.get("note", ""), _NOTE), date.today())
    bench.database.add_decision(found.fingerprint, entry)
    bench.database.remember("by", by)
    bench.jobs.recount(report)
    bench.jobs.refresh(result.identity.unit_name or "", result.identity.year)
    return _back(request, run, report, found, form, form.get("next", ""))


def waive(request: Request, form: Mapping[str, str]) -> Response:
    """Record that a difference is accepted."""
    run, report = report_of(request)
    bench = workbench(request)
    result, found = bench.jobs.find(run.id, report.position, form.get("fingerprint", ""))
    entry = _waiver_entry(form, result, found)
    bench.database.add_waiver(entry)
    bench.database.remember("approver", entry["approver"])
    bench.jobs.recount(report)
    bench.jobs.refresh(result.identity.unit_name or "", result.identity.year)
    return _back(request, run, report, found, form)


def _waiver_entry(form: Mapping[str, str], result: ReportResult, found: Finding) -> dict[str, Any]:
    """A waiver as a waivers file has it. Raises UsageError for what has to be typed again."""
    unit, year = result.identity.unit_name, result.identity.year
    if not unit or year is None:
        raise UsageError("没有认出这份报告的单位或年度，不能登记豁免")
    if found.outcome not in WAIVABLE:
        raise UsageError("只有不符和存疑可以豁免")
    reason, approver, place = one_line(form.get("reason", ""), _NOTE), one_line(form.get("approver", ""), 40), one_line(form.get("place", ""), 300)
    expires, difference = form.get("expires", ""), one_line(form.get("difference", ""), 40)
    if not reason or not approver:
        raise UsageError("理由和批准人都要写")
    day = read_date(expires)
    if day is None or day < date.today():
        raise UsageError(f"到期日“{expires}”不对：写成 2026-12-31，不早于今天")
    if difference and read_difference(difference) is None:
        raise UsageError(f"可接受的差额“{difference}”写法不对：如 0.34万元、3,400元、0.5个百分点；接受任何差额写 不限")
    entry: dict[str, Any] = {"rule": found.rule, "unit": unit, "year": year, "place": place or WHOLE_RULE, "difference": difference}
    entry |= {"reason": reason, "approver": approver, "expires": expires}
    entry = {key: value for key, value in entry.items() if value != ""}
    written = written_waiver(entry)
    if not is_at(written, found):
        raise UsageError(f"这一项不在“{place}”")
    if lack := excess(written, found):
        raise UsageError(f"这样写豁免不了这一项：{lack}")
    return entry


def _back(request: Request, run: RunRow, report: ReportRow, found: Finding, form: Mapping[str, str], after: str = "") -> Response:
    """To the finding as it is numbered now, or to the one after it."""
    told = workbench(request).jobs.result(run.id, report.position)
    numbered = number_findings(told) if told is not None else ()
    number = next((one.number for one in numbered if one.finding.fingerprint == found.fingerprint), 1)
    if after.isascii() and after.isdigit() and len(after) < 8 and 1 <= int(after) <= len(numbered):
        number = int(after)
    filters = {key: form[key] for key in ("q", "severity", "outcome", "decision", "table", "sort") if form.get(key)}
    return go(request, f"/run/{run.id}/{report.position}", f=number, hook="detail", **filters)


def correct_form(request: Request) -> Response:
    """Where a misread figure is put right."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    return _correct_page(request, run, report, request.query_params.get("at", "")[:30])


def _correct_page(request: Request, run: RunRow, report: ReportRow, at: str, typed: Mapping[str, str] | None = None, wrong: str = "") -> Response:
    """The form; typed and wrong: what a person had written, and why it could not be taken."""
    figure = workbench(request).shown.figure(run, report, at)
    values = report_values(request, run, report, "corrections")
    images = page_images(request, run, report, figure.pages)
    return page(request, "correct.html", 400 if wrong else 200, at=at, figure=figure, images=images, finding=_number(at), typed=typed or dict.fromkeys(_TYPED, ""), wrong=wrong, **values)


def _number(at: str) -> int:
    """The finding a figure was chosen from, 0 for a cell of a table."""
    head = at[1:].partition("o")[0]
    return int(head) if at.startswith("f") and head.isascii() and head.isdigit() and len(head) < 8 else 0


def correct(request: Request, form: Mapping[str, str]) -> Response:
    """Record a correction and judge the report with it."""
    run, report = report_of(request)
    bench = workbench(request)
    at = form.get("at", "")[:30]
    if form.get("edition") != str(report.edition):
        raise UsageError("这份报告在此期间重新核对过，请回到列表，从新的结果里再选这个数")
    spec = bench.shown.spec(run, report)
    try:
        who = one_line(form.get("who", ""), 40)
        entry = bench.shown.call("correction", spec, at, one_line(form.get("right", "")), who, one_line(form.get("why", ""), 200))
    except NotThere:
        raise
    except JuesuanError as error:
        return _correct_page(request, run, report, at, {key: form.get(key, "")[:_NOTE] for key in _TYPED}, error.message)
    before = bench.jobs.result(run.id, report.position)
    same = tuple([one.id for one in bench.database.corrections(run.id, report.position) if same_place(one.entry, entry)])
    number = bench.database.add_correction(run.id, report.position, entry, same)
    bench.database.remember("by", who)
    failure = bench.jobs.again(run.id, report.position)
    after = bench.jobs.result(run.id, report.position) if not failure else None
    bench.database.set_effect(number, effect(before, after, failure))
    return go(request, f"/run/{run.id}/{report.position}/corrections", hook=f"c{number}")


def undo(request: Request, form: Mapping[str, str]) -> Response:
    """Take a correction back and judge the report without it."""
    run, report = report_of(request)
    bench = workbench(request)
    number = form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 12 and bench.database.delete_correction(run.id, report.position, int(number))):
        raise NotThere("没有这条更正")
    bench.jobs.again(run.id, report.position)
    return go(request, f"/run/{run.id}/{report.position}/corrections")


def effect(before: ReportResult | None, after: ReportResult | None, failure: str = "") -> dict[str, Any]:
    """What judging anew changed: findings that are gone, new, or have other figures."""
    if before is None or after is None:
        return {"failure": failure or "没有结果可比"}
    old = {one.finding.fingerprint: one.finding for one in number_findings(before)}
    new = {one.finding.fingerprint: one for one in number_findings(after)}
    now = {finding.fingerprint: finding.outcome for finding in after.findings}
    applied = [one for one in after.corrections if one.applied]
    return {
        "applied": len(applied),
        "gone": [{**_told(finding), "now": now.get(name, "")} for name, finding in old.items() if name not in new],
        "new": [_told(one.finding) for name, one in new.items() if name not in old],
        "changed": [_told(one.finding) for name, one in new.items() if name in old and (one.finding.sentence, one.finding.outcome) != (old[name].sentence, old[name].outcome)],
        "same": sum(name in old and (one.finding.sentence, one.finding.outcome) == (old[name].sentence, old[name].outcome) for name, one in new.items()),
    }


def _told(finding: Finding) -> dict[str, str]:
    sentence = (finding.sentence or finding.reason or finding.title)[:400]
    return {"rule": finding.rule, "sentence": sentence, "outcome": finding.outcome, "severity": finding.severity, "fingerprint": finding.fingerprint}


def corrections(request: Request) -> Response:
    """What was put right in a report, and what that changed."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    result = workbench(request).jobs.result(run.id, report.position)
    told = {(one.printed, one.right, one.who, one.why): one for one in (result.corrections if result is not None else ())}
    numbers = {one.finding.fingerprint: one.number for one in number_findings(result)} if result is not None else {}
    return page(request, "corrections.html", told=told, numbers=numbers, **report_values(request, run, report, "corrections"))


def marks(request: Request) -> Response:
    """All decisions and waivers on record, the waivers that run out first in front."""
    from juesuan_rules.reviews.rates import rates_of

    database = workbench(request).database
    today = date.today()
    waivers = [(one, _expiry(one.entry.get("expires", ""), today)) for one in database.every_waiver()]
    waivers.sort(key=lambda pair: (pair[0].withdrawn is not None, pair[0].entry.get("expires", ""), pair[0].id))
    decisions = database.decisions()
    rates = rates_of((one.entry["rule"], one.entry.get("unit") or "", one.entry.get("year"), one.entry["status"]) for one in decisions)
    shown = [one for one in reversed(decisions) if _asked(one.entry, request.query_params.get("q", ""))]
    return page(
        request, "marks.html", waivers=waivers, decisions=shown[:500], count=len(decisions), found=len(shown), asked=request.query_params.get("q", "")[:100], where=_where(database),
        rates=[rate for rate in rates if rate.decided],
    )  # fmt: skip


def _asked(entry: Mapping[str, Any], question: str) -> bool:
    whole = " ".join(str(entry.get(key) or "") for key in ("rule", "unit", "year", "place", "status", "by", "note")).lower()
    return all(word in whole for word in question[:100].lower().split())


def _where(database: Database) -> dict[tuple[str, int | None], str]:
    """The newest report of every unit and year, as an address."""
    found: dict[tuple[str, int | None], str] = {}
    reports = database.every_report()
    for run in database.runs():
        for report in reports.get(run.id, []):
            if report.summary.get("unit"):
                found.setdefault((report.summary["unit"], report.summary.get("year")), f"/run/{run.id}/{report.position}")
    return found


def _expiry(text: str, today: date) -> str:
    day = read_date(text)
    return "expired" if day is None or day < today else "soon" if day - today <= SOON else ""


def withdraw(request: Request, form: Mapping[str, str]) -> Response:
    """Let a waiver count no more."""
    bench = workbench(request)
    number = form.get("number", "")
    gone = bench.database.withdraw_waiver(int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None
    if gone is None:
        raise NotThere("没有这条豁免")
    bench.jobs.refresh(str(gone.entry.get("unit") or ""), gone.entry.get("year"))
    return go(request, "/marks")

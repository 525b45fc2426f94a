"""A report: its findings beside the page they stand on, every rule, what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from juesuan_rules.findings import DECISION_STATUSES, OUTCOME_ZH
from juesuan_rules.outputs.web.pictures import StoredPicture
from juesuan_rules.waivers.model import WHOLE_RULE
from juesuan_rules.workbench import database as db
from juesuan_rules.workbench.database import Entry, ReportRow, RunRow
from juesuan_rules.workbench.report_views import Detail, Overview
from juesuan_rules.workbench.shown import Wanted, list_findings, wanted_of
from juesuan_rules.workbench.web import NotThere, page, reading, render, report_of, workbench

_DPI = 120


class PageImage(msgspec.Struct, frozen=True):
    """A page's picture by its address."""

    id: str
    width: float
    height: float
    uri: str


def routes() -> list[Route]:
    """The addresses of a report."""
    return [
        Route("/run/{run}/{position:int}", reading(findings)),
        Route("/run/{run}/{position:int}/finding/{number:int}", reading(finding)),
        Route("/run/{run}/{position:int}/rules", reading(rules)),
        Route("/run/{run}/{position:int}/read", reading(read)),
        Route("/run/{run}/{position:int}/page/{number:int}", reading(picture)),
    ]


def report_values(request: Request, run: RunRow, report: ReportRow, tab: str) -> dict[str, Any]:
    """What every page of a report begins with."""
    bench = workbench(request)
    return {
        "run": run, "report": report, "tab": tab, "view": bench.shown.overview(run, report), "corrections": bench.database.corrections(run.id, report.position),
        "address": f"{bench.settings.prefix}/run/{run.id}/{report.position}", "reports": len(bench.database.reports(run.id)),
    }  # fmt: skip


def not_ready(request: Request, run: RunRow, report: ReportRow) -> Response | None:
    """The page of a report without a result; None where it has one."""
    bench = workbench(request)
    if report.state == db.DONE and bench.jobs.result(run.id, report.position) is not None:
        return None
    corrections = bench.database.corrections(run.id, report.position)
    address = f"{bench.settings.prefix}/run/{run.id}/{report.position}"
    return page(request, "unready.html", run=run, report=report, corrections=corrections, address=address, lost=report.state == db.DONE)


def findings(request: Request) -> Response:
    """The findings, and the one that is looked at. With ?part=list only the list."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    values = report_values(request, run, report, "findings")
    view: Overview = values["view"]
    wanted = wanted_of(request.query_params)
    listed = list_findings(view, wanted)
    number = request.query_params.get("f", "")
    chosen = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 0
    at = chosen if 1 <= chosen <= view.total else (listed.numbers[0] if listed.numbers else 0)
    values |= {"wanted": wanted, "listed": listed, "at": at, "chosen": bool(chosen), "asked": _asked(wanted), **_choices(view)}
    if request.query_params.get("part") == "list":
        return HTMLResponse(render(request, "finding_list.html", **values))
    if at:
        values |= detail_values(request, run, report, at, listed.numbers)
    return page(request, "report.html", **values)


def _asked(wanted: Wanted) -> str:
    """The filters as part of an address."""
    plain = {"q": " ".join(wanted.words), "severity": wanted.severity, "outcome": wanted.outcome, "decision": wanted.decision, "table": wanted.table, "sort": wanted.sort}
    return urlencode({name: value for name, value in plain.items() if value})


def _choices(view: Overview) -> dict[str, Any]:
    """What the filters offer: only what there is."""
    lines = [one for group in view.groups for one in group.findings]
    outcomes = {"waived" if one.waiver else one.outcome for one in lines}
    names = {**OUTCOME_ZH, "waived": "已豁免"}
    return {
        "outcomes": [(name, names[name]) for name in ("fail", "doubtful", "rule_error", "waived") if name in outcomes],
        "tables": list(dict.fromkeys(table for one in lines for table in one.tables)),
        "decisions": list(dict.fromkeys(one.decision or "未复核" for one in lines)),
        "severities": [(name, zh) for name, zh in (("error", "错误"), ("warning", "警告"), ("info", "提示")) if any(one.severity == name for one in lines)],
    }


def detail_values(request: Request, run: RunRow, report: ReportRow, number: int, order: Sequence[int] = ()) -> dict[str, Any]:
    """One finding as shown beside the list."""
    bench = workbench(request)
    view = bench.shown.overview(run, report)
    if not 1 <= number <= view.total:
        raise NotThere("没有这一项")
    detail: Detail = bench.shown.detail(run, report, number)
    history: list[Entry] = bench.database.decision_history(detail.finding.fingerprint)
    order = order if number in order else range(1, view.total + 1)
    at = list(order).index(number)
    return {
        "run": run, "report": report, "detail": detail, "f": detail.view, "history": history, "statuses": DECISION_STATUSES,
        "address": f"{bench.settings.prefix}/run/{run.id}/{report.position}",
        "images": page_images(request, run, report, detail.pages), "place_choices": [*detail.places, WHOLE_RULE], "total": view.total,
        "before": order[at - 1] if at else 0, "after": order[at + 1] if at + 1 < len(order) else 0,
        "waiver": next((one for one in bench.database.waivers() if _is_of(one, detail)), None),
        "approver": bench.database.remembered("approver"),
    }  # fmt: skip


def _is_of(waiver: Entry, detail: Detail) -> bool:
    held = detail.finding.waiver
    return held is not None and waiver.entry["rule"] == detail.finding.rule and waiver.entry["place"] == held.place and waiver.entry["reason"] == held.reason


def page_images(request: Request, run: RunRow, report: ReportRow, pages: Sequence[StoredPicture]) -> list[PageImage]:
    """The pictures of these pages by their addresses."""
    prefix = workbench(request).settings.prefix
    return [PageImage(one.id, one.width, one.height, f"{prefix}/run/{run.id}/{report.position}/page/{one.uri}?edition={report.edition}") for one in pages]


def finding(request: Request) -> Response:
    """One finding, for a page that shows the list already."""
    run, report = report_of(request)
    if not_ready(request, run, report) is not None:
        raise NotThere("这份报告还没有结果")
    wanted = wanted_of(request.query_params)
    listed = list_findings(workbench(request).shown.overview(run, report), wanted)
    number = int(request.path_params["number"])
    return HTMLResponse(render(request, "finding.html", asked=_asked(wanted), **detail_values(request, run, report, number, listed.numbers)))


def rules(request: Request) -> Response:
    """Every rule with its outcome."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    return page(request, "rules_all.html", families=workbench(request).shown.rules(run, report), **report_values(request, run, report, "rules"))


def read(request: Request) -> Response:
    """What was read, every figure a link to putting it right."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    return page(request, "read.html", seen=workbench(request).shown.read(run, report), **report_values(request, run, report, "read"))


def picture(request: Request) -> Response:
    """A page of the report as a picture."""
    run, report = report_of(request)
    bench = workbench(request)
    data, media = bench.shown.call("picture", bench.shown.spec(run, report), int(request.path_params["number"]), _DPI)
    return Response(data, media_type=media, headers={"Cache-Control": "private, max-age=600"})

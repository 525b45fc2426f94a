"""A run: how far it is, its reports with what was found, and what a person can do with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.workbench import database as db
from juesuan_rules.workbench.bundling import bundle_state
from juesuan_rules.workbench.database import ReportRow, RunRow
from juesuan_rules.workbench.home import packs
from juesuan_rules.workbench.web import changing, go, one_line, page, reading, render, report_of, run_of, workbench

PER_PAGE = 200
_RANK = {db.FAILED: 0, db.DONE: 1, db.WAITING: 2}


class RunState(msgspec.Struct, frozen=True):
    """How far a run is. begun: the report at hand, "" where none is."""

    state: str
    done: int
    failed: int
    total: int
    begun: str

    @property
    def moving(self) -> bool:
        """Whether a page that shows it should look again soon."""
        return self.state in (db.QUEUED, db.RUNNING)


def routes() -> list[Route]:
    """The addresses of a run."""
    return [
        Route("/run/{run}", reading(run_page)),
        Route("/run/{run}/state", reading(run_state)),
        Route("/run/{run}/cancel", changing(cancel), methods=["POST"]),
        Route("/run/{run}/resume", changing(resume), methods=["POST"]),
        Route("/run/{run}/again", changing(judge_again), methods=["POST"]),
        Route("/run/{run}/rename", changing(rename), methods=["POST"]),
        Route("/run/{run}/delete", changing(delete), methods=["POST"]),
        Route("/run/{run}/{position:int}/retry", changing(retry), methods=["POST"]),
    ]


def state_of(run: RunRow, reports: list[ReportRow]) -> RunState:
    """How far a run is."""
    done, failed = (sum(report.state == state for report in reports) for state in (db.DONE, db.FAILED))
    at_hand = next((report.name for report in reports if report.state == db.WAITING), "") if run.state == db.RUNNING else ""
    return RunState(run.state, done, failed, len(reports), at_hand)


def run_page(request: Request) -> Response:
    """The reports of a run; with ?part=list only what changes while it runs."""
    run = run_of(request)
    bench = workbench(request)
    reports = bench.database.reports(run.id)
    _stay_true(request, reports)
    state = state_of(run, reports)
    sort, question = request.query_params.get("sort", ""), request.query_params.get("q", "")[:100]
    shown = sorted([report for report in reports if _holds(report, question)], key=lambda report: _order(report, sort))
    number = request.query_params.get("p", "1")
    pages = max(-(-len(shown) // PER_PAGE), 1)
    at = min(max(int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1, 1), pages)
    values = {
        "run": run, "state": state, "reports": shown[(at - 1) * PER_PAGE : at * PER_PAGE], "found": len(shown), "sort": sort, "asked": question, "at": at, "pages": pages,
        "bundle": bundle_state(run.id), "severities": _severities(reports),
    }  # fmt: skip
    if request.query_params.get("part") == "list":
        return HTMLResponse(render(request, "run_list.html", **values))
    if len(reports) == 1 and request.query_params.get("then") == "report" and reports[0].state == db.DONE:
        return go(request, f"/run/{run.id}/{reports[0].position}")
    return page(request, "run.html", packs=packs(bench), **values)


def _stay_true(request: Request, reports: list[ReportRow]) -> None:
    """Waivers that ran out since the findings were counted no longer count."""
    jobs = workbench(request).jobs
    for report in reports:
        if report.state == db.DONE and report.summary.get("counts", {}).get("waived") and not _of_today(report):
            jobs.recount(report)


def _of_today(report: ReportRow) -> bool:
    from datetime import date

    return bool(report.summary.get("day") == date.today().isoformat())


def _holds(report: ReportRow, question: str) -> bool:
    whole = f"{report.name} {report.summary.get('unit') or ''} {report.summary.get('year') or ''}".lower()
    return all(word in whole for word in question.lower().split())


def _order(report: ReportRow, sort: str) -> tuple[object, ...]:
    severities = report.summary.get("severities") or {}
    if sort == "worst":
        return _RANK[report.state], *(-int(severities.get(name, 0)) for name in ("error", "warning", "info")), report.position
    if sort == "unit":
        return str(report.summary.get("unit") or report.name), report.position
    return (report.position,)


def _severities(reports: list[ReportRow]) -> dict[str, int]:
    told = [report.summary.get("severities") or {} for report in reports if report.state == db.DONE]
    return {name: sum(int(one.get(name, 0)) for one in told) for name in ("error", "warning", "info")}


def run_state(request: Request) -> Response:
    """How far it is, for a page that waits."""
    run = run_of(request)
    state = state_of(run, workbench(request).database.reports(run.id))
    return JSONResponse({**msgspec.to_builtins(state), "moving": state.moving, "bundle": msgspec.to_builtins(bundle_state(run.id))})


def cancel(request: Request, form: Mapping[str, str]) -> Response:
    """Stop a run."""
    run = run_of(request)
    workbench(request).jobs.cancel(run.id)
    return go(request, f"/run/{run.id}")


def resume(request: Request, form: Mapping[str, str]) -> Response:
    """Let a run go on."""
    run = run_of(request)
    workbench(request).jobs.resume(run.id)
    return go(request, f"/run/{run.id}")


def judge_again(request: Request, form: Mapping[str, str]) -> Response:
    """Judge all reports of a run anew, by another pack or region if a person says so."""
    bench, run = workbench(request), run_of(request)
    if run.state in (db.QUEUED, db.RUNNING):
        raise UsageError("正在核对，完成或停止后才能重新核对")
    pack = form.get("pack", "")
    if pack and pack not in {name for name, _version, _title in packs(bench)}:
        raise UsageError("没有这个规则包")
    bench.database.begin_anew(run.id, {**run.options, "pack": pack, "region": one_line(form.get("region", ""), 60)})
    bench.jobs.resume(run.id)
    return go(request, f"/run/{run.id}")


def rename(request: Request, form: Mapping[str, str]) -> Response:
    """Give a run another title."""
    run = run_of(request)
    title = one_line(form.get("title", ""), 80)
    if not title:
        raise UsageError("名称不能是空的")
    workbench(request).database.rename(run.id, title)
    return go(request, f"/run/{run.id}")


def delete(request: Request, form: Mapping[str, str]) -> Response:
    """Forget a run."""
    run = run_of(request)
    workbench(request).jobs.delete(run.id)
    return go(request, "/")


def retry(request: Request, form: Mapping[str, str]) -> Response:
    """Try a report that failed once more."""
    run, report = report_of(request)
    workbench(request).jobs.retry(run.id, report.position)
    return go(request, f"/run/{run.id}")



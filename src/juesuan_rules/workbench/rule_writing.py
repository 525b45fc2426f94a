"""The editor of rules: its page and buttons, what its script asks while a rule is typed, trials on all reports of a run."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.workbench import database as db
from juesuan_rules.workbench.database import ReportRow, RunRow
from juesuan_rules.workbench.drafts import MOST_TEXT, Draft, make_draft
from juesuan_rules.workbench.ownpacks import find_own, own_id
from juesuan_rules.workbench.readings import Spec
from juesuan_rules.workbench.rule_desk import Bench
from juesuan_rules.workbench.rule_saving import Saved
from juesuan_rules.workbench.rule_state import (
    ask_worker,
    bench_for,
    cases_file,
    draft_name,
    forget_old,
    judge_with,
    keep_draft,
    kept_draft,
    writing_of,
)
from juesuan_rules.workbench.rule_trials import MOST_REPORTS, Trial
from juesuan_rules.workbench.rule_views import CheckView
from juesuan_rules.workbench.web import go, page, render, report_of, run_of, workbench

KIND_ZH = {"rules": "规则", "overrides": "改动"}


def written(request: Request) -> Response:
    """The editor: with a text that was left unsaved, with an own rule or change, or with the beginning of one."""
    run, report = report_of(request)
    bench = workbench(request)
    kind = "overrides" if request.query_params.get("change") else "rules"
    name = (request.query_params.get("change") or request.query_params.get("rule") or "")[:40]
    desk = bench_for(request, run, report, kind, name)
    kept = kept_draft(bench, desk, kind, name)
    own = find_own(desk.own, kind, name) if name else None
    same = own is not None and (own.text.strip(), cases_file(desk, name).strip()) == (kept.get("text", "").strip(), kept.get("cases", "").strip())
    if kept and (same or request.query_params.get("fresh")):
        bench.database.delete_rule(draft_name(desk, kind, name))
        kept = {}
    if kept:
        text, cases = kept.get("text", ""), kept.get("cases", "")
    else:
        text = bench.jobs.viewer.call("rule_tasks:start_text", bench.shown.spec(run, report), desk, kind, name, seconds=bench.settings.limits.view)
        cases = cases_file(desk, name)
    checked = ask_worker(request, "check", desk, make_draft(kind, text)) if name or kept else None
    note = "这是上次没有保存的稿子。" if kept else f"已存进 {desk.own.parent.name}。" if request.query_params.get("saved") else ""
    return _editor(request, run, report, desk, kind, name, text, cases, checked, note=note, kept=bool(kept))


def write(request: Request, form: Mapping[str, str]) -> Response:
    """A button of the editor."""
    run, report = report_of(request)
    bench = workbench(request)
    kind, name = form.get("kind", ""), form.get("editing", "")[:40]
    draft = make_draft(kind, _mended(form))
    cases = form.get("cases", "")[:MOST_TEXT]
    desk = bench_for(request, run, report, kind, name)
    keep_draft(bench, desk, kind, name, draft.text, cases)
    wanted = form.get("do", "check").partition(":")[0]
    if wanted == "save":
        return _save(request, run, report, desk, draft, name, cases, form.get("judge", ""))
    if wanted == "batch":
        return _batch(request, run, report, desk, draft, name, cases)
    note, error, extra = "", "", {}
    try:
        if wanted == "format":
            draft = make_draft(kind, ask_worker(request, "format_text", draft))
            note = "已整理写法。"
        elif wanted == "cases":
            cases, left = ask_worker(request, "propose_cases", desk, draft, module="rule_saving")
            note = "" if left else "试出了一个应当相符、一个应当不符的用例。"
            error = f"用例没有找全：{left}。请把空着的补上。" if left else ""
        elif wanted == "try":
            trial = bench.jobs.viewer.call("rule_tasks:try_here", bench.shown.spec(run, report), desk, draft, seconds=bench.settings.limits.view)
            extra = {"trial": trial}
    except JuesuanError as problem:
        error = problem.message
    checked = ask_worker(request, "check", desk, draft)
    return _editor(request, run, report, desk, kind, name, draft.text, cases, checked, note=note, error=error, **extra)


def _mended(form: Mapping[str, str]) -> str:
    """The text, with a repair that was chosen without a script."""
    text = form.get("text", "").replace("\r\n", "\n")
    what, _, where = form.get("do", "").partition(":")
    if what != "repair":
        return text
    try:
        start, end, new = json.loads(where)
        units = text.encode("utf-16-le", "surrogatepass")
        return (units[: int(start) * 2] + str(new).encode("utf-16-le", "surrogatepass") + units[int(end) * 2 :]).decode("utf-16-le", "replace")
    except (ValueError, TypeError):
        return text


def _save(request: Request, run: RunRow, report: ReportRow, desk: Bench, draft: Draft, name: str, cases: str, wanted: str) -> Response:
    bench = workbench(request)
    saved: Saved = ask_worker(request, "save", desk, draft, cases, module="rule_saving", seconds=bench.settings.limits.view)
    if not saved.version:
        keep_draft(bench, desk, draft.kind, name, draft.text, saved.cases)
        return _editor(request, run, report, desk, draft.kind, name, draft.text, saved.cases, saved.check, error=saved.message)
    bench.database.delete_rule(draft_name(desk, draft.kind, name))
    pack = f"{own_id(desk.parent)}@{saved.version}"
    forget_old(bench, pack)
    if wanted in ("report", "run"):
        return judge_with(request, run, report, pack, desk.parent, wanted == "run")
    word = "change" if draft.kind == "overrides" else "rule"
    return go(request, f"/run/{run.id}/{report.position}/write", **{word: draft.name, "saved": 1})


def _editor(
    request: Request, run: RunRow, report: ReportRow, desk: Bench, kind: str, name: str, text: str, cases: str, checked: CheckView | None, **more: Any
) -> Response:
    values = {"note": "", "error": "", "kept": False, "trial": None, **more}
    count = len(workbench(request).database.reports(run.id))
    return page(
        request, "rules_write.html", run=run, report=report, kind=kind, kind_zh=KIND_ZH[kind], name=name, text=text, cases=cases, checked=checked, parent=desk.parent,
        own=own_id(desk.parent), count=count, most=MOST_TEXT, **values,
    )  # fmt: skip


async def check(request: Request) -> Response:
    def work(desk: Bench, draft: Draft, form: Mapping[str, str]) -> Any:
        keep_draft(workbench(request), desk, draft.kind, desk.editing, draft.text, form.get("cases", "")[:MOST_TEXT])
        found: CheckView = ask_worker(request, "check", desk, draft)
        problems = [msgspec.to_builtins(one) for one in found.problems]
        return {"problems": problems, "html": render(request, "rules_told.html", checked=found)}

    return await _typed(request, work)


async def complete(request: Request) -> Response:
    def work(desk: Bench, draft: Draft, form: Mapping[str, str]) -> Any:
        at = form.get("offset", "0")
        offset = int(at) if at.isascii() and at.isdigit() and len(at) < 8 else 0
        return {"items": [msgspec.to_builtins(one) for one in ask_worker(request, "complete", desk, draft, offset)]}

    return await _typed(request, work)


async def _typed(request: Request, work: Any) -> Response:
    """A question of the script: the form as it was typed, the answer as JSON; what went wrong is told there."""
    async with request.form(max_files=0, max_fields=10, max_part_size=2 * MOST_TEXT) as form:
        texts = {name: value for name, value in form.items() if isinstance(value, str)}

    def answer() -> Any:
        run, report = report_of(request)
        draft = make_draft(texts.get("kind", ""), texts.get("text", "").replace("\r\n", "\n"))
        return work(bench_for(request, run, report, draft.kind, texts.get("editing", "")[:40]), draft, texts)

    try:
        return JSONResponse(await run_in_threadpool(answer))
    except JuesuanError as error:
        return JSONResponse({"error": error.message}, 400)


def _batch(request: Request, run: RunRow, report: ReportRow, desk: Bench, draft: Draft, name: str, cases: str) -> Response:
    bench = workbench(request)
    checked = ask_worker(request, "check", desk, draft)
    if not checked.sound:
        return _editor(request, run, report, desk, draft.kind, name, draft.text, cases, checked, error="有错，没有试")
    reports: list[tuple[int, str, Spec]] = []
    left = 0
    for row in bench.database.reports(run.id):
        if row.state != db.DONE or len(reports) >= MOST_REPORTS:
            left += 1
            continue
        with contextlib.suppress(JuesuanError):  # a file that has gone since
            reports.append((row.position, row.name, bench.jobs.spec(run, row)))
    trial = Trial(run.id, report.position, desk, draft, reports, left)
    return go(request, f"/run/{run.id}/trial/{writing_of(request).trials.begin(trial, bench.settings.limits.view)}")


def tried(request: Request) -> Response:
    """How a trial stands."""
    run = run_of(request)
    trial = _trial(request, run)
    word = "change" if trial.draft.kind == "overrides" else "rule"
    values = {"run": run, "trial": trial, "lines": list(trial.lines), "name": request.path_params["trial"], "word": word}
    if request.query_params.get("part"):
        return JSONResponse({"over": trial.over, "html": render(request, "rules_progress.html", **values)})
    return page(request, "rules_trial.html", **values)


def stop(request: Request, form: Mapping[str, str]) -> Response:
    """End a trial."""
    run = run_of(request)
    _trial(request, run).stop()
    return go(request, f"/run/{run.id}/trial/{request.path_params['trial']}")


def _trial(request: Request, run: RunRow) -> Trial:
    trial = writing_of(request).trials.find(request.path_params["trial"])
    if trial.run != run.id:
        raise UsageError("没有这次试核对")
    return trial

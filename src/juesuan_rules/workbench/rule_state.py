"""What the pages about rules share: the worker for texts, what is being written, judging anew by rules that were written."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.workbench import database as db
from juesuan_rules.workbench.database import ReportRow, RunRow
from juesuan_rules.workbench.ownpacks import PREFIX, find_own, forget_versions, newest, own_id, own_rules
from juesuan_rules.workbench.rule_desk import Bench
from juesuan_rules.workbench.rule_trials import Trials
from juesuan_rules.workbench.web import Workbench, go, workbench
from juesuan_rules.workbench.worker import Worker

QUICK = 10.0
"""Seconds a text may take to be looked at while it is typed."""
_making = threading.Lock()


class Writing:
    """What writing rules needs beside the rest of the server: a worker for texts, so that typing waits for no report, and
    the trials."""

    def __init__(self, bench: Workbench) -> None:
        self.texts = Worker()
        self.trials = Trials()
        self.scratch = bench.settings.home / "scratch"
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)

    def close(self) -> None:
        """End the worker and the trials."""
        self.texts.close()
        self.trials.close()


def close(state: State) -> None:
    """End what these pages started."""
    found = getattr(state, "writing", None)
    if found is not None:
        found.close()


def writing_of(request: Request) -> Writing:
    state = request.app.state
    with _making:
        if not hasattr(state, "writing"):
            state.writing = Writing(workbench(request))
        found: Writing = state.writing
        return found


def packs_folder(bench: Workbench) -> Path:
    return bench.settings.packs


def parent_of(bench: Workbench, run: RunRow, report: ReportRow) -> str:
    """The pack that rules written on a report go upon: the one that judged it, or the one above where that was written here."""
    result = bench.jobs.result(run.id, report.position)
    chain = [one.id for one in result.packs if not one.id.startswith(PREFIX)] if result is not None else []
    if not chain:
        raise UsageError("这份报告还没有结果，不知道用哪个规则包")
    return chain[-1]


def bench_for(request: Request, run: RunRow, report: ReportRow, kind: str, editing: str) -> Bench:
    bench = workbench(request)
    year = report.summary.get("year")
    parent = parent_of(bench, run, report)
    own = find_own(newest(packs_folder(bench), own_id(parent)), kind, editing) if editing else None
    return Bench(
        bench.settings.roots, parent, packs_folder(bench), writing_of(request).scratch, year if isinstance(year, int) else None, editing if own is not None else ""
    )  # fmt: skip


def ask_worker(request: Request, task: str, *values: Any, module: str = "rule_tasks", seconds: float = QUICK) -> Any:
    """A task of the worker for texts."""
    return writing_of(request).texts.call(f"{module}:{task}", *values, seconds=seconds)


def draft_name(desk: Bench, kind: str, name: str) -> str:
    return f"{own_id(desk.parent)}/{kind}/{name}"


def keep_draft(bench: Workbench, desk: Bench, kind: str, name: str, text: str, cases: str) -> None:
    """Keep what is being written, so that nothing typed is lost."""
    bench.database.save_rule(draft_name(desk, kind, name), json.dumps({"text": text, "cases": cases}, ensure_ascii=False))


def kept_draft(bench: Workbench, desk: Bench, kind: str, name: str) -> dict[str, str]:
    text = bench.database.rules().get(draft_name(desk, kind, name))
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def cases_file(desk: Bench, name: str) -> str:
    path = desk.own / "cases" / f"{name}.yaml"
    known = any(rule.name == name for rule in own_rules(desk.own))
    return path.read_text("utf-8", "replace") if known and path.is_file() else ""


def forget_old(bench: Workbench, newest_one: str) -> None:
    """Remove versions of own packs that no report was judged by."""
    used = {newest_one}
    for run in bench.database.runs():
        used |= {str(pack) for pack in (*run.options.get("packs", {}).values(), run.options.get("pack") or "")}
    forget_versions(packs_folder(bench), used)


def judge_with(request: Request, run: RunRow, report: ReportRow, pack: str, parent: str, whole: bool) -> Response:
    """Judge anew by `pack` ("": by the one chosen without it): one report now, or all of the run that are judged by `parent`
    or by rules upon it, in the queue."""
    bench = workbench(request)
    if bench.database.run(run.id) is None or run.state in (db.QUEUED, db.RUNNING):
        raise UsageError("这次核对还没有做完，做完再试；规则已经存好" if pack else "这次核对还没有做完，做完再试")
    rows = bench.database.reports(run.id) if whole else [report]
    mine = [row for row in rows if row.state == db.DONE and (row.position == report.position or row.summary.get("pack") in (parent, own_id(parent)))]
    options = {**run.options, "packs": {**run.options.get("packs", {}), **{str(row.position): pack for row in mine}}}
    bench.database.set_options(run.id, options)
    if not whole:
        message = bench.jobs.again(run.id, report.position)
        if message:
            raise UsageError(message)
        return go(request, f"/run/{run.id}/{report.position}")
    for row in mine:
        bench.database.wait(run.id, row.position)
    bench.database.set_run_state(run.id, db.QUEUED)
    bench.jobs.wake()
    return go(request, f"/run/{run.id}")

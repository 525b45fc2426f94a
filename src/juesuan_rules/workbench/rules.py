"""Pages about rules: those of a report, one rule, writing one with live checking, and the packs written here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.workbench.database import ReportRow, RunRow
from juesuan_rules.workbench.ownpacks import PREFIX, newest, own_id, own_packs, own_rules
from juesuan_rules.workbench.reporting import not_ready, report_values
from juesuan_rules.workbench.rule_desk import Bench
from juesuan_rules.workbench.rule_state import (
    ask_worker,
    close,
    forget_old,
    judge_with,
    packs_folder,
    parent_of,
    writing_of,
)
from juesuan_rules.workbench.rule_views import ListView
from juesuan_rules.workbench.rule_writing import KIND_ZH, check, complete, stop, tried, write, written
from juesuan_rules.workbench.web import changing, download, go, page, reading, report_of, temporary, workbench

_REPORT = "/run/{run}/{position:int}"
__all__ = ["close", "routes"]


def routes() -> list[Route]:
    """The addresses of these pages."""
    return [
        Route(_REPORT + "/rulebook", reading(listed)),
        Route(_REPORT + "/rulebook/{rule}", reading(shown)),
        Route(_REPORT + "/write", reading(written)),
        Route(_REPORT + "/write", changing(write), methods=["POST"]),
        Route(_REPORT + "/write/check", check, methods=["POST"]),
        Route(_REPORT + "/write/complete", complete, methods=["POST"]),
        Route(_REPORT + "/judge", changing(judge), methods=["POST"]),
        Route("/run/{run}/trial/{trial}", reading(tried)),
        Route("/run/{run}/trial/{trial}/stop", changing(stop), methods=["POST"]),
        Route("/rules", reading(packs)),
        Route("/rules/{pack}/download", reading(archive)),
        Route("/rules/{pack}/{kind}/{rule}/download", reading(yaml_file)),
        Route("/rules/{pack}/{kind}/{rule}/delete", changing(delete), methods=["POST"]),
    ]


def listed(request: Request) -> Response:
    """Every rule in force for a report."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    view = _list(request, run, report)
    asked = request.query_params.get("q", "")[:100]
    outcome = request.query_params.get("outcome", "")
    words = asked.casefold().split()
    found = [
        rule
        for rule in view.rules
        if (not outcome or rule.outcome == outcome) and all(word in f"{rule.id} {rule.title} {rule.origin} {rule.changed_by}".casefold() for word in words)
    ]
    values = report_values(request, run, report, "rules")
    return page(request, "rules.html", book=view, found=found, asked=asked, outcome=outcome, own=view.pack.startswith(PREFIX), **values)


def _list(request: Request, run: RunRow, report: ReportRow) -> ListView:
    bench = workbench(request)
    found: ListView = bench.jobs.viewer.call("rule_tasks:rule_list", bench.shown.spec(run, report), seconds=bench.settings.limits.view)
    return found


def shown(request: Request) -> Response:
    """One rule."""
    run, report = report_of(request)
    bench = workbench(request)
    name = request.path_params["rule"]
    view = bench.jobs.viewer.call("rule_tasks:rule_page", bench.shown.spec(run, report), name, seconds=bench.settings.limits.view)
    parent = parent_of(bench, run, report)
    own = {(rule.kind, rule.name) for rule in own_rules(newest(packs_folder(bench), own_id(parent)))}
    return page(
        request, "rules_one.html", run=run, report=report, rule=view, is_own=("rules", name) in own, is_changed=("overrides", name) in own
    )  # fmt: skip


def judge(request: Request, form: Mapping[str, str]) -> Response:
    """Judge the report, or its run, with the pack written here, or again without it."""
    run, report = report_of(request)
    bench = workbench(request)
    parent = parent_of(bench, run, report)
    pack = ""
    if form.get("with") == "own":
        found = next((one for one in own_packs(packs_folder(bench)) if one.manifest.id == own_id(parent)), None)
        if found is None:
            raise UsageError("还没有写过规则")
        pack = f"{found.manifest.id}@{found.manifest.version}"
    return judge_with(request, run, report, pack, parent, form.get("scope") == "run")


def packs(request: Request) -> Response:
    """What was written here."""
    bench = workbench(request)
    found = [(one.manifest, own_rules(one.folder)) for one in own_packs(packs_folder(bench))]
    return page(request, "rules_packs.html", packs=found, kinds=KIND_ZH)


def archive(request: Request) -> Response:
    """A pack as .jspack."""
    bench = workbench(request)
    folder = _own_folder(request)
    target = temporary(request, ".jspack")
    name = ask_worker(request, "archive", folder, target, module="rule_saving", seconds=bench.settings.limits.view)
    return download(target, name, "application/octet-stream")


def yaml_file(request: Request) -> Response:
    """One rule or change as the YAML file it would be alone."""
    from juesuan_rules.workbench.drafts import wrap

    name, kind = request.path_params["rule"], request.path_params["kind"]
    found = next((rule for rule in own_rules(_own_folder(request)) if (rule.kind, rule.name) == (kind, name)), None)
    if found is None:
        raise UsageError("没有这条规则")
    target = temporary(request, ".yaml")
    target.write_text(wrap(found.draft).content, "utf-8", newline="\n")
    return download(target, f"{name}.yaml" if kind == "rules" else "overrides.yaml", "application/yaml")


def delete(request: Request, form: Mapping[str, str]) -> Response:
    """Take a rule or change out of its pack."""
    bench = workbench(request)
    folder = _own_folder(request)
    found = next(one for one in own_packs(packs_folder(bench)) if one.folder == folder)
    desk = Bench(bench.settings.roots, found.manifest.parent or "", packs_folder(bench), writing_of(request).scratch)
    version = ask_worker(request, "remove", desk, request.path_params["kind"], request.path_params["rule"], module="rule_saving")
    forget_old(bench, f"{found.manifest.id}@{version}")
    return go(request, "/rules")


def _own_folder(request: Request) -> Path:
    """The folder of the pack an address names: one of those there are, never a path from outside."""
    name = request.path_params["pack"]
    found = next((one for one in own_packs(packs_folder(workbench(request))) if one.manifest.id == name), None)
    if found is None:
        raise UsageError("没有这个规则包")
    return found.folder

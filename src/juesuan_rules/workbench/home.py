"""The first page: files in, runs listed; and where runs are made."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.names import fold
from juesuan_rules.workbench import database as db
from juesuan_rules.workbench.database import ReportRow, RunRow
from juesuan_rules.workbench.uploads import keep_upload, safe_names
from juesuan_rules.workbench.web import Workbench, form_texts, go, one_line, page, problem, reading, workbench

PER_PAGE = 50


class RunLine(msgspec.Struct, frozen=True):
    """A run as listed. units: what its reports are of. done, failed, total: reports. errors, warnings: findings that stand."""

    run: RunRow
    units: str
    done: int
    failed: int
    total: int
    errors: int
    warnings: int
    recheck: int


def routes() -> list[Route]:
    """The addresses of this page."""
    return [Route("/", reading(home)), Route("/runs", create, methods=["POST"])]


def home(request: Request) -> Response:
    """Where to drop files, and what there is already."""
    bench = workbench(request)
    asked = request.query_params.get("q", "")[:100]
    number = request.query_params.get("p", "1")
    reports = bench.database.every_report()
    lines = [run_line(run, reports.get(run.id, [])) for run in bench.database.runs()]
    found = [line for line in lines if _holds(line, reports.get(line.run.id, []), asked)]
    pages = max(-(-len(found) // PER_PAGE), 1)
    at = min(max(int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1, 1), pages)
    return page(
        request, "home.html", lines=found[(at - 1) * PER_PAGE : at * PER_PAGE], total=len(lines), found=len(found), asked=asked, packs=packs(bench), at=at, pages=pages,
        regions=[name for name in bench.database.remembered("regions").split("\n") if name],
    )  # fmt: skip


def run_line(run: RunRow, reports: list[ReportRow]) -> RunLine:
    """A run as listed."""
    told = [report.summary for report in reports if report.state == db.DONE]
    units = list(dict.fromkeys(f"{one.get('unit') or ''} {one.get('year') or ''}".strip() for one in told))
    severities = [one.get("severities") or {} for one in told]
    return RunLine(
        run,
        "、".join([unit for unit in units if unit][:3]) + (f" 等 {len(units)} 个单位" if len(units) > 3 else ""),
        len(told),
        sum(report.state == db.FAILED for report in reports),
        len(reports),
        sum(one.get("error", 0) for one in severities),
        sum(one.get("warning", 0) for one in severities),
        sum(one.get("recheck", 0) for one in told),
    )


def _holds(line: RunLine, reports: list[ReportRow], asked: str) -> bool:
    texts = [line.run.title, *(report.name for report in reports), *(f"{report.summary.get('unit') or ''} {report.summary.get('year') or ''}" for report in reports)]
    whole = fold(" ".join(texts)).lower()
    return all(fold(word).lower() in whole for word in asked.split())


def packs(bench: Workbench) -> list[tuple[str, str, str]]:
    """The packs a person can choose: id, version, name."""
    from juesuan_rules.packs.locate import list_packs

    found, _problems = list_packs(bench.settings.roots)
    return [(one.manifest.id, one.manifest.version, one.manifest.name) for one in found]


async def create(request: Request) -> Response:
    """A new run of the files sent."""
    bench = workbench(request)
    limits = bench.settings.limits
    async with request.form(max_files=limits.files, max_fields=limits.fields, max_part_size=limits.form) as form:
        uploads = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        texts = form_texts(form)
        kept: dict[str, str] = {}
        refused: list[str] = []
        try:
            for upload, name in zip(uploads, safe_names([one.filename or "" for one in uploads]), strict=True):
                try:
                    path = await keep_upload(upload, bench.settings, name)
                except UsageError as error:
                    refused.append(error.message)
                    continue
                bench.jobs.arriving.add(path)
                if any(path.rsplit("/", 2)[1] == known.rsplit("/", 2)[1] for known in kept):
                    refused.append(f"「{name}」与「{next(kept[k] for k in kept if k.rsplit('/', 2)[1] == path.rsplit('/', 2)[1])}」内容完全相同，只核对一次")
                    continue
                kept[path] = name
            if not kept:
                return problem(request, "\n".join(refused) or "还没有选文件")
            run_id = await run_in_threadpool(_begin, bench, texts, kept, refused)
        except JuesuanError as error:
            return problem(request, error.message)
        finally:
            bench.jobs.arriving.difference_update(kept)
    return go(request, f"/run/{run_id}", then="report")


def _begin(bench: Workbench, texts: dict[str, str], kept: dict[str, str], refused: list[str]) -> str:
    region = one_line(texts.get("region", ""), 60)
    pack = texts.get("pack", "")
    if pack and pack not in {name for name, _version, _title in packs(bench)}:
        raise UsageError("没有这个规则包")
    names = list(kept.values())
    as_one = bool(texts.get("as_one")) and len(kept) > 1
    reports: list[tuple[str, tuple[str, ...]]] = [(names[0], tuple(kept))] if as_one else [(name, (path,)) for path, name in kept.items()]
    title = one_line(texts.get("title", ""), 80) or names[0] + (f" 等 {len(names)} 个文件" if len(names) > 1 else "")
    from juesuan_rules.workbench.ownpacks import pinned

    options: dict[str, Any] = {"region": region, "pack": pinned(bench.settings.packs, pack), "as_one": as_one, "refused": refused}
    run_id = secrets.token_hex(8)
    bench.database.add_run(run_id, title, options, reports)
    if region:
        known = [name for name in bench.database.remembered("regions").split("\n") if name and name != region]
        bench.database.remember("regions", "\n".join([region, *known][:8]))
    bench.jobs.wake()
    return run_id

"""Every output of a report and of a run, as files to keep, and what people recorded as the files the command line reads."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.outputs.files import file_stems
from juesuan_rules.outputs.matrix.page import page_policy
from juesuan_rules.workbench.bundling import begin_bundle, bundle_path, bundle_state, record_files
from juesuan_rules.workbench.database import DONE
from juesuan_rules.workbench.marks import decisions_text, waivers_text
from juesuan_rules.workbench.reporting import not_ready, report_values
from juesuan_rules.workbench.uploads import path_of
from juesuan_rules.workbench.web import NotThere, changing, content_disposition, download, go, page, reading, report_of, run_of, temporary, workbench

KINDS: dict[str, tuple[str, str]] = {
    "html": ("text/html; charset=utf-8", ".html"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "pdf": ("application/pdf", ".pdf"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "json": ("application/json", ".json"),
    "csv": ("text/csv; charset=utf-8", ".csv"),
    "md": ("text/markdown; charset=utf-8", ".md"),
    "sarif": ("application/sarif+json", ".sarif"),
    "junit": ("application/xml", ".junit.xml"),
}
_NAMED = {"xlsx": "-底稿", "pdf": "-标注", "docx": "-整改通知"}
RECORDS = ("decisions.yaml", "waivers.yaml", "corrections.yaml")
_OF_RUN = ("html", "xlsx", "csv", "md", "json", "sarif", "junit")
_YAML = "application/yaml; charset=utf-8"


def routes() -> list[Route]:
    """The addresses of files to keep."""
    return [
        Route("/run/{run}/{position:int}/outputs", reading(outputs)),
        Route("/run/{run}/{position:int}/get/{kind}", reading(get)),
        Route("/run/{run}/{position:int}/original/{number:int}", reading(original)),
        Route("/run/{run}/matrix", reading(matrix)),
        Route("/run/{run}/get/{kind}", reading(get_of_run)),
        Route("/run/{run}/bundle", changing(bundle), methods=["POST"]),
        Route("/marks/get/{kind}", reading(get_marks)),
    ]


def outputs(request: Request) -> Response:
    """What can be downloaded of a report."""
    run, report = report_of(request)
    missing = not_ready(request, run, report)
    if missing is not None:
        return missing
    return page(request, "outputs.html", originals=[name.rsplit("/", 1)[-1] for name in report.files], **report_values(request, run, report, "outputs"))


def get(request: Request) -> Response:
    """One output of a report, made now."""
    run, report = report_of(request)
    bench = workbench(request)
    kind, stem = request.path_params["kind"], file_stems([report.name])[0]
    if kind in RECORDS:
        return _text(dict(record_files(bench.jobs, run.id, report.position))[kind], f"{stem}-{kind}")
    if kind not in KINDS:
        raise NotThere("没有这种结果")
    media, suffix = KINDS[kind]
    target = temporary(request, suffix)
    lack = bench.jobs.viewer.call("tasks:write_output", bench.shown.spec(run, report), kind, target, seconds=bench.settings.limits.read)
    if lack:
        raise UsageError(lack.partition("：")[2] or lack)
    return download(target, f"{stem}{_NAMED.get(kind, '-核对结果')}{suffix}", media)


def original(request: Request) -> Response:
    """A file as it was sent."""
    _run, report = report_of(request)
    number = int(request.path_params["number"])
    if number >= len(report.files):
        raise NotThere("没有这个文件")
    path = path_of(report.files[number], workbench(request).settings)
    return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": content_disposition(path.name)})


def matrix(request: Request) -> Response:
    """The matrix of a run, to look at. It is a page of its own with one script, which its policy names."""
    run = run_of(request)
    bench = workbench(request)
    told = [report for report in bench.database.reports(run.id) if report.state == DONE]
    if not told:
        raise UsageError("还没有一份报告有结果")
    links = tuple(str(report.position) for report in told)  # relative to the address of this page
    target = temporary(request, ".html")
    bench.jobs.viewer.call("tasks:write_summary", bench.jobs.run_result(run.id), "html", target, links, seconds=bench.settings.limits.view)
    policy = page_policy() + "; frame-ancestors 'none'"
    return download(target, "", KINDS["html"][0], True, {"Content-Security-Policy": policy})


def get_of_run(request: Request) -> Response:
    """One output of a whole run, made now, or its archive."""
    run = run_of(request)
    bench = workbench(request)
    kind, stem = request.path_params["kind"], file_stems([run.title + ".x"])[0]
    if kind in RECORDS:
        return _text(dict(record_files(bench.jobs, run.id))[kind], f"{stem}-{kind}")
    if kind == "zip":
        path = bundle_path(bench.jobs, run.id)
        if bundle_state(run.id).state == "making" or not path.is_file():
            raise UsageError("还没有打包好")
        return FileResponse(path, media_type="application/zip", headers={"Content-Disposition": content_disposition(f"{stem}-全部结果.zip")})
    if kind not in _OF_RUN:
        raise NotThere("没有这种结果")
    media, suffix = KINDS[kind]
    target = temporary(request, suffix)
    lack = bench.jobs.viewer.call("tasks:write_summary", bench.jobs.run_result(run.id), kind, target, (), seconds=bench.settings.limits.view)
    if lack:
        raise UsageError(lack.partition("：")[2] or lack)
    return download(target, f"{stem}-汇总{suffix}", media)


def bundle(request: Request, form: Mapping[str, str]) -> Response:
    """Begin to pack everything."""
    run = run_of(request)
    begin_bundle(workbench(request).jobs, run)
    return go(request, f"/run/{run.id}", hook="downloads")


def get_marks(request: Request) -> Response:
    """All decisions or waivers on record."""
    database = workbench(request).database
    kind = request.path_params["kind"]
    if kind == "decisions.yaml":
        return _text(decisions_text(one.entry for one in database.decisions()), kind)
    if kind == "waivers.yaml":
        return _text(waivers_text(one.entry for one in database.waivers()), kind)
    raise NotThere("没有这个文件")


def _text(text: str, name: str) -> Response:
    return Response(text.encode(), media_type=_YAML, headers={"Content-Disposition": content_disposition(name)})

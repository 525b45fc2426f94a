"""What every page of the workbench shares: its templates, its answers, how forms are read."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.outputs.web.environment import asset as page_asset
from juesuan_rules.outputs.web.environment import environment
from juesuan_rules.pipeline.cache import digest
from juesuan_rules.workbench.database import Database, ReportRow, RunRow
from juesuan_rules.workbench.jobs import GONE, Jobs
from juesuan_rules.workbench.settings import MB, Settings
from juesuan_rules.workbench.shown import Shown

Handler = Callable[[Request], Awaitable[Response]]
_MOST_REPORTS = 1_000_000
_STYLES = ("tokens.css", "pieces.css")
_MEDIA = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Workbench(msgspec.Struct, frozen=True):
    """One server: `request.app.state.workbench`."""

    settings: Settings
    database: Database
    jobs: Jobs
    shown: Shown


class NotThere(UsageError):
    """What an address names is not there."""


def workbench(request: Request) -> Workbench:
    """The server a request is for."""
    found: Workbench = request.app.state.workbench
    return found


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A page from a template. Texts of documents are made harmless by the environment."""
    return HTMLResponse(render(request, template, **values), status)


def render(request: Request, template: str, /, **values: Any) -> str:
    """A template as text. Every template has `base` (what addresses begin with), `here` (the path) and `by`."""
    bench = workbench(request)
    text: str = _templates().get_template(template).render(
        base=bench.settings.prefix,
        here=own_path(request),
        by=bench.database.remembered("by"),
        static=bench.settings.prefix + "/static/" + static_version(),
        has_rules=has_rules(),
        limits=bench.settings.limits,
        **values,
    )
    return text


def own_path(request: Request) -> str:
    """The path of a request without the prefix."""
    path: str = request.url.path
    return path.removeprefix(workbench(request).settings.prefix)


def go(request: Request, path: str, **question: Any) -> RedirectResponse:
    """On to another page, after something was recorded. path: without the prefix."""
    asked = {name: str(value) for name, value in question.items() if value not in (None, "")}
    hook = asked.pop("hook", "")
    where = workbench(request).settings.prefix + path + (f"?{urlencode(asked)}" if asked else "") + (f"#{hook}" if hook else "")
    return RedirectResponse(where, 303)


def problem(request: Request, message: str, status: int = 400) -> HTMLResponse:
    """A page that tells what went wrong, and lets one go back."""
    return page(request, "problem.html", status, message=message, back=_back(request))


def _back(request: Request) -> str:
    """Where a person came from, only where that is a page of this server."""
    came = request.headers.get("referer", "")
    prefix = workbench(request).settings.prefix
    at = came.find(prefix + "/")
    return came[at:] if at > 0 and came[:at] == f"http://{request.headers.get('host', '')}" else prefix + "/"


def reading(handler: Callable[[Request], Response]) -> Handler:
    """An endpoint that reads: in a thread, so that a slow page holds up no other."""

    async def endpoint(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except NotThere as error:
            return problem(request, error.message, 404)
        except JuesuanError as error:
            return problem(request, error.message)

    return endpoint


def changing(handler: Callable[[Request, Mapping[str, str]], Response]) -> Handler:
    """An endpoint that records something: a form of texts, then a thread."""

    async def endpoint(request: Request) -> Response:
        limits = workbench(request).settings.limits
        async with request.form(max_files=0, max_fields=limits.fields, max_part_size=limits.form) as form:
            texts = form_texts(form)
        try:
            return await run_in_threadpool(handler, request, texts)
        except NotThere as error:
            return problem(request, error.message, 404)
        except JuesuanError as error:
            return problem(request, error.message)

    return endpoint


def form_texts(form: FormData) -> dict[str, str]:
    """The texts of a form, the ends cut off; files are left out."""
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


def one_line(text: str, most: int = 200) -> str:
    """A text a person typed, as one line. Raises UsageError where it is too long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(flat) > most:
        raise UsageError(f"写得太长：最多 {most} 字")
    return flat


def run_of(request: Request) -> RunRow:
    """The run an address names. Raises NotThere."""
    found = workbench(request).database.run(request.path_params["run"])
    if found is None:
        raise NotThere("没有这次核对，可能已经删除")
    return found


def report_of(request: Request) -> tuple[RunRow, ReportRow]:
    """The run and report an address names. Raises NotThere."""
    run = run_of(request)
    position = int(request.path_params["position"])
    found = workbench(request).database.report(run.id, position) if position < _MOST_REPORTS else None
    if found is None:
        raise NotThere(GONE)
    return run, found


def download(path: Path, name: str, media: str, inline: bool = False, headers: Mapping[str, str] | None = None) -> FileResponse:
    """A file made for this one answer: it is removed when it was sent."""
    disposition = "inline" if inline else content_disposition(name)
    return FileResponse(path, media_type=media, headers={"Content-Disposition": disposition, **(headers or {})}, background=BackgroundTask(_remove, path))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def temporary(request: Request, suffix: str) -> Path:
    """A name for a file that is made for one answer."""
    return workbench(request).settings.sending / f"{os.urandom(8).hex()}{suffix}"


def content_disposition(name: str) -> str:
    """A download by its Chinese name (RFC 6266), with a plain one for programs that do not know how."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_") or "download"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@cache
def has_rules() -> bool:
    """Whether there are pages to write rules on: they need what the language server is made with."""
    return find_spec("juesuan_rules.workbench.rules") is not None and find_spec("lsprotocol") is not None


def static_text(name: str) -> tuple[str, str]:
    """A style sheet or script and its media type. Raises NotThere."""
    if name not in static_names():
        raise NotThere("没有这个文件")
    text = files("juesuan_rules.workbench").joinpath("static", name).read_text("utf-8")
    if name == "app.css":
        text = "\n".join([*(page_asset(one) for one in _STYLES), text])
    return text, _MEDIA[name.rpartition(".")[2]]


@cache
def static_names() -> tuple[str, ...]:
    """The style sheets, scripts and pictures there are."""
    found = [one.name for one in files("juesuan_rules.workbench").joinpath("static").iterdir()]
    return tuple(sorted(name for name in found if name.rpartition(".")[2] in _MEDIA))


@cache
def static_version() -> str:
    """Changes with every change of a style sheet or script, so that browsers keep none that is out of date."""
    return digest(*(static_text(name)[0] for name in static_names()))[:12]


@cache
def _templates() -> Any:
    import jinja2

    made = environment()
    made.loader = jinja2.ChoiceLoader([jinja2.PackageLoader("juesuan_rules.workbench", "templates"), jinja2.PackageLoader("juesuan_rules.outputs.web", "templates")])
    made.filters["moment"] = moment
    made.filters["size"] = size
    made.filters["spoken"] = spoken
    made.globals["today"] = lambda: date.today().isoformat()
    return made


def moment(text: str | None) -> str:
    """A time as people write it: 14:05 of today, 11月3日 14:05 of this year."""
    if not text:
        return ""
    try:
        then = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return text
    clock = f"{then:%H:%M}"
    if then.date() == date.today():
        return f"今天 {clock}"
    return f"{then.month}月{then.day}日 {clock}" if then.year == date.today().year else f"{then.year}年{then.month}月{then.day}日"


_SPOKEN = (
    ("请用 --region 指明（代码或全称），或用 --pack 指定规则包", "请在这次核对里写明地区（代码或全称），或选定规则包"),
    ("；可用 --region 或 --pack 指定", "；可以写明地区或选定规则包"), ("，--pack 可改", ""), ("由 --pack 指定", "由使用者选定"), ("依据 --region ", "依据所写的地区 "),
)  # fmt: skip


def spoken(text: str) -> str:
    """A message in the words of these pages, which know no options."""
    for option, words in _SPOKEN:
        text = text.replace(option, words)
    return text


def size(number: int) -> str:
    """Bytes as people say them."""
    return f"{number / MB:.1f} MB" if number >= MB else f"{max(number / 1024, 0.1):.1f} KB" if number else "0"

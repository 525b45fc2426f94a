"""The workbench as an application: its pages, its refusals."""

from __future__ import annotations

import sqlite3
from importlib import import_module

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from juesuan_rules.workbench import about, downloads, home, reporting, reviewing, runs
from juesuan_rules.workbench.database import Database
from juesuan_rules.workbench.jobs import Jobs
from juesuan_rules.workbench.security import Guard, TooLarge, TooSlow, too_large, too_slow
from juesuan_rules.workbench.settings import Settings
from juesuan_rules.workbench.shown import Shown
from juesuan_rules.workbench.web import Workbench, has_rules, problem, reading, static_text

_PARTS = (home, runs, reporting, reviewing, downloads, about)


def make_app(settings: Settings, database: Database, jobs: Jobs) -> ASGIApp:
    """The application behind its guard."""
    routes = [Route("/static/{version}/{name}", reading(static)), *(route for part in _PARTS for route in part.routes())]
    if has_rules():
        routes += import_module("juesuan_rules.workbench.rules").routes()
    handlers = {TooLarge: too_large, TooSlow: too_slow, HTTPException: _refused, sqlite3.Error: _not_kept, 404: _unknown, 500: _broken}
    inner = Starlette(routes=routes, exception_handlers=handlers)
    inner.router.redirect_slashes = False
    inner.state.workbench = Workbench(settings, database, jobs, Shown(jobs))
    return Guard(inner, settings)


def static(request: Request) -> Response:
    """A style sheet or script."""
    text, media = static_text(request.path_params["name"])
    return Response(text, media_type=media, headers={"Cache-Control": "private, max-age=86400"})


async def _unknown(request: Request, error: Exception) -> Response:
    return problem(request, "没有这一页。", 404)


async def _refused(request: Request, error: Exception) -> Response:
    """What the framework refuses: a method, a form that is no form, too many parts of one."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    told = {405: "这个地址不能这样用。", 400: f"提交的内容不对：文件太多（一次最多 {request.app.state.workbench.settings.limits.files} 个），或表单不完整。"}
    return problem(request, told.get(status, "没有受理。"), status)


async def _not_kept(request: Request, error: Exception) -> Response:
    return problem(request, "没有存下来：磁盘可能已满，或数据文件正被别的程序占用。请稍后再试。", 500)


async def _broken(request: Request, error: Exception) -> Response:
    """A defect of ours: told without anything of its inside."""
    return PlainTextResponse("程序内部出错，请告知开发者。", 500)

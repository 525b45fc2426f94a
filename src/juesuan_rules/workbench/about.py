"""What this workbench is, which rules it knows, where it keeps things, and how to get rid of them."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.workbench.home import packs
from juesuan_rules.workbench.web import changing, go, one_line, page, reading, workbench

SURE = "全部删除"


def routes() -> list[Route]:
    """The addresses of this page."""
    return [
        Route("/about", reading(about)),
        Route("/about/name", changing(rename), methods=["POST"]),
        Route("/about/delete", changing(delete), methods=["POST"]),
    ]


def about(request: Request) -> Response:
    """The page."""
    from juesuan_rules.pipeline.provenance import tool

    bench = workbench(request)
    home = bench.settings.home
    used = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    counts = {"runs": len(bench.database.runs()), "decisions": len(bench.database.decisions()), "waivers": len(bench.database.waivers())}
    return page(request, "about.html", tool=tool(), packs=packs(bench), home=str(home), used=used, counts=counts, settings=bench.settings, sure=SURE)


def rename(request: Request, form: Mapping[str, str]) -> Response:
    """Who uses this workbench, so that forms know."""
    workbench(request).database.remember("by", one_line(form.get("by", ""), 40))
    return go(request, "/about")


def delete(request: Request, form: Mapping[str, str]) -> Response:
    """Delete everything."""
    if form.get("sure", "") != SURE:
        raise UsageError(f"没有删除：要在框里写“{SURE}”")
    workbench(request).jobs.forget_all()
    return go(request, "/")

"""`explain`: a rule as it is in force, what it reads, what it rests on; with a report, its cells."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import NoCacheOption, PackOption, RegionOption, cache_folder
from juesuan_rules.diagnostics import ExitCode, UsageError

if TYPE_CHECKING:
    from juesuan_rules.language.model import CheckedRule
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.pipeline.ready import ReadyPack


def run(
    rule: Annotated[str, typer.Argument(metavar="规则编号", help="如 A01-2")],
    pack: PackOption = None,
    region: RegionOption = None,
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="按哪一年的口径（默认最新）")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="文件", help="同时列出这份报告里该规则用到的数和结果")] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Explain one rule."""
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.renderings.rule_text import render_findings, render_rule

    options = Options(pack=pack, region=region, list_all=True, cache=cache_folder(no_cache))
    if report is None:
        ready = _ready(options, year)
        sys.stdout.write(render_rule(_find(ready, rule), ready.layout))
        raise typer.Exit(int(ExitCode.CLEAN))
    from juesuan_rules.pipeline.evaluate import evaluate_loaded
    from juesuan_rules.pipeline.load import load

    loaded = load(report, options)
    found = _find(loaded.pack, rule)
    sys.stdout.write(render_rule(found, loaded.report.layout))
    judged = evaluate_loaded(loaded, list_all=True)
    findings = tuple(f for f in judged.findings if f.rule == found.id)
    sys.stdout.write(render_findings(judged, findings))
    raise typer.Exit(int(ExitCode.CLEAN if findings else ExitCode.NOTHING_JUDGED))


def _ready(options: Options, year: int | None) -> ReadyPack:
    """The pack named, or the most specific one of the region, or the national one."""
    from juesuan_rules.packs.locate import parse_pack_spec, select_pack
    from juesuan_rules.pipeline.ready import Wanted, ready_pack
    from juesuan_rules.pipeline.state import packs_state

    roots = options.pack_roots()
    if options.pack is not None:
        spec = parse_pack_spec(options.pack)
        wanted = Wanted(spec.name, spec.version, year)
    else:
        code = _region_code(options.region)
        wanted = Wanted(str(select_pack(code, year, roots).folder), None, year, code)
    return ready_pack(wanted, roots, options.open_cache(), packs_state(options))


def _region_code(region: str | None) -> str | None:
    from juesuan_rules.reports.divisions import resolve_region

    if region is None:
        return None
    match = resolve_region(region)
    if not match.code:
        raise UsageError(f"地区「{region}」" + (f"不止一个：{'、'.join(match.ambiguous)}" if match.ambiguous else "不认识，请写行政区划代码或全称"))
    return match.code


def _find(ready: ReadyPack, wanted: str) -> CheckedRule:
    for rule in ready.rules:
        if rule.id.casefold() == wanted.casefold():
            return rule
    from juesuan_rules.names import suggest

    known = [rule.id for rule in ready.rules]
    near = suggest(wanted, known)
    hint = f"；是不是想写：{'、'.join(near)}" if near else f"；共 {len(known)} 条，如 {'、'.join(known[:5])}"
    raise UsageError(f"规则包 {ready.id} 里没有规则「{wanted}」{hint}")

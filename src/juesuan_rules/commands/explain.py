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
    from juesuan_rules.packs.model import Layer
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.pipeline.ready import ReadyPack


def run(
    rule: Annotated[str, typer.Argument(metavar="规则编号", help="如 A01-2")],
    pack: PackOption = None,
    region: RegionOption = None,
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="按哪一年的口径（默认最新）")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="文件", help="同时列出这份报告里该规则用到的数和结果")] = None,
    prior: Annotated[Path | None, typer.Option("--prior", metavar="文件|目录", help="上年的报告，供跨年的规则")] = None,
    units: Annotated[Path | None, typer.Option("--units", metavar="目录", help="所属单位的报告，供汇总的规则")] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Explain one rule."""
    from juesuan_rules.pipeline.options import Options
    from juesuan_rules.renderings.rule_text import render_findings, render_rule

    options = Options(pack=pack, region=region, list_all=True, cache=cache_folder(no_cache), prior=prior, units=units)
    if report is None:
        ready = _ready(options, year)
        found = _find(ready, rule, options, year)
        if found is not None:
            sys.stdout.write(render_rule(found, ready.layout))
        sys.stdout.write(_layers(ready, found.id if found is not None else rule, options, year))
        raise typer.Exit(int(ExitCode.CLEAN))
    from juesuan_rules.pipeline.companions import load_companions
    from juesuan_rules.pipeline.evaluate import evaluate_loaded
    from juesuan_rules.pipeline.load import load

    loaded = load(report, options)
    found = _find(loaded.pack, rule, options, loaded.report.identity.year)
    if found is not None:
        sys.stdout.write(render_rule(found, loaded.report.layout))
    sys.stdout.write(_layers(loaded.pack, found.id if found is not None else rule, options, loaded.report.identity.year))
    if found is None:
        raise typer.Exit(int(ExitCode.NOTHING_JUDGED))
    beside = load_companions(loaded, options) if options.prior or options.units else None
    judged = evaluate_loaded(loaded, True, beside)
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


def _find(ready: ReadyPack, wanted: str, options: Options, year: int | None) -> CheckedRule | None:
    """The rule in force; None where some pack has written or changed it, but it is not in force."""
    for rule in ready.rules:
        if rule.id.casefold() == wanted.casefold():
            return rule
    if _layers_of(ready, wanted, options, year):
        sys.stdout.write(f"规则 {wanted} 在 {ready.id} 里没有效力\n")
        return None
    from juesuan_rules.names import suggest

    known = [rule.id for rule in ready.rules]
    near = suggest(wanted, known)
    hint = f"；是不是想写：{'、'.join(near)}" if near else f"；共 {len(known)} 条，如 {'、'.join(known[:5])}"
    raise UsageError(f"规则包 {ready.id} 里没有规则「{wanted}」{hint}")


def _layers(ready: ReadyPack, rule: str, options: Options, year: int | None) -> str:
    """Who wrote the rule and who changed it."""
    from juesuan_rules.renderings.layers_text import layer_lines

    return "\n".join(["由来", *["  " + line for line in layer_lines(_layers_of(ready, rule, options, year))]]) + "\n"


def _layers_of(ready: ReadyPack, rule: str, options: Options, year: int | None) -> tuple[Layer, ...]:
    from juesuan_rules.packs.history import rule_layers
    from juesuan_rules.packs.locate import PackSpec, find_chain, find_pack, parse_pack_spec

    name = parse_pack_spec(options.pack).name if options.pack else ready.id
    chain, _ = find_chain(find_pack(PackSpec(name), options.pack_roots()), options.pack_roots())
    return rule_layers(chain, year, rule).get(rule, ())

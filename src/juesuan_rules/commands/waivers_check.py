"""`waivers check`: everything wrong with waivers files, all at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import Diagnostic, ExitCode, render

if TYPE_CHECKING:
    from juesuan_rules.waivers.reading import WaiversFile


def run(paths: Annotated[list[Path], typer.Argument(metavar="文件", help="豁免文件（waivers.yaml）")]) -> None:
    """Check waivers files without judging any report."""
    from juesuan_rules.pipeline.sources import with_source_lines
    from juesuan_rules.renderings.plain import safe_lines
    from juesuan_rules.waivers.reading import inspect_waivers

    files = [inspect_waivers(path) for path in paths]
    problems = [d for file in files for d in file.diagnostics] + list(_unknown_rules(files))
    for problem in with_source_lines(problems):
        sys.stdout.write(safe_lines(render(problem)) + "\n\n")
    errors = sum(problem.is_error for problem in problems)
    code = ExitCode.USAGE if errors else ExitCode.CLEAN
    count = sum(len(file.waivers) for file in files)
    sys.stdout.write(f"结论：{count} 条豁免，错误 {errors}，警告 {len(problems) - errors}   退出码 {int(code)}\n")
    raise typer.Exit(int(code))


def _unknown_rules(files: list[WaiversFile]) -> Iterator[Diagnostic]:
    """A warning about every rule that no pack at hand has."""
    from juesuan_rules.names import suggest
    from juesuan_rules.packs.load import merge_rules
    from juesuan_rules.packs.locate import list_packs
    from juesuan_rules.packs.roots import pack_roots

    known = {rule.id for pack in list_packs(pack_roots())[0] for year in _years(files) for rule in merge_rules([pack], year, "", [])}
    for file in files:
        for waiver in file.waivers:
            if known and waiver.rule not in known:
                near = suggest(waiver.rule, known)
                yield Diagnostic("W451", f"现有的规则包里没有规则“{waiver.rule}”", waiver.span, f"是不是想写：{'、'.join(near)}" if near else "")


def _years(files: list[WaiversFile]) -> set[int | None]:
    return {waiver.year for file in files for waiver in file.waivers}

"""`test`: run the cases a pack brings along."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import ExitCode, render
from juesuan_rules.findings import OUTCOME_ZH

if TYPE_CHECKING:
    from juesuan_rules.authoring.cases import CaseReport


def run(
    pack: Annotated[str, typer.Argument(metavar="规则包", help="规则包的编号或目录")],
    rules: Annotated[list[str] | None, typer.Argument(metavar="规则编号", help="只试这些规则（默认全部）")] = None,
    list_all: Annotated[bool, typer.Option("--list-all", help="通过的用例也列出")] = False,
) -> None:
    """Run every case of a pack, or of some of its rules."""
    from juesuan_rules.authoring.cases import run_cases
    from juesuan_rules.resources import rules_root

    report = run_cases(pack, (rules_root(),), rules or ())
    sys.stdout.write(_render(report, list_all))
    raise typer.Exit(int(ExitCode.CLEAN if report.passed else ExitCode.RULES_BROKEN))


def _render(report: CaseReport, list_all: bool) -> str:
    from juesuan_rules.renderings.plain import safe, safe_lines

    lines = [safe_lines(render(problem)) for problem in report.diagnostics]
    for result in report.results:
        if not result.passed:
            place = f"{result.span.file}:{result.span.line}" if result.span.line else result.span.file
            lines.append(f"未通过  {safe(result.rule)} {safe(result.name)}（{safe(place)}）\n  {safe(result.message)}")
        elif list_all:
            lines.append(f"通过  {safe(result.rule)} {safe(result.name)}：{OUTCOME_ZH.get(result.actual, '')}")
    lines += [f"缺用例  {safe(text)}" for text in report.lacking]
    failed = sum(not result.passed for result in report.results)
    code = int(ExitCode.CLEAN if report.passed else ExitCode.RULES_BROKEN)
    tail = f"，{len(report.lacking)} 处缺用例" if report.lacking else ""
    lines.append(f"结论：规则包 {safe(report.pack)} 的 {len(report.results)} 个用例，通过 {len(report.results) - failed}，未通过 {failed}{tail}   退出码 {code}")
    return "\n".join(lines) + "\n"

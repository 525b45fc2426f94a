"""`test`: run the cases a pack brings along, and those that follow from its tolerances."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import JsonOption, check_target, write_json
from juesuan_rules.diagnostics import ExitCode, UsageError, render
from juesuan_rules.findings import OUTCOME_ZH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from juesuan_rules.authoring.testing.running import PackTest

_MOST_LISTED = 5


def run(
    pack: Annotated[str, typer.Argument(metavar="规则包", help="规则包的编号或目录")],
    rules: Annotated[list[str] | None, typer.Argument(metavar="规则编号", help="只试这些规则（默认全部）")] = None,
    more: Annotated[list[str] | None, typer.Option("--rule", metavar="规则编号", help="只试这条规则；可写多次")] = None,
    list_all: Annotated[bool, typer.Option("--list-all", help="通过的用例、没有试到容差边界的核对也列出")] = False,
    boundaries: Annotated[bool, typer.Option("--boundaries/--no-boundaries", help="由相符的用例生成容差边界上的用例来试（默认试）")] = True,
    seconds: Annotated[float, typer.Option("--case-seconds", metavar="秒", help="每个用例的时限（处理器时间）")] = 2.0,
    json: JsonOption = None,
) -> None:
    """Run every case of a pack, or of some of its rules."""
    from juesuan_rules.authoring.testing.running import try_pack
    from juesuan_rules.packs.roots import pack_roots

    check_target(json)
    if not seconds > 0:
        raise UsageError("--case-seconds 应大于 0")
    test = try_pack(pack, pack_roots(), (*(rules or ()), *(more or ())), boundaries=boundaries, seconds=seconds)
    if json is not None:
        from juesuan_rules.authoring.testing.as_json import to_json

        write_json(json, to_json(test))
    if json != "-":
        sys.stdout.write("\n".join(_lines(test, list_all)) + "\n")
    raise typer.Exit(int(_exit_code(test)))


def _exit_code(test: PackTest) -> ExitCode:
    return ExitCode.CLEAN if test.passed else ExitCode.RULES_BROKEN


def _lines(test: PackTest, list_all: bool) -> Iterator[str]:
    from juesuan_rules.renderings.plain import safe, safe_lines

    yield from (safe_lines(render(problem)) for problem in test.cases.diagnostics)
    for result in test.cases.results:
        place = safe(f"{result.span.file}:{result.span.line}" if result.span.line else result.span.file)
        name = f"{safe(result.rule)} {safe(result.name)}"
        if not result.passed:
            yield f"未通过  {name}（{place}）\n  {safe(result.message)}"
        elif result.mended:
            yield f"已好    {name}（{place}）\n  写着已知{result.known}（{safe(result.why)}），现在判对了：请删去 known"
        elif result.excused:
            yield f"已知    {name}：{result.known}，{safe(result.why)}"
        elif list_all:
            yield f"通过    {name}：{OUTCOME_ZH.get(result.actual, '')}"
    for one in test.boundaries:
        if not one.passed:
            yield f"边界不对  {safe(one.rule)} {safe(one.check)}\n  由用例“{safe(one.case)}”（{safe(one.span.file)}:{one.span.line}）：{safe(one.message)}"
        elif list_all:
            yield f"边界    {safe(one.rule)} {safe(one.figure)} 改作 {safe(one.printed)}，{one.at}：{OUTCOME_ZH[one.actual]}"
    yield from (f"缺用例  {safe(text)}" for text in test.cases.lacking)
    yield from _unreached(test, list_all)
    if test.drafts:
        yield f"草稿    {len(test.drafts)} 条规则是草稿，没有启用，它们的用例没有试：{safe('、'.join(test.drafts[:_MOST_LISTED]))}{' 等' if len(test.drafts) > _MOST_LISTED else ''}"
    yield _summary(test)


def _unreached(test: PackTest, list_all: bool) -> Iterator[str]:
    from juesuan_rules.renderings.plain import clip, safe

    if list_all:
        yield from (f"边界未到  {safe(one.rule)} {clip(one.check, 90)}" for one in test.unreached)
    elif test.unreached:
        ids = list(dict.fromkeys(one.rule for one in test.unreached))
        shown = "、".join(ids[:_MOST_LISTED]) + (f" 等 {len(ids)} 条规则" if len(ids) > _MOST_LISTED else "")
        yield f"边界未到  {len(test.unreached)} 项核对没有一个相符的用例能移到容差的边上：{safe(shown)}（--list-all 列出）"


def _summary(test: PackTest) -> str:
    from juesuan_rules.renderings.plain import safe

    results = test.cases.results
    failed, known, mended = (sum(wanted) for wanted in zip(*[(not r.passed, r.excused, r.mended) for r in results], strict=True)) if results else (0, 0, 0)
    parts = [f"通过 {len(results) - failed - known}", f"未通过 {failed}"]
    parts += [f"已知判错 {known}"] if known else []
    parts += [f"其中已好 {mended}"] if mended else []
    parts += [f"{len(test.cases.lacking)} 处缺用例"] if test.cases.lacking else []
    wrong = sum(not b.passed for b in test.boundaries)
    edge = f"；容差边界 {len(test.boundaries)} 处，不对 {wrong}" if test.boundaries else ""
    return f"结论：规则包 {safe(test.cases.pack)} 的 {len(results)} 个用例，{'，'.join(parts)}{edge}   退出码 {int(_exit_code(test))}"

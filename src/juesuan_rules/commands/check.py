"""`check`: every problem of a pack, a rule file or one expression, all at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import NoCacheOption, PackOption, cache_folder
from juesuan_rules.diagnostics import Diagnostic, ExitCode, UsageError, render

if TYPE_CHECKING:
    from juesuan_rules.language.model import RuleText
    from juesuan_rules.pipeline.cache import Cache

MAX_EXPRESSION_BYTES = 1024 * 1024


def run(
    target: Annotated[str, typer.Argument(metavar="规则包或文件", help="规则包的编号或目录；或规则文件（.yaml）；或只写一条表达式的文本文件")],
    pack: PackOption = None,
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="按哪一年的口径检查（默认最新）")] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Check rules before any report is read."""
    from juesuan_rules.pipeline.cache import Cache
    from juesuan_rules.pipeline.sources import with_source_lines
    from juesuan_rules.renderings.plain import safe_lines

    path, cache = Path(target), Cache(cache_folder(no_cache))
    if path.is_file() and path.name != "pack.yaml":
        problems, count = _check_file(path, pack, year, cache)
    else:
        problems, count = _check_pack(str(path.parent) if path.is_file() else target, year, cache)
    for problem in with_source_lines(problems):
        sys.stdout.write(safe_lines(render(problem)) + "\n\n")
    errors = sum(problem.is_error for problem in problems)
    warnings = len(problems) - errors
    sys.stdout.write(f"结论：{count} 条规则，错误 {errors}，警告 {warnings}   退出码 {3 if errors else 0}\n")
    raise typer.Exit(int(ExitCode.RULES_BROKEN if errors else ExitCode.CLEAN))


def _check_pack(spec: str, year: int | None, cache: Cache) -> tuple[list[Diagnostic], int]:
    from juesuan_rules.packs.load import inspect_pack
    from juesuan_rules.packs.locate import parse_pack_spec
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.pipeline.remembering import check_remembered

    named = parse_pack_spec(spec)
    result = inspect_pack(named.name, year, pack_roots(), version=named.version)
    problems = list(result.diagnostics)
    if result.pack is None:
        return problems, 0
    problems += check_remembered(result.pack.rules, result.pack.layout, cache, result.folders[-1].resolve()).diagnostics
    return problems, len(result.pack.rules)


def _check_file(path: Path, pack: str | None, year: int | None, cache: Cache) -> tuple[list[Diagnostic], int]:
    from juesuan_rules.packs.load import load_pack
    from juesuan_rules.packs.locate import BASE, parse_pack_spec
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.pipeline.remembering import check_remembered

    named = parse_pack_spec(pack or BASE)
    layout = load_pack(named.name, year, pack_roots(), version=named.version).layout
    problems: list[Diagnostic] = []
    if path.suffix.lower() in (".yaml", ".yml"):
        from juesuan_rules.packs.rulefile import read_drafts, read_rules
        from juesuan_rules.packs.versions import overlap

        rules: list[RuleText] = []
        for written in (*read_rules(path, named.name, problems), *read_drafts(path, named.name, [])):
            if any(written.rule.id == rule.id and overlap(written.rule.applies_years, rule.applies_years) for rule in rules):
                written.fields.report("E420", f"规则编号“{written.rule.id}”重复", "id", "编号不能重复；按年度分开的两条，年度不能重叠")
            rules.append(written.rule)
    else:
        rules = [_expression(path)]
    return [*problems, *check_remembered(rules, layout, cache, path.resolve()).diagnostics], len(rules)


def _expression(path: Path) -> RuleText:
    """A file that holds one expression and nothing else, as a rule."""
    from juesuan_rules.diagnostics import Span
    from juesuan_rules.language.model import CheckText, RuleText

    try:
        data = path.read_bytes()[: MAX_EXPRESSION_BYTES + 1]
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError:
        raise UsageError(f"文件「{path}」读不出来") from None
    except UnicodeDecodeError:
        raise UsageError(f"文件「{path}」不是 UTF-8 文本；规则文件请存为 UTF-8") from None
    if len(data) > MAX_EXPRESSION_BYTES or not text.strip():
        raise UsageError(f"文件「{path}」{'太大' if text.strip() else '是空的'}，应只写一条表达式")

    def position(offset: int) -> tuple[int, int]:
        before = text[: max(offset, 0)]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def locate(start: int, end: int) -> Span:
        return Span(str(path), *position(start), *position(end))

    return RuleText(id=path.stem, title=path.stem, checks=(CheckText(text, locate=locate),))

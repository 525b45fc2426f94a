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
    target: Annotated[
        str,
        typer.Argument(
            metavar="规则包或文件", help="规则包的编号或目录；或其中一个文件（规则、表样、事实、表单、词典、用例、改动）；或只写一条表达式的文本文件"
        ),
    ],
    pack: PackOption = None,
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="按哪一年的口径检查（默认最新）")] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Check rules before any report is read."""
    from juesuan_rules.pipeline.cache import Cache
    from juesuan_rules.pipeline.sources import with_source_lines
    from juesuan_rules.renderings.plain import safe_lines

    path, cache = Path(target), Cache(cache_folder(no_cache))
    note = ""
    if path.is_file() and path.name != "pack.yaml":
        problems, what, note = _check_file(path, pack, year, cache)
    else:
        problems, what = _check_pack(str(path.parent) if path.is_file() else target, year, cache)
    for problem in with_source_lines(problems):
        sys.stdout.write(safe_lines(render(problem)) + "\n\n")
    sys.stdout.write(f"{safe_lines(note)}\n" if note else "")
    errors = sum(problem.is_error for problem in problems)
    warnings = len(problems) - errors
    sys.stdout.write(f"结论：{what}，错误 {errors}，警告 {warnings}   退出码 {3 if errors else 0}\n")
    raise typer.Exit(int(ExitCode.RULES_BROKEN if errors else ExitCode.CLEAN))


def _check_pack(spec: str, year: int | None, cache: Cache) -> tuple[list[Diagnostic], str]:
    from juesuan_rules.packs.load import inspect_pack
    from juesuan_rules.packs.locate import parse_pack_spec
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.pipeline.remembering import check_remembered
    from juesuan_rules.pipeline.state import program_fingerprint
    from juesuan_rules.pipeline.yamlmemory import remembering

    named = parse_pack_spec(spec)
    program = program_fingerprint() if cache.folder is not None else ""
    result = inspect_pack(named.name, year, pack_roots(), version=named.version, read=remembering(cache, program))
    problems = list(result.diagnostics)
    if result.pack is None:
        return problems, "0 条规则"
    problems += check_remembered(result.pack.rules, result.pack.layout, cache, result.folders[-1].resolve(), program).diagnostics
    return problems, f"{len(result.pack.rules)} 条规则"


def _check_file(path: Path, pack: str | None, year: int | None, cache: Cache) -> tuple[list[Diagnostic], str, str]:
    """The problems of a file, what it is, and a note."""
    from juesuan_rules.packs.locate import BASE, parse_pack_spec
    from juesuan_rules.packs.roots import pack_roots

    named = parse_pack_spec(pack) if pack else None
    if path.suffix.lower() in (".yaml", ".yml"):
        from juesuan_rules.authoring.checking import check_file
        from juesuan_rules.packs.filekinds import KIND_ZH

        found = check_file(path, named.name if named else "", year, pack_roots(), cache, named.version if named else None)
        note = "规则包在别的文件里有错，这里没有列；请 check 整个规则包" if found.elsewhere else ""
        return list(found.problems), f"{found.rules} 条规则" if found.kind == "rules" else KIND_ZH[found.kind], note

    from juesuan_rules.packs.load import load_pack
    from juesuan_rules.pipeline.remembering import check_remembered

    layout = load_pack(named.name if named else BASE, year, pack_roots(), version=named.version if named else None).layout
    return list(check_remembered([_expression(path)], layout, cache, path.resolve()).diagnostics), "1 条规则", ""


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

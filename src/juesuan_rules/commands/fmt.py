"""`fmt`: pack files in their canonical spelling."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import ExitCode, render

if TYPE_CHECKING:
    from juesuan_rules.authoring.formatting.files import Formatted


def run(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="文件或目录", help="规则包的文件（.yaml），或规则包目录；不写则是当前目录")] = None,
    check: Annotated[bool, typer.Option("--check", help="不改文件，只列出要整理的；有则退出码为 1")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="不改文件，列出要改的每一行；有则退出码为 1")] = False,
) -> None:
    """Format files in place, or say what would change."""
    from juesuan_rules.authoring.formatting.files import format_file, pack_yaml
    from juesuan_rules.commands.shared import write_file
    from juesuan_rules.pipeline.sources import with_source_lines
    from juesuan_rules.renderings.plain import safe, safe_lines

    counts = {"same": 0, "changed": 0, "broken": 0}
    for path in pack_yaml(paths or [Path()]):
        one = format_file(path)
        for problem in with_source_lines(one.diagnostics):
            sys.stdout.write(safe_lines(render(problem)) + "\n\n")
        counts["broken" if one.diagnostics else "changed" if one.changed else "same"] += 1
        if one.changed and diff:
            sys.stdout.write(_difference(one))
        elif one.changed:
            sys.stdout.write(f"{'要整理' if check else '已整理'}  {safe(str(path))}\n")
        if one.changed and not check and not diff:
            write_file(str(path), one.after)
    dry = check or diff
    code = ExitCode.RULES_BROKEN if counts["broken"] else ExitCode.FINDINGS if dry and counts["changed"] else ExitCode.CLEAN
    sys.stdout.write(f"结论：{sum(counts.values())} 个文件，{'要整理' if dry else '整理了'} {counts['changed']}，有错没有整理 {counts['broken']}   退出码 {int(code)}\n")
    raise typer.Exit(int(code))


def _difference(one: Formatted) -> str:
    """A unified diff whose lines hold nothing that acts on a terminal."""
    import difflib

    from juesuan_rules.renderings.plain import safe_lines

    name = one.path.as_posix()
    lines = difflib.unified_diff(one.before.splitlines(), one.after.splitlines(), f"{name}（现在）", f"{name}（整理后）", lineterm="")
    return "".join(safe_lines(line) + "\n" for line in lines)

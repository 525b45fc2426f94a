"""`diff`: two versions of a pack, by meaning; and what the step does to a folder of reports."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from juesuan_rules.commands.shared import JsonOption, check_target, write_json
from juesuan_rules.diagnostics import ExitCode


def run(
    old: Annotated[str, typer.Argument(metavar="旧版", help="规则包的目录、归档（.jspack），编号或 编号@版本（已安装或随程序附带），或一个来源")],
    new: Annotated[str, typer.Argument(metavar="新版", help="同上")],
    corpus: Annotated[list[Path] | None, typer.Option("--corpus", metavar="目录", help="用两版各核对一遍这里的报告，列出不符的多出、消失和变化；可写几次")] = None,
    json: JsonOption = None,
) -> None:
    """Compare two versions; the exit code is 1 where anything differs."""
    from juesuan_rules.authoring.comparing.compare import compare_folders
    from juesuan_rules.authoring.comparing.text import STEP_ZH, comparison_json, comparison_lines
    from juesuan_rules.authoring.comparing.versions import version_folder
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.renderings.plain import safe_lines

    check_target(json)
    roots = pack_roots()
    with ExitStack() as stack:
        folders = [stack.enter_context(version_folder(spec, roots)) for spec in (old, new)]
        comparison = compare_folders(folders[0], folders[1], roots, (old, new))
        if corpus:
            from msgspec.structs import replace

            from juesuan_rules.authoring.comparing.corpus import compare_results
            from juesuan_rules.pipeline.gather import gather
            from juesuan_rules.pipeline.options import Options

            found = compare_results(gather(corpus), folders[0], folders[1], Options(roots=roots))
            comparison = replace(comparison, corpus=found)
    code = ExitCode.FINDINGS if comparison.changes or (comparison.corpus and comparison.corpus.findings) else ExitCode.CLEAN
    if json is not None:
        write_json(json, comparison_json(comparison))
    if json != "-":
        sys.stdout.write("".join(safe_lines(line) + "\n" for line in comparison_lines(comparison)))
        asked = f"至少升{STEP_ZH[comparison.step]}：{comparison.least} 起" if comparison.step else "没有改动"
        enough = "" if comparison.is_enough else f"，新版的 {comparison.new.version} 不够"
        sys.stdout.write(f"结论：{len(comparison.changes)} 处改动，{asked}{enough}   退出码 {int(code)}\n")
    raise typer.Exit(int(code))

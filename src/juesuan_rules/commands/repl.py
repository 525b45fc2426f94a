"""`repl`: a prompt for trying expressions on a report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.commands.shared import NoCacheOption, PackOption, RegionOption, cache_folder
from juesuan_rules.diagnostics import ExitCode

if TYPE_CHECKING:
    from juesuan_rules.pipeline.options import Options

_MOST_LINES = 10_000


def run(
    path: Annotated[Path, typer.Argument(metavar="文件", help="报告文件")],
    pack: PackOption = None,
    region: RegionOption = None,
    prior: Annotated[Path | None, typer.Option("--prior", metavar="文件", help="上年的报告，表达式里用 上年.… 取数")] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Answer expressions and commands until the input ends."""
    from juesuan_rules.pipeline.options import Options

    raise typer.Exit(int(converse(path, Options(pack=pack, region=region, prior=prior, cache=cache_folder(no_cache)))))


def converse(path: Path, options: Options) -> ExitCode:
    """The prompt on one report, until the input ends; at most _MOST_LINES lines."""
    from juesuan_rules.authoring.trial.prompt import Prompt
    from juesuan_rules.pipeline.companions import load_companions
    from juesuan_rules.pipeline.load import load

    loaded = load(path, options)
    beside = load_companions(loaded, options) if options.prior else None
    prompt = Prompt(loaded.report, beside.prior if beside else None)
    friendly = sys.stdin.isatty()
    if friendly:
        _history()
        print(f"{loaded.report.identity.unit_name or path.name}，规则包 {loaded.pack.id}，读到 {len(loaded.report.tables)} 表。:帮助 列出命令。")
    for _ in range(_MOST_LINES):
        try:
            line = input("> ") if friendly else next(sys.stdin)
        except (EOFError, StopIteration):
            break
        sys.stdout.write(prompt.answer(line))
        sys.stdout.flush()
        if prompt.done:
            break
    return ExitCode.CLEAN


def _history() -> None:
    """Arrow keys and history, where the system has them."""
    import contextlib

    with contextlib.suppress(ImportError):
        import readline

        readline.set_history_length(500)

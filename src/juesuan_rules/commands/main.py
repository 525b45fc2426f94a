"""The command line `juesuan-rules`: arguments in, one command, exit code out."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from juesuan_rules.commands.chinese import PROGRAM, Group

ABOUT = "用规则核对部门决算公开报告的表内、表间勾稽关系，每个结论附算式、出处和依据。核对不联网，不改动报告。"

app = typer.Typer(cls=Group, help=ABOUT, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        from juesuan_rules.pipeline.provenance import tool

        made = tool()
        print(f"{made['name']} {made['version']}（规则语言第 {made['language']} 版）")
        raise typer.Exit(0)


@app.callback(invoke_without_command=True)
def start(ctx: typer.Context, version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version, help="显示版本后退出")] = False) -> None:
    """Without a command there is nothing to do but to show the help."""
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit(2)


_GC = (50_000, 20, 50)
"""A run makes many records that live to its end: looking for garbage among them took a tenth of it."""


def main() -> int:
    """The program: run the process's own command line; the exit code."""
    gc.set_threshold(*_GC)
    code = run_command(None)
    gc.freeze()  # what is left goes with the process; looking through it once more would only take time
    return code


def run_command(args: Sequence[str] | None) -> int:
    """Run the command line `args` (None: the process's own) in this process; the exit code."""
    _steady_streams()
    command: Any = typer.main.get_command(app)
    code: int = command.main(args=list(args) if args is not None else None, prog_name=PROGRAM, standalone_mode=False)
    return code


def _steady_streams() -> None:
    """A character the console cannot show becomes ? instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]

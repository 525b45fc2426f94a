"""`lsp`: the language server, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from juesuan_rules.diagnostics import ExitCode, UsageError


def run(
    stdio: Annotated[bool, typer.Option("--stdio", help="用标准输入输出通信（总是如此；有的编辑器会带上这个选项）")] = False,
) -> None:
    """Answer an editor on standard input and output."""
    try:
        import pygls  # noqa: F401
    except ImportError:
        raise UsageError("编辑器支持要另装：pip install 'juesuan-rules[editor]'") from None
    from juesuan_rules.editor.server import serve

    serve()
    raise typer.Exit(int(ExitCode.CLEAN))

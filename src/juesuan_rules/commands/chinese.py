"""Help and usage errors in the reader's language.

The library's own texts are English and cut Chinese lines in the middle; these two classes write
the help themselves, and `usage_text` says what was wrong with a command line.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from juesuan_rules.commands.errors import guarded

PROGRAM = "juesuan-rules"
_WIDTH = 96
_NAME_WIDTH = 26

COMMANDS: dict[str, tuple[str, str]] = {
    "eval": ("juesuan_rules.commands.evaluate", "核对一份或多份部门决算公开报告"),
    "extract": ("juesuan_rules.commands.extract", "列出从报告里读到的表和数，供核对前过目"),
    "explain": ("juesuan_rules.commands.explain", "说明一条规则：内容、依据、读哪些格；给出报告时附该报告的结果"),
    "check": ("juesuan_rules.commands.check", "检查规则包、规则文件或一条表达式，一次列出全部错误"),
    "test": ("juesuan_rules.commands.test_pack", "用规则包自带的用例检验规则包"),
}
"""Every command: the module whose function `run` it is (imported on use), and one line about it."""


class Command(TyperCommand):
    """A command whose help is Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The whole help text."""
        pieces = [f"用法：{ctx.command_path}{' [选项]' if _options(self, ctx) else ''}"]
        pieces += [_argument_name(p) for p in self.params if p.param_type_name == "argument"]
        lines = [" ".join(pieces), "", *wrap(self.help or "", "  ")]
        arguments = [(_argument_name(p), getattr(p, "help", None) or "") for p in self.params if p.param_type_name == "argument"]
        for title, rows in (("参数", arguments), ("选项", _options(self, ctx))):
            lines += ["", f"{title}：", *_columns(rows)] if rows else []
        return "\n".join(lines)


class Group(TyperGroup):
    """The program: its commands are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order an auditor meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, summary = COMMANDS[cmd_name]
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(cmd_name, cls=Command, help=summary)(import_module(module).run)
        return typer.main.get_command(alone)

    def get_help(self, ctx: Any) -> str:
        """The whole help text; no command is imported for it."""
        lines = [f"用法：{PROGRAM} [选项] 命令 [参数]…", "", *wrap(self.help or "", "  "), "", "命令："]
        lines += _columns([(name, summary) for name, (_, summary) in COMMANDS.items()])
        lines += ["", "选项：", *_columns(_options(self, ctx)), "", f"每个命令的用法：{PROGRAM} 命令 --help"]
        lines.append("退出码：0 无问题；1 有不符或存疑；2 命令或文件有误；3 规则包有错；4 文件读不出；5 没有可判断的内容")
        return "\n".join(lines)

    def main(
        self,
        args: Any = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line `args`; the exit code is returned, or the process ends with it."""
        run = super().main
        code = guarded(lambda: run(args, PROGRAM, complete_var, False, windows_expand_args, **extra))
        if standalone_mode:
            sys.exit(code)
        return code


def _argument_name(param: Any) -> str:
    name = param.metavar or param.name
    return f"{name}…" if param.nargs == -1 else name


def _options(command: Any, ctx: Any) -> list[tuple[str, str]]:
    rows = []
    for param in command.get_params(ctx):
        if param.param_type_name == "option" and not param.hidden:
            value = "" if param.is_flag or "--help" in param.opts else f" {param.metavar or '值'}"
            text = "显示本帮助后退出" if "--help" in param.opts else param.help or ""
            rows.append((", ".join(param.opts) + value, text))
    return rows


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    from wcwidth import wcswidth

    lines = []
    for name, text in rows:
        body = wrap(text, " " * (_NAME_WIDTH + 2))
        head = "  " + name
        if wcswidth(head) < _NAME_WIDTH + 1 and body:
            body[0] = head + " " * (_NAME_WIDTH + 2 - wcswidth(head)) + body[0].lstrip()
            lines += body
        else:
            lines += [head, *body]
    return lines


def wrap(text: str, indent: str) -> list[str]:
    """The text in lines of at most `_WIDTH` display columns, cut between any two wide characters."""
    from wcwidth import wcwidth

    lines, line, width = [], "", len(indent)
    for piece in re.findall(r"[\x21-\x7e]+|.", text):
        size = sum(max(wcwidth(c), 0) for c in piece)
        if width + size > _WIDTH and line and piece not in "，。；：、）」":
            lines.append(indent + line.rstrip())
            line, width = "", len(indent)
        line, width = line + piece, width + size
    return [*lines, indent + line] if line.strip() else lines

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
    "serve": ("juesuan_rules.commands.serve", "在浏览器里用的工作台：拖入报告，对着原页看问题，更正、复核、下载（只限本机）"),
    "report": ("juesuan_rules.commands.report", "核对并把全部结果、锁定文件、更正和豁免存入一个目录，别处可以重做"),
    "verify": ("juesuan_rules.commands.verify", "检验 report 保存的目录：有没有改动，重新核对是否得到同样的结果"),
    "check": ("juesuan_rules.commands.check", "检查规则包、规则文件或一条表达式，一次列出全部错误"),
    "lint": ("juesuan_rules.commands.lint", "check 的全部，另查重复、矛盾、永远成立、没有依据等，能改的可自动改"),
    "test": ("juesuan_rules.commands.test_pack", "用规则包自带的用例检验规则包"),
    "lsp": ("juesuan_rules.commands.lsp", "编辑器的语言服务：随写随查、补全、悬停说明（docs/editor.zh-CN.md）"),
    "coverage": ("juesuan_rules.commands.coverage", "逐个改动报告里印出的数，看哪些有规则看住、哪些没有"),
    "draft": ("juesuan_rules.commands.draft", "从好的报告里找出都成立的关系，写成规则草稿（不会自行启用）"),
    "fmt": ("juesuan_rules.commands.fmt", "把规则包的文件整理成统一的写法，注释不动，含义不变"),
    "new pack": ("juesuan_rules.commands.new_pack", "新建一个规则包"),
    "new rule": ("juesuan_rules.commands.new_rule", "给规则包添一条规则，连同用例和说明页"),
    "docs": ("juesuan_rules.commands.docs", "由规则包生成手册（网页或 Markdown）"),
    "pack build": ("juesuan_rules.commands.pack_build", "把规则包做成一个归档文件（.jspack），同样的内容得到同样的字节"),
    "pack verify": ("juesuan_rules.commands.pack_verify", "检验归档或已安装的规则包，一次列出全部问题"),
    "pack install": ("juesuan_rules.commands.pack_install", "从文件、目录、git、网上的索引或镜像库安装规则包，连同它要用的包"),
    "pack list": ("juesuan_rules.commands.pack_list", "列出随程序附带的和已安装的规则包"),
    "pack remove": ("juesuan_rules.commands.pack_remove", "移除已安装的规则包"),
    "pack keygen": ("juesuan_rules.commands.pack_keygen", "生成给规则包签名的密钥"),
    "pack sign": ("juesuan_rules.commands.pack_sign", "给归档或索引签名"),
    "pack trust": ("juesuan_rules.commands.pack_trust", "列出信任谁的签名，或加一个公钥"),
    "pack refresh": ("juesuan_rules.commands.pack_refresh", "从索引得知发布者撤回了什么"),
    "pack withdraw": ("juesuan_rules.commands.pack_withdraw", "在索引里撤回一个版本或其中几条规则"),
    "pack publish": ("juesuan_rules.commands.pack_publish", "做归档、签名、写入索引；版本号小于改动所要求的就不做"),
    "pack index": ("juesuan_rules.commands.pack_index", "给一个放归档的目录写索引，供网站或共享目录分发"),
    "lock": ("juesuan_rules.commands.lock", "把所用的规则包按摘要记入 juesuan.lock，供 eval --locked"),
    "diff": ("juesuan_rules.commands.diff", "比较规则包的两版：改了什么，对报告的结果有什么影响"),
    "waivers list": ("juesuan_rules.commands.waivers_list", "列出豁免，先到期的在前；可只看快到期的"),
    "waivers check": ("juesuan_rules.commands.waivers_check", "检查豁免文件，一次列出全部错误"),
    "waivers template": ("juesuan_rules.commands.waivers_template", "从 eval 的 JSON 结果写出待填的豁免文件"),
    "decisions list": ("juesuan_rules.commands.decisions_list", "列出复核意见：属实、误报、已整改、待核"),
    "decisions set": ("juesuan_rules.commands.decisions_set", "给结果里的一项记下复核意见"),
    "decisions import": ("juesuan_rules.commands.decisions_import", "并入填好意见的 CSV，或别人的复核意见文件"),
    "decisions rates": ("juesuan_rules.commands.decisions_rates", "各条规则的误报率"),
    "repl": ("juesuan_rules.commands.repl", "对着一份报告逐条试算表达式"),
}
"""Every command: the module whose function `run` it is (imported on use), and one line about it. A name of two words
is a command of a group."""

GROUPS: dict[str, str] = {
    "new": "新建规则包、规则",
    "pack": "制作、检验、安装和分发规则包",
    "waivers": "豁免：核实后接受的不符",
    "decisions": "复核意见：人对核对结果怎么看",
}
"""Groups of commands, and one line about each."""


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

    prefix = ""
    """Of a group of commands, its name and a space."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order an auditor meets them."""
        names = [name.removeprefix(self.prefix) for name in COMMANDS if name.startswith(self.prefix)]
        return list(dict.fromkeys(name.partition(" ")[0] for name in names))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command (or group of commands) of that name, or None."""
        if not self.prefix and cmd_name in GROUPS:
            return _subgroup(cmd_name)
        if self.prefix + cmd_name not in COMMANDS:
            return None
        module, summary = COMMANDS[self.prefix + cmd_name]
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(cmd_name, cls=Command, help=summary)(import_module(module).run)
        return typer.main.get_command(alone)

    def get_help(self, ctx: Any) -> str:
        """The whole help text; no command is imported for it."""
        path = f"{PROGRAM} {self.prefix}".rstrip()
        lines = [f"用法：{path} {'' if self.prefix else '[选项] '}命令 [参数]…", "", *wrap(self.help or "", "  "), "", "命令："]
        lines += _columns([(name, self._summary(name)) for name in self.list_commands(ctx)])
        lines += ["", "选项：", *_columns(_options(self, ctx)), "", f"每个命令的用法：{path} 命令 --help"]
        if self.prefix:
            return "\n".join(lines)
        lines.append("退出码：0 无问题；1 有不符或存疑；2 命令或文件有误；3 规则包有错；4 文件读不出；5 没有可判断的内容")
        return "\n".join(lines)

    def _summary(self, name: str) -> str:
        full = self.prefix + name
        return COMMANDS[full][1] if full in COMMANDS else GROUPS[name]

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


def _subgroup(name: str) -> Any:
    """The group of commands of that name."""

    class Subgroup(Group):
        prefix = f"{name} "

    return Subgroup(name=name, help=GROUPS[name] + "。")


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

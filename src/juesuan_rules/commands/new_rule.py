"""`new rule`: a rule with its cases and its page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from juesuan_rules.diagnostics import ExitCode


def run(
    rule: Annotated[str, typer.Argument(metavar="规则编号", help="如 QS-01；一经使用不再改变")],
    pack: Annotated[str, typer.Option("--pack", metavar="编号|目录", help="添到哪个规则包")],
    title: Annotated[str, typer.Option("--title", metavar="题目", help="一句话说明规则")],
    check: Annotated[str, typer.Option("--check", metavar="表达式", help="要核对的式子，如 '总表.收入[总计] == 总表.支出[总计]'")],
    when: Annotated[str | None, typer.Option("--when", metavar="表达式", help="适用条件")] = None,
    severity: Annotated[str, typer.Option("--severity", metavar="级别", help="错误、警告或提示（默认错误）")] = "错误",
    table: Annotated[str | None, typer.Option("--table", metavar="表", help="固定一张表，式子里可以只写行次")] = None,
) -> None:
    """Append a rule; its cases are found by trying figures on the engine."""
    from juesuan_rules.authoring.scaffold.rules import NewRule, create_rule
    from juesuan_rules.renderings.plain import safe
    from juesuan_rules.resources import rules_root

    made = create_rule(NewRule(rule, title, check, when, severity, table), pack, (rules_root(),))
    for path in made.files:
        sys.stdout.write(f"写好  {safe(path.as_posix())}\n")
    sys.stdout.write(f"{safe(made.todo)}\n" if made.todo else "用例两个：一个应当相符，一个应当不符，都已试过\n")
    sys.stdout.write(f"接下来：补上依据和说明页，然后 juesuan-rules test {safe(pack)} {safe(rule)}\n")
    raise typer.Exit(int(ExitCode.CLEAN))

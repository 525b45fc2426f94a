"""The prompt of `repl`: expressions and a few commands, line by line, against one report."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.authoring.trial.text import render_trial
from juesuan_rules.authoring.trial.trying import try_expression
from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.names import suggest
from juesuan_rules.renderings.plain import safe
from juesuan_rules.reports.model import Report

MAX_LINE = 4000
"""Characters of one line; an expression is no longer either."""
_ROWS_SHOWN = 80
_HELP = """直接写表达式就算出它的值或结论，例如：
  sum(01表.支出)                        一个数，连同它由哪些格得来
  支出表.基本支出                       一整栏，逐行列出
  sum(总表.支出) == 本年支出合计 ± 尾差   一个条件，逐项列出结论
命令：
  :表 [名称]       列出读到的表；写名称则列出它的部分、栏目和行
  :固定 [表名]     以后的表达式不必再写这张表（行次、栏次、行名都取自它）；不写表名则取消
  :事实            列出情况说明里读到的事实
  :全部 表达式     列出全部行和全部格
  :帮助            显示本页
  :退出            结束（或按 Ctrl+D）"""
COMMANDS = (":表", ":固定", ":事实", ":全部", ":帮助", ":退出")


class Prompt(msgspec.Struct):
    """What the prompt remembers between two lines. table: name of the table fixed by :固定."""

    report: Report
    prior: Report | None = None
    table: str | None = None
    done: bool = False

    def answer(self, line: str) -> str:
        """What one line of input gives; "" for an empty one. Never raises for what is typed."""
        text = line.strip()
        if not text:
            return ""
        if len(text) > MAX_LINE:
            return f"太长了（{len(text):,} 个字符），上限是 {MAX_LINE:,}\n"
        if text[0] not in ":：":
            return self.tried(text, False)
        word, _, rest = text[1:].strip().partition(" ")
        known: dict[str, Callable[[str], str]] = {
            "表": self.tables, "固定": self.fix, "事实": self.facts, "全部": lambda t: self.tried(t, True), "帮助": lambda _: _HELP + "\n", "退出": self.leave,
        }  # fmt: skip
        if word not in known:
            near = suggest(word, list(known))
            return f"没有“:{safe(word)}”这个命令" + (f"，是不是想写 :{near[0]}" if near else "") + "；:帮助 列出全部命令\n"
        return known[word](rest.strip())

    def tried(self, text: str, everything: bool) -> str:
        """One expression worked out."""
        if not text:
            return "后面要写表达式\n"
        return render_trial(try_expression(text, self.report, self.prior, table=self.table), everything)

    def leave(self, rest: str) -> str:
        """End."""
        self.done = True
        return ""

    def fix(self, name: str) -> str:
        """Fix a table, or no longer."""
        if not name:
            self.table = None
            return "不再固定表\n"
        spec = self._spec(name)
        if spec is None:
            return self._unknown(name)
        self.table = spec.short[0] if spec.short else spec.id
        return f"固定为《{spec.id}》：可以写 27行、[合计] 这样的简写\n"

    def tables(self, name: str) -> str:
        """The tables that were read, or the parts of one."""
        if name:
            spec = self._spec(name)
            return self._table(spec) if spec is not None else self._unknown(name)
        lines = []
        for spec in self.report.layout.tables:
            table = self.report.tables.get(spec.id)
            rows = sum(len(block.rows) for block in table.blocks.values()) if table is not None else 0
            state = f"{rows} 行，单位 {table.unit}" if table is not None else "没有读到"
            lines.append(f"  {spec.number or '  '} {spec.short[0] if spec.short else spec.id}  《{spec.id}》 {safe(state)}")
        sets = [f"{t.spec.id} {sum(len(b.rows) for b in t.blocks.values())} 行" for t in self.report.records.values() if any(b.rows for b in t.blocks.values())]
        return "\n".join([*lines, "  文字和表单：" + ("，".join(sets) or "没有读到")]) + "\n"

    def facts(self, _: str) -> str:
        """The facts the prose states."""
        table = self.report.records.get(FACTS)
        lines = []
        for block in table.blocks.values() if table is not None else ():
            for index, row in enumerate(block.rows):
                said = [f"{name} {_printed(column[index])}" for name, column in block.columns.items() if column[index].raw.strip()]
                if said:
                    lines.append(f"  {safe(row.label)}：{'，'.join(said)}")
        return "\n".join(lines or ["  情况说明里没有读到事实"]) + "\n"

    def _spec(self, name: str) -> TableSpec | None:
        return self.report.layout.table(name)

    def _unknown(self, name: str) -> str:
        near = suggest(name, [s for t in self.report.layout.tables for s in (*t.short, t.id)])
        return f"没有“{safe(name)}”这张表" + (f"，是不是想写：{'、'.join(near)}" if near else "") + "\n"

    def _table(self, spec: TableSpec) -> str:
        lines = [f"《{spec.id}》 简称 {'、'.join(spec.short) or '无'}" + (f"，表号 {spec.number}" if spec.number else "")]
        table = self.report.tables.get(spec.id) or self.report.records.get(spec.id)
        for block in spec.blocks:
            lines.append(f"  {block.name or '栏目'}：{'、'.join(c.name for c in block.columns)}")
            data = table.blocks.get(block.name) if table is not None else None
            for row in [row for row in (data.rows if data is not None else ()) if row.role != "空"][:_ROWS_SHOWN]:
                line = f"{row.line} 行 " if row.line is not None else ""
                lines.append(f"    {line}{row.code + ' ' if row.code else ''}{safe(row.label)}（{row.role}）")
        return "\n".join([*lines, *(["  这份报告里没有这张表"] if table is None else [])]) + "\n"


def _printed(amount: Amount) -> str:
    return safe(amount.raw) + (amount.unit if amount.value is not None else "")

"""Tables, rows, columns, facts and functions in words, for completion and hover (Markdown)."""

from __future__ import annotations

from juesuan_rules.catalogue.model import ColumnSpec, FactSpec, Layout, RowSpec, TableSpec
from juesuan_rules.editor.scanning import KEYWORDS
from juesuan_rules.language.functions import FAMILY_ZH, PARAMETER_ZH, Builtin
from juesuan_rules.language.layoutnames import BlockNames, short_name
from juesuan_rules.language.model import RuleText
from juesuan_rules.language.units import UNITS

FORM_ZH = {"fixed": "行由表样给定", "codes": "按科目编码列行", "panels": "几组并排的编码和金额", "wide": "一行，按栏次读", "records": "从文字或表单里读出的记录"}
_MEASURE_ZH = {"money": "金额", "percent": "百分比（数 ÷ 100）", "points": "百分点", "count": "个数", "score": "分值", "none": "数"}
_SHOWN = 12


def table_line(table: TableSpec) -> str:
    """One line about a table."""
    if table.form == "records":
        return "记录集"
    return f"{table.number}表 {table.titles[0] if table.titles else table.id}" if table.number else table.titles[0] if table.titles else table.id


def table_page(table: TableSpec) -> str:
    """All about a table."""
    lines = [f"**{short_name(table)}**　{table_line(table)}", ""]
    further = [n for n in (*table.short, table.id) if n != short_name(table)]
    if further:
        lines.append(f"- 又名：{'、'.join(dict.fromkeys(further))}")
    if table.number:
        lines.append(f"- 表号：{table.number}表")
    lines.append(f"- 样式：{FORM_ZH.get(table.form, table.form)}" + (f"，{table.chart}科目" if table.chart else ""))
    for block in table.blocks:
        columns = "、".join(c.name for c in block.columns[:_SHOWN]) + (" …" if len(block.columns) > _SHOWN else "")
        lines.append(f"- {block.name or '栏目'}：{columns}" + (f"（{len(block.rows)} 行）" if block.rows else ""))
    if table.form != "records":
        lines.append(f"- 空白作“{table.blank}”，{table.presence}")
    if table.pack:
        lines.append(f"- 见规则包 {table.pack}")
    return "\n".join(lines)


def row_line(row: RowSpec, names: BlockNames) -> str:
    """One line about a row."""
    parts = [names.address()]
    if row.key.isdigit():
        parts.append(row.key)
    if row.line is not None:
        parts.append(f"{row.line}行")
    if row.role != "明细":
        parts.append(row.role)
    return "，".join(parts)


def row_page(row: RowSpec, names: BlockNames) -> str:
    """All about a row."""
    lines = [f"**{row.label or row.key}**　{names.address()} 的一行", ""]
    lines.append(f"- 键：{row.key}" + (f"　行次：{row.line}" if row.line is not None else "") + f"　行类：{row.role}")
    if row.aliases:
        lines.append(f"- 也印作：{'、'.join(row.aliases)}")
    if row.unit:
        lines.append(f"- 单位：{row.unit}")
    if row.optional:
        lines.append("- 可以没有")
    return "\n".join(lines)


def column_line(column: ColumnSpec, names: BlockNames) -> str:
    """One line about a column."""
    group = f"{column.group}·" if column.group else ""
    ordinal = f"，{column.ordinal}栏" if column.ordinal is not None else ""
    unit = f"，{column.unit}" if column.unit else ""
    return f"{names.address()} 的 {group}{column.name} 栏{ordinal}{unit}"


def column_page(column: ColumnSpec, names: BlockNames) -> str:
    """All about a column."""
    lines = [f"**{column.name}**　{column_line(column, names)}", ""]
    if column.aliases:
        lines.append(f"- 也印作：{'、'.join(column.aliases)}")
    if column.optional and not names.is_records:
        lines.append("- 不是各家都印")
    return "\n".join(lines)


def fact_page(fact: FactSpec) -> str:
    """All about a fact."""
    lines = [f"**文字.{fact.name}**　文字里的事实（{fact.unit or '金额'}，{fact.expected}）", ""]
    if fact.names:
        shown = "、".join(fact.names[:_SHOWN]) + (f" 等 {len(fact.names)} 种" if len(fact.names) > _SHOWN else "")
        lines.append(f"- 说法：{shown}")
    for title, words in (("只在标题含有下列字样的节里", fact.sections), ("不在标题含有下列字样的节里", fact.outside), ("句中须有", fact.needs), ("句中不得有", fact.without)):
        if words:
            lines.append(f"- {title}：{'、'.join(words)}")
    lines += [f"- 句式：{pattern}" for pattern in fact.patterns[:4]]
    if fact.pack:
        lines.append(f"- 见规则包 {fact.pack}")
    return "\n".join(lines)


def function_label(builtin: Builtin) -> str:
    """`sum(一组金额, …)`."""
    required = len(builtin.parameters) - builtin.optional
    parts = [PARAMETER_ZH[p] + ("（可省）" if n >= required else "") for n, p in enumerate(builtin.parameters)]
    return f"{builtin.name}({', '.join(parts)}{', …' if builtin.repeats else ''})"


def function_page(builtin: Builtin) -> str:
    """All about a built-in."""
    lines = [f"**{function_label(builtin)}**　{FAMILY_ZH[builtin.family]}，得{builtin.result}", "", builtin.doc]
    if builtin.aliases:
        lines.append(f"\n又名：{'、'.join(builtin.aliases)}")
    return "\n".join([*lines, f"\n```\n{builtin.example}\n```"])


def keyword_page(word: str) -> str:
    """About a keyword; "" for other words."""
    return f"**{word}**　{KEYWORDS[word]}" if word in KEYWORDS else ""


def unit_page(name: str) -> str:
    """About a unit; "" for other words."""
    unit = UNITS.get(name)
    return f"**{name}**　{_MEASURE_ZH.get(unit.measure, '')}的单位" if unit is not None and name else ""


def dictionary_page(name: str, layout: Layout) -> str:
    """About a dictionary; "" for other names."""
    found = layout.dictionary(name)
    if found is None:
        return ""
    lines = [f"**{found.name}**　词典，{len(found.entries)} 项，{'已核验' if found.verified else '未核验'}", ""]
    lines += [f"- {word}{'：' + meaning if meaning else ''}" for word, meaning in found.entries[:_SHOWN]]
    return "\n".join([*lines, *(["- …"] if len(found.entries) > _SHOWN else []), *([f"\n来源：{found.source}"] if found.source else [])])


def rule_page(rule: RuleText) -> str:
    """All about a rule."""
    lines = [f"**{rule.id}**　{rule.title}", "", f"- 级别：{rule.severity}　规则包：{rule.pack}" + (f"，由 {rule.changed_by} 改动" if rule.changed_by else "")]
    if rule.table:
        lines.append(f"- 表：{rule.table}")
    lines += [f"- 核对：`{' '.join(check.text.split())}`" for check in rule.checks[:6]]
    if rule.when is not None:
        lines.append(f"- 条件：`{' '.join(rule.when.text.split())}`")
    lines += [f"- 依据：{number} {clause}（{verified}）" for number, clause, verified in rule.basis]
    return "\n".join(lines)

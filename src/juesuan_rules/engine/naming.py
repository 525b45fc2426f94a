"""How rows, cells and tables are called in sentences, and in the form a rule would write them."""

from __future__ import annotations

import re

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.catalogue.records import FACTS, VALUE
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.reports.model import Row

_PLAIN = re.compile(r"^[\w*]+$")
_SCOPES = {-1: "上年.", 0: ""}


def quoted(name: str) -> str:
    """A name as a rule writes it: in 「」 where it holds punctuation or spaces."""
    return name if _PLAIN.match(name) else f"「{name}」"


def short_name(spec: TableSpec) -> str:
    """The table's short name in rules (总表), or its full name where it has none."""
    return spec.short[0] if spec.short else spec.id


def row_label(sheet: Sheet, key: str) -> str:
    """The row's standard name; its key where the name is none or stands in the block twice."""
    position = sheet.index.get(key)
    if position is not None:
        label = sheet.rows[position].label
    else:
        label = next((spec.label for spec in sheet.block.spec.rows if spec.key == key), key)
    return label if label and (key.isdigit() or sheet.records or not sheet.repeated(label)) else key


def row_name(sheet: Sheet, key: str) -> str:
    """A row in a sentence: 2010301 行政运行, 本年支出合计."""
    label, code = row_label(sheet, key), _code(sheet, key)
    return f"{code} {label}" if code and code != label else label


def _code(sheet: Sheet, key: str) -> str | None:
    if sheet.records and not sheet.table.spec.chart:
        return None
    position = sheet.index.get(key)
    code = sheet.rows[position].code if position is not None else None
    return code or (key if key.isdigit() else None)


def cell_name(cell: Cell) -> str:
    """A cell as a rule would write it: 总表[本年支出合计].金额, 总表.支出[总计].金额, 支出表[2010301].基本支出."""
    sheet, spec = cell.sheet, cell.table.spec
    head = _SCOPES.get(sheet.scope, f"所属单位{sheet.scope}.") + short_name(spec)
    label = row_label(sheet, cell.key)
    code = _code(sheet, cell.key) if spec.form in ("codes", "panels", "records") else None
    if sheet.records and code is None:
        return head + _record_name(cell, label)
    if sheet.named_elsewhere(label):
        head += "." + quoted(sheet.block.spec.name)
    return f"{head}[{code or quoted(label)}].{quoted(cell.column)}"


def _record_name(cell: Cell, label: str) -> str:
    """文字.支出总计, 文字[支出总计].增减率, 增减「基本支出」.增减率, 自评表「某项目」.指标「培训人次」.得分."""
    sheet = cell.sheet
    if cell.table.spec.id == FACTS:
        return f".{quoted(label)}" if cell.column == VALUE else f"[{quoted(label)}].{quoted(cell.column)}"
    owner = _owner(sheet, cell.key) if sheet.block.spec.name else ""
    part = f"「{owner}」" if owner else ""
    part += f".{quoted(sheet.block.spec.name)}" if sheet.block.spec.name else ""
    return f"{part}「{label}」.{quoted(cell.column)}"


def _owner(sheet: Sheet, key: str) -> str:
    """Label of the record of the table's main block that a row of another block belongs to."""
    position = sheet.index.get(key)
    parent = sheet.rows[position].parent if position is not None else None
    main = sheet.table.blocks.get("")
    return next((row.label for row in main.rows if row.key == parent), "") if main is not None and parent is not None else ""


_WHOLE = "总体名"
_NAMING = (_WHOLE, "基期", "种类", "单位", "一级指标", "二级指标", "项目", "来源")
"""Columns of record sets that name what a record is about, beside its label."""
_DEEPEST = 6


def record_place(sheet: Sheet, key: str) -> str:
    """A record apart from others of its label, by names only: 占比/一般公共预算财政拨款支出/本年支出合计."""
    parts = [sheet.table.spec.id, sheet.block.spec.name]
    position = sheet.index.get(key)
    if position is not None:
        row = sheet.rows[position]
        cells = {name: sheet.block.columns[name][position] for name in _NAMING if name in sheet.block.columns}
        named = {name: cell.raw.strip() for name, cell in cells.items() if cell.value is None}
        # Whether a share stands below its total depends on the figures; what it is a share of does not.
        parts += [] if named.get(_WHOLE) else _ancestors(sheet, row.parent)
        parts += named.values()
        if sheet.repeated(row.label):
            parts.append(next((below.label for below in sheet.rows if below.parent == key), ""))
    return "/".join(filter(None, parts))


def _ancestors(sheet: Sheet, parent: str | None) -> list[str]:
    """Labels of what a record belongs to, the nearest first: the total it is a part of, its form."""
    found: list[str] = []
    main = sheet.table.blocks.get("")
    while parent is not None and len(found) < _DEEPEST:
        at = sheet.index.get(parent)
        row = sheet.rows[at] if at is not None else next((one for one in main.rows if one.key == parent), None) if main is not None else None
        if row is None:
            break
        found.append(row.label)
        parent = row.parent
    return found


def row_text(row: Row) -> str:
    """A row as printed: code and name, or the name alone."""
    name = row.raw_label.strip() or row.label
    return f"{row.code} {name}" if row.code else name


def table_title(books: Books, table: str) -> str:
    """01 表《收入支出决算总表》; without the number where the layout has none."""
    spec = books.report.layout.table(table)
    number = f"{spec.number} 表" if spec is not None and spec.number else ""
    return f"{number}《{table}》"

"""How rows, cells and tables are called in sentences, and in the form a rule would write them."""

from __future__ import annotations

import re

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell
from juesuan_rules.reports.model import BlockData, Row, Table

_PLAIN = re.compile(r"^[\w*]+$")
SCOPES = {-1: "上年.", 0: ""}


def quoted(name: str) -> str:
    """A name as a rule writes it: in 「」 where it holds punctuation or spaces."""
    return name if _PLAIN.match(name) else f"「{name}」"


def short_name(spec: TableSpec) -> str:
    """The table's short name in rules (总表), or its full name where it has none."""
    return spec.short[0] if spec.short else spec.id


def row_label(block: BlockData, key: str, row: Row | None) -> str:
    """The row's standard name, from the layout where the report does not have the row."""
    if row is not None:
        return row.label
    return next((spec.label for spec in block.spec.rows if spec.key == key), key)


def row_address(table: Table, block: BlockData, key: str, row: Row | None) -> str:
    """What stands in […]: the code in tables of codes, else the label."""
    code = row.code if row is not None else key if key.isdigit() else None
    return code if code and table.spec.form in ("codes", "panels") else quoted(row_label(block, key, row))


def cell_name(cell: Cell) -> str:
    """A cell as a rule would write it: 总表[本年支出合计].金额, 总表.支出[总计].金额, 支出表[2010301].基本支出."""
    sheet, spec = cell.sheet, cell.table.spec
    head = SCOPES.get(sheet.scope, f"所属单位{sheet.scope}.") + short_name(spec)
    label = row_label(sheet.block, cell.key, cell.row)
    if len(spec.blocks) > 1 and sheet.named_elsewhere(label) and sheet.named_elsewhere(cell.column):
        head += "." + quoted(sheet.block.spec.name)
    return f"{head}[{row_address(cell.table, sheet.block, cell.key, cell.row)}].{quoted(cell.column)}"


def key_text(table: Table | None, block: BlockData | None, key: str | None, column: str | None) -> str:
    """A verdict's key for readers: 2010301 行政运行; with the column where the check has one per column."""
    parts = []
    if key is not None:
        row = next((row for row in block.rows if row.key == key), None) if block is not None else None
        label = row.label if row is not None else row_label(block, key, None) if block is not None else key
        code = (row.code if row is not None else None) or (key if key.isdigit() else None)
        parts.append(f"{code} {label}" if code and code != label else label)
    if column is not None:
        parts.append(column)
    return " · ".join(parts)


def row_text(row: Row) -> str:
    """A row in a sentence: code and name, or the name alone."""
    name = row.raw_label.strip() or row.label
    return f"{row.code} {name}" if row.code else name


def table_title(books: Books, table: str) -> str:
    """《收入支出决算总表》; with the printed number where the layout has one."""
    spec = books.report.layout.table(table)
    number = f"{spec.number} 表 " if spec is not None and spec.number else ""
    return f"{number}《{table}》"

"""Tables with one row of amounts under many columns (12-column 三公表), read by 栏次."""

from __future__ import annotations

from collections import Counter

from juesuan_rules.catalogue.model import BlockSpec
from juesuan_rules.documents.model import GridCell
from juesuan_rules.reports.building import TableBuilder
from juesuan_rules.reports.choosing import row_names
from juesuan_rules.reports.header import ColumnHead
from juesuan_rules.reports.model import Row
from juesuan_rules.reports.sheet import folded, has_digit, is_figure, labelled

_MOST_COUNTS = 3
Position = tuple[str, str]
"""(row key, column name)."""


def read_wide(table: TableBuilder, heads: list[ColumnHead]) -> bool:
    """Reads the row of amounts; False where the columns cannot be told apart."""
    sheet, spec = table.sheet, table.spec.blocks[0]
    rows = [r for r in range(sheet.header, len(sheet.texts)) if any(has_digit(t) for t in sheet.texts[r])]
    positions = _by_ordinals(table, heads) or _by_words(spec, heads)
    if not positions:
        return False
    wanted = {(row, column) for _, row, column in table.spec.wide}
    if missing := [f"{row}·{column}" for row, column in sorted(wanted - set(positions.values()))]:
        table.report("缺列", f"没有这些栏：{'、'.join(missing)}", sheet.place)
    value_row = rows[0] if rows else -1
    if value_row >= 0 and len(sheet.texts[value_row]) < max(positions) + 1 and not sheet.ragged:
        table.report("行错位", "数字的个数与栏数不符", sheet.cell(value_row, 0).place, blocking=True)
    _fill(table, spec, {position: column for column, position in positions.items()}, value_row)
    for extra in rows[1:]:
        if _counts(sheet.texts[extra]):
            table.take(extra, *range(len(sheet.texts[extra])))
            continue
        table.report("行不识别", "本表应只有一行数字，却有不止一行，只读第一行", sheet.cell(extra, 0).place)
        table.take(extra, *range(len(sheet.texts[extra])))
    return True


def _counts(texts: list[str]) -> bool:
    """A row of 相关统计数 printed under the amounts: a label, and hardly a figure beside it."""
    first = next(text for text in texts if text)
    return not is_figure(first) and sum(map(is_figure, texts)) <= _MOST_COUNTS


def _by_ordinals(table: TableBuilder, heads: list[ColumnHead]) -> dict[int, Position]:
    """Grid column -> address, by the 栏次 row; empty where it is missing or incomplete."""
    meaning = {ordinal: (row, column) for ordinal, row, column in table.spec.wide}
    found = {head.index: meaning[head.ordinal] for head in heads if head.ordinal in meaning}
    return found if len(found) == len(meaning) and _agrees(table.spec.blocks[0], heads, found) else {}


def _agrees(spec: BlockSpec, heads: list[ColumnHead], found: dict[int, Position]) -> bool:
    """Whether at least the column names (预算数, 决算数) printed above fit the 栏次; garbled ones may."""
    names = {c.name: {folded(n) for n in (c.name, *c.aliases)} for c in spec.columns}
    for head in heads:
        if head.index in found:
            told = [name for name, known in names.items() if known & set(head.path)]
            if told and found[head.index][1] not in told:
                return False
    return True


def _by_words(spec: BlockSpec, heads: list[ColumnHead]) -> dict[int, Position]:
    """Grid column -> address, by all header texts above it: the lowest that names a row decides.

    An address two columns lay claim to belongs to neither.
    """
    names = row_names(spec)
    columns = {folded(n): c.name for c in spec.columns for n in (c.name, *c.aliases)}
    result: dict[int, Position] = {}
    for head in heads:
        column = next((columns[text] for text in reversed(head.path) if text in columns), None)
        row = next((spec.rows[i].key for text in reversed(head.path) for i in range(len(names)) if labelled(text) in names[i]), None)
        if column and row:
            result[head.index] = (row, column)
    claims = Counter(result.values())
    result = {index: position for index, position in result.items() if claims[position] == 1}
    return result if len(result) >= len(spec.columns) * 2 else {}


def _fill(table: TableBuilder, spec: BlockSpec, where: dict[Position, int], value_row: int) -> None:
    columns = [c.name for c in spec.columns if any(c.name == column for _, column in where)]
    builder = table.block(spec, columns)
    sheet = table.sheet
    for row in spec.rows:
        places = [where.get((row.key, column)) for column in columns]
        if all(place is None for place in places):
            continue
        anchor = sheet.cell(value_row, 0) if value_row >= 0 else GridCell("", sheet.place)
        amounts = [table.read(value_row, p) if p is not None and value_row >= 0 else table.blank(anchor) for p in places]
        table.add(builder, Row(row.key, row.label, row.label, role=row.role, place=anchor.place), amounts)

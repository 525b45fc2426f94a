"""Blocks of a document → its standard tables, every figure in its cell, and what could not be settled."""

from __future__ import annotations

from collections import Counter

import msgspec
from msgspec.structs import replace

from juesuan_rules.amounts import UNITS
from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.catalogue.words import words_of
from juesuan_rules.documents.model import Document, GridBlock, GridCell
from juesuan_rules.reports.building import TableBuilder
from juesuan_rules.reports.candidates import Candidate, first_label, gather, same_header
from juesuan_rules.reports.choosing import HEADER_ROWS, SpecIndex, choose, index_specs, row_names
from juesuan_rules.reports.codes import read_codes
from juesuan_rules.reports.completing import complete_codes
from juesuan_rules.reports.fixed import read_fixed
from juesuan_rules.reports.header import ColumnHead, find_header, read_heads, spread_header
from juesuan_rules.reports.model import Problem, Table
from juesuan_rules.reports.panels import read_panels
from juesuan_rules.reports.sheet import Sheet, Words, is_code, is_integer, labelled, make_sheet
from juesuan_rules.reports.titles import header_unit, index_titles
from juesuan_rules.reports.wide import read_wide

NOMINAL_UNIT = "万元"
"""What figures of a table of unknown unit are read in; such a table is blocked, so they are not used."""
LONG_FORM_ROWS = 3
"""A table that can be printed long or wide is long when this many of its rows have labels."""


class Chosen(msgspec.Struct):
    """A candidate that is a standard table, and how that was decided."""

    candidate: Candidate
    spec: TableSpec
    sheet: Sheet
    told: str
    labels: frozenset[str]
    lines: frozenset[int]
    told_after: str = ""


def recognise_tables(document: Document, layout: Layout, money_unit: str | None) -> tuple[dict[str, Table], tuple[GridBlock, ...], tuple[Problem, ...]]:
    """The standard tables of `document` by canonical id, its other grids, and problems of no one table.

    Tables are known by title and header, never by number. `money_unit`: what the report as a whole
    says its amounts are in (万元 …), for tables that print none.
    """
    words = words_of(layout)
    indexes = index_specs(layout, words)
    chosen, others, problems = _choose_all(document, layout, indexes, words)
    for item in chosen:
        item.candidate.around.unit = item.candidate.around.unit or header_unit(item.sheet.texts[:HEADER_ROWS])
    units = Counter(c.candidate.around.unit for c in chosen if c.candidate.around.unit)
    if money_unit not in UNITS:
        money_unit = next(iter(units)) if len(units) == 1 else None
    tables: dict[str, Table] = {}
    for item in chosen:
        table = _read(item, words, money_unit)
        first = tables.get(table.spec.id)
        if first is None:
            tables[table.spec.id] = table
        else:
            tables[table.spec.id], problem = _repeated(first, table)
            if problem.blocking or first.place.file == table.place.file:  # an attachment may well repeat the report
                problems.append(problem)
            others.append(table.grid)
    numbered = {item.spec.id for item in chosen if item.sheet.ordinals >= 0}
    exempt = {item.spec.id for item in chosen if item.spec.wide and _is_long(item.sheet, item.labels)}
    return complete_codes(_tell_missing_ordinals(tables, numbered, exempt)), tuple(others), tuple(problems)


# ------------------------------------------------------------------ which grid is which table


def _choose_all(document: Document, layout: Layout, indexes: tuple[SpecIndex, ...], words: Words) -> tuple[list[Chosen], list[GridBlock], list[Problem]]:
    chosen: list[Chosen] = []
    others: list[GridBlock] = []
    problems: list[Problem] = []
    last: Chosen | None = None
    candidates = gather(document, index_titles(layout))
    titled = frozenset(c.title_id for c in candidates if c.title_id and c.adjacent)
    for candidate in candidates:
        if last is not None and candidate.gap < 2 and _goes_on(last, candidate):
            _append(last, candidate)
            continue
        sheet = make_sheet(candidate.rows, candidate.kind, candidate.place)
        spec, told = choose(indexes, sheet, candidate.title_id, candidate.adjacent, candidate.above, titled) if sheet.texts else (None, "")
        if spec is None:
            if last is not None and candidate.gap == 0 and candidate.title_id is None:
                last.told_after = "表后紧接着的一段表格认不出是不是它的续页，没有读入"
            last = None
            others.extend(candidate.parts)
            if told:
                problems.append(Problem("表头不识别", told, place=candidate.place))
            continue
        labels = frozenset(name for block in spec.blocks for names in row_names(block) for name in names)
        lines = frozenset(row.line for block in spec.blocks for row in block.rows if row.line is not None)
        last = Chosen(candidate, spec, sheet, told, labels, lines)
        chosen.append(last)
    for item in chosen:
        if len(item.candidate.parts) > 1:
            item.sheet = make_sheet(item.candidate.rows, item.candidate.kind, item.candidate.place)
    return chosen, others, problems


def _goes_on(last: Chosen, candidate: Candidate) -> bool:
    """Whether a grid after a page end holds further rows of the table before it."""
    if candidate.kind != last.candidate.kind or not candidate.rows:
        return False
    repeated = same_header(last.candidate.rows, candidate.rows)
    if repeated and first_label(candidate.rows, repeated) == first_label(last.candidate.rows, repeated):
        return False
    if candidate.title_id is not None and candidate.title_id != last.spec.id:
        return False
    filled = [row for row in candidate.rows[repeated : repeated + 20] if any(cell.text.strip() for cell in row)][:6]
    fitting = sum(1 for row in filled if _fits(row, last))
    return bool(filled) and (fitting == len(filled) if candidate.gap else 2 * fitting > len(filled))


def _fits(row: tuple[GridCell, ...], last: Chosen) -> bool:
    texts = [labelled(cell.label) for cell in row if cell.text]
    if last.spec.form == "codes":
        return bool(texts) and (is_code(texts[0]) or texts[0] in last.labels)
    if any(text in last.labels or (last.spec.form == "panels" and is_code(text) and len(text) in (3, 5)) for text in texts):
        return True
    numbers = [int(text) for text in texts if is_integer(text)]
    return bool(numbers) and all(number in last.lines for number in numbers)


def _append(last: Chosen, candidate: Candidate) -> None:
    repeated = same_header(last.candidate.rows, candidate.rows)
    last.candidate.rows.extend(candidate.rows[repeated:])
    last.candidate.parts.extend(candidate.parts)


# ------------------------------------------------------------------ one table


def _read(item: Chosen, words: Words, money_unit: str | None) -> Table:
    spec, sheet, around = item.spec, item.sheet, item.candidate.around
    unit = around.unit or money_unit or ""
    builder = TableBuilder(spec, sheet, unit or NOMINAL_UNIT)
    has_columns = any(block.columns for block in spec.blocks)
    if has_columns:
        heads = _heads(item, words)
        if item.told not in ("", "表头"):
            builder.report("表头不识别", item.told, sheet.place)
        if not _read_rows(builder, heads, words, item.labels):
            builder.blocks.clear()
            builder.problems.clear()
            builder.used = [set(range(len(texts))) for texts in sheet.texts]
            builder.report("表头不识别", f"认不出“{spec.id}”的栏目，表中数字没有读入", sheet.place, blocking=True)
    else:
        builder.used = [set(range(len(texts))) for texts in sheet.texts]
        builder.notes.append("只认表名，不读数字：表样中没有它的栏目")
    if item.told_after:
        builder.report("跨页残缺", item.told_after, sheet.place)
    if not unit and has_columns:
        builder.report("单位不明", "没有印金额单位，全文也没有说明", sheet.place, blocking=True)
    blocks = builder.finish()
    figures = any(a.state in ("number", "zero", "unreadable") for block in blocks.values() for column in block.columns.values() for a in column)
    notes = (*builder.notes, *(["由 " + str(len(item.candidate.parts)) + " 段拼接"] if len(item.candidate.parts) > 1 else []), *sheet.notes)
    return Table(
        spec, around.title or spec.id, unit, blocks, sheet.grid(), sheet.header, around.number, around.unit_name, around.year,
        has_columns and not figures and bool(blocks), item.candidate.place, notes, tuple(builder.problems),
    )  # fmt: skip


def _heads(item: Chosen, words: Words) -> list[ColumnHead]:
    find_header(item.sheet, words, item.labels)
    if item.sheet.kind == "cells":
        spread_header(item.sheet, item.spec, words)
    return read_heads(item.sheet, words)


def _read_rows(builder: TableBuilder, heads: list[ColumnHead], words: Words, labels: frozenset[str]) -> bool:
    spec, sheet = builder.spec, builder.sheet
    if spec.wide and not _is_long(sheet, labels):
        return read_wide(builder, heads)
    if spec.form == "codes":
        return read_codes(builder, heads, words)
    if spec.form == "panels":
        return read_panels(builder, heads, words)
    return read_fixed(builder, heads, words)


def _is_long(sheet: Sheet, labels: frozenset[str]) -> bool:
    return sum(1 for row in sheet.cells if row and labelled(row[0].label) in labels) >= LONG_FORM_ROWS


# ------------------------------------------------------------------ what only the whole report tells


def _repeated(first: Table, second: Table) -> tuple[Table, Problem]:
    """The table to keep of two with one id, and the problem: figures that differ cannot be relied on."""
    same = _figures(first) == _figures(second)
    keep, drop = (first, second) if not first.empty or second.empty else (second, first)
    message = f"“{first.spec.id}”印了两次，" + ("数字相同，只读一次" if same else "数字不同，无法确定以哪一张为准")
    problem = Problem("重复表", message, first.spec.id, place=drop.place, blocking=not same and not drop.empty)
    return replace(keep, problems=(*keep.problems, problem)) if problem.blocking else keep, problem


def _figures(table: Table) -> list[tuple[str, str, tuple[object, ...]]]:
    return [(name, column, tuple(a.value for a in amounts)) for name, block in table.blocks.items() for column, amounts in block.columns.items()]


def _tell_missing_ordinals(tables: dict[str, Table], numbered: set[str], exempt: set[str]) -> dict[str, Table]:
    """A missing 栏次 row is told only where the publisher prints one in other tables (`numbered`)."""
    if not numbered:
        return tables
    result = dict(tables)
    for table in [t for t in tables.values() if t.spec.numbers_row and t.blocks and t.spec.id not in numbered | exempt]:
        problem = Problem("缺栏次", "没有栏次行", table.spec.id, place=table.place)
        result[table.spec.id] = replace(table, problems=(*table.problems, problem))
    return result

"""Headers: where the header ends, and which column is which, by its words and by the 栏次 row."""

from __future__ import annotations

import msgspec

from juesuan_rules.catalogue.model import ColumnSpec, TableSpec
from juesuan_rules.reports.celled import place_header, place_panels
from juesuan_rules.reports.sheet import Sheet, Words, folded, insert_blanks, is_code, is_figure, is_integer, labelled

MAX_HEADER = 10
"""Rows with anything in them that a header may have."""


class ColumnHead(msgspec.Struct):
    """A column as its header tells it: kind 编码 名称 项目 行次 or "" (an amount, or unknown);
    own: the lowest header text in it; group: the text above that; ordinal: its 栏次."""

    index: int
    own: str = ""
    group: str = ""
    kind: str = ""
    ordinal: int | None = None
    path: tuple[str, ...] = ()


class ColumnMap(msgspec.Struct):
    """Which grid column holds which amount column, and what could not be settled.

    guessed: columns known by likeness or position only. extra: grid columns no spec column is in.
    """

    columns: dict[str, int] = msgspec.field(default_factory=dict)
    missing: list[str] = msgspec.field(default_factory=list)
    guessed: list[str] = msgspec.field(default_factory=list)
    conflict: bool = False
    extra: list[ColumnHead] = msgspec.field(default_factory=list)


def find_header(sheet: Sheet, words: Words, row_labels: frozenset[str]) -> None:
    """Sets `sheet.header` and `sheet.ordinals`: the first row with a code, a row label or an amount
    begins the data."""
    seen = 0
    for row in range(len(sheet.texts)):
        filled = [text for text in sheet.texts[row] if text]
        if not filled or seen > MAX_HEADER:
            continue
        seen += 1
        if is_ordinals(filled, words, sheet.ordinals >= 0):
            sheet.ordinals = row if sheet.ordinals < 0 else sheet.ordinals
        elif _is_data(sheet, row, filled, words, row_labels):
            sheet.header = row
            _find_late_ordinals(sheet, words)
            return
    sheet.header = next((r for r in range(len(sheet.texts) - 1, -1, -1) if any(sheet.texts[r])), -1) + 1


def _find_late_ordinals(sheet: Sheet, words: Words) -> None:
    """A marked 栏次 row that slipped below the first data rows is still the 栏次 row."""
    if sheet.ordinals < 0:
        for row in range(sheet.header, min(sheet.header + 3, len(sheet.texts))):
            filled = [text for text in sheet.texts[row] if text]
            if len(filled) > 1 and filled[0] in words["栏次"] and is_ordinals(filled, words, False):
                sheet.ordinals = row


def is_ordinals(filled: list[str], words: Words, seen: bool) -> bool:
    """Whether these non-empty texts are a 栏次 row, or the torn-off rest of one (1 2 3 …)."""
    numbers = [int(text) for text in filled if is_integer(text)]
    marked = any(text.startswith(word) for text in filled for word in words["栏次"])
    others = [text for text in filled if not is_integer(text) and not any(text.startswith(w) for w in words["栏次"])]
    if others:
        return False
    return marked or (len(numbers) >= (2 if seen else 3) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] == 1)


def _is_data(sheet: Sheet, row: int, filled: list[str], words: Words, row_labels: frozenset[str]) -> bool:
    if any(is_figure(text) and not is_integer(text) and not is_code(text) and "." in text for text in filled):
        return True
    if is_code(filled[0]) or (is_integer(filled[0]) and len(filled) > 1 and not is_integer(filled[1])):
        return True
    first = next(labelled(cell.label) for cell, text in zip(sheet.cells[row], sheet.texts[row], strict=True) if text)
    if first in words["合计行"]:
        return all(text in words["合计行"] or is_figure(text) for text in filled)
    return first in row_labels


def spread_header(sheet: Sheet, spec: TableSpec, words: Words) -> None:
    """For kind "cells": puts header rows, the 栏次 row and 合计 rows at their columns."""
    if sheet.ordinals >= 0 and 0 < (short := sheet.width - len(sheet.texts[sheet.ordinals])) and not is_integer(sheet.texts[sheet.ordinals][0]):
        insert_blanks(sheet, sheet.ordinals, 0, short)
    placed = place_header(sheet, spec, words)
    if spec.form == "panels":
        place_panels(sheet)
    full = next((r for r in range(sheet.header) if len(sheet.texts[r]) == sheet.width and any(sheet.texts[r])), None)
    label_words = words["编码"] | words["名称"] | words["编码分栏"]
    for row in range(len(sheet.texts)):
        short = sheet.width - len(sheet.texts[row])
        if short <= 0 or not sheet.texts[row]:
            continue
        first = sheet.texts[row][0]
        if first in words["合计行"] or any(first.startswith(w) for w in words["栏次"]):
            insert_blanks(sheet, row, 0, short)
        elif row < sheet.header and full is not None and not placed:
            _spread(sheet, row, full, label_words)


def _spread(sheet: Sheet, row: int, full: int, label_words: frozenset[str]) -> None:
    """Gives each cell of a short upper row the run of cells below it that it spans."""
    runs: list[int] = []
    previous = ""
    for text in sheet.texts[full]:
        kind = "" if not text else "label" if text in label_words else "amount"
        if not kind or kind != previous:
            runs.append(1)
        else:
            runs[-1] += 1
        previous = kind
    cells = len(sheet.texts[row])
    if len(runs) != cells:
        lower = sheet.texts[full]
        starts = [i for i, text in enumerate(lower) if text and text == lower[0]]
        if len(starts) != cells:
            return
        runs = [b - a for a, b in zip(starts, [*starts[1:], sheet.width], strict=True)]
    at = 0
    for run in runs:
        insert_blanks(sheet, row, at, run - 1)
        at += run


def read_heads(sheet: Sheet, words: Words) -> list[ColumnHead]:
    """One ColumnHead per grid column."""
    heads = [ColumnHead(i) for i in range(sheet.width)]
    filled_down: list[str] = ["" for _ in heads]
    if sheet.ordinals >= 0 and sheet.is_whole(sheet.ordinals):
        _read_ordinals(sheet.texts[sheet.ordinals], heads)
    for row in range(sheet.header):
        texts = sheet.texts[row]
        if row == sheet.ordinals or (sheet.ordinals >= 0 and row > sheet.ordinals) or not sheet.is_whole(row):
            continue
        above = list(filled_down)
        left, owner = "", ""
        for head in heads:
            text = texts[head.index] if head.index < len(texts) else ""
            if text:
                left, owner = text, above[head.index]
                head.group, head.own = above[head.index] or head.own, text
                head.path = (*head.path, text)
                filled_down[head.index] = text
            elif left and above[head.index] == owner and not (head.own and above[head.index] == head.own):
                head.path = (*head.path, left)
                filled_down[head.index] = left
    for head in heads:
        head.kind = _kind(head, words)
    return heads


def _read_ordinals(texts: list[str], heads: list[ColumnHead]) -> None:
    for head in heads:
        text = texts[head.index] if head.index < len(texts) else ""
        if is_integer(text):
            head.ordinal = int(text)


def _kind(head: ColumnHead, words: Words) -> str:
    """编码 and 名称 wherever they stand in the column's header; the others only lowest."""
    for kind in ("编码", "名称"):
        if any(text in words[kind] for text in head.path):
            return kind
    if head.own in words["编码分栏"] and head.group:
        return "编码"
    return next((kind for kind in ("项目", "行次") if head.own in words[kind]), "")


def map_columns(specs: tuple[ColumnSpec, ...], heads: list[ColumnHead]) -> ColumnMap:
    """Finds each amount column among `heads` (those of its block): words first, 栏次 in doubt."""
    result = ColumnMap()
    free = [head for head in heads if not head.kind]
    known = frozenset(name for spec in specs for name in _names(spec))
    for spec in specs:
        named = [head for head in free if _plain(head.own) in _names(spec)]
        if not named:
            named = [head for head in free if folded(spec.name) in head.path[:-1] and head.own not in known]
        if len(named) > 1 and spec.group:
            named = [head for head in named if head.group == folded(spec.group)] or named
        if len(named) > 1:
            named = [head for head in named if head.ordinal is not None and head.ordinal == spec.ordinal] or named[:1]
        if named:
            result.columns[spec.name] = named[0].index
            free.remove(named[0])
    _by_first_name(specs, heads, result, free)
    for spec in specs:
        if spec.name not in result.columns:
            fitting = [head for head in free if spec.ordinal is not None and head.ordinal == spec.ordinal]
            if fitting:
                result.columns[spec.name] = fitting[0].index
                free.remove(fitting[0])
    if any(spec.name not in result.columns and not spec.optional for spec in specs) and (numbered := _all_by_ordinal(specs, heads)):
        return ColumnMap(numbered)
    _by_likeness(specs, result, free)
    _by_position(specs, result, free, heads)
    result.extra = [head for head in heads if not head.kind and head.index not in result.columns.values()]
    result.missing = [spec.name for spec in specs if spec.name not in result.columns and not spec.optional]
    result.conflict = _in_conflict(specs, heads, result)
    return result


def _all_by_ordinal(specs: tuple[ColumnSpec, ...], heads: list[ColumnHead]) -> dict[str, int]:
    """Every column by its 栏次, for a header whose words stand in the wrong places; {} if one lacks."""
    by_ordinal = {head.ordinal: head.index for head in heads if head.ordinal is not None}
    result = {spec.name: by_ordinal[spec.ordinal] for spec in specs if not spec.optional and spec.ordinal in by_ordinal}
    return result if len(result) == sum(not spec.optional for spec in specs) else {}


def _names(spec: ColumnSpec) -> frozenset[str]:
    return frozenset(folded(name) for name in (spec.name, *spec.aliases))


def _plain(text: str) -> str:
    """A header text without its unit in brackets: 金额(万元)."""
    head, bracket, inside = text.partition("(")
    return head if bracket and inside.rstrip(")").endswith(("元", "%")) else text


def _by_first_name(specs: tuple[ColumnSpec, ...], heads: list[ColumnHead], result: ColumnMap, free: list[ColumnHead]) -> None:
    """Where an alias took a column that another spec is really called by, gives it back."""
    by_index = {head.index: head for head in heads}
    for spec in specs:
        if spec.name in result.columns:
            continue
        for other, index in result.columns.items():
            if by_index[index].own == folded(spec.name) and folded(other) != folded(spec.name):
                del result.columns[other]
                result.columns[spec.name] = index
                break


def _by_likeness(specs: tuple[ColumnSpec, ...], result: ColumnMap, free: list[ColumnHead]) -> None:
    from difflib import SequenceMatcher

    for spec in specs:
        if spec.name in result.columns or spec.optional:
            continue
        for head in free:
            if len(head.own) >= 3 and max(SequenceMatcher(None, head.own, name).ratio() for name in _names(spec)) >= 0.75:
                result.columns[spec.name] = head.index
                result.guessed.append(spec.name)
                free.remove(head)
                break


def _by_position(specs: tuple[ColumnSpec, ...], result: ColumnMap, free: list[ColumnHead], heads: list[ColumnHead]) -> None:
    """Columns whose header says nothing usable, when exactly as many are left on both sides."""
    left = [spec for spec in specs if spec.name not in result.columns and not spec.optional]
    blank = [head for head in free if not head.own or is_figure(head.own)] if len(free) != len(left) else free
    if left and len(left) == len(blank) and (result.columns or all(not head.own for head in blank)):
        for spec, head in zip(left, sorted(blank, key=lambda h: h.index), strict=True):
            result.columns[spec.name] = head.index
            result.guessed.append(spec.name)
        order = [result.columns[spec.name] for spec in specs if spec.name in result.columns]
        if order != sorted(order):
            for spec in left:
                del result.columns[spec.name]
                result.guessed.remove(spec.name)


def _in_conflict(specs: tuple[ColumnSpec, ...], heads: list[ColumnHead], result: ColumnMap) -> bool:
    """Whether a complete 栏次 row contradicts the words above it."""
    by_index = {head.index: head for head in heads}
    pairs = [(spec.ordinal, by_index[result.columns[spec.name]].ordinal) for spec in specs if spec.name in result.columns]
    if any(spec.optional and spec.name in result.columns for spec in specs):
        return False
    return bool(pairs) and all(a is not None and b is not None for a, b in pairs) and any(a != b for a, b in pairs)

"""A worksheet as a person sees it: hidden rows and columns gone, merged ranges on what is left."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from itertools import accumulate, pairwise

import msgspec

from juesuan_rules.documents import limits
from juesuan_rules.documents.excel.sheets import MAX_COLUMNS, Shown, Worksheet, cell_name, column_name
from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.problems import unreadable

_GAP = 4
"""More empty columns than this in a row are a margin, not part of a table."""

_MERGE_WORK = 3_000_000
"""Rows that the merged ranges of one sheet may cover, counted once for each range."""


class View(msgspec.Struct):
    """The visible cells of a sheet. rows and columns: numbers of those kept, in order.

    spans: top-left (row, column) of a merged range -> (colspan, rowspan) among the kept ones.
    after_gap: rows with at least one empty row above them.
    """

    sheet: Worksheet
    cells: dict[int, dict[int, Shown]]
    rows: list[int]
    columns: list[int]
    spans: dict[tuple[int, int], tuple[int, int]]
    after_gap: set[int]

    def row_cells(self, row: int, columns: list[int]) -> tuple[GridCell, ...]:
        """A row of the grid, with a cell for each of `columns`."""
        shown = self.cells.get(row, {})
        out = []
        for column in columns:
            cell = shown.get(column)
            place = Place(sheet=self.sheet.name, cell=cell_name(row, column))
            across, down = self.spans.get((row, column), (1, 1))
            out.append(GridCell(cell.text, place, across, down, stored=cell.stored) if cell else GridCell("", place, across, down))
        return tuple(out)


def view_of(sheet: Worksheet, notes: list[str], path: str) -> View:
    """The visible part of a sheet; what is hidden and not empty is told in `notes`.

    Raises DocumentError where the sheet is spread too wide to be a table, or merged beyond reason.
    """
    hidden = _hidden_columns(sheet)
    _tell_hidden(sheet, hidden, notes)
    cells = _visible_cells(sheet, hidden, path)
    used = {column for row in cells.values() for column, shown in row.items() if shown.text}
    rows = sorted(row for row, filled in cells.items() if any(shown.text for shown in filled.values()))
    columns = _columns(used, hidden)
    if len(rows) * len(columns) > limits.CELLS:
        raise unreadable(path, "E503", f"工作表「{sheet.name}」的单元格散布过广，超出 {limits.CELLS} 格，不予读取")
    spans, tied = _spans(sheet, rows, columns)
    after_gap = {row for before, row in pairwise(rows) if row - before > 1 and row not in tied and not _all_hidden(sheet, before, row)}
    return View(sheet, cells, rows, columns, spans, after_gap)


def _hidden_columns(sheet: Worksheet) -> frozenset[int]:
    marks = bytearray(MAX_COLUMNS)
    for first, last in sheet.hidden_columns:
        first, last = max(first, 0), min(last, MAX_COLUMNS - 1)
        if first <= last:
            marks[first : last + 1] = b"\x01" * (last + 1 - first)
    return frozenset(column for column, mark in enumerate(marks) if mark)


def _tell_hidden(sheet: Worksheet, hidden: frozenset[int], notes: list[str]) -> None:
    rows = sorted(row for row in sheet.hidden_rows if any(shown.text for shown in sheet.cells.get(row, {}).values()))
    columns = sorted({column for filled in sheet.cells.values() for column, shown in filled.items() if shown.text and column in hidden} if hidden else ())
    if rows:
        notes.append(f"工作表「{sheet.name}」有 {len(rows)} 个隐藏行没有读取：第 {_listed([str(row + 1) for row in rows])} 行")
    if columns:
        notes.append(f"工作表「{sheet.name}」有 {len(columns)} 个隐藏列没有读取：{_listed([column_name(column) for column in columns])} 列")


def _listed(names: list[str]) -> str:
    return "、".join(names[:10]) + ("等" if len(names) > 10 else "")


def _visible_cells(sheet: Worksheet, hidden: frozenset[int], path: str) -> dict[int, dict[int, Shown]]:
    """Cells that are seen: a merged range shows its first cell only, at its first visible row and column."""
    cells = {row: {c: shown for c, shown in filled.items() if c not in hidden} for row, filled in sheet.cells.items() if row not in sheet.hidden_rows}
    numbers = sorted(cells)
    work = _MERGE_WORK
    for first_row, first, last_row, last in sheet.merges:
        shown = sheet.cells.get(first_row, {}).get(first)
        within = numbers[bisect_left(numbers, first_row) : bisect_right(numbers, last_row)]
        work -= len(within)
        if work < 0:
            raise unreadable(path, "E503", f"工作表「{sheet.name}」的合并单元格过多或过大，不予读取")
        for row in within:
            for column in [c for c in cells[row] if first <= c <= last]:
                del cells[row][column]
        top = next((row for row in range(first_row, min(last_row, first_row + 1000) + 1) if row not in sheet.hidden_rows), None)
        left = next((c for c in range(first, last + 1) if c not in hidden), None)
        if shown is not None and top is not None and left is not None:
            if top not in cells:
                insort(numbers, top)
            cells.setdefault(top, {})[left] = shown
    return cells


def _columns(used: set[int], hidden: frozenset[int]) -> list[int]:
    """The visible columns from the first used one to the last; wide empty margins are left out."""
    kept: list[int] = []
    for column in sorted(used):
        if kept and column - kept[-1] - 1 <= _GAP:
            kept.extend([c for c in range(kept[-1] + 1, column) if c not in hidden])
        kept.append(column)
    return kept


def _spans(sheet: Worksheet, rows: list[int], columns: list[int]) -> tuple[dict[tuple[int, int], tuple[int, int]], set[int]]:
    """Spans among kept rows and columns, and the rows that a merged range ties to the row before them.

    An empty row below a merged cell belongs to it: what follows it is not a new table.
    """
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    steps = [0] * (len(rows) + 2)
    for first_row, first, last_row, last in sheet.merges:
        top, bottom = bisect_left(rows, first_row), bisect_right(rows, last_row)
        left, right = bisect_left(columns, first), bisect_right(columns, last)
        if bottom <= top or right <= left:
            continue
        spans[rows[top], columns[left]] = (right - left, bottom - top)
        reaches = bottom < len(rows) and last_row >= rows[bottom] - 1
        steps[top + 1] += 1
        steps[bottom + reaches] -= 1
    return spans, {row for row, open_ranges in zip(rows, accumulate(steps), strict=False) if open_ranges > 0}


def _all_hidden(sheet: Worksheet, before: int, after: int) -> bool:
    return after - before < 10_000 and all(row in sheet.hidden_rows for row in range(before + 1, after))

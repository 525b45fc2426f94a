"""Tables drawn as understood: the printed grid with its merged cells, its header, and the cells findings use marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.model import GridCell
from juesuan_rules.outputs.web.places import Places, Sheet
from juesuan_rules.renderings.plain import place_text

CELL_LENGTH = 160
"""Characters of a cell that are drawn; what is longer says so."""
ROWS_DRAWN = 1_500
"""Rows of a table that are drawn whole."""
_CONTEXT = 1
_SHORT_TABLE = 12
_CODE = re.compile(r"\d{1,7}\.?")
_NUMBER = re.compile(r"[-+(]?[\d,，]+(\.\d+)?[%)]?|[-—–]+")


class Mark(msgspec.Struct, frozen=True):
    """A figure of a finding in a cell. sign: ①; number: from 1. quiet: nothing is printed there and it counts as 0."""

    number: int
    sign: str
    finding: int = 0
    quiet: bool = False
    suspect: bool = False


class CellView(msgspec.Struct, frozen=True):
    """A drawn cell. kind: h header, r label of the row, n figure, "" other. note: what reading says of it (读数不确定 …)."""

    text: str
    kind: str = ""
    colspan: int = 1
    rowspan: int = 1
    marks: tuple[Mark, ...] = ()
    id: str = ""
    note: str = ""
    used: tuple[int, ...] = ()

    @property
    def suspect(self) -> bool:
        """Whether a finding suspects this very figure."""
        return any(mark.suspect for mark in self.marks)


class RowView(msgspec.Struct, frozen=True):
    """A drawn row. skipped: rows left out before it. marked: whether a finding uses a cell of it."""

    number: int
    cells: tuple[CellView, ...]
    skipped: int = 0
    marked: bool = False


class GridView(msgspec.Struct, frozen=True):
    """A drawn table or an excerpt of one. sheet: id of the whole table's drawing. left: rows left out at the end."""

    sheet: str
    title: str
    about: str
    head: tuple[RowView, ...]
    body: tuple[RowView, ...]
    left: int = 0
    whole: bool = False
    columns: int = 0


class Drawing:
    """Draws the tables of a report; what is the same in every drawing of a table is worked out once."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._amounts: dict[int, dict[tuple[int, int], Amount]] = {}
        self._origins: dict[int, list[list[tuple[int, CellView]]]] = {}

    def excerpt(self, sheet: int, marks: Mapping[tuple[int, int], Sequence[Mark]]) -> GridView:
        """The header and the rows around the marked cells; the first rows where none is marked."""
        known = self.places.sheets[sheet]
        total = len(known.grid.rows)
        told = {row for (row, _), those in marks.items() if not all(mark.quiet for mark in those)} or {row for row, _ in marks}
        if total - known.header_rows <= _SHORT_TABLE:
            shown = list(range(known.header_rows, total))
        else:
            told = told or {known.header_rows}
            shown = sorted({near for row in told for near in range(row - _CONTEXT, row + _CONTEXT + 1) if known.header_rows <= near < total})
        return self._draw(sheet, shown, marks, {}, False)

    def whole(self, sheet: int, used: Mapping[tuple[int, int], Sequence[int]], room: int = 1_000_000) -> GridView:
        """The table with an id on every cell that a finding uses. used: numbers of the findings per cell. room: cells that may be drawn."""
        known = self.places.sheets[sheet]
        width = max((len(row) for row in known.grid.rows), default=1) or 1
        rows = range(known.header_rows, min(len(known.grid.rows), known.header_rows + min(ROWS_DRAWN, max(room, 0) // width)))
        return self._draw(sheet, list(rows), {}, used, True)

    def _draw(
        self, sheet: int, shown: list[int], marks: Mapping[tuple[int, int], Sequence[Mark]], used: Mapping[tuple[int, int], Sequence[int]], whole: bool
    ) -> GridView:
        known = self.places.sheets[sheet]
        header = range(known.header_rows)
        head = self._rows(sheet, list(header), marks, used, whole)
        body = self._rows(sheet, shown, marks, used, whole)
        left = len(known.grid.rows) - (shown[-1] + 1 if shown else known.header_rows)
        columns = max((len(row) for row in known.grid.rows), default=0)
        return GridView(known.id, known.title, _about(known), tuple(head), tuple(body), left, whole, columns)

    def _rows(
        self, sheet: int, shown: list[int], marks: Mapping[tuple[int, int], Sequence[Mark]], used: Mapping[tuple[int, int], Sequence[int]], whole: bool
    ) -> Iterable[RowView]:
        origins = self._sheet(sheet)
        header = self.places.sheets[sheet].header_rows
        last = shown[0] - 1 if whole and shown else (header - 1 if shown and shown[0] >= header else -1)
        for run in _runs(shown):
            for number in run:
                cells = []
                for column, cell in _of_row(origins, number, run):
                    here, those = marks.get((number, column), ()), used.get((number, column), ())
                    if here or those:
                        name = f"{self.places.sheets[sheet].id}r{number}c{column}" if those else ""
                        cell = msgspec.structs.replace(cell, marks=tuple(here), used=tuple(those), id=name)
                    cells.append(cell)
                yield RowView(number, tuple(cells), number - last - 1, any(cell.marks or cell.used for cell in cells))
                last = number

    def _sheet(self, sheet: int) -> list[list[tuple[int, CellView]]]:
        """Per row the cells that begin in it, with their columns."""
        known = self._origins.get(sheet)
        if known is None:
            amounts = self._amounts.setdefault(sheet, self.places.amounts(sheet))
            known = self._origins[sheet] = _origins(self.places.sheets[sheet], amounts)
        return known


def _origins(sheet: Sheet, amounts: Mapping[tuple[int, int], Amount]) -> list[list[tuple[int, CellView]]]:
    rows = sheet.grid.rows
    covered: set[tuple[int, int]] = set()
    found: list[list[tuple[int, CellView]]] = []
    for r, row in enumerate(rows):
        cells: list[tuple[int, CellView]] = []
        labelled = r < sheet.header_rows
        for c, cell in enumerate(row):
            if (r, c) in covered:
                continue
            across, down = _span(rows, r, c, cell, covered, sheet.header_rows)
            covered |= {(r + dr, c + dc) for dr in range(down) for dc in range(across)}
            amount = amounts.get((r, c))
            kind = _kind(cell, r < sheet.header_rows, amount, labelled)
            labelled = labelled or kind == "r"
            cells.append((c, CellView(cut(cell.text), kind, across, down, note=_note(cell, amount))))
        found.append(cells)
    return found


def _span(rows: Sequence[Sequence[GridCell]], r: int, c: int, cell: GridCell, covered: set[tuple[int, int]], header: int) -> tuple[int, int]:
    """How far a merged cell reaches: only over cells that are there and empty, so that nothing printed is hidden."""
    across = 1
    while across < cell.colspan and c + across < len(rows[r]) and not rows[r][c + across].text.strip() and (r, c + across) not in covered:
        across += 1
    down, end = 1, header if r < header else len(rows)
    while down < cell.rowspan and r + down < end and all(
        c + dc < len(rows[r + down]) and not rows[r + down][c + dc].text.strip() and (r + down, c + dc) not in covered for dc in range(across)
    ):  # fmt: skip
        down += 1
    return across, down


def _kind(cell: GridCell, in_header: bool, amount: Amount | None, labelled: bool) -> str:
    if in_header:
        return "h"
    text = cell.text.strip()
    if amount is not None:
        return "n"
    if not text or _CODE.fullmatch(text):
        return "c" if text else ""
    if _NUMBER.fullmatch(text):
        return "n"
    return "" if labelled else "r"


def _note(cell: GridCell, amount: Amount | None) -> str:
    if amount is None:
        return ""
    if amount.corrected:
        return "更正"
    if amount.state == "unreadable":
        return "读不出"
    if amount.unsure:
        return "读数不确定"
    return "修补后读出" if amount.repaired else "文字" if amount.state == "text" else ""


def cut(text: str, limit: int = CELL_LENGTH) -> str:
    """The text, or its beginning with how long it is."""
    return text if len(text) <= limit else f"{text[:limit]}…（共 {len(text):,} 字）"


def _runs(rows: Sequence[int]) -> Iterable[range]:
    """Consecutive rows together."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            yield range(rows[start], rows[at - 1] + 1)
            start = at


def _of_row(origins: Sequence[Sequence[tuple[int, CellView]]], number: int, run: range) -> list[tuple[int, CellView]]:
    """The cells of a row as drawn in a run of rows: those reaching in from above begin with the run."""
    cells = []
    for column, cell in origins[number]:
        down = min(cell.rowspan, run.stop - number)
        cells.append((column, cell if down == cell.rowspan else msgspec.structs.replace(cell, rowspan=down)))
    if number != run.start:
        return cells
    for above in range(max(number - 60, 0), number):
        for column, cell in origins[above]:
            if cell.rowspan > number - above:
                cells.append((column, msgspec.structs.replace(cell, rowspan=min(cell.rowspan - (number - above), len(run)))))
    return sorted(cells, key=lambda one: one[0])


def _about(sheet: Sheet) -> str:
    """What stands under a table's title: number, unit, place."""
    table = sheet.table
    where = place_text(table.place if table is not None else sheet.grid.place)
    parts = [f"{table.number}表" if table.number else "", f"单位：{table.unit}" if table.unit else ""] if table is not None else []
    return "　".join(part for part in (*parts, where) if part)

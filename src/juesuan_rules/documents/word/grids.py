"""Raw tables to grids: which edges are columns, what merged cells cover.

Rows of a Word table have edges of their own. Two edges that no cell lies between and that differ
by less than a character are one column boundary dragged by hand; all others are boundaries.
"""

from __future__ import annotations

from bisect import bisect_left

from juesuan_rules.documents.model import GridBlock, GridCell, Place
from juesuan_rules.documents.word.items import Para, RawCell, RawTable

_SLACK = 200
"""Edges nearer than this (twentieths of a point; a character is about 200) may be one boundary."""
_MANY_EDGES = 400
"""With more edges than this none are taken together, so that time stays bounded."""


def width_of(table: RawTable) -> int:
    """Most columns the table can have, before any edges are taken together."""
    return len({cell.start for row in table.rows for cell in row})


def build_grid(table: RawTable, number: int) -> GridBlock:
    """The table as a rectangular grid. number: which table of the file it is, for places."""
    columns = _columns(table)
    width = max(columns.values(), default=1)
    place = Place(paragraph=table.number, cell=f"表{number}")
    grid: list[list[GridCell]] = []
    owners: dict[int, tuple[int, int]] = {}  # column -> (row, colspan) of the cell that may grow downwards
    for index, row in enumerate(table.rows):
        prefix = f"表{number} R{index + 1}C"
        line: list[GridCell | None] = [None] * width
        growing: dict[int, tuple[int, int]] = {}
        for cell in row:
            start = columns[cell.start]
            span = max(1, columns[cell.end] - start)
            if start >= width or line[start] is not None:
                continue
            if cell.joined and start > 0:
                _widen(line, start, span)
                continue
            owner = owners.get(start) if cell.merge == 2 else None
            if owner is not None and owner[1] == span:
                _lengthen(grid[owner[0]], start)
                growing[start] = owner
                continue
            first = cell.items[0] if cell.items else None
            line[start] = GridCell(_text(cell), Place(paragraph=first.number if first else table.number, cell=f"{prefix}{start + 1}"), span)
            if cell.merge:
                growing[start] = (index, span)
        owners = growing
        grid.append([GridCell("", Place(paragraph=table.number, cell=f"{prefix}{c + 1}")) if cell is None else cell for c, cell in enumerate(line)])
    return GridBlock(tuple(tuple(row) for row in grid), place, "columns")


def _text(cell: RawCell) -> str:
    items = cell.items
    if len(items) == 1:
        only = items[0]
        return only.text.strip() if isinstance(only, Para) else ""
    return "\n".join([text for item in items if isinstance(item, Para) and (text := item.text.strip())])


def _widen(line: list[GridCell | None], start: int, span: int) -> None:
    """The nearest cell to the left covers `span` more columns from `start` on."""
    for column in range(start - 1, -1, -1):
        cell = line[column]
        if cell is not None:
            line[column] = GridCell(cell.text, cell.place, start + span - column, cell.rowspan)
            return


def _lengthen(row: list[GridCell], column: int) -> None:
    cell = row[column]
    row[column] = GridCell(cell.text, cell.place, cell.colspan, cell.rowspan + 1)


# ------------------------------------------------------------------ columns


def _columns(table: RawTable) -> dict[int, int]:
    """Edge number -> column that begins there; the last edge of all is the number of columns."""
    cells = {(cell.start, cell.end) for row in table.rows for cell in row}
    if not cells:
        return {}
    last = max(end for _, end in cells)
    edges = sorted({start for start, _ in cells} | {last})
    groups = _grouped(edges, table.edges, cells) if len(edges) <= _MANY_EDGES else [[edge] for edge in edges]
    columns = {edge: index for index, group in enumerate(groups) for edge in group}
    firsts = [group[0] for group in groups]
    for _, end in cells:
        if end not in columns:  # the ragged end of a row: as far as the next boundary
            columns[end] = bisect_left(firsts, end)
    return columns


def _grouped(edges: list[int], places: list[int], cells: set[tuple[int, int]]) -> list[list[int]]:
    """The edges, those that are one boundary together: nearest pairs first, and no cell vanishes."""
    groups = [[edge] for edge in edges]
    where = [places[edge] if edge < len(places) else edge * 10 * _SLACK for edge in edges]
    gaps = sorted((where[i + 1] - where[i], edges[i]) for i in range(len(edges) - 1) if 0 <= where[i + 1] - where[i] < _SLACK)
    for _, edge in gaps:
        index = next(i for i, group in enumerate(groups) if group[-1] == edge)
        low, high = groups[index][0], groups[index + 1][-1]
        if places[high] - places[low] < _SLACK and not any(low <= start and end <= high for start, end in cells):
            groups[index : index + 2] = [groups[index] + groups[index + 1]]
    return groups

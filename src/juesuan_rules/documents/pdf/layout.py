"""One page to its parts: ruled tables first, then tables without rules, and what is left as lines."""

from __future__ import annotations

from msgspec.structs import replace

from juesuan_rules.documents.model import GridCell
from juesuan_rules.documents.pdf.cells import read_table, take_runs
from juesuan_rules.documents.pdf.grids import find_grids
from juesuan_rules.documents.pdf.orientation import Box
from juesuan_rules.documents.pdf.pages import PageContent
from juesuan_rules.documents.pdf.parts import PageParts, Table, in_order, lines_of
from juesuan_rules.documents.pdf.runs import Run, runs_of
from juesuan_rules.documents.pdf.unruled import UnruledTable, find_unruled


def page_parts(page: PageContent, before: UnruledTable | None) -> tuple[PageParts, UnruledTable | None]:
    """The parts of a page, and its last table without rules, for the call for the next page.

    before: what this function gave for the page just before, None at the beginning.
    """
    grids = find_grids(page)
    inside, outside = take_runs(runs_of(page.chars), grids)
    tables: list[Table] = []
    for grid, taken in zip(grids, inside, strict=True):
        table, others = read_table(page, grid, taken)
        tables.append(table)
        outside += others
    last = None
    if outside:
        rest = replace(page, chars=[char for run in outside for char in page.chars[run.first : run.last]]) if grids else page
        unruled = find_unruled(rest, (), before)
        last = unruled[-1] if unruled else None
        tables += [_table(found, page) for found in unruled]
        outside = _without(outside, [found.box for found in unruled])
    parts = PageParts(page.number, page.width, page.height, page.frame)
    parts.items = in_order(lines_of(outside, page.number), tables)
    return parts, last


def _table(found: UnruledTable, page: PageContent) -> Table:
    rows = list(found.rows)
    if page.frame.turns != page.frame.shown:
        rows = [tuple(_as_displayed(cell, page) for cell in row) for row in rows]
    return Table(rows, found.box, page.number, [], ruled=False, continues=found.continues, cut=found.cut, sure=found.sure)


def _as_displayed(cell: GridCell, page: PageContent) -> GridCell:
    """The cell with its box as the page is shown, where that is not upright."""
    box = cell.place.box
    return replace(cell, place=replace(cell.place, box=page.frame.displayed(box))) if box else cell


def _without(runs: list[Run], boxes: list[Box]) -> list[Run]:
    """The runs whose middle stands in none of the boxes."""
    if not boxes:
        return runs
    left = []
    for run in runs:
        x, y = (run.x0 + run.x1) / 2, (run.y0 + run.y1) / 2
        if not any(x0 - 1 <= x <= x1 + 1 and y0 - 1 <= y <= y1 + 1 for x0, y0, x1, y1 in boxes):
            left.append(run)
    return left

"""Which text stands in which cell of a grid, and the grid as rows of cells."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.pdf.characters import Char
from juesuan_rules.documents.pdf.grids import Grid
from juesuan_rules.documents.pdf.pages import PageContent
from juesuan_rules.documents.pdf.parts import Table
from juesuan_rules.documents.pdf.runs import Run, box_around, cell_text, rows_of

_INSIDE = 2.0
"""Text up to this far outside a grid, in points, still belongs to it."""

_SPLIT_GAP = 0.1
"""A gap this wide, in sizes, at a rule parts a run that crosses it."""

_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d*)?%?")


def take_runs(runs: Sequence[Run], grids: Sequence[Grid]) -> tuple[list[list[Run]], list[Run]]:
    """The runs of each grid, and the runs that stand in none."""
    inside: list[list[Run]] = [[] for _ in grids]
    if not grids:
        return inside, list(runs)
    outside: list[Run] = []
    boxes = [grid.box for grid in grids]
    for run in runs:
        x, y = (run.x0 + run.x1) / 2, (run.y0 + run.y1) / 2
        for taken, (x0, y0, x1, y1) in zip(inside, boxes, strict=True):
            if x0 - _INSIDE <= x <= x1 + _INSIDE and y0 <= y <= y1:
                taken.append(run)
                break
        else:
            outside.append(run)
    return inside, outside


def read_table(page: PageContent, grid: Grid, runs: Sequence[Run]) -> Table:
    """The grid with the text of the runs in it."""
    contents: list[list[Run]] = [[] for _ in grid.regions]
    for run in runs:
        for part, region in _placed(page.chars, grid, run):
            contents[region].append(part)
    displayed = page.frame.displayed
    empty = GridCell("")
    rows = [[empty] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
    for index, (region, content) in enumerate(zip(grid.regions, contents, strict=True)):
        place = Place(page=page.number, box=displayed(grid.region_box(index)))
        text = cell_text(content) if content else ""
        rows[region.row][region.column] = GridCell(text, place, region.colspan, region.rowspan)
    table = Table([tuple(row) for row in rows], grid.box, page.number, grid.xs)
    for region, content in zip(grid.regions, contents, strict=True):
        if content and region.row + region.rowspan == len(rows):
            table.open_end[region.column] = _room(grid.xs[region.column + region.colspan], content)
    return table


def _room(right: float, content: Sequence[Run]) -> float:
    """How much room the last line of a cell leaves, in sizes, to both sides together."""
    last = rows_of(content)[-1]
    return (right - last[-1].x1) / last[-1].size


def _placed(chars: Sequence[Char], grid: Grid, run: Run) -> list[tuple[Run, int]]:
    """A run with its cell; one that crosses rules is cut at them, or overflows out of one cell."""
    y = (run.y0 + run.y1) / 2
    first = grid.region_at(run.x0 + min(0.5 * run.size, (run.x1 - run.x0) / 2), y)
    last = grid.region_at(run.x1 - min(0.4 * run.size, (run.x1 - run.x0) / 2), y)
    if first == last:
        return [(run, first)]
    return [(part, _home(grid, part, y)) for part in _cut(chars, grid, run)]


def _cut(chars: Sequence[Char], grid: Grid, run: Run) -> list[Run]:
    """The run cut where a rule stands in a gap between two characters."""
    y = (run.y0 + run.y1) / 2
    parts: list[Run] = []
    start = run.first
    for index in range(run.first + 1, run.last):
        before, after = chars[index - 1], chars[index]
        gap = after[1] - before[3]
        if gap < _SPLIT_GAP * run.size:
            continue
        at = bisect_left(grid.xs, before[3] - 0.5 * gap)
        if at < len(grid.xs) and grid.xs[at] <= after[1] + 0.5 * gap and grid.region_at(before[1], y) != grid.region_at(after[3], y):
            parts.append(_part(chars, run, start, index))
            start = index
    parts.append(_part(chars, run, start, run.last))
    return parts


def _part(chars: Sequence[Char], run: Run, first: int, last: int) -> Run:
    if first == run.first and last == run.last:
        return run
    part = chars[first:last]
    x0, y0, x1, y1 = box_around([char[1:5] for char in part])
    return Run("".join([char[0] for char in part]), x0, y0, x1, y1, run.size, first, last)


def _home(grid: Grid, run: Run, y: float) -> int:
    """The cell a run belongs to: the one it is aligned in, where it overflows.

    Figures are aligned right and overflow to the left; other text starts in its cell or is centred.
    """
    first, last = grid.region_at(run.x0 + 0.1, y), grid.region_at(run.x1 - 0.1, y)
    if first == last:
        return first
    if _FIGURE.fullmatch(run.text):
        return last
    middle = (run.x0 + run.x1) / 2
    centre = grid.region_at(middle, y)
    box = grid.region_box(centre)
    offsets = [
        (abs(run.x0 - grid.region_box(first)[0]), first),
        (abs(middle - (box[0] + box[2]) / 2), centre),
        (abs(grid.region_box(last)[2] - run.x1), last),
    ]
    return min(offsets)[1]

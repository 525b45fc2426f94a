"""Which text stands in which cell of a grid, and the grid as rows of cells."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence, Set

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

_OUTSIDE = -1

_MOST_ASTRAY, _MOST_RUNS = 200, 5_000
"""With more lines than this over rules of one grid, or in it, its text does not belong into its cells."""

_MOST_LINES = 40
"""A cell with more lines than this holds a text, not words that could stand on each other."""

_CENTRED = 0.25
_OFF_CENTRE = 0.5
"""Lines that overflow a cell above and below stand around its middle, at most this far off, in sizes."""

_AMOUNT_BEFORE_AMOUNT = re.compile(r"\.\d{2}(?=-?\d[\d,]*\.\d{2})")
_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d*)?%?")


_NEAR = 3.0
"""Lines up to this far above or below a grid, in sizes, may overflow out of a cell of it."""


def take_runs(runs: Sequence[Run], grids: Sequence[Grid]) -> tuple[list[list[Run]], list[Run]]:
    """The runs of each grid, and the runs that stand in none, both in the order of the page.

    Those of a grid include runs near above and below it; `read_table` gives back what is not its own.
    """
    inside: list[list[Run]] = [[] for _ in grids]
    if not grids:
        return inside, list(runs)
    outside: list[Run] = []
    boxes = [grid.box for grid in grids]
    for run in runs:
        x, y, near = (run.x0 + run.x1) / 2, (run.y0 + run.y1) / 2, _NEAR * run.size
        best: list[Run] | None = None
        for taken, (x0, y0, x1, y1) in zip(inside, boxes, strict=True):
            if x0 - _INSIDE <= x <= x1 + _INSIDE:
                if y0 <= y <= y1:
                    best = taken
                    break
                if y0 - near <= y <= y1 + near and best is None:
                    best = taken
        (outside if best is None else best).append(run)
    return inside, outside


def read_table(page: PageContent, grid: Grid, runs: Sequence[Run]) -> tuple[Table, list[Run]]:
    """The grid with the text of the runs in it, and the runs that stand outside after all."""
    placed = [item for run in runs for item in _placed(page.chars, grid, run)]
    _gather_overflowing(grid, placed)
    contents: list[list[Run]] = [[] for _ in grid.regions]
    outside: list[Run] = []
    for run, home in placed:
        (outside if home == _OUTSIDE else contents[home]).append(run)
    turned = _turned_texts(page, grid) if page.turned else {}
    displayed = page.frame.displayed
    empty = GridCell("")
    rows = [[empty] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
    for index, (region, content) in enumerate(zip(grid.regions, contents, strict=True)):
        place = Place(page=page.number, box=displayed(grid.region_box(index)))
        text = (cell_text(content) if content else "") + turned.get(index, "")
        rows[region.row][region.column] = GridCell(text, place, region.colspan, region.rowspan)
    table = Table([tuple(row) for row in rows], grid.box, page.number, grid.xs)
    for region, content in zip(grid.regions, contents, strict=True):
        if content and region.row + region.rowspan == len(rows):
            table.open_end[region.column] = _room(grid.xs[region.column + region.colspan], content)
    return table, outside


def _turned_texts(page: PageContent, grid: Grid) -> dict[int, str]:
    """The text of cells written across, by region: read up the page, or down it."""
    cells: dict[int, list[tuple[int, Char]]] = {}
    x0, y0, x1, y1 = grid.box
    for turns, char in page.turned:
        x, y = (char[1] + char[3]) / 2, (char[2] + char[4]) / 2
        if x0 <= x <= x1 and y0 <= y <= y1:
            cells.setdefault(grid.region_at(x, y), []).append((turns, char))
    return {region: _read_across(chars) for region, chars in cells.items()}


def _read_across(chars: list[tuple[int, Char]]) -> str:
    """Characters that run up (one quarter turn) or down (three) the page, line by line."""
    up = chars[0][0] == 1
    lines: list[list[Char]] = []
    for _, char in sorted(chars, key=lambda item: item[1][1] + item[1][3], reverse=not up):
        middle = (char[1] + char[3]) / 2
        if lines and abs((lines[-1][0][1] + lines[-1][0][3]) / 2 - middle) <= 0.5 * char[5]:
            lines[-1].append(char)
        else:
            lines.append([char])
    return "".join(char[0] for line in lines for char in sorted(line, key=lambda c: c[2], reverse=up))


def _room(right: float, content: Sequence[Run]) -> float:
    """How much room the last line of a cell leaves, in sizes, to both sides together."""
    last = rows_of(content)[-1]
    return (right - last[-1].x1) / last[-1].size


def _gather_overflowing(grid: Grid, placed: list[tuple[Run, int]]) -> None:
    """Gives the lines of a cell too low for them back to it: lines over a rule, and those around them."""
    astray = [at for at, (run, region) in enumerate(placed) if (_in_a_column(grid, run) if region == _OUTSIDE else _straddles(grid, run, region))]
    crowded = _overprinted(placed)
    astray += crowded
    if not astray or len(astray) > _MOST_ASTRAY or len(placed) > _MOST_RUNS:
        return
    done: set[int] = set()
    crowded_lines = frozenset(crowded)
    for at in astray:
        if at in done:
            continue
        run, region = placed[at]
        chain = _lines_around(placed, at, done)
        if region != _OUTSIDE and not crowded_lines.intersection(chain):
            others = {k for k, item in enumerate(placed) if item[1] != region}
            if _off_centre(grid, placed, _lines_around(placed, at, others), region) <= _CENTRED * run.size:
                continue  # lines too high for their cell, but about its middle
        homes = {placed[k][1] for k in chain} - {_OUTSIDE}
        off, home = min(((_off_centre(grid, placed, chain, home), home) for home in homes), default=(0.0, _OUTSIDE))
        if len(chain) > 1 and off <= _OFF_CENTRE * run.size:
            done.update(chain)
            for k in chain:
                placed[k] = placed[k][0], home


def _overprinted(placed: list[tuple[Run, int]]) -> list[int]:
    """Lines that stand partly on other text of the cell they seem to belong to."""
    cells: dict[int, list[int]] = {}
    for at, (_, region) in enumerate(placed):
        cells.setdefault(region, []).append(at)
    cells.pop(_OUTSIDE, None)
    found: list[int] = []
    for members in cells.values():
        if 1 < len(members) <= _MOST_LINES:
            found += [a for a in members for b in members if a != b and _overlap(placed[a][0], placed[b][0])]
    return found


def _overlap(a: Run, b: Run) -> bool:
    size = min(a.size, b.size)
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 0.3 * size and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.3 * size


def _lines_around(placed: list[tuple[Run, int]], at: int, settled: Set[int]) -> list[int]:
    """The lines above and below a line that belong to the same cell, at an even pitch, top to bottom.

    settled: lines whose cell is known already.
    """
    chain = [at]
    pitch = 0.0
    for step in (-1, 1):
        while True:
            end = placed[chain[0 if step < 0 else -1]][0]
            nearest: tuple[float, float, int] | None = None
            for k, (run, _) in enumerate(placed):
                upper, lower = (run, end) if step < 0 else (end, run)
                if k not in settled and _is_next_line(upper, lower):
                    distance = lower.y1 - upper.y1
                    off = abs(distance - (pitch or distance))
                    if off <= 0.1 * run.size and (nearest is None or off < nearest[0]):
                        nearest = off, distance, k
            if nearest is None:
                break
            pitch = pitch or nearest[1]
            chain.insert(0 if step < 0 else len(chain), nearest[2])
    return chain


def _in_a_column(grid: Grid, run: Run) -> bool:
    """Whether a run outside the grid stands above or below one cell of its first or last row."""
    y = grid.ys[0] if run.y1 < grid.ys[-1] else grid.ys[-1]
    x0, _, x1, _ = grid.region_box(grid.region_at((run.x0 + run.x1) / 2, y))
    return x0 <= run.x0 and run.x1 <= x1


def _straddles(grid: Grid, run: Run, region: int) -> bool:
    """Whether the rule above or below its cell goes through the middle half of a run."""
    _, top, _, bottom = grid.region_box(region)
    quarter = (run.y1 - run.y0) / 4
    return run.y0 + quarter < top or run.y1 - quarter > bottom


def _is_next_line(upper: Run, lower: Run) -> bool:
    """Whether a run is the next line of the same cell: right below, and aligned left, right or centred."""
    pitch = (lower.y1 - upper.y1) / max(upper.size, 1.0)
    if not 0.8 <= pitch <= 1.6:
        return False
    near = 0.15 * upper.size
    return (
        abs(upper.x0 - lower.x0) <= near
        or abs(upper.x1 - lower.x1) <= near
        or abs(upper.x0 + upper.x1 - lower.x0 - lower.x1) <= 2 * near
    )


def _off_centre(grid: Grid, placed: list[tuple[Run, int]], lines: Sequence[int], region: int) -> float:
    """How far above or below the middle of a region the middle of lines is, in points."""
    _, top, _, bottom = grid.region_box(region)
    return abs(top + bottom - placed[lines[0]][0].y0 - placed[lines[-1]][0].y1) / 2


def _placed(chars: Sequence[Char], grid: Grid, run: Run) -> list[tuple[Run, int]]:
    """A run with its cell; one that crosses rules is cut at them, or overflows out of one cell."""
    y = (run.y0 + run.y1) / 2
    if not grid.ys[0] <= y <= grid.ys[-1]:
        return [(run, _OUTSIDE)]
    first = grid.region_at(run.x0 + min(0.5 * run.size, (run.x1 - run.x0) / 2), y)
    last = grid.region_at(run.x1 - min(0.4 * run.size, (run.x1 - run.x0) / 2), y)
    if first == last:
        return [(run, first)]
    return [(part, _home(grid, part, y)) for part in _cut(chars, grid, run)]


def _cut(chars: Sequence[Char], grid: Grid, run: Run) -> list[Run]:
    """The run cut where a rule stands in a gap between two characters, or an amount follows an amount."""
    y = (run.y0 + run.y1) / 2
    parts: list[Run] = []
    start = run.first
    amounts = {run.first + found.end() for found in _AMOUNT_BEFORE_AMOUNT.finditer(run.text)}
    for index in range(run.first + 1, run.last):
        if index in amounts:
            parts.append(_part(chars, run, start, index))
            start = index
            continue
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

"""Rules of a page put together into grids: where the columns and rows are, and which cells are merged.

Rules come in pieces (one per cell, dashes, double lines) and not all are drawn: outer ones may be
missing, and merged cells have none inside. A grid is a set of rules that touch each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from juesuan_rules.documents.pdf.orientation import Box
from juesuan_rules.documents.pdf.pages import PageContent, Rule

_SAME = 1.6
"""Rules this near to each other, in points, are one: a double line, or pieces drawn apart."""

_JOIN = 4.0
"""Pieces of a rule with a gap up to this, in points, belong together (dashes)."""

_TOUCH = 3.0
"""A rule reaches another that is this near."""

_OUTER = 4.0
"""Rules that reach this far beyond the last crossing one show that the outer one is missing."""

_REACH = 80.0
"""How far above or below a grid a rule of its width still belongs to it."""


_MOST_CROSSINGS, _MOST_CELLS, _MOST_GRIDS = 4_000_000, 100_000, 500
"""Bounds for one page; a full page of a report has some 400 cells."""


class Region(msgspec.Struct, frozen=True):
    """A cell of a grid: where it begins and how many columns and rows it spans."""

    row: int
    column: int
    rowspan: int
    colspan: int


class Grid(msgspec.Struct):
    """A ruled table on a page. xs, ys: its rules from left to right and top to bottom.

    regions: its cells in reading order. owner[row][column]: the index of the region there.
    """

    xs: list[float]
    ys: list[float]
    regions: list[Region]
    owner: list[list[int]]

    @property
    def box(self) -> Box:
        """x0, y0, x1, y1 of the whole grid."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def region_at(self, x: float, y: float) -> int:
        """The index of the region that holds a point of the grid's box."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return self.owner[row][column]

    def region_box(self, index: int) -> Box:
        """x0, y0, x1, y1 of a region."""
        region = self.regions[index]
        return (
            self.xs[region.column],
            self.ys[region.row],
            self.xs[region.column + region.colspan],
            self.ys[region.row + region.rowspan],
        )


def find_grids(page: PageContent) -> list[Grid]:
    """The ruled grids of a page, from top to bottom; frames around text and single rules are none.

    A page with more rules, grids or cells than a table could have is marked `cut`.
    """
    across, down = merged_rules(page.across), merged_rules(page.down)
    if len(across) * len(down) > _MOST_CROSSINGS:
        page.cut = True
        return []
    groups = [(h, v) for h, v in _groups(across, down) if len(h) * len(v) <= _MOST_CELLS]
    grids = [grid for h, v in groups if (grid := _grid(h, v)) is not None]
    if sum(len(h) * len(v) for h, v in groups) > _MOST_CELLS or len(grids) > _MOST_GRIDS:
        page.cut = True
        del grids[_MOST_GRIDS:]
    grids.sort(key=lambda grid: (grid.ys[0], grid.xs[0]))
    return grids


def merged_rules(pieces: Sequence[Rule]) -> list[Rule]:
    """Sorted pieces of rules joined: those on one line, overlapping or nearly touching."""
    rules: list[Rule] = []
    cluster: list[Rule] = []
    for piece in pieces:
        if cluster and piece[0] - cluster[0][0] > _SAME:
            _join(cluster, rules)
            cluster = []
        cluster.append(piece)
    if cluster:
        _join(cluster, rules)
    return rules


def _join(cluster: list[Rule], rules: list[Rule]) -> None:
    if len(cluster) == 1:
        rules.append(cluster[0])
        return
    cluster.sort(key=lambda rule: rule[1])
    at, start, end = cluster[0]
    total, count = at, 1
    for at, low, high in cluster[1:]:
        if low - end <= _JOIN:
            end = max(end, high)
            total, count = total + at, count + 1
            continue
        rules.append((total / count, start, end))
        start, end, total, count = low, high, at, 1
    rules.append((total / count, start, end))


def _groups(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that cross or touch each other, in groups with both kinds."""
    parent = list(range(len(across) + len(down)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for i, (y, x0, x1) in enumerate(across):
        for j, (x, y0, y1) in enumerate(down, len(across)):
            if x0 - _TOUCH <= x <= x1 + _TOUCH and y0 - _TOUCH <= y <= y1 + _TOUCH:
                a, b = root(i), root(j)
                if a != b:
                    parent[a] = b
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(down, len(across)):
        groups.setdefault(root(j), ([], []))[1].append(rule)
    full = [group for group in groups.values() if group[0] and group[1]]
    for group in groups.values():
        if not group[1]:
            _adopt(group[0], full)
    return full


def _adopt(lone: list[Rule], groups: list[tuple[list[Rule], list[Rule]]]) -> None:
    """Gives a rule that crosses none to the group it is as wide as and next to (a row merged whole)."""
    for y, x0, x1 in lone:
        for across, _ in groups:
            left, right = min(r[1] for r in across), max(r[2] for r in across)
            if abs(left - x0) <= _TOUCH and abs(right - x1) <= _TOUCH and min(abs(r[0] - y) for r in across) <= _REACH:
                across.append((y, x0, x1))
                break


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    """The grid of a group of rules, None where they make no table of two cells or more."""
    xs = _positions(down, across)
    ys = _positions(across, down)
    across = [rule for rule in across if _ends_fit(rule, xs)]
    down = [rule for rule in down if _ends_fit(rule, ys)]
    xs, ys = _positions(down, across), _positions(across, down)
    if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5:
        return None
    right = _edges(down, xs, ys)
    below = _edges(across, ys, xs)
    regions, owner = _regions(len(ys) - 1, len(xs) - 1, right, below)
    if len(regions) < 2:
        return None
    return Grid(xs, ys, regions, owner)


def _ends_fit(rule: Rule, crossing: list[float]) -> bool:
    """Whether a rule begins or ends at a crossing one; an underline inside a cell does neither."""
    return any(abs(rule[1] - at) <= _OUTER or abs(rule[2] - at) <= _OUTER for at in crossing)


def _positions(rules: list[Rule], crossing: list[Rule]) -> list[float]:
    """Where rules stand, each once, with outer ones added that only the crossing rules' ends show."""
    places = sorted(rule[0] for rule in rules)
    found: list[float] = []
    count = 0
    for place in places:
        if found and place - found[-1] <= _SAME + 0.4:
            found[-1] = (found[-1] * count + place) / (count + 1)
            count += 1
        else:
            found.append(place)
            count = 1
    if not crossing or not found:
        return found
    starts, ends = [rule[1] for rule in crossing], [rule[2] for rule in crossing]
    first, last = min(starts), max(ends)
    if first < found[0] - _OUTER and sum(start <= first + _TOUCH for start in starts) >= 2:
        found.insert(0, first)
    if last > found[-1] + _OUTER and sum(end >= last - _TOUCH for end in ends) >= 2:
        found.append(last)
    return found


def _edges(rules: list[Rule], places: list[float], crossing: list[float]) -> list[list[bool]]:
    """edges[i][k]: whether a rule at places[i] parts the cells between crossing[k] and crossing[k+1]."""
    middles = [(a + b) / 2 for a, b in pairwise(crossing)]
    edges = [[False] * len(middles) for _ in places]
    for at, start, end in rules:
        i = _nearest(places, at)
        if abs(places[i] - at) > _OUTER:
            continue
        row = edges[i]
        for k, middle in enumerate(middles):
            if start <= middle <= end:
                row[k] = True
    return edges


def _nearest(places: list[float], at: float) -> int:
    i = bisect_right(places, at)
    if i == 0:
        return 0
    if i == len(places):
        return i - 1
    return i if places[i] - at < at - places[i - 1] else i - 1


def _regions(rows: int, columns: int, down: list[list[bool]], across: list[list[bool]]) -> tuple[list[Region], list[list[int]]]:
    """Cells put together where no rule parts them; a region that is no rectangle is cut into some."""
    owner = [[-1] * columns for _ in range(rows)]
    regions: list[Region] = []
    for r in range(rows):
        for c in range(columns):
            if owner[r][c] >= 0:
                continue
            right = c + 1
            while right < columns and owner[r][right] < 0 and not down[right][r]:
                right += 1
            bottom = r + 1
            while bottom < rows and _goes_on(bottom, c, right, columns, down, across, owner):
                bottom += 1
            for row in range(r, bottom):
                owner[row][c:right] = [len(regions)] * (right - c)
            regions.append(Region(r, c, bottom - r, right - c))
    return regions, owner


def _goes_on(row: int, left: int, right: int, columns: int, down: list[list[bool]], across: list[list[bool]], owner: list[list[int]]) -> bool:
    """Whether the cells left … right of a row belong to those above: nothing parts them, the same sides do."""
    if any(across[row][left:right]) or owner[row][left] >= 0:
        return False
    if any(down[c][row] for c in range(left + 1, right)):
        return False
    return (left == 0 or down[left][row] or owner[row][left - 1] >= 0) and (right == columns or down[right][row])

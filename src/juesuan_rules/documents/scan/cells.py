"""Rules to tables: which rules belong together, the lattice they make, and its merged cells."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from juesuan_rules.documents.scan.ink import Mask
from juesuan_rules.documents.scan.lines import Rule

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of a cell in the lattice."""

_PRESENT = 0.55
"""Share of a cell's side that must be ruled for the side to part two cells."""
_NEAR = 1.5
"""Two rules meet where less than this (points) parts them: a stroke of a character stays further off."""
_ONE_EDGE = 3.0
"""Rules closer than this (points) are one edge of the lattice."""
_SMALLEST = (60.0, 18.0)
"""Width and height of the smallest table, in points: strokes of a headline may look like a smaller one."""
_FAINT = 0.9
"""The same where only a faint trace is left of the rule."""


class Lattice(msgspec.Struct):
    """A ruled table in the picture: x of its columns' edges, y of its rows' edges, its cells."""

    xs: list[int]
    ys: list[int]
    spans: list[Span]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom, in pixels."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def find_tables(across: list[Rule], down: list[Rule], faint: Mask, unit: float) -> tuple[list[Lattice], list[Rule], list[Rule]]:
    """The ruled tables, top to bottom, and the rules (across, down) that make them.

    faint: pixels only a little darker than paper. unit: pixels per point.
    """
    touch = _touching(across, down, _NEAR * unit)
    while touch.size:
        keep_down = touch.sum(axis=0) >= 2
        keep_across = (touch & keep_down).sum(axis=1) >= 1
        if keep_down.all() and keep_across.all():
            break
        across = [rule for rule, keep in zip(across, keep_across, strict=True) if keep]
        down = [rule for rule, keep in zip(down, keep_down, strict=True) if keep]
        touch = touch[keep_across][:, keep_down]
    if not touch.size:
        return [], [], []
    tables = []
    used_across: list[Rule] = []
    used_down: list[Rule] = []
    for rows, columns in _groups(touch):
        own_across, own_down = [across[i] for i in rows], [down[i] for i in columns]
        lattice = _lattice(own_across, own_down, faint, unit)
        if lattice is not None:
            tables.append(lattice)
            used_across.extend(own_across)
            used_down.extend(own_down)
    tables.sort(key=lambda t: (t.ys[0], t.xs[0]))
    return tables, used_across, used_down


def _touching(across: list[Rule], down: list[Rule], near: float) -> NDArray[np.bool_]:
    """[i, j]: whether the i-th rule across meets the j-th rule down."""
    if not across or not down:
        return np.zeros((len(across), len(down)), dtype=np.bool_)
    y, x0, x1 = (np.array([getattr(r, n) for r in across], dtype=np.float64)[:, None] for n in ("at", "start", "end"))
    x, y0, y1 = (np.array([getattr(r, n) for r in down], dtype=np.float64)[None, :] for n in ("at", "start", "end"))
    result: NDArray[np.bool_] = (x >= x0 - near) & (x <= x1 + near) & (y >= y0 - near) & (y <= y1 + near)
    return result


def _groups(touch: NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """Sets of rules that hang together, as (indices across, indices down)."""
    left = set(range(touch.shape[0]))
    groups = []
    while left:
        rows = {left.pop()}
        columns: set[int] = set()
        fresh = set(rows)
        while fresh:
            new_columns = {int(j) for i in fresh for j in np.flatnonzero(touch[i])} - columns
            columns |= new_columns
            fresh = {int(i) for j in new_columns for i in np.flatnonzero(touch[:, j])} - rows
            rows |= fresh
        left -= rows
        groups.append((sorted(rows), sorted(columns)))
    return groups


def _lattice(across: list[Rule], down: list[Rule], faint: Mask, unit: float) -> Lattice | None:
    near = _ONE_EDGE * unit
    ys, row_of = _clusters([r.at for r in across], [r.length for r in across], near)
    xs, column_of = _clusters([r.at for r in down], [r.length for r in down], near)
    xs, column_of = _with_ends(xs, column_of, min(r.start for r in across), max(r.end for r in across), 2 * near)
    ys, row_of = _with_ends(ys, row_of, min(r.start for r in down), max(r.end for r in down), 2 * near)
    rows, columns = len(ys) - 1, len(xs) - 1
    small = xs[-1] - xs[0] < _SMALLEST[0] * unit or ys[-1] - ys[0] < _SMALLEST[1] * unit
    if small or rows * columns < 2:
        return None
    walls = _coverage(column_of, down, xs, ys)
    floors = _coverage(row_of, across, ys, xs)
    _trust_traces(walls, floors, faint, xs, ys)
    return Lattice(xs, ys, _spans(walls > _PRESENT, floors > _PRESENT))


def _clusters(values: list[float], weights: list[int], near: float) -> tuple[list[int], list[int]]:
    """Values that lie close together as one (weighted) value, and to which one each belongs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    centres: list[int] = []
    member = [0] * len(values)
    group: list[int] = []
    for position, index in enumerate(order):
        group.append(index)
        last = position + 1 == len(order)
        if last or values[order[position + 1]] - values[group[0]] > near:
            total = sum(weights[i] for i in group)
            centres.append(round(sum(values[i] * weights[i] for i in group) / total))
            for i in group:
                member[i] = len(centres) - 1
            group = []
    return centres, member


def _with_ends(centres: list[int], member: list[int], first: int, last: int, near: float) -> tuple[list[int], list[int]]:
    """Outer edges added where the table has no outer rule: the rules across reach further."""
    if first < centres[0] - near:
        centres, member = [first, *centres], [m + 1 for m in member]
    if last > centres[-1] + near:
        centres = [*centres, last]
    return centres, member


def _coverage(member: list[int], rules: list[Rule], edges: list[int], crossing: list[int]) -> NDArray[np.float64]:
    """[e, k]: the share of stretch k between two crossing edges that is ruled along edge e.

    The outer edges count as ruled: they may be missing in print.
    """
    result = np.zeros((len(edges), len(crossing) - 1))
    for edge, rule in zip(member, rules, strict=True):
        for k in range(len(crossing) - 1):
            low, high = crossing[k], crossing[k + 1]
            result[edge, k] += max(0, min(high, rule.end) - max(low, rule.start)) / max(1, high - low)
    result[0] = result[-1] = 1.0
    return result


def _trust_traces(walls: NDArray[np.float64], floors: NDArray[np.float64], faint: Mask, xs: list[int], ys: list[int]) -> None:
    """Adds sides of which only a faint trace is left over nearly their whole length, in place."""
    for values, first, second, picture in ((walls, xs, ys, faint), (floors, ys, xs, faint.T)):
        for e, k in np.argwhere((values > 0.05) & (values <= _PRESENT)).tolist():
            strip = picture[second[k] : second[k + 1], max(0, first[e] - 2) : first[e] + 3]
            if strip.size and float(strip.any(axis=1).mean()) >= _FAINT:
                values[e, k] = 1.0


def _spans(walls: NDArray[np.bool_], floors: NDArray[np.bool_]) -> list[Span]:
    """Cells of the lattice, merged where no side parts them, in reading order.

    walls[x, row]: edge x is ruled beside that row; floors[y, column]: edge y is ruled there.
    """
    rows, columns = walls.shape[1], floors.shape[1]
    taken = np.zeros((rows, columns), dtype=np.bool_)
    spans: list[Span] = []
    for r in range(rows):
        for c in range(columns):
            if taken[r, c]:
                continue
            right, bottom = _reach(walls, floors, taken, r, c)
            taken[r : bottom + 1, c : right + 1] = True
            spans.append((r, c, bottom, right))
    return spans


def _reach(walls: NDArray[np.bool_], floors: NDArray[np.bool_], taken: NDArray[np.bool_], r: int, c: int) -> tuple[int, int]:
    """The last column and row of the cell that starts at (r, c)."""
    right = c
    while right + 1 < floors.shape[1] and not walls[right + 1, r] and not taken[r, right + 1]:
        right += 1
    bottom = r
    while bottom + 1 < walls.shape[1] and not floors[bottom + 1, c : right + 1].any():
        inside = not walls[c + 1 : right + 1, bottom + 1].any()
        if not inside or taken[bottom + 1, c : right + 1].any():
            break
        bottom += 1
    return right, bottom

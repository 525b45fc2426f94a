"""The columns of a table without rules: where they meet, how their figures are aligned, which piece is in which.

A column is as wide as it needs, and its header cell is centred over it, so what touches a header
cell is in its column. What stands between two header cells is in the left column if it is aligned
to the right (figures), in the right one if it is aligned to the left (names, codes). Since
neighbouring columns meet, the middles of the header cells fix all borders up to one number; that
the pieces agree with such borders is the proof that they were understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from juesuan_rules.documents.pdf.unruled_header import Block
from juesuan_rules.documents.pdf.unruled_items import Line, Piece
from juesuan_rules.documents.pdf.unruled_regions import is_total

Aligned = Literal["right", "middle", "left"]

TRACK = 1.2
"""Edges within so many points are one track."""


_CODED = re.compile(r"编码|代码|编号|序号|科目|名称|分类|^项目$|^行次$|^[类款项]$")
"""Headers of columns in which plain digits are codes, counts or parts of names, and not figures."""
_GUTTER = 0.6
"""Columns under one header cell are told by white space at least this wide, in heights of characters."""


class Columns(msgspec.Struct):
    """The columns of a table. heads: the extent of each header cell; middles: their middles;
    bounds: where the columns meet (one more than there are columns); tracks: the edge of the figures
    of each column, on the side of `aligned`; coded: which columns hold codes or line numbers; sure: whether pieces and header agree on the borders."""

    heads: list[tuple[float, float]]
    middles: list[float]
    aligned: Aligned
    coded: list[bool]
    bounds: list[float] = []
    tracks: list[float | None] = []
    sure: bool = False
    clashes: int = 0

    def column_of(self, piece: Piece) -> int:
        """The column that a piece of the body is in."""
        if piece.kind in ("amount", "number"):
            return _figure_column(self, piece)
        column = _text_column(self, piece)
        if piece.kind == "code" and not self.coded[column]:
            return _figure_column(self, piece)
        return column


def fit_columns(leaves: Sequence[Block], numbers: Sequence[Piece], body: Sequence[Line], width: float, ruled: tuple[float, float] | None) -> Columns:
    """The columns under the header cells `leaves`: of the three alignments of figures the one that fits the body best.

    width: of the page, on which tables stand in the middle; ruled: from where to where the rules of
    the table run, None where it has none.
    """
    heads, middles = _heads(leaves, numbers)
    coded = [bool(_CODED.search(leaf.text)) for leaf in leaves]
    guess = _guess_alignment(body, middles)
    best: Columns | None = None
    others: tuple[Aligned, ...] = ("right", "middle", "left")
    for aligned in (guess, *(other for other in others if other != guess)):
        columns = Columns(heads, middles, aligned, coded)
        _measure(columns, body, width, ruled)
        if best is None or columns.clashes < best.clashes:
            best = columns
        if best.clashes == 0:
            break
    assert best is not None
    return best


def _heads(leaves: Sequence[Block], numbers: Sequence[Piece]) -> tuple[list[tuple[float, float]], list[float]]:
    heads, middles = [], []
    for leaf in leaves:
        x0, x1 = leaf.x0, leaf.x1
        for number in numbers:
            if number.kind != "text" and abs(number.middle - leaf.middle) < 0.6 * leaf.size:
                x0, x1 = min(x0, number.x0), max(x1, number.x1)
        heads.append((x0, x1))
        middles.append(leaf.middle)
    return heads, middles


def _guess_alignment(body: Sequence[Line], middles: Sequence[float]) -> Aligned:
    """How the figures are aligned: the side on which their edges fall together most."""
    amounts = [piece for line in body for piece in line.pieces if piece.kind == "amount"]
    if not amounts:
        return "right"
    centred = sum(min(abs(piece.middle - middle) for middle in middles) < 0.6 for piece in amounts)
    if centred > 0.8 * len(amounts):
        return "middle"
    rights = len({round(piece.x1 / TRACK) for piece in amounts})
    lefts = len({round(piece.x0 / TRACK) for piece in amounts})
    return "left" if lefts < 0.6 * rights else "right"


def _figure_column(columns: Columns, piece: Piece) -> int:
    heads = columns.heads
    last = len(heads) - 1
    if columns.aligned == "middle":
        return min(range(last + 1), key=lambda column: abs(columns.middles[column] - piece.middle))
    if piece.kind == "number" and len(piece.text) <= 3:
        near = min(range(last + 1), key=lambda column: abs(columns.middles[column] - piece.middle))
        if abs(columns.middles[near] - piece.middle) < 0.5 * piece.size:
            return near
    if columns.aligned == "right":
        for column in range(last, -1, -1):
            if heads[column][0] < piece.x1:
                return column
        return 0
    for column in range(last + 1):
        if heads[column][1] > piece.x0:
            return column
    return last


def _text_column(columns: Columns, piece: Piece) -> int:
    heads = columns.heads
    for column, (_, right) in enumerate(heads):
        if right > piece.x0 + 0.05 * piece.size:
            return column
    return len(heads) - 1


def _measure(columns: Columns, body: Sequence[Line], width: float, ruled: tuple[float, float] | None) -> None:
    """Find the borders and tracks from the pieces of the body, and count what does not fit."""
    count = len(columns.heads)
    rights, lefts = [head[1] for head in columns.heads], [head[0] for head in columns.heads]
    edges: list[list[float]] = [[] for _ in range(count)]
    clashes = 0
    for line in body:
        seen: dict[int, Piece] = {}
        for piece in line.pieces:
            if is_total(piece):
                continue
            column = columns.column_of(piece)
            rights[column], lefts[column] = max(rights[column], piece.x1), min(lefts[column], piece.x0)
            if column in seen and (piece.kind == "amount" or seen[column].kind == "amount"):
                clashes += 1
            seen[column] = piece
            if piece.kind == "amount":
                edges[column].append(edge_of(piece, columns.aligned))
    columns.tracks = []
    for values in edges:
        values.sort()
        middle = values[len(values) // 2] if values else None
        columns.tracks.append(middle)
        clashes += sum(abs(value - middle) > TRACK for value in values) if middle is not None else 0
    columns.bounds, columns.sure = _borders(columns.middles, lefts, rights, width, ruled)
    columns.clashes = clashes + sum(left < right - 1.0 for left, right in zip(lefts[1:], rights, strict=False))


def split_columns(columns: Columns, body: Sequence[Line], width: float) -> tuple[Columns, list[int]]:
    """The columns with those split that hold several under one header cell (类, 款, 项 of a code), and where each old one begins now.

    A column is split where several lines have two of its pieces side by side and white space parts them all.
    """
    pieces: list[list[Piece]] = [[] for _ in columns.heads]
    doubles = [0] * len(columns.heads)
    for line in body:
        seen: dict[int, float] = {}
        for piece in line.pieces:
            column = columns.column_of(piece)
            doubles[column] += piece.x0 - seen.get(column, piece.x0) > _GUTTER * piece.size
            seen[column] = piece.x1
            if not is_total(piece):
                pieces[column].append(piece)
    heads: list[tuple[float, float]] = []
    middles: list[float] = []
    coded: list[bool] = []
    starts: list[int] = []
    for column, head in enumerate(columns.heads):
        starts.append(len(heads))
        parts = _apart(pieces[column]) if doubles[column] >= max(2, 0.1 * len(body)) else []
        if len(parts) > 1:
            heads += parts
            coded += [columns.coded[column] or not _is_figures(part, pieces[column]) for part in parts]
            middles += [(left + right) / 2 for left, right in parts]
            if column and _is_figures(parts[-1], pieces[column]) and not any(_is_figures(part, pieces[column]) for part in parts[:-1]):
                starts[-1] += len(parts) - 1
        else:
            heads.append(head)
            coded.append(columns.coded[column])
            middles.append(columns.middles[column])
    if len(heads) == len(columns.heads):
        return columns, starts
    found = Columns(heads, middles, columns.aligned, coded)
    _measure(found, body, width, None)
    return found, starts


def _is_figures(part: tuple[float, float], pieces: Sequence[Piece]) -> bool:
    """Whether a part of a column holds figures; names left of them stand under the header cell before."""
    return any(piece.kind == "amount" and part[0] <= piece.x0 and piece.x1 <= part[1] for piece in pieces)


def _apart(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """The extents that pieces cover, where white space runs between them from top to bottom."""
    parts: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda one: one.x0):
        if parts and piece.x0 < parts[-1][1] + _GUTTER * piece.size:
            parts[-1] = (parts[-1][0], max(parts[-1][1], piece.x1))
        else:
            parts.append((piece.x0, piece.x1))
    return parts


def edge_of(piece: Piece, aligned: Aligned) -> float:
    """The x by which figures of this alignment fall together."""
    return piece.x1 if aligned == "right" else piece.x0 if aligned == "left" else piece.middle


def _borders(
    middles: Sequence[float], lefts: Sequence[float], rights: Sequence[float], width: float, ruled: tuple[float, float] | None
) -> tuple[list[float], bool]:
    """Where columns with these middles meet, given how far their pieces reach, and whether that is consistent.

    With b0 the left border of the table, every border is ±b0 + constant: each pair of neighbours
    bounds b0. Of what is left, the rules or the symmetry of the page choose, or else the middle.
    """
    count = len(middles)
    signs, offsets = [1.0], [0.0]
    for middle in middles:
        signs.append(-signs[-1])
        offsets.append(2 * middle - offsets[-1])
    low, high = float("-inf"), float("inf")
    for at in range(count + 1):
        floor = rights[at - 1] - 0.6 if at else float("-inf")
        ceiling = lefts[at] + 0.6 if at < count else float("inf")
        if signs[at] > 0:
            low, high = max(low, floor - offsets[at]), min(high, ceiling - offsets[at])
        else:
            low, high = max(low, offsets[at] - ceiling), min(high, offsets[at] - floor)
    if low <= high and low > float("-inf") and high < float("inf"):
        start = (low + high) / 2
        if ruled is not None and low <= ruled[0] <= high:
            start = ruled[0]
        elif signs[-1] > 0 and low <= (width - offsets[-1]) / 2 <= high:
            start = (width - offsets[-1]) / 2
        return [sign * start + offset for sign, offset in zip(signs, offsets, strict=True)], True
    inner = [(left + right) / 2 for left, right in zip(lefts[1:], rights, strict=False)]
    return [lefts[0] - 2.0, *inner, rights[-1] + 2.0], False


def span_of_total(columns: Columns, piece: Piece, others: Sequence[int], groups: Sequence[Block]) -> tuple[int, int]:
    """The columns a total's name stands over: one where it is centred or aligned like the rest, several where it is centred over them.

    others: the columns of the other pieces on its row; groups: header cells over several columns.
    """
    near = 0.2 * piece.size
    bounds, count = columns.bounds, len(columns.heads)
    first = last = columns.column_of(piece)
    while first and first - 1 not in others:
        first -= 1
    while last + 1 < count and last + 1 not in others:
        last += 1
    if columns.tracks[first] is None and abs((bounds[first] + bounds[last + 1]) / 2 - piece.middle) < near:
        return first, last
    for column, middle in enumerate(columns.middles):
        if abs(middle - piece.middle) < near and columns.tracks[column] is None:
            return column, column
    for block in groups:
        if abs(block.middle - piece.middle) < near and block.first < block.last and not any(block.first <= other <= block.last for other in others):
            return block.first, block.last
    best = (float("inf"), 0, 0)
    for first in range(count):
        for last in range(first, count):
            if (
                bounds[first] > piece.x0 + near
                or bounds[last + 1] < piece.x1 - near
                or columns.tracks[first] is not None
                or any(first <= other <= last for other in others)
            ):
                continue
            best = min(best, (abs((bounds[first] + bounds[last + 1]) / 2 - piece.middle), first, last))
    if best[0] <= max(0.6 * piece.size, 0.0):
        return best[1], best[2]
    column = columns.column_of(piece)
    return column, column

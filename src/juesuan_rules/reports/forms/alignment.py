"""Which cell of a row belongs to which column, where rows have drifted against their header.

A row is first taken by position. Where a cell cannot stand in the column it is under, the whole row
is laid against the columns in order: columns may be missing, blank cells may be too many, and every
cell must be something its column can hold. A figure that could as well stand in another column is
not placed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from juesuan_rules.reports.forms.cells import DASH, FIGURE, FIGURES, FRAGMENT, NATURE, NUMBER, PERCENT, SIGN, WORDS, Piece, merge, overlap
from juesuan_rules.reports.forms.words import LEVELS, MEASURES, MONEY, RATE, SCORE, UNITS, level_word

LABEL, OTHER = "", "~"
"""Columns that are none: what stands left of the first known header, and under unknown headers."""
LEFT = frozenset((LABEL, OTHER, *LEVELS, "任务", "项目", "来源"))
"""Columns of texts that name the row; which of them a text stands in is settled afterwards."""
WANTED = frozenset(("运算符号", "性质", "度量单位"))
"""Columns a form may well leave out in a row."""

_NO = 1000.0
_FIT = 0.6
"""Cost up to which a cell may stand in a column without further question."""
_MARGIN = 0.25
"""How much worse every other arrangement must be for a figure to be placed."""
_FAR, _FARTHEST = 0.05, 4
"""What it costs a cell to stand apart from its header, per column."""
_LONG_UNIT, _MOST_SCORE, _MOST_DEGREE = 8, 100, 20


class Aligned(msgspec.Struct):
    """A row laid against its columns. columns: name → pieces. unplaced: figures that could stand in
    more than one column. shift: how far the row has drifted where it did so as a whole."""

    columns: dict[str, list[Piece]]
    unplaced: list[Piece]
    shift: int | None = None
    drift: int | None = None
    """By how much every cell right of the names stands apart from its header, where that is one number."""


@lru_cache(maxsize=16384)
def cost(kind: str, text: str, column: str) -> float:
    """How badly a cell suits a column: 0 well, `_NO` not at all."""
    if column in LEVELS and kind == WORDS:
        level = level_word(text)
        return 0.0 if level is None or LEVELS[level] == column else 0.55
    if column in LEFT:
        if column in (LABEL, *LEVELS) and kind in (NUMBER, FRAGMENT):  # a misread mark
            return 2.5
        return {WORDS: 0.0, FIGURE: 0.3, DASH: 0.5, NATURE: 0.9}.get(kind, _NO) if column != OTHER else {WORDS: 0.0, DASH: 0.0, FIGURE: 0.4, NATURE: 0.4}.get(kind, 0.9)
    measure = MEASURES.get(column)
    if measure is not None:
        return _measured(kind, text, measure)
    if column == "运算符号":
        return {SIGN: 0.0, NATURE: 0.3, DASH: 0.4}.get(kind, _NO)
    if column == "性质":
        return {NATURE: 0.0, SIGN: 0.5, DASH: 0.4}.get(kind, _NO)
    if column == "度量单位":
        return _unit(kind, text)
    if column == "完成程度":
        return _degree(kind, text)
    if column == "偏差原因":
        return {WORDS: 0.0, DASH: 0.0, FIGURE: 0.5, PERCENT: 1.0, NUMBER: 1.5, FRAGMENT: 1.0, NATURE: 0.5}.get(kind, _NO)
    return {NUMBER: 0.0, PERCENT: 0.0, FIGURE: 0.0, WORDS: 0.2, DASH: 0.1, FRAGMENT: 0.5, NATURE: 0.8}.get(kind, _NO)


def _measured(kind: str, text: str, measure: str) -> float:
    if measure == RATE:
        return {PERCENT: 0.0, NUMBER: 0.05, DASH: 0.2, FRAGMENT: 0.5}.get(kind, _NO)
    if kind == NUMBER and measure == SCORE:
        return 0.0 if _size(text) <= _MOST_SCORE else _NO
    if kind == FIGURE:
        return 0.2 if (text.endswith("分") if measure == SCORE else text.endswith("元")) else _NO
    return {NUMBER: 0.0, DASH: 0.2, FRAGMENT: 0.5}.get(kind, _NO)


def _unit(kind: str, text: str) -> float:
    if text in UNITS:
        return 0.0
    if kind == WORDS:
        return 0.55 if len(text) <= _LONG_UNIT else 2.0
    return 0.3 if kind == DASH else _NO


def _degree(kind: str, text: str) -> float:
    if kind == NUMBER:
        return 0.0 if _size(text) <= _MOST_DEGREE else 0.5
    return {PERCENT: 0.0, DASH: 0.3, FRAGMENT: 0.5}.get(kind, _NO)


def _size(text: str) -> int:
    """The least whole number not below a number as printed."""
    whole, point, _ = text.replace(",", "").replace("O", "0").replace("o", "0").lstrip("+-").partition(".")
    return int(whole or "0") + bool(point and whole.strip("0") and text.rstrip("0")[-1] != ".")


def align(pieces: Sequence[Piece], columns: Sequence[str], shifts: Sequence[int] = (0,), scored: bool = False) -> Aligned | None:
    """The row by position (drifted by one of `shifts`), else in order; None where it does not fit at all.

    columns: the name of the column at every position. scored: rows of this form have 分值 and 得分.
    """
    for shift in shifts:
        placed = by_position(pieces, columns, shift)
        if placed is not None and not (scored and _slipped(placed)):
            return Aligned(placed, [], shift)
    return _in_order(pieces, columns)


def _slipped(placed: dict[str, list[Piece]]) -> bool:
    """Whether a row of a scored form has figures, but none where scores stand."""
    return "得分" not in placed and any(piece.kind in FIGURES for found in placed.values() for piece in found)


def by_position(pieces: Sequence[Piece], columns: Sequence[str], shift: int) -> dict[str, list[Piece]] | None:
    """The pieces by the column they stand under; None where one of them cannot stand there."""
    placed: dict[str, list[Piece]] = {}
    width = len(columns)
    for piece in pieces:
        at = piece.at - shift
        if at < 0 and piece.kind != WORDS:
            return None
        column = columns[max(at, 0)] if at < width else (columns[-1] if width else OTHER)
        if column == "指标值" and "运算符号" not in columns:
            column = _in_group(piece, placed)
        if cost(piece.kind, piece.text, column) > _FIT:
            return None
        before = placed.setdefault(column, [])
        if before and (piece.kind in FIGURES or before[-1].kind in FIGURES) and column not in (OTHER, "偏差原因"):
            return None
        before.append(piece)
    return placed if _whole(placed, columns) else None


def _in_group(piece: Piece, placed: dict[str, list[Piece]]) -> str:
    """Where 指标值 is one header over sign, value and unit: which of them a cell is."""
    if piece.kind == SIGN:
        return "运算符号"
    return "度量单位" if "指标值" in placed and piece.kind not in FIGURES else "指标值"


def _whole(placed: dict[str, list[Piece]], columns: Sequence[str]) -> bool:
    """Whether 分值 and 得分 are both there or both not, and something names the row: a row that slipped looks otherwise."""
    if not any(column in placed for column in LEFT):
        return False
    if "得分" in columns and "分值" in columns and "一级指标" in columns:
        if "得分" in placed and "分值" not in placed:
            return False
        if "分值" in placed and "得分" not in placed and "完成值" in placed:
            return False
    return True


def _in_order(pieces: Sequence[Piece], columns: Sequence[str]) -> Aligned | None:
    cells = _with_blanks(pieces)
    wide = _expanded(columns)
    grid = _Grid(cells, wide)
    if grid.best >= _NO:
        return None
    placed: dict[str, list[Piece]] = {}
    unplaced: list[Piece] = []
    drifts = set()
    for piece, column, certain in grid.arranged():
        if certain or piece.kind not in FIGURES:
            placed.setdefault(column, []).append(piece)
        else:
            unplaced.append(piece)
        if column not in LEFT and piece.parts == 1 and column in columns:
            drifts.add(piece.at - columns.index(column))
    return Aligned(placed, unplaced, None, drifts.pop() if len(drifts) == 1 else None)


def _with_blanks(pieces: Sequence[Piece]) -> list[Piece | None]:
    cells: list[Piece | None] = []
    for piece in pieces:
        if cells:
            last = next(c for c in reversed(cells) if c is not None)
            cells.extend([None] * min(piece.at - last.at - last.parts, 12))
        cells.append(piece)
    return cells


def _expanded(columns: Sequence[str]) -> list[tuple[str, int]]:
    """One entry per column (a wide one counts once) with its position; 指标值 over three cells is sign, value and unit."""
    found: list[tuple[str, int]] = []
    grouped = "运算符号" not in columns and "度量单位" not in columns and columns.count("指标值") > 1
    for at, column in enumerate(columns):
        if found and found[-1][0] == column and column != OTHER:
            continue
        if column == "指标值" and grouped:
            if at == columns.index("指标值"):
                found += [("运算符号", at), ("指标值", at + 1), ("度量单位", at + 2)]
            continue
        found.append((column, at))
    return found


class _Grid:
    """Least costs of laying the first i cells on the first k columns, and of the rest."""

    def __init__(self, cells: list[Piece | None], placed: list[tuple[str, int]]) -> None:
        self.cells, self.columns = cells, [column for column, _ in placed]
        n, m = len(cells), len(placed)
        self.scored = "完成值" in self.columns
        self.match = [
            [0.02 if cell is None else cost(cell.kind, cell.text, column) + _FAR * min(abs(cell.at - at), _FARTHEST) for column, at in placed] for cell in cells
        ]
        self.merged = [self._merge_cost(i) for i in range(n - 1)]
        self.before = self._forward(n, m)
        self.after = self._backward(n, m)
        self.best = self.before[n][m]

    def _merge_cost(self, i: int) -> float:
        one, other = self.cells[i], self.cells[i + 1]
        if one is None or other is None or one.kind not in FIGURES or other.kind not in FIGURES:
            return _NO
        return 0.1 if overlap(one, other) else _NO

    def _skip(self, i: int, k: int) -> float:
        """Cost of leaving column k empty between cell i-1 and cell i."""
        column = self.columns[k]
        if self.scored and column in ("分值", "得分"):  # an indicator has both or neither
            return 0.6
        if i in (0, len(self.cells)):
            return 0.03
        return 0.05 if column in LEFT else 0.25 if column in WANTED else 0.5

    def _stay(self, i: int, k: int) -> float:
        """Cost of cell i in the same column as the cell before it."""
        cell = self.cells[i]
        if cell is None:
            return 0.3
        column = self.columns[k - 1]
        loose = cell.kind not in FIGURES and column in ("偏差原因", OTHER, LABEL, *LEVELS)
        return self.match[i][k - 1] + 0.6 if loose else _NO

    def _merge(self, i: int, k: int) -> float:
        return self.merged[i] if MEASURES.get(self.columns[k]) in (MONEY, RATE) else _NO

    def _forward(self, n: int, m: int) -> list[list[float]]:
        table = [[_NO * 2] * (m + 1) for _ in range(n + 1)]
        table[0][0] = 0.0
        for i in range(n + 1):
            row = table[i]
            for k in range(m + 1):
                here = row[k]
                if here >= _NO:
                    continue
                if k < m:
                    row[k + 1] = min(row[k + 1], here + self._skip(i, k))
                    if i < n:
                        table[i + 1][k + 1] = min(table[i + 1][k + 1], here + self.match[i][k])
                    if i + 1 < n:
                        table[i + 2][k + 1] = min(table[i + 2][k + 1], here + self._merge(i, k))
                if k > 0 and i < n:
                    table[i + 1][k] = min(table[i + 1][k], here + self._stay(i, k))
        return table

    def _backward(self, n: int, m: int) -> list[list[float]]:
        table = [[_NO * 2] * (m + 1) for _ in range(n + 1)]
        table[n][m] = 0.0
        for i in range(n, -1, -1):
            for k in range(m, -1, -1):
                best = table[i][k]
                if k < m:
                    best = min(best, table[i][k + 1] + self._skip(i, k))
                    if i < n:
                        best = min(best, table[i + 1][k + 1] + self.match[i][k])
                    if i + 1 < n:
                        best = min(best, table[i + 2][k + 1] + self._merge(i, k))
                if k > 0 and i < n:
                    best = min(best, table[i + 1][k] + self._stay(i, k))
                table[i][k] = best
        return table

    def arranged(self) -> list[tuple[Piece, str, bool]]:
        """Every piece with its column in the best arrangement, and whether no other is nearly as good."""
        found: list[tuple[Piece, str, bool]] = []
        i = k = 0
        n, m = len(self.cells), len(self.columns)
        while i < n:
            cell = self.cells[i]
            rest = self.after[i][k] + 1e-9
            if k < m and i < n and self.after[i + 1][k + 1] + self.match[i][k] <= rest:
                if cell is not None:
                    found.append((cell, self.columns[k], self._certain(i, self.columns[k])))
                i, k = i + 1, k + 1
            elif k < m and i + 1 < n and self.after[i + 2][k + 1] + self._merge(i, k) <= rest:
                other = self.cells[i + 1]
                if cell is not None and other is not None:
                    found.append((merge(cell, other, broken=True), self.columns[k], True))
                i, k = i + 2, k + 1
            elif k < m and self.after[i][k + 1] + self._skip(i, k) <= rest:
                k += 1
            else:
                if cell is not None:
                    found.append((cell, self.columns[k - 1], True))
                i += 1
        return found

    def _certain(self, i: int, column: str) -> bool:
        """Whether cell i stands in `column`, alone, in every arrangement that is nearly as good as the best."""
        limit = self.best + _MARGIN
        for first in (i - 1, i):
            if 0 <= first < len(self.cells) - 1 and self.merged[first] < _NO:
                for k in range(len(self.columns)):
                    if self.before[first][k] + self._merge(first, k) + self.after[first + 2][k + 1] <= limit:
                        return False
        here, rest = self.before[i], self.after[i + 1]
        return all(name == column or here[k] + self.match[i][k] + rest[k + 1] > limit for k, name in enumerate(self.columns))

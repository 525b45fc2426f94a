"""How many cells, amounts and whole tables of a document were read right, each in its own column.

The rows of the answer and those of the reading are aligned in order so that as many filled cells as possible agree in text
and column. A merged cell's text belongs into its top-left cell; what it covers is blank or repeats it. Rows without
anything in them need not be there. A table is perfect when every row of it is, in one piece, with no other row between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_SPACES = re.compile(r"[\s\u3000\xa0\u200b]+")
_NUMBER = re.compile(r"-?[\d,]*\d(?:\.\d+)?")
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})*|\d+)\.\d\d")
Row = list[str]


@dataclass
class Score:
    """Filled cells of the answers and how many were right; the same for amounts; perfect tables."""

    cells: int = 0
    right: int = 0
    amounts: int = 0
    right_amounts: int = 0
    tables: int = 0
    perfect: int = 0

    def add(self, other: Score) -> None:
        """Counts another score in."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def shares(self) -> tuple[float, float, float]:
        """Cells, amounts and perfect tables in per cent."""
        pairs = ((self.right, self.cells), (self.right_amounts, self.amounts), (self.perfect, self.tables))
        return tuple(100 * part / whole if whole else 0.0 for part, whole in pairs)  # type: ignore[return-value]


@dataclass
class _Wanted:
    """A row of the answer: its table, its cells, and per covered cell the text that covers it."""

    table: int
    cells: Row
    raw: Row
    covered: dict[int, str] = field(default_factory=dict)


def normal(text: object) -> str:
    """A cell without white space; a number without separators and trailing zeros."""
    plain = _SPACES.sub("", "" if text is None else str(text))
    if plain in ("nan", "None"):
        return ""
    if _NUMBER.fullmatch(plain):
        plain = plain.replace(",", "")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain


def score(answer: Sequence[dict[str, Any]], found: Sequence[Sequence[Sequence[object]]]) -> Score:
    """Compare the tables of one document with what was read of them."""
    wanted = list(_wanted(answer))
    read = [(t, cells) for t, rows in enumerate(found) for row in rows if any(cells := [normal(cell) for cell in row])]
    pairs = _aligned([row.cells for row in wanted], [cells for _, cells in read])
    result = Score(tables=len(answer))
    sound = [True] * len(answer)
    places: list[list[int]] = [[] for _ in answer]
    for number, row in enumerate(wanted):
        at = pairs.get(number)
        cells = read[at][1] if at is not None else None
        if at is not None:
            places[row.table].append(at)
        right = _count(row, cells, result)
        sound[row.table] = sound[row.table] and (right or not any(row.cells))
    result.perfect = sum(good and _in_one_piece(where, read) for good, where in zip(sound, places, strict=True))
    return result


def _wanted(answer: Sequence[dict[str, Any]]) -> Iterator[_Wanted]:
    for number, table in enumerate(answer):
        rows = table["rows"]
        parents: dict[tuple[int, int], str] = {}
        for top, left, bottom, right in table.get("merges", ()):
            inside = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1) if (r, c) != (top, left)]
            parents.update(dict.fromkeys(inside, normal(rows[top][left])))
        for r, row in enumerate(rows):
            covered = {c: parents[r, c] for c in range(len(row)) if (r, c) in parents}
            if len(covered) < len(row):
                yield _Wanted(number, [normal(cell) for cell in row], list(row), covered)


def _count(row: _Wanted, cells: Row | None, result: Score) -> bool:
    """Count the cells of one row; whether all of it is right."""
    good = cells is not None and not any(cells[len(row.cells) :])
    for column, text in enumerate(row.cells):
        got = cells[column] if cells is not None and column < len(cells) else ""
        if not text:
            good = good and got in ("", row.covered.get(column, ""))
            continue
        right = cells is not None and got == text
        result.cells += 1
        result.right += right
        if _AMOUNT.fullmatch(row.raw[column].strip()):
            result.amounts += 1
            result.right_amounts += right
        good = good and right
    return good


def _in_one_piece(places: list[int], read: list[tuple[int, Row]]) -> bool:
    """Whether these rows stand in one table that was read, with no other row among them."""
    if not places:
        return False
    mine, tables = set(places), {read[at][0] for at in places}
    between: Iterable[int] = range(min(places), max(places) + 1)
    return len(tables) == 1 and all(at in mine or _repeats(at, mine, read) for at in between)


def _repeats(at: int, mine: set[int], read: list[tuple[int, Row]]) -> bool:
    """Whether a row only repeats what a merged row above it says."""
    texts = {text for text in read[at][1] if text}
    return any(at - n in mine and texts <= set(read[at - n][1]) for n in (1, 2, 3))


def _aligned(wanted: list[Row], read: list[Row]) -> dict[int, int]:
    """Wanted row -> read row, in order, with the most equal cells."""
    best = [[0.0] * (len(read) + 1)]
    for row in wanted:
        previous, line = best[-1], [0.0]
        for at, cells in enumerate(read):
            equal = sum([1 for a, b in zip(row, cells, strict=False) if a and a == b])
            line.append(max(previous[at + 1], line[at], previous[at] + equal))
        best.append(line)
    pairs: dict[int, int] = {}
    i, j = len(wanted), len(read)
    while i and j:
        if best[i][j] == best[i][j - 1]:
            j -= 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs[i] = j
    return pairs

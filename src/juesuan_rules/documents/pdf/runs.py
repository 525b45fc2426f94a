"""Characters put together: runs that stand next to each other, lines, and the text of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from juesuan_rules.documents.pdf.characters import Char
from juesuan_rules.documents.pdf.orientation import Box

_GAP, _BACK, _RISE = 0.3, 0.25, 0.4
"""A run ends where the next character stands further right, further left, or higher or lower than this, in sizes."""

_WORD_GAP = 0.2
"""A gap this wide, in sizes, parts Latin words."""

_WIDE_GAP = 0.8
"""A gap this wide, in sizes, is a space a person sees in Chinese text."""


class Run(msgspec.Struct):
    """Characters one after another without a gap. first, last: their indexes in the page's chars."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    first: int
    last: int

    @property
    def box(self) -> Box:
        """x0, y0, x1, y1."""
        return self.x0, self.y0, self.x1, self.y1


def runs_of(chars: Sequence[Char]) -> list[Run]:
    """The runs of a page, in the order of its content stream."""
    runs: list[Run] = []
    if not chars:
        return runs
    letters: list[str] = []
    first = 0
    x0 = y0 = x1 = y1 = size = middle = 0.0
    for index, (text, a, b, c, d, s) in enumerate(chars):
        if letters:
            gap = a - x1
            if -_BACK * size <= gap <= _GAP * size and abs((b + d) / 2 - middle) <= _RISE * size and 0.6 * size <= s <= 1.67 * size:
                letters.append(text)
                x1 = c
                y0, y1 = min(y0, b), max(y1, d)
                continue
            runs.append(Run("".join(letters), x0, y0, x1, y1, size, first, index))
        letters, first = [text], index
        x0, y0, x1, y1, size, middle = a, b, c, d, s, (b + d) / 2
    runs.append(Run("".join(letters), x0, y0, x1, y1, size, first, len(chars)))
    return runs


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs that stand on one line, top to bottom, each left to right.

    Figures and Chinese text of one line may have baselines that differ by a third of a size.
    """
    rows: list[list[Run]] = []
    top = bottom = 0.0
    for run in sorted(runs, key=_middle):
        middle = (run.y0 + run.y1) / 2
        if rows and (top <= middle <= bottom) and (run.y0 <= (top + bottom) / 2 <= run.y1):
            rows[-1].append(run)
            continue
        rows.append([run])
        height = run.y1 - run.y0
        top, bottom = run.y0 + 0.1 * height, run.y1 - 0.1 * height
    for row in rows:
        if len(row) > 1:
            row.sort(key=_left)
    return rows


def _middle(run: Run) -> float:
    return run.y0 + run.y1


def _left(run: Run) -> float:
    return run.x0


def joined(row: Sequence[Run]) -> str:
    """The text of one line of runs, with a space where a person sees one."""
    if len(row) == 1:
        return row[0].text
    parts = [row[0].text]
    for before, run in pairwise(row):
        gap = (run.x0 - before.x1) / max(run.size, 1.0)
        if gap >= _WIDE_GAP or (gap >= _WORD_GAP and _is_word(before.text[-1]) and _is_word(run.text[0])):
            parts.append(" ")
        parts.append(run.text)
    return "".join(parts)


def wrapped(lines: Sequence[str]) -> str:
    """The lines of one cell as its text: put together without a space, but between Latin words."""
    if len(lines) == 1:
        return lines[0]
    text = ""
    for line in lines:
        if text and line and text[-1].isascii() and text[-1].isalpha() and line[0].isascii() and line[0].isalpha():
            text += " "
        text += line
    return text


def cell_text(runs: Sequence[Run]) -> str:
    """The text of a cell whose runs these are."""
    if len(runs) == 1:
        return runs[0].text
    return wrapped([joined(row) for row in rows_of(runs)])


def _is_word(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def box_around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)

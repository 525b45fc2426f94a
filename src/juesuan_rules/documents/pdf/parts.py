"""What a page is made of, in reading order: tables and printed lines."""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.documents.model import GridCell
from juesuan_rules.documents.pdf.orientation import Box, Frame
from juesuan_rules.documents.pdf.runs import Run, box_around, joined, rows_of

_APART = 2.0
"""A gap this wide, in sizes, parts two things that merely stand on one line."""


_LEADS = re.compile(r".{0,12}[：:]|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．]")
"""What belongs to the thing after it, however wide the gap: 部门： and the marks of headings."""


_STRETCHED, _LONG_LINE = 5.0, 15
"""In a line of so many characters that is part of a sentence, a gap up to this may only fill the line."""

_SPREAD = 4
"""A line of at most so many single characters, however far apart, is one word set wide: 目 录, 说 明."""

_HAN = re.compile("[\u4e00-\u9fff]")
_STOPS = re.compile("[，。；]")
_LABELS = re.compile("[：:]|单位|年度$|公开[0-9]")


class Line(msgspec.Struct):
    """A printed line: its pieces (parted by wide gaps), its box, and its size in points."""

    pieces: list[str]
    boxes: list[Box]
    size: float
    page: int

    @property
    def text(self) -> str:
        """The whole line, pieces parted by a space."""
        return " ".join(self.pieces)

    @property
    def box(self) -> Box:
        """x0, y0, x1, y1 of the whole line."""
        return box_around(self.boxes)


class Table(msgspec.Struct):
    """A table, or the part of one that stands on one page.

    xs: where its columns begin and end. open_end[column]: how much room, in sizes, the last line of
    the last row leaves in its cell: text that goes on below a page end leaves nearly none.
    ruled: whether rules tell its cells. continues: it goes on from the page before (known only of
    tables without rules), and cut: its first row is the rest of the last row there. sure: False where the columns of such a table are doubtful.
    """

    rows: list[tuple[GridCell, ...]]
    box: Box
    page: int
    xs: list[float]
    open_end: dict[int, float] = {}
    ruled: bool = True
    continues: bool = False
    cut: bool = False
    sure: bool = True


class PageParts(msgspec.Struct):
    """The parts of one page, top to bottom."""

    number: int
    width: float
    height: float
    frame: Frame
    items: list[Line | Table] = []


def lines_of(runs: list[Run], page: int) -> list[Line]:
    """The printed lines of runs that stand in no table, top to bottom."""
    lines = []
    for row in rows_of(runs):
        groups = [[row[0]]]
        for run in row[1:]:
            last = groups[-1][-1]
            gap = (run.x0 - last.x1) / max(run.size, last.size, 1.0)
            if gap > _APART and not _LEADS.fullmatch(joined(groups[-1])) and not (gap <= _STRETCHED and _is_sentence(row)):
                groups.append([run])
            else:
                groups[-1].append(run)
        if 1 < len(groups) <= _SPREAD and all(_HAN.fullmatch(joined(group)) for group in groups):
            groups = [row]
        pieces = [joined(group) for group in groups]
        boxes = [box_around([run.box for run in group]) for group in groups]
        lines.append(Line(pieces, boxes, max(row, key=_length).size, page))
    return lines


def _is_sentence(row: list[Run]) -> bool:
    """Whether a line is part of a sentence that was stretched to fill it: it has no labels, but commas or stops."""
    text = "".join([run.text for run in row])
    return len(text) >= _LONG_LINE and bool(_STOPS.search(text)) and not _LABELS.search(text)


def _length(run: Run) -> int:
    return len(run.text)


def in_order(lines: list[Line], tables: list[Table]) -> list[Line | Table]:
    """Lines and tables of a page, top to bottom."""
    items: list[tuple[float, int, Line | Table]] = [(line.boxes[0][1], n, line) for n, line in enumerate(lines)]
    items += [(table.box[1], -1 - n, table) for n, table in enumerate(tables)]
    items.sort(key=lambda item: item[:2])
    return [item for _, _, item in items]

"""Printed lines joined to paragraphs: over line ends, and over page ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from juesuan_rules.documents.model import Place, TextBlock
from juesuan_rules.documents.pdf.orientation import Frame
from juesuan_rules.documents.pdf.parts import Line, PageParts
from juesuan_rules.documents.pdf.runs import box_around, wrapped

_FULL = 1.6
"""A line that leaves less than this to the right margin, in sizes, was broken there: more, where the
next line begins with something that could not be broken (`_UNIT`)."""

_UNIT = re.compile(r"[（(《“‘「]*(?:[\dA-Za-z.,%％+-]+|.)[，。；：、！？）)》”’」%％]*")
_FEW_LINES, _VERY_FEW = 5, 2
"""With fewer long lines than this, a page does not tell its margins, or tells them only where none else does."""

_SPACED = 1.45
"""Paragraphs stand further apart than this many usual distances of lines, where they do."""

_INDENT, _HEADING_INDENT = 0.4, 1.2
"""A line that begins this far right of the margin, in sizes, begins a paragraph; after a heading it must be more."""

_SAME_SIZE = 1.3
_PITCH = 2.9
"""Lines of a paragraph stand at most this far apart, top to top, in sizes."""

_LONG_LINE = 15
"""Characters; lines this long tell the margins of a page."""

_SENTENCE_END = re.compile(r"[。！？；;!?：:][”’」』）)]*$")
_PUNCTUATION = re.compile(r"[。，；：,;:]")
_LONGEST_HEADING = 60
_LEADER = re.compile(r"[.…·．_]{3,}\s*[-—]?\s*\d*\s*[-—]?$")
_CONTENTS_PAGE = re.compile(r"[-—(（]?\s*\d{1,3}\s*[-—)）]?")
_MARK = re.compile(
    r"第[一二三四五六七八九十]+(?:部分|章|节|条)|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．](?!\d)|[①-⑳•·●■◆▪○➢✓]"
)


class Margins(msgspec.Struct, frozen=True):
    """Where the long lines of a page begin and end, and how far apart, top to top, lines usually stand.

    indented: some begin further right. pitch: 0 where no distance is usual.
    """

    left: float
    right: float
    indented: bool
    pitch: float = 0.0


def margins_of(pages: Sequence[PageParts]) -> list[Margins]:
    """The margins of each page; a page with little text has those of the pages as wide as it."""
    long = [[line for line in _single(page) if len(line.pieces[0]) >= _LONG_LINE] for page in pages]
    edges: dict[int, list[tuple[float, float]]] = {}
    for page, lines in zip(pages, long, strict=True):
        if len(lines) >= _FEW_LINES:
            edges.setdefault(round(page.width), []).append(_edges(lines))
    usual = {width: (median([left for left, _ in found]), median([right for _, right in found])) for width, found in edges.items()}
    margins = []
    for page, lines in zip(pages, long, strict=True):
        known = usual.get(round(page.width))
        if len(lines) >= _FEW_LINES or (known is None and len(lines) >= _VERY_FEW):
            known = _edges(lines)
        left, right = known or (0.1 * page.width, 0.9 * page.width)
        indented = any(line.boxes[0][0] > left + _INDENT * line.size for line in lines)
        margins.append(Margins(left, right, indented, _usual_pitch(_single(page))))
    return margins


def _single(page: PageParts) -> list[Line]:
    return [item for item in page.items if isinstance(item, Line) and len(item.pieces) == 1]


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    return min(line.boxes[0][0] for line in lines), max(line.boxes[0][2] for line in lines)


def _usual_pitch(lines: Sequence[Line]) -> float:
    """The distance at which lines that cannot hold more follow each other; 0 where there are too few."""
    steps = Counter(round(b.boxes[0][1] - a.boxes[0][1]) for a, b in pairwise(lines))
    often = [step for step, count in steps.items() if count >= _FEW_LINES - 2 and step > 0]
    return float(min(often, default=0))


class Paragraph:
    """A paragraph being put together, line by line."""

    def __init__(self, line: Line, margins: Margins, frame: Frame) -> None:
        self._lines = [line]
        self._margins = margins
        self._frame = frame

    def takes(self, line: Line, margins: Margins) -> bool:
        """Whether the line, the next one or the first of the next page, goes on with this paragraph."""
        last = self._lines[-1]
        if len(last.pieces) > 1 or len(line.pieces) > 1 or not _alike(last, line):
            return False
        before, after = last.pieces[0], line.pieces[0]
        room = (self._margins.right - last.boxes[0][2]) / last.size
        if room > _FULL + _width(_UNIT.match(after)) or _LEADER.search(before) or _LEADER.search(after):
            return False
        if last.page == line.page and not self._follows(last, line, margins):
            return False
        begins = line.boxes[0][0] > margins.left + _INDENT * line.size
        if line.boxes[0][0] > (margins.left + margins.right) / 2:
            return False
        indented = line.boxes[0][0] > margins.left + _HEADING_INDENT * line.size
        if self._is_heading() and (indented or _MARK.match(after)):
            return False
        if _SENTENCE_END.search(before):
            return margins.indented and not begins and not _MARK.match(after)
        return not (begins and _MARK.match(after))

    def _is_heading(self) -> bool:
        """Whether the paragraph so far is a heading: marked, short, and no sentence."""
        text = "".join([line.pieces[0] for line in self._lines])
        return len(text) <= _LONGEST_HEADING and bool(_MARK.match(text)) and not _PUNCTUATION.search(text)

    def _follows(self, last: Line, line: Line, margins: Margins) -> bool:
        """Whether a line of the same page stands as near as lines of a paragraph do."""
        step = line.boxes[0][1] - last.boxes[0][1]
        return step <= _PITCH * last.size and (not margins.pitch or step <= _SPACED * margins.pitch)

    def add(self, line: Line, margins: Margins) -> None:
        """Goes on with a line."""
        self._lines.append(line)
        self._margins = margins

    def block(self) -> TextBlock:
        """The paragraph with its place: the part of it that stands on its first page."""
        first = self._lines[0].page
        box = box_around([line.box for line in self._lines if line.page == first])
        text = wrapped([line.text for line in self._lines])
        return TextBlock(text, Place(page=first, box=self._frame.displayed(box)))


def _width(unit: re.Match[str] | None) -> float:
    """The width of a text in sizes: Latin letters and figures are half as wide as Chinese ones."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in unit.group()) if unit else 0.0


def _alike(a: Line, b: Line) -> bool:
    return a.size <= _SAME_SIZE * b.size and b.size <= _SAME_SIZE * a.size


def pieces_of(line: Line, frame: Frame) -> list[TextBlock]:
    """A line of several things (部门：… 金额单位：…), each a block; an entry of a table of contents is one."""
    if len(line.pieces) == 2 and _CONTENTS_PAGE.fullmatch(line.pieces[1]) and (_MARK.match(line.pieces[0]) or _LEADER.search(line.pieces[0])):
        return [TextBlock(line.text, Place(page=line.page, box=frame.displayed(line.box)))]
    return [
        TextBlock(text, Place(page=line.page, box=frame.displayed(box)))
        for text, box in zip(line.pieces, line.boxes, strict=True)
    ]

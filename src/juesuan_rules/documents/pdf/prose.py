"""Printed lines joined to paragraphs: over line ends, and over page ends."""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.documents.model import Place, TextBlock
from juesuan_rules.documents.pdf.orientation import Frame
from juesuan_rules.documents.pdf.parts import Line
from juesuan_rules.documents.pdf.runs import box_around, wrapped

_FULL = 2.0
"""A line that leaves less than this to the right margin, in sizes, was broken there."""

_INDENT = 1.2
_SAME_SIZE = 1.2
_PITCH = 2.9
"""Lines of a paragraph stand at most this far apart, top to top, in sizes."""

_LONG_LINE = 15
"""Characters; lines this long tell the margins of a page."""

_SENTENCE_END = re.compile(r"[。！？；;!?：:][”’」』）)]*$")
_LEADER = re.compile(r"[.…·．_]{3,}\s*[-—]?\s*\d*\s*[-—]?$")
_CONTENTS_PAGE = re.compile(r"[-—(（]?\s*\d{1,3}\s*[-—)）]?")
_MARK = re.compile(
    r"第[一二三四五六七八九十]+(?:部分|章|节|条)|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．](?!\d)|[①-⑳•·●■◆▪○➢✓]"
)


class Margins(msgspec.Struct, frozen=True):
    """Where the long lines of a page begin and end; indented: some begin further right."""

    left: float
    right: float
    indented: bool


def margins_of(lines: list[Line], width: float) -> Margins:
    """The margins of the running text among the lines of a page `width` wide."""
    long = [line for line in lines if len(line.pieces) == 1 and len(line.pieces[0]) >= _LONG_LINE]
    if not long:
        return Margins(0.1 * width, 0.9 * width, False)
    left, right = min(line.boxes[0][0] for line in long), max(line.boxes[0][2] for line in long)
    return Margins(left, right, any(line.boxes[0][0] > left + _INDENT * line.size for line in long))


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
        text, room = last.pieces[0], self._margins.right - last.boxes[0][2]
        if room > _FULL * last.size or _LEADER.search(text) or _LEADER.search(line.pieces[0]):
            return False
        if last.page == line.page and line.boxes[0][1] - last.boxes[0][1] > _PITCH * last.size:
            return False
        begins = line.boxes[0][0] > margins.left + _INDENT * line.size
        if _SENTENCE_END.search(text):
            return margins.indented and not begins and not _MARK.match(line.pieces[0])
        return not (begins and _MARK.match(line.pieces[0]))

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

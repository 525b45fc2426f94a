"""The characters of a page with their boxes, and texts found among them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from juesuan_rules.documents.pdf.characters import Char
from juesuan_rules.documents.pdf.pages import PageContent
from juesuan_rules.documents.pdf.runs import rows_of, runs_of
from juesuan_rules.outputs.pages.folding import fold_character
from juesuan_rules.outputs.pages.model import Box

_EDGE = 0.6
"""Points by which the middle of a character may lie outside the box it is in: boxes are rounded."""


class Stream(msgspec.Struct):
    """Characters in reading order, folded: `text`, and the box on the page as displayed of each of its letters."""

    text: str
    boxes: list[Box]

    def box(self, start: int, end: int) -> Box:
        """The box around letters start to end."""
        x0, y0, x1, y1 = zip(*self.boxes[start:end], strict=True)
        return min(x0), min(y0), max(x1), max(y1)

    def find(self, wanted: str) -> Iterator[int]:
        """Where the folded text stands; a figure not as part of a longer one."""
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            if not is_part(self.text, at, at + len(wanted)):
                yield at
            at = self.text.find(wanted, at + 1)


def is_part(text: str, start: int, end: int) -> bool:
    """Whether the figure text[start:end] goes on to the left or right."""
    if text[start].isdigit() and start:
        before = text[start - 1]
        if before.isdigit() or (before in ".," and start > 1 and text[start - 2].isdigit()):
            return True
    if text[end - 1].isdigit() and end < len(text):
        after = text[end]
        return after.isdigit() or (after in ".," and end + 1 < len(text) and text[end + 1].isdigit())
    return False


class PageText:
    """The visible characters of a page of a PDF file, by where they stand on the page as displayed."""

    def __init__(self, content: PageContent) -> None:
        self.frame = content.frame
        self._chars = content.chars
        boxes = [self.frame.displayed(char[1:5]) for char in content.chars]
        self._by_height = sorted([((box[1] + box[3]) / 2, (box[0] + box[2]) / 2, at) for at, box in enumerate(boxes)])
        self._heights = [item[0] for item in self._by_height]
        self._boxes = boxes
        self._whole: Stream | None = None

    def inside(self, box: Box, margin: float = 0.0) -> Stream:
        """The characters whose middle is in the box."""
        x0, y0, x1, y1 = box[0] - margin - _EDGE, box[1] - margin - _EDGE, box[2] + margin + _EDGE, box[3] + margin + _EDGE
        near = self._by_height[bisect_left(self._heights, y0) : bisect_right(self._heights, y1)]
        return self._stream(sorted([at for _, x, at in near if x0 <= x <= x1]))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._boxes)

    @property
    def whole(self) -> Stream:
        """All characters of the page."""
        if self._whole is None:
            self._whole = self._stream(range(len(self._chars)))
        return self._whole

    def boxes_near(self, box: Box) -> list[Box]:
        """Boxes of the characters that touch the box."""
        high = 40.0
        near = self._by_height[bisect_left(self._heights, box[1] - high) : bisect_right(self._heights, box[3] + high)]
        return [b for b in (self._boxes[at] for _, _, at in near) if b[0] < box[2] and b[2] > box[0] and b[1] < box[3] and b[3] > box[1]]

    def _stream(self, indexes: Sequence[int]) -> Stream:
        chars: list[Char] = [self._chars[at] for at in indexes]
        letters: list[str] = []
        boxes: list[Box] = []
        for row in rows_of(runs_of(chars)):
            for run in row:
                for at in range(run.first, run.last):
                    folded = fold_character(chars[at][0])
                    letters.append(folded)
                    boxes += [self._boxes[indexes[at]]] * len(folded)
        return Stream("".join(letters), boxes)

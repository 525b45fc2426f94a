"""Boxes between three coordinate systems of a page: as displayed, upright (as its text is read), and in the file."""

from __future__ import annotations

from collections.abc import Iterable

from juesuan_rules.documents.pdf.orientation import Frame

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 from the top left corner; in the file: left, bottom, right, top."""

UPRIGHT_MATRIX = ("1 0 0 1 0 0", "0 1 -1 0 0 0", "-1 0 0 -1 0 0", "0 -1 1 0 0 0")
"""By quarter turns: what turns a drawing that is upright for the reader into the file's coordinates."""


def to_upright(frame: Frame, box: Box) -> Box:
    """A box of the page as displayed, on the upright page."""
    x0, y0, x1, y1 = box
    width, height = frame.size
    extra = (frame.shown - frame.turns) % 4
    if extra == 1:
        return y0, height - x1, y1, height - x0
    if extra == 2:
        return width - x1, height - y1, width - x0, height - y0
    if extra == 3:
        return width - y1, x0, width - y0, x1
    return box


def to_file(frame: Frame, box: Box) -> Box:
    """A box of the upright page as left, bottom, right, top in the file."""
    x0, y0, x1, y1 = box
    if frame.turns == 1:
        return frame.left + y0, frame.bottom + x0, frame.left + y1, frame.bottom + x1
    if frame.turns == 2:
        return frame.right - x1, frame.bottom + y0, frame.right - x0, frame.bottom + y1
    if frame.turns == 3:
        return frame.right - y1, frame.top - x1, frame.right - y0, frame.top - x0
    return frame.left + x0, frame.top - y1, frame.left + x1, frame.top - y0


def union(a: Box, b: Box) -> Box:
    """The smallest box around both."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def overlap(a: Box, b: Box) -> float:
    """The area both share."""
    return covered(a, (b,))


def covered(box: Box, others: Iterable[Box]) -> float:
    """The areas the box shares with the others, all together."""
    x0, y0, x1, y1 = box
    return sum([(min(x1, c) - max(x0, a)) * (min(y1, d) - max(y0, b)) for a, b, c, d in others if a < x1 and c > x0 and b < y1 and d > y0])


def touching(box: Box, others: Iterable[Box]) -> list[Box]:
    """Those of the others that share some area with the box."""
    x0, y0, x1, y1 = box
    return [other for other in others if other[0] < x1 and other[2] > x0 and other[1] < y1 and other[3] > y0]


def grown(box: Box, by: float) -> Box:
    """The box with a margin."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by

"""Which way a page is turned, and boxes of the file turned into boxes as a person reads them.

PDF counts from the bottom left and may show the page turned (/Rotate); some programs draw a wide
page sideways and do not say so. One quarter turn, clockwise, covers both: the way most text runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

ASLANT = -1
"""Direction of text that runs neither along nor across the page."""


class Frame(msgspec.Struct, frozen=True):
    """How a page lies: its box in the file (left, bottom, right, top) and quarter turns, clockwise.

    turns: from the file to the upright page. shown: from the file to the page as displayed (/Rotate).
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0
    shown: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def upright(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the file as x0, y0, x1, y1 on the upright page."""
        if self.turns == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turns == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turns == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    def displayed(self, box: Box) -> Box:
        """A box of the upright page on the page as displayed, rounded to a tenth of a point."""
        x0, y0, x1, y1 = box
        width, height = self.size
        extra = (self.shown - self.turns) % 4
        if extra == 1:
            x0, y0, x1, y1 = height - y1, x0, height - y0, x1
        elif extra == 2:
            x0, y0, x1, y1 = width - x1, height - y1, width - x0, height - y0
        elif extra == 3:
            x0, y0, x1, y1 = y0, width - x1, y1, width - x0
        return round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)


def direction(matrix: Matrix) -> int:
    """Quarter turns, clockwise, that make text of this matrix upright; ASLANT where none does."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= 0.05 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b > 0 else 3
    return ASLANT


def main_direction(directions: Iterable[int], otherwise: int) -> int:
    """The direction most text runs in; `otherwise` where there is no text or nearly none."""
    counts = Counter(directions)
    del counts[ASLANT]
    if not counts:
        return otherwise
    best, count = counts.most_common(1)[0]
    return best if count > counts[otherwise] else otherwise


def concatenate(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner` first, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def transformed(matrix: Matrix, box: Box) -> Box:
    """The box around a box moved by a matrix (left, bottom, right, top)."""
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = box
    xs = [a * x + c * y + e for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
    ys = [b * x + d * y + f for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
    return min(xs), min(ys), max(xs), max(ys)

"""Labels beside boxes: how large they are, and where they cover neither figures nor each other."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.outputs.annotated.geometry import Box, covered, grown, overlap, touching
from juesuan_rules.outputs.annotated.marks import Mark

SIZES = (7.2, 5.8)
"""Of the label's figures, in points: the larger where there is room."""
MARGIN = 1.2
"""Between a figure and its box."""
_DIGIT, _PLUS, _DASH = 0.556, 0.584, 0.333
"""Widths of Helvetica bold, in sizes."""
_BETWEEN, _PAD = 2.0, 1.2
_TRIM = 0.09
"""Share of a character's height above and below its ink."""
_SHOWN = 3
"""Findings named in a label; the rest is counted."""
_APART, _CLOSE = 0.6, 0.2
REACH = 110.0
"""How far (points) from its figure a label may reach."""
_COVERED_BOX = 30.0
"""Covering a marked figure counts so many times as much as covering anything else."""


class Piece(msgspec.Struct, frozen=True):
    """A part of a label: text, or (ring) the number of an operand. x: where it begins."""

    x: float
    text: str
    ring: bool = False


class Label(msgspec.Struct, frozen=True):
    """A label: its parts, its width and the size of its figures in points."""

    pieces: tuple[Piece, ...]
    width: float
    size: float

    @property
    def height(self) -> float:
        """In points."""
        return self.size + 1.0

    @property
    def ring(self) -> float:
        """Radius of the ring around an operand's number."""
        return 0.5 * self.size


def label_of(mark: Mark, size: float, most: int = _SHOWN) -> Label:
    """3-② 7-①: the findings that use the figure, with its number in each; those beyond `most` are counted."""
    pieces: list[Piece] = []
    x = _PAD
    for at, use in enumerate(mark.uses[:most]):
        x += _BETWEEN if at else 0.0
        text = f"{use.numbered.number}-"
        pieces.append(Piece(x, text))
        x += text_width(text, size)
        pieces.append(Piece(x, str(use.operand), ring=True))
        x += size + 0.3
    more = len(mark.uses) - most
    if more > 0:
        text = f"+{more}"
        x += _BETWEEN
        pieces.append(Piece(x, text))
        x += text_width(text, size)
    return Label(tuple(pieces), x + _PAD, size)


def text_width(text: str, size: float) -> float:
    """The width of figures, + and - in Helvetica bold."""
    return sum(_DASH if letter == "-" else _PLUS if letter == "+" else _DIGIT for letter in text) * size


def placed_label(mark: Mark, box: Box, page: tuple[float, float], printed: Sequence[Box], marked: Sequence[Box], labels: Sequence[Box]) -> tuple[Label, Box]:
    """The label of a figure in `box` and where it goes on the upright page: beside the box where it covers nothing, small
    or short where only that fits, else where it covers least; never on its own figure.

    printed: boxes of characters near by. marked: boxes of other marks. labels: those placed already.
    """
    reach = (box[0] - REACH, box[1] - 3 * SIZES[0], box[2] + REACH, box[3] + 3 * SIZES[0])
    inks = [_ink(other) for other in touching(reach, printed)]
    marked, labels = touching(reach, marked), touching(reach, labels)
    own = _ink(box)
    best: tuple[float, Label, Box] | None = None
    shapes = [(SIZES[0], _SHOWN), (SIZES[1], _SHOWN), *([(SIZES[1], 1)] if len(mark.uses) > 1 else [])]
    for label in [label_of(mark, size, most) for size, most in shapes]:
        for spot in _places(label, box, own):
            if spot[0] < 0 or spot[1] < 0 or spot[2] > page[0] or spot[3] > page[1] or overlap(spot, own) > 0.01:
                continue
            cost = covered(spot, inks) + _COVERED_BOX * (covered(spot, marked) + covered(grown(spot, _APART / 2), labels))
            if cost <= 0.01:
                return label, spot
            if best is None or cost < best[0]:
                best = cost, label, spot
    return best[1:] if best is not None else _pushed_in(label_of(mark, SIZES[0]), box, page)


def _ink(box: Box) -> Box:
    """The part of a character's box that is printed on."""
    trim = _TRIM * min(box[3] - box[1], 16.0)
    return box[0], box[1] + trim, box[2], box[3] - trim


def _places(label: Label, box: Box, ink: Box) -> list[Box]:
    """Places to try, the best first: left, right, above, below, and a little further."""
    width, height = label.width, label.height
    x0, y0, x1, y1 = grown(box, MARGIN)
    middle = (y0 + y1 - height) / 2
    starts = [(x0 - width - _APART, middle), (x1 + _APART, middle)]
    for up, down in ((ink[1] - height - _CLOSE, ink[3] + _CLOSE), (y0 - 1.5 * height, y1 + 0.5 * height)):
        starts += [(x1 - width, up), (x0, up), (x1 - width, down), (x0, down)]
        starts += [(x0 - width - _APART, up), (x1 + _APART, up), (x0 - width - _APART, down), (x1 + _APART, down)]
    for step in (6.0, 14.0, 26.0):
        starts += [(x0 - width - step, middle), (x1 + step, middle)]
    return [(x, y, x + width, y + height) for x, y in starts]


def _pushed_in(label: Label, box: Box, page: tuple[float, float]) -> tuple[Label, Box]:
    """Inside the upper left corner of a box as large as the page."""
    x, y = max(0.0, min(box[0], page[0] - label.width)), max(0.0, min(box[1], page[1] - label.height))
    return label, (x, y, x + label.width, y + label.height)

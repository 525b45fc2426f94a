"""What page pictures and boxes are: keys, pictures, spots."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the top left corner of the page as displayed."""

Media = Literal["image/png", "image/webp", "image/jpeg"]


class PageKey(NamedTuple):
    """A page: its file as places name it (None where the report is one file), and its number from 1."""

    file: str | None
    page: int


class Picture(msgspec.Struct, frozen=True):
    """A page as a picture file. width, height: in pixels."""

    data: bytes
    media: Media
    width: int
    height: int


class Spot(msgspec.Struct, frozen=True):
    """Where a figure stands. tight: the box is around the figure's own characters (ink on a scan), or is its blank
    cell; otherwise it is around the sentence, the cell or the table the figure was read from, or is missing from."""

    key: PageKey
    box: Box
    tight: bool = True

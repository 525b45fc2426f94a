"""Pictures of ruled tables drawn for tests; figures only, for no Chinese font may be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

UNIT = 200 / 72
"""Pixels per point."""
CELL = (80, 24)
"""Width and height of a cell in points."""
FIGURES = (("101", "1,204.00", "35.70"), ("202", "80.25", "9,310.00"), ("303", "66.66", "17.08"), ("404", "5,151.40", "2.03"))


def table_picture(rows: Sequence[Sequence[str]] = FIGURES, margin: float = 12.0, colour: str = "black") -> Image.Image:
    """A ruled table on white, its figures in `colour`, `margin` points away from the edges."""
    from PIL import Image, ImageDraw

    wide, high = (CELL[0] * len(rows[0]) + 2 * margin) * UNIT, (CELL[1] * len(rows) + 2 * margin) * UNIT
    image = Image.new("RGB", (round(wide), round(high)), "white")
    pen = ImageDraw.Draw(image)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = (margin + CELL[0] * c) * UNIT, (margin + CELL[1] * r) * UNIT
            pen.rectangle((x, y, x + CELL[0] * UNIT, y + CELL[1] * UNIT), outline="black", width=2)
            pen.text((x + 6 * UNIT, y + 6 * UNIT), text, fill=colour, font_size=11 * UNIT)
    return image


def stamped(image: Image.Image, x: float, y: float, across: float, red: tuple[int, int, int] = (225, 40, 40)) -> Image.Image:
    """The picture with a round red stamp whose middle is at x, y (points): ink that lets black print show."""
    from PIL import Image, ImageChops, ImageDraw

    ink = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(ink)
    for size, width in ((across, 3.0), (across * 0.35, 1.5)):
        half = size / 2
        pen.ellipse([(x - half) * UNIT, (y - half) * UNIT, (x + half) * UNIT, (y + half) * UNIT], outline=red, width=round(width * UNIT))
    for line in range(-2, 3):
        pen.line([(x - across * 0.4) * UNIT, (y + 9 * line) * UNIT, (x + across * 0.4) * UNIT, (y + 9 * line + 4) * UNIT], fill=red, width=round(1.5 * UNIT))
    return ImageChops.multiply(image, ink)

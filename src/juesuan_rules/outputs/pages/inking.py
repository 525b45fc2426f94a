"""Where the ink stands in a cell of a scanned page: its rules, and specks, left aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from juesuan_rules.outputs.pages.model import Box

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 110
_EDGE = 1.2
"""Points of a cell's edge that belong to its rules."""
_RULE = 0.75
"""A row or column near the edge, dark over more than this share of the cell, is a rule."""
_SPECK = 0.03
"""A row or column dark over less than this share of the cell, or by less than `_LEAST` pixels, holds no stroke."""
_LEAST = 1.2
_INK = 0.68
"""Ink is darker than this share of the paper's brightness."""
_NEAR_EDGE = 0.2
_MARGIN = 0.8


def inked(page: Image, size: tuple[float, float], cell: Box) -> Box | None:
    """The box around the ink in a cell of a page of that size in points; None where there is none to be told.

    page: the page in grey.
    """
    across, down = page.width / size[0], page.height / size[1]
    left, top = round((cell[0] + _EDGE) * across), round((cell[1] + _EDGE) * down)
    right, bottom = round((cell[2] - _EDGE) * across), round((cell[3] - _EDGE) * down)
    left, top, right, bottom = max(0, left), max(0, top), min(page.width, right), min(page.height, bottom)
    if right - left < 4 or bottom - top < 4:
        return None
    part = page.crop((left, top, right, bottom))
    counts = part.histogram()
    paper = max(range(256), key=counts.__getitem__)
    dark = part.point([255 if value < paper * _INK else 0 for value in range(256)])
    columns = _span(_shares(dark, upright=True), bottom - top)
    rows = _span(_shares(dark, upright=False), right - left)
    if columns is None or rows is None:
        return None
    return (
        (left + columns[0]) / across - _MARGIN,
        (top + rows[0]) / down - _MARGIN,
        (left + columns[1] + 1) / across + _MARGIN,
        (top + rows[1] + 1) / down + _MARGIN,
    )


def _shares(dark: Image, upright: bool) -> list[float]:
    """How dark each column (upright) or row of the picture is, from 0 to 1."""
    from PIL import Image as images

    line = dark.resize((dark.width, 1) if upright else (1, dark.height), images.Resampling.BOX)
    return [value / 255 for value in line.tobytes()]


def _span(shares: Sequence[float], crossing: int) -> tuple[int, int] | None:
    """First and last line with a stroke on it. crossing: pixels of a line."""
    edge = _NEAR_EDGE * len(shares)
    least = max(_SPECK if len(shares) > crossing else 0.0, _LEAST / crossing)
    inked_lines = [at for at, share in enumerate(shares) if share >= least and not (share > _RULE and (at < edge or at > len(shares) - edge))]
    return (inked_lines[0], inked_lines[-1]) if inked_lines else None

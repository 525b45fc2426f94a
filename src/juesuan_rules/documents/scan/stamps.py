"""Red stamps over a table: bleached, so that the black print under them can be read.

Only what is as large and as round as a stamp. Red print, a column of negative amounts say, stays.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from juesuan_rules.documents.scan.ink import Grey, Mask

Colour: TypeAlias = NDArray[np.uint8]
"""A picture, rows by columns by red, green, blue."""
Patch = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom exclusive."""

_REDDER = 45
"""A red pixel is by so much redder than green and blue."""
_BRIGHT = 110
"""Red this dark lies over black print."""
_SMALLEST, _LARGEST = 55.0, 200.0
"""Sides of a stamp, in points."""
_BLOCK = 16
_ENOUGH = 5
"""A block of a patch has at least so many red pixels."""
_MOST_BLOCKS, _MOST_PATCHES = 40_000, 200
_RING = (0.85, 1.02)
"""The rim of a stamp, as shares of the way from its middle to its edge."""
_INSIDE = 1.04
"""What may be changed: the rim and as much around it as colours blur."""
_FAINTEST = 10
"""This share (in %) of a stamp's red pixels may stay darker than paper."""
_SECTORS, _CLOSED = 36, 0.8
"""Of so many sectors the rim runs through at least this share."""
_CORNERS = 0.02
"""At most this share of the red stands outside the rim."""


def without_stamps(colour: Colour, unit: float) -> tuple[Grey, tuple[Patch, ...]]:
    """The picture in grey, and the boxes of the stamps that were bleached. unit: pixels per point."""
    grey = np.array(Image.fromarray(colour).convert("L"))
    red, others = colour[:, :, 0], np.maximum(colour[:, :, 1], colour[:, :, 2])
    reddish: Mask = (red > _BRIGHT) & (np.minimum(others, 255 - _REDDER) + np.uint8(_REDDER) < red)
    stamps = []
    for patch in _patches(reddish):
        x0, y0, x1, y1 = patch
        sides = (x1 - x0) / unit, (y1 - y0) / unit
        part = reddish[y0:y1, x0:x1]
        if min(sides) >= _SMALLEST and max(sides) <= _LARGEST and _is_round(part):
            _bleach(grey[y0:y1, x0:x1], red[y0:y1, x0:x1], part)
            stamps.append(patch)
    return grey, tuple(stamps)


def _bleach(grey: Grey, red: Grey, part: Mask) -> None:
    """Puts what red light shows in place of a stamp, the stamp's own red being white in it.

    Every pixel inside the rim is changed: at the edges of strokes colours blur and are hardly red.
    """
    rows, columns = part.shape
    down, across = 2 * (np.arange(rows) + 0.5) / rows - 1, 2 * (np.arange(columns) + 0.5) / columns - 1
    inside = np.hypot(down[:, None], across[None, :]) <= _INSIDE
    white = max(float(np.percentile(red[part], _FAINTEST)), 1.0)
    lighter = np.minimum(red * (255.0 / white), 255.0).astype(np.uint8)
    np.maximum(grey, lighter, out=grey, where=inside)


def _is_round(part: Mask) -> bool:
    """Whether red pixels make a closed round rim with nothing outside it."""
    rows, columns = part.shape
    ys, xs = np.nonzero(part)
    down, across = 2 * (ys + 0.5) / rows - 1, 2 * (xs + 0.5) / columns - 1
    away = np.hypot(down, across)
    if np.count_nonzero(away > _RING[1]) > _CORNERS * away.size:
        return False
    rim = away >= _RING[0]
    sectors = ((np.arctan2(down[rim], across[rim]) / (2 * np.pi) + 0.5) * _SECTORS).astype(np.intp) % _SECTORS
    return int(np.unique(sectors).size) >= _CLOSED * _SECTORS


def _patches(reddish: Mask) -> list[Patch]:
    """Boxes around the red in each group of touching blocks with red in them."""
    rows, columns = -(-reddish.shape[0] // _BLOCK), -(-reddish.shape[1] // _BLOCK)
    counts = np.add.reduceat(np.add.reduceat(reddish, np.arange(rows) * _BLOCK, axis=0, dtype=np.uint16), np.arange(columns) * _BLOCK, axis=1)
    found = np.argwhere(counts >= _ENOUGH)
    if len(found) > _MOST_BLOCKS:
        return []  # a photograph, red paper
    left = set(map(tuple, found.tolist()))
    patches: list[Patch] = []
    while left and len(patches) < _MOST_PATCHES:
        group = [left.pop()]
        for row, column in group:
            near = {(r, c) for r in range(row - 1, row + 2) for c in range(column - 1, column + 2)} & left
            left -= near
            group.extend(near)
        top, bottom = min(p[0] for p in group), max(p[0] for p in group) + 1
        begin, end = min(p[1] for p in group), max(p[1] for p in group) + 1
        if min(bottom - top, end - begin) > 1:
            patches.append(_tight(reddish, begin * _BLOCK, top * _BLOCK, end * _BLOCK, bottom * _BLOCK))
    return patches


def _tight(reddish: Mask, x0: int, y0: int, x1: int, y1: int) -> Patch:
    """The box around the red, single stray pixels left aside."""
    part = reddish[y0:y1, x0:x1]
    down, across = np.flatnonzero(part.sum(axis=1) > 1), np.flatnonzero(part.sum(axis=0) > 1)
    if not down.size or not across.size:
        return x0, y0, x1, y1
    return x0 + int(across[0]), y0 + int(down[0]), x0 + int(across[-1]) + 1, y0 + int(down[-1]) + 1

"""Strips: the lines of text inside a region of the picture, each a box around its ink."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from juesuan_rules.documents.scan.ink import Mask

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom exclusive."""

Filled = NDArray[np.bool_] | np.bool_
"""For each row or column whether there is ink in it (one dimension; numpy types it so loosely)."""

_SPECK = 5
"""Fewer pixels of ink than this are dirt."""
_SMALLEST = 0.25
"""What is smaller than this share of a line's height either way is dirt too."""
_MOST_DEPTH = 12


def runs_of(filled: Filled) -> list[tuple[int, int]]:
    """Stretches of True as (start, end)."""
    padded = np.zeros(filled.size + 2, dtype=np.int8)
    padded[1:-1] = filled
    change = np.diff(padded)
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))


def text_height(ink: Mask, boxes: list[Box]) -> float:
    """The usual height of a line of text in the boxes, in pixels; 0.0 where there is no text."""
    heights: list[int] = []
    for x0, y0, x1, y1 in boxes:
        heights.extend(end - start for start, end in runs_of(ink[y0:y1, x0:x1].any(axis=1)) if end - start >= 6)
    if not heights:
        return 0.0
    common = np.percentile(heights, 70)
    return float(np.percentile([h for h in heights if h <= 1.6 * common], 80))


def strips_in_cell(ink: Mask, box: Box, height: float) -> list[Box]:
    """The lines of text of one cell, top to bottom, pieces far apart in one line left to right."""
    x0, y0, x1, y1 = box
    area = ink[y0:y1, x0:x1]
    if int(np.count_nonzero(area)) < _SPECK:
        return []
    found: list[Box] = []
    for top, bottom in _lines(area, height):
        band = area[top:bottom]
        for left, right in _pieces(band.any(axis=0), 3.0 * height):
            if int(np.count_nonzero(band[:, left:right])) >= _SPECK and max(right - left, bottom - top) >= _SMALLEST * height:
                found.append((x0 + left, y0 + top, x0 + right, y0 + bottom))
    return [_tight(ink, strip) for strip in found]


def strips_on_page(ink: Mask, height: float) -> list[Box]:
    """The lines of running text outside tables, in reading order (cut at white across, then down)."""
    strips: list[Box] = []
    _cut(ink, (0, 0, ink.shape[1], ink.shape[0]), height, strips, 0)
    return [_tight(ink, strip) for strip in strips]


def _cut(ink: Mask, box: Box, height: float, strips: list[Box], depth: int) -> None:
    x0, y0, x1, y1 = box
    area = ink[y0:y1, x0:x1]
    lines = _lines(area, height)
    for top, bottom in lines:
        band = area[top:bottom]
        if int(np.count_nonzero(band)) < _SPECK:
            continue
        pieces = _pieces(band.any(axis=0), 2.5 * height)
        whole = len(pieces) == 1 and (len(lines) == 1 or bottom - top <= 1.5 * height)
        for left, right in pieces:
            part = (x0 + left, y0 + top, x0 + right, y0 + bottom)
            if int(np.count_nonzero(band[:, left:right])) < _SPECK:
                continue
            if whole or depth >= _MOST_DEPTH or bottom - top <= 1.2 * height:
                strips.append(part)
            else:
                _cut(ink, part, height, strips, depth + 1)


def _lines(area: Mask, height: float) -> list[tuple[int, int]]:
    """Rows of the area that make lines of text: parts of one character put together, touching lines parted."""
    merged: list[list[int]] = []
    for start, end in runs_of(area.any(axis=1)):
        if merged and end - merged[-1][0] <= 1.2 * height:
            merged[-1][1] = end
        else:
            merged.append([start, end])
    lines = []
    for start, end in merged:
        count = round((end - start) / (1.25 * height)) if height else 1
        if count >= 2 and end - start >= 2.0 * height and count <= 60:
            lines.extend(_parted(area, start, end, count))
        else:
            lines.append((start, end))
    return lines


def _parted(area: Mask, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """A run of `count` touching lines cut at the thinnest rows near the even cuts."""
    profile = area[start:end].sum(axis=1)
    if profile.max() == 0 or np.count_nonzero(profile) < 2:
        return [(start, end)]
    pitch = (end - start) / count
    cuts = [0]
    for k in range(1, count):
        low, high = int((k - 0.3) * pitch), int((k + 0.3) * pitch) + 1
        cuts.append(low + int(np.argmin(profile[low:high])))
    if any(profile[cut] > 0.35 * profile.mean() for cut in cuts[1:]):
        return [(start, end)]
    cuts.append(end - start)
    return [(start + a, start + b) for a, b in itertools.pairwise(cuts) if b > a]


def _pieces(filled: Filled, gap: float) -> list[tuple[int, int]]:
    """Columns with ink, put together over white narrower than `gap`."""
    pieces: list[list[int]] = []
    for start, end in runs_of(filled):
        if pieces and start - pieces[-1][1] <= gap:
            pieces[-1][1] = end
        else:
            pieces.append([start, end])
    return [(a, b) for a, b in pieces]


def _tight(ink: Mask, box: Box) -> Box:
    """The box around the ink inside `box`."""
    x0, y0, x1, y1 = box
    area = ink[y0:y1, x0:x1]
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    if not rows.size:
        return box
    return x0 + int(columns[0]), y0 + int(rows[0]), x0 + int(columns[-1]) + 1, y0 + int(rows[-1]) + 1

"""By how much a picture is turned, and the picture turned back."""

from __future__ import annotations

import numpy as np
from PIL import Image

from juesuan_rules.documents.scan.ink import Grey, Mask

LARGEST = 4.0
"""Skew looked for, in degrees either way."""
_POINTS = 40_000
_NEGLIGIBLE = 0.04
"""A skew below this (degrees) moves a rule by about a pixel over a page: left as it is."""


def skew_of(ink: Mask) -> float:
    """The angle (degrees, counter-clockwise positive) by which rows of ink climb to the right.

    Found where the ink, projected along the angle, falls into the sharpest rows.
    """
    ys, xs = np.nonzero(ink)
    if ys.size < 200:
        return 0.0
    step = max(1, ys.size // _POINTS)
    y, x = ys[::step].astype(np.float32), xs[::step].astype(np.float32)
    x -= ink.shape[1] / 2
    best = 0.0
    for reach, pitch, bin_size in ((LARGEST, 0.25, 3.0), (0.3, 0.06, 2.0), (0.06, 0.015, 1.0)):
        angles = best + np.arange(-reach, reach + pitch / 2, pitch)
        scores = [_sharpness(y, x, float(angle), bin_size) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return best if abs(best) <= LARGEST else 0.0


def _sharpness(y: np.typing.NDArray[np.float32], x: np.typing.NDArray[np.float32], angle: float, bin_size: float) -> float:
    rows = (y + x * np.float32(np.tan(np.radians(angle)))) / np.float32(bin_size)
    rows -= rows.min()
    counts = np.bincount(rows.astype(np.int32)).astype(np.float64)
    return float((counts * counts).sum())


def turned_back(grey: Grey, angle: float) -> Grey:
    """The picture turned so that its rows are level; the same size, new corners white."""
    if abs(angle) < _NEGLIGIBLE:
        return grey
    turned = Image.fromarray(grey).rotate(-angle, Image.Resampling.BICUBIC, fillcolor=255)
    return np.array(turned)

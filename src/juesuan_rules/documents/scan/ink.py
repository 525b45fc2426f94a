"""A grey picture made even: paper white wherever the light falls, and which pixels are ink."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey: TypeAlias = NDArray[np.uint8]
"""A picture, rows by columns, 0 black to 255 white."""
Mask: TypeAlias = NDArray[np.bool_]

_BLOCK = 16
"""Side of the blocks the light is measured in, in pixels of the halved picture."""
_PAPER = 0.8
"""Of the pixels of a block this share is at most as bright as its paper."""
_GRAINY = 9.0
"""Paper that flickers more than this is smoothed."""
_CLEAR = 4.0
"""Ink is darker than the paper by more than this many times its flicker."""
_INK = 0.72
"""Ink is darker than this share of the way from the darkest ink to the paper."""


def even_light(grey: Grey) -> Grey:
    """The picture divided by its paper: shadows, yellowed paper and shaded cells become white."""
    height, width = grey.shape
    half = np.asarray(Image.fromarray(grey).reduce(2)) if min(height, width) >= 4 * _BLOCK else grey
    rows, columns = half.shape[0] // _BLOCK, half.shape[1] // _BLOCK
    if rows < 2 or columns < 2:
        return grey
    blocks = half[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    flat = blocks.swapaxes(1, 2).reshape(rows, columns, _BLOCK * _BLOCK)
    rank = int(_BLOCK * _BLOCK * _PAPER)
    paper = np.partition(flat, rank, axis=2)[:, :, rank]
    light = _fill_dark(paper)
    full = np.asarray(Image.fromarray(light).resize((width, height), Image.Resampling.BILINEAR))
    scaled = grey.astype(np.uint16) * np.uint16(250) // np.maximum(full, 1)
    result: Grey = np.minimum(scaled, 255).astype(np.uint8)
    return result


def _fill_dark(paper: Grey) -> Grey:
    """Blocks that are mostly ink (thick rules, photographs) take the paper of their neighbours."""
    floor = np.uint8(max(40, int(np.median(paper)) // 2))
    padded = np.pad(paper, 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).reshape(*paper.shape, 9)
    around = np.median(windows, axis=2).astype(np.uint8)
    result: Grey = np.maximum(np.maximum(paper, around), floor)
    return result


def noise_of(even: Grey) -> float:
    """How much the paper of an evenly lit picture flickers: its standard deviation, without the ink."""
    sample = even[::3, ::3].astype(np.int16)
    return float(np.median(np.abs(sample - np.median(sample)))) * 1.48


def smoothed(even: Grey) -> Grey:
    """The picture with its grain smoothed away where there is so much that it would look like ink."""
    noise = noise_of(even)
    if noise < _GRAINY:
        return even
    return np.array(Image.fromarray(even).filter(ImageFilter.GaussianBlur(0.8 if noise < 2 * _GRAINY else 1.2)))


def ink_of(even: Grey) -> Mask:
    """Which pixels are ink; single dots of noise are dropped."""
    sample = even[::4, ::4]
    darkest, paper = float(np.percentile(sample, 0.5)), float(np.median(sample))
    level = min(darkest + _INK * (paper - darkest), paper - _CLEAR * noise_of(even))
    ink = even < level
    beside = np.zeros_like(ink)
    beside[1:] |= ink[:-1]
    beside[:-1] |= ink[1:]
    beside[:, 1:] |= ink[:, :-1]
    beside[:, :-1] |= ink[:, 1:]
    return ink & beside

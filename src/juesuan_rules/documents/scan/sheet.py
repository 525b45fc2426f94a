"""A picture made ready: straightened, evenly lit, its rules found and erased, its text cut into strips."""

from __future__ import annotations

import msgspec
import numpy as np

from juesuan_rules.documents.scan.cells import Lattice, find_tables
from juesuan_rules.documents.scan.deskew import skew_of, turned_back
from juesuan_rules.documents.scan.ink import Grey, Mask, even_light, ink_of, smoothed
from juesuan_rules.documents.scan.lines import erase, find_rules
from juesuan_rules.documents.scan.strips import Box as Strip
from juesuan_rules.documents.scan.strips import strips_in_cell, strips_on_page, text_height

_RULE_ACROSS, _RULE_DOWN = 24.0, 10.0
"""Shortest rules, in points."""
_THICKEST, _GAP = 4.0, 8.0
"""Of a rule, and of a break in it, in points."""
_TRACE = 225
"""Pixels darker than this may be the trace of a faint rule."""
_SMALLEST_TEXT = 4.0
"""Height, in points, of the smallest print there is; marks below it are not worth looking at larger."""
_USUAL_TEXT = 9.0
"""Height of text, in points, where a page has no table to measure it in."""


class Sheet(msgspec.Struct):
    """A picture made ready: level, evenly lit, its rules erased, its text cut into strips.

    strips: of all the text. owners: for each strip the table and cell it stands in, or None.
    angle: by how many degrees it was turned back.
    """

    even: Grey
    tables: list[Lattice]
    strips: list[Strip]
    owners: list[tuple[int, int] | None]
    ink: Mask
    height: float
    angle: float
    unit: float


def prepare(grey: Grey, unit: float) -> Sheet:
    """The picture made ready for the recogniser. unit: pixels per point."""
    even = even_light(grey)
    angle = skew_of(ink_of(smoothed(even)))
    level = turned_back(even, angle)
    if level is even:
        even = even.copy()
        angle = 0.0
    else:
        even = level
    ink = ink_of(smoothed(even))
    thickest, gap = round(_THICKEST * unit), round(_GAP * unit)
    across = find_rules(ink, round(_RULE_ACROSS * unit), thickest, gap)
    down = find_rules(np.ascontiguousarray(ink.T), round(_RULE_DOWN * unit), thickest, gap)
    tables, across, down = find_tables(across, down, even < _TRACE, unit)
    erase(even, ink, across)
    erase(even.T, ink.T, down)
    return _with_strips(even, ink, tables, angle, unit)


def _with_strips(even: Grey, ink: Mask, tables: list[Lattice], angle: float, unit: float) -> Sheet:
    cells = [(t, k, box) for t, table in enumerate(tables) for k, box in enumerate(cell_boxes(table))]
    height = max(text_height(ink, [box for _, _, box in cells]) or _USUAL_TEXT * unit, _SMALLEST_TEXT * unit)
    strips: list[Strip] = []
    owners: list[tuple[int, int] | None] = []
    outside = ink.copy()
    for t, k, box in cells:
        for strip in strips_in_cell(ink, box, height):
            strips.append(strip)
            owners.append((t, k))
    for table in tables:
        x0, y0, x1, y1 = table.box
        outside[max(0, y0 - 1) : y1 + 2, max(0, x0 - 1) : x1 + 2] = False
    for strip in strips_on_page(outside, height):
        if _is_text_shaped(strip, height):
            strips.append(strip)
            owners.append(None)
    return Sheet(even, tables, strips, owners, ink, height, angle, unit)


def _is_text_shaped(strip: Strip, height: float) -> bool:
    """Whether a strip outside tables may be text: not a dot, a photograph, a long rule."""
    wide, high = strip[2] - strip[0], strip[3] - strip[1]
    return 0.35 * height <= high <= 8 * height and wide >= 0.1 * height


def cell_boxes(table: Lattice) -> list[Strip]:
    """The insides of its cells, in the order of `spans`."""
    return [(table.xs[c0] + 1, table.ys[r0] + 1, table.xs[c1 + 1], table.ys[r1 + 1]) for r0, c0, r1, c1 in table.spans]

"""A picture of a page to lines and tables: laid the right way up, its cells recognised."""

from __future__ import annotations

import numpy as np

from juesuan_rules.documents.scan.assembly import ILLEGIBLE, ScannedPage, assembled, mean_sure, sureness
from juesuan_rules.documents.scan.doubt import disputed, look_again
from juesuan_rules.documents.scan.recogniser import FIRST_LOOK, Recogniser
from juesuan_rules.documents.scan.render import Picture
from juesuan_rules.documents.scan.sheet import Sheet, prepare
from juesuan_rules.documents.scan.strips import Box as Strip
from juesuan_rules.documents.scan.vocabulary import Vocabulary

_WRONG_WAY = 0.75
"""Where the readings of a page are less sure than this, it may lie on its side or its head."""
_MARGIN = 0.1
"""By so much must another way up be read more surely."""
_SAMPLE = 8


def read_picture(picture: Picture, number: int, recogniser: Recogniser, vocabulary: Vocabulary) -> ScannedPage:
    """The lines and tables of the picture of page `number`, upright however it lies."""
    sheet, turns = prepare(picture.grey, picture.unit), 0
    if _lies_on_its_side(sheet):
        sheet, turns = _best_turn(picture, {0: sheet}, (0, 1, 3), recogniser)
    readings = recogniser.read(sheet.even, sheet.strips, sheet.height, FIRST_LOOK)
    sure = sureness(readings, sheet.strips)
    if sure < _WRONG_WAY:
        before = turns
        sheet, turns = _best_turn(picture, {turns: sheet}, (0, 1, 2, 3), recogniser)
        if turns != before:
            readings = recogniser.read(sheet.even, sheet.strips, sheet.height, FIRST_LOOK)
            sure = sureness(readings, sheet.strips)
    if sure < ILLEGIBLE:  # a second look at everything would tell no more
        readings = [disputed(reading) for reading in readings]
    else:
        readings = look_again(readings, sheet.strips, recogniser, sheet.even, sheet.ink, sheet.height)
    return assembled(picture, number, sheet, readings, turns, vocabulary)


def _lies_on_its_side(sheet: Sheet) -> bool:
    """Whether the text in the cells stands on end: most of it is taller than wide."""
    boxes: dict[tuple[int, int], Strip] = {}
    for strip, owner in zip(sheet.strips, sheet.owners, strict=True):
        if owner is not None:
            a = boxes.get(owner, strip)
            boxes[owner] = (min(a[0], strip[0]), min(a[1], strip[1]), max(a[2], strip[2]), max(a[3], strip[3]))
    sizes = [(x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes.values()]
    tall = sum(1 for wide, high in sizes if high > 1.7 * wide)
    return tall >= 3 and tall > sum(1 for wide, high in sizes if wide > 1.7 * high)


def _best_turn(picture: Picture, known: dict[int, Sheet], choices: tuple[int, ...], recogniser: Recogniser) -> tuple[Sheet, int]:
    """The page after the quarter turns, clockwise, with which a sample of it is read most surely."""
    first = next(iter(known))
    best, best_score = first, _sample_sureness(known[first], recogniser) + _MARGIN
    for turns in choices:
        if turns == first:
            continue
        known[turns] = prepare(np.ascontiguousarray(np.rot90(picture.grey, -turns)), picture.unit)
        score = _sample_sureness(known[turns], recogniser)
        if score > best_score:
            best, best_score = turns, score
        else:
            del known[turns]
    return known[best], best


def _sample_sureness(sheet: Sheet, recogniser: Recogniser) -> float:
    longest = sorted(sheet.strips, key=lambda s: s[0] - s[2])
    sample = [s for s in longest if s[2] - s[0] <= 20 * sheet.height][:_SAMPLE]
    if not sample:
        return 0.0
    readings = recogniser.read(sheet.even, sample, sheet.height, FIRST_LOOK)
    return sum(mean_sure(r) for r in readings) / len(readings)

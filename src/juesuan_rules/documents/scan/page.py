"""A picture of a page to lines and tables: straightened, its rules found and erased, its cells recognised."""

from __future__ import annotations

import re
import unicodedata

import msgspec
import numpy as np
from msgspec.structs import replace

from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.pdf.orientation import Box, Frame
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table, in_order
from juesuan_rules.documents.scan.cells import Lattice, find_tables
from juesuan_rules.documents.scan.deskew import skew_of, turned_back
from juesuan_rules.documents.scan.doubt import DISPUTED, is_misshapen, look_again, narrowed, with_doubtful_points
from juesuan_rules.documents.scan.ink import Grey, Mask, even_light, ink_of, smoothed
from juesuan_rules.documents.scan.lines import erase, find_rules
from juesuan_rules.documents.scan.recogniser import FIRST_LOOK, Reading, Recogniser
from juesuan_rules.documents.scan.render import Picture
from juesuan_rules.documents.scan.strips import Box as Strip
from juesuan_rules.documents.scan.strips import strips_in_cell, strips_on_page, text_height
from juesuan_rules.documents.scan.vocabulary import Vocabulary
from juesuan_rules.documents.scan.widths import with_measured_signs

_RULE_ACROSS, _RULE_DOWN = 24.0, 10.0
"""Shortest rules, in points."""
_THICKEST, _GAP = 4.0, 8.0
"""Of a rule, and of a break in it, in points."""
_TRACE = 225
"""Pixels darker than this may be the trace of a faint rule."""
_USUAL_TEXT = 9.0
"""Height of text, in points, where a page has no table to measure it in."""
_WRONG_WAY = 0.75
"""Where the readings of a page are less sure than this, it may lie on its side or its head."""
_MARGIN = 0.1
"""By so much must another way up be read more surely."""
_ILLEGIBLE = 0.6
"""A page less sure than this as a whole is told as such."""
_SAMPLE = 8
_PAGE_NUMBER = re.compile(r"[—–\-一_~.·\s]+\d{1,4}[—–\-一_~.·\s]+")
_RUBBISH = 0.3
"""Lines outside tables that are less sure than this are stamps, handwriting, dirt."""


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


class ScannedPage(msgspec.Struct):
    """What was read of a page that is a picture. unread: what could not be read, a sentence each."""

    parts: PageParts
    unread: tuple[str, ...] = ()


def read_picture(picture: Picture, number: int, recogniser: Recogniser, vocabulary: Vocabulary) -> ScannedPage:
    """The lines and tables of the picture of page `number`, upright however it lies."""
    sheet, turns = prepare(picture.grey, picture.unit), 0
    if _lies_on_its_side(sheet):
        sheet, turns = _best_turn(picture, {0: sheet}, (0, 1, 3), recogniser)
    readings = recogniser.read(sheet.even, sheet.strips, sheet.height, FIRST_LOOK)
    if _sureness(readings, sheet.strips) < _WRONG_WAY:
        before = turns
        sheet, turns = _best_turn(picture, {turns: sheet}, (0, 1, 2, 3), recogniser)
        if turns != before:
            readings = recogniser.read(sheet.even, sheet.strips, sheet.height, FIRST_LOOK)
    readings = look_again(readings, sheet.strips, recogniser, sheet.even, sheet.ink, sheet.height)
    return _assembled(picture, number, sheet, readings, turns, vocabulary)


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
    cells = [(t, k, box) for t, table in enumerate(tables) for k, box in enumerate(_cell_boxes(table))]
    height = text_height(ink, [box for _, _, box in cells]) or _USUAL_TEXT * unit
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


def _cell_boxes(table: Lattice) -> list[Strip]:
    return [(table.xs[c0] + 1, table.ys[r0] + 1, table.xs[c1 + 1], table.ys[r1 + 1]) for r0, c0, r1, c1 in table.spans]


def _sureness(readings: list[Reading], strips: list[Strip]) -> float:
    """How sure the readings are on the whole, long strips counting more; 1.0 where there are too few to say."""
    if len(readings) < 4:
        return 1.0
    weights = [s[2] - s[0] for s in strips]
    total = sum(w * _mean_sure(r) for w, r in zip(weights, readings, strict=True))
    return total / max(1, sum(weights))


def _mean_sure(reading: Reading) -> float:
    return sum(reading.sure) / len(reading.sure) if reading.sure else 0.0


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
    return sum(_mean_sure(r) for r in readings) / len(readings)


# ------------------------------------------------------------------ putting together


def _assembled(picture: Picture, number: int, sheet: Sheet, readings: list[Reading], turns: int, vocabulary: Vocabulary) -> ScannedPage:
    frame = Frame(0.0, 0.0, picture.width, picture.height, turns, 0)
    places = _Places(sheet, frame)
    tables = [_table(sheet, t, readings, number, places, vocabulary) for t in range(len(sheet.tables))]
    free = [k for k, owner in enumerate(sheet.owners) if owner is None]
    sure = [k for k in free if _mean_sure(readings[k]) >= _RUBBISH and readings[k].text.strip()]
    measured = with_measured_signs([readings[k] for k in sure], [sheet.strips[k] for k in sure])
    lines = _lines([(sheet.strips[k], r) for k, r in zip(sure, measured, strict=True)], number, places, sheet.height)
    width, height = frame.size
    parts = PageParts(number, width, height, frame, in_order(lines, tables))
    return ScannedPage(parts, _unread(number, sheet, readings, lines))


class _Places:
    """Boxes of the level picture, in pixels, as boxes on the upright page, in points."""

    def __init__(self, sheet: Sheet, frame: Frame) -> None:
        rows, columns = sheet.even.shape
        self.frame = frame
        self._across, self._down = frame.size[0] / columns, frame.size[1] / rows
        self._centre = (columns / 2, rows / 2)
        self._sine = float(np.sin(np.radians(sheet.angle)))

    def points(self, box: Strip) -> Box:
        """The box on the upright page. Turned back, it moves; that it would lean is too little to show."""
        x0, y0, x1, y1 = box
        dx = ((y0 + y1) / 2 - self._centre[1]) * self._sine
        dy = -((x0 + x1) / 2 - self._centre[0]) * self._sine
        return (x0 + dx) * self._across, (y0 + dy) * self._down, (x1 + dx) * self._across, (y1 + dy) * self._down

    def level(self, box: Strip) -> Box:
        """The box in points of the level page, on which rows are rows."""
        x0, y0, x1, y1 = box
        return x0 * self._across, y0 * self._down, x1 * self._across, y1 * self._down


def _table(sheet: Sheet, index: int, readings: list[Reading], number: int, places: _Places, vocabulary: Vocabulary) -> Table:
    lattice = sheet.tables[index]
    own = [k for k, owner in enumerate(sheet.owners) if owner is not None and owner[0] == index]
    measured = with_measured_signs([readings[k] for k in own], [sheet.strips[k] for k in own])
    content: dict[int, list[Reading]] = {}
    for k, reading in zip(own, measured, strict=True):
        owner = sheet.owners[k]
        assert owner is not None
        content.setdefault(owner[1], []).append(reading)
    rows = [[GridCell("")] * (len(lattice.xs) - 1) for _ in range(len(lattice.ys) - 1)]
    for k, ((r0, c0, r1, c1), box) in enumerate(zip(lattice.spans, _cell_boxes(lattice), strict=True)):
        place = Place(page=number, box=places.frame.displayed(places.points(box)))
        rows[r0][c0] = _cell(content.get(k, []), place, c1 - c0 + 1, r1 - r0 + 1, vocabulary)
    _doubt_lost_points(rows)
    xs = [places.level((x, 0, x, 0))[0] for x in lattice.xs]
    return Table([tuple(row) for row in rows], places.level(lattice.box), number, xs)


def _doubt_lost_points(rows: list[list[GridCell]]) -> None:
    """Marks plain digits among amounts: the decimal point may have been lost."""
    for c in range(len(rows[0])):
        for r in with_doubtful_points([row[c].text for row in rows]):
            rows[r][c] = replace(rows[r][c], confidence=min(rows[r][c].confidence, DISPUTED))


def _cell(pieces: list[Reading], place: Place, colspan: int, rowspan: int, vocabulary: Vocabulary) -> GridCell:
    """A cell of one or several strips; as sure as its least sure strip."""
    if not pieces:
        return GridCell("", place, colspan, rowspan)
    whole = Reading("".join(p.text for p in pieces), tuple(s for p in pieces for s in p.sure), max(p.doubt for p in pieces))
    text = narrowed(whole.text).strip()
    standard = vocabulary.standard(whole) if text else ""
    confidence = min(whole.confidence, DISPUTED) if is_misshapen(text) else whole.confidence
    return GridCell(text, place, colspan, rowspan, round(confidence, 3), standard)


def _lines(found: list[tuple[Strip, Reading]], number: int, places: _Places, height: float) -> list[Line]:
    """Strips outside tables as lines: those side by side are pieces of one."""
    lines: list[Line] = []
    bottoms: list[float] = []
    for strip, reading in sorted(found, key=lambda item: ((item[0][1] + item[0][3]) / 2, item[0][0])):
        middle = (strip[1] + strip[3]) / 2
        box = places.level(strip)
        text = _with_dashes(narrowed(reading.text).strip())
        if lines and abs(middle - bottoms[-1]) < 0.5 * height:
            at = sum(1 for other in lines[-1].boxes if other[0] < box[0])
            lines[-1].pieces.insert(at, text)
            lines[-1].boxes.insert(at, box)
        else:
            lines.append(Line([text], [box], (box[3] - box[1]) / 0.92, number))
            bottoms.append(middle)
    return lines


def _with_dashes(text: str) -> str:
    """A page number between dashes, which alone look like 一 to the recogniser."""
    plain = unicodedata.normalize("NFKC", text)
    return plain.replace("一", "—") if _PAGE_NUMBER.fullmatch(plain) else text


def _unread(number: int, sheet: Sheet, readings: list[Reading], lines: list[Line]) -> tuple[str, ...]:
    """What a person must be told that could not be read."""
    found = []
    if _sureness(readings, sheet.strips) < _ILLEGIBLE:
        found.append(f"第 {number} 页是图片，字迹不清，识别结果不可靠")
    tabular = sum(1 for line in lines if len(line.pieces) >= 3 and sum(any(c.isdigit() for c in p) for p in line.pieces) >= 2)
    if tabular >= 3:
        found.append(f"第 {number} 页是图片，其中的表格没有框线，未能按表格读取")
    return tuple(found)

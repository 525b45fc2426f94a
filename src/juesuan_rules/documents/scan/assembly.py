"""What was recognised, put together: cells to tables, strips to lines, each with its place on the page."""

from __future__ import annotations

import re
import unicodedata

import msgspec
import numpy as np
from msgspec.structs import replace

from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.pdf.orientation import Box, Frame
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table, in_order
from juesuan_rules.documents.scan.doubt import DISPUTED, disputed, is_misshapen, narrowed, with_doubtful_points
from juesuan_rules.documents.scan.recogniser import Reading
from juesuan_rules.documents.scan.render import Picture
from juesuan_rules.documents.scan.sheet import Sheet, cell_boxes
from juesuan_rules.documents.scan.stamps import Patch
from juesuan_rules.documents.scan.strips import Box as Strip
from juesuan_rules.documents.scan.vocabulary import Vocabulary
from juesuan_rules.documents.scan.widths import with_measured_signs

ILLEGIBLE = 0.6
"""A page less sure than this as a whole is told as such."""
_PAGE_NUMBER = re.compile(r"[—–\-一_~.·\s]+\d{1,4}[—–\-一_~.·\s]+")
_RUBBISH = 0.3
"""Lines outside tables that are less sure than this are stamps, handwriting, dirt."""


class ScannedPage(msgspec.Struct):
    """What was read of a page that is a picture. unread: what could not be read, a sentence each."""

    parts: PageParts
    unread: tuple[str, ...] = ()


def assembled(picture: Picture, number: int, sheet: Sheet, readings: list[Reading], turns: int, vocabulary: Vocabulary) -> ScannedPage:
    """The page `number` from the readings of its strips. turns: quarter turns, clockwise, that made the picture upright."""
    frame = Frame(0.0, 0.0, picture.width, picture.height, turns, 0)
    places = _Places(sheet, frame, picture)
    tables = [_table(sheet, t, readings, number, places, vocabulary) for t in range(len(sheet.tables))]
    free = [k for k, owner in enumerate(sheet.owners) if owner is None]
    sure = [k for k in free if mean_sure(readings[k]) >= _RUBBISH and readings[k].text.strip()]
    measured = with_measured_signs([readings[k] for k in sure], [sheet.strips[k] for k in sure])
    lines = _lines([(sheet.strips[k], r) for k, r in zip(sure, measured, strict=True)], number, places, sheet.height)
    width, height = frame.size
    parts = PageParts(number, width, height, frame, in_order(lines, tables))
    return ScannedPage(parts, _unread(number, sheet, readings, lines))


class _Places:
    """Boxes of the level picture, in pixels, as boxes on the upright picture and on the page, in points."""

    def __init__(self, sheet: Sheet, frame: Frame, picture: Picture) -> None:
        rows, columns = sheet.even.shape
        self._frame = frame
        self._corner = picture.left, picture.top
        self._stamps = [_in_points(stamp, picture) for stamp in picture.stamps]
        self._across, self._down = frame.size[0] / columns, frame.size[1] / rows
        self._centre = (columns / 2, rows / 2)
        self._sine = float(np.sin(np.radians(sheet.angle)))

    def displayed(self, box: Strip) -> Box:
        """The box on the page as displayed."""
        x0, y0, x1, y1 = self._frame.displayed(self._upright(box))
        left, top = self._corner
        return round(x0 + left, 1), round(y0 + top, 1), round(x1 + left, 1), round(y1 + top, 1)

    def is_stamped(self, box: Strip) -> bool:
        """Whether a stamp was bleached there."""
        if not self._stamps:
            return False
        return any(_overlap(stamp, self._frame.displayed(self._upright(box))) for stamp in self._stamps)

    def _upright(self, box: Strip) -> Box:
        """The box on the upright picture. Turned back, it moves; that it would lean is too little to show."""
        x0, y0, x1, y1 = box
        dx = ((y0 + y1) / 2 - self._centre[1]) * self._sine
        dy = -((x0 + x1) / 2 - self._centre[0]) * self._sine
        return (x0 + dx) * self._across, (y0 + dy) * self._down, (x1 + dx) * self._across, (y1 + dy) * self._down

    def level(self, box: Strip) -> Box:
        """The box in points of the level page, on which rows are rows."""
        x0, y0, x1, y1 = box
        return x0 * self._across, y0 * self._down, x1 * self._across, y1 * self._down


def _in_points(stamp: Patch, picture: Picture) -> Box:
    """A stamp's box on the picture as displayed."""
    rows, columns = picture.grey.shape
    across, down = picture.width / columns, picture.height / rows
    return stamp[0] * across, stamp[1] * down, stamp[2] * across, stamp[3] * down


def _overlap(stamp: Box, box: Box) -> bool:
    """Whether a box reaches into the ellipse a stamp's box holds."""
    x, y = (stamp[0] + stamp[2]) / 2, (stamp[1] + stamp[3]) / 2
    across, down = max(box[0] - x, x - box[2], 0.0), max(box[1] - y, y - box[3], 0.0)
    return float(np.hypot(2 * across / (stamp[2] - stamp[0]), 2 * down / (stamp[3] - stamp[1]))) <= 1.0


def _table(sheet: Sheet, index: int, readings: list[Reading], number: int, places: _Places, vocabulary: Vocabulary) -> Table:
    lattice = sheet.tables[index]
    own = [k for k, owner in enumerate(sheet.owners) if owner is not None and owner[0] == index]
    measured = with_measured_signs([readings[k] for k in own], [sheet.strips[k] for k in own])
    content: dict[int, list[Reading]] = {}
    for k, reading in zip(own, measured, strict=True):
        owner = sheet.owners[k]
        assert owner is not None
        content.setdefault(owner[1], []).append(disputed(reading) if places.is_stamped(sheet.strips[k]) else reading)
    rows = [[GridCell("")] * (len(lattice.xs) - 1) for _ in range(len(lattice.ys) - 1)]
    for k, ((r0, c0, r1, c1), box) in enumerate(zip(lattice.spans, cell_boxes(lattice), strict=True)):
        place = Place(page=number, box=places.displayed(box))
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
    if sureness(readings, sheet.strips) < ILLEGIBLE:
        found.append(f"第 {number} 页是图片，字迹不清，识别结果不可靠")
    tabular = sum(1 for line in lines if len(line.pieces) >= 3 and sum(any(c.isdigit() for c in p) for p in line.pieces) >= 2)
    if tabular >= 3:
        found.append(f"第 {number} 页是图片，其中的表格没有框线，未能按表格读取")
    return tuple(found)


def sureness(readings: list[Reading], strips: list[Strip]) -> float:
    """How sure the readings are on the whole, long strips counting more; 1.0 where there are too few to say."""
    if len(readings) < 4:
        return 1.0
    weights = [s[2] - s[0] for s in strips]
    total = sum(w * mean_sure(r) for w, r in zip(weights, readings, strict=True))
    return total / max(1, sum(weights))


def mean_sure(reading: Reading) -> float:
    """How sure its characters are on the average."""
    return sum(reading.sure) / len(reading.sure) if reading.sure else 0.0

"""Text and formatting of a Word 97-2003 file to items: paragraphs, cells, rows, text boxes."""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from juesuan_rules.documents.word.binary import ANCHORS, BOX_TEXTS, CHARACTER_PAGES, PARAGRAPH_PAGES, Damaged, Header, Runs, Text, TooLarge, read_runs
from juesuan_rules.documents.word.items import Item, Para
from juesuan_rules.documents.word.sprms import Characters, Paragraph, read_characters, read_paragraph
from juesuan_rules.documents.word.stacking import TableStack
from juesuan_rules.documents.word.symbols import symbol

_MARK = re.compile("[\r\x07\x0c]")
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\xad]")
_MEANING = {"\x0b": "\n", "\x0e": "\n", "\x1e": "-"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIELDS = re.compile("[\x13\x14\x15]")
_TWIPS_PER_CM = 567
_MOST_PARAGRAPHS = 500_000
_MOST_NOTED = 2_000_000
"""More runs of hidden or deleted text than this are damage (pieces that all point at the same text)."""
NumberOf = Callable[[int, Paragraph], str]
"""The automatic number of a paragraph, from its style number and properties."""


class StoryReader:
    """Reads stretches of one file's text; paragraphs are numbered through. told: as in `BodyReader`."""

    def __init__(self, header: Header, text: Text, extra: bytes, fonts: list[str], number_of: NumberOf) -> None:
        self.told: Counter[str] = Counter()
        self.pictures: list[tuple[int, float]] = []
        self._text, self._extra, self._fonts, self._number_of = text, extra, fonts, number_of
        self._paragraphs = read_runs(header, PARAGRAPH_PAGES)
        self._known: dict[bytes, Paragraph] = {}
        self._out: list[tuple[int, int]] = []  # character positions left out, in order
        self._signs: dict[int, str] = {}
        self._pictures: dict[int, int] = {}
        self._noted = 0
        self._find_characters(read_runs(header, CHARACTER_PAGES))
        self._out_ends = [end for _, end in self._out]
        self._fields: list[bool] = []
        self._count = 0
        self._boxes = _anchored_boxes(header)
        self._objects = sorted({*self._pictures, *self._boxes})

    # -------------------------------------------------------------- characters

    def _find_characters(self, runs: Runs) -> None:
        """Positions of deleted and hidden text, symbols and pictures, from the runs that have any."""
        known = {data: read_characters(data) for data in set(runs.data)}
        marked = [(s, e, found) for s, e, data in zip(runs.starts, runs.ends, runs.data, strict=True) if (found := known[data]) is not None]
        starts = [run[0] for run in marked]
        for piece in self._text.pieces:
            if piece.change and (whole := read_characters(piece.change)) is not None:
                self._note(piece.start, piece.end, whole)
            last = piece.place + (piece.end - piece.start) * piece.size
            for index in range(max(0, bisect_left(starts, piece.place) - 1), len(marked)):
                start, end, found = marked[index]
                if start >= last:
                    break
                if end > piece.place:
                    first = piece.start + (max(start, piece.place) - piece.place) // piece.size
                    self._note(first, piece.start + (min(end, last) - piece.place) // piece.size, found)
        self._out = _merged(self._out)

    def _note(self, start: int, end: int, found: Characters) -> None:
        self._noted += 1
        if self._noted > _MOST_NOTED:
            raise Damaged("runs")
        if found.deleted or found.hidden:
            self.told["修订" if found.deleted else "隐藏"] += 1
            self._out.append((start, end))
        elif found.symbol is not None:
            font, code = found.symbol
            sign = symbol(self._fonts[font] if font < len(self._fonts) else "", code)
            for position in range(start, min(end, start + 200)):
                self._signs[position] = sign
        elif found.picture is not None:
            self._pictures[start] = found.picture

    def _is_out(self, position: int) -> bool:
        index = bisect_left(self._out_ends, position + 1)
        return index < len(self._out) and self._out[index][0] <= position

    def _visible(self, start: int, end: int) -> str:
        """The text from start to end as printed: field results, symbols, no deleted or hidden text."""
        text = self._text.units[start:end]
        if self._out or self._signs:
            text = self._without(text, start)
        if self._fields or _FIELDS.search(text):
            text = self._results(text)
        if _SPECIAL.search(text):
            text = _SPECIAL.sub(lambda match: _MEANING.get(match.group(), ""), text)
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text

    def _without(self, text: str, start: int) -> str:
        end = start + len(text)
        parts: list[str] = []
        at = start
        for index in range(bisect_left(self._out_ends, start + 1), len(self._out)):
            first, last = self._out[index]
            if first >= end:
                break
            parts.append(self._signed(max(at, start), max(at, first)))
            at = max(at, last)
        parts.append(self._signed(at, end))
        return "".join(parts)

    def _signed(self, start: int, end: int) -> str:
        text = self._text.units[start:end]
        if not self._signs or start >= end:
            return text
        return "".join(self._signs.get(start + offset, char) if char == "(" else char for offset, char in enumerate(text))

    def _results(self, text: str) -> str:
        kept: list[str] = []
        at = 0
        for match in _FIELDS.finditer(text):
            if all(self._fields):
                kept.append(text[at : match.start()])
            at = match.end()
            mark = match.group()
            if mark == "\x13":
                self._fields.append(False)
            elif self._fields:
                if mark == "\x14":
                    self._fields[-1] = True
                else:
                    self._fields.pop()
        if all(self._fields):
            kept.append(text[at:])
        return "".join(kept)

    # -------------------------------------------------------------- paragraphs

    def read(self, start: int, end: int) -> list[Item]:
        """The items between two character positions."""
        stack = TableStack()
        carried = ""
        for first, last, properties, style in self._each_paragraph(start, end):
            mark = self._text.units[last] if last < end else "\r"
            depth = max(properties.depth, 1 if mark == "\x07" else 0)
            text = carried + self._visible(first, last)
            carried = ""
            while self._fields and not self._fields[-1]:
                self._fields.pop()  # an instruction ends with its paragraph, whatever a damaged file says
            stack.go_to(depth, self._count + 1)
            if properties.row_end and depth:
                stack.end_row(properties.row, dropped=self._is_out(last))
                continue
            self._count += 1
            if self._count > _MOST_PARAGRAPHS:
                raise TooLarge
            ends_cell = depth > 0 and (mark == "\x07" if depth == 1 else properties.inner_cell)
            if not ends_cell and mark == "\r" and self._is_out(last):
                carried = text
                continue
            label = self._number_of(style, properties)
            stack.add(Para(label + text if text.strip() or depth else text, self._count))
            if ends_cell:
                stack.end_cell()
            if self._objects:
                self._read_objects(first, last, stack.items if not depth else None)
        if carried:
            stack.add(Para(carried, self._count))
        return stack.finish()

    def _each_paragraph(self, start: int, end: int) -> Iterator[tuple[int, int, Paragraph, int]]:
        """(first position, position of the mark, properties, style) of every paragraph."""
        units = self._text.units
        at = start
        for match in _MARK.finditer(units, start, end):
            position = match.start()
            yield at, position, *self._properties(position)
            at = position + 1
        if at < end:
            yield at, end, Paragraph(), 0

    def _properties(self, position: int) -> tuple[Paragraph, int]:
        piece = self._text.piece_at(position)
        data = self._paragraphs.at(piece.place + (position - piece.start) * piece.size)
        key = data[2:] + piece.change
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = read_paragraph(key, self._extra)
        return found, data[0] | data[1] << 8 if len(data) > 1 else 0

    def _read_objects(self, first: int, last: int, items: list[Item] | None) -> None:
        """Pictures and text boxes anchored in a paragraph; items: where its boxes go, None inside a table."""
        for index in range(bisect_left(self._objects, first), len(self._objects)):
            position = self._objects[index]
            if position > last:
                break
            if position in self._pictures and (area := _picture_area(self._extra, self._pictures[position])) > 0:
                self.pictures.append((self._count, area))
            if items is not None:
                items += self._read_boxes(position)

    def _read_boxes(self, position: int) -> list[Item]:
        items: list[Item] = []
        fields, self._fields = self._fields, []
        for begin, end in self._boxes.pop(position, ()):
            items += self.read(begin, end)
        self._fields = fields
        return items

    def left_boxes(self) -> list[Item]:
        """The text boxes that no paragraph read so far holds (those anchored inside tables)."""
        return [item for position in sorted(self._boxes) for item in self._read_boxes(position)]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges in order, overlapping ones as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _anchored_boxes(header: Header) -> dict[int, list[tuple[int, int]]]:
    """Position of an anchor in the main text -> where the text of its boxes stands."""
    anchors, boxes = header.part(ANCHORS), header.part(BOX_TEXTS)
    base = sum(header.lengths[name] for name in ("main", "notes", "headers", "macros", "comments", "endnotes"))
    count = max(0, (len(boxes) - 4) // 26)
    if not count:
        return {}
    bounds = struct.unpack_from(f"<{count + 1}i", boxes, 0)
    ranges: dict[int, list[tuple[int, int]]] = {}
    for index in range(count):
        shape = struct.unpack_from("<I", boxes, 4 * (count + 1) + 22 * index + 14)[0]
        start, end = bounds[index], bounds[index + 1]
        if 0 <= start < end <= header.lengths["boxes"] and shape:
            ranges.setdefault(shape, []).append((base + start, base + end))
    number = max(0, (len(anchors) - 4) // 30)
    found: dict[int, list[tuple[int, int]]] = {}
    for index in range(number):
        position = struct.unpack_from("<i", anchors, 4 * index)[0]
        shape = struct.unpack_from("<I", anchors, 4 * (number + 1) + 26 * index)[0]
        if shape in ranges:
            found.setdefault(position, []).extend(ranges.pop(shape))
    if ranges:
        found.setdefault(header.lengths["main"], []).extend(r for several in ranges.values() for r in several)
    return found


def _picture_area(extra: bytes, place: int) -> float:
    """The area of an inline picture as printed, in square centimetres; 0 where it is not told."""
    if place < 0 or place + 36 > len(extra):
        return 0
    wide, high, scale_x, scale_y = struct.unpack_from("<4H", extra, place + 28)
    area: float = wide * scale_x / 1000 / _TWIPS_PER_CM * (high * scale_y / 1000 / _TWIPS_PER_CM)
    return area

"""The objects of a page that are no characters: rules, fills, pictures; and which text is aslant.

Boxes here are in the coordinates of the file: left, bottom, right, top.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import msgspec

from juesuan_rules.documents import limits
from juesuan_rules.documents.pdf.native import OBJECT_FORM, OBJECT_IMAGE, OBJECT_PATH, OBJECT_TEXT, Pdfium, Results
from juesuan_rules.documents.pdf.orientation import Box, Matrix, concatenate, direction, transformed

_THIN = 3.0
"""A filled rectangle up to this thick, in points, is a rule."""

_THICK, _LONG = 12.0, 4.0
"""A stroked line may be this thick, where it is so many times as long."""

_WHITE, _PALE = 250, 130
"""Colours whose components are all from `_WHITE` on are not seen on paper; watermarks are from `_PALE` on."""

_SAMPLE = 8
"""The colour of one rule in so many is looked at; all, where one of these is white."""

_INVISIBLE_MODES = (3, 7)
_DEEPEST = 8
_LINE, _BEZIER, _MOVE = 0, 1, 2


class TextObject(msgspec.Struct, frozen=True):
    """A run of text: direction in quarter turns, size in points, and whether it is painted at all."""

    direction: int
    size: float
    invisible: bool


class Drawing(msgspec.Struct):
    """What is drawn on a page. strokes: boxes of thin things; frames: stroked rectangles; texts by
    the address of their object; curves: how many small curved shapes (drawn glyphs) there are."""

    strokes: list[Box] = []
    white: list[Box] = []
    fills: list[Box] = []
    pictures: list[Box] = []
    texts: dict[int, TextObject] = {}
    curves: int = 0
    cut: bool = False


class _Pen:
    """Reads objects one after another into a Drawing, with buffers used again and again."""

    def __init__(self, lib: Pdfium) -> None:
        self.lib = lib
        self.drawing = Drawing()
        self.sides = Results("f", 4)
        self.affine = Results("f", 6)
        self.point = Results("f", 2)
        self.flags = Results("I", 2)
        self.paint = Results("I", 4)
        self.objects = 0
        self.rules: list[tuple[int, bool]] = []

    def page(self, page: int) -> None:
        lib = self.lib
        self.walk(page, lib.Page_CountObjects(page), lib.Page_GetObject, None, 0)

    def walk(self, holder: int, count: int, get: Callable[[int, int], int], matrix: Matrix | None, depth: int) -> None:
        lib, get_type = self.lib, self.lib.PageObj_GetType
        self.objects += count
        if self.objects > limits.PDF_OBJECTS:
            self.drawing.cut = True
            return
        for index in range(count):
            item = get(holder, index)
            kind = get_type(item)
            if kind == OBJECT_TEXT:
                self.text(item, matrix)
            elif kind == OBJECT_PATH:
                self.path(item, matrix)
            elif kind == OBJECT_IMAGE:
                self.drawing.pictures.append(self.bounds(item, matrix))
            elif kind == OBJECT_FORM and depth < _DEEPEST:
                own = self.matrix(item, matrix)
                self.walk(item, lib.FormObj_CountObjects(item), lib.FormObj_GetObject, own, depth + 1)

    def matrix(self, item: int, outer: Matrix | None) -> Matrix:
        self.lib.PageObj_GetMatrix(item, self.affine.at[0])
        own: Matrix = self.affine.read()
        return concatenate(own, outer) if outer else own

    def bounds(self, item: int, matrix: Matrix | None) -> Box:
        self.lib.PageObj_GetBounds(item, *self.sides.at)
        box: Box = self.sides.read()
        return transformed(matrix, box) if matrix else box

    def text(self, item: int, outer: Matrix | None) -> None:
        matrix = self.matrix(item, outer)
        self.lib.TextObj_GetFontSize(item, self.point.at[0])
        a, b, c, d, _, _ = matrix
        size = abs(self.point.read()[0] * d) if c == 0 else abs(self.point.read()[0]) * (c * c + d * d) ** 0.5
        way = 0 if b == 0 and a > 0 else direction(matrix)
        self.drawing.texts[item] = TextObject(way, size, self.lib.TextObj_GetTextRenderMode(item) in _INVISIBLE_MODES)

    def path(self, item: int, matrix: Matrix | None) -> None:
        lib = self.lib
        count = lib.Path_CountSegments(item)
        if count == 2:
            self.add(item, self.bounds(item, matrix), True)
            return
        lib.Path_GetDrawMode(item, *self.flags.at)
        filled, stroked = self.flags.read()
        box = self.bounds(item, matrix)
        thin = box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN
        if count <= 5 and (thin or not stroked):
            self.add(item, box, not filled)
        elif filled or stroked:
            self.shape(item, matrix, count, bool(stroked))

    def add(self, item: int, box: Box, stroked: bool) -> None:
        """Takes a line or a filled rectangle."""
        drawing = self.drawing
        width, height = box[2] - box[0], box[3] - box[1]
        thin = _THICK if stroked and max(width, height) > _LONG * min(width, height) else _THIN
        if width > thin and height > thin:
            if not stroked and darkest(self.lib, item, False, self.paint) < _WHITE:
                drawing.fills.append(box)
            return
        self.rules.append((item, stroked))
        drawing.strokes.append(box)

    def sort_out_white(self) -> None:
        """Moves white rules to `white`, where a look at some of them shows that there are any."""
        drawing = self.drawing

        def is_white(rule: tuple[int, bool]) -> bool:
            return darkest(self.lib, *rule, self.paint) >= _WHITE

        if not any(map(is_white, self.rules[::_SAMPLE])):
            return
        white = [is_white(rule) for rule in self.rules]
        drawing.white = [box for box, gone in zip(drawing.strokes, white, strict=True) if gone]
        drawing.strokes = [box for box, gone in zip(drawing.strokes, white, strict=True) if not gone]

    def shape(self, item: int, outer: Matrix | None, count: int, stroked: bool) -> None:
        """Takes a path of several pieces: straight ones along the page, and filled rectangles."""
        self.objects += count
        if self.objects > limits.PDF_OBJECTS:
            self.drawing.cut = True
            return
        matrix = self.matrix(item, outer)
        for points, curved in self.pieces(item, matrix, count):
            if curved:
                self.drawing.curves += 1
            elif stroked:
                for (x0, y0), (x1, y1) in pairwise(points):
                    if min(abs(x0 - x1), abs(y0 - y1)) <= _THIN / 3:
                        self.add(item, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), True)
            elif points:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self.add(item, (min(xs), min(ys), max(xs), max(ys)), False)

    def pieces(self, item: int, matrix: Matrix, count: int) -> list[tuple[list[tuple[float, float]], bool]]:
        """The parts of a path, each its points and whether it has curves; closed ones end where they began."""
        lib, at = self.lib, self.point.at
        a, b, c, d, e, f = matrix
        pieces: list[tuple[list[tuple[float, float]], bool]] = []
        points: list[tuple[float, float]] = []
        curved = False
        for index in range(count):
            segment = lib.Path_GetPathSegment(item, index)
            kind = lib.PathSegment_GetType(segment)
            lib.PathSegment_GetPoint(segment, at[0], at[1])
            x, y = self.point.read()
            if kind == _MOVE and points:
                pieces.append((points, curved))
                points, curved = [], False
            curved = curved or kind == _BEZIER
            points.append((a * x + c * y + e, b * x + d * y + f))
            if lib.PathSegment_GetClose(segment):
                points.append(points[0])
        if points:
            pieces.append((points, curved))
        return pieces


def read_drawing(lib: Pdfium, page: int) -> Drawing:
    """Everything drawn on a loaded page; `cut` where there is more than `limits.PDF_OBJECTS`."""
    pen = _Pen(lib)
    pen.page(page)
    pen.sort_out_white()
    return pen.drawing


def darkest(lib: Pdfium, item: int, stroked: bool, paint: Results) -> int:
    """The darkest component (0 to 255) of the colour an object is stroked or filled with; 255 where it is clear."""
    read = lib.PageObj_GetStrokeColor if stroked else lib.PageObj_GetFillColor
    if not read(item, *paint.at):
        return 0
    red, green, blue, opacity = paint.read()
    return max(int(min(red, green, blue)), 255 - int(opacity))


def is_pale(lib: Pdfium, item: int) -> bool:
    """Whether a run of text is so light, or so transparent, that it may be a watermark."""
    return darkest(lib, item, False, Results("I", 4)) >= _PALE

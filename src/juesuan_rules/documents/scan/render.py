"""A page of a PDF as a grey picture, at the resolution it was scanned with."""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any

import msgspec
import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from juesuan_rules.documents.scan.ink import Grey
from juesuan_rules.documents.scan.stamps import Patch, without_stamps

MOST_PIXELS = 12_000_000
"""Of a picture as it is read: an A3 page at 200 dots per inch has 8 million."""
MOST_STORED = 80_000_000
"""Of a picture as it is stored in the file; more is refused before it is unpacked."""
_FINEST, _COARSEST = 200 / 72, 120 / 72
"""Pixels per point: finer gains nothing, coarser loses strokes."""
_POINTS = (450.0, 1700.0)
"""Long sides of pages (points) that are believed; others are taken for A4."""
_A4_LONG = 842.0


class PageTooLarge(Exception):
    """The page holds a picture of more pixels than are unpacked."""


class Picture(msgspec.Struct):
    """A page as a grey picture. width, height: of the page as displayed, in points.

    unit: pixels per point of a page of usual size; sizes that a person judges (rules, characters) follow it.
    stamps: where stamps were bleached. left, top: where the picture begins on the page, in points.
    """

    grey: Grey
    width: float
    height: float
    unit: float
    stamps: tuple[Patch, ...] = ()
    left: float = 0.0
    top: float = 0.0

    def part(self, x0: float, y0: float, x1: float, y1: float) -> Picture:
        """What stands in a box of the page, in points from its top left corner."""
        rows, columns = self.grey.shape
        across, down = columns / self.width, rows / self.height
        begin, end = max(0, round(x0 * across)), min(columns, max(round(x0 * across) + 1, round(x1 * across)))
        top, bottom = max(0, round(y0 * down)), min(rows, max(round(y0 * down) + 1, round(y1 * down)))
        stamps = tuple((x - begin, y - top, u - begin, v - top) for x, y, u, v in self.stamps)
        grey = np.ascontiguousarray(self.grey[top:bottom, begin:end])
        return Picture(grey, (end - begin) / across, (bottom - top) / down, self.unit, stamps, begin / across, top / down)


def usual_unit(pixels: float, points: float) -> float:
    """Pixels per point along the long side, of a page of usual size."""
    return pixels / (points if _POINTS[0] <= points <= _POINTS[1] else _A4_LONG)


class Pages:
    """The pages of a PDF file in memory, to be rendered one by one. Use it as a context."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        pdfium.FPDF_InitLibrary()
        self._document: Any = pdfium.FPDF_LoadMemDocument64(data, len(data), None)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Frees the document."""
        if self._document:
            pdfium.FPDF_CloseDocument(self._document)
            self._document = None

    def render(self, number: int) -> Picture | None:
        """Page `number` (from 1) as displayed, None where it cannot be loaded.

        Raises PageTooLarge where a picture on it has more than MOST_STORED pixels.
        """
        page = pdfium.FPDF_LoadPage(self._document, number - 1) if self._document else None
        if not page:
            return None
        try:
            return _render(page)
        finally:
            pdfium.FPDF_ClosePage(page)


def _render(page: Any) -> Picture | None:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (1.0 <= width <= 20_000.0 and 1.0 <= height <= 20_000.0):
        return None
    long = max(width, height)
    largest = _largest_picture(page)
    larger = long * usual_unit(1, long)  # than a page of usual size, by its stated points
    scale = min(max(largest.scale * larger, _COARSEST), _FINEST) / larger
    scale = min(scale, (MOST_PIXELS / (width * height)) ** 0.5)
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    unit = usual_unit(max(rows, columns), long)
    pixels = _painted(page, columns, rows, 4 if largest.in_colour else 1)
    if pixels is None:
        return None
    if not largest.in_colour:
        return Picture(np.ascontiguousarray(pixels[:, :, 0]), width, height, unit)
    grey, stamps = without_stamps(np.ascontiguousarray(pixels[:, :, 2::-1]), unit)
    return Picture(grey, width, height, unit, stamps)


def _painted(page: Any, columns: int, rows: int, channels: int) -> NDArray[np.uint8] | None:
    """The page painted on white, rows by columns by channels: grey, or blue, green, red and nothing."""
    stride = -(-columns * channels // 4) * 4
    pixels = np.full((rows, stride), 255, dtype=np.uint8)
    kind = pdfium.FPDFBitmap_Gray if channels == 1 else pdfium.FPDFBitmap_BGRx
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, kind, pixels.ctypes.data_as(ctypes.c_void_p), stride)
    if not bitmap:
        return None
    try:
        flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if channels == 1 else 0)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return pixels[:, : columns * channels].reshape(rows, columns, channels)


class _Largest(msgspec.Struct):
    """The largest picture on a page: pixels per point (0.0: there is none), and whether it has colours."""

    scale: float = 0.0
    in_colour: bool = False


def _largest_picture(page: Any) -> _Largest:
    best, area = _Largest(), 0.0
    for index in range(min(pdfium.FPDFPage_CountObjects(page), 500)):
        thing = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        columns, rows = ctypes.c_uint(), ctypes.c_uint()
        if not pdfium.FPDFImageObj_GetImagePixelSize(thing, columns, rows):
            continue
        if columns.value * rows.value > MOST_STORED:
            raise PageTooLarge
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            continue
        shown = max(0.0, right.value - left.value) * max(0.0, top.value - bottom.value)
        if shown > area:
            area = shown
            facts = pdfium.FPDF_IMAGEOBJ_METADATA()
            told = pdfium.FPDFImageObj_GetImageMetadata(thing, page, facts)
            best = _Largest((columns.value * rows.value / shown) ** 0.5, bool(told) and facts.bits_per_pixel >= 24)
    return best

"""A page of a PDF file painted as displayed, bounded in pixels and in time."""

from __future__ import annotations

import ctypes
import time
from ctypes import c_float, c_int, c_void_p
from functools import cache
from typing import TYPE_CHECKING, Any

from juesuan_rules.documents.pdf.native import OBJECT_IMAGE, Pdfium, Results, bound, pdfium

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 6_000_000
LONGEST = 8_000
"""Pixels of a picture, and of its longer side."""
LARGEST_SIDE = 20_000.0
"""Points; a page with a longer side is not painted."""
_MOST_STORED = 80_000_000
"""Pixels of a picture in the file; a page with a larger one is not painted."""
_SECONDS = 5.0
"""How long a page may take; it stays as far as it was painted then."""
_MOST_OBJECTS = 20_000
_BGRX, _ANNOTATIONS, _GO_ON = 3, 1, 1


class _Pause(ctypes.Structure):
    _fields_ = [("version", c_int), ("asked", c_void_p), ("user", c_void_p)]


_ASKED = ctypes.PYFUNCTYPE(c_int, c_void_p)


@cache
def painter() -> Pdfium:
    """The functions of PDFium that paint."""
    pdfium()
    return bound(
        {
            "page_size": ("FPDF_GetPageSizeByIndexF", c_int, c_void_p, c_int, c_void_p),
            "create": ("FPDFBitmap_CreateEx", c_void_p, c_int, c_int, c_int, c_void_p, c_int),
            "destroy": ("FPDFBitmap_Destroy", None, c_void_p),
            "start": ("FPDF_RenderPageBitmap_Start", c_int, c_void_p, c_void_p, c_int, c_int, c_int, c_int, c_int, c_int, c_void_p),
            "go_on": ("FPDF_RenderPage_Continue", c_int, c_void_p, c_void_p),
            "close": ("FPDF_RenderPage_Close", None, c_void_p),
            "stored": ("FPDFImageObj_GetImagePixelSize", c_int, c_void_p, c_void_p, c_void_p),
        }
    )


def page_size(document: int, index: int) -> tuple[float, float] | None:
    """Width and height of a page as displayed, in points; None for one that cannot be shown."""
    size = (c_float * 2)()
    if not painter().page_size(document, index, ctypes.addressof(size)):
        return None
    width, height = float(size[0]), float(size[1])
    return (width, height) if 1.0 <= width <= LARGEST_SIDE and 1.0 <= height <= LARGEST_SIDE else None


def pixels_for(size: tuple[float, float], dpi: float) -> tuple[int, int]:
    """Columns and rows of a page of that size, no more than are painted."""
    width, height = size
    scale = min(dpi / 72, (MOST_PIXELS / (width * height)) ** 0.5, LONGEST / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def paint(document: int, index: int, columns: int, rows: int) -> Image | None:
    """The page on white paper, annotations included; None where it cannot be painted."""
    lib = pdfium()
    page = lib.LoadPage(document, index)
    if not page:
        return None
    try:
        return None if _stored_too_large(lib, page) else _painted(page, columns, rows)
    finally:
        lib.ClosePage(page)


def _painted(page: int, columns: int, rows: int) -> Image | None:
    from PIL import Image as images

    brush = painter()
    stride = columns * 4
    pixels = bytearray(b"\xff") * (stride * rows)
    bitmap = brush.create(columns, rows, _BGRX, ctypes.addressof((ctypes.c_char * len(pixels)).from_buffer(pixels)), stride)
    if not bitmap:
        return None
    until = time.monotonic() + _SECONDS
    asked = _ASKED(lambda _: int(time.monotonic() > until))
    pause = _Pause(1, ctypes.cast(asked, c_void_p), None)
    try:
        state = brush.start(bitmap, page, 0, 0, columns, rows, 0, _ANNOTATIONS, ctypes.addressof(pause))
        while state == _GO_ON and time.monotonic() <= until:
            state = brush.go_on(page, ctypes.addressof(pause))
        brush.close(page)
    finally:
        brush.destroy(bitmap)
    return images.frombuffer("RGB", (columns, rows), pixels, "raw", "BGRX", stride, 1)


def _stored_too_large(lib: Any, page: int) -> bool:
    brush, size = painter(), Results("I", 2)
    for at in range(min(lib.Page_CountObjects(page), _MOST_OBJECTS)):
        thing = lib.Page_GetObject(page, at)
        if lib.PageObj_GetType(thing) == OBJECT_IMAGE and brush.stored(thing, *size.at):
            across, down = size.read()
            if across * down > _MOST_STORED:
                return True
    return False



"""The functions of PDFium that the reader calls, with prototypes that cost little per call.

A page has thousands of characters and rules, and each costs one call. The prototypes of pypdfium2
convert every argument with care; these take plain integers as addresses and keep the interpreter
lock, which also keeps PDFium (not safe for threads) to one thread at a time.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping
from ctypes import c_char_p, c_double, c_int, c_size_t, c_uint, c_ulong, c_void_p
from functools import cache
from typing import Any, Protocol, cast

_PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "LoadMemDocument64": (c_void_p, c_void_p, c_size_t, c_char_p),
    "CloseDocument": (None, c_void_p),
    "GetLastError": (c_ulong,),
    "GetPageCount": (c_int, c_void_p),
    "LoadPage": (c_void_p, c_void_p, c_int),
    "ClosePage": (None, c_void_p),
    "GetPageBoundingBox": (c_int, c_void_p, c_void_p),
    "Page_GetRotation": (c_int, c_void_p),
    "Page_CountObjects": (c_int, c_void_p),
    "Page_GetObject": (c_void_p, c_void_p, c_int),
    "PageObj_GetType": (c_int, c_void_p),
    "PageObj_GetBounds": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "PageObj_GetMatrix": (c_int, c_void_p, c_void_p),
    "PageObj_GetFillColor": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "PageObj_GetStrokeColor": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "PageObj_GetStrokeWidth": (c_int, c_void_p, c_void_p),
    "Path_CountSegments": (c_int, c_void_p),
    "Path_GetPathSegment": (c_void_p, c_void_p, c_int),
    "Path_GetDrawMode": (c_int, c_void_p, c_void_p, c_void_p),
    "PathSegment_GetPoint": (c_int, c_void_p, c_void_p, c_void_p),
    "PathSegment_GetType": (c_int, c_void_p),
    "PathSegment_GetClose": (c_int, c_void_p),
    "FormObj_CountObjects": (c_int, c_void_p),
    "FormObj_GetObject": (c_void_p, c_void_p, c_ulong),
    "TextObj_GetTextRenderMode": (c_int, c_void_p),
    "TextObj_GetFontSize": (c_int, c_void_p, c_void_p),
    "Text_LoadPage": (c_void_p, c_void_p),
    "Text_ClosePage": (None, c_void_p),
    "Text_CountChars": (c_int, c_void_p),
    "Text_GetText": (c_int, c_void_p, c_int, c_int, c_void_p),
    "Text_GetUnicode": (c_uint, c_void_p, c_int),
    "Text_IsGenerated": (c_int, c_void_p, c_int),
    "Text_HasUnicodeMapError": (c_int, c_void_p, c_int),
    "Text_GetLooseCharBox": (c_int, c_void_p, c_int, c_void_p),
    "Text_GetCharBox": (c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p),
    "Text_GetCharOrigin": (c_int, c_void_p, c_int, c_void_p, c_void_p),
    "Text_GetMatrix": (c_int, c_void_p, c_int, c_void_p),
    "Text_GetFontSize": (c_double, c_void_p, c_int),
    "Text_GetTextObject": (c_void_p, c_void_p, c_int),
}

OBJECT_TEXT, OBJECT_PATH, OBJECT_IMAGE, OBJECT_SHADING, OBJECT_FORM = 1, 2, 3, 4, 5
ERROR_FORMAT, ERROR_PASSWORD, ERROR_SECURITY = 3, 4, 5


class Pdfium(Protocol):
    """The functions by their names without the prefix `FPDF_`, `FPDFText_` → `Text_` …"""

    def __getattr__(self, name: str) -> Callable[..., Any]: ...


class _Functions:
    """Holds the functions as attributes."""


@cache
def pdfium() -> Pdfium:
    """PDFium, loaded and initialised on first use."""
    from pypdfium2_raw import bindings

    bindings.FPDF_InitLibraryWithConfig(ctypes.byref(bindings.FPDF_LIBRARY_CONFIG(2, None, None, 0)))
    return bound({name: (f"FPDF{name}" if "_" in name else f"FPDF_{name}", *prototype) for name, prototype in _PROTOTYPES.items()})


def bound(prototypes: Mapping[str, tuple[Any, ...]]) -> Pdfium:
    """Functions of PDFium by names of one's own: name → (its name in PDFium, type of its result, types of its arguments)."""
    from pypdfium2_raw import bindings

    functions = _Functions()
    for name, (symbol, result, *arguments) in prototypes.items():
        address = ctypes.cast(getattr(bindings, symbol), c_void_p).value or 0
        setattr(functions, name, ctypes.PYFUNCTYPE(result, *arguments)(address))
    return cast(Pdfium, functions)


class Results:
    """A buffer for numbers that PDFium gives back through pointers: `at` are the addresses of its items.

    kind: "f" C floats, "d" C doubles, "I" C unsigned integers.
    """

    def __init__(self, kind: str, count: int) -> None:
        layout = struct.Struct(f"{count}{kind}")
        width = layout.size // count
        self._buffer = ctypes.create_string_buffer(layout.size)
        self._unpack = layout.unpack_from
        start = ctypes.addressof(self._buffer)
        self.at = tuple(start + width * i for i in range(count))

    def read(self) -> tuple[Any, ...]:
        """All items as they are now."""
        return self._unpack(self._buffer)

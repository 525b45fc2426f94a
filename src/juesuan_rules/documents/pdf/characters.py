"""The characters of a page with their boxes, fetched in bulk."""

from __future__ import annotations

import ctypes
from array import array
from collections import deque
from collections.abc import Iterator
from itertools import repeat

from juesuan_rules.documents.pdf.native import Floats, Pdfium
from juesuan_rules.documents.pdf.orientation import Frame

Char = tuple[str, float, float, float, float, float]
"""A visible character: text, x0, y0, x1, y1, size. The box is as wide as the character advances and
as high as its font; size is its height in points. White space is no character: gaps tell it."""

_UNSEEN = frozenset(map(chr, [*range(0x21), 0x7F, *range(0x80, 0xA1), 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF, 0xFFFE]))
_LINE_END_HYPHEN = "\x02"
"""What PDFium gives for a hyphen at the end of a line."""

_ASCENT = 0.86
"""Share of its size a character stands above its baseline, where the font's own is not to be had."""


def read_text(lib: Pdfium, page: int, limit: int) -> tuple[int, list[str]]:
    """The text page of a loaded page and its characters; at most `limit` of them."""
    text_page = lib.Text_LoadPage(page)
    if not text_page:
        return 0, []
    count = min(lib.Text_CountChars(text_page), limit)
    if count <= 0:
        return text_page, []
    buffer = ctypes.create_string_buffer(2 * count + 2)
    lib.Text_GetText(text_page, 0, count, ctypes.addressof(buffer))
    text = buffer.raw[: 2 * count].decode("utf-16-le", "surrogatepass")
    if _LINE_END_HYPHEN in text:
        text = text.replace(_LINE_END_HYPHEN, "-")
    letters = list(text)
    if len(letters) != count or "\x00" in text:
        letters = [_letter(lib.Text_GetUnicode(text_page, i)) for i in range(count)]
    return text_page, letters


def _letter(code: int) -> str:
    return "-" if code == 2 else chr(code) if 0 < code < 0x110000 else " "


def upright_chars(lib: Pdfium, text_page: int, letters: list[str], frame: Frame) -> list[Char | None]:
    """Each character as a Char on the upright page, None for white space."""
    if frame.turns % 2:
        return list(_turned_chars(lib, text_page, letters, frame))
    count = len(letters)
    boxes = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(boxes)
    deque(map(lib.Text_GetLooseCharBox, repeat(text_page), range(count), range(start, start + 16 * count, 16)), maxlen=0)
    values = array("f")
    values.frombytes(memoryview(boxes).cast("B"))
    lefts, tops, rights, bottoms = values[0::4], values[1::4], values[2::4], values[3::4]
    unseen, ox, oy = _UNSEEN, frame.left, frame.top
    if frame.turns:
        lefts, rights, tops, bottoms = _mirrored(frame, lefts, rights, tops, bottoms)
    return [
        None if t in unseen or r <= x else (t, x - ox, oy - y, r - ox, oy - b, y - b)
        for t, x, y, r, b in zip(letters, lefts, tops, rights, bottoms, strict=True)
    ]


def _mirrored(frame: Frame, *sides: array[float]) -> Iterator[list[float]]:
    """The sides of boxes of a page upside down, as if it stood upright in the same frame."""
    lefts, rights, tops, bottoms = sides
    across, up = frame.left + frame.right, frame.bottom + frame.top
    for pair, total in (((lefts, rights), across), ((bottoms, tops), up)):
        low = [total - max(a, b) for a, b in zip(*pair, strict=True)]
        high = [total - min(a, b) for a, b in zip(*pair, strict=True)]
        yield from (low, high) if pair[0] is lefts else (high, low)


def _turned_chars(lib: Pdfium, text_page: int, letters: list[str], frame: Frame) -> Iterator[Char | None]:
    """Characters of a page drawn sideways: PDFium knows no font box there, only the ink and the baseline."""
    edges = (ctypes.c_double * 6)()
    start = ctypes.addressof(edges)
    left, right, bottom, top, x, y = range(start, start + 48, 8)
    matrix = Floats(6)
    for index, letter in enumerate(letters):
        if letter in _UNSEEN:
            yield None
            continue
        lib.Text_GetCharBox(text_page, index, left, right, bottom, top)
        lib.Text_GetCharOrigin(text_page, index, x, y)
        lib.Text_GetMatrix(text_page, index, matrix.at[0])
        size = abs(matrix.values[1] or matrix.values[0]) * lib.Text_GetFontSize(text_page, index)
        x0, _, x1, _ = frame.upright(edges[0], edges[2], edges[1], edges[3])
        origin, baseline, _, _ = frame.upright(edges[4], edges[5], edges[4], edges[5])
        yield (letter, min(origin, x0), baseline - _ASCENT * size, max(x1, origin + 0.1 * size), baseline + (1 - _ASCENT) * size, size)


def text_objects(lib: Pdfium, text_page: int, count: int) -> Iterator[int]:
    """The address of the text object of each character (None: a character PDFium made up)."""
    return map(lib.Text_GetTextObject, repeat(text_page), range(count))


def turned_char(lib: Pdfium, text_page: int, index: int, frame: Frame, size: float) -> Char | None:
    """A character running across the others, by its ink; None for white space."""
    letter = _letter(lib.Text_GetUnicode(text_page, index))
    if letter in _UNSEEN:
        return None
    edges = (ctypes.c_double * 4)()
    left, right, bottom, top = range(ctypes.addressof(edges), ctypes.addressof(edges) + 32, 8)
    lib.Text_GetCharBox(text_page, index, left, right, bottom, top)
    return (letter, *frame.upright(edges[0], edges[2], edges[1], edges[3]), size)


def unmapped(lib: Pdfium, text_page: int, letters: list[str]) -> int:
    """How many visible characters have no known text, the letter being a guess or a blank."""
    failed = map(lib.Text_HasUnicodeMapError, repeat(text_page), range(len(letters)))
    return sum(error == 1 for error in failed)

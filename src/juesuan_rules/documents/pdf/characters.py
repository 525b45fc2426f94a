"""The characters of a page with their boxes, fetched in bulk."""

from __future__ import annotations

import ctypes
from array import array
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from operator import lt

from juesuan_rules.documents.pdf.native import Pdfium, Results
from juesuan_rules.documents.pdf.orientation import Frame

Char = tuple[str, float, float, float, float, float]
"""A visible character: text, x0, y0, x1, y1, size. The box is as wide as the character advances and
as high as its font; size is its height in points. White space is no character: gaps tell it."""

_UNSEEN = frozenset(map(chr, [*range(0x21), 0x7F, *range(0x80, 0xA1), 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF, 0xFFFE]))
_LINE_END_HYPHEN = "\x02"
"""What PDFium gives for a hyphen at the end of a line."""

_ASCENT = 0.86
"""Share of its size a character stands above its baseline, where the font's own is not to be had."""


_SAME_HEIGHT, _INK_SHARE = 0.03, 0.2
"""Heights of neighbours differ by more than this, for more than this share of them, where boxes follow the ink."""


_SOME = 300
"""So many characters of a page show whether boxes follow the ink."""


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


def upright_chars(lib: Pdfium, text_page: int, letters: list[str], frame: Frame, sizes: Mapping[int, float]) -> list[Char | None]:
    """Each character as a Char on the upright page, None for white space.

    sizes: of the text objects, by address, for fonts that do not tell how high their characters are.
    """
    if frame.turns % 2:
        return list(_turned_chars(lib, text_page, letters, frame, sizes))
    count = len(letters)
    boxes = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(boxes)
    deque(map(lib.Text_GetLooseCharBox, repeat(text_page), range(count), range(start, start + 16 * count, 16)), maxlen=0)
    values = array("f")
    values.frombytes(memoryview(boxes).cast("B"))
    sides: tuple[Sequence[float], ...] = values[0::4], values[2::4], values[3::4], values[1::4]
    unseen, ox, oy = _UNSEEN, frame.left, frame.top
    lefts, rights, bottoms, tops = _upside_down(frame, *sides) if frame.turns else sides
    if any(map(lt, tops, bottoms)):  # drawn upside down but read upright
        tops, bottoms = list(map(max, tops, bottoms)), list(map(min, tops, bottoms))
    chars: list[Char | None] = [
        (t, x - ox, oy - y, r - ox, oy - b, y - b) if x < r and b < y and t not in unseen else None  # false for what is no number, too
        for t, x, y, r, b in zip(letters, lefts, tops, rights, bottoms, strict=True)
    ]
    return _by_baseline(lib, text_page, chars, frame, sizes) if _is_ink(chars) else chars


def _is_ink(chars: list[Char | None]) -> bool:
    """Whether boxes are as high as each character's ink, and not as its font."""
    heights = [char[5] for char in chars[:_SOME] if char]
    changes = sum([abs(a - b) > _SAME_HEIGHT * a for a, b in pairwise(heights)])
    return changes > _INK_SHARE * len(heights)


def _by_baseline(lib: Pdfium, text_page: int, chars: list[Char | None], frame: Frame, sizes: Mapping[int, float]) -> list[Char | None]:
    """Characters with boxes that stand on their baselines, as high as their fonts' sizes."""
    origin = Results("d", 2)
    found: list[Char | None] = []
    for index, (char, item) in enumerate(zip(chars, text_objects(lib, text_page, len(chars)), strict=True)):
        size = sizes.get(item, 0.0)
        if char is None or size <= 0:
            found.append(char)
            continue
        lib.Text_GetCharOrigin(text_page, index, *origin.at)
        x, y = origin.read()
        _, baseline, _, _ = frame.upright(x, y, x, y)
        found.append((char[0], char[1], baseline - _ASCENT * size, char[3], baseline + (1 - _ASCENT) * size, size))
    return found


def _upside_down(frame: Frame, lefts: Sequence[float], rights: Sequence[float], bottoms: Sequence[float], tops: Sequence[float]) -> tuple[Sequence[float], ...]:
    """The sides of boxes of a page upside down, as if it stood upright in the same frame."""
    across, up = frame.left + frame.right, frame.bottom + frame.top
    ends = [(across - a, across - b) for a, b in zip(lefts, rights, strict=True)]
    levels = [(up - a, up - b) for a, b in zip(bottoms, tops, strict=True)]
    return [min(pair) for pair in ends], [max(pair) for pair in ends], [min(pair) for pair in levels], [max(pair) for pair in levels]


def _turned_chars(lib: Pdfium, text_page: int, letters: list[str], frame: Frame, sizes: Mapping[int, float]) -> Iterator[Char | None]:
    """Characters of a page drawn sideways: PDFium knows no font box there, only the ink and the baseline."""
    ink, origin = Results("d", 4), Results("d", 2)
    for index, (letter, item) in enumerate(zip(letters, text_objects(lib, text_page, len(letters)), strict=True)):
        size = sizes.get(item, 0.0)
        if letter in _UNSEEN or not size:
            yield None
            continue
        lib.Text_GetCharBox(text_page, index, *ink.at)
        lib.Text_GetCharOrigin(text_page, index, *origin.at)
        left, right, bottom, top = ink.read()
        x, y = origin.read()
        x0, _, x1, _ = frame.upright(left, bottom, right, top)
        start, baseline, _, _ = frame.upright(x, y, x, y)
        yield (letter, min(start, x0), baseline - _ASCENT * size, max(x1, start + 0.1 * size), baseline + (1 - _ASCENT) * size, size)


def text_objects(lib: Pdfium, text_page: int, count: int) -> Iterator[int]:
    """The address of the text object of each character (None: a character PDFium made up)."""
    return map(lib.Text_GetTextObject, repeat(text_page), range(count))


def turned_char(lib: Pdfium, text_page: int, index: int, frame: Frame, size: float) -> Char | None:
    """A character running across the others, by its ink; None for white space."""
    letter = _letter(lib.Text_GetUnicode(text_page, index))
    if letter in _UNSEEN:
        return None
    ink = Results("d", 4)
    lib.Text_GetCharBox(text_page, index, *ink.at)
    left, right, bottom, top = ink.read()
    return (letter, *frame.upright(left, bottom, right, top), size)


def unmapped(lib: Pdfium, text_page: int, letters: list[str]) -> int:
    """How many visible characters have no known text, the letter being a guess or a blank.

    One in four is asked first: a font without texts has none for any of its characters.
    """
    count = len(letters)
    if not any(map(lib.Text_HasUnicodeMapError, repeat(text_page), range(0, count, 4))):
        return 0
    return max(0, int(sum(map(lib.Text_HasUnicodeMapError, repeat(text_page), range(count)))))

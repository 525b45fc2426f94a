"""What one page of a PDF holds, as displayed: characters, rules, fills and pictures with their places.

All coordinates are points from the top left corner of the page as a person sees it, y downwards;
a page drawn sideways is turned upright first.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 <= x1 and y0 <= y1."""

Char = tuple[str, float, float, float, float, float]
"""A visible character: text, x0, y0, x1, y1, size. The box is as wide as the character advances and
as high as its font; size is its height in points. White space is no character: gaps tell it."""

Rule = tuple[float, float, float]
"""A straight segment: (y, x0, x1) of a horizontal one, (x, y0, y1) of a vertical one."""


class PageContent(msgspec.Struct):
    """One page. number counts from 1; width and height are those of the page as displayed.

    chars: upright visible characters in the order of the content stream.
    turned: characters that stand otherwise than the rest or pale and huge (watermarks, stamps).
    across, down: horizontal and vertical rules (see `Rule`), thin filled rectangles included,
    sorted; pieces are not yet joined. fills: filled rectangles too thick to be rules.
    pictures: boxes of pictures. is_scan: hardly any text and a picture as large as the page.
    unmapped: how many characters have no known text (fonts without ToUnicode).
    hidden: how many characters are invisible and were left out.
    """

    number: int
    width: float
    height: float
    chars: list[Char]
    across: list[Rule]
    down: list[Rule]
    fills: list[Box] = []
    pictures: list[Box] = []
    turned: list[Char] = []
    is_scan: bool = False
    unmapped: int = 0
    hidden: int = 0


def read_pages(data: bytes) -> Iterator[PageContent]:
    """The pages of a PDF file one by one; nothing of a page is kept once the next one is asked for.

    Raises DocumentError where the file is no readable PDF.
    """
    raise NotImplementedError
    yield

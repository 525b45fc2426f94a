"""What one page of a PDF holds, as displayed: characters, rules, fills and pictures with their places.

All coordinates are points from the top left corner of the upright page, y downwards; a page drawn
sideways is turned upright first. `PageContent.frame.displayed` gives a box on the page as shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from statistics import median

import msgspec

from juesuan_rules.documents import limits
from juesuan_rules.documents.pdf.characters import Char as Char
from juesuan_rules.documents.pdf.characters import read_text, text_objects, turned_char, unmapped, upright_chars
from juesuan_rules.documents.pdf.drawing import Drawing, TextObject, is_pale, read_drawing
from juesuan_rules.documents.pdf.native import ERROR_PASSWORD, ERROR_SECURITY, Pdfium, Results, pdfium
from juesuan_rules.documents.pdf.orientation import ASLANT, Frame, main_direction
from juesuan_rules.documents.pdf.orientation import Box as Box
from juesuan_rules.documents.problems import unreadable

Rule = tuple[float, float, float]
"""A straight segment: (y, x0, x1) of a horizontal one, (x, y0, y1) of a vertical one."""

_SCAN_SHARE, _SCAN_CHARS = 0.5, 20
"""A page is a scan where pictures cover this share of it and at most so many characters are visible."""

_TITLE_SIZE, _SHORTEST_TITLE = 15.0, 4
"""Size in points, and characters, of the title on a cover."""

_WATERMARK = 1.6
"""Pale text this many times as large as most is a watermark."""

_MOST_COMPARED = 1_000_000

_X0, _Y0, _X1, _Y1 = map(itemgetter, (1, 2, 3, 4))

_LARGEST_SIDE = 20_000.0
"""Points; a page box beyond it (7 metres) is not believed."""


class PageContent(msgspec.Struct):
    """One page. number counts from 1; width and height are those of the upright page.

    chars: upright visible characters in the order of the content stream (see `Char`).
    turned: characters running across the rest (words in a narrow cell), with the quarter turns,
    clockwise, that would make them upright; their boxes are those of the ink.
    across, down: horizontal and vertical rules (see `Rule`), thin filled rectangles included,
    sorted; pieces are not yet joined. fills: filled rectangles too thick to be rules.
    pictures: boxes of pictures. is_scan: hardly any text and pictures as large as the page.
    unmapped: how many characters have no known text (fonts without ToUnicode).
    hidden: how many invisible characters were left out; stamped: how many of watermarks.
    outlines: how many small shapes with curves there are (text drawn as shapes).
    cut: the page holds more than `limits` allow, and not all of it was read.
    """

    number: int
    width: float
    height: float
    chars: list[Char]
    across: list[Rule]
    down: list[Rule]
    frame: Frame
    fills: list[Box] = []
    pictures: list[Box] = []
    turned: list[tuple[int, Char]] = []
    is_scan: bool = False
    unmapped: int = 0
    hidden: int = 0
    stamped: int = 0
    outlines: int = 0
    cut: bool = False


def read_pages(data: bytes, path: str = "") -> Iterator[PageContent]:
    """The pages of a PDF file one by one; nothing of a page is kept once the next one is asked for.

    path: names the file in messages. Raises DocumentError where the file is no readable PDF, has no
    pages or too many, or where reading them takes longer than `limits.PDF_SECONDS`.
    """
    lib = pdfium()
    spent = 0.0
    with opened(lib, data, path) as document:
        count = lib.GetPageCount(document)
        if count <= 0:
            raise unreadable(path, "E502", "没有任何页，没有可读的内容")
        if count > limits.PDF_PAGES:
            raise unreadable(path, "E503", f"页数过多（{count} 页），PDF 文件不得超过 {limits.PDF_PAGES} 页", "请拆分后分别读取")
        for index in range(count):
            if spent >= limits.PDF_SECONDS:
                raise unreadable(path, "E503", f"读取超时：{limits.PDF_SECONDS:.0f} 秒内只读到第 {index} 页，共 {count} 页", "请拆分后分别读取")
            begun = time.monotonic()
            page = read_page(lib, document, index)
            spent += time.monotonic() - begun  # what is done with a page does not count
            yield page


@contextmanager
def opened(lib: Pdfium, data: bytes, path: str) -> Iterator[int]:
    """The PDF file `data` opened by PDFium; closed at the end."""
    document = lib.LoadMemDocument64(data, len(data), None)
    if not document:
        code = lib.GetLastError()
        if code in (ERROR_PASSWORD, ERROR_SECURITY):
            raise unreadable(path, "E506", "已加密，需要密码才能打开", "请先用密码打开并另存为不加密的文件")
        raise unreadable(path, "E507", "不是完整的 PDF 文件（可能已损坏或下载不全）", "请重新下载，或用阅读器打开后另存")
    try:
        yield document
    finally:
        lib.CloseDocument(document)


def read_page(lib: Pdfium, document: int, index: int) -> PageContent:
    """Page `index` (from 0) of an open document; one that cannot be loaded is empty and cut."""
    page = lib.LoadPage(document, index)
    if not page:
        empty = Frame(0, 0, 1, 1)
        return PageContent(index + 1, 1, 1, [], [], [], empty, cut=True)
    try:
        return _content(lib, page, index + 1)
    finally:
        lib.ClosePage(page)


def _content(lib: Pdfium, page: int, number: int) -> PageContent:
    drawing = read_drawing(lib, page)
    shown = lib.Page_GetRotation(page) % 4
    frame = _frame(lib, page, main_direction((t.direction for t in drawing.texts.values() if not t.invisible), shown), shown)
    width, height = frame.size
    content = PageContent(number, width, height, [], [], [], frame, outlines=drawing.curves, cut=drawing.cut)
    _take_rules(content, drawing)
    _take_text(lib, page, content, drawing)
    if len(content.chars) <= _SCAN_CHARS and not _is_cover(content):
        area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in content.pictures)
        content.is_scan = area >= _SCAN_SHARE * width * height
    return content


def _is_cover(content: PageContent) -> bool:
    """Whether the few characters of a first page are its title, printed over a picture."""
    return content.number == 1 and sum(char[5] >= _TITLE_SIZE for char in content.chars) >= _SHORTEST_TITLE


def _frame(lib: Pdfium, page: int, turns: int, shown: int) -> Frame:
    box = Results("f", 4)
    lib.GetPageBoundingBox(page, box.at[0])
    left, top, right, bottom = box.read()
    if not (0 < right - left <= _LARGEST_SIDE and 0 < top - bottom <= _LARGEST_SIDE):
        left, bottom = 0.0, 0.0
        right, top = 595.0, 842.0
    return Frame(left, bottom, right, top, turns, shown)


def _take_rules(content: PageContent, drawing: Drawing) -> None:
    upright = content.frame.upright
    content.fills = [_clipped(upright(*box), content) for box in drawing.fills]
    content.pictures = [_clipped(upright(*box), content) for box in drawing.pictures]
    strokes = [upright(*box) for box in drawing.strokes]
    white = drawing.white if len(drawing.white) * len(content.fills) <= _MOST_COMPARED else []
    for box in white:  # seen only where something is filled behind it
        x0, y0, x1, y1 = upright(*box)
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if any(f[0] <= x <= f[2] and f[1] <= y <= f[3] for f in content.fills):
            strokes.append((x0, y0, x1, y1))
    width, height = content.width, content.height
    for x0, y0, x1, y1 in strokes:
        if not (x0 <= x1 and y0 <= y1 and x1 >= 0 and y1 >= 0 and x0 <= width and y0 <= height):
            continue  # beyond the page, or no numbers at all
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
            x0, y0, x1, y1 = _clipped((x0, y0, x1, y1), content)
        if x1 - x0 >= y1 - y0:
            content.across.append(((y0 + y1) / 2, x0, x1))
        else:
            content.down.append(((x0 + x1) / 2, y0, y1))
    content.across.sort()
    content.down.sort()


def _clipped(box: Box, content: PageContent) -> Box:
    x0, y0 = min(max(box[0], 0.0), content.width), min(max(box[1], 0.0), content.height)
    return x0, y0, max(x0, min(box[2], content.width)), max(y0, min(box[3], content.height))


def _take_text(lib: Pdfium, page: int, content: PageContent, drawing: Drawing) -> None:
    text_page, letters = read_text(lib, page, limits.PDF_CHARS + 1)
    try:
        content.cut = content.cut or len(letters) > limits.PDF_CHARS
        chars = upright_chars(lib, text_page, letters, content.frame, {item: text.size for item, text in drawing.texts.items()})
        special = _special(lib, drawing, content.frame.turns)
        if special:
            _set_aside(lib, text_page, content, chars, special)
        content.chars = _on_page(content, [char for char in chars if char])
        content.unmapped = unmapped(lib, text_page, letters)
    finally:
        if text_page:
            lib.Text_ClosePage(text_page)


def _on_page(content: PageContent, chars: list[Char]) -> list[Char]:
    """The characters that stand on the page; those beyond its edges are seen by nobody."""
    width, height = content.width, content.height
    if not chars or (
        min(chars, key=_X0)[1] >= 0 and min(chars, key=_Y0)[2] >= 0 and max(chars, key=_X1)[3] <= width and max(chars, key=_Y1)[4] <= height
    ):
        return chars
    inside = [c for c in chars if c[1] + c[3] > 0 and c[1] + c[3] < 2 * width and c[2] + c[4] > 0 and c[2] + c[4] < 2 * height]
    content.hidden += len(chars) - len(inside)
    return inside


def _special(lib: Pdfium, drawing: Drawing, turns: int) -> dict[int, TextObject]:
    """Text that is not to be read with the rest: invisible, running another way, pale and huge."""
    texts = drawing.texts
    if not texts:
        return {}
    large = _WATERMARK * median([text.size for text in texts.values()])
    return {
        item: text
        for item, text in texts.items()
        if text.invisible or text.direction != turns or (text.size >= large and is_pale(lib, item))
    }


def _set_aside(lib: Pdfium, text_page: int, content: PageContent, chars: list[Char | None], special: dict[int, TextObject]) -> None:
    """Takes special characters out of `chars`; those that run along or across the page are kept apart."""
    for index, item in enumerate(text_objects(lib, text_page, len(chars))):
        text = special.get(item)
        if text is None:
            continue
        char = chars[index]
        chars[index] = None
        if text.invisible:
            content.hidden += char is not None
        elif text.direction in (ASLANT, content.frame.turns):
            content.stamped += char is not None
        elif (turned := turned_char(lib, text_page, index, content.frame, text.size)) is not None:
            content.turned.append(((text.direction - content.frame.turns) % 4, turned))

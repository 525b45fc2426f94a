"""The way in: pages of PDF files that are pictures, and picture files. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from juesuan_rules.documents.pdf.orientation import Box, Frame
from juesuan_rules.documents.pdf.parts import PageParts
from juesuan_rules.documents.scan.available import HOW_TO, is_available

if TYPE_CHECKING:
    from juesuan_rules.documents.scan.assembly import ScannedPage
    from juesuan_rules.documents.scan.recogniser import Recogniser
    from juesuan_rules.documents.scan.render import Pages, Picture
    from juesuan_rules.documents.scan.vocabulary import Vocabulary as KnownNames

Vocabulary = Callable[[], Iterable[str]]
"""Gives the labels, headers and titles that standard tables print; called once, where a page is read."""


SECONDS = 1800.0
"""How long the pictures of one file may take to read; no page is begun after that."""


def no_names() -> Iterable[str]:
    """The vocabulary of a caller that has none."""
    return ()


class ScanReader:
    """Reads the pages of one PDF file that are pictures. The file is opened again at the first of them.

    Use it as a context, or call `close`. Without the extra every page is told as unread.
    """

    def __init__(self, data: bytes, vocabulary: Vocabulary = no_names) -> None:
        self._data = data
        self._names = vocabulary
        self._pages: Pages | None = None
        self._known: KnownNames | None = None
        self._spent = 0.0

    def __enter__(self) -> ScanReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the file."""
        if self._pages is not None:
            self._pages.close()
            self._pages = None

    def read_page(self, number: int) -> tuple[PageParts, tuple[str, ...]]:
        """The lines and tables of page `number` (from 1), and what could not be read, a sentence each."""
        if not is_available():
            return _blank(number), (f"第 {number} 页是图片，未安装识别组件，没有读取；{HOW_TO}",)
        picture = self._render(number)
        return (_blank(number), (picture,)) if isinstance(picture, str) else self.read_picture(picture, number)

    def read_part(self, number: int, box: Box) -> tuple[PageParts, tuple[str, ...]]:
        """The same for a picture on page `number` that stands in `box` of the page as displayed, in points.

        Places are on the page; the parts themselves are on the picture.
        """
        if not is_available():
            return _blank(number), (f"第 {number} 页有大幅图片，未安装识别组件，没有读取；{HOW_TO}",)
        picture = self._render(number)
        return (_blank(number), (picture,)) if isinstance(picture, str) else self.read_picture(picture.part(*box), number)

    def _render(self, number: int) -> Picture | str:
        """Page `number` as a picture, or why there is none."""
        from juesuan_rules.documents.scan.render import Pages, PageTooLarge

        if self._pages is None:
            self._pages = Pages(self._data)
        try:
            picture = self._pages.render(number)
        except (PageTooLarge, MemoryError):
            return f"第 {number} 页的图片过大，没有读取"
        return f"第 {number} 页有图片，不能显示，没有读取" if picture is None else picture

    def read_picture(self, picture: Picture, number: int) -> tuple[PageParts, tuple[str, ...]]:
        """The same for a picture that does not come from the file."""
        if self._spent > SECONDS:
            return _blank(number), (f"第 {number} 页是图片，识别已超过 {SECONDS / 60:.0f} 分钟，没有读取",)
        begun = time.monotonic()
        page = self._read(picture, number)
        self._spent += time.monotonic() - begun
        return page.parts, page.unread

    def _read(self, picture: Picture, number: int) -> ScannedPage:
        from juesuan_rules.documents.scan.page import read_picture
        from juesuan_rules.documents.scan.recogniser import load_recogniser
        from juesuan_rules.documents.scan.vocabulary import Vocabulary as KnownNames

        if self._known is None:
            self._known = KnownNames(self._names())
        recogniser: Recogniser = load_recogniser()
        return read_picture(picture, number, recogniser, self._known)


def _blank(number: int) -> PageParts:
    return PageParts(number, 0.0, 0.0, Frame(0.0, 0.0, 0.0, 0.0))

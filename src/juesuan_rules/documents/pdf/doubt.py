"""What a page leaves in doubt: what could not be read, and tables whose cells may be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan_rules.documents.pdf.pages import PageContent
from juesuan_rules.documents.pdf.parts import PageParts, Table
from juesuan_rules.documents.scan.mixed import PictureParts

_TWO_FIGURES = re.compile(r"\d\.\d{2}\s*(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}")
"""Two amounts in one cell: a rule between two columns was not seen."""

_MOST_UNMAPPED = 0.02
"""A page may have this share of characters without text (bullets of symbol fonts) and still be read."""

_ILLEGIBLE = 0.2
"""A page with more than this share of them is read like a picture."""

_OUTLINES = 100
"""So many curved shapes on a page with hardly any text: the text is drawn, not written."""

_HARDLY_ANY = 20

_MOST_CHARS, _MOST_SHAPES, _MOST_CROSSINGS = 20_000, 10_000, 5_000
"""What a page may have for another reader to look at it: each takes pdfplumber about a second."""


class Doubts:
    """Gathers doubts page by page.

    pages: those whose tables another reader should look at, and why. crowded: those that would take
    it too long. scanned: how many pages went to the recogniser. unread: what could not be read, a
    sentence each. extra: further notes.
    """

    def __init__(self) -> None:
        self.pages: dict[int, str] = {}
        self.crowded: set[int] = set()
        self.unread: tuple[str, ...] = ()
        self.extra: list[str] = []
        self.scanned = 0
        self._recognised: dict[str, list[int]] = {}
        self._pictured: list[int] = []
        self._left_out: list[int] = []
        self._stamped: list[int] = []
        self._hidden: list[int] = []
        self._empty: list[int] = []
        self._unsure: list[int] = []

    def is_illegible(self, page: PageContent) -> bool:
        """Whether the page has text for the eye only: glyphs without a text, or drawn as shapes."""
        return page.unmapped > _ILLEGIBLE * len(page.chars) > 0 or (page.outlines >= _OUTLINES and len(page.chars) <= _HARDLY_ANY)

    def recognised(self, page: PageContent, unread: tuple[str, ...]) -> None:
        """Takes note of a page that the recogniser read, or of why it could not (`unread`)."""
        self.scanned += 1
        if page.is_scan:
            self.unread += unread
            return
        why = "字体没有文字对照表（ToUnicode）" if page.unmapped else "文字是用线条画出来的"
        if unread:
            self.unread += (f"第 {page.number} 页的{why}，读不出是什么字；{unread[0].rpartition('；')[2]}",)
        else:
            self._recognised.setdefault(why, []).append(page.number)

    def pictured(self, page: PageContent, found: PictureParts) -> None:
        """Takes note of the large pictures of a page with text."""
        self.unread += found.unread
        if found.boxes:
            self._pictured.append(page.number)
        if found.left_out:
            self._left_out.append(page.number)

    def look_at(self, page: PageContent, parts: PageParts) -> None:
        """Takes note of what a page leaves in doubt."""
        number, count = page.number, len(page.chars)
        tables = [item for item in parts.items if isinstance(item, Table)]
        if page.cut:
            self.unread += (f"第 {number} 页内容过多或已损坏，没有读全",)
        if page.unmapped > _MOST_UNMAPPED * max(count, 1):
            self.unread += (f"第 {number} 页有 {page.unmapped} 个字符所用的字体没有文字对照表（ToUnicode），读不出是什么字",)
        if tables and not count:
            self._empty.append(number)
        if page.stamped:
            self._stamped.append(number)
        if page.hidden:
            self._hidden.append(number)
        if reason := doubtful(tables):
            self.pages[number] = reason
        if not all(table.sure for table in tables):
            self._unsure.append(number)
        if is_crowded(page):
            self.crowded.add(number)

    def not_looked_at(self) -> None:
        """Takes note that nobody looked at the pages in doubt again."""
        self.extra += [f"第 {number} 页的表格有疑问（{reason}），没有复核，请核对原文" for number, reason in self.pages.items()]

    def notes(self) -> tuple[str, ...]:
        """What was left out or looked at again, a sentence each."""
        found = list(self.extra)
        found += [f"{_pages(numbers)}的{why}，按图片识别" for why, numbers in self._recognised.items()]
        if self._pictured:
            found.append(f"{_pages(self._pictured)}的大幅图片，其中的表格和文字由识别得来")
        if self._left_out:
            found.append(f"{_pages(self._left_out)}的大幅图片中没有表格和成句的文字，没有采用")
        if self._stamped:
            found.append(f"{_pages(self._stamped)}的水印或斜排文字没有读入")
        if self._hidden:
            found.append(f"{_pages(self._hidden)}的不可见文字没有读入")
        if self._unsure:
            found.append(f"{_pages(self._unsure)}的表格没有竖线，有的数对不准栏目，请核对原文")
        if self._empty:
            found.append(f"{_pages(self._empty)}只有表格线，没有文字")
        return tuple(found)


def is_crowded(page: PageContent) -> bool:
    """Whether pdfplumber would take many seconds for the page: its time grows faster than the crossings of rules."""
    if page.cut or len(page.chars) > _MOST_CHARS or page.outlines + len(page.fills) + len(page.across) + len(page.down) > _MOST_SHAPES:
        return True
    if len(page.across) * len(page.down) <= _MOST_CROSSINGS:
        return False
    return len({round(y) for y, _, _ in page.across}) * len({round(x) for x, _, _ in page.down}) > _MOST_CROSSINGS


def doubtful(tables: Sequence[Table]) -> str:
    """Why the ruled tables of a page are in doubt, "" where they are not."""
    for table in tables:
        if table.ruled:
            for row in table.rows:
                for cell in row:
                    if len(cell.text) > 7 and "." in cell.text and _TWO_FIGURES.search(cell.text):
                        return f"单元格中有两个金额「{cell.text[:40]}」"
    return ""


def _pages(numbers: Sequence[int]) -> str:
    """「第 3、4 页」, shortened where there are many."""
    shown = "、".join(map(str, numbers[:10]))
    return f"第 {shown} 页" + (f"等 {len(numbers)} 页" if len(numbers) > 10 else "")

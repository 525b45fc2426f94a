"""What a page leaves in doubt: what could not be read, and tables whose cells may be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan_rules.documents.pdf.pages import PageContent
from juesuan_rules.documents.pdf.parts import PageParts, Table

_TWO_FIGURES = re.compile(r"\d\.\d{2}\s*(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}")
"""Two amounts in one cell: a rule between two columns was not seen."""

_MOST_UNMAPPED = 0.02
"""A page may have this share of characters without text (bullets of symbol fonts) and still be read."""

_ILLEGIBLE = 0.2
"""A page with more than this share of them is read like a picture."""

_OUTLINES = 100
"""So many curved shapes on a page with hardly any text: the text is drawn, not written."""

_HARDLY_ANY = 20


class Doubts:
    """Gathers doubts page by page.

    pages: those whose tables another reader should look at, and why. scanned: how many pages went to
    the recogniser. unread: what could not be read, a sentence each. extra: further notes.
    """

    def __init__(self) -> None:
        self.pages: dict[int, str] = {}
        self.unread: tuple[str, ...] = ()
        self.extra: list[str] = []
        self.scanned = 0
        self._recognised: dict[str, list[int]] = {}
        self._stamped: list[int] = []
        self._hidden: list[int] = []
        self._empty: list[int] = []

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
        if reason := _doubtful(tables):
            self.pages[number] = reason

    def notes(self) -> tuple[str, ...]:
        """What was left out or looked at again, a sentence each."""
        found = list(self.extra)
        found += [f"{_pages(numbers)}的{why}，按图片识别" for why, numbers in self._recognised.items()]
        if self._stamped:
            found.append(f"{_pages(self._stamped)}的水印或斜排文字没有读入")
        if self._hidden:
            found.append(f"{_pages(self._hidden)}的不可见文字没有读入")
        if self._empty:
            found.append(f"{_pages(self._empty)}只有表格线，没有文字")
        return tuple(found)

def _doubtful(tables: Sequence[Table]) -> str:
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

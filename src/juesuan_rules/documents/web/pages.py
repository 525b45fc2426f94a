"""The reader for web pages: saved from Word, WPS or Excel, exported by a system, or a site's own.

Nothing is fetched and nothing runs. Tables that only arrange the page dissolve into the order of
reading; what the page does not display is left out and told.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Block, Document, GridBlock, Place, Source, TextBlock
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.web.encoding import decode_page
from juesuan_rules.documents.web.hiding import hidden_elements
from juesuan_rules.documents.web.tables import fill_nested, grid_rows, grid_size, is_layout, read_rows
from juesuan_rules.documents.web.words import Lines, displayed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ELEMENTS = 2_000_000
"""Tags of one page (about 120 bytes of memory each)."""

_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,100})</x:Name>")
_DROPPED = frozenset("script style head noscript template svg object applet audio video canvas map xml rt rp select datalist del title".split())
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol "
    "option p pre section summary table tbody td tfoot th thead tr ul textarea".split()
)
_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|csv)$", re.IGNORECASE)
_FRAMES = frozenset(("frame", "iframe", "embed"))
_SPECIAL = _DROPPED | _FRAMES | frozenset(("br", "table", "a", "img", "input"))
_BREAKING = _SPECIAL | _BLOCKS
_FEW_WORDS = 200


def read_html(data: bytes, path: str) -> Document:
    """The web page `data`, named `path` in messages, as a Document of format "html".

    Raises DocumentError for bytes that are no text, a page without content, and anything beyond the limits.
    """
    text, encoding, notes = decode_page(data, path)
    page = read_page(text, path, sheet_name(text))
    if page.is_empty():
        raise unreadable(path, "E502", page.why_empty(), "请打开各框架中的网页分别保存，或另存为单个文件（mht）后再试" if page.frames else "")
    source = Source(path, hashlib.sha256(data).hexdigest(), "html", len(data), encoding)
    return Document(source, tuple(page.blocks), (*notes, *page.notes()), unread=page.unread())


def read_page(text: str, path: str, sheet: str | None = None, tables_before: int = 0) -> Page:
    """The blocks of one page. sheet: the worksheet it was saved from. Raises DocumentError beyond the limits."""
    page = Page(sheet, path, tables_before)
    root = _parse(text, path)
    if root is not None:
        page.read(root, text)
    return page


def sheet_name(text: str) -> str | None:
    """The name of the worksheet, where a spreadsheet program saved exactly one into this page."""
    names = _SHEET_NAME.findall(text)
    return names[0] if len(names) == 1 else None


def _parse(text: str, path: str) -> Element | None:
    from lxml import etree

    if text.count("<") > ELEMENTS:
        raise unreadable(path, "E503", f"标记过多，不得超过 {ELEMENTS} 个")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise unreadable(path, "E503", "标记嵌套过深，不予读取")
    return root


class Page:
    """Walks one page in order and collects its blocks, and what was left out on the way."""

    def __init__(self, sheet: str | None, path: str, tables_before: int = 0) -> None:
        self.blocks: list[Block] = []
        self.frames: list[str] = []
        self.tables = tables_before
        self._sheet, self._path = sheet, path
        self._lines = Lines()
        self._paragraphs = 0
        self._cells_left = limits.CELLS
        self._attachments: dict[str, None] = {}
        self._hidden = self._deleted = self._pictures = 0
        self._not_shown: frozenset[Element] = frozenset()

    def read(self, root: Element, text: str) -> None:
        """Takes a whole page, written as `text`."""
        self._not_shown = hidden_elements(root, text)
        if not self._is_hidden(root):
            self._walk(root, tables=True)
        self._flush()

    def is_empty(self) -> bool:
        """Whether nothing at all could be read."""
        return not self.blocks and not self._pictures

    def why_empty(self) -> str:
        """What to say about a page without content."""
        return "是框架页，内容在另外的文件里，没有可读的内容" if self.frames else "没有可读的内容"

    def notes(self) -> tuple[str, ...]:
        """What was left out."""
        notes = []
        if self._hidden:
            notes.append(f"有 {self._hidden} 处不显示的内容没有读取")
        if self._deleted:
            notes.append(f"有 {self._deleted} 处已删除的修订没有读取")
        if self._attachments:
            names = list(self._attachments)
            notes.append(f"网页链接的 {len(names)} 个附件没有读取：" + "、".join(f"「{name}」" for name in names[:5]) + ("等" if len(names) > 5 else ""))
        if self.frames and self.blocks:
            notes.append(f"网页引用的 {len(self.frames)} 个框架页没有读取")
        if self._pictures and not self.unread():
            notes.append(f"网页中的 {self._pictures} 幅图片没有读取")
        return tuple(notes)

    def unread(self) -> tuple[str, ...]:
        """The sentence for a page whose content stands in pictures."""
        words = sum(len(block.text) for block in self.blocks if isinstance(block, TextBlock))
        if self._pictures and words < _FEW_WORDS and not any(isinstance(block, GridBlock) for block in self.blocks):
            return (f"网页的内容可能在 {self._pictures} 幅图片中，没有读取",)
        return ()

    # -------------------------------------------------------------- walking

    def _walk(self, element: Element, tables: bool, preformatted: bool = False) -> None:
        """Adds the text of an element to the lines; its depth is bounded by the parser.

        tables: whether tables become grids (they do not inside a cell).
        """
        tag = element.tag
        block = tag in _BLOCKS
        if block:
            self._break(tables)
            preformatted = preformatted or tag == "pre"
        add = self._lines.add
        if text := element.text:
            add(text, preformatted)
        for child in element:
            if child in self._not_shown:
                self._hidden += _has_text(child)
            elif not (child.tag in _SPECIAL and self._is_done(child, tables)):
                self._walk(child, tables, preformatted)
            if text := child.tail:
                add(text, preformatted)
        if block:
            self._break(tables)

    def _break(self, tables: bool) -> None:
        if tables:
            self._flush()
        else:
            self._lines.end()

    def _flush(self) -> None:
        for line in self._lines.take():
            self._paragraphs += 1
            self.blocks.append(TextBlock(line, Place(paragraph=self._paragraphs, sheet=self._sheet)))

    def _is_done(self, element: Element, tables: bool) -> bool:
        """Takes what an element of a special kind is worth; False where it is still to be walked through."""
        tag = str(element.tag)
        if tag == "br":
            self._lines.end()
        elif tag == "table":
            return tables and self._take_table(element)
        elif tag == "a":
            self._note_attachment(element)
            return False
        elif tag == "img":
            self._pictures += not _is_small(element)
        elif tag == "input":
            if (element.get("type") or "text").lower() in ("text", "number", "tel"):
                self._lines.add(element.get("value"))
        elif tag == "select":
            self._lines.add(_selected(element))
        elif tag == "del":
            self._deleted += _has_text(element)
        elif tag in _FRAMES:
            self.frames.append(element.get("src") or "")
        return True

    def _note_attachment(self, element: Element) -> None:
        try:
            name = urlsplit(element.get("href") or "").path.rpartition("/")[2]
        except ValueError:
            return
        if _ATTACHMENT.search(name):
            words = Lines()
            words.add("".join(str(part) for part in element.itertext()))
            self._attachments[" ".join(words.take())[:60] or unquote(name)[:60]] = None

    # -------------------------------------------------------------- tables

    def _take_table(self, table: Element) -> bool:
        """Adds a data table as a grid; False for one that only arranges the page."""
        counts = (self._hidden, self._deleted, self._pictures)
        sections = read_rows(table, self._cell_text, self._is_hidden)
        if is_layout(sections):
            self._hidden, self._deleted, self._pictures = counts
            return False
        fill_nested(sections, self._cell_text)
        self._cells_left -= grid_size(sections)
        if self._cells_left < 0:
            raise unreadable(self._path, "E503", f"表格单元格过多，不得超过 {limits.CELLS} 个")
        self._flush()
        for caption in table.iterchildren("caption"):
            self._walk(caption, tables=True)
        self._flush()
        rows = grid_rows(sections, f"表{self.tables + 1}", self._sheet)
        if any(cell.text for row in rows for cell in row):
            self.tables += 1
            self.blocks.append(GridBlock(rows, rows[0][0].place if rows[0] else Place(sheet=self._sheet)))
        return True

    def _is_hidden(self, element: Element) -> bool:
        hidden = element in self._not_shown
        self._hidden += hidden and _has_text(element)
        return hidden

    def _cell_text(self, cell: Element) -> str:
        line = None if self._not_shown else _one_line(cell)
        if line is not None:
            return line
        outer, self._lines = self._lines, Lines()
        self._walk(cell, tables=False)
        text = "\n".join(self._lines.take())
        self._lines = outer
        return text


def _one_line(cell: Element) -> str | None:
    """The text of a cell that is one line of plain text, the commonest kind; None for any other."""
    content = cell
    if len(cell) == 1 and (only := cell[0]).tag in ("p", "div") and _is_blank(cell.text) and _is_blank(only.tail):
        content = only
    if any(inner.tag in _BREAKING for inner in content.iterdescendants()):
        return None
    return displayed("".join(map(str, content.itertext())))


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _has_text(element: Element) -> bool:
    return any(str(part).strip(" \t\r\n\u00a0\u3000") for part in element.itertext())


def _selected(element: Element) -> str:
    options = list(element.iter("option"))
    chosen = next((option for option in options if "selected" in option.attrib), options[0] if options else None)
    return "".join(str(part) for part in chosen.itertext()) if chosen is not None else ""


def _is_small(element: Element) -> bool:
    """Whether a picture is an icon: its given width or height is under 100."""
    sizes = [re.match(r"\s{0,9}(\d{1,5})", element.get(side) or "") for side in ("width", "height")]
    return any(int(size[1]) < 100 for size in sizes if size)


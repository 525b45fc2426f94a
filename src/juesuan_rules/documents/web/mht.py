"""The reader for page archives (.mht, .mhtml): a page and its parts in one file, often under the name .xls or .doc.

Only the pages inside are read: the main one, the pages its frames show, and the worksheets of a
workbook. Pictures and everything outside stay where they are.
"""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes
from email.message import Message
from html import unescape

import msgspec

from juesuan_rules.documents.model import Block, Document, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.web.encoding import decode_page
from juesuan_rules.documents.web.pages import Page, read_page, sheet_name

PARTS = 2_000
"""Parts of one archive."""

_SHEET = re.compile(r"<x:ExcelWorksheet>(.{0,4000}?)</x:ExcelWorksheet>", re.DOTALL)
_NAME = re.compile(r"<x:Name>([^<]{1,100})</x:Name>")
_LINK = re.compile(r"""<x:WorksheetSource\s{1,9}HRef=["']?([^"'>\s]{1,500})""", re.IGNORECASE)
_NOT_VISIBLE = re.compile(r"<x:Visible>\s{0,9}Sheet(?:Very)?Hidden", re.IGNORECASE)
_BOUNDARY = re.compile(rb"^--", re.MULTILINE)


class Part(msgspec.Struct, frozen=True):
    """A page inside the archive: where it says it stands, its text and encoding."""

    location: str
    text: str
    encoding: str


def read_mht(data: bytes, path: str) -> Document:
    """The archive `data`, named `path` in messages, as a Document of format "mht".

    Raises DocumentError for a damaged archive, one without a page, and anything beyond the limits.
    """
    notes: list[str] = []
    parts = _pages(data, path, notes)
    pages: list[Page] = []
    for part, sheet in _in_order(parts, notes):
        pages.append(read_page(part.text, path, sheet, sum(page.tables for page in pages[-1:])))
    blocks: list[Block] = [block for page in pages for block in page.blocks]
    unread = tuple(sentence for page in pages for sentence in page.unread())
    if not blocks and not unread:
        raise unreadable(path, "E502", "没有可读的内容")
    for page in pages:
        page.frames.clear()  # they are parts of the same file, and read
        notes.extend(note for note in page.notes() if note not in notes)
    source = Source(path, hashlib.sha256(data).hexdigest(), "mht", len(data), parts[0].encoding)
    return Document(source, tuple(blocks), tuple(notes), unread=unread)


def _pages(data: bytes, path: str, notes: list[str]) -> list[Part]:
    """The pages in the archive, the main one first."""
    if len(_BOUNDARY.findall(data)) > PARTS:
        raise unreadable(path, "E503", f"部分过多，不得超过 {PARTS} 个")
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
        found = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        start = str(message.get_param("start") or "").strip()
        found.sort(key=lambda part: not (start and str(part.get("Content-ID", "")).strip() == start))
        raw = [(part, _payload(part)) for part in found]
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError):
        raise unreadable(path, "E507", "已损坏或不完整，不能读取", "请重新保存网页后再试") from None
    pages: list[Part] = []
    for part, payload in raw:
        text, encoding, more = decode_page(payload, path, str(part.get_content_charset() or "")) if payload.strip() else ("", "", ())
        notes.extend(more)
        pages.append(Part(_location(part), text, encoding))
    if not pages:
        raise unreadable(path, "E502", "里没有网页，没有可读的内容")
    return pages


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _location(part: Message) -> str:
    return _last(str(part.get("Content-Location") or part.get("Content-ID") or "").strip("<> \t"))


def _last(url: str) -> str:
    """The file name at the end of an address, by which parts point at each other."""
    return re.split(r"[/\\:]", url.partition("#")[0].partition("?")[0])[-1].lower()


def _in_order(parts: list[Part], notes: list[str]) -> list[tuple[Part, str | None]]:
    """The pages to read with the worksheet each one is: a workbook's sheets, else the main page and its frames."""
    main = parts[0]
    by_location = {part.location: part for part in parts[1:]}
    listed = _sheets(main.text)
    linked = [(name, by_location[_last(link)]) for name, link in listed if _last(link) in by_location]
    if linked:
        hidden = [name for name, part in linked if _NOT_VISIBLE.search(part.text)]
        if hidden:
            notes.append(f"有 {len(hidden)} 个隐藏的工作表没有读取：" + "、".join(f"「{name}」" for name in hidden[:20]))
        return [(part, name) for name, part in linked if name not in hidden]
    framed = [by_location[name] for name in _frame_names(main.text) if name in by_location]
    return [(main, sheet_name(main.text)), *((part, sheet_name(part.text)) for part in dict.fromkeys(framed))]


def _sheets(text: str) -> list[tuple[str, str]]:
    """(name, link) of the worksheets a workbook's main page lists."""
    found = []
    for entry in _SHEET.findall(text):
        name, link = _NAME.search(entry), _LINK.search(entry)
        if name and link:
            found.append((unescape(name[1]), unescape(link[1])))
    return found


def _frame_names(text: str) -> list[str]:
    return [_last(unescape(found)) for found in re.findall(r"""<i?frame\s[^<>]{0,500}?src\s{0,5}=\s{0,5}["']?([^"'<>\s]{1,500})""", text, re.IGNORECASE)]

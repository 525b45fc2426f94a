"""What stands on every page and belongs to none: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter

from juesuan_rules.documents.pdf.parts import Line, PageParts, Table

_PAGE_NUMBER = re.compile(r"[-\u2010-\u2015~·.—_]*第?[-\u2010-\u2015·—]*(?:\d{1,4}|[ivxIVX]{1,6})(?:[/／]\d{1,4})?[-\u2010-\u2015·—]*页?(?:[,，/]?共?\d{1,4}页)?[-\u2010-\u2015~·.—_]*")
_BARE_NUMBER = re.compile(r"[-\u2010-\u2015]?(\d{1,4})[-\u2010-\u2015]?")
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_OF_TABLE = re.compile(r"表$|表[(（]|单位[:：]|部门[:：]|公开\d+|年度$|[注备][:：]")
"""Lines above and below tables that a print of a spreadsheet repeats on each page: stitching needs them."""

_NUMBER_ZONE, _HEAD_ZONE = 0.12, 0.1
"""Shares of the page's height at its top and bottom where page numbers and running heads stand."""

_EDGE_LINES = 3
"""How many lines from the top or bottom may be running heads or feet."""

_OFTEN = 3
"""A running head comes again on at least so many pages."""


def without_furniture(pages: list[PageParts]) -> None:
    """Takes page numbers, running heads and feet out of the pages."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        counts.update({key for line in _edge_lines(page) if (key := _key(line, page))})
    offset = _usual_offset(pages)
    running = {key for key, count in counts.items() if count >= _OFTEN and count * 5 >= len(pages)}
    before: int | None = None
    for page in pages:
        gone = {id(line) for line in _edge_lines(page) if _is_page_number(line, page) or _key(line, page) in running}
        last = _offset(page.items[-1], page) if page.items else None
        if offset is not None and last is not None and last in (offset, before):  # after a short page
            gone.add(id(page.items[-1]))
        if last is not None and id(page.items[-1]) in gone:
            before = last
        elif before is not None:
            before -= 1  # a page without a number may not have been counted
        if gone:
            page.items = [item for item in page.items if id(item) not in gone]


def _usual_offset(pages: list[PageParts]) -> int | None:
    """By how much the printed page numbers differ from the running number of the page, where they do so regularly."""
    offsets = Counter(
        offset
        for page in pages
        for line in _edge_lines(page)
        if _is_page_number(line, page) and (offset := _offset(line, page)) is not None
    )
    if not offsets:
        return None
    offset, count = offsets.most_common(1)[0]
    return offset if count >= _OFTEN else None


def _offset(item: Line | Table, page: PageParts) -> int | None:
    """Page number less running number, for a line that is nothing but a number."""
    if not isinstance(item, Line):
        return None
    found = _BARE_NUMBER.fullmatch(_SPACES.sub("", item.text))
    return int(found.group(1)) - page.number if found else None


def _edge_lines(page: PageParts) -> list[Line]:
    """The lines nearest to the top and the bottom of a page."""
    lines = [item for item in page.items if isinstance(item, Line)]
    return lines[:_EDGE_LINES] + lines[max(_EDGE_LINES, len(lines) - _EDGE_LINES) :]


def _margin(line: Line, page: PageParts) -> float:
    """How far from the top or the bottom of the page a line stands, in shares of the height."""
    _, y0, _, y1 = line.box
    return min(y1, page.height - y0) / page.height


def _is_page_number(line: Line, page: PageParts) -> bool:
    return _margin(line, page) <= _NUMBER_ZONE and bool(_PAGE_NUMBER.fullmatch(_SPACES.sub("", line.text)))


def _key(line: Line, page: PageParts) -> tuple[str, int] | None:
    """What makes a line the same on another page: its text but for digits, and roughly its height."""
    if _margin(line, page) > _HEAD_ZONE:
        return None
    text = _SPACES.sub("", line.text)
    if any(_OF_TABLE.search(piece) for piece in line.pieces):
        return None
    from_top = line.box[3] < page.height / 2
    return _DIGITS.sub("#", text), 1 if from_top else -1

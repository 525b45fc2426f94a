"""The second opinion: pages read by pdfplumber, on doubt or on request. Slow, so imported only here."""

from __future__ import annotations

import io
import logging
import re
import time
from typing import Any

from juesuan_rules.documents import limits
from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.pdf.doubt import Doubts, doubtful
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table, in_order

_SPACES = re.compile(r"\s+")
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines", "snap_tolerance": 2, "join_tolerance": 4}
_MOST_PAGES = 50
"""How many pages in doubt are read again; each takes a good ten times as long as with the own reader."""


def reread(data: bytes, pages: list[PageParts], doubts: Doubts, everywhere: bool) -> None:
    """Reads pages in doubt (or all) again and takes over tables that leave less in doubt; notes say so.

    With `everywhere` the ruled tables of all upright pages are taken over.
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it tells every oddity of a damaged file on the screen
    wanted = _wanted(pages, doubts, everywhere)
    deadline = time.monotonic() + (limits.PDF_SECONDS if everywhere else limits.PDF_SECOND_LOOK)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for parts in wanted:
                if time.monotonic() > deadline:
                    doubts.extra.append(f"pdfplumber 复核超时，第 {parts.number} 页起没有复核，以本程序读出的为准，请核对原文")
                    break
                page = pdf.pages[parts.number - 1]
                _compare(page, parts, doubts, everywhere)
                page.close()
    except Exception as error:  # noqa: BLE001 - whatever it cannot read, the own reading stands
        doubts.extra.append(f"pdfplumber 不能复核（{type(error).__name__}），以本程序读出的为准")


def _wanted(pages: list[PageParts], doubts: Doubts, everywhere: bool) -> list[PageParts]:
    """The pages to read again; those that would take too long, or are too many, are told."""
    wanted = [page for page in pages if everywhere or page.number in doubts.pages]
    for page in wanted:
        if page.number in doubts.crowded:
            reason = doubts.pages.get(page.number, "")
            doubts.extra.append(f"第 {page.number} 页" + (f"的表格有疑问（{reason}），但" if reason else "") + "内容过密，pdfplumber 没有复核，以本程序读出的为准，请核对原文")
    wanted = [page for page in wanted if page.number not in doubts.crowded]
    if not everywhere and len(wanted) > _MOST_PAGES:
        doubts.extra.append(f"有疑问的页过多，pdfplumber 只复核了前 {_MOST_PAGES} 页，第 {wanted[_MOST_PAGES].number} 页起没有复核，请核对原文")
        wanted = wanted[:_MOST_PAGES]
    return wanted


def _compare(page: Any, parts: PageParts, doubts: Doubts, everywhere: bool) -> None:
    number = parts.number
    if parts.frame.turns != parts.frame.shown:
        doubts.extra.append(f"第 {number} 页内容横排，pdfplumber 不能复核")
        return
    own = [item for item in parts.items if isinstance(item, Table) and item.ruled]
    other = [_table(found, number) for found in page.find_tables(_SETTINGS)]
    other = [table for table in other if len(table.rows) * len(table.rows[0]) > 1]
    same = [_texts(t) for t in own] == [_texts(t) for t in other]
    reason = doubts.pages.get(number, "")
    if everywhere or (not same and other and not doubtful(other)):
        lines = [item for item in parts.items if isinstance(item, Line)]
        rest = [item for item in parts.items if isinstance(item, Table) and not item.ruled]
        parts.items = in_order(lines, [*other, *rest])
        if not same and not everywhere:
            doubts.extra.append(f"第 {number} 页的表格有疑问（{reason}），改用 pdfplumber 的读法")
    elif reason:
        doubts.extra.append(f"第 {number} 页的表格有疑问（{reason}），pdfplumber 的读法{'相同' if same else '也有疑问'}，请核对原文")


def _table(found: Any, number: int) -> Table:
    """A table of pdfplumber as one of ours: its cells on the grid of all their edges."""
    boxes = [(cell, text) for row, texts in zip(found.rows, found.extract(), strict=True) for cell, text in zip(row.cells, texts, strict=True) if cell]
    xs = _edges([x for (x0, _, x1, _), _ in boxes for x in (x0, x1)])
    ys = _edges([y for (_, y0, _, y1), _ in boxes for y in (y0, y1)])
    rows = [[GridCell("")] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for (x0, y0, x1, y1), text in boxes:
        left, right, top, bottom = _at(xs, x0), _at(xs, x1), _at(ys, y0), _at(ys, y1)
        place = Place(page=number, box=(round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)))
        if left < right and top < bottom:
            rows[top][left] = GridCell(_SPACES.sub("", text or ""), place, right - left, bottom - top)
    return Table([tuple(row) for row in rows], (xs[0], ys[0], xs[-1], ys[-1]), number, xs)


def _edges(places: list[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > 1.0:
            found.append(place)
    return found


def _at(edges: list[float], place: float) -> int:
    return min(range(len(edges)), key=lambda k: abs(edges[k] - place))


def _texts(table: Table) -> list[list[str]]:
    rows = [[_SPACES.sub("", cell.text) for cell in row] for row in table.rows]
    return [row for row in rows if any(row)]

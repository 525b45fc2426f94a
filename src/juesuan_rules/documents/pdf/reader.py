"""The reader for PDF files: tables and running text of pages with text; scanned pages go to the recogniser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from juesuan_rules.documents.model import Block, Document, GridBlock, Place, Source, TextBlock
from juesuan_rules.documents.pdf.cells import read_table, take_runs
from juesuan_rules.documents.pdf.furniture import without_furniture
from juesuan_rules.documents.pdf.grids import find_grids
from juesuan_rules.documents.pdf.pages import PageContent, read_pages
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table, in_order, lines_of
from juesuan_rules.documents.pdf.prose import Margins, Paragraph, margins_of, pieces_of
from juesuan_rules.documents.pdf.runs import runs_of
from juesuan_rules.documents.pdf.stitching import stitched
from juesuan_rules.documents.problems import unreadable


def read_pdf(data: bytes, path: str) -> Document:
    """The PDF file `data`, named `path` in messages, as a Document of format "pdf".

    Raises DocumentError where it is encrypted, damaged, without pages, or beyond `limits`.
    """
    pages = [_parts(page) for page in read_pages(data, path)]
    without_furniture(pages)
    stitched(pages)
    blocks = tuple(_blocks(pages))
    source = Source(path, hashlib.sha256(data).hexdigest(), "pdf", len(data))
    if not blocks:
        raise unreadable(path, "E502", "没有可读的文字")
    return Document(source, blocks)


def _parts(page: PageContent) -> PageParts:
    grids = find_grids(page)
    inside, outside = take_runs(runs_of(page.chars), grids)
    tables = [read_table(page, grid, taken) for grid, taken in zip(grids, inside, strict=True)]
    parts = PageParts(page.number, page.width, page.height, page.frame)
    parts.items = in_order(lines_of(outside, page.number), tables)
    return parts


def _blocks(pages: list[PageParts]) -> Iterator[Block]:
    """The blocks of all pages, paragraphs joined over lines and pages."""
    open_one: Paragraph | None = None
    for page in pages:
        if page.blocks:
            if open_one:
                yield open_one.block()
                open_one = None
            yield from page.blocks
            continue
        margins = margins_of([item for item in page.items if isinstance(item, Line)], page.width)
        for item in page.items:
            if isinstance(item, Line) and len(item.pieces) == 1:
                if open_one and open_one.takes(item, margins):
                    open_one.add(item, margins)
                    continue
                if open_one:
                    yield open_one.block()
                open_one = Paragraph(item, margins, page.frame)
                continue
            if open_one:
                yield open_one.block()
                open_one = None
            yield from _block(item, page)
    if open_one:
        yield open_one.block()


def _block(item: Line | Table, page: PageParts) -> list[Block]:
    if isinstance(item, Line):
        return list[Block](pieces_of(item, page.frame))
    return [GridBlock(tuple(item.rows), Place(page=item.page, box=page.frame.displayed(item.box)))]

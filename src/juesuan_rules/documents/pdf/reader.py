"""The reader for PDF files: tables and running text of pages with text; pages that are pictures go to the recogniser."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Block, Document, GridBlock, Place, Source
from juesuan_rules.documents.pdf.doubt import Doubts
from juesuan_rules.documents.pdf.furniture import without_furniture
from juesuan_rules.documents.pdf.layout import page_parts
from juesuan_rules.documents.pdf.pages import read_pages
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table
from juesuan_rules.documents.pdf.prose import Paragraph, margins_of, pieces_of
from juesuan_rules.documents.pdf.stitching import stitched
from juesuan_rules.documents.pdf.suspicion import is_suspicious
from juesuan_rules.documents.pdf.unruled import UnruledTable
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.scan.mixed import put_in_place, read_pictures, without_typed
from juesuan_rules.documents.scan.read import ScanReader, Vocabulary, no_names


def read_pdf(data: bytes, path: str, pdf_engine: str = "auto", vocabulary: Vocabulary = no_names) -> Document:
    """The PDF file `data`, named `path` in messages, as a Document of format "pdf".

    pdf_engine: "native" reads with this package alone; "auto" has pdfplumber look again at pages
    whose tables are in doubt; "pdfplumber" takes all ruled tables from it. vocabulary: names that
    standard tables print, for pages that must be recognised.
    Raises DocumentError where the file is encrypted, damaged, without pages, or beyond `limits`.
    """
    if is_suspicious(data):
        from juesuan_rules.documents.pdf.isolated import read_isolated

        return read_isolated(data, path, pdf_engine, vocabulary)
    return read_trusted(data, path, pdf_engine, vocabulary)


def read_trusted(data: bytes, path: str, pdf_engine: str = "auto", vocabulary: Vocabulary = no_names) -> Document:
    """`read_pdf` for a file that needs no process of its own."""
    doubts = Doubts()
    pages, pictures = _parts_of(data, path, vocabulary, doubts)
    typed = [page for page in pages if page.number in pictures]
    if pdf_engine == "pdfplumber" or (pdf_engine == "auto" and doubts.pages):
        _look_again(data, typed, doubts, everywhere=pdf_engine == "pdfplumber")
    else:
        doubts.not_looked_at()
    for page in typed:
        put_in_place(page, pictures[page.number])
    without_furniture(pages)
    stitched(pages)
    blocks = tuple(blocks_of(pages))
    if not blocks and not doubts.scanned:
        raise unreadable(path, "E502", "；".join(("没有可读的文字", *doubts.unread)))
    source = Source(path, hashlib.sha256(data).hexdigest(), "pdf", len(data))
    return Document(source, blocks, doubts.notes(), unread=doubts.unread)


def _parts_of(data: bytes, path: str, vocabulary: Vocabulary, doubts: Doubts) -> tuple[list[PageParts], dict[int, list[Line | Table]]]:
    """The parts of every page, and for each page with text what was read of the pictures on it."""
    pages: list[PageParts] = []
    pictures: dict[int, list[Line | Table]] = {}
    before: UnruledTable | None = None
    cells, spent = 0, 0.0
    with ScanReader(data, vocabulary) as scans:
        for page in read_pages(data, path):
            if page.is_scan or doubts.is_illegible(page):
                parts, unread = scans.read_page(page.number)
                doubts.recognised(page, unread)
                before = None
            else:
                found = read_pictures(page, scans)
                begun = time.monotonic()
                parts, before = page_parts(without_typed(page, found.boxes), before)
                before = None if found.items else before
                doubts.look_at(page, parts)
                doubts.pictured(page, found)
                pictures[page.number] = found.items
                spent += time.monotonic() - begun
                if spent > limits.PDF_SECONDS:
                    raise unreadable(path, "E503", f"读取超时：{limits.PDF_SECONDS:.0f} 秒内只读到第 {page.number} 页", "请拆分后分别读取")
            pages.append(parts)
            cells += sum(len(row) for item in (*parts.items, *pictures.get(page.number, ())) if isinstance(item, Table) for row in item.rows)
            if cells > limits.CELLS:
                raise unreadable(path, "E503", f"表格单元格过多，不得超过 {limits.CELLS} 个")
    return pages, pictures


def _look_again(data: bytes, pages: list[PageParts], doubts: Doubts, everywhere: bool) -> None:
    """Has pdfplumber read the pages in doubt, or all of them."""
    from juesuan_rules.documents.pdf.plumber import reread

    reread(data, pages, doubts, everywhere)


def blocks_of(pages: list[PageParts]) -> Iterator[Block]:
    """The blocks of all pages, paragraphs joined over lines and pages."""
    paragraph: Paragraph | None = None
    for page, margins in zip(pages, margins_of(pages), strict=True):
        for item in page.items:
            if isinstance(item, Line) and len(item.pieces) == 1:
                if paragraph and paragraph.takes(item, margins):
                    paragraph.add(item, margins)
                    continue
                if paragraph:
                    yield paragraph.block()
                paragraph = Paragraph(item, margins, page.frame)
                continue
            if paragraph:
                yield paragraph.block()
                paragraph = None
            yield from _block(item, page)
    if paragraph:
        yield paragraph.block()


def _block(item: Line | Table, page: PageParts) -> list[Block]:
    if isinstance(item, Line):
        return list[Block](pieces_of(item, page.frame))
    return [GridBlock(tuple(item.rows), Place(page=item.page, box=page.frame.displayed(item.box)))]

"""The pages of a PDF file, by PDFium, as the reader of PDF files sees them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from juesuan_rules.documents import limits
from juesuan_rules.documents.pdf.native import pdfium
from juesuan_rules.documents.pdf.pages import read_page
from juesuan_rules.documents.pdf.suspicion import is_suspicious
from juesuan_rules.outputs.pages.painting import page_size, paint, pixels_for
from juesuan_rules.outputs.pages.text import PageText

if TYPE_CHECKING:
    from PIL.Image import Image

_KEPT = 64
"""Pages whose characters are kept."""


class PdfSheets:
    """An open PDF file."""

    def __init__(self, data: bytes, document: int) -> None:
        self._data = data  # PDFium reads from it as long as the file is open
        self._document = document
        self.count = min(pdfium().GetPageCount(document), limits.PDF_PAGES)
        self._texts: OrderedDict[int, PageText] = OrderedDict()

    def size(self, page: int) -> tuple[float, float] | None:
        """Width and height of the page as displayed, in points."""
        return page_size(self._document, page - 1) if self._has(page) else None

    def paint(self, page: int, dpi: float) -> Image | None:
        """The page as an RGB picture."""
        size = self.size(page)
        return paint(self._document, page - 1, *pixels_for(size, dpi)) if size is not None else None

    def text(self, page: int) -> PageText | None:
        """The characters of the page, those kept that were asked for last."""
        if not self._has(page):
            return None
        known = self._texts.pop(page, None)
        if known is None:
            known = PageText(read_page(pdfium(), self._document, page - 1))
        self._texts[page] = known
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return known

    def close(self) -> None:
        """Frees the file."""
        if self._document:
            pdfium().CloseDocument(self._document)
            self._document = 0
            self._texts.clear()
            self._data = b""

    def _has(self, page: int) -> bool:
        return bool(self._document) and 1 <= page <= self.count


def open_pdf(data: bytes) -> PdfSheets | None:
    """The PDF file; None where it needs a password, is damaged, or is built to swell when painted."""
    if is_suspicious(data):
        return None
    lib = pdfium()
    document = lib.LoadMemDocument64(data, len(data), None)
    if not document:
        return None
    if lib.GetPageCount(document) <= 0:
        lib.CloseDocument(document)
        return None
    return PdfSheets(data, document)

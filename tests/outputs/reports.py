"""Whole reports written as files of every kind, from the printed tables and sentences of a sample: the same report as
text, Word, a workbook, a web page and PDF, with any text put in wherever a document's text can come."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.documents.pdf.small_pdf import Page, pdf_of, width_of

FIXTURES = Path(__file__).parents[2] / "fixtures"
FAULTY = FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"
SOUND = FIXTURES / "辽宁省云岫市数据服务局-2023.txt"
Part = str | list[list[str]]
"""A paragraph, or the rows of a table."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDTH, _SIZE, _ROW = 842.0, 8.0, 16.0


def parts_of(path: Path = FAULTY) -> list[Part]:
    """Paragraphs and tables of a sample, in its order."""
    found: list[Part] = []
    for line in path.read_text("utf-8").splitlines():
        if "\t" not in line:
            found.append(line)
        elif found and isinstance(found[-1], list):
            found[-1].append(line.split("\t"))
        else:
            found.append([line.split("\t")])
    for part in found:
        if isinstance(part, list):
            width = max(map(len, part))
            part[:] = [[*row, *[""] * (width - len(row))] for row in part]
    return found


def as_text(parts: Sequence[Part], target: Path) -> Path:
    """Tabs between the cells of a row."""
    lines = [part if isinstance(part, str) else "\n".join("\t".join(row) for row in part) for part in parts]
    target.write_text("\n".join(lines) + "\n", "utf-8", errors="surrogatepass")
    return target


def as_docx(parts: Sequence[Part], target: Path) -> Path:
    """Paragraphs and tables of a Word file."""
    from docx import Document

    made = Document()
    for part in parts:
        if isinstance(part, str):
            made.add_paragraph(_NO_XML.sub("", part))
            continue
        table = made.add_table(0, len(part[0]))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = _NO_XML.sub("", text)
    made.save(str(target))
    return target


def as_html(parts: Sequence[Part], target: Path) -> Path:
    """A web page."""
    shown = [
        f"<p>{html.escape(part)}</p>" if isinstance(part, str)
        else "<table border=1>" + "".join("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in part) + "</table>"
        for part in parts
    ]  # fmt: skip
    target.write_bytes(f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{''.join(shown)}</body></html>".encode("utf-8", "replace"))
    return target


def as_xlsx(parts: Sequence[Part], target: Path, name: Callable[[int], str] = lambda at: f"表{at}") -> Path:
    """A sheet per table, the paragraphs before it above it; every cell a text. name: of the sheet with that number."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet, row, filled = book.active, 1, False
    assert sheet is not None
    sheet.title = name(0)
    for part in parts:
        if filled and isinstance(part, str) and part.strip():
            sheet, row, filled = book.create_sheet(name(len(book.sheetnames))), 1, False
        for line in [[part]] if isinstance(part, str) else part:
            for column, text in enumerate(line, start=1):
                if text:
                    cell = sheet.cell(row, column)
                    cell.value = _NO_XML.sub("", text)[:32_767]
                    cell.data_type = "s"
            row += 1
        filled = filled or isinstance(part, list)
    book.save(target)
    return target


def as_pdf(parts: Sequence[Part], target: Path) -> Path:
    """Ruled tables and lines of text; every page as high as what stands on it."""
    pages: list[Page] = []
    paragraphs: list[str] = []

    def flush(table: list[list[str]] | None) -> None:
        lines = [line for paragraph in paragraphs for line in _lines(paragraph)]
        height = 60 + 14.0 * len(lines) + _ROW * len(table or ()) + 60
        page = Page((_WIDTH, height))
        for at, line in enumerate(lines):
            page.text(40 + (20 if len(line) < 30 else 0), 60 + 14.0 * at, line, 10.0)
        if table:
            _table(page, 60 + 14.0 * len(lines), table)
        pages.append(page)
        paragraphs.clear()

    for part in parts:
        if isinstance(part, list):
            flush(part)
        else:
            paragraphs.append(part)
            if len(paragraphs) >= 40:
                flush(None)
    if paragraphs:
        flush(None)
    target.write_bytes(pdf_of(*pages))
    return target


def _table(page: Page, top: float, rows: list[list[str]]) -> None:
    columns = len(rows[0])
    wide = [min(max([width_of(row[c], _SIZE) for row in rows] + [24.0]) + 8, 220.0) for c in range(columns)]
    share = (_WIDTH - 60) / max(sum(wide), 1.0)
    widths = [width * min(share, 1.0) for width in wide]
    size = _SIZE * min(share, 1.0)
    xs = [30 + sum(widths[:c]) for c in range(columns + 1)]
    for r in range(len(rows) + 1):
        page.line(xs[0], top + r * _ROW, xs[-1], top + r * _ROW)
    for x in xs:
        page.line(x, top, x, top + len(rows) * _ROW)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            fitting = text[:200]
            while fitting and width_of(fitting, size) > widths[c] - 4:
                fitting = fitting[:-1]
            base = top + r * _ROW + _ROW * 0.7
            if re.fullmatch(r"-?[\d,]+\.\d+", fitting):
                page.right(xs[c + 1] - 3, base, fitting, size)
            elif fitting:
                page.text(xs[c] + 3, base, fitting, size)


def _lines(paragraph: str) -> list[str]:
    """A paragraph set in by two characters, over lines of the page's width."""
    most, text, found = 74, paragraph.rstrip(), []
    if len(text) > 30:
        text = "　　" + text.lstrip("　 ")
    while len(text) > most:
        found.append(text[:most])
        text = text[most:]
    return [*found, text]

"""Subjects read from small PDF files, findings on their cells and sentences, and an independent look into a box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
from msgspec.structs import replace
from tests.documents.pdf.small_pdf import Page, pdf_of
from tests.outputs.made import finding

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.joining import join
from juesuan_rules.documents.model import Document, GridBlock, Place
from juesuan_rules.documents.open import open_document
from juesuan_rules.findings import Finding, Operand
from juesuan_rules.material import Subject
from juesuan_rules.reports.model import Identity, Prose, Report, Sentence
from juesuan_rules.reports.prose.sentences import read_sentences
from juesuan_rules.results import ReportResult

ROWS = [
    ["项目", "<", "本年支出合计", "基本支出", "项目支出"],
    ["科目编码", "科目名称", "^", "^", "^"],
    ["201", "一般公共服务支出", "1,204.50", "1,000.00", "204.50"],
    ["20103", "政府办公厅事务", "1,204.50", "1,000.00", "204.50"],
    ["合计", "<", "1,204.50", "1,000.00", ""],
]
WIDTHS = [60.0, 140.0, 90.0, 90.0, 90.0]
IDENTITY = Identity("某局", 2023, "21", "辽宁省", "万元", "部门决算", True)


def table_page(**shape: object) -> Page:
    """A page with a table under a title."""
    return Page(**shape).text(200, 60, "支出决算表", 16).table(50, 100, WIDTHS, ROWS)  # type: ignore[arg-type]


def prose_page(*lines: str, first: float = 80.0, size: float = 12.0) -> Page:
    """A page of running text, a line each, the first of each paragraph set in by two characters (as written)."""
    page = Page()
    for at, line in enumerate(lines):
        text = line.lstrip("　")
        page.text(70 + size * (len(line) - len(text)), first + at * 1.6 * size, text, size)
    return page


def written(folder: Path, *pages: Page, name: str = "报告.pdf") -> Path:
    """A PDF file of these pages."""
    path = folder / name
    path.write_bytes(pdf_of(*pages))
    return path


def subject_of(*paths: Path, findings: Callable[[Report], Sequence[Finding]] = lambda report: ()) -> Subject:
    """The files as one report without tables of a layout: its grids, its sentences, and findings made of them."""
    documents = [open_document(path) for path in paths]
    document = documents[0] if len(documents) == 1 else join(documents)
    report = Report(
        document.source, IDENTITY, Layout("cn", ()), {}, grids_of(document), parts=document.parts, unread=document.unread,
        prose=Prose(read_sentences(document, (), IDENTITY)),
    )  # fmt: skip
    result = ReportResult(report.source, IDENTITY, "judged", findings=tuple(findings(report)), parts=report.parts)
    return Subject(result, result, (None,) * len(result.findings), report, paths)


def grids_of(document: Document) -> tuple[GridBlock, ...]:
    """The grids of a document."""
    return tuple([block for block in document.blocks if isinstance(block, GridBlock)])


def cells(report: Report) -> list[Operand]:
    """An operand for every printed cell."""
    return [Operand(f"表[{cell.text}].数", "1.00", cell.text, "万元", cell.place) for grid in report.other_tables for row in grid.rows for cell in row if cell.text]


def figures(report: Report) -> list[tuple[Sentence, Operand]]:
    """An operand for every figure of the prose, with its sentence."""
    found = []
    for sentence in report.prose.sentences:
        for figure in sentence.figures:
            amount = figure.amount
            found.append((sentence, Operand("文字.数", "1.00", amount.raw, amount.unit, amount.place, quote=sentence.text)))
    return found


def figure_finding(*operands: Operand, **changes: object) -> Finding:
    """A finding of these operands."""
    return finding(operands=operands, **changes)


def moved(operand: Operand, **place: object) -> Operand:
    """The operand somewhere else."""
    known: Place = operand.place
    return replace(operand, place=replace(known, **place))


def inside(path: Path, page: int, box: tuple[float, float, float, float]) -> str:
    """What pypdfium2 finds in a box of the page as displayed: characters whose middles are in it."""
    sheet = pypdfium2.PdfDocument(path)[page - 1]
    left, bottom, right, top = sheet.get_bbox()
    turns = sheet.get_rotation() // 90
    text = sheet.get_textpage()
    letters = []
    for at in range(text.count_chars()):
        a, b, c, d = text.get_charbox(at)
        x, y = (a + c) / 2, (b + d) / 2
        x, y = [(x - left, top - y), (y - bottom, x - left), (right - x, y - bottom), (top - y, right - x)][turns]
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            letters.append(text.get_text_range(at, 1))
    return "".join(letters).replace(" ", "").replace("\r\n", "")

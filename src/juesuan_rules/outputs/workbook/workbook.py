"""--xlsx: the workpaper of one report, its checks as formulas over the figures as read."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.files import write_whole
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.workbook.cells import ELSEWHERE, FORMS, PROSE, Cells
from juesuan_rules.outputs.workbook.expression import Cell
from juesuan_rules.outputs.workbook.figures import SOURCES, left_out, write_figures, write_helpers, write_not_applicable, write_sources
from juesuan_rules.outputs.workbook.ledger import HELPERS, LEDGER, NOT_APPLICABLE, Ledger, ledger_lines, uses_of
from juesuan_rules.outputs.workbook.sheet import Page, Texts, plain_worksheet
from juesuan_rules.outputs.workbook.styles import FONT, Styles
from juesuan_rules.outputs.workbook.summary import SUMMARY, write_ledger_head, write_summary
from juesuan_rules.outputs.workbook.tables import write_table

_OWN = (SUMMARY, LEDGER, SOURCES, NOT_APPLICABLE, HELPERS, PROSE, FORMS, ELSEWHERE)
_TITLES = {
    PROSE: "文字里的数：核对用到的，一行一个",
    FORMS: "绩效自评表里的数：核对用到的，一行一个",
    ELSEWHERE: "别的报告里的数（上年、所属单位）和不在表里的数",
}


def write_workbook(subject: Subject, material: Material, target: Path) -> None:
    """Write the workpaper of a report. Raises UsageError where the file cannot be written."""
    write_whole(target, render_workbook(subject, material))


def render_workbook(subject: Subject, material: Material) -> bytes:
    """The workpaper as the bytes of an .xlsx file."""
    import xlsxwriter

    buffer = BytesIO()
    plain = {"font_name": FONT, "font_size": 10}
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "default_format_properties": plain})
    _describe(book, subject, material)
    _fill(book, subject, material)
    book.close()
    return buffer.getvalue()


def _describe(book: Any, subject: Subject, material: Material) -> None:
    unit, year = subject.full.identity.unit_name or "", subject.full.identity.year
    properties: dict[str, Any] = {"title": xml_text(f"审计工作底稿 {unit} {year or ''}".strip(), 200), "comments": f"结果摘要 {material.provenance['canonical_digest']}"}
    with suppress(ValueError):
        properties["created"] = datetime.fromisoformat(str(material.provenance["time"])).replace(tzinfo=None)
    book.set_properties(properties)


def _fill(book: Any, subject: Subject, material: Material) -> None:
    cells = Cells(subject.report, set(_OWN))
    lines = ledger_lines(subject)
    uses = uses_of(lines, cells)
    styles, texts, worksheet_class = Styles(book), Texts(), plain_worksheet()
    back = Cell(SUMMARY, 0, 0, "text")

    def page(name: str) -> Page:
        return Page(book.add_worksheet(name, worksheet_class), styles, texts)

    summary, paper = page(SUMMARY), page(LEDGER)
    for sheet in cells.sheets:
        write_table(page(sheet.name), sheet, cells, uses, back)
    for name, rows in cells.lists.items():
        if rows:
            write_figures(page(name), _TITLES[name], rows, uses)
    write_sources(page(SOURCES), cells, uses)
    groups = left_out(subject.full.findings)
    if groups:
        write_not_applicable(page(NOT_APPLICABLE), groups)
    write_ledger_head(paper, subject, back)
    ledger = Ledger(paper, cells, subject.report.identity.money_unit or "万元")
    ledger.write(lines)
    if ledger.helpers:
        write_helpers(page(HELPERS), ledger.helpers)
    write_summary(summary, subject, material, lines, groups, cells)
    summary.sheet.activate()

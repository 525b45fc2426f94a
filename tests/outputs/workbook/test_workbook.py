"""The workpaper: what stands where, what leads where, and what it was made from."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.utils import coordinate_to_tuple
from tests.outputs.workbook.judged import FIXTURES, WITH_ERRORS, judged, opened

from juesuan_rules.findings import Decision, Waiver
from juesuan_rules.outputs.workbook.cells import Cells
from juesuan_rules.outputs.workbook.ledger import FIRST_ROW, HEAD_ROW, LEDGER, ledger_lines
from juesuan_rules.outputs.workbook.workbook import render_workbook, write_workbook

TEXTS = sorted(path for pattern in ("辽宁*2023.txt", "湖北*.txt", "四川*.docx", "江苏*.docx", "江苏*.xlsx", "*一格一行.txt", "*见附件.txt") for path in FIXTURES.glob(pattern))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return opened(*judged(WITH_ERRORS))


@pytest.fixture(scope="module")
def values() -> openpyxl.Workbook:
    return opened(*judged(WITH_ERRORS), values=True)


def heads(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[HEAD_ROW + 1] if cell.value}


def test_the_sheets(book: openpyxl.Workbook) -> None:
    subject, _ = judged(WITH_ERRORS)
    names = book.sheetnames
    assert names[:2] == ["结论", LEDGER]
    assert [n for n in names if n.startswith("01 ")]
    assert {"文字中的数", "自评表中的数", "出处", "不适用"} <= set(names)
    assert len(names) >= len(subject.report.tables) + 6
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 for name in names)


def test_the_head_of_the_working_paper(book: openpyxl.Workbook) -> None:
    paper = book[LEDGER]
    told = {cell.value for row in paper.iter_rows(max_row=4) for cell in row if cell.value}
    assert {"审计工作底稿", "被审计单位", "审计事项", "会计期间", "审计期间", "依据", "索引号", "编制人 / 日期", "复核人 / 日期"} <= told
    assert "辽宁省云岫市数据服务局" in told
    assert "2023年度" in told
    assert paper.freeze_panes is not None
    assert paper.page_setup.orientation == "landscape"
    assert paper.page_setup.paperSize in (9, "9")
    assert paper.print_title_rows == f"${HEAD_ROW + 1}:${HEAD_ROW + 1}"
    assert paper.auto_filter.ref is not None


def test_findings_come_first_by_their_numbers(values: openpyxl.Workbook) -> None:
    subject, _ = judged(WITH_ERRORS)
    paper, at = values[LEDGER], heads(values[LEDGER])
    for one in subject.numbered:
        row = FIRST_ROW + one.number
        assert paper.cell(row, at["索引号"]).value == one.number
        assert paper.cell(row, at["规则"]).value == one.finding.rule
        assert paper.cell(row, at["说明"]).value == one.finding.sentence
        assert paper.cell(row, at["结论"]).value == paper.cell(row, at["程序结论"]).value == "不符"
    judged_rows = sum(finding.outcome != "not_applicable" for finding in subject.full.findings)
    assert paper.max_row == FIRST_ROW + judged_rows


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_cached_conclusions_are_the_program_s(path: Path) -> None:
    subject, material = judged(path)
    paper = opened(subject, material, values=True)[LEDGER]
    at = heads(paper)
    told = [(paper.cell(row, at["结论"]).value, paper.cell(row, at["程序结论"]).value) for row in range(FIRST_ROW + 1, paper.max_row + 1)]
    assert len(told) > 100
    assert all(now == then for now, then in told)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_figure_of_a_table_stands_in_its_cell(path: Path) -> None:
    """Each operand of a standard table points to the printed cell, which shows the printed text's number."""
    subject, _ = judged(path)
    cells = Cells(subject.report, set())
    tables = {sheet.name: sheet for sheet in cells.sheets}
    found = missed = 0
    for finding in subject.full.findings:
        for operand in finding.operands or ():
            if operand.address and operand.address[0] in subject.report.tables and operand.raw.strip():
                cell = cells.cell(operand)
                assert cell is not None
                if cell.sheet in tables:
                    found += 1
                    printed = tables[cell.sheet].grid.rows[cell.row - 3][cell.column]
                    assert printed.text.strip() == operand.raw.strip()
                    assert printed.place is operand.place or printed.place == operand.place
                else:
                    missed += 1
    assert missed == 0
    assert found > (900 if subject.report.tables else -1)


def test_numbers_are_numbers_as_printed(book: openpyxl.Workbook) -> None:
    sheet = next(book[name] for name in book.sheetnames if name.startswith("03 "))
    subject, _ = judged(WITH_ERRORS)
    table = next(table for table in subject.report.tables.values() if table.spec.number == "03")
    for r, row in enumerate(table.grid.rows[table.header_rows :], start=table.header_rows):
        for c, printed in enumerate(row):
            cell = sheet.cell(r + 4, c + 1)
            if re.fullmatch(r"[\d,]+\.\d\d", printed.text.strip()):
                assert cell.data_type == "n"
                assert f"{cell.value:,.2f}" == printed.text.strip()
                assert cell.number_format == "#,##0.00"
            elif printed.text.strip():
                assert cell.data_type == "s"
                assert cell.value == printed.text.strip()


def test_every_link_leads_to_a_cell_and_findings_lead_back(book: openpyxl.Workbook) -> None:
    links = [(sheet.title, cell, cell.hyperlink.location) for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink is not None]
    assert len(links) > 800
    for _, _, location in links:
        name, _, place = location.rpartition("!")
        target = book[name.strip("'").replace("''", "'")]
        row, column = coordinate_to_tuple(place)
        assert row <= max(target.max_row, 1) + 1
        assert column <= max(target.max_column, 1) + 1
    subject, _ = judged(WITH_ERRORS)
    first = subject.numbered[0]
    row = FIRST_ROW + first.number
    there = [location for sheet, cell, location in links if sheet == LEDGER and cell.row == row]
    back = [(sheet, cell.row) for sheet, cell, location in links if location.endswith(f"!M{row}") and sheet not in ("结论", LEDGER)]
    assert there
    for location in there:
        name, _, place = location.rpartition("!")
        assert (name.strip("'"), coordinate_to_tuple(place)[0]) in back


def test_places_are_told(book: openpyxl.Workbook) -> None:
    sources = book["出处"]
    subject, _ = judged(WITH_ERRORS)
    printed = sum(a.state != "blank" for t in subject.report.tables.values() for b in t.blocks.values() for c in b.columns.values() for a in c)
    assert sources.max_row - 2 >= printed * 0.99
    assert all(re.fullmatch(r"第\d+行", sources.cell(row, 7).value) for row in range(3, sources.max_row + 1))
    table = next(book[name] for name in book.sheetnames if name.startswith("01 "))
    assert any(cell.comment is not None and cell.comment.text.startswith("发现 ") for row in table.iter_rows() for cell in row)


def test_counts_follow_the_sheet(book: openpyxl.Workbook, values: openpyxl.Workbook) -> None:
    subject, _ = judged(WITH_ERRORS)
    summary = subject.full.summary
    told = {row[0].value: (row[1].value, row[2].value) for row in values["结论"].iter_rows(max_row=30) if row[0].value}
    assert told["不符"] == (summary["fail"], summary["fail"])
    assert told["相符"] == (summary["pass"], summary["pass"])
    assert told["其中尾差"] == (summary["rounding"], summary["rounding"])
    assert told["不适用"] == (summary["not_applicable"],) * 2
    formulas = [row[1].value for row in book["结论"].iter_rows(max_row=30) if row[0].value in ("不符", "存疑", "相符")]
    assert all(formula.startswith("=COUNTIFS(底稿!") for formula in formulas)


def test_provenance_and_title(book: openpyxl.Workbook) -> None:
    _, material = judged(WITH_ERRORS)
    told = {cell.value for row in book["结论"].iter_rows() for cell in row}
    assert material.provenance["canonical_digest"] in told
    assert book.properties.title == "审计工作底稿 辽宁省云岫市数据服务局 2023"


def test_waivers_and_decisions_stand_in_the_opinion() -> None:
    subject, material = judged(WITH_ERRORS)
    first, second = (one.at for one in subject.numbered[:2])
    findings = list(subject.full.findings)
    findings[first] = replace(findings[first], waiver=Waiver("口径如此", "张审计", "2030-12-31"))
    findings[second] = replace(findings[second], decision=Decision("误报", "李审计", "2026-01-05", "印刷版无误"))
    changed = replace(subject, full=replace(subject.full, findings=tuple(findings)))
    paper = opened(changed, material, values=True)
    at = heads(paper[LEDGER])
    opinions = {paper[LEDGER].cell(row, at["处理意见"]).value: paper[LEDGER].cell(row, at["已豁免"]).value for row in range(FIRST_ROW + 1, FIRST_ROW + 30)}
    assert any(text and "口径如此" in text and waived == "是" for text, waived in opinions.items())
    assert any(text and "误报" in text and not waived for text, waived in opinions.items())
    counted = {row[0].value: row[1].value for row in paper["结论"].iter_rows(max_row=30)}
    assert counted["已豁免"] == 1
    assert counted["不符"] == subject.full.summary["fail"] - 1


def test_a_corrected_cell_shows_the_right_value_and_the_printed_one(tmp_path: Path) -> None:
    file = tmp_path / "更正.yaml"
    file.write_text("corrections: 1\n更正:\n  - 表: 总表\n    部分: 支出\n    行: 一般公共服务支出\n    栏: 金额\n    印作: '1,966.23'\n    应为: '1,966.32'\n    更正人: 张审计\n    理由: 与支出表一致\n", "utf-8")
    subject, material = judged(WITH_ERRORS, file)
    assert [one.status for one in subject.report.corrections] == ["已更正"]
    sheet = next(s for s in opened(subject, material) if s.title.startswith("01 "))
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 1966.32)
    assert "印作「1,966.23」" in cell.comment.text
    assert "张审计" in cell.comment.text


def test_other_documents_have_a_workbook_too() -> None:
    for name in ("新闻.txt", "辽宁省云岫市数据服务局-2024-预算.txt"):
        book = opened(*judged(FIXTURES / name))
        told = {cell.value for row in book["结论"].iter_rows() for cell in row if cell.value}
        assert any("没有核对" in str(text) for text in told)


def test_the_same_twice_and_without_outside_links(tmp_path: Path) -> None:
    subject, material = judged(WITH_ERRORS)
    first = render_workbook(subject, material)
    write_workbook(subject, material, tmp_path / "底稿.xlsx")
    with zipfile.ZipFile(BytesIO(first)) as one, zipfile.ZipFile(tmp_path / "底稿.xlsx") as other:
        assert {name: one.read(name) for name in one.namelist()} == {name: other.read(name) for name in other.namelist()}
        assert not [name for name in one.namelist() if b'TargetMode="External"' in one.read(name)]


def test_lines_are_numbered_without_gaps() -> None:
    subject, _ = judged(WITH_ERRORS)
    lines = ledger_lines(subject)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert [line.row for line in lines] == list(range(FIRST_ROW, FIRST_ROW + len(lines)))

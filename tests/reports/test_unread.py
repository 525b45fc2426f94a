"""Pages that could not be read, figures that were not surely read: what the report says of them."""

from __future__ import annotations

from msgspec.structs import replace
from table_texts import SPENDING, layout_of

from juesuan_rules.amounts import SURE
from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.model import GOES_ON, Table
from juesuan_rules.reports.tables import recognise_tables
from juesuan_rules.reports.unread import mark_tables

NAME = "支出决算表"


def on_page(page: int) -> Document:
    document = read_text(SPENDING.encode(), "测试.txt")
    return replace(document, blocks=tuple(_moved(block, page) if isinstance(block, GridBlock) else block for block in document.blocks))


def _moved(grid: GridBlock, page: int) -> GridBlock:
    rows = tuple(tuple(replace(cell, place=Place(page=page, line=cell.place.line)) for cell in row) for row in grid.rows)
    return replace(grid, rows=rows, place=Place(page=page))


def table_of(document: Document) -> dict[str, Table]:
    return recognise_tables(document, layout_of("cn"), "万元")[0]


def test_a_table_before_an_unread_page_may_go_on_there() -> None:
    tables = table_of(on_page(12))
    for unread, told in ((("第 13 页是图片，没有读取",), True), (("第11—13页没有文字",), True), (("第14页没有文字",), False), ((), False)):
        marked = mark_tables(tables, unread)[NAME]
        assert any(problem.kind == GOES_ON and "第13页" in problem.message for problem in marked.problems) is told, unread


def test_a_page_of_another_file_says_nothing() -> None:
    tables = {NAME: replace(table_of(on_page(12))[NAME], place=Place(page=12, file="正文.pdf"))}
    assert mark_tables(tables, ("附表.pdf：第 13 页是图片",))[NAME].problems == tables[NAME].problems
    assert mark_tables(tables, ("正文.pdf：第 13 页是图片",))[NAME].problems != tables[NAME].problems


def edited(printed: str, **change: object) -> Table:
    document = read_text(SPENDING.encode(), "测试.txt")

    def cell(old: GridCell) -> GridCell:
        return replace(old, **change) if old.text == printed else old

    blocks = tuple(
        replace(block, rows=tuple(tuple(map(cell, row)) for row in block.rows)) if isinstance(block, GridBlock) else block for block in document.blocks
    )
    return table_of(replace(document, blocks=blocks))[NAME]


def test_confidence_and_the_stored_value_reach_the_amount() -> None:
    table = edited("90.00", confidence=0.4, stored="90.0000001")
    amount = table.blocks[""].columns["本年支出合计"][0]
    assert amount.unsure and amount.confidence == 0.4 and amount.stored == "90.0000001" and amount.value == 90_000_000
    assert not table.blocks[""].columns["基本支出"][0].unsure


def test_a_label_is_matched_by_its_standard_name_and_kept_as_read() -> None:
    table = edited("行政运行", text="行攻运行", standard="行政运行", confidence=0.5)
    row = next(row for row in table.blocks[""].rows if row.key == "2010501")
    assert (row.label, row.raw_label) == ("行政运行", "行攻运行")
    assert row.confidence == 1.0  # the code tells the row


def test_a_header_is_matched_by_its_standard_name() -> None:
    table = edited("基本支出", text="墓本支出", standard="基本支出")
    assert "基本支出" in table.blocks[""].columns and table.problems == ()


def test_a_code_that_was_not_surely_read_makes_its_row_unsure() -> None:
    table = edited("2010501", confidence=0.4)
    assert [row.key for row in table.blocks[""].rows if row.confidence < SURE] == ["2010501"]

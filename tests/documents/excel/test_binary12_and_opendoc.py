"""The binary workbook of 2007 and the OpenDocument one."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.excel.workbook import read_workbook
from juesuan_rules.documents.model import Document, GridBlock, TextBlock

Make = Callable[..., bytes]


def rows(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for block in document.blocks if isinstance(block, GridBlock) for row in block.rows]


def test_xlsb(make_xlsb: Make, make_xlsb_record: Make) -> None:
    def cell(number: int, column: int, data: bytes, style: int = 0) -> bytes:
        return make_xlsb_record(number, struct.pack("<II", column, style) + data)

    content = make_xlsb_record(60, struct.pack("<IIIIH", 5, 5, 0, 0, 1))
    content += make_xlsb_record(0, struct.pack("<IIHBBB", 3, 0, 300, 0, 0, 0))
    content += cell(7, 0, struct.pack("<I", 0)) + cell(2, 1, struct.pack("<I", 120450 << 2 | 3), 1) + cell(5, 2, struct.pack("<d", 0.125), 2)
    content += cell(3, 3, b"\x17") + cell(8, 4, struct.pack("<I", 2) + "合计".encode("utf-16-le")) + cell(9, 5, struct.pack("<d", 9.0)) + cell(4, 6, b"\x01")
    content += make_xlsb_record(0, struct.pack("<IIHBBB", 4, 0, 300, 0, 0x10, 0)) + cell(2, 0, struct.pack("<I", 4 << 2 | 2))
    content += make_xlsb_record(176, struct.pack("<IIII", 3, 3, 0, 0))
    document = read_workbook(make_xlsb(content, strings=["项目"], formats=["#,##0.00", "0.0%"]), "a.xlsb")
    assert rows(document) == [["项目", "1,204.50", "12.5%", "#REF!", "合计", "TRUE"]]
    assert document.notes == ("工作表「表一」有 1 个隐藏行没有读取：第 5 行", "工作表「表一」有 1 个隐藏列没有读取：F 列")
    assert document.source.format == "xlsb" and document.blocks[0].place.cell == "A4"


def test_damaged_xlsb(make_xlsb: Make, make_xlsb_record: Make) -> None:
    for content in (b"\x07\x50abc", make_xlsb_record(7, b"\x00"), b"\x80"):
        with pytest.raises(DocumentError, match="已损坏"):
            read_workbook(make_xlsb(content), "a.xlsb")


def test_ods(make_ods: Make) -> None:
    content = (
        '<table:table table:name="一"><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
        '<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>收入<text:s text:c="2"/>合计</text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell><table:covered-table-cell/>'
        "<table:table-cell><text:p>藏</text:p></table:table-cell><table:table-cell><text:p>末</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1204.565"><text:p>1,204.57</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="1" office:value-type="percentage" office:value="0.125"><text:p>12.5%</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:visibility="filter"><table:table-cell><text:p>筛去</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        '<table:table table:name="二" table:style-name="h"><table:table-row><table:table-cell><text:p>不见</text:p></table:table-cell></table:table-row></table:table>'
    )
    document = read_workbook(make_ods(content, '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'), "a.ods")
    assert rows(document) == [["收入  合计", "", "末"], ["1,204.57", "12.5%", ""], ["1,204.57", "12.5%", ""]]
    assert isinstance(grid := document.blocks[0], GridBlock) and grid.rows[0][0].colspan == 2 and grid.rows[1][0].stored == "1204.565" and grid.rows[1][1].stored == ""
    assert document.notes == ("有 1 个隐藏的工作表没有读取：「二」", "工作表「一」有 1 个隐藏行没有读取：第 4 行", "工作表「一」有 1 个隐藏列没有读取：C 列")


def test_ods_repetition_is_bounded(make_ods: Make) -> None:
    content = '<table:table table:name="一"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell></table:table-row></table:table>'
    with pytest.raises(DocumentError, match="单元格过多"):
        read_workbook(make_ods(content), "a.ods")


def test_encrypted_ods(make_ods: Make) -> None:
    with pytest.raises(DocumentError, match="已加密"):
        read_workbook(make_ods("", manifest="<manifest><file-entry><encryption-data/></file-entry></manifest>"), "a.ods")


def test_lines_of_a_cell_are_kept_apart(make_ods: Make) -> None:
    content = '<table:table table:name="一"><table:table-row><table:table-cell><text:p>甲</text:p><text:p>乙<text:line-break/>丙</text:p></table:table-cell></table:table-row></table:table>'
    assert [block.text for block in read_workbook(make_ods(content), "a").blocks if isinstance(block, TextBlock)] == ["甲", "乙", "丙"]

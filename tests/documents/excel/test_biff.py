"""The older workbook: records of every kind of cell, strings cut anywhere, damage."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.excel.values import rk_number
from juesuan_rules.documents.excel.workbook import read_workbook
from juesuan_rules.documents.model import Document, GridBlock

Make = Callable[..., bytes]


def rows(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for block in document.blocks if isinstance(block, GridBlock) for row in block.rows]


def cell(make_record: Make, number: int, row: int, column: int, data: bytes, style: int = 0) -> bytes:
    return make_record(number, struct.pack("<HHH", row, column, style) + data)


def label(make_record: Make, row: int, column: int, text: str) -> bytes:
    return cell(make_record, 0x0204, row, column, struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def test_every_kind_of_cell(make_xls: Make, make_record: Make) -> None:
    text = "结果"
    content = b"".join(
        (
            cell(make_record, 0x0203, 0, 0, struct.pack("<d", 1204.565), 1),
            cell(make_record, 0x027E, 0, 1, struct.pack("<I", 120450 << 2 | 3), 1),
            make_record(0x00BD, struct.pack("<HHHIHIH", 0, 2, 1, 7 << 2 | 2, 1, 0xFFFFFFFE, 3)),
            label(make_record, 0, 4, "合计"),
            cell(make_record, 0x0205, 0, 5, b"\x17\x01"),
            cell(make_record, 0x0205, 0, 6, b"\x01\x00"),
            cell(make_record, 0x0006, 0, 7, struct.pack("<d", 2.0) + bytes(8), 1),
            cell(make_record, 0x0006, 0, 8, b"\x00\x00\x00\x00\x00\x00\xff\xff" + bytes(8)),
            make_record(0x0207, struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")),
            cell(make_record, 0x0006, 0, 9, b"\x02\x00\x07\x00\x00\x00\xff\xff" + bytes(8)),
            cell(make_record, 0x0201, 0, 10, b""),
        )
    )
    document = read_workbook(make_xls([("表", content)], formats=["#,##0.00"]), "a.xls")
    assert rows(document) == [["1,204.57", "1,204.50", "7.00", "-1.00", "合计", "#REF!", "TRUE", "2.00", "结果", "#DIV/0!"]]
    assert isinstance(grid := document.blocks[0], GridBlock) and grid.rows[0][0].stored == "1204.565" and grid.rows[0][3].place.cell == "D1"
    assert document.source.format == "xls"


@pytest.mark.parametrize(("packed", "number"), [(5 << 2 | 2, 5.0), (0xFFFFFFFE, -1.0), (120450 << 2 | 3, "120450e-2"), (0x40590000, 100.0), (0x40590001, 1.0)])
def test_packed_numbers(packed: int, number: float | str) -> None:
    assert rk_number(packed) == number


def test_hidden_rows_columns_sheets_and_merged_cells(make_xls: Make, make_record: Make) -> None:
    content = b"".join(label(make_record, r, c, f"{r}行{c}列") for r in range(4) for c in range(3))
    content += make_record(0x0208, struct.pack("<HHHHHHHH", 2, 0, 3, 255, 0, 0, 0x20, 0))
    content += make_record(0x007D, struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0))
    content += make_record(0x00E5, struct.pack("<HHHHH", 1, 0, 1, 0, 0))
    document = read_workbook(make_xls([("表", content), ("藏", content)], states={"藏": 2}), "a.xls")
    assert rows(document) == [["0行0列", "0行2列"], ["", "1行2列"], ["3行0列", "3行2列"]]
    assert isinstance(grid := document.blocks[0], GridBlock) and grid.rows[0][0].rowspan == 2
    assert document.notes == ("有 1 个隐藏的工作表没有读取：「藏」", "工作表「表」有 1 个隐藏行没有读取：第 3 行", "工作表「表」有 1 个隐藏列没有读取：B 列")


def test_shared_strings_cut_by_a_continue_record_inside_a_character_run(make_xls: Make, make_record: Make) -> None:
    whole = "一般公共预算财政拨款"
    first = struct.pack("<II", 3, 3) + struct.pack("<HB", len(whole), 1) + whole[:4].encode("utf-16-le")
    second = b"\x01" + whole[4:].encode("utf-16-le") + struct.pack("<HB", 6, 0) + b"abc"
    # The width changes behind the cut: "def" goes on in two bytes a character.
    third = b"\x01" + "def".encode("utf-16-le") + struct.pack("<HBHI", 2, 1 | 8 | 4, 1, 6) + "合计".encode("utf-16-le") + bytes(4) + bytes(6)
    shared = [make_record(0x00FC, first), make_record(0x003C, second), make_record(0x003C, third)]
    content = b"".join(cell(make_record, 0x00FD, 0, i, struct.pack("<I", i)) for i in range(4))
    assert rows(read_workbook(make_xls([("表", content)], shared=shared), "a.xls")) == [[whole, "abcdef", "合计", "#字符串缺失"]]


def test_charts_inside_a_sheet_are_passed_over(make_xls: Make, make_record: Make) -> None:
    chart = make_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x20, 0, 0, 0, 0)) + label(make_record, 0, 0, "图例") + make_record(0x000A)
    content = label(make_record, 0, 0, "合计") + chart + label(make_record, 0, 1, "金额")
    assert rows(read_workbook(make_xls([("表", content)]), "a.xls")) == [["合计", "金额"]]


def test_an_excel_95_workbook_in_its_code_page(make_compound: Make, make_record: Make) -> None:
    def text(value: str) -> bytes:
        raw = value.encode("gbk")
        return struct.pack("<H", len(raw)) + raw

    head = make_record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0)) + make_record(0x0042, struct.pack("<H", 936))
    head += make_record(0x041E, struct.pack("<HB", 200, 5) + b"0.000") + make_record(0x00E0, struct.pack("<HH", 0, 200) + bytes(12))
    name = "收入".encode("gbk")
    size = len(head) + 4 + 7 + len(name) + 4
    head += make_record(0x0085, struct.pack("<IBBB", size, 0, 0, len(name)) + name) + make_record(0x000A)
    body = make_record(0x0809, struct.pack("<HHHH", 0x0500, 0x10, 0, 0)) + cell(make_record, 0x0204, 0, 0, text("合计")) + cell(make_record, 0x0203, 0, 1, struct.pack("<d", 1.5)) + make_record(0x000A)
    document = read_workbook(make_compound(head + body, "Book"), "a.xls")
    assert rows(document) == [["合计", "1.500"]] and document.blocks[0].place.sheet == "收入"


def test_an_encrypted_workbook_is_told_as_such(make_xls: Make, make_record: Make, make_compound: Make) -> None:
    for data in (make_xls([("表", b"")], extra=make_record(0x002F, bytes(6))), make_compound(bytes(100), "EncryptedPackage")):
        with pytest.raises(DocumentError, match="已加密") as caught:
            read_workbook(data, "a.xls")
        assert caught.value.diagnostics[0].code == "E506"


def test_damage_is_one_message(make_xls: Make, make_record: Make, make_compound: Make) -> None:
    good = make_xls([("表", label(make_record, 0, 0, "合计"))])
    for data in (good[:600], good[:512], make_compound(b"\x01" * 5000), make_compound(make_record(0x0809, b"\x00\x06\x05\x00") + make_record(0x0085, struct.pack("<IBB", 9_999_999, 0, 0) + b"\x01\x00A"))):
        with pytest.raises(DocumentError, match=r"「a\.xls」"):
            read_workbook(data, "a.xls")


def test_no_workbook_inside(make_compound: Make) -> None:
    with pytest.raises(DocumentError, match="不是 Excel 工作簿"):
        read_workbook(make_compound(bytes(5000), "WordDocument"), "a.xls")


def test_a_string_table_that_claims_too_much(make_xls: Make, make_record: Make) -> None:
    with pytest.raises(DocumentError, match="单元格过多"):
        read_workbook(make_xls([("表", b"")], shared=[make_record(0x00FC, struct.pack("<II", 1, 0xFFFFFFFF))]), "a.xls")

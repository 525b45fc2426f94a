"""Workbooks made to do harm, and ones with bytes changed: one clear message, little time, little memory."""

from __future__ import annotations

import contextlib
import random
import time
import zipfile
from collections.abc import Callable

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.excel.workbook import read_workbook

Make = Callable[..., bytes]


def refused(data: bytes, message: str, seconds: float = 5.0) -> None:
    start = time.process_time()
    with pytest.raises(DocumentError, match=message):
        read_workbook(data, "a.xlsx")
    assert time.process_time() - start < seconds


def test_a_zip_bomb(make_xlsx: Make) -> None:
    refused(make_xlsx([("表", "<sheetData/>" + " " * 50_000_000)]), "压缩炸弹")


def test_a_bomb_of_entities(make_zip: Make, make_xlsx: Make) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    refused(make_xlsx([("表", "")], more={"xl/worksheets/sheet1.xml": bomb}), "DTD")


def test_an_external_entity(make_xlsx: Make) -> None:
    attack = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst><si><t>&a;</t></si></sst>'
    refused(make_xlsx([("表", "<sheetData/>")], more={"xl/sharedStrings.xml": attack}), "DTD")


def test_many_cells(make_xlsx: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 10_000)
    refused(make_xlsx([("表", "<sheetData>" + ("<row>" + '<c t="str"><v>1</v></c>' * 100 + "</row>") * 101 + "</sheetData>")]), "单元格过多")


def test_cells_spread_too_wide(make_xlsx: Make) -> None:
    from juesuan_rules.documents.excel.sheets import column_name

    cells = "".join(f'<row r="{i}"><c r="{column_name(i)}{i}"><v>1</v></c></row>' for i in range(1, 2000))
    refused(make_xlsx([("表", f"<sheetData>{cells}</sheetData>")]), "散布过广")


def test_many_merged_ranges(make_xlsx: Make) -> None:
    merges = "".join(f'<mergeCell ref="A{i}:XFD{i + 1}"/>' for i in range(1, 200_002))
    refused(make_xlsx([("表", f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>{merges}</mergeCells>')]), "合并单元格过多", 10)


def test_merged_ranges_over_everything_are_quick(make_xlsx: Make, make_rows: Make) -> None:
    merges = "".join(f'<mergeCell ref="A{i}:XFD1048576"/>' for i in range(1, 301))
    start = time.process_time()
    read_workbook(make_xlsx([("表", make_rows([[1, 2, 3]] * 300) + f"<mergeCells>{merges}</mergeCells>")]), "a.xlsx")
    assert time.process_time() - start < 25


def test_merged_ranges_beside_many_rows_are_refused(make_xlsx: Make, make_rows: Make) -> None:
    merges = '<mergeCell ref="B1:C1048576"/>' * 10_000
    refused(make_xlsx([("表", make_rows([[1]] * 10_000) + f"<mergeCells>{merges}</mergeCells>")]), "合并单元格过多")


def test_many_hidden_columns_are_quick(make_xlsx: Make, make_rows: Make) -> None:
    columns = '<col min="2" max="16384" hidden="1"/>' * 20_000
    start = time.process_time()
    read_workbook(make_xlsx([("表", f"<cols>{columns}</cols>" + make_rows([[1]] * 5000))]), "a.xlsx")
    assert time.process_time() - start < 25


def test_many_titles_are_quick(make_xlsx: Make, make_rows: Make) -> None:
    start = time.process_time()
    read_workbook(make_xlsx([("表", make_rows([["项目", "说明"], *[["某某情况表", None], ["甲", "乙"]] * 5000]))]), "a.xlsx")
    assert time.process_time() - start < 25


def test_a_missing_sheet_and_no_sheets(make_xlsx: Make, make_zip: Make) -> None:
    refused(make_zip({"xl/workbook.xml": "<workbook><sheets><sheet name='表' r='x'/></sheets></workbook>"}), "缺少工作表")
    refused(make_zip({"xl/other.xml": "<a/>"}), "已损坏")
    refused(make_zip({"a.txt": "x"}), "已损坏")
    refused(b"PK\x03\x04 and no more", "已损坏")
    refused(make_zip({"xl/workbook.xml": "<workbook>"}), "已损坏")


def test_a_reference_to_outside_is_not_followed(make_zip: Make) -> None:
    relations = '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="http://example.com/s.xml" TargetMode="External"/></Relationships>'
    data = make_zip({"xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="表" r:id="rId1"/></sheets></workbook>', "xl/_rels/workbook.xml.rels": relations})
    refused(data, "缺少工作表")


def test_a_part_behind_a_password(make_xlsx: Make, make_rows: Make) -> None:
    data = bytearray(make_xlsx([("表", make_rows([["合计", 1]]))]))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    refused(bytes(data), "已加密")


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_changed_bytes_never_do_more_than_one_message(kind: str, make_xlsx: Make, make_rows: Make, make_xls: Make, make_record: Make, make_ods: Make) -> None:
    table = '<table:table table:name="一"><table:table-row><table:table-cell office:value-type="float" office:value="5"><text:p>5.00</text:p></table:table-cell></table:table-row></table:table>'
    label = make_record(0x0204, b"\x00\x00\x00\x00\x00\x00\x02\x00\x01" + "合计".encode("utf-16-le"))
    good = {
        "xlsx": lambda: make_xlsx([("表", make_rows([["合计", ("5", 1)]] * 5))], formats=["#,##0.00"], strings=["甲"]),
        "xls": lambda: make_xls([("表", label)], formats=["0.00"], shared=[make_record(0x00FC, b"\x01\0\0\0\x01\0\0\0\x02\0\x01" + "甲乙".encode("utf-16-le"))]),
        "ods": lambda: make_ods(table),
    }[kind]()
    chance = random.Random(7)
    for _ in range(400):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        with contextlib.suppress(DocumentError):
            read_workbook(bytes(data), "a")


def test_changed_parts_never_do_more_than_one_message(make_xlsx: Make, make_rows: Make, make_zip: Make) -> None:
    import io

    with zipfile.ZipFile(io.BytesIO(make_xlsx([("表", make_rows([["合计", ("5", 1)]] * 3))], formats=["#,##0.00"], strings=["甲"]))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    chance = random.Random(8)
    for _ in range(300):
        name = chance.choice(sorted(parts))
        content = bytearray(parts[name])
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(32, 127)
        with contextlib.suppress(DocumentError):
            read_workbook(make_zip({**parts, name: bytes(content)}), "a")

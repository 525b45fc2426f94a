"""The summary as a workbook: texts stay texts, counts are numbers, and it opens."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from tests.outputs.made import HOSTILE, hostile_result, material, result
from tests.outputs.matrix.made import many, usual

from juesuan_rules.diagnostics import ExitCode, UsageError
from juesuan_rules.outputs.matrix.workbook import render_matrix_workbook, write_matrix_workbook
from juesuan_rules.results import Failure

SHEETS = ["矩阵", "排名", "根因", "规则", "明细", "未能核对", "溯源"]


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def rows(sheet: Any, start: int = 3) -> list[dict[str, Any]]:
    head = [cell.value for cell in sheet[start - 1]]
    return [dict(zip(head, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=start)]


def test_every_sheet_and_what_it_says() -> None:
    book = opened(render_matrix_workbook(usual()))
    assert book.sheetnames == SHEETS
    matrix = [[cell.value for cell in row] for row in book["矩阵"].iter_rows(min_row=5)]
    assert matrix[0][:6] == ["甲局", 2023, 2, 1, 1, 1] and matrix[0][6:11] == ["不2", "疑", "不", "未", "符"]
    assert matrix[1][6:11] == ["免", "误", "符", "未", "符"] and matrix[3][6] == "这份文件不是部门决算公开报告"
    assert [cell.value for cell in book["矩阵"][4]][6:11] == ["A01-2", "A01-10", "B-1", "D-1", "C-1"]
    assert [(row["名次"], row["单位"], row["错误"]) for row in rows(book["排名"])] == [(1, "甲局", 2), (2, "乙局", 0), (3, "丙局", 0), (4, "丁局", 0)]
    assert any(row["情形"] == "缺表" and row["报告"] == 2 for row in rows(book["根因"]))
    assert [row["规则"] for row in rows(book["规则"])] == ["A01-2", "A01-10", "B-1", "C-1", "D-1"]
    details = rows(book["明细"])
    assert [(row["单位"], row["结果"]) for row in details[:3]] == [("甲局", "不符"), ("甲局", "不符"), ("甲局", "存疑")] and len(details) == 8
    assert all(re.fullmatch("[0-9a-f]{16}", row["指纹"]) for row in details) and {row["意见"] for row in details} == {None}
    assert "批准" in next(row["豁免"] for row in details if row["结果"] == "已豁免")
    assert [row["情形"] for row in rows(book["未能核对"])] == ["读不出", "没有核对", "重复"]
    assert {"程序", "规则包", "结果摘要"} <= {row["项"] for row in rows(book["溯源"])}


def test_heads_stay_and_lists_can_be_filtered() -> None:
    book = opened(render_matrix_workbook(usual()))
    for name in SHEETS:
        assert book[name].freeze_panes is not None and book[name].auto_filter.ref, name
    assert book["矩阵"].freeze_panes == "B5" and book["矩阵"].column_dimensions["K"].hidden
    validation = book["明细"].data_validations.dataValidation[0]
    assert validation.formula1 == '"属实,误报,已整改,待核"'


def test_a_cell_leads_to_its_findings() -> None:
    book = opened(render_matrix_workbook(usual()))
    assert [cell.hyperlink.location for row in book["矩阵"].iter_rows() for cell in row if cell.hyperlink] == ["'明细'!A3", "'明细'!A5", "'明细'!A6"]
    assert book["明细"]["D5"].value == "A01-10"


def test_texts_of_documents_are_never_formulas_or_addresses(tmp_path: Path) -> None:
    made = material(*[hostile_result(text) for text in HOSTILE], *[result((), name=text, path=text) for text in HOSTILE], failures=[Failure(text or "x", text, ExitCode.UNREADABLE) for text in HOSTILE])
    made = replace(made, families={"A": HOSTILE[0]}, run=replace(made.run, repeated=tuple((text, text) for text in HOSTILE)))
    data = render_matrix_workbook(made)
    book = opened(data)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None or cell.hyperlink.location.startswith("'明细'!")
                assert not isinstance(cell.value, str) or (len(cell.value) <= 32_767 and not re.search("[\x00-\x1f\u202a-\u202e\ufffe\uffff]", cell.value))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any("externalLink" in name or "vba" in name.lower() for name in archive.namelist())
        assert all(b"http://evil" not in archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
    assert "=HYPERLINK" in str(book["排名"]["B3"].value) or any("=HYPERLINK" in str(row["单位"]) for row in rows(book["排名"]))


def test_a_run_with_nothing_in_it_and_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    assert opened(render_matrix_workbook(material())).sheetnames == SHEETS
    with pytest.raises(UsageError, match="写不到"):
        write_matrix_workbook(usual(), tmp_path / "没有" / "a.xlsx")


def test_libreoffice_opens_it(needs: Callable[[str], str], tmp_path: Path) -> None:
    office = needs("soffice")
    write_matrix_workbook(many(60, 240), tmp_path / "汇总.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run([office, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1", "--outdir", str(tmp_path), str(tmp_path / "汇总.xlsx")], check=True, capture_output=True, timeout=180)
    (made,) = tmp_path.glob("*.csv")
    assert "第0059号" in made.read_text("utf-8")

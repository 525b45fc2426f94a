"""The workbook as one XML file of Excel 2003."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.excel.workbook import read_workbook
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.open import open_document

HEAD = '<?xml version="1.0" encoding="{}"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
STYLES = '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Standard"/></Style><Style ss:ID="s2"><NumberFormat ss:Format="0.0%"/></Style></Styles>'


def book(content: str, codec: str = "utf-8") -> bytes:
    return (HEAD.format(codec) + STYLES + content + "</Workbook>").encode(codec)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_cells_spans_and_hidden_things(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "决算.xls"
    path.write_bytes(
        book(
            '<Worksheet ss:Name="收入"><Table><Column ss:Index="4" ss:Hidden="1"/>'
            '<Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">项目</Data></Cell><Cell><ss:Data ss:Type="String">决算<b>数</b></ss:Data></Cell><Cell><Data ss:Type="String">藏</Data></Cell></Row>'
            '<Row><Cell ss:Index="3"><Data ss:Type="String">金额</Data></Cell></Row>'
            '<Row ss:Index="5"><Cell><Data ss:Type="String">合计</Data><Comment><Data>批注</Data></Comment></Cell><Cell ss:StyleID="s2"><Data ss:Type="Number">0.125</Data></Cell><Cell ss:StyleID="s1"><Data ss:Type="Number">1204.565</Data></Cell></Row>'
            '<Row ss:Hidden="1"><Cell><Data ss:Type="Number">9</Data></Cell></Row>'
            '<Row><Cell ss:Formula="=R1C1"/><Cell ss:Formula="=1"><Data ss:Type="Error">#REF!</Data></Cell></Row></Table></Worksheet>'
            '<Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>',
            codec,
        )
    )
    document = open_document(path)
    (grid,) = (block for block in document.blocks if isinstance(block, GridBlock))
    assert [[cell.text for cell in row] for row in grid.rows] == [["项目", "", "决算数"], ["", "", "金额"], ["合计", "12.5%", "1,204.57"], ["公式未计算", "#REF!", ""]]
    assert (grid.rows[0][0].colspan, grid.rows[0][0].rowspan, grid.rows[2][2].stored, grid.rows[2][2].place.cell) == (2, 2, "1204.565", "C5")
    assert document.notes == ("有 1 个隐藏的工作表没有读取：「藏」", "工作表「收入」有 1 个隐藏行没有读取：第 6 行", "工作表「收入」有 1 个隐藏列没有读取：D 列")
    assert len(document.unread) == 1


@pytest.mark.parametrize(("data", "message"), [(book("<Worksheet>"), "已损坏"), (book("").replace(b"<Workbook", b"<!DOCTYPE a [<!ENTITY b 'c'>]><Workbook"), "DTD"), (book(""), "没有可读的内容")])
def test_bad_files(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_workbook(data, "a.xls")

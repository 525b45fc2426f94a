"""The XML workbook: values as displayed, hidden things told, formulas by their stored results."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.excel.workbook import read_workbook
from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, TextBlock

Make = Callable[..., bytes]


def grids(document: Document) -> list[GridBlock]:
    return [block for block in document.blocks if isinstance(block, GridBlock)]


def texts(grid: GridBlock) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def test_a_number_is_shown_by_its_format_and_its_stored_value_kept(make_xlsx: Make, make_rows: Make) -> None:
    sheet = make_rows([["项目", "金额", "比率"], ["合计", ("1204.565", 1), ("0.125", 2)], ["办公费", ("1204", 1), ("0", 3)]])
    document = read_workbook(make_xlsx([("表", sheet)], formats=["#,##0.00", "0.0%", '0.00;-0.00;"-"']), "a.xlsx")
    grid = grids(document)[0]
    assert texts(grid) == [["项目", "金额", "比率"], ["合计", "1,204.57", "12.5%"], ["办公费", "1,204.00", "-"]]
    assert grid.rows[1][1] == GridCell("1,204.57", Place(sheet="表", cell="B2"), stored="1204.565")
    assert [cell.stored for cell in grid.rows[2]] == ["", "", "0"] and grid.rows[1][2].stored == ""
    assert document.source.format == "xlsx" and not document.notes and not document.unread


def test_shared_strings_join_their_runs_without_phonetic_guides(make_xlsx: Make) -> None:
    strings = ["<r><t>收入</t></r><r><t>决算表</t></r><rPh><t>shouru</t></rPh>", "甲_x000D_\n乙", "a&b"]
    cells = "".join(f'<c r="{column}1" t="s"><v>{index}</v></c>' for column, index in (("A", 0), ("B", 1), ("C", 2), ("D", 9)))
    document = read_workbook(make_xlsx([("表", f'<sheetData><row r="1">{cells}</row></sheetData>')], strings=strings), "a.xlsx")
    assert texts(grids(document)[0]) == [["收入决算表", "甲\r\n乙", "a&b", "#字符串缺失"]]


def test_cells_without_references_follow_each_other(make_xlsx: Make) -> None:
    rows = "".join(f"<row>{''.join(f'<c><v>{value}</v></c>' for value in row)}</row>" for row in ((1, 2), (3, 4)))
    assert texts(grids(read_workbook(make_xlsx([("表", f"<sheetData>{rows}</sheetData>")]), "a"))[0]) == [["1", "2"], ["3", "4"]]


def test_truth_errors_and_dates_as_text(make_xlsx: Make) -> None:
    cells = '<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1" t="d"><v>2023-12-31</v></c><c r="D1" t="str"><f>A1</f><v>合计</v></c>'
    assert texts(grids(read_workbook(make_xlsx([("表", f'<sheetData><row r="1">{cells}</row></sheetData>')]), "a"))[0]) == [["TRUE", "#REF!", "2023-12-31", "合计"]]


def test_a_formula_without_a_result_is_no_amount_and_is_told(make_xlsx: Make) -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>SUM(A1)</f></c><c r="C1"><f>A1</f><v>1</v></c></row></sheetData>'
    document = read_workbook(make_xlsx([("表", sheet)]), "a.xlsx")
    assert texts(grids(document)[0]) == [["1", "公式未计算", "1"]]
    assert len(document.unread) == 1 and "「表」有 1 个公式没有保存计算结果（B1）" in document.unread[0]


def test_hidden_sheets_are_told_and_not_used(make_xlsx: Make, make_rows: Make) -> None:
    sheet = make_rows([["项目", "金额"], ["合计", 1]])
    document = read_workbook(make_xlsx([("一", sheet), ("二", sheet), ("三", sheet)], states={"二": "hidden", "三": "veryHidden"}), "a.xlsx")
    assert len(grids(document)) == 1
    assert document.notes == ("有 2 个隐藏的工作表没有读取：「二」、「三」",)


def test_a_workbook_with_nothing_to_see_is_refused(make_xlsx: Make, make_rows: Make) -> None:
    for data in (make_xlsx([("一", make_rows([["合计"]]))], states={"一": "hidden"}), make_xlsx([("一", "<sheetData/>")])):
        with pytest.raises(DocumentError, match="没有可读的内容"):
            read_workbook(data, "a.xlsx")


def test_hidden_rows_and_columns_are_left_out_and_told(make_xlsx: Make) -> None:
    cells = "".join(
        f'<row r="{r}"{" hidden=" + chr(34) + "1" + chr(34) if r == 2 else ""}>' + "".join(f'<c r="{c}{r}"><v>{r}{i}</v></c>' for i, c in enumerate("ABC", 1)) + "</row>" for r in (1, 2, 3)
    )
    sheet = f'<cols><col min="2" max="2" hidden="1"/><col min="9" max="16384" hidden="1"/></cols><sheetData>{cells}</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'
    document = read_workbook(make_xlsx([("表", sheet)]), "a.xlsx")
    grid = grids(document)[0]
    assert texts(grid) == [["11", ""], ["31", "33"]]
    assert (grid.rows[0][0].colspan, grid.rows[0][0].rowspan) == (2, 1)
    assert grid.rows[1][1].place.cell == "C3"
    assert document.notes == ("工作表「表」有 1 个隐藏行没有读取：第 2 行", "工作表「表」有 1 个隐藏列没有读取：B 列")


def test_a_merged_range_whose_first_column_is_hidden_shows_its_text_in_the_next(make_xlsx: Make) -> None:
    sheet = '<cols><col min="1" max="1" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>收入</t></is></c></row><row r="2"><c r="B2"><v>1</v></c><c r="C2"><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    grid = grids(read_workbook(make_xlsx([("表", sheet)]), "a"))[0]
    assert texts(grid) == [["收入", ""], ["1", "2"]] and grid.rows[0][0].colspan == 2


def test_merged_cells_keep_their_text_at_the_top_left_only(make_xlsx: Make, make_rows: Make) -> None:
    sheet = make_rows([["项目", "藏", "金额"], ["藏", "藏", "决算数"], ["合计", None, 5]]) + '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    grid = grids(read_workbook(make_xlsx([("表", sheet)]), "a"))[0]
    assert texts(grid) == [["项目", "", "金额"], ["", "", "决算数"], ["合计", "", "5"]]
    assert (grid.rows[0][0].colspan, grid.rows[0][0].rowspan) == (2, 2)


def test_macros_and_charts_are_told(make_xlsx: Make, make_rows: Make) -> None:
    data = make_xlsx([("表", make_rows([["合计", 1]]))], more={"xl/vbaProject.bin": b"x"})
    assert read_workbook(data, "a.xlsm").notes == ("文件含有宏，没有运行",)


def test_a_sheet_of_pictures_is_unread(make_xlsx: Make, make_rows: Make) -> None:
    document = read_workbook(make_xlsx([("表", make_rows([["合计", 1]])), ("扫描", '<sheetData/><drawing r:id="rId1"/>')]), "a")
    assert document.unread == ("工作表「扫描」只有图片，没有可读的单元格",)


def test_dates_count_from_1904_where_the_workbook_says_so(make_xlsx: Make, make_rows: Make) -> None:
    data = make_xlsx([("表", make_rows([["日期", ("43829", 1)]]))], formats=["yyyy-mm-dd"], properties='<workbookPr date1904="1"/>')
    assert isinstance(block := read_workbook(data, "a").blocks[0], GridBlock) and block.rows[0][1].text == "2023-12-31"


def test_a_cell_far_away_costs_nothing(make_xlsx: Make) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'
    grid = grids(read_workbook(make_xlsx([("表", f"<sheetData>{cells}</sheetData>")]), "a"))[0]
    assert texts(grid) == [["1", "2", ""], ["", "", "3"]]


def test_lines_around_a_table_are_text(make_xlsx: Make, make_rows: Make) -> None:
    sheet = make_rows([["收入决算表", None], ["部门：某局", "单位：万元"], ["项目", "金额"], ["合计", 5], ["注：本表反映收入。", None]])
    document = read_workbook(make_xlsx([("表", sheet)]), "a")
    assert [block.text if isinstance(block, TextBlock) else texts(block) for block in document.blocks] == ["收入决算表", "部门：某局", "单位：万元", [["项目", "金额"], ["合计", "5"]], "注：本表反映收入。"]
    assert document.blocks[2].place == Place(sheet="表", cell="B2")

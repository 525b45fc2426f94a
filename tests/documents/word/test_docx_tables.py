"""Tables of .docx files: merged cells, uneven grids, layout tables, nested tables."""

from __future__ import annotations

from pathlib import Path

from tests.documents.word.docx_files import cell, grids, make_docx, para, read, row, run, spans, table, texts

from juesuan_rules.documents.model import GridBlock


def test_merged_cells_keep_their_text_top_left(tmp_path: Path) -> None:
    body = table(
        row(cell("收入", '<w:gridSpan w:val="2"/>'), cell("合计", '<w:vMerge w:val="restart"/>')),
        row("项目", "金额", cell("看不见", "<w:vMerge/>")),
        row(cell("块", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'), "1"),
        row(cell("", '<w:gridSpan w:val="2"/><w:vMerge w:val="continue"/>'), "2"),
        widths=(2000, 2000, 2000),
    )
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["收入", "", "合计"], ["项目", "金额", ""], ["块", "", "1"], ["", "", "2"]]]
    assert spans(document) == {"收入": (2, 1), "合计": (1, 2), "块": (2, 2)}


def test_places_name_paragraph_table_row_and_column(tmp_path: Path) -> None:
    document = read(tmp_path, make_docx(para("甲") + table(row("a", "b"), row("c", "d")) + para("乙") + table(row("e", "f"))))
    first, second = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert (first.rows[1][1].place.cell, first.rows[1][1].place.paragraph) == ("表1 R2C2", 5)
    assert (second.rows[0][0].place.cell, second.rows[0][0].place.paragraph) == ("表2 R1C1", 7)
    assert [block.place.paragraph for block in document.blocks] == [1, 2, 6, 7]


def test_cells_left_out_before_and_after_a_row_are_empty(tmp_path: Path) -> None:
    body = table(
        row("a", "b", "c"),
        row("x", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
        widths=(2000, 2000, 2000),
    )
    assert grids(read(tmp_path, make_docx(body))) == [[["a", "b", "c"], ["", "x", ""]]]


def test_a_downward_merge_without_a_beginning_keeps_its_text(tmp_path: Path) -> None:
    body = table(row("a", "b"), row(cell("c", "<w:vMerge/>"), "d"), row(cell("", "<w:vMerge/>"), "e"))
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["a", "b"], ["c", "d"], ["", "e"]]] and spans(document) == {"c": (1, 2)}


def test_old_sideways_merges(tmp_path: Path) -> None:
    body = table(row(cell("a", '<w:hMerge w:val="restart"/>'), cell("b", "<w:hMerge/>"), "c"), row("1", "2", "3"))
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["a", "", "c"], ["1", "2", "3"]]] and spans(document) == {"a": (2, 1)}


def test_a_boundary_dragged_in_one_row_makes_no_column(tmp_path: Path) -> None:
    """Word writes a narrow grid column where one row's boundary stands a little to the right."""
    body = table(
        row(cell("项目", '<w:gridSpan w:val="2"/>'), "金额"),
        row("合计", cell("1.00", '<w:gridSpan w:val="2"/>')),
        widths=(3000, 60, 2000),
    )
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["项目", "金额"], ["合计", "1.00"]]] and spans(document) == {}


def test_a_narrow_column_with_a_cell_of_its_own_stays(tmp_path: Path) -> None:
    body = table(row("a", "", "c"), row(cell("d", '<w:gridSpan w:val="2"/>'), "f"), widths=(3000, 60, 2000))
    assert grids(read(tmp_path, make_docx(body))) == [[["a", "", "c"], ["d", "", "f"]]]


def test_grid_columns_that_no_cell_begins_at_are_none(tmp_path: Path) -> None:
    wide = '<w:gridSpan w:val="3"/>'
    body = table(row(cell("a", wide), cell("b", wide)), row(cell("c", wide), cell("d", wide)), widths=(900,) * 6)
    assert grids(read(tmp_path, make_docx(body))) == [[["a", "b"], ["c", "d"]]]


def test_widths_tell_columns_where_spans_are_missing(tmp_path: Path) -> None:
    """Programs that write no gridSpan still write how wide a merged cell is."""

    def wide(text: str, width: int) -> str:
        return cell(text, f'<w:tcW w:w="{width}" w:type="dxa"/>')

    body = table(row(wide("收入", 4000), wide("支出", 2010)), row(wide("项目", 2000), wide("金额", 2000), wide("金额", 2000)))
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["收入", "", "支出"], ["项目", "金额", "金额"]]] and spans(document) == {"收入": (2, 1)}


def test_rows_of_unequal_length_without_widths_are_filled_up(tmp_path: Path) -> None:
    assert grids(read(tmp_path, make_docx(table(row("a", "b", "c"), row("d"))))) == [[["a", "b", "c"], ["d", "", ""]]]


def test_rows_and_cells_inside_content_controls(tmp_path: Path) -> None:
    inner = f"<w:sdt><w:sdtPr/><w:sdtContent>{cell('b')}</w:sdtContent></w:sdt>"
    second = f"<w:sdt><w:sdtContent>{row('c', 'd')}</w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtContent><w:tbl><w:tr>{cell('a')}{inner}</w:tr>{second}</w:tbl></w:sdtContent></w:sdt>"
    assert grids(read(tmp_path, make_docx(body))) == [[["a", "b"], ["c", "d"]]]


def test_a_layout_table_is_taken_apart(tmp_path: Path) -> None:
    """Title, number and unit stand in a frame around the table proper, as published reports have it."""
    inner = table(row("项目", "金额"), row("合计", "1.00"))
    body = table(row(cell(para("收入支出决算总表") + para("公开01表"))), row(cell(inner + para("注：本表反映收支。"))))
    document = read(tmp_path, make_docx(body))
    assert texts(document) == ["收入支出决算总表", "公开01表", "注：本表反映收支。"]
    assert grids(document) == [[["项目", "金额"], ["合计", "1.00"]]]


def test_a_frame_around_text_is_text(tmp_path: Path) -> None:
    assert texts(read(tmp_path, make_docx(table(row("说明文字"))))) == ["说明文字"]


def test_a_small_table_in_a_cell_of_a_large_one_follows_it(tmp_path: Path) -> None:
    inner = table(row("嵌a", "嵌b"))
    body = table(row("a", "b", "c"), row("d", cell(para("e") + inner + para("")), "f"))
    assert grids(read(tmp_path, make_docx(body))) == [[["a", "b", "c"], ["d", "e", "f"]], [["嵌a", "嵌b"]]]


def test_numbers_split_over_runs_are_one(tmp_path: Path) -> None:
    amount = cell(para(run("1,2") + "<w:proofErr w:type='gramStart'/>" + run("34.") + run("56")))
    assert grids(read(tmp_path, make_docx(table(row("合计", amount))))) == [[["合计", "1,234.56"]]]


def test_paragraphs_of_a_cell_stay_lines_of_it(tmp_path: Path) -> None:
    body = table(row(cell(para("一般公共预算") + para("") + para("财政拨款")), cell(para(run("上") + "<w:r><w:br/></w:r>" + run("下")))))
    assert grids(read(tmp_path, make_docx(body))) == [[["一般公共预算\n财政拨款", "上\n下"]]]


def test_deleted_rows_and_hidden_rows_are_not_printed(tmp_path: Path) -> None:
    body = table(
        row("a", "b"),
        row("旧", "1", properties='<w:del w:id="1"/>'),
        row("藏", "2", properties="<w:hidden/>"),
        row("c", "d", properties='<w:ins w:id="2"/>'),
    )
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["a", "b"], ["c", "d"]]]
    assert any("修订" in note for note in document.notes) and any("隐藏" in note for note in document.notes)


def test_a_text_box_in_a_table_comes_after_it(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{para('章')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    body = table(row("a", cell(para(run("b") + box)))) + para("后")
    document = read(tmp_path, make_docx(body))
    assert grids(document) == [[["a", "b"]]] and texts(document) == ["章", "后"]

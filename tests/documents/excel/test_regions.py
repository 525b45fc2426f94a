"""Several tables on one sheet, and what is a line of text and what a row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from juesuan_rules.documents.excel.layout import view_of
from juesuan_rules.documents.excel.regions import blocks_of
from juesuan_rules.documents.excel.sheets import Shown, Worksheet
from juesuan_rules.documents.model import TextBlock

Rows = list[list[str]]


def shape(rows: Rows, name: str = "Sheet1", merges: tuple[tuple[int, int, int, int], ...] = ()) -> list[str | Rows]:
    """Lines as text, grids as rows; an empty inner list is an empty row of the sheet."""
    sheet = Worksheet(name, merges=list(merges))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text:
                sheet.put(r, c, Shown(text))
    return [block.text if isinstance(block, TextBlock) else [[cell.text for cell in row] for row in block.rows] for block in blocks_of(view_of(sheet, [], "a"))]


TABLE = [["项目", "金额"], ["合计", "5.00"]]


def test_a_title_below_a_table_begins_the_next_one() -> None:
    assert shape([["收入决算表"], *TABLE, ["支出决算表"], *TABLE]) == ["收入决算表", TABLE, "支出决算表", TABLE]


def test_a_title_may_share_its_row_with_the_number_of_the_table() -> None:
    head = ["支出决算表", "公开03表"]
    assert shape([["收入决算表", "公开02表"], *TABLE, head, *TABLE]) == ["收入决算表", "公开02表", TABLE, *head, TABLE]


def test_words_that_look_like_titles_are_a_header_inside_a_table() -> None:
    rows = [["项目", "金额"], ["预算情况", "决算情况"], ["1.00", "5.00"]]
    assert shape(rows) == [rows]


def test_an_empty_row_inside_a_table_does_not_end_it() -> None:
    assert shape([*TABLE, [], ["办公费", "1.00"]]) == [[*TABLE, ["办公费", "1.00"]]]


def test_a_header_after_an_empty_row_begins_a_new_table() -> None:
    assert shape([*TABLE, [], ["科目", "决算数"], ["住房", "1.00"]]) == [TABLE, [["科目", "决算数"], ["住房", "1.00"]]]


def test_a_row_with_a_label_alone_stays_in_the_table() -> None:
    assert shape([*TABLE, ["其中：项目情况表", ""], ["办公费", "1.00"]]) == [[*TABLE, ["其中：项目情况表", ""], ["办公费", "1.00"]]]


def test_a_long_remark_ends_the_table_only_where_nothing_follows() -> None:
    remark = "受疫情影响，部分项目未能按期实施，经批准后结转至下一年度继续使用，特此说明。"
    assert shape([*TABLE, [remark]]) == [TABLE, remark]
    assert shape([*TABLE, [remark, ""], ["办公费", "1.00"]]) == [[*TABLE, [remark, ""], ["办公费", "1.00"]]]


def test_a_line_merged_over_the_sheet_is_no_row() -> None:
    rows = [["某某局", "", ""], ["项目", "行次", "金额"], ["合计", "1", "5.00"]]
    assert shape(rows, merges=((0, 0, 0, 2),)) == ["某某局", rows[1:]]


@pytest.mark.parametrize(("name", "title"), [("收入决算表", "收入决算表"), ("Z02 收入决算表", "收入决算表"), ("02收入决算表(公开02表)", "收入决算表(公开02表)")])
def test_the_name_of_the_sheet_is_the_title_where_there_is_no_other(name: str, title: str) -> None:
    assert shape([["公开02表"], *TABLE], name) == [title, "公开02表", TABLE]
    assert shape([["支出决算表"], *TABLE], name) == ["支出决算表", TABLE]


def test_a_sheet_name_that_is_no_title_is_not_printed() -> None:
    assert shape(TABLE) == [TABLE] and shape(TABLE, "公开02表") == [TABLE]


def test_lines_in_one_cell_are_lines(make_xlsx: Callable[..., bytes]) -> None:
    assert shape([["2023年度\n收入决算表"], *TABLE]) == ["2023年度", "收入决算表", TABLE]


def test_empty_margins_left_of_a_table_are_not_columns() -> None:
    assert shape([["", "", "项目", "金额"], ["", "", "合计", "5.00"]]) == [TABLE]

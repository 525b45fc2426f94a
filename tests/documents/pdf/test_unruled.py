"""Tables without rules: what is read from pages set by hand."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.pdf.typeset import PAGE_HEIGHT, Sheet, advance, set_rows, texts

from juesuan_rules.documents.pdf.unruled import UnruledTable, find_unruled

TOTALS = [60.0, 200.0, 240.0, 340.0, 520.0, 560.0, 780.0]
TOTALS_ROWS = [
    ["一、财政拨款收入", "1", "1,204.50", "一、一般公共服务支出", "32", "1,180.00"],
    ["二、上级补助收入", "2", "", "二、外交支出", "33", ""],
    ["", "3", "", "三、国防支出", "34", "20.50"],
    ["", "4", "", "四、社会保障和/就业支出", "35", "4.00"],
    ["本年收入合计", "27", "1,204.50", "本年支出合计", "58", "1,204.50"],
]
HALF = ["项目", "行次", "金额"]


def totals_header(sheet: Sheet, top: float = 100.0) -> float:
    sheet.text(421, 40, "收入支出决算总表", 14, "c")
    sheet.text(60, 70, "部门：某局")
    sheet.text(780, 70, "金额单位：万元", align="r")
    sheet.cell(TOTALS[0], TOTALS[3], top, "收入", "c")
    sheet.cell(TOTALS[3], TOTALS[6], top, "支出", "c")
    for column, name in enumerate(HALF * 2):
        sheet.cell(TOTALS[column], TOTALS[column + 1], top + 18, name, "c")
    for column, name in ((0, "栏次"), (2, "1"), (3, "栏次"), (5, "2")):
        sheet.cell(TOTALS[column], TOTALS[column + 1], top + 36, name, "c")
    return top + 54


def totals_sheet(number: int = 1) -> Sheet:
    sheet = Sheet(number)
    bottom = set_rows(sheet, TOTALS, TOTALS_ROWS, totals_header(sheet))
    sheet.text(60, bottom + 4, "注：本表反映部门本年度的总收支情况。")
    sheet.text(421, 575, f"— {number} —", align="c")
    return sheet


TOTALS_GRID = [["收入", "", "", "支出", "", ""], HALF * 2, ["栏次", "", "1", "栏次", "", "2"]] + [
    [cell.replace("/", "") for cell in row] for row in TOTALS_ROWS
]


def only(tables: list[UnruledTable]) -> UnruledTable:
    assert len(tables) == 1
    return tables[0]


def test_two_sided_table_with_its_header_blanks_and_wrapped_name() -> None:
    table = only(find_unruled(totals_sheet().page()))
    assert texts(table.rows) == TOTALS_GRID
    assert (table.header_rows, table.continues, table.sure) == (3, False, True)
    assert [cell.colspan for cell in table.rows[0]] == [3, 1, 1, 3, 1, 1]


def test_cells_know_their_place_and_title_notes_and_page_number_stay_outside() -> None:
    table = only(find_unruled(totals_sheet(7).page()))
    cell = table.rows[3][2]
    assert cell.text == "1,204.50"
    assert cell.place.page == 7
    assert cell.place.box == pytest.approx((337 - advance("1,204.50", 9), 149.5, 337, 158.5), abs=0.06)
    assert 90 < table.box[1] < 100
    assert table.box[3] < 154 + 5 * 18


@pytest.mark.parametrize("align", ["r", "c", "l"])
def test_amounts_are_put_by_how_they_are_aligned_and_not_by_the_nearest_header(align: str) -> None:
    sheet = Sheet()
    borders = [40.0, 100.0, 250.0, 500.0, 600.0, 640.0, 800.0]
    names = ["科目编码", "科目名称", "合计", "基本支出", "其他", "项目支出"]
    rows = [
        ["201", "一般公共服务支出", "8.00", "", "", "8.00"],
        ["20101", "人大事务", "12,345.00", "345.00", "", "12,000.00"],
        ["208", "社会保障支出", "", "1.00", "", ""],
    ]
    for column, name in enumerate(names):
        sheet.cell(borders[column], borders[column + 1], 100, name, "c")
    set_rows(sheet, borders, rows, 118, amounts=align)
    table = only(find_unruled(sheet.page()))
    assert texts(table.rows) == [names, *rows]
    assert table.sure


def test_merged_headers_of_three_levels_and_cells_that_span_them() -> None:
    sheet = Sheet()
    borders = [40.0 + 60 * at for at in range(13)]
    half = {0: "合计", 1: "因公出国/（境）费", 5: "公务接待费"}
    for start, name in ((0, "预算数"), (6, "决算数")):
        sheet.cell(borders[start], borders[start + 6], 100, name, "c")
        sheet.cell(borders[start + 2], borders[start + 5], 118, "公务用车购置及运行维护费", "c")
        for column, text in half.items():
            sheet.cell(borders[start + column], borders[start + column + 1], 130, text, "c")
        for column, text in ((2, "小计"), (3, "购置费"), (4, "运行维护费")):
            sheet.cell(borders[start + column], borders[start + column + 1], 142, text, "c")
    for column in range(12):
        sheet.cell(borders[column], borders[column + 1], 160, str(column + 1), "c")
    values = ["5.00", "", "5.00", "", "5.00", "", "4.10", "", "4.10", "", "4.10", ""]
    set_rows(sheet, borders, [values], 178)
    table = only(find_unruled(sheet.page()))
    assert texts(table.rows) == [
        ["预算数", *[""] * 5, "决算数", *[""] * 5],
        ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"] * 2,
        ["", "", "小计", "购置费", "运行维护费", ""] * 2,
        [str(number) for number in range(1, 13)],
        values,
    ]
    assert (table.rows[1][0].rowspan, table.rows[1][2].colspan) == (2, 3)


PANELS = [40.0, 90.0, 200.0, 270.0, 320.0, 430.0, 500.0, 550.0, 690.0, 800.0]
PANEL_ROWS = [
    ["301", "工资福利支出", "9,876,543.21", "302", "商品和服务支出", "52.30", "307", "债务利息及费用支出", ""],
    ["30101", "基本工资", "", "30201", "办公费", "", "30701", "国内债务付息", "1.00"],
    ["30108", "机关事业单位基本/养老保险缴费", "3.00", "30202", "印刷费", "52.30", "", "", ""],
]


def test_three_panels_with_totals_in_the_middle_of_several_columns() -> None:
    sheet = Sheet()
    for first, last, name in ((0, 3, "人员经费"), (3, 9, "公用经费")):
        sheet.cell(PANELS[first], PANELS[last], 100, name, "c")
    for column, name in enumerate(["科目编码", "科目名称", "决算数"] * 3):
        sheet.cell(PANELS[column], PANELS[column + 1], 118, name, "c")
    bottom = set_rows(sheet, PANELS, PANEL_ROWS, 136)
    sheet.cell(PANELS[0], PANELS[2], bottom, "人员经费合计", "c")
    sheet.cell(PANELS[2], PANELS[3], bottom, "9,876,546.21", "r")
    sheet.cell(PANELS[3], PANELS[8], bottom, "公用经费合计", "c")
    sheet.cell(PANELS[8], PANELS[9], bottom, "53.30", "r")
    table = only(find_unruled(sheet.page()))
    assert texts(table.rows[2:-1]) == [[cell.replace("/", "") for cell in row] for row in PANEL_ROWS]
    assert texts(table.rows[-1:]) == [["人员经费合计", "", "9,876,546.21", "公用经费合计", "", "", "", "", "53.30"]]
    assert [table.rows[-1][column].colspan for column in (0, 3)] == [2, 5]


def test_columns_without_a_header_of_their_own_under_one_header_cell() -> None:
    sheet = Sheet()
    borders = [40.0, 80.0, 110.0, 140.0, 400.0, 600.0]
    sheet.cell(borders[0], borders[3], 100, "科目编码", "c")
    for column, name in ((3, "科目名称"), (4, "决算数")):
        sheet.cell(borders[column], borders[column + 1], 100, name, "c")
    rows = [
        ["201", "", "", "一般公共服务支出", "9.00"],
        ["201", "06", "", "财政事务", "9.00"],
        ["201", "06", "01", "行政运行", "4.00"],
        ["201", "06", "02", "一般行政管理事务", "5.00"],
    ]
    set_rows(sheet, borders, rows, 118)
    table = only(find_unruled(sheet.page()))
    assert texts(table.rows) == [["科目编码", "", "", "科目名称", "决算数"], *rows]


def test_figures_set_at_another_height_than_names_stay_in_their_row() -> None:
    sheet = Sheet()
    borders = [40.0, 100.0, 300.0, 450.0, 600.0]
    for column, name in enumerate(["科目编码", "科目名称", "合计", "基本支出"]):
        sheet.cell(borders[column], borders[column + 1], 100, name, "c")
    rows = [["201", "一般公共服务支出", "9.00", "1.00"], ["20106", "财政事务", "9.00", ""], ["208", "社会保障支出", "", "3.00"]]
    for at, row in enumerate(rows):
        set_rows(sheet, borders, [["", *row[1:3], ""]], 124 + 24 * at)
        set_rows(sheet, borders, [[row[0], "", "", row[3]]], 119 + 24 * at)
    assert texts(only(find_unruled(sheet.page())).rows[1:]) == rows


def test_a_table_runs_on_without_its_header() -> None:
    first = only(find_unruled(totals_sheet().page()))
    sheet = Sheet(2)
    rows = [["", "30", "", "", "61", ""], ["总计", "31", "1,204.50", "总计", "62", "1,204.50"]]
    set_rows(sheet, TOTALS, rows, 60)
    sheet.text(421, 575, "— 2 —", align="c")
    table = only(find_unruled(sheet.page(), (), first))
    assert texts(table.rows) == rows
    assert table.continues
    assert find_unruled(sheet.page()) == []


def test_a_repeated_header_is_left_out_and_another_table_begins_anew() -> None:
    first = only(find_unruled(totals_sheet().page()))
    again = Sheet(2)
    again.chars = [char for char in totals_sheet(2).chars if char[4] > 80]
    table = only(find_unruled(again.page(), (), first))
    assert (table.continues, table.header_rows) == (True, 0)
    assert texts(table.rows) == TOTALS_GRID[3:]
    assert not only(find_unruled(totals_sheet(2).page(), (), first)).continues


def test_running_headers_are_known_from_the_page_before() -> None:
    one, two = totals_sheet(1), Sheet(2)
    set_rows(two, TOTALS, [["总计", "31", "9.00", "总计", "62", "9.00"]], 60)
    for sheet in (one, two):
        sheet.text(421, 20, "某局2023年度部门决算", align="c")
    table = only(find_unruled(two.page(), (), only(find_unruled(one.page()))))
    assert texts(table.rows) == [["总计", "31", "9.00", "总计", "62", "9.00"]]


def test_running_text_and_contents_are_no_tables() -> None:
    sheet = Sheet()
    for at in range(20):
        sheet.text(60, 80 + 16 * at, "本年收入1,204.50万元，比上年增加12.30万元，主要是项目支出增加；其中财政拨款收入1,204.50万元。", 10)
    assert find_unruled(sheet.page()) == []
    contents = Sheet()
    for at, name in enumerate(["第一部分 部门概况", "第二部分 部门决算表", "第三部分 情况说明", "第四部分 名词解释"]):
        contents.text(60, 80 + 20 * at, name + "." * 60, 10)
        contents.text(780, 80 + 20 * at, str(at + 3), 10, "r")
    assert find_unruled(contents.page()) == []


def test_text_above_and_below_is_not_drawn_into_the_table() -> None:
    sheet = totals_sheet()
    for at in range(6):
        sheet.text(60, 300 + 16 * at, "本部门2023年度收入总计1,204.50万元，与上年相比增加3.00万元，增长0.25%，主要原因是人员增加。", 10)
    assert texts(only(find_unruled(sheet.page())).rows) == TOTALS_GRID


def test_taken_places_are_left_alone() -> None:
    assert find_unruled(totals_sheet().page(), [(0, 0, 842, PAGE_HEIGHT)]) == []


def test_a_figure_between_two_columns_is_marked_and_not_slipped_into_one() -> None:
    sheet = Sheet()
    borders = [40.0, 100.0, 300.0, 400.0, 500.0]
    for column, name in enumerate(["科目编码", "科目名称", "基本支出", "项目支出"]):
        sheet.cell(borders[column], borders[column + 1], 100, name, "c")
    rows = [["201", "一般公共服务支出", "9.00", "1.00"], ["20106", "财政事务", "9.00", "7.00"], ["208", "社会保障支出", "2.00", "3.00"]]
    bottom = set_rows(sheet, borders, rows, 118)
    sheet.text(40, bottom, "209")
    sheet.text(110, bottom, "另一项支出")
    sheet.text(432, bottom, "123,456.00", align="r")
    table = only(find_unruled(sheet.page()))
    assert not table.sure
    assert [cell.confidence for cell in table.rows[-1] if cell.text == "123,456.00"] == [0.5]
    assert all(cell.confidence == 1 for row in table.rows[:-1] for cell in row)


def test_what_is_printed_is_returned_errors_included() -> None:
    sheet = Sheet()
    rows = [["2O1", "一般公共服务攴出", "1,2O4.00", "-3.5"], ["20106", "财政事务", "12,34.00", "—"], ["208", "社会保障支出", "1204", "3.00"]]
    borders = [40.0, 100.0, 300.0, 400.0, 500.0]
    for column, name in enumerate(["科目编码", "科目名称", "基本支出", "项目支出"]):
        sheet.cell(borders[column], borders[column + 1], 100, name, "c")
    for at, row in enumerate(rows):
        for column, (text, align) in enumerate(zip(row, "llrr", strict=True)):
            sheet.cell(borders[column], borders[column + 1], 118 + 18 * at, text, align)
    assert texts(only(find_unruled(sheet.page())).rows[1:]) == rows


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(6, 11), st.floats(1.5, 6), st.floats(1.7, 3), st.booleans())
def test_any_widths_sizes_and_distances(seed: int, size: float, pad: float, step: float, counted: bool) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 5)
    names = ["科目编码", "科目名称", *["合计", "基本支出", "项目支出", "经营支出", "上缴上级支出"][:count]]
    rows = []
    for at in range(chance.randint(3, 12)):
        amounts = [f"{chance.randint(0, 10 ** chance.randint(1, 7)) / 100:,.2f}" if chance.random() < 0.6 else "" for _ in range(count)]
        rows.append([f"2{at:02d}", chance.choice(["行政运行", "住房公积金", "社会保障和就业支出", "一般公共服务支出"]), *amounts])
    needs = [max(advance(row[column], size) for row in [names, *rows]) + 2 * pad for column in range(len(names))]
    spare = max(0.0, 780 - sum(needs))
    shares = [chance.random() for _ in needs]
    borders = [30.0]
    for need, share in zip(needs, shares, strict=True):
        borders.append(borders[-1] + need + spare * share / sum(shares))
    sheet = Sheet()
    for column, name in enumerate(names):
        sheet.cell(borders[column], borders[column + 1], 100, name, "c", size, pad)
    top = 100 + step * size
    if counted:
        sheet.cell(borders[0], borders[2], top, "栏次", "c", size, pad)
        for column in range(count):
            sheet.cell(borders[column + 2], borders[column + 3], top, str(column + 1), "c", size, pad)
        top += step * size
    set_rows(sheet, borders, rows, top, step * size, "r", size, pad)
    found = find_unruled(sheet.page())
    figures = sum(cell != "" for row in rows for cell in row[2:])
    if counted or figures >= 3:
        grid = texts(only(found).rows)
        assert grid[1 + counted :] == rows
        assert grid[0] == names


WORDS = [
    "项目",
    "科目编码",
    "栏次",
    "合计",
    "1",
    "2",
    "31",
    "201",
    "1,204.50",
    "-",
    "一、其他",
    "收",
    "入",
    "注：",
    "。",
    "（1）",
    "单位：万元",
    "决算数",
    "x",
    "…",
]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 80))
def test_scattered_words_break_nothing(seed: int, count: int) -> None:
    chance = random.Random(seed)
    sheet = Sheet()
    for _ in range(count):
        sheet.text(
            chance.choice([40, 100, 300, chance.uniform(-20, 900)]),
            chance.choice([100, 118, 136, chance.uniform(-9, 600)]),
            chance.choice(WORDS),
            chance.choice([0.5, 7, 9, 40]),
            chance.choice("lrc"),
        )
    before = None
    for _ in range(2):
        for table in find_unruled(sheet.page(), (), before):
            assert len({len(row) for row in table.rows}) <= 1
            before = table


def test_a_row_cut_by_the_page_end_is_told_from_a_wrapped_first_row() -> None:
    borders = [40.0, 100.0, 160.0, 300.0]
    one, cut, wrapped = Sheet(1), Sheet(2), Sheet(2)
    for column, name in enumerate(["科目编码", "科目名称", "决算数"]):
        one.cell(borders[column], borders[column + 1], 100, name, "c")
    set_rows(one, borders, [["201", "一般公共", "9.00"], ["20101", "机关事业单", "3.00"]], 118)
    first = only(find_unruled(one.page()))
    cut.cell(borders[1], borders[2], 40, "位养老支出", "l")
    set_rows(cut, borders, [["208", "社会保障", "4.00"]], 58)
    table = only(find_unruled(cut.page(), (), first))
    assert (table.cut, texts(table.rows)) == (True, [["", "位养老支出", ""], ["208", "社会保障", "4.00"]])
    set_rows(wrapped, borders, [["208", "社会保障和/就业支出", "4.00"], ["210", "卫生健康", "2.00"]], 58, 26)
    table = only(find_unruled(wrapped.page(), (), first))
    assert (table.cut, texts(table.rows)) == (False, [["208", "社会保障和就业支出", "4.00"], ["210", "卫生健康", "2.00"]])

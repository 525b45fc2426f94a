"""Whole small files read: what comes out as tables, as text, and as notes."""

from __future__ import annotations

import time

import pytest
from tests.documents.pdf.small_pdf import A4, Page, pdf_of, width_of

from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.documents.pdf import plumber
from juesuan_rules.documents.pdf.reader import read_pdf

ROWS = [
    ["项目", "<", "本年支出合计", "基本支出", "项目支出"],
    ["科目编码", "科目名称", "^", "^", "^"],
    ["201", "一般公共服务支出", "1,204.50", "1,000.00", "204.50"],
    ["20103", "政府办公厅事务", "1,204.50", "1,000.00", "204.50"],
    ["合计", "<", "1,204.50", "1,000.00", "204.50"],
]
READ = [["" if text in "<^" else text for text in row] for row in ROWS]
WIDTHS = [60.0, 140.0, 90.0, 90.0, 90.0]


def read(*pages: Page) -> Document:
    return read_pdf(pdf_of(*pages), "报告.pdf")


def grids(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in block.rows] for block in document.blocks if isinstance(block, GridBlock)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, TextBlock)]


@pytest.mark.parametrize("bars", [False, True], ids=["lines", "thin rectangles"])
def test_a_ruled_table_is_read_into_its_cells_with_its_merged_ones(bars: bool) -> None:
    document = read(Page().text(200, 60, "支出决算表", 16).table(50, 100, WIDTHS, ROWS, bars=bars))
    assert texts(document) == ["支出决算表"]
    assert grids(document) == [READ]
    (grid,) = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert (grid.rows[0][0].colspan, grid.rows[0][0].rowspan) == (2, 1)
    assert (grid.rows[0][2].colspan, grid.rows[0][2].rowspan) == (1, 2)
    assert document.source.format == "pdf" and document.notes == () and document.unread == ()


def test_every_cell_has_its_page_and_box_from_the_top_left() -> None:
    document = read(Page().text(50, 60, "封面"), Page().table(50, 100, WIDTHS, ROWS))
    (grid,) = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert grid.rows[2][1].place.page == 2
    assert grid.rows[2][1].place.box == pytest.approx((110, 140, 250, 160), abs=0.5)


def test_a_page_shown_turned_has_its_boxes_as_shown() -> None:
    landscape = (842.0, 595.0)
    for turn in (90, 270):
        page = Page(landscape, turn).table(50, 100, WIDTHS, ROWS)
        page.raw("")
        turned = Page(A4, turn)
        spin = "0 1 -1 0 595 0 cm" if turn == 90 else "0 -1 1 0 0 842 cm"
        turned.raw(spin).raw(page.content().decode())
        document = read(turned)
        assert grids(document) == [READ]
        (grid,) = [block for block in document.blocks if isinstance(block, GridBlock)]
        assert grid.rows[2][1].place.box == pytest.approx((110, 140, 250, 160), abs=0.5)


def test_a_page_drawn_sideways_is_turned_upright_and_its_boxes_are_where_they_show() -> None:
    document = read(Page((842.0, 595.0), sideways=True).text(300, 60, "支出决算表", 16).table(50, 100, WIDTHS, ROWS))
    assert grids(document) == [READ]
    assert texts(document) == ["支出决算表"]
    (grid,) = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert grid.rows[2][1].place.box == pytest.approx((140, 842 - 250, 160, 842 - 110), abs=0.5)


def test_outer_rules_may_be_missing() -> None:
    page = Page()
    for n in range(len(ROWS) + 1):
        page.line(50, 100 + 20 * n, 520, 100 + 20 * n)
    for x in (110, 250, 340, 430):
        page.line(x, 120 if x == 110 else 100, x, 200 if x != 110 else 180)
    page.text(53, 114, "项目").text(53, 134, "科目编码").text(113, 134, "科目名称")
    for x, name in ((253, "本年支出合计"), (343, "基本支出"), (433, "项目支出")):
        page.text(x, 114, name)
    for r, row in enumerate(ROWS[2:], 2):
        for c, text in enumerate(row):
            if text != "<":
                page.text(53 + sum(WIDTHS[:c]), 114 + 20 * r, text)
    assert grids(read(page)) == [READ]


@pytest.mark.parametrize("style", ["0.5 w [3 2] 0 d", "0.5 w [1 2] 0 d", "2 w"])
def test_dashed_and_thick_rules_are_rules(style: str) -> None:
    page = Page()
    for y in (100, 120, 140):
        page.line(50, y, 250, y, style)
    for x in (50, 150, 250):
        page.line(x, 100, x, 140, style)
    page.text(53, 114, "收入").text(153, 114, "1.00").text(53, 134, "支出").text(153, 134, "2.00")
    assert grids(read(page)) == [[["收入", "1.00"], ["支出", "2.00"]]]


def test_double_rules_are_one_and_dashes_drawn_apart_too() -> None:
    page = Page()
    for y in (100, 101.4, 120, 121.4, 140):
        for x in range(50, 250, 10):
            page.line(x, y, x + 7, y)
    for x in (50, 51.2, 150, 250):
        page.line(x, 100, x, 140)
    page.text(53, 114, "收入").text(153, 114, "1.00").text(53, 134, "支出").text(153, 134, "2.00")
    assert grids(read(page)) == [[["收入", "1.00"], ["支出", "2.00"]]]


def test_white_rules_and_single_frames_are_no_table() -> None:
    page = Page().raw("q 1 G 50 700 m 250 700 l S 50 720 m 250 720 l S 50 700 m 50 720 l S 150 700 m 150 720 l S 250 700 m 250 720 l S Q")
    page.raw("q 40 600 300 40 re S Q").text(60, 220, "本预算已经批准。")
    document = read(page)
    assert grids(document) == []
    assert texts(document) == ["本预算已经批准。"]


def test_an_underline_in_a_cell_makes_no_row() -> None:
    page = Page().table(50, 100, [100, 100], [["部门名称", "金额"], ["某局", "1.00"]], height=30)
    page.line(60, 125, 90, 125)
    assert grids(read(page)) == [[["部门名称", "金额"], ["某局", "1.00"]]]


def test_text_wrapped_in_a_cell_is_one_text_and_a_wrapped_figure_one_figure() -> None:
    page = Page().table(50, 100, [60, 40], [["", ""]], height=40)
    page.text(53, 114, "一般公共服").text(53, 128, "务支出").right(147, 114, "12,345,").right(147, 128, "678.90")
    assert grids(read(page)) == [[["一般公共服务支出", "12,345,678.90"]]]


def test_a_figure_too_wide_for_its_cell_stays_in_the_cell_it_is_aligned_in() -> None:
    page = Page().table(50, 100, [60, 30, 60], [["合计", "", ""], ["项目", "", "5.00"]])
    page.right(137, 114, "1,234,567.89")
    assert grids(read(page)) == [[["合计", "1,234,567.89", ""], ["项目", "", "5.00"]]]


def test_figures_of_neighbouring_cells_that_touch_are_two() -> None:
    page = Page().table(50, 100, [50, 50], [["", ""]])
    page.right(100, 114, "1,234.50").text(100.8, 114, "9,876.50")
    assert grids(read(page)) == [[["1,234.50", "9,876.50"]]]


def test_lines_that_overflow_a_low_cell_belong_to_it() -> None:
    page = Page().table(50, 100, [60, 60], [["", "1.00"], ["", "2.00"], ["", "3.00"]], height=14)
    page.text(88, 111, "科目").text(88, 139, "合计")
    for n, line in enumerate(("政府性", "基金预", "算拨款")):
        page.text(53, 112 + 11 * n, line)
    assert [row[0] for row in grids(read(page))[0]] == ["科目", "政府性基金预算拨款", "合计"]


def test_text_written_up_the_page_in_a_narrow_cell_is_read() -> None:
    page = Page().table(50, 100, [20, 120, 60], [["", "产出指标", "1.00"], ["", "效益指标", "2.00"]], height=60)
    page.text(64, 150, "年度", matrix="0 1 -1 0")
    assert grids(read(page))[0][0][0] == "年度"


def test_a_table_over_pages_is_one_without_its_repeated_header() -> None:
    first = Page().text(200, 60, "支出决算表", 16).table(50, 100, WIDTHS, ROWS[:3])
    second = Page().table(50, 60, WIDTHS, [*ROWS[:2], *ROWS[3:]])
    assert grids(read(first, second)) == [READ]


def test_a_table_over_pages_without_repeated_header_is_one_too() -> None:
    assert grids(read(Page().table(50, 100, WIDTHS, ROWS[:3]), Page().table(50, 60, WIDTHS, ROWS[3:]))) == [READ]


def test_titles_and_units_printed_again_above_the_next_part_are_left_out() -> None:
    first = Page().text(200, 60, "支出决算表", 16).text(450, 90, "金额单位：万元").table(50, 100, WIDTHS, ROWS[:3])
    second = Page().text(200, 60, "支出决算表", 16).text(450, 90, "金额单位：万元").table(50, 100, WIDTHS, [*ROWS[:2], *ROWS[3:]])
    document = read(first, second)
    assert grids(document) == [READ]
    assert texts(document) == ["支出决算表", "金额单位：万元"]


def test_another_table_of_the_same_columns_stays_apart() -> None:
    second = Page().text(200, 60, "收入决算表", 16).table(50, 100, WIDTHS, ROWS)
    assert grids(read(Page().table(50, 100, WIDTHS, ROWS), second)) == [READ, READ]


def test_a_row_cut_by_the_page_end_is_one_row() -> None:
    head = [["项目", "科目", "金额"]]
    first = Page().table(50, 100, [60, 56, 90], [*head, ["2010301", "行政运行支", "12.00"]])
    second = Page().table(50, 60, [60, 56, 90], [["", "出", ""], ["2010302", "机关服务", "3.00"]])
    assert grids(read(first, second)) == [[*head, ["2010301", "行政运行支出", "12.00"], ["2010302", "机关服务", "3.00"]]]


def test_a_short_row_at_the_top_of_a_page_is_a_row_of_its_own() -> None:
    first = Page().table(50, 100, [60, 120, 90], [["项目", "行次", "金额"], ["结余分配", "29", "12.00"]])
    second = Page().table(50, 60, [60, 120, 90], [["", "30", ""], ["总计", "31", "3.00"]])
    assert len(grids(read(first, second))[0]) == 4


def test_watermarks_are_left_out_and_told() -> None:
    page = Page().table(50, 100, WIDTHS, ROWS)
    page.text(80, 300, "政府信息公开", 50, grey=0.85, matrix="0.82 0.57 -0.57 0.82")
    page.text(60, 190, "仅供公开", 48, grey=0.8)
    document = read(page)
    assert grids(document) == [READ]
    assert texts(document) == []
    assert document.notes == ("第 1 页的水印或斜排文字没有读入",)


def test_invisible_text_and_text_off_the_page_are_left_out() -> None:
    page = Page().table(50, 100, WIDTHS, ROWS).text(60, 300, "隐藏的 9,999.00", mode=3).text(60, 900, "页外")
    document = read(page)
    assert grids(document) == [READ]
    assert texts(document) == []
    assert document.notes == ("第 1 页的不可见文字没有读入",)


def test_a_table_without_any_text_is_told() -> None:
    document = read(Page().text(50, 50, "说明"), Page().table(50, 100, [100, 100], [["", ""], ["", ""]]))
    assert grids(document) == [[["", ""], ["", ""]]]
    assert document.notes == ("第 2 页只有表格线，没有文字",)


def test_paragraphs_are_joined_over_lines_and_pages_without_page_numbers() -> None:
    def page(number: int, lines: list[str], first: float) -> Page:
        drawn = Page().text(240, 30, "某局部门决算", 9).text(290, 815, f"- {number} -", 9)
        for n, line in enumerate(lines):
            drawn.text(first if n == 0 else 72, 80 + 20 * n, line)
        return drawn

    full = "某局本年度收入合计一千二百零四万元与上年相比增加一百万元主要原因是本年度人员增加"
    document = read(
        page(1, [full, full, full, full, full + "，"], 92),
        page(2, [full, full, full, full, "以及项目增加。"], 72),
        page(3, ["二、支出情况说明", full, full, full, full + "。"], 92),
    )
    assert texts(document) == [full * 5 + "，" + full * 4 + "以及项目增加。", "二、支出情况说明", full * 4 + "。"]


def test_the_number_of_a_short_page_is_left_out_where_counting_slipped() -> None:
    """A page without a number was not counted, and the one after it ends high up, with its number below."""
    pages = [Page().text(72, 100, "某局部门决算说明。", 16).text(290, 815, str(number), 9) for number in (1, 2, 3, 4)]
    pages += [Page().text(72, 100, "附注。", 16), Page().text(72, 100, "名词解释。", 16).text(290, 140, "5", 9)]
    assert texts(read(*pages))[-2:] == ["附注。", "名词解释。"]
    pages[-1] = Page().text(72, 100, "名词解释。", 16).text(290, 140, "17", 9)
    assert texts(read(*pages))[-1] == "17"


def test_things_that_merely_share_a_line_are_apart_and_a_label_keeps_its_name() -> None:
    document = read(Page().text(50, 90, "部门：").text(120, 90, "某局").text(300, 90, "2023年度").text(450, 90, "单位：万元").table(50, 100, WIDTHS, ROWS))
    assert [text.replace(" ", "") for text in texts(document)] == ["部门：某局", "2023年度", "单位：万元"]


def test_a_word_set_wide_is_one() -> None:
    assert [text.replace(" ", "") for text in texts(read(Page().text(230, 60, "目", 16).text(330, 60, "录", 16).text(72, 100, "一、概况").text(300, 100, "甲")))] == ["目录", "一、概况", "甲"]


def test_figures_on_another_baseline_than_the_words_are_on_their_line() -> None:
    assert texts(read(Page().text(72, 100, "本年支出", 12).text(120, 97, "2,940.05", 12).text(168, 100, "万元。", 12))) == ["本年支出2,940.05万元。"]


def test_two_amounts_in_one_cell_are_looked_at_again_and_told() -> None:
    page = Page().table(50, 100, [200, 60], [["合计", "1.00"], ["", "2.00"]])
    page.text(60, 134, "1,204.50").text(101, 134, "1,000.00")
    document = read(page)
    assert grids(document)[0][1][0].replace(" ", "") == "1,204.501,000.00"
    assert len(document.notes) == 1 and "两个金额" in document.notes[0] and "请核对" in document.notes[0]
    (note,) = read_pdf(pdf_of(page), "x", pdf_engine="native").notes
    assert "两个金额" in note and "没有复核" in note


def _in_doubt(page: Page) -> Page:
    page.table(50, 100, [200, 60], [["合计", "1.00"], ["", "2.00"]])
    return page.text(60, 134, "1,204.50").text(101, 134, "1,000.00")


def test_a_crowded_page_in_doubt_is_not_looked_at_again_and_told() -> None:
    lines = [f"300 {60 + n * 5} m 580 {60 + n * 5} l {300 + n * 2} 60 m {300 + n * 2} 560 l" for n in range(100)]
    begun = time.process_time()
    document = read(_in_doubt(Page()).raw(" ".join(lines) + " S"))
    assert time.process_time() - begun < 5
    assert any("两个金额" in note and "内容过密" in note for note in document.notes)
    assert any("1,204.50" in cell for row in grids(document)[-1] + grids(document)[0] for cell in row)


def test_the_second_look_ends_in_time_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PDF_SECOND_LOOK", 0.0)
    assert any("第 1 页起没有复核" in note for note in read(_in_doubt(Page()), _in_doubt(Page())).notes)


def test_more_pages_in_doubt_than_are_looked_at_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plumber, "_MOST_PAGES", 1)
    assert any("第 2 页起没有复核" in note for note in read(_in_doubt(Page()), _in_doubt(Page())).notes)


def test_a_table_without_rules_read_with_doubt_is_told_and_its_figures_marked() -> None:
    rows = [["项目", "行次", "金额"], *([f"第{n}项支出", str(n), f"{n}.50"] for n in range(1, 7))]

    def page(stray: float) -> Page:
        sheet = Page().text(200, 60, "支出决算表", 14)
        for at, (name, number, amount) in enumerate(rows):
            y = 100 + 18 * at
            x = 400 - width_of(amount, 9) - (stray if at == 4 else 0)
            sheet.text(60, y, name, 9).text(250, y, number, 9).text(x, y, amount, 9)
        return sheet

    sure, unsure = read(page(0)), read(page(70))
    assert sure.notes == () and len(grids(sure)) == 1
    assert unsure.notes == ("第 1 页的表格没有竖线，有的数对不准栏目，请核对原文",)
    cells = [cell for block in unsure.blocks if isinstance(block, GridBlock) for row in block.rows for cell in row]
    assert [cell.text for cell in cells if cell.confidence < 1] == ["4 4.50"]


def test_pdfplumber_reads_the_same_table_on_request() -> None:
    data = pdf_of(Page().text(200, 60, "支出决算表", 16).table(50, 100, WIDTHS, ROWS))
    document = read_pdf(data, "报告.pdf", pdf_engine="pdfplumber")
    assert grids(document) == [READ]
    assert texts(document) == ["支出决算表"]

"""The steps of the reader one by one: rules to grids, runs to lines, lines to paragraphs, parts to tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.pdf.small_pdf import Page, pdf_of

from juesuan_rules.documents.model import GridCell
from juesuan_rules.documents.pdf.characters import Char
from juesuan_rules.documents.pdf.furniture import without_furniture
from juesuan_rules.documents.pdf.grids import find_grids, merged_rules
from juesuan_rules.documents.pdf.orientation import ASLANT, Frame, concatenate, direction, main_direction, transformed
from juesuan_rules.documents.pdf.pages import PageContent, read_pages
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table, lines_of
from juesuan_rules.documents.pdf.prose import Paragraph, margins_of
from juesuan_rules.documents.pdf.runs import Run, cell_text, rows_of, runs_of
from juesuan_rules.documents.pdf.stitching import stitched

UPRIGHT = Frame(0, 0, 595, 842)


# ------------------------------------------------------------------ orientation


@pytest.mark.parametrize(("matrix", "turns"), [((1, 0, 0, 1), 0), ((0, 1, -1, 0), 1), ((-1, 0, 0, -1), 2), ((0, -1, 1, 0), 3), ((0.8, 0.6, -0.6, 0.8), ASLANT)])
def test_the_direction_of_text(matrix: tuple[float, float, float, float], turns: int) -> None:
    assert direction((*matrix, 0, 0)) == turns


def test_most_text_decides_which_way_a_page_is_read() -> None:
    assert main_direction([1, 1, 0, ASLANT, ASLANT, ASLANT], 0) == 1
    assert main_direction([1, 0], 0) == 0
    assert main_direction([], 3) == 3


_PLACES = st.floats(0, 500, allow_nan=False, width=32)


@given(st.integers(0, 3), st.integers(0, 3), _PLACES, _PLACES, st.floats(1, 90, width=32), st.floats(1, 90, width=32))
def test_a_box_turned_upright_and_shown_is_the_box_of_the_shown_page(turns: int, shown: int, x: float, y: float, width: float, height: float) -> None:
    frame = Frame(0, 0, 600, 800, turns, shown)
    upright = frame.upright(x, y, x + width, y + height)
    w, h = frame.size
    assert 0 <= upright[0] <= upright[2] <= w and 0 <= upright[1] <= upright[3] <= h
    direct = Frame(0, 0, 600, 800, shown, shown).upright(x, y, x + width, y + height)
    assert frame.displayed(upright) == pytest.approx(direct, abs=0.11)


def test_matrices_are_applied_inner_first() -> None:
    both = concatenate((2, 0, 0, 2, 0, 0), (1, 0, 0, 1, 10, 20))
    assert transformed(both, (1, 1, 2, 3)) == (12, 22, 14, 26)


# ------------------------------------------------------------------ pages


def page_of(*pages: Page) -> list[PageContent]:
    return list(read_pages(pdf_of(*pages)))


def test_a_page_tells_its_characters_rules_and_fills() -> None:
    (page,) = page_of(Page().text(100, 200, "收入 1.5", 20).line(10, 50, 90, 50).bar(10, 60, 11, 160).bar(10, 300, 90, 340, 0.9))
    assert [char[0] for char in page.chars] == list("收入1.5")
    _, x0, y0, x1, y1, size = page.chars[0]
    assert (x0, x1, size) == pytest.approx((100, 120, 20), abs=0.6)
    assert y0 < 200 - 0.5 * size and 200 <= y1 < 200 + 0.3 * size
    assert page.across == [pytest.approx((50, 10, 90), abs=0.6)]
    assert page.down == [pytest.approx((10.5, 60, 160), abs=0.6)]
    assert page.fills == [pytest.approx((10, 300, 90, 340), abs=0.6)]
    assert (page.number, page.width, page.height, page.is_scan) == (1, 595, 842, False)


def test_white_rules_count_only_on_a_fill() -> None:
    assert page_of(Page().line(10, 50, 90, 50, "1 G 1 w"))[0].across == []
    assert len(page_of(Page().bar(0, 30, 200, 80, 0.4).line(10, 50, 90, 50, "1 G 1 w"))[0].across) == 1


def test_a_shape_of_several_pieces_gives_its_straight_ones() -> None:
    (page,) = page_of(Page().raw("100 700 m 200 700 l 100 720 m 200 720 l 100 700 m 100 720 l 150 700 m 160 711 l S"))
    assert len(page.across) == 2 and len(page.down) == 1


# ------------------------------------------------------------------ rules


def test_pieces_of_a_rule_are_joined_and_rules_apart_are_not() -> None:
    pieces = sorted([(10.0, 0.0, 20.0), (10.4, 22.0, 40.0), (10.2, 60.0, 80.0), (12.5, 0.0, 20.0)])
    assert merged_rules(pieces) == [(pytest.approx(10.2), 0, 40), (10.2, 60, 80), (12.5, 0, 20)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20)), max_size=30))
def test_joined_rules_cover_what_their_pieces_cover(pieces: list[tuple[int, int, int]]) -> None:
    rules = merged_rules(sorted((y * 4.0, float(x), float(x + length)) for y, x, length in pieces))
    for y, x, length in pieces:
        assert any(rule[0] == y * 4 and rule[1] <= x and x + length <= rule[2] for rule in rules)


def test_a_region_that_is_no_rectangle_is_cut_and_every_place_has_one_region() -> None:
    page = PageContent(1, 595, 842, [], [(0.0, 0, 100), (20.0, 50, 100), (40.0, 0, 100)], [(0.0, 0, 40), (50.0, 20, 40), (100.0, 0, 40)], UPRIGHT)
    (grid,) = find_grids(page)
    covered = [(r.row + i, r.column + j) for r in grid.regions for i in range(r.rowspan) for j in range(r.colspan)]
    assert sorted(covered) == [(0, 0), (0, 1), (1, 0), (1, 1)]


_EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=25)


@given(_EDGES, _EDGES)
def test_whatever_rules_there_are_every_place_of_a_grid_has_one_region(across: list[tuple[int, int, int]], down: list[tuple[int, int, int]]) -> None:
    def rules(edges: list[tuple[int, int, int]]) -> list[tuple[float, float, float]]:
        return sorted((20.0 * at, 20.0 * min(a, b), 20.0 * max(a, b)) for at, a, b in edges if a != b)

    for grid in find_grids(PageContent(1, 595, 842, [], rules(across), rules(down), UPRIGHT)):
        covered = [(r.row + i, r.column + j) for r in grid.regions for i in range(r.rowspan) for j in range(r.colspan)]
        assert sorted(covered) == [(i, j) for i in range(len(grid.ys) - 1) for j in range(len(grid.xs) - 1)]


# ------------------------------------------------------------------ runs and lines


def chars(text: str, x: float, y: float, size: float = 10.0, gap: float = 0.0) -> list[Char]:
    found = []
    for letter in text:
        width = size * (0.5 if letter.isascii() else 1.0)
        found.append((letter, x, y, x + width, y + size, size))
        x += width + gap
    return found


def run(text: str, x: float, y: float, size: float = 10.0) -> Run:
    return runs_of(chars(text, x, y, size))[0]


def test_a_run_ends_at_a_gap_at_another_line_and_at_another_size() -> None:
    letters = chars("收入", 0, 0) + chars("支出", 20.5, 0) + chars("合计", 50, 0) + chars("总计", 70, 9) + chars("附", 90, 9, 4)
    assert [run.text for run in runs_of(letters)] == ["收入支出", "合计", "总计", "附"]


def test_lines_of_other_baselines_and_sizes_are_one_line() -> None:
    assert [[r.text for r in row] for row in rows_of([run("万元", 60, 0), run("1,204.50", 20, -3), run("支出", 0, 0), run("合计", 0, 14)])] == [
        ["支出", "1,204.50", "万元"],
        ["合计"],
    ]


def test_the_text_of_a_cell_keeps_words_apart_and_figures_together() -> None:
    assert cell_text([run("12,345,", 0, 0), run("678.90", 0, 12)]) == "12,345,678.90"
    assert cell_text([run("total", 0, 0), run("amount", 0, 12)]) == "total amount"
    assert cell_text([run("合", 0, 0), run("计", 30, 0)]) == "合 计"


def test_a_wide_gap_parts_pieces_but_not_a_label_from_what_it_labels() -> None:
    (line,) = lines_of([run("部门：", 0, 0), run("某局", 80, 0), run("单位：万元", 300, 0)], 1)
    assert line.pieces == ["部门： 某局", "单位：万元"]


# ------------------------------------------------------------------ furniture


def line(text: str, x: float, y: float, size: float = 10.0, page: int = 1) -> Line:
    width = sum(size * (0.5 if letter.isascii() else 1.0) for letter in text)
    return Line([text], [(x, y, x + width, y + size)], size, page)


def parts(number: int, *items: Line | Table) -> PageParts:
    return PageParts(number, 595, 842, UPRIGHT, list(items))


def texts(page: PageParts) -> list[str]:
    return [item.text for item in page.items if isinstance(item, Line)]


def test_running_heads_and_page_numbers_go_and_titles_of_tables_stay() -> None:
    pages = [
        parts(n, line(f"某局{2020 + n}年度决算", 200, 20), line("支出决算表", 200, 40), line(f"正文{n}" * 3, 72, 300), line(f"第{n}页 共3页", 280, 815)) for n in (1, 2, 3)
    ]
    without_furniture(pages)
    assert [texts(page) for page in pages] == [["支出决算表", f"正文{n}" * 3] for n in (1, 2, 3)]


def test_a_number_in_the_text_is_no_page_number() -> None:
    pages = [parts(1, line("2023", 72, 400), line("12", 290, 815))]
    without_furniture(pages)
    assert texts(pages[0]) == ["2023"]


def test_a_page_number_right_after_a_short_page_goes_with_the_others() -> None:
    pages = [parts(n, line("正文", 72, 300), line(str(n - 1), 290, 815)) for n in (2, 3, 4)]
    pages.append(parts(5, line("附注", 72, 100), line("4", 290, 150)))
    without_furniture(pages)
    assert texts(pages[3]) == ["附注"]


# ------------------------------------------------------------------ paragraphs

FULL = "某局本年度收入合计一千二百零四万元与上年相比增加一百万元主要原因是本年度人员增加"


def paragraphs(*lines: Line) -> list[str]:
    page = parts(1, *lines)
    (margins,) = margins_of([page])
    found: list[Paragraph] = []
    for item in lines:
        if found and found[-1].takes(item, margins):
            found[-1].add(item, margins)
        else:
            found.append(Paragraph(item, margins, UPRIGHT))
    return [paragraph.block().text for paragraph in found]


def test_an_indented_line_begins_a_paragraph_and_a_short_one_ends_it() -> None:
    assert paragraphs(
        line(FULL, 92, 100), line(FULL + "二二", 72, 116), line("完。", 72, 132), line(FULL, 92, 148), line(FULL + "三三", 72, 164), line("终。", 72, 180)
    ) == [FULL * 2 + "二二完。", FULL * 2 + "三三终。"]


def test_a_line_broken_early_before_a_figure_goes_on() -> None:
    early = FULL[:-3] + "为"
    assert paragraphs(line(FULL, 92, 100), line(FULL + "二二", 72, 116), line(early, 72, 132), line("12,345.67万元，" + FULL[:30], 72, 148), line("完。", 72, 164))[0].count(
        early + "12,345.67万元"
    )


def test_headings_and_entries_of_a_table_of_contents_stay_apart() -> None:
    entry = "一、收入支出决算总体情况说明" + "." * 40 + "12"
    lines = [line(FULL, 92, 100 + 16 * n) for n in range(5)]
    assert paragraphs(*lines, line(entry, 72, 180), line(entry, 72, 196), line("二、支出", 92, 212), line(FULL, 92, 228))[-4:] == [entry, entry, "二、支出", FULL]


# ------------------------------------------------------------------ tables over pages


def table(rows: list[list[str]], xs: list[float], page: int = 1, **more: object) -> Table:
    cells = [tuple(GridCell(text) for text in row) for row in rows]
    return Table(cells, (xs[0], 100, xs[-1], 800), page, xs, **more)  # type: ignore[arg-type]


def rows_after(first: Table, second: Table, *between: Line) -> list[list[list[str]]]:
    pages = [parts(1, first), parts(2, *between, second)]
    stitched(pages)
    return [[[cell.text for cell in row] for row in item.rows] for page in pages for item in page.items if isinstance(item, Table)]


HEAD = ["科目编码", "科目名称", "金额"]
XS = [50.0, 110.0, 250.0, 340.0]


def test_a_part_with_fewer_rules_is_cut_as_the_other_one() -> None:
    merged = Table([(GridCell("合计", colspan=2), GridCell("9.00"))], (50, 50, 340, 70), 2, [50.0, 250.0, 340.0])
    assert rows_after(table([HEAD, ["201", "支出", "9.00"]], XS), merged) == [[HEAD, ["201", "支出", "9.00"], ["合计", "", "9.00"]]]


def test_what_was_not_surely_read_stays_so_when_parts_are_put_together() -> None:
    doubtful = GridCell("支出", confidence=0.4, standard="支出合计")
    first = Table([(GridCell("科目"), GridCell("名称"), GridCell("金额")), (GridCell("201"), GridCell("支"), GridCell("9.00"))], (50, 50, 340, 70), 1, XS, open_end={1: 0.2})
    second = Table([(doubtful, GridCell("8.00"))], (50, 50, 340, 70), 2, [50.0, 250.0, 340.0])
    cut = Table([(GridCell(""), doubtful, GridCell(""))], (50, 50, 340, 70), 2, XS)
    stitched([parts(1, first), parts(2, second)])
    assert first.rows[-1][0] == GridCell("支出", colspan=2, confidence=0.4, standard="支出合计")
    first.rows.pop()
    first.open_end = {1: 0.2}
    stitched([parts(1, first), parts(2, cut)])
    assert first.rows[-1][1] == GridCell("支支出", confidence=0.4)


def test_tables_of_other_columns_or_with_a_line_between_stay_apart() -> None:
    first = [HEAD, ["201", "支出", "9.00"]]
    assert len(rows_after(table(first, XS), table([["合计", "", "9.00"]], [50.0, 150.0, 250.0, 340.0], 2))) == 2
    assert len(rows_after(table(first, XS), table([["合计", "", "9.00"]], XS, 2), line("收入决算表", 200, 30, page=2))) == 2
    assert len(rows_after(table(first, XS), table([["合计", "", "9.00"]], XS, 2), line("续表", 200, 30, page=2))) == 1


def test_a_part_with_a_header_of_its_own_is_another_table() -> None:
    assert len(rows_after(table([HEAD, ["201", "支出", "9.00"]], XS), table([["项目", "栏次", "金额"], ["201", "支出", "9.00"]], XS, 2))) == 2


def test_a_repeated_header_may_lack_rows() -> None:
    first = table([["项目", "", "金额"], ["科目编码", "科目名称", ""], ["栏次", "", "1"], ["201", "支出", "9.00"]], XS)
    second = table([["项目", "", "金额"], ["栏次", "", "1"], ["202", "支出", "8.00"]], XS, 2)
    assert rows_after(first, second)[0][3:] == [["201", "支出", "9.00"], ["202", "支出", "8.00"]]


def test_a_figure_is_put_together_over_pages_only_where_it_makes_one() -> None:
    def over(above: str, below: str) -> int:
        return len(rows_after(table([HEAD, ["201", "支出", above]], XS, open_end={2: 0.2}), table([["", "", below]], XS, 2))[0])

    assert over("12,345,", "678.90") == 2
    assert over("12,345.00", "678.90") == 3

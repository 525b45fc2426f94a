"""Tables drawn as understood: merged cells, headers, excerpts that lose nothing silently."""

from __future__ import annotations

from msgspec.structs import replace
from tests.outputs.made import result, subject
from tests.outputs.web.drawing import grid

from juesuan_rules.documents.model import GridBlock
from juesuan_rules.outputs.web.environment import css_text, shown
from juesuan_rules.outputs.web.grids import CELL_LENGTH, Drawing, GridView, Mark
from juesuan_rules.outputs.web.pieces import grouped
from juesuan_rules.outputs.web.places import Places, Sheet


def drawing(block: GridBlock, header: int = 0) -> Drawing:
    about = subject(result([]))
    places = Places(replace(about.report, other_tables=(block,), other_titles=("表",)))
    places.sheets = (Sheet("t1", "表", block, header),)
    return Drawing(places)


def texts(view: GridView) -> list[list[tuple[str, int, int]]]:
    return [[(cell.text, cell.colspan, cell.rowspan) for cell in row.cells] for row in (*view.head, *view.body)]


def test_merged_cells_are_merged_and_hide_nothing() -> None:
    block = grid([["收入", "", "支出"], ["甲", "乙", "丙"], ["", "1", "2"]], {(0, 0): (2, 1), (1, 0): (1, 2), (1, 1): (1, 2)})
    assert texts(drawing(block, 1).whole(0, {})) == [[("收入", 2, 1), ("支出", 1, 1)], [("甲", 1, 2), ("乙", 1, 1), ("丙", 1, 1)], [("1", 1, 1), ("2", 1, 1)]]


def test_an_excerpt_keeps_header_and_neighbours_and_counts_the_rest() -> None:
    block = grid([["栏"], *[[f"行{n}"] for n in range(40)]])
    view = drawing(block, 1).excerpt(0, {(10, 0): [Mark(1, "①")], (30, 0): [Mark(2, "②")]})
    assert [row.number for row in view.body] == [9, 10, 11, 29, 30, 31] and [row.skipped for row in view.body] == [8, 0, 0, 17, 0, 0]
    assert len(view.head) == 1 and view.left == 9
    assert len(view.head) + len(view.body) + sum(row.skipped for row in view.body) + view.left == 41


def test_a_short_table_is_shown_whole() -> None:
    view = drawing(grid([["栏"], *[[f"{n}"] for n in range(9)]]), 1).excerpt(0, {(3, 0): [Mark(1, "①")]})
    assert len(view.body) == 9 and view.left == 0


def test_a_merged_cell_from_above_begins_with_the_excerpt() -> None:
    rows = [["类" if n == 0 else "", f"{n}"] for n in range(40)]
    view = drawing(grid(rows, {(0, 0): (1, 40)})).excerpt(0, {(20, 1): [Mark(1, "①")]})
    assert texts(view) == [[("类", 1, 3), ("19", 1, 1)], [("20", 1, 1)], [("21", 1, 1)]]


def test_blanks_among_many_do_not_make_an_excerpt_long() -> None:
    marks = {(n, 0): [Mark(n, "q", quiet=n != 20)] for n in range(1, 40)}
    view = drawing(grid([[f"{n}"] for n in range(60)])).excerpt(0, marks)
    assert [row.number for row in view.body] == [19, 20, 21]


def test_a_cell_of_a_hundred_thousand_characters_says_so() -> None:
    cell = drawing(grid([["长" * 100_000]])).whole(0, {}).body[0].cells[0]
    assert cell.text == "长" * CELL_LENGTH + "…（共 100,000 字）"


def test_rows_beyond_what_is_drawn_are_counted() -> None:
    view = drawing(grid([["甲"]] * 1_700)).whole(0, {})
    assert len(view.body) + view.left == 1_700 and view.left == 200
    view = drawing(grid([["甲", "乙"]] * 30)).whole(0, {}, room=21)
    assert len(view.body) == 10 and view.left == 20


def test_texts_are_harmless() -> None:
    assert shown("一\u202e二\x07") == "一\\u202e二\\x07"
    assert shown(12) == 12 and shown(None) == ""
    assert "<" not in css_text('</style>"') and '"' not in css_text('"') and css_text("某局2") == "某局\\000032"
    assert grouped("-1234567.80") == "-1,234,567.80" and grouped("约 3") == "约 3"

"""Reading text files: encodings, line numbers, and which lines are tables."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.documents.text import read_text


def read(text: str) -> Document:
    return read_text(text.encode("utf-8"), "样例.txt")


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, TextBlock)]


def grids(document: Document) -> list[GridBlock]:
    return [b for b in document.blocks if isinstance(b, GridBlock)]


def cells(grid: GridBlock) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


# ------------------------------------------------------------------ encodings

SAMPLE = "收入支出决算总表\n部门：某县水利局\n项目\t金额\n总计\t1,204.00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_every_encoding_gives_the_same_blocks_and_is_named(encoding: str) -> None:
    document = read_text(SAMPLE.encode(encoding), "样例.txt")
    assert document.blocks == read(SAMPLE).blocks
    assert document.source.encoding == ("gb18030" if encoding == "gbk" else encoding)
    assert document.notes == ()


def test_utf16_of_both_orders_needs_its_mark() -> None:
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert texts(read_text(mark + SAMPLE.encode(codec), "a"))[0] == "收入支出决算总表"
    with pytest.raises(DocumentError, match="不是可以识别的文本文件"):
        read_text(SAMPLE.encode("utf-16-le"), "a")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_become_a_mark_and_a_note(encoding: str) -> None:
    data = bytearray((SAMPLE * 5).encode(encoding))
    data[2] = 0xFF
    document = read_text(bytes(data), "样例.txt")
    assert document.source.encoding == encoding
    assert "\ufffd" in texts(document)[0] and texts(document)[1] == "部门：某县水利局"
    assert len(document.notes) == 1 and encoding in document.notes[0]


def test_a_file_cut_inside_a_character_is_read() -> None:
    document = read_text((SAMPLE * 5).encode()[:-1] + "元".encode()[:2], "样例.txt")
    assert document.source.encoding == "utf-8" and document.notes


def test_a_control_character_is_never_dropped_from_a_figure() -> None:
    document = read_text(("总计\t12\x003.4\n" + SAMPLE * 5).encode(), "a")
    assert cells(grids(document)[0])[0] == ["总计", "12\ufffd3.4"]
    assert "控制字符" in document.notes[0]


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x00\x01\x02", b"\xff" * 500, random.Random(7).randbytes(5000)])
def test_bytes_that_are_no_text_are_refused_with_the_file_name(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"「噪声\.txt」不是可以识别的文本文件") as caught:
        read_text(data, "/某处/噪声.txt")
    assert caught.value.diagnostics[0].code == "E504"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff\u3000\n".encode(), b"\xff\xfe"])
def test_nothing_to_read(data: bytes) -> None:
    with pytest.raises(DocumentError, match="没有可读的内容") as caught:
        read_text(data, "空.txt")
    assert caught.value.diagnostics[0].code == "E502"


# ------------------------------------------------------------------ limits


def test_size_lines_and_cells_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_BYTES", 5000)
    monkeypatch.setattr(limits, "LINES", 50)
    monkeypatch.setattr(limits, "LINE_CHARS", 300)
    monkeypatch.setattr(limits, "CELLS", 100)
    for text, message in (("字" * 2000, "过大"), ("甲\n" * 51, "行数过多"), ("甲\n" + "乙" * 301, "第 2 行过长"), ("甲" + "\t" * 101, "单元格过多")):
        with pytest.raises(DocumentError, match=message) as caught:
            read(text)
        assert caught.value.diagnostics[0].code == "E503"


@pytest.mark.parametrize("line", ["\t" * 60_000, "|" * 60_000, "-" * 60_000, "." * 60_000, "1、" * 30_000, "+-" * 30_000, "第一" * 30_000 + "\t1", "…" * 60_000 + "甲\n1\t2", "." * 60_000 + "甲\t1", "，" * 60_000 + "\t1", "1." * 30_000 + "\t1", "\t1\n\n" * 20_000])
def test_time_stays_linear_for_strange_lines(line: str) -> None:
    start = time.process_time()
    read("甲\n" + line + "\n乙\n" + line)
    assert time.process_time() - start < 15


# ------------------------------------------------------------------ lines


def test_line_numbers_are_those_of_an_editor() -> None:
    document = read("甲\r\n\r\n乙\r丙\n丁\u000b戊\u0085己\u2028庚\n辛")
    assert [(b.text, b.place.line) for b in document.blocks if isinstance(b, TextBlock)] == [
        ("甲", 1), ("乙", 3), ("丙", 4), ("丁", 5), ("戊", 5), ("己", 5), ("庚", 5), ("辛", 6),
    ]
    assert all(b.place.page is None for b in document.blocks)


def test_form_feeds_count_pages() -> None:
    document = read("甲\n\f乙\n丙\f丁\n")
    assert [(b.text, b.place.line, b.place.page) for b in document.blocks if isinstance(b, TextBlock)] == [("甲", 1, 1), ("乙", 2, 2), ("丙", 3, 2), ("丁", 3, 3)]


# ------------------------------------------------------------------ tables


def test_tabs_make_columns_with_their_lines_and_inner_spaces_kept() -> None:
    document = read("收入支出决算总表\n项目\t行次\t金额\n 一、财政 拨款 \t1\t 7,511.66\n\t9\t\n注：说明\n")
    (grid,) = grids(document)
    assert grid.kind == "columns"
    assert cells(grid) == [["项目", "行次", "金额"], ["一、财政 拨款", "1", "7,511.66"], ["", "9", ""]]
    assert [row[0].place.line for row in grid.rows] == [2, 3, 4] and grid.place.line == 2
    assert texts(document) == ["收入支出决算总表", "注：说明"]


def test_an_empty_line_ends_a_grid_and_so_does_prose() -> None:
    document = read("a\tb\n1\t2\n\n3\t4\n一句话\n5\t6\n")
    assert [cells(g) for g in grids(document)] == [[["a", "b"], ["1", "2"]], [["3", "4"]], [["5", "6"]]]
    assert texts(document) == ["一句话"]


CELLS = "收入决算表\n\t公开02表\n\n\t单位：某局\n\t2023年度\n\n \n\t项目\n\t本年收入合计\n\n\t合计\n\t1,081.09\n\n\t201\n\t\n\n支出决算表\n\t公开03表\n\n\t合计\n\t2.00\n"


def test_one_cell_per_line_makes_rows_between_empty_lines_in_one_grid() -> None:
    document = read(CELLS)
    first, second = grids(document)
    assert first.kind == second.kind == "cells"
    assert cells(first) == [["公开02表"], ["单位：某局", "2023年度"], ["项目", "本年收入合计"], ["合计", "1,081.09"], ["201", ""]]
    assert texts(document) == ["收入决算表", "支出决算表"]
    assert first.rows[3][1].place.line == 12


def test_a_file_may_mix_both_kinds() -> None:
    document = read(CELLS + "\n项目\t金额\n合计\t1.00\n")
    assert [g.kind for g in grids(document)] == ["cells", "cells", "columns"]


def test_prose_behind_a_tab_is_no_table() -> None:
    document = read("\t根据有关规定，本部门收入增加，主要是人员增加。\n\t其中一项。\n\t另一项说明如下：\n\t结束。\n")
    assert not grids(document) and len(texts(document)) == 4


@pytest.mark.parametrize(
    "line",
    [
        "一、收入支出决算总表.....\t9",
        "（一）\t贯彻落实方针政策",
        "1.\t某某局本级",
        "●\t公车购置",
        "与上年相比，收入增加 3.00 万元，增长 2%，\t主要原因是人员增加。",
    ],
)
def test_lines_with_a_tab_that_are_no_table(line: str) -> None:
    document = read("前文\n" + line + "\n后文\n")
    assert not grids(document) and len(document.blocks) == 3


def test_a_table_of_contents_with_tabs_only() -> None:
    document = read("目 录\n第一部分 概况\t1\n一、主要职责\t2\n二、机构设置\t2\n\n第一部分 概况\n一、车辆（辆）\t5\n二、设备（台）\t3\n三、房屋（平方米）\t9\n")
    assert texts(document)[1:4] == ["第一部分 概况\t1", "一、主要职责\t2", "二、机构设置\t2"]


def test_numbered_rows_of_a_table_stay_a_table() -> None:
    document = read("项目\t数量\n一、车辆数合计\t5\n二、单价100万元以上设备\t3\n")
    assert len(grids(document)) == 1 and len(grids(document)[0].rows) == 3


def test_markdown_and_drawn_tables_are_grids() -> None:
    document = read("题名\n| 项目 | 金额 |\n|:---|---:|\n| 合计 | 1.00 |\n| 空 | |\n\n┌──┬──┐\n│甲│2.00│\n└──┴──┘\n文 | 字\n")
    first, second = grids(document)
    assert cells(first) == [["项目", "金额"], ["合计", "1.00"], ["空", ""]]
    assert cells(second) == [["甲", "2.00"]]
    assert texts(document) == ["题名", "文 | 字"]


# ------------------------------------------------------------------ properties

ANY_LINE = st.one_of(st.text(max_size=12), st.sampled_from(["", "\t", "\t1.00", "a\tb\tc", "|a|b|", "|---|---|", "目录", "一、概况…3", "\t合计", "第一部分\t1", "+--+", "|"]))


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY_LINE, max_size=40), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_visible_character_is_lost_and_lines_rise(lines: list[str], end: str) -> None:
    text = end.join(lines)
    try:
        document = read(text)
    except DocumentError:
        return
    seen = [b.place.line or 0 for b in document.blocks]
    assert seen == sorted(seen) and all(1 <= n <= len(text.splitlines()) + 1 for n in seen)
    got = "".join(b.text if isinstance(b, TextBlock) else "".join(c.text for row in b.rows for c in row) for b in document.blocks)
    assert {c for c in got if c.isalnum()} == {c for c in text if c.isalnum()}


def read_or_refuse(data: bytes) -> None:
    """Either blocks, or one clear message with the file's name; nothing else."""
    document, message = None, ""
    try:
        document = read_text(data, "任意.txt")
    except DocumentError as error:
        message = error.message
    assert (document.blocks and document.source.size == len(data)) if document else message.startswith("「任意.txt」")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.integers(1, 30), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_a_damaged_copy_is_read_or_refused(at: int, byte: int, length: int, encoding: str) -> None:
    data = bytearray((CELLS + SAMPLE).encode(encoding))
    at %= len(data)
    data[at : at + length] = bytes([byte]) * (length % 3)
    read_or_refuse(bytes(data))

"""Word 97-2003 files: pieces of text, cells and rows, merges, revisions, fields, lists, and damage."""

from __future__ import annotations

import random
import struct
import time
from pathlib import Path

import pytest
from tests.documents.word.doc_files import IN_TABLE, ROW_END, P, define, depth, make_doc, make_ole, sprm, table_row
from tests.documents.word.docx_files import grids, read, spans, texts

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.word.doc import read_doc

TITLE = P("收入支出决算总表\r")
EDGES = (0, 2000, 4000, 6000)
GOOD = make_doc([TITLE, *table_row(["项目", "行次", "金额"], EDGES), *table_row(["合计", "1", "1,204.00"], EDGES), P("注：\r")])


@pytest.fixture(autouse=True)
def _no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_NO_OFFICE", "1")


def test_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = read(tmp_path, GOOD, "决算.doc")
    assert document.source.format == "doc" and document.notes == ()
    assert texts(document) == ["收入支出决算总表", "注："] and grids(document) == [[["项目", "行次", "金额"], ["合计", "1", "1,204.00"]]]
    grid = next(block for block in document.blocks if isinstance(block, GridBlock))
    assert (grid.rows[1][2].place.cell, grid.rows[1][2].place.paragraph) == ("表1 R2C3", 7)
    assert [block.place.paragraph for block in document.blocks] == [1, 2, 8]


def test_a_wps_file_is_the_same_container(tmp_path: Path) -> None:
    assert texts(read(tmp_path, GOOD, "决算.wps"))[0] == "收入支出决算总表"


def test_text_of_one_byte_a_character(tmp_path: Path) -> None:
    document = read(tmp_path, make_doc([P("Total \x93a\x94\r".encode("latin-1").decode("cp1252")), *table_row(["1.00", "2"], (0, 900, 1800))], narrow=True))
    assert texts(document) == ["Total “a”"] and grids(document) == [[["1.00", "2"]]]


def test_pieces_out_of_order_and_their_changes(tmp_path: Path) -> None:
    """A fast-saved file: text in pieces, one of which carries the table's formatting itself, one deleted text."""
    inside = struct.pack("<HB", 0x2416, 1)
    paragraphs = [P("前文\r"), P("删去的"), P("a\x07"), P("b\x07"), *table_row([], (0, 2000, 4000)), P("末\r")]
    data = make_doc(paragraphs, pieces=[(3, b""), (3, sprm(0x0800, 1)), (4, inside)])
    document = read(tmp_path, data)
    assert texts(document) == ["前文", "末"] and grids(document) == [[["a", "b"]]]


def test_merged_cells(tmp_path: Path) -> None:
    rows = [
        *table_row(["收入", "合计"], (0, 4000, 6000), (0, 0x60)),
        *table_row(["项目", "金额", ""], EDGES, (0, 0, 0x20)),
        *table_row(["左", "", "3"], EDGES, (1, 2, 0)),
    ]
    document = read(tmp_path, make_doc([*rows, P("末\r")]))
    assert grids(document) == [[["收入", "", "合计"], ["项目", "金额", ""], ["左", "", "3"]]]
    assert spans(document) == {"收入": (2, 1), "合计": (1, 2), "左": (2, 1)}


def test_boundaries_of_rows_that_differ_a_little_are_one(tmp_path: Path) -> None:
    rows = [*table_row(["a", "b"], (-108, 2000, 4000)), *table_row(["c", "d"], (-100, 2060, 4010))]
    assert grids(read(tmp_path, make_doc([*rows, P("\r"), P("末\r")]))) == [[["a", "b"], ["c", "d"]]]


def test_row_layouts_changed_after_they_were_defined(tmp_path: Path) -> None:
    base = define((0, 1000, 2000, 3000))
    merge = sprm(0x5624, bytes((0, 2)))  # the first two cells are one
    down = sprm(0xD62B, bytes((2, 2, 3)))  # the last one begins a downward merge
    delete = sprm(0x5622, bytes((1, 2)))
    insert = sprm(0x7621, struct.pack("<BBh", 1, 1, 700))
    widen = sprm(0x7623, struct.pack("<BBh", 0, 1, 1500))
    left = sprm(0x9601, struct.pack("<h", 500))

    def one(cells: list[str], change: bytes) -> list[P]:
        return [*[P(text + "\x07", IN_TABLE) for text in cells], P("\x07", ROW_END + base + change), P("\r")]

    paragraphs = [*one(["a", "", "c"], merge + down), *one(["d", "e"], delete), *one(["f", "g", "h", "i"], insert + widen + left)]
    document = read(tmp_path, make_doc([*paragraphs, P("末\r")]))
    assert grids(document) == [[["a", "", "c"]], [["d", "e"]], [["f", "g", "h", "i"]]] and spans(document)["a"] == (2, 1)


def test_row_layouts_too_long_for_a_page_stand_in_the_data_stream(tmp_path: Path) -> None:
    edges = tuple(range(0, 40 * 500, 500))
    layout = ROW_END + define(edges)
    rows = [*[P(f"{i}\x07", IN_TABLE) for i in range(39)], P("\x07", ROW_END + sprm(0x6646, 0, 4))]
    data = make_doc([*rows, P("末\r")], extra=struct.pack("<H", len(layout)) + layout)
    assert grids(read(tmp_path, data)) == [[[str(i) for i in range(39)]]]


def test_nested_tables(tmp_path: Path) -> None:
    inner_end = depth(2) + sprm(0x244B, 1)
    inner_row = depth(2) + sprm(0x244B, 1) + sprm(0x244C, 1) + define((0, 900, 1800))
    layout = [
        P("标题\r", depth(1)),
        P("a\r", inner_end),
        P("b\r", inner_end),
        P("\r", inner_row),
        P("后\x07", depth(1)),
        P("\x07", depth(1) + ROW_END + define((0, 5000))),
    ]
    document = read(tmp_path, make_doc([P("前\r"), *layout, P("末\r")]))
    assert texts(document) == ["前", "标题", "后", "末"] and grids(document) == [[["a", "b"]]]


def test_revisions_and_hidden_text(tmp_path: Path) -> None:
    deleted, hidden = sprm(0x0800, 1), sprm(0x083C, 1)
    paragraphs = [
        P("甲删乙藏丙\r", runs=[("删", deleted), ("藏", hidden)]),
        P("前半\r", runs=[("\r", deleted)]),
        P("后半\r"),
        *table_row(["a", "b"], (0, 2000, 4000)),
        P("旧\x07", IN_TABLE, runs=[("旧", deleted)]),
        P("1\x07", IN_TABLE, runs=[("1", deleted)]),
        P("\x07", ROW_END + define((0, 2000, 4000)), runs=[("\x07", deleted)]),
        P("末\r"),
    ]
    document = read(tmp_path, make_doc(paragraphs))
    assert texts(document) == ["甲乙丙", "前半后半", "末"] and grids(document) == [[["a", "b"]]]
    assert any("修订" in note for note in document.notes) and any("隐藏" in note for note in document.notes)


def test_fields_special_characters_and_symbols(tmp_path: Path) -> None:
    fonts = struct.pack("<HH", 2, 0) + b"".join(
        bytes((39 + len(name),)) + bytes(39) + name for name in ("宋体\0".encode("utf-16-le"), "Wingdings\0".encode("utf-16-le"))
    )
    paragraphs = [
        P("第\x13 PAGE \x1412\x15页\r"),
        P("\x13 TOC \x14一、概况\r"),
        P("二、收入\x15\r"),
        P("甲\t乙\x0b丙\x1e丁\x1f戊\x02\x05\r"),
        P("(是\r", runs=[("(", sprm(0x6A09, struct.pack("<HH", 1, 0xF0FE)))]),
        P("\U0002073d生僻\r"),
    ]
    document = read(tmp_path, make_doc(paragraphs, tables={15: fonts}))
    assert texts(document) == ["第12页", "一、概况", "二、收入", "甲\t乙", "丙-丁戊", "☑是", "\U0002073d生僻"]


def test_footnotes_come_last(tmp_path: Path) -> None:
    assert texts(read(tmp_path, make_doc([P("正文\x02\r")], [P("\x02脚注\r")]))) == ["正文", "脚注"]


def test_a_text_box_follows_its_anchor(tmp_path: Path) -> None:
    anchors = struct.pack("<ii", 1, 6) + struct.pack("<I22x", 77)
    places = struct.pack("<ii", 0, 3) + struct.pack("<14xI4x", 77)
    data = make_doc([P("甲\x08\r"), P("乙乙\r")], boxes=[P("框内\r")], tables={40: anchors, 56: places})
    assert texts(read(tmp_path, data)) == ["甲", "框内", "乙乙"]


def test_automatic_numbers(tmp_path: Path) -> None:
    text = struct.pack("<H2H", 2, 0, ord("、"))
    level = struct.pack("<iBB", 3, 39, 0) + bytes(9) + bytes((2,)) + bytes(12) + text
    lists = struct.pack("<H", 1) + struct.pack("<ii18xBB", 99, 0, 1, 0) + level
    uses = struct.pack("<I", 1) + struct.pack("<iiiBBBB", 99, 0, 0, 0, 0, 0, 0) + bytes(4)
    own = sprm(0x260A, 0) + sprm(0x460B, 1, 2)
    style = struct.pack("<HHHHH", 0, 1 | 0xFFF << 4, 2, 0, 0) + struct.pack("<H2x", 0) + struct.pack("<HH", 2 + len(own), 0) + own
    sheet = struct.pack("<HHH", 4, 2, 10) + bytes(2) * 0 + struct.pack("<H", 0) + struct.pack("<H", len(style)) + style
    paragraphs = [P("收入\r", own), P("支出\r", own), P("结余\r", style=1)]
    document = read(tmp_path, make_doc(paragraphs, tables={1: sheet, 73: lists, 74: uses}))
    assert texts(document) == ["三、收入", "四、支出", "五、结余"]


def test_a_page_pasted_as_a_picture_is_told(tmp_path: Path) -> None:
    picture = struct.pack("<IH", 100, 68).ljust(28, b"\0") + struct.pack("<4H", 8000, 11000, 1000, 1000)
    data = make_doc([P("决算\r"), P("\x01\r", runs=[("\x01", sprm(0x6A03, 0, 4))])], extra=picture)
    assert read(tmp_path, data).unread == ("第 2 段是图片，其中的文字没有读",)


# ------------------------------------------------------------------ damage


def refused(data: bytes, match: str) -> None:
    with pytest.raises(DocumentError, match=match) as caught:
        read_doc(data, "目录/决算.doc")
    assert caught.value.message.startswith("「决算.doc」") and len(caught.value.diagnostics) == 1


def test_an_encrypted_file_is_named() -> None:
    refused(make_doc([TITLE], flags=0x0300), "已加密")


def test_an_encrypted_new_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="加密"):
        read(tmp_path, make_ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "决算.docx")


def test_an_older_format_is_named() -> None:
    refused(make_doc([TITLE], version=0x65), r"Word 6\.0/95")


def test_damage_is_named() -> None:
    refused(GOOD[: len(GOOD) // 2], "损坏")
    refused(make_ole({"WordDocument": b"Word"}), "损坏")
    refused(make_doc([TITLE], name="0Table"), "损坏")
    refused(make_doc([TITLE], tables={33: b"\x02\x10\0\0\0"}), "损坏")
    refused(make_doc([P("\r")]), "没有可读的内容")


def test_pieces_that_repeat_the_text_do_not_make_it_endless() -> None:
    count = 30_000
    positions = struct.pack(f"<{count + 1}i", *[i * 2000 for i in range(count + 1)])
    plc = positions + struct.pack("<HIH", 0, 1024 * 2 | 0x40000000, 0) * count
    start = time.process_time()
    refused(make_doc([P("字" * 2000 + "\r")], tables={33: b"\x02" + struct.pack("<I", len(plc)) + plc}), "损坏")
    assert time.process_time() - start < 15


def test_too_many_paragraphs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("juesuan_rules.documents.word.stories._MOST_PARAGRAPHS", 1000)
    refused(make_doc([P("\x07" * 1001)], narrow=True), "内容过多")


def test_mutations_never_crash() -> None:
    """Short; a long run changes the numbers only."""
    rng = random.Random(5)
    for _ in range(1500):
        data = bytearray(GOOD)
        for _ in range(rng.choice((1, 2, 10))):
            at = rng.randrange(len(data))
            data[at : at + 2] = rng.choice((b"\xff\xff", b"\0\0", rng.randbytes(2)))
        try:
            document = read_doc(bytes(data), "x.doc")
        except DocumentError:
            continue
        assert all(len({len(line) for line in block.rows}) == 1 for block in document.blocks if isinstance(block, GridBlock))

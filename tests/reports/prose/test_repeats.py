"""Attachments that say once more what the report says."""

from __future__ import annotations

from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, Source, TextBlock
from juesuan_rules.reports.prose.repeats import without_repeats

LINES = ("第二部分 决算情况说明", "收入总计5.00万元，支出总计5.00万元。", "与上年相比，收入总计增加1.00万元，增长25.00%。", "本部门没有政府性基金预算财政拨款支出。")


def text(file: str | None, *lines: str) -> list[TextBlock]:
    return [TextBlock(line, Place(file=file, line=number)) for number, line in enumerate(lines, 1)]


def grid(file: str | None, *cells: str) -> GridBlock:
    place = Place(file=file, line=50)
    return GridBlock((tuple([GridCell(cell, place) for cell in cells]),), place=place)


def document(*blocks: TextBlock | GridBlock) -> Document:
    return Document(Source("a.txt", "0" * 64, "text"), tuple(blocks))


def test_one_file_is_left_as_it_is() -> None:
    twice = document(*text(None, *LINES, *LINES))
    assert without_repeats(twice, [], []) == (twice, [], [])


def test_a_file_that_repeats_another_is_left_out() -> None:
    forms = grid("正文.txt", "项目自评表", "100"), grid("附件.txt", "项目自评表", "100")
    whole = document(*text("正文.txt", *LINES), forms[0], *text("附件.txt", *LINES, "以上。"), forms[1])
    kept, grids, titles = without_repeats(whole, forms, ["甲", "乙"])
    assert [block.place.file for block in kept.blocks] == ["正文.txt"] * 5
    assert (grids, titles) == ([forms[0]], ["甲"])


def test_what_is_new_stays() -> None:
    other = ("名词解释：财政拨款收入是指从财政取得的资金。", "本单位还有一个新的项目，执行数3.00万元。", LINES[1])
    whole = document(*text("正文.txt", *LINES), *text("附件.txt", *other), grid("附件.txt", "表", "1"))
    kept, _, _ = without_repeats(whole, [], [])
    assert kept == whole

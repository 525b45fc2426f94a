"""Web pages: encodings, running text, tables on a grid, what is left out."""

from __future__ import annotations

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import Document, GridBlock, Place, TextBlock
from juesuan_rules.documents.web.pages import read_html


def read(body: str, head: str = "") -> Document:
    return read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "页.html")


def shape(document: Document) -> list[str | list[list[str]]]:
    return [block.text if isinstance(block, TextBlock) else [[cell.text for cell in row] for row in block.rows] for block in document.blocks]


@pytest.mark.parametrize(
    ("codec", "label", "encoding"),
    [("gb18030", "gb2312", "gb18030"), ("utf-8", "utf-8", "utf-8"), ("utf-8", "gb2312", "utf-8"), ("gb18030", "utf-8", "gb18030"), ("big5hkscs", "big5", "big5hkscs"), ("utf-8-sig", "gbk", "utf-8-sig"), ("utf-16", "utf-16", "utf-16")],
)
def test_the_bytes_tell_the_encoding_and_the_label_only_helps(codec: str, label: str, encoding: str) -> None:
    text = f"<html><head><meta http-equiv=Content-Type content='text/html; charset={label}'></head><body><p>收入支出決算總表，金額單位：萬元</p></body></html>"
    document = read_html(text.encode(codec), "页.html")
    assert shape(document) == ["收入支出決算總表，金額單位：萬元"] and document.source.encoding == encoding and document.source.format == "html"


def test_a_character_outside_gb2312_is_read_under_its_label() -> None:
    assert shape(read_html("<meta charset=gb2312><p>镕㛃</p>".encode("gb18030"), "a")) == ["镕㛃"]


def test_running_text_is_what_a_browser_shows() -> None:
    body = "<p>收入支出\n  决算总表</p><div>甲 乙<br>丙&nbsp;&nbsp;丁<span>1</span><b>2</b>\n3</div><pre>一\n二</pre>尾<script>x()</script><style>p{}</style><!-- 批注 --><![if !vml]>图<![endif]>"
    assert shape(read(body)) == ["收入支出决算总表", "甲 乙", "丙  丁12 3", "一", "二", "尾图"]


def test_paragraphs_are_counted() -> None:
    assert [block.place for block in read("<p>甲</p><p>&nbsp;</p><p>乙</p>").blocks] == [Place(paragraph=1), Place(paragraph=2)]


def test_spans_are_laid_on_the_grid() -> None:
    body = (
        "<table><tr><td rowspan=2 colspan=2>项目</td><td colspan=3>本年支出</td></tr><tr><td>小计</td><td>基本</td><td>项目</td></tr>"
        "<tr><td>201</td><td rowspan=0>一般</td><td>3.00</td><td>1.00</td><td>2.00</td></tr><tr><td>202</td><td>6</td><td>4</td><td>2</td></tr></table>"
    )
    grid = read(body).blocks[0]
    assert isinstance(grid, GridBlock)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目", "", "本年支出", "", ""], ["", "", "小计", "基本", "项目"], ["201", "一般", "3.00", "1.00", "2.00"], ["202", "", "6", "4", "2"],
    ]  # fmt: skip
    assert (grid.rows[0][0].colspan, grid.rows[0][0].rowspan, grid.rows[2][1].rowspan) == (2, 2, 2)
    assert grid.rows[2][2].place.cell == "表1 R3C3"


def test_foolish_spans_are_bounded() -> None:
    body = "<table><tr><td colspan=-3>甲</td><td rowspan=99999>乙</td><td colspan=x>丙</td></tr><tr><td>丁</td><td>戊</td></tr></table>"
    assert shape(read(body)) == [[["甲", "乙", "丙"], ["丁", "", "戊"]]]


def test_head_and_foot_stand_where_they_are_printed_and_the_caption_above() -> None:
    body = "<table><caption>收入决算表</caption><tfoot><tr><td>合计</td><td>3</td></tr></tfoot><tbody><tr><td>甲</td><td>1</td></tr></tbody><tbody><tr><td>乙</td><td>2</td></tr></tbody><thead><tr><th>项目</th><th>金额</th></tr></thead></table>"
    assert shape(read(body)) == ["收入决算表", [["项目", "金额"], ["甲", "1"], ["乙", "2"], ["合计", "3"]]]


def test_a_cell_of_word_is_its_text() -> None:
    cells = "<td><p class=MsoNormal><span lang=EN-US>1,</span><span>204.00</span><o:p></o:p></p></td><td><p>一般公共<br>预算</p><p>拨款</p></td><td>&nbsp;</td><td>x</td>"
    document = read(f"<table><tr>{cells}</tr><tr><td>甲<td>乙<td>丙<td>丁</table><p>尾</p>")
    assert shape(document) == [[["1,204.00", "一般公共\n预算\n拨款", "", "x"], ["甲", "乙", "丙", "丁"]], "尾"]


def test_layout_tables_dissolve_into_the_order_of_reading() -> None:
    inner = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>合计</td><td>5.00</td></tr></table>"
    body = f"<table><tr><td>首页</td><td>公开</td></tr><tr><td><table><tr><td><p>收入决算表</p>{inner}<p>注：无</p></td></tr></table></td><td>栏</td></tr></table>"
    document = read(body)
    assert shape(document) == ["首页", "公开", "收入决算表", [["项目", "金额"], ["合计", "5.00"]], "注：无", "栏"]
    assert isinstance(grid := document.blocks[3], GridBlock) and grid.rows[0][0].place.cell == "表1 R1C1"


def test_a_data_table_keeps_a_small_table_inside_one_of_its_cells() -> None:
    body = "<table><tr><td>合计</td><td>1.00</td><td>2.00</td></tr><tr><td>办公费</td><td>3.00</td><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>"
    assert shape(read(body)) == [[["合计", "1.00", "2.00"], ["办公费", "3.00", "甲\n乙"]]]


def test_a_table_of_one_column_and_one_with_an_article_are_text() -> None:
    article = "<p>" + "部门决算公开说明。" * 30 + "</p>"
    assert shape(read("<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>")) == ["甲", "乙"]
    assert all(isinstance(text, str) for text in shape(read(f"<table><tr><td>导航</td><td>{article}{article}</td></tr><tr><td>页脚</td><td>x</td></tr></table>")))


def test_a_table_that_holds_only_what_is_printed_about_another_is_text() -> None:
    body = "<table><tr><td></td><td>收入支出决算总表</td><td>公开01表</td></tr><tr><td>部门：某局</td><td>2023年度</td><td>金额单位：万元</td></tr></table>"
    assert shape(read(body)) == ["收入支出决算总表", "公开01表", "部门：某局", "2023年度", "金额单位：万元"]


def test_what_is_not_displayed_is_left_out_and_told() -> None:
    body = (
        "<style>.no{color:red;display : none} @media print{.yes{display:none}} td.gone{mso-hide:all}</style>"
        "<p style='color:red;DISPLAY:none'>甲</p><p class='a no'>乙</p><p class=yes>丙</p><p hidden>丁</p>"
        "<table><tr><td>项目</td><td class=gone>藏</td><td>金额</td></tr><tr style='display:none'><td>藏</td><td>藏</td></tr><tr><td>合计</td><td>5</td></tr><tr height=0 style='display:none'><td></td></tr></table>"
    )
    document = read(body)
    assert shape(document) == ["丙", [["项目", "金额"], ["合计", "5"]]]
    assert document.notes == ("有 5 处不显示的内容没有读取",)


def test_deleted_text_form_fields_and_choices() -> None:
    document = read("<p>甲<del>乙</del><ins>丙</ins></p><p><input value='1,204.00'><input type=hidden value=x><select><option>一<option selected>二</select></p>")
    assert shape(document) == ["甲丙", "1,204.00二"] and document.notes == ("有 1 处已删除的修订没有读取",)


def test_the_stored_value_a_spreadsheet_left_in_the_page() -> None:
    body = '<table><tr><td>合计</td><td x:num="1204.565">1,204.57</td></tr><tr><td>甲</td><td sdval="5">5.00</td></tr><tr><td>乙</td><td x:num>3</td></tr></table>'
    grid = read(body).blocks[0]
    assert isinstance(grid, GridBlock) and [row[1].stored for row in grid.rows] == ["1204.565", "", ""]


def test_a_worksheet_saved_as_a_page_is_named() -> None:
    head = "<!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>收入</x:Name></x:ExcelWorksheet></xml><![endif]-->"
    document = read("<table><tr><td>合计</td><td>5</td></tr><tr><td>甲</td><td>5</td></tr></table>", head)
    assert document.blocks[0].place == Place(sheet="收入", cell="表1 R1C1")


def test_attachments_pictures_and_frames_are_told_and_never_fetched() -> None:
    document = read("<p>公告</p><a href='http://example.invalid/f/%E5%86%B3.xlsx?x=1'>决算表</a><iframe src='http://example.invalid/a'></iframe><img src='http://example.invalid/b.png'><img width=10 src=i.gif>" + "<p>" + "说明" * 120 + "</p>")
    assert document.notes == ("网页链接的 1 个附件没有读取：「决算表」", "网页引用的 1 个框架页没有读取", "网页中的 1 幅图片没有读取")


def test_a_page_of_pictures_is_unread() -> None:
    document = read("<p>2023年度决算</p><img src=1.jpg><img src=2.jpg>")
    assert document.unread == ("网页的内容可能在 2 幅图片中，没有读取",) and not document.notes


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html><body></body></html>", "没有可读的内容"),
        (b"<html><frameset><frame src=a.htm></frameset></html>", "框架页"),
        (b"<html>", "没有可读的内容"),
        (b"<html>\x00\x01\x02\x03\x04\x05\x06\x07\x08" * 9, "不是可以识别的文本"),
        (b"<div>" * 3000 + b"x", "嵌套过深"),
        (b"<b>" * 2_000_001, "标记过多"),
        (b"<table>" + b"<tr><td colspan=1000 rowspan=60000>x<td>y" * 2000, "单元格过多"),
    ],
)
def test_pages_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_html(data, "页.html")


def test_a_page_cut_short_still_gives_what_it_has() -> None:
    assert shape(read_html("<html><body><p>甲</p><table><tr><td>项目<td>金额<tr><td>合".encode(), "a")) == ["甲", [["项目", "金额"], ["合", ""]]]


def test_an_external_entity_is_not_expanded() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname">]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>甲&a;乙</p></body></html>'
    assert "".join(str(text) for text in shape(read_html(page.encode(), "a"))).endswith("甲&a;乙")

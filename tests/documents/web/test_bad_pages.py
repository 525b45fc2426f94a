"""Pages with bytes and tags changed at random, and pages of a size to hurt: bounded, one message."""

from __future__ import annotations

import contextlib
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.web.hiding import hidden_classes
from juesuan_rules.documents.web.mht import read_mht
from juesuan_rules.documents.web.pages import read_html

_PIECES = ["<table>", "</table>", "<tr>", "</tr>", "<td rowspan=3>", "<td colspan=2>", "</td>", "<thead>", "<tfoot>", "<p>", "<pre>", "<del>", "<col>", "<caption>", "<select>", "<option>", "甲", "1,204.00", "&nbsp;", "\n", "<br>", "<td hidden>", "<form>", "</p>", "<!--", "-->"]


@given(st.lists(st.sampled_from(_PIECES), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_order_of_tags_gives_rectangular_grids(pieces: list[str]) -> None:
    with contextlib.suppress(DocumentError):
        for block in read_html("".join(["<html>", *pieces]).encode(), "a").blocks:
            if isinstance(block, GridBlock):
                assert len({len(row) for row in block.rows}) == 1


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_style_sheet_is_read(text: str) -> None:
    hidden_classes(text)


def test_changed_bytes_never_do_more_than_one_message() -> None:
    page = "<html><head><meta charset=gb2312><style>.a{display:none}</style></head><body><p>收入决算表</p><table border=1><tr><td rowspan=2>项目</td><td x:num='1'>金额</td></tr><tr><td>1</td></tr></table></body></html>".encode("gb18030")
    archive = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset="gb2312"\nContent-Location: a.htm\n\n' + page + b"\n--b--\n"
    chance = random.Random(9)
    for read, good in ((read_html, page), (read_mht, archive)):
        for _ in range(300):
            data = bytearray(good)
            for _ in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            with contextlib.suppress(DocumentError):
                read(bytes(data), "a")


def test_large_pages_take_little_time() -> None:
    pages = {
        "表": "<table>" + "<tr><td>1</td><td>2</td></tr>" * 20_000,
        "嵌套": ("<table><tr><td>" * 60 + "甲" + "</td></tr></table>" * 60) * 20,
        "跨行": "<table>" + "<tr><td rowspan=20000>1</td><td>2</td></tr>" * 300,
        "样式": "<style>" + "{" * 100_000 + "</style>甲",
        "注释": "<style>" + "/*" * 100_000 + "</style>甲",
        "空白": "<p>" + " \n" * 500_000 + "甲",
        "名称": "<x:Name>" * 50_000 + "甲",
        "实体": "&amp;" * 200_000,
    }
    for name, page in pages.items():
        start = time.process_time()
        with contextlib.suppress(DocumentError):
            read_html(("<html>" + page).encode(), "a")
        assert time.process_time() - start < 30, name


def test_one_wide_row_over_many_short_ones_is_refused() -> None:
    """Found by fuzzing: each cell covers one position, and the grid has millions."""
    page = "<table><tr>" + "<td>1.00</td>" * 2000 + "</tr>" + "<tr><td>合计</td></tr>" * 2000 + "</table>"
    with pytest.raises(DocumentError, match="表格单元格过多"):
        read_html(f"<html><body>{page}</body></html>".encode(), "宽.html")

"""Page archives: the page inside, worksheets, frames, damage."""

from __future__ import annotations

import base64
import quopri

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import GridBlock, TextBlock
from juesuan_rules.documents.web.mht import read_mht

TABLE = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>合计</td><td>{}</td></tr></table>"


def archive(parts: list[tuple[str, str, bytes]], kind: str = "multipart/related", transfer: str = "base64") -> bytes:
    """parts: (location, content type, content)."""
    out = f'MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="=_B"\r\n\r\n前言\r\n'.encode()
    for location, content_type, content in parts:
        body = base64.encodebytes(content) if transfer == "base64" else quopri.encodestring(content)
        out += f"--=_B\r\nContent-Location: {location}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n".encode() + body + b"\r\n"
    return out + b"--=_B--\r\n"


def shape(data: bytes) -> list[object]:
    document = read_mht(data, "a.mht")
    return [block.text if isinstance(block, TextBlock) else ([[cell.text for cell in row] for row in block.rows], block.place.sheet, block.place.cell) for block in document.blocks]


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
@pytest.mark.parametrize(("codec", "label"), [("gb18030", "gb2312"), ("utf-8", "utf-8")])
def test_a_page_of_word(transfer: str, codec: str, label: str) -> None:
    page = f"<html><p>收入决算表</p>{TABLE.format('5.00')}</html>".encode(codec)
    data = archive([("file:///C:/a.htm", f'text/html; charset="{label}"', page), ("file:///C:/a.files/header.htm", "text/html", "<p>页眉</p>".encode()), ("file:///C:/a.files/i.png", "image/png", b"\x89PNG")], transfer=transfer)
    assert shape(data) == ["收入决算表", ([["项目", "金额"], ["合计", "5.00"]], None, "表1 R1C1")]
    assert read_mht(data, "a.mht").source.format == "mht"


def test_a_workbook_gives_its_visible_sheets_in_order() -> None:
    def entry(name: str, link: str) -> str:
        return f'<x:ExcelWorksheet><x:Name>{name}</x:Name><x:WorksheetSource HRef="a.files/{link}"/></x:ExcelWorksheet>'

    main = f"<html><!--[if gte mso 9]><xml>{entry('二', 's2.htm')}{entry('一', 's1.htm')}{entry('藏', 's3.htm')}</xml><![endif]--><frameset><frame src='a.files/s1.htm'></frameset></html>"
    hidden = "<html><!--[if gte mso 9]><xml><x:Visible>SheetHidden</x:Visible></xml><![endif]--><body>" + TABLE.format(3) + "</body></html>"
    parts = [("file:///C:/a.htm", "text/html", main.encode())] + [(f"file:///C:/a.files/s{i}.htm", "text/html", page.encode()) for i, page in ((1, TABLE.format(1)), (2, TABLE.format(2)), (3, hidden))]
    parts.append(("file:///C:/a.files/tabstrip.htm", "text/html", "<p>标签</p>".encode()))
    data = archive(parts)
    assert shape(data) == [([["项目", "金额"], ["合计", "2"]], "二", "表1 R1C1"), ([["项目", "金额"], ["合计", "1"]], "一", "表2 R1C1")]
    assert read_mht(data, "a.mht").notes == ("有 1 个隐藏的工作表没有读取：「藏」",)


def test_frames_inside_the_archive_are_read() -> None:
    data = archive([("http://x/a.htm", "text/html", b"<frameset><frame src='b.htm'><frame src='http://y/none.htm'></frameset>"), ("http://x/b.htm", "text/html", "<p>正文</p>".encode()), ("http://x/c.htm", "text/html", "<p>无关</p>".encode())])
    assert shape(data) == ["正文"]


def test_an_archive_of_one_part() -> None:
    page = quopri.encodestring(f"<html><p>甲</p>{TABLE.format(1)}</html>".encode())
    data = b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + page
    assert isinstance(read_mht(data, "a").blocks[1], GridBlock)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive([("a.png", "image/png", b"x")]), "没有网页"),
        (archive([("a.htm", "text/html", b"")]), "没有可读的内容"),
        (b"MIME-Version: 1.0\r\n\r\n", "没有网页"),
        (archive([("a.htm", "text/html", b"<p>x</p>")] * 2100), "部分过多"),
    ],
)
def test_archives_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read_mht(data, "a.mht")


def test_archives_inside_archives_are_bounded() -> None:
    data = b"MIME-Version: 1.0\r\n"
    for i in range(1500):
        data += f'Content-Type: multipart/mixed; boundary="b{i}"\r\n\r\n--b{i}\r\n'.encode()
    with pytest.raises(DocumentError):
        read_mht(data, "a.mht")

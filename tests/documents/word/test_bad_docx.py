"""Damaged and hostile .docx files: one clear message, bounded time, nothing fetched, nothing run."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from tests.documents.word.docx_files import arrows, cell, document_xml, grids, make_docx, para, read, row, run, table, texts

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.word.docx import read_docx

GOOD = make_docx(para("收入支出决算总表") + table(row(cell("项目", '<w:gridSpan w:val="2"/>')), row("合计", "1,204.00")))


def refused(data: bytes, match: str) -> DocumentError:
    with pytest.raises(DocumentError, match=match) as caught:
        read_docx(data, "目录/决算.docx")
    error = caught.value
    assert error.message.startswith("「决算.docx」") and len(error.diagnostics) == 1 and error.diagnostics[0].code.startswith("E50")
    return error


def test_a_truncated_file_is_named_damaged(tmp_path: Path) -> None:
    for length in (40, len(GOOD) // 2, len(GOOD) - 10):
        path = tmp_path / "决算.docx"
        path.write_bytes(GOOD[:length])
        with pytest.raises(DocumentError, match=r"损坏|不完整"):
            read(tmp_path, GOOD[:length])


def test_damaged_markup_is_named(tmp_path: Path) -> None:
    refused(make_docx("<?xml version='1.0'?><w:document><w:body>"), "不是完整的 XML")
    refused(make_docx("", {"word/document.xml": b"\x00\x01"}), "不是完整的 XML")
    refused(make_docx("", {"word/document.xml": "<a/>"}), "没有正文")
    refused(make_docx("", {"_rels/.rels": arrows(officeDocument="word/none.xml"), "word/document.xml": ""}), "不是完整的 XML")


def test_an_empty_document_is_named() -> None:
    refused(make_docx(para("")), "没有可读的内容")


def test_entities_and_document_types_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">'
    for head in (bomb, outside):
        start = time.process_time()
        refused(make_docx(document_xml(para("&b;")).replace("?>", "?>" + head, 1)), "文档类型声明")
        assert time.process_time() - start < 5


def test_a_file_outside_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    xml = document_xml(para("&x;")).replace("?>", f'?><!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', 1)
    refused(make_docx(xml), "文档类型声明")
    body = para("正文") + '<w:altChunk r:id="r1"/>'
    for target in (secret.as_uri(), "../../../../../../etc/passwd"):
        document = read_docx(make_docx(body, aFChunk=target), "x")
        assert texts(document) == ["正文"] and document.unread == ("第 2 段引用的另一个文件没有读",)


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    tracemalloc.start()
    refused(make_docx("", {"word/document.xml": b" " * 50_000_000}), "压缩比异常")
    tracemalloc.reset_peak()
    refused(make_docx("", {"word/document.xml": b"<w:p>" * 20_000_000}), "内容过大|压缩比异常")
    tracemalloc.stop()


def test_a_lie_about_the_size_is_found() -> None:
    data = bytearray(make_docx("", {"word/document.xml": b"<w:p/>" * 1000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    refused(bytes(data), "损坏|不完整")


def test_too_many_marks_are_refused_before_they_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("juesuan_rules.documents.word.markup._MARKS", 1000)
    refused(make_docx("<w:p/>" * 2000 + "<w:p"), "标记超过")


def test_deep_nesting_is_refused() -> None:
    for depth in (300, 20_000):
        start = time.process_time()
        refused(make_docx("<w:sdt>" * depth + "</w:sdt>" * depth), "嵌套过深")
        assert time.process_time() - start < 10


def test_nested_tables_as_deep_as_allowed_are_read() -> None:
    body = "内"
    for _ in range(60):
        body = table(row(cell(body if body.startswith("<") else para(body))))
    assert texts(read_docx(make_docx(body), "x")) == ["内"]


def test_a_huge_table_is_refused_in_time() -> None:
    wide = table(*[row(cell("1", '<w:gridSpan w:val="999999999"/>')) for _ in range(200)])
    assert len(grids(read_docx(make_docx(wide), "x"))[0]) == 200
    rows = "".join(row(*["1"] * 2, properties=f'<w:gridBefore w:val="{i % 9000}"/>') for i in range(9000))
    start = time.process_time()
    refused(make_docx(f"<w:tbl>{rows}</w:tbl>"), "单元格过多")
    assert time.process_time() - start < 25


def test_a_paragraph_of_very_many_runs_is_read_in_time() -> None:
    many = para(run("一") * 60_000)
    start = time.process_time()
    document = read_docx(make_docx(many + table(row(cell(many), "b"))), "x")
    assert time.process_time() - start < 25 and len(texts(document)[0]) == 60_000


def test_many_marks_deep_down_are_read_in_time() -> None:
    inner = "<w:x><w:br/></w:x>" * 60_000
    start = time.process_time()
    document = read_docx(make_docx(para("<w:y>" * 200 + inner + "</w:y>" * 200) + para("末")), "x")
    assert time.process_time() - start < 25 and texts(document) == ["末"]


def test_a_protected_part_is_named_encrypted() -> None:
    data = bytearray(GOOD)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        local = int.from_bytes(data[at + 42 : at + 46], "little")
        data[local + 6] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    refused(bytes(data), "加密")


def test_mutations_never_crash() -> None:
    """Short; a long run changes the numbers only."""
    rng = random.Random(11)
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    for _ in range(600):
        data = bytearray(stored.getvalue())
        for _ in range(rng.choice((1, 2, 8))):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(4)] = rng.randbytes(rng.randrange(4))
        try:
            document = read_docx(bytes(data), "x.docx")
        except DocumentError:
            continue
        assert all(len({len(line) for line in block.rows}) == 1 for block in document.blocks if isinstance(block, GridBlock))

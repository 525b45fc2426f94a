"""The way in: formats told by content, and every way a path can be wrong."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from juesuan_rules.diagnostics import DocumentError, ExitCode, UsageError
from juesuan_rules.documents import limits
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.open import FORMATS, TEXT, open_document, read_bytes, recognise


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KEYS = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", b"\x00\x01\n%PDF-1.4\n1 0 obj"),
    "docx": (archive("[Content_Types].xml", "word/document.xml"), archive("customXml/item1.xml", "word/document2.xml")),
    "xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"),),
    "zip": (archive("报告.txt"), archive("word.txt", "xl.txt")),
    "doc": (OLE + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(500),),
    "xls": (OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(500),),
    "html": ("\ufeff\n<!DOCTYPE html><html>决算</html>".encode(), b"<?xml version='1.0'?><html xmlns='x'/>", b"<TABLE border=1>", b"<!-- saved --><HTML>"),
    "mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related", b"From: <Saved by Microsoft Internet Explorer>"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff\xe0", b"II*\x00", b"BM\x00\x00\x00"),
    "rtf": (b"{\\rtf1\\ansi",),
    "wordxml": (
        b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>",
        b'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
    ),
    "text": (b"PK list", "部门决算".encode("gbk"), b"<b>"),
}

SAMPLES = {
    "OFD": archive("OFD.xml"),
    "PowerPoint": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "Office 97-2003": OLE + bytes(500),
    "XML": b'<?xml version="1.0"?><a/>',
    "图片": b"GIF89a" + bytes(50),
    "压缩包": b"Rar!\x1a\x07\x00",
    "可执行程序": b"MZ\x90\x00\x03" + bytes(80),
}


@pytest.mark.parametrize("key", KEYS)
def test_the_format_is_told_by_content(key: str) -> None:
    assert [recognise(data).key for data in KEYS[key]] == [key] * len(KEYS[key])


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_format_without_reader_is_named_whatever_its_suffix(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "决算.txt"
    path.write_bytes(SAMPLES[kind])
    with pytest.raises(DocumentError, match="本版本尚不能读取") as caught:
        open_document(path)
    assert kind in caught.value.message and "「决算.txt」" in caught.value.message
    assert caught.value.diagnostics[0].code == "E505" and caught.value.diagnostics[0].hint


def test_a_file_with_a_password_is_told_as_such() -> None:
    with pytest.raises(DocumentError, match=r"「决算\.xlsx」已加密，需要密码才能打开") as caught:
        read_bytes(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "决算.xlsx")
    assert caught.value.diagnostics[0].code == "E506" and "去掉密码" in caught.value.diagnostics[0].hint


def test_text_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "决算.pdf"
    path.write_text("表\n项目\t金额\n合计\t1.00\n", encoding="gbk")
    document = open_document(path)
    assert isinstance(document.blocks[1], GridBlock)
    assert document.source.path == str(path) and document.source.format == "text" and document.source.encoding == "gb18030"


@pytest.mark.parametrize("text", ["BM 公司\n", "MZ 表\n", "PK 说明\n", "<表> 甲\n", "%决算\n"])
def test_text_that_begins_like_a_signature_is_text(text: str) -> None:
    assert recognise(text.encode()) is TEXT


def test_every_reader_in_the_table_can_be_imported() -> None:
    import importlib

    for fmt in (*FORMATS, TEXT):
        if fmt.reader:
            module, _, function = fmt.reader.partition(":")
            assert callable(getattr(importlib.import_module(module), function))


def test_a_missing_file_and_a_folder_are_usage_errors(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "没有.txt", "找不到文件"), (tmp_path, "是目录"), (Path("a\x00b"), "找不到文件")):
        with pytest.raises(UsageError, match=message) as caught:
            open_document(path)
        assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("content", [b"", b" \n \t\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"「空\.txt」.*没有可读的内容"):
        open_document(path)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate(limits.TEXT_BYTES * 100)
        stream.seek(0)
        stream.write("收入支出决算总表".encode())
    start = time.process_time()
    with pytest.raises(DocumentError, match=r"过大（2000\.0 MB），文本文件不得超过 20 MB"):
        open_document(path)
    assert time.process_time() - start < 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="没有命名管道")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "管道"
    os.mkfifo(path)
    with pytest.raises(DocumentError, match="不是普通文件"):
        open_document(path)


@pytest.mark.parametrize(("number", "kinds"), [("000", {"columns"}), ("001", {"columns"}), ("002", {"columns"}), ("003", {"cells"}), ("004", {"columns"})])
def test_real_reports(reports_dir: Path, number: str, kinds: set[str]) -> None:
    document = open_document(next(reports_dir.glob(f"{number}-*.txt")))
    found = [b for b in document.blocks if isinstance(b, GridBlock)]
    assert {g.kind for g in found} == kinds and len(found) >= 9
    assert document.source.encoding == "utf-8" and document.notes == ()

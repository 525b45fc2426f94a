"""RTF, Flat OPC and Word 2003 XML: what many .doc files really are. And LibreOffice as the last resort."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from tests.documents.word.doc_files import P, make_doc
from tests.documents.word.docx_files import NAMESPACES, arrows, cell, document_xml, grids, make_docx, para, read, row, run, spans, table, texts

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.word import office
from juesuan_rules.documents.word.flat import read_word_xml
from juesuan_rules.documents.word.rtf import read_rtf


def rtf(body: str) -> bytes:
    head = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 SimSun;}}{\stylesheet{\s1 heading;}}{\header 页眉}"
    return (head + body + "}").encode("gbk")


def test_rtf_text_in_every_spelling(tmp_path: Path) -> None:
    escaped = "".join(f"\\'{byte:02x}" for byte in "决算".encode("gbk"))
    body = (
        rf"{{\f1 {escaped}}}\par \u25910?\u20837?{{\uc2 \u-10179??\u-8259??}}\par 甲\tab 乙\line 丙\_丁\-戊\par "
        r"{\v 藏}{\deleted 删}见{\field{\*\fldinst PAGE}{\fldrslt 12}}\{1\}\par {\*\unknown 无}{\listtext\pard\plain 1.\tab}一{\footnote\pard 脚注\par}"
    )
    document = read(tmp_path, rtf(body), "决算.doc")
    assert document.source.format == "rtf"
    assert texts(document) == ["决算", "收入\U0001f7bd", "甲\t乙", "丙-丁戊", "见12{1}", "1.一", "脚注"]
    assert any("修订" in note for note in document.notes) and any("隐藏" in note for note in document.notes)


def test_rtf_tables_with_merged_cells(tmp_path: Path) -> None:
    body = (
        r"前\par \trowd\clmgf\cellx1000\clmrg\cellx2000\clvmgf\cellx3000 \pard\intbl 收入\cell\cell 合计\cell\row "
        r"\trowd\cellx1000\cellx2000\clvmrg\cellx3000 \pard\intbl 项目\cell 金额\par 万元\cell\cell\row \pard 后\par"
    )
    document = read(tmp_path, rtf(body), "决算.rtf")
    assert texts(document) == ["前", "后"] and grids(document) == [[["收入", "", "合计"], ["项目", "金额\n万元", ""]]]
    assert spans(document) == {"收入": (2, 1), "合计": (1, 2)}


def test_rtf_nested_tables(tmp_path: Path) -> None:
    inner = r"\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx900\cellx1800\nestrow}{\nonesttables\par}"
    body = rf"\trowd\cellx5000 \pard\intbl 标题\par {inner}\pard\intbl 后\cell\row\pard 末\par"
    document = read(tmp_path, rtf(body))
    assert texts(document) == ["标题", "后", "末"] and grids(document) == [[["a", "b"]]]


def test_damaged_rtf_never_crashes() -> None:
    good = rtf(r"前\par \trowd\cellx1000\cellx2000 \pard\intbl a\cell b\cell\row \pard\u25910?{\footnote x}\par")
    rng = random.Random(3)
    pieces = (b"{", b"}", b"\\cell ", b"\\row ", b"\\nestrow ", b"\\itap99 ", b"\\uc9 ", b"\\bin999 ", b"\\cellx-99 ", b"\\footnote ", b"\\'zz", b"\\")
    for _ in range(1500):
        data = bytearray(good)
        for _ in range(rng.choice((1, 3))):
            at = rng.randrange(6, len(data))
            data[at : at + rng.randrange(5)] = rng.choice(pieces)
        try:
            document = read_rtf(bytes(data), "x.rtf")
        except DocumentError:
            continue
        assert all(len({len(line) for line in block.rows}) == 1 for block in document.blocks if isinstance(block, GridBlock))


def test_deep_and_endless_rtf_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.process_time()
    with pytest.raises(DocumentError, match="嵌套过深"):
        read_rtf(b"{\\rtf1" + b"{" * 100_000, "x")
    monkeypatch.setattr("juesuan_rules.documents.word.rtf._MOST_TOKENS", 1000)
    with pytest.raises(DocumentError, match="内容过多"):
        read_rtf(b"{\\rtf1" + b"\\b1" * 2000, "x")
    assert time.process_time() - start < 10


def flat(body: str, progid: bool = True) -> bytes:
    def part(name: str, xml: str) -> str:
        return f'<pkg:part pkg:name="{name}"><pkg:xmlData>{xml.partition("?>")[2] or xml}</pkg:xmlData></pkg:part>'

    head = '<?xml version="1.0"?>' + ('<?mso-application progid="Word.Document"?>' if progid else "")
    parts = part("/_rels/.rels", arrows(officeDocument="word/document.xml")) + part("/word/document.xml", document_xml(body))
    return f'{head}<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'.encode()


@pytest.mark.parametrize("progid", [True, False])
def test_flat_opc_reads_like_docx(tmp_path: Path, progid: bool) -> None:
    body = para("决算") + table(row(cell("a", '<w:gridSpan w:val="2"/>')), row("b", "1.00"))
    document = read(tmp_path, flat(body, progid), "决算.doc")
    assert document.source.format == "wordxml" and document.blocks == read(tmp_path, make_docx(body)).blocks


def test_word_2003_xml(tmp_path: Path) -> None:
    namespaces = NAMESPACES.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://schemas.microsoft.com/office/word/2003/wordml")
    namespaces += ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
    body = (
        para(run("收") + '<aml:annotation w:type="Word.Deletion"><aml:content>' + run("删") + "</aml:content></aml:annotation>" + run("入"))
        + para("概况", '<w:listPr><w:ilvl w:val="0"/><wx:t wx:val="一、"/></w:listPr>')
        + table(row(cell("a", '<w:vmerge w:val="restart"/>'), "1"), row(cell("", "<w:vmerge/>"), "2"))
    )
    data = f'<?xml version="1.0"?><w:wordDocument {namespaces}><w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>'.encode()
    document = read(tmp_path, data, "决算.doc")
    assert texts(document) == ["收入", "一、概况"] and grids(document) == [[["a", "1"], ["", "2"]]] and spans(document) == {"a": (1, 2)}
    assert document.notes == ("1 处修订按接受后的样子读取",)


def test_xml_that_is_no_word_file_is_named() -> None:
    for data, match in ((b"<a/>", "不是 Word 文档"), (b"<w:wordDocument", "不是完整的 XML"), (flat(para("决算"))[:300], "不是完整的 XML")):
        with pytest.raises(DocumentError, match=match):
            read_word_xml(data, "决算.xml")
    with pytest.raises(DocumentError, match="文档类型声明"):
        read_word_xml(b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "x")


# ------------------------------------------------------------------ LibreOffice


def test_without_libreoffice_an_old_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    with pytest.raises(DocumentError, match=r"Word 6\.0/95") as caught:
        read(tmp_path, make_doc([P("x\r")], version=0x65), "旧.doc")
    assert "docx" in caught.value.diagnostics[0].hint


def program(tmp_path: Path, script: str) -> str:
    path = tmp_path / "soffice"
    path.write_text("#!/bin/sh\n" + script, "utf-8")
    path.chmod(0o755)
    return str(path)


def test_what_libreoffice_converts_is_read_and_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "done.docx").write_bytes(make_docx(para("旧文件")))
    script = f'for a in "$@"; do case "$p" in --outdir) out=$a;; esac; p=$a; done\ncp {tmp_path / "done.docx"} "$out/in.docx"'
    monkeypatch.setattr(office, "find_office", lambda: program(tmp_path, script))
    document = read(tmp_path, make_doc([P("x\r")], version=0x65), "旧.doc")
    assert texts(document) == ["旧文件"] and document.source.format == "doc"
    assert document.notes == ("由 LibreOffice 转换后读取，段落号按转换后的文件",)


def test_a_conversion_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office, "SECONDS", 0.3)
    monkeypatch.setattr(office, "find_office", lambda: program(tmp_path, "sleep 60 & sleep 60"))
    start = time.process_time()
    assert office.convert(b"x", "doc", "MS Word 97") is None and time.process_time() - start < 25

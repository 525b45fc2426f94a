"""Running text of .docx files: what a reader of the printed page sees, and a note of what was left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.documents.word.docx_files import arrows, cell, document_xml, grids, make_docx, para, read, row, run, table, texts

from juesuan_rules.documents.word.numbering import write_number

FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
INSTRUCTION = "<w:r><w:instrText>{}</w:instrText></w:r>"


def test_tracked_changes_are_accepted(tmp_path: Path) -> None:
    body = (
        para(run("收入") + '<w:ins w:id="1">' + run("增加") + "</w:ins>" + '<w:del w:id="2"><w:r><w:delText>减少</w:delText></w:r></w:del>' + run("。"))
        + para('<w:moveFrom w:id="3">' + run("移走的") + "</w:moveFrom>")
        + para('<w:moveTo w:id="4">' + run("移来的") + "</w:moveTo>")
    )
    document = read(tmp_path, make_docx(body))
    assert texts(document) == ["收入增加。", "移来的"]
    assert [note for note in document.notes if "修订" in note] == ["4 处修订按接受后的样子读取"]


def test_a_deleted_paragraph_end_joins_two_paragraphs(tmp_path: Path) -> None:
    deleted = '<w:rPr><w:del w:id="1"/></w:rPr>'
    body = para("前半", deleted) + para("后半") + table(row(cell(para("甲", deleted) + para("乙")), cell(para("丙", deleted))))
    document = read(tmp_path, make_docx(body))
    assert texts(document) == ["前半后半"] and grids(document) == [[["甲乙", "丙"]]]


def test_fields_give_their_result_only(tmp_path: Path) -> None:
    nested = INSTRUCTION.format(" IF ") + FIELD.format("begin") + INSTRUCTION.format("DATE") + FIELD.format("separate") + run("内") + FIELD.format("end")
    body = (
        para(run("第") + FIELD.format("begin") + INSTRUCTION.format(" PAGE ") + FIELD.format("separate") + run("12") + FIELD.format("end") + run("页"))
        + para(FIELD.format("begin") + nested + FIELD.format("separate") + run("果") + FIELD.format("end"))
        + para('<w:fldSimple w:instr="=SUM(ABOVE)">' + run("3.00") + "</w:fldSimple>")
    )
    assert texts(read(tmp_path, make_docx(body))) == ["第12页", "果", "3.00"]


def test_a_field_may_reach_over_paragraphs_and_a_broken_one_ends_with_its_own(tmp_path: Path) -> None:
    body = (
        para(FIELD.format("begin") + INSTRUCTION.format("TOC") + FIELD.format("separate") + run("一、概况"))
        + para("二、收入")
        + para(FIELD.format("end"))
        + para(FIELD.format("begin") + INSTRUCTION.format("REF"))
        + table(row("合计", "1.00"))
    )
    document = read(tmp_path, make_docx(body))
    assert texts(document) == ["一、概况", "二、收入"] and grids(document) == [[["合计", "1.00"]]]


def test_hidden_text_is_left_out_and_told(tmp_path: Path) -> None:
    styles = (
        f"<w:styles {'xmlns:w=' + chr(34) + 'http://schemas.openxmlformats.org/wordprocessingml/2006/main' + chr(34)}>"
        '<w:style w:type="character" w:styleId="c0"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="c1"><w:basedOn w:val="c0"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="p1"><w:rPr><w:vanish/></w:rPr></w:style>'
        "</w:styles>"
    )
    body = (
        para(run("见") + run("不见", "<w:vanish/>") + run("也见", '<w:vanish w:val="0"/>') + run("样式藏", '<w:rStyle w:val="c1"/>'))
        + para("整段", '<w:pStyle w:val="p1"/>')
        + table(row("a", cell(para(run("1.00") + run("9", "<w:vanish/>")))))
    )
    document = read(tmp_path, make_docx(body, {"word/styles.xml": styles}, styles="styles.xml"))
    assert texts(document) == ["见也见"] and grids(document) == [[["a", "1.00"]]]
    assert "4 处隐藏文字没有读入" in document.notes


def test_tabs_breaks_hyphens_and_symbols(tmp_path: Path) -> None:
    body = para(
        run("甲") + "<w:r><w:tab/></w:r>" + run("乙") + "<w:r><w:noBreakHyphen/></w:r>" + run("丙") + "<w:r><w:softHyphen/></w:r>" + run("丁\u00ad戊")
        + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Symbol" w:char="F0B1"/></w:r>' + run("\uf0a8")
    )  # fmt: skip
    assert texts(read(tmp_path, make_docx(body))) == ["甲\t乙-丙丁戊☑±□"]


def test_a_manual_line_break_ends_a_line_but_no_sentence(tmp_path: Path) -> None:
    sentence = "本年度财政拨款收入比上年增加是因为人员增加以及项目增加所以"
    body = para(run("收入支出决算总表") + "<w:r><w:br/></w:r>" + run("公开01表")) + para(run(sentence) + "<w:r><w:br/></w:r>" + run("支出增加。"))
    assert texts(read(tmp_path, make_docx(body))) == ["收入支出决算总表", "公开01表", sentence + "支出增加。"]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    inner = f"<w:txbxContent>{para('框内')}</w:txbxContent>"
    choice = f'<mc:Choice Requires="wps"><w:drawing>{inner}</w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
    body = para(run("前") + f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>" + run("后")) + para("末")
    assert texts(read(tmp_path, make_docx(body))) == ["前后", "框内", "末"]


def test_notes_come_last_and_headers_not_at_all(tmp_path: Path) -> None:
    parts = {
        "word/footnotes.xml": document_xml("").replace("w:document", "w:footnotes").replace(
            "<w:body></w:body>",
            f'<w:footnote w:type="separator" w:id="0">{para("线")}</w:footnote><w:footnote w:id="1">{para("<w:r><w:footnoteRef/></w:r>" + run("脚注"))}</w:footnote>',
        ),
        "word/header1.xml": document_xml(para("页眉")),
    }  # fmt: skip
    body = para(run("正文") + '<w:r><w:footnoteReference w:id="1"/></w:r>' + '<w:r><w:commentReference w:id="1"/></w:r>')
    assert texts(read(tmp_path, make_docx(body, parts, footnotes="footnotes.xml", header="header1.xml"))) == ["正文", "脚注"]


NUMBERING = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="3">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/><w:isLgl/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf06c"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    def numbered(text: str, level: int, key: int = 7) -> str:
        return para(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>')

    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="7"/>'
        '</w:numPr></w:pPr></w:style><w:style w:styleId="h2"><w:basedOn w:val="h1"/></w:style></w:styles>'
    )
    body = (
        numbered("收入", 0) + numbered("拨款", 1) + numbered("其他", 1) + numbered("点", 2) + para("支出", '<w:pStyle w:val="h2"/>') + numbered("基本", 1)
        + numbered("另起", 0, 8) + table(row(cell(numbered("", 0)), "a"), row(cell(numbered("", 0)), "b"))
    )  # fmt: skip
    parts = {"word/numbering.xml": NUMBERING, "word/styles.xml": styles}
    document = read(tmp_path, make_docx(body, parts, numbering="numbering.xml", styles="styles.xml"))
    assert texts(document) == ["一、收入", "1.1 拨款", "1.2 其他", "点", "二、支出", "2.1 基本", "四、另起"]
    assert grids(document) == [[["三、", "a"], ["四、", "b"]]]


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (10, "chineseCounting", "十"), (12, "chineseCountingThousand", "十二"), (20, "chineseCounting", "二十"), (103, "chineseCounting", "一百零三"),
        (3, "decimalEnclosedCircle", "③"), (21, "decimalEnclosedCircle", "21"), (4, "upperRoman", "IV"), (27, "lowerLetter", "aa"), (7, "decimalZero", "07"),
        (5, "ideographTraditional", "戊"), (20, "ideographDigital", "二〇"), (6, "decimalFullWidth", "６"), (9, "unknown", "9"),
    ],
)  # fmt: skip
def test_number_formats(value: int, form: str, written: str) -> None:
    assert write_number(value, form) == written


def test_strict_documents_read_like_others(tmp_path: Path) -> None:
    body = table(row(cell("a", '<w:gridSpan w:val="2"/>')), row("b", "c"), widths=(2000, 2000))
    strict = document_xml(body).replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert grids(read(tmp_path, make_docx(strict))) == [[["a", ""], ["b", "c"]]]


def test_a_document_in_utf_16(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = {
        "word/document2.xml": document_xml(para("决算")).replace("UTF-8", "UTF-16").encode("utf-16"),
        "_rels/.rels": arrows(officeDocument="word/document2.xml"),
    }
    assert texts(read(tmp_path, make_docx("", parts))) == ["决算"]


def test_embedded_documents_stand_where_they_are_embedded(tmp_path: Path) -> None:
    page = "<html><body><p>网页里的话</p><table><tr><td>a</td><td>1.00</td></tr></table></body></html>"
    body = para("前") + '<w:altChunk r:id="r1"/>' + para("后") + '<w:altChunk r:id="r2"/>'
    document = read(tmp_path, make_docx(body, {"word/part.html": page}, aFChunk="part.html", subDocument="http://example.com/x.docx"))
    assert texts(document)[0] == "前" and texts(document)[-1] == "后" and "网页里的话" in texts(document)
    assert document.unread == ("第 4 段引用的另一个文件没有读",)


def test_macros_and_objects_are_told(tmp_path: Path) -> None:
    def embedded(program: str) -> str:
        return f'<w:r><w:object><v:shape/><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="{program}" r:id="r9"/></w:object></w:r>'

    body = para(run("正文") + embedded("Equation.3")) + para(embedded("Excel.Sheet.12"))
    document = read(tmp_path, make_docx(body, {"word/vbaProject.bin": b"x"}), "决算.docm")
    assert texts(document) == ["正文"] and document.notes == ("1 个嵌入对象没有读入", "文件含宏，宏没有运行")
    assert document.unread == ("第 2 段嵌入的 Excel 表没有读",)


def test_a_page_pasted_as_a_picture_is_told(tmp_path: Path) -> None:
    def picture(wide: int, high: int) -> str:
        return para(f'<w:r><w:drawing><wp:inline><wp:extent cx="{wide * 360000}" cy="{high * 360000}"/><pic:pic/></wp:inline></w:drawing></w:r>')

    document = read(tmp_path, make_docx(para("决算") + picture(15, 20) + picture(3, 3)))
    assert document.unread == ("第 2 段是图片，其中的文字没有读",)

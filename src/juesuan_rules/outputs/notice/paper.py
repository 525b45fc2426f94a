"""A Word document in the form of an official letter (公文格式): A4, type area 156 × 225 mm, page numbers — 1 —.

Only what python-docx has no call for is written as elements. Fonts are those of the standard (方正小标宋, 仿宋_GB2312, 黑体,
楷体_GB2312) with the ones to fall back on named in the font table, so that any computer shows the letter.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from juesuan_rules.outputs.guarding import xml_text

TITLE, BODY, FIRST, SECOND = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_LATIN = "Times New Roman"
_FALLBACKS = {
    TITLE: "小标宋;FZXiaoBiaoSong-B05S;华文中宋;宋体;SimSun;Noto Serif CJK SC", BODY: "仿宋;FangSong;华文仿宋;FandolFang;宋体;SimSun;Noto Serif CJK SC",
    FIRST: "SimHei;Noto Sans CJK SC;WenQuanYi Zen Hei", SECOND: "楷体;KaiTi;华文楷体;FandolKai;宋体;SimSun;Noto Serif CJK SC",
}  # fmt: skip
_LINE_TWIPS = 560
"""28 points between lines: 22 lines on a page, give or take."""
_WIDTH_MM = 156


class Field(msgspec.Struct, frozen=True):
    """Something people fill in: a content control that shows 【name】."""

    name: str


class Strong(msgspec.Struct, frozen=True):
    """Words that stand out."""

    text: str


Piece = str | Field | Strong


class Paper:
    """A document being written, top to bottom. Every text is made harmless here."""

    def __init__(self, title: str, created: Any) -> None:
        from docx import Document

        self._document = Document()
        self._controls = 0
        core = self._document.core_properties
        core.title, core.author, core.last_modified_by, core.comments, core.keywords = xml_text(title, 200), "juesuan-rules", "", "", ""
        core.created = core.modified = created
        self._drop_thumbnail()
        self._styles()
        self._page()
        self._fonts()

    def paragraph(self, style: str, *pieces: Piece, align: str = "", page_break: bool = False) -> None:
        """A paragraph; style: 公文标题 公文正文 公文一级 公文二级 公文主送 公文附件 公文落款 公文小字."""
        from docx.oxml.ns import qn

        body = self._document.element.body
        paragraph = self._element("w:p")
        properties = self._add(paragraph, "w:pPr")
        self._add(properties, "w:pStyle", val=_STYLE_IDS[style])
        if page_break:
            self._add(properties, "w:pageBreakBefore")
        if align:
            self._add(properties, "w:jc", val=align)
        for piece in pieces:
            self._piece(paragraph, piece)
        section = body.find(qn("w:sectPr"))
        section.addprevious(paragraph)

    def table(self, header: Sequence[str], widths_mm: Sequence[float], rows: Iterable[Sequence[str]]) -> None:
        """A ruled table whose header is repeated on every page; widths fill the type area."""
        from docx.oxml.ns import qn

        scale = _WIDTH_MM / sum(widths_mm)
        twips = [round(width * scale * 56.693) for width in widths_mm]
        table = self._element("w:tbl")
        properties = self._add(table, "w:tblPr")
        self._add(properties, "w:tblW", w=str(sum(twips)), type="dxa")
        borders = self._add(properties, "w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            self._add(borders, f"w:{side}", val="single", sz="4", space="0", color="auto")
        self._add(properties, "w:tblLayout", type="fixed")
        grid = self._add(table, "w:tblGrid")
        for width in twips:
            self._add(grid, "w:gridCol", w=str(width))
        for number, cells in enumerate([header, *rows]):
            row = self._add(table, "w:tr")
            held = self._add(row, "w:trPr")
            self._add(held, "w:cantSplit")
            if number == 0:
                self._add(held, "w:tblHeader")
            for width, text in zip(twips, cells, strict=True):
                cell = self._add(row, "w:tc")
                self._add(self._add(cell, "w:tcPr"), "w:tcW", w=str(width), type="dxa")
                paragraph = self._add(cell, "w:p")
                self._add(self._add(paragraph, "w:pPr"), "w:pStyle", val=_STYLE_IDS["公文表格"])
                self._piece(paragraph, Strong(text) if number == 0 else text)
        self._document.element.body.find(qn("w:sectPr")).addprevious(table)

    def saved(self) -> bytes:
        """The file."""
        held = io.BytesIO()
        self._document.save(held)
        return held.getvalue()

    def _piece(self, paragraph: Any, piece: Piece) -> None:
        if isinstance(piece, Field):
            self._controls += 1
            control = self._add(paragraph, "w:sdt")
            properties = self._add(control, "w:sdtPr")
            self._add(properties, "w:alias", val=piece.name)
            self._add(properties, "w:tag", val=piece.name)
            self._add(properties, "w:id", val=str(20_000 + self._controls))
            self._add(properties, "w:text")
            run = self._add(self._add(control, "w:sdtContent"), "w:r")
            self._add(self._add(run, "w:rPr"), "w:shd", val="clear", color="auto", fill="FFF2CC")
            self._text(run, f"【{_guarded(piece.name)}】")
            return
        text = piece.text if isinstance(piece, Strong) else piece
        if not text:
            return
        run = self._add(paragraph, "w:r")
        properties = self._add(run, "w:rPr")
        # Quotation marks and circled numbers are Chinese here: full width, not the Latin font's.
        self._add(properties, "w:rFonts", hint="eastAsia")
        if isinstance(piece, Strong):
            self._add(properties, "w:b")
        self._text(run, _guarded(text))

    def _text(self, run: Any, text: str) -> None:
        self._add(run, "w:t", space="preserve").text = text

    def _element(self, name: str) -> Any:
        from docx.oxml import OxmlElement

        return OxmlElement(name)

    def _add(self, parent: Any, name: str, /, **attributes: str) -> Any:
        from docx.oxml.ns import qn
        from lxml import etree

        element = etree.SubElement(parent, qn(name))
        for key, value in attributes.items():
            element.set(qn("xml:space" if key == "space" and name == "w:t" else f"w:{key}"), value)
        return element

    def _drop_thumbnail(self) -> None:
        """The library's template carries a picture of itself."""
        package = self._document.part.package
        for name, relation in list(package.rels.items()):
            if relation.reltype.endswith("/thumbnail"):
                del package.rels[name]

    def _styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.oxml.ns import qn

        styles = self._document.styles
        language = styles.element.find(qn("w:docDefaults")).find(".//" + qn("w:lang"))
        language.set(qn("w:eastAsia"), "zh-CN")
        for name, (font, size, options) in _STYLES.items():
            style: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.element.set(qn("w:styleId"), _STYLE_IDS[name])
            properties = style.element.get_or_add_pPr()
            if options.get("level"):
                self._add(properties, "w:keepNext")
            if options.get("rule_below"):
                self._add(self._add(properties, "w:pBdr"), "w:bottom", val="single", sz="12", space="14", color=options["rule_below"])
            self._add(properties, "w:spacing", before=options.get("before", "0"), after=options.get("after", "0"), line=options.get("line", str(_LINE_TWIPS)), lineRule=options.get("rule", "exact"))
            if options.get("indent"):
                self._add(properties, "w:ind", firstLineChars=options["indent"], firstLine=str(int(size * 20 * int(options["indent"]) / 100)))
            self._add(properties, "w:jc", val=options.get("align", "both"))
            if options.get("level"):
                self._add(properties, "w:outlineLvl", val=str(int(options["level"]) - 1))
            run = style.element.get_or_add_rPr()
            self._add(run, "w:rFonts", ascii=_LATIN, hAnsi=_LATIN, eastAsia=font, cs=_LATIN)
            if options.get("color"):
                self._add(run, "w:color", val=options["color"])
            self._add(run, "w:sz", val=str(int(size * 2)))
            self._add(run, "w:szCs", val=str(int(size * 2)))

    def _page(self) -> None:
        from docx.shared import Mm

        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(25)
        self._document.settings.odd_and_even_pages_header_footer = True
        for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]._p
            properties = paragraph.get_or_add_pPr()
            self._add(properties, "w:pStyle", val=_STYLE_IDS["公文页码"])
            self._add(properties, "w:ind", leftChars="100", rightChars="100", left="280", right="280")
            self._add(properties, "w:jc", val=align)
            self._text(self._add(paragraph, "w:r"), "— ")
            for kind in ("begin", "", "end"):
                run = self._add(paragraph, "w:r")
                if kind:
                    self._add(run, "w:fldChar", fldCharType=kind)
                else:
                    self._add(run, "w:instrText").text = "PAGE"
            self._text(self._add(paragraph, "w:r"), " —")

    def _fonts(self) -> None:
        from docx.oxml.ns import qn
        from lxml import etree

        part = next(part for part in self._document.part.package.iter_parts() if str(part.partname) == "/word/fontTable.xml")
        root = etree.fromstring(part.blob)
        for name, others in _FALLBACKS.items():
            font = self._add(root, "w:font", name=name)
            self._add(font, "w:altName", val=others)
            self._add(font, "w:charset", val="86")
            self._add(font, "w:family", val="auto")
        assert root.tag == qn("w:fonts")
        part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _guarded(text: str) -> str:
    """The text made harmless; ideographic spaces stay, they are layout of ours (those of a report became plain ones before)."""
    return "　".join(xml_text(part) for part in text.split("　"))


_STYLES: dict[str, tuple[str, float, dict[str, str]]] = {
    "公文机关": (TITLE, 32, {"align": "center", "color": "C00000", "line": "900", "after": "240"}),
    "公文字号": (BODY, 16, {"align": "center", "after": "560", "rule_below": "C00000"}),
    "公文标题": (TITLE, 22, {"align": "center", "line": "660", "after": "560", "level": "1"}),
    "公文主送": (BODY, 16, {"align": "left"}),
    "公文正文": (BODY, 16, {"indent": "200"}),
    "公文一级": (FIRST, 16, {"indent": "200", "align": "left", "level": "1"}),
    "公文二级": (SECOND, 16, {"indent": "200", "align": "left", "level": "2"}),
    "公文附件": (FIRST, 16, {"align": "left", "after": "280", "level": "1"}),
    "公文落款": (BODY, 16, {"align": "right"}),
    "公文小字": (BODY, 10.5, {"line": "320", "align": "left"}),
    "公文表格": (BODY, 10.5, {"line": "300", "rule": "atLeast", "align": "left"}),
    "公文页码": ("宋体", 14, {"line": "240", "rule": "auto"}),
}
_STYLE_IDS = {name: f"Letter{number}" for number, name in enumerate(_STYLES, start=1)}

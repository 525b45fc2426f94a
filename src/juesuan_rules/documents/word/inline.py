"""Runs to text: what a paragraph of WordprocessingML prints.

Tracked changes are accepted, fields give their results, hidden text and comments are left out. The
elements not named here are gone through: text inside an unknown wrapper is still text.
"""

from __future__ import annotations

from collections import Counter

from juesuan_rules.documents.word.markup import MC, Element, W, is_on, number
from juesuan_rules.documents.word.styles import Style
from juesuan_rules.documents.word.symbols import symbol

P, TABLE, ROW, CELL, TEXT = W + "p", W + "tbl", W + "tr", W + "tc", W + "t"
BOX, CHUNK, ALTERNATE = W + "txbxContent", W + "altChunk", MC + "AlternateContent"
DROPPED = frozenset(
    W + name
    for name in (
        "pPr rPr del moveFrom instrText delText delInstrText rt tblPr tblGrid trPr tcPr tblPrEx sdtPr sdtEndPr sectPr proofErr bookmarkStart "
        "bookmarkEnd commentRangeStart commentRangeEnd commentReference footnoteReference endnoteReference annotationRef footnoteRef endnoteRef"
    ).split()
)
"""Elements that print nothing."""

_RUN, _FIELD = W + "r", W + "fldChar"
_CHARACTERS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "softHyphen": ""}
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DELETED = frozenset((W + "del", W + "moveFrom"))
_INSERTED = frozenset((W + "ins", W + "moveTo"))
_HOLDERS = frozenset((P, ROW, CELL))
_SPECIAL = (
    *(
        W + name
        for name in (
            "del ins moveFrom moveTo fldChar instrText sym tab ptab br cr noBreakHyphen softHyphen numPr vanish ruby drawing pict object txbxContent "
            "gridSpan vMerge hMerge cellDel gridBefore hidden"
        ).split()
    ),
    ALTERNATE,
    _MATH_TEXT,
)
"""Elements that make the paragraph, row or cell around them one to be read element by element."""

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_EMU_PER_CM = 360_000


def find_special(container: Element, styles: dict[str, Style]) -> set[Element]:
    """The paragraphs, rows and cells in which something stands that is not plain text.

    All others, nearly all of a report, can be read without looking at what is around their text.
    """
    marks = list(container.iter(*_SPECIAL))
    if styles:
        marks += [item for item in container.iter(W + "pStyle", W + "rStyle") if item.get(W + "val") in styles]
    found: set[Element] = set()
    known: dict[Element, Element | None] = {}  # so that no way up is gone twice
    for mark in marks:
        way = []
        node = mark.getparent()
        while node is not None and node.tag not in _HOLDERS and node not in known:
            way.append(node)
            node = node.getparent()
        holder = known.get(node, node)
        known.update(dict.fromkeys(way, holder))
        if holder is not None:
            found.add(holder)
    return found


class TextReader:
    """Reads the text of paragraphs, one after the other: fields reach over several.

    told: how often something was left out or settled, by kind (修订, 隐藏, 对象). boxes: text boxes
    met in the paragraph read last. pictures: areas, in square centimetres, of the pictures in it.
    sheets: how many Excel sheets are embedded in it.
    """

    def __init__(self, styles: dict[str, Style]) -> None:
        self.told: Counter[str] = Counter()
        self.boxes: list[Element] = []
        self.pictures: list[float] = []
        self.sheets = 0
        self.fields: list[bool] = []  # open fields, outermost first: whether their result has begun
        self._styles = styles

    def text(self, paragraph: Element) -> str:
        """What the paragraph prints, without its automatic number."""
        parts: list[str] = []
        self._read(paragraph, parts)
        while self.fields and not self.fields[-1]:
            self.fields.pop()  # an instruction ends with its paragraph, whatever a damaged file says
        return "".join(parts).replace("\xad", "")

    def _read(self, container: Element, parts: list[str]) -> None:
        for element in container:
            tag = element.tag
            if tag == _RUN:
                self._read_run(element, parts)
            elif tag in DROPPED:
                self.told["修订"] += tag in _DELETED
            elif tag == BOX:
                self.boxes.append(element)
            elif tag == ALTERNATE:
                if len(element):
                    self._read(element[0], parts)
            elif tag in (TEXT, _MATH_TEXT):
                if element.text and all(self.fields):
                    parts.append(element.text)
            elif len(element):
                self.told["修订"] += tag in _INSERTED
                self._read(element, parts)

    def _read_run(self, run: Element, parts: list[str]) -> None:
        hidden = self._is_hidden(run)
        for element in run:
            tag = element.tag
            if tag in DROPPED:
                continue
            if tag == _FIELD:
                self._turn_field(element.get(W + "fldCharType"))
            elif hidden:
                self.told["隐藏"] += tag == TEXT
            elif tag == TEXT:
                if element.text and all(self.fields):
                    parts.append(element.text)
            elif tag in _CHARACTERS:
                if all(self.fields):
                    parts.append(_CHARACTERS[tag])
            elif tag == W + "sym":
                if all(self.fields):
                    parts.append(symbol(element.get(W + "font", ""), _hexadecimal(element.get(W + "char", ""))))
            elif len(element):
                self._read_object(element, parts)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(W + "rPr")
        if properties is None:
            return False
        vanish = properties.find(W + "vanish")
        if vanish is not None:
            return is_on(vanish)
        name = properties.find(W + "rStyle") if self._styles else None
        style = self._styles.get(name.get(W + "val", "")) if name is not None else None
        return style is not None and bool(style.hidden)

    def _turn_field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _read_object(self, element: Element, parts: list[str]) -> None:
        """A drawing, picture or embedded object in a run: its text boxes, and a word about the rest."""
        if element.tag == ALTERNATE:
            for child in element[0]:
                self._read_object(child, parts)
            return
        if element.tag == W + "object":
            kinds = [item.get("ProgID", "") for item in element.iter(_OLE)]
            self.sheets += sum(kind.startswith("Excel.") for kind in kinds)
            self.told["对象"] += not any(kind.startswith("Excel.") for kind in kinds)
        elif element.tag == W + "drawing" and (size := _picture_area(element)):
            self.pictures.append(size)
        self._read(element, parts)


def _hexadecimal(text: str) -> int:
    try:
        return int(text[:6], 16)
    except ValueError:
        return 0


def _picture_area(drawing: Element) -> float:
    """The area of a picture in square centimetres; 0 for drawings without a picture."""
    if next(drawing.iter(_DRAWING + "picture}pic"), None) is None:
        return 0
    extent = next(drawing.iter(_DRAWING + "wordprocessingDrawing}extent"), None)
    wide, high = number(extent, "cx") or 0, number(extent, "cy") or 0
    return wide / _EMU_PER_CM * (high / _EMU_PER_CM)

"""WordprocessingML to items: paragraphs, tables, text boxes, as a reader of the printed document sees them.

Tracked changes are accepted, fields give their results, hidden text and comments are left out. The
elements not named here are gone through: text inside an unknown wrapper is still text.
"""

from __future__ import annotations

from collections import Counter

from juesuan_rules.documents.word.items import Item, Para, RawCell, RawTable
from juesuan_rules.documents.word.markup import MC, Element, R, W, is_on, number
from juesuan_rules.documents.word.numbering import Lists
from juesuan_rules.documents.word.styles import Numbering, Style
from juesuan_rules.documents.word.symbols import symbol
from juesuan_rules.documents.word.tables import Shape, cell_shape, row_shape, table_edges

_P, _TBL, _R, _T, _PPR, _RPR = W + "p", W + "tbl", W + "r", W + "t", W + "pPr", W + "rPr"
_TR, _TC, _TRPR, _TCPR = W + "tr", W + "tc", W + "trPr", W + "tcPr"
_FIELD, _BOX, _CHUNK = W + "fldChar", W + "txbxContent", W + "altChunk"
_ALTERNATE, _CHOICE = MC + "AlternateContent", MC + "Choice"
_CHARACTERS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "softHyphen": ""}
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DROPPED = frozenset(
    W + name
    for name in (
        "pPr rPr del moveFrom instrText delText delInstrText rt tblPr tblGrid trPr tcPr tblPrEx sdtPr sdtEndPr sectPr proofErr bookmarkStart "
        "bookmarkEnd commentRangeStart commentRangeEnd commentReference footnoteReference endnoteReference annotationRef footnoteRef endnoteRef"
    ).split()
)
_DELETED = frozenset((W + "del", W + "moveFrom"))
_MOVED_IN = frozenset((W + "ins", W + "moveTo"))


class BodyReader:
    """Reads stories (the body, notes, text boxes) of one document; paragraphs are numbered through.

    told: how often something was left out or settled, by kind (修订, 隐藏, 图片, 对象).
    chunks: (paragraph number, relationship id) of documents embedded as a whole.
    """

    def __init__(self, styles: dict[str, Style], numbering: Numbering, may_hide: bool) -> None:
        self.told: Counter[str] = Counter()
        self.chunks: list[tuple[int, str]] = []
        self.pictures: list[tuple[int, float]] = []
        self._styles, self._numbering, self._may_hide = styles, numbering, may_hide
        self._lists = Lists()
        self._count = 0
        self._fields: list[bool] = []  # open fields, outermost first: whether their result has begun
        self._floating: list[Item] = []  # text boxes anchored in the paragraph (or table) being read
        self._depth = 0  # tables around the paragraph being read

    def read(self, container: Element) -> list[Item]:
        """The items of an element that holds paragraphs and tables."""
        items: list[Item] = []
        self._read_blocks(container, items, [])
        return items

    def _read_blocks(self, container: Element, items: list[Item], carried: list[str]) -> None:
        """carried: text of paragraphs whose end was deleted; it belongs to the next paragraph."""
        for element in container:
            tag = element.tag
            if tag == _P:
                self._read_paragraph(element, items, carried)
            elif tag == _TBL:
                items.append(self._read_table(element))
                if not self._depth:
                    self._flush(items)
            elif tag == _CHUNK:
                self._count += 1
                self.chunks.append((self._count, element.get(R + "id", "")))
                items.append(Para("", self._count))
            elif tag == _ALTERNATE:
                if len(element):
                    self._read_blocks(element[0], items, carried)
            elif tag not in _DROPPED:
                self._read_blocks(element, items, carried)

    def _flush(self, items: list[Item]) -> None:
        items += self._floating
        self._floating = []

    # -------------------------------------------------------------- paragraphs

    def _read_paragraph(self, element: Element, items: list[Item], carried: list[str]) -> None:
        self._count += 1
        place = self._count
        parts: list[str] = []
        label = ""
        ends = True
        first = element[0] if len(element) else None
        if first is not None and first.tag == _PPR:
            label, ends, hidden = self._properties(first)
            if hidden:
                parts.append("\0")
        self._read_inline(element, parts)
        while self._fields and not self._fields[-1]:
            self._fields.pop()  # an instruction ends with its paragraph, whatever a damaged file says
        if parts and parts[0] == "\0":
            self.told["隐藏"] += bool("".join(parts[1:]).strip())
            parts, label = [], ""
        text = "".join(parts)
        if "\xad" in text:
            text = text.replace("\xad", "")
        if carried:
            text = "".join(carried) + text
            carried.clear()
        if not ends:
            self.told["修订"] += 1
            carried.append(label + text)
            return
        items.append(Para(label + text if text.strip() or self._depth else text, place))
        if self._floating and not self._depth:
            self._flush(items)

    def _properties(self, properties: Element) -> tuple[str, bool, bool]:
        """(automatic number, whether the paragraph's end was kept, whether its style hides it)."""
        style: Style | None = None
        name = ""
        list_id = level = None
        ends = True
        for item in properties:
            tag = item.tag
            if tag == W + "pStyle":
                name = item.get(W + "val", "")
                style = self._styles.get(name)
            elif tag == W + "numPr":
                list_id, level = number(item.find(W + "numId")), number(item.find(W + "ilvl"))
            elif tag == _RPR and len(item):
                ends = item.find(W + "del") is None and item.find(W + "moveFrom") is None
        if style is not None and list_id is None and style.list_id is not None:
            list_id = style.list_id
            level = style.level if level is None else level
        label = self._label(list_id, level, name) if list_id else ""
        return label, ends, bool(style is not None and style.hidden)

    def _label(self, list_id: int, level: int | None, style: str) -> str:
        found = self._numbering.lists.get(list_id)
        if found is None:
            return ""
        pattern, starts = found
        if level is None:
            level = self._numbering.styled.get((pattern, style), 0)
        key: object = (pattern, list_id) if starts else pattern
        return self._lists.label(key, self._numbering.patterns.get(pattern, ()), level, starts)

    def _read_inline(self, container: Element, parts: list[str]) -> None:
        for element in container:
            tag = element.tag
            if tag == _R:
                self._read_run(element, parts)
            elif tag in _DROPPED:
                if tag in _DELETED:
                    self.told["修订"] += 1
            elif tag == _BOX:
                self._read_box(element)
            elif tag == _ALTERNATE:
                if len(element):
                    self._read_inline(element[0], parts)
            elif tag in (_T, _MATH_TEXT):
                if element.text and all(self._fields):
                    parts.append(element.text)
            elif len(element):
                self.told["修订"] += tag in _MOVED_IN
                self._read_inline(element, parts)

    def _read_run(self, run: Element, parts: list[str]) -> None:
        hidden = self._may_hide and self._is_hidden(run)
        for element in run:
            tag = element.tag
            if tag == _T:
                if hidden:
                    self.told["隐藏"] += 1
                elif element.text and (not self._fields or all(self._fields)):
                    parts.append(element.text)
            elif tag in _DROPPED:
                continue
            elif tag in _CHARACTERS:
                if not hidden and all(self._fields):
                    parts.append(_CHARACTERS[tag])
            elif tag == _FIELD:
                self._turn_field(element.get(W + "fldCharType"))
            elif tag == W + "sym":
                if not hidden and all(self._fields):
                    parts.append(symbol(element.get(W + "font", ""), int(element.get(W + "char", "20")[:6], 16)))
            elif len(element) and not hidden:
                self._read_object(element, parts)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(_RPR)
        if properties is None:
            return False
        vanish = properties.find(W + "vanish")
        if vanish is not None:
            return is_on(vanish)
        name = properties.find(W + "rStyle")
        style = self._styles.get(name.get(W + "val", "")) if name is not None else None
        return bool(style is not None and style.hidden)

    def _turn_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _read_object(self, element: Element, parts: list[str]) -> None:
        """A drawing, picture or embedded object in a run: its text boxes, and a word about the rest."""
        tag = element.tag
        if tag == W + "object":
            self.told["对象"] += 1
        elif tag == W + "drawing" and (size := _picture_size(element)):
            self.pictures.append((self._count, size))
        self._read_inline([element] if tag == _ALTERNATE else element, parts)  # type: ignore[arg-type]

    def _read_box(self, box: Element) -> None:
        fields, self._fields = self._fields, []
        floating, self._floating = self._floating, []
        depth, self._depth = self._depth, 0
        items: list[Item] = []
        self._read_blocks(box, items, [])
        self._fields, self._depth = fields, depth
        self._floating = floating + items

    # -------------------------------------------------------------- tables

    def _read_table(self, table: Element) -> RawTable:
        rows: list[tuple[list[RawCell], list[Shape]]] = []
        begins = self._count + 1
        self._depth += 1
        for row in _children(table, _TR):
            shape = row_shape(row)
            if shape.dropped:
                self.told[shape.dropped] += 1
                continue
            cells: list[RawCell] = []
            shapes: list[Shape] = [shape]
            for cell in _children(row, _TC):
                form = cell_shape(cell)
                if form.dropped:
                    self.told[form.dropped] += 1
                    continue
                items: list[Item] = []
                self._read_blocks(cell, items, [])
                cells.append(RawCell(items, 0, 0, form.merge, form.joined))
                shapes.append(form)
            rows.append((cells, shapes))
        self._depth -= 1
        edges = table_edges(table.find(W + "tblGrid"), rows)
        return RawTable([cells for cells, _ in rows if cells], edges, begins)


def _children(parent: Element, wanted: str) -> list[Element]:
    """The rows of a table or cells of a row, also those inside content controls and other wrappers."""
    found: list[Element] = []
    for element in parent:
        if element.tag == wanted:
            found.append(element)
        elif element.tag not in _DROPPED and len(element):
            found += _children(element, wanted)
    return found


_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_EMU_PER_CM = 360_000


def _picture_size(drawing: Element) -> float:
    """The area of a picture in square centimetres; 0 for drawings without a picture."""
    if next(drawing.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"), None) is None:
        return 0
    extent = next(drawing.iter(_EXTENT), None)
    wide, high = number(extent, "cx") or 0, number(extent, "cy") or 0
    return wide / _EMU_PER_CM * (high / _EMU_PER_CM)

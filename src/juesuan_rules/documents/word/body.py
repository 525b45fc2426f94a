"""WordprocessingML to items: paragraphs with their automatic numbers, tables, text boxes, in reading order."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from juesuan_rules.documents.word.inline import ALTERNATE, BOX, CELL, CHUNK, DROPPED, ROW, TABLE, TEXT, P, TextReader, find_special
from juesuan_rules.documents.word.items import Item, Para, RawCell, RawTable
from juesuan_rules.documents.word.markup import Element, R, W, number
from juesuan_rules.documents.word.numbering import Lists
from juesuan_rules.documents.word.styles import Numbering, Style
from juesuan_rules.documents.word.tables import PLAIN, RawRow, Shape, cell_shape, row_shape, table_edges


class BodyReader:
    """Reads stories (the body, notes, text boxes) of one document; paragraphs are numbered through.

    told: as in `TextReader`. chunks: (paragraph number, relationship id) of documents embedded as a
    whole. pictures: (paragraph number, area in square centimetres). sheets: paragraph numbers of
    embedded Excel sheets.
    """

    def __init__(self, styles: dict[str, Style], numbering: Numbering) -> None:
        self.chunks: list[tuple[int, str]] = []
        self.pictures: list[tuple[int, float]] = []
        self.sheets: list[int] = []
        self._styles, self._numbering = styles, numbering
        self._text = TextReader(styles)
        self._lists = Lists()
        self._special: set[Element] = set()
        self._floating: list[Item] = []  # text boxes anchored in the paragraph (or table) being read
        self._depth = 0  # tables around the paragraph being read
        self._count = 0

    @property
    def told(self) -> Counter[str]:
        """How often something was left out or settled, by kind."""
        return self._text.told

    def read(self, container: Element) -> list[Item]:
        """The items of an element that holds paragraphs and tables."""
        self._special = find_special(container, self._styles)
        return self._read_container(container)

    def _read_container(self, container: Element) -> list[Item]:
        items: list[Item] = []
        carried: list[str] = []
        self._read_blocks(container, items, carried)
        self._end(items, carried)
        return items

    def _end(self, items: list[Item], carried: list[str]) -> None:
        if carried:
            items.append(Para("".join(carried), self._count))
            carried.clear()

    def _read_blocks(self, container: Element, items: list[Item], carried: list[str]) -> None:
        """carried: text of paragraphs whose end was deleted; it belongs to the next paragraph."""
        for element in container:
            tag = element.tag
            if tag == P:
                if element in self._special or carried:
                    self._read_paragraph(element, items, carried)
                    continue
                self._count += 1
                text = "".join([item.text or "" for item in element.iter(TEXT)])
                items.append(Para(text.replace("\xad", "") if "\xad" in text else text, self._count))
            elif tag == TABLE:
                items.append(self._read_table(element))
                if not self._depth:
                    self._flush(items)
            elif tag == CHUNK:
                self._count += 1
                self.chunks.append((self._count, element.get(R + "id", "")))
                items.append(Para("", self._count))
            elif tag == ALTERNATE:
                if len(element):
                    self._read_blocks(element[0], items, carried)
            elif tag not in DROPPED:
                self._read_blocks(element, items, carried)

    def _flush(self, items: list[Item]) -> None:
        items += self._floating
        self._floating = []

    # -------------------------------------------------------------- paragraphs

    def _read_paragraph(self, element: Element, items: list[Item], carried: list[str]) -> None:
        self._count += 1
        place = self._count
        properties = element.find(W + "pPr")
        label, ends, hidden = self._properties(properties) if properties is not None else ("", True, False)
        text = self._text.text(element)
        self.pictures += [(place, area) for area in self._text.pictures]
        self.sheets += [place] * self._text.sheets
        boxes, self._text.boxes, self._text.pictures, self._text.sheets = self._text.boxes, [], [], 0
        if hidden:
            self.told["隐藏"] += bool(text.strip())
            text, label = "", ""
        if text.strip() or self._depth:
            text = label + text
        if carried:
            text = "".join(carried) + text
            carried.clear()
        if ends:
            items.append(Para(text, place))
        else:
            self.told["修订"] += 1
            carried.append(text)
        for box in boxes:
            self._read_box(box)
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
            elif tag == W + "rPr" and len(item):
                ends = item.find(W + "del") is None and item.find(W + "moveFrom") is None
        if style is not None and list_id is None and style.list_id is not None:
            list_id = style.list_id
            level = style.level if level is None else level
        label = self._label(list_id, level, name) if list_id else ""
        return label, ends, style is not None and bool(style.hidden)

    def _label(self, list_id: int, level: int | None, style: str) -> str:
        found = self._numbering.lists.get(list_id)
        if found is None:
            return ""
        pattern, starts = found
        if level is None:
            level = self._numbering.styled.get((pattern, style), 0)
        key: object = (pattern, list_id) if starts else pattern
        return self._lists.label(key, self._numbering.patterns.get(pattern, ()), level, starts)

    def _read_box(self, box: Element) -> None:
        """A text box is a story of its own: no field and no table reaches into it."""
        fields, self._text.fields = self._text.fields, []
        floating, self._floating = self._floating, []
        depth, self._depth = self._depth, 0
        items = self._read_container(box)
        self._text.fields, self._depth = fields, depth
        self._floating = floating + items

    # -------------------------------------------------------------- tables

    def _read_table(self, table: Element) -> RawTable:
        begins = self._count + 1
        self._depth += 1
        nested = islice(table.iter(TABLE, BOX, CHUNK, ALTERNATE), 1, None)
        rows = self._read_rows(table) if next(nested, None) is None else self._read_nested_rows(table)
        self._depth -= 1
        edges = table_edges(table.find(W + "tblGrid"), rows)
        return RawTable([row.cells for row in rows], edges, begins)

    def _read_rows(self, table: Element) -> list[RawRow]:
        """The rows of a table that holds nothing but paragraphs: gone through once, whatever wraps them."""
        rows: list[RawRow] = []
        row, items, carried, parts = RawRow([], [], PLAIN), list[Item](), list[str](), list[str]()
        para: Para | None = None  # the paragraph that text found next belongs to
        skipping = False  # in a row or cell that is not printed
        for element in table.iter(ROW, CELL, P, TEXT):
            tag = element.tag
            if tag == TEXT:
                if para is not None and element.text:
                    parts.append(element.text)
                continue
            if parts and para is not None:
                para.text = "".join(parts).replace("\xad", "")
                parts = []
            para = None
            if tag == P:
                if skipping:
                    continue
                if element in self._special or carried:
                    self._read_paragraph(element, items, carried)
                    continue
                self._count += 1
                para = Para("", self._count)
                items.append(para)
                continue
            self._end(items, carried)
            items = []
            if tag == CELL:
                form = cell_shape(element) if element in self._special else PLAIN
                skipping = bool(form.dropped or row.shape.dropped)
                self._add_cell(row, form, element, items)
            else:
                row = RawRow([], [], row_shape(element) if element in self._special else PLAIN)
                skipping = True
                self._add_row(rows, row)
        if parts and para is not None:
            para.text = "".join(parts).replace("\xad", "")
        self._end(items, carried)
        return [row for row in rows if row.cells]

    def _read_nested_rows(self, table: Element) -> list[RawRow]:
        """The rows of a table with tables or text boxes in it."""
        rows: list[RawRow] = []
        for element in _children(table, ROW):
            row = RawRow([], [], row_shape(element))
            self._add_row(rows, row)
            for cell in _children(element, CELL) if not row.shape.dropped else ():
                form = cell_shape(cell)
                self._add_cell(row, form, cell, [] if form.dropped else self._read_container(cell))
        return [row for row in rows if row.cells]

    def _add_row(self, rows: list[RawRow], row: RawRow) -> None:
        if row.shape.dropped:
            self.told[row.shape.dropped] += 1
        rows.append(row)

    def _add_cell(self, row: RawRow, form: Shape, element: Element, items: list[Item]) -> None:
        if row.shape.dropped:
            return
        if form.dropped:
            self.told[form.dropped] += 1
            return
        row.cells.append(RawCell(items, 0, 0, form.merge, form.joined))
        row.shapes.append((form, element))


def _children(parent: Element, wanted: str) -> list[Element]:
    """The rows of a table or cells of a row, also those inside content controls and other wrappers."""
    found: list[Element] = []
    for element in parent:
        if element.tag == wanted:
            found.append(element)
        elif element.tag not in DROPPED and len(element):
            found += _children(element, wanted)
    return found

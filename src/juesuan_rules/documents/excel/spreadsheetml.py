"""The workbook as one XML file (Excel 2003), which systems like to export under the name .xls."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError, ParserCreate

from juesuan_rules.documents.excel.package import ELEMENTS, damaged
from juesuan_rules.documents.excel.sheets import MAX_COLUMNS, MAX_ROWS, UNCACHED, Budget, Shown, Workbook, Worksheet, cell_name, shown_number, shown_text
from juesuan_rules.documents.problems import unreadable

_NAMED = {
    "Standard": "#,##0.00", "Fixed": "0.00", "Percent": "0.00%", "Scientific": "0.00E+00", "Currency": "¥#,##0.00", "Short Date": "yyyy/m/d", "Medium Date": "d-mmm-yy",
    "Long Date": 'yyyy"年"m"月"d"日"', "General Date": "yyyy/m/d h:mm", "General Number": "General", "Short Time": "h:mm", "Medium Time": "h:mm AM/PM", "Long Time": "h:mm:ss",
}  # fmt: skip
"""Formats that have a name in these files."""

_DECLARATION = re.compile(r"\s{0,99}<\?xml[^>]{0,200}\?>")


def read_spreadsheetml(text: str, path: str) -> Workbook:
    """The workbook in the text of the file. Raises DocumentError where it does not hold together."""
    content = _Content(Budget(path), path)
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.data
    parser.StartDoctypeDeclHandler = content.refuse
    try:
        parser.Parse(_DECLARATION.sub("", text, count=1).lstrip("\ufeff").encode("utf-8", "replace"), True)
    except (ExpatError, ValueError):
        raise damaged(path) from None
    return content.workbook


class _Content:
    """Styles and worksheets, in the order of the file."""

    def __init__(self, budget: Budget, path: str) -> None:
        self.workbook = Workbook([])
        self.budget, self.path = budget, path
        self._elements = ELEMENTS
        self._codes: dict[str, str] = {}
        self._style = ""
        self._sheet = Worksheet("")
        self._row = self._column = self._columns = -1
        self._cell: dict[str, str] = {}
        self._kind: str | None = None
        self._parts: list[str] = []
        self._visible = self._comment = False

    def refuse(self, *_: object) -> None:
        """Refuses a document type declaration."""
        raise damaged(self.path, "含有文档类型声明（DTD），疑为恶意文件，不予读取")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements -= 1
        if self._elements < 0:
            raise unreadable(self.path, "E503", "内容过多，不予读取")
        tag = tag.rpartition(":")[2]
        self._comment = self._comment or tag == "Comment"
        if self._comment:
            return
        named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if tag == "Cell":
            self._start_cell(named)
        elif tag == "Data":
            self._kind, self._parts = named.get("Type", "String"), []
        elif tag == "Row":
            self._row, self._column = _at(named, self._row, MAX_ROWS), -1
            if named.get("Hidden") == "1":
                self._sheet.hidden_rows.update(range(self._row, self._row + 1 + min(_count(named, "Span"), 65_536)))
        elif tag == "Column":
            first = _at(named, self._columns, MAX_COLUMNS)
            self._columns = first + _count(named, "Span")
            if named.get("Hidden") == "1":
                self._sheet.hidden_columns.append((first, self._columns))
        elif tag == "Worksheet":
            self._sheet = Worksheet(named.get("Name", ""))
            self.workbook.sheets.append(self._sheet)
            self._row = self._columns = -1
        elif tag == "Style":
            self._style = named.get("ID", "")
        elif tag == "NumberFormat":
            code = named.get("Format", "")
            self._codes[self._style] = _NAMED.get(code, code)
        self._visible = tag == "Visible"

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if self._comment:
            self._comment = tag != "Comment"
        elif tag == "Data":
            self._put(self._shown("".join(self._parts)))
            self._kind = None
        elif tag == "Cell":
            if self._cell.get("Formula") and "filled" not in self._cell:
                self._put(Shown(UNCACHED))
                self._sheet.uncached.append(cell_name(self._row, self._column))
            # Cells covered to the right are not written: the next one stands behind them.
            self._column = min(self._column + _count(self._cell, "MergeAcross"), MAX_COLUMNS - 1)
        self._visible = False

    def data(self, text: str) -> None:
        if self._kind is not None:
            self._parts.append(text)
        elif self._visible and text.strip() in ("SheetHidden", "SheetVeryHidden"):
            self._sheet.hidden = True

    def _start_cell(self, named: dict[str, str]) -> None:
        self._cell = named
        self._column = _at(named, self._column, MAX_COLUMNS)
        across, down = _count(named, "MergeAcross"), _count(named, "MergeDown")
        if across or down:
            self.budget.merges()
            self._sheet.merges.append((self._row, self._column, self._row + down, self._column + across))

    def _put(self, shown: Shown) -> None:
        self._cell["filled"] = "1"
        if shown.text or shown.stored:
            self.budget.cells()
            self._sheet.put(max(self._row, 0), self._column, shown)

    def _shown(self, text: str) -> Shown:
        code = self._codes.get(self._cell.get("StyleID", ""), "General")
        if self._kind == "Number" and text.strip():
            return shown_number(text.strip(), code)
        if self._kind == "DateTime":
            return Shown(text.strip().removesuffix("T00:00:00.000"))
        if self._kind == "Boolean":
            return Shown("TRUE" if text.strip() == "1" else "FALSE")
        return shown_text(text, code)


def _at(named: dict[str, str], before: int, most: int) -> int:
    """The place an element names by its Index, from 0; else the one behind the last."""
    return min(_count(named, "Index") - 1 if _count(named, "Index") else before + 1, most - 1)


def _count(named: dict[str, str], key: str) -> int:
    text = named.get(key, "")
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdigit() and len(text) < 9 else 0

"""The XML workbook (.xlsx, .xlsm, the newer .et): sheets as displayed.

Values are read together with their style, so that every number is shown as its format shows it and
its stored digits are kept; what is hidden is told, not used; formulas stand for their stored result.
"""

from __future__ import annotations

import re

from juesuan_rules.documents.excel.formatcodes import BUILT_IN
from juesuan_rules.documents.excel.package import Handler, Package, damaged
from juesuan_rules.documents.excel.sheets import MAX_COLUMNS, MAX_ROWS, UNCACHED, Budget, Shown, Workbook, Worksheet, cell_name, shown_number, shown_text

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset(("1", "true", "on"))
_OTHER_SHEETS = {"chartsheet": "图表", "dialogsheet": "对话框", "xlMacrosheet": "宏表", "xlIntlMacrosheet": "宏表"}


def read_openxml(package: Package, path: str) -> Workbook:
    """The workbook in `package`. Raises DocumentError where it does not hold together."""
    book_part = next((part for kind, part in package.relations("").values() if kind == "officeDocument"), "xl/workbook.xml")
    if not package.has(book_part):
        raise damaged(path)
    book = _Book()
    package.scan(book_part, book)
    relations = package.relations(book_part)
    by_kind = dict(relations.values())
    strings, styles = _Strings(budget := Budget(path)), _Styles()
    for kind, handler in (("sharedStrings", strings), ("styles", styles)):
        if kind in by_kind and package.has(by_kind[kind]):
            package.scan(by_kind[kind], handler)
    workbook = Workbook([])
    for name, state, identifier in book.sheets:
        kind, part = relations.get(identifier, ("", ""))
        if kind in _OTHER_SHEETS:
            workbook.notes.append(f"工作表「{name}」是{_OTHER_SHEETS[kind]}，没有读取")
            continue
        if not package.has(part):
            raise damaged(path, f"缺少工作表「{name}」的内容，已损坏或不完整")
        sheet = Worksheet(name, hidden=state.lower() not in ("", "visible"))
        workbook.sheets.append(sheet)
        if not sheet.hidden:
            package.scan(part, _Sheet(sheet, strings.texts, styles.codes(), book.epoch_1904, budget))
    if any(name.endswith("vbaproject.bin") for name in package.names()):
        workbook.notes.append("文件含有宏，没有运行")
    return workbook


def unescape(text: str) -> str:
    """Text without the `_x000D_` by which control characters are written."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if not 0xD800 <= int(found[1], 16) < 0xE000 else "\ufffd", text)


class _Book(Handler):
    """Sheet names, states and relations; the epoch of dates."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.epoch_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identifier = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), identifier))
        elif tag == "workbookPr":
            self.epoch_1904 = attributes.get("date1904", "") in _TRUE


class _Strings(Handler):
    """The shared strings: runs joined, phonetic guides left out."""

    def __init__(self, budget: Budget) -> None:
        self.texts: list[str] = []
        self.budget = budget
        self._parts: list[str] = []
        self._inside = False
        self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "t":
            self._inside = not self._phonetic

    def end(self, tag: str) -> None:
        if tag == "t":
            self._inside = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.texts.append(unescape("".join(self._parts)))
            if len(self.texts) > self.budget.left:
                raise self.budget.too_many()

    def data(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)


class _Styles(Handler):
    """The format code of every cell style."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self._codes.setdefault(_number(attributes.get("numFmtId")), attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            self._cells = True
        elif tag == "xf" and self._cells:
            self._formats.append(_number(attributes.get("numFmtId")))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._cells = False

    def codes(self) -> list[str]:
        """Format codes by style number; a code the file spells out goes before the built-in one."""
        return [self._codes.get(number) or BUILT_IN.get(number, "General") for number in self._formats]


class _Sheet(Handler):
    """One sheet: rows, columns, cells and merges into a Worksheet."""

    def __init__(self, sheet: Worksheet, strings: list[str], codes: list[str], epoch_1904: bool, budget: Budget) -> None:
        self.sheet, self.strings, self.codes, self.epoch_1904, self.budget = sheet, strings, codes, epoch_1904, budget
        self._row = self._column = -1
        self._kind = self._code = ""
        self._parts: list[str] = []
        self._taking = self._formula = self._valued = self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self._taking, self._valued = not self._phonetic, True
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row = _number(attributes.get("r"), self._row + 2) - 1
            self._column = -1
            if attributes.get("hidden", "") in _TRUE:
                self.sheet.hidden_rows.add(self._row)
        elif tag == "col":
            if attributes.get("hidden", "") in _TRUE:
                self.sheet.hidden_columns.append((_number(attributes.get("min")) - 1, _number(attributes.get("max")) - 1))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "rPh":
            self._phonetic = True
        elif tag in ("drawing", "picture"):
            self.sheet.pictures = True

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._taking = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "c":
            self._end_cell()

    def data(self, text: str) -> None:
        if self._taking:
            self._parts.append(text)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = reference(attributes.get("r", ""))
        self._row, self._column = place or (max(self._row, 0), self._column + 1)
        self._kind = attributes.get("t", "n")
        style = _number(attributes.get("s"))
        self._code = self.codes[style] if style < len(self.codes) else "General"
        self._parts, self._taking, self._formula, self._valued = [], False, False, False

    def _end_cell(self) -> None:
        if not self._valued:
            if self._formula:
                self._put(Shown(UNCACHED))
                self.sheet.uncached.append(cell_name(self._row, self._column))
            return
        self._put(self._shown("".join(self._parts)))

    def _shown(self, text: str) -> Shown:
        if self._kind == "s":
            index = _number(text, -1)
            return shown_text(self.strings[index], self._code) if 0 <= index < len(self.strings) else Shown("#字符串缺失")
        if self._kind in ("str", "inlineStr"):
            return shown_text(unescape(text), self._code)
        if self._kind == "b":
            return Shown("TRUE" if text.strip() == "1" else "FALSE")
        if self._kind in ("e", "d") or not text.strip():
            return Shown(text.strip())
        return shown_number(text.strip(), self._code, self.epoch_1904)

    def _put(self, shown: Shown) -> None:
        if shown.text or shown.stored:
            self.budget.cells()
            self.sheet.put(self._row, self._column, shown)

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        start, end = reference(first), reference(last or first)
        if start and end and end >= start:
            self.budget.merges()
            self.sheet.merges.append((*start, *end))


def reference(text: str) -> tuple[int, int] | None:
    """(row, column) of a cell name, from 0; None where it is none."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(found[2]) - 1
    return (row, column - 1) if 0 <= row < MAX_ROWS and column <= MAX_COLUMNS else None


def _number(text: str | None, default: int = 0) -> int:
    try:
        return int(text) if text is not None and len(text) < 10 else default
    except ValueError:
        return default

"""The binary workbook of 2007 and later (.xlsb): the parts of a .xlsx written as records."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from juesuan_rules.documents.excel.formatcodes import BUILT_IN
from juesuan_rules.documents.excel.package import Package, damaged
from juesuan_rules.documents.excel.sheets import MAX_COLUMNS, MAX_ROWS, Budget, Shown, Workbook, Worksheet, shown_number, shown_text
from juesuan_rules.documents.excel.values import ERRORS, rk_number

_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_BOOL, _FORMULA_ERROR = range(8, 12)
_STRING, _FORMAT, _STYLE, _COLUMNS, _PROPERTIES, _BUNDLE, _MERGE, _DRAWING = 19, 44, 47, 60, 153, 156, 176, 550
_BEGIN_STYLES, _END_STYLES = 617, 618


def read_binary12(package: Package, path: str) -> Workbook:
    """The workbook in `package`. Raises DocumentError where it does not hold together."""
    try:
        return _read(package, path)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise damaged(path) from None


def _read(package: Package, path: str) -> Workbook:
    part = "xl/workbook.bin"
    relations = package.relations(part)
    by_kind = dict(relations.values())
    budget = Budget(path)
    codes = _codes(package, by_kind.get("styles", "xl/styles.bin"))
    strings = _strings(package, by_kind.get("sharedStrings", "xl/sharedStrings.bin"), budget)
    workbook, epoch_1904 = Workbook([]), False
    for kind, data in _records(package, part):
        if kind == _PROPERTIES:
            epoch_1904 = bool(data[0] & 1)
        elif kind == _BUNDLE:
            identifier, at = _wide(data, 8)
            name, _ = _wide(data, at)
            relation, target = relations.get(identifier, ("", ""))
            if relation != "worksheet" or not package.has(target):
                workbook.notes.append(f"工作表「{name}」不是普通工作表，没有读取")
                continue
            sheet = Worksheet(name, hidden=data[0] != 0)
            workbook.sheets.append(sheet)
            if not sheet.hidden:
                _Sheet(sheet, strings, codes, epoch_1904, budget).read(_records(package, target))
    if any(name.endswith("vbaproject.bin") for name in package.names()):
        workbook.notes.append("文件含有宏，没有运行")
    return workbook


class _Sheet:
    """One sheet's records into a Worksheet."""

    def __init__(self, sheet: Worksheet, strings: list[str], codes: list[str], epoch_1904: bool, budget: Budget) -> None:
        self.sheet, self.strings, self.codes, self.epoch_1904, self.budget = sheet, strings, codes, epoch_1904, budget

    def read(self, records: Iterator[tuple[int, bytes]]) -> None:
        row = 0
        for kind, data in records:
            if kind == _ROW:
                row = struct.unpack_from("<I", data)[0]
                if data[11] & 0x10:
                    self.sheet.hidden_rows.add(row)
            elif _RK <= kind <= _FORMULA_ERROR:
                column, style = struct.unpack_from("<II", data)
                style &= 0xFFFFFF
                code = self.codes[style] if style < len(self.codes) else "General"
                shown = self._shown(kind, data, code)
                if (shown.text or shown.stored) and column < MAX_COLUMNS and row < MAX_ROWS:
                    self.budget.cells()
                    self.sheet.put(row, column, shown)
            elif kind == _COLUMNS and struct.unpack_from("<H", data, 16)[0] & 1:
                self.sheet.hidden_columns.append(struct.unpack_from("<II", data))
            elif kind == _MERGE:
                first_row, last_row, first, last = struct.unpack_from("<IIII", data)
                self.budget.merges()
                self.sheet.merges.append((first_row, first, last_row, last))
            elif kind == _DRAWING:
                self.sheet.pictures = True

    def _shown(self, kind: int, data: bytes, code: str) -> Shown:
        if kind == _RK:
            return shown_number(rk_number(struct.unpack_from("<I", data, 8)[0]), code, self.epoch_1904)
        if kind in (_REAL, _FORMULA_REAL):
            return shown_number(struct.unpack_from("<d", data, 8)[0], code, self.epoch_1904)
        if kind in (_ERROR, _FORMULA_ERROR):
            return Shown(ERRORS.get(data[8], "#ERR!"))
        if kind in (_BOOL, _FORMULA_BOOL):
            return Shown("TRUE" if data[8] else "FALSE")
        if kind == _SHARED:
            index = struct.unpack_from("<I", data, 8)[0]
            return shown_text(self.strings[index], code) if index < len(self.strings) else Shown("#字符串缺失")
        return shown_text(_wide(data, 8)[0], code)


def _codes(package: Package, part: str) -> list[str]:
    """Format codes by style number."""
    custom: dict[int, str] = {}
    codes: list[str] = []
    inside = False
    for kind, data in _records(package, part):
        if kind == _FORMAT:
            custom[struct.unpack_from("<H", data)[0]] = _wide(data, 2)[0]
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            inside = kind == _BEGIN_STYLES
        elif kind == _STYLE and inside:
            number = struct.unpack_from("<H", data, 2)[0]
            codes.append(custom.get(number) or BUILT_IN.get(number, "General"))
    return codes


def _strings(package: Package, part: str, budget: Budget) -> list[str]:
    texts: list[str] = []
    for kind, data in _records(package, part):
        if kind == _STRING:
            texts.append(_wide(data, 1)[0])
            if len(texts) > budget.left:
                raise budget.too_many()
    return texts


def _records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of the records of a part; a record cut short ends the part as damaged."""
    if not package.has(part):
        return
    data = package.read(part)
    at, end = 0, len(data)
    while at < end:
        kind, at = _varying(data, at, 2)
        size, at = _varying(data, at, 4)
        if at + size > end:
            raise damaged(package.path)
        yield kind, data[at : at + size]
        at += size


def _varying(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for index in range(most):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            break
    return value, at


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 string and where it ends; the absent string is ""."""
    count = struct.unpack_from("<I", data, at)[0]
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(data):
        raise IndexError
    return data[at + 4 : end].decode("utf-16-le", "replace"), end

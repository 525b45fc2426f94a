"""The binary workbook of Excel 5 to 2003 (.xls, the older .et): its records, sheet by sheet.

Cells name their format only by number, so the records themselves are read: a value and how it is
shown stand in one record and cannot come apart.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.excel.biffstrings import Strings, code_page
from juesuan_rules.documents.excel.formatcodes import BUILT_IN
from juesuan_rules.documents.excel.package import damaged, encrypted
from juesuan_rules.documents.excel.sheets import MAX_COLUMNS, UNCACHED, Budget, Shown, Workbook, Worksheet, cell_name, shown_number, shown_text
from juesuan_rules.documents.excel.values import ERRORS, rk_number
from juesuan_rules.documents.problems import unreadable

_BOF, _EOF, _CONTINUE, _FILEPASS, _CODEPAGE, _EPOCH = 0x0809, 0x000A, 0x003C, 0x002F, 0x0042, 0x0022
_BOUNDSHEET, _FORMAT, _FORMAT_5, _XF, _SST = 0x0085, 0x041E, 0x001E, 0x00E0, 0x00FC
_ROW, _COLINFO, _MERGES = 0x0208, 0x007D, 0x00E5
_NUMBER, _RK, _MULRK, _LABEL, _RSTRING, _LABELSST = 0x0203, 0x027E, 0x00BD, 0x0204, 0x00D6, 0x00FD
_BOOLERR, _FORMULA, _STRING, _OBJECT = 0x0205, 0x0006, 0x0207, 0x005D
_FORMULAS = (_FORMULA, 0x0206, 0x0406)
_SHEET_KINDS = {1: "宏表", 2: "图表", 6: "宏模块"}
_CELLS = frozenset((_NUMBER, _RK, _LABEL, _RSTRING, _LABELSST, _BOOLERR, *_FORMULAS))

Record = tuple[int, bytes, list[bytes]]
"""Number, content, and the contents of the CONTINUE records behind it."""


def read_biff(stream: bytes, path: str) -> Workbook:
    """The workbook in an OLE stream "Workbook" or "Book". Raises DocumentError where it is damaged or encrypted."""
    try:
        return _Reader(stream, path).read()
    except (struct.error, IndexError):
        raise damaged(path) from None


class _Reader:
    """Globals first (formats, styles, shared strings, sheets), then the sheets where they stand."""

    def __init__(self, stream: bytes, path: str) -> None:
        self.stream, self.path = stream, path
        self.strings = Strings()
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.shared: list[str] = []
        self.epoch_1904 = False
        self.budget = Budget(path)
        self.sheets: list[tuple[str, int, int, int]] = []

    def read(self) -> Workbook:
        self._read_globals()
        workbook = Workbook([])
        codes = [self.formats.get(number) or BUILT_IN.get(number, "General") for number in self.styles]
        for name, offset, state, kind in self.sheets:
            if kind:
                workbook.notes.append(f"工作表「{name}」是{_SHEET_KINDS.get(kind, '其他内容')}，没有读取")
                continue
            sheet = Worksheet(name, hidden=state != 0)
            workbook.sheets.append(sheet)
            if not sheet.hidden:
                self._read_sheet(sheet, offset, codes)
        return workbook

    def _read_globals(self) -> None:
        first = True
        for number, data, more in self._records(0):
            if first:
                self._begin(number, data)
                first = False
            elif number == _EOF:
                return
            elif number == _FILEPASS:
                raise encrypted(self.path)
            elif number == _CODEPAGE:
                self.strings.encoding = code_page(struct.unpack_from("<H", data)[0])
            elif number == _EPOCH:
                self.epoch_1904 = data[:1] == b"\x01"
            elif number == _BOUNDSHEET:
                offset, state, kind = struct.unpack_from("<IBB", data)
                self.sheets.append((self.strings.short(data, 6), offset, state & 3, kind))
            elif number in (_FORMAT, _FORMAT_5):
                self.formats[struct.unpack_from("<H", data)[0]] = self.strings.long(data, 2) if self.strings.wide else self.strings.short(data, 2)
            elif number == _XF:
                self.styles.append(struct.unpack_from("<H", data, 2)[0])
            elif number == _SST:
                self.shared = self.strings.table([data, *more], self.budget)

    def _begin(self, number: int, data: bytes) -> None:
        version = struct.unpack_from("<H", data)[0] if number == _BOF else 0
        if version not in (0x0500, 0x0600):
            if number in (0x0009, 0x0209, 0x0409):
                raise unreadable(self.path, "E505", "是 Excel 4.0 或更早的工作簿，不能读取", "请用 Excel 或 WPS 打开并另存为 .xlsx 后再试")
            raise damaged(self.path)
        self.strings.wide = version == 0x0600

    def _records(self, at: int) -> Iterator[Record]:
        """Records from an offset on; CONTINUE records come with the record they continue."""
        stream, end = self.stream, len(self.stream)
        pending: Record | None = None
        while at + 4 <= end:
            number, size = struct.unpack_from("<HH", stream, at)
            at += 4
            if at + size > end:
                if pending is not None:
                    yield pending
                raise damaged(self.path)
            data = stream[at : at + size]
            at += size
            if number == _CONTINUE and pending is not None:
                pending[2].append(data)
                continue
            if pending is not None:
                yield pending
            pending = (number, data, [])
        if pending is not None:
            yield pending

    def _read_sheet(self, sheet: Worksheet, offset: int, codes: list[str]) -> None:
        if offset >= len(self.stream):
            raise damaged(self.path)
        cells = _Cells(sheet, codes, self)
        depth = 0
        for number, data, more in self._records(offset):
            if number == _BOF:
                depth += 1
            elif number == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                cells.take(number, data, more)
        raise damaged(self.path, f"工作表「{sheet.name}」不完整，文件已损坏或下载不全")


class _Cells:
    """The records of one sheet into a Worksheet."""

    def __init__(self, sheet: Worksheet, codes: list[str], reader: _Reader) -> None:
        self.sheet, self.codes, self.reader = sheet, codes, reader
        self.awaiting: tuple[int, int, str] | None = None

    def take(self, number: int, data: bytes, more: list[bytes]) -> None:
        sheet = self.sheet
        if number in _CELLS:
            row, column, style = struct.unpack_from("<HHH", data)
            self._put(row, column, self._shown(number, data, row, column, self._code(style)))
        elif number == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for index, at in enumerate(range(4, len(data) - 2, 6)):
                style, packed = struct.unpack_from("<HI", data, at)
                self._put(row, column + index, shown_number(rk_number(packed), self._code(style), self.reader.epoch_1904))
        elif number == _STRING and self.awaiting:
            row, column, code = self.awaiting
            self._put(row, column, shown_text(self.reader.strings.long(data, 0, more), code))
            self.awaiting = None
        elif number == _ROW:
            if len(data) >= 16 and data[12] & 0x20:
                sheet.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif number == _COLINFO:
            first, last, _, _, flags = struct.unpack_from("<HHHHH", data)
            if flags & 1:
                sheet.hidden_columns.append((first, last))
        elif number == _MERGES:
            self._merges(data)
        elif number == _OBJECT:
            sheet.pictures = True

    def _code(self, style: int) -> str:
        return self.codes[style] if style < len(self.codes) else "General"

    def _put(self, row: int, column: int, shown: Shown) -> None:
        if (shown.text or shown.stored) and column < MAX_COLUMNS:
            self.reader.budget.cells()
            self.sheet.put(row, column, shown)

    def _merges(self, data: bytes) -> None:
        count = min(struct.unpack_from("<H", data)[0], (len(data) - 2) // 8)
        self.reader.budget.merges(count)
        for index in range(count):
            first_row, last_row, first, last = struct.unpack_from("<HHHH", data, 2 + 8 * index)
            if first_row <= last_row and first <= last:
                self.sheet.merges.append((first_row, first, last_row, last))

    def _shown(self, number: int, data: bytes, row: int, column: int, code: str) -> Shown:
        reader = self.reader
        if number == _LABELSST:
            index = struct.unpack_from("<I", data, 6)[0]
            return shown_text(reader.shared[index], code) if index < len(reader.shared) else Shown("#字符串缺失")
        if number == _NUMBER:
            return shown_number(struct.unpack_from("<d", data, 6)[0], code, reader.epoch_1904)
        if number == _RK:
            return shown_number(rk_number(struct.unpack_from("<I", data, 6)[0]), code, reader.epoch_1904)
        if number == _BOOLERR:
            return _bool_or_error(data[6], data[7])
        if number in _FORMULAS:
            return self._formula(data, row, column, code)
        return shown_text(reader.strings.long(data, 6), code)

    def _formula(self, data: bytes, row: int, column: int, code: str) -> Shown:
        """The stored result of a formula; a text comes in the STRING record behind it."""
        self.awaiting = None
        result = data[6:14]
        if len(result) < 8:
            raise IndexError
        if result[6:] != b"\xff\xff":
            return shown_number(struct.unpack("<d", result)[0], code, self.reader.epoch_1904)
        if result[0] == 0:
            self.awaiting = (row, column, code)
        elif result[0] in (1, 2):
            return _bool_or_error(result[2], result[0] - 1)
        elif result[0] != 3:
            self.sheet.uncached.append(cell_name(row, column))
            return Shown(UNCACHED)
        return Shown("")


def _bool_or_error(value: int, is_error: int) -> Shown:
    if is_error:
        return Shown(ERRORS.get(value, "#ERR!"))
    return Shown("TRUE" if value else "FALSE")


def workbook_stream(data: bytes, path: str) -> bytes:
    """The workbook inside an OLE file. Raises DocumentError for an encrypted file and for one without a workbook."""
    import olefile

    try:
        with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_INCORRECT) as file:
            names = {entry[0].lower(): entry for entry in file.listdir() if len(entry) == 1}
            if "encryptedpackage" in names:
                raise encrypted(path)
            entry = names.get("workbook") or names.get("book")
            if entry is None:
                raise unreadable(path, "E505", "不是 Excel 工作簿")
            return bytes(file.openstream(entry).read())
    except DocumentError:
        raise
    except Exception:  # noqa: BLE001 - a damaged container makes olefile fail in many ways
        raise damaged(path) from None

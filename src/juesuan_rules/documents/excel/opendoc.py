"""The OpenDocument workbook (.ods): its cells carry the displayed text themselves."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from juesuan_rules.documents.excel.numberformat import plain, same_value
from juesuan_rules.documents.excel.package import Handler, Package, damaged, encrypted
from juesuan_rules.documents.excel.sheets import MAX_COLUMNS, MAX_ROWS, UNCACHED, Budget, Shown, Workbook, Worksheet, cell_name


def read_opendocument(package: Package, path: str) -> Workbook:
    """The workbook in `package`. Raises DocumentError where it does not hold together or is encrypted."""
    if not package.has("content.xml"):
        raise damaged(path)
    if package.has("META-INF/manifest.xml"):
        manifest = _Manifest()
        package.scan("META-INF/manifest.xml", manifest)
        if manifest.encrypted:
            raise encrypted(path)
    content = _Content(Budget(path))
    package.scan("content.xml", content)
    return content.workbook


class _Manifest(Handler):
    encrypted = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.encrypted = self.encrypted or tag == "encryption-data"


class _Content(Handler):
    """content.xml into worksheets; repeated rows and columns count, empty ones cost nothing."""

    def __init__(self, budget: Budget) -> None:
        self.workbook = Workbook([])
        self.budget = budget
        self.hidden_styles: set[str] = set()
        self._style = ""
        self._sheet: Worksheet | None = None
        self._nested = 0
        self._row = self._column = self._rows = self._columns = 0
        self._cell: dict[str, str] | None = None
        self._lines: list[list[str]] = []
        self._ignored = 0
        self._filled: dict[int, Shown] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if self._ignored or tag in ("annotation", "shapes", "tracked-changes"):
            self._ignored += 1
            self._note_picture(tag)
        elif tag == "style":
            self._style = named.get("name", "")
        elif tag == "table-properties":
            if named.get("display") == "false":
                self.hidden_styles.add(self._style)
        elif tag == "table":
            self._start_table(named)
        elif self._sheet is None or self._nested:
            return
        elif self._cell is not None:
            self._start_inside(tag, named)
        elif tag == "table-column":
            self._take_column(named)
        elif tag == "table-row":
            self._rows, self._column, self._filled = _repeated(named, "number-rows-repeated"), 0, {}
            if named.get("visibility", "visible") != "visible":
                self.sheet.hidden_rows.update(range(self._row, self._row + min(self._rows, 65_536)))
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._lines = {**named, "tag": tag}, []

    @property
    def sheet(self) -> Worksheet:
        """The sheet being read."""
        assert self._sheet is not None
        return self._sheet

    def end(self, tag: str) -> None:
        if self._ignored:
            self._ignored -= 1
        elif tag == "table":
            self._end_table()
        elif self._sheet is None or self._nested:
            return
        elif tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self._end_row()

    def data(self, text: str) -> None:
        if self._cell is not None and self._lines and not self._ignored and not self._nested:
            self._lines[-1].append(text)

    def _note_picture(self, tag: str) -> None:
        if tag == "frame" and self._sheet is not None:
            self._sheet.pictures = True

    def _start_table(self, named: dict[str, str]) -> None:
        if self._sheet is not None:
            self._nested += 1
            return
        self._sheet = Worksheet(named.get("name", ""), hidden=named.get("style-name") in self.hidden_styles)
        self.workbook.sheets.append(self._sheet)
        self._row = self._columns = 0

    def _end_table(self) -> None:
        if self._nested:
            self._nested -= 1
            return
        if self._sheet is not None and self._sheet.hidden:
            self._sheet.cells.clear()
        self._sheet = None

    def _take_column(self, named: dict[str, str]) -> None:
        count = _repeated(named, "number-columns-repeated")
        if named.get("visibility", "visible") != "visible":
            self.sheet.hidden_columns.append((self._columns, self._columns + count - 1))
        self._columns += count

    def _start_inside(self, tag: str, named: dict[str, str]) -> None:
        if tag == "p":
            self._lines.append([])
        elif tag == "frame":
            self.sheet.pictures = True
        elif self._lines:
            if tag == "s":
                self._lines[-1].append(" " * min(_repeated(named, "c"), 100))
            elif tag in ("tab", "line-break"):
                self._lines[-1].append("\t" if tag == "tab" else "\n")

    def _end_cell(self) -> None:
        named = self._cell or {}
        self._cell = None
        count = _repeated(named, "number-columns-repeated")
        if named.get("tag") == "table-cell":
            shown = self._shown(named)
            if (shown.text or shown.stored) and self._row < MAX_ROWS:
                columns = range(self._column, min(self._column + count, MAX_COLUMNS))
                self.budget.cells(len(columns))
                self._filled.update(dict.fromkeys(columns, shown))
            across, down = _repeated(named, "number-columns-spanned"), _repeated(named, "number-rows-spanned")
            if across > 1 or down > 1:
                self.budget.merges()
                self.sheet.merges.append((self._row, self._column, self._row + down - 1, self._column + across - 1))
        self._column += count

    def _shown(self, named: dict[str, str]) -> Shown:
        text = "\n".join(["".join(parts) for parts in self._lines]).strip(" \t\r\n\u3000\u00a0")
        kind, value = named.get("value-type", ""), named.get("value", "")
        if "formula" in named and not kind and not text:
            self.sheet.uncached.append(cell_name(self._row, self._column))
            return Shown(UNCACHED)
        if kind in ("float", "percentage", "currency"):
            try:
                number = Decimal(value)
            except InvalidOperation:
                return Shown(text)
            if number.is_finite() and not same_value(text, number):
                return Shown(text, plain(number) if abs(number.adjusted()) < 400 else value)
        return Shown(text)

    def _end_row(self) -> None:
        if self._filled:
            rows = range(self._row, min(self._row + self._rows, MAX_ROWS))
            self.budget.cells(len(self._filled) * max(len(rows) - 1, 0))
            for row in rows:
                self.sheet.cells[row] = dict(self._filled)
        self._row += self._rows


def _repeated(named: dict[str, str], key: str) -> int:
    text = named.get(key, "1")
    return max(1, min(int(text), MAX_ROWS)) if text.isascii() and text.isdigit() and len(text) < 9 else 1

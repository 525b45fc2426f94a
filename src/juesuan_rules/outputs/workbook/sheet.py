"""Writing into a worksheet: document text only ever as text, links and comments within what spreadsheets take."""

from __future__ import annotations

from typing import Any

from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.workbook.expression import Cell, quoted
from juesuan_rules.outputs.workbook.styles import Styles

_MOST_LINKS, _MOST_COMMENTS = 40_000, 800
"""Excel follows 65,530 links a sheet; a comment is a drawing, and hundreds of them are slow."""
_CELL_TEXT = 8_000
_FILLED = 0.97
"""The part of a column's width that lines of wrapped text fill."""
Format = Any


def plain_worksheet() -> Any:
    """The class of worksheets: formulas are written as they are. The library would look through each for thirty names of
    newer functions, which these formulas never use, and in the quoted names of sheets as well, where they are names only."""
    from xlsxwriter.worksheet import Worksheet

    class Plain(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return Plain


class Texts:
    """Harmless forms of texts, worked out once each."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = xml_text(text, _CELL_TEXT)
        return known


class Page:
    """One worksheet. Rows and columns count from 0."""

    def __init__(self, sheet: Any, styles: Styles, texts: Texts) -> None:
        self.sheet, self.styles, self._texts = sheet, styles, texts
        self.name: str = sheet.name
        self.merged: set[tuple[int, int]] = set()
        self._links = self._comments = 0

    def text(self, row: int, column: int, text: str, style: Format = None) -> None:
        """A text, whatever it looks like; an empty one only where it has a style."""
        shown = self._texts(text) if text else ""
        if shown:
            self.sheet.write_string(row, column, shown, style)
        elif style is not None:
            self.sheet.write_blank(row, column, None, style)

    def number(self, row: int, column: int, number: float, style: Format = None) -> None:
        """A number."""
        self.sheet.write_number(row, column, number, style)

    def formula(self, row: int, column: int, formula: str, style: Format, value: float | str) -> None:
        """A formula of our own with the value it has."""
        self.sheet.write_formula(row, column, "=" + formula, style, value)

    def link(self, row: int, column: int, to: Cell, text: str, style: Format = None) -> None:
        """A text that leads to a cell; text alone where there are too many links."""
        self._links += 1
        if self._links > _MOST_LINKS:
            self.text(row, column, text, style or self.styles.link)
            return
        self.sheet.write_url(row, column, f"internal:{quoted(to.sheet)}!{to.name.replace('$', '')}", style or self.styles.link, self._texts(text) or "…")

    def comment(self, row: int, column: int, text: str) -> None:
        """A note on a cell."""
        self._comments += 1
        if self._comments <= _MOST_COMMENTS:
            lines = [self._texts(line)[:300] for line in text.split("\n")[:6]]
            self.sheet.write_comment(row, column, "\n".join(lines), {"x_scale": 2.2, "y_scale": 0.5 + 0.35 * len(lines), "font_size": 9})

    def head(self, row: int, names: tuple[str, ...], first: int = 0) -> None:
        """Column heads."""
        for at, name in enumerate(names, start=first):
            self.text(row, at, name, self.styles.head)

    def fit(self, row: int, least: float, *texts: tuple[str, float]) -> None:
        """A height for wrapped texts, each with the width it has: not every program works that out when it opens a file."""
        lines = max([-(-width_of(text[:_CELL_TEXT]) // max(int(width * _FILLED), 1)) for text, width in texts], default=1)
        self.sheet.set_row(row, min(max(least, 13.5 * lines + 2), 400))

    def widths(self, *widths: float) -> None:
        """Widths of the columns from the first, in digits; a Chinese character takes two."""
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)

    def printing(self, repeated: tuple[int, int] | None = None, footer: str = "") -> None:
        """A4, landscape, one page wide, head rows on every page, page numbers."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        shown = self._texts(footer)[:80].replace("&", "&&")
        self.sheet.set_footer(f"&L&8{shown}&R&8第 &P 页，共 &N 页")
        if repeated is not None:
            self.sheet.repeat_rows(*repeated)


def width_of(text: str) -> int:
    """Columns a text takes: a Chinese character two."""
    return len(text) if text.isascii() else len(text.encode("gbk", "replace"))

"""Pages set by hand for tests of tables without rules: strings at places, and whole tables of given column borders."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.documents.pdf.orientation import Frame
from juesuan_rules.documents.pdf.pages import Char, PageContent, Rule

PAGE_WIDTH, PAGE_HEIGHT = 842.0, 595.0
LEAD = 1.25


def advance(text: str, size: float) -> float:
    """How wide a string is: Chinese characters are square, others half as wide."""
    return sum(size if mark > "⿿" else size / 2 for mark in text)


class Sheet:
    """A page that strings are set on. y is the middle of a line, from the top."""

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.chars: list[Char] = []
        self.across: list[Rule] = []

    def text(self, x: float, y: float, text: str, size: float = 9.0, align: str = "l") -> None:
        """Sets a string from x on (l), up to x (r) or around x (c)."""
        x -= {"l": 0.0, "c": 0.5, "r": 1.0}[align] * advance(text, size)
        for mark in text:
            step = advance(mark, size)
            if mark not in " 　":
                self.chars.append((mark, x, y - size / 2, x + step, y + size / 2, size))
            x += step

    def cell(self, left: float, right: float, y: float, text: str, align: str, size: float = 9.0, pad: float = 3.0) -> None:
        """Sets a cell between two borders; its lines (parted by "/") lie around y."""
        lines = text.split("/")
        for at, line in enumerate(lines):
            x = {"l": left + pad, "r": right - pad, "c": (left + right) / 2}[align]
            self.text(x, y + (at - (len(lines) - 1) / 2) * LEAD * size, line, size, align)

    def page(self) -> PageContent:
        """The page as the reader sees it."""
        frame = Frame(0, 0, PAGE_WIDTH, PAGE_HEIGHT)
        return PageContent(self.number, PAGE_WIDTH, PAGE_HEIGHT, self.chars, self.across, [], frame)


def is_amount(text: str) -> bool:
    """Whether a cell is set to the right."""
    return "." in text and text.strip("-0123456789.,") == ""


def set_rows(
    sheet: Sheet,
    borders: Sequence[float],
    rows: Sequence[Sequence[str]],
    top: float,
    step: float = 18.0,
    amounts: str = "r",
    size: float = 9.0,
    pad: float = 3.0,
) -> float:
    """Sets body rows: amounts to the right, line numbers in the middle, names to the left, totals in the middle. Returns the y below."""
    for row in rows:
        y = top
        for left, right, text in zip(borders, borders[1:], row, strict=False):
            if not text:
                continue
            small = text.isdigit() and len(text) < 3
            align = amounts if is_amount(text) else "c" if small or text.endswith("计") else "l"
            sheet.cell(left, right, y, text, align, size, pad)
        top += step
    return top


def texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    """The texts of a grid, white space inside cells left out."""
    return [[getattr(cell, "text", "").replace(" ", "") for cell in row] for row in rows]

"""Characters of a page → pieces of text on lines: the raw material of tables without rules.

A piece is what was set in one go: characters that touch. Pieces are cut finer than cells, since two
cells may stand closer together than the words of one label; the columns put them together again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from juesuan_rules.documents.pdf.pages import Box, Char

Kind = Literal["amount", "code", "number", "text"]

AMOUNT = re.compile(r"[-−－]?[\d,，]*\d[.．]\d+%?|[-−－]?\d{1,3}(?:[,，]\d{3})+%?|[-—－–/]{1,3}")
"""A figure with decimals or grouped thousands, or a dash that stands for none."""
CODE = re.compile(r"\d{3,9}")
NUMBER = re.compile(r"[-−－]?\d+%?")

MARK = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}[)）]?[.．、]?(?<!\d)(?<![一二三四五六七八九十])")
"""What numbers a heading or a row of names: 1. 一、（1）"""

WORD_GAP = 0.3
"""White space between two pieces, in heights of their characters."""
FIGURE_GAP = 0.12
"""The same after a figure: next to a right-aligned amount the next cell may start very near."""
_FIGURE_STEP = 0.62
"""The widest advance of a figure, in heights."""
BASE_SHIFT = 0.35
"""How far the middles of characters on one line may lie apart, in heights of characters."""
SPREAD_GAP = 6.0
"""How far the characters of a spaced out word (合　　计) may stand apart, in heights of characters."""
SPREAD_WORDS = frozenset(("合计", "总计", "小计", "共计", "项目", "栏次", "行次", "金额", "收入", "支出", "科目", "备注", "序号", "单位"))
"""The words that are commonly spaced out to fill a cell."""


class Piece(msgspec.Struct):
    """Characters that stand together: their text, box, height and what kind of thing they spell. line: the y of their line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    kind: Kind = "text"
    line: float = 0.0

    @property
    def middle(self) -> float:
        """The x of the middle."""
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """The y of the middle."""
        return (self.y0 + self.y1) / 2


class Line(msgspec.Struct):
    """Pieces side by side, from left to right; y is the middle of most of them."""

    y: float
    size: float
    pieces: list[Piece]

    @property
    def text(self) -> str:
        """The text of the line without white space."""
        return "".join(piece.text for piece in self.pieces)


def kind_of(text: str) -> Kind:
    """What a piece of text spells; figures with a damaged character still count as figures."""
    if text[0] > "⿿":
        return "text"
    if AMOUNT.fullmatch(text):
        return "amount"
    if CODE.fullmatch(text):
        return "code"
    if NUMBER.fullmatch(text):
        return "number"
    if "." in text[:-1] and sum(mark.isdigit() or mark in ".,-" for mark in text) >= 0.7 * len(text) and len(text) < 20:
        return "amount"
    return "text"


def cut_pieces(chars: Sequence[Char], taken: Sequence[Box] = ()) -> list[Piece]:
    """The characters outside the boxes `taken`, put together where they touch on one line, in content order.

    The boxes of some pages end with the ink and not with the advance of a character; there the step
    from one character to the next tells that they touch, and how wide the last one is.
    """
    pieces: list[Piece] = []
    letters: list[str] = []
    x0 = y0 = x1 = y1 = size = pen = step = 0.0
    figure = False
    last = ""
    for text, left, top, right, bottom, height in chars:
        if taken and _inside(left, top, right, bottom, taken):
            continue
        if letters:
            gap = left - x1
            if abs(bottom - y1) <= BASE_SHIFT * size and (
                -0.3 * size < gap < (FIGURE_GAP if figure else WORD_GAP) * size or 0 < left - pen <= (1.04 if last > "⿿" else _FIGURE_STEP) * size
            ):
                letters.append(text)
                step, pen, last = left - pen, left, text
                x1 = right
                if bottom > y1:
                    y1 = bottom
                if height < size:
                    size, y0 = height, top
                figure = figure and text in "0123456789.,%"
                continue
            pieces.append(Piece("".join(letters), x0, y0, _end(x1, pen, step, last, size), y1, size))
        letters = [text]
        x0, y0, x1, y1, size = left, top, right, bottom, height
        pen, step, last = left, 0.0, text
        figure = text in "0123456789-"
    if letters:
        pieces.append(Piece("".join(letters), x0, y0, _end(x1, pen, step, last, size), y1, size))
    return pieces


def _end(right: float, pen: float, step: float, last: str, size: float) -> float:
    """The right edge of a piece by the advance of its last character, where its box may only be as wide as the ink."""
    if last > "⿿":
        return max(right, pen + size) if right > pen + 0.1 * size else right
    return max(right, pen + step) if 0.4 * size < step < _FIGURE_STEP * size and last.isdigit() else right


def _inside(left: float, top: float, right: float, bottom: float, taken: Sequence[Box]) -> bool:
    x, y = (left + right) / 2, (top + bottom) / 2
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in taken)


def set_lines(pieces: Sequence[Piece]) -> list[Line]:
    """The pieces line by line from the top; touching pieces joined, spaced out words put together."""
    groups: list[list[Piece]] = []
    base = 0.0
    for piece in sorted(pieces, key=lambda one: one.y0 + one.y1):
        y = piece.height
        if groups and y - base <= BASE_SHIFT * min(piece.size, groups[-1][0].size):
            groups[-1].append(piece)
        else:
            groups.append([piece])
            base = y
    lines = []
    for group in groups:
        group.sort(key=lambda one: one.x0)
        joined = _join_spread(_join_touching(group))
        widest = max(joined, key=lambda one: one.x1 - one.x0)
        for piece in joined:
            piece.kind = kind_of(piece.text)
            piece.size = _true_size(piece)
            piece.line = widest.height
        lines.append(Line(widest.height, widest.size, joined))
    return lines


def _true_size(piece: Piece) -> float:
    """The size of Chinese text is how far it advances; the height of boxes is only near it."""
    step = (piece.x1 - piece.x0) / len(piece.text)
    square = len(piece.text) > 1 and 0.8 * piece.size < step < 1.3 * piece.size and min(piece.text) > "⿿"
    return step if square else piece.size


def _join_touching(group: Sequence[Piece]) -> list[Piece]:
    """Pieces of one line that touch although they were set apart (another font), and marks (1.) with what they mark."""
    out: list[Piece] = []
    for piece in group:
        last = out[-1] if out else None
        if last is not None and _touching(last, piece):
            out[-1] = _joined(last, piece)
        else:
            out.append(piece)
    return out


def _touching(last: Piece, piece: Piece) -> bool:
    gap = (piece.x0 - last.x1) / piece.size
    return -0.15 < gap < FIGURE_GAP or (0 <= gap < 1.2 and piece.text[0] > "⿿" and MARK.fullmatch(last.text) is not None)


def _join_spread(group: list[Piece]) -> list[Piece]:
    """Words whose characters are spaced out (合　计), where the characters spell a word of tables."""
    if len(group) < 2 or not any(len(piece.text) == 1 for piece in group):
        return group
    out: list[Piece] = []
    at = 0
    while at < len(group):
        end = at + 1
        while end < len(group) and len(group[end].text) == 1 == len(group[at].text) and group[end].x0 - group[end - 1].x1 < SPREAD_GAP * group[at].size:
            end += 1
        while end > at + 1 and "".join(piece.text for piece in group[at:end]) not in SPREAD_WORDS:
            end -= 1
        joined = group[at]
        for piece in group[at + 1 : end]:
            joined = _joined(joined, piece)
        out.append(joined)
        at = end
    return out


def _joined(first: Piece, second: Piece) -> Piece:
    return Piece(
        first.text + second.text,
        min(first.x0, second.x0),
        min(first.y0, second.y0),
        max(first.x1, second.x1),
        max(first.y1, second.y1),
        max(first.size, second.size),
    )

"""The lines of a document's running text, as printed and in one spelling."""

from __future__ import annotations

import msgspec

from juesuan_rules.documents.model import NOWHERE, Document, GridBlock, Place
from juesuan_rules.reports.prose.headings import cut_mark, is_heading
from juesuan_rules.reports.prose.repairs import tidy

PROSE, CONTENTS, COVER, OUTSIDE = "正文", "目录", "封面", "表外"
GRID = "grid"
"""Role of the stand-in of a table between lines."""

_SPOKEN = 30
"""A cell of a one-column grid this long is a paragraph set in a frame, not a table."""


class Line(msgspec.Struct):
    """A printed line or paragraph: as printed, in one spelling, its mark, and its role so far."""

    raw: str
    text: str = ""
    place: Place = NOWHERE
    level: int = 0
    rest: str = ""
    role: str = PROSE

    @property
    def heading(self) -> bool:
        """Whether it reads like a heading with a mark."""
        return is_heading(self.level, self.rest)


def flatten(document: Document) -> list[Line]:
    """Every non-empty line in reading order, tables as lines of role `GRID`; roles are not known yet."""
    lines: list[Line] = []
    for block in document.blocks:
        if not isinstance(block, GridBlock):
            lines += _lines_of(block.text, block.place)
        elif _is_frame(block):
            for row in block.rows:
                lines += [line for cell in row for line in _lines_of(cell.text, cell.place if cell.place != NOWHERE else block.place)]
        elif not (lines and lines[-1].role == GRID):
            lines.append(Line("", role=GRID))
    return lines


def _lines_of(text: str, place: Place) -> list[Line]:
    found: list[Line] = []
    for raw in text.split("\n") if "\n" in text else (text,):
        plain = tidy(raw)
        if plain:
            level, _, rest = cut_mark(plain)
            found.append(Line(raw, plain, place, level, rest))
    return found


def _is_frame(grid: GridBlock) -> bool:
    """Whether a grid is running text set in a frame: one column, with a sentence in it."""
    spoken = False
    for row in grid.rows:
        filled = [cell for cell in row if cell.text.strip()]
        if len(filled) > 1:
            return False
        spoken = spoken or any(len(cell.text) >= _SPOKEN and "。" in cell.text for cell in filled)
    return spoken

"""The title printed above a grid that is no standard table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.names import fold

_REACH = 6
"""How many lines above a grid are searched for its title."""
_LONGEST = 60
_TITLE = re.compile(r"表(?:[(（].{0,20}[)）])?(?:[一二三四五六七八九十\d]{1,3})?$")
_NO_TITLE = re.compile(r"(?:附件?|公开)?表?[一二三四五六七八九十\d]{0,3}表?$|.*[:：].*|第[一二三四五六七八九十]+[部章节].*|.*[。；]$")


def captions(document: Document, grids: Sequence[GridBlock]) -> tuple[str, ...]:
    """Per grid the nearest line above it that reads like the title of a table, or ""."""
    wanted = {id(grid): position for position, grid in enumerate(grids)}
    found = [""] * len(grids)
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, TextBlock):
            lines.append(block.text)
            continue
        if id(block) in wanted:
            found[wanted[id(block)]] = _caption(lines[-_REACH:]) or _first_row(block)
        lines = []
    return tuple(found)


def _caption(lines: list[str]) -> str:
    return next((line.strip() for line in reversed(lines) if _is_title(line)), "")


def _is_title(line: str) -> bool:
    text = fold(line)
    return 2 < len(text) <= _LONGEST and _TITLE.search(text) is not None and _NO_TITLE.match(text) is None


def _first_row(grid: GridBlock) -> str:
    """The title of a grid that begins with it, in a cell of its own."""
    texts = [cell.text for cell in grid.rows[0] if cell.text.strip()] if grid.rows else []
    return texts[0].strip() if len(texts) == 1 and _is_title(texts[0]) else ""

"""Items to blocks: running text in lines, tables as grids, layout tables taken apart."""

from __future__ import annotations

import re

from juesuan_rules.documents import limits
from juesuan_rules.documents.model import Block, Place, TextBlock
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.grids import build_grid, width_of
from juesuan_rules.documents.word.items import Item, Para, RawCell, RawTable

_ENDS = re.compile(r"[。；;！!？?：:”）)]\s*$")
_LONG = 25
"""A line this long that does not end a sentence goes on behind a manual line break."""


class BlockWriter:
    """Collects the blocks of one document; counts tables and cells. Raises DocumentError beyond the bounds."""

    def __init__(self, path: str) -> None:
        self.blocks: list[Block] = []
        self._path = path
        self._tables = 0
        self._cells = 0

    def write(self, items: list[Item]) -> None:
        """Appends the blocks of `items`."""
        for item in items:
            if isinstance(item, Para):
                self._write_text(item)
            else:
                self._write_table(item)

    def _write_text(self, para: Para) -> None:
        text = para.text.strip()
        if not text:
            return
        if "\n" not in text:
            self.blocks.append(TextBlock(text, Place(paragraph=para.number)))
            return
        for line in _lines(text):
            self.blocks.append(TextBlock(line, Place(paragraph=para.number)))

    def _write_table(self, table: RawTable) -> None:
        if not table.rows:
            return
        inner = [item for row in table.rows for cell in row for item in cell.items if isinstance(item, RawTable)]
        if _is_layout(table, inner):
            for row in table.rows:
                for cell in row:
                    self.write(cell.items)
            return
        self._cells += len(table.rows) * width_of(table)
        if self._cells > limits.CELLS:
            raise unreadable(self._path, "E503", f"表格单元格过多，不得超过 {limits.CELLS} 个")
        self._tables += 1
        self.blocks.append(build_grid(table, self._tables))
        for other in inner:
            self._write_table(other)


def _lines(text: str) -> list[str]:
    """The text cut at its manual line breaks, but for those inside a sentence."""
    lines: list[str] = []
    for line in text.split("\n"):
        part = line.strip()
        if not part:
            continue
        if lines and len(lines[-1]) >= _LONG and not _ENDS.search(lines[-1]):
            lines[-1] += part
        else:
            lines.append(part)
    return lines


def _is_layout(table: RawTable, inner: list[RawTable]) -> bool:
    """Whether a table only arranges what stands in it: a frame, or more cells inside than its own."""
    if len(table.rows) == 1 and len(table.rows[0]) == 1:
        return True
    if not inner:
        return False
    own = sum(1 for row in table.rows for cell in row if _has_text(cell))
    return sum(len(row) for other in inner for row in other.rows) > own


def _has_text(cell: RawCell) -> bool:
    return any(isinstance(item, Para) and item.text.strip() for item in cell.items)

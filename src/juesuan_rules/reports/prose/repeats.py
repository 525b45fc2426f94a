"""A report published twice in one go: as the body and once more as an attachment."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from juesuan_rules.documents.model import Block, Document, GridBlock
from juesuan_rules.names import fold

_LONG = 12
"""Shorter lines (headings, labels) may well stand in two files that are no repetition."""
_MOSTLY = 0.8
"""A file of whose long lines so many stand in an earlier file says nothing new."""


def without_repeats(document: Document, others: Sequence[GridBlock], titles: Sequence[str]) -> tuple[Document, list[GridBlock], list[str]]:
    """The document, its other grids and their titles without what an earlier file of it says already."""
    files = list(dict.fromkeys([block.place.file for block in document.blocks]))
    if len(files) < 2:
        return document, list(others), list(titles)
    lines: set[str] = set()
    grids: set[tuple[str, ...]] = set()
    kept: list[Block] = []
    gone: set[int] = set()
    for file in files:
        blocks = [block for block in document.blocks if block.place.file == file]
        texts = [fold(block.text) for block in blocks if not isinstance(block, GridBlock)]
        long = [text for text in texts if len(text) >= _LONG]
        stale = bool(long) and sum(text in lines for text in long) >= _MOSTLY * len(long)
        printed = {id(block): _texts(block) for block in blocks if isinstance(block, GridBlock)}
        gone |= {at for at, text in printed.items() if text in grids}
        kept += [block for block in blocks if (id(block) not in gone if isinstance(block, GridBlock) else not stale)]
        lines.update(long)
        grids.update(printed.values())
    pairs = [(grid, title) for grid, title in zip(others, titles, strict=True) if id(grid) not in gone]
    return replace(document, blocks=tuple(kept)), [grid for grid, _ in pairs], [title for _, title in pairs]


def _texts(grid: GridBlock) -> tuple[str, ...]:
    return tuple([fold(cell.text) for row in grid.rows for cell in row])

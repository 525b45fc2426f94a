"""What every Word format is read into first: paragraphs and raw tables, as a tree in reading order."""

from __future__ import annotations

import msgspec


class Para(msgspec.Struct, gc=False):
    """A paragraph. number: running number in the file, from 1. Line breaks inside are "\\n"."""

    text: str
    number: int


class RawCell(msgspec.Struct):
    """A cell as the file has it. start, end: numbers of the edges left and right of it.

    merge: 0 alone, 1 first of cells merged downwards, 2 merged with the cell above. hidden: merged
    with the cell to its left.
    """

    items: list[Item]
    start: int
    end: int
    merge: int = 0
    joined: bool = False


class RawTable(msgspec.Struct):
    """A table as the file has it. edges: where edge i lies, in twentieths of a point, rising.

    number: running number of the first paragraph in it.
    """

    rows: list[list[RawCell]]
    edges: list[int]
    number: int


Item = Para | RawTable

"""Tables out of a stream of paragraphs, each of which says how deep in tables it stands (.doc and RTF)."""

from __future__ import annotations

import msgspec

from juesuan_rules.documents.word.items import Item, Para, RawCell, RawTable
from juesuan_rules.documents.word.tables import place_cells

_COLUMN = 2000
"""The width of a cell that no row definition names, in twentieths of a point."""


class Row(msgspec.Struct):
    """How a table row is laid out. edges: of its cells, in twentieths of a point. joined, merge: by
    cell, as in `RawCell`."""

    edges: list[int]
    joined: list[bool]
    merge: list[int]


class _Open(msgspec.Struct):
    """A table being read: rows done, cells of the row begun, items of the cell begun."""

    number: int
    rows: list[tuple[list[RawCell], list[int]]] = msgspec.field(default_factory=list)
    cells: list[RawCell] = msgspec.field(default_factory=list)
    items: list[Item] = msgspec.field(default_factory=list)


class TableStack:
    """The tables that are open, outermost first. items: what has been read and is in no open table."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._open: list[_Open] = []

    @property
    def depth(self) -> int:
        """How many tables are open."""
        return len(self._open)

    def go_to(self, depth: int, number: int) -> None:
        """Opens and closes tables until `depth` are open. number: of the paragraph met."""
        while len(self._open) > depth:
            self._close()
        while len(self._open) < depth:
            self._open.append(_Open(number))

    def add(self, para: Para) -> None:
        """A paragraph of the innermost open cell, or of the running text."""
        (self._open[-1].items if self._open else self.items).append(para)

    def end_cell(self) -> None:
        """The cell begun ends."""
        table = self._open[-1]
        table.cells.append(RawCell(table.items, 0, 0))
        table.items = []

    def end_row(self, row: Row | None, dropped: bool = False) -> None:
        """The row begun ends; `row` says how it is laid out. dropped: it is not printed."""
        table = self._open[-1]
        cells, table.cells, table.items = table.cells, [], []
        if not cells or dropped:
            return
        edges = list(row.edges) if row is not None else [0]
        while len(edges) <= len(cells):
            edges.append(edges[-1] + _COLUMN)
        for index, cell in enumerate(cells):
            if row is not None and index < len(row.merge):
                cell.merge, cell.joined = row.merge[index], row.joined[index]
        table.rows.append((cells, edges))

    def finish(self) -> list[Item]:
        """Closes what is open and gives everything read."""
        self.go_to(0, 0)
        return self.items

    def _close(self) -> None:
        table = self._open[-1]
        if any(not isinstance(item, Para) or item.text.strip() for item in table.items):
            self.end_cell()
        self.end_row(None)
        self._open.pop()
        if table.rows:
            edges = place_cells(table.rows)
            target = self._open[-1].items if self._open else self.items
            target.append(RawTable([cells for cells, _ in table.rows], edges, table.number))

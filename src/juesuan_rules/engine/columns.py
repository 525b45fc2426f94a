"""One block of a table bound for checking: columns of whole 分 beside their states, and row selections.

Nothing here judges. Everything is built once, when first asked for. A state is one byte per cell, so
that several columns combine with one `|` of two big integers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec

from juesuan_rules.amounts import UNITS, Amount, Exact
from juesuan_rules.engine.lacks import is_record_set
from juesuan_rules.language.model import Form
from juesuan_rules.names import label as plain_label
from juesuan_rules.reports.model import BlockData, Row, Table

BLANK = 0
ZERO = 1
NUMBER = 2
ABSENT = 4
HARD = 8
"""Blank or dash; a printed zero; a number; no such row; anything only `judge` may settle."""

_STATES = {"number": NUMBER, "zero": ZERO, "blank": BLANK, "dash": BLANK, "text": HARD, "unreadable": HARD}
_UNKNOWN_BLANK = bytes((HARD,)) + bytes(range(1, 256))


class Cell(msgspec.Struct, eq=False):
    """One figure as checks use it. One object per cell and run, so identity is equality.

    row, amount: None where there is no such row (it counts as 0, or a join looked for it in vain).
    """

    sheet: Sheet
    key: str
    column: str
    row: Row | None
    amount: Amount | None

    @property
    def table(self) -> Table:
        """The table it stands in."""
        return self.sheet.table

    @property
    def half(self) -> Exact:
        """Half-width of the printed figure in 分."""
        return self.amount.half if self.amount is not None else 0


class Selection(msgspec.Struct, frozen=True):
    """Rows picked from a block: their keys and positions (None: all of them, in order).

    A row that is named but not there has position -1.
    """

    keys: tuple[str, ...]
    positions: tuple[int, ...] | None


class Column(msgspec.Struct):
    """A column as numbers: `values` in 分 (0 where nothing is printed), `states` one byte a row."""

    values: list[Exact]
    states: bytes
    amounts: tuple[Amount, ...]
    _unit: str | None = None

    @property
    def unit(self) -> str:
        """The one money unit all its figures are printed in; "" where they have several, or none of money."""
        if self._unit is None:
            units = {amount.unit for amount in self.amounts}
            self._unit = units.pop() if len(units) == 1 and units <= UNITS.keys() else ""
        return self._unit


_TOTALS = ("合计", "总计")


def level_of(row: Row) -> int:
    """1 类, 2 款, 3 项, 0 none; taken from the code where the reader gave no level."""
    if row.level or row.role in ("合计", "总计"):
        return row.level
    digits = row.code or row.key
    return (len(digits) - 1) // 2 if digits.isdigit() and len(digits) in (3, 5, 7) else 0


class Sheet:
    """One block of one table: rows by key, columns and selections built when asked for.

    scope: 0 this report, -1 last year's, 1 … the units.
    """

    def __init__(self, table: Table, block: BlockData, scope: int = 0) -> None:
        self.table, self.block, self.scope = table, block, scope
        self.records = is_record_set(table.spec)
        self.rows = block.rows
        self.keys: tuple[str, ...] = tuple([row.key for row in block.rows])
        self.unknown_blank = table.spec.blank == "未知"
        self._columns: dict[str, Column | None] = {}
        self._selections: dict[Form, Selection] = {}
        self._index: dict[str, int] | None = None
        self._children: dict[str, tuple[int, ...]] | None = None
        self._below: dict[Form, dict[str, tuple[int, ...]]] = {}
        self._units: dict[str, str] | None = None
        self._cells: dict[tuple[str, str], Cell] = {}
        self._elsewhere: frozenset[str] | None = None
        self._repeated: frozenset[str] | None = None
        self._parents: tuple[str, ...] | None = None
        self._optional: frozenset[str] | None = None

    @property
    def index(self) -> dict[str, int]:
        """Position of every row by its key."""
        if self._index is None:
            self._index = {key: position for position, key in enumerate(self.keys)}
        return self._index

    def column(self, name: str) -> Column | None:
        """The column of that canonical name, or None where the report does not print it."""
        if name in self._columns:
            return self._columns[name]
        amounts = self.block.columns.get(name)
        built = None
        if amounts is not None:
            states = bytes([_STATES[a.state] for a in amounts])
            if self.unknown_blank:
                states = states.translate(_UNKNOWN_BLANK)
            built = Column([a.value or 0 for a in amounts], states, amounts)
        self._columns[name] = built
        return built

    def select(self, rows: Form) -> Selection:
        """The rows a form of kind `rows` picks, in printed order."""
        found = self._selections.get(rows)
        if found is None:
            if rows[0] == "all":
                found = Selection(self.keys, None)
            elif rows[0] in ("key", "keys"):
                found = Selection(tuple(rows[1:]), tuple([self.index.get(key, -1) for key in rows[1:]]))
            else:
                accept = self._accept(rows)
                positions = tuple([p for p, row in enumerate(self.rows) if accept(row)])
                found = Selection(tuple([self.keys[p] for p in positions]), positions)
            self._selections[rows] = found
        return found

    @property
    def children(self) -> dict[str, tuple[int, ...]]:
        """Positions of the nearest present descendants of every row that has any; 其中 rows and totals apart.

        In a record set the parents may stand in another block: the indicators of a form below the form.
        """
        if self._children is None:
            gathered: dict[str, list[int]] = {}
            for position, row in enumerate(self.rows):
                if row.parent is not None and row.role != "其中" and not (self.records and row.role in _TOTALS):
                    gathered.setdefault(row.parent, []).append(position)
            totals = {row.key for row in self.rows if row.role in _TOTALS and not self.records}
            others = [block.rows for block in self.table.blocks.values() if block is not self.block] if self.records else []
            known = {row.key for rows in others for row in rows}
            self._children = {key: tuple(at) for key, at in gathered.items() if key not in totals and (key in self.index or key in known)}
        return self._children

    def below(self, rows: Form) -> dict[str, tuple[int, ...]]:
        """`children` of the rows a selection picks; of parents in another block, the children it picks."""
        found = self._below.get(rows)
        if found is None:
            found = self._below[rows] = self._picked_below(rows)
        return found

    def _picked_below(self, rows: Form) -> dict[str, tuple[int, ...]]:
        if rows == ("all",):
            return self.children
        if rows[0] == "key":
            return {key: at for key, at in self.children.items() if key == rows[1]}
        picked = self.select(rows)
        positions = set(range(len(self.keys)) if picked.positions is None else picked.positions)
        keys = set(picked.keys)
        inside = {key: at for key, at in self.children.items() if key in keys}
        outside = {key: tuple([p for p in at if p in positions]) for key, at in self.children.items() if key not in self.index}
        return {**inside, **{key: at for key, at in outside.items() if at}}

    def may_lack(self, key: str) -> bool:
        """True where a row that is not there counts as 0: the table is empty, or the layout allows it.
        A sentence nobody wrote counts as nothing."""
        if self.records:
            return False
        if self.table.empty and not self.unknown_blank:
            return True
        if self._optional is None:
            self._optional = frozenset(row.key for row in self.block.spec.rows if row.optional)
        return key in self._optional

    @property
    def parents(self) -> tuple[str, ...]:
        """Keys of the rows that have descendants, in printed order; those of another block after them."""
        if self._parents is None:
            outside = [key for key in self.children if key not in self.index]
            self._parents = (*[key for key in self.keys if key in self.children], *outside)
        return self._parents

    def unit(self, column: str) -> str:
        """What a column is measured in where no figure says so: its own unit, or the table's money unit."""
        if self._units is None:
            self._units = {spec.name: spec.unit for spec in self.block.spec.columns}
        return self._units.get(column, "") or self.table.unit or "万元"

    def named_elsewhere(self, name: str) -> bool:
        """True where another block of the table has a row of that label as well."""
        if self._elsewhere is None:
            others = [block for block in self.table.spec.blocks if block.name != self.block.spec.name]
            labels = [row.label for block in others for row in block.rows]
            self._elsewhere = frozenset(labels)
        return name in self._elsewhere

    def repeated(self, label: str) -> bool:
        """True where two rows of the block have this label."""
        if self._repeated is None:
            counted = Counter([row.label for row in self.rows])
            self._repeated = frozenset([name for name, count in counted.items() if count > 1])
        return label in self._repeated

    def cell(self, key: str, column: str) -> Cell:
        """The cell at a row key and a column that exists; a missing row gives a cell without amount."""
        found = self._cells.get((key, column))
        if found is None:
            position = self.index.get(key)
            values = self.block.columns.get(column)
            if position is None or values is None:
                found = Cell(self, key, column, None, None)
            else:
                found = Cell(self, key, column, self.rows[position], values[position])
            self._cells[key, column] = found
        return found

    def _accept(self, rows: Form) -> Callable[[Row], bool]:
        """A predicate over rows for the forms group, prefix, label, not, and, or."""
        kind = rows[0]
        if kind == "all":
            return lambda row: True
        if kind in ("key", "keys"):
            wanted = frozenset(rows[1:])
            return lambda row: row.key in wanted
        if kind == "prefix":
            return lambda row: (row.code or row.key).startswith(rows[1])
        if kind == "label":
            name = plain_label(rows[1])
            return lambda row: plain_label(row.label) == name
        if kind == "not":
            inner = self._accept(rows[1])
            return lambda row: not inner(row)
        if kind in ("and", "or"):
            parts = [self._accept(part) for part in rows[1:]]
            combine = all if kind == "and" else any
            return lambda row: combine(part(row) for part in parts)
        if kind == "group":
            return self._group(rows[1])
        raise ValueError(f"未知的行选择 {kind}")

    def _group(self, name: str) -> Callable[[Row], bool]:
        levels = {"类": 1, "款": 2, "项": 3}
        if name in levels:
            return lambda row: level_of(row) == levels[name]
        if name == "末级":
            return lambda row: row.role in ("明细", "小计") and row.key not in self.children
        if name == "非末级":
            return lambda row: row.key in self.children
        if name == "明细":
            # A code table prints parents among its details; a sum must not count both.
            return lambda row: row.role == "明细" and row.key not in self.children
        return lambda row: row.role == name

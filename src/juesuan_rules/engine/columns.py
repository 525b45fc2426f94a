"""A report bound for checking: columns of whole 分 beside their states, row selections, joins.

Nothing here judges. A `Books` is made per run, holds the report (and last year's, and the units'),
and builds each column, selection and join once, when first asked for.

A state is one byte per cell, so that several columns combine with one `|` of two big integers:
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from juesuan_rules.amounts import UNITS, Amount, Exact
from juesuan_rules.language.model import Form
from juesuan_rules.names import label as plain_label
from juesuan_rules.reports.model import BlockData, Report, Row, Table

BLANK = 0
ZERO = 1
NUMBER = 2
ABSENT = 4
HARD = 8
"""Blank or dash; a printed zero; a number; no such row; anything only `judge` may settle."""

_STATES = {"number": NUMBER, "zero": ZERO, "blank": BLANK, "dash": BLANK, "text": HARD, "unreadable": HARD}
_UNKNOWN_BLANK = bytes((HARD, ZERO, NUMBER, HARD)) + bytes(252)
ALL_MISSING = "缺表:全部"
"""Cause of everything undecided in a report without any table."""
Source = tuple[str, str, str]
"""(scope, table id, block)."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Why something cannot be read: the reason of the verdict, one sentence, the table.

    cause: id of the root cause where the whole table is out of reach, else None.
    """

    reason: str
    text: str
    table: str = ""
    cause: str | None = None


@dataclass(slots=True, eq=False)
class Cell:
    """One figure as checks use it. One object per cell and run, so identity is equality.

    scope: 0 this report, -1 last year's, 1… the units. row: None where the row is missing.
    amount: None where there is no such row (counted as 0 because the rule or an empty table says so).
    """

    scope: int
    table: Table
    block: BlockData
    key: str
    column: str
    row: Row | None
    amount: Amount | None

    @property
    def half(self) -> Exact:
        """Half-width of the printed figure in 分."""
        return self.amount.half if self.amount is not None else 0


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows picked from a block: their keys and positions (None: all of them, in order).

    A row that is named but not there has position -1.
    """

    keys: tuple[str, ...]
    positions: tuple[int, ...] | None


@dataclass(slots=True)
class Column:
    """A column as numbers: `values` in 分 (0 where nothing is printed), `states` one byte a row."""

    values: list[Exact]
    states: bytes
    amounts: tuple[Amount, ...]


def level_of(row: Row) -> int:
    """1 类, 2 款, 3 项, 0 none; taken from the code where the reader gave no level."""
    if row.level or row.role in ("合计", "总计"):
        return row.level
    digits = row.code or row.key
    return (len(digits) - 1) // 2 if digits.isdigit() and len(digits) in (3, 5, 7) else 0


class Sheet:
    """One block of one table: rows by key, columns and selections built when asked for."""

    def __init__(self, table: Table, block: BlockData, scope: int = 0) -> None:
        self.table, self.block, self.scope = table, block, scope
        self.rows = block.rows
        self.keys: tuple[str, ...] = tuple([row.key for row in block.rows])
        self.unknown_blank = table.spec.blank == "未知"
        self._columns: dict[str, Column | None] = {}
        self._selections: dict[Form, Selection] = {}
        self._index: dict[str, int] | None = None
        self._children: dict[str, tuple[int, ...]] | None = None
        self._cells: dict[tuple[str, str], Cell] = {}
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
        """Positions of the nearest present descendants of every row that has any; 其中 rows and totals apart."""
        if self._children is None:
            gathered: dict[str, list[int]] = {}
            for position, row in enumerate(self.rows):
                if row.parent is not None and row.role != "其中":
                    gathered.setdefault(row.parent, []).append(position)
            totals = {row.key for row in self.rows if row.role in ("合计", "总计")}
            self._children = {key: tuple(at) for key, at in gathered.items() if key not in totals and key in self.index}
        return self._children

    def may_lack(self, key: str) -> bool:
        """True where a row that is not there counts as 0: the table is empty, or the layout allows it."""
        if self.table.empty and not self.unknown_blank:
            return True
        if self._optional is None:
            self._optional = frozenset(row.key for row in self.block.spec.rows if row.optional)
        return key in self._optional

    @property
    def parents(self) -> tuple[str, ...]:
        """Keys of the rows that have descendants, in printed order."""
        if self._parents is None:
            self._parents = tuple([key for key in self.keys if key in self.children])
        return self._parents

    def cell(self, key: str, column: str) -> Cell:
        """The cell at a row key and a column that exists; a missing row gives a cell without amount."""
        found = self._cells.get((key, column))
        if found is None:
            position = self.index.get(key)
            values = self.block.columns.get(column)
            if position is None or values is None:
                found = Cell(self.scope, self.table, self.block, key, column, None, None)
            else:
                found = Cell(self.scope, self.table, self.block, key, column, self.rows[position], values[position])
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


@dataclass(slots=True)
class Books:
    """Everything a run reads: this report, last year's, the units'; what is lacking; shared joins."""

    report: Report
    prior: Report | None = None
    units: tuple[Report, ...] = ()
    _sheets: dict[Source, tuple[Sheet, ...]] = field(default_factory=dict)
    _lacks: dict[tuple[str, str], Lack | None] = field(default_factory=dict)
    _column_lacks: dict[tuple[str, str, str, str], Lack | None] = field(default_factory=dict)
    _domains: dict[tuple[int, ...], tuple[str, ...]] = field(default_factory=dict)
    _joins: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    _held: list[tuple[str, ...]] = field(default_factory=list)

    def reports(self, scope: str) -> tuple[tuple[int, Report], ...]:
        """The reports of a scope with their numbers (0 this one, -1 last year's, 1… the units)."""
        if not scope:
            return ((0, self.report),)
        if scope == "上年":
            return ((-1, self.prior),) if self.prior is not None else ()
        return tuple(enumerate(self.units, 1))

    def lack(self, scope: str, table: str) -> Lack | None:
        """Why the table cannot be relied on, or None where it can."""
        if (scope, table) not in self._lacks:
            self._lacks[scope, table] = self._find_lack(scope, table)
        return self._lacks[scope, table]

    @property
    def all_missing(self) -> bool:
        """True where the report has none of the tables every report must have."""
        required = [spec.id for spec in self.report.layout.tables if spec.presence == "必有"]
        return not any(name in self.report.tables for name in required) and not any(p.blocking and p.table in required for p in self.report.problems)

    def _find_lack(self, scope: str, table: str) -> Lack | None:
        reports = self.reports(scope)
        if not reports:
            return Lack("缺" + scope, "没有给出上年的报告" if scope == "上年" else "没有给出所属单位的报告")
        where = {"": "", "上年": "上年报告", "所属单位": "所属单位报告"}.get(scope, scope)
        for _, report in reports:
            found = report.tables.get(table)
            about = [p for p in report.problems if p.table == table and p.kind != "缺表"]
            blocking = next((p for p in (*(found.problems if found else ()), *about) if p.blocking), None)
            if blocking is not None:
                return Lack("无法识别", f"{where}《{table}》：{blocking.message}", table, f"读取:{where}{table}")
            if found is None:
                cause = ALL_MISSING if not where and self.all_missing else f"缺表:{where}{table}"
                return Lack("缺表", f"{where}缺《{table}》", table, cause)
            if found.unit not in UNITS:
                return Lack("单位不明", f"{where}《{table}》没有可识别的金额单位", table)
        return None

    def sheets(self, scope: str, table: str, block: str) -> tuple[Sheet, ...]:
        """One sheet per report of the scope; empty where the table or block is not there."""
        source = (scope, table, block)
        found = self._sheets.get(source)
        if found is None:
            built = []
            for number, report in self.reports(scope):
                data = report.tables.get(table)
                half = data.blocks.get(block) if data is not None else None
                if data is not None and half is not None:
                    built.append(Sheet(data, half, number))
            found = self._sheets[source] = tuple(built)
        return found

    def column_lack(self, scope: str, table: str, block: str, column: str) -> Lack | None:
        """Why a column cannot be read although its table can."""
        mark = (scope, table, block, column)
        if mark not in self._column_lacks:
            self._column_lacks[mark] = self._find_column_lack(*mark)
        return self._column_lacks[mark]

    def _find_column_lack(self, scope: str, table: str, block: str, column: str) -> Lack | None:
        reports, sheets = self.reports(scope), self.sheets(scope, table, block)
        if len(sheets) < len(reports):
            return Lack("缺列", f"《{table}》没有“{block}”部分" if block else f"《{table}》没有可读的栏目", table, f"缺列:{table}.{block}")
        if column not in ("*", "") and any(column not in sheet.block.columns for sheet in sheets):
            return Lack("缺列", f"《{table}》没有“{column}”栏", table, f"缺列:{table}.{column}")
        return None

    def star_columns(self, table: str, block: str) -> tuple[str, ...]:
        """Names of the columns "*" stands for: those of the layout, in its order."""
        spec = self.report.layout.table(table)
        half = spec.block(block) if spec is not None else None
        if half is None:
            data = self.report.tables.get(table)
            found = data.blocks.get(block) if data is not None else None
            half = found.spec if found is not None else None
        return tuple([column.name for column in half.columns]) if half is not None else ()

    def union(self, parts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        """Full outer join of key tuples, in the order of the first, then of the others."""
        first = parts[0]
        if all(part is first or part == first for part in parts[1:]):
            return first
        mark = tuple([id(part) for part in parts])
        found = self._domains.get(mark)
        if found is None:
            found = self._domains[mark] = tuple(dict.fromkeys([key for part in parts for key in part]))
            self._held.extend(parts)
        return found

    def common(self, keys: tuple[str, ...], limit: tuple[str, ...]) -> tuple[str, ...]:
        """The keys that also stand in `limit`, in their own order."""
        if keys is limit or keys == limit:
            return keys
        mark = (-1, id(keys), id(limit))
        found = self._domains.get(mark)
        if found is None:
            wanted = set(limit)
            found = self._domains[mark] = tuple([key for key in keys if key in wanted])
            self._held.extend((keys, limit))
        return found

    def join(self, keys: tuple[str, ...], domain: tuple[str, ...]) -> tuple[int, ...]:
        """For every key of `domain` its position in `keys`, or -1."""
        mark = (id(keys), id(domain))
        found = self._joins.get(mark)
        if found is None:
            place = {key: position for position, key in enumerate(keys)}
            found = self._joins[mark] = tuple([place.get(key, -1) for key in domain])
            self._held.extend((keys, domain))
        return found

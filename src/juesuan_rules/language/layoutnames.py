"""The names a layout knows, indexed for looking up what a rule's author wrote."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Layout, RowSpec, TableSpec
from juesuan_rules.catalogue.records import FACTS, VALUE
from juesuan_rules.language.charts import Chart, read_chart
from juesuan_rules.language.model import Form
from juesuan_rules.names import fold, label

LEVELS = {"类": 1, "款": 2, "项": 3}
LEAVES = ("末级", "非末级")
ROLES = ("明细", "合计", "小计", "其中", "结转", "总计", "空")
GROUPS = (*LEVELS, *LEAVES, *ROLES)
"""Row groups every table can be asked for by name."""
_CODE_LENGTHS = {"功能": (3, 5, 7), "经济": (3, 5)}


class BlockNames(msgspec.Struct, frozen=True, dict=True):
    """One block of one table, with its rows and columns by every name they have."""

    table: TableSpec
    block: BlockSpec

    @cached_property
    def rows_by_label(self) -> dict[str, list[RowSpec]]:
        """Rows by normalised label, alias or key; several where the table prints a label twice.

        What prose calls a fact is no name of it in rules: several facts may share a phrase."""
        found: dict[str, list[RowSpec]] = {}
        for row in self.block.rows:
            aliases = () if self.is_records else row.aliases
            for name in dict.fromkeys((label(row.label), *map(label, aliases), fold(row.key))):
                if name:
                    found.setdefault(name, []).append(row)
        return found

    @cached_property
    def rows_by_line(self) -> dict[int, RowSpec]:
        """Rows by printed 行次."""
        return {row.line: row for row in self.block.rows if row.line is not None}

    @cached_property
    def rows_by_key(self) -> dict[str, RowSpec]:
        """Rows by canonical key."""
        return {row.key: row for row in self.block.rows}

    @cached_property
    def columns_by_name(self) -> dict[str, list[ColumnSpec]]:
        """Columns by normalised name; aliases only where no column has that very name."""
        found: dict[str, list[ColumnSpec]] = {}
        for column in self.block.columns:
            found.setdefault(fold(column.name), []).append(column)
        exact = set(found)
        for column in self.block.columns:
            for alias in dict.fromkeys(map(fold, column.aliases)):
                if alias not in exact and column not in found.get(alias, ()):
                    found.setdefault(alias, []).append(column)
        return found

    @cached_property
    def column_groups(self) -> frozenset[str]:
        """Normalised headers printed above several columns."""
        return frozenset(fold(c.group) for c in self.block.columns if c.group)

    @cached_property
    def block_names(self) -> frozenset[str]:
        """Every normalised name of the block; empty for the whole of a one-sided table."""
        return frozenset(fold(n) for n in (self.block.name, *self.block.aliases) if n)

    @property
    def is_records(self) -> bool:
        """Whether this belongs to a record set of prose or forms, not to a printed table."""
        return self.table.form == "records"

    @property
    def usual_column(self) -> str:
        """The column meant where none is named, "" where there is none such."""
        return VALUE if self.is_records and fold(VALUE) in self.columns_by_name else ""

    def units(self, column: str, rows: Form | None) -> set[str]:
        """The units that the figures of a column ("*": any) in these rows may have, as in the layout."""
        columns = [c for c in self.block.columns if column in ("*", c.name)]
        own = {c.unit for c in columns if c.unit}
        if all(c.unit for c in columns):
            return own
        named = rows[1:] if rows is not None and rows[0] in ("key", "keys") else None
        if named is not None:
            return own | {self.rows_by_key[key].unit if key in self.rows_by_key else "" for key in named}
        return own | ({row.unit for row in self.block.rows} if self.is_records else set()) or own | {""}

    @property
    def open(self) -> bool:
        """True where reports may print rows the layout does not list."""
        return self.table.id != FACTS and self._open

    @property
    def _open(self) -> bool:
        return self.table.form in ("codes", "panels") or not self.block.rows

    @property
    def code_lengths(self) -> tuple[int, ...]:
        """How many digits a code of this table may have; empty where its rows carry no codes."""
        return next((lengths for name, lengths in _CODE_LENGTHS.items() if self.table.chart.startswith(name)), ())

    def has_group(self, name: str) -> bool:
        """Whether any row of this block can belong to the row group."""
        if name in LEVELS:
            if self.open:
                return len(self.code_lengths) >= LEVELS[name] or not self.table.chart
            return any(r.key.isdigit() and len(r.key) == 1 + 2 * LEVELS[name] for r in self.block.rows)
        return name in LEAVES or (self.open and name in ("明细", "合计")) or any(r.role == name for r in self.block.rows)

    def only_row(self, role: str) -> RowSpec | None:
        """The one row of a role, where the layout fixes that there is exactly one."""
        if self.open and role not in ("合计", "总计"):
            return None
        rows = [r for r in self.block.rows if r.role == role]
        return rows[0] if len(rows) == 1 else None

    def address(self, row: RowSpec | None = None, by_line: bool = False) -> str:
        """How a rule would write this block or a row of it; by printed 行次 (else key) where a label is not enough."""
        text = short_name(self.table)
        if self.block.name:
            text += f".{self.block.name}"
        if row is not None:
            exact = f"{row.line}行" if row.line is not None else row.key
            text += f"[{exact if by_line else row.label}]"
        return text


def short_name(table: TableSpec) -> str:
    """What rules call the table."""
    return table.short[0] if table.short else table.id


class LayoutNames:
    """A layout's tables by every name, their blocks indexed on first use."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._tables: dict[str, TableSpec] = {}
        self._blocks: dict[str, tuple[BlockNames, ...]] = {}
        self._charts: dict[str, Chart | None] = {}
        for table in layout.tables:
            for name in (table.id, *table.short):
                self._tables.setdefault(fold(name), table)
        for table in (*layout.tables, *layout.records):
            for name in _further_names(table):
                self._tables.setdefault(fold(name), table)

    def table(self, name: str) -> TableSpec | None:
        """The table of that id, short name, title or number (01表, 1表), or the record set; or None."""
        return self._tables.get(fold(name))

    def blocks(self, table: TableSpec) -> tuple[BlockNames, ...]:
        """The blocks of a table, indexed."""
        if table.id not in self._blocks:
            self._blocks[table.id] = tuple(BlockNames(table, block) for block in table.blocks)
        return self._blocks[table.id]

    def chart(self, names: BlockNames) -> Chart | None:
        """The chart that lists the 科目 of a table's rows, or None where it has none or no dictionary lists it."""
        kind = names.table.chart[:2]
        if kind not in self._charts:
            self._charts[kind] = read_chart(self.layout, kind, names.code_lengths) if names.code_lengths else None
        return self._charts[kind]

    def table_names(self) -> list[str]:
        """Names of printed tables as rules write them: short names, ids and numbers."""
        return [n for t in self.layout.tables for n in (*t.short, t.id, *([f"{t.number}表"] if t.number else []))]

    def record_names(self) -> list[str]:
        """Names of the record sets of prose and forms."""
        return [t.id for t in self.layout.records]

    def dictionary_names(self) -> list[str]:
        """Names of the layout's dictionaries."""
        return [d.name for d in self.layout.dictionaries]

    @cached_property
    def parameters(self) -> dict[str, object]:
        """The layout's parameters by name."""
        return dict(self.layout.parameters)


def _further_names(table: TableSpec) -> Iterator[str]:
    if table.number:
        yield f"{table.number}表"
        if table.number.isdigit():
            yield f"{int(table.number)}表"
    yield from (table.id, *table.titles)

"""Layouts: which tables, blocks, rows and columns exist for a region and year, and what they are called.

A `Layout` is what rules are checked against before any report is read and what tables of a report
are recognised by. It is data (rules/<pack>/layouts/*.yaml); a region pack lists only differences.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Form = Literal["fixed", "codes", "panels", "wide"]
"""fixed: rows given by the layout (总表). codes: rows are 科目 codes, any number (支出表).
panels: several code|name|amount panels side by side with standard rows (基本明细表).
wide: one row of amounts read by 栏次 (12-column 三公表)."""


class RowSpec(msgspec.Struct, frozen=True):
    """A row the layout knows. `key` is the canonical join key, the same in every table that prints
    the same thing (a 类 has its code, "201"). `line` is the printed 行次. `role`: 明细 合计 小计
    其中 结转 总计 空. `optional` rows may lack without a finding.
    `unit`: of a row that counts things (辆), "" for money."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    line: int | None = None
    role: str = "明细"
    sequence: str = ""
    optional: bool = False
    unit: str = ""


class ColumnSpec(msgspec.Struct, frozen=True):
    """An amount column: canonical name, other printed headers, printed 栏次."""

    name: str
    aliases: tuple[str, ...] = ()
    ordinal: int | None = None
    group: str = ""
    """Header printed above it, where two columns share a name (本年支出 over 小计)."""
    optional: bool = False
    """Not every publisher prints it: its absence is no problem."""


class BlockSpec(msgspec.Struct, frozen=True):
    """A half of a two-sided table or the whole of a one-sided one (name "")."""

    name: str
    columns: tuple[ColumnSpec, ...]
    rows: tuple[RowSpec, ...] = ()
    aliases: tuple[str, ...] = ()


class TableSpec(msgspec.Struct, frozen=True):
    """One standard table.

    id: canonical name (收入支出决算总表). short: names used in rules (总表). number: printed 表号
    ("01") or "". chart: which codes label its rows (功能 3/5/7 digits, 经济 3/5 digits) or "".
    blank: what a blank means (零 | 未知). presence: 必有 | 可空 (must be printed even when empty) |
    可缺. childless: what a 类/款 without children is (错误 | 提示 | 忽略).
    numbers_row: True where a 栏次 row is printed. wide: for form "wide", 栏次 -> (row key, column).
    ordered: rows come in the layout's order (fixed, panels) or in rising code order (codes).
    """

    id: str
    short: tuple[str, ...]
    titles: tuple[str, ...]
    number: str
    form: Form
    blocks: tuple[BlockSpec, ...]
    chart: str = ""
    blank: str = "零"
    presence: str = "必有"
    childless: str = "提示"
    numbers_row: bool = True
    wide: tuple[tuple[int, str, str], ...] = ()
    pack: str = ""

    def block(self, name: str) -> BlockSpec | None:
        """The block of that name, or None."""
        return next((b for b in self.blocks if b.name == name), None)


class Layout(msgspec.Struct, frozen=True):
    """All tables of one region and year, and the region's parameters (denominators, 截尾 …).

    words: other printed words for the parts of a header (编码 名称 项目 行次 栏次), beside the
    general ones in `catalogue.words`. digest identifies the content (for caches and provenance)."""

    pack: str
    tables: tuple[TableSpec, ...]
    region: str = ""
    years: tuple[int | None, int | None] = (None, None)
    parameters: tuple[tuple[str, object], ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    digest: str = ""
    by_name: dict[str, TableSpec] = msgspec.field(default_factory=dict)

    def table(self, name: str) -> TableSpec | None:
        """By canonical id, short name, or number with 表 (01表, 1表); None if unknown."""
        if not self.by_name:
            for spec in self.tables:
                for alias in (spec.id, *spec.short):
                    self.by_name[alias] = spec
                if spec.number:
                    self.by_name[f"{spec.number}表"] = spec
                    self.by_name[f"{int(spec.number)}表"] = spec
        return self.by_name.get(name)

"""Layouts: which tables, blocks, rows and columns exist for a region and year, and what they are called.

A `Layout` is what rules are checked against before any report is read and what tables of a report
are recognised by. It is data (rules/<pack>/layouts/*.yaml); a region pack lists only differences.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Form = Literal["fixed", "codes", "panels", "wide", "records"]
"""fixed: rows given by the layout (总表). codes: rows are 科目 codes, any number (支出表).
panels: several code|name|amount panels side by side with standard rows (基本明细表).
wide: one row of amounts read by 栏次 (12-column 三公表). records: no printed table but a record set
put together from prose or from forms (see `catalogue.records`)."""


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
    """A column: canonical name, other printed headers, printed 栏次.

    unit: "" money in the table's unit; "%" a percentage; 分值 a score; a unit of count (个); 数 a number
    whose unit varies by row; 文字 a text (only in record sets)."""

    name: str
    aliases: tuple[str, ...] = ()
    ordinal: int | None = None
    group: str = ""
    """Header printed above it, where two columns share a name (本年支出 over 小计)."""
    optional: bool = False
    """Not every publisher prints it: its absence is no problem."""
    unit: str = ""


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


class FactSpec(msgspec.Struct, frozen=True):
    """A fact of the prose: a subject whose figures packs compare with the tables (facts/*.yaml).

    name: row of the record set 文字. names: further noun phrases that mean it, compared folded (the
    name itself is one). unit: of its value, "" money, else "%", 分值 or a unit of count. sections: words one
    of which must stand in a heading above the sentence; outside: words none of which may. needs,
    without: words the sentence must, must not hold. patterns: sentence patterns with slots ({金额}
    {百分比} {整数} {科目} {文字}) for what a subject and its figure cannot say. expected: 应有 (its
    absence from the prose is 无法判断) | 可无 (不适用). pack: that declared it.
    """

    name: str
    names: tuple[str, ...] = ()
    unit: str = ""
    sections: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    expected: str = "可无"
    pack: str = ""


class FormSpec(msgspec.Struct, frozen=True):
    """A kind of 绩效 form (forms/*.yaml): what it is called and what its fields and columns are called.

    kind: 项目自评表 整体自评表 运行监控表. titles: words of its title. fields: canonical field ->
    printed labels (预算数: 预算金额, 全年预算数 …). columns: canonical column of its indicator rows ->
    printed headers. marks: words that tell this form from another of its kind, "" none.
    """

    name: str
    kind: str
    titles: tuple[str, ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    marks: tuple[str, ...] = ()
    pack: str = ""


class Dictionary(msgspec.Struct, frozen=True):
    """A list of words or of pairs that rules look things up in (dictionaries/*.yaml), dated by years.

    entries: (word, meaning); the meaning of an outdated name is its successor, of a code its name.
    verified: whether the source was checked. years: inclusive bounds.
    """

    name: str
    entries: tuple[tuple[str, str], ...]
    years: tuple[int | None, int | None] = (None, None)
    verified: bool = False
    source: str = ""
    pack: str = ""


class Layout(msgspec.Struct, frozen=True):
    """All tables of one region and year, and the region's parameters (denominators, 截尾 …).

    records: record sets read from prose and forms, in the shape of tables (`catalogue.records`).

    words: other printed words for the parts of a header (编码 名称 项目 行次 栏次), beside the
    general ones in `catalogue.words`. digest identifies the content (for caches and provenance)."""

    pack: str
    tables: tuple[TableSpec, ...]
    region: str = ""
    years: tuple[int | None, int | None] = (None, None)
    parameters: tuple[tuple[str, object], ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    digest: str = ""
    records: tuple[TableSpec, ...] = ()
    facts: tuple[FactSpec, ...] = ()
    forms: tuple[FormSpec, ...] = ()
    dictionaries: tuple[Dictionary, ...] = ()
    by_name: dict[str, TableSpec] = msgspec.field(default_factory=dict)

    def table(self, name: str) -> TableSpec | None:
        """By canonical id, short name, or number with 表 (01表, 1表), record sets included; None if unknown."""
        if not self.by_name:
            for spec in (*self.records, *self.tables):
                for alias in (spec.id, *spec.short):
                    self.by_name[alias] = spec
                if spec.number:
                    self.by_name[f"{spec.number}表"] = spec
                    self.by_name[f"{int(spec.number)}表"] = spec
        return self.by_name.get(name)

    def dictionary(self, name: str) -> Dictionary | None:
        """The dictionary of that name, or None."""
        return next((d for d in self.dictionaries if d.name == name), None)

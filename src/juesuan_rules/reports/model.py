"""A report as understood: identity, tables with every figure in its cell, sections, problems."""

from __future__ import annotations

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.model import BlockSpec, Layout, TableSpec
from juesuan_rules.documents.model import NOWHERE, GridBlock, Place, Source

GOES_ON = "续页未读"
"""Kind of the problem of a table that ends right before a page that could not be read."""


class Identity(msgspec.Struct, frozen=True):
    """Who, when, where. `kind`: 部门决算 单位决算 部门预算 政府决算 … or "" (unknown).
    is_final_accounts: whether it may be judged. evidence: one line per decision, for the console."""

    unit_name: str | None = None
    year: int | None = None
    region_code: str | None = None
    region_name: str | None = None
    money_unit: str | None = None
    kind: str = ""
    is_final_accounts: bool = False
    ambiguous_regions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """A row of a recognised block.

    key: canonical join key, unique in its block (code for chart rows; layout key otherwise).
    label: standard name. raw_label, raw_code: as printed. level: 1 类 2 款 3 项, 0 none.
    role: as RowSpec.role (明细 合计 …). parent: key of the nearest present ancestor or None.
    clipped: the printed code was cut and was completed from name and order. confidence: of the
    recogniser in what tells which row it is, 1.0 for text.

    In a record set of the prose raw_label is the sentence the record was read from, whole (where its
    figures come from several, the first); findings quote it, shortened around the figures they use. A
    figure whose raw text does not stand in it is looked up in `Report.prose` by its place.
    """

    key: str
    label: str
    raw_label: str = ""
    raw_code: str = ""
    code: str | None = None
    line: int | None = None
    role: str = "明细"
    level: int = 0
    parent: str | None = None
    clipped: bool = False
    place: Place = NOWHERE
    confidence: float = 1.0


class BlockData(msgspec.Struct, frozen=True):
    """Rows in printed order and, per canonical column name, one Amount per row."""

    spec: BlockSpec
    rows: tuple[Row, ...]
    columns: dict[str, tuple[Amount, ...]]


class Problem(msgspec.Struct, frozen=True):
    """Something about a table that reading could not settle, or that is wrong with its structure.

    kind: 缺表 表头不识别 缺列 多列 行错位 行不识别 值不识别 行号不符 跨页残缺 重复行 重复表 合计行位置.
    message: one Chinese sentence. severity as in findings. blocking: figures of the table cannot be
    relied on, so whatever reads them is 无法判断.
    """

    kind: str
    message: str
    table: str = ""
    key: str = ""
    place: Place = NOWHERE
    blocking: bool = False


class Table(msgspec.Struct, frozen=True):
    """A recognised standard table. unit: printed money unit (万元). grid: as printed, header rows
    included. empty: present, but no figure in it. number: printed 表号 or ""."""

    spec: TableSpec
    title: str
    unit: str
    blocks: dict[str, BlockData]
    grid: GridBlock
    header_rows: int = 0
    number: str = ""
    unit_name: str | None = None
    year: int | None = None
    empty: bool = False
    place: Place = NOWHERE
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def to_frame(self, block: str | None = None) -> object:
        """The block as a pandas DataFrame: index = row key, one column per amount column (元, as
        Decimal; None where no figure), plus 名称. Imports pandas on use."""
        from juesuan_rules.reports.frames import block_frame

        return block_frame(self, block)


class Section(msgspec.Struct, frozen=True):
    """A heading of the outline and where it stands; `toc` marks an entry of the table of contents."""

    title: str
    level: int
    place: Place = NOWHERE
    toc: bool = False


class Figure(msgspec.Struct, frozen=True):
    """One figure printed in running text.

    kind: 金额 百分比 百分点 计数 分值 数 (no unit behind it); dates, document numbers and sequence
    numbers are no figures. amount: exact, its place that of the sentence. start, end: where it stands
    in `Sentence.text`, unit included. approximate: 约, 近, 余, 左右, 多 … stand with it.
    """

    kind: str
    amount: Amount
    start: int
    end: int
    approximate: bool = False


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of the prose, whole: joined over line and page breaks, repaired.

    text: half-width digits and letters, full-width Chinese punctuation, no markup, no stray spaces, and
    without its own `marker`. raw: as printed (lines joined). place: of its first line. sections: titles
    of the headings above it, outermost first, marks included. paragraph: running number of its
    paragraph. repaired: what was mended, one note each. role: 正文, 标题, 目录, 附注, 名词解释, 封面 or
    表外 (lines around a table). marker: its own list or heading mark in one spelling (第一部分 一、 （一）
    1. （1） ①), "" without one.
    """

    text: str
    raw: str
    place: Place = NOWHERE
    sections: tuple[str, ...] = ()
    paragraph: int = 0
    figures: tuple[Figure, ...] = ()
    repaired: tuple[str, ...] = ()
    role: str = "正文"
    marker: str = ""


class Prose(msgspec.Struct, frozen=True):
    """The running text of a report. read: (sentence, figure) positions of the figures that a fact, a
    statement or a form accounts for; explained: (sentence, number of figures) of the 情况说明, over
    which the share read is counted."""

    sentences: tuple[Sentence, ...] = ()
    read: frozenset[tuple[int, int]] = frozenset()
    explained: frozenset[int] = frozenset()

    @property
    def share(self) -> tuple[int, int]:
        """(figures read, figures printed) in the 情况说明."""
        printed = [(at, n) for at in self.explained for n in range(len(self.sentences[at].figures))]
        return sum(one in self.read for one in printed), len(printed)

    @property
    def unread(self) -> tuple[tuple[Sentence, tuple[Figure, ...]], ...]:
        """Sentences of the 情况说明 with the figures in them that nothing accounts for, in reading order."""
        left = {at: tuple([f for n, f in enumerate(self.sentences[at].figures) if (at, n) not in self.read]) for at in sorted(self.explained)}
        return tuple([(self.sentences[at], figures) for at, figures in left.items() if figures])

    def sentence_of(self, amount: Amount) -> Sentence | None:
        """The sentence a figure was taken from: that of the very figure, or the first so printed at its place."""
        told = [(sentence, figure.amount) for sentence in self.sentences for figure in sentence.figures]
        same = (sentence for sentence, other in told if other.raw == amount.raw and other.place == amount.place)
        return next((sentence for sentence, other in told if other is amount), None) or next(same, None)


class Correction(msgspec.Struct, frozen=True):
    """What a person put right, and what became of it.

    status: 已更正, 印文不符 (another text is printed there: not applied), 未找到 or 不唯一.
    where: the place as the person wrote it. name: the cell it was found to be. printed, found: the
    text expected there and the text that is. detail: why it was not applied, or "".
    """

    status: str
    where: str
    printed: str
    right: str
    who: str
    why: str
    name: str = ""
    found: str = ""
    place: Place = NOWHERE
    detail: str = ""

    @property
    def applied(self) -> bool:
        """Whether the right value counts."""
        return self.status == "已更正"


class Report(msgspec.Struct, frozen=True):
    """One report. tables: by canonical id. other_tables: grids that are no standard table.
    table_mentions: canonical ids whose title stands in the table of contents or prose. parts: the
    files it was put together from. unread: what could not be read at all, a sentence each.
    corrections: what people put right, and what became of it. other_titles: what is printed above
    each of `other_tables`, or "".
    records: record sets of the prose and the forms by canonical id (`catalogue.records`); one that the
    report has no record of is there and empty.
    """

    source: Source
    identity: Identity
    layout: Layout
    tables: dict[str, Table]
    other_tables: tuple[GridBlock, ...] = ()
    sections: tuple[Section, ...] = ()
    table_mentions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Source, ...] = ()
    unread: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    other_titles: tuple[str, ...] = ()
    records: dict[str, Table] = {}
    prose: Prose = Prose()

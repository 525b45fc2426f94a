"""A Report from a few written values: the tables of a case, laid out as the layout says.

Nothing is parsed: rows and columns are named, and every standard row that is not named is there,
blank, as it would be in print. So a case says only what matters to its rule.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from juesuan_rules.amounts import Amount, read_amount
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.authoring.records import build_records
from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Layout, RowSpec, TableSpec
from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, Source, TextBlock
from juesuan_rules.names import label as plain
from juesuan_rules.names import suggest
from juesuan_rules.reports.model import BlockData, Identity, Problem, Report, Row, Table

EMPTY = "空"
"""Instead of rows: the table is printed, without a figure in it."""
ABSENT = "缺"
"""Instead of values: this standard row is not printed."""
SETTINGS = ("单位", "次序", "行次", "栏目", "读取问题", "题名", "表号", "编制单位", "年度", "附注", "表头")
"""Keys of a table that are no rows: money unit; names of the rows printed first; printed 行次 of
rows; printed headers of a wide table, one per 栏次; what reading could not settle, as 种类：说明; title,
number, owner and year printed above it; lines below it; rows of headers, cell by cell."""
BLOCKING = frozenset(("表头不识别", "行错位"))
"""Kinds of reading problem that make every figure of the table unreliable."""
DEPTH = {"功能": (3, 5, 7), "经济": (3, 5)}


def build_report(layout: Layout, tables: dict[str, Any], year: int | None = None, records: dict[str, Any] | None = None, text: str = "") -> Report:
    """The report that prints exactly these tables, says exactly this text and states exactly these records.

    text: lines of running text, read as a report's is. records: record sets by name (see `records`);
    they replace what the text states. Raises CaseProblem for unknown names.
    """
    built: dict[str, Table] = {}
    for position, (name, content) in enumerate(tables.items()):
        spec = layout.table(name)
        if spec is None:
            near = suggest(name, [s for t in layout.tables for s in (*t.short, t.id)])
            raise CaseProblem(f"表样里没有“{name}”" + (f"，是不是想写：{'、'.join(near)}" if near else ""), "tables", name)
        built[spec.id] = _Builder(spec, name, 1000 * (position + 1)).build(content)
    problems = tuple(p for table in built.values() for p in table.problems)
    identity = Identity("某局", year, layout.region or None, None, "万元", "部门决算", True)
    report = Report(Source("", "", "case"), identity, layout, built, problems=problems)
    if text:
        report = _with_text(report, text)
    return replace(report, records=build_records(layout, records or {}, report.records))


def _with_text(report: Report, text: str) -> Report:
    """The report with the running text of a case, read as any report's."""
    from juesuan_rules.reports.identity import identify
    from juesuan_rules.reports.outline import mentioned_tables, read_outline
    from juesuan_rules.reports.prose.records import read_records

    blocks = tuple([TextBlock(line.strip(), Place(line=number)) for number, line in enumerate(text.splitlines(), 1) if line.strip()])
    document = Document(report.source, blocks)
    sections = read_outline(document)
    told = identify(document)
    identity = replace(report.identity, unit_name=told.unit_name or report.identity.unit_name, region_code=told.region_code or report.identity.region_code, region_name=told.region_name)
    report = replace(report, identity=identity)
    records, prose = read_records(document, sections, report.identity, report.layout, report.tables, (), ())
    return replace(report, sections=sections, records=records, prose=prose, table_mentions=mentioned_tables(document, report.layout))


class _Draft(msgspec.Struct):
    """A row on its way: its standard row or its code, and what is written in it."""

    key: str
    label: str
    code: str | None
    level: int
    role: str
    line: int | None
    values: dict[str, str] = msgspec.field(default_factory=dict)


class _Builder:
    """Builds one table; `first` is the line number its rows count from, so that places differ."""

    def __init__(self, spec: TableSpec, name: str, first: int) -> None:
        self.spec, self.name, self.first = spec, name, first
        self.drafts: dict[str, dict[str, _Draft]] = {b.name: self._standard(b) for b in spec.blocks}

    def build(self, content: Any) -> Table:
        settings, rows = self._split(content)
        for written, value in rows.items():
            self._write(str(written), value)
        self._settle(settings)
        unit = str(settings.get("单位", "万元"))
        blocks = {b.name: self._block(b, unit) for b in self.spec.blocks}
        amounts = [a for data in blocks.values() for column in data.columns.values() for a in column]
        headers = [str(h) for h in settings.get("栏目") or []]
        return Table(
            spec=replace(self.spec, form="wide") if headers else self.spec,
            title=str(settings.get("题名") or (self.spec.titles[0] if self.spec.titles else self.spec.id)),
            unit=unit,
            blocks=blocks,
            grid=_grid(blocks, headers or settings.get("表头") or [], self.first),
            header_rows=len(settings.get("表头") or []),
            number=str(settings.get("表号", self.spec.number) or ""),
            unit_name=settings.get("编制单位"),
            year=settings.get("年度"),
            notes=tuple([str(note) for note in settings.get("附注") or []]),
            empty=not any(a.value for a in amounts),
            place=Place(line=self.first),
            problems=tuple(self._problems(settings, blocks)),
        )

    def _split(self, content: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if content in (None, EMPTY):
            return {}, {}
        if not isinstance(content, dict):
            raise CaseProblem(f"“{self.name}”应写成 行: 值，或写“{EMPTY}”", "tables", self.name)
        settings = {k: v for k, v in content.items() if k in SETTINGS}
        return settings, {k: v for k, v in content.items() if k not in SETTINGS}

    def _standard(self, block: BlockSpec) -> dict[str, _Draft]:
        drafts = {}
        for row in block.rows:
            code = row.key if row.key.isdigit() else None
            level = self._level(row.key) if code and self.spec.form in ("panels", "codes") else int(bool(code))
            drafts[row.key] = _Draft(row.key, row.label, code, level, row.role, row.line)
        return drafts

    def _level(self, code: str) -> int:
        lengths = DEPTH.get(self.spec.chart, ())
        return lengths.index(len(code)) + 1 if len(code) in lengths else 0

    def _write(self, written: str, value: Any) -> None:
        block, draft = self._find(written)
        if value == ABSENT:
            del self.drafts[block.name][draft.key]
            return
        draft.values = self._values(block, written, value)

    def _find(self, written: str) -> tuple[BlockSpec, _Draft]:
        """The block and row of a written name: 行 label, key, code, 行次, or 块.行."""
        head, dot, tail = written.partition(".")
        halves = [b for b in self.spec.blocks if b.name == head] if dot else []
        name = tail if halves else written
        found = [(b, r) for b in halves or self.spec.blocks for r in b.rows if r.key in self.drafts[b.name] and _named(r, name)]
        exact = [(b, r) for b, r in found if name in (r.key, r.label, str(r.line))]
        if len(exact or found) > 1:
            raise CaseProblem(f"“{written}”在“{self.name}”里不止一行，请写成 收入.行 或 支出.行", "tables", self.name, written)
        if found:
            half, row = (exact or found)[0]
            return half, self.drafts[half.name][row.key]
        code, _, label = name.partition(" ")
        if code.isdigit() and self.spec.form in ("codes", "panels"):
            half = self.spec.blocks[0]
            draft = _Draft(code, label.strip() or code, code, self._level(code), "明细", None)
            self.drafts[half.name][code] = draft
            return half, draft
        raise CaseProblem(f"“{self.name}”里没有“{written}”这一行", "tables", self.name, written)

    def _values(self, block: BlockSpec, written: str, value: Any) -> dict[str, str]:
        """Column name → text, from one value, a list in the layout's order, or a mapping."""
        if isinstance(value, dict):
            return {self._column(block, written, str(name)).name: _text(v) for name, v in value.items()}
        listed = value if isinstance(value, list) else [value]
        if len(listed) > len(block.columns) or (not isinstance(value, list) and len(block.columns) > 1):
            raise CaseProblem(f"“{written}”有 {len(block.columns)} 栏，请写成 [值, 值, …] 或 {{栏: 值}}", "tables", self.name, written)
        return {c.name: _text(v) for c, v in zip(block.columns, listed, strict=False)}

    def _column(self, block: BlockSpec, written: str, name: str) -> ColumnSpec:
        for column in block.columns:
            if plain(name) in map(plain, (column.name, *column.aliases)):
                return column
        raise CaseProblem(f"“{self.name}”里没有“{name}”这一栏", "tables", self.name, written, name)

    def _settle(self, settings: dict[str, Any]) -> None:
        """Apply 行次 and 次序; code rows otherwise stand in the order written."""
        for written, line in dict(settings.get("行次") or {}).items():
            self._find(str(written))[1].line = line
        for written in reversed(settings.get("次序") or []):
            block, draft = self._find(str(written))
            rest = self.drafts[block.name]
            rest.pop(draft.key)
            self.drafts[block.name] = {draft.key: draft, **rest}

    def _block(self, block: BlockSpec, unit: str) -> BlockData:
        drafts = self.drafts[block.name]
        rows, parents = [], {key for key, d in drafts.items() if d.code}
        columns: dict[str, list[Amount]] = {c.name: [] for c in block.columns if not c.optional or any(c.name in d.values for d in drafts.values())}
        for offset, draft in enumerate(drafts.values(), 1):
            place = Place(line=self.first + offset)
            parent = self._parent(draft, parents)
            rows.append(Row(draft.key, draft.label, draft.label, draft.code or "", draft.code, draft.line, draft.role, draft.level, parent, False, place))
            counted = next((row.unit for row in block.rows if row.key == draft.key), "")
            for name, amounts in columns.items():
                amounts.append(read_amount(draft.values.get(name, ""), counted or unit, place))
        return BlockData(block, tuple(rows), {name: tuple(amounts) for name, amounts in columns.items()})

    def _parent(self, draft: _Draft, present: set[str]) -> str | None:
        if draft.code is None or self.spec.form == "fixed":
            return None
        above = [draft.code[:n] for n in DEPTH.get(self.spec.chart, ()) if n < len(draft.code)]
        return next((code for code in reversed(above) if code in present), None)

    def _problems(self, settings: dict[str, Any], blocks: dict[str, BlockData]) -> list[Problem]:
        found = []
        for text in settings.get("读取问题") or []:
            kind, _, message = str(text).partition("：")
            found.append(Problem(kind, message or kind, self.spec.id, blocking=kind in BLOCKING))
        for data in blocks.values():
            for amounts in data.columns.values():
                bad = [(row, a) for row, a in zip(data.rows, amounts, strict=True) if a.state in ("text", "unreadable")]
                found += [Problem("值不识别", f"“{a.raw}”不是金额", self.spec.id, row.key, a.place) for row, a in bad]
        return found


def _named(row: RowSpec, name: str) -> bool:
    if name in (row.key, str(row.line)):
        return True
    if not row.label:
        return False
    code, _, rest = name.partition(" ")
    return plain(name) in map(plain, (row.label, *row.aliases)) or (code == row.key and bool(rest))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _grid(blocks: dict[str, BlockData], headers: list[Any], first: int) -> GridBlock:
    """The rows below the headers: one row of them with 栏次, or rows of headers as written."""
    top = Place(line=first)
    numbers = [str(n) for n in range(1, len(headers) + 1)]
    written = headers if headers and isinstance(headers[0], list) else [headers, numbers] if headers else []
    rows = [tuple(GridCell(_text(text), top) for text in texts) for texts in written]
    for data in blocks.values():
        for index, row in enumerate(data.rows):
            cells = [GridCell(row.raw_label, row.place)]
            cells += [GridCell(amounts[index].raw, row.place) for amounts in data.columns.values()]
            rows.append(tuple(cells))
    return GridBlock(tuple(rows))

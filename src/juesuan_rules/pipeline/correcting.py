"""Applying corrections to a report as recognised: the printed text stays, the right value counts."""

from __future__ import annotations

import ntpath
from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from juesuan_rules.amounts import Amount, read_amount
from juesuan_rules.catalogue.records import TEXT
from juesuan_rules.documents.model import Place
from juesuan_rules.names import fold, label
from juesuan_rules.pipeline.corrections import Entry, read_corrections, require_files
from juesuan_rules.reports.model import BlockData, Correction, Report, Row, Table

__all__ = ["correct", "read_corrections", "require_files"]

_ENOUGH_OVERLAP = 0.5
"""Share of the smaller box that must lie in the other for the two to be one place."""


class _Spot(msgspec.Struct, frozen=True):
    """A figure of a report and its address."""

    table: Table
    block: BlockData
    at: int
    column: str

    @property
    def row(self) -> Row:
        return self.block.rows[self.at]

    @property
    def amount(self) -> Amount:
        return self.block.columns[self.column][self.at]

    @property
    def name(self) -> str:
        short = self.table.spec.short[0] if self.table.spec.short else self.table.spec.id
        part = f".{self.block.spec.name}" if self.block.spec.name else ""
        return f"{short}{part}[{self.row.label or self.row.key}].{self.column}"


def correct(report: Report, entries: Sequence[Entry]) -> Report:
    """The report with every entry that is for it applied, or kept with the reason why not."""
    spots = list(_spots(report))
    told: list[Correction] = []
    changed: dict[tuple[str, str, str, int], Amount] = {}
    for entry in entries:
        if not entry.right or not _is_for(entry, report):
            continue
        found, outcome = _apply(entry, spots, report)
        told.append(outcome)
        keys = {(spot.table.spec.id, spot.block.spec.name, spot.column, spot.at): spot.amount for spot in found}
        if not changed.keys().isdisjoint(keys):
            told[-1] = replace(outcome, status="不唯一", detail="同一处已有一条更正，这一条没有用")
        else:
            changed |= {key: _corrected(amount, entry) for key, amount in keys.items()}
    return replace(report, tables=_with(report.tables, changed), records=_with(report.records, changed), corrections=tuple(told))


def _spots(report: Report) -> Iterator[_Spot]:
    for table in (*report.tables.values(), *report.records.values()):
        for block in table.blocks.values():
            texts = {column.name for column in block.spec.columns if column.unit == TEXT}
            for column in [name for name in block.columns if name not in texts]:
                yield from [_Spot(table, block, at, column) for at in range(len(block.rows))]


def _is_for(entry: Entry, report: Report) -> bool:
    """Whether the entry names this report's file, or one of its parts, or none."""
    if not entry.file:
        return True
    wanted = entry.file.replace("\\", "/")
    paths = [source.path.replace("\\", "/") for source in (report.source, *report.parts)]
    return any(path == wanted or path.endswith("/" + wanted) or ntpath.basename(path) == wanted for path in paths)


def _apply(entry: Entry, spots: list[_Spot], report: Report) -> tuple[tuple[_Spot, ...], Correction]:
    told = Correction("未找到", entry.where, entry.printed, entry.right, entry.who, entry.why)
    table = report.layout.table(entry.table) if entry.table else None
    if entry.table and (table is None or (table.id not in report.tables and table.id not in report.records)):
        return (), replace(told, detail=f"报告中没有读到“{entry.table}”" if table is not None else f"没有名为“{entry.table}”的表")
    near = [spot for spot in spots if (table is None or spot.table.spec.id == table.id) and _is_at(spot, entry, report)]
    if not near:
        return (), replace(told, detail="报告中没有这一处")
    same = [spot for spot in near if fold(spot.amount.raw) == fold(entry.printed)]
    if len(same) == 1 or (same and _is_one_figure(same)):
        spot = same[0]
        return tuple(same), replace(told, status="已更正", name=spot.name, found=spot.amount.raw.strip(), place=spot.amount.place)
    if same:
        return (), replace(told, status="不唯一", detail="符合的不止一处：" + "、".join(spot.name for spot in same[:3]) + "，请写明栏或部分")
    first = near[0]
    printed = "、".join(f"「{spot.amount.raw.strip()}」" for spot in near[:3])
    return (), replace(told, status="印文不符", name=first.name, found=first.amount.raw.strip(), place=first.amount.place, detail=f"该处印作{printed}，没有更正")


def _is_one_figure(spots: list[_Spot]) -> bool:
    """Whether these are one figure of the prose, which stands in several record sets."""
    first = spots[0].amount
    return all(spot.table.spec.form == "records" and spot.amount.place == first.place and spot.amount.unit == first.unit for spot in spots)


def _is_at(spot: _Spot, entry: Entry, report: Report) -> bool:
    """Whether the figure stands where the entry says, by names and by place."""
    if entry.block and fold(entry.block) not in (fold(spot.block.spec.name), *map(fold, spot.block.spec.aliases)):
        return False
    if entry.row and not _is_row(spot.row, entry.row):
        return False
    if entry.column and not _is_column(spot, entry.column):
        return False
    return _is_place(spot.amount.place, entry, report)


def _is_row(row: Row, wanted: str) -> bool:
    if wanted in (row.key, row.code, row.raw_code) or (row.line is not None and wanted.removesuffix("行") == str(row.line)):
        return True
    return label(wanted) in (label(row.label), label(row.raw_label))


def _is_column(spot: _Spot, wanted: str) -> bool:
    spec = next((c for c in spot.block.spec.columns if c.name == spot.column), None)
    names = {fold(spot.column), *(fold(alias) for alias in (spec.aliases if spec else ()))}
    return fold(wanted) in names or (spec is not None and spec.ordinal is not None and wanted.removesuffix("栏") == str(spec.ordinal))


def _is_place(place: Place, entry: Entry, report: Report) -> bool:
    if entry.file and report.parts and place.file is not None and ntpath.basename(place.file) != ntpath.basename(entry.file.replace("\\", "/")):
        return False
    pairs = ((entry.page, place.page), (entry.line, place.line), (entry.paragraph, place.paragraph), (entry.sheet or None, place.sheet), (entry.cell or None, place.cell))
    if any(wanted is not None and wanted != found for wanted, found in pairs):
        return False
    return entry.box is None or (place.box is not None and _overlap(entry.box, place.box) >= _ENOUGH_OVERLAP)


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def _corrected(amount: Amount, entry: Entry) -> Amount:
    right = read_amount(entry.right, amount.unit, amount.place)
    if right.value and amount.value is not None and amount.value < 0 and not amount.raw.strip().startswith("-"):
        right = replace(right, value=-right.value)  # 减少 5.00 万元: the record has the sign, the print has not
    note = f"{entry.who}更正为 {entry.right}：{entry.why}"
    return replace(right, raw=amount.raw, stored=amount.stored, repaired="", confidence=1.0, corrected=note)


def _with(tables: dict[str, Table], changed: dict[tuple[str, str, str, int], Amount]) -> dict[str, Table]:
    result = dict(tables)
    for name in {key[0] for key in changed} & tables.keys():
        table = tables[name]
        blocks = dict(table.blocks)
        for part, block in table.blocks.items():
            columns = {
                column: tuple([changed.get((name, part, column, at), amount) for at, amount in enumerate(amounts)]) for column, amounts in block.columns.items()
            }
            blocks[part] = replace(block, columns=columns)
        result[name] = _settled(replace(table, blocks=blocks))
    return result


def _settled(table: Table) -> Table:
    """The table without the problem of unreadable figures where all of them were put right."""
    amounts = [a for block in table.blocks.values() for column in block.columns.values() for a in column]
    unread = any(a.state == "unreadable" or (a.state == "text" and a.raw.strip()) for a in amounts)
    kept = tuple(p for p in table.problems if unread or p.kind != "值不识别" or p.blocking)
    return replace(table, problems=kept, empty=table.empty and all(a.value is None for a in amounts))

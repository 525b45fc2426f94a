"""Putting a misread figure right: from a figure on the screen to the entry of a corrections file that reaches it and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.amounts import Amount, read_amount
from juesuan_rules.diagnostics import UsageError
from juesuan_rules.documents.model import NOWHERE, Place
from juesuan_rules.findings import Operand
from juesuan_rules.names import fold
from juesuan_rules.outputs.web.places import CellAt, is_elsewhere
from juesuan_rules.outputs.web.views import Viewer
from juesuan_rules.pipeline.correcting import correct
from juesuan_rules.pipeline.corrections import Entry
from juesuan_rules.reports.model import Report, Table

_OPERAND = re.compile(r"f(\d{1,6})o(\d{1,6})")
_CELL = re.compile(r"t(\d{1,4})r(\d{1,6})c(\d{1,5})")
LONGEST = 200


class Found(msgspec.Struct, frozen=True):
    """A figure of the report. cell: where it is drawn, None for a figure of the prose."""

    operand: Operand
    cell: CellAt | None = None


def is_fixable(operand: Operand, report: Report) -> bool:
    """Whether a person can put this figure right: one of this very report, that stands somewhere."""
    return operand.place != NOWHERE and not is_elsewhere(operand) and len(operand.address) == 4 and operand.note != "缺行按 0 计"


def find_figure(viewer: Viewer, at: str) -> Found:
    """The figure of that name on the screen. Raises UsageError where there is none."""
    operand = _OPERAND.fullmatch(at)
    if operand is not None:
        number, position = int(operand[1]), int(operand[2])
        if 1 <= number <= len(viewer.numbered):
            operands = viewer.numbered[number - 1].finding.operands or ()
            if 1 <= position <= len(operands) and is_fixable(operands[position - 1], viewer.subject.report):
                return Found(operands[position - 1], viewer.places.cell(operands[position - 1]))
    cell = _CELL.fullmatch(at)
    if cell is not None and 1 <= int(cell[1]) <= len(viewer.places.sheets):
        sheet = int(cell[1]) - 1
        amount = viewer.places.amounts(sheet).get((int(cell[2]), int(cell[3])))
        table = viewer.places.sheets[sheet].table
        if amount is not None and table is not None:
            return Found(_operand(table, amount), CellAt(sheet, int(cell[2]), int(cell[3])))
    raise UsageError("没有这个数，或者它不能更正")


def _operand(table: Table, amount: Amount) -> Operand:
    for block in table.blocks.values():
        for name, column in block.columns.items():
            for row, one in zip(block.rows, column, strict=True):
                if one is amount:
                    short = table.spec.short[0] if table.spec.short else table.spec.id
                    part = f".{block.spec.name}" if block.spec.name else ""
                    value = f"{amount.value / 100:.2f}" if amount.value is not None else None
                    address = (table.spec.id, block.spec.name, row.key, name)
                    return Operand(
                        f"{short}{part}[{row.label or row.key}].{name}", value, amount.raw, amount.unit, amount.place, "", amount.confidence, amount.corrected, "", address
                    )  # fmt: skip
    raise UsageError("没有这个数，或者它不能更正")


def correction_entry(report: Report, found: Found, right: str, who: str, why: str) -> dict[str, Any]:
    """The entry, as plain data, tried on the report. Raises UsageError for what a person has to type again, and where no
    entry reaches this figure alone."""
    if any(len(text) > LONGEST for text in (right, who, why)):
        raise UsageError(f"写得太长：每一栏最多 {LONGEST} 字")
    if not who or not why:
        raise UsageError("更正人和理由都要写")
    if not right or (read_amount(right, "元").value is None and read_amount(right, "元").state not in ("blank", "dash")):
        raise UsageError(f"“应为”的“{right[:30]}”不是金额：写数字，如 1,204.00；该处本应为空白的写 -")
    sure = found.operand.confidence >= 1 and found.operand.value is not None and not found.operand.corrected
    if sure and fold(right) == fold(found.operand.raw):
        raise UsageError("“应为”与印的一样，没有要更正的")
    said = {"印作": found.operand.raw.strip(), "应为": right, "更正人": who, "理由": why}
    detail = ""
    for place in _places(report, found.operand):
        entry = {**place, **said}
        told = correct(report, [_typed(entry)]).corrections
        if told and told[0].applied:
            return entry
        detail = detail or (told[0].detail if told else "")
    raise UsageError("这个数没有办法单独更正" + (f"：{detail}" if detail else ""))


def _places(report: Report, operand: Operand) -> Iterator[dict[str, Any]]:
    """Ways to say which figure is meant, the most readable first."""
    file = {"文件": Path(operand.place.file or (report.parts[0] if report.parts else report.source).path).name}
    table, block, row, column = operand.address
    names = {"表": table, "部分": block, "行": row, "栏": column}
    named = {key: value for key, value in names.items() if value}
    exact = _exact(operand.place)
    if table in report.records:  # a figure of the prose may stand in several record sets
        yield {**file, **exact}
    else:
        yield {**file, **named}
    yield {**file, **named, **exact}
    yield {**file, **exact}


def _exact(place: Place) -> dict[str, Any]:
    box = [round(edge, 1) for edge in place.box] if place.box is not None else None
    whole = {"页": place.page, "框": box, "文本行": place.line, "段": place.paragraph, "工作表": place.sheet, "单元格": place.cell}
    return {key: value for key, value in whole.items() if value not in (None, "")}


def _typed(entry: dict[str, Any]) -> Entry:
    """The entry as the pipeline has it."""
    box = entry.get("框")
    return Entry(
        entry["印作"], entry["应为"], entry["更正人"], entry["理由"], entry.get("文件", ""), entry.get("表", ""), entry.get("部分", ""), entry.get("行", ""),
        entry.get("栏", ""), entry.get("页"), tuple(box) if box else None, entry.get("文本行"), entry.get("段"), entry.get("工作表", ""), entry.get("单元格", ""),
    )  # fmt: skip


def same_place(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two entries put the same figure right."""
    said = ("应为", "更正人", "理由")
    return {key: value for key, value in one.items() if key not in said} == {key: value for key, value in other.items() if key not in said}

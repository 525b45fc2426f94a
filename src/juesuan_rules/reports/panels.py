"""Tables of several code | name | amount panels side by side (form "panels": 基本支出明细表)."""

from __future__ import annotations

from difflib import SequenceMatcher

import msgspec

from juesuan_rules.catalogue.model import RowSpec
from juesuan_rules.documents.model import GridCell
from juesuan_rules.reports.building import LENGTHS, TableBuilder
from juesuan_rules.reports.choosing import row_names
from juesuan_rules.reports.header import ColumnHead
from juesuan_rules.reports.model import Row
from juesuan_rules.reports.sheet import Words, folded, has_digit, is_figure, labelled

MAX_GARBLED = 200
"""How many unknown names of a table are compared with all known ones, so that time stays bounded."""


class Panel(msgspec.Struct):
    """One panel: grid columns of its code (in one or more pieces), name and amount."""

    codes: list[int]
    name: int
    amount: int


class Chart(msgspec.Struct):
    """The layout's rows by code and by name, in their order; `totals` are its rows without a code,
    and 合计 itself, which tables of one panel print."""

    rows: tuple[RowSpec, ...]
    by_code: dict[str, int] = msgspec.field(default_factory=dict)
    by_name: dict[str, list[int]] = msgspec.field(default_factory=dict)
    totals: dict[str, RowSpec] = msgspec.field(default_factory=dict)
    compared: int = 0


def read_panels(table: TableBuilder, heads: list[ColumnHead], words: Words) -> bool:
    """Reads the table, panel by panel from the left; False where no panel can be made out."""
    spec = table.spec.blocks[0]
    panels = _find_panels(table, heads)
    if not panels:
        return False
    chart = _chart(spec.rows, row_names(spec), words)
    builder = table.block(spec, [spec.columns[0].name])
    beside = _beside(heads, panels, chart)
    table.leave_out([head for head in heads if not head.kind and head.index > panels[-1].amount and head.index not in beside])
    sheet = table.sheet
    rows = [row for row in range(sheet.header, len(sheet.texts)) if any(sheet.texts[row])]
    totals = [row for row in rows if any(labelled(c.label) in chart.totals for c in sheet.cells[row] if c.text)]
    details = [row for row in rows if row not in frozenset(totals)]
    for panel in panels:
        last = -1
        for row in details:
            made = _row(table, panel, row, chart, last)
            if made is not None:
                found, result, reliable = made
                last = found if found is not None else last
                table.add(builder, result, [table.read(row, panel.amount)], reliable)
    for row in details:
        if not sheet.is_whole(row):
            table.misplaced(" ".join(t for t in sheet.texts[row] if t)[:24], sheet.cell(row, 0).place)
    for row in totals:
        for result, cell, column in _totals(table, row, chart):
            table.add(builder, result, [table.read(row, column) if column >= 0 else table.blank(cell)])
        for column, total in beside.items():
            if total.key not in builder.index and has_digit(sheet.text(row, column)):
                place = sheet.cell(row, column).place
                table.add(builder, Row(total.key, total.label, _head_text(heads, column), role=total.role, place=place), [table.read(row, column)])
    for row in rows:
        # Above the total they repeat the amount of their item.
        table.take(row, *beside)
    if totals and details and details[0] < totals[-1] < details[-1]:
        after = sum(row > totals[-1] for row in details)
        table.report("合计行位置", f"合计行夹在科目行之间，后面还有 {after} 行科目", sheet.cell(totals[-1], 0).place)
    return True


def _beside(heads: list[ColumnHead], panels: list[Panel], chart: Chart) -> dict[int, RowSpec]:
    """合计 | 人员经费 | 公用经费 beside the items of one panel: the columns whose total is a row of the layout."""
    if len(panels) != 1:
        return {}
    found = {head.index: chart.totals.get(labelled(f"{head.own}合计")) for head in heads if head.index > panels[0].amount and not head.kind and head.own}
    return {column: spec for column, spec in found.items() if spec is not None and spec.role == "合计"}


def _head_text(heads: list[ColumnHead], column: int) -> str:
    """The lowest header text of a column."""
    return next((head.own for head in heads if head.index == column), "")


def _find_panels(table: TableBuilder, heads: list[ColumnHead]) -> list[Panel]:
    names = {folded(n) for column in table.spec.blocks[0].columns for n in (column.name, *column.aliases)}
    panels: list[Panel] = []
    codes: list[int] = []
    name: int | None = None
    for head in heads:
        if head.kind == "编码":
            if name is not None:
                codes, name = [], None
            codes.append(head.index)
        elif head.kind in ("名称", "项目"):
            name = head.index
        elif head.own in names and (name is not None or codes):
            if name is not None:
                panels.append(Panel(codes, name, head.index))
            else:
                table.report("缺列", "有一栏没有科目名称，这一栏没有读入", table.sheet.place, blocking=True)
            codes, name = [], None
    return panels or _panels_by_rows(table)


def _panels_by_rows(table: TableBuilder) -> list[Panel]:
    """Panels by what stands in the columns, for tables whose header is lost."""
    sheet = table.sheet
    rows = range(sheet.header, len(sheet.texts))
    codes = [
        c
        for c in range(sheet.width)
        if sum(sheet.text(r, c)[:3].isdecimal() and "." not in sheet.text(r, c) and len(sheet.text(r, c)) in (3, 5) for r in rows) >= 3
    ]
    if codes:
        table.report("表头不识别", "没有表头，按科目编码所在的列认定各栏", sheet.place)
    return [Panel([c], c + 1, c + 2) for c in codes if c + 2 < sheet.width]


def _chart(rows: tuple[RowSpec, ...], names: tuple[frozenset[str], ...], words: Words) -> Chart:
    chart = Chart(rows, totals={word: RowSpec(word, word, role="总计") for word in words["合计行"]})
    for index, row in enumerate(rows):
        if row.key.isdecimal():
            chart.by_code[row.key] = index
            for name in names[index] - {row.key}:
                chart.by_name.setdefault(name, []).append(index)
        else:
            chart.totals.update(dict.fromkeys(names[index], row))
    return chart


def _row(table: TableBuilder, panel: Panel, row: int, chart: Chart, last: int) -> tuple[int | None, Row, bool] | None:
    """The row of one panel: (index in the layout or None, row, whether its figure can be relied on)."""
    sheet = table.sheet
    irregular = not sheet.is_whole(row)
    raw_code = "".join(sheet.cell(row, c).text.strip() for c in panel.codes)
    code = "".join(sheet.text(row, c) for c in panel.codes)
    cell = sheet.cell(row, panel.name)
    raw = cell.label.strip()
    filled = has_digit(sheet.text(row, panel.amount))
    if not code and not raw and not filled:
        return None
    table.take(row, *panel.codes, panel.name)
    name = labelled(raw)
    reliable = not irregular and not (raw and is_figure(sheet.text(row, panel.name))) and (not code or code.isdecimal())
    if not reliable and not irregular:
        table.misplaced(f"{raw_code} {raw}"[:24], cell.place)
    found = _match(chart, code, name, last)
    place = sheet.cell(row, panel.codes[0]).place if panel.codes else cell.place
    if found is not None:
        spec = chart.rows[found]
        return found, Row(spec.key, spec.label, cell.text.strip(), raw_code, spec.key, role=spec.role, clipped=code != spec.key, place=place), reliable
    if not code and not raw:
        table.report("行不识别", f"有数字“{sheet.cell(row, panel.amount).text.strip()}”而没有科目", cell.place, blocking=True)
        table.take(row, panel.amount)
        return None
    lengths = LENGTHS.get(table.spec.chart, {})
    if not code.isdecimal() or (lengths and len(code) not in lengths):
        table.collect("行不识别", "{n} 行的科目编码和名称都认不出：{list}", f"{raw_code} {raw}".strip()[:24], place)
    known = code if code.isdecimal() else None
    return None, Row(known or raw, raw or code, cell.text.strip(), raw_code, known, place=place, confidence=sheet.confidence(row, panel.codes if known else [panel.name])), reliable


def _match(chart: Chart, code: str, name: str, last: int) -> int | None:
    """Which row of the layout: by its code, else by name; a clipped code must begin the full one."""
    if code in chart.by_code:
        return chart.by_code[code]
    named = chart.by_name.get(name, [])
    if code.isdecimal() and len(code) == 5:
        return None
    if not named and name and chart.compared < MAX_GARBLED:
        chart.compared += 1
        named = [i for text, indexes in chart.by_name.items() if _alike(text, name) for i in indexes]
    fitting = [i for i in named if not code.isdecimal() or chart.rows[i].key.startswith(code)]
    if code.isdecimal() and len(code) == 3:
        fitting = []
    return next((i for i in sorted(fitting) if i > last), fitting[0] if fitting else None)


def _alike(known: str, name: str) -> bool:
    if len(name) >= 5 and (known.startswith(name) or name.startswith(known)):
        return True
    return len(name) >= 4 and abs(len(known) - len(name)) <= 4 and SequenceMatcher(None, known, name).ratio() >= 0.8


def _totals(table: TableBuilder, row: int, chart: Chart) -> list[tuple[Row, GridCell, int]]:
    """Rows 人员经费合计, 公用经费合计: each label with the next figure to its right, wherever that drifted."""
    sheet = table.sheet
    result: list[tuple[Row, GridCell, int]] = []
    labels = [(c, chart.totals[t]) for c, cell in enumerate(sheet.cells[row]) if cell.text and (t := labelled(cell.label)) in chart.totals]
    for (column, spec), end in zip(labels, [*(c for c, _ in labels[1:]), len(sheet.texts[row])], strict=True):
        cell = sheet.cells[row][column]
        table.take(row, column)
        value = next((c for c in range(column + 1, end) if has_digit(sheet.texts[row][c])), -1)
        result.append((Row(spec.key, spec.label, cell.text.strip(), role=spec.role, place=cell.place), cell, value))
    return result

"""What `extract` shows a person: every table as it was understood, doubtful cells marked."""

from __future__ import annotations

from juesuan_rules.amounts import SURE, Amount
from juesuan_rules.renderings.json_extract import grid_rows
from juesuan_rules.renderings.plain import clip, correction_lines, place_text, safe, source_names
from juesuan_rules.renderings.records_text import render_records
from juesuan_rules.reports.model import BlockData, Report, Row, Table

_CELL_WIDTH = 32
_ROW_LIMIT = 400
MARKS = "〔?〕读不出的数，? 读数不确定，〔改〕修补后读出的数，〔更〕更正过的数，〔文〕数字栏里的文字，〔码?〕补全或读数不确定的编码"


def render_extract(report: Report, table: str | None = None, chosen: str = "") -> str:
    """The report as text: identity, each table (only `table` where named), prose and forms, problems, outline."""
    lines = [*_identity(report), *[f"没读出来  {safe(text)}" for text in report.unread], *([f"布局 {safe(report.layout.pack)}（{safe(chosen)}）"] if chosen else [])]
    shown = [t for t in report.tables.values() if table in (None, t.spec.id)]
    for one in shown:
        lines += ["", *render_table(one)]
    lines += render_records(report, table)
    lines += ["", *correction_lines(report.corrections)] if report.corrections else []
    if table is None:
        lines += _rest(report)
    doubtful = sum(_mark(a) != "" for t in shown for b in t.blocks.values() for column in b.columns.values() for a in column)
    lines += ["", f"读到 {len(shown)} 张标准表，{doubtful} 个存疑单元格" + (f"（标记：{MARKS}）" if doubtful else "")]
    return "\n".join(lines) + "\n"


def _identity(report: Report) -> list[str]:
    who = report.identity
    known = [who.unit_name, f"{who.year}年度" if who.year else None, who.region_name, who.kind or None, f"金额单位：{who.money_unit}" if who.money_unit else None]
    return [source_names(report.source, report.parts), "  " + "，".join(safe(part) for part in known if part), *[f"  {safe(line)}" for line in who.evidence]]


def render_table(table: Table) -> list[str]:
    """One table: a heading, then one grid per block with its rows, columns and marks."""
    where = place_text(table.place)
    number = f"{table.number}表 " if table.number else ""
    lines = [f"■ {number}{safe(table.title)}  {table.unit}" + (f"  {where}" if where else "") + ("  （空表）" if table.empty else "")]
    for block in table.blocks.values():
        lines += _block(block)
    lines += [f"  ! {safe(problem.message)}" for problem in table.problems]
    return lines + [f"  · {safe(note)}" for note in table.notes]


def _block(block: BlockData) -> list[str]:
    from tabulate import tabulate

    names = list(block.columns)
    told = [(index, row) for index, row in enumerate(block.rows) if not _is_bare(block, row, index)]
    rows = [[_line(row), _code(row), clip(row.raw_label or row.label, _CELL_WIDTH), *[_amount(block.columns[name][i]) for name in names]] for i, row in told[:_ROW_LIMIT]]
    header = ["行次", "编码", block.spec.name or "项目", *[clip(name, _CELL_WIDTH) for name in names]]
    drop = [i for i in (1, 0) if not any(row[i] for row in rows)]
    for index in drop:
        header.pop(index)
        for row in rows:
            row.pop(index)
    align = ["left"] * (len(header) - len(names)) + ["right"] * len(names)
    text = tabulate(rows, header, tablefmt="simple", disable_numparse=True, colalign=align if rows else None)
    bare, hidden = len(block.rows) - len(told), len(told) - len(rows)
    notes = [f"  （另有 {bare} 个空行）"] if bare else []
    notes += [f"  （另有 {hidden} 行未显示，见 --json）"] if hidden else []
    return ["  " + line.rstrip() for line in text.splitlines()] + notes


def _is_bare(block: BlockData, row: Row, index: int) -> bool:
    """A row of the form in which nothing is printed but its number."""
    return not row.raw_label.strip() and all(not column[index].raw.strip() for column in block.columns.values())


def _line(row: Row) -> str:
    return str(row.line) if row.line is not None else ""


def _code(row: Row) -> str:
    return "" if row.code is None else safe(row.code) + ("〔码?〕" if row.clipped or row.confidence < SURE else "")


def _amount(amount: Amount) -> str:
    return clip(amount.raw, _CELL_WIDTH) + _mark(amount)


def _mark(amount: Amount) -> str:
    if amount.corrected:
        return "〔更〕"
    if amount.state == "unreadable":
        return "〔?〕"
    if amount.unsure:
        return "?"
    if amount.state == "text":
        return "〔文〕"
    return "〔改〕" if amount.repaired else ""


def _plain_grid(rows: list[list[str]]) -> list[str]:
    """The rows of a table that is not understood, as printed."""
    from tabulate import tabulate

    shown = [[clip(cell, _CELL_WIDTH) for cell in row] for row in rows[:_ROW_LIMIT] if any(cell.strip() for cell in row)]
    lines = ["  " + line.rstrip() for line in tabulate(shown, tablefmt="plain", disable_numparse=True).splitlines()]
    return [*lines, *([f"  （另有 {len(rows) - _ROW_LIMIT} 行未显示，见 --json）"] if len(rows) > _ROW_LIMIT else []), ""]


def _rest(report: Report) -> list[str]:
    lines = [f"! {safe(problem.message)}" for problem in report.problems]
    lines += [f"· {safe(note)}" for note in report.notes]
    titles = (*report.other_titles, *[""] * (len(report.other_tables) - len(report.other_titles)))
    for grid, title in zip(report.other_tables, titles, strict=True):
        rows = grid_rows(grid)
        first = title or next((" | ".join(filter(None, row)) for row in rows if any(row)), "")
        lines.append(f"其他表格  {place_text(grid.place)} {len(rows)} 行：{clip(first, 60)}")
        lines += [] if report.tables else _plain_grid(rows)
    headings = [s for s in report.sections if not s.toc]
    if headings:
        lines.append(f"章节 {len(headings)} 个：" + "、".join(clip(s.title, 30) for s in headings[:12]) + ("…" if len(headings) > 12 else ""))
    return ["", *lines] if lines else []

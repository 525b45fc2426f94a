"""Edits of a report's text: every figure changed, every row and table dropped, totals blanked, cells shifted.

An edit replaces or deletes lines; it knows nothing of rules. Lines count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from juesuan_rules.reports.model import Report, Table
from subject import cells

TOTALS = ("合计", "小计", "总计")


@dataclass(frozen=True)
class Figure:
    """A figure of a recognised table: its address, and its line and raw text in the file."""

    table: str
    block: str
    column: str
    key: str
    line: int
    raw: str
    nth: int = 0
    """Which of the equal texts on its line it is thought to be; the reader has the last word."""

    def __str__(self) -> str:
        return f"{self.table}.{self.block or '-'}[{self.key}].{self.column} = {self.raw}（第 {self.line} 行）"


@dataclass(frozen=True)
class Edit:
    """Lines to replace (text) or delete (None), and what a person would call the damage."""

    kind: str
    about: str
    lines: tuple[tuple[int, str | None], ...]
    figure: Figure | None = None
    new: str = ""


def apply(lines: list[str], edit: Edit) -> str:
    """The text with the edit made."""
    changed = dict(edit.lines)
    kept = (changed.get(n, line) for n, line in enumerate(lines, 1))
    return "\n".join(line for line in kept if line is not None)


def figures(report: Report) -> list[Figure]:
    """Every cell with a number (zeros included) of every recognised table, in printed order."""
    found: list[Figure] = []
    seen: dict[tuple[int, str], int] = {}
    for name, table in report.tables.items():
        for block, column, key, amount in cells(table):
            if amount.value is not None and amount.place.line:
                place = (amount.place.line, amount.raw)
                found.append(Figure(name, block, column, key, *place, seen.get(place, 0)))
                seen[place] = seen.get(place, 0) + 1
    return found


def replace_cell(line: str, raw: str, new: str, nth: int) -> str | None:
    """The line with the nth tab-separated cell that reads `raw` replaced; None where there is none."""
    parts = line.split("\t")
    places = [i for i, part in enumerate(parts) if part.strip() == raw]
    if not places:
        return None
    parts[places[nth % len(places)]] = new
    return "\t".join(parts)


def changes(raw: str) -> dict[str, str]:
    """Wrong versions of a printed figure: name of the change -> text. Its way of printing is kept."""
    plain = raw.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return {}
    whole, _, part = plain.partition(".")
    decimals = max(len(part), 2)
    units = int(whole + part.ljust(decimals, "0"))
    separators = "," in raw or not part or abs(units) < 1000 * 10**decimals
    result = {"+0.10": _printed(units + 10 ** (decimals - 1), decimals, separators)}
    if units:
        result["×2"] = _printed(units * 2, decimals, separators)
        result["÷10"] = _printed(units // 10, decimals, separators)
        swapped = _swapped(f"{units:0{decimals + 1}d}")
        if swapped is not None:
            result["换位"] = _printed(int(swapped), decimals, separators)
    return {name: text for name, text in result.items() if text != raw}


def _printed(units: int, decimals: int, separators: bool) -> str:
    whole, part = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{whole:{',' if separators else ''}}.{part:0{decimals}d}"


def _swapped(digits: str) -> str | None:
    """The last two neighbouring digits that differ, exchanged, but not below 0.10 in the result."""
    for i in range(len(digits) - 2, -1, -1):
        if digits[i] != digits[i + 1] and "-" not in digits[i : i + 2]:
            return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    return None


def figure_edits(lines: list[str], report: Report) -> Iterator[Edit]:
    """One edit per figure and change."""
    for figure in figures(report):
        for name, new in changes(figure.raw).items():
            line = replace_cell(lines[figure.line - 1], figure.raw, new, figure.nth)
            if line is not None:
                yield Edit(name, f"{figure} → {new}", ((figure.line, line),), figure, new)


def structural_edits(lines: list[str], report: Report) -> Iterator[Edit]:
    """Rows and tables dropped, totals blanked, columns shifted, neighbouring rows exchanged."""
    order = sorted((t for t in report.tables.values() if t.place.line), key=lambda t: t.place.line or 0)
    for table in order:
        yield from _table_dropped(lines, table, order)
        yield from _rows_dropped(lines, table)
        yield from _totals_blanked(lines, table)
        yield from _columns_shifted(lines, table)
        yield from _rows_exchanged(lines, table)


def _row_lines(table: Table) -> list[list[int]]:
    """Line numbers of each printed row that was recognised as one: header rows and spacers are none."""
    known = {row.place.line for block in table.blocks.values() for row in block.rows}
    rows = [sorted({cell.place.line for cell in row if cell.place.line}) for row in table.grid.rows]
    return [row for row in rows if known & set(row)]


def _has_figure(table: Table, row: list[int]) -> bool:
    return any(amount.value and amount.place.line in row for _, _, _, amount in cells(table))


def _table_dropped(lines: list[str], table: Table, order: list[Table]) -> Iterator[Edit]:
    start = table.place.line or 1
    end = max((line for row in _row_lines(table) for line in row), default=start)
    following = [t.place.line or 0 for t in order if (t.place.line or 0) > start]
    end = min(end, min(following) - 1) if following else end
    yield Edit("删表", table.spec.id, tuple((n, None) for n in range(start, end + 1)))


def _rows_dropped(lines: list[str], table: Table) -> Iterator[Edit]:
    for row in _row_lines(table):
        kind = "删行" if _has_figure(table, row) else "删空行"
        yield Edit(kind, f"{table.spec.id} 第 {row[0]} 行：{lines[row[0] - 1].strip()[:40]}", tuple((n, None) for n in row))


def _totals_blanked(lines: list[str], table: Table) -> Iterator[Edit]:
    for name, block in table.blocks.items():
        for index, row in enumerate(block.rows):
            if row.role not in TOTALS:
                continue
            for column, amounts in block.columns.items():
                amount = amounts[index]
                if amount.value and amount.place.line:
                    line = replace_cell(lines[amount.place.line - 1], amount.raw, "", 0)
                    if line is not None:
                        yield Edit("合计改空", f"{table.spec.id}.{name or '-'}[{row.key}].{column}", ((amount.place.line, line),))


def _columns_shifted(lines: list[str], table: Table) -> Iterator[Edit]:
    """A column's figures one row down; for tab-separated tables also all cells right of a place one to the right."""
    for name, block in table.blocks.items():
        for column, amounts in block.columns.items():
            edits: list[tuple[int, str | None]] = []
            before = ""
            for amount in amounts:
                line = amount.place.line
                if not line:
                    continue
                if amount.raw.strip() and amount.raw != before:
                    new = replace_cell(lines[line - 1], amount.raw, before, 0)
                    edits += [(line, new)] if new is not None else []
                before = amount.raw
            if any(amount.value for amount in amounts) and edits:
                yield Edit("整列下移", f"{table.spec.id}.{name or '-'}.{column}", tuple(edits))
    rows = _row_lines(table)
    if any(len(row) > 1 for row in rows) or all(lines[row[0] - 1].count("\t") <= 1 for row in rows):
        return
    body = [row[0] for row in rows]
    for position in range(1, max((lines[n - 1].count("\t") for n in body), default=0) + 1):
        moved = []
        for n in body:
            parts = lines[n - 1].split("\t")
            if any(part.strip() for part in parts[position:]):
                moved.append((n, "\t".join([*parts[:position], "", *parts[position:]])))
        if moved:
            yield Edit("各格右移", f"{table.spec.id} 自第 {position + 1} 格起", tuple(moved))


def _rows_exchanged(lines: list[str], table: Table) -> Iterator[Edit]:
    rows = _row_lines(table)
    for one, other in pairwise(rows):
        if len(one) != len(other) or [lines[n - 1] for n in one] == [lines[n - 1] for n in other]:
            continue
        kind = "邻行互换" if _has_figure(table, one) or _has_figure(table, other) else "空邻行互换"
        pairs = [(a, lines[b - 1]) for a, b in zip(one, other, strict=True)] + [(b, lines[a - 1]) for a, b in zip(one, other, strict=True)]
        yield Edit(kind, f"{table.spec.id} 第 {one[0]}、{other[0]} 行", tuple(pairs))

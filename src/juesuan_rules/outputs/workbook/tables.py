"""Tables as printed, one sheet each: numbers as numbers, merged cells merged, the source and the findings beside every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from juesuan_rules.amounts import Amount, read_amount
from juesuan_rules.documents.model import NOWHERE, GridCell
from juesuan_rules.findings import OUTCOME_ZH
from juesuan_rules.outputs.workbook.cells import MOST_COLUMNS, MOST_ROWS, TABLE_TOP, Cells, Sheet, value_of
from juesuan_rules.outputs.workbook.expression import Cell
from juesuan_rules.outputs.workbook.ledger import Use, Uses
from juesuan_rules.outputs.workbook.sheet import Page, width_of
from juesuan_rules.renderings.plain import ordinal, place_text

_MOST_BACK = 4
_WIDEST, _NARROWEST = 42, 6


def write_table(page: Page, sheet: Sheet, cells: Cells, uses: Uses, first: Cell) -> None:
    """The sheet of a table. first: where the way back leads to."""
    grid = sheet.grid.rows[:MOST_ROWS]
    columns = min(max((len(row) for row in grid), default=0), MOST_COLUMNS)
    table = sheet.table
    page.text(0, 0, sheet.title, page.styles.heading)
    unit = f"单位：{table.unit}　" if table is not None else ""
    page.text(1, 0, f"{unit}{place_text(sheet.grid.place)}".strip() + ("" if table is not None else "（不是标准决算表，按印出的样子列出）"), page.styles.line)
    page.link(1, columns + 1, first, "回到结论", page.styles.plain_link)
    page.head(TABLE_TOP - 1, ("出处", "用到这一行的发现"), columns + 1)
    marks = _Marks(page, sheet, cells, uses)
    covered: set[tuple[int, int]] = set()
    for r, row in enumerate(grid):
        for c, cell in enumerate(row[:columns]):
            if (r, c) not in covered:
                covered |= _write_cell(page, sheet, cells, marks, r, c, cell)
        _beside(page, r, columns, row, marks)
    page.widths(*_widths(sheet, columns), 3, 22, *[16] * _MOST_BACK)
    page.sheet.freeze_panes(TABLE_TOP + sheet.header_rows, 0)
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:{Cell('', TABLE_TOP + len(grid), columns).name.replace('$', '')}"})
    page.printing((0, TABLE_TOP + sheet.header_rows - 1) if sheet.header_rows else (0, TABLE_TOP - 1), sheet.title)


class _Marks:
    """The findings that use the cells of one sheet."""

    def __init__(self, page: Page, sheet: Sheet, cells: Cells, uses: Uses) -> None:
        self.page, self.figures = page, cells.figures[sheet.name]
        self._by_row: dict[int, list[Use]] = {}
        self._at: dict[tuple[int, int], list[Use]] = {}
        for (row, column), those in uses.get(sheet.name, {}).items():
            told = [use for use in those if use.points]
            if told:
                self._at[row - TABLE_TOP, column] = told
                self._by_row.setdefault(row - TABLE_TOP, []).extend(told)

    def fill(self, r: int, c: int) -> str:
        told = self._at.get((r, c))
        if told is None:
            amount = self.figures.get((r, c))
            return "blue" if amount is not None and amount.corrected else ""
        return "red" if any(use.line.finding.outcome == "fail" for use in told) else "amber"

    def note(self, r: int, c: int) -> str:
        """What a comment on the cell says; "" for none."""
        lines = [f"发现 {use.line.number}{ordinal(use.sign)}：{use.line.finding.rule} {OUTCOME_ZH[use.line.finding.outcome]}" for use in self._at.get((r, c), ())]
        amount = self.figures.get((r, c))
        if amount is not None and amount.corrected:
            lines.insert(0, f"印作「{amount.raw.strip()}」，{amount.corrected}")
        elif amount is not None and amount.unsure:
            lines.insert(0, "读数不确定，请对照原件")
        elif amount is not None and amount.repaired:
            lines.insert(0, f"印作「{amount.raw.strip()}」，读作 {amount.repaired}")
        return "\n".join(lines)

    def of_row(self, r: int) -> list[Use]:
        return list({use.line.number: use for use in self._by_row.get(r, ())}.values())


def _write_cell(page: Page, sheet: Sheet, cells: Cells, marks: _Marks, r: int, c: int, cell: GridCell) -> set[tuple[int, int]]:
    """One printed cell with whatever it covers."""
    styles = page.styles
    fill = marks.fill(r, c)
    amount = cells.figures[sheet.name].get((r, c))
    if amount is None and sheet.table is None:
        amount = _loose(cell)
    value = value_of(amount) if amount is not None else None
    if amount is not None and value is not None:
        style = styles.number(amount.decimals, _thousands(amount, value), fill)
    elif fill:
        style = styles.filled(fill)
    else:
        style = styles.printed_head if r < sheet.header_rows else styles.printed
    covered = _merge(page, sheet, r, c, cell, style)
    if value is not None:
        page.number(r + TABLE_TOP, c, value, style)
    else:
        page.text(r + TABLE_TOP, c, cell.text, style)
    note = marks.note(r, c)
    if note:
        page.comment(r + TABLE_TOP, c, note)
    return covered


def _merge(page: Page, sheet: Sheet, r: int, c: int, cell: GridCell, style: Any) -> set[tuple[int, int]]:
    """Merge the empty cells a printed cell covers; none where one of them shows something."""
    rows = sheet.grid.rows
    if cell.colspan < 2 and cell.rowspan < 2:
        return set()
    down, across = r + max(cell.rowspan, 1), c + max(cell.colspan, 1)
    inside = [(y, x) for y in range(r, min(down, len(rows), MOST_ROWS)) for x in range(c, min(across, MOST_COLUMNS)) if (y, x) != (r, c)]
    whole = all(x < len(rows[y]) and not rows[y][x].text.strip() and (y, x) not in page.merged for y, x in inside)
    if not inside or not whole:
        return set()
    page.merged.update(inside, {(r, c)})
    page.sheet.merge_range(r + TABLE_TOP, c, inside[-1][0] + TABLE_TOP, inside[-1][1], "", style)
    return set(inside)


def _beside(page: Page, r: int, columns: int, row: Sequence[GridCell], marks: _Marks) -> None:
    """To the right of a row: where it stands in the report, and the findings that use it."""
    place = next((cell.place for cell in row if cell.place != NOWHERE), NOWHERE)
    if place != NOWHERE:
        page.text(r + TABLE_TOP, columns + 1, place_text(place), page.styles.line)
    told = marks.of_row(r)
    for at, use in enumerate(told[:_MOST_BACK]):
        rest = f" 等 {len(told)} 项" if at == _MOST_BACK - 1 and len(told) > _MOST_BACK else ""
        page.link(r + TABLE_TOP, columns + 2 + at, use.line.cell, f"发现 {use.line.number}（{use.line.finding.rule}）{rest}", page.styles.plain_link)


def _loose(cell: GridCell) -> Amount | None:
    """A number in a table that is none of the standard ones: only what is plainly a figure, never a code or a year."""
    text = cell.text.strip()
    if not ("." in text or "," in text) or len(text) > 24:
        return None
    amount = read_amount(text, "数", cell.place)
    return amount if amount.value is not None and not amount.repaired else None


def _thousands(amount: Amount, value: float) -> bool:
    return "," in amount.raw or "，" in amount.raw or abs(value) < 1000


def _widths(sheet: Sheet, columns: int) -> list[float]:
    """Wide enough for what stands in single cells."""
    widest = [_NARROWEST] * columns
    for row in sheet.grid.rows[:2000]:
        for c, cell in enumerate(row[:columns]):
            if cell.colspan < 2 and cell.text:
                widest[c] = max(widest[c], min(width_of(cell.text.strip()[:40]) + 2, _WIDEST))
    return [float(width) for width in widest]

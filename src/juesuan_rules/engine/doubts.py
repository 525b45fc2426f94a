"""What keeps a failed check from being an error: a figure that was not surely read, a page that was not read.

A doubt turns 不符 and 存疑 into 无法判断 and never touches what passed: a misread figure may break an
equation that holds, but hardly mends one that does not (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Iterable

from juesuan_rules.amounts import SURE
from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.engine.books import UNREAD, Lack
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.findings import UNSURE
from juesuan_rules.reports.model import GOES_ON, Report, Table


def doubt(cells: Iterable[Cell], absent: Iterable[Cell] = ()) -> Lack | None:
    """Why a failed comparison of these cells is no error, or None. absent: rows a join did not find."""
    known: set[int] = set()
    for cell in cells:
        amount = cell.amount
        if amount is not None and amount.unsure:
            return Lack(UNSURE, f"{cell_name(cell)} 的读数「{amount.raw.strip()}」不确定，请对照原件", cell.table.spec.id)
        if cell.row is not None and cell.row.confidence < SURE:
            printed = cell.row.raw_code or cell.row.raw_label
            return Lack(UNSURE, f"{cell_name(cell)} 所在行的「{printed}」读数不确定，请对照原件", cell.table.spec.id)
        if id(cell.table) not in known:
            known.add(id(cell.table))
            if (found := _goes_on(cell.table)) is not None:
                return found
    return next((found for cell in absent if (found := table_doubt(cell.table)) is not None), None)


def table_doubt(table: Table) -> Lack | None:
    """Why rows, columns or names of a table may be there although they were not found, or None."""
    # A grid has thousands of cells, and nearly always none that is not sure.
    unsure = [row for row in table.grid.rows if any(cell.confidence < SURE for cell in row)]
    printed = [cell.text for row in unsure if (cell := _unsure_label(row)) is not None]
    printed += [row.raw_code or row.raw_label for block in table.blocks.values() for row in block.rows if row.confidence < SURE]
    if printed:
        return Lack(UNSURE, f"《{table.spec.id}》的「{printed[0].strip()}」读数不确定，请对照原件", table.spec.id)
    return _goes_on(table)


def row_doubt(tables: Iterable[Table], places: Iterable[Place]) -> Lack | None:
    """Why the labels of the rows at these places may be other than they were read, or None."""
    wanted = set(places)
    for table in tables:
        for row in table.grid.rows:
            if (cell := _unsure_label(row)) is not None and not wanted.isdisjoint([other.place for other in row]):
                return Lack(UNSURE, f"《{table.spec.id}》的「{cell.text.strip()}」读数不确定，请对照原件", table.spec.id)
    return None


def recognised(report: Report) -> str | None:
    """A text that a recogniser read from a picture, or None where all text was there as such."""
    grids = (*(table.grid for table in report.tables.values()), *report.other_tables)
    cells = (cell for grid in grids for row in grid.rows for cell in row)
    return next((cell.text.strip()[:12] for cell in cells if cell.confidence < 1 and cell.text.strip()), None)


def _unsure_label(row: tuple[GridCell, ...]) -> GridCell | None:
    """The first cell of a row that was not surely read and is no amount: a label, a code, a 行次."""
    return next((cell for cell in row if cell.confidence < SURE and cell.text.strip() and "." not in cell.text), None)


def _goes_on(table: Table) -> Lack | None:
    problem = next((p for p in table.problems if p.kind == GOES_ON), None)
    return None if problem is None else Lack("无法识别", f"《{table.spec.id}》{problem.message}", table.spec.id, UNREAD)

"""Every figure a report prints: in its tables, its forms and its running text, with the cells it was read into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from juesuan_rules.amounts import Amount
from juesuan_rules.authoring.altering import Spot
from juesuan_rules.authoring.coverage.model import FORM, PROSE, TABLE, Printed
from juesuan_rules.catalogue.records import ASSESSMENTS
from juesuan_rules.documents.model import GridBlock, Place
from juesuan_rules.engine.columns import Sheet
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.reports.model import Report, Table

PROSE_NAME = "情况说明"
REST = "其他文字"
"""Running text outside the explanations: the cover, contents, notes, terms."""
_LINKED = "文中"
"""Columns of forms that hold what the prose says."""
_DECIMAL = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+%?\Z")
"""What is a figure for certain where nothing recognised it: whole numbers may be codes, lines, years."""

Mark = tuple[Place, str]


def printed_figures(report: Report, stated: Mapping[tuple[int, int], Sequence[Spot]]) -> Iterator[Printed]:
    """Tables in printed order, then forms, then the prose. stated: per figure of the prose, as (sentence, figure), the
    facts it states."""
    for table in sorted(report.tables.values(), key=lambda t: (t.place.page or 0, t.place.line or 0)):
        yield from _of_table(table)
    yield from _of_forms(report)
    yield from _of_prose(report, stated)


def _of_table(table: Table) -> Iterator[Printed]:
    title = table.spec.id
    cells: dict[Mark, list[Spot]] = {}
    for spot, amount in _spots(table, table.spec.id):
        cells.setdefault((amount.place, amount.raw.strip()), []).append(spot)
    names, amounts = _Namer(table), dict(_spots(table, table.spec.id))
    for row, column, mark, place in _numbers(table.grid, table.header_rows, cells):
        left = cells.get(mark)
        # Equal texts of one line share their place: they are taken in the order printed.
        if left:
            spot = left.pop(0)
            yield Printed(TABLE, title, (row, column), mark[1], place, amounts[spot], (spot,), names(spot))
        else:
            yield Printed(TABLE, title, (row, column), mark[1], place)


def _numbers(grid: GridBlock, first: int, known: Iterable[Mark]) -> Iterator[tuple[int, int, Mark, Place]]:
    """(row, column, mark, place) of the cells that were read as a figure, or that can be nothing else."""
    marks = set(known)
    for r, row in enumerate(grid.rows):
        for c, cell in enumerate(row):
            mark = (cell.place, cell.text.strip())
            if mark in marks or (r >= first and _DECIMAL.match(mark[1])):
                yield r, c, mark, cell.place


def _spots(table: Table, name: str) -> Iterator[tuple[Spot, Amount]]:
    for block_name, block in table.blocks.items():
        columns = [(column, amounts) for column, amounts in block.columns.items() if not column.startswith(_LINKED)]
        # By row: that is the order in which figures of one line are printed.
        for position in range(len(block.rows)):
            for column, amounts in columns:
                amount = amounts[position]
                if amount.value is not None and amount.unit != "文字":
                    yield (name, block_name, column, position), amount


class _Namer:
    """Spots as rules write them."""

    def __init__(self, table: Table) -> None:
        self.sheets = {name: Sheet(table, block) for name, block in table.blocks.items()}

    def __call__(self, spot: Spot) -> str:
        sheet = self.sheets[spot[1]]
        return cell_name(sheet.cell(sheet.keys[spot[3]], spot[2]))


def _of_forms(report: Report) -> Iterator[Printed]:
    """Cells of the grids that forms were read from; what one cell says may be read into several."""
    forms = report.records.get(ASSESSMENTS)
    if forms is None:
        return
    cells: dict[Mark, list[Spot]] = {}
    for spot, amount in _spots(forms, ASSESSMENTS):
        cells.setdefault((amount.place, amount.raw.strip()), []).append(spot)
    names, amounts = _Namer(forms), dict(_spots(forms, ASSESSMENTS))
    places = {place for place, _ in cells}
    for number, grid in enumerate(report.other_tables):
        if not any(cell.place in places and (cell.place, cell.text.strip()) in cells for row in grid.rows for cell in row):
            continue
        title = form_title(report, number)
        found = list(_numbers(grid, 1, cells))
        same: dict[Mark, list[int]] = {}
        for at, (_, _, mark, _) in enumerate(found):
            same.setdefault(mark, []).append(at)
        for at, (row, column, mark, place) in enumerate(found):
            spots = _share(cells.get(mark, ()), same[mark].index(at), len(same[mark]))
            yield Printed(FORM, title, (row, column), mark[1], place, amounts[spots[0]] if spots else None, spots, names(spots[0]) if spots else "")


def _share(spots: Sequence[Spot], number: int, of: int) -> tuple[Spot, ...]:
    """Which cells one of several equal texts of a line was read into: each block takes them in the order printed."""
    blocks: dict[str, list[Spot]] = {}
    for spot in spots:
        blocks.setdefault(spot[1], []).append(spot)
    return tuple([spot for held in blocks.values() for n, spot in enumerate(held) if min(n, of - 1) == number])


def form_title(report: Report, number: int) -> str:
    """What a grid that is no standard table is called: what is printed above it, and which it is."""
    title = report.other_titles[number].strip() if number < len(report.other_titles) else ""
    return f"{title or '表单'}（第 {number + 1} 张）"


def _of_prose(report: Report, stated: Mapping[tuple[int, int], Sequence[Spot]]) -> Iterator[Printed]:
    """Figures of the sentences; each with the cells of record sets that hold it, or a figure made from it."""
    held = _Held(report, {spot for spots in stated.values() for spot in spots})
    for at, sentence in enumerate(report.prose.sentences):
        where = PROSE_NAME if at in report.prose.explained else REST
        for number, figure in enumerate(sentence.figures):
            amount = figure.amount
            if amount.value is None:
                continue
            spots = tuple(dict.fromkeys([*stated.get((at, number), ()), *held.spots(amount)]))
            known = amount if spots or (at, number) in report.prose.read else None
            text = sentence.text[figure.start : figure.end]
            yield Printed(PROSE, where, (at, number), text, sentence.place, known, spots, held.name(spots[0]) if spots else "")


class _Held:
    """Cells of record sets by the figure of the prose they hold. known: spots whose figure is known otherwise."""

    def __init__(self, report: Report, known: set[Spot]) -> None:
        self.report = report
        self.exact: dict[int, list[Spot]] = {}
        self.alike: dict[Mark, list[tuple[Spot, Amount]]] = {}
        self.own = {id(figure.amount) for sentence in report.prose.sentences for figure in sentence.figures}
        self._names: dict[str, _Namer] = {}
        for record, table in report.records.items():
            for block_name, block in table.blocks.items():
                for column, amounts in block.columns.items():
                    if record == ASSESSMENTS and not column.startswith(_LINKED):
                        continue
                    for position, amount in enumerate(amounts):
                        spot = (record, block_name, column, position)
                        if amount.value is not None and amount.unit != "文字" and spot not in known:
                            self.exact.setdefault(id(amount), []).append(spot)
                            self.alike.setdefault((amount.place, amount.raw), []).append((spot, amount))

    def spots(self, amount: Amount) -> list[Spot]:
        """The very figure, and those made from it (with a sign, with the unit of a fact)."""
        made = [(spot, other) for spot, other in self.alike.get((amount.place, amount.raw), ()) if id(other) not in self.own]
        same = [spot for spot, other in made if other.unit == amount.unit]
        return [*self.exact.get(id(amount), ()), *(same or [spot for spot, _ in made])]

    def name(self, spot: Spot) -> str:
        """The cell as a rule writes it."""
        if spot[0] not in self._names:
            self._names[spot[0]] = _Namer(self.report.records[spot[0]])
        return self._names[spot[0]](spot)

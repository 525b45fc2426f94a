"""Where the figures of a finding stand: which cell of which printed table, which words of which sentence.

A figure keeps its Place, and mostly that is one cell. In a text file all cells of a row stand in one line: there the
printed text, the row's label and the column where the table's other rows hold that figure decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.documents.model import NOWHERE, GridBlock, GridCell, Place
from juesuan_rules.findings import Operand
from juesuan_rules.reports.model import BlockData, Report, Row, Sentence, Table

_FOREIGN = re.compile(r"上年\.|所属单位\d*\.")
_ROW_NAME = re.compile(r"[\[「]([^\]「」]+|「[^」]*」)[\]」]")


class Sheet(msgspec.Struct, frozen=True):
    """A table as printed, with the id its drawing has on the page. table: what it was understood as, None where it is
    no standard table."""

    id: str
    title: str
    grid: GridBlock
    header_rows: int = 0
    table: Table | None = None


class CellAt(msgspec.Struct, frozen=True, order=True):
    """A printed cell: position of its sheet in `Places.sheets`, row and column in the grid."""

    sheet: int
    row: int
    column: int


class WordsAt(msgspec.Struct, frozen=True):
    """Words of a sentence: position of the sentence in the prose, start and end (equal where only the sentence is known)."""

    sentence: int
    start: int
    end: int


def is_elsewhere(operand: Operand) -> bool:
    """Whether the figure stands in another report: last year's, a subordinate unit's."""
    return _FOREIGN.match(operand.name) is not None


class Places:
    """Finds the figures of one report. Built once per page; columns of a table are learned when first needed."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.sheets = _sheets(report)
        self._cells: dict[Place, list[CellAt]] = {}
        for number, sheet in enumerate(self.sheets):
            for r, row in enumerate(sheet.grid.rows):
                for c, cell in enumerate(row):
                    if cell.place != NOWHERE:
                        self._cells.setdefault(cell.place, []).append(CellAt(number, r, c))
        self._columns: dict[int, dict[tuple[str, str], Counter[int]]] = {}
        self._prose = _Prose(report)

    def text(self, at: CellAt) -> str:
        """What is printed in a cell."""
        return self.sheets[at.sheet].grid.rows[at.row][at.column].text

    def cell(self, operand: Operand) -> CellAt | None:
        """The cell a figure is printed in, None where it stands in no table of this report, or in no cell (a row that lacks)."""
        if is_elsewhere(operand):
            return None
        raw = _bare(operand.raw)
        same = [at for at in self._cells.get(operand.place, []) if _bare(self.text(at)) == raw]
        if not same or (not raw and "缺行" in operand.note):
            return None
        return same[0] if len(same) == 1 else self._by_column(operand, same)

    def sheet(self, operand: Operand) -> int | None:
        """The table a figure belongs to that is printed in no cell: a row that lacks, the table as a whole."""
        there = self._cells.get(operand.place, []) if not is_elsewhere(operand) else []
        return there[0].sheet if there else None

    def words(self, operand: Operand) -> WordsAt | None:
        """The words of the prose a figure is printed in, None where it stands in none."""
        return None if is_elsewhere(operand) else self._prose.find(operand)

    def amounts(self, sheet: int) -> dict[tuple[int, int], Amount]:
        """Every figure of a standard table by its (row, column) in the grid."""
        table = self.sheets[sheet].table
        found: dict[tuple[int, int], Amount] = {}
        for block, name, position, row, amount in _figures(table) if table is not None else ():
            there = self._showing(sheet, amount)
            at = there[0] if len(there) == 1 else self._nearest(sheet, block, name, position, row, there) if there else None
            if at is not None:
                found.setdefault((at.row, at.column), amount)
        return found

    def _showing(self, sheet: int, amount: Amount) -> list[CellAt]:
        """The cells at a figure's place that show its text."""
        raw = _bare(amount.raw)
        return [at for at in self._cells.get(amount.place, []) if at.sheet == sheet and _bare(self.text(at)) == raw]

    def _by_column(self, operand: Operand, same: list[CellAt]) -> CellAt:
        column = operand.name.rpartition(".")[2].strip("「」")
        label = _label_in(operand.name)
        for sheet in dict.fromkeys(at.sheet for at in same):
            table = self.sheets[sheet].table
            here = [at for at in same if at.sheet == sheet]
            if table is None or not operand.name.startswith((*table.spec.short, table.spec.id)):
                continue
            named = [block for block in table.blocks if block and f".{block}[" in operand.name.replace("「", "").replace("」", "")]
            for block, name, position, row, amount in _figures(table):
                if block.spec.name in (named or table.blocks) and name == column and amount.place == operand.place and _bare(amount.raw) == _bare(operand.raw) and label in ("", row.code, row.label, row.key):
                    return self._nearest(sheet, block, name, position, row, here)
        return same[0]

    def _nearest(self, sheet: int, block: BlockData, name: str, position: int, row: Row, there: list[CellAt]) -> CellAt:
        """Of the cells of one line that show the same text, that in the figure's column: the first after its label."""
        if len(there) == 1:
            return there[0]
        printed = self.sheets[sheet].grid.rows[there[0].row]
        table = self.sheets[sheet].table
        wide = table is not None and bool(table.spec.wide)
        known: Counter[int] = Counter() if wide else self._votes(sheet).get((block.spec.name, name), Counter())
        main = [at for at in there if known[at.column] * 10 > known.total() * 6]
        if main:  # the figures of side-by-side panels stand in several columns, all others in one
            return main[0]
        after = max((c for c in _label_columns(printed, row) if c < there[-1].column), default=-1)
        right = [at for at in there if at.column > after] or there
        headed = self._headed(sheet, block, name, row)
        by_header = [at for at in right if at.column in headed]
        told = [at for at in right if known[at.column]] or by_header
        if told:
            return told[0]
        return min(right, key=lambda at: abs(at.column - (after + 1 + position)))

    def _headed(self, sheet: int, block: BlockData, name: str, row: Row) -> frozenset[int]:
        """The columns whose header is that of a figure: its printed 栏次, else its name."""
        known = self.sheets[sheet]
        if known.table is None:
            return frozenset()
        header = known.grid.rows[: known.header_rows]
        column = next((one for one in block.spec.columns if one.name == name), None)
        ordinal = column.ordinal if column is not None else None
        ordinal = next((number for number, key, of in known.table.spec.wide if (key, of) == (row.key, name)), ordinal)
        numbered = [[c for c, cell in enumerate(line) if cell.text.strip() == str(ordinal)] for line in header if sum(cell.text.strip().isdigit() for cell in line) > 1]
        if ordinal is not None and any(numbered):
            return frozenset(numbered[-1])
        names = {_bare(one) for one in (name, *(column.aliases if column is not None else ()))}
        return frozenset(c for line in header for c, cell in enumerate(line) if _bare(cell.text) in names)

    def _votes(self, sheet: int) -> dict[tuple[str, str], Counter[int]]:
        """Per block and column, in which columns of the grid its figures surely stand: where a row's figures, side by
        side, fit at one place only, and where a figure's text stands in its line but once."""
        known = self._columns.get(sheet)
        if known is None:
            known = self._columns[sheet] = {}
            table = self.sheets[sheet].table
            for block in table.blocks.values() if table is not None else ():
                for position, row in enumerate(block.rows):
                    for name, column in self._sure(sheet, block, position, row):
                        known.setdefault((block.spec.name, name), Counter())[column] += 1
        return known

    def _sure(self, sheet: int, block: BlockData, position: int, row: Row) -> Iterator[tuple[str, int]]:
        amounts = [(name, column[position]) for name, column in block.columns.items()]
        showing = [self._showing(sheet, amount) for _, amount in amounts]
        lines = {at.row for there in showing for at in there}
        if len(lines) == 1 and all(showing):
            printed = self.sheets[sheet].grid.rows[lines.pop()]
            raws = [_bare(amount.raw) for _, amount in amounts]
            labels = _label_columns(printed, row)
            if len(labels) > 1:  # 总计 on both sides: which is meant is not sure
                return
            starts = [c for c in range(max(labels, default=-1) + 1, len(printed) - len(raws) + 1) if [_bare(cell.text) for cell in printed[c : c + len(raws)]] == raws]
            if len(starts) == 1 and any(raws):
                yield from ((name, starts[0] + n) for n, (name, _) in enumerate(amounts))
                return
        for (name, amount), there in zip(amounts, showing, strict=True):
            if len(there) == 1 and amount.raw.strip():
                yield name, there[0].column


def _sheets(report: Report) -> tuple[Sheet, ...]:
    tables = [(table.title, table.grid, table.header_rows, table) for table in report.tables.values()]
    titles = (*report.other_titles, *[""] * len(report.other_tables))
    others = [(title, grid, 0, None) for grid, title in zip(report.other_tables, titles, strict=False)]
    return tuple([Sheet(f"t{number}", *one) for number, one in enumerate([*tables, *others], start=1)])


def _figures(table: Table) -> Iterator[tuple[BlockData, str, int, Row, Amount]]:
    """Every figure with its block, column, the column's position and its row."""
    for block in table.blocks.values():
        for position, (name, column) in enumerate(block.columns.items()):
            for row, amount in zip(block.rows, column, strict=True):
                if amount.place != NOWHERE:
                    yield block, name, position, row, amount


def _bare(text: str) -> str:
    """A printed text without white space: a cell may break its lines anywhere."""
    return "".join(text.split())


def _label_columns(printed: Sequence[GridCell], row: Row) -> list[int]:
    """The columns in which the row's label is printed, or its code where the label is not."""
    for text in (row.raw_label, row.raw_code):
        found = [c for c, cell in enumerate(printed) if text.strip() and _bare(cell.text) == _bare(text)]
        if found:
            return found
    return []


def _label_in(name: str) -> str:
    """The row in the name of a cell: 2010301 in 支出表[2010301].基本支出."""
    match = _ROW_NAME.search(name)
    return match.group(1).strip("「」") if match else ""


class _Prose:
    """Figures of the running text, found by the very figure, else by their characters."""

    def __init__(self, report: Report) -> None:
        self.sentences = report.prose.sentences
        self._figures: dict[int, WordsAt] = {}
        self._at: dict[Place, list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            self._at.setdefault(sentence.place, []).append(number)
            for figure in sentence.figures:
                self._figures[id(figure.amount)] = WordsAt(number, figure.start, figure.end)
        self._records: dict[tuple[Place, str], list[tuple[TableSpec, str, Row, Amount]]] = {}
        for table in report.records.values():
            for _block, name, _position, row, amount in _figures(table):
                if id(amount) in self._figures:
                    self._records.setdefault((amount.place, amount.raw.strip()), []).append((table.spec, name, row, amount))

    def find(self, operand: Operand) -> WordsAt | None:
        if not operand.quote and operand.place not in self._at:
            return None
        known = self._records.get((operand.place, operand.raw.strip()), [])
        fitting = [one for one in known if _fits(operand, one)] or known
        if fitting:
            return self._figures[id(fitting[0][3])]
        for number in self._near(operand):
            span = find_text(self.sentences[number].text, operand.raw.strip())
            if span is not None:
                return WordsAt(number, *span)
        return next((WordsAt(number, 0, 0) for number in self._near(operand)), None) if operand.quote else None

    def _near(self, operand: Operand) -> list[int]:
        """Sentences at the figure's place, that of its quotation first."""
        parts = [part for part in operand.quote.split("…") if part]

        def misses(number: int) -> int:
            text = " ".join(self.sentences[number].text.split())
            return sum(part not in text for part in parts)

        return sorted(self._at.get(operand.place, []), key=misses)


def _fits(operand: Operand, record: tuple[TableSpec, str, Row, Amount]) -> bool:
    spec, column, row, _amount = record
    if not operand.name.startswith((*spec.short, spec.id)):
        return False
    return (row.label in operand.name or (row.code or "\0") in operand.name) and (operand.name.endswith((f".{column}", f".「{column}」")) or column == "值")


def find_text(text: str, raw: str) -> tuple[int, int] | None:
    """Where a figure or a phrase stands in a text, not as part of a longer figure; None where it does not."""
    at = text.find(raw) if raw else -1
    while at >= 0:
        end = at + len(raw)
        before, after = text[at - 1 : at] if at else "", text[end : end + 1]
        if not (raw[0].isdigit() and (before.isdigit() or before in ("." , ",")) and before) and not (raw[-1].isdigit() and after.isdigit()):
            return at, end
        at = text.find(raw, at + 1)
    return None


def section_of(sentence: Sentence) -> str:
    """The heading a sentence stands under, "" where there is none."""
    return sentence.sections[-1] if sentence.sections else ""

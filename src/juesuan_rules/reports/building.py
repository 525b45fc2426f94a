"""Putting rows and figures into blocks: one place for unique keys, levels, problems and the count
of what was printed against what found its cell."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import msgspec
from msgspec.structs import replace

from juesuan_rules.amounts import Amount, read_amount
from juesuan_rules.catalogue.model import BlockSpec, TableSpec
from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.reports.header import ColumnHead
from juesuan_rules.reports.model import BlockData, Problem, Row
from juesuan_rules.reports.sheet import Sheet, has_digit, is_figure

MANY = 20
SHOWN = 4
"""How many examples a collected problem shows."""


def counted(amount: Amount, unit: str) -> Amount:
    """The same figure read as a number of things: the layout says what its row counts."""
    again = read_amount(amount.raw, unit, amount.place)
    return replace(again, confidence=amount.confidence, stored=amount.stored)


class BlockBuilder(msgspec.Struct):
    """A block being filled: rows in printed order, their amounts per column, the grid row of each.

    index: row key -> position. repeats: key -> how often it was printed, where more than once.
    """

    spec: BlockSpec
    names: list[str]
    rows: list[Row] = msgspec.field(default_factory=list)
    amounts: list[list[Amount]] = msgspec.field(default_factory=list)
    index: dict[str, int] = msgspec.field(default_factory=dict)
    at: list[int] = msgspec.field(default_factory=list)
    repeats: dict[str, int] = msgspec.field(default_factory=dict)


class TableBuilder:
    """Everything read of one table so far. `used` marks the printed cells that found their place."""

    def __init__(self, spec: TableSpec, sheet: Sheet, unit: str) -> None:
        self.spec, self.sheet, self.unit = spec, sheet, unit
        self.blocks: dict[str, BlockBuilder] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.used: list[set[int]] = [set() for _ in sheet.texts]
        self._row = -1
        self._told: Counter[str] = Counter()
        self._collected: dict[tuple[str, str], list[tuple[str, Place]]] = {}

    def block(self, spec: BlockSpec, names: list[str]) -> BlockBuilder:
        """Begins a block with these amount columns (canonical names, in printed order)."""
        built = self.blocks[spec.name] = BlockBuilder(spec, names)
        return built

    def report(self, kind: str, message: str, place: Place, key: str = "", blocking: bool = False) -> None:
        """Adds a problem of this table; of one kind only so many are told one by one."""
        self._told[kind] += 1
        if self._told[kind] > MANY and not blocking:
            self.collect(kind, "另有 {n} 处：{list}", message, place)
            return
        self.problems.append(Problem(kind, message, self.spec.id, key, place, blocking))

    def collect(self, kind: str, template: str, example: str, place: Place) -> None:
        """Adds an example to a problem that is told once per table; `template` has {n} and {list}."""
        self._collected.setdefault((kind, template), []).append((example, place))

    def misplaced(self, example: str, place: Place) -> None:
        """A row whose cells do not stand where the header says: its figures cannot be relied on."""
        self.collect("行错位", "{n} 行的单元格数目或位置与表头不符，这些行的数字不可用：{list}", example, place)

    def check_shift(self, block: BlockBuilder) -> None:
        """Rows whose total is blank while the figures after it add up as if moved one column on.

        Such a row is shifted, not left blank; where most rows are, the whole table is. So is one
        that prints its zeros and has no blank but in a column that is blank throughout.
        """
        blanks = [sum(amounts[i].state == "blank" for amounts in block.amounts) for i in range(len(block.names))]
        zeros = any(a.state == "zero" for amounts in block.amounts for a in amounts)
        if zeros and len(block.rows) > 2 and 0 < sum(n > 0 for n in blanks) < len(blanks) and set(blanks) == {0, len(block.rows)}:
            self.report(
                "行错位", f"“{block.names[blanks.index(len(block.rows))]}”整栏空白，其余各栏连零都印出，疑似数字错开了一列", self.sheet.place, blocking=True
            )
        total = next((i for i, c in enumerate(block.names) if self._is_total(block, c)), None)
        if total is None or len(block.names) < total + 3:
            return
        moved = [i for i, amounts in enumerate(block.amounts) if _adds_up_moved(amounts[total:])]
        for i in moved:
            self.misplaced(block.rows[i].raw_label or block.rows[i].label, block.rows[i].place)
            block.amounts[i] = [_unreliable(a) for a in block.amounts[i]]
        filled = sum(1 for amounts in block.amounts if any(a.value for a in amounts))
        if len(moved) > 2 and len(moved) >= filled:
            self.report("行错位", "数字整体错开了一列", self.sheet.place, blocking=True)

    def _is_total(self, block: BlockBuilder, column: str) -> bool:
        spec = next(c for c in block.spec.columns if c.name == column)
        return any(name.endswith(("合计", "小计")) for name in (spec.name, *spec.aliases))

    def read(self, row: int, column: int) -> Amount:
        """The figure at a grid position, which is thereby placed."""
        cell = self.sheet.cell(row, column)
        self.used[row].add(column)
        self._row = row
        amount = read_amount(cell.text, self.unit, cell.place)
        return amount if cell.confidence == 1 and not cell.stored else replace(amount, confidence=cell.confidence, stored=cell.stored)

    def blank(self, cell: GridCell) -> Amount:
        """A blank at the place of `cell`, for a figure that has no cell of its own."""
        return Amount("", "blank", unit=self.unit, place=cell.place)

    def take(self, row: int, *columns: int) -> None:
        """Marks cells as understood (labels, codes, 行次)."""
        self.used[row].update(columns)

    def leave_out(self, heads: list[ColumnHead]) -> None:
        """Columns with a header the layout does not have: told, and their figures not read."""
        named = [head for head in heads if head.own and not is_figure(head.own)]
        filled = [head for head in named if any(has_digit(self.sheet.text(row, head.index)) for row in range(self.sheet.header, len(self.sheet.texts)))]
        if filled:
            self.report("多列", f"“{'、'.join(head.own for head in filled)}”不在表样中，这些栏没有读入", self.sheet.place)
        for head in filled:
            for used in self.used:
                used.add(head.index)

    def add(self, block: BlockBuilder, row: Row, amounts: list[Amount], reliable: bool = True) -> None:
        """Adds a row. Where it is not certain which figure belongs where, none can be relied on."""
        if not reliable:
            amounts = [_unreliable(a) for a in amounts]
        if row.key in block.index:
            if not self._accept_repeated(block, row, amounts):
                return
            block.repeats[row.key] = block.repeats.get(row.key, 1) + 1
            row = replace(row, key=f"{row.key}（重复{block.repeats[row.key]}）")
        block.index[row.key] = len(block.rows)
        block.rows.append(row)
        block.amounts.append(amounts)
        block.at.append(self._row)
        for name, amount in zip(block.names, amounts, strict=True):
            if reliable and (amount.state == "unreadable" or (amount.state == "text" and amount.raw.strip())):
                self.collect("值不识别", "{n} 个单元格读不成数：{list}", f"{row.key} {name}“{amount.raw.strip()[:20]}”", amount.place)

    def _accept_repeated(self, block: BlockBuilder, row: Row, amounts: list[Amount]) -> bool:
        first = block.amounts[block.index[row.key]]
        same = [a.raw.strip() for a in first] == [a.raw.strip() for a in amounts]
        told = "两行数字相同，只算一行" if same else "两行数字不同"
        self.report("重复行", f"“{row.raw_label or row.label}”印了两行，{told}", row.place, row.key)
        return not same

    def finish(self) -> dict[str, BlockData]:
        """The blocks, with the problems collected on the way told."""
        self._count_unplaced()
        for (kind, template), examples in self._collected.items():
            shown = "、".join(text for text, _ in examples[:SHOWN]) + ("……" if len(examples) > SHOWN else "")
            self.problems.append(Problem(kind, template.format(n=len(examples), list=shown), self.spec.id, "", examples[0][1]))
        return {name: _freeze(block, self.spec) for name, block in self.blocks.items()}

    def _count_unplaced(self) -> None:
        """Conservation: every printed figure below the header stands in a cell or is told here, and
        the other figures of a row that has one to spare cannot be relied on either."""
        doubtful: set[int] = set()
        for row in range(self.sheet.header, len(self.sheet.texts)):
            used = self.used[row]
            for column, text in enumerate(self.sheet.texts[row]):
                if text and column not in used and has_digit(text):
                    cell = self.sheet.cells[row][column]
                    self.collect("值不识别", "{n} 个印出的数不知属于哪一格，所在的行不可用：{list}", f"“{cell.text.strip()[:20]}”", cell.place)
                    doubtful.add(row)
        for block in self.blocks.values():
            for index, at in enumerate(block.at):
                if at in doubtful:
                    block.amounts[index] = [_unreliable(a) for a in block.amounts[index]]


def _unreliable(amount: Amount) -> Amount:
    return amount if amount.state == "blank" else replace(amount, state="unreadable", value=None)


def _adds_up_moved(amounts: list[Amount]) -> bool:
    """Whether a row's total is blank and the next figure is the sum of those after it."""
    if amounts[0].state != "blank" or not amounts[1].value or amounts[1].state != "number":
        return False
    parts = [Fraction(a.value) for a in amounts[2:] if a.value]
    slack = Fraction(amounts[1].half) * (len(parts) + 1)
    return bool(parts) and abs(sum(parts, Fraction(0)) - amounts[1].value) <= slack


def _freeze(block: BlockBuilder, spec: TableSpec) -> BlockData:
    rows = with_levels(block.rows, spec.chart) if spec.chart else tuple(block.rows)
    columns = {name: tuple(amounts[i] for amounts in block.amounts) for i, name in enumerate(block.names)}
    return BlockData(block.spec, rows, columns)


LENGTHS = {"功能": {3: 1, 5: 2, 7: 3}, "经济": {3: 1, 5: 2}}
"""Digits of a code -> level, per chart."""


def with_levels(rows: list[Row], chart: str) -> tuple[Row, ...]:
    """Levels and parents by code; a row with rows below it is a 小计, one without is 明细."""
    lengths = LENGTHS[chart]
    present = {row.code for row in rows if row.code and len(row.code) in lengths}
    parents: set[str] = set()
    leveled: list[Row] = []
    for row in rows:
        level = lengths.get(len(row.code or ""), 0)
        parent = None
        if level:
            parent = next((row.code[:n] for n in sorted(lengths, reverse=True) if n < len(row.code or "") and row.code and row.code[:n] in present), None)
        if parent:
            parents.add(parent)
        leveled.append(replace(row, level=level, parent=parent))
    return tuple(replace(row, role="小计" if row.code in parents else "明细") if row.level else row for row in leveled)

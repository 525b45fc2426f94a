"""Where a wrong figure may come from: last year's, another cell, a total of another scope, its neighbour's.

Looked for only where a check failed, in indexes built once for the run. Nothing here changes a verdict,
and nothing is said of figures with few digits: those meet by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from juesuan_rules.amounts import Exact
from juesuan_rules.catalogue.records import FACTS, VALUE
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.forms import exact, size
from juesuan_rules.engine.lacks import is_prose
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.engine.quotes import Figures
from juesuan_rules.engine.values import Value, measure

_LEAST_DIGITS, _SURE_DIGITS = 3, 4
_CHANGE, _BEFORE = "增减额", "上年数"
_TOTALS = ("合计", "总计")
Mark = tuple[str, Exact]
"""(kind of quantity, value)."""


class Lookalikes(msgspec.Struct):
    """Every figure of the report by its value, and the failed comparisons of two figures."""

    books: Books
    figures: Figures
    failed: dict[tuple[Exact, Exact], list[Cell]] = msgspec.field(default_factory=dict)
    _printed: dict[Mark, list[Cell]] | None = None
    _totals: list[Cell] | None = None

    def note(self, judgement: Judgement) -> None:
        """Remember a failed comparison of a figure of the prose with one of a table."""
        pair = _pair(judgement)
        if pair is not None:
            said, printed = pair
            self.failed.setdefault((_value(said), _value(printed)), []).append(said)

    def hints(self, judgement: Judgement) -> list[str]:
        """What the figures of a failed comparison look like, most telling first."""
        left, right = judgement.left, judgement.right
        if judgement.form[:2] != ("cmp", "==") or left is None or right is None:
            return []
        if not (left.linear and right.linear):
            found = self._denominator(judgement, left, right)
            return [found] if found else self._percent(left, right)
        pair = _pair(judgement)
        if pair is not None:
            found = self._swapped(*pair) or self._last_year(*pair) or self._copied(*pair)
            if found:
                return [found]
        found = self._scope(judgement)
        return [found] if found else []

    # --- a figure of the prose against one of a table -----------------------------------------------

    def _swapped(self, said: Cell, printed: Cell) -> str:
        others = [cell for cell in self.failed.get((_value(printed), _value(said)), []) if cell is not said]
        return f"疑似两数互换：{cell_name(others[0])} 印作 {_raw(others[0])}" if len(others) == 1 else ""

    def _last_year(self, said: Cell, printed: Cell) -> str:
        """Equal to what the figure must have been a year before: stated, implied by the change, or printed then."""
        slack = said.half + printed.half
        before, change = _beside(said, _BEFORE), _beside(said, _CHANGE)
        if before is not None and size(_value(said) - _value(before)) <= slack:
            return f"疑似误用上年数：与 {cell_name(before)} 相同"
        if change is not None and size(_value(printed) - _value(change) - _value(said)) <= slack + change.half:
            return f"疑似误用上年数：与按增减额推算的上年数相同（{cell_name(change)} {_raw(change)}）"
        then = self._a_year_before(printed)
        if then is not None and then.amount is not None and then.amount.value and size(then.amount.value - _value(said)) <= slack:
            return f"疑似误用上年数：与 {cell_name(then)} 相同"
        return ""

    def _a_year_before(self, cell: Cell) -> Cell | None:
        if self.books.prior is None or cell.sheet.scope:
            return None
        for sheet in self.books.sheets("上年", cell.table.spec.id, cell.sheet.block.spec.name):
            found = sheet.cell(cell.key, cell.column)
            if found.amount is not None:
                return found
        return None

    def _copied(self, said: Cell, printed: Cell) -> str:
        """Another cell of the tables with this very figure: the only one, or the only one nearby."""
        if _digits(said) < _LEAST_DIGITS:
            return ""
        found = [cell for cell in self._same(said) if cell is not printed and not cell.sheet.records]
        near = [cell for cell in found if cell.table is printed.table and (cell.key == printed.key or cell.column == printed.column)]
        chosen = found if len(found) == 1 else near
        return f"疑似抄自 {cell_name(chosen[0])}" if len(chosen) == 1 else ""

    # --- differences and shares -----------------------------------------------------------------------

    def _scope(self, judgement: Judgement) -> str:
        """The difference is a figure of its own: one side counts something the other does not."""
        left, right, difference = judgement.left, judgement.right, judgement.difference
        if left is None or right is None or not difference or left.kind != "money" or not any(is_prose(c.table.spec) for c in (*left.terms, *right.terms)):
            return ""
        used = {id(cell) for cell in (*left.terms, *right.terms)}
        found = [cell for cell in self._index().get(("money", size(difference)), []) if id(cell) not in used and not cell.sheet.records]
        fixed = [cell for cell in found if cell.table.spec.form == "fixed"]
        chosen = next(iter(fixed), None) or next((cell for cell in found if _digits(cell) >= _SURE_DIGITS), None)
        if chosen is None or _digits(chosen) < _LEAST_DIGITS:
            return ""
        return f"疑似口径不同：差额正好等于 {cell_name(chosen)}"

    def _denominator(self, judgement: Judgement, left: Value, right: Value) -> str:
        """The share is right over another total than the one it is said to be of."""
        ratio, other = (left, right) if left.parts is not None else (right, left)
        if ratio.parts is None or ratio.parts[0] != "÷" or not other.linear or not other.number:
            return ""
        _, part, whole = ratio.parts
        low, high = other.interval
        if low <= 0 or not part.number or len(part.terms) != 1 or whole.kind != "money":
            return ""
        ends = sorted((Fraction(part.interval[0]) / high, Fraction(part.interval[1]) / low))
        found = {_value(cell): cell for cell in self._all_totals() if ends[0] <= _value(cell) <= ends[1] and _value(cell) != whole.number}
        if len(found) != 1 or _digits(next(iter(part.terms))) < _LEAST_DIGITS:
            return ""
        return f"疑似口径不同：以 {cell_name(next(iter(found.values())))} 为总体计算则相符"

    def _percent(self, left: Value, right: Value) -> list[str]:
        """The percentage of another sentence."""
        cells = [cell for value in (left, right) if value.linear for cell in value.terms]
        if len(cells) != 1 or not is_prose(cells[0].table.spec) or _digits(cells[0]) < _LEAST_DIGITS:
            return []
        own = self.figures.same(cells[0])[0]
        found = list(dict.fromkeys([self.figures.same(cell)[0] for cell in self._same(cells[0])]))
        others = [cell for cell in found if cell is not own and is_prose(cell.table.spec)]
        return [f"疑似抄自 {cell_name(others[0])}"] if len(others) == 1 else []

    # --- indexes --------------------------------------------------------------------------------------

    def _same(self, cell: Cell) -> list[Cell]:
        return [other for other in self._index().get((_kind(cell), _value(cell)), []) if other is not cell]

    def _index(self) -> dict[Mark, list[Cell]]:
        if self._printed is None:
            self._printed = {}
            for cell in self._cells():
                self._printed.setdefault((_kind(cell), _value(cell)), []).append(cell)
        return self._printed

    def _all_totals(self) -> list[Cell]:
        if self._totals is None:
            self._totals = [cell for cell in self._cells() if not cell.sheet.records and cell.row is not None and cell.row.role in _TOTALS]
        return self._totals

    def _cells(self) -> Iterator[Cell]:
        """Every figure other than zero, tables in the layout's order."""
        report = self.books.report
        for table in (*report.tables.values(), *report.records.values()):
            for block in table.blocks:
                for sheet in self.books.sheets("", table.spec.id, block):
                    yield from _shown(sheet)


def _shown(sheet: Sheet) -> Iterator[Cell]:
    for column, amounts in sheet.block.columns.items():
        for row, amount in zip(sheet.rows, amounts, strict=True):
            if amount.value:
                yield sheet.cell(row.key, column)


def _pair(judgement: Judgement) -> tuple[Cell, Cell] | None:
    """(figure of a fact, figure of a table) of a comparison of these two, both of money."""
    left, right = judgement.left, judgement.right
    if judgement.form[:2] != ("cmp", "==") or left is None or right is None or len(left.terms) != 1 or len(right.terms) != 1:
        return None
    a, b = next(iter(left.terms)), next(iter(right.terms))
    said, printed = (a, b) if _is_fact(a) else (b, a)
    if not _is_fact(said) or printed.sheet.records or any(c.amount is None or not c.amount.value for c in (said, printed)):
        return None
    return said, printed


def _beside(said: Cell, column: str) -> Cell | None:
    """Another figure the prose gives of the same fact, or None."""
    if said.column != VALUE or column not in said.sheet.block.columns:
        return None
    found = said.sheet.cell(said.key, column)
    return found if _value(found) else None


def _is_fact(cell: Cell) -> bool:
    return is_prose(cell.table.spec) and cell.table.spec.id.startswith(FACTS)


def _value(cell: Cell) -> Exact:
    return exact(Fraction(cell.amount.value)) if cell.amount is not None and cell.amount.value is not None else 0


def _kind(cell: Cell) -> str:
    return measure((cell.amount.unit if cell.amount is not None else "") or cell.sheet.unit(cell.column))


def _raw(cell: Cell) -> str:
    return cell.amount.raw.strip() if cell.amount is not None else ""


def _digits(cell: Cell) -> int:
    """Significant digits of a figure: 45.80 has three."""
    return len("".join(filter(str.isdigit, _raw(cell))).strip("0"))

"""Changes of one figure at a time, and the rules that notice them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from juesuan_rules.amounts import PERCENT, UNITS, Amount, Exact
from juesuan_rules.authoring.altering import Spot, printed_as, step_of, with_amounts
from juesuan_rules.authoring.coverage.model import PROSE, Covered, Guard, Printed
from juesuan_rules.authoring.coverage.watching import BAD, AlteredBooks, Reading, outcome_of
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import bound_of, merged
from juesuan_rules.engine.forms import size

_LARGE_PART = 20
"""A large change of an amount is a 20th of it (5 %), and at least ten units of its last decimal; of a score or a
count a 20th, and at least one; of a percentage a point."""


class Guards:
    """Tries changes on the report of some books. repeats: figures of the prose that state again what another one states, by the
    rules that hold them against each other."""

    def __init__(self, books: Books, readings: Sequence[Reading], repeats: dict[tuple[int, int], tuple[str, ...]]) -> None:
        self.report, self.books, self.repeats = books.report, books, repeats
        self.by_spot: dict[Spot, list[Reading]] = {}
        for reading in readings:
            for spot in reading.spots:
                self.by_spot.setdefault(spot, []).append(reading)

    def cover(self, printed: Printed) -> Covered:
        """The rules that read a figure, and those that notice when it changes."""
        readings = list({id(r): r for spot in printed.spots for r in self.by_spot.get(spot, ())}.values())
        repeated = self.repeats.get(printed.at, ()) if printed.kind == PROSE else ()
        readers = _rules(readings, repeated)
        known = any(r.judgement.outcome in BAD for r in readings)
        tried: list[str] = []
        found: tuple[str, ...] = ()
        guard: Guard = "none"
        for kind, change in self._changes(printed, readings):
            amounts, text = self._changed(printed, change)
            tried.append(text)
            found = _rules(list(self._noticing(amounts, readings)))
            if found:
                guard = kind
                break
        if repeated:  # stated elsewhere as well, so any change beyond rounding is a contradiction
            found, guard = _rules([], (*found, *repeated)), "unit"
        return Covered(printed, readers, found, guard, known, tuple(tried))

    def _noticing(self, amounts: dict[Spot, Amount], readings: Sequence[Reading]) -> Iterator[Reading]:
        books = AlteredBooks.of(with_amounts(self.report, amounts), self.books, amounts)
        return (reading for reading in readings if outcome_of(reading, books) in BAD)

    def _changes(self, printed: Printed, readings: Sequence[Reading]) -> Iterator[tuple[Guard, Exact]]:
        """Changes from the least that must be noticed to a large one, each up, and where that is in vain down."""
        amount = printed.amount
        if amount is None or amount.value is None or not readings:
            return
        large = _large(amount)
        told = [change for reading in readings if (change := _beyond(reading, printed.spots, amount)) is not None]
        small = min(told, default=None)
        if small is None and amount.unit == PERCENT:
            small = 2 * step_of(amount)  # shares and rates are judged by intervals, about a unit of the last decimal wide
        if small is not None and small <= large:
            yield "unit", small
            if size(amount.value) > small:
                yield "unit", -small
        yield "large", large
        if size(amount.value) > large:
            yield "large", -large

    def _changed(self, printed: Printed, change: Exact) -> tuple[dict[Spot, Amount], str]:
        """The figure changed in every cell that holds it; one made from it changes with its sign."""
        assert printed.amount is not None and printed.amount.value is not None
        amounts: dict[Spot, Amount] = {}
        for spot in printed.spots:
            known = self._amount(spot)
            value = Fraction(known.value or 0)
            scale = -1 if value < 0 < printed.amount.value else 1
            amounts[spot] = printed_as(known, value + scale * Fraction(change))
        return amounts, printed_as(printed.amount, Fraction(printed.amount.value) + Fraction(change)).raw

    def _amount(self, spot: Spot) -> Amount:
        table, block, column, position = spot
        held = self.report.tables.get(table) or self.report.records[table]
        return held.blocks[block].columns[column][position]


def _rules(readings: Sequence[Reading], more: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*[r.check.rule.id for r in readings], *more]))


def _large(amount: Amount) -> Exact:
    value = size(Fraction(amount.value or 0))
    if amount.unit in UNITS:
        step = Fraction(step_of(amount))
        return max(ceil(value / _LARGE_PART / step), 10) * step
    return Fraction(1, 100) if amount.unit == PERCENT else max(ceil(value / _LARGE_PART), 1)


def _beyond(reading: Reading, spots: Sequence[Spot], amount: Amount) -> Exact | None:
    """The least change of a figure, in units of its last decimal, that an equality cannot accept."""
    judgement = reading.judgement
    if judgement.form[:2] != ("cmp", "==") or judgement.left is None or judgement.right is None or judgement.difference is None:
        return None
    if not (judgement.left.linear and judgement.right.linear) or judgement.left.text is not None:
        return None
    bound = bound_of(judgement)
    if bound is None or bound.kind == "interval":
        return None
    wanted = set(spots)
    factor = sum((Fraction(f) for cell, f in merged(judgement.left, judgement.right).items() if cell.row is not None and _spot(cell) in wanted), Fraction(0))
    step = Fraction(step_of(amount))
    if not factor or not step:
        return None
    # A figure that was zero is no longer exact, so its own half-width comes on top.
    slack = Fraction(bound.limit) + size(Fraction(judgement.difference)) + (size(factor) * step / 2 if not amount.value else 0)
    return (floor(slack / (size(factor) * step)) + 1) * step


def _spot(cell: Cell) -> Spot:
    return (cell.table.spec.id, cell.sheet.block.spec.name, cell.column, cell.sheet.index.get(cell.key, -1)) if cell.sheet.scope == 0 else ("", "", "", -1)

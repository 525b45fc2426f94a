"""The columnar pass: settles in a few operations every row whose verdict is certain.

A linear comparison is one signed sum of columns. Where the sum is zero (or on the allowed side) and
every figure is legible, the row passes, or does not apply when nothing is printed. A difference that
rounding covers passes too. Everything else stays PENDING for `judge`. States combine by `|` of big
integers, one byte a row (see `columns`).
"""

from __future__ import annotations

from fractions import Fraction
from operator import add, sub
from typing import Any

import msgspec

from juesuan_rules.amounts import UNITS, Exact
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import ABSENT, BLANK, HARD, NUMBER, ZERO, Column, Sheet
from juesuan_rules.engine.evaluation import NOT_APPLICABLE, PASS, PENDING, ROUNDING
from juesuan_rules.engine.forms import INEQUALITIES, Leaf, Linear, size


def _verdict(states: int) -> int:
    """What the joined states of a row mean where the sum is on the allowed side."""
    if states >= HARD:
        return PENDING
    if states & ABSENT:
        return PENDING if states & NUMBER else NOT_APPLICABLE
    return PASS if states & (ZERO | NUMBER) else NOT_APPLICABLE


_VERDICTS = bytes([_verdict(states) for states in range(256)])


class Slot(msgspec.Struct):
    """A leaf fetched for a run. keys None: a scalar, `values` one number long.

    states: one byte per value, as one integer (`raw` as bytes). positions: per value its cell in
    `column` (None: value i is cell i); groups: per value its several cells. base and at: of an
    aligned slot, the slot it came from and per value its position there (-1: none).
    """

    keys: tuple[str, ...] | None
    values: list[Exact]
    states: int
    raw: bytes
    sheet: Sheet
    column: Column
    positions: tuple[int, ...] | None = None
    groups: list[tuple[int, ...]] | None = None
    base: Slot | None = None
    at: tuple[int, ...] = ()

    def cells(self, row: int) -> tuple[int, ...]:
        """Positions in `column` of the cells that went into value `row`."""
        if self.base is not None:
            return () if self.at[row] < 0 else self.base.cells(self.at[row])
        if self.groups is not None:
            return self.groups[0 if self.keys is None else row]
        return (row,) if self.positions is None else (self.positions[row],)


class Slots:
    """Leaves by their number in the plan and column, fetched once per run."""

    def __init__(self, leaves: tuple[Leaf, ...], books: Books) -> None:
        self.leaves, self.books = leaves, books
        self._plain: list[Slot | None] = [None] * len(leaves)
        self._starred: dict[tuple[int, str], Slot | None] = {}

    def get(self, number: int, column: str | None) -> Slot | None:
        """The slot, or None where only `judge` can tell (a missing row, a missing column)."""
        leaf = self.leaves[number]
        if leaf.column == "*" and column is not None:
            mark = (number, column)
            if mark not in self._starred:
                self._starred[mark] = _fetch(leaf, column, self.books)
            return self._starred[mark]
        found = self._plain[number]
        if found is None:
            found = self._plain[number] = _fetch(leaf, leaf.column, self.books)
        return found

    def align(self, slot: Slot, domain: tuple[str, ...], missing: str) -> Slot:
        """The slot with one entry per key of `domain`; keys it lacks are 0 and absent (or blank)."""
        if slot.keys is None or slot.keys is domain or slot.keys == domain:
            return slot
        positions = self.books.join(slot.keys, domain)
        lacking = BLANK if missing == "zero" or slot.sheet.may_lack("") else ABSENT
        values, raw = [*slot.values, 0], slot.raw + bytes((lacking,))
        states = bytes([raw[p] for p in positions])
        joined = [values[p] for p in positions]
        return Slot(domain, joined, int.from_bytes(states, "little"), states, slot.sheet, slot.column, base=slot, at=positions)


def _fetch(leaf: Leaf, column: str, books: Books) -> Slot | None:
    sheets = books.sheets("", leaf.table, leaf.block)
    if not sheets:
        return None
    sheet = sheets[0]
    data = sheet.column(column)
    if data is None:
        return None
    if leaf.kind == "children":
        return _descendants(leaf, sheet, data)
    if leaf.kind == "cell":
        at = sheet.index.get(leaf.rows[1])
        if at is None:
            return _scalar(sheet, data, ()) if leaf.missing == "zero" or sheet.may_lack(leaf.rows[1]) else None
        return _scalar(sheet, data, (at,))
    picked = sheet.select(leaf.rows)
    positions = picked.positions
    if positions is None and leaf.kind == "column":
        return Slot(sheet.keys, data.values, int.from_bytes(data.states, "little"), data.states, sheet, data)
    if positions is None:
        positions = tuple(range(len(sheet.keys)))
    elif -1 in positions:
        if leaf.missing != "zero" and not all(sheet.may_lack(key) for key, p in zip(picked.keys, positions, strict=True) if p < 0):
            return None
        if leaf.kind == "column":
            return None
        positions = tuple([p for p in positions if p >= 0])
    if leaf.kind == "sum":
        if sheet.records and not positions:
            return None
        return _scalar(sheet, data, positions)
    states = bytes([data.states[p] for p in positions])
    return Slot(picked.keys, [data.values[p] for p in positions], int.from_bytes(states, "little"), states, sheet, data, positions)


def _scalar(sheet: Sheet, data: Column, positions: tuple[int, ...]) -> Slot:
    state, total = _folded(data, positions)
    return Slot(None, [total], state, bytes((state,)), sheet, data, groups=[positions])


def _folded(data: Column, positions: tuple[int, ...]) -> tuple[int, Exact]:
    """Joined states and sum of some cells of a column."""
    joined = 0
    total: Exact = 0
    values, states = data.values, data.states
    for p in positions:
        joined |= states[p]
        total += values[p]
    return joined, total


def _descendants(leaf: Leaf, sheet: Sheet, data: Column) -> Slot | None:
    if leaf.rows[0] == "key":
        below = sheet.children.get(leaf.rows[1])
        return None if below is None else _scalar(sheet, data, below)
    children = sheet.below(leaf.rows)
    picked = sheet.select(leaf.rows).keys
    keys = sheet.parents if leaf.rows == ("all",) else (*[key for key in picked if key in children], *[key for key in children if key not in sheet.index])
    if len(keys) == len(picked) and keys == picked:
        keys = picked
    cells = [children[key] for key in keys]
    folded = [_folded(data, below) for below in cells]
    joined = bytes([state for state, _ in folded])
    return Slot(keys, [total for _, total in folded], int.from_bytes(joined, "little"), joined, sheet, data, groups=cells)


def screen(check: Linear, numbers: tuple[int, ...], slots: Slots, column: str | None) -> tuple[tuple[Any, ...], bytes] | None:
    """Keys of the check's verdicts for one column and one outcome byte each, or None: judge all of it."""
    fetched: list[Slot] = []
    for number in numbers:
        slot = slots.get(number, column)
        if slot is None:
            return None
        fetched.append(slot)
    if not check.by_row:
        return (None,), _scalars(check, fetched)
    domain = _domain(check, fetched, slots.books)
    if not domain:
        return domain, b""
    for at, slot in enumerate(fetched):
        if slot.keys is not None and slot.keys is not domain:
            fetched[at] = slots.align(slot, domain, check.leaves[at][1].missing)
    return domain, _rows(check, fetched, len(domain))


def _rows(check: Linear, fetched: list[Slot], length: int) -> bytes:
    total: list[Exact] = []
    target: Exact = -check.constant
    states = spread = 0
    for (factor, _, _), slot in zip(check.leaves, fetched, strict=True):
        if slot.keys is None:
            target -= factor * slot.values[0]
            spread |= slot.states
            continue
        states |= slot.states
        values = slot.values
        if not total:
            total = values if factor == 1 else [factor * v for v in values]
        elif factor == -1:
            total = list(map(sub, total, values))
        else:
            total = list(map(add, total, values if factor == 1 else [factor * v for v in values]))
    if spread:
        states |= int.from_bytes(bytes((spread,)) * length, "little")
    outcomes = states.to_bytes(length, "little").translate(_VERDICTS)
    op = check.op
    if total.count(target) == length or (op == "<=" and max(total) <= target) or (op == ">=" and min(total) >= target):
        return outcomes
    settled = bytearray(outcomes)
    raw = states.to_bytes(length, "little")
    for at, value in enumerate(total):
        excess = _excess(op, value - target)
        if excess:
            settled[at] = _rounding(check, fetched, at, excess) if raw[at] < ABSENT else PENDING
    return bytes(settled)


def _scalars(check: Linear, fetched: list[Slot]) -> bytes:
    total: Exact = check.constant
    states = 0
    for (factor, _, _), slot in zip(check.leaves, fetched, strict=True):
        total += factor * slot.values[0]
        states |= slot.states
    excess = _excess(check.op, total)
    if not excess:
        return _VERDICTS[states : states + 1]
    return bytes((_rounding(check, fetched, 0, excess) if states < ABSENT else PENDING,))


def _excess(op: str, difference: Exact) -> Exact:
    """How far the difference is on the wrong side; 0 where it is not."""
    return size(difference) if op == "==" else max(difference if op == "<=" else -difference, 0)


def _rounding(check: Linear, fetched: list[Slot], row: int, excess: Exact) -> int:
    """ROUNDING where the tolerance covers the excess for certain, else PENDING (see `compare`)."""
    tolerance = check.tolerance
    if tolerance[0] == "fixed" and tolerance[3] in (None, "money"):
        # Where figures of one column are printed in several units, or are no money, only `compare` can tell.
        units = {slot.column.unit for slot in fetched}
        if tolerance[3] is None and (len(units) > 1 or "" in units):
            return PENDING
        factor = 1 if tolerance[3] else UNITS[units.pop()]
        return ROUNDING if excess <= Fraction(tolerance[1] * factor * check.scale, tolerance[2]) else PENDING
    if tolerance[0] != "tail":
        return PENDING
    total: Exact = 0
    squares: Exact = 0
    widest: Exact = 0
    seen = set()
    for (factor, _, _), slot in zip(check.leaves, fetched, strict=True):
        column = slot.column
        for position in slot.cells(row):
            mark = (id(column), position)
            if mark in seen:
                return PENDING
            seen.add(mark)
            if column.values[position]:
                half = column.amounts[position].half
                widest = max(widest, half)
                half *= size(factor)
                total += half
                squares += half * half
    covered = excess <= total and (excess <= 2 * widest * check.scale or excess * excess <= 3 * squares)
    return ROUNDING if covered else PENDING


def _domain(check: Linear, fetched: list[Slot], books: Books) -> tuple[str, ...]:
    """The keys that get a verdict: as `judge.rows_of` has it."""
    left: list[tuple[str, ...]] = []
    right: list[tuple[str, ...]] = []
    limits: list[tuple[str, ...]] = []
    summed = [slot.sheet for (_, leaf, _), slot in zip(check.leaves, fetched, strict=True) if leaf.kind == "children"]
    for (_, _, on_left), slot in zip(check.leaves, fetched, strict=True):
        if slot.keys is not None:
            (left if on_left else right).append(slot.keys)
            if summed and slot.sheet in summed:
                limits.append(slot.keys)
    parts = left if check.op in INEQUALITIES and left else left + right
    domain = parts[0] if len(parts) == 1 else books.union(tuple(parts))
    for limit in limits:
        domain = books.common(domain, limit)
    return domain

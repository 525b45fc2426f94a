"""A value with its history: which cells it came from, with which factor, and how far it may be off.

Money is in 分. A linear value knows its cells and factors; a ratio knows only the interval that its
operands' half-widths allow. Nothing is rounded, nothing is a float.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce

import msgspec

from juesuan_rules.amounts import COUNTS, UNITS, Exact, half_width
from juesuan_rules.engine.books import Lack
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.forms import exact, ratio, size

Kind = str
"""money | percent | points | count | score | none | text."""

_MEASURES: dict[str, Kind] = {"%": "percent", "分值": "score", "数": "none", "文字": "text"}


def measure(unit: str) -> Kind:
    """What kind of quantity a printed unit makes."""
    return "money" if unit in UNITS else "count" if unit in COUNTS else _MEASURES.get(unit, "money")


class Value(msgspec.Struct):
    """What a node of a form came to at one key.

    terms: the cells it is the weighted sum of, with their factors (for a ratio: its operands, factor
    0). low/high: its interval; None while linear (then it follows from the terms). printed: some cell
    shows a figure. blanks: cells counted as 0 that print nothing. problem: why it has no value. absent:
    cells a join looked for in vain. constant: the part of the number that literals make up.
    parts: of a product or ratio, its sign (× ÷) and its two sides.
    """

    number: Exact = 0
    terms: dict[Cell, Exact] = msgspec.field(default_factory=dict)
    kind: Kind = "none"
    low: Exact | None = None
    high: Exact | None = None
    printed: bool = False
    blanks: tuple[Cell, ...] = ()
    problem: Lack | None = None
    absent: tuple[Cell, ...] = ()
    constant: Exact = 0
    text: str | None = None
    parts: tuple[str, Value, Value] | None = None

    @property
    def linear(self) -> bool:
        """True while the value is a weighted sum of printed figures and literals."""
        return self.low is None

    @property
    def interval(self) -> tuple[Exact, Exact]:
        """The least and the greatest the value can stand for, given how its operands are printed."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        spread: Exact = 0
        for cell, factor in self.terms.items():
            spread += size(factor) * _spread(cell)
        return self.number - spread, self.number + spread


def _spread(cell: Cell) -> Exact:
    """Half-width for interval arithmetic: there a printed 0.00 may stand for anything that rounds to it."""
    amount = cell.amount
    if amount is None or amount.value is None:
        return 0
    if amount.approximate:
        return amount.half
    return half_width(amount.unit, amount.decimals)


def weightier(first: Lack | None, second: Lack | None) -> Lack | None:
    """Which of two problems is told: the first, but that nothing is to be checked goes before what cannot be."""
    if first is None or (second is not None and second.outcome != "undecided" == first.outcome):
        return second
    return first


def money_unit(cell: Cell) -> str:
    """The money unit a cell is printed in: its own, in prose, or its table's; "" for what is no money."""
    amount = cell.amount
    if amount is not None and amount.unit in UNITS:
        return amount.unit
    unit = cell.sheet.unit(cell.column)
    return unit if unit in UNITS and (amount is None or not amount.unit) else ""


def failed(problem: Lack, *inputs: Value) -> Value:
    """A value that could not be had, keeping the cells it was asked of."""
    terms: dict[Cell, Exact] = {}
    for value in inputs:
        terms.update(value.terms)
    return Value(terms=terms, problem=problem)


def literal(numerator: int, denominator: int, unit: str) -> Value:
    """A number written in the rule; it is exact."""
    number = ratio(numerator, denominator)
    return Value(number=number, kind=unit, constant=number)


def scale(x: Value, factor: Exact) -> Value:
    """factor × x, for a literal factor; the value stays linear."""
    if x.problem is not None:
        return x
    low, high = (None, None) if x.low is None or x.high is None else sorted((x.low * factor, x.high * factor))
    terms = {cell: exact(c * factor) for cell, c in x.terms.items()}
    return Value(exact(x.number * factor), terms, x.kind, low, high, x.printed, x.blanks, None, x.absent, exact(x.constant * factor))


def total(values: list[tuple[Value, int]], kind: Kind | None = None) -> Value:
    """Σ sign × value. Linear where all are; the first problem wins."""
    number: Exact = 0
    constant: Exact = 0
    terms: dict[Cell, Exact] = {}
    blanks: tuple[Cell, ...] = ()
    absent: tuple[Cell, ...] = ()
    bounds: list[tuple[Exact, Exact]] | None = None
    problem = None
    for value, sign in values:
        problem = weightier(problem, value.problem)
        number += sign * value.number
        constant += sign * value.constant
        for cell, factor in value.terms.items():
            terms[cell] = terms.get(cell, 0) + sign * factor
        blanks += value.blanks
        absent += value.absent
        if not value.linear and bounds is None:
            bounds = []
    if problem is not None:
        return Value(terms=terms, problem=problem)
    low = high = None
    if bounds is not None:
        bounds = [value.interval if sign > 0 else _negated(value.interval) for value, sign in values]
        low, high = sum([b[0] for b in bounds]), sum([b[1] for b in bounds])
    found = kind or next((v.kind for v, _ in values if v.kind != "none"), "none")
    return Value(number, terms, found, low, high, any(v.printed for v, _ in values), blanks, None, absent, constant)


def _negated(interval: tuple[Exact, Exact]) -> tuple[Exact, Exact]:
    return -interval[1], -interval[0]


def multiply(x: Value, y: Value) -> Value:
    """x × y: linear where one side is a literal, else an interval."""
    if x.problem or y.problem:
        return failed(weightier(x.problem, y.problem) or Lack("", ""), x, y)
    if not y.terms and y.linear:
        return _kinded(scale(x, y.number), x, y, "×")
    if not x.terms and x.linear:
        return _kinded(scale(y, x.number), x, y, "×")
    return _nonlinear("×", x, y, x.number * y.number, [a * b for a in x.interval for b in y.interval])


def divide(x: Value, y: Value) -> Value:
    """x ÷ y: linear where y is a literal; 无法判断(除数为零) where y may be zero."""
    if x.problem or y.problem:
        return failed(weightier(x.problem, y.problem) or Lack("", ""), x, y)
    if not y.terms and y.linear:
        if not y.number:
            return failed(Lack("除数为零", "除数为 0"), x, y)
        return _kinded(scale(x, Fraction(1) / y.number), x, y, "÷")
    blank = x.blanks or y.blanks
    if blank and not (x.printed and y.printed):
        return failed(_blank_lack(blank[0]), x, y)
    low, high = y.interval
    if low <= 0 <= high:
        return failed(Lack("除数为零", "除数为 0，或在舍入范围内可能为 0"), x, y)
    number = exact(Fraction(x.number) / y.number)
    return _nonlinear("÷", x, y, number, [exact(Fraction(a) / b) for a in x.interval for b in (low, high)])


def _kinded(value: Value, x: Value, y: Value, sign: str) -> Value:
    value.kind = _kind(sign, x.kind, y.kind)
    return value


def _kind(sign: str, x: Kind, y: Kind) -> Kind:
    """What a product or a quotient measures: money ÷ money is a plain number, money × % money."""
    if sign == "÷":
        return "none" if x == y or (x in _RATIOS and y in _RATIOS) else x
    kinds = [k for k in (x, y) if k not in _FACTORS]
    return kinds[0] if kinds else next((k for k in (x, y) if k != "none"), "none")


_RATIOS = ("percent", "points")
_FACTORS = ("none", "percent", "points", "count")
"""What a quantity can be multiplied by and still be of its own kind."""


def _nonlinear(sign: str, x: Value, y: Value, number: Exact, corners: list[Exact]) -> Value:
    for value in (x, y):
        if value.blanks and not value.printed:
            return failed(_blank_lack(value.blanks[0]), x, y)
    terms: dict[Cell, Exact] = dict.fromkeys((*x.terms, *y.terms), 0)
    kind = _kind(sign, x.kind, y.kind)
    return Value(number, terms, kind, min(corners), max(corners), True, x.blanks + y.blanks, None, x.absent + y.absent, parts=(sign, x, y))


def _blank_lack(cell: Cell) -> Lack:
    return Lack("空白", "空白不能参与乘除", cell.table.spec.id)


def absolute(x: Value) -> Value:
    """|x|; an interval across zero folds onto [0, …]."""
    if x.problem is not None:
        return x
    if x.linear:
        return x if x.number >= 0 else scale(x, -1)
    low, high = x.interval
    ends = [size(low), size(high)]
    least: Exact = 0 if low <= 0 <= high else min(ends)
    return Value(size(x.number), x.terms, x.kind, least, max(ends), x.printed, x.blanks, None, x.absent)


def choose(values: list[Value], pick: Callable[..., Exact]) -> Value:
    """max or min: the chosen operand with its terms, so also with its half-width."""
    problem = reduce(weightier, [v.problem for v in values], None)
    if problem is not None:
        return failed(problem, *values)
    best = pick([v.number for v in values])
    chosen = next(v for v in values if v.number == best)
    terms = dict(chosen.terms)
    for value in values:
        for cell in value.terms:
            terms.setdefault(cell, 0)
    absent = tuple([cell for v in values for cell in v.absent])
    return Value(best, terms, chosen.kind, chosen.low, chosen.high, any(v.printed for v in values), chosen.blanks, None, absent, chosen.constant)


def rounded(x: Value, step: Exact) -> Value:
    """x rounded half away from zero to a multiple of `step`; an interval follows its ends."""
    if x.problem is not None:
        return x
    low, high = x.interval
    ends = [_round(v, step) for v in (x.number, low, high)]
    return Value(ends[0], dict.fromkeys(x.terms, 0), x.kind, ends[1], ends[2], x.printed, x.blanks, None, x.absent)


def _round(value: Exact, step: Exact) -> Exact:
    units = (abs(Fraction(value)) / step * 2 + 1) // 2
    return exact((-1 if value < 0 else 1) * units * step)

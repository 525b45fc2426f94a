"""Exact Gaussian elimination over rationals, sparse, that remembers how every row was made.

A row is {variable: factor}; the constant stands under `CONSTANT`. Every reduced row comes with the
combination of given rows it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

CONSTANT = "="
Vector = dict[Any, Fraction]


class Elimination:
    """Rows added one by one; each is reduced by those before it."""

    def __init__(self) -> None:
        self._pivots: dict[Hashable, tuple[Vector, Vector]] = {}
        self.dependencies: list[Vector] = []
        """Combinations of given rows that give nothing, or nothing but a constant."""
        self.constants: list[Fraction] = []
        """What each dependency leaves: 0, or the constant that should be 0."""

    def add(self, name: Hashable, row: Mapping[Any, Fraction]) -> bool:
        """Add a row; False where it depends on those before it (then noted)."""
        rest, made = self.reduce(row)
        made = {**made, name: made.get(name, Fraction(0)) + 1}
        pivot = next((variable for variable in rest if variable != CONSTANT), None)
        if pivot is None:
            self.dependencies.append(made)
            self.constants.append(rest.get(CONSTANT, Fraction(0)))
            return False
        by = 1 / rest[pivot]
        self._pivots[pivot] = ({v: f * by for v, f in rest.items()}, {n: f * by for n, f in made.items()})
        return True

    def reduce(self, row: Mapping[Any, Fraction]) -> tuple[Vector, Vector]:
        """What is left of a row, and the combination of given rows that was added to it."""
        rest: Vector = dict(row)
        made: Vector = {}
        pending = [variable for variable in rest if variable in self._pivots]
        while pending:
            variable = pending.pop()
            factor = rest.get(variable)
            if not factor:
                continue
            pivot, origin = self._pivots[variable]
            for other, value in pivot.items():
                _add(rest, other, -factor * value)
                if other != variable and other in self._pivots and other in rest:
                    pending.append(other)
            for name, value in origin.items():
                _add(made, name, -factor * value)
        return rest, made


def combination(target: Mapping[Any, Fraction], rows: Iterable[tuple[Hashable, Mapping[Any, Fraction]]], with_constant: bool = True) -> Vector | None:
    """Factors of `rows` that add up to `target`, or None where it does not follow from them."""
    system = Elimination()
    for name, row in rows:
        system.add(name, row)
    rest, made = system.reduce(target)
    if any(variable != CONSTANT or with_constant for variable, factor in rest.items() if factor):
        return None
    return {name: -factor for name, factor in made.items() if factor}


def smallest(target: Mapping[Any, Fraction], rows: Sequence[tuple[Hashable, Mapping[Any, Fraction]]]) -> Vector | None:
    """As `combination`, with rows left out one by one while the target still follows."""
    found = combination(target, rows)
    if found is None:
        return None
    kept = [(name, row) for name, row in rows if name in found]
    for name, _ in list(kept):
        fewer = [(other, row) for other, row in kept if other != name]
        without = combination(target, fewer)
        if without is not None:
            kept = [(other, row) for other, row in fewer if other in without]
            found = without
    return found


def solve(rows: Sequence[Mapping[Any, Fraction]], free: Fraction) -> Vector:
    """Values that make every row 0, as far as that is possible; variables nothing decides get `free`."""
    reduced: list[tuple[Any, Vector]] = []
    system = Elimination()
    for number, row in enumerate(rows):
        rest, _ = system.reduce(row)
        if system.add(number, row):
            pivot = next(variable for variable in rest if variable != CONSTANT)
            reduced.append((pivot, rest))
    values: Vector = {}
    for pivot, row in reversed(reduced):
        others = Fraction(0)
        for variable, factor in row.items():
            if variable != pivot:
                others += factor * (1 if variable == CONSTANT else values.setdefault(variable, free))
        values[pivot] = -others / row[pivot]
    return values


def _add(vector: Vector, name: Any, value: Fraction) -> None:
    total = vector.get(name, 0) + value
    if total:
        vector[name] = Fraction(total)
    else:
        vector.pop(name, None)

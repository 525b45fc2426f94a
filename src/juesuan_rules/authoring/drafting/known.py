"""What the rules already say of a report's figures, so that nothing is proposed twice."""

from __future__ import annotations

from fractions import Fraction

from juesuan_rules.authoring.drafting.model import Address, Instance, Subject, Vector
from juesuan_rules.authoring.drafting.trying import instances_of
from juesuan_rules.engine.plan import prepare, run

_PRIME = (1 << 61) - 1
"""Relations are reduced modulo a large prime: exact where it says "follows" but for a chance of 1 in 10^18."""


class Known:
    """The relations that the rules state of one report's figures, zeros left out."""

    def __init__(self, subject: Subject, number: int) -> None:
        self._vectors: set[Vector] = set()
        self._folded: set[Vector] | None = None
        self._class: dict[Address, Address] = {}
        self._inside: dict[Address, Address] = {}
        self._rows: dict[Address, dict[Address, int]] = {}
        for instance in instances_of(run(prepare(subject.rules), subject.report), number):
            if instance.holds:
                self.add(instance)

    def add(self, instance: Instance) -> None:
        """One more relation that is known."""
        vector = instance.vector
        if len(vector) < 2 or vector in self._vectors:
            return
        self._vectors.add(vector)
        self._folded = None
        if _equality(vector):
            one, other = vector[0][0], vector[1][0]
            _join(self._class, one, other)
            if one[0] == other[0]:
                _join(self._inside, one, other)
        self._insert(vector)

    def states(self, instance: Instance) -> bool:
        """Whether a rule says the same; or it follows that two figures are equal, from several that say so; or a sum
        says the same of figures that the rules of one table make equal.

        That a sum follows from sums of other tables does not count: cross-footing says most things twice, and
        each is worth a rule of its own.
        """
        vector = instance.vector
        if len(vector) < 2 or vector in self._vectors:
            return True
        if _equality(vector):
            return _root(self._class, vector[0][0]) == _root(self._class, vector[1][0])
        if self._folded is None:
            self._folded = {self._fold(known) for known in self._vectors}
        return self._fold(vector) in self._folded

    def _fold(self, vector: Vector) -> Vector:
        """The relation with one figure for all that are the same inside a table."""
        found: dict[Address, Fraction] = {}
        for address, factor in vector:
            root = _root(self._inside, address)
            found[root] = found.get(root, Fraction(0)) + factor
        items = sorted((address, factor) for address, factor in found.items() if factor)
        return tuple([(address, factor / items[0][1]) for address, factor in items])

    def implies(self, instance: Instance) -> bool:
        """Whether it follows from all rules together."""
        return self.states(instance) or not self._reduced(instance.vector)

    def _reduced(self, vector: Vector) -> dict[Address, int]:
        row = {address: _residue(factor) for address, factor in vector}
        for address in sorted(row):
            self._eliminate(row, address)
        while (pivot := next((a for a in sorted(row) if a in self._rows), None)) is not None:
            self._eliminate(row, pivot)
        return row

    def _eliminate(self, row: dict[Address, int], pivot: Address) -> None:
        factor, base = row.get(pivot, 0), self._rows.get(pivot)
        if not factor or base is None:
            return
        for address, value in base.items():
            left = (row.get(address, 0) - factor * value) % _PRIME
            if left:
                row[address] = left
            else:
                row.pop(address, None)

    def _insert(self, vector: Vector) -> None:
        row = self._reduced(vector)
        if not row:
            return
        pivot = min(row)
        inverse = pow(row[pivot], -1, _PRIME)
        self._rows[pivot] = {address: value * inverse % _PRIME for address, value in row.items()}


def _equality(vector: Vector) -> bool:
    return len(vector) == 2 and vector[1][1] == -1


def _root(classes: dict[Address, Address], address: Address) -> Address:
    while (above := classes.get(address, address)) != address:
        address = above
    return address


def _join(classes: dict[Address, Address], one: Address, other: Address) -> None:
    first, second = sorted((_root(classes, one), _root(classes, other)))
    if first != second:
        classes[second] = first


def _residue(factor: Fraction) -> int:
    return factor.numerator * pow(factor.denominator, -1, _PRIME) % _PRIME

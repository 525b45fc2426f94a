"""Checks that follow from others, and which of these dependencies are by design.

A check is redundant only where every one of its instances follows from instances of other checks. What
the prose says may be left unsaid, so a check follows only from statements it reads itself.

By design, and not reported, is a check each of whose instances follows in one of two ways, unless it
also follows from at most three checks in another way:

(a) cross-footing: everything needed stands in one table, and both identities within one row and
    identities within one column take part (a table's row sums and column sums imply each other);
(b) totals and parts compared between two tables: everything needed stands in two tables, each foots by
    itself, and at least two comparisons between them take part (合计 and 分项 are both compared, so
    that an error is found where it is).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import msgspec

from juesuan_rules.authoring.linting.deep.elimination import CONSTANT, Elimination, Vector, combination, smallest
from juesuan_rules.authoring.linting.deep.system import RECORDS, Cell, Check, Instance, System

FEW = 3
"""Checks that make a short way."""
STEPS = 10
"""Instances a short way goes over at most."""
TRIES = 4000

Factors = tuple[tuple[int, Fraction], ...]


class Dependency(msgspec.Struct, frozen=True):
    """A redundant check: one of its instances, and the factors of instances it is the sum of."""

    check: Check
    target: int
    factors: Factors


def check_of(one: Instance) -> Check:
    """Which check an instance is of."""
    return one.place.rule, one.place.check, one.place.pair


def row_of(one: Instance) -> dict[Cell | str, Fraction]:
    """An instance as a row of the system."""
    row: dict[Cell | str, Fraction] = dict(one.terms)
    if one.constant:
        row[CONSTANT] = one.constant
    return row


def equalities(system: System) -> list[int]:
    """Numbers of the instances that are equalities."""
    return [number for number, one in enumerate(system.instances) if one.op == "=="]


def redundant(system: System) -> list[Dependency]:
    """Redundant equalities that are not so by design, the last rules first; one for every set of checks."""
    found: list[Dependency] = []
    search = Search(system)
    seen: set[frozenset[Check]] = set()
    for check, members in reversed(search.groups.items()):
        ways = [search.way(member, check) for member in members]
        if any(way is None for way in ways):
            continue
        short = search.short(members[0], check)
        plain = short is not None and not is_design([system.instances[n] for n in (members[0], *[n for n, _ in short])])
        if not plain and all(search.by_design(member) for member in members):
            continue
        factors = short if plain and short is not None else ways[0]
        assert factors is not None
        circle = frozenset({check, *[check_of(system.instances[n]) for n, _ in factors]})
        if circle not in seen:
            seen.add(circle)
            found.append(Dependency(check, members[0], factors))
    return found


def is_design(used: Sequence[Instance]) -> bool:
    """Whether a dependency among these instances is by design."""
    tables = frozenset().union(*[one.tables for one in used])
    if len(tables) == 1:
        return any(one.across for one in used) and any(one.down for one in used)
    footing = [one.tables for one in used if len(one.tables) == 1 and len(one.terms) > 1]
    return len(tables) == 2 and sum(len(one.tables) == 2 for one in used) >= 2 and all(any(table in one for one in footing) for table in tables)


class Search:
    """All dependencies of a system, and ways through them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.numbers = equalities(system)
        elimination = Elimination()
        for number in self.numbers:
            elimination.add(number, row_of(system.instances[number]))
        self.loose = [d for d, constant in zip(elimination.dependencies, elimination.constants, strict=True) if not constant]
        self.groups: dict[Check, list[int]] = {}
        for number in self.numbers:
            self.groups.setdefault(check_of(system.instances[number]), []).append(number)
        self.at: dict[Cell, list[int]] = {}
        for number in self.numbers:
            for cell, _ in system.instances[number].terms:
                self.at.setdefault(cell, []).append(number)

    def way(self, target: int, check: Check) -> Factors | None:
        """How an instance follows from other checks, with as few instances as leaving out one by one gives."""
        said = self._said(target)
        return self._way(target, lambda n: check_of(self.system.instances[n]) != check and self._said(n) <= said)

    def by_design(self, target: int) -> bool:
        """Whether an instance follows in a way that is by design."""
        tables = self.system.instances[target].tables
        others = {table for dependency in self.loose if target in dependency for n in dependency for table in self.system.instances[n].tables} - tables
        areas: Iterable[frozenset[str]] = [tables] if len(tables) == 2 else [tables, *[tables | {other} for other in sorted(others)]] if len(tables) == 1 else []
        for area in areas:
            way = self._way(target, lambda n, area=area: self.system.instances[n].tables <= area)  # type: ignore[misc]
            if way is not None and is_design([self.system.instances[n] for n in (target, *[n for n, _ in way])]):
                return True
        return False

    def short(self, target: int, check: Check) -> Factors | None:
        """A way over at most FEW checks, or None where looking a little finds none."""
        self._left = TRIES
        said = self._said(target)
        return self._step(row_of(self.system.instances[target]), {}, frozenset(), check, said)

    def _step(self, rest: dict[Cell | str, Fraction], factors: Vector, checks: frozenset[Check], barred: Check, said: frozenset[Cell]) -> Factors | None:
        self._left -= 1
        if not rest:
            return tuple(sorted(factors.items()))
        cells = [cell for cell in rest if cell != CONSTANT]
        if not cells or len(factors) >= STEPS or self._left < 0:
            return None
        cell = min(cells, key=lambda c: (len(self.at[c]), c))  # type: ignore[index]
        for number in self.at[cell]:  # type: ignore[index]
            one = self.system.instances[number]
            now = checks | {check_of(one)}
            if number in factors or barred in now or len(now) > FEW or not self._said(number) <= said:
                continue
            row = row_of(one)
            factor = rest[cell] / row[cell]
            left = dict(rest)
            for name, value in row.items():
                total = left.get(name, Fraction(0)) - factor * value
                if total:
                    left[name] = total
                else:
                    left.pop(name, None)
            found = self._step(left, {**factors, number: factor}, now, barred, said)
            if found is not None:
                return found
        return None

    def _way(self, target: int, allowed: Callable[[int], bool]) -> Factors | None:
        """How an instance follows from those allowed, found among the dependencies."""
        if not any(target in dependency for dependency in self.loose):
            return None
        seen = {n: n == target or allowed(n) for dependency in self.loose for n in dependency}
        kept = [{n: f for n, f in dependency.items() if n == target or not seen[n]} for dependency in self.loose]
        parts = combination({target: Fraction(1)}, list(enumerate(kept)))
        if parts is None:
            return None
        support = {n for part in parts for n in self.loose[int(part)] if n != target and seen[n]}
        found = smallest(row_of(self.system.instances[target]), [(n, row_of(self.system.instances[n])) for n in sorted(support)])
        return tuple(sorted(found.items())) if found is not None else None

    def _said(self, number: int) -> frozenset[Cell]:
        """The statements of the prose an instance reads."""
        return frozenset(cell for cell, _ in self.system.instances[number].terms if cell[0] in RECORDS)

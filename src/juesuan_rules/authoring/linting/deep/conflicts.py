"""Equalities that no figures can meet together or with a ≠, and those that together leave only 0."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from juesuan_rules.authoring.linting.deep.dependencies import check_of, equalities, row_of
from juesuan_rules.authoring.linting.deep.elimination import CONSTANT, Elimination, Vector, smallest, solve
from juesuan_rules.authoring.linting.deep.system import Cell, Check, System

FREE = Fraction(100 * 1_000_000)
"""The value (分) given to cells that a witness does not decide: 100 万元."""
MOST = 20


class Conflict(msgspec.Struct, frozen=True):
    """Instances that cannot hold together. factors: added up they give `rest` where 0 is asked for.
    values: figures under which all but the last hold."""

    factors: tuple[tuple[int, Fraction], ...]
    rest: Fraction
    values: tuple[tuple[Cell, Fraction], ...] = ()


class Forced(msgspec.Struct, frozen=True):
    """Cells that the checks together force to be 0, and the instances that do for the first of them."""

    cells: tuple[Cell, ...]
    factors: tuple[tuple[int, Fraction], ...]


def contradictions(system: System) -> list[Conflict]:
    """Sets of equalities that contradict each other, or a ≠, by more than their tolerances allow."""
    left = equalities(system)
    found: list[Conflict] = []
    while len(found) < MOST:
        conflict = _first(system, left)
        if conflict is None:
            return [*found, *_denied(system, left)]
        found.append(conflict)
        # The last rule is left out, so that the others can be looked at without it.
        last = check_of(system.instances[conflict.factors[-1][0]])
        left = [n for n in left if check_of(system.instances[n]) != last]
    return found


def _first(system: System, numbers: Sequence[int]) -> Conflict | None:
    elimination = Elimination()
    for number in numbers:
        if elimination.add(number, row_of(system.instances[number])):
            continue
        rest = elimination.constants[-1]
        if rest:
            rows = [(n, row_of(system.instances[n])) for n in numbers if n <= number]
            made = smallest({CONSTANT: rest}, [(n, r) for n, r in rows if n in elimination.dependencies[-1]]) or elimination.dependencies[-1]
            allowed = sum((abs(f) * system.instances[n].slack for n, f in made.items()), Fraction(0))
            if abs(rest) > allowed:
                return _conflict(system, made, rest)
    return None


def _denied(system: System, numbers: Sequence[int]) -> list[Conflict]:
    """Every check with a ≠ whose two sides equalities make equal, once."""
    elimination = Elimination()
    for number in numbers:
        elimination.add(number, row_of(system.instances[number]))
    found: dict[Check, Conflict] = {}
    for number, one in enumerate(system.instances):
        if one.op != "!=" or check_of(one) in found:
            continue
        rest, made = elimination.reduce(row_of(one))
        if any(name != CONSTANT for name in rest):
            continue
        wanted = {name: factor for name, factor in row_of(one).items() if name != CONSTANT}
        factors = smallest({**wanted, CONSTANT: one.constant - rest.get(CONSTANT, Fraction(0))}, [(n, row_of(system.instances[n])) for n in made]) or {}
        reach = sum((abs(f) * system.instances[n].slack for n, f in factors.items()), abs(rest.get(CONSTANT, Fraction(0))))
        if reach <= one.slack:
            found[check_of(one)] = _conflict(system, {**{n: -f for n, f in factors.items()}, number: Fraction(1)}, rest.get(CONSTANT, Fraction(0)))
    return list(found.values())


def _conflict(system: System, made: Vector, rest: Fraction) -> Conflict:
    # A ≠ comes last: the others can hold without it.
    factors = tuple(sorted(made.items(), key=lambda item: (system.instances[item[0]].op == "!=", item[0])))
    others = [row_of(system.instances[n]) for n, _ in factors[:-1]]
    values = solve(others, FREE)
    for cell, _ in system.instances[factors[-1][0]].terms:
        values.setdefault(cell, FREE)
    return Conflict(factors, rest, tuple(sorted(((c, v) for c, v in values.items() if c != CONSTANT), key=lambda item: item[0])))


def forced_zeros(system: System) -> list[Forced]:
    """Cells that several equalities together force to be 0, though none does so alone."""
    numbers = equalities(system)
    elimination = Elimination()
    for number in numbers:
        elimination.add(number, row_of(system.instances[number]))
    alone = {one.terms[0][0] for one in (system.instances[n] for n in numbers) if len(one.terms) == 1}
    groups: dict[frozenset[Check], tuple[list[Cell], tuple[tuple[int, Fraction], ...]]] = {}
    for cell in dict.fromkeys(c for n in numbers for c, _ in system.instances[n].terms):
        if cell in alone:
            continue
        rest, made = elimination.reduce({cell: Fraction(1)})
        if rest:
            continue
        support = [(n, row_of(system.instances[n])) for n in made]
        factors = smallest({cell: Fraction(1)}, support)
        if factors is None:
            continue
        checks = frozenset(check_of(system.instances[n]) for n in factors)
        if len(checks) > 1:
            groups.setdefault(checks, ([], tuple(sorted(factors.items()))))[0].append(cell)
    return [Forced(tuple(cells), factors) for cells, factors in groups.values()]

"""Inequalities: contradictory and redundant ones, by a solver of exact linear arithmetic (z3)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec

from juesuan_rules.authoring.linting.deep.dependencies import check_of
from juesuan_rules.authoring.linting.deep.system import Cell, Check, Instance, System

ONE_QUESTION = 2.0
"""Seconds for one question to the solver."""
ALL_QUESTIONS = 60.0
"""Seconds for all of them."""


class Answer(msgspec.Struct, frozen=True):
    """What the solver found. needed: instances that together contradict each other, or imply the target
    (None: a contradiction), with their factors where these could be found. values: figures under which
    all but the last of a contradiction hold."""

    needed: tuple[tuple[int, Fraction | None], ...]
    target: int | None = None
    values: tuple[tuple[Cell, Fraction], ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """Everything found. undecided: questions not answered in time. missing: the solver is not installed."""

    answers: tuple[Answer, ...] = ()
    undecided: int = 0
    missing: bool = False


def solve_inequalities(system: System, left_out: frozenset[Check]) -> Outcome:
    """Contradictions and redundancies that need inequalities. left_out: checks known to contradict others."""
    asked = [n for n, one in enumerate(system.instances) if one.op != "!=" and check_of(one) not in left_out]
    if not any(system.instances[n].op == ">=" for n in asked):
        return Outcome()
    try:
        import z3
    except ImportError:
        return Outcome(missing=True)
    return _Asking(z3, system, asked).answer()


class _Asking:
    """One solver with every instance under a switch of its own."""

    def __init__(self, z3: Any, system: System, numbers: Sequence[int]) -> None:
        self.z3, self.system, self.numbers = z3, system, list(numbers)
        self.solver = z3.SolverFor("QF_LRA")
        self.solver.set("timeout", int(ONE_QUESTION * 1000))
        self.until = time.monotonic() + ALL_QUESTIONS
        self.cells: dict[Cell, Any] = {}
        self.switches: dict[int, Any] = {}
        self.undecided = 0
        for number in self.numbers:
            switch = self.switches[number] = z3.Bool(f"i{number}")
            self.solver.add(z3.Implies(switch, self._claim(system.instances[number])))

    def answer(self) -> Outcome:
        """Contradictions first; what follows from a contradiction would be anything."""
        found: list[Answer] = []
        while (core := self._core(self.numbers)) is not None and core:
            found.append(self._contradiction(core))
            last = check_of(self.system.instances[core[-1]])
            self.numbers = [n for n in self.numbers if check_of(self.system.instances[n]) != last]
        groups: dict[Check, list[int]] = {}
        for number in self.numbers:
            if self.system.instances[number].op == ">=":
                groups.setdefault(check_of(self.system.instances[number]), []).append(number)
        for members in groups.values():
            implied = self._implied(members)
            if implied is not None:
                found.append(implied)
        return Outcome(tuple(found), self.undecided)

    def _implied(self, members: list[int]) -> Answer | None:
        """The first instance with what implies it, where every instance of the check is implied by others."""
        others = [n for n in self.numbers if n not in members]
        first: list[int] | None = None
        for number in members:
            core = self._core(others, self.z3.Not(self._claim(self.system.instances[number])))
            if core is None:
                return None
            first = core if first is None else first
        factors = self._factors(first or [], members[0])
        return Answer(tuple([(n, factors.get(n) if factors else None) for n in first or []]), members[0])

    def _core(self, numbers: Sequence[int], *extra: Any) -> list[int] | None:
        """The fewest of the instances that cannot hold together (with `extra`); None where they can."""
        if time.monotonic() > self.until:
            self.undecided += 1
            return None
        self.solver.push()
        self.solver.add(*extra)
        try:
            kept = self._ask(list(numbers))
            for number in list(kept or ()):
                fewer = self._ask([n for n in kept or () if n != number])
                kept = fewer if fewer is not None else kept
            return kept
        finally:
            self.solver.pop()

    def _ask(self, numbers: list[int]) -> list[int] | None:
        """Of instances that cannot hold together those the solver blames; None where they can, or time is up."""
        told = self.solver.check(*[self.switches[n] for n in numbers])
        if told == self.z3.unknown:
            self.undecided += 1
        if told != self.z3.unsat:
            return None
        blamed = {str(switch) for switch in self.solver.unsat_core()}
        return [n for n in numbers if f"i{n}" in blamed]

    def _contradiction(self, core: list[int]) -> Answer:
        factors = self._factors(core, None)
        values: list[tuple[Cell, Fraction]] = []
        if self.solver.check(*[self.switches[n] for n in core[:-1]]) == self.z3.sat:
            model = self.solver.model()
            cells = dict.fromkeys(cell for n in core for cell, _ in self.system.instances[n].terms)
            values = [(cell, _fraction(model.eval(self.cells[cell], model_completion=True))) for cell in cells]
        return Answer(tuple([(n, factors.get(n) if factors else None) for n in core]), None, tuple(values))

    def _factors(self, core: Sequence[int], target: int | None) -> dict[int, Fraction] | None:
        """Factors (not negative for inequalities) whose sum gives the target, or 0 ≥ something positive."""
        z3 = self.z3
        solver = z3.SolverFor("QF_LRA")
        solver.set("timeout", int(ONE_QUESTION * 1000))
        unknown = {n: z3.Real(f"f{n}") for n in core}
        cells = dict.fromkeys(cell for n in (*core, *([target] if target is not None else [])) for cell, _ in self.system.instances[n].terms)
        for cell in cells:
            total = sum((unknown[n] * _real(z3, dict(self.system.instances[n].terms).get(cell, Fraction(0))) for n in core), z3.RealVal(0))
            wanted = dict(self.system.instances[target].terms).get(cell, Fraction(0)) if target is not None else Fraction(0)
            solver.add(total == _real(z3, wanted))
        solver.add(*[unknown[n] >= 0 for n in core if self.system.instances[n].op == ">="])
        constant = sum((unknown[n] * _real(z3, self._allowed(self.system.instances[n])) for n in core), z3.RealVal(0))
        if target is not None:
            solver.add(constant <= _real(z3, self._allowed(self.system.instances[target])))
        else:
            strict = [unknown[n] > 0 for n in core if self.system.instances[n].strict]
            solver.add(z3.Or(constant < 0, z3.And(constant <= 0, z3.Or(*strict))) if strict else constant < 0)
        if solver.check() != z3.sat:
            return None
        model = solver.model()
        return {n: _fraction(model.eval(unknown[n], model_completion=True)) for n in core}

    def _claim(self, one: Instance) -> Any:
        total = sum((self._cell(cell) * _real(self.z3, factor) for cell, factor in one.terms), self.z3.RealVal(0)) + _real(self.z3, self._allowed(one))
        if one.op == "==":
            return total == 0
        return total > 0 if one.strict else total >= 0

    def _allowed(self, one: Instance) -> Fraction:
        """The constant of an instance: figures are taken as they are before rounding, so that no tolerance counts
        but a written one of an inequality."""
        return one.constant

    def _cell(self, cell: Cell) -> Any:
        if cell not in self.cells:
            self.cells[cell] = self.z3.Real(f"c{len(self.cells)}")
        return self.cells[cell]


def _real(z3: Any, value: Fraction) -> Any:
    return z3.RealVal(f"{value.numerator}/{value.denominator}")


def _fraction(value: Any) -> Fraction:
    return Fraction(value.numerator_as_long(), value.denominator_as_long())

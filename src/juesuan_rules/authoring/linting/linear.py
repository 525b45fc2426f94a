"""Forms brought to a shape in which spelling, order, scale and sign carry no meaning.

A value becomes Σ factor × atom + constant; an atom is anything that is no sum: a cell, a column, an
aggregate of one, a quotient of two amounts. Rows of tables whose rows the layout gives are written
out by key, so that sum(总表[1..8行]) and the eight cells added up are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm

import msgspec

from juesuan_rules.catalogue.model import BlockSpec, Layout
from juesuan_rules.language.model import Form

ONE: Form = ()
"""The atom of constants."""
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
MAX_WRITTEN = 60
"""Rows written out one by one at most."""

Sum = dict[Form, Fraction]


class Comparison(msgspec.Struct, frozen=True):
    """Σ factor × atom + constant  op  0, factors whole without a common divisor, the first positive.

    tolerance: as in the form; a fixed one is scaled along, a relative one has the right side behind it.
    scale: what the written difference was divided by (negative where sides were exchanged).
    """

    op: str
    terms: tuple[tuple[Form, int], ...]
    constant: Fraction
    tolerance: Form
    scale: Fraction

    @property
    def cells(self) -> tuple[str, tuple[tuple[Form, int], ...], Fraction]:
        """What two comparisons of the same figures share, whatever their tolerance."""
        return self.op, self.terms, self.constant


class Normaliser:
    """Canonical forms under one layout; results are remembered."""

    def __init__(self, layout: Layout) -> None:
        self.blocks: dict[tuple[str, str], BlockSpec] = {}
        self.closed: set[tuple[str, str]] = set()
        for table in layout.tables:
            for block in table.blocks:
                self.blocks[table.id, block.name] = block
                if table.form in ("fixed", "wide") and block.rows:
                    self.closed.add((table.id, block.name))
        self._values: dict[Form, Form] = {}
        self._ranks: dict[Form, str] = {}

    def sum(self, form: Form) -> Sum:
        """A value as a sum over atoms."""
        head = form[0]
        if head == "number":
            return {ONE: Fraction(form[1], form[2])} if form[1] else {}
        if head == "neg":
            return {atom: -factor for atom, factor in self.sum(form[1]).items()}
        if head in ("add", "sub"):
            return _added(self.sum(form[1]), self.sum(form[2]), 1 if head == "add" else -1)
        if head in ("mul", "div"):
            return self._product(form)
        if head == "agg" and form[1] == "sum":
            return self._aggregate(form)
        if head == "children":
            return {("children", atom): factor for atom, factor in self.sum(form[1]).items()}
        return {self.atom(form): Fraction(1)}

    def value(self, form: Form) -> Form:
        """A value in canonical shape."""
        known = self._values.get(form)
        if known is None:
            parts = self.sum(form)
            items = self._ordered(parts)
            known = items[0][0] if len(items) == 1 and items[0][1] == 1 and items[0][0] != ONE else ("lin", *[(f.numerator, f.denominator, a) for a, f in items])
            self._values[form] = known
        return known

    def atom(self, form: Form) -> Form:
        """Anything that is no sum, with its parts in canonical shape."""
        head = form[0]
        if head == "cells":
            return (*form[:5], self.rows(form[2], form[3], form[5]), form[6])
        if head == "agg":
            return ("agg", form[1], self.value(form[2]))
        if head in ("mul", "div"):
            parts = [self.value(part) for part in form[1:]]
            return (head, *(sorted(parts, key=self.rank) if head == "mul" else parts))
        if head == "call":
            return (head, form[1], *[self.value(part) for part in form[2:]])
        if head == "child_count":
            return (head, self.value(form[1]))
        if head == "tally":
            return self._bound(form)
        return form

    def rows(self, table: str, block: str, rows: Form) -> Form:
        """Rows by key where the layout says which they are."""
        if (table, block) not in self.closed or rows[0] == "key":
            return rows
        if rows == ("all",):
            return rows
        keys = pick(self.blocks[table, block], rows)
        if keys is None or len(keys) > MAX_WRITTEN:
            return rows
        return ("key", keys[0]) if len(keys) == 1 and rows[0] == "keys" else ("keys", *sorted(keys))

    def condition(self, form: Form) -> Form:
        """A condition in canonical shape."""
        head = form[0]
        if head == "cmp":
            found = self.comparison(form)
            return ("cmp", found.op, found.terms, (found.constant.numerator, found.constant.denominator), found.tolerance)
        if head in ("and", "or"):
            parts: list[Form] = []
            for part in form[1:]:
                made = self.condition(part)
                parts += made[1:] if made[0] == head else [made]
            return (head, *sorted(dict.fromkeys(parts), key=self.rank))
        if head == "not":
            inner = form[1]
            return self.condition(inner[1]) if inner[0] == "not" else ("not", self.condition(inner))
        if head == "if":
            return (head, self.condition(form[1]), self.condition(form[2]))
        if head == "chain":
            return ("and", *sorted([self.condition(part) for part in form[1:]], key=self.rank))
        if head in ("each", "exists", "unique"):
            plain = self.unbound(form) if head == "each" else None
            return self.condition(plain) if plain is not None else self._bound(form)
        if head in ("blank", "zero", "present"):
            return (head, self.atom(form[1]))
        return form

    def comparison(self, form: Form) -> Comparison:
        """A comparison, scaled so that the same figures compared alike give the same result."""
        op, tolerance = form[1], form[4]
        parts = _added(self.sum(form[2]), self.sum(form[3]), -1)
        constant = parts.pop(ONE, Fraction(0))
        if tolerance[0] == "relative":
            # Relative to the right side: which side is which matters.
            tolerance = (*tolerance, self.value(form[3]))
        items = self._ordered(parts)
        if not items:
            return Comparison(op, (), constant, tolerance, Fraction(1))
        scale = Fraction(gcd(*[f.numerator for _, f in items]), lcm(*[f.denominator for _, f in items]))
        if items[0][1] < 0:
            scale, op = -scale, FLIPPED[op]
        if tolerance[0] == "fixed":
            exact = Fraction(tolerance[1], tolerance[2]) / abs(scale)
            tolerance = ("fixed", exact.numerator, exact.denominator, tolerance[3])
        return Comparison(op, tuple([(a, int(f / scale)) for a, f in items]), constant / scale, tolerance, scale)

    def rank(self, form: Form) -> str:
        """A key that puts forms in one order."""
        known = self._ranks.get(form)
        if known is None:
            known = self._ranks[form] = repr(form)
        return known

    def _ordered(self, parts: Sum) -> list[tuple[Form, Fraction]]:
        return sorted(parts.items(), key=lambda item: self.rank(item[0]))

    def _product(self, form: Form) -> Sum:
        left, right = self.sum(form[1]), self.sum(form[2])
        if form[0] == "mul" and left.keys() <= {ONE}:
            left, right = right, left
        if not right.keys() <= {ONE} or (form[0] == "div" and not right):
            return {self.atom(form): Fraction(1)}
        factor = right.get(ONE, Fraction(0))
        by = factor if form[0] == "mul" else 1 / factor
        return {atom: f * by for atom, f in left.items()} if by else {}

    def _aggregate(self, form: Form) -> Sum:
        result: Sum = {}
        for atom, factor in self.sum(form[2]).items():
            keys = atom[5][1:] if atom and atom[0] == "cells" and atom[5][0] == "keys" and (atom[2], atom[3]) in self.closed else None
            if keys is None:
                result = _added(result, {("agg", "sum", atom): factor}, 1)
            else:
                result = _added(result, {(*atom[:5], ("key", key), atom[6]): factor for key in keys}, 1)
        return result

    def _bound(self, form: Form) -> Form:
        """A quantifier with its variable under a name that does not matter."""
        head, variable, cells, body = form
        where = self.atom(cells)
        return (head, "", (*where[1:4], where[5]), self.condition(renamed(body, variable, f"${_depth(body)}")))

    def unbound(self, form: Form) -> Form | None:
        """每个 r 属于 T：r.甲 == r.乙 as T.甲 == T.乙; None where the body needs the record itself."""
        _, variable, cells, body = form
        if body[0] != "cmp":
            return None
        found = _replaced(body, {("field", variable): cells})
        return None if _mentions(found, variable) else found


def pick(block: BlockSpec, rows: Form) -> list[str] | None:
    """The keys of a closed block that a selection takes, in the layout's order; None where that is not known."""
    kind = rows[0]
    every = [row.key for row in block.rows]
    if kind == "all":
        return every
    if kind in ("key", "keys"):
        return list(rows[1:])
    if kind == "prefix":
        return [key for key in every if key.startswith(rows[1])]
    if kind == "group":
        levels = {"类": 3, "款": 5, "项": 7}
        if rows[1] in levels:
            return [key for key in every if key.isdigit() and len(key) == levels[rows[1]]]
        return [row.key for row in block.rows if row.role == rows[1]] if rows[1] not in ("末级", "非末级") else None
    if kind == "not":
        inner = pick(block, rows[1])
        return None if inner is None else [key for key in every if key not in inner]
    if kind == "and":
        left, right = pick(block, rows[1]), pick(block, rows[2])
        return None if left is None or right is None else [key for key in left if key in right]
    return None


def renamed(form: Form, old: str, new: str) -> Form:
    """The form with a variable of another name."""
    if form and form[0] in ("field", "attr") and form[1].partition(".")[0] == old:
        return (form[0], new + form[1][len(old) :], *form[2:])
    return tuple([renamed(part, old, new) if isinstance(part, tuple) else part for part in form])


def _depth(form: Form) -> int:
    return max((_depth(part) + (part[:1] in (("exists",), ("unique",), ("tally",), ("each",))) for part in form if isinstance(part, tuple)), default=0)


def _replaced(form: Form, fields: Mapping[tuple[str, str], Form]) -> Form:
    if form and form[0] == "field" and (cells := fields.get(form[:2])) is not None:
        return (*cells[:4], form[2], *cells[5:])
    return tuple([_replaced(part, fields) if isinstance(part, tuple) else part for part in form])


def _mentions(form: Form, variable: str) -> bool:
    if form and form[0] in ("field", "attr") and form[1].partition(".")[0] == variable:
        return True
    return any(_mentions(part, variable) for part in form if isinstance(part, tuple))


def _added(left: Sum, right: Sum, sign: int) -> Sum:
    result = dict(left)
    for atom, factor in right.items():
        total = result.get(atom, Fraction(0)) + sign * factor
        if total:
            result[atom] = total
        else:
            result.pop(atom, None)
    return result

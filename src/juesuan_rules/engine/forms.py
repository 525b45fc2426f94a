"""What can be known of a checked form before any report: its axes, what it reads, its linear part.

A value or condition varies along up to two axes: the row key (a record set) and the column key
(`表.*`). `None` on an axis means "the same for all", and joins broadcast over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import lcm

import msgspec

from juesuan_rules.amounts import Exact
from juesuan_rules.language.model import Form

SCALAR = frozenset(("number", "text", "field", "attr", "exists", "unique", "tally", "mention", "structure"))
"""Nodes that have one value whatever they read."""
INEQUALITIES = frozenset(("<=", ">=", "<", ">"))


def cells_in(form: Form) -> Iterator[Form]:
    """Every ("cells", …) node, in the order written."""
    if form and form[0] == "cells":
        yield form
        return
    for part in form:
        if isinstance(part, tuple):
            yield from cells_in(part)


def axes(form: Form) -> tuple[bool, bool]:
    """(varies by row, varies by column) of a value or a condition."""
    kind = form[0]
    if kind == "cells":
        return form[5][0] != "key", form[4] == "*"
    if kind == "agg":
        return False, axes(form[2])[1]
    if kind == "each":
        return True, False
    if kind in SCALAR or (kind == "present" and form[1][5] == ("all",)):
        return False, False
    row = col = False
    for part in form[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str) and kind not in ("in",):
            r, c = axes(part) if part[0] in _NODES else (False, False)
            row, col = row or r, col or c
    if kind == "in":
        return axes(form[1])
    return row, col


_NODES = frozenset(
    "number text cells neg add sub mul div agg children child_count call field attr cmp and or not if chain each exists unique tally blank zero present match in mention structure".split()
)


def normalise(form: Form) -> Form:
    """The same form with 下级合计 pushed down to single columns, so that it always stands on cells."""
    if not form or not isinstance(form[0], str) or form[0] not in _NODES or form[0] == "cells":
        return form
    if form[0] == "children":
        return _push_children(form[1])
    return tuple([normalise(part) if isinstance(part, tuple) and part and isinstance(part[0], str) and part[0] in _NODES else part for part in form])


def _push_children(x: Form) -> Form:
    kind = x[0]
    if kind == "neg":
        return ("neg", _push_children(x[1]))
    if kind in ("add", "sub"):
        return (kind, _push_children(x[1]), _push_children(x[2]))
    if kind in ("mul", "div") and x[2][0] == "number":
        return (kind, _push_children(x[1]), x[2])
    return ("children", normalise(x))


def split(form: Form) -> tuple[Form, ...]:
    """The forms that get verdicts of their own: a chain gives one per neighbouring pair."""
    if form[0] == "chain":
        return tuple(form[1:])
    if form[0] == "if":
        return tuple([("if", form[1], part) for part in split(form[2])])
    return (form,)


def sources(form: Form) -> tuple[tuple[str, str, str, str], ...]:
    """(scope, table, block, column) of everything the form reads, without repeats."""
    return tuple(dict.fromkeys([(c[1], c[2], c[3], c[4]) for c in cells_in(form)]))


class Leaf(msgspec.Struct, frozen=True):
    """A column, a scalar, a sum or sums of descendants that the columnar pass fetches once per run.

    kind: cell | column | sum | children. column "*" is filled in per run of the check.
    """

    kind: str
    table: str
    block: str
    column: str
    rows: Form
    missing: str


class Linear(msgspec.Struct, frozen=True):
    """`left op right` as Σ coefficient × leaf + constant (left minus right), all whole numbers.

    Factors and constant are multiplied by the common denominator `scale` of the written ones.
    leaves: (coefficient, leaf, stands on the left).
    """

    op: str
    tolerance: Form
    scale: int
    leaves: tuple[tuple[int, Leaf, bool], ...]
    constant: int
    by_row: bool
    by_column: bool


def linear(form: Form) -> Linear | None:
    """The linear reading of a comparison, or None where the columnar pass cannot settle anything."""
    if form[0] != "cmp" or form[1] not in ("==", "<=", ">="):
        return None
    terms: list[tuple[Fraction, Leaf | None, bool]] = []
    if not (_terms(form[2], Fraction(1), True, terms) and _terms(form[3], Fraction(-1), False, terms)):
        return None
    leaves = [(c, leaf, left) for c, leaf, left in terms if leaf is not None]
    if not leaves:
        return None
    scale = lcm(*[c.denominator for c, _, _ in terms])
    constant = sum((c for c, leaf, _ in terms if leaf is None), Fraction(0)) * scale
    row, col = axes(form)
    return Linear(form[1], form[4], scale, tuple([(int(c * scale), leaf, left) for c, leaf, left in leaves]), int(constant), row, col)


def _terms(x: Form, factor: Fraction, left: bool, out: list[tuple[Fraction, Leaf | None, bool]]) -> bool:
    kind = x[0]
    if kind == "number":
        out.append((factor * Fraction(x[1], x[2]), None, left))
        return bool(x[3] == "money" or x[1] == 0)
    if kind == "cells":
        if x[1]:
            return False
        out.append((factor, Leaf("cell" if x[5][0] == "key" else "column", *x[2:]), left))
        return True
    if kind in ("agg", "children"):
        inner = x[-1]
        if inner[0] != "cells" or inner[1] or (kind == "agg" and x[1] != "sum"):
            return False
        out.append((factor, Leaf("sum" if kind == "agg" else "children", *inner[2:]), left))
        return True
    if kind == "neg":
        return _terms(x[1], -factor, left, out)
    if kind in ("add", "sub"):
        return _terms(x[1], factor, left, out) and _terms(x[2], factor if kind == "add" else -factor, left, out)
    if kind in ("mul", "div"):
        return _scaled(x, factor, left, out)
    return False


def _scaled(x: Form, factor: Fraction, left: bool, out: list[tuple[Fraction, Leaf | None, bool]]) -> bool:
    number, other = (x[2], x[1]) if x[2][0] == "number" else (x[1], x[2])
    if number[0] != "number" or number[3] == "money" or (x[0] == "div" and number is x[1]) or number[1] == 0:
        return False
    by = Fraction(number[1], number[2])
    return _terms(other, factor * by if x[0] == "mul" else factor / by, left, out)


def exact(value: Fraction | int) -> Exact:
    """A fraction as int where it is whole."""
    return value if type(value) is int or value.denominator != 1 else value.numerator


@lru_cache(maxsize=1024)
def ratio(numerator: int, denominator: int) -> Exact:
    """A number as a rule writes it."""
    return exact(Fraction(numerator, denominator))


def size(value: Exact) -> Exact:
    """|value|."""
    return value if value >= 0 else -value

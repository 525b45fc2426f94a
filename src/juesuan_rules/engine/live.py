"""Comparisons as a spreadsheet computes them: expressions over the operands of a finding, with the tolerance that decided.

A side that is a plain weighted sum is written from the figures it came from; one that takes an absolute value, the
greatest, a quotient … is written from the rule's own form, so that it stays right when somebody changes a figure. Every
form is held against the verdict, exactly, before it is given: what a spreadsheet would judge otherwise has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import isqrt

import msgspec

from juesuan_rules.amounts import Exact
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.compare import OPPOSITE, Bound, Judgement, bound_of, merged
from juesuan_rules.engine.evaluation import DOUBTFUL, FAIL, PASS, ROUNDING, Evaluation, Verdict
from juesuan_rules.engine.forms import exact, size
from juesuan_rules.engine.judge import records_of
from juesuan_rules.engine.live_text import MOST_DECIMALS, Numbers, Writer, decimal, is_bent, rescaled, unit_factor, weighted_sum
from juesuan_rules.engine.valuation import Environment, Key
from juesuan_rules.engine.values import Value
from juesuan_rules.engine.wording import unit_of
from juesuan_rules.language.model import Form
from juesuan_rules.live import Live

_TOLD = (PASS, ROUNDING, DOUBTFUL, FAIL)
_NEGATED = {"==": "!=", "!=": "==", "<=": ">", ">": "<=", ">=": "<", "<": ">="}
_DIGITS = 14
"""A spreadsheet computes with 15 digits; one is left for figures that somebody makes longer."""


def live_forms(evaluation: Evaluation) -> tuple[Live | None, ...]:
    """One per verdict, in the order of `explain`: None for what is no comparison of figures, and for what did not apply
    or could not be decided."""
    bent = _Bent()
    found: list[Live | None] = []
    for part in evaluation.parts:
        for at, code in enumerate(part.outcomes):
            detail = evaluation.detail(Verdict(part, at)) if code in _TOLD else None
            key = part.keys[at], part.column
            found.append(_live_form(detail, part.check.body, key, evaluation.books, bent) if isinstance(detail, Judgement) else None)
    return tuple(found)


class _Bent(msgspec.Struct):
    """`is_bent` of the forms of a plan, asked once each; the plan keeps them alive."""

    known: dict[int, bool] = msgspec.field(default_factory=dict)

    def __call__(self, form: Form) -> bool:
        found = self.known.get(id(form))
        if found is None:
            found = self.known[id(form)] = is_bent(form)
        return found


def _live_form(judgement: Judgement, body: Form, key: Key, books: Books, bent: _Bent) -> Live | None:
    """The comparison that decided a verdict, or None. body: the condition it was judged by."""
    left, right = judgement.left, judgement.right
    relation, form = _relation(judgement.form)
    if not relation or left is None or right is None or left.text is not None or right.text is not None or judgement.difference is None:
        return None
    numbers = _numbers(judgement)
    unit = unit_of(judgement)
    for env in _environments(body, form, key, books, {}) if bent(form) else ({},):
        writer = Writer(numbers, key, books, env)
        a, b = [_side(node, value, writer, unit, bent(node)) for node, value in ((form[2], left), (form[3], right))]
        if a is not None and b is not None:
            # A comparison of what is only counted has no figure that could be changed.
            return _judged(judgement, a, relation, b, unit, _among_others(body)) if "{" in a + b else None
    return None


def _numbers(judgement: Judgement) -> Numbers:
    """Numbers of the operands, in the order `operand_notes` tells them."""
    cells = dict.fromkeys([cell for side in (judgement.left, judgement.right) if side is not None for cell in side.terms])
    found: Numbers = {}
    for at, cell in enumerate(cells):
        found.setdefault((id(cell.sheet), cell.key, cell.column), at)
    return found


def _relation(form: Form) -> tuple[str, Form]:
    """The comparison a form is, turned round as often as it is denied; ("", ()) for any other."""
    denied = False
    while form[:1] == ("not",):
        form, denied = form[1], not denied
    if form[:1] != ("cmp",):
        return "", ()
    return (_NEGATED[form[1]] if denied else form[1]), form


def _side(form: Form, value: Value, writer: Writer, unit: str, bent: bool) -> str | None:
    """A side in the unit of the finding; None where its form does not give the very number."""
    factor = unit_factor(unit)
    written = writer.write(form) if bent else weighted_sum(value, writer.numbers, factor) if value.linear else None
    return rescaled(written, factor).text if written is not None and written.number == value.number else None


def _environments(body: Form, form: Form, key: Key, books: Books, env: Environment) -> Iterator[Environment]:
    """What the variables around a comparison can stand for at a key."""
    if body == form:
        yield env
    elif body[0] == "each":
        records = records_of(body[2], books, key[0])
        for record in records if isinstance(records, list) else ():
            yield from _environments(body[3], form, key, books, {**env, body[1]: record})
    elif body[0] in ("and", "or", "not"):
        for part in body[1:]:
            yield from _environments(part, form, key, books, env)
    elif body[0] == "if":
        yield from _environments(body[2], form, key, books, env)


def _among_others(body: Form) -> bool:
    """Whether a rule asks for more than the one comparison."""
    inner = {"each": 3, "if": 2, "not": 1}.get(body[0])
    return body[0] in ("and", "or") or (inner is not None and _among_others(body[inner]))


def _judged(judgement: Judgement, left: str, relation: str, right: str, unit: str, partial: bool) -> Live | None:
    """The form with the tolerance that leads to the verdict."""
    assert judgement.left is not None and judgement.right is not None
    factor = unit_factor(unit)
    places = _places(judgement, factor)
    bound = None if judgement.absent else bound_of(judgement)
    base = OPPOSITE.get(relation, relation)
    equal = judgement.left.number == judgement.right.number and base == relation and judgement.outcome == "pass"
    numbers = (Fraction(0), Fraction(0)) if equal else (Fraction(judgement.left.number) / factor, Fraction(judgement.right.number) / factor)
    for sure, limit in _bands(judgement, bound, base, factor):
        share = decimal(bound.written[0]) if bound is not None and bound.kind == "relative" else ""
        live = Live(left, relation, right, decimal(sure), unit, decimal(limit), places, share, partial, bound.kind if bound is not None else "")
        outcome, rounding = ("pass", False) if equal else live.judge(*numbers)
        if outcome == judgement.outcome and (partial or rounding == judgement.rounding):
            return live
    return None


def _places(judgement: Judgement, factor: Exact) -> int:
    """Decimals a difference is rounded to, so that what binary fractions leave behind never counts: no fewer than the
    figures are printed with, and no more than 15 digits allow."""
    assert judgement.left is not None and judgement.right is not None
    sides = (judgement.left, judgement.right)
    largest = max(size(side.number) for side in sides)
    printed = 0
    for cell, times in [term for side in sides if side.linear for term in side.terms.items()]:
        if cell.amount is not None and cell.amount.value is not None:
            largest = max(largest, size(cell.amount.value * times))
            printed = max(printed, _decimals(cell.amount.quantum, times, factor))
    room = _DIGITS - len(str(int(largest / factor)))
    return max(printed, min(6, room)) if all(side.linear for side in sides) else max(0, min(9, room))


@lru_cache(maxsize=1024)
def _decimals(quantum: Exact, times: Exact, factor: Exact) -> int:
    """Decimals that one unit of a figure's last printed digit has in the unit compared in; 9 where they never end."""
    step = abs(Fraction(quantum) * times / factor)
    return next((n for n in range(9) if (step * 10**n).denominator == 1), 9)


def _bands(judgement: Judgement, bound: Bound | None, base: str, factor: Exact) -> Iterator[tuple[Exact, Exact]]:
    """Pairs (up to here 尾差, up to here 存疑) in the unit compared in: as told first, then finer ones for differences
    that are no whole number of last printed decimals."""
    assert judgement.left is not None and judgement.right is not None
    if bound is None:
        yield 0, 0
        return
    if bound.kind == "interval":
        reach = Fraction(_reach(judgement.left, judgement.right, base)) / factor
        for places in range(4, MOST_DECIMALS + 1):
            near = Fraction(int((reach * 10**places * 2 + 1) // 2), 10**places)
            yield near, near
        return
    yield _quotient(bound.sure, factor), _quotient(bound.most, factor)
    if bound.kind == "tail":
        yield from _finer(judgement.left, judgement.right, bound, factor)


def _finer(left: Value, right: Value, bound: Bound, factor: Exact) -> Iterator[tuple[Exact, Exact]]:
    """The bounds of a tail rounded down to ever smaller steps."""
    squares = 3 * sum([(Fraction(cell.half) * times) ** 2 for cell, times in merged(left, right).items()])
    for places in range(MOST_DECIMALS + 1):
        step = Fraction(factor) / 10**places
        usual = isqrt(int(squares / step**2)) * step
        most = min(Fraction(bound.limit), max(Fraction(bound.quantum), usual))
        yield most // step * step / factor, Fraction(bound.limit) // step * step / factor


@lru_cache(maxsize=1024)
def _quotient(bound: Exact, factor: Exact) -> Exact:
    return exact(Fraction(bound) / factor)


def _reach(left: Value, right: Value, base: str) -> Exact:
    """How far the sides' intervals reach towards each other, on the side the difference lies on."""
    (low, high), (right_low, right_high) = left.interval, right.interval
    above, below = (left.number - low) + (right_high - right.number), (high - left.number) + (right.number - right_low)
    if base == "==":
        return above if left.number > right.number else below if left.number < right.number else min(above, below)
    return above if base == "<=" else below

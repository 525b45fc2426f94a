"""What can be known of a condition before any report: that it always holds, or never.

A condition is taken apart into literals. Literals over the same figures are bounds on one number;
they contradict each other where no number meets them all, whatever the tolerance of printed figures
turns out to be. A check always holds where its contrary contradicts itself (and what it stands under).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import msgspec

from juesuan_rules.authoring.linting.linear import NEGATED, Comparison, Normaliser
from juesuan_rules.language.model import Form
from juesuan_rules.language.settled import settled

WAN = 1_000_000
"""分 in 万元: what a bare ± means where the printed unit is not known."""
TAIL = Fraction(5000)
"""The most that rounding is reckoned to add per term: half of 0.01 万元, in 分."""
MAX_BRANCHES = 32
MAX_TRIES = 2_000
"""Branches gone into for one check; beyond, nothing is claimed."""
_NOT_NEGATIVE = frozenset(("tally", "child_count"))

Bounds = tuple[Fraction | None, Fraction | None]
OPEN: Bounds = (None, None)


class Verdict(msgspec.Struct, frozen=True):
    """What is known of a check. outcome: always | fails | never | "". idle: conditions in it that always hold."""

    outcome: str = ""
    idle: tuple[Form, ...] = ()


class Judge:
    """Knows conditions under one layout."""

    def __init__(self, normaliser: Normaliser) -> None:
        self.normal = normaliser
        self._left = 0

    def check(self, form: Form, under: Sequence[Form] = ()) -> Verdict:
        """What is known of a check that stands under conditions (`when`)."""
        self._left = MAX_TRIES
        literals = [literal for condition in under for literal in self._literals(condition)]
        if self._impossible(literals):
            return Verdict("never")
        return self._check(form, literals)

    def truth(self, form: Form) -> bool | None:
        """Whether a condition holds for every report (True), for none (False), or that depends (None)."""
        self._left = max(self._left, 0) or MAX_TRIES
        fixed = settled(form)
        if fixed is not None:
            return fixed
        if self._impossible(self._literals(form)):
            return False
        return True if self._impossible(self._literals(negated(form))) else None

    def _check(self, form: Form, literals: list[Form]) -> Verdict:
        head = form[0]
        if head == "each":
            return self._check(form[3], literals)
        if head == "if":
            return self._conditional(form, literals)
        if head == "and" and all(part[0] == "if" for part in form[1:]):
            parts = [self._check(part, literals) for part in form[1:]]
            outcomes = {part.outcome for part in parts} - {"never"}
            idle = tuple([one for part in parts for one in part.idle])
            return Verdict(outcomes.pop() if len(outcomes) == 1 else "" if outcomes else "never", idle)
        if head in ("structure", "mention"):
            return Verdict()
        form = ("and", *form[1:]) if head == "chain" else form
        known = self.truth(form)
        if known is False:
            return Verdict("fails")
        if known or (literals and self._impossible([*literals, *self._literals(negated(form))])):
            return Verdict("always")
        return Verdict()

    def _conditional(self, form: Form, literals: list[Form]) -> Verdict:
        own = self._literals(form[1])
        if settled(form[1]) is False or self._impossible([*literals, *own]):
            return Verdict("never")
        idle: tuple[Form, ...] = ()
        if settled(form[1]) is None and self._impossible([*literals, *self._literals(negated(form[1]))]):
            idle = (form[1],)
        inner = self._check(form[2], [*literals, *own])
        return Verdict(inner.outcome, (*idle, *inner.idle))

    # -------------------------------------------------------------- literals

    def _literals(self, form: Form) -> list[Form]:
        """The parts of a conjunction; anything else is one literal."""
        if form[0] == "and" or form[0] == "chain":
            return [literal for part in form[1:] for literal in self._literals(part)]
        if form[0] == "not":
            inner = negated(form[1])
            return self._literals(inner) if inner[0] != "not" else [inner]
        return [form]

    def _impossible(self, literals: Sequence[Form]) -> bool:
        """Whether no report meets all of these."""
        self._left -= 1
        if self._left < 0:
            return False
        plain = [literal for literal in literals if literal[0] != "or"]
        choices = [[self._literals(part) for part in literal[1:]] for literal in literals if literal[0] == "or"]
        size = 1
        for choice in choices:
            size *= len(choice)
        if not choices or size > MAX_BRANCHES:
            return self._clash(plain)
        for branch in product(*choices):
            further = [literal for part in branch for literal in part]
            together = [*plain, *further]
            if not (self._impossible(together) if any(one[0] == "or" for one in further) else self._clash(together)):
                return False
        return True

    def _clash(self, literals: Sequence[Form]) -> bool:
        compared: dict[tuple[tuple[Form, int], ...], list[Comparison]] = {}
        facts: dict[Form, set[tuple[str, Form]]] = {}
        for literal in literals:
            fixed = settled(literal)
            if fixed is False:
                return True
            if fixed or literal[0] in ("each", "if"):
                continue
            if literal[0] == "cmp":
                found = self.normal.comparison(literal)
                compared.setdefault(found.terms, []).append(found)
            elif self._noted(literal, facts):
                return True
        return any(self._empty(group) for group in compared.values()) or self._zeroed(compared, facts)

    def _noted(self, literal: Form, facts: dict[Form, set[tuple[str, Form]]]) -> bool:
        """Note what a literal says of the thing it is about; True where that contradicts what was said before."""
        positive = literal[0] != "not"
        inner = literal if positive else literal[1]
        kind, subject, value = _about(inner)
        about = self.normal.atom(subject) if subject else self.normal.condition(inner)
        said = facts.setdefault(about, set())
        mark = (kind if positive else f"not {kind}", value)
        said.add(mark)
        if (f"not {kind}" if positive else kind, value) in said:
            return True
        texts = [set(v) for k, v in said if k == "in"]
        if texts and not set.intersection(*texts) - {t for k, v in said if k == "not in" for t in v}:
            return True
        kinds = {k for k, _ in said}
        return {"blank", "zero"} <= kinds or ("blank" in kinds and "in" in kinds and any("text" == v[0] for t in texts for v in t))

    def _zeroed(self, compared: dict[tuple[tuple[Form, int], ...], list[Comparison]], facts: dict[Form, set[tuple[str, Form]]]) -> bool:
        """Whether a comparison cannot hold because its figures are said to be blank or zero."""
        nothing = {about for about, said in facts.items() if {"blank", "zero"} & {kind for kind, _ in said}}
        for terms, group in compared.items():
            if nothing and terms and all(atom in nothing for atom, _ in terms):
                alone = [Comparison(c.op, (), c.constant, c.tolerance, c.scale) for c in group]
                if self._empty(alone):
                    return True
        return False

    def _empty(self, group: Sequence[Comparison]) -> bool:
        """Whether no value of the one sum these compare meets them all."""
        terms = group[0].terms
        lows: list[tuple[Fraction, int, bool]] = []
        highs: list[tuple[Fraction, int, bool]] = []
        unequal: list[Comparison] = []
        low, high = self._range(terms)
        if low is not None:
            lows.append((low, 0, False))
        if high is not None:
            highs.append((high, 0, False))
        for one in group:
            if one.tolerance[0] == "relative":
                continue
            widened, sign = _tolerance(one)
            at = -one.constant
            if one.op == "!=":
                unequal.append(one)
            if one.op in (">", ">=", "=="):
                strict = one.op == ">"
                lows.append((at + widened if strict else at - widened, sign if strict else -sign, strict))
            if one.op in ("<", "<=", "=="):
                strict = one.op == "<"
                highs.append((at - widened if strict else at + widened, -sign if strict else sign, strict))
        most = _most_tail(terms, group)
        if any(_apart(a, b, most) for a in lows for b in highs):
            return True
        if not terms and any(abs(one.constant) <= _tolerance(one)[0] for one in unequal):
            # Everything cancelled out: a written number that should differ from 0, and does not.
            return True
        return any(one.op == "==" and one.constant == other.constant and one.tolerance == other.tolerance for one in group for other in unequal)

    def _range(self, terms: Sequence[tuple[Form, int]]) -> Bounds:
        low: Fraction | None = Fraction(0)
        high: Fraction | None = Fraction(0)
        for atom, factor in terms:
            least, most = self._bounds(atom)
            if factor < 0:
                least, most = most, least
            low = low + factor * least if low is not None and least is not None else None
            high = high + factor * most if high is not None and most is not None else None
        return low, high

    def _bounds(self, atom: Form) -> Bounds:
        """What values an atom can have at all."""
        zero = Fraction(0)
        head = atom[0]
        if head in _NOT_NEGATIVE or (head == "agg" and atom[1] == "count") or (head == "call" and atom[1] == "abs"):
            return zero, None
        if head == "attr" and atom[2] == "level":
            return zero, Fraction(3)
        if head == "agg" and atom[1] in ("sum", "avg", "min", "max"):
            low, high = self._bounds_of(atom[2])
            return (zero if low is not None and low >= 0 else None), (zero if high is not None and high <= 0 else None)
        if head == "call" and atom[1] in ("max", "min"):
            bounds = [self._bounds_of(part) for part in atom[2:]]
            lows, highs = [b[0] for b in bounds], [b[1] for b in bounds]
            if atom[1] == "max":
                return max((b for b in lows if b is not None), default=None), (None if None in highs else max(b for b in highs if b is not None))
            return (None if None in lows else min(b for b in lows if b is not None)), min((b for b in highs if b is not None), default=None)
        if head == "mul" and len(atom) == 3 and atom[1] == atom[2]:
            return zero, None
        return OPEN

    def _bounds_of(self, value: Form) -> Bounds:
        """The bounds of a value in canonical shape."""
        if not value or value[0] != "lin":
            return self._bounds(value)
        low: Fraction | None = Fraction(0)
        high: Fraction | None = Fraction(0)
        for numerator, denominator, atom in value[1:]:
            factor = Fraction(numerator, denominator)
            least, most = (Fraction(1), Fraction(1)) if not atom else self._bounds(atom)
            if factor < 0:
                least, most = most, least
            low = low + factor * least if low is not None and least is not None else None
            high = high + factor * most if high is not None and most is not None else None
        return low, high


def negated(form: Form) -> Form:
    """The contrary of a condition, with 非 pushed inwards."""
    head = form[0]
    if head == "cmp":
        return ("cmp", NEGATED[form[1]], *form[2:])
    if head == "not":
        return form[1]  # type: ignore[no-any-return]
    if head in ("and", "or", "chain"):
        return ("and" if head == "or" else "or", *[negated(part) for part in form[1:]])
    return ("not", form)


def _about(literal: Form) -> tuple[str, Form, Form]:
    """(what is said, of which cell or text, with which value) of a literal that is no comparison."""
    head = literal[0]
    if head in ("blank", "zero"):
        return head, literal[1], ()
    if head == "match" and literal[1] in ("equals", "differs") and isinstance(literal[3], str):
        value: Form = (("text", literal[3]),)
        return ("in" if literal[1] == "equals" else "not in"), literal[2], value
    if head == "in":
        return "in", literal[1], literal[2]
    return "holds", (), ()


def _tolerance(one: Comparison) -> tuple[Fraction, int]:
    """(fixed part in 分 or the like, factor of the unknown rounding) of a comparison's tolerance."""
    if one.tolerance[0] == "tail":
        return Fraction(0), 1
    written = Fraction(one.tolerance[1], one.tolerance[2])
    return (written * WAN if one.tolerance[3] is None else written), 0


def _most_tail(terms: Sequence[tuple[Form, int]], group: Sequence[Comparison]) -> Fraction:
    """The most that rounding may add, in the measure of what is compared."""
    if not terms or all(atom[0] in (*_NOT_NEGATIVE, "attr") or atom[:2] == ("agg", "count") for atom, _ in terms):
        return Fraction(0)
    small = [abs(one.constant) for one in group if one.constant]
    # Below 1000 a written number can be no amount of note: a percentage, a score, a count.
    return Fraction(1, 200) if small and max(small) < 1000 else TAIL * sum(abs(factor) for _, factor in terms)


def _apart(low: tuple[Fraction, int, bool], high: tuple[Fraction, int, bool], most: Fraction) -> bool:
    """Whether a lower bound lies above an upper one for every rounding from 0 to `most`."""
    strict = low[2] or high[2]
    for tail in (Fraction(0), most):
        gap = low[0] + low[1] * tail - high[0] - high[1] * tail
        if gap < 0 or (gap == 0 and not strict):
            return False
    return True

"""Rules that say the same: found by comparing forms in which order carries no meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.model import CheckedRule, Form, RuleText
from juesuan_rules.language.places import TextProblem, to_diagnostic

_MIRROR = {"<": ">", "<=": ">="}
_ANY_ORDER = ("and", "or", "mul")


def canonical(form: Form) -> Form:
    """The form with everything whose order carries no meaning in one order."""
    head = form[0]
    if head in ("cells", "number", "text", "field", "attr", "mention", "structure"):
        return form
    if head in ("add", "sub", "neg"):
        return ("sum", *sorted(_terms(form, 1), key=repr))
    parts = tuple(canonical(p) if isinstance(p, tuple) and p and isinstance(p[0], str) and head != "in" else p for p in form)
    if head in _ANY_ORDER:
        return (head, *sorted(parts[1:], key=repr))
    if head == "cmp":
        return _comparison(form, parts[2], parts[3])
    return parts


def _comparison(form: Form, left: Form, right: Form) -> Form:
    operator, tolerance = form[1], form[4]
    if operator in _MIRROR:
        operator, left, right = _MIRROR[operator], right, left
    elif operator in ("==", "!=") and tolerance[0] != "relative":
        left, right = sorted((left, right), key=repr)
    return ("cmp", operator, left, right, tolerance)


def _terms(form: Form, sign: int) -> list[Any]:
    if form[0] in ("add", "sub"):
        return _terms(form[1], sign) + _terms(form[2], sign if form[0] == "add" else -sign)
    if form[0] == "neg":
        return _terms(form[1], -sign)
    return [(sign, canonical(form))]


def distinguish(rule: RuleText, checked: CheckedRule) -> tuple[str, ...]:
    """What tells each check of a sound rule from those that do not say the same, as text (quick to compare)."""
    scope = (checked.when, rule.applies_years, rule.applies_kinds, rule.applies_regions)
    return tuple([repr((canonical(check.form), check.when, *scope)) for check in checked.checks])


class DuplicateFinder(msgspec.Struct):
    """Remembers every check seen, and says which later ones repeat it."""

    seen: dict[str, str] = msgspec.field(default_factory=dict)

    def add(self, rule: RuleText, same: Sequence[str]) -> list[Diagnostic]:
        """Warnings about checks of this rule (as `distinguish` tells them) that an earlier one (or the
        same rule) makes already."""
        found: list[Diagnostic] = []
        for text, key in zip(rule.checks, same, strict=True):
            if key in self.seen:
                other = self.seen[key]
                where = "本规则里已有" if other == rule.id else f"与规则 {other} 相同"
                problem = TextProblem("W201", f"这项核对{where}", 0, len(text.text), "删掉一个")
                found.append(to_diagnostic(problem, text.text, text.locate))
            self.seen.setdefault(key, rule.id)
        return found

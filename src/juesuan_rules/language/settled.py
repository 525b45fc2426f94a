"""Conditions that parameters of the layout settle before any report is read.

`若 参数("占比分母") == "本年支出" 则 … 否则 …` is then, in each region, simply the branch that holds there:
its verdicts, formulas and findings read as if the rule had been written for that region.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from juesuan_rules.language.model import Form

_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b,
}  # fmt: skip


def settled(form: Form) -> bool | None:
    """Whether a condition holds, whatever the report says; None where that depends on the report."""
    head = form[0]
    if head == "not":
        inner = settled(form[1])
        return None if inner is None else not inner
    if head in ("and", "or"):
        found = [settled(part) for part in form[1:]]
        decisive = bool(head == "or")
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    if head == "match" and form[1] in ("equals", "differs"):
        pattern = ("text", form[3]) if isinstance(form[3], str) else form[3]
        return bool(form[2] == pattern) == (form[1] == "equals") if form[2][0] == pattern[0] == "text" else None
    if head == "in":
        return bool(form[1] in form[2]) if form[1][0] in ("text", "number") else None
    if head == "cmp" and form[2][0] == form[3][0] == "number" and form[4] == ("tail",):
        return _COMPARE[form[1]](Fraction(*form[2][1:3]), Fraction(*form[3][1:3]))
    return None

"""A waiver as written, and the difference it accepts as an exact amount."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import msgspec

from juesuan_rules.amounts import PERCENT, UNITS
from juesuan_rules.diagnostics import Span
from juesuan_rules.findings import Waiver

WHOLE_RULE = "全部"
"""The place of a waiver for every verdict of its rule in the report."""
UNLIMITED = "不限"
"""The difference of a waiver that accepts any."""
ASSUMED = "万元"
"""The unit of an accepted sum of money that is written without one: what reports are published in."""
MONEY = "分"
_PERCENT_WORDS = ("个百分点", "百分点", "%", "％")
_DIFFERENCE = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?P<unit>[^\d\s.,+-]{0,6})$")


class Accepted(msgspec.Struct, frozen=True):
    """A difference. unit: 分 for money, "%" for percentage points, else what is counted; UNLIMITED where any is
    accepted; "" where no unit was written."""

    value: Fraction
    unit: str

    def covers(self, other: Accepted) -> bool | None:
        """Whether the other difference is at most this one; None where the two cannot be compared."""
        if self.unit == UNLIMITED:
            return True
        scale = UNITS[ASSUMED] if not self.unit and other.unit == MONEY else 1
        return None if self.unit not in ("", other.unit) else other.value <= self.value * scale


class WrittenWaiver(msgspec.Struct, frozen=True):
    """One entry of a waivers file. expires: the last day it holds. difference: as written; accepted: what it
    means, None where none is written (then only verdicts without a difference are covered)."""

    rule: str
    unit: str
    year: int
    place: str
    reason: str
    approver: str
    expires: date
    difference: str = ""
    accepted: Accepted | None = None
    span: Span = Span()

    @property
    def record(self) -> Waiver:
        """What stands on a finding it covers."""
        return Waiver(self.reason, self.approver, self.expires.isoformat(), self.difference, self.place)


def read_difference(text: str) -> Accepted | None:
    """The accepted difference in a text: 0.34万元, 3,400元, 0.5个百分点, 2辆, 不限; None where it is none of these."""
    if text == UNLIMITED:
        return Accepted(Fraction(0), UNLIMITED)
    match = _DIFFERENCE.match(text.strip())
    if match is None:
        return None
    value, unit = abs(Fraction(match["number"].replace(",", ""))), match["unit"]
    if unit in _PERCENT_WORDS:
        return Accepted(value, PERCENT)
    return Accepted(value * UNITS[unit], MONEY) if unit in UNITS else Accepted(value, unit)


def measure(difference: str, unit: str | None) -> Accepted | None:
    """A finding's difference in the same terms; None where it is no number."""
    try:
        value = abs(Fraction(difference.replace(",", "").strip()))
    except (ValueError, ZeroDivisionError):
        return None
    if unit in UNITS:
        return Accepted(value * UNITS[unit], MONEY)
    return Accepted(value, unit or "数")


def read_date(text: str) -> date | None:
    """A day written as 2026-12-31, or None."""
    try:
        return date.fromisoformat(text) if re.match(r"\d{4}-\d{2}-\d{2}$", text) else None
    except ValueError:
        return None

"""How often each rule was a false alarm, by what people decided, with how far that can be relied on."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

import msgspec

from juesuan_rules.reviews.decisions import latest
from juesuan_rules.reviews.model import WrittenDecision

FEW = 10
"""Fewer decisions than this say little."""
_Z = 1.959964


class RuleRate(msgspec.Struct, frozen=True):
    """A rule's decisions. decided: those that settle whether it was right (待核 does not). share: of false alarms among
    these, 0 to 1, None where nothing is decided. low, high: 95 % interval (Wilson). note: how far to rely on it."""

    rule: str
    decided: int
    true: int
    false: int
    mended: int
    open: int
    units: int
    share: float | None
    low: float
    high: float
    note: str


Told = tuple[str, str, int | None, str]
"""Rule, unit, year and status of a decision."""


def false_alarm_rates(decisions: Iterable[WrittenDecision]) -> tuple[RuleRate, ...]:
    """One per rule, the worst first. Of several decisions on one finding the latest counts. 已整改 counts as 属实: nobody
    puts right what was not wrong."""
    return rates_of((one.rule, one.unit, one.year, one.status) for one in latest(decisions).values())


def rates_of(decisions: Iterable[Told]) -> tuple[RuleRate, ...]:
    """As `false_alarm_rates`, of decisions that are one per finding already."""
    rules: dict[str, list[Told]] = {}
    for one in decisions:
        rules.setdefault(one[0], []).append(one)
    rates = [_rate(rule, group) for rule, group in rules.items()]
    return tuple(sorted(rates, key=lambda rate: (rate.decided < FEW, -(rate.share or 0.0), -rate.decided, rate.rule)))


def _rate(rule: str, group: list[Told]) -> RuleRate:
    true, false, mended = (sum(one[3] == status for one in group) for status in ("属实", "误报", "已整改"))
    decided = true + false + mended
    low, high = _wilson(false, decided)
    note = "都还待核" if not decided else f"只有 {decided} 处意见，比率仅供参考" if decided < FEW else ""
    units = len({one[1:3] for one in group})
    return RuleRate(rule, decided, true, false, mended, len(group) - decided, units, false / decided if decided else None, low, high, note)


def _wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share, sound for few cases and for none or all of them."""
    if not n:
        return 0.0, 1.0
    p, z = hits / n, _Z
    middle = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    below = 1 + z * z / n
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)

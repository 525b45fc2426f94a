"""Units of numbers in rules: what kind of quantity each makes, and its factor.

Money becomes whole 分, a percentage a number / 100, points of percentage the same; counts and
scores stay what they are.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from juesuan_rules.amounts import UNITS as MONEY_UNITS


class Unit(msgspec.Struct, frozen=True):
    """A unit as written. measure: money | percent | points | count | score | none, as in the form."""

    name: str
    measure: str
    scale: Fraction


_COUNTED = ("个", "人", "人次", "名", "辆", "台", "套", "台套", "次", "批", "批次", "团组", "家", "户", "项", "件")

UNITS: dict[str, Unit] = {
    "": Unit("", "none", Fraction(1)),
    **{name: Unit(name, "money", Fraction(scale)) for name, scale in MONEY_UNITS.items()},
    "%": Unit("%", "percent", Fraction(1, 100)),
    "个百分点": Unit("个百分点", "points", Fraction(1, 100)),
    "百分点": Unit("百分点", "points", Fraction(1, 100)),
    "分值": Unit("分值", "score", Fraction(1)),
    **{name: Unit(name, "count", Fraction(1)) for name in _COUNTED},
}
"""Every unit a number may carry, by the name written behind it."""

MEASURE_ZH = {"money": "金额", "percent": "百分比", "points": "百分点", "count": "个数", "score": "分值", "none": "不带单位的数"}


def quantity(digits: str, unit: str) -> tuple[Fraction, str]:
    """The exact value and measure of a number as written; money in 分."""
    known = UNITS[unit]
    return Fraction(digits) * known.scale, known.measure

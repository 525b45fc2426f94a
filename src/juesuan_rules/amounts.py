"""Money and tolerance, exactly.

Money is whole 分 as `int` (or `Fraction` where a publisher prints more decimals than 分 can hold).
`half` widths are in 分 too, doubled nowhere: 万元 with two decimals has q = 10,000 分, h = 5,000 分.
Nothing here is ever a float.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import msgspec

from juesuan_rules.documents.model import NOWHERE, Place

Exact = int | Fraction
SURE = 0.9
"""A recognised figure read with less confidence than this is not relied on to find fault."""

State = Literal["number", "zero", "blank", "dash", "text", "unreadable"]

UNITS: dict[str, int] = {"分": 1, "角": 10, "元": 100, "百元": 10_000, "千元": 100_000, "万元": 1_000_000, "百万元": 100_000_000, "亿元": 10_000_000_000}
"""Money units and how many 分 each is."""
COUNTS = frozenset(("辆", "台", "套", "台套", "个", "人", "人次", "名", "次", "批", "批次", "团组", "家", "户", "件", "项", "起", "场", "期"))
"""Units of things counted: their value is the number itself, exact."""
PERCENT, SCORE, PLAIN = "%", "分值", "数"
"""Units of figures that are no money: a percentage (its value is number / 100), a score, a number whose
unit stands elsewhere. The latter two are what is printed, exact."""
_WHOLE = COUNTS | {SCORE, PLAIN}

_LONGEST = 60
"""No figure is longer; a cell that is holds several, or a text with figures in it."""

_DASHES = frozenset("-—–－―─/／\\_")
_NUMBER = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")


class Amount(msgspec.Struct, frozen=True):
    """One printed figure (or its absence) and where it stands.

    raw: the text as printed. state: what kind of cell it is. value: 分 (the number itself where things
    are counted), None unless number or zero.
    decimals: digits printed after the point. unit: money unit of the table. repaired: what was
    mended to read it (spaces, letter O), "" where nothing was. confidence: of the recogniser, 1.0
    for text. stored: what a spreadsheet holds where it shows something else. corrected: who put
    another value in place of `raw`, and why; "" where nobody did. approximate: printed with 约, 近, 余
    or the like, so that its trailing zeros mean nothing.
    """

    raw: str
    state: State
    value: Exact | None = None
    decimals: int = 0
    unit: str = "万元"
    place: Place = NOWHERE
    repaired: str = ""
    confidence: float = 1.0
    stored: str = ""
    corrected: str = ""
    approximate: bool = False

    @property
    def unsure(self) -> bool:
        """Whether the figure was recognised, and not surely."""
        return self.confidence < SURE

    @property
    def quantum(self) -> Exact:
        """One unit of the last printed decimal, in 分 (0 where nothing is printed)."""
        return quantum(self.unit, self.decimals) if self.value is not None else 0

    @property
    def half(self) -> Exact:
        """Half-width of what the figure can stand for, in 分; 0 for a zero, a blank, and 元 with 分."""
        if not self.value:
            return half_width(self.unit, self.decimals) if self.unit == PERCENT and self.value is not None else 0
        if self.approximate:
            return _vague(self.value, self.unit, self.decimals)
        return half_width(self.unit, self.decimals)


@lru_cache(maxsize=256)
def quantum(unit: str, decimals: int) -> Exact:
    """q in 分 for a figure in `unit` with `decimals` digits; 万元 never coarser than 0.01 万元.

    A figure in 万元 with fewer decimals has dropped its trailing zeros (45.8 means 45.80). What is no
    money: one unit of its last printed digit.
    """
    if unit == "万元":
        decimals = max(decimals, 2)
    whole = Fraction(_factor(unit)) / Fraction(10**decimals)
    return whole.numerator if whole.denominator == 1 else whole


@lru_cache(maxsize=256)
def half_width(unit: str, decimals: int) -> Exact:
    """h = q/2 in 分, and 0 where q is one 分 or less (元 with two decimals is exact) and for counts and scores."""
    q = quantum(unit, decimals)
    if unit in _WHOLE or (q <= 1 and unit != PERCENT):
        return 0
    half = Fraction(q, 2)
    return half.numerator if half.denominator == 1 else half


def _vague(value: Exact, unit: str, decimals: int) -> Exact:
    """One unit of the last printed digit that is no zero: 约 3,000 万元 may be 1,000 more or less."""
    digits = abs(Fraction(value)) * Fraction(10**decimals) / Fraction(_factor(unit))
    step = 1
    while digits and digits % (step * 10) == 0:
        step *= 10
    vague = Fraction(_factor(unit)) * step / Fraction(10**decimals)
    return vague.numerator if vague.denominator == 1 else vague


def read_amount(raw: str, unit: str, place: Place = NOWHERE) -> Amount:
    """Read one table cell: number, zero, blank, dash, text or unreadable. Never guesses.

    Full-width digits, inner spaces, letter O between digits and thin markup are mended and noted.
    """
    text = unicodedata.normalize("NFKC", raw).strip().strip("\ufeff\u200b").strip()
    if not text:
        return Amount(raw, "blank", unit=unit, place=place)
    if len(text) > _LONGEST:
        return Amount(raw, "unreadable" if any(c.isdigit() for c in text) else "text", unit=unit, place=place)
    if _NUMBER.match(text):
        return _number(raw, text, unit, place, "")
    if set(text) <= _DASHES:
        return Amount(raw, "dash", unit=unit, place=place)
    mended = re.sub(r"<[^<>]{0,80}>|[*_`]", "", text)
    mended = re.sub(r"[\s\u00a0]+", "", mended).replace("，", ",").replace("−", "-").replace("–", "-")
    if re.search(r"\d|[OoＯ]\.[OoＯ]|\.[OoＯ]|[OoＯ]\.", mended):
        mended = re.sub(r"(?<![A-Za-z])[OoＯ]+(?![A-Za-z])", lambda m: "0" * len(m.group()), mended)
    if mended.startswith("(") and mended.endswith(")") and _NUMBER.match(mended[1:-1]):
        mended = "-" + mended[1:-1]
    if mended and _NUMBER.match(mended):
        return _number(raw, mended, unit, place, mended)
    if not mended:
        return Amount(raw, "blank", unit=unit, place=place)
    if any(c.isdigit() for c in mended):
        return Amount(raw, "unreadable", unit=unit, place=place)
    return Amount(raw, "text", unit=unit, place=place)


def _number(raw: str, text: str, unit: str, place: Place, repaired: str) -> Amount:
    whole, _, decimals = text.replace(",", "").partition(".")
    digits = int(whole + decimals) if (whole + decimals).lstrip("+-") else 0
    scale, parts = (1, 100 * 10 ** len(decimals)) if unit == PERCENT else (scale_of(unit), 10 ** len(decimals))
    value: Exact
    value, rest = divmod(digits * scale, parts)
    if rest:
        value = Fraction(digits * scale, parts)
    return Amount(raw, "number" if value else "zero", value, len(decimals), unit, place, repaired)


def show(value: Exact, unit: str = "万元", decimals: int = 2, thousands: bool = True) -> str:
    """分 (or what else the unit measures) as text in `unit`, exact when `decimals` suffice, else rounded half up; never a float."""
    scaled = Fraction(value) * 10**decimals / _factor(unit)
    sign = "-" if scaled < 0 else ""
    units = (abs(scaled) * 2 + 1) // 2
    whole, part = divmod(int(units), 10**decimals)
    head = f"{whole:,}" if thousands else str(whole)
    return sign + head + (f".{part:0{decimals}d}" if decimals else "")


def scale_of(unit: str) -> int:
    """分 in one money unit; 1 for what is no money."""
    return UNITS.get(unit, 0) or (1 if unit in _WHOLE or unit == PERCENT else UNITS[unit])


def _factor(unit: str) -> Exact:
    return Fraction(1, 100) if unit == PERCENT else scale_of(unit)


def plain(amount: Amount) -> str | None:
    """The value as the JSON contract wants it: 元 with two decimals; a count, a score or a percentage as
    the number printed."""
    if amount.value is None:
        return None
    return yuan(amount.value) if amount.unit in UNITS else show(amount.value, amount.unit, amount.decimals, thousands=False)


_MEASURED = re.compile(r"([+-]?)(\d{1,30})((?:\.\d{1,30})?)([^\d.,]{0,6})")


def difference_text(text: str) -> str:
    """A difference with its unit for people: 699930.02% is 699,930.02个百分点; anything else as it is."""
    found = _MEASURED.fullmatch(text)
    if found is None:
        return text
    sign, whole, rest, unit = found.groups()
    return f"{sign}{int(whole):,}{rest}{'个百分点' if unit.strip() == PERCENT else unit}"


def yuan(value: Exact) -> str:
    """分 as 元 with two decimals and no separators, as the JSON contract wants it."""
    return show(value, "元", 2, thousands=False)

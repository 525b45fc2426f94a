"""Dates and times of a workbook: a stored serial number and a date format to the text displayed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from juesuan_rules.documents.excel.formatcodes import Section, Token

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS_CHINESE = "一二三四五六日"
_LAST_DAY = 2_958_465
"""Serial number of 9999-12-31."""


def show_date(serial: Decimal, section: Section, epoch_1904: bool) -> str:
    """The text a date format shows for a serial number; "" where it is no date (negative, too large)."""
    if serial < 0 or serial > _LAST_DAY:
        return ""
    decimals = _decimals(section.tokens)
    unit = 10**decimals
    ticks = int((serial * 86400 * unit).to_integral_value(ROUND_HALF_UP))
    seconds, fraction = divmod(ticks, unit)
    days, clock = divmod(seconds, 86400)
    year, month, day, weekday = _calendar(days, epoch_1904)
    noon = section.has("noon")
    hour = clock // 3600
    fields = {"y": year, "m": month, "d": day, "h": (hour % 12 or 12) if noon else hour, "n": clock // 60 % 60, "s": clock % 60, "w": weekday}
    out: list[str] = []
    for kind, text in _minutes_marked(section.tokens):
        if kind == "date":
            out.append(_field(text, fields))
        elif kind == "elapsed":
            out.append(str({"h": seconds // 3600, "m": seconds // 60, "s": seconds}[text[0]]).zfill(len(text)))
        elif kind == "noon":
            out.append(_noon(text, hour >= 12))
        elif kind == "fraction":
            out.append("." + str(fraction).zfill(decimals) if decimals else "")
        elif kind in ("literal", "slash", "point", "comma"):
            out.append(text)
    return "".join(out).strip()


def _calendar(days: int, epoch_1904: bool) -> tuple[int, int, int, int]:
    """Year, month, day and weekday (Monday is 0); with 1900-01-00 and 1900-02-29 as spreadsheets have them."""
    if epoch_1904:
        found = date(1904, 1, 1) + timedelta(days)
    elif days == 0:
        return 1900, 1, 0, 5
    elif days == 60:
        return 1900, 2, 29, 2
    else:
        found = date(1899, 12, 31 if days < 60 else 30) + timedelta(days)
    return found.year, found.month, found.day, found.weekday()


def _decimals(tokens: tuple[Token, ...]) -> int:
    """How many digits stand behind `ss.` in a format."""
    kinds = [kind for kind, _ in tokens]
    if "point" not in kinds:
        return 0
    at = kinds.index("point") + 1
    count = 0
    while at + count < len(kinds) and kinds[at + count] == "digit":
        count += 1
    return min(count, 3)


def _minutes_marked(tokens: tuple[Token, ...]) -> list[Token]:
    """The tokens with m as n where it means minutes (after h, before s), and `.000` as one token."""
    out: list[Token] = []
    fields = [i for i, (kind, _) in enumerate(tokens) if kind in ("date", "elapsed")]
    for i, (kind, text) in enumerate(tokens):
        if kind == "date" and text in ("m", "mm"):
            at = fields.index(i)
            before = tokens[fields[at - 1]][1] if at else ""
            after = tokens[fields[at + 1]][1] if at + 1 < len(fields) else ""
            if before.startswith("h") or after.startswith("s"):
                text = "n" * len(text)
        if kind == "point" and i + 1 < len(tokens) and tokens[i + 1][0] == "digit":
            kind = "fraction"
        out.append((kind, text))
    return out


def _field(text: str, fields: dict[str, int]) -> str:
    letter = text[0]
    if letter in "ye":
        return str(fields["y"] % 100).zfill(2) if text in ("y", "yy") else str(fields["y"])
    if letter == "m" and len(text) > 2:
        name = _MONTHS[fields["m"] - 1]
        return {3: name[:3], 4: name, 5: name[0]}[len(text)]
    if letter == "d" and len(text) > 2:
        return _DAYS[fields["w"]][: 3 if len(text) == 3 else None]
    if letter == "a":
        return ("星期" if len(text) == 4 else "") + _DAYS_CHINESE[fields["w"]]
    return str(fields[letter]).zfill(len(text))


def _noon(text: str, afternoon: bool) -> str:
    first, _, second = text.partition("/")
    return second if afternoon else first

"""Numbers written in Chinese (五, 十二, 二十点五) as digits."""

from __future__ import annotations

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def chinese_number(text: str) -> str | None:
    """The number as digits ("12", "20.5"); None for what is no number. Digits stay as they are."""
    if text.replace(".", "", 1).isdigit() and text.isascii():
        return text
    whole, point, fraction = text.partition("点")
    total = _whole(whole)
    if total is None or (point and not fraction) or any(sign not in _DIGITS for sign in fraction):
        return None
    return f"{total}.{''.join(str(_DIGITS[sign]) for sign in fraction)}" if point else str(total)


def _whole(text: str) -> int | None:
    """Up to hundreds; digit by digit where no 十 or 百 stands in it."""
    if not text:
        return None
    if "十" not in text and "百" not in text:
        return int("".join(str(_DIGITS[sign]) for sign in text)) if all(sign in _DIGITS for sign in text) else None
    total = current = 0
    for sign in text:
        if sign in _DIGITS:
            current = _DIGITS[sign]
        elif sign in "十百":
            total += (current or 1) * (10 if sign == "十" else 100)
            current = 0
        else:
            return None
    return total + current

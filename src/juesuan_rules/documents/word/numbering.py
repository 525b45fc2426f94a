"""Automatic numbers of paragraphs (一、 （二） 3. ①): how a list counts and how its numbers are written."""

from __future__ import annotations

import re

import msgspec

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACEHOLDER = re.compile(r"%([1-9])")
_LARGEST = 9999
_TIGHT = re.compile(r"[、，．。.,:：）)】〕\s]$")


class Level(msgspec.Struct, frozen=True):
    """One level of a list. format: name of the number format in Office Open XML ("decimal",
    "chineseCounting" …). text: how a number is written, %1 for that of the first level. gap: what
    follows it: tab, space, nothing. formal: higher levels are written 1, 2, 3 here."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1
    gap: str = "tab"
    formal: bool = False


class Lists:
    """Counts the numbered paragraphs of one document, in reading order."""

    def __init__(self) -> None:
        self._counts: dict[object, list[int]] = {}

    def label(self, key: object, levels: tuple[Level, ...], level: int, restart: dict[int, int] | None = None) -> str:
        """The number of the next paragraph of list `key` at `level` (from 0), with its gap; "" for bullets.

        restart: where the count begins when this list is met for the first time, by level.
        """
        level = min(max(level, 0), len(levels) - 1)
        if level < 0:
            return ""
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = [0] * 9
            starts = [one.start for one in levels] + [1] * 9
            for index in range(9):
                counts[index] = (restart or {}).get(index, starts[index]) - 1
        counts[level] += 1
        for deeper in range(level + 1, 9):
            counts[deeper] = (levels[deeper].start if deeper < len(levels) else 1) - 1
        spec = levels[level]
        if spec.format in ("bullet", "none"):
            return ""

        def written(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            if index > level or index >= len(levels):
                return ""
            value = max(counts[index], levels[index].start)
            return write_number(value, "decimal" if spec.formal else levels[index].format)

        text = _PLACEHOLDER.sub(written, spec.text[:40])
        if not text or spec.gap == "nothing" or _TIGHT.search(text):
            return text
        return text + " "


def write_number(value: int, form: str) -> str:
    """A number in a number format of Office Open XML; plain digits for a format not known here."""
    if not 0 <= value <= _LARGEST:
        return str(value)
    if form in ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting", "koreanCounting"):
        return chinese(value)
    if form in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return "".join(_FORMAL[int(d)] for d in str(value)) if value > 10 else _FORMAL[value] if value < 10 else "壹拾"
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(d)] for d in str(value))
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)
    if form == "decimalEnclosedParen":
        return f"({value})"
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(0xFF10 + int(d)) for d in str(value))
    if form == "decimalZero":
        return f"{value:02d}"
    if form in ("upperLetter", "lowerLetter") and value:
        text = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 9)
        return text.upper() if form == "upperLetter" else text
    if form in ("upperRoman", "lowerRoman") and value:
        return _roman(value).upper() if form == "upperRoman" else _roman(value)
    if form == "ideographTraditional" and value:
        return _STEMS[(value - 1) % 10]
    if form == "ideographZodiac" and value:
        return _BRANCHES[(value - 1) % 12]
    return str(value)


def chinese(value: int) -> str:
    """0…9999 in Chinese numerals: 十, 十二, 二十, 一百零三."""
    if value < 10:
        return "〇一二三四五六七八九"[value] if value else "〇"
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return text[1:] if text.startswith("一十") else text


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (value // size)
        value %= size
    return text

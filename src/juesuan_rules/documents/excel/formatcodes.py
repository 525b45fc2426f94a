"""Number format codes: their sections, and the tokens of each section.

A code such as `#,##0.00;[Red]-#,##0.00;"-"` has up to four sections; a cell's value chooses one.
Built-in codes are those of a Chinese Excel: the file holds only their numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import msgspec

_RED_NEGATIVE = "[Red]"
_ACCOUNT = '_ * {0}{1}_ ;_ * {0}\\-{1}_ ;_ * {0}"-"{2}_ ;_ @_ '
_DATE, _MONTH, _DAY = 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', 'm"月"d"日"'
_CLOCK = '上午/下午h"时"mm"分"'

BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: "¥#,##0;¥\\-#,##0", 6: f"¥#,##0;{_RED_NEGATIVE}¥\\-#,##0", 7: "¥#,##0.00;¥\\-#,##0.00", 8: f"¥#,##0.00;{_RED_NEGATIVE}¥\\-#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _MONTH, 28: _DAY, 29: _DAY, 30: "m-d-yy", 31: _DATE, 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: _CLOCK, 35: _CLOCK + 'ss"秒"', 36: _MONTH,
    37: "#,##0;\\-#,##0", 38: f"#,##0;{_RED_NEGATIVE}\\-#,##0", 39: "#,##0.00;\\-#,##0.00", 40: f"#,##0.00;{_RED_NEGATIVE}\\-#,##0.00",
    41: _ACCOUNT.format("", "#,##0", ""), 42: _ACCOUNT.format("¥", "#,##0", ""), 43: _ACCOUNT.format("", "#,##0.00", "??"), 44: _ACCOUNT.format("¥", "#,##0.00", "??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _MONTH, 51: _DAY, 52: _MONTH, 53: _DAY, 54: _DAY, 55: _CLOCK, 56: _CLOCK + 'ss"秒"', 57: _MONTH, 58: _DAY,
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)
    |(?P<escaped>\\.?)
    |(?P<pad>_.?)
    |(?P<fill>\*.?)
    |(?P<bracket>\[[^\]]*\]?)
    |(?P<general>General|G/通用格式|常规)
    |(?P<noon>AM/PM|A/P|上午/下午)
    |(?P<exponent>E[+-])
    |(?P<date>yyyy|yy?|mmmmm|mmmm|mmm|mm?|dddd|ddd|dd?|hh?|ss?|aaaa|aaa|e+)
    |(?P<digit>[0#?])
    |(?P<point>\.)
    |(?P<comma>,)
    |(?P<percent>%)
    |(?P<text>@)
    |(?P<slash>/)
    |(?P<literal>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\-\]]*)")
_LONGEST = 1024
"""Characters of a code that are looked at; a program writes at most 255."""

Token = tuple[str, str]
"""Kind (a group of `_TOKEN`, "elapsed" for [h] and "literal" for all fixed text) and its text."""


class Section(msgspec.Struct, frozen=True):
    """One section of a code: its tokens, and the condition ("<", 100) that chooses it, if written.

    plain: (thousands separated, decimals) of the commonest sections, `#,##0.00` and the like.
    """

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    kinds: frozenset[str] = frozenset()
    plain: tuple[bool, int] | None = None

    def has(self, kind: str) -> bool:
        """Whether a token of this kind stands in the section."""
        return kind in self.kinds

    @property
    def is_date(self) -> bool:
        """Whether the section shows dates or times."""
        return not self.kinds.isdisjoint(_DATE_KINDS)


_DATE_KINDS = frozenset(("date", "elapsed", "noon"))
_PLAIN = re.compile(r"(?:(#,##)|#*)0(?:\.(0+))?")


def _section(tokens: list[Token], condition: tuple[str, Decimal] | None) -> Section:
    kinds = frozenset(kind for kind, _ in tokens)
    simple = _PLAIN.fullmatch("".join([text for _, text in tokens])) if kinds <= {"digit", "comma", "point"} else None
    return Section(tuple(tokens), condition, kinds, (simple[1] is not None, len(simple[2] or "")) if simple else None)


class FormatCode(msgspec.Struct, frozen=True):
    """A code split up: the sections for numbers (1 to 3) and the one for text, if it has one."""

    numbers: tuple[Section, ...]
    text: Section | None = None


GENERAL = FormatCode((_section([("general", "")], None),))


@lru_cache(maxsize=1024)
def parse_code(code: str) -> FormatCode:
    """The sections of a format code; an empty code means General."""
    if not code.strip() or code.lower() == "general":
        return GENERAL
    sections: list[list[Token]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        kind, text = str(match.lastgroup), match.group()
        if kind == "literal" and text == ";":
            sections.append([])
            conditions.append(None)
        elif kind == "bracket":
            conditions[-1] = _condition(text) or conditions[-1]
            sections[-1].extend(_bracket(text))
        elif kind not in ("pad", "fill"):
            sections[-1].append(_plain(kind, text))
    parsed = [_section(tokens, condition) for tokens, condition in zip(sections, conditions, strict=True)]
    text_section = None
    if len(parsed) > 3 or parsed[-1].has("text"):
        text_section = parsed[3] if len(parsed) > 3 else parsed[-1]
        parsed = parsed[:3] if len(parsed) > 3 else parsed[:-1]
    return FormatCode(tuple(parsed) or GENERAL.numbers, text_section)


def _plain(kind: str, text: str) -> Token:
    if kind == "quoted":
        return ("literal", text.strip('"'))
    if kind == "escaped":
        return ("literal", text[1:])
    if kind == "date":
        return ("date", text.lower())
    return (kind, text)


def _bracket(text: str) -> list[Token]:
    if found := _ELAPSED.fullmatch(text):
        return [("elapsed", found[1].lower())]
    if (found := _CURRENCY.match(text)) and found[1]:
        return [("literal", found[1])]
    return []


def _condition(text: str) -> tuple[str, Decimal] | None:
    found = _CONDITION.fullmatch(text)
    if found is None:
        return None
    try:
        return found[1], Decimal(found[2])
    except InvalidOperation:
        return None

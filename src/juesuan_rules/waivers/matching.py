"""Which report and which verdict a waiver is for: by names only, never by a value or a line."""

from __future__ import annotations

import re

from juesuan_rules.findings import Finding
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Identity
from juesuan_rules.waivers.model import WHOLE_RULE, WrittenWaiver

_DIVISION = r"[\u4e00-\u9fff]{1,9}?(?:特别行政区|自治区|自治州|自治县|自治旗|开发区|新区|地区|省|市|州|盟|县|区|旗)"
_DIVISIONS = re.compile(f"(?:{_DIVISION})+$")
_OWN_DIVISION = re.compile(_DIVISION)
_LEAST_NAME = 6
_QUOTES = str.maketrans("", "", "\"'")
_CODED = re.compile(r"(\d{3,7}) (.+)$")
_CELL = re.compile(r"(.*\])\.[^\]]+$")


def is_for_report(waiver: WrittenWaiver, identity: Identity) -> bool:
    """Whether a waiver is for the report of that unit and year."""
    return waiver.year == identity.year and bool(identity.unit_name) and same_unit(waiver.unit, identity.unit_name or "")


def same_unit(one: str, other: str) -> bool:
    """Whether two names are one unit's: alike, or one of them with the divisions above it in front.

    岷阙县就业局 is 四川省岷阙县就业局; 就业局 alone is nobody in particular.
    """
    short, long = sorted((fold(one), fold(other)), key=len)
    if short == long:
        return True
    above = long.removesuffix(short)
    return above != long and len(short) >= _LEAST_NAME and bool(_OWN_DIVISION.match(short)) and bool(_DIVISIONS.match(above))


def is_at(waiver: WrittenWaiver, finding: Finding) -> bool:
    """Whether a verdict of the waiver's rule stands at the place the waiver names."""
    return finding.rule == waiver.rule and (waiver.place == WHOLE_RULE or _plain(waiver.place) in {_plain(name) for name in place_names(finding)})


def place_names(finding: Finding) -> list[str]:
    """Every name of the place a verdict is about, the most telling first: its key (whole, by code, by name), the
    cell most checks point at, the cells it reads, its cause."""
    names = _key_names(finding.key)
    for cell in (finding.suspect, *(operand.name for operand in finding.operands or ())):
        if cell:
            row = _CELL.match(cell)
            names += [cell, row.group(1)] if row else [cell]
    return list(dict.fromkeys([*names, *([finding.cause] if finding.cause else [])]))


def _key_names(key: str) -> list[str]:
    """2010301 行政运行 · 项目支出: whole, without the column, and with code or name alone."""
    if not key:
        return []
    row, dot, column = key.partition(" · ")
    coded = _CODED.match(row)
    rows = [row, *(coded.groups() if coded else ())]
    return [key, *(f"{name}{dot}{column}" for name in rows if dot), *rows]


def _plain(name: str) -> str:
    return fold(name).translate(_QUOTES)

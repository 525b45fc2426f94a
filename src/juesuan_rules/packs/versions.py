"""Versions, version ranges and year ranges, as written in pack files."""

from __future__ import annotations

import re

Years = tuple[int | None, int | None]

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+][0-9A-Za-z.+-]{1,60})?$")
_COMPARATOR = re.compile(r"(>=|<=|==|!=|>|<)?\s*(\d{1,6}(?:\.\d{1,6}){0,2})(?:[-+][0-9A-Za-z.+-]{1,60})?$")
_YEARS = re.compile(r"(\d{4})?(\.\.)?(\d{4})?$")


def is_version(text: str) -> bool:
    """True for a semantic version: 1.0.0, 1.2.3-rc1."""
    return _VERSION.match(text) is not None


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, three of them: "1.2" -> (1, 2, 0). Text after them is ignored."""
    numbers = [int(n) for n in re.findall(r"\d{1,9}", re.split(r"[-+]", version)[0])[:3]]
    return tuple(numbers + [0] * (3 - len(numbers)))


def order(version: str) -> tuple[object, ...]:
    """A key that sorts versions as semantic versioning does: 1.0.0-rc1 before 1.0.0 before 1.0.1."""
    before = version.split("+")[0].partition("-")[2]
    marks = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in before.split(".")) if before else ()
    return parts(version), not before, marks


def is_prerelease(version: str) -> bool:
    """True for 1.0.0-rc1."""
    return "-" in version.split("+")[0]


def range_is_valid(text: str) -> bool:
    """True for comparators separated by commas (>=0.1, <2) or bare prefixes (1, 1.2)."""
    return bool(text.strip()) and all(_COMPARATOR.match(piece.strip()) for piece in text.split(","))


def in_range(version: str, text: str) -> bool:
    """Whether `version` lies in the range. A bare number is a prefix: 1.2 takes every 1.2.x."""
    return all(_satisfies(version, piece.strip()) for piece in text.split(",") if piece.strip())


def _satisfies(version: str, piece: str) -> bool:
    match = _COMPARATOR.match(piece)
    if match is None:
        return False
    operator, bound = match.group(1), match.group(2)
    have, want = parts(version), parts(bound)
    given = bound.count(".") + 1
    if operator in (None, "=="):
        return have[:given] == want[:given]
    if operator == "!=":
        return have[:given] != want[:given]
    return {">=": have >= want, "<=": have <= want, ">": have > want, "<": have < want}[operator]


def read_years(text: str) -> Years | None:
    """A year range: 2023, 2019.., ..2022, 2019..2022; None where it is none of these."""
    match = _YEARS.match(text.strip())
    if match is None or not text.strip():
        return None
    first, dots, last = match.groups()
    if first and not dots and not last:
        return int(first), int(first)
    if not dots or (first and last and int(first) > int(last)) or not (first or last):
        return None
    return (int(first) if first else None), (int(last) if last else None)


def covers(years: Years, year: int | None) -> bool:
    """Whether a year lies in the range; no year given means the newest, so an open end covers it."""
    first, last = years
    if year is None:
        return last is None
    return (first is None or first <= year) and (last is None or year <= last)


def overlap(one: Years, other: Years) -> bool:
    """Whether two ranges share a year."""
    low = max(one[0] or 0, other[0] or 0)
    high = min(one[1] or 9999, other[1] or 9999)
    return low <= high

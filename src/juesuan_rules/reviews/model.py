"""Decisions as a file has them, and the figures they were made on."""

from __future__ import annotations

import re
from fractions import Fraction
from hashlib import blake2b

import msgspec

from juesuan_rules.diagnostics import Span
from juesuan_rules.findings import Decision, DecisionStatus, Finding, Operand
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Identity
from juesuan_rules.reviews.fingerprint import place_text

MOST_VALUES = 40
"""Figures of one finding that are written out; of the others there is a digest."""
OTHERS = "其余的数"
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
_NOTHING = frozenset(("", "-", "—", "――", "——", "--", "/"))


class WrittenDecision(msgspec.Struct, frozen=True):
    """One entry of a decisions file. unit, year, place are for people: the fingerprint is what it goes by."""

    fingerprint: str
    rule: str
    unit: str
    year: int | None
    place: str
    status: DecisionStatus
    by: str
    date: str
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()
    span: Span = Span()

    @property
    def record(self) -> Decision:
        """What stands on the finding."""
        return Decision(self.status, self.by, self.date, self.note, self.values)


def write_down(finding: Finding, identity: Identity, status: DecisionStatus, by: str, date: str, note: str = "") -> WrittenDecision:
    """A decision on a finding, with the figures it is made on."""
    return WrittenDecision(
        finding.fingerprint, finding.rule, identity.unit_name or "", identity.year, place_text(finding), status, by, date, note, seen_values(finding.operands or ())
    )


def seen_values(operands: tuple[Operand, ...]) -> tuple[tuple[str, str], ...]:
    """(name, as printed) of every operand with a figure, in the order of the finding; figures of one name together."""
    seen: dict[str, list[str]] = {}
    for operand in operands:
        seen.setdefault(_one_line(operand.name), []).append(_one_line(operand.raw))
    pairs = [(name, " / ".join(raws)) for name, raws in seen.items() if any(map(_number, raws))]
    if len(pairs) <= MOST_VALUES:
        return tuple(pairs)
    rest = sorted(f"{fold(name)}={_comparable(raw)}" for name, raw in pairs[MOST_VALUES:])
    return (*pairs[:MOST_VALUES], (OTHERS, f"{len(rest)} 个，摘要 {blake2b(chr(10).join(rest).encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"))


def changed_values(then: tuple[tuple[str, str], ...], now: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """What is different, one phrase each: 总表[…].金额 8,208.15 → 8,208.16. The way a figure is printed does not count."""
    before, after = dict(then), dict(now)
    keyed = {fold(name): name for name in (*before, *after)}
    old, new = {fold(k): v for k, v in before.items()}, {fold(k): v for k, v in after.items()}
    found = []
    for key, name in keyed.items():
        if key not in new:
            found.append(f"{name} 原为「{old[key]}」，现在没有数")
        elif key not in old:
            found.append(f"{name} 原来没有数，现为「{new[key]}」")
        elif _comparable(old[key]) != _comparable(new[key]):
            found.append(f"{name} 原为「{old[key]}」，现为「{new[key]}」")
    return tuple(found)


def _comparable(raw: str) -> str:
    """A printed figure so that 1,234.50 and 1234.5 are one, a blank and a dash too."""
    parts = [fold(part) for part in raw.split(" / ")]
    return " / ".join(_number(part) for part in parts)


def _number(text: str) -> str:
    if text in _NOTHING:
        return ""
    bare, percent = (text[:-1], "%") if text.endswith("%") else (text, "")
    return f"{Fraction(bare.replace(',', ''))}{percent}" if len(bare) < 40 and _NUMBER.match(bare) else text


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

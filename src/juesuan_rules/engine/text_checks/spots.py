"""Things found in the text gathered into one verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from juesuan_rules.documents.model import NOWHERE, Place
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import Hit, prose_lack
from juesuan_rules.findings import Operand, Severity

TOLD = 3
"""How many of the like things found are told one by one."""
_WIDTH = 40


class Spot(NamedTuple):
    """One thing found: what to say of it, what is printed, where."""

    said: str
    printed: str
    place: Place = NOWHERE
    name: str = "文中"


def no_text(books: Books) -> list[Structural]:
    """The verdict where a report has no prose to look at, or [] where it has."""
    lack = prose_lack(books)
    return [] if lack is None else [Structural("", "undecided", lack.text, reason=lack.reason, cause=lack.cause)]


def verdict(spots: Sequence[Spot], what: str, good: str, severity: Severity | None = None, key: str = "", hints: tuple[str, ...] = ()) -> list[Structural]:
    """One verdict: a pass, or one failure that tells the first things found and how many there are."""
    if not spots:
        return [Structural(key, "pass", good)]
    told = list(dict.fromkeys(spot.said for spot in spots))
    shown = "；".join(told[:TOLD]) + (f"；共 {len(spots)} 处" if len(spots) > min(len(told), TOLD) else "")
    operands = tuple([Operand(spot.name, None, clip(spot.printed), None, spot.place) for spot in spots[:20]])
    return [Structural(key, "fail", f"{what}：{shown}", operands=operands, severity=severity, hints=hints)]


def around(text: str, start: int, end: int, before: int = 10, after: int = 10) -> str:
    """A piece of a text with a little of what stands before and behind it."""
    first, last = max(0, start - before), min(len(text), end + after)
    return ("…" if first else "") + text[first:last].strip() + ("…" if last < len(text) else "")


def clip(text: str, width: int = _WIDTH) -> str:
    """The beginning of a longer text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def spot_of(hit: Hit, said: str = "") -> Spot:
    """A hit with its surroundings as what is printed."""
    piece = around(hit.passage.text, hit.start, hit.end)
    return Spot(said or f"“{piece}”", piece, hit.passage.place)

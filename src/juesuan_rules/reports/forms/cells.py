"""The printed cells of a form's row, each with what kind of text it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from juesuan_rules.documents.model import NOWHERE, GridCell, Place
from juesuan_rules.names import fold
from juesuan_rules.reports.forms.words import NATURES, SIGNS

NUMBER, PERCENT, FIGURE, FRAGMENT, SIGN, NATURE, DASH, WORDS = "数", "百分数", "带单位的数", "残数", "符号", "性质", "划线", "文字"
"""Kinds of cells: 12 · 95% · ≥90% or 12次 · a piece of a figure · >= or 大于等于 · 正向 · — · anything else."""
FIGURES = frozenset((NUMBER, PERCENT, FIGURE, FRAGMENT))
MISREAD = frozenset((NUMBER, PERCENT, FRAGMENT))
"""Kinds that no name of an indicator is of; 12345平台 is one."""

_TAG = re.compile(r"<[^<>]{0,80}>")
_MARKS = str.maketrans("", "", "*_`")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_ZERO = re.compile(r"[OoＯ](?=[.\d])|(?<=[.\d])[OoＯ]")
_SIGNED = re.compile(r"[<>=≥≤≧≦]{1,2}|大于或?等于|小于或?等于|不[小大低高少多]于|不超过|大于|小于|等于|至少|至多")
_WORN_SIGN = re.compile(r"[大小于等或]{2,7}")
_PUNCTUATION = frozenset(".,:;()[]'\"+*")
_DASHES = frozenset("-/\\－―─_")
_LONGEST_FIGURE = 24
_REMAINDER = 10
"""Characters that may stand behind the number of a figure with a unit."""
_WHEN = re.compile(r"月.{0,2}[前底内末]|年.{0,3}[前底内末]|日.{0,2}[前内]|\d年\d|\d月\d|[:：]")


class Piece(msgspec.Struct, frozen=True):
    """A cell with something in it. text: folded, without markup. at: its column. kind: one of the above.

    parts: how many cells it was put together of. broken: the parts overlap, so the figure is not known.
    """

    text: str
    raw: str
    at: int
    kind: str
    place: Place = NOWHERE
    confidence: float = 1.0
    parts: int = 1
    broken: bool = False


class Split(msgspec.Struct, frozen=True):
    """A figure with what stands around it: ≥90%以上 is ("≥", "90", "%")."""

    sign: str
    number: str
    unit: str


@lru_cache(maxsize=8192)
def cleaned(text: str) -> str:
    """Folded, without tags and emphasis marks."""
    if "<" in text:
        text = _TAG.sub("", text)
    return fold(text.translate(_MARKS) if len(text) > 1 else text)


@lru_cache(maxsize=8192)
def kind_of(text: str) -> str:
    """What kind of text a cleaned cell is."""
    if set(text) <= _DASHES:
        return DASH
    if text in SIGNS or (_WORN_SIGN.fullmatch(text) and "于" in text):
        return SIGN
    if text in NATURES:
        return NATURE
    if not any("0" <= c <= "9" for c in text) or len(text) > _LONGEST_FIGURE:
        return WORDS
    text = _ZERO.sub("0", text)
    found = _NUMBER.match(text)
    if found is not None and found.end() == len(text):
        return NUMBER
    if found is not None and text[found.end() :] in ("%", "‰"):
        return PERCENT
    if figure(text) is not None:
        return FIGURE
    return FRAGMENT if all(c in "0123456789.,()[]OolI|" for c in text) else WORDS


@lru_cache(maxsize=4096)
def figure(text: str) -> Split | None:
    """Sign, number and unit of a cleaned cell that states one figure; None for ranges, dates, sentences."""
    text = _ZERO.sub("0", text)
    sign = _SIGNED.match(text)
    start = sign.end() if sign else 0
    found = _NUMBER.match(text, start)
    if found is None:
        return None
    rest = text[found.end() :]
    if len(rest) > _REMAINDER or any("0" <= c <= "9" for c in rest) or _WHEN.search(text):
        return None
    if rest and rest[0] in _PUNCTUATION:
        return None
    for tail in ("(含)以上", "(含)以下", "及以上", "及以下", "以上", "以下", "以内", "左右"):
        if rest.endswith(tail):
            rest = rest[: -len(tail)]
            if sign is None and tail[-1] in "上下内":
                return Split("≥" if tail[-1] == "上" else "≤", found.group(), rest)
    return Split(sign.group() if sign else "", found.group(), rest)


def pieces_of(row: Sequence[GridCell]) -> list[Piece]:
    """The cells of a row that have something in them; figures cut by a column edge are joined."""
    found: list[Piece] = []
    for at, cell in enumerate(row):
        if not cell.text or cell.text.isspace():
            continue
        text = cleaned(cell.label)
        if not text:
            continue
        piece = Piece(text, cell.text.strip(), at, kind_of(text), cell.place, cell.confidence)
        joined = _joined(found[-1], piece) if found and piece.kind in FIGURES else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(piece)
    return found


def _joined(before: Piece, piece: Piece) -> Piece | None:
    """One figure of two neighbouring cells, where the second can be nothing but the rest of the first."""
    if before.kind not in (NUMBER, FRAGMENT) or piece.at != before.at + before.parts:
        return None
    cut_before = piece.text.startswith(".") and piece.text[1:].isdigit() and before.text.replace(",", "").isdigit()
    cut_after = before.text.endswith(".") and before.text[:-1].isdigit() and piece.text.isdigit()
    return merge(before, piece, broken=False) if cut_before or cut_after else None


def merge(first: Piece, second: Piece, broken: bool) -> Piece:
    """Two cells as one; `broken`: what the figure is cannot be told."""
    text = first.text + second.text
    kind = FRAGMENT if broken else kind_of(text)
    confidence = min(first.confidence, second.confidence)
    return Piece(text, f"{first.raw} {second.raw}" if broken else first.raw + second.raw, first.at, kind, first.place, confidence, first.parts + second.parts, broken)


def overlap(first: Piece, second: Piece) -> bool:
    """Whether two neighbouring cells look like one figure of which some digits were read twice (791 | 1.16)."""
    digits, point, _ = second.text.partition(".")
    if second.at != first.at + first.parts or not point or not first.text.isdigit() or not digits.isdigit():
        return False
    return first.text.endswith(digits)

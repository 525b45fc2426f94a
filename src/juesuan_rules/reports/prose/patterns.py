"""Sentence patterns of facts: what a subject and its figure cannot say.

A pattern is the text as printed with slots in it: {金额} {百分比} {整数} take the figure, {科目} and
{文字} any short stretch without punctuation. Full and half width are the same. A linear-time engine
runs them, and only on sentences that hold their longest fixed part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from juesuan_rules.catalogue.model import FactSpec
from juesuan_rules.reports.model import Sentence

SLOTS = {
    "金额": r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)(?:亿元|万元|千元|百元|元)",
    "百分比": r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)%",
    "整数": r"([0-9][0-9,]*)",
    "科目": r"[^,;。:]{1,40}?",
    "文字": r"[^,;。]{0,40}?",
}
_HALF: dict[int, int | str] = {**{full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}, 0x3000: " ", **dict.fromkeys(map(ord, "“”「」『』"), '"')}
_SLOT = re.compile(r"\{([^{}]{1,6})\}")


class Compiled(msgspec.Struct, frozen=True):
    """A pattern taken apart. fixed: its longest fixed part, which every match holds."""

    fact: FactSpec
    fixed: str
    expression: str


def flatten(text: str) -> str:
    """The text in half width, letter by letter, so that positions stay."""
    return text.translate(_HALF)


@lru_cache(maxsize=8)
def compile_patterns(facts: tuple[FactSpec, ...]) -> tuple[Compiled, ...]:
    """Every pattern of every fact; one with an unknown slot or without a figure's slot is left out."""
    return tuple([compiled for fact in facts for pattern in fact.patterns if (compiled := _compile(fact, pattern)) is not None])


def find_patterns(facts: Sequence[FactSpec], sentences: Sequence[Sentence]) -> Iterator[tuple[FactSpec, tuple[int, int]]]:
    """(fact, position of its figure) for every pattern that a sentence fits."""
    compiled = compile_patterns(tuple([fact for fact in facts if fact.patterns]))
    if not compiled:
        return
    for number, sentence in enumerate(sentences):
        if not sentence.figures:
            continue
        text = flatten(sentence.text)
        for pattern in compiled:
            if pattern.fixed in text:
                for found in _searcher(pattern.expression)(text):
                    at = next((n for n, figure in enumerate(sentence.figures) if figure.start <= found.start(1) < figure.end), None)
                    if at is not None:
                        yield pattern.fact, (number, at)


@lru_cache(maxsize=64)
def _searcher(expression: str) -> Callable[[str], Iterator[Any]]:
    import re2

    search: Callable[[str], Iterator[Any]] = re2.compile(expression).finditer
    return search


def _compile(fact: FactSpec, pattern: str) -> Compiled | None:
    pieces = _SLOT.split(flatten(pattern).replace(" ", ""))
    slots = pieces[1::2]
    if any(slot not in SLOTS for slot in slots) or sum(slot in ("金额", "百分比", "整数") for slot in slots) != 1:
        return None
    fixed = pieces[::2]
    text = "".join([re.escape(piece) if n % 2 == 0 else SLOTS[piece] for n, piece in enumerate(pieces)])
    return Compiled(fact, max(fixed, key=len), text)

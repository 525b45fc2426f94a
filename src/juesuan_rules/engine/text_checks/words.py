"""Dictionaries of packs: words to look for, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan_rules.engine.books import Books


def entries(books: Books, arguments: tuple[str, ...], name: str) -> tuple[tuple[str, str], ...]:
    """The (word, meaning) pairs of the dictionary a rule names, or of the usual one; () where there is none."""
    found = books.report.layout.dictionary(arguments[0] if arguments else name)
    return found.entries if found is not None else ()


def alternatives(meaning: str) -> list[str]:
    """The words of a meaning, parted by “|”."""
    return [word.strip() for word in meaning.replace("｜", "|").split("|") if word.strip()]


def any_of(words: Iterator[str] | list[str]) -> re.Pattern[str] | None:
    """A pattern for any of the words, the longest first; None for no word."""
    known = sorted({word for word in words if word}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None

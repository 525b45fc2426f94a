"""The text of a report laid out for searching."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from juesuan_rules.documents.model import GridBlock, Place
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.lacks import NO_PROSE, UNREAD, Lack, unread_text
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.reports.model import Report, Sentence

BODY, HEADING, CONTENTS, GLOSSARY, COVER, AROUND, NOTE, CELL = "正文", "标题", "目录", "名词解释", "封面", "表外", "附注", "单元格"
"""Roles of passages: those of sentences, and the cells of tables that are no standard table."""


class Passage(NamedTuple):
    """A sentence or a cell. at: the sentence's position in the prose, -1 for a cell."""

    text: str
    place: Place
    role: str
    at: int


class Hit(NamedTuple):
    """Where a pattern was found. start, end: in the text of the passage."""

    passage: Passage
    found: re.Match[str]
    start: int
    end: int


class Pages:
    """All passages of a kind as one string, so that a pattern is run once, not once a sentence."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self.joined = "\n".join(p.text.replace("\n", " ") for p in passages)
        self._starts: list[int] = []
        at = 0
        for passage in passages:
            self._starts.append(at)
            at += len(passage.text) + 1

    def search(self, pattern: Pattern | re.Pattern[str], roles: Collection[str] = ()) -> Iterator[Hit]:
        """Everything the pattern finds in passages of these roles (all, where none is named).

        A pattern must not match a line break: passages are parted by it.
        """
        for found in pattern.finditer(self.joined):
            at = bisect_right(self._starts, found.start()) - 1
            passage = self.passages[at]
            if not roles or passage.role in roles:
                first = found.start() - self._starts[at]
                yield Hit(passage, found, first, first + found.end() - found.start())

    def holds(self, words: Iterable[str]) -> bool:
        """Whether one of the words stands anywhere."""
        return any(word in self.joined for word in words)


def prose_pages(books: Books) -> Pages:
    """The sentences of every role, mended."""
    return _kept(books, "text", lambda report: [Passage(s.text, s.place, s.role, n) for n, s in enumerate(report.prose.sentences)])


def printed_pages(books: Books) -> Pages:
    """The sentences of every role as printed."""
    return _kept(books, "raw", lambda report: [Passage(s.raw, s.place, s.role, n) for n, s in enumerate(report.prose.sentences)])


def cell_pages(books: Books) -> Pages:
    """Cells with text of the tables that are no standard table (forms, lists of units)."""
    return _kept(books, "cells", lambda report: list(_cells(report.other_tables)))


def _cells(grids: Iterable[GridBlock]) -> Iterator[Passage]:
    for grid in grids:
        for row in grid.rows:
            for cell in row:
                if cell.text.strip():
                    yield Passage(cell.text, cell.place, CELL, -1)


def _kept(books: Books, name: str, make: object) -> Pages:
    found = books.kept.get(name)
    if not isinstance(found, Pages):
        assert callable(make)
        found = books.kept[name] = Pages(make(books.report))
    return found


def sentences(report: Report, *roles: str) -> Iterator[Sentence]:
    """The sentences of these roles."""
    return (s for s in report.prose.sentences if s.role in roles)


def prose_lack(books: Books) -> Lack | None:
    """Why there is no prose to look at, or None where there is."""
    report = books.report
    if any(s.role in (BODY, GLOSSARY) for s in report.prose.sentences):
        return None
    if report.unread:
        return Lack("无法识别", unread_text(report), cause=UNREAD)
    return Lack(NO_PROSE, "报告里没有决算情况说明的文字", cause=NO_PROSE)

"""What a handbook says, before it is Markdown or HTML: plain texts, nothing escaped yet."""

from __future__ import annotations

import msgspec


class Example(msgspec.Struct, frozen=True):
    """One case of a rule. given: what the report prints, as lines; expects: what its findings must say."""

    name: str
    outcome: str
    given: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """What one pack did to a rule: head, and lines below it."""

    head: str
    lines: tuple[str, ...] = ()


class RuleEntry(msgspec.Struct, frozen=True):
    """One rule. checks: (title or "", formula, severity or ""). facts: (name, text) pairs as 级别, 适用.
    meaning, reads, exact: lines in words. basis: (text, whether it was verified). page: its own page, as text."""

    id: str
    title: str
    checks: tuple[tuple[str, str, str], ...]
    when: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    meaning: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    basis: tuple[tuple[str, bool], ...] = ()
    note: str = ""
    examples: tuple[Example, ...] = ()
    changes: tuple[Change, ...] = ()
    page: str = ""


class Family(msgspec.Struct, frozen=True):
    """Rules whose ids begin alike."""

    letters: str
    title: str
    rules: tuple[RuleEntry, ...]


class Grid(msgspec.Struct, frozen=True):
    """A table of the handbook: a title, lines above it, headers, rows of cells."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A chapter that is nothing but tables."""

    title: str
    about: str
    grids: tuple[Grid, ...]


class Handbook(msgspec.Struct, frozen=True):
    """The whole book. summary: (name, text) pairs of the title page."""

    title: str
    summary: tuple[tuple[str, str], ...]
    families: tuple[Family, ...]
    sections: tuple[Section, ...]

"""The outline of a report (第一部分, 一、, （一）, 1.) and which standard tables its text mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Section

_NUMERAL = "[一二三四五六七八九十百]{1,4}"
_MARKS = (
    (1, re.compile(rf"第{_NUMERAL}(?:部分|章|篇)")),
    (2, re.compile(rf"{_NUMERAL}\s*[、.．]")),
    (3, re.compile(rf"[(（]\s*{_NUMERAL}\s*[)）]")),
    (4, re.compile(r"\d{1,2}\s*[、.．](?!\d)|[(（]\s*\d{1,2}\s*[)）]")),
)
_BULLET = re.compile(r"^(?:[-*•]\s+|#{1,6}\s*)")
_LEADER = re.compile(r"\s*(?:[.…·．_]{2,}[.…·．_\s]*|\s|(?=[-—]\s*\d))[-—]?\s*\d{1,3}\s*[-—]?\s*$|\s*[.…·．_]{2,}[.…·．_\s]*$")
_CONTENTS = re.compile(r"目\s*[录錄次]")
_NOT_A_HEADING = re.compile(r"[。；;！!？?，,]|[:：](?:$|.{12})|\d\s?万元")
_LONGEST_HEADING = 60
_LONG_PROSE = 80


def read_outline(document: Document) -> tuple[Section, ...]:
    """The headings in reading order; those of the table of contents are marked `toc`.

    Levels: 1 第一部分, 2 一、, 3 （一）, 4 1. or （1）. A numbered sentence is no heading.
    """
    sections: list[Section] = []
    contents = _Contents()
    for block in document.blocks:
        if isinstance(block, GridBlock):
            contents.end()
            continue
        text = _BULLET.sub("", block.text)
        if _CONTENTS.fullmatch(text):
            contents.begin()
            continue
        if len(text) > _LONGEST_HEADING * 2:
            contents.end()
            continue
        bare = _LEADER.sub("", text)
        level, mark = _level(bare)
        if not level or len(bare) > _LONGEST_HEADING or _NOT_A_HEADING.search(bare):
            if len(text) > _LONG_PROSE:
                contents.end()
            continue
        title = re.sub(r"\s+", " ", bare).strip()
        dotted = bare != text and bool(re.search(r"[.…·．_]{2}", text))
        sections.append(Section(title, level, block.place, contents.holds(level, fold(mark)) or dotted))
    return tuple(sections)


def _level(text: str) -> tuple[int, str]:
    """The level of a heading and its mark; (0, "") for a line without one."""
    for level, pattern in _MARKS:
        if found := pattern.match(text):
            return level, found.group()
    return 0, ""


class _Contents:
    """Where the table of contents ends: at a table, at prose, or where its first mark comes again."""

    def __init__(self) -> None:
        self._open = False
        self._top = 0
        self._marks: set[str] = set()

    def begin(self) -> None:
        """A line 目录 was met."""
        self._open, self._top, self._marks = True, 0, set()

    def end(self) -> None:
        """Something that no table of contents contains was met, after at least one entry."""
        if self._marks:
            self._open = False

    def holds(self, level: int, mark: str) -> bool:
        """Whether the heading met now still belongs to the table of contents."""
        if not self._open:
            return False
        self._top = self._top or level
        if level <= self._top:
            if mark in self._marks:
                self._open = False
                return False
            self._top = level
            self._marks.add(mark)
        return True


def mentioned_tables(document: Document, layout: Layout) -> tuple[str, ...]:
    """Canonical ids of the layout's tables whose title stands in the text, contents included.

    Where one title ends like another (支出决算表 in …财政拨款支出决算表) only the longer is meant.
    """
    titles = {fold(title): spec.id for spec in layout.tables for title in (spec.id, *spec.titles)}
    if not titles:
        return ()
    pattern = re.compile("|".join(re.escape(title) for title in sorted(titles, key=len, reverse=True)))
    wanted = {spec.id for spec in layout.tables}
    found: set[str] = set()
    for text in _table_lines(document):
        for match in pattern.finditer(text):
            if match.start() == 0 or _may_precede(text[: match.start()]):
                found.add(titles[match.group()])
        if found == wanted:
            break
    return tuple(spec.id for spec in layout.tables if spec.id in found)


_BEFORE = re.compile(
    r"(?:[^\u4e00-\u9fffA-Za-z]|[见和及与在为以的按据由从即看列]|年度?|部门|单位|[局厅部委办院会室处所站校])$"
)


def _may_precede(before: str) -> bool:
    """Whether a title can begin here: not in the middle of a longer title no layout knows."""
    return bool(_BEFORE.search(before))


def _table_lines(document: Document) -> Iterator[str]:
    lines: Iterable[str] = (block.text for block in document.blocks if isinstance(block, TextBlock))
    return (fold(line) for line in lines if "表" in line)

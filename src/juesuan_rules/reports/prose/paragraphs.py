"""Paragraphs: what line ends and page breaks have torn put together again, under their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from juesuan_rules.documents.model import Document, Place
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Identity, Section
from juesuan_rules.reports.prose.headings import ITEM, SECTION, ends_like_title, is_run_in, is_unmarked_heading
from juesuan_rules.reports.prose.lines import GRID, OUTSIDE, PROSE, Line
from juesuan_rules.reports.prose.roles import read_lines

HEADING = "标题"

_KEPT = 400
_FULL_LINE = 20
"""A line shorter than this without a stop is an item or a title, not a torn sentence."""
_ENDS = "。；：！？!?;:…"
_CLOSERS = "”’）】》」』)"
_OPEN_ENDS = "，、（(“‘《及和与或的为"
_REASON = re.compile(r"(?:原因|差异|变动|理由|[用方]于)(?:主要)?[是为]?：$")
_NAMES_FOLLOW = re.compile(r"(?:单位|机构|部门|[科股处]室)[^。，\d]{0,14}：$")
_OPEN_BRACKET = re.compile(r"（[类款项境护]）$")
_CONTINUES = re.compile(r"[，。；、）”%）》〕]|[（](?:[类款项境护室]|含|不含)")
_UNITS = re.compile("年|月|日|[万亿]?元|%|个|人|辆|台|批|分")
_SEVERAL_CLAUSES = re.compile("[，。；].")
_REST_OF_PATH = re.compile(r"[^，。；：（]{1,30}”?（[款项]）")
_MIDDLE_OF_PATH = re.compile(r"[”]?（[类款项]）")
_IN_PATH = re.compile(r"（[类款]）[^（）。，；：]{0,30}$")
_SENTENCE = re.compile(r"\d[\d,.]{0,16}(?:万元|元|%)|[，。；]")
_WITHOUT_SUBJECT = re.compile(r"[与比较](?:上年|去年|20\d\d年)|决算数|完成(?:年初|全年|调整)?预算|年初预算[为数]|支出决算|占|涉及")
_ENOUGH_LINES = 12
"""So many broken lines tell how wide a text is set."""
_RAGGED = 5
"""Columns by which lines of one width differ, as no number is broken."""
_TORN_HEADING = 24
_REST_OF_SENTENCE = 60
_TAIL_OF_TITLE = re.compile(r"(?:[^，。；：]{0,6})(?:说明|情况|概况|[总明]?细?表|解释|明|报告)")


class Paragraph(msgspec.Struct):
    """Lines that belong together: as printed, where each begins; level and role as of its first line.

    text: its end, in one spelling; whole while it is short. full: its last line is as long as the text is wide. named: it is an item of a list of names (纳入决算编制范围的单位包括：1. …), whole without a stop.
    """

    lines: list[tuple[str, Place]]
    text: str
    level: int = 0
    role: str = PROSE
    named: bool = False
    full: bool = False

    def add(self, line: Line, full: bool) -> None:
        """Appends the line that continues it."""
        self.lines.append((line.raw, line.place))
        if self.level >= SECTION:
            self.role = PROSE
        self.text = (self.text + line.text)[-_KEPT:]
        self.full = full


def read_paragraphs(document: Document, sections: Sequence[Section], identity: Identity) -> list[Paragraph]:
    """The paragraphs of a document in reading order, tables left out."""
    entries = {fold(section.title) for section in sections if section.toc}
    lines = read_lines(document, sections, identity)
    return list(_joined(lines, entries))


def _joined(lines: list[Line], entries: set[str]) -> Iterable[Paragraph]:
    current: Paragraph | None = None
    skipped: list[Paragraph] = []
    listing = naming = False
    siblings = [False] * 7
    width = _set_width(lines)
    for line in lines:
        if line.role != PROSE:
            paragraph = Paragraph([(line.raw, line.place)], line.text, line.level, line.role)
            if line.role == OUTSIDE and current is not None:
                skipped.append(paragraph)
                continue
            yield from _flush(current, skipped)
            current, skipped = None, []
            if line.role != GRID:
                yield paragraph
            continue
        if current is not None and _goes_on(current, line, listing, entries):
            current.add(line, width > 0 and abs(_columns(line.text) - width) <= _RAGGED)
            continue
        yield from _flush(current, skipped)
        skipped = []
        if current is not None:
            listing = current.text.endswith("：") or (listing and current.text.endswith("；"))
            naming = bool(_NAMES_FOLLOW.search(current.text)) or (naming and current.level >= ITEM and current.role == PROSE)
        named = naming and line.level >= ITEM and line.heading
        current = Paragraph([(line.raw, line.place)], line.text, line.level, named=named, full=width > 0 and abs(_columns(line.text) - width) <= _RAGGED)
        if (not named and _is_title(line, siblings)) or (not line.level and is_unmarked_heading(line.text)):
            current.role = HEADING
    yield from _flush(current, skipped)


def _set_width(lines: list[Line]) -> int:
    """How many columns wide the text is set where its lines are broken by length; 0 where they are not."""
    broken = [_columns(line.text) for line in lines if line.role == PROSE and line.text[-1] not in _ENDS and len(line.text) >= _FULL_LINE]
    if len(broken) < _ENOUGH_LINES:
        return 0
    width = sorted(broken)[len(broken) * 3 // 4]
    return width if sum(abs(one - width) <= _RAGGED for one in broken) * 2 >= len(broken) else 0


def _columns(text: str) -> int:
    """The width of a line: Chinese characters take two columns."""
    return sum([1 if char.isascii() else 2 for char in text])


def _is_title(line: Line, siblings: list[bool]) -> bool:
    """Whether a line with a mark is a heading. A long line is none where one before it in the same
    numbering is a sentence; `siblings` keeps that, by level."""
    if not line.level:
        return False
    sentence = line.text.endswith("。") or len(line.rest) >= _FULL_LINE
    title = line.heading and not (sentence and siblings[line.level])
    siblings[line.level] = siblings[line.level] or not (title or is_run_in(line.level, line.rest.partition("。")[0] + "。"))
    siblings[line.level + 1 :] = [False] * (len(siblings) - line.level - 1)
    return title


def _flush(current: Paragraph | None, skipped: list[Paragraph]) -> Iterable[Paragraph]:
    return (*(() if current is None else (current,)), *skipped)


def _goes_on(current: Paragraph, line: Line, listing: bool, entries: set[str]) -> bool:
    """Whether the line continues the paragraph above it."""
    if current.role == HEADING:
        return _ends_title(current, line, entries) if current.level < SECTION else _was_no_heading(current, line)
    if line.level or current.named or (not current.level and len(current.text) < _FULL_LINE and is_unmarked_heading(line.text)):
        return False
    text = current.text
    last = text.rpartition("。")[2]
    if len(text) >= _FULL_LINE and last.count("（") > last.count("）"):
        return True
    if _CONTINUES.match(line.text) or (current.full and text[-1] != "；"):
        return text[-1] not in "。：！？" or (current.full and bool(_WITHOUT_SUBJECT.match(line.text)) and text[-1] == "。")
    if text[-1].isdigit() and _UNITS.match(line.text):
        return True
    if _is_torn(text):
        return not is_unmarked_heading(line.text) or text[-1] in _OPEN_ENDS
    if text.endswith("；"):
        return not listing and len(text) >= _FULL_LINE
    return bool(text.endswith("：") and _REASON.search(text))


def _is_torn(text: str) -> bool:
    """Whether a paragraph ends in the middle of a sentence."""
    if text[-1] in _OPEN_ENDS:
        return True
    if len(text) < _FULL_LINE and not _SEVERAL_CLAUSES.search(text):
        return False
    return bool(_OPEN_BRACKET.search(text)) if text[-1] == "）" else text.rstrip(_CLOSERS)[-1:] not in _ENDS


def _was_no_heading(current: Paragraph, line: Line) -> bool:
    """A numbered sentence torn so early that it looked like a heading."""
    if not line.level and (_MIDDLE_OF_PATH.match(line.text) or (_IN_PATH.search(current.text) and _REST_OF_PATH.match(line.text))):
        return True
    if not line.level and current.text[-1] in _OPEN_ENDS:
        return True
    if not line.level and current.full and not ends_like_title(current.text) and _SENTENCE.search(line.text):
        return True
    if line.level or line.text[-1] not in _ENDS:
        return False
    if current.text.endswith(("（类）", "（款）")):
        return bool(_REST_OF_PATH.match(line.text))
    return len(current.text) >= _TORN_HEADING and len(line.text) <= _REST_OF_SENTENCE and current.text[-1] not in "。）" and not ends_like_title(current.text)


def _ends_title(current: Paragraph, line: Line, entries: set[str]) -> bool:
    """A title over two lines: together they stand in the contents, or the second is only its tail."""
    if line.level or len(line.text) > 40 or line.text[-1] in _ENDS:
        return False
    if fold(current.text) in entries:
        return False
    return fold(current.text + line.text) in entries or bool(_TAIL_OF_TITLE.fullmatch(line.text) and len(line.text) <= 8)

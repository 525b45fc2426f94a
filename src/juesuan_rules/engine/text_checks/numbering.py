"""序号连续(): marks of headings, list items and terms without gap or repeat.

Only what is certain is told: lists may begin again at one, and where marks of one kind go on after
marks of another, the number may follow either.
"""

from __future__ import annotations

import msgspec

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.structure_rows import chinese_number
from juesuan_rules.engine.text_checks.pages import BODY, CONTENTS, GLOSSARY, HEADING
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, clip, no_text, verdict
from juesuan_rules.findings import Severity
from juesuan_rules.reports.model import Sentence

_MARKS: tuple[tuple[int, Pattern], ...] = (
    (1, Pattern(r"第([一二三四五六七八九十\d]+)部分")),
    (2, Pattern(r"([一二三四五六七八九十]+)、")),
    (3, Pattern(r"（([一二三四五六七八九十]+)）")),
    (4, Pattern(r"(\d{1,2})\.")),
    (5, Pattern(r"（(\d{1,2})）")),
)
_OUTER = 3
"""Marks up to this level are those of sections."""
_MESS = 3
"""A run with more breaks than this is no numbering: it was set by hand or read badly."""


class _Run(msgspec.Struct):
    """Marks of one kind in a row, from one beginning to the next."""

    level: int
    last: int
    sentence: Sentence
    length: int = 1
    breaks: list[tuple[Sentence, str]] = msgspec.field(default_factory=list)


def numbers_follow(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: gaps and repeats in the numbering of sections, items and terms."""
    lack = no_text(books)
    if lack:
        return lack
    runs = _runs([s for s in books.report.prose.sentences if s.role in (BODY, HEADING, GLOSSARY)])
    runs += _runs([s for s in books.report.prose.sentences if s.role == CONTENTS])
    wrong = [(_loud(run, sentence), _spot(sentence, said)) for run in runs if len(run.breaks) <= _MESS and run.length > 2 for sentence, said in run.breaks]
    if not any(run.length > 2 for run in runs):
        return [Structural("", "not_applicable", "文中没有成串的序号", reason="全空")]
    severity: Severity | None = None if any(loud for loud, _ in wrong) else "info"
    return verdict([spot for _, spot in wrong], "序号不连续", "序号连续", severity)


def _loud(run: _Run, sentence: Sentence) -> bool:
    """Whether a gap is one of sections: tables that are not there are 表齐全's to tell."""
    return run.level < _OUTER and not sentence.text.rstrip("。").endswith("表")


def _spot(sentence: Sentence, said: str) -> Spot:
    return Spot(said, clip(sentence.marker + sentence.text), sentence.place, "序号")


def _read(marker: str) -> tuple[int, int]:
    """(level, number) of a mark; (0, 0) for none."""
    for level, pattern in _MARKS:
        if found := pattern.match(marker):
            text = found.group(1)
            return level, int(text) if text.isdigit() else chinese_number(text)
    return 0, 0


def _runs(sentences: list[Sentence]) -> list[_Run]:
    open_: dict[int, _Run] = {}
    closed: set[int] = set()
    done: list[_Run] = []
    for sentence in sentences:
        level, number = _read(sentence.marker)
        if not level or not number:
            continue
        run = open_.get(level)
        inner = level in closed
        for deeper in range(level + 1, len(_MARKS) + 1):
            closed.add(deeper)
        closed.discard(level)
        if run is None or number == 1:
            open_[level] = _Run(level, number, sentence)
            done.append(open_[level])
        elif inner and number != run.last + 1:
            # Below another heading: a list of its own that does not begin with one, or a torn one.
            open_[level] = _Run(level, number, sentence)
            done.append(open_[level])
        else:
            if number != run.last + 1:
                run.breaks.append((sentence, _break(run, sentence, number)))
            run.last, run.sentence, run.length = number, sentence, run.length + 1
    return done


def _break(run: _Run, sentence: Sentence, number: int) -> str:
    before, now = run.sentence.marker, sentence.marker
    if number == run.last:
        return f"“{now}”用了两次（“{clip(run.sentence.text, 16)}”“{clip(sentence.text, 16)}”）"
    return f"“{before}”之后是“{now}”（“{clip(sentence.text, 16)}”）"

"""Sentences of a report: whole, mended, under their headings, with their figures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from juesuan_rules.documents.model import Document, Place
from juesuan_rules.reports.model import Identity, Section, Sentence
from juesuan_rules.reports.prose.figures import MISSING_UNIT, find_figures
from juesuan_rules.reports.prose.headings import PART, cut_mark, is_run_in, unmarked_level
from juesuan_rules.reports.prose.lines import CONTENTS, COVER, PROSE
from juesuan_rules.reports.prose.paragraphs import HEADING, Paragraph, read_paragraphs
from juesuan_rules.reports.prose.repairs import TORN, Spot, mend, tidy

GLOSSARY = "名词解释"
"""Role of the sentences that explain terms."""

_TERMS = re.compile("名词|术语")
_CUT = re.compile(
    r"(?P<open>[（(])|(?P<close>[）)])|(?P<quote>[\"＂])"
    r"|(?P<stop>(?:[。！？]|[!?](?=\s|$|[^\x00-\x7f]))+[”’）)】》」』]*)"
    r"|(?P<list>[：:；;](?=\s{0,4}(?:[*_]{0,3})(?:\d{1,2}\s?(?:、(?!\d)|[.．](?!\d))|[（(]\d{1,2}[）)]|[①-⑳⑴-⒇⒈-⒛])))"
)
_BRACKET_REACH = 80
"""A stop inside brackets ends no sentence where the bracket closes within so many characters."""
_LATIN = re.compile(r"[A-Za-z]\n[A-Za-z]")


def read_sentences(document: Document, sections: tuple[Section, ...], identity: Identity) -> tuple[Sentence, ...]:
    """Every sentence of the running text in reading order, headings and lines around tables included.

    A sentence ends at 。！？ and, where a numbered list follows or goes on, at ： and ；; otherwise ；
    stays inside it. The raw texts of all sentences together are the text of the document's lines.
    """
    found: list[Sentence] = []
    above: list[tuple[int, str]] = []
    for number, paragraph in enumerate(read_paragraphs(document, sections, identity)):
        found += _sentences(paragraph, number, above)
    return tuple(found)


def _sentences(paragraph: Paragraph, number: int, above: list[tuple[int, str]]) -> Iterator[Sentence]:
    pieces = list(_pieces(paragraph))
    for n, (raw, place) in enumerate(pieces):
        sentence, level = _sentence(raw, place, paragraph, number)
        first = n == 0 or _counts_on(above, level, sentence.marker)
        if sentence.role == PROSE and first and n < len(pieces) - 1 and is_run_in(level, sentence.text) and not sentence.figures:
            sentence = _as_heading(sentence)
        if first and level and sentence.role == PROSE:
            _close(above, level)
        if sentence.role == HEADING:
            _enter(above, level or unmarked_level(sentence.text), (sentence.marker + sentence.text).removesuffix("。"))
            titles = above[:-1]
        else:
            titles = above if sentence.role not in (COVER, CONTENTS) else []
        role = GLOSSARY if sentence.role == PROSE and any(_TERMS.search(title) for _, title in titles) else sentence.role
        yield Sentence(
            sentence.text, sentence.raw, sentence.place, tuple([title for _, title in titles]), number, sentence.figures,
            sentence.repaired, role, sentence.marker,
        )  # fmt: skip


def _counts_on(above: list[tuple[int, str]], level: int, marker: str) -> bool:
    """Whether the mark is the next after that of the innermost heading (2. within the text of 1.)."""
    if not above or above[-1][0] != level:
        return False
    last, this = re.match(r"\d+", above[-1][1].strip("（")), re.match(r"\d+", marker.strip("（"))
    return last is not None and this is not None and int(this.group()) == int(last.group()) + 1


def _as_heading(sentence: Sentence) -> Sentence:
    return Sentence(sentence.text, sentence.raw, sentence.place, (), sentence.paragraph, (), sentence.repaired, HEADING, sentence.marker)


def _enter(above: list[tuple[int, str]], level: int, title: str) -> None:
    _close(above, level)
    above.append((level, title))


def _close(above: list[tuple[int, str]], level: int) -> None:
    """Closes the headings of this level and below: their text is over."""
    while above and above[-1][0] >= level:
        above.pop()


def _sentence(raw: str, place: Place, paragraph: Paragraph, number: int) -> tuple[Sentence, int]:
    """One sentence out of its printed text, and the level of its mark."""
    if paragraph.role not in (PROSE, HEADING):
        plain = tidy(raw)
        _, marker, text = cut_mark(plain) if paragraph.role == CONTENTS else (0, "", plain)
        return Sentence(text, _one_line(raw), place, paragraph=number, role=paragraph.role, marker=marker), 0
    mended = mend(raw)
    level, marker, text = cut_mark(mended.text)
    cut = len(mended.text) - len(text)
    spots = tuple([Spot(spot.start - cut, spot.end - cut, spot.printed) for spot in mended.spots if spot.start >= cut])
    figures = find_figures(text, place, spots) if level != PART else ()
    notes = mended.notes if paragraph.role == PROSE else ()
    if "\n" in raw:
        notes = (TORN, *notes)
    if any(figure.amount.repaired == MISSING_UNIT for figure in figures):
        notes = (*notes, MISSING_UNIT)
    return Sentence(text, _one_line(raw), place, (), number, figures, notes, paragraph.role, marker), level


def _pieces(paragraph: Paragraph) -> Iterable[tuple[str, Place]]:
    """The printed text of each sentence and the place where it begins."""
    raw = "\n".join([line for line, _ in paragraph.lines])
    places = [place for _, place in paragraph.lines]
    starts = [0, *accumulate([len(line) + 1 for line, _ in paragraph.lines])]
    begin = 0
    for end in (*(_ends(raw) if paragraph.role == PROSE else ()), len(raw)):
        if end > begin and raw[begin:end].strip():
            first = begin + len(raw[begin:end]) - len(raw[begin:end].lstrip())
            yield raw[begin:end], places[bisect_right(starts, first) - 1]
            begin = end


def _ends(raw: str) -> Iterator[int]:
    """Where sentences end, but for the last."""
    depth = quotes = 0
    for found in _CUT.finditer(raw):
        kind = found.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "quote":
            quotes += 1
        elif kind == "list":
            if not depth:
                yield found.end()
        elif not depth or found.group()[-1] in "）)" or not _closes_soon(raw, found.end()):
            depth = 0
            end = found.end()
            if quotes % 2 and raw[end : end + 1] in ('"', "＂"):
                end += 1 + len(raw[end + 1 : end + 4]) - len(raw[end + 1 : end + 4].lstrip("。！？；"))
            yield end


def _closes_soon(raw: str, at: int) -> bool:
    near = raw[at : at + _BRACKET_REACH]
    closing = min((near.find(c) for c in "）)" if c in near), default=-1)
    opening = min((near.find(c) for c in "（(" if c in near), default=len(near))
    return 0 <= closing < opening


def _one_line(raw: str) -> str:
    """The printed text with its lines joined."""
    if "\n" not in raw:
        return raw.strip()
    return _LATIN.sub(lambda found: found.group().replace("\n", " "), raw).replace("\n", "").strip()

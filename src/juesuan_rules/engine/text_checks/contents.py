"""目录一致(): the entries of the table of contents against the headings of the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from juesuan_rules.documents.model import Place
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import AROUND, BODY, CONTENTS, HEADING
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, verdict
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Report, Sentence

_TAIL = Pattern(r"[\s.…·．_-]*\d{0,3}[\s.…·．_-]*$")
_UNSAID = Pattern(r"20\d\d年?度?|[（(][^）)]{0,12}[）)]|部门|单位|本级|决算|情况|说明|公开|主要|有关|相关|的|及|和|与|[\"“”,，.。:：、]")
"""What headings may add to or leave out of the entry without anybody being misled."""
_ENCLOSED = Pattern(r"附[件表录]|^表\d|绩效(?:自评|评价|目标)|自评")
_TABLE = Pattern(r"表(?:[(（\[].{0,16}[)）\]])?$")
_ALIKE = 0.75
_FEWEST = 3
_MOST_ENTRIES, _MOST_TITLES, _MOST_COMPARED = 300, 3000, 40
"""Bounds on how much is compared with how much."""
_SHORT = 60


class _Title(msgspec.Struct):
    """A heading or entry: as printed, its mark, its part, what is left of it for comparing."""

    shown: str
    marker: str
    part: str
    key: str
    place: Place
    heading: bool = True


def contents_agree(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: entries without a heading, headings of listed parts without an entry, other wording."""
    report = books.report
    entries = _titles(report, [s for s in report.prose.sentences if s.role == CONTENTS], contents=True)[:_MOST_ENTRIES]
    if len(entries) < _FEWEST:
        return [Structural("", "not_applicable", "没有目录", reason="全空")]
    body = _titles(report, [s for s in report.prose.sentences if _may_head(s)], contents=False)[:_MOST_TITLES]
    if not any(title.heading for title in body):
        return [Structural("", "undecided", "正文里没有认出标题，无从与目录核对", reason="无法识别")]
    headings = [title for title in body if not _is_table(report, title)]
    wanted = [entry for entry in entries if not _is_table(report, entry) and not _ENCLOSED.search(entry.shown)]
    keys = {entry.key for entry in wanted}
    spots: list[Spot] = []
    taken: set[int] = set()
    for entry in wanted:
        match = _match(entry, [t for t in headings if t.key == entry.key or t.key not in keys], closely=len(spots) < _MOST_COMPARED)
        if match is None:
            spots.append(Spot(f"目录中的“{entry.marker}{entry.shown}”，正文没有", entry.shown, entry.place, "目录"))
            continue
        taken.add(id(match))
        if match.heading and entry.marker and match.marker and entry.marker != match.marker and entry.marker[-1] == match.marker[-1]:
            spots.append(Spot(f"“{entry.shown}”目录中是“{entry.marker}”，正文是“{match.marker}”", match.shown, match.place, "正文标题"))
    spots += [
        Spot(f"正文的“{title.marker}{title.shown}”，目录没有", title.shown, title.place, "正文标题")
        for title in _unlisted(entries, body, taken)
        if not _is_table(report, title) and not _ENCLOSED.search(title.part + title.shown)
    ]
    return verdict(spots, "目录与正文标题不一致", f"目录的 {len(entries)} 项与正文标题一致")


def _may_head(sentence: Sentence) -> bool:
    """Whether a sentence may be a heading, also one the reader did not take for one."""
    if sentence.role == HEADING:
        return True
    short = len(sentence.text) < _SHORT and not re.search("^注|[，。；]", sentence.text)
    return (sentence.role == BODY and (bool(sentence.marker) or short)) or (sentence.role == AROUND and short)


def _titles(report: Report, sentences: Sequence[Sentence], contents: bool) -> list[_Title]:
    units = [fold(name) for name in {report.identity.unit_name or "", *(t.unit_name or "" for t in report.tables.values())} if len(name) > 2]
    found: list[_Title] = []
    part = ""
    for sentence in sentences:
        text = _TAIL.sub("", sentence.text) if contents else sentence.text.rstrip("。")
        if sentence.marker.startswith("第"):
            part = sentence.marker
        if text and not re.fullmatch("目[录次]", text):
            found.append(_Title(text, sentence.marker, part, _key(text, units), sentence.place, sentence.role in (HEADING, CONTENTS)))
    return found


def _key(text: str, units: Sequence[str]) -> str:
    folded = fold(text)
    for unit in units:
        folded = folded.replace(unit, "")
    return _UNSAID.sub("", folded)


def _is_table(report: Report, title: _Title) -> bool:
    """Whether it names a table: that those are there is 表齐全's to say."""
    bare = fold(title.shown)
    return bool(_TABLE.search(bare)) or any(bare in map(fold, (spec.id, *spec.titles)) for spec in report.layout.tables)


def _match(entry: _Title, body: Sequence[_Title], closely: bool) -> _Title | None:
    same = [title for title in body if title.key == entry.key or (len(entry.key) > 3 and entry.key in title.key) or (len(title.key) > 3 and title.key in entry.key)]
    near = same or [title for title in body if closely and title.heading and SequenceMatcher(None, title.key, entry.key).ratio() >= _ALIKE]
    near = near or [title for title in body if (title.part, title.marker) == (entry.part, entry.marker) and (_within(entry.key, title.key) or _begins(entry.key, title.key))]
    return next((t for t in near if t.part == entry.part and t.marker == entry.marker), None) or next((t for t in near if t.marker == entry.marker), near[0] if near else None)


def _begins(one: str, other: str) -> bool:
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _within(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in their order: a heading with words added."""
    rest = iter(long)
    return len(short) > 3 and all(char in rest for char in short)


def _unlisted(entries: Sequence[_Title], body: Sequence[_Title], taken: set[int]) -> list[_Title]:
    """Headings of parts, and of sections of parts whose sections the contents list, that stand in no entry."""
    listed = {entry.part for entry in entries if entry.marker.endswith("、")}
    keys = [entry.key for entry in entries]
    found = []
    for title in body:
        outer = title.marker.startswith("第") or (title.marker.endswith("、") and title.part in listed and bool(title.part))
        if title.heading and outer and id(title) not in taken and title.key and not any(title.key in key or key in title.key for key in keys if key):
            found.append(title)
    return found

"""标点成对(), 重复标点(): brackets and quotation marks that lack their other half, marks set twice."""

from __future__ import annotations

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import AROUND, BODY, COVER, GLOSSARY, HEADING, NOTE, printed_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, around, no_text, spot_of, verdict
from juesuan_rules.reports.model import Report, Sentence

_PAIRS = {"（": "）", "“": "”", "《": "》", "【": "】", "〔": "〕", "「": "」"}
_CLOSERS = {close: open_ for open_, close in _PAIRS.items()}
_MARKS = Pattern("[" + "".join((*_PAIRS, *_CLOSERS)) + "]")
_ONE_SPELLING = str.maketrans({"(": "（", ")": "）", "[": "【", "]": "】", "「": "“", "」": "”"})
_ITEM = Pattern(r"(?:^|[，。；：、\s])(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])$")
_NAMES = {"（": "圆括号", "“": "引号", "《": "书名号", "【": "方括号", "〔": "六角括号"}
_TWICE = Pattern(r"([，。；：、？])[ \t]{0,2}\1+|[，、；：][ \t]{0,2}[。；，、：](?!\d)|。[ \t]{0,2}[，、；：]")
_DOTS = Pattern(r"。{3,}|、{3,}")
_DEEPEST = 100
_REACH = 3
"""A pair torn over so many paragraphs (page breaks) is one."""


def marks_paired(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: marks without their other half in the same paragraph or the next ones."""
    lack = no_text(books)
    if lack:
        return lack
    return verdict(_unpaired(books.report), "标点不成对", "括号、引号、书名号成对")


def _unpaired(report: Report) -> list[Spot]:
    paragraphs: list[list[Sentence]] = []
    for sentence in report.prose.sentences:
        if sentence.role not in (BODY, GLOSSARY):
            continue
        if paragraphs and paragraphs[-1][0].paragraph == sentence.paragraph:
            paragraphs[-1].append(sentence)
        else:
            paragraphs.append([sentence])
    loose = [_loose(paragraph) for paragraph in paragraphs]
    found: list[Spot] = []
    for at, marks in enumerate(loose):
        for mark, spot in marks:
            other = _PAIRS.get(mark) or _CLOSERS[mark]
            near = loose[at + 1 : at + 1 + _REACH] if mark in _PAIRS else loose[max(0, at - _REACH) : at]
            if not any(other == there for marks_ in near for there, _ in marks_):
                found.append(spot)
    return found


def _loose(paragraph: list[Sentence]) -> list[tuple[str, Spot]]:
    """Marks of a paragraph without their other half in it."""
    open_: list[tuple[str, str, int, Sentence]] = []
    alone: list[tuple[str, str, int, Sentence]] = []
    straight = any('"' in sentence.raw for sentence in paragraph)
    for sentence in paragraph:
        raw = sentence.raw.translate(_ONE_SPELLING)
        for found in _MARKS.finditer(raw):
            char, at = found.group(), found.start()
            if straight and char in "“”":
                continue
            if char in _PAIRS:
                open_ = [*open_[-_DEEPEST:], (char, raw, at, sentence)]
                continue
            other = next((n for n in range(len(open_) - 1, -1, -1) if open_[n][0] == _CLOSERS[char]), None)
            if other is not None:
                del open_[other]
            elif not (char == "）" and _ITEM.search(raw[max(0, at - 4) : at])):
                alone.append((char, raw, at, sentence))
    return [(char, _spot(raw, at, char, sentence)) for char, raw, at, sentence in [*alone, *open_]]


def _spot(raw: str, at: int, char: str, sentence: Sentence) -> Spot:
    name = _NAMES.get(char) or _NAMES.get(_CLOSERS.get(char, ""), "括号")
    piece = around(raw, at, at + 1, 8, 8)
    return Spot(f"“{piece}”的{name}只有{'前' if char in _PAIRS else '后'}一半", piece, sentence.place)


def marks_once(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: the same mark twice, or two marks that cannot follow each other."""
    lack = no_text(books)
    if lack:
        return lack
    hits = printed_pages(books).search(_TWICE, (BODY, HEADING, GLOSSARY, COVER, NOTE, AROUND))
    return verdict([spot_of(hit) for hit in hits if not _DOTS.match(hit.found.group())], "标点重复", "没有连着重复的标点")

"""A sentence cut into clauses: what stands between two pauses, with the figures in it.

Pauses inside brackets and quotes do not count where nothing but words stands in them. A 、 is a pause
only after a figure (基本工资42.27万元、津贴补贴…): elsewhere it joins nouns (收入、支出总计).
"""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.reports.model import Sentence

PAUSES = {"、": 1, "，": 2, "：": 2, "；": 3, "。": 4, "！": 4, "？": 4}
"""Pauses and how much they part."""
_MARKS = re.compile(r"[、，：；。！？（）()“”]")
_QUOTE = 60
"""A quotation is not longer; beyond it a quotation mark is taken for a lone one."""
_BRACKET = 120
_THRESHOLD = re.compile(r"(?:（不?含[^（）]{0,8}）)?(?:含|及)?以[上下内]|（不?含）|起")
"""After a figure: it bounds something and states nothing (单价 100 万元以上设备)."""


class Clause(msgspec.Struct, frozen=True):
    """A clause.

    text: as in the sentence. start: where it begins there. figures: running numbers of those in it.
    pause: what stands before it, "（" where a bracket opens, "）" after one. closing: what stands after
    it. depth: brackets around it. head: words before the bracket that it goes on from. Right behind a
    bracket a clause may be empty.
    """

    text: str
    start: int
    figures: tuple[int, ...]
    pause: str
    closing: str
    depth: int = 0
    head: str = ""


def is_bound(sentence: Sentence, number: int) -> bool:
    """Whether the figure bounds something (100万元以上, *100%) and states nothing."""
    figure = sentence.figures[number]
    after = sentence.text[figure.end : figure.end + 16]
    before = sentence.text[max(figure.start - 1, 0) : figure.start]
    return _THRESHOLD.match(after) is not None or before in ("*", "×", "/", "÷") or after[:1] in ("/", "×", "*", "÷")


def split_clauses(sentence: Sentence) -> list[Clause]:
    """The clauses of a sentence in order; thresholds are left to the words around them."""
    text = sentence.text
    stating = [n for n in range(len(sentence.figures)) if not is_bound(sentence, n)]
    spans = [(sentence.figures[n].start, sentence.figures[n].end) for n in stating]
    marks = [(mark.start(), mark.group()) for mark in _MARKS.finditer(text)]
    cutter = _Cutter(sentence, _pairs(marks, spans), _quotes(marks))
    nth = 0
    for at, char in marks:
        while nth < len(spans) and spans[nth][0] < at:
            cutter.inside.append(stating[nth])
            cutter.busy = max(cutter.busy, spans[nth][1])
            nth += 1
        cutter.meet(at, char)
    cutter.inside += stating[nth:]
    cutter.close(len(text), "")
    return cutter.clauses


class _Cutter:
    """Cuts at the marks it meets, from left to right."""

    def __init__(self, sentence: Sentence, pairs: dict[int, tuple[int, bool]], quotes: dict[int, int]) -> None:
        self.sentence = sentence
        self.pairs = pairs
        self.quotes = quotes
        self.clauses: list[Clause] = []
        self.inside: list[int] = []
        self.busy = 0  # marks before this are inside a figure, a quotation or a bracket of words
        self.begin, self.pause, self.depth, self.head = 0, "", 0, ""

    def meet(self, at: int, char: str) -> None:
        """A mark: a pause, or the beginning or end of something in brackets or quotes."""
        if at < self.busy:
            return
        if char in PAUSES:
            if char != "、" or self.inside:
                self.close(at, char)
        elif char == "“":
            self.busy = self.quotes.get(at, at)
        elif char in "（(" and at in self.pairs:
            end, has_figures = self.pairs[at]
            if has_figures:
                self.close(at, "（")
                self.depth += 1
            elif end - at <= _BRACKET:
                self.busy = end
        elif char in "）)" and self.depth and at in self.pairs:
            self.close(at, "）")
            self.depth -= 1
            self.head = self._carried()

    def close(self, end: int, closing: str) -> None:
        """End a clause, if there is anything in it."""
        part = self.sentence.text[self.begin : end]
        if part.strip() or self.inside or closing == "：" or self.pause == "）":
            self.clauses.append(Clause(part, self.begin, tuple(self.inside), self.pause, closing, self.depth, self.head))
        self.begin, self.pause, self.head, self.inside = end + 1, closing, "", []

    def _carried(self) -> str:
        """The words before the bracket just closed, back to a figure: they go on behind it."""
        for clause in reversed(self.clauses):
            if clause.depth == self.depth:
                if clause.closing != "（":
                    return ""
                if clause.figures:
                    return clause.text[self.sentence.figures[clause.figures[-1]].end - clause.start :]
                return clause.head + clause.text
        return ""


def _pairs(marks: list[tuple[int, str]], spans: list[tuple[int, int]]) -> dict[int, tuple[int, bool]]:
    """Brackets that pair: the opening one → (the closing one, whether a stating figure is between them); and
    the closing ones of those that hold figures, by themselves."""
    found: dict[int, tuple[int, bool]] = {}
    stack: list[tuple[int, int]] = []
    nth = 0
    for at, char in marks:
        while nth < len(spans) and spans[nth][0] < at:
            nth += 1
        if char in "（(":
            stack.append((at, nth))
        elif char in "）)" and stack:
            opened, before = stack.pop()
            found[opened] = (at, nth > before)
            if nth > before:
                found[at] = (at, True)
    return found


def _quotes(marks: list[tuple[int, str]]) -> dict[int, int]:
    """Opening quotation marks and where they are closed, of those closed soon."""
    found, opened = dict[int, int](), -1
    for at, char in marks:
        if char == "“":
            opened = at
        elif char == "”" and opened >= 0:
            if at - opened <= _QUOTE:
                found[opened] = at
            opened = -1
    return found

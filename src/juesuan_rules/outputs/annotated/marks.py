"""What is to be marked: each figure once, whatever number of findings use it, bounded per page and in all."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from juesuan_rules.findings import SEVERITY_ORDER
from juesuan_rules.material import Numbered, Subject
from juesuan_rules.outputs.pages import PageKey, Pages
from juesuan_rules.outputs.pages.model import Box

MOST_ON_PAGE, MOST = 120, 2_400
"""Boxes on one page, and in one file; findings of small numbers, the worst ones, come first."""


class Use(msgspec.Struct, frozen=True):
    """A finding that uses a figure: as its operand number so and so (from 1)."""

    numbered: Numbered
    operand: int


class Mark(msgspec.Struct):
    """A figure on a page and the findings that use it. loose: the box is around more than the figure."""

    key: PageKey
    box: Box
    loose: bool
    uses: list[Use]

    @property
    def severity(self) -> str:
        """That of its worst finding that is not waived; "" where all are."""
        live = [use.numbered.finding.severity for use in self.uses if use.numbered.finding.waiver is None]
        return min(live, key=SEVERITY_ORDER.__getitem__, default="")


class Marks(msgspec.Struct):
    """The marks by page, in the order of their findings, and what has none.

    left_out: boxes beyond the bounds. unplaced: numbers of findings none of whose figures stand on a page of the file.
    """

    pages: dict[PageKey, list[Mark]]
    left_out: int = 0
    unplaced: tuple[int, ...] = ()


def find_marks(subject: Subject, pages: Pages) -> Marks:
    """Every figure of every finding that stands on a page."""
    found: dict[tuple[PageKey, Box], Mark] = {}
    on_page: dict[PageKey, int] = {}
    marks = Marks({})
    unplaced: list[int] = []
    for numbered in subject.numbered:
        placed = False
        for at, operand in enumerate(numbered.finding.operands or (), start=1):
            for spot in pages.spots(operand):
                placed = True
                key = spot.key, (round(spot.box[0]), round(spot.box[1]), round(spot.box[2]), round(spot.box[3]))
                mark = found.get(key)
                if mark is None:
                    if on_page.get(spot.key, 0) >= MOST_ON_PAGE or len(found) >= MOST:
                        marks.left_out += 1
                        continue
                    on_page[spot.key] = on_page.get(spot.key, 0) + 1
                    mark = found[key] = Mark(spot.key, spot.box, not spot.tight, [])
                    marks.pages.setdefault(spot.key, []).append(mark)
                mark.uses.append(Use(numbered, at))
        if not placed:
            unplaced.append(numbered.number)
    marks.unplaced = tuple(unplaced)
    return marks


def ranges(numbers: Iterable[int], most: int = 40) -> str:
    """1–3、5、8 …: numbers in order, runs of them shortened."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}、{b}" for a, b in runs]
    return "、".join(texts[:most]) + (" …" if len(texts) > most else "")

"""同文异写(): names of 科目 in the text that differ by one character from a name the same report prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import BODY, HEADING, Hit, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, around, no_text, verdict
from juesuan_rules.engine.text_checks.words import alternatives, entries
from juesuan_rules.names import label

_LIST = Pattern(r"(?:包括|包含|其中)[：:]?([^。；\n]{8,900})")
_NAMED = Pattern(r"([\u4e00-\u9fff（）]{5,30})（[款项]）")
_ITEM = Pattern(r"^([\u4e00-\u9fff（）]{4,24}?)(?:支出)?(?:为|共)?[\d,.]*(?:万?元)?(?:等)?$")
_SHORTEST = 5
_FEWEST, _MOST = 3, 300
"""An enumeration of fewer items is none; so many unknown names are compared with the known ones."""
_CHARTS = ("经济科目", "功能科目")


def names_spelled_alike(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: what the same report proves to be a slip of typing; nothing is guessed."""
    lack = no_text(books)
    if lack:
        return lack
    printed = _printed(books)
    standard = {_plain(name) for chart in _CHARTS for _, meaning in entries(books, (), chart) for name in alternatives(meaning)}
    used = list(_used(books))
    proven = {name for name in (*printed, *(name for name, _ in used)) if name in standard or name in printed}
    if not proven:
        return [Structural("", "not_applicable", "没有可以对照的科目名称", reason="全空")]
    spots = []
    unknown = [(name, hit) for name, hit in used if name not in proven and name not in standard]
    for name, hit in unknown[:_MOST]:
        right = next((other for other in proven if _slip(name, other)), None)
        if right is not None:
            at = hit.passage.text.find(name)
            piece = around(hit.passage.text, max(at, 0), max(at, 0) + len(name), 4, 4)
            spots.append(Spot(f"“{name}”疑为“{right}”", piece, hit.passage.place))
    return verdict(spots, "同一科目的名称写法不同", "科目名称的写法一致")


def _printed(books: Books) -> set[str]:
    """Names of the rows of the report's own tables."""
    rows = (row for table in books.report.tables.values() if table.spec.chart for block in table.blocks.values() for row in block.rows)
    return {name for row in rows if row.code and len(name := _plain(row.raw_label or row.label)) >= _SHORTEST}


def _used(books: Books) -> Iterator[tuple[str, Hit]]:
    """Names in paths of 科目 and in enumerations of the text."""
    pages = prose_pages(books)
    for hit in pages.search(_NAMED, (BODY, HEADING)):
        name = _plain(hit.found.group(1).rsplit("）", 1)[-1])
        if len(name) >= _SHORTEST:
            yield name, hit
    for hit in pages.search(_LIST, (BODY,)):
        items = hit.found.group(1).split("、")
        for item in items if len(items) >= _FEWEST else ():
            found = _ITEM.match(item.strip("，： "))
            if found and len(name := _plain(found.group(1))) >= _SHORTEST:
                yield name, hit


def _plain(name: str) -> str:
    return re.sub(r"[()（）]", "", label(name)).removesuffix("支出")


def _slip(name: str, other: str) -> bool:
    """One character wrong, missing or added, not the first and not the last."""
    if name[0] != other[0] or name[-1] != other[-1]:
        return False
    if len(name) == len(other):
        return sum(a != b for a, b in zip(name, other, strict=True)) == 1
    short, long = sorted((name, other), key=len)
    if len(long) - len(short) != 1:
        return False
    at = next((n for n, char in enumerate(short) if char != long[n]), len(short))
    return short[at:] == long[at + 1 :]

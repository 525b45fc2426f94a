"""Titles of tables, and the four things printed around them: 表号, 部门, 年度, 金额单位."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from juesuan_rules.amounts import UNITS
from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.reports.sheet import folded, labelled

_PREFIX = re.compile(r"(?:附?[件表](?:[一二三四五六七八九十]+|\d+(?:-\d+)*)?[:,.]?|公开0*\d+表|[-*#]+|(?:19|20)\d{2}年度?)+")
_SUFFIX = re.compile(r"(?:\([^()]{1,14}\)|\[[^\[\]]{1,14}\]|续表?|公开0*\d+表)+$")
_OWNER = re.compile(r"(?:年度?|[局厅委会院室部办处所站队馆校县市区旗府]|中心|部门|单位|本级|汇总|级)\)?$")
_NUMBER = re.compile(r"公开(?:0*(\d{1,2})表|表0*(\d{1,2})(?!\d))")
_UNIT = re.compile(r"单位[:;]?(亿元|百万元|万元|千元|百元|元|角|分)(?:\(|$|[^\u4e00-\u9fff]|公开|部门|单位|编制)")
_NAME = re.compile(
    r"^(?:(?:编制|填报|编报|公开|预算)?(?:部门|单位)(?:名称)?)(?:\((?:公章|盖章)\))?[:;](.+?)(?=公开\d|金额单位|单位[:;]|(?:19|20)\d{2}年度?$|$)"
)
_HEADER_UNIT = re.compile(r"\((?:单位[:;])?(亿元|百万元|万元|千元|元)\)$")
_YEAR = re.compile(r"((?:19|20)\d{2})年")
_MARKS = re.compile(r'["\'<>《》]')


class TitleIndex(msgspec.Struct, frozen=True):
    """Known titles (folded, without quotation marks) -> table id."""

    exact: dict[str, str]

    def find(self, text: str) -> str | None:
        """The table whose title `text` is: numbered, dated or with its owner in front, or None."""
        key = title_key(text)
        if not key.endswith("表") or len(key) > 80:
            return None
        found = self.exact.get(key)
        if found:
            return found
        for start in range(1, len(key) - 4):
            found = self.exact.get(key[start:])
            if found:
                return found if _OWNER.search(key[:start]) else None
        return None


class Surroundings(msgspec.Struct):
    """What is printed around a table. title: as printed, without its sequence number."""

    title: str = ""
    number: str = ""
    unit: str = ""
    unit_name: str | None = None
    year: int | None = None

    def read(self, text: str) -> bool:
        """Takes what `text`, one line or cell, tells; False where it tells nothing."""
        line = folded(text)
        if len(line) > 80:
            return False
        told = False
        if found := _NUMBER.search(line):
            self.number = self.number or f"{int(found[1] or found[2]):02d}"
            told = True
        if found := _UNIT.search(line):
            self.unit = self.unit or found[1]
            told = True
        if (found := _NAME.match(line)) and found[1] not in UNITS:
            self.unit_name = self.unit_name or found[1]
            told = True
        if (found := _YEAR.search(line)) and (told or len(line) <= 12):
            self.year = self.year or int(found[1])
            told = True
        return told


@cache
def _plain(text: str) -> str:
    return _MARKS.sub("", text)


def title_key(text: str) -> str:
    """A title for comparison: folded, unnumbered, without year, 附表, 续表 and quotation marks."""
    key = _plain(labelled(text))
    shorter = _SUFFIX.sub("", _PREFIX.sub("", key, count=1) if _PREFIX.match(key) else key)
    return _plain(labelled(shorter)) if shorter else key


def index_titles(layout: Layout) -> TitleIndex:
    """The titles, aliases and ids of every table of `layout`."""
    exact: dict[str, str] = {}
    for spec in layout.tables:
        for title in (spec.id, *spec.titles):
            exact.setdefault(title_key(title), spec.id)
    return TitleIndex(exact)


def printed_title(text: str) -> str:
    """The title as printed, without what numbers it (一、 五、) and the blanks inside it."""
    text = " ".join(text.split())
    return re.sub(r"^[-*#\s]*(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．,，\s]\s*|\d{1,2}[、.．]\s*)", "", text).replace(" ", "")


def header_unit(texts: list[list[str]]) -> str:
    """The money unit the folded header texts agree on, as in 金额(万元); "" where they tell none."""
    found = {match[1] for row in texts for text in row if (match := _HEADER_UNIT.search(text))}
    return found.pop() if len(found) == 1 else ""


def similarity(text: str, spec: TableSpec) -> float:
    """0..1: how much a garbled title resembles the nearest title of `spec`."""
    from difflib import SequenceMatcher

    key = title_key(text)
    return max(SequenceMatcher(None, key, title_key(title)).ratio() for title in (spec.id, *spec.titles))

"""Printed labels and headers → fields and columns: the general words and those of the region's forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from juesuan_rules.catalogue.model import FormSpec
from juesuan_rules.names import fold, label
from juesuan_rules.reports.forms import words

_BRACKETS = re.compile(r"\([^()]{0,24}\)$|\[[^\[\]]{0,24}\]$")
_MONTHS = re.compile(r"(?:截[至止])?(?:\d{4}年)?(?:\d{1,2}-)?\d{1,2}月(?:份|底|末)?(?:\d{1,2}日)?(?:累计)?(?:实际|预算)?(执行数|执行率|支出数|执行金额|完成情况)")
_NOISE = re.compile(r"^[^\u4e00-\u9fff(]{1,3}")
_ORDINAL = re.compile(r"[一二三四五六七八九十\d]{1,2}$")
_FORM_TITLE = re.compile(r"绩效(?!工资)|自评|运行监控|评价指标体系")
_NO_TITLE = re.compile(r"[。;；!?]|[:：].|,.*,|综述|名词解释")
_LONGEST_TITLE = 60


class Lexicon(msgspec.Struct, frozen=True):
    """What folded labels and headers mean. zones: per kind of sub-table its headers."""

    fields: Mapping[str, str]
    zones: Mapping[str, Mapping[str, str]]
    specs: tuple[FormSpec, ...]

    def field(self, text: str) -> str | None:
        """The field a cell labels; "" for a label whose value is not kept; None where it is no label."""
        key = bare(text)
        found = self.fields.get(key)
        return found if found is not None else ("" if key in words.SILENT else None)

    def column(self, zone: str, text: str) -> str | None:
        """The column a header cell names in a kind of sub-table, or None."""
        known = self.zones[zone]
        key = bare(text)
        if key in known:
            return known[key]
        if key.startswith(("其中:", "其中")) and bare(key.removeprefix("其中").lstrip(":")) in known:
            return known[bare(key.removeprefix("其中").lstrip(":"))]
        month = _MONTHS.fullmatch(key)
        if month is not None:
            return known.get(month.group(1))
        return known.get(_NOISE.sub("", key)) if _NOISE.match(key) else None

    def kind(self, title: str) -> str:
        """The kind of form a folded title names, "" where it leaves it open."""
        for spec in self.specs:
            if any(fold(word) in title for word in spec.titles) and all(fold(mark) in title for mark in spec.marks):
                return spec.kind
        return general_kind(title)


INDICATOR, FUND, MONITOR, TASK = "指标", "资金", "监控", "任务"
"""Kinds of sub-tables, named as the block their rows go to."""


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A folded label without sequence number, bracketed remarks at its end, colon and ordinal (指标1)."""
    text = label(text) if text else ""
    while True:
        shorter = _BRACKETS.sub("", text.rstrip(":;,.*"))
        if shorter == text or not shorter:
            return text
        text = shorter


def make_lexicon(specs: Iterable[FormSpec]) -> Lexicon:
    """The general words with those of the packs' forms; a pack's word prevails."""
    fields = _index(words.FIELDS)
    fields.update({fold(printed): field for printed, field in words.SOURCES.items()})
    zones = {INDICATOR: _index(words.INDICATORS), FUND: _index(words.FUNDS), MONITOR: _index(words.MONITORED), TASK: _index(words.TASKS)}
    for zone in (FUND, MONITOR):
        zones[zone].setdefault("支出数", "执行数")
    chosen = tuple(specs)
    for spec in chosen:
        fields.update({fold(name): field for field, names in spec.fields for name in names})
        zones[INDICATOR].update({fold(name): column for column, names in spec.columns for name in names})
    return Lexicon(fields, zones, chosen)


def _index(named: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, printed in named.items():
        found.setdefault(fold(name), name)
        for text in printed:
            found.setdefault(fold(text), name)
    return found


def is_form_title(text: str) -> bool:
    """Whether a line or a lone cell (folded) is the title of a form."""
    text = text.rstrip("*")
    if not 4 < len(text) <= _LONGEST_TITLE or _FORM_TITLE.search(text) is None or _NO_TITLE.search(text) is not None:
        return False
    bare_text = re.sub(r"\(?\d{4}年?度?\)?|\([^()]{0,20}\)", "", text)
    return bare_text.endswith(("表", "自评", "平表", "监控", "自证", "指标体系")) or bool(re.search(r"自评表|监控表|评价表|目标表", bare_text))


def general_kind(title: str) -> str:
    """The kind of form by words of its folded title."""
    if "监控" in title or "跟踪" in title:
        return words.MONITOR
    if "汇总" in title or "一览表" in title or "情况统计" in title:
        return words.LISTING
    if "评分" in title or "指标体系" in title:
        return words.SCORING
    if "自评" not in title and "评价" not in title and "目标" in title:
        return words.TARGET
    if "整体" in title or "部门自评" in title:
        return words.SELF_WHOLE
    if "项目" in title or "政策" in title or "专项" in title or "转移支付" in title:
        return words.SELF_PROJECT
    return ""

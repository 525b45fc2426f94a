"""Small prose for tests: a paragraph a line, # for headings, and mentions in a short notation.

    值 基本支出 100万元 ⊂250万元        a part of the total 250万元 (⊂… where the list may be incomplete)
    占比 基本支出 40% 之250万元 /支出总计   its subject's value, then the base as named
    增减额 收入总计 减少 5万元 之80万元 /上年=85万元   direction before the figure, the printed base behind
    增减额 公务接待费 持平 之0万元 /上年
"""

from __future__ import annotations

import re

from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.figures import find_figures
from juesuan_rules.reports.prose.mentions import find_mentions
from juesuan_rules.reports.prose.model import At, Mention, figure_at

_MARK = re.compile(r"^(（[一二三四五六七八九十\d]+）|\d+\.(?!\d)|[一二三四五六七八九十]+、|[①-⑨])")


def read_paragraphs(text: str) -> tuple[Sentence, ...]:
    """Sentences of a small text."""
    found: list[Sentence] = []
    sections: tuple[str, ...] = ("第三部分2023年度部门决算情况说明", "一、总体情况")
    for number, line in enumerate(text.split("\n")):
        line = line.strip()
        if line.startswith("#"):
            sections = (sections[0], *line[1:].split("/"))
            continue
        mark = _MARK.match(line)
        marker = mark.group(1) if mark else ""
        for piece in re.findall(r"[^。]+。?", line[len(marker) :]):
            found.append(Sentence(piece, piece, sections=sections, paragraph=number, figures=find_figures(piece), marker=marker))
            marker = ""
    return tuple(found)


def told(sentences: tuple[Sentence, ...]) -> list[str]:
    """The mentions of the sentences, one line each, in order of reading."""
    return [_line(sentences, mention) for mention in find_mentions(sentences)]


def _line(sentences: tuple[Sentence, ...], mention: Mention) -> str:
    words = [mention.aspect, mention.subject]
    if mention.direction:
        words.append(mention.direction)
    if mention.at[1] >= 0:
        words.append(_shown(sentences, mention.at))
    if mention.value_at not in (None, mention.at) and mention.aspect not in ("值", "预算数", "得分", "执行数", "上年数"):
        words.append("之" + _shown(sentences, mention.value_at))
    if mention.base:
        words.append("/" + mention.base + ("=" + _shown(sentences, mention.base_at) if mention.base_at else ""))
    if mention.parent is not None:
        words.append("⊂" + _shown(sentences, mention.parent) + ("…" if mention.open_list else ""))
    return " ".join(words)


def _shown(sentences: tuple[Sentence, ...], at: At | None) -> str:
    figure = figure_at(sentences, at)
    return sentences[at[0]].text[figure.start : figure.end].replace(" ", "") if at is not None and figure is not None else "?"

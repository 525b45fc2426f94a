"""重复用词(), 重复句子(), 句子完整(), 转换痕迹(): slips of typing, copying and converting."""

from __future__ import annotations

import re

from juesuan_rules.engine.books import Books
from juesuan_rules.engine.evaluation import Structural
from juesuan_rules.engine.text_checks.pages import BODY, GLOSSARY, HEADING, Pages, prose_pages
from juesuan_rules.engine.text_checks.patterns import Pattern
from juesuan_rules.engine.text_checks.spots import Spot, around, clip, no_text, spot_of, verdict
from juesuan_rules.names import fold
from juesuan_rules.reports.model import Sentence

_PARTICLES = Pattern(r"的的|了了|是是|和和|与与|在在|及及|或或|被被|将将|于于|把把|对对(?!对)|由由|为为")
_WORDS = Pattern(r"([\u4e00-\u9fff]{2,6})\1")
_DOUBLED = Pattern(r"^[一逐每][\u4e00-\u9fff]$|^.*(?:研究|讨论|商量|考虑|学习)$")
_COMPOUND = Pattern(r"^(?:中心|社区|区区|服务|管理|行政|公共|部门|机关|单位|卫生|城市|信息|社会|政府|人民|政务)$")
_LIST = Pattern(r"(?:包括|包含|用于|分别为)[：:]?([^。；]{6,600})")
_OFTEN_TORN = Pattern(r"[，、]$|(?:的|和|与|及|或|为|占|按照|根据|以及|其中|包括)$")
_FEW, _LONG = 8, 30
_LETTER, _SPACES = "字母 O 改作数字 0", "去掉数字内的空格"


def words_once(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: a word twice in a row, an item twice in a list."""
    lack = no_text(books)
    if lack:
        return lack
    pages = prose_pages(books)
    spots = [spot_of(hit) for hit in pages.search(_PARTICLES, (BODY, GLOSSARY))]
    for hit in pages.search(_WORDS, (BODY, HEADING, GLOSSARY)):
        word = hit.found.group(1)
        if not _DOUBLED.match(word) and not _COMPOUND.match(word) and len(set(word)) > 1:
            spots.append(spot_of(hit))
    return verdict([*spots, *_items(pages)], "用词重复", "没有重复的用词")


def _items(pages: Pages) -> list[Spot]:
    """Items that stand twice in one enumeration."""
    found: list[Spot] = []
    for hit in pages.search(_LIST, (BODY,)):
        seen: set[str] = set()
        for item in hit.found.group(1).split("、"):
            word = item.strip("等，： ")
            if not 3 <= len(word) <= 24 or not re.fullmatch(r"[\u4e00-\u9fff“”（）]+", word):
                continue
            if word in seen:
                found.append(Spot(f"列举中“{word}”出现两次", around(hit.passage.text, hit.start, hit.start + 20, 0, 20), hit.passage.place))
            seen.add(word)
    return found


def sentences_differ(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: what was achieved by one project said of another in the very same words."""
    lack = no_text(books)
    if lack:
        return lack
    told: dict[str, Sentence] = {}
    spots = []
    seen = 0
    for sentence in books.report.prose.sentences:
        lead = sentence.role == BODY and re.match(r"(?:项目)?(?:绩效)?(?:总体)?目标完成情况[：:]|(?:项目)?(?:产出|效益|成效)[^：]{0,8}[：:]", sentence.text)
        if not lead:
            continue
        seen += 1
        key = fold(sentence.text[lead.end() :])
        if len(key) < _LONG:
            continue
        first = told.setdefault(key, sentence)
        if first is not sentence and first.place != sentence.place:
            spots.append(Spot(f"“{clip(sentence.text, 30)}”与前面另一个项目的整句相同", sentence.text, sentence.place))
    if seen < 2:
        return [Structural("", "not_applicable", "没有几个项目的完成情况可以对照", reason="全空")]
    return verdict(spots, "不同项目的完成情况照抄", f"{seen} 段完成情况没有整句相同的")


def sentences_whole(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: paragraphs that end in the middle of a sentence."""
    lack = no_text(books)
    if lack:
        return lack
    told = [s for s in books.report.prose.sentences if s.role in (BODY, GLOSSARY)]
    spots = []
    for now, following in zip(told, [*told[1:], None], strict=False):
        last = following is None or following.paragraph != now.paragraph
        if last and len(now.text) >= _FEW and _OFTEN_TORN.search(now.text):
            spots.append(Spot(f"“…{now.text[-16:]}”没有说完", now.text[-40:], now.place))
    return verdict(spots, "句子不完整", "段落都有完整的结尾")


def cleanly_converted(books: Books, arguments: tuple[str, ...]) -> list[Structural]:
    """One verdict: the letter O printed for 0, spaces inside numbers."""
    lack = no_text(books)
    if lack:
        return lack
    spots = [Spot(f"“{clip(s.raw, 24)}”（{note}）", s.raw, s.place) for s in books.report.prose.sentences for note in s.repaired if note in (_LETTER, _SPACES)]
    return verdict(spots, "数字印得不规范（按改正后的数核对）", "数字没有转换留下的痕迹")

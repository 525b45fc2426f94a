"""Heading and list marks (第一部分 一、 （一） 1. （1） ①) and which lines are headings."""

from __future__ import annotations

import re

PART, CHAPTER, SECTION, ITEM, SUBITEM, CIRCLED = 1, 2, 3, 4, 5, 6
"""Levels of marks, outermost first."""

_NUMERAL = "[一二三四五六七八九十百]{1,4}"
_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (PART, re.compile(rf"第({_NUMERAL}|\d{{1,2}})(部分|章|篇)[、：.]?")),
    (CHAPTER, re.compile(rf"({_NUMERAL})(?:、|\.(?!\d))")),
    (SECTION, re.compile(rf"（({_NUMERAL})）[、.]?")),
    (ITEM, re.compile(r"(\d{1,2})(?:、(?!\d[月、])|\.(?!\d)|\.(?=(?:19|20)\d{2}年|\d{5}(?!\d))|）[、.]?)")),
    (SUBITEM, re.compile(r"（(\d{1,2})）[、.]?")),
    (CIRCLED, re.compile("([①-⑳])[、.]?")),
)
_SHAPES = {PART: "第{}部分", CHAPTER: "{}、", SECTION: "（{}）", ITEM: "{}.", SUBITEM: "（{}）", CIRCLED: "{}"}
_BULLETS = "-*•●▪◆■·#"
_BULLET = re.compile(r"[-*•●▪◆■·]{1,3} ?(?=[^\d .*-])|[-*•●▪◆■·] (?=\d)|#{1,6} ?")

_LONGEST = 45
_LONGEST_PART = 80
_SAYS = re.compile(r"[；！？]|：.|\d ?(?:[百千万亿]|元|%)|[，,].{20}|……")
_CLOSED_TITLE = re.compile(
    r"(?:情况|说明|结果|安排|构成|职[责能]|概况|解释|结构|[项款类]）|费用?|收入|支出|总计|合计|结余|绩效|应用|采购|决算|报告|措施|问题)$"
)
_TITLE_NOUN = re.compile(r"(?:工作|任务|建设|行动|改革|发展|管理|服务|能力|水平|效能|环境|体系|监督|保障)$")
_PLAIN_TITLE = re.compile(
    r"(?:说明|名词解释|概况|情况说明|决算(?:情况|表|总表|明细表|公开表|报表)|基本情况|自评报告|评价报告|工作报告|主要职[责能]|机构设置(?:情况)?|总体情况|单位构成(?:情况)?|职能|(?:支出|收入|收支|采购|占用|使用|绩效|经费|资产|管理|自评|开展|变动|决算|构成|完成)情况)$"
)
_PLAIN_PART = re.compile(r"(?:(?:部门|单位|年度|年)决算(?:情况)?(?:的)?说明|名词解释|概况|(?:部门|单位|年度|年)决算(?:公开)?报?表|附件)$")


def cut_mark(text: str) -> tuple[int, str, str]:
    """(level, mark in one spelling, the rest) of a tidy line; (0, "", text) without a mark."""
    bullet = _BULLET.match(text) if text[:1] in _BULLETS else None
    bare = text[bullet.end() :] if bullet else text
    for level, pattern in _MARKS:
        if found := pattern.match(bare):
            return level, _SHAPES[level].format(found.group(1)), bare[found.end() :].lstrip()
    return 0, "", bare


def mark_level(marker: str) -> int:
    """The level of a mark in the spelling of `cut_mark`; 0 for "" and for what is no mark."""
    return cut_mark(marker)[0]


def is_heading(level: int, rest: str) -> bool:
    """Whether a whole line with a mark of this level is a heading and not a sentence or list item."""
    if level == PART:
        return len(rest) <= _LONGEST_PART and "。" not in rest[:-1]
    bare = rest.removesuffix("。")
    if not level or not bare or len(bare) > _LONGEST or "。" in bare or _SAYS.search(bare) or bare[-1] in "，、；：":
        return False
    return bare is rest or bool(_CLOSED_TITLE.search(bare))


def is_run_in(level: int, rest: str) -> bool:
    """Whether the first sentence of a longer paragraph is its heading ((一) 总体情况。2023年度…)."""
    bare = rest.removesuffix("。")
    return level > PART and rest.endswith("。") and 1 < len(bare) <= 80 and not _SAYS.search(bare) and ("，" not in bare or "（项）" in bare)


def ends_like_title(text: str) -> bool:
    """Whether a long line ends as titles do (…情况, …工作), and not in the middle of a sentence."""
    return bool(_CLOSED_TITLE.search(text) or _TITLE_NOUN.search(text) or _PLAIN_TITLE.search(text))


def is_unmarked_heading(text: str) -> bool:
    """Whether a line without a mark reads like a title of the genre (收入支出决算总体情况说明)."""
    return 3 < len(text) <= 30 and not re.search(r"[，。；：！？]", text) and _PLAIN_TITLE.search(text) is not None


def unmarked_level(text: str) -> int:
    """The level of a heading without a mark."""
    return PART if _PLAIN_PART.search(text) else CHAPTER

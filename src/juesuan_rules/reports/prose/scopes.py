"""What a stretch of prose is about: which money its sentences speak of, and which project."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from juesuan_rules.names import fold
from juesuan_rules.reports.model import Sentence

ROLES = ("正文", "标题")

GENERAL, FISCAL, BASIC, PROJECT, OTHER = "一般公共预算", "财政拨款", "基本支出", "项目支出", "其他"
_SCOPES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("三公", ("三公",), ()),
    ("绩效", ("绩效",), ()),
    ("政府性基金", ("政府性基金",), ("一般公共预算",)),
    ("国有资本经营", ("国有资本经营",), ("一般公共预算", "政府性基金")),
    ("运行经费", ("运行经费",), ()),
    ("政府采购", ("政府采购",), ()),
    ("国有资产", ("国有资产", "资产占"), ()),
    (BASIC, ("基本支出",), ("基本支出和", "和基本支出")),
    (PROJECT, ("项目支出",), ("项目支出和", "和项目支出")),
    (GENERAL, ("一般公共预算财政拨款支出", "一般公共预算支出", "一般公共预算财政拨款收入支出", "一般公共预算拨款支出", "一般公共预算财政拨款收支"), ()),
    ("财政拨款收支", ("财政拨款收入", "财政拨款收支", "财政拨款收、支", "财政拨款收,支"), ()),
    (FISCAL, ("财政拨款支出", "财政拨款决算"), ()),
    ("收支", ("收入支出决算总体", "收支决算总体", "收支总体", "收支决算", "收入支出"), ()),
    ("支出", ("支出决算", "支出情况", "支出总体"), ()),
    ("收入", ("收入决算", "收入情况"), ()),
)  # fmt: skip
_ANY_MONEY = ("收支", "支出", "收入")
_SPOKEN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("三公", re.compile(r'"?三公"?经费')),
    (BASIC, re.compile(r"财政拨款基本支出(?:决算)?(?:数|为|共|合计|总额)?\d|一般公共预算基本支出")),
    ("政府性基金", re.compile(r"^.{0,30}政府性基金预算(?:财政拨款)?(?:支出|年初|本年)")),
    ("国有资本经营", re.compile(r"^.{0,30}国有资本经营预算(?:财政拨款)?(?:支出|年初|本年)")),
    ("运行经费", re.compile(r"^.{0,30}运行经费支出")),
    ("政府采购", re.compile(r"^.{0,30}政府采购(?:支出|金额|总)")),
    (GENERAL, re.compile(r"一般公共预算(?:财政)?拨款支出")),
    ("收支", re.compile(r"^.{0,30}收入?、?支(?:出)?(?:决算)?总计|^.{0,30}收入总计|^.{0,30}支出总计")),
)
_REVIEW = re.compile(r"(?:绩效)?自评(?:情况|结果)?综述|绩效(?:自评|评价)?(?:情况|结果)?综述|自评综述")
_LEAD = re.compile(r"^(?:[(（]?[\d一二三四五六七八九十]{1,3}[)）.、．]\s*)?")


def find_scopes(sentences: Sequence[Sentence]) -> list[str]:
    """Per sentence which money it is about, "" unknown: by the nearest heading that says so, and where
    none does, by the last sentence that names its money outright."""
    scopes: list[str] = []
    spoken = ""
    under: tuple[str, ...] = ()
    for sentence in sentences:
        scope = scope_of_titles(sentence.sections)
        if not scope:
            if sentence.sections != under:
                spoken, under = (spoken if not sentence.sections else ""), sentence.sections
            text = fold(sentence.text)
            spoken = next((name for name, pattern in _SPOKEN if pattern.search(text)), spoken)
            scope = spoken
        scopes.append(scope)
    return scopes


def scope_of_titles(titles: Sequence[str]) -> str:
    """What the headings above a text say it is about: the innermost that names its money; (二) 支出决算结构情况
    names none, and means that of the chapter."""
    general = ""
    for title in reversed(titles):
        found = scope_of(title)
        if found and (found not in _ANY_MONEY or not general):
            if found not in _ANY_MONEY:
                return found if not general or not title.startswith("第") else general
            general = found
    return general


@lru_cache(maxsize=512)
def scope_of(title: str) -> str:
    """What a heading says its text is about; "" where it says nothing of that kind (总体情况)."""
    text = fold(title)
    return next((name for name, words, never in _SCOPES if any(word in text for word in words) and not any(word in text for word in never)), "")


def find_projects(sentences: Sequence[Sentence]) -> list[str]:
    """Per sentence the project whose 自评综述 it is part of, "" none."""
    projects: list[str] = []
    current, roof = "", 0
    sections: tuple[str, ...] = ()
    for sentence in sentences:
        title = next((name for name in (project_of(text) for text in (*reversed(sentence.sections), sentence.text)) if name), "")
        if title:
            current, sections, roof = title, sentence.sections, sentence.paragraph
        elif current and (sentence.sections != sections or (sentence.paragraph > roof + 3) or sentence.role not in ROLES):
            current = ""
        projects.append(current)
    return projects


def project_of(text: str) -> str:
    """The project that “……项目自评综述：” speaks of, "" where the text is none."""
    found = _REVIEW.search(text, 0, 120) if "综述" in text else None
    if found is None:
        return ""
    return project_name(_LEAD.sub("", text[: found.start()], count=1))


def project_name(printed: str) -> str:
    """A project's name without the quotes around it and the word 项目 behind it."""
    name = re.sub(r"\s+", "", printed)
    name = re.sub(r"^(?:其中[:：,，]?)|(?:支出)?(?:绩效)?$", "", name)
    quoted = re.fullmatch(r"[“\"「《‘']([^”\"」》’']{2,60})[”\"」》’'](.{0,40})", name)
    if quoted:
        rest = re.sub(r"项目?(?:经费)?$|^项目", "", quoted.group(2))
        # “审管联动”平台建设: what is quoted is part of the name, unless brackets or nothing follow.
        return quoted.group(1) + rest if not rest or rest[0] in "（(" else re.sub(r"项目$", "", name)
    return re.sub(r"项目$", "", name) if len(name) > 3 else ""

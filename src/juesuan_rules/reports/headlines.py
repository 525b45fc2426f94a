"""What a report says about itself outside its figures: labelled names, years, units, titles.

One pass over the document collects the lines that can tell who and when; `identity` decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from juesuan_rules.documents.model import NOWHERE, Document, GridBlock, Place, TextBlock

_SPACE = re.compile(r"[\s\u00a0\u200b\u3000\ufeff]+")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,40}>|[*#_`]+|^\s*[-•>]\s+")
_UNUSUAL = re.compile(r"[０-９\u200b\ufeff*#_`<]|^\s*[-•>]\s")
"""What `despace` must do more for than to take out white space."""

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

YEAR = re.compile(r"(?<!\d)(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})(?=年)")
"""A year in despaced text, Arabic or Chinese."""

_LONE_YEAR = re.compile(r"[(（]?(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年度?[)）]?")
_LABEL = re.compile(
    r"[(（]?(?P<who>编制|填报|填表|编报|公开|报送|预算)?(?P<kind>部门[(（]单位[)）]|部门|单位)[(（]?(?P<named>名称|全称)?[)）]?[:：](?P<name>.*)"
)
_LABEL_END = re.compile(r"(?:金额)?单位[:：]|公开[0-9]{1,2}表|20\d\d年|填报日期|报送日期|日期[:：]|[\t|｜]")
_MONEY = re.compile(r"单位[:：](?:人民币)?[(（]?(亿元|百万元|万元|千元|百元|元)")
_PROSE_MONEY = re.compile(r"\d(亿元|万元|千元|元)")
_UNITS_ONLY = re.compile(r"[(（]?(?:人民币)?(?:亿|百万|万|千|百)?元.*|[个台辆人%％].{0,3}")

_TAIL = (
    r"(?:公开|报告|情况|说明|文档|文本|信息|内容|材料|报表|附表|套表|表|分析|书|稿|目录|及|和|与|[,，、]|[“\"]?三公[”\"]?经费|的|相关|有关|总|汇总|草案|[(（][^()（）]{0,12}[)）])*"
)
_TITLE = re.compile(
    rf"(?P<before>.*?)(?P<scope>部门(?:收支)?|单位(?:收支)?|(?<!人民)政府|财政总?|公共预算收支|基金收支)?(?P<level>[(（](?:本级|汇总|部门|单位)[)）])?(?P<what>预决算|决算|预算){_TAIL}[》>]?"
)
_OTHER_ACCOUNTS = re.compile(r"(?:竣工|工程|基建|项目)(?:财务)?$|(?:审计|执行)$")
"""What makes 决算 or 预算 behind it something else: 竣工决算 of a building, 预算执行 ."""
_FLOW = re.compile(r"收支|收入|支出|拨款|基金|经费")
"""Words of a table's title, which a document's title has not."""

_CONTENTS = re.compile(r"目[录錄次]")
_PART = re.compile(r"第[一二三四五六七八九十]+(?:部分|章)")
_HEADING_MARK = re.compile(r"^(?:附?[件表][一二三四五六七八九十\d]*[:：.、]?|第[一二三四五六七八九十]+(?:部分|章)|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．])")
_PAGE_TAIL = re.compile(r"(?:[.…·．]{2,}[.…·．\d]*|[.…·．]+\d+)$")
_TABLE_TITLE = re.compile(r"[^，。；：,;:!！]{0,40}(?:总|汇总|明细|信息|情况|预算|决算|收支|收入|支出)表(?:[(（][^()（）]{0,20}[)）])?")
_DEPARTMENT_TABLE = re.compile(
    r"(?:^|度|部门|单位)(?:收入支出决算(?:汇总|总)?表|收入决算表|支出决算表|收支决算总表)|财政拨款[^表]{0,30}决算|三公[”\"]?经费[^表]{0,12}决算|运行经费支出、国有资产"
)
_SECTION = re.compile(r"决算[^表，]{0,8}(?:情况|说明)")
_BUDGET_TABLE = re.compile(r"预算[^决]*表$|收支总[体]?表$|(?:收入|支出)总[体]?表$")


class Title(NamedTuple):
    """A line that reads as a document's title: despaced text, its place, and its parts.

    name: the unit in it or before it, "" if none. what: 决算, 预算 or 预决算. scope: 部门, 单位, a
    government's 政府, 财政, 公共预算, 基金, or "" (XX局2023年度决算).
    """

    text: str
    place: Place
    name: str
    year: int | None
    scope: str
    what: str
    name_place: Place


class Name(NamedTuple):
    """A unit's name as printed (without spaces), where, how it was found, and how much that counts."""

    text: str
    place: Place
    how: str
    weight: int


class Headlines(msgspec.Struct):
    """Everything collected. years: (year, place, weight). labels: how often 部门： and 单位：."""

    titles: list[Title] = msgspec.field(default_factory=list)
    names: list[Name] = msgspec.field(default_factory=list)
    cover: list[tuple[str, Place]] = msgspec.field(default_factory=list)
    years: list[tuple[int, Place, int]] = msgspec.field(default_factory=list)
    money: list[tuple[str, Place]] = msgspec.field(default_factory=list)
    labels: Counter[str] = msgspec.field(default_factory=Counter)
    final_tables: dict[str, Place] = msgspec.field(default_factory=dict)
    budget_tables: dict[str, Place] = msgspec.field(default_factory=dict)
    grids: int = 0
    sections: dict[str, Place] = msgspec.field(default_factory=dict)


def despace(text: str) -> str:
    """The text without white space and markup, with half-width digits."""
    if _UNUSUAL.search(text):
        return _SPACE.sub("", _MARKUP.sub("", text)).translate(_DIGITS)
    return "".join(text.split())


def year_number(text: str) -> int:
    """2023 from "2023" or "二〇二三"."""
    return int(text.translate(_CHINESE_DIGITS))


def collect(document: Document) -> Headlines:
    """Read the headlines of a document in one pass over its short lines and table heads."""
    found = Headlines()
    on_cover = True
    for block in document.blocks:
        if isinstance(block, GridBlock):
            found.grids += 1
            on_cover = on_cover and len(found.cover) < 3 and len(block.rows) < 4
            _read_grid(block, found)
            continue
        if len(block.text) > 160:
            on_cover = on_cover and len(found.cover) < 3
            continue
        text = despace(block.text)
        if on_cover:
            on_cover = not (_CONTENTS.fullmatch(text) or _PART.match(text)) and len(found.cover) < 40
            if on_cover:
                found.cover.append((text, block.place))
        _read_line(text, block.place, found)
    _read_cover(found)
    return found


def _read_grid(block: GridBlock, found: Headlines) -> None:
    """The first rows of a grid: a title, 部门：, 年度 and 金额单位 often stand inside it."""
    for row in block.rows[:4]:
        for i, cell in enumerate(row):
            if not cell.text or cell.text.isascii() or len(cell.text) > 80:
                continue
            text = despace(cell.text)
            if text.endswith((":", "：")) and i + 1 < len(row):
                text += next((despace(c.text) for c in row[i + 1 :] if c.text), "")
            _read_line(text, cell.place, found)


def _read_line(text: str, place: Place, found: Headlines) -> None:
    if lone := _LONE_YEAR.fullmatch(text):
        found.years.append((year_number(lone.group(1)), place, 4))
    if "单位" in text or "部门" in text:
        if money := _MONEY.search(text):
            found.money.append((money.group(1), place))
        if label := _LABEL.match(text):
            _read_label(label, place, found)
    if "算" not in text and "概况" not in text and "表" not in text:
        return
    body = _PAGE_TAIL.sub("", text)
    bare = _HEADING_MARK.sub("", body)
    if bare.endswith(("表", ")", "）")) and _TABLE_TITLE.fullmatch(bare):
        if _DEPARTMENT_TABLE.search(bare):
            found.final_tables.setdefault(bare, place)
        elif "决算" not in bare and _BUDGET_TABLE.search(bare):
            found.budget_tables.setdefault(bare, place)
    if bare != body and len(body) <= 60:
        _read_heading(body, bare, place, found)


def _read_label(label: re.Match[str], place: Place, found: Headlines) -> None:
    name = label["name"]
    if end := _LABEL_END.search(name):
        name = name[: end.start()]
    name = clean_name(name)
    if not name or _UNITS_ONLY.fullmatch(name) or not is_name(name):
        return
    if year := YEAR.search(label["name"]):
        found.years.append((year_number(year.group(1)), place, 4))
    kind = "单位" if label["kind"] == "单位" else "部门"
    table_head = not label["named"] and not label["who"]
    found.labels[kind] += table_head
    found.names.append(Name(name, place, label[0][: label.start("name") - label.start()], 3 if table_head else 2))


def _read_heading(body: str, bare: str, place: Place, found: Headlines) -> None:
    if _SECTION.search(bare) and not bare.endswith("表"):
        found.sections.setdefault(bare, place)
    if not _PART.match(body):
        return
    year = YEAR.search(bare)
    if year and "算" in bare:
        found.years.append((year_number(year.group(1)), place, 6))
    name = bare.removesuffix("概况").removesuffix("基本") if bare.endswith("概况") else ""
    name = clean_name(name)
    if name not in ("", "部门", "单位", "本部门", "本单位") and is_name(name):
        found.names.append(Name(name, place, "标题", 2))


def _read_cover(found: Headlines) -> None:
    """Titles on the cover, written on one line or broken over two or three."""
    lines = found.cover
    for start in range(len(lines)):
        joined = ""
        for width in range(3):
            if start + width >= len(lines) or len(lines[start + width][0]) > 60:
                break
            joined += lines[start + width][0]
            if len(joined) > 80:
                break
            title = _title(joined, lines[start][1])
            if not title:
                continue
            if width and any(t.place == lines[start + width][1] or t.text == joined for t in found.titles):
                break
            if width and _title(lines[start + width][0], NOWHERE):
                continue  # the last line is a title by itself, and is read when its turn comes
            if not title.name and start:
                name, place = _name_above(lines, start)
                title = title._replace(name=name, name_place=place)
            found.titles.append(title)
            break
    for title in found.titles:
        if title.name:
            found.names.append(Name(title.name, title.name_place, "封面", 8))
        year = title.year or _torn_year(found.cover, title)
        if year:
            found.years.append((year, title.place, 12))


def _torn_year(lines: list[tuple[str, Place]], title: Title) -> int | None:
    """The year of a title like 年度部门决算, whose digits a PDF put on the line before or after."""
    if not title.text.startswith("年"):
        return None
    at = next((i for i, (_, place) in enumerate(lines) if place == title.place), 0)
    for text, _ in lines[max(0, at - 1) : at + 3]:
        if torn := re.match(r"20\d\d(?!\d)", text):
            return int(torn.group())
    return None


def _title(text: str, place: Place) -> Title | None:
    text = text.lstrip("《<")
    if "算" not in text:
        return None
    match = _TITLE.fullmatch(text)
    if not match or _OTHER_ACCOUNTS.search(match["before"]) or (text.endswith("表") and _FLOW.search(text)):
        return None
    before, year = match["before"], None
    if stated := YEAR.search(before):
        year = year_number(stated.group(1))
        head, tail = before[: stated.start()], re.sub(r"^年度?", "", before[stated.end() :])
        before = head if is_name(clean_name(head)) else tail
    name = clean_name(before)
    scope = (match["scope"] or "").removesuffix("收支")
    return Title(text, place, name if is_name(name) else "", year, scope, match["what"], place)


def _name_above(lines: list[tuple[str, Place]], start: int) -> tuple[str, Place]:
    """The unit's name on one of the three lines above a title that has none, and its place."""
    for text, place in reversed(lines[max(0, start - 3) : start]):
        if _LONE_YEAR.fullmatch(text) or re.fullmatch(r"附件?[一二三四五六七八九十\d]*[:：]?|[\d\W]+", text):
            continue
        name = clean_name(text)
        if is_name(name) and _ORGAN.search(name):
            return name, place
    return "", NOWHERE


_ORGAN = re.compile(r"(?:[局厅部委办室会院校所站心队处署府社团行馆台园司库场组科股网旗盟区县市镇乡学关]|街道|中心|[(（](?:本级|汇总|机关)[)）])$")
_NO_NAME = re.compile(r"[。，；：:;！？!?|/\\<>×]|XX|xx|ＸＸ|某某|_{2}|决算|预算|年度|目录|万元|公开[0-9表]|首页|关于")
_PLACEHOLDER = re.compile(r"[(（]?(?:(?:本|该|各|填报)?(?:部门|单位)(?:名称|全称)?|名称|全称)[)）]?")
_NAME_TAIL = re.compile(r"[(（](?:部门|单位|盖章|公章|签章|部门/单位|部门盖章|单位盖章)[)）]$|的$")


def clean_name(text: str) -> str:
    """A unit's name without quotation marks, (部门), (盖章) and a leading 关于."""
    text = text.strip("《》“”\"'.·-—_ ")
    text = re.sub(r"^关于", "", text)
    while (shorter := _NAME_TAIL.sub("", text)) != text:
        text = shorter
    return text


def is_name(text: str) -> bool:
    """Whether the text can be a unit's name: Chinese, short, no sentence, no placeholder."""
    if not 3 <= len(text) <= 50 or _NO_NAME.search(text) or _PLACEHOLDER.fullmatch(text):
        return False
    return len(re.findall(r"[\u4e00-\u9fff]", text)) * 2 >= len(text)


def prose(document: Document) -> Iterator[str]:
    """Every text line of the document, spaces and all."""
    return (block.text for block in document.blocks if isinstance(block, TextBlock))


def money_in_prose(text: str) -> str | None:
    """The money unit most amounts in running text are written with."""
    common = Counter(_PROSE_MONEY.findall(_SPACE.sub("", text))).most_common(1)
    return common[0][0] if common else None

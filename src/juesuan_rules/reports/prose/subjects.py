"""Noun phrases: stripped of year, unit and verb; folded, so that variants of one name compare equal."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.lexicon import GENERIC, SETTLED, YEAR, Words

_NAMES = 8
LONGEST = 90
"""A noun phrase is not longer: a 类/款/项 path reaches about 70 characters."""

_ORG_TAILS = tuple("局 委 办 部 院 校 中心 会 队 厅 处 站 所 政府 部门 单位 室 馆 园 庭 台 社 镇 乡 街道 学 医院 机关 集团 （部门） （本级） （汇总） （单位） (部门) (本级) (汇总) 库 系统 省 市 县 区 旗".split())
_ORG_HEADS = Words(
    "本部门（单位） 本单位（部门） 我部门（单位） 我单位（部门） 本部门(单位) 本部门 本单位 我单位 我局 我部门 我办 我委 我院 我校 我厅 我中心 本局 本委 本办 本院 本校 本厅 本中心 各单位 全局 我区 我县 我市 本部 部门（单位） 单位（部门） 本机关 局机关 部门所属单位".split()
)
_LEADING = Words(
    "其中 包括 主要包括 具体包括 其中包括 主要是 主要为 主要有 一是 二是 三是 四是 五是 六是 七是 八是 九是 同时 此外 另外 另 以及 及 与 并 且 即 共计 共有 共 累计 全年共 全年 当年 今年 年度 其 该 截至年末 截止年末 截至年底 截至目前 "
    "截至 截止 至 本年度 和 ， 。 ； ： 、 ！ ？ ” ） 开展的 部门决算 单位决算 开支 是 为 有 合计有 总共 仅 按照 按 在 由 含 分别为 具体为 具体是 其余 实际 已 均 则 而 我们 发生 对 年末 期末 如 例如 比如 重点 主要 反映 例如： 现有 实有 拥有 目前 年底 本期 共同 组织".split()
)
_KEPT = ("年末结转", "年末结余", "其他", "其它", "其余", "年末公", "主要领导", "主要负责", "与", "由", "在职", "在编", "在岗", "对个人", "对附属", "对企业", "对社会", "实际占", "和", "及", "组织事务", "组织部", "有线", "在校", "共产", "共青", "公", "按揭", "对外", "含", "重点", "至")
"""Words that begin like one of those and are nouns all the same."""
_REALLY = ("与上年", "与年初", "与预算", "由于", "在此", "含：", "及其")
_TRAILING = Words(
    "为 是 达 达到 共 ， ： 决算 决算数 决算额 决算总额 决算金额 等 约 的 有 均 各 共计 累计 实际 分别 实际执行 、 和 及 与 ； 数为 总共 完成 实现 仅 其中 安排 于 已 了 完成数 合计为 决算共 同比 比 （ 总额为 也 在".split()
)
_VERBS = re.compile(r"(?:涉及到?|参加|组织|(?<!外事)(?<!国内)(?<!公务)(?<!外宾)接待(?=[一-鿿]{0,6}(?:团组|批次|来访|来宾|人次|外宾))|纳入|反映|购入|(?:财政拨款|开支|使用|(?<!收入)安排|负担|运行维护费|支付)的)")
_KEEP_VERB = ("资金", "金额", "预算资金", "预算金额", "财政资金", "单位")
_MASKS = "某×xX*＊"
_MIDDLE_YEAR = re.compile(r"20\d\d年(?:度)?(?!\d{1,2}月)|(?:截[至止]|至)?20\d\d年\d{1,2}月(?:\d{1,2}日|底|末)?|(?<=[一-鿿])(?:今年|本年度|当年度)|\d{1,2}月\d{1,2}日")
_WITH = re.compile(r"(?<=[总合]计)（含[^（）]{2,20}）$")
_EXPLAINED = re.compile(r"（(?!不?含|不包括|[^（）]{0,9}(?:以上|以下))[^（）]{6,80}）$")
_MARKER = re.compile(r"^[\s\-·•*●■▪◆]*(?:（[一二三四五六七八九十\d]{1,3}）|\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}(?:[、．)）]|\.(?!\d))|[①-⑳]|第[一二三四五六七八九十]{1,3}[，、：])+\s*")


def strip_marker(text: str) -> str:
    """The text without the list number it begins with."""
    return _MARKER.sub("", text[:40], count=1) + text[40:]


def marker_kind(marker: str) -> str:
    """Which series a list number belongs to: "1." and "2." are one, "(1)" another."""
    text = re.sub(r"[\d]+", "1", marker.strip().replace("(", "（").replace(")", "）"))
    text = re.sub(r"[一二三四五六七八九十]+", "一", text)
    return "①" if text[:1] and "①" <= text[0] <= "⑳" else text.replace("．", ".").replace("1、", "1.")


def find_marker(text: str) -> str:
    """The list number a text begins with, or ""."""
    found = _MARKER.match(text[:40])
    return found.group().strip() if found else ""


def unit_names(sentences: tuple[Sentence, ...], unit: str = "") -> tuple[str, ...]:
    """What the report calls its unit: its name and what that ends with, and what stands at least twice in front of a year, the longest first."""
    counts = Counter[str]()
    for name in _short_names(unit):
        counts[name] += 2
    for sentence in sentences:
        year = YEAR.search(sentence.text, 0, 60)
        if year and 3 < year.start() <= 45:
            name = strip_marker(sentence.text[: year.start()]).strip("，。：")
            if name.endswith(_ORG_TAILS) and not any(mark in name for mark in "，。；：") and "支出" not in name:
                counts[name] += 1
    return tuple(sorted((name for name, n in counts.items() if n > 1), key=len, reverse=True)[:_NAMES])


def _short_names(unit: str) -> list[str]:
    """某省某市统计局, 某市统计局, 市统计局, 统计局: a unit's name without the regions it begins with."""
    name = _IN_BRACKETS.sub("", unit.replace(" ", ""))
    starts = [0, *[at.end() for at in _REGIONS.finditer(name)], *[at.start() for at in _REGIONS.finditer(name)]]
    return [name[at:] for at in starts if len(name) - at >= 3]


_IN_BRACKETS = re.compile(r"[（(][^（()）]{0,20}[)）]$")
_REGIONS = re.compile(r"省|自治区|市|区|县|自治州|州|旗|盟")


def clean_subject(phrase: str, units: tuple[str, ...] = ()) -> str:
    """The noun phrase without what stands around it: connecting words, unit, year, verbs; "" for none.

    完整的 类/款/项 paths stay whole.
    """
    text = phrase[-2 * LONGEST :].replace(" ", "")
    text = _strip_unit(_strip_leading(strip_marker(text)), units)
    text = _MIDDLE_YEAR.sub("", text)
    at = text.find("共有")
    if 0 < at <= 30:
        text = text[at + 2 :]
    text = _WITH.sub("", text)
    text = _strip_leading(_strip_unit(_strip_leading(text), units))
    verbs = [verb.end() for verb in _VERBS.finditer(text)]
    if verbs and verbs[-1] < len(text) and not text[verbs[-1] :].startswith(_KEEP_VERB):
        text = _strip_leading(text[verbs[-1] :])
    text = _TRAILING.cut_links(text)
    text = _TRAILING.cut_links(_EXPLAINED.sub("", text))
    settled = SETTLED.at_end(text)
    if settled and settled not in ("决算支出", "决算收入"):
        text = text[: -len(settled)]
    text = text.strip("，。：；、 ")
    return _unquoted(text)


def clean_whole(phrase: str, units: tuple[str, ...] = ()) -> str:
    """The name of what a share is of, as printed but for unit and year."""
    text = _strip_unit(phrase[-2 * LONGEST :].replace(" ", ""), units)
    year = YEAR.match(text)
    return (text[year.end() :] if year else text).strip("，。：；、的")


def _strip_leading(text: str) -> str:
    while True:
        if text.startswith("本年") and not text.startswith(("本年收入", "本年支出", "本年度")):
            text = text[2:]
            continue
        word = _LEADING.at_start(text)
        if word == "当年" and text[len(word) :].startswith(("收入", "支出")):
            return text  # 当年支出 is 本年支出, and names something
        if not word or (text.startswith(_KEPT) and not text.startswith(_REALLY) and word not in ("及",) and not text.startswith("其余") and len(text) > len(word)):
            if text[:1] in "和及与、" and text[1:2]:
                text = text[1:]
                continue
            year = YEAR.match(text)
            if year is None:
                return text
            word = year.group()
        text = text[len(word) :]


def _strip_unit(text: str, units: tuple[str, ...]) -> str:
    for name in units:
        if text.startswith(name):
            return text[len(name) :].removeprefix("的")
    word = _ORG_HEADS.at_start(text) or _masked_name(text)
    if word:
        return text[len(word) :].removeprefix("的")
    year = YEAR.search(text, 0, 50)
    if year and text[: year.start()].endswith(_ORG_TAILS) and "支出" not in text[: year.start()] and "收入" not in text[: year.start()]:
        return text[year.end() :]
    return text


def _masked_name(text: str) -> str:
    """The name of a unit as samples print it (某市某局, ××市××局) where the text begins with one, else ""."""
    found = _masked().match(text) if text[:1] in _MASKS else None
    return found.group() if found else ""


@cache
def _masked() -> re.Pattern[str]:
    # Seldom needed, and slow to compile.
    return re.compile(rf"[{_MASKS}][一-鿿{_MASKS}]{{0,20}}?(?:局|委员会|办公室|办|厅|院|中心|学校|大学|中学|小学|会|队|站|所|政府|部)(?![一-鿿]{{0,3}}[属级])")


def _unquoted(text: str) -> str:
    if text.startswith("“") and text.endswith("”") and text.count("“") == 1:
        return text[1:-1]
    if text.count("“") != text.count("”"):
        return text.strip("“”")
    return text


def is_generic(subject: str) -> bool:
    """Whether the phrase only stands for a subject named before."""
    return not subject or subject in GENERIC


_DROP = str.maketrans("", "", "“”\"'《》（）()【】 、的：，·")
_SUM = Words("合计 总额 金额 总金额 合同总额 数额".split())
_BOTH = re.compile(r"^收入?[、和及]?支出?")
_REPLACE = (
    ("收入总计支出总计", "收支总计"), ("收入合计支出合计", "收支合计"),
    ("预算财政拨款", "预算"),
    ("授予中小微企业", "授予中小企业"), ("运行维护费", "运行费"), ("运行及维护费", "运行费"), ("购置及运行", "购置运行"), ("购置和运行", "购置运行"), ("出国境", "出国"), ("三公经费", "三公"), ("总支出", "支出总计"), ("总收入", "收入总计"),
    ("其它", "其他"), ("年初结转和结余", "年初结转结余"), ("年末结转和结余", "年末结转结余"), ("结转和结余", "结转结余"), ("机构运行", "机关运行"), ("支出总额", "支出"), ("采购总额", "采购"), ("支出总金额", "支出"),
)  # fmt: skip
_QUALIFIERS = ("一般公共预算", "财政拨款", "安排", "使用", "部门")
_WHOLES = {
    "中小企业采购": "授予中小企业合同", "中小企业合同": "授予中小企业合同", "采购授予中小企业合同": "授予中小企业合同", "政府采购授予中小企业合同": "授予中小企业合同", "中小企业政府采购": "授予中小企业合同", "政府采购": "政府采购",
    "货物采购": "采购货物", "政府采购货物": "采购货物", "货物": "采购货物", "工程采购": "采购工程", "政府采购工程": "采购工程", "工程": "采购工程", "服务采购": "采购服务", "政府采购服务": "采购服务", "服务": "采购服务",
    "采购合同": "政府采购", "采购": "政府采购", "授予中小企业采购": "授予中小企业合同", "授予中小企业": "授予中小企业合同", "中小企业": "授予中小企业合同", "授予中小企业政府采购合同": "授予中小企业合同",
}  # fmt: skip


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """The key under which variants of one name meet: 本年收入 = 收入合计, “三公”经费 = “三公”经费支出.

    收入总计 and 收入合计 stay apart (the one has carry-overs in it), and so do kinds of money.
    """
    text = name.translate(_DROP)
    for word in ("决算", "本年度", "本年", "当年", "今年", "全年", "年度"):
        if len(text) > len(word) + 1:
            text = text.replace(word, "")
    for old, new in _REPLACE:
        text = text.replace(old, new)
    text = _fold_both(text)
    if "三公" in text or "机关运行" in text:
        for word in _QUALIFIERS:
            text = text.replace(word, "")
    while (word := _SUM.at_end(text)) and len(text) > len(word):
        text = text[: -len(word)]
    if text.endswith("支出") and len(text) > 3:
        text = text[:-2]
    return _WHOLES.get(text, text)


def _fold_both(text: str) -> str:
    for word in ("收入支出", "收支"):
        if word in text:
            return text.replace(word, "收支", 1)
    return text


def abbreviates(short: str, long: str) -> bool:
    """Whether one phrase is a shorter naming of the other (支出 of 支出总计, 结转结余 of 年末结转和结余)."""
    a, b = fold_name(short), fold_name(long)
    if a == b:
        return True
    if not a or len(a) >= len(b):
        return False
    if a in ("支出", "收入"):
        return b.startswith(a) or b in ("财政拨款", "财政拨款收入", "一般公共预算")
    if short.endswith(("支出", "收入")) and side_named(short) != side_named(long) != "":
        return False
    return b.endswith(a) or (b.startswith(a) and not _GOES_ON.match(b, len(a)))


_GOES_ON = re.compile(r"[及和与、]|购置|运行|维护|收|支")
"""A name that goes on so is of more than its beginning (公务用车购置及运行费, 财政拨款收支总计)."""


def is_side_of(side: str, both: str) -> bool:
    """Whether a name is one side of an account that another names with both (收入总计 of 收、支总计): no part of it."""
    return side_named(both) == "收支" and side.endswith(("总计", "合计")) and side_named(side) in ("收入", "支出")


def are_sides(one: str, other: str) -> bool:
    """Whether two names are of the two sides of one account (收入总计, 支出总计)."""
    a, b = fold_name(one), fold_name(other)
    return a != b and a.endswith("总计") and (a.replace("收入", "支出") == b or a.replace("支出", "收入") == b)


def side_named(name: str) -> str:
    """Whether a name is of money received, spent or both."""
    received, spent = "收" in name, "支" in name
    return "收支" if received and spent else "支出" if spent else "收入" if received else ""

"""What a figure is to its subject, read off the words directly in front of it.

`read_relation` looks at the end of the words before a figure, the longest trigger first: a word of
change, 占…的, 完成…的, a budget noun, a settled one. What is left in front of the trigger is the subject.
"""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.reports.prose.lexicon import (
    BEFORE_CHANGE,
    BUDGET,
    BUDGET_NAMES,
    CHANGE,
    CHANGE_NOUNS,
    COMPARISON,
    COMPLETION,
    DIFFERENCE_NOUNS,
    DIRECTIONS,
    ENDS_COMPARISON,
    EXECUTED,
    LINKS,
    NOT_PRIOR,
    PRIOR,
    RATE_NOUNS,
    SETTLED,
    SHARE,
    SHORT_DIRECTIONS,
    TO,
    YEAR,
    Words,
)

VALUE, BUDGETED, DONE, RATE, CHANGED, PART, COMPLETED, BASE, FROM, NONE = "值", "预算数", "执行数", "增减率", "增减额", "占比", "完成率", "基数", "自", ""
PRIOR_VALUE, WHOLE = "上年数", "总体"


class Relation(msgspec.Struct, frozen=True):
    """kind: one of the names above, "" where the words are not understood. subject: the words in front of
    the trigger, uncleaned. base: what the figure is relative to. direction: 增加, 减少 or "". shared:
    分别 or 各 stands with it. template: 增加（减少） was left as the template has it. by_sign: the sign tells."""

    kind: str
    subject: str = ""
    base: str = ""
    direction: str = ""
    shared: bool = False
    each: bool = False
    template: bool = False


_NAMES = tuple(BUDGET_NAMES.words)
_NAMED_MONEY = Words(("资金", "金额", "收入", "支出", "项目", "安排", "数", "总额"))
_TEMPLATE = re.compile(r"(增加|增长|上升|提高|减少|下降|降低|增|减|升|降)[（(/或、](减少|下降|降低|增加|增长|上升|减|降|增|以[“”\"'负－\-号填列]{1,8})[^（()）]{0,12}[)）]?$")
_HAS_BUDGET = re.compile(r"(?:年初|全年|当年度?|本年度?|调整后?|批复|部门|年度|财政|原|支出|收入|拨款|安排)*预算(?:批复|安排|控制|支出|收入|指标|执行|调整)*(?:总额|金额|数|额|资金)?")
_OF_BUDGET = re.compile(r"(?:为|是|达到|达|占|相当于|完成了?|占到)?(" + _HAS_BUDGET.pattern + r")的?$")


def read_relation(lead: str, percent: bool, first: bool = True) -> Relation:
    """The relation of a figure to what stands before it.

    lead: the words between it and the pause or figure before it. percent: whether it is one. first:
    whether no other figure stands before it in its clause.
    """
    text = LINKS.cut_links(lead.strip())
    shared = "分别" in lead[len(text) :] or "分别" in text[-12:]
    changed = _read_change(text, lead, percent, shared)
    if changed is not None:
        return changed
    if percent:
        return _read_percentage(text, lead, shared)
    return _read_money(text, shared, first)


def _read_change(text: str, lead: str, percent: bool, shared: bool) -> Relation | None:
    template = _TEMPLATE.search(text[-24:])
    if template:
        before = text[: len(text) - len(text[-24:]) + template.start()]
        return _changed(before, "", percent, shared, template=True)
    noun = RATE_NOUNS.at_end(text) if percent else DIFFERENCE_NOUNS.at_end(text)
    if noun:
        return _changed(text[: -len(noun)], "", percent, shared)
    if text.endswith(("增加到", "增长到", "提高到", "上升到", "增至", "增加至", "增长至", "减少到", "减少至", "下降到", "下降至", "降至", "降到", "提高至", "上升至", "降低到", "降低至", "减至", "压减至", "压缩至", "压减到", "增到")):
        return Relation(VALUE, _before_to(text))
    bare = text
    for _ in range(2):
        word = CHANGE.at_end(bare)
        if word:
            return _changed(bare[: -len(word)], DIRECTIONS[word], percent, shared)
        noun = CHANGE_NOUNS.at_end(bare)
        if not noun or (not CHANGE.at_end(LINKS.cut_links(bare[: -len(noun)])) and not CHANGE_NOUNS.at_end(bare[: -len(noun)])):
            break
        bare = LINKS.cut_links(bare[: -len(noun)]) if CHANGE.at_end(LINKS.cut_links(bare[: -len(noun)])) else bare[: -len(noun)]
    return _read_short_change(text, percent, shared)


def _read_short_change(text: str, percent: bool, shared: bool) -> Relation | None:
    short = text[-2:] if text[-2:] in ("多支", "少支") else text[-1:]
    direction = SHORT_DIRECTIONS.get(short)
    if direction is None:
        return None
    before = BEFORE_CHANGE.cut_end(text[: -len(short)])
    if before != text[: -len(short)] or not before or compared(before)[1] or before.endswith(("相比", "合计", "总计", "支出", "收入", "费", "同比")):
        return _changed(text[: -len(short)], direction, percent, shared)
    return None


def _before_to(text: str) -> str:
    for at in range(len(text) - 4, len(text) - 1):
        word = text[max(at, 0) : -1]
        if word in DIRECTIONS or word in SHORT_DIRECTIONS:
            return text[: max(at, 0)]
    return text[:-1]


def _changed(before: str, direction: str, percent: bool, shared: bool, template: bool = False) -> Relation:
    each = before.endswith(("各", "均", "都", "各自"))
    same = "同比" in before[-6:]
    before = BEFORE_CHANGE.cut_end(before)
    subject, base = compared(before)
    if not base and same:
        base = "上年"
    return Relation(RATE if percent else CHANGED, BEFORE_CHANGE.cut_end(subject), base, direction, shared, each, template)


def compared(text: str) -> tuple[str, str]:
    """(words before and after it, base) of the last comparison in the text; base "" where there is none.

    “2023年收入较上年决算数” → (2023年收入, 上年决算数); “与上年相比，收入” → (收入, 上年).
    """
    comparisons = list(COMPARISON.finditer(text, max(len(text) - 80, 0)))
    if not comparisons:
        return text, ""
    found = comparisons[-1]
    base, after = text[found.end() :], ""
    for mark in ("相比较", "相比", "对比", "比较"):
        at = base.find(mark)
        if at > 0:
            base, after = base[:at], base[at + len(mark) :]
            break
    if len(base) > 45:
        return text, ""
    if not after and base.endswith("比") and text[found.start()] in "与同和":
        base = base[:-1]
    before = text[: found.start()]
    # 与上年相比，收入…: the subject may stand on either side, hardly ever on both.
    subject = after.strip("，、 ") or before
    return subject, tidy_base(base)


def tidy_base(base: str) -> str:
    """The base as named, without the words of comparison around it."""
    for unit in ("本部门", "我单位", "本单位", "其"):
        base = base.removeprefix(unit)
    return LINKS.cut_links(ENDS_COMPARISON.cut_end(base)).removesuffix("，")


def clean_base(text: str) -> str:
    """The name of a whole in front of its own figure (占年初预算370.44万元的…)."""
    return LINKS.cut_links(text.strip("，的"))


def is_budget(base: str) -> bool:
    """Whether the base is a budget (年初预算, 全年预算数), not money named after one (一般公共预算)."""
    bare = base
    for name in BUDGET_NAMES.words:
        bare = bare.replace(name, "")
    return "预算" in bare or bare in ("年初", "年初数", "年初安排", "年初安排数", "年初批复数", "年初批复", "批复数")


def _read_percentage(text: str, lead: str, shared: bool) -> Relation:
    completion = COMPLETION.at_end(text)
    if completion:
        return Relation(COMPLETED, _without_budget(text[: -len(completion)]), _budget_of(completion) or _budget_of(text) or "预算", shared=shared)
    at = text.rfind("占")
    if at >= 0 and text[at + 1 : at + 2] not in ("用", "地", "有", "领", "道"):
        return _read_share(text, at, shared)
    done = text.rfind("完成")
    if done >= 0:
        base = text[done + 2 :].removeprefix("了").removesuffix("的")
        if _HAS_BUDGET.fullmatch(base) or (is_budget(base) and len(base) <= 16):
            return Relation(COMPLETED, text[:done], base.removesuffix("的"), shared=shared)
        if not base:
            return Relation(COMPLETED, text[:done], "预算", shared=shared)
        return Relation(NONE)
    of = _OF_BUDGET.search(text[-40:]) if text.endswith("的") else None
    if of and of.group(1) and of.start() < of.start(1):
        return Relation(COMPLETED, text[: len(text) - len(text[-40:]) + of.start()], of.group(1), shared=shared)
    share = SHARE.at_end(text)
    if share:
        return Relation(PART, text[: -len(share)].removesuffix("的").removesuffix("所"), shared=shared)
    if text.endswith(("的", "中", "内")):
        return Relation(NONE)
    return Relation(VALUE, text, shared=shared)


def _read_share(text: str, at: int, shared: bool) -> Relation:
    subject, whole = text[:at].removesuffix("分别").removesuffix("所").removesuffix("，"), text[at + 1 :]
    whole = whole.removeprefix("到").removeprefix("全部").removeprefix("整个").removeprefix("了")
    for word in ("的比重", "的比例", "的百分比", "的比率", "总比重", "比重", "比例", "比率", "百分比", "的", "比"):
        if whole.endswith(word):
            whole = whole[: -len(word)]
            break
    whole = whole.removesuffix("总量") if len(whole) > 4 else whole
    if is_budget(whole) and _HAS_BUDGET.search(whole) and whole.endswith(tuple(BUDGET.words)) and not whole.endswith(_NAMES):
        return Relation(COMPLETED, subject, whole, shared=shared)
    return Relation(PART, subject, whole, shared=shared)


def _read_money(text: str, shared: bool, first: bool) -> Relation:
    of_text = text.removesuffix("的")
    subject, base = compared(of_text)
    if base:
        return Relation(BASE, subject, base)
    if text.endswith(("由", "从", "自")) or of_text[-10:].startswith(("由上年", "从上年")):
        return Relation(FROM, text[:-1])
    moved = re.search(r"(?:由|从)(上年[度]?|20\d\d年度?|去年|年初预算数?)(?:的|决算数?|数)*$", of_text[-20:])
    if moved:
        return Relation(BASE, of_text[: len(of_text) - len(of_text[-20:]) + moved.start()], moved.group(1))
    of = text.rfind("占")
    if 0 <= of < len(text) - 2 and text[of + 1] not in "用地有领道":
        return Relation(WHOLE, text[:of], clean_base(text[of + 1 :]))
    executed = EXECUTED.at_end(text)
    if executed:
        return Relation(DONE, text[: -len(executed)], shared=shared)
    if not _NAMED_MONEY.cut_end(text).endswith(_NAMES):
        budget = BUDGET.at_end(text)
        if budget and not text.endswith(("涉及预算金额", "涉及预算资金", "涉及预算", "政府采购预算", "采购预算", "采购预算金额")):
            kept = next((word for word in ("支出", "收入") if budget.startswith(word)), "")
            return Relation(BUDGETED, text[: -len(budget)] + kept, budget, shared=shared)
    prior = _read_prior(text)
    if prior is not None:
        return prior
    if text.endswith(("的", "未", "不", "每")) and not first:
        return Relation(NONE)
    return Relation(VALUE, text, shared=shared)


def _read_prior(text: str) -> Relation | None:
    """上年为…, 上年决算数为…, 2022年度决算数为…: last year's figure of the subject."""
    word = PRIOR.at_start(text)
    at = 0
    if not word:
        for one in ("上年度", "上年", "去年"):
            at = text.rfind(one)
            if at > 0 and SETTLED.cut_end(text[at + len(one) :]) in ("", "支出", "收入", "数"):
                word = one
                break
    rest = text[at + len(word) :] if word else ""
    if not word or rest.startswith(NOT_PRIOR) or "预算" in rest[:6]:
        return None
    return Relation(PRIOR_VALUE, text[:at] or rest, word)


def aspect_of_change(kind: str, base: str) -> str:
    """The aspect of a change (增减额, 比预算增减率 …) of that kind relative to a base."""
    return ("比预算增减" if is_budget(base) else "增减") + ("率" if kind == RATE else "额")


def year_named(text: str) -> int | None:
    """The year a base or phrase names, or None."""
    found = YEAR.search(text)
    return int(found.group()[:4]) if found else None


def _budget_of(text: str) -> str:
    found = _HAS_BUDGET.findall(text[-24:])
    return TO.cut_end(found[-1]).removesuffix("执行") if found else ""


def _without_budget(text: str) -> str:
    """The subject of 预算执行率, without the budget noun it still carries."""
    text = text.removesuffix("的")
    if text.endswith(_NAMES):
        return text
    word = BUDGET.at_end(text)
    return text[: -len(word)] if word else text

"""What clauses say without a figure: comparisons announced, 持平, 大于预算数, reasons."""

from __future__ import annotations

import re

from juesuan_rules.reports.prose.lexicon import ABOVE, BEFORE_CHANGE, BELOW, CHANGE, COMPARISON, DIRECTIONS, LEVEL, OPENERS, PURPOSES, REASONS, SAME, USED_FOR
from juesuan_rules.reports.prose.relations import compared, is_budget, tidy_base, year_named
from juesuan_rules.reports.prose.subjects import clean_subject, is_generic
from juesuan_rules.reports.prose.topics import CHANGES, Draft, Talk, Topic, is_plausible

_NOTED = re.compile(r"（[^（）]{1,12}）$")
_REASON_LENGTH = 240
_ADVERBS = ("基本", "大体", "总体", "大致", "完全", "相比", "均", "都", "略", "有所", "比较", "相比较", "对比", "保持", "数")
_BUDGET_WORDS = ("年初预算数", "年初预算", "全年预算数", "全年预算", "预算数", "调整预算数", "调整后预算", "预算安排", "预算")


def find_reason(text: str) -> tuple[int, int]:
    """(where a reason begins, where its wording begins) in a clause; (-1, -1) where none does."""
    best = (-1, -1)
    for word in REASONS:
        at = text.find(word)
        if at >= 0 and (best[0] < 0 or at < best[0]):
            best = (at, at + len(word))
    return best


def find_purpose(text: str) -> int:
    """Where the clause begins to say what money is for; -1 where it does not."""
    found = [at for word in PURPOSES if (at := text.find(word)) >= 0]
    return min(found) if found else -1


def read_opener(text: str, closing: str) -> tuple[str, str]:
    """(word that opens a list, the clause without it): at the start of a clause, or all of its end."""
    bare = _NOTED.sub("", text.strip()).rstrip("为是有") if closing == "：" else text.strip()
    word = OPENERS.at_start(bare)
    if word and (word not in ("构成", "组成", "如下", "如", "一是", "主要有", "包含") or closing in ("：", "，")) and not (word == "如" and bare[1:2] in ("期", "下", "实", "何", "果")):
        return word, bare[len(word) :]
    if closing in ("：", "，", "") or closing == "。":
        word = OPENERS.at_end(bare) or (USED_FOR.at_end(bare) if closing == "：" else "")
        if word and word not in ("如", "一是") and (closing == "：" or (closing == "，" and word in ("其中", "包括"))):
            return word, ""
    return "", text


def project_name(text: str) -> str:
    """The project of a heading like “…”项目绩效自评综述, as printed."""
    name = text.strip("：")
    for word in ("绩效自评综述", "自评综述", "绩效评价综述", "评价综述", "自评结果综述", "综述"):
        if name.endswith(word):
            name = name[: -len(word)]
            break
    name = name.removesuffix("支出").removesuffix("的") if name.endswith("项目支出") else name
    if name.endswith("”项目") or (name.endswith("项目") and not name.endswith(("建设项目", "外包项目"))):
        name = name.removesuffix("项目")
    return (name[1:-1] if name.startswith("“") and name.endswith("”") else name).strip()


def announced(text: str) -> str:
    """The base of a comparison that a clause announces for what follows (与上年相比，…); "" for none."""
    bare = text.strip()
    word = CHANGE.at_end(bare)
    if word and len(bare) < 40:
        return compared(BEFORE_CHANGE.cut_end(bare[: -len(word)]))[1]
    if not bare.endswith(("相比", "比较", "相比较", "对比", "比", "来看", "而言")) and "相比" not in bare[-20:]:
        return ""
    return "" if any(word in bare for word in SAME) else compared(bare)[1]


def accepts(talk: Talk, base: str) -> bool:
    """Whether a base is the year before this one, or a budget; other years compare with something else."""
    year = year_named(base)
    if year is None or talk.year is None:
        return bool(base)
    return year == talk.year - 1 or (year == talk.year and is_budget(base))


def read_level(talk: Talk, text: str, totals: tuple[Topic, ...]) -> bool:
    """与上年持平, 未增加, 决算数大于预算数: said without a figure. Whether the clause says so."""
    settled = _read_against_budget(text)
    if settled:
        _add_completion(talk, *settled)
        return True
    mark = next((word for word in SAME if word in text), "")
    if not mark:
        return False
    before = text[: text.find(mark)]
    for word in (*_ADVERBS, *_ADVERBS):
        before = before.removesuffix(word)
    phrase, base = compared(before)
    if not base and talk.compare:
        phrase, base = before, talk.compare[0]
    if not base or not accepts(talk, base):
        return False
    subject = clean_subject(phrase, talk.units)
    if is_budget(base):
        if subject and not is_generic(subject) and is_plausible(subject):
            topic = talk.resolve(subject, totals)
        else:
            topic = talk.current()
        if topic is not None:
            _add_completion(talk, LEVEL, base, topic)
        return True
    topic = talk.resolve(subject, totals) if not is_generic(subject) and is_plausible(subject) else talk.current()
    if topic is None:
        return False
    name = subject if not is_generic(subject) else topic.subject
    base_at = talk.compare[1] if talk.compare and talk.compare[0] == base else None
    draft = Draft((talk.index, -1), topic, name, "增减额", base=base, base_at=base_at, direction=LEVEL)
    talk.group = [talk.add(draft)]
    if topic.value is None:
        talk.remember(topic)
    return True


def _read_against_budget(text: str) -> tuple[str, str, str] | None:
    """(direction, base, subject's words) of 决算数大于预算数 and the like; None where it says no such thing."""
    for direction, words in (("大于", ABOVE), ("小于", BELOW), (LEVEL, ("等于", "持平于", "持平"))):
        for word in words:
            at = text.find(word)
            if at < 0:
                continue
            after = text[at + len(word) :].removeprefix("于")
            for unit in ("本年", "当年", "2"):
                after = after.removeprefix(unit) if unit != "2" else after
            base = next((one for one in _BUDGET_WORDS if after.startswith(one)), "")
            if base and ("决算" in text[:at] or "支出" in text[:at] or "执行" in text[:at] or at == 0) and "%" not in text:
                return direction, base, text[:at]
    return None


def _add_completion(talk: Talk, direction: str, base: str, words: str | Topic) -> None:
    """Give the completion said before its direction, or say it alone."""
    if isinstance(words, Topic):
        topic: Topic | None = words
    else:
        subject = clean_subject(words, talk.units)
        topic = talk.resolve(subject) if not is_generic(subject) and is_plausible(subject) else talk.current()
    if topic is None:
        return
    for draft in reversed(talk.drafts[-12:]):
        if draft.aspect == "完成率" and draft.topic is topic and not draft.direction and draft.at[0] >= talk.index - 6:
            draft.direction = direction
            talk.group = [draft]
            return
    talk.group = [talk.add(Draft((talk.index, -1), topic, topic.subject, "完成率", base=base, direction=direction))]


def give_reason(talk: Talk, text: str, start: int, before: str) -> None:
    """Tell the change or completion a reason is for that it has one. before: the words in front of it."""
    reason = text[start : start + _REASON_LENGTH].lstrip("是：为，系:主要 ").strip()
    if not reason:
        return
    target = _reasoned(talk, before) or talk.group
    for draft in target:
        draft.reason = draft.reason or reason


def _reasoned(talk: Talk, before: str) -> list[Draft]:
    """The drafts that 决算数较上年减少的(原因), 差异(原因) speak of; [] for those said last."""
    found = COMPARISON.search(before)
    changed = CHANGE.at_end(before.removesuffix("的"))
    recent = [draft for draft in talk.drafts[-16:] if draft.at[0] >= talk.index - 2]
    topic = talk.current()
    if found and (changed or "差异" in before):
        budget = is_budget(tidy_base(before[found.end() :])) and "预算" in before
        wanted = ("完成率", "比预算增减额", "比预算增减率") if budget else CHANGES[:2]
        return [draft for draft in recent if draft.aspect in wanted and (draft.topic is topic or draft.topic is talk.main)]
    if changed and len(before) <= 8:
        return [draft for draft in recent if draft.aspect in CHANGES and draft.direction in (DIRECTIONS[changed], "") and draft.topic is (talk.group[-1].topic if talk.group else topic)]
    return []

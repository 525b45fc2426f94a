"""声明无: sentences that say there was none of something (本部门2023年度无政府性基金预算财政拨款支出)."""

from __future__ import annotations

import re

from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.lexicon import REASONS
from juesuan_rules.reports.prose.subjects import clean_subject, strip_marker, unit_names

_NONE = re.compile(r"(?:没有发生|没有使用|没有安排|没有|未发生|未使用|未安排|未产生|未涉及|未列支|不涉及|不存在|无)")
_HEADS = re.compile(r"(?:也|均|都|既|暂|并|尚|同时|，|当年|本年|本年度|今年|年度|我|单位|部门)*$")
_ENDS = re.compile(
    r"(?:支出|收入|收支|收支余|收、支、余|收支结余|支余|经费|费|费用|采购|车辆|资金|结余|结转结余|收支情况|业务|收入和支出|预算财政拨款|政府采购|大型设备|专用设备|公务用车|拨款|项目|预算|收支决算|决算)$"
)
_NOT = ("相关", "此项", "该项", "上述", "变化", "增减", "差异", "预算数", "年初", "对应", "任何", "上年", "这项", "同类", "类款项", "其他事项", "此类", "该类", "本项", "需要", "需说明", "违规", "以上", "超", "不", "形成的", "该款项")
_THIS = re.compile(r"(?:本部门|本单位|我单位|我部门)?(?:20\d\d年度?|本年度?|当年)?(?:本部门|本单位)?(?:没有|无|未发生)(?:此项|该项|此类|该类)(支出|收入|收支|经费|费用)")
_TITLE = re.compile(r"^(?:20\d\d年度?)?|(?:决算)?(?:总体|具体)?(?:情况)?的?(?:说明)?$")
_SKIPPED = frozenset(("目录", "封面", "名词解释"))
_SHORTEST, _LONGEST = 3, 48


def find_denials(sentences: tuple[Sentence, ...]) -> list[tuple[int, str]]:
    """(sentence, subject) of everything the prose and the notes of tables say there was none of."""
    units = unit_names(sentences)
    found: list[tuple[int, str]] = []
    for index, sentence in enumerate(sentences):
        if sentence.role in _SKIPPED or not _NONE.search(sentence.text):
            continue
        for clause in re.split(r"[，。；：]", sentence.text):
            if any(word in clause for word in REASONS):
                break
            subject = _denied(clause, units) or (_denied_by_title(clause, sentence.sections[-1]) if sentence.sections else "")
            if subject and (index, subject) not in found[-6:]:
                found.append((index, subject))
    return found


def _denied_by_title(clause: str, title: str) -> str:
    """本年度无此项支出: the heading says which."""
    found = _THIS.fullmatch(clause)
    name = _TITLE.sub("", strip_marker(title.replace(" ", ""))) if found else ""
    if found is None or not _SHORTEST <= len(name) <= _LONGEST or "、" in name:
        return ""
    word = found.group(1)
    return name if name.endswith(("支出", "收入", "收支", word)) else name + word


def _denied(clause: str, units: tuple[str, ...]) -> str:
    match = _NONE.search(clause)
    if match is None or any("0" <= char <= "9" for char in clause[match.end() :]):
        return ""
    before = clause[: match.start()].removeprefix("注").strip()
    if _HEADS.sub("", clean_subject(before + "某支出", units).removesuffix("某支出")):
        return ""
    phrase = clause[match.end() :]
    phrase = phrase.strip("“”") if phrase.count("“") != phrase.count("”") else phrase
    phrase = phrase.removesuffix("的情况").removesuffix("情况").removesuffix("发生")
    phrase = phrase.removeprefix("使用").removeprefix("安排").removeprefix("发生")
    if phrase.endswith("安排的支出"):
        phrase = phrase.removesuffix("安排的支出") + ("" if phrase.endswith("支出安排的支出") else "支出")
    if phrase.endswith("开支的经费"):
        return ""
    if not _SHORTEST <= len(phrase) <= _LONGEST or any(word in phrase for word in _NOT) or not _ENDS.search(phrase):
        return ""
    return phrase

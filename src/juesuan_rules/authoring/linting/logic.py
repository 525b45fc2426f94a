"""What rules say, before any report: always, never, twice (L301–L306)."""

from __future__ import annotations

from typing import Any

import msgspec

from juesuan_rules.authoring.linting.outcomes import Mark
from juesuan_rules.authoring.linting.truth import Verdict
from juesuan_rules.authoring.linting.work import Authored, Work
from juesuan_rules.language.model import RuleText
from juesuan_rules.packs.versions import overlap

_SAID = frozenset(("W301", "W302"))
"""Warnings of `check` that say already that a check is always the same."""


def check_rule(work: Work, one: Authored) -> None:
    """L301–L304: what holds for every report, under every layout the rule is in force in."""
    if _out_of_range(work, one):
        return
    views = work.views_of(one.rule)
    per_view = [work.outcomes.verdicts(one.rule, view) for view in views]
    if not per_view or not all(per_view):
        return
    said = {number for view in views for number, problem in work.outcomes.outcome(one.rule, view).problems if problem.code in _SAID}
    for number, text in enumerate(one.rule.checks):
        verdicts = [found[number] for found in per_view]
        if number not in said:
            _report(work, one, number, verdicts, lone=len(views) == 1 and _may_have_children(work) and "参数" in text.text)


def _report(work: Work, one: Authored, number: int, verdicts: list[Verdict], lone: bool) -> None:
    outcomes = {verdict.outcome for verdict in verdicts}
    # Where a parameter is what settles it, other regions see another outcome: those count that are in force.
    applied = outcomes - {"never"}
    if outcomes == {"never"}:
        if not lone:
            work.at_check(one, number, "L303", "这项核对永远不适用：条件（when、若）自相矛盾，或与参数的任何取值都不符", "检查条件里的比较和所写的文字")
    elif applied == {"always"}:
        work.at_check(one, number, "L301", "这项核对不看报告就知道一定成立", "检查是否写错了一边，或漏写了要比较的数")
    elif applied == {"fails"}:
        work.at_check(one, number, "L302", "这项核对不看报告就知道一定不成立", "要求同时满足的几件事互相矛盾；检查比较的方向，或把“且”改成“或”")
    elif all(verdict.idle for verdict in verdicts):
        work.at_check(one, number, "L304", "“若”的条件不看报告就知道成立，是多余的", "检查是否写错了一边，或删掉 若 …")


def check_when(work: Work, one: Authored) -> None:
    """L304 for `when`: a condition that always holds, under every layout."""
    conditions = [one.rule.when, *[text.when for text in one.rule.checks]]
    if not any(conditions):
        return
    views = work.views_of(one.rule)
    said = any(problem.code in _SAID for view in views for _, problem in work.outcomes.outcome(one.rule, view).problems)
    idle = [work.outcomes.idle(one.rule, view) for view in views]
    for number, text in enumerate(conditions):
        if text is not None and idle and not said and all(found and found[number] for found in idle):
            work.report("L304", "when 的条件不看报告就知道成立，是多余的", text.locate(0, len(text.text)), rule=one.rule.id, hint="检查是否写错了一边，或删掉 when")


def _may_have_children(work: Work) -> bool:
    return work.scope.start.manifest.level != "项目"


def _out_of_range(work: Work, one: Authored) -> bool:
    rule, pack = one.rule, work.scope.start.manifest
    years = work.scope.span_years()
    if not one.changed and not overlap(rule.applies_years, years):
        work.at(one, "L303", "规则的年度不在规则包的年度之内，永远不适用", "applies", hint="改 applies 的年度，或 pack.yaml 的 years")
        return True
    outside = [r for r in rule.applies_regions if pack.region and not (r.startswith(pack.region) or pack.region.startswith(r))]
    if not one.changed and rule.applies_regions and len(outside) == len(rule.applies_regions):
        work.at(one, "L303", f"规则的地区 {'、'.join(outside)} 不在规则包的地区 {pack.region} 之内，永远不适用", "applies", hint="改 applies 的地区")
        return True
    return False


class Said(msgspec.Struct, frozen=True):
    """What a check says. figures, condition, when: as in its mark. text: as written. limits: years, kinds, regions."""

    rule: RuleText
    number: int
    figures: str
    condition: str
    when: tuple[str, ...]
    text: str
    limits: tuple[Any, ...]


def check_duplicates(work: Work) -> None:
    """L305, L306: checks of the same figures, in the pack's own rules and those it inherits."""
    seen: dict[str, list[Said]] = {}
    authored = {id(one.rule): one for one in work.authored}
    for view in [view for view in work.scope.views if view.own]:
        for rule in view.rules:
            one = authored.get(id(rule))
            marks = work.outcomes.marks(rule, view)
            for number, mark in enumerate(marks):
                this = said_as(rule, number, mark)
                group = seen.setdefault(this.figures, [])
                if any(other.rule is rule and other.number == number for other in group):
                    continue
                if one is not None and group and not work.outcomes.verdicts(rule, view)[number].outcome:
                    _compare(work, one, this, group)
                group.append(this)


def said_as(rule: RuleText, number: int, mark: Mark) -> Said:
    """What a check says, by its mark."""
    return Said(rule, number, *mark, rule.checks[number].text, (rule.applies_years, rule.applies_kinds, rule.applies_regions))


def is_told(one: Said, other: Said) -> bool:
    """Whether L305 or L306 is about two checks of the same figures."""
    if not overlap(one.limits[0], other.limits[0]):
        return False
    same = one.limits == other.limits and one.when == other.when
    return same or (one.condition == other.condition and (_under_less(one, other) or _under_less(other, one)))


def _compare(work: Work, one: Authored, this: Said, group: list[Said]) -> None:
    """Report the first earlier check that says the same, or says it under fewer conditions."""
    for other in group:
        if not is_told(this, other):
            continue
        where = "本规则里的另一项" if other.rule is this.rule else f"规则 {other.rule.id}"
        if this.limits == other.limits and this.when == other.when:
            note = "" if this.condition == other.condition else "，只是容差不同"
            spelled = "" if _plain(this.text) == _plain(other.text) else f"（那里写作 {_short(other.text)}）"
            work.at_check(one, this.number, "L305", f"这项核对与{where}重复：比的是同样的格{note}{spelled}", "删掉一个")
            return
        if _under_less(other, this):
            work.at_check(one, this.number, "L306", f"{where}没有条件，已经包含了这项核对", "删掉这一项，或给那一项也写上条件")
        else:
            work.at_check(one, this.number, "L306", f"这项核对没有条件，包含了{where}", "删掉那一项，或给这一项也写上条件")
        return


def _under_less(one: Said, other: Said) -> bool:
    """Whether `one` holds wherever `other` does, and under fewer conditions."""
    free = ((None, None), (), ())
    fewer = set(one.when) <= set(other.when)
    wider = one.limits in (free, other.limits)
    return fewer and wider and (one.when, one.limits) != (other.when, other.limits)


def _plain(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"

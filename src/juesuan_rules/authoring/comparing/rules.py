"""Rules of two versions compared by meaning: their checked forms, not their wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from juesuan_rules.authoring.comparing.model import Change, Step
from juesuan_rules.language.model import CheckedRule, Form, RuleText

SEVERITIES = ("提示", "警告", "错误")


class RuleSeen(msgspec.Struct, frozen=True):
    """A rule in force in one version: as written, and as checked."""

    text: RuleText
    checked: CheckedRule


def compare_rules(old: Mapping[str, RuleSeen], new: Mapping[str, RuleSeen]) -> Iterator[Change]:
    """Every rule that came, went or changed, in the order of the new version."""
    for rule_id, seen in new.items():
        if rule_id not in old:
            yield Change("规则", rule_id, "added", "minor", (seen.text.title,))
        elif found := list(_differences(old[rule_id], seen)):
            step = max((step for step, _ in found), key=("patch", "minor", "major").index)
            yield Change("规则", rule_id, "changed", step, tuple(text for _, text in found))
    for rule_id, seen in old.items():
        if rule_id not in new:
            yield Change("规则", rule_id, "removed", "major", (seen.text.title,))


def _differences(old: RuleSeen, new: RuleSeen) -> Iterator[tuple[Step, str]]:
    yield from _check_differences(old.checked, new.checked)
    if old.checked.when != new.checked.when:
        yield "major", f"条件：{old.checked.when_source or '（无）'} → {new.checked.when_source or '（无）'}"
    yield from _severity_difference("", old.checked.severity, new.checked.severity)
    for name, before, after in (("文种", old.text.applies_kinds, new.text.applies_kinds), ("地区", old.text.applies_regions, new.text.applies_regions)):
        if set(before) != set(after):
            wider = not after or (before and set(before) < set(after))
            yield "minor" if wider else "major", f"适用{name}：{'、'.join(before) or '全部'} → {'、'.join(after) or '全部'}"
    if old.text.title != new.text.title:
        yield "patch", f"标题：{old.text.title} → {new.text.title}"
    if old.text.basis != new.text.basis:
        yield "patch", f"依据：{_basis(old.text)} → {_basis(new.text)}"
    if old.text.tags != new.text.tags:
        yield "patch", "标签"
    if (old.text.pack, old.text.changed_by) != (new.text.pack, new.text.changed_by):
        yield "patch", f"出处：{old.text.changed_by or old.text.pack} → {new.text.changed_by or new.text.pack}"


def _check_differences(old: CheckedRule, new: CheckedRule) -> Iterator[tuple[Step, str]]:
    if len(old.checks) != len(new.checks):
        more = len(new.checks) > len(old.checks)
        yield "major", f"核对项：{len(old.checks)} 个 → {len(new.checks)} 个（{'增加的可能使原来相符的报告不符' if more else '有的不再核对'}）"
        return
    for number, (before, after) in enumerate(zip(old.checks, new.checks, strict=True), start=1):
        which = f"第 {number} 项" if len(new.checks) > 1 else ""
        if before.form != after.form:
            yield _form_difference(before.form, after.form), f"{which}核对：{before.source} → {after.source}"
        elif before.source != after.source:
            yield "patch", f"{which}写法（含义不变）：{before.source} → {after.source}"
        if before.when != after.when:
            yield "major", f"{which}条件：{before.when_source or '（无）'} → {after.when_source or '（无）'}"
        if before.severity != after.severity:
            yield from _severity_difference(which, before.severity or old.severity, after.severity or new.severity)
        if before.title != after.title:
            yield "patch", f"{which}标题：{before.title or '（无）'} → {after.title or '（无）'}"


def _severity_difference(which: str, before: str, after: str) -> Iterator[tuple[Step, str]]:
    if before != after:
        raised = SEVERITIES.index(after) > SEVERITIES.index(before)
        yield "major" if raised else "minor", f"{which}级别：{before} → {after}"


def _form_difference(before: Form, after: Form) -> Step:
    """minor where only tolerances differ and none became smaller, else major: what held may fail now."""
    olds: list[Any] = []
    news: list[Any] = []
    if _without_tolerance(before, olds) != _without_tolerance(after, news):
        return "major"
    return "minor" if all(_is_wider(a, b) for a, b in zip(olds, news, strict=True)) else "major"


def _without_tolerance(form: Any, tolerances: list[Any]) -> Any:
    """The form with every tolerance taken out and put into the list."""
    if not isinstance(form, tuple):
        return form
    if len(form) == 5 and form[0] == "cmp":
        tolerances.append(form[4])
        form = (*form[:4], None)
    return tuple(_without_tolerance(part, tolerances) for part in form)


def _is_wider(before: Any, after: Any) -> bool:
    if before == after:
        return True
    if before[0] != after[0] or before[0] not in ("fixed", "relative") or before[3:] != after[3:]:
        return False
    return Fraction(after[1], after[2]) >= Fraction(before[1], before[2])


def _basis(rule: RuleText) -> str:
    return "；".join(" ".join(part for part in (document, clause, f"核验 {verified}") if part) for document, clause, verified in rule.basis) or "（无）"

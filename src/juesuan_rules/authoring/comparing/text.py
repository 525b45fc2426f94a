"""A comparison as text and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from juesuan_rules.authoring.comparing.model import STEPS, Change, Comparison, CorpusChange
from juesuan_rules.findings import OUTCOME_ZH

STEP_ZH = {"major": "主版本", "minor": "次版本", "patch": "修订号"}
ACTION_ZH = {"added": "新增", "removed": "删去", "changed": "改动"}
KIND_ZH = {"gained": "多出", "lost": "消失", "changed": "变化"}
_SHOWN = 200
_FINDINGS_SHOWN = 20


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """The comparison for a console; every line still has to be made safe."""
    old, new = comparison.old, comparison.new
    yield f"{old.id} {old.version}（{old.source}） → {new.id} {new.version}（{new.source}）"
    for step in reversed(STEPS):
        group = [change for change in comparison.changes if change.step == step]
        if group:
            yield ""
            yield f"要升{STEP_ZH[step]}的改动 {len(group)} 处"
            yield from (line for change in group[:_SHOWN] for line in change_lines(change))
            if len(group) > _SHOWN:
                yield f"  另有 {len(group) - _SHOWN} 处，见 --json"
    if comparison.corpus is not None:
        yield ""
        yield from _corpus_lines(comparison.corpus)


def change_lines(change: Change) -> list[str]:
    """One change: what, and how."""
    when = f"（{change.years}）" if change.years else ""
    head = f"  {ACTION_ZH[change.action]}{change.kind}  {change.name}{when}"
    if len(change.details) == 1:
        return [f"{head}  {change.details[0]}"]
    return [head, *(f"    {text}" for text in change.details)]


def _corpus_lines(corpus: CorpusChange) -> Iterator[str]:
    counts = Counter(change.kind for change in corpus.findings)
    yield f"{corpus.reports} 份报告上：不符多出 {counts['gained']}，消失 {counts['lost']}，变化 {counts['changed']}"
    for kind in ("gained", "lost", "changed"):
        by_rule: dict[str, list[Any]] = {}
        for change in corpus.findings:
            if change.kind == kind:
                by_rule.setdefault(change.rule, []).append(change)
        for rule, group in by_rule.items():
            yield f"  {KIND_ZH[kind]}  {rule}（{len(group)} 项）"
            for change in group[:_FINDINGS_SHOWN]:
                step = f"{OUTCOME_ZH.get(change.before, '没有')} → {OUTCOME_ZH.get(change.after, '没有')}"
                yield f"    {change.report}  {step}  {change.text}"
            if len(group) > _FINDINGS_SHOWN:
                yield f"    另有 {len(group) - _FINDINGS_SHOWN} 项，见 --json"
    for name, why in corpus.skipped:
        yield f"  没有比较  {name}：{why}"


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain data."""
    plain: dict[str, Any] = msgspec.to_builtins(comparison)
    return {"schema_version": 1, **plain, "step": comparison.step, "least_version": comparison.least, "version_is_enough": comparison.is_enough}

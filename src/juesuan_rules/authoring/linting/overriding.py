"""Overrides that do nothing, overlap with others, or say the contrary of what they are called (L307–L309)."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from juesuan_rules.authoring.linting.truth import WAN
from juesuan_rules.authoring.linting.work import Work
from juesuan_rules.language.memory import content_of
from juesuan_rules.language.model import CheckedRule, Form, RuleText
from juesuan_rules.packs.load import applies_to
from juesuan_rules.packs.overrides import CHANGES, Override, apply_overrides
from juesuan_rules.packs.versions import overlap


def check_overrides(work: Work) -> None:
    """Every override of the pack against the rules it changes."""
    if len(work.scope.chain) < 2:
        return
    versions = {pack.manifest.id: pack.manifest.version for pack in work.scope.chain}
    region = work.scope.start.manifest.region
    inherited = _inherited(work)
    for change in work.scope.sources.overrides(work.scope.start):
        target = inherited.get(change.rule)
        if target is None:
            continue
        if not applies_to(target, "", region or None):
            _say(work, change, "L307", f"规则 {change.rule} 不在本地区适用，这处改动没有作用", "rule")
        elif not (overlap(change.years, work.scope.span_years()) and overlap(change.years, target.applies_years)):
            _say(work, change, "L307", "改动的年度与规则包、规则的年度没有交集，永远不起作用", "years")
        elif change.action != "停用":
            _check_change(work, change, target, versions)


def _check_change(work: Work, change: Override, target: RuleText, versions: dict[str, str]) -> None:
    year = change.years[0] if change.years[0] is not None else change.years[1]
    active, _ = apply_overrides({target.id: target}, {}, (change,), work.scope.pack, versions, year)
    after = active.get(target.id, target)
    if after.changed_by != work.scope.pack:
        return
    given = [key for key in CHANGES if key in change.fields.values]
    if content_of(_said(after)) == content_of(_said(target)):
        _say(work, change, "L307", f"改完与 {target.changed_by or target.pack} 里的规则一样，没有作用", given[0] if given else "action", "删掉这处改动")
        return
    if target.changed_by is not None:
        again = [key for key in given if key in _given_above(work, target.id)]
        if again:
            _say(work, change, "L308", f"{target.changed_by} 已经改过规则 {target.id} 的 {'、'.join(again)}，在这里又改了", again[0])
    _check_direction(work, change, target, after)


def _check_direction(work: Work, change: Override, target: RuleText, after: RuleText) -> None:
    if change.action not in ("收紧", "放宽") or "check" not in change.fields.values:
        return
    view = work.view
    old, new = _bounds(work.outcomes.outcome(target, view).checked), _bounds(work.outcomes.outcome(after, view).checked)
    if old is None or new is None or old == new:
        return
    if (change.action == "收紧") == (new > old):
        _say(work, change, "L309", f"写着“{change.action}”，容差却变{'大' if new > old else '小'}了", "action", "改 action，或改容差；放宽要写依据")


def _bounds(rule: CheckedRule | None) -> Fraction | None:
    """The one fixed tolerance of a rule with one comparison, in 分 where it is money; None without."""
    form: Form | None = rule.checks[0].form if rule is not None and len(rule.checks) == 1 else None
    if form is None or form[0] != "cmp" or form[4][0] not in ("fixed", "relative"):
        return None
    value = Fraction(form[4][1], form[4][2])
    return value * WAN if form[4][0] == "fixed" and form[4][3] is None else value


def _inherited(work: Work) -> dict[str, RuleText]:
    """The rules as the pack above has them, its own overrides applied; dated ones by their newest."""
    active: dict[str, RuleText] = {}
    versions = {pack.manifest.id: pack.manifest.version for pack in work.scope.chain}
    for pack in work.scope.chain[:-1]:
        for change in work.scope.sources.overrides(pack):
            year = change.years[0] if change.years[0] is not None else change.years[1]
            after, _ = apply_overrides(active, {}, (change,), pack.manifest.id, versions, year)
            active = {**active, **after} if change.action == "停用" else after
        active.update({written.rule.id: written.rule for written in work.scope.sources.rules(pack)})
    return active


def _given_above(work: Work, rule: str) -> set[str]:
    changes = [change for pack in work.scope.chain[:-1] for change in work.scope.sources.overrides(pack) if change.rule == rule]
    return {key for change in changes for key in CHANGES if key in change.fields.values}


def _said(rule: RuleText) -> RuleText:
    """A rule without whose it is and what it rests on."""
    return replace(rule, changed_by=None, basis=())


def _say(work: Work, change: Override, code: str, message: str, key: str, hint: str = "") -> None:
    keys = (key,) if key in change.fields.values else ()
    work.report(code, message, change.fields.file.span(*change.fields.path, *keys), rule=change.rule, hint=hint)

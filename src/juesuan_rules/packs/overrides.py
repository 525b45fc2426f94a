"""overrides.yaml: how a pack changes rules of the packs above it, by rule id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.model import RuleText
from juesuan_rules.names import suggest
from juesuan_rules.packs import fields as access
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.manifest import check_language
from juesuan_rules.packs.rulefile import SEVERITIES, read_basis, read_checks, read_expression
from juesuan_rules.packs.versions import Years, covers, in_range, overlap, range_is_valid
from juesuan_rules.yamlfile import Read, YamlFile, load

ACTIONS = ("收紧", "放宽", "替换", "停用")
FILE_KEYS = ("language", "overrides")
KEYS = ("rule", "version", "action", "years", "reason", "title", "check", "when", "severity", "basis", "表")
CHANGES = ("title", "check", "when", "severity", "表")


class Override(msgspec.Struct, frozen=True):
    """One change. version: range the target's pack must lie in ("" any). years: when it is in force."""

    rule: str
    action: str
    version: str
    years: Years
    fields: Fields


def read_overrides(path: Path, out: list[Diagnostic], read: Read = load) -> tuple[Override, ...]:
    """The overrides of one pack; all that is wrong with the file by itself goes to `out`."""
    file = read(path)
    out += file.diagnostics
    if file.broken:
        return ()
    top = Fields.at(file, (), file.data, FILE_KEYS, out, "overrides.yaml ")
    if top is None:
        return ()
    check_language(top)
    found = [o for p, item in top.items("overrides") if (o := _override(file, p, item, out))]
    _report_equal_rank(found)
    return tuple(found)


def _override(file: YamlFile, path: access.Path, value: Any, out: list[Diagnostic]) -> Override | None:
    fields = Fields.at(file, path, value, KEYS, out, "改动")
    if fields is None or not fields.require("rule", "action", "reason"):
        return None
    action = fields.choice("action", ACTIONS, "")
    version = fields.text("version")
    if version and not range_is_valid(version):
        fields.report("E413", f"版本范围“{version}”写法不对", "version", "如 '1'、'1.2'、'>=1.0, <2'")
    if action in ("放宽", "停用") and not fields.values.get("basis"):
        fields.report("E432", f"“{action}”必须写明依据 basis", "action")
    given = [k for k in CHANGES if k in fields.values]
    if action == "停用" and given:
        fields.report("E413", f"“停用”不能再写：{'、'.join(given)}", given[0], at_key=True)
    elif action == "替换":
        fields.require("check")
    elif action and action != "停用" and not given:
        fields.report("E412", f"“{action}”没有写改什么", hint=f"可以改：{'、'.join(CHANGES)}")
    return Override(fields.text("rule"), action, version, fields.years("years"), fields) if action else None


def _report_equal_rank(overrides: list[Override]) -> None:
    for index, one in enumerate(overrides):
        for other in overrides[:index]:
            if one.rule == other.rule and overlap(one.years, other.years):
                one.fields.report("E431", f"规则“{one.rule}”在同一个规则包里改了两次，无法决定用哪一个", "rule")


def apply_overrides(
    rules: Mapping[str, RuleText],
    disabled: Mapping[str, RuleText],
    overrides: tuple[Override, ...],
    pack: str,
    versions: Mapping[str, str],
    year: int | None,
) -> tuple[dict[str, RuleText], dict[str, RuleText]]:
    """The rules and the disabled rules after the overrides of `pack` in force for `year`.

    rules, disabled: by id, from the packs above. versions: version of every pack of the chain.
    What does not fit is reported where the override was written (to the list given on reading).
    """
    active, off = dict(rules), dict(disabled)
    for change in overrides:
        target = active.get(change.rule) or off.get(change.rule)
        if target is None:
            near = suggest(change.rule, active)
            change.fields.report("E430", f"上级规则包里没有规则“{change.rule}”", "rule", f"是不是想写：{'、'.join(near)}" if near else "")
        elif not _fits(change, target, versions) or not covers(change.years, year):
            continue
        elif change.action == "停用":
            off[change.rule] = replace(target, changed_by=pack)
            active.pop(change.rule, None)
        elif change.rule in off and change.action != "替换":
            change.fields.report("E434", f"规则“{change.rule}”已被“{off[change.rule].changed_by}”停用，只能替换", "rule")
        else:
            active[change.rule] = _changed(target, change, pack)
            off.pop(change.rule, None)
    return active, off


def _fits(change: Override, target: RuleText, versions: Mapping[str, str]) -> bool:
    have = versions.get(target.pack, "")
    if change.version and have and not in_range(have, change.version):
        change.fields.report("E433", f"规则“{change.rule}”来自 {target.pack} {have}，而这处改动是针对版本 {change.version} 写的", "version", "请核对规则的新内容后更新 version")
        return False
    severity = change.fields.text("severity", target.severity)
    if severity in SEVERITIES and target.severity in SEVERITIES:
        step = SEVERITIES.index(severity) - SEVERITIES.index(target.severity)
        if (change.action == "收紧" and step > 0) or (change.action == "放宽" and step < 0):
            change.fields.report("E435", f"“{change.action}”不能把级别从“{target.severity}”改为“{severity}”", "severity")
            return False
    return True


def _changed(target: RuleText, change: Override, pack: str) -> RuleText:
    fields = change.fields
    checks = read_checks(fields) if "check" in fields.values else target.checks
    keeps_when = change.action != "替换" and "when" not in fields.values
    return replace(
        target,
        title=fields.text("title", target.title),
        checks=checks,
        when=target.when if keeps_when else read_expression(fields, "when"),
        severity=fields.choice("severity", SEVERITIES, target.severity),
        table=fields.text("表", target.table or "") or None,
        basis=read_basis(fields) or target.basis,
        changed_by=pack,
    )

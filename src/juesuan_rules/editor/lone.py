"""Problems of one file by itself: of a file outside of any pack, or of a kind no pack is merged from (cases)."""

from __future__ import annotations

from pathlib import Path

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.editor.kinds import Kind
from juesuan_rules.editor.views import PackView
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import RuleText
from juesuan_rules.names import suggest
from juesuan_rules.packs.manifest import parse_manifest
from juesuan_rules.packs.rulefile import read_rules
from juesuan_rules.packs.versions import overlap


def lone_problems(path: Path, kind: Kind, view: PackView) -> list[Diagnostic]:
    """What is wrong with a file that belongs to no pack, judged by the layout of `view`."""
    if kind == "rules":
        return _rules(path, view)
    if kind == "cases":
        return case_problems(path, view)
    from juesuan_rules.authoring.checking import alone

    yaml = view.files.read(path)
    return list(parse_manifest(yaml)[1]) if kind == "pack" else alone(yaml, kind, path, view.files.read) if kind else []


def _rules(path: Path, view: PackView) -> list[Diagnostic]:
    out: list[Diagnostic] = []
    rules: list[RuleText] = []
    for written in read_rules(path, view.id, out, view.files.read):
        if any(written.rule.id == rule.id and overlap(written.rule.applies_years, rule.applies_years) for rule in rules):
            written.fields.report("E420", f"规则编号“{written.rule.id}”重复", "id", "编号不能重复；按年度分开的两条，年度不能重叠")
        rules.append(written.rule)
    return [*out, *check_rules(rules, view.layout, view.memory).diagnostics]


def case_problems(path: Path, view: PackView) -> list[Diagnostic]:
    """What is wrong with a file of cases: its shape, its rule, the names of tables, rows and columns in it."""
    from juesuan_rules.authoring.cases import read_cases
    from juesuan_rules.authoring.checking import case_figures

    out: list[Diagnostic] = []
    cases = read_cases(path, out, view.files.read)
    known = {rule.id for rule in view.rules}
    if cases and known and cases[0].rule not in known and cases[0].rule not in _past_ids(view):
        near = suggest(cases[0].rule, known)
        hint = f"是不是想写：{'、'.join(near)}" if near else ""
        out.append(cases[0].fields.file.diagnostic("E441", f"规则包里没有规则“{cases[0].rule}”", "rule", hint=hint))
    return [*out, *case_figures(cases, view.layout_for)]


def _past_ids(view: PackView) -> set[str]:
    return {rule.id for rule in view.past_rules()}

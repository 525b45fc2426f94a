"""A rule in an auditor's words: what it says, what it reads, how exact, what it rests on."""

from __future__ import annotations

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.findings import OUTCOME_ZH, Finding, Operand
from juesuan_rules.language.model import CheckedRule
from juesuan_rules.renderings.console import operand_lines
from juesuan_rules.renderings.plain import clip, safe, safe_lines, source_names
from juesuan_rules.renderings.rule_words import Words, tolerances
from juesuan_rules.results import ReportResult

_FINDINGS_SHOWN = 40
_CELLS_SHOWN = 40


def render_rule(rule: CheckedRule, layout: Layout) -> str:
    """The rule as it is in force under `layout`, as text."""
    words = Words(layout)
    forms = [check.form for check in rule.checks]
    everything = [*forms, *([rule.when] if rule.when is not None else [])]
    changed = f"，由 {rule.changed_by} 调整" if rule.changed_by else ""
    lines = [f"{safe(rule.id)} {safe(rule.title)}", f"级别 {rule.severity}   规则包 {safe(rule.pack)}{changed}   口径 {safe(layout.pack)}", "", "表达式"]
    for check in rule.checks:
        extra = "，".join(filter(None, (check.title, check.severity)))
        lines.append(f"  {safe(check.source)}" + (f"   （{safe(extra)}）" if extra else ""))
    if rule.when is not None:
        lines += ["条件", f"  {safe(rule.when_source)}", f"  只在{words.condition(rule.when)}时核对"]
    lines += ["含义", *[f"  {text}" for form in forms for text in words.meaning(form)]]
    lines += ["读取", *[f"  {text}" for text in words.reads(everything) or ["不读具体的格，看表的结构或全文文字"]]]
    exact = tolerances(forms)
    if exact:
        lines += ["允许误差", *[f"  {text}" for text in exact]]
    return safe_lines("\n".join([*lines, "依据", *_basis(rule)])) + "\n"


def render_findings(report: ReportResult, findings: tuple[Finding, ...]) -> str:
    """What the rule found in one report, every verdict with its figures and places."""
    lines = ["", f"在 {source_names(report.source, report.parts)} 中"]
    if not findings:
        lines.append("  " + (safe(report.message) or "没有用到这条规则"))
    for finding in findings[:_FINDINGS_SHOWN]:
        said = finding.sentence or finding.reason or ""
        key = f" {safe(finding.key)}" if finding.key and not said.startswith(f"{finding.key}：") else ""
        rounding = "（尾差）" if finding.rounding else ""
        lines.append(f"  {OUTCOME_ZH[finding.outcome]}{rounding}{key}  {safe(said)}")
        if finding.filled:
            lines.append(f"    {clip(finding.filled, 160)}")
        lines += [f"    {line}" for line in _cells(finding.operands or ())]
    if len(findings) > _FINDINGS_SHOWN:
        lines.append(f"  另有 {len(findings) - _FINDINGS_SHOWN} 项，见 eval --json")
    return "\n".join(lines) + "\n"


def _cells(operands: tuple[Operand, ...]) -> list[str]:
    """Every cell with its value and place; blank ones are counted where there are others."""
    told = tuple([o for o in operands if o.raw.strip() or o.quote]) or operands
    blank = len(operands) - len(told)
    return [*operand_lines(told, _CELLS_SHOWN), *([f"另有 {blank} 格没有填数"] if blank else [])]


def _basis(rule: CheckedRule) -> list[str]:
    lines = []
    for document, clause, verified in rule.basis:
        checked = "未核验" if verified == "未核验" else f"核验 {verified}"
        lines.append(f"  {document}{' ' + clause if clause else ''}（{checked}）")
    return lines or ["  未注明"]

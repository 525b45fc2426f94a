"""A trial as text for a terminal."""

from __future__ import annotations

from collections import Counter

from juesuan_rules.authoring.trial.trying import Trial
from juesuan_rules.diagnostics import render
from juesuan_rules.engine.trying import Tried
from juesuan_rules.findings import OUTCOME_ZH, WORST_FIRST, Finding, Operand
from juesuan_rules.renderings.console import operand_lines
from juesuan_rules.renderings.plain import clip, display_width, safe, safe_lines

ROWS_SHOWN = 60
OPERANDS_SHOWN = 12
_KEY_WIDTH = 44


def render_trial(trial: Trial, everything: bool = False) -> str:
    """The values or verdicts of an expression with the cells they came from, or its errors."""
    lines = [safe_lines(render(problem)) for problem in trial.diagnostics]
    if trial.findings:
        lines += _findings(trial.findings, everything)
    elif trial.values:
        lines += _values(trial.values, everything)
    elif trial.sound:
        lines.append("没有记录")
    if trial.cut:
        lines.append("结果太多，只算了前面的")
    return "\n".join(lines) + "\n"


def _values(values: tuple[Tried, ...], everything: bool) -> list[str]:
    if len(values) == 1 and not values[0].key:
        one = values[0]
        return [f"= {_figure(one)}", *_cells(one.operands, everything)]
    shown = values if everything else values[:ROWS_SHOWN]
    width = min(max(display_width(safe(v.key)) for v in shown), _KEY_WIDTH)
    lines = []
    for one in shown:
        key = clip(one.key, _KEY_WIDTH)
        lines.append(f"  {key}{' ' * max(width - display_width(key), 0)}  {_figure(one)}")
    if len(shown) < len(values):
        lines.append(f"  另有 {len(values) - len(shown)} 行，用 --list-all 全部列出")
    return [*lines, f"共 {len(values)} 行"]


def _cells(operands: tuple[Operand, ...], everything: bool) -> list[str]:
    """The cells of a value; blank ones are counted, unless everything is wanted."""
    told = operands if everything else tuple([o for o in operands if o.raw.strip() or o.quote])
    told = told or operands
    lines = ["  " + line for line in operand_lines(told, len(told) if everything else OPERANDS_SHOWN)]
    blank = len(operands) - len(told)
    return [*lines, *([f"  另有 {blank} 格没有填数"] if blank else [])]


def _figure(one: Tried) -> str:
    if one.reason:
        return f"无法得出（{safe(one.reason)}）"
    unit = one.unit if one.unit in ("", "%") else " " + one.unit
    return f"{safe(one.text)}{unit}{'（空白按 0 计）' if one.blank else ''}"


def _findings(findings: tuple[Finding, ...], everything: bool) -> list[str]:
    lines = []
    telling = sorted(findings, key=lambda f: WORST_FIRST.index(f.outcome)) if not everything else list(findings)
    for finding in telling if everything else telling[:ROWS_SHOWN]:
        key = f"  {safe(finding.key)}" if finding.key else ""
        lines.append(f"{OUTCOME_ZH[finding.outcome]}{'（尾差）' if finding.rounding else ''}{key}  {safe(finding.sentence or finding.reason or '')}")
        if everything or len(findings) <= OPERANDS_SHOWN:
            lines += _cells(finding.operands or (), everything)
    if len(lines) and not everything and len(findings) > ROWS_SHOWN:
        lines.append(f"另有 {len(findings) - ROWS_SHOWN} 项，用 --list-all 全部列出")
    counts = Counter(f.outcome for f in findings)
    return [*lines, "共 " + "，".join(f"{OUTCOME_ZH[o]} {counts[o]}" for o in WORST_FIRST if counts[o])]

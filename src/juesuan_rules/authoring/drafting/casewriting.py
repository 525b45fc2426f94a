"""Cases of a proposal, made from one report with other figures: scaled, and the sum worked out anew."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from juesuan_rules.amounts import show
from juesuan_rules.authoring.altering import step_of
from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.drafting.model import Instance, Subject
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.findings import WORST_FIRST
from juesuan_rules.language.model import CheckedRule

_SCALES = (Fraction(37, 100), Fraction(61, 100), Fraction(143, 100))
"""Figures of a case are those of the report times one of these: nobody's figures are copied."""
Figures = dict[Cell, Fraction]


def write_cases(rule_id: str, rule: CheckedRule, instance: Instance, subject: Subject) -> str:
    """A case that must hold and one that must fail, tried before they are written; "" where none can be made."""
    for scale in _SCALES:
        made = _scaled(instance, scale)
        if made is None:
            continue
        figures, target = made
        wrong = {**figures, target: figures[target] + max(figures[target] / 10, Fraction(100_000_000))}
        good, bad = _content(figures), _content(wrong)
        if _outcome(rule, good, subject) == "pass" and _outcome(rule, bad, subject) == "fail":
            year = f"year: {subject.report.identity.year}\n" if subject.report.identity.year else ""
            return f"language: 1\nrule: {rule_id}\n{year}cases:\n\n{_case('两边相等', '相符', good)}\n{_case('两边不等', '不符', bad)}"
    return ""


def _scaled(instance: Instance, scale: Fraction) -> tuple[Figures, Cell] | None:
    """Other figures that meet the relation, and the one that was worked out from the others."""
    terms = [(cell, Fraction(factor)) for cell, factor in instance.terms if factor and cell.amount is not None and cell.amount.value]
    target = next((cell for cell, factor in terms if abs(factor) == 1 and sum(f == factor for _, f in terms) == 1), None)
    target = target or next((cell for cell, factor in terms if abs(factor) == 1), None)
    if target is None or len(terms) < 2 or any(cell.sheet.scope for cell, _ in terms):
        return None
    figures: Figures = {}
    for cell, _ in terms:
        assert cell.amount is not None and cell.amount.value is not None
        step = Fraction(step_of(cell.amount))
        figures[cell] = (cell.amount.value * scale / step).__round__() * step
    factor = next(f for cell, f in terms if cell is target)
    figures[target] = -sum((f * figures[cell] for cell, f in terms if cell is not target), Fraction(0)) / factor
    return (figures, target) if all(figures.values()) else None


def _content(figures: Figures) -> dict[str, dict[str, dict[str, Any]]]:
    """The figures as a case writes them: tables and records by name, row and column."""
    found: dict[str, dict[str, dict[str, Any]]] = {"tables": {}, "records": {}}
    for cell, value in figures.items():
        assert cell.amount is not None
        spec = cell.table.spec
        kind = "records" if spec.form == "records" else "tables"
        name = spec.id if kind == "records" else (spec.short or (spec.id,))[0]
        row = found[kind].setdefault(name, {}).setdefault(_row(cell), {})
        row[cell.column] = show(value, cell.amount.unit, 2, thousands=False)
    return {kind: content for kind, content in found.items() if content}


def _row(cell: Cell) -> str:
    spec = cell.table.spec
    label = cell.row.label if cell.row is not None else cell.key
    if spec.form == "records":
        return cell.key
    if spec.form in ("codes", "panels") and cell.key.isdigit():
        return f"{cell.key} {label}" if label != cell.key else cell.key
    block = cell.sheet.block.spec
    name = cell.key if sum(row.label == label for row in block.rows) > 1 else label
    elsewhere = any(name in (row.key, row.label) for other in spec.blocks for row in other.rows if other.name != block.name)
    return f"{block.name}.{name}" if block.name and elsewhere else name


def _outcome(rule: CheckedRule, content: dict[str, dict[str, dict[str, Any]]], subject: Subject) -> str:
    try:
        report = build_report(subject.report.layout, content.get("tables", {}), subject.report.identity.year, content.get("records", {}))
    except CaseProblem:
        return ""
    outcomes = {verdict.outcome for verdict in run(prepare((rule,)), report).verdicts()}
    return next((outcome for outcome in WORST_FIRST if outcome in outcomes), "")


def _case(name: str, outcome: str, content: dict[str, dict[str, dict[str, Any]]]) -> str:
    lines = [f"  - name: {name}", f"    outcome: {outcome}"]
    for kind, tables in content.items():
        lines.append(f"    {kind}:")
        for table, rows in tables.items():
            lines.append(f"      {quoted(table)}:")
            lines += [
                f"        {quoted(row)}: {{{', '.join(f'{quoted(column)}: {value}' for column, value in columns.items())}}}" for row, columns in rows.items()
            ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A YAML scalar that is read back as this very text."""
    return "'" + text.replace("'", "''") + "'"

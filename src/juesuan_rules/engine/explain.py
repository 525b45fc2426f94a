"""From verdicts to findings: the records every output is made from."""

from __future__ import annotations

import msgspec

from juesuan_rules.amounts import UNITS, Exact, plain
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.causes import Causes, find_causes
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.evaluation import CODES, NOT_APPLICABLE, PASS, ROUNDING, Detail, Evaluation, Part, Structural, Verdict
from juesuan_rules.engine.forms import cells_in, size
from juesuan_rules.engine.hints import find_hints
from juesuan_rules.engine.naming import cell_name, row_name
from juesuan_rules.engine.plan import PlannedCheck
from juesuan_rules.engine.sentences import filled, operand_notes, sentence, tolerance_note
from juesuan_rules.engine.wording import number_text, printed_decimals, unit_of
from juesuan_rules.findings import SEVERITY_EN, Basis, Cause, Finding, Operand, Severity
from juesuan_rules.language.model import CheckedRule

_QUIET = (PASS, ROUNDING, NOT_APPLICABLE)


def explain(evaluation: Evaluation, list_all: bool = False) -> tuple[tuple[Finding, ...], tuple[Cause, ...]]:
    """Every verdict as a finding, in rule order, and the causes they share.

    list_all: also what passed or did not apply gets its sentence, filled formula and operands.
    """
    causes = find_causes(evaluation)
    names = _Keys(evaluation.books)
    found: list[Finding] = []
    for part in evaluation.parts:
        found.extend(_part(part, evaluation, causes, names, list_all))
    return tuple(found), causes.all


def rounding_summary(evaluation: Evaluation) -> list[tuple[str, int, str, str]]:
    """(table id, number of checks, largest difference as text, unit) of passes by rounding, per table."""
    found: dict[str, tuple[int, Exact, str]] = {}
    for part in evaluation.parts:
        for at in [at for at, code in enumerate(part.outcomes) if code == ROUNDING]:
            detail = evaluation.detail(Verdict(part, at))
            if not isinstance(detail, Judgement):
                continue
            unit = unit_of(detail)
            table = next((cells[2] for cells in cells_in(part.check.body)), "")
            count, largest, known = found.get(table, (0, 0, unit))
            # Ratios have no common measure with money: they count, but do not compete for the largest.
            here = size(detail.difference or 0) if unit in UNITS else 0
            found[table] = (count + 1, max(largest, here), known if known in UNITS else unit)
    order = {spec.id: at for at, spec in enumerate(evaluation.books.report.layout.tables)}
    return [(t, n, number_text(most, unit) if unit in UNITS else "", unit) for t, (n, most, unit) in sorted(found.items(), key=lambda item: order.get(item[0], 999))]


class _Keys(msgspec.Struct):
    """Texts of row keys, made once per block and key."""

    books: Books
    _sheets: dict[int, tuple[Sheet, ...]] = msgspec.field(default_factory=dict)
    _names: dict[tuple[int, str], str] = msgspec.field(default_factory=dict)

    def text(self, check: PlannedCheck, key: str | None, column: str | None) -> str:
        """2010301 行政运行 · 基本支出; "" for a check that varies along neither axis."""
        if key is None:
            return column or ""
        sheets = self._sheets.get(id(check))
        if sheets is None:
            by_row = [cells for cells in cells_in(check.body) if cells[5][0] != "key"]
            sheets = self._sheets[id(check)] = tuple([sheet for cells in by_row for sheet in self.books.sheets(*cells[1:4])])
        sheet = next((sheet for sheet in sheets if key in sheet.index), sheets[0] if sheets else None)
        if sheet is None:
            return key
        name = self._names.get((id(sheet), key))
        if name is None:
            name = self._names[id(sheet), key] = row_name(sheet, key)
        return f"{name} · {column}" if column is not None else name


def _part(part: Part, evaluation: Evaluation, causes: Causes, names: _Keys, list_all: bool) -> list[Finding]:
    check = part.check
    rule = check.rule
    severity = SEVERITY_EN[check.check.severity or rule.severity]
    basis = tuple([Basis(*item) for item in rule.basis])
    found = []
    for at, key in enumerate(part.keys):
        code = part.outcomes[at]
        detail = part.details.get(at)
        if code in _QUIET and not list_all and not isinstance(detail, Structural):
            reason = None if code != NOT_APPLICABLE else detail.reason if detail is not None else "全空"
            text = names.text(check, key, part.column)
            quiet = Finding(
                rule.id, rule.title, CODES[code], severity, rule.pack, code == ROUNDING, text, reason, None, check.check.source,
                basis=basis, changed_by=rule.changed_by, check=check.check.title or "",
            )  # fmt: skip
            found.append(quiet)
            continue
        verdict = Verdict(part, at)
        detail = evaluation.detail(verdict)
        found.append(_finding(verdict, detail, causes, names, severity, basis))
    return found


def _finding(verdict: Verdict, detail: Detail, causes: Causes, names: _Keys, severity: Severity, basis: tuple[Basis, ...]) -> Finding:
    check = verdict.part.check
    rule = check.rule
    cause, suspect = causes.find(verdict)
    if isinstance(detail, Structural):
        return Finding(
            rule.id, rule.title, detail.outcome, detail.severity or severity, rule.pack, key=detail.key, reason=detail.reason, sentence=detail.sentence,
            formula=check.check.source, operands=detail.operands, basis=basis, hints=detail.hints, cause=cause or _table_cause(detail.cause), changed_by=rule.changed_by, check=check.check.title or "",
        )  # fmt: skip
    key = verdict.key
    text = names.text(check, *key)
    figures = _figures(detail)
    return Finding(
        rule.id, rule.title, verdict.outcome, severity, rule.pack, verdict.rounding, text, detail.reason,
        sentence(detail, key, text, names.books, check.check.source) + _condition(rule, detail), check.check.source, filled(detail),
        figures.left, figures.right, figures.difference, figures.tolerance, figures.note, figures.unit,
        tuple([_operand(cell, note) for cell, note in operand_notes(detail)]), basis, find_hints(detail), cause, suspect, changed_by=rule.changed_by, check=check.check.title or "",
    )  # fmt: skip


def _condition(rule: CheckedRule, judgement: Judgement) -> str:
    """What made the rule apply, said with a finding: without it the sentence is half the story."""
    return f"（适用条件：{rule.when_source}）" if rule.when_source and judgement.outcome in ("fail", "doubtful") else ""


def _table_cause(cause: str | None) -> str | None:
    """A missing table is a cause of its own; a missing row only where several findings share it."""
    return cause if cause is not None and not cause.startswith("缺行:") else None


class _Figures(msgspec.Struct, frozen=True):
    left: str | None = None
    right: str | None = None
    difference: str | None = None
    tolerance: str | None = None
    note: str | None = None
    unit: str | None = None


def _figures(judgement: Judgement) -> _Figures:
    """Both sides, their difference and the tolerance as texts in one unit."""
    left, right, difference = judgement.left, judgement.right, judgement.difference
    if left is None or right is None or difference is None or left.text is not None or right.text is not None:
        return _Figures()
    unit = unit_of(judgement)
    decimals = max(printed_decimals(left), printed_decimals(right)) if unit in UNITS else 0
    a, b, d = [number_text(number, unit, decimals, thousands=False) for number in (left.number, right.number, difference)]
    bound = judgement.bound
    if judgement.absent:
        return _Figures(a, b, d, None, None, unit or None)
    tolerance = None if bound is None or bound.kind == "interval" else number_text(bound.sure, unit, thousands=False)
    return _Figures(a, b, d, tolerance, tolerance_note(bound, unit, len(left.terms | right.terms)), unit or None)


def _operand(cell: Cell, note: str) -> Operand:
    amount = cell.amount
    if amount is None:
        return Operand(cell_name(cell), None, "", cell.table.unit, cell.table.place, note)
    return Operand(cell_name(cell), plain(amount), amount.raw, amount.unit, amount.place, note, amount.confidence, amount.corrected)

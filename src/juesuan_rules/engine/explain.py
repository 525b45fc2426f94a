"""From verdicts to findings: the records every output is made from."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from juesuan_rules.amounts import UNITS, Exact, plain
from juesuan_rules.catalogue.records import ASSESSMENTS, FACTS, PLAIN
from juesuan_rules.documents.model import NOWHERE
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.causes import Causes, find_causes
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.compare import Judgement, bound_of
from juesuan_rules.engine.evaluation import CODES, FAIL, NOT_APPLICABLE, PASS, ROUNDING, Detail, Evaluation, Part, Structural, Verdict
from juesuan_rules.engine.filled import filled
from juesuan_rules.engine.forms import cells_in, size
from juesuan_rules.engine.hints import find_hints
from juesuan_rules.engine.lacks import CONFLICT, is_prose
from juesuan_rules.engine.lookalikes import Lookalikes
from juesuan_rules.engine.naming import cell_name, record_place, row_name, short_name
from juesuan_rules.engine.plan import PlannedCheck
from juesuan_rules.engine.quotes import Figures, excerpt
from juesuan_rules.engine.sentences import operand_notes, sentence, tolerance_note
from juesuan_rules.engine.wording import figure_text, number_text, printed_decimals, unit_of, unit_word
from juesuan_rules.findings import SEVERITY_EN, Basis, Cause, Finding, Operand, Severity
from juesuan_rules.language.model import Form

_MOST_SAID, _LONGEST_SAID = 4, 10
_QUIET = (PASS, ROUNDING, NOT_APPLICABLE)


def explain(evaluation: Evaluation, list_all: bool = False) -> tuple[tuple[Finding, ...], tuple[Cause, ...]]:
    """Every verdict as a finding, in rule order, and the causes they share.

    list_all: also what passed or did not apply gets its sentence, filled formula and operands.
    """
    causes = find_causes(evaluation)
    figures = Figures(evaluation.books)
    names = _Keys(evaluation.books, figures, _lookalikes(evaluation, figures))
    found: list[Finding] = []
    for part in evaluation.parts:
        found.extend(_part(part, evaluation, causes, names, list_all))
    return tuple(found), causes.all


def rounding_summary(evaluation: Evaluation) -> list[tuple[str, int, str, str]]:
    """(table id, number of checks, largest difference as text, unit) of passes by rounding, per table.

    The prose is one of them. Only sums of money have a largest difference: "" where there is none.
    """
    found: dict[str, tuple[int, Exact, str]] = {}
    for part in evaluation.parts:
        for at in [at for at, code in enumerate(part.outcomes) if code == ROUNDING]:
            detail = evaluation.detail(Verdict(part, at))
            if not isinstance(detail, Judgement) or detail.left is None or detail.right is None:
                continue
            unit = unit_of(detail)
            table = _rounded_table(part, evaluation.books)
            count, largest, known = found.get(table, (0, 0, ""))
            straight = unit in UNITS and detail.left.linear and detail.right.linear
            found[table] = (count + 1, max(largest, size(detail.difference or 0) if straight else 0), known or (unit if straight else ""))
    layout = evaluation.books.report.layout
    order = {spec.id: at for at, spec in enumerate((*layout.tables, *layout.records))}
    return [(t, n, number_text(most, unit) if unit else "", unit) for t, (n, most, unit) in sorted(found.items(), key=lambda item: order.get(item[0], 999))]


def _rounded_table(part: Part, books: Books) -> str:
    table = next((cells[2] for cells in cells_in(part.check.body)), "")
    spec = books.spec(table)
    return FACTS if spec is not None and is_prose(spec) else table


def _lookalikes(evaluation: Evaluation, figures: Figures) -> Lookalikes:
    """Told of every failed comparison before any of them is explained: two figures may have changed places."""
    found = Lookalikes(evaluation.books, figures)
    for part in evaluation.parts:
        if FAIL in part.outcomes:
            for at, detail in part.details.items():
                if part.outcomes[at] == FAIL and isinstance(detail, Judgement):
                    found.note(detail)
    return found


class _Keys(msgspec.Struct):
    """Texts of row keys, made once per block and key; sentences of the prose; figures by value."""

    books: Books
    figures: Figures
    lookalikes: Lookalikes
    _sheets: dict[int, tuple[Sheet, ...]] = msgspec.field(default_factory=dict)
    _names: dict[tuple[int, str], str] = msgspec.field(default_factory=dict)
    _abouts: dict[tuple[int, str], str] = msgspec.field(default_factory=dict)

    def text(self, check: PlannedCheck, key: str | None, column: str | None) -> str:
        """2010301 行政运行 · 基本支出; "" for a check that varies along neither axis."""
        if key is None:
            return column or ""
        sheet = self._sheet(check, key)
        if sheet is None:
            return key
        name = self._names.get((id(sheet), key))
        if name is None:
            name = self._names[id(sheet), key] = row_name(sheet, key)
        return f"{name} · {column}" if column is not None else name

    def about(self, check: PlannedCheck, key: str | None) -> str:
        """What tells a record from others of its name: its record set, what it belongs to, its other names."""
        sheet = self._sheet(check, key) if key is not None else None
        if sheet is None or key is None or not sheet.records:
            return ""
        name = self._abouts.get((id(sheet), key))
        if name is None:
            name = self._abouts[id(sheet), key] = record_place(sheet, key)
        return name

    def record(self, check: PlannedCheck, key: str | None) -> tuple[Operand, ...]:
        """The row a verdict is about, where no figure of it says where it stands."""
        sheet = self._sheet(check, key) if key is not None else None
        position = sheet.index.get(key) if sheet is not None and key is not None else None
        if sheet is None or position is None:
            return ()
        row = sheet.rows[position]
        quote = excerpt(row.raw_label, ()) if is_prose(sheet.table.spec) and row.raw_label != row.label else ""
        name = f"{short_name(sheet.table.spec)}「{row_name(sheet, row.key)}」"
        return (Operand(name, None, "" if quote else (row.raw_label or row.label).strip(), None, row.place, quote=quote),)

    def said(self, check: PlannedCheck, judgement: Judgement, key: str | None) -> str:
        """What the record says where a condition that compares no figures fails: （增减额 22.09 万元，方向“减少”）."""
        if check.body[0] != "each" or judgement.outcome != "fail" or judgement.form[:1] == ("cmp",) or key is None:
            return ""
        sheet = self._sheet(check, key)
        if sheet is None or key not in sheet.index:
            return ""
        columns = [name for name in dict.fromkeys(_fields(check.body[3], check.body[1])) if name in sheet.block.columns]
        shown = list(filter(None, [_shown(sheet.cell(key, name)) for name in columns]))
        return f"（{'，'.join(shown[:_MOST_SAID])}）" if shown else ""

    def _sheet(self, check: PlannedCheck, key: str | None) -> Sheet | None:
        """The block whose row a key names: the first that has it, else the first read by row."""
        sheets = self._sheets.get(id(check))
        if sheets is None:
            by_row = [cells for cells in cells_in(check.body) if cells[5][0] != "key"]
            # Rows of another block may be keyed by those of the main one: indicators by their form.
            blocks = dict.fromkeys([*[cells[1:4] for cells in by_row], *[(*cells[1:3], "") for cells in by_row]])
            sheets = self._sheets[id(check)] = tuple([sheet for block in blocks for sheet in self.books.sheets(*block)])
        if len(sheets) < 2 or key in sheets[0].index:
            return sheets[0] if sheets else None
        return next((sheet for sheet in sheets if key in sheet.index), sheets[0])


def _fields(form: Form, variable: str) -> Iterator[str]:
    """Columns of a quantifier's variable that a condition reads, in the order written."""
    if form[:2] == ("field", variable):
        yield form[2]
        return
    for part in form:
        if isinstance(part, tuple):
            yield from _fields(part, variable)


def _shown(cell: Cell) -> str:
    """A field of a record in a few words; "" for what is blank, or a text too long to repeat."""
    amount = cell.amount
    if amount is None or amount.state in ("blank", "dash", "unreadable"):
        return ""
    if amount.value is not None:
        return f"{cell.column} {figure_text(cell, amount.value)}{unit_word('' if amount.unit == PLAIN else amount.unit)}"
    text = amount.raw.strip()
    known = cell.row.label if cell.row is not None else ""
    return f"{cell.column}“{text}”" if 0 < len(text) <= _LONGEST_SAID and text not in known else ""


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
                basis=basis, changed_by=rule.changed_by, check=check.check.title or "", about=names.about(check, key),
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
            formula=check.check.source, operands=detail.operands, basis=basis, hints=detail.hints, cause=cause or _table_cause(detail.cause), changed_by=rule.changed_by, check=check.check.title or "", about="" if detail.table == FACTS else detail.table,
        )  # fmt: skip
    key = verdict.key
    if detail.reason == "无法识别" and detail.table == ASSESSMENTS and (detail.cause or "").startswith("无法识别:"):
        severity = SEVERITY_EN["提示"]  # a cell of an attached form that is no number: nothing of the accounts is wrong
    text = names.text(check, *key)
    figures = _figures(detail)
    operands = _operands(operand_notes(detail), names.figures)
    if not operands and verdict.outcome in ("fail", "doubtful"):
        operands = names.record(check, key[0])
    return Finding(
        rule.id, rule.title, verdict.outcome, severity, rule.pack, verdict.rounding, text, detail.reason,
        sentence(detail, key, text, names.books, _asked(check)) + names.said(check, detail, key[0]) + _condition(check, detail), check.check.source, filled(detail),
        figures.left, figures.right, figures.difference, figures.tolerance, figures.note, figures.unit,
        operands, basis, find_hints(detail, names.lookalikes), cause, suspect, changed_by=rule.changed_by, check=check.check.title or "", about=names.about(check, key[0]),
    )  # fmt: skip


def _asked(check: PlannedCheck) -> str:
    """What a condition without a comparison asks for: its formula, or its title where that says it better."""
    return (check.check.title or check.rule.title) if check.body[0] in ("each", "if") else check.check.source


def _condition(check: PlannedCheck, judgement: Judgement) -> str:
    """What made the rule apply, said with a finding: without it the sentence is half the story."""
    said = "，且 ".join(filter(None, (check.rule.when_source, check.check.when_source)))
    return f"（适用条件：{said}）" if said and judgement.outcome in ("fail", "doubtful") else ""


def _table_cause(cause: str | None) -> str | None:
    """A missing table is a cause of its own; a missing row or a contradiction only where several findings share it."""
    return cause if cause is not None and not cause.startswith(("缺行:", CONFLICT)) else None


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
    bound = bound_of(judgement)
    if judgement.absent:
        return _Figures(a, b, d, None, None, unit or None)
    tolerance = None if bound is None or bound.kind == "interval" else number_text(bound.sure, unit, thousands=False)
    return _Figures(a, b, d, tolerance, tolerance_note(bound, unit, len(left.terms | right.terms)), unit or None)


def _operands(notes: list[tuple[Cell, str]], figures: Figures) -> tuple[Operand, ...]:
    quotes = figures.quotes([cell for cell, _ in notes])
    return tuple([operand_of(cell, note, quote) for (cell, note), quote in zip(notes, quotes, strict=True)])


def operand_of(cell: Cell, note: str, quote: str = "") -> Operand:
    """A cell as findings show it. note: how it was counted; quote: its sentence in the prose."""
    amount = cell.amount
    address = (cell.table.spec.id, cell.sheet.block.spec.name, cell.key, cell.column) if cell.sheet.scope == 0 else ()
    if amount is None:
        return Operand(cell_name(cell), None, "", cell.sheet.unit(cell.column), cell.table.place, note, quote=quote, address=address)
    place = cell.row.place if amount.place == NOWHERE and cell.row is not None else amount.place
    return Operand(cell_name(cell), plain(amount), amount.raw, amount.unit, place, note, amount.confidence, amount.corrected, quote, address)

"""Root causes: what several findings have in common.

A table that is missing or unreadable makes whatever reads it undecided: one cause. A wrong figure
fails every equation it stands in, and each of them implies the same correction: the cell that most
failed checks agree on is the suspect, and they form one cause.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec
from msgspec.structs import replace

from juesuan_rules.amounts import UNITS, Amount, Exact
from juesuan_rules.documents.model import NOWHERE, Place
from juesuan_rules.engine.books import ALL_MISSING, UNREAD, Books, unread_text
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement, merged
from juesuan_rules.engine.evaluation import DOUBTFUL, FAIL, PASS, ROUNDING, Evaluation, Structural, Verdict
from juesuan_rules.engine.failures import Failure, read_failure
from juesuan_rules.engine.forms import exact, size
from juesuan_rules.engine.lacks import CONFLICT, NO_PROSE, TABLE_LEVEL, is_prose
from juesuan_rules.engine.lost_rows import lost_row
from juesuan_rules.engine.misaligned import find_lines
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.engine.quotes import Figures
from juesuan_rules.engine.wording import amount_text, figure_text, unit_word
from juesuan_rules.findings import Cause
from juesuan_rules.language.model import Form

_MOST_SUSPECTS = 200


class Causes(msgspec.Struct):
    """Causes of an evaluation, and for verdicts (by part and position) their cause id and suspect."""

    all: tuple[Cause, ...] = ()
    of: dict[tuple[int, int], tuple[str, str | None]] = msgspec.field(default_factory=dict)

    def find(self, verdict: Verdict) -> tuple[str | None, str | None]:
        """(cause id, suspect operand) of a verdict."""
        return self.of.get((id(verdict.part), verdict.position), (None, None))


def find_causes(evaluation: Evaluation) -> Causes:
    """Group findings by what they have in common; ids name rules' objects, never values or lines."""
    causes = Causes()
    suspects: list[Cause] = []
    chosen: dict[Cell, tuple[int, Exact | None]] = {}
    figures = Figures(evaluation.books)
    failures = [f for f in [read_failure(verdict, evaluation, figures) for verdict in _failed(evaluation)] if f is not None]
    confirmed = _Confirmations(evaluation, figures)
    while len(failures) > 1 and len(suspects) < _MOST_SUSPECTS and (best := _suspect(failures, confirmed)) is not None:
        cell, members, others = best
        name = cell_name(cell)
        cause = f"疑点:{name}"
        for failure in members:
            causes.of[id(failure.verdict.part), failure.verdict.position] = (cause, name)
        taken = {id(f) for f in members}
        failures = [f for f in failures if id(f) not in taken]
        place = cell.amount.place if cell.amount is not None else NOWHERE
        chosen[cell] = len(suspects), _implied(cell, members)
        suspects.append(Cause(cause, _suspect_sentence(cell, members, others), name, len(members), place))
    _share_out(failures, suspects, chosen, causes)
    suspects = _gather_lines(failures, suspects, chosen, causes)
    left = [f for f in failures if (id(f.verdict.part), f.verdict.position) not in causes.of]
    causes.all = (*_structural(evaluation, causes, left), *suspects)
    return causes


def _share_out(failures: list[Failure], suspects: list[Cause], chosen: dict[Cell, tuple[int, Exact | None]], causes: Causes) -> None:
    """A check that two suspects break together belongs to the first of them, if mending both mends it."""
    for failure in failures:
        wrong = [(cell, *chosen[cell]) for cell in failure.corrections if cell in chosen]
        if not failure.straight or len(wrong) < 2 or any(implied is None for _, _, implied in wrong):
            continue
        left_over = failure.difference
        for cell, _, implied in wrong:
            value = cell.amount.value or 0 if cell.amount is not None else 0
            left_over += failure.factors[cell] * ((implied or 0) - value)
        if failure.holds(left_over):
            first = suspects[wrong[0][1]]
            causes.of[id(failure.verdict.part), failure.verdict.position] = (first.id, first.suspect)
            suspects[wrong[0][1]] = replace(first, findings=first.findings + 1)


def _gather_lines(failures: list[Failure], suspects: list[Cause], chosen: dict[Cell, tuple[int, Exact | None]], causes: Causes) -> list[Cause]:
    """Suspects of one column or row made one cause, with the other failed checks that read that line."""
    gathered: list[Cause] = []
    for line in find_lines({cell: suspects[at] for cell, (at, _) in chosen.items()}):
        members = {verdict: suspect for verdict, (cause, suspect) in causes.of.items() if cause in line.replaced}
        for failure in failures:
            verdict = (id(failure.verdict.part), failure.verdict.position)
            touched = next((cell for cell in failure.factors if line.holds(cell)), None) if verdict not in causes.of else None
            if touched is not None:
                members[verdict] = cell_name(touched)
        causes.of.update({verdict: (line.cause.id, suspect) for verdict, suspect in members.items()})
        suspects = [cause for cause in suspects if cause.id not in line.replaced]
        gathered.append(replace(line.cause, findings=len(members)))
    return [*gathered, *suspects]


def _failed(evaluation: Evaluation) -> list[Verdict]:
    found = []
    for part in evaluation.parts:
        if FAIL in part.outcomes or DOUBTFUL in part.outcomes:
            found += [Verdict(part, at) for at, code in enumerate(part.outcomes) if code in (FAIL, DOUBTFUL)]
    return found


# --- tables, rows and columns that are not there --------------------------------------------------


def _structural(evaluation: Evaluation, causes: Causes, failures: list[Failure]) -> list[Cause]:
    groups: dict[str, list[tuple[Verdict, str]]] = {}
    for failure in failures:
        lost = lost_row(failure.verdict.part.check.body, failure.verdict.key[0], list(failure.factors), failure.difference, failure.slack, evaluation.books)
        detail = evaluation.detail(failure.verdict)
        if lost is not None and detail.cause is None:
            groups.setdefault(lost, []).append((failure.verdict, ""))
    for part in evaluation.parts:
        for at, detail in part.details.items():
            if detail.cause is not None and (id(part), at) not in causes.of:
                text = detail.sentence if isinstance(detail, Structural) else detail.detail
                groups.setdefault(detail.cause, []).append((Verdict(part, at), text))
    found = []
    for cause, members in groups.items():
        if len(members) < 2 and not cause.startswith(TABLE_LEVEL):
            continue
        for verdict, _ in members:
            causes.of[id(verdict.part), verdict.position] = (cause, None)
        undecided = sum(verdict.outcome == "undecided" for verdict, _ in members)
        text = _known_text(cause, evaluation) or next((t for v, t in members if v.outcome == "undecided"), members[0][1])
        sentence = f"{text}：{undecided} 项核对无法判断" if undecided else _missing_row(cause, sum(verdict.outcome != "pass" for verdict, _ in members), evaluation)
        found.append(Cause(cause, sentence, None, len(members), _place(evaluation, cause)))
    return found


def _known_text(cause: str, evaluation: Evaluation) -> str:
    if cause == UNREAD:
        return unread_text(evaluation.books.report)
    return {ALL_MISSING: "报告中没有任何决算表", NO_PROSE: "报告里没有决算情况说明的文字"}.get(cause, "")


def _missing_row(cause: str, count: int, evaluation: Evaluation) -> str:
    table, _, key = cause.partition(":")[2].rstrip("]").partition("[")
    if not key:
        return f"缺《{table}》"
    spec = evaluation.books.spec(table)
    lacking = f"文字里没有写 {key}" if spec is not None and is_prose(spec) else f"《{table}》没有 {key} 这一行"
    return f"{lacking}：{count} 项核对不符"


def _place(evaluation: Evaluation, cause: str) -> Place:
    name, _, key = cause.partition(":")[2].rstrip("]").partition("[")
    table = evaluation.books.table(name)
    if table is None or (key and not cause.startswith(CONFLICT)):
        return NOWHERE
    return next((problem.place for problem in table.problems if problem.kind == CONFLICT and problem.key == key), table.place)


# --- figures that do not fit ---------------------------------------------------------------------


def _agreeing(intervals: list[tuple[Exact | None, Exact | None]]) -> list[int]:
    """Positions of the largest set of intervals that share a point (the first such set)."""
    best: list[int] = []
    for low, _ in intervals:
        if low is None:
            continue
        meeting = [i for i, (a, b) in enumerate(intervals) if (a is None or a <= low) and (b is None or low <= b)]
        if len(meeting) > len(best):
            best = meeting
    open_below = [i for i, (a, _) in enumerate(intervals) if a is None]
    return best if len(best) >= len(open_below) else open_below


def _suspect(failures: list[Failure], confirmations: _Confirmations) -> tuple[Cell, list[Failure], list[Cell]] | None:
    """The cell that most failed checks agree on, its checks, and cells that are just as likely."""
    touching: dict[Cell, list[Failure]] = {}
    for failure in failures:
        for cell in failure.corrections:
            touching.setdefault(cell, []).append(failure)
    candidates: list[tuple[Cell, list[Failure]]] = []
    for cell, group in touching.items():
        if len(group) > 1:
            members = [group[i] for i in _agreeing([f.corrections[cell] for f in group])]
            if len(members) > 1:
                candidates.append((cell, members))
    for most in sorted({len(members) for _, members in candidates}, reverse=True):
        ranked: list[tuple[tuple[int, ...], Cell, list[Failure]]] = []
        for cell, members in candidates:
            confirmed = confirmations.of(cell) if len(members) == most else most
            if confirmed < most:
                ranked.append(((confirmed, *_doubts(cell, members)), cell, members))
        if ranked:
            rank, cell, members = min(ranked, key=lambda item: item[0])
            return cell, members, [c for r, c, m in ranked if r == rank and c is not cell and m == members]
    return None


def _doubts(cell: Cell, members: list[Failure]) -> tuple[int, ...]:
    """What speaks against a cell, weightiest first: its figure would have to be negative; nothing is
    printed there; no common slip gives the implied figure; it is a total rather than a detail."""
    row, amount = cell.row, cell.amount
    if row is None or amount is None:
        return 1, 1, 1, 2
    value, implied = amount.value or 0, _implied(cell, members)
    negative = implied is not None and implied < 0 <= value
    slip = implied is not None and bool(value) and _is_slip(value, implied, amount)
    above = 2 if row.role in ("合计", "总计") else int(row.key in {r.parent for r in cell.sheet.rows})
    return int(negative), int(amount.value is None), int(not slip), above


def _implied(cell: Cell, members: list[Failure]) -> Exact | None:
    """The figure the other figures of the checks ask for (about the middle of what all allow), or None."""
    lows = [low for low, _ in (f.corrections[cell] for f in members) if low is not None]
    highs = [high for _, high in (f.corrections[cell] for f in members) if high is not None]
    if not lows or not highs:
        return None
    value = cell.amount.value or 0 if cell.amount is not None else 0
    low, high = value + max(lows), value + min(highs)
    middle = Fraction(low + high) / 2
    # Ratios leave a range: a figure that can be printed is likelier than its very middle.
    step = Fraction((cell.amount.quantum if cell.amount is not None else 0) or 1)
    printable = round(middle / step) * step
    return exact(printable if low <= printable <= high else middle)


def _is_slip(value: Exact, implied: Exact, amount: Amount) -> bool:
    """A point or unit misplaced, or digits in another order (to one last printed decimal)."""
    small, large = sorted((Fraction(size(value)), Fraction(size(implied))))
    if any(abs(large - times * small) <= times * amount.quantum for times in (10, 100, 10_000)):
        return True
    if amount.unit not in UNITS:
        return False
    now = sorted(filter(str.isdigit, amount_text(value, amount.unit, amount.decimals)))
    step = Fraction(amount.quantum or 1)
    near = [round(Fraction(implied) / step) * step + shift * step for shift in (-1, 0, 1)]
    return any(sorted(filter(str.isdigit, amount_text(exact(v), amount.unit, amount.decimals))) == now for v in near)


class _Confirmations(msgspec.Struct):
    """How many equations a cell stands in that hold and show a figure other than zero."""

    evaluation: Evaluation
    figures: Figures
    _known: dict[Cell, int] = msgspec.field(default_factory=dict)

    def of(self, cell: Cell) -> int:
        """The number for one cell, counted once."""
        if cell not in self._known:
            parts = [part for part in self.evaluation.parts if _may_hold(part.check.body, cell) and _reads(part.check.sources, cell, part.column, self.evaluation.books)]
            verdicts = [Verdict(part, at) for part in parts for at, code in enumerate(part.outcomes) if code in (PASS, ROUNDING)]
            self._known[cell] = sum(self._holds_with(verdict, cell) for verdict in verdicts)
        return self._known[cell]

    def _holds_with(self, verdict: Verdict, cell: Cell) -> bool:
        detail = self.evaluation.detail(verdict)
        if not isinstance(detail, Judgement) or detail.left is None or detail.right is None or detail.form[:2] != ("cmp", "=="):
            return False
        if not (detail.left.number or detail.right.number):
            return False
        if detail.left.linear and detail.right.linear:
            terms = merged(detail.left, detail.right)
            return any(factor and self.figures.same(other)[0] is cell for other, factor in terms.items())
        return any(self.figures.same(other)[0] is cell for other in (*detail.left.terms, *detail.right.terms))


def _may_hold(body: Form, cell: Cell) -> bool:
    """Whether a check may be an equation; over sentences it is one under a quantifier."""
    return body[:2] == ("cmp", "==") or (cell.sheet.records and body[0] in ("each", "if"))


def _reads(sources: tuple[tuple[str, str, str, str], ...], cell: Cell, column: str | None, books: Books) -> bool:
    if is_prose(cell.table.spec):
        # One printed figure stands in several record sets, and a quantifier reads every column of a row.
        return any(spec is not None and is_prose(spec) for spec in [books.spec(s[1]) for s in sources])
    table, block = cell.table.spec.id, cell.sheet.block.spec.name
    return any(s[1] == table and s[2] == block and (cell.sheet.records or cell.column in (s[3], column if s[3] == "*" else s[3])) for s in sources)


def _suspect_sentence(cell: Cell, members: list[Failure], others: list[Cell]) -> str:
    """What is printed, and what the other figures make of it; the figure itself is never changed."""
    amount = cell.amount
    raw = amount.raw.strip() if amount is not None else ""
    shown = f"印作 {raw}" if raw else "是空白" if amount is not None else "没有这一行"
    sentence = f"{cell_name(cell)} {shown}，{len(members)} 项核对因它不符"
    implied = _implied(cell, members)
    if implied is not None:
        unit = (amount.unit if amount is not None else "") or cell.sheet.unit(cell.column)
        gap = size(exact(implied - (amount.value or 0 if amount is not None else 0)))
        sentence += f"；由其他数推算约为 {figure_text(cell, implied)}{unit_word(unit)}，相差 {figure_text(cell, gap)}{unit_word(unit, True)}"
    if others:
        sentence += f"（也可能是 {'、'.join(cell_name(other) for other in others[:3])}）"
    return sentence

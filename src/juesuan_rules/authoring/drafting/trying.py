"""Candidates tried on reports by the language and the engine themselves, so that they mean what they will mean as rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from juesuan_rules.amounts import Exact
from juesuan_rules.authoring.altering import step_of
from juesuan_rules.authoring.drafting.model import Address, Instance, Subject, Vector
from juesuan_rules.diagnostics import Span
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.compare import Judgement, bound_of, merged
from juesuan_rules.engine.evaluation import DOUBTFUL, FAIL, PASS, ROUNDING, Evaluation, Verdict
from juesuan_rules.engine.plan import prepare, run
from juesuan_rules.language.check import check_rule
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.model import CheckedRule, CheckText, RuleText

_JUDGED = (PASS, ROUNDING, FAIL, DOUBTFUL)


def _nowhere(start: int, end: int) -> Span:
    return Span()


class Trier:
    """Tries formulas on the reports."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.subjects = subjects
        self.names = [LayoutNames(subject.report.layout) for subject in subjects]

    def checked(self, text: str, number: int) -> CheckedRule | None:
        """The formula as a rule under the layout of one report; None where it means nothing there."""
        rule = RuleText(id="DRAFT-0", title="草稿", checks=(CheckText(text, locate=_nowhere),))
        return check_rule(rule, self.names[number]).checked

    def instances(self, text: str, number: int) -> list[Instance] | None:
        """What the formula comes to on one report; None where it cannot be judged there."""
        rule = self.checked(text, number)
        if rule is None:
            return None
        evaluation = run(prepare((rule,)), self.subjects[number].report)
        return list(instances_of(evaluation, number))


def instances_of(evaluation: Evaluation, number: int) -> Iterator[Instance]:
    """The equalities among the verdicts of an evaluation, as relations between figures."""
    for part in evaluation.parts:
        for at, code in enumerate(part.outcomes):
            if code not in _JUDGED:
                continue
            detail = evaluation.detail(Verdict(part, at))
            if isinstance(detail, Judgement) and (found := _instance(detail, part.keys[at], part.column, code in (PASS, ROUNDING), number)) is not None:
                yield found


def _instance(detail: Judgement, key: str | None, column: str | None, holds: bool, number: int) -> Instance | None:
    left, right = detail.left, detail.right
    if detail.form[:1] != ("cmp",) or left is None or right is None or detail.difference is None or left.text is not None:
        return None
    if not (left.linear and right.linear) or left.constant or right.constant:
        return None
    op = detail.form[1]
    terms = merged(left, right)
    bound = bound_of(detail)
    limit = Fraction(bound.limit) if bound is not None and bound.kind != "interval" else Fraction(0)
    # An inequality that leaves nothing between its sides says as much of these figures as an equality.
    if op != "==" and (op not in ("<=", ">=") or abs(Fraction(detail.difference)) > limit):
        return None
    steps = [Fraction(step_of(cell.amount)) for cell in terms if cell.amount is not None and cell.amount.value]
    step = max(steps, default=Fraction(1)) or Fraction(1)
    name = "·".join(filter(None, (key, column)))
    size = max(abs(Fraction(left.number)), abs(Fraction(right.number)))
    return Instance(number, name, holds, left.number, int(size / step), int(limit / step), vector_of(terms.items()), tuple(terms.items()))


def address_of(cell: Cell) -> Address:
    """Where a figure stands in a report."""
    return cell.table.spec.id, cell.sheet.block.spec.name, cell.column, cell.key


def vector_of(terms: Iterable[tuple[Cell, Exact]]) -> Vector:
    """The relation between the figures that are not zero."""
    found: dict[Address, Fraction] = {}
    for cell, factor in terms:
        if factor and cell.sheet.scope == 0 and cell.amount is not None and cell.amount.value:
            address = address_of(cell)
            found[address] = found.get(address, Fraction(0)) + Fraction(factor)
    items = sorted((address, factor) for address, factor in found.items() if factor)
    return tuple([(address, factor / items[0][1]) for address, factor in items])

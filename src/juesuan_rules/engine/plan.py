"""Rules made ready once per pack and layout, and run over a report.

    plan = prepare(rules)
    evaluation = run(plan, report)

A plan holds no report: it knows each check's condition, its linear part and the columns it reads.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import reduce

import msgspec

from juesuan_rules.engine.books import Books, Lack
from juesuan_rules.engine.columns import Sheet
from juesuan_rules.engine.compare import Judgement, undecided
from juesuan_rules.engine.domain import columns_of, rows_of
from juesuan_rules.engine.evaluation import CODE_OF, NOT_APPLICABLE, PASS, PENDING, ROUNDING, UNDECIDED, Detail, Evaluation, Part, Structural
from juesuan_rules.engine.forms import Leaf, Linear, axes, linear, normalise, sources, split
from juesuan_rules.engine.judge import gate, judge
from juesuan_rules.engine.lacks import TABLE_LEVEL
from juesuan_rules.engine.screen import Slots, screen
from juesuan_rules.engine.valuation import UnknownForm
from juesuan_rules.engine.values import weightier
from juesuan_rules.language.model import CheckedCheck, CheckedRule, Form
from juesuan_rules.reports.model import Report

_log = logging.getLogger(__name__)


class PlannedCheck(msgspec.Struct, frozen=True, eq=False):
    """One form that gets verdicts of its own: a check, or one pair of a chain.

    gates: conditions that hold for the whole check (when, 若); body: what is checked under them.
    tables: (scope, table id) of everything the body reads. leaves: numbers of the linear part's
    columns in the plan. sources: (scope, table, block, column) of everything it reads; first: those of them
    that must be there for any row to be checked.
    """

    rule: CheckedRule
    check: CheckedCheck
    pair: int
    gates: tuple[Form, ...]
    body: Form
    linear: Linear | None
    leaves: tuple[int, ...]
    tables: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str, str, str], ...]
    first: tuple[tuple[str, str, str, str], ...]
    by_row: bool
    by_column: bool


class Plan(msgspec.Struct, frozen=True):
    """Every check of a set of rules, and the columns their linear parts share."""

    checks: tuple[PlannedCheck, ...]
    leaves: tuple[Leaf, ...]


def prepare(rules: Sequence[CheckedRule]) -> Plan:
    """Make checked rules ready to run; the plan can be used for any number of reports."""
    leaves: dict[Leaf, int] = {}
    checks: list[PlannedCheck] = []
    for rule in rules:
        for check in rule.checks:
            for pair, form in enumerate(split(normalise(check.form))):
                checks.append(_planned(rule, check, pair, form, leaves))
    return Plan(tuple(checks), tuple(leaves))


def _planned(rule: CheckedRule, check: CheckedCheck, pair: int, form: Form, leaves: dict[Leaf, int]) -> PlannedCheck:
    gates: list[Form] = []
    body = form
    for premise in (check.when, rule.when):
        body = body if premise is None else ("if", normalise(premise), body)
    while body[0] == "if" and axes(body[1]) == (False, False):
        gates.append(body[1])
        body = body[2]
    flat = linear(body)
    numbers = tuple([leaves.setdefault(leaf, len(leaves)) for _, leaf, _ in flat.leaves]) if flat is not None else ()
    found = sources(body)
    by_row, by_column = axes(body)
    tables = tuple(dict.fromkeys([(scope, table) for scope, table, _, _ in found]))
    return PlannedCheck(rule, check, pair, tuple(gates), body, flat, numbers, tables, found, _read_first(body, found), by_row, by_column)


def _read_first(body: Form, found: tuple[tuple[str, str, str, str], ...]) -> tuple[tuple[str, str, str, str], ...]:
    if body[0] == "if":
        return sources(body[1])
    return sources(body[2]) if body[0] == "each" and body[3][0] == "if" else found


def run(
    plan: Plan, report: Report, prior: Report | None = None, units: tuple[Report, ...] = (), *, withheld: dict[str, str] | None = None, screening: bool = True
) -> Evaluation:
    """Judge every check of the plan over a report.

    prior: last year's report (上年), units: the subordinate units' (所属单位); withheld: per scope, why
    reports that were given for it are of no use. A check that crashes becomes one 规则出错 and stops
    nothing. screening=False judges every row the slow way (the verdicts are the same).
    """
    books = Books(report, prior, units, withheld or {})
    slots = Slots(plan.leaves, books) if screening else None
    parts: list[Part] = []
    for check in plan.checks:
        try:
            parts.extend(_evaluate(check, books, slots))
        except Exception as problem:  # noqa: BLE001 - one broken rule must not stop the run
            _log.debug("check %s crashed", check.rule.id, exc_info=True)
            detail = str(problem) if isinstance(problem, UnknownForm) else "核对时程序内部出错，其他核对不受影响"
            parts.append(_single(check, Judgement("rule_error", reason="规则出错", detail=detail, form=check.body)))
    return Evaluation(parts, books)


def _evaluate(check: PlannedCheck, books: Books, slots: Slots | None) -> list[Part]:
    for condition in check.gates:
        stop = gate(condition, (None, None), books)
        if stop is not None:
            return [_single(check, stop)]
    if check.body[0] == "structure":
        return [_structural(check, books)]
    if check.by_row or check.by_column or check.body[0] == "cmp":
        lack = reduce(weightier, [books.lack(scope, table) for scope, table in _needed(check)], None)
        if lack is not None:
            return [_single(check, undecided(lack, check.body))]
    if not check.by_column:
        return [_column(check, None, books, slots)]
    return [_column(check, name, books, slots) for name in columns_of(check.body, books) or ()]


def _needed(check: PlannedCheck) -> tuple[tuple[str, str], ...]:
    """What must be there for any row to be checked. Of a check with a premise that is what the premise
    ranges over: where the premise does not hold, it does not matter that the rest is missing."""
    return tuple(dict.fromkeys([(scope, table) for scope, table, _, _ in check.first]))


def _column(check: PlannedCheck, column: str | None, books: Books, slots: Slots | None) -> Part:
    if check.linear is not None and slots is not None:
        screened = screen(check.linear, check.leaves, slots, column)
        if screened is not None:
            keys, outcomes = screened
            if not keys:
                return _empty(check, column, books)
            return Part(check, column, keys, outcomes) if PENDING not in outcomes else _judged(check, column, keys, bytearray(outcomes), books)
    lack = _column_lack(check, column, books)
    if lack is not None and (check.by_row or column is not None or check.body[0] == "cmp"):
        return _single(check, undecided(lack, check.body), column)
    keys = (None,)
    if check.by_row:
        keys = rows_of(check.body, books) or ()
        if not keys:
            return _empty(check, column, books)
    return _gathered(_judged(check, column, keys, bytearray([PENDING]) * len(keys), books))


def _gathered(part: Part) -> Part:
    """One verdict instead of one a row, where the same lack of a whole table leaves them all undecided."""
    if len(part.keys) < 2 or UNDECIDED not in part.outcomes or set(part.outcomes) - {UNDECIDED, NOT_APPLICABLE}:
        return part
    details = [part.details[at] for at, code in enumerate(part.outcomes) if code == UNDECIDED]
    first = details[0]
    if not isinstance(first, Judgement) or first.cause is None or not first.cause.startswith(TABLE_LEVEL):
        return part
    if any(not isinstance(d, Judgement) or (d.cause, d.detail) != (first.cause, first.detail) for d in details):
        return part
    return _single(part.check, first, part.column)


def _judged(check: PlannedCheck, column: str | None, keys: tuple[str | None, ...], outcomes: bytearray, books: Books) -> Part:
    """Judge what is pending; keep every judgement but plain passes."""
    details: dict[int, Detail] = {}
    at = outcomes.find(PENDING)
    while at >= 0:
        found = judge(check.body, (keys[at], column), books)
        outcomes[at] = ROUNDING if found.rounding and found.outcome == "pass" else CODE_OF[found.outcome]
        if outcomes[at] != PASS:
            details[at] = found
        at = outcomes.find(PENDING, at + 1)
    return Part(check, column, keys, bytes(outcomes), details)


def _column_lack(check: PlannedCheck, column: str | None, books: Books) -> Lack | None:
    for scope, table, block, name in check.first:
        lack = books.column_lack(scope, table, block, column or "" if name == "*" else name)
        if lack is not None:
            return lack
    return None


def _empty(check: PlannedCheck, column: str | None, books: Books) -> Part:
    """No row to check: an empty table, a group nobody has, a kind of sentence nobody wrote; never a pass."""
    lacks = [books.nothing(table) for scope, table in check.tables if not any(s.rows for s in _read(check, scope, table, books))]
    lack = next((lack for lack in lacks if lack.table), books.nothing(""))
    return _single(check, undecided(lack, check.body), column)


def _read(check: PlannedCheck, scope: str, table: str, books: Books) -> list[Sheet]:
    return [sheet for s, t, block, _ in check.sources if (s, t) == (scope, table) for sheet in books.sheets(s, t, block)]


def _single(check: PlannedCheck, judgement: Judgement, column: str | None = None) -> Part:
    return Part(check, column, (None,), bytes((CODE_OF[judgement.outcome],)), {0: judgement})


def _structural(check: PlannedCheck, books: Books) -> Part:
    from juesuan_rules.engine.structure import inspect

    verdicts: list[Structural] = inspect(check.body, books)
    outcomes = bytes([CODE_OF[verdict.outcome] for verdict in verdicts])
    return Part(check, None, (None,) * len(verdicts), outcomes, dict(enumerate(verdicts)))

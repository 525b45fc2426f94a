"""From candidates to proposals: what holds, is not said yet, and is no coincidence."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from juesuan_rules.authoring.drafting.candidates import allowed, candidates
from juesuan_rules.authoring.drafting.casewriting import write_cases
from juesuan_rules.authoring.drafting.figures import SIGNIFICANT
from juesuan_rules.authoring.drafting.known import Known
from juesuan_rules.authoring.drafting.model import Candidate, Counter, Instance, Proposal, Subject
from juesuan_rules.authoring.drafting.trying import Trier
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.naming import cell_name
from juesuan_rules.engine.wording import figure_text

_CHANCE = Fraction(1, 100)
"""A relation is not proposed where a search of its size would bring forth more of its kind than this by coincidence."""
_EXCEPTIONS = 20
"""Of so many instances one may be an exception: it is listed as a counter-example."""
_ROWS = 3
_SHOWN = 4
"""Rows of one report in which a relation must hold, where only one report supports it."""


def propose(subjects: Sequence[Subject], prefix: str = "DRAFT") -> tuple[Proposal, ...]:
    """Relations that hold in these reports and that none of their rules states, the most general ones first."""
    known = [Known(subject, number) for number, subject in enumerate(subjects)]
    trier = Trier(subjects)
    found: list[Proposal] = []
    for candidate in candidates(subjects):
        for text in (candidate.text, *candidate.alternatives):
            made = _proposal(candidate, text, trier, known, f"{prefix}-{len(found) + 1}")
            if made is not None:
                proposal, instances = made
                found.append(proposal)
                for instance in instances:
                    known[instance.subject].add(instance)
                break
    return tuple(found)


def _proposal(candidate: Candidate, text: str, trier: Trier, known: list[Known], name: str) -> tuple[Proposal, list[Instance]] | None:
    told = [trier.instances(text, number) for number in range(len(trier.subjects))]
    judged = [instances for instances in told if instances]
    wrong = [one for instances in judged for one in instances if not one.holds]
    at_fault = {one.subject for one in wrong}
    if len(at_fault) > allowed(len(judged)):
        return None
    right = [one for instances in judged for one in instances if one.holds]
    new = [one for one in right if not _said(one, known, candidate.strict)]
    strong = _independent(new, 3 if "+" in text or "sum(" in text or "下级合计" in text else 2)
    reports = {one.subject for one in strong}
    chance = _chance(candidate, strong)
    if len(strong) < 2 or (len(reports) < 2 and len(strong) < _ROWS) or chance > _CHANCE:
        return None
    if len(wrong) * _EXCEPTIONS > len([one for one in right if one.digits >= SIGNIFICANT]):
        return None
    best = max(strong, key=lambda one: (len(one.vector) <= 12, one.digits))
    counters = tuple([Counter(trier.subjects[one.subject].path, _filled(one)) for one in wrong[:5]])
    rule = trier.checked(text, best.subject)
    cases = write_cases(name, rule, best, trier.subjects[best.subject]) if rule is not None else ""
    proposal = Proposal(name, candidate.title, text, candidate.family, len(reports), len(strong), chance, _filled(best), counters, candidate.note, cases)
    return proposal, right


def _said(instance: Instance, known: list[Known], strict: bool) -> bool:
    held = known[instance.subject]
    return held.implies(instance) if strict else held.states(instance)


def _independent(instances: list[Instance], terms: int) -> list[Instance]:
    """Instances with four digits, with as many figures as the relation is about, no two of one report of the same figure."""
    found: dict[tuple[int, object], Instance] = {}
    for one in instances:
        if one.digits >= SIGNIFICANT and len(one.vector) >= terms:
            found.setdefault((one.subject, one.value), one)
    return list(found.values())


def _chance(candidate: Candidate, strong: list[Instance]) -> Fraction:
    """How many relations of this kind coincidence would bring forth: the size of the search times the chance of each
    instance, that of hitting a figure within its rounding."""
    chance = Fraction(candidate.order)
    seen: set[object] = set()
    for one in strong:
        if one.value not in seen:
            chance *= min(Fraction(1), Fraction(2 * one.width + 1, max(one.digits, 1)))
            seen.add(one.value)
    return chance


def _filled(instance: Instance) -> str:
    """The relation with its figures: 总表[本年支出合计].金额 100.00 = 60.00 + 40.00."""
    terms = [(cell, factor) for cell, factor in instance.terms if factor and cell.amount is not None and cell.amount.value]
    sides = [_side([cell for cell, factor in terms if (factor > 0) == plus]) for plus in (True, False)]
    return f"{sides[0]} {'=' if instance.holds else '≠'} {sides[1]}"


def _side(cells: list[Cell]) -> str:
    shown = [
        f"{cell_name(cell)} {figure_text(cell, cell.amount.value)}" for cell in cells[:_SHOWN] if cell.amount is not None and cell.amount.value is not None
    ]
    return (" + ".join(shown) or "0") + (f" + …（共 {len(cells)} 个数）" if len(cells) > _SHOWN else "")

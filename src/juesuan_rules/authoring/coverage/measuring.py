"""The coverage of one loaded report by the pack it is judged by."""

from __future__ import annotations

import time
from fractions import Fraction

from juesuan_rules.authoring.altering import Spot
from juesuan_rules.authoring.coverage.figures import printed_figures
from juesuan_rules.authoring.coverage.guarding import Guards
from juesuan_rules.authoring.coverage.model import ReportCoverage
from juesuan_rules.authoring.coverage.watching import JUDGED, readings
from juesuan_rules.engine.plan import Plan, prepare, run
from juesuan_rules.pipeline.load import Loaded
from juesuan_rules.reports.model import Report
from juesuan_rules.reports.prose.collecting import Collected
from juesuan_rules.reports.prose.model import At

_SAME_EVERYWHERE = "前后一致"
"""The structural check that holds what the prose states several times against each other."""


def measure(loaded: Loaded, prior: Report | None = None, units: tuple[Report, ...] = ()) -> ReportCoverage:
    """Every printed figure of a report with the rules that read and guard it."""
    started = time.perf_counter()
    report, plan = loaded.report, prepare(loaded.pack.rules)
    evaluation = run(plan, report, prior, units)
    found = readings(evaluation)
    stated = _stated(report)
    guards = Guards(evaluation.books, found, _repeats(stated, plan))
    covered = tuple([guards.cover(printed) for printed in printed_figures(report, _spots(report, stated))])
    active = {part.check.rule.id for part in evaluation.parts if set(part.outcomes) & set(JUDGED)}
    idle = tuple([rule.id for rule in loaded.pack.rules if rule.id not in active])
    titles = {rule.id: rule.title for rule in loaded.pack.rules}
    return ReportCoverage(report.source, loaded.pack.chain, report, covered, titles, idle, round(time.perf_counter() - started, 3))


def _stated(report: Report) -> dict[str, Collected]:
    """What the prose states, by record set of facts."""
    from juesuan_rules.reports.prose.facts import collect_facts
    from juesuan_rules.reports.prose.mentions import find_mentions

    sentences = report.prose.sentences
    return collect_facts(sentences, find_mentions(sentences), report.layout, report.tables) if sentences and report.layout.records else {}


def _spots(report: Report, stated: dict[str, Collected]) -> dict[At, list[Spot]]:
    """The facts each figure of the prose states."""
    found: dict[At, list[Spot]] = {}
    for name, collected in stated.items():
        block = report.records[name].blocks[""] if name in report.records else None
        positions = {row.key: at for at, row in enumerate(block.rows)} if block is not None else {}
        for (key, column), hits in collected.hits.items():
            position = positions.get(key)
            if block is None or position is None or block.columns[column][position].value is None:
                continue
            for hit in hits:
                if hit.at[1] >= 0 and hit.base == hits[0].base:
                    found.setdefault(hit.at, []).append((name, "", column, position))
    return found


def _repeats(stated: dict[str, Collected], plan: Plan) -> dict[At, tuple[str, ...]]:
    """Figures of the prose that state what another figure states too, with the rules that compare the two."""
    rules: dict[str, list[str]] = {}
    for check in plan.checks:
        if check.body[:2] == ("structure", _SAME_EVERYWHERE):
            for table in check.body[2:]:
                rules.setdefault(str(table), []).append(check.rule.id)
    found: dict[At, list[str]] = {}
    for table, collected in stated.items():
        for hits in collected.hits.values() if table in rules else ():
            alike = [hit for hit in hits if hit.base == hits[0].base and hit.amount.value is not None and hit.at[1] >= 0]
            # Only a statement as precise as another one shows that the other is wrong.
            for hit in alike:
                if any(other.at != hit.at and Fraction(other.amount.half) <= Fraction(hit.amount.half) for other in alike):
                    found.setdefault(hit.at, []).extend(rules[table])
    return {at: tuple(dict.fromkeys(ids)) for at, ids in found.items()}

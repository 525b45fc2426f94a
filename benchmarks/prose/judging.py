"""A report read once, and read and judged again after each change: only what a change can reach is done again.

A change in running text reaches the prose and the record sets made from it; one in a form reaches the forms. The
standard tables stay as they are. Every check that reads a record set in which the changed report differs is
evaluated again; checks of wording and completeness (J, I) read no figures and are left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent, HERE.parents[1] / "src"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from msgspec.structs import replace  # noqa: E402

from juesuan_rules.documents.model import Document, GridBlock  # noqa: E402
from juesuan_rules.engine.explain import explain  # noqa: E402
from juesuan_rules.engine.plan import Plan, PlannedCheck, prepare, run  # noqa: E402
from juesuan_rules.findings import Finding  # noqa: E402
from juesuan_rules.pipeline.choose import choose_pack  # noqa: E402
from juesuan_rules.pipeline.load import build_report  # noqa: E402
from juesuan_rules.pipeline.opening import open_files  # noqa: E402
from juesuan_rules.pipeline.options import Options  # noqa: E402
from juesuan_rules.pipeline.ready import Wanted, ready_pack  # noqa: E402
from juesuan_rules.pipeline.state import packs_state  # noqa: E402
from juesuan_rules.reports.forms.linking import link_projects  # noqa: E402
from juesuan_rules.reports.forms.read import read_forms  # noqa: E402
from juesuan_rules.reports.identity import identify  # noqa: E402
from juesuan_rules.reports.model import BlockData, Report  # noqa: E402
from juesuan_rules.reports.outline import read_outline  # noqa: E402
from juesuan_rules.reports.prose.facts import fact_tables  # noqa: E402
from juesuan_rules.reports.prose.mentions import find_mentions  # noqa: E402
from juesuan_rules.reports.prose.reading import read_prose  # noqa: E402
from juesuan_rules.reports.prose.records import _accounted, _stated  # noqa: E402
from juesuan_rules.reports.prose.statements import statement_tables  # noqa: E402
from printed import Printed, edited, form_figures, prose_figures  # noqa: E402

BAD = ("fail", "doubtful")
FORMS, PROJECTS = "自评表", "文字项目"
Mark = tuple[str, str, str, str]


def default_reports() -> list[Path]:
    """Real reports (JUESUAN_REPORTS, where set), or the samples without seeded errors."""
    folder = os.environ.get("JUESUAN_REPORTS")
    if folder:
        return sorted(p for p in Path(folder).iterdir() if p.suffix in (".txt", ".pdf", ".docx"))
    return sorted(p for p in (HERE.parents[1] / "fixtures").glob("*.txt") if "有误" not in p.name)


def mark(finding: Finding) -> Mark:
    """What tells one check of one row from all others."""
    return finding.rule, finding.check, finding.key, finding.formula


class Bench:
    """A report, its figures, and the verdicts on it as it stands."""

    def __init__(self, path: Path) -> None:
        options = Options(cache=Path.home() / ".cache" / "juesuan-bench")
        self.name = path.name
        self.document = open_files([path], options)
        identity = identify(self.document, None)
        choice = choose_pack(identity, None, None, options.pack_roots())
        wanted = Wanted(choice.name, choice.version, identity.year, identity.region_code, identity.kind)
        self.pack = ready_pack(wanted, options.pack_roots(), options.open_cache(), packs_state(options))
        self.report = build_report(self.document, identity, self.pack.layout)
        names = {spec.id for spec in self.report.layout.records}
        plan = prepare(self.pack.rules)
        self.reads = [(check, {place for form in (check.body, *check.gates) for place in _read(form)}) for check in plan.checks]
        self.whole, self.leaves = plan, plan.leaves
        self.plan = Plan(tuple([c for c, reads in self.reads if _agrees(c) or any(table in names for table, _ in reads)]), plan.leaves)
        self.every = self.judge(self.report, self.plan, list_all=True)
        self.blocks = dict(_blocks(self.report))
        self.bad = {mark(f): f for f in self.every if f.outcome in BAD}
        self.prose = list(prose_figures(self.document, self.report))
        self.forms = list(form_figures(self.document, self.report))

    @property
    def usable(self) -> bool:
        """Whether it is a report of final accounts with prose or forms."""
        return self.report.identity.is_final_accounts and bool(self.prose or self.forms)

    def judge(self, report: Report, plan: Plan, *, list_all: bool = False) -> tuple[Finding, ...]:
        """The verdicts of a plan."""
        return explain(run(plan, report), list_all)[0]

    def read_prose(self, document: Document) -> Report:
        """The report with its prose, and all that is read from it, read again."""
        report = self.report
        prose = read_prose(document, read_outline(document), report.identity)
        mentions = find_mentions(prose.sentences, report.identity.unit_name or "")
        statements = statement_tables(prose.sentences, mentions, report.layout)
        facts, read = fact_tables(prose.sentences, mentions, report.layout, report.tables)
        facts["文字"] = _stated(facts["文字"])
        records = {**report.records, **facts, **statements}
        if FORMS in records:
            records[FORMS] = link_projects(records[FORMS], facts.get(PROJECTS))
        return replace(report, prose=replace(prose, read=read | _accounted(prose, statements.values())), records=records)

    def read_forms(self, document: Document, others: tuple[GridBlock, ...]) -> Report:
        """The report with its forms read again."""
        report = self.report
        forms = link_projects(read_forms(document, report.layout, others, report.other_titles), report.records.get(PROJECTS))
        return replace(report, other_tables=others, records={**report.records, FORMS: forms})

    def changed(self, figure: Printed, new: str) -> Report:
        """The report with other digits in place of a figure."""
        document, others = edited(self.document, self.report.other_tables, figure, new)
        return self.read_prose(document) if figure.piece.row < 0 else self.read_forms(document, others)

    def reached(self, report: Report) -> Plan:
        """The checks that read anything in which a changed report differs."""
        other = {place for place, block in _blocks(report) if block != self.blocks.get(place)}
        return Plan(tuple([c for c, reads in self.reads if reads & other or (_agrees(c) and any(table != FORMS for table, _ in other))]), self.leaves)


def _blocks(report: Report) -> Iterator[tuple[tuple[str, str], BlockData]]:
    return (((name, block), data) for name, table in report.records.items() for block, data in table.blocks.items())


def _agrees(check: PlannedCheck) -> bool:
    """前后一致: of the checks of structure the one that compares figures."""
    return check.body[:2] == ("structure", "前后一致")


def _read(form: object) -> Iterator[tuple[str, str]]:
    """(table, block) of everything a condition reads."""
    if isinstance(form, tuple):
        if form and form[0] == "cells":
            yield form[2], form[3]
        for part in form:
            yield from _read(part)

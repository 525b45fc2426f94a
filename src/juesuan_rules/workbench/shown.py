"""Reports as pages show them: asked of the worker that reads, and kept as long as nothing changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.outputs.web.overview import FamilyView, GroupView, RuleView
from juesuan_rules.outputs.web.views import FindingView
from juesuan_rules.workbench.database import DONE, ReportRow, RunRow
from juesuan_rules.workbench.jobs import Jobs
from juesuan_rules.workbench.readings import Spec
from juesuan_rules.workbench.report_views import Detail, FigureView, Overview, ReadView

_KEPT = 24
PER_PAGE = 300
"""Findings of one page of the list."""
_RANK = {"error": 0, "warning": 1, "info": 2}


class Wanted(msgspec.Struct, frozen=True):
    """Which findings a person wants to see, and in what order."""

    words: tuple[str, ...] = ()
    severity: str = ""
    outcome: str = ""
    decision: str = ""
    table: str = ""
    sort: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.severity or self.outcome or self.decision or self.table)


class Listed(msgspec.Struct, frozen=True):
    """Findings as listed. found: how many there are in all that are wanted; pages: of the list."""

    groups: tuple[GroupView, ...]
    found: int
    page: int
    pages: int
    numbers: tuple[int, ...]


class Shown:
    """Views of reports. Everything is asked by run, report and what people decided up to now."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def spec(self, run: RunRow, report: ReportRow) -> Spec:
        """What the worker is asked about. Raises UsageError for a report without a result."""
        result = self.jobs.result(run.id, report.position) if report.state == DONE else None
        if result is None:
            raise UsageError("这份报告还没有结果")
        return self.jobs.spec(run, report, self.jobs.marks(result))

    def overview(self, run: RunRow, report: ReportRow) -> Overview:
        """What the report's page begins with."""
        found: Overview = self._ask(run, report, "overview", lambda: self.call("overview", self.spec(run, report)))
        return found

    def detail(self, run: RunRow, report: ReportRow, number: int) -> Detail:
        """One finding."""
        found: Detail = self._ask(run, report, f"finding {number}", lambda: self.call("finding", self.spec(run, report), number))
        return found

    def rules(self, run: RunRow, report: ReportRow) -> Sequence[tuple[FamilyView, Sequence[RuleView]]]:
        """Every rule."""
        found: Sequence[tuple[FamilyView, Sequence[RuleView]]] = self._ask(run, report, "rules", lambda: self.call("rules", self.spec(run, report)))
        return found

    def read(self, run: RunRow, report: ReportRow) -> ReadView:
        """What was read."""
        found: ReadView = self._ask(run, report, "read", lambda: self.call("read", self.spec(run, report)))
        return found

    def figure(self, run: RunRow, report: ReportRow, at: str) -> FigureView:
        """A figure that may be put right."""
        found: FigureView = self.call("figure", self.spec(run, report), at)
        return found

    def call(self, task: str, *values: Any) -> Any:
        """A task of the worker that shows reports."""
        return self.jobs.viewer.call(f"tasks:{task}", *values, seconds=self.jobs.settings.limits.view)

    def _ask(self, run: RunRow, report: ReportRow, what: str, make: Callable[[], Any]) -> Any:
        key = (run.id, report.position, report.edition, self.jobs.database.marks, date.today(), what)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def wanted_of(question: Mapping[str, str]) -> Wanted:
    """What an address asks for; anything unknown asks for everything."""
    page = question.get("p", "1")
    return Wanted(
        tuple(question.get("q", "")[:200].lower().split()), question.get("severity", ""), question.get("outcome", ""), question.get("decision", ""), question.get("table", ""),
        question.get("sort", ""), int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )  # fmt: skip


def list_findings(view: Overview, wanted: Wanted) -> Listed:
    """The findings wanted, grouped as the report's other outputs group them unless sorted otherwise."""
    groups = [msgspec.structs.replace(group, findings=tuple([one for one in group.findings if _fits(one, wanted)])) for group in view.groups]
    groups = [group for group in groups if group.findings]
    if wanted.sort in _SORTS:
        ordered = sorted([one for group in groups for one in group.findings], key=_SORTS[wanted.sort])
        groups = [GroupView("g0", "", "", "", tuple(ordered))] if ordered else []
    found = sum(len(group.findings) for group in groups)
    pages = max(-(-found // PER_PAGE), 1)
    page = min(max(wanted.page, 1), pages)
    cut = _cut(groups, (page - 1) * PER_PAGE, page * PER_PAGE)
    return Listed(tuple(cut), found, page, pages, tuple([one.number for group in cut for one in group.findings]))


_SORTS: dict[str, Callable[[FindingView], Any]] = {
    "severity": lambda one: (_RANK.get(one.severity, 3), one.number),
    "size": lambda one: (-int(one.size or -1), one.number),
    "rule": lambda one: (one.rule, one.number),
}


def _cut(groups: Sequence[GroupView], start: int, stop: int) -> list[GroupView]:
    cut, at = [], 0
    for group in groups:
        here = group.findings[max(start - at, 0) : max(stop - at, 0)]
        at += len(group.findings)
        if here:
            cut.append(msgspec.structs.replace(group, findings=here))
    return cut


def _fits(one: FindingView, wanted: Wanted) -> bool:
    outcome = "waived" if one.waiver else one.outcome
    if (wanted.severity and one.severity != wanted.severity) or (wanted.outcome and outcome != wanted.outcome):
        return False
    if (wanted.decision and (one.decision or "未复核") != wanted.decision) or (wanted.table and wanted.table not in one.tables):
        return False
    if not wanted.words:
        return True
    text = " ".join((one.rule, one.title, one.sentence, one.where, one.key, one.outcome_zh, *one.tables)).lower()
    bare = text.replace(",", "")
    return all(word in text or word in bare for word in wanted.words)

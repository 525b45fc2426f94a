"""A rule being written, tried on every report of a run: in a worker of its own, report by report, until it is done or stopped."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

import msgspec

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.workbench.drafts import Draft
from juesuan_rules.workbench.readings import Spec
from juesuan_rules.workbench.rule_desk import Bench
from juesuan_rules.workbench.rule_views import ReportTrial
from juesuan_rules.workbench.worker import Worker

MOST_REPORTS = 2_000
MOST_LISTED = 1_000
"""Changes that are kept of one trial; of more, how many is told."""
_KEPT = 8


class TrialLine(msgspec.Struct, frozen=True):
    """A report of the trial: where it stands in its run, what it is called, and what the rule does to it."""

    position: int
    name: str
    result: ReportTrial


class Trial:
    """One trial. What it holds only grows, so that a page may read it at any time."""

    def __init__(self, run: str, position: int, bench: Bench, draft: Draft, reports: list[tuple[int, str, Spec]], left: int) -> None:
        self.run, self.position, self.bench, self.draft = run, position, bench, draft
        self.total, self.left = len(reports), left
        self.lines: list[TrialLine] = []
        self.done = 0
        self.changes = 0
        self.over = False
        self.stopped = threading.Event()
        self.worker = Worker()
        self._reports = reports

    def work(self, seconds: float) -> None:
        """Try every report."""
        try:
            for position, name, spec in self._reports:
                if self.stopped.is_set():
                    return
                try:
                    found: ReportTrial = self.worker.call("rule_tasks:try_elsewhere", spec, self.bench, self.draft, seconds=seconds)
                except JuesuanError as error:
                    if self.stopped.is_set():
                        return
                    found = ReportTrial(skipped=error.message)
                room = max(MOST_LISTED - self.changes, 0)
                self.changes += len(found.changes)
                self.lines.append(TrialLine(position, name, msgspec.structs.replace(found, changes=found.changes[:room])))
                self.done += 1
        finally:
            self.over = True
            self.worker.close()

    def stop(self) -> None:
        """End it now; what was found stays."""
        self.stopped.set()
        self.worker.close()

    @property
    def sums(self) -> tuple[tuple[str, int], ...]:
        """How many findings come, go and change, and on how many reports nothing does."""
        found = {"多出": 0, "消失": 0, "变化": 0}
        for line in list(self.lines):
            for change in line.result.changes:
                found[change.kind] += 1
        return tuple(found.items())


class Trials:
    """The trials of a server: one at a time runs, the last few are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Trial] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, trial: Trial, seconds: float) -> str:
        """Start a trial, in the stead of one that still runs; its id."""
        name = secrets.token_hex(8)
        with self._lock:
            for old in self._kept.values():
                if not old.over:
                    old.stop()
            self._kept[name] = trial
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        threading.Thread(target=trial.work, args=(seconds,), name="juesuan-trial", daemon=True).start()
        return name

    def find(self, name: str) -> Trial:
        """A trial by its id. Raises UsageError."""
        found = self._kept.get(name)
        if found is None:
            raise UsageError("这次试核对已经不在了，请重新试")
        return found

    def close(self) -> None:
        """Stop what still runs."""
        with self._lock:
            for trial in self._kept.values():
                trial.stop()

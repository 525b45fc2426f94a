"""The queue: runs are judged one after the other, report by report; every step is on the disk before the next begins."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import OrderedDict
from datetime import date
from pathlib import Path
from typing import Any

from juesuan_rules.diagnostics import ExitCode, JuesuanError, UsageError
from juesuan_rules.findings import Finding
from juesuan_rules.material import number_findings
from juesuan_rules.outputs.files import write_whole
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.pipeline.codec import CodecError, decode, encode
from juesuan_rules.results import Failure, ReportResult, RunResult
from juesuan_rules.workbench import database as db
from juesuan_rules.workbench.database import Database, ReportRow, RunRow
from juesuan_rules.workbench.marks import Marks, accept, corrections_text, digest, marks_for
from juesuan_rules.workbench.readings import Spec
from juesuan_rules.workbench.settings import Settings
from juesuan_rules.workbench.uploads import path_of, sweep
from juesuan_rules.workbench.worker import Worker

_KEPT = 64
GONE = "没有这份报告"


class Jobs:
    """Judges queued runs in a thread of its own, in a worker process. A second worker shows reports, so that nobody who reads
    waits for the queue. What people decided is laid over kept results whenever they are asked for."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.judge = Worker()
        self.viewer = Worker()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._cancelled: set[str] = set()
        self._current = ""
        self._kept: OrderedDict[tuple[Any, ...], RunResult] = OrderedDict()
        self._lock = threading.RLock()
        self.arriving: set[str] = set()
        """Files that were kept for a run that is not on record yet."""
        self._thread = threading.Thread(target=self._work, name="juesuan-jobs", daemon=True)

    def start(self) -> None:
        """Take up what an earlier server left, and begin."""
        self.database.recover()
        sweep(self.settings, self.database.files_in_use())
        runs = {run.id for run in self.database.runs()}
        for folder in (self.settings.home / "runs").iterdir():
            if folder.name not in runs:
                shutil.rmtree(folder, ignore_errors=True)
        self._thread.start()

    def stop(self) -> None:
        """End now; the report at hand and those after it go on at the next start."""
        self._stopping.set()
        self._wake.set()
        self.judge.close()
        self.viewer.close()
        if self._thread.is_alive():
            self._thread.join(10)

    def wake(self) -> None:
        """There is a new run."""
        self._wake.set()

    def cancel(self, run_id: str) -> None:
        """Stop a run; what is judged already stays."""
        run = self.database.run(run_id)
        if run is None or run.state not in (db.QUEUED, db.RUNNING):
            return
        self._cancelled.add(run_id)
        self.database.set_run_state(run_id, db.CANCELLED)
        if self._current == run_id:
            self.judge.abort()

    def resume(self, run_id: str) -> None:
        """Let a run that was interrupted or cancelled go on."""
        self._cancelled.discard(run_id)
        self.database.requeue(run_id)
        self.wake()

    def retry(self, run_id: str, position: int) -> None:
        """Let a report that failed be tried again."""
        run, report = self.database.run(run_id), self.database.report(run_id, position)
        lost = report is not None and report.state == db.DONE and self._base(run_id, position) is None
        if run is None or report is None or not (report.state == db.FAILED or lost):
            raise UsageError("这份报告现在不能重试")
        self.database.wait(run_id, position)
        if run.state == db.DONE:
            self.database.set_run_state(run_id, db.QUEUED)
        self.wake()

    def _work(self) -> None:
        while not self._stopping.is_set():
            run = self.database.next_queued()
            if run is None:
                self._wake.wait(1.0)
                self._wake.clear()
                continue
            self._current = run.id
            self._judge_run(run)
            self._current = ""

    def _judge_run(self, run: RunRow) -> None:
        self._cancelled.discard(run.id)
        if not self.database.begin(run.id):
            return  # cancelled at this very moment
        for report in self.database.reports(run.id):
            if report.state != db.WAITING:
                continue
            self._judge_report(run, report)
            if self._stopping.is_set():
                self.database.put_back(run.id)
                return
            if run.id in self._cancelled:
                return
        self.database.finish(run.id)

    def _judge_report(self, run: RunRow, report: ReportRow, now: bool = False) -> str:
        """Judge one report and keep its result; a failure is kept as its message, and given. now: beside the queue."""
        worker = self.viewer if now else self.judge
        try:
            result: ReportResult = worker.call("tasks:judge", self.spec(run, report), seconds=self.settings.limits.read)
        except JuesuanError as error:
            if self._stopping.is_set() or (run.id in self._cancelled and not now):
                return ""  # the worker was ended under it: the report still waits
            self.database.set_report(run.id, report.position, db.FAILED, error.message)
            return error.message
        if self.database.run(run.id) is None:
            return ""
        if not self._keep(run.id, report.position, result):
            message = "结果没有存下来：磁盘可能已满，或结果太大"
            self.database.set_report(run.id, report.position, db.FAILED, message)
            return message
        told = accept(result, self.marks(result), date.today()).reports[0]
        self.database.set_report(run.id, report.position, db.DONE, result.message, summary(told))
        return ""

    def again(self, run_id: str, position: int) -> str:
        """Judge one report anew, now, after its corrections changed; "" or why it failed. Raises UsageError."""
        run, report = self.database.run(run_id), self.database.report(run_id, position)
        if run is None or report is None:
            raise UsageError(GONE)
        return self._judge_report(run, report, now=True)

    def spec(self, run: RunRow, report: ReportRow, marks: Marks | None = None) -> Spec:
        """What a worker needs to judge a report: its files, what the person chose, what people put right. marks: for showing it."""
        entries = [one.entry for one in self.database.corrections(run.id, report.position)]
        text = corrections_text(entries) if entries else ""
        path = self.folder(run.id) / f"corrections-{report.position}.yaml"
        with self._lock:
            if text and (not path.exists() or path.read_text("utf-8") != text):
                write_whole(path, text.encode())
        pack = run.options.get("packs", {}).get(str(report.position)) or run.options.get("pack")
        return Spec(
            tuple(path_of(name, self.settings) for name in report.files), report.name, pack or None, run.options.get("region") or None,
            self.settings.roots_for(pack), self.settings.cache, path if text else None, digest(text) if text else "", marks or Marks(), date.today().isoformat(),
        )  # fmt: skip

    def folder(self, run_id: str) -> Path:
        """The folder of a run's own files."""
        folder = self.settings.home / "runs" / run_id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _keep(self, run_id: str, position: int, result: ReportResult) -> bool:
        cache = Cache(self.folder(run_id) / "results")
        cache.put("results", f"{position:06d}", encode(result))
        return cache.get("results", f"{position:06d}") is not None

    def _base(self, run_id: str, position: int) -> ReportResult | None:
        """A kept result as judged; None where there is none, or an older program wrote it."""
        plain = Cache(self.settings.home / "runs" / run_id / "results").get("results", f"{position:06d}")
        try:
            found = decode(plain) if plain is not None else None
        except (CodecError, TypeError, ValueError, AttributeError, IndexError):
            return None
        return found if isinstance(found, ReportResult) else None

    def marks(self, result: ReportResult) -> Marks:
        """What people decided and accepted of this report."""
        return marks_for(result, self.database.waivers(), self.database.decisions())

    def result(self, run_id: str, position: int) -> ReportResult | None:
        """A report's result held against what people decided, as of today; None where there is none."""
        told = self._told(run_id, position)
        return told.reports[0] if told is not None else None

    def _told(self, run_id: str, position: int) -> RunResult | None:
        report = self.database.report(run_id, position)
        if report is None:
            return None
        key = (run_id, position, report.edition, self.database.marks, date.today())
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            base = self._base(run_id, position)
            if base is None:
                return None
            entries = [one.entry for one in self.database.corrections(run_id, position)]
            known = accept(base, self.marks(base), date.today(), digest(corrections_text(entries)) if entries else "")
            with self._lock:
                self._kept[key] = known
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return known

    def run_result(self, run_id: str) -> RunResult:
        """All reports of a run that have a result, and those that failed."""
        reports, failures = [], []
        used: dict[str, dict[str, None]] = {"corrections": {}, "waivers": {}, "decisions": {}}
        day = date.today().isoformat()
        for row in self.database.reports(run_id):
            told = self._told(run_id, row.position) if row.state == db.DONE else None
            if told is None:
                failures.append(Failure(row.name, row.message or "没有核对", ExitCode.UNREADABLE))
                continue
            reports.append(told.reports[0])
            for name, digests in used.items():
                digests.update(dict.fromkeys(getattr(told, name)))
        lists = {name: tuple(digests) for name, digests in used.items()}
        return RunResult(tuple(reports), tuple(failures), corrections=lists["corrections"], waivers=lists["waivers"], decisions=lists["decisions"], as_of=day)

    def find(self, run_id: str, position: int, fingerprint: str) -> tuple[ReportResult, Finding]:
        """A finding that is there now. Raises UsageError where it is not: the page was made before something changed."""
        result = self.result(run_id, position)
        found = next((one for one in number_findings(result) if one.finding.fingerprint == fingerprint), None) if result is not None else None
        if result is None or found is None:
            raise UsageError("这一项已经没有了：报告重新核对过，请回到列表再看")
        return result, found.finding

    def refresh(self, unit: str, year: int | None) -> None:
        """Count anew in the lists, after decisions or waivers for that unit and year changed."""
        for rows in self.database.every_report().values():
            for row in rows:
                if row.state == db.DONE and row.summary.get("year") == year and _alike(str(row.summary.get("unit") or ""), unit):
                    self.recount(row)

    def recount(self, row: ReportRow) -> None:
        """Count the findings of one report anew."""
        told = self.result(row.run, row.position)
        if told is not None:
            self.database.set_summary(row.run, row.position, summary(told))

    def delete(self, run_id: str) -> None:
        """Forget a run and its files."""
        self.cancel(run_id)
        self.database.delete_run(run_id)
        with contextlib.suppress(OSError):
            shutil.rmtree(self.settings.home / "runs" / run_id)
        self.tidy()

    def tidy(self) -> None:
        """Remove files that no run needs any more, nor one that is being sent."""
        with self._lock:
            sweep(self.settings, self.database.files_in_use() | self.arriving)

    def forget_all(self) -> None:
        """Delete everything this workbench keeps."""
        for run in self.database.runs():
            self.delete(run.id)
        self.database.forget_all()
        for folder in (self.settings.cache, self.settings.packs):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        self.tidy()


def summary(result: ReportResult) -> dict[str, Any]:
    """What lists of reports show of one."""
    numbered = [one.finding for one in number_findings(result)]
    open_ones = [one for one in numbered if one.waiver is None and not (one.decision is not None and one.decision.shown == "误报")]
    worst = [one.severity for one in open_ones]
    return {
        "unit": result.identity.unit_name,
        "year": result.identity.year,
        "status": result.status,
        "counts": result.summary,
        "findings": len(numbered),
        "severities": {severity: worst.count(severity) for severity in ("error", "warning", "info")},
        "decided": sum(one.decision is not None and not one.decision.changed for one in numbered),
        "recheck": sum(one.decision is not None and bool(one.decision.changed) for one in numbered),
        "pack": result.packs[-1].id if result.packs else None,
        "tables": len(result.tables),
        "unread": len(result.unread),
        "day": date.today().isoformat(),
    }


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one unit's: it is only counted anew."""
    return one.endswith(other) or other.endswith(one)

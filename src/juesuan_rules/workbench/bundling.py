"""Everything a run gives in one ZIP archive, made beside the queue: it takes as long as reading all reports once more."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.outputs.files import file_stems
from juesuan_rules.outputs.writing import PER_REPORT
from juesuan_rules.workbench.database import DONE, ReportRow, RunRow
from juesuan_rules.workbench.jobs import Jobs
from juesuan_rules.workbench.marks import corrections_text, decisions_text, waivers_text
from juesuan_rules.workbench.worker import Worker

OF_RUN = (("html", "汇总.html"), ("xlsx", "汇总.xlsx"), ("csv", "汇总.csv"), ("md", "汇总.md"), ("json", "结果.json"), ("sarif", "结果.sarif"), ("junit", "结果.junit.xml"))
NAME = "everything.zip"


class Bundle(msgspec.Struct, frozen=True):
    """An archive that is being made, or was. done, total: steps. state: "" (none), making, ready, failed."""

    state: str = ""
    done: int = 0
    total: int = 0
    message: str = ""


_bundles: dict[str, Bundle] = {}
_lock = threading.Lock()


def bundle_state(run_id: str) -> Bundle:
    """How far a run's archive is."""
    return _bundles.get(run_id, Bundle())


def begin_bundle(jobs: Jobs, run: RunRow) -> None:
    """Begin to make a run's archive, unless that is going on."""
    with _lock:
        if bundle_state(run.id).state == "making":
            return
        _bundles[run.id] = Bundle("making", 0, 1)
    threading.Thread(target=_make, args=(jobs, run), name="juesuan-bundle", daemon=True).start()


def bundle_path(jobs: Jobs, run_id: str) -> Path:
    """Where a run's archive lies once it is ready."""
    return jobs.settings.home / "runs" / run_id / NAME


def _make(jobs: Jobs, run: RunRow) -> None:
    worker = Worker()
    target = bundle_path(jobs, run.id)
    partial = jobs.settings.sending / f"{run.id}.zip.part"
    try:
        reports = jobs.database.reports(run.id)
        told = [report for report in reports if report.state == DONE]
        total = len(told) * len(PER_REPORT) + len(OF_RUN)
        lacks: list[str] = []
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            stems = file_stems([report.name for report in told])
            done = 0
            for report, stem in zip(told, stems, strict=True):
                for kind in PER_REPORT:
                    _bundles[run.id] = Bundle("making", done, total)
                    lacks += _add(archive, jobs, worker, run, report, kind, f"报告/{stem}.{kind}")
                    done += 1
            result = jobs.run_result(run.id)
            links = tuple(f"报告/{stem}.html" for stem in stems)
            for kind, name in OF_RUN:
                _bundles[run.id] = Bundle("making", done, total)
                made = jobs.settings.sending / f"{run.id}-summary.{kind}"
                lack = worker.call("tasks:write_summary", result, kind, made, links if kind == "html" else (), seconds=jobs.settings.limits.view)
                if not lack:
                    archive.write(made, name)
                made.unlink(missing_ok=True)
                done += 1
            for name, text in record_files(jobs, run.id):
                archive.writestr(name, text)
            if lacks:
                archive.writestr("没有做出的.txt", "\n".join(lacks) + "\n")
        partial.replace(target)
        _bundles[run.id] = Bundle("ready", total, total)
    except (JuesuanError, OSError) as error:
        _bundles[run.id] = Bundle("failed", message=error.message if isinstance(error, JuesuanError) else "没有存下来：磁盘可能已满")
    finally:
        partial.unlink(missing_ok=True)
        worker.close()


def _add(archive: zipfile.ZipFile, jobs: Jobs, worker: Worker, run: RunRow, report: ReportRow, kind: str, name: str) -> list[str]:
    made = jobs.settings.sending / f"{run.id}-one.{kind}"
    try:
        result = jobs.result(run.id, report.position)
        spec = jobs.spec(run, report, jobs.marks(result)) if result is not None else None
        if spec is None:
            return [f"{name}：没有结果"]
        lack: str = worker.call("tasks:write_output", spec, kind, made, seconds=jobs.settings.limits.read)
        if lack:
            return [f"{name}：{lack.partition('：')[2] or lack}"]
        archive.write(made, name)
    except JuesuanError as error:
        return [f"{name}：{error.message}"]
    finally:
        made.unlink(missing_ok=True)
    return []


def record_files(jobs: Jobs, run_id: str, position: int | None = None) -> list[tuple[str, str]]:
    """What people recorded, as the files the command line reads: of one report, or of all of a run."""
    decisions: dict[str, dict[str, object]] = {}
    waivers: dict[str, dict[str, object]] = {}
    corrections = []
    for report in jobs.database.reports(run_id):
        if position is not None and report.position != position:
            continue
        corrections += [one.entry for one in jobs.database.corrections(run_id, report.position)]
        result = jobs.result(run_id, report.position)
        if result is None:
            continue
        for use in result.decisions:
            decisions[use.fingerprint] = next((one.entry for one in jobs.database.decisions() if one.entry["fingerprint"] == use.fingerprint), {})
        own = {(use.rule, use.unit, use.year, use.waiver.place) for use in result.waivers}
        for one in jobs.database.waivers():
            if (one.entry["rule"], one.entry["unit"], int(one.entry["year"]), one.entry["place"]) in own:
                waivers[str(one.id)] = one.entry
    return [
        ("decisions.yaml", decisions_text([entry for entry in decisions.values() if entry])),
        ("waivers.yaml", waivers_text(waivers.values())),
        ("corrections.yaml", corrections_text(corrections)),
    ]

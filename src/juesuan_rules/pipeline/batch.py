"""Judge many files: each on its own, in a stable order, over several processes where asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan_rules.diagnostics import ExitCode, JuesuanError, UsageError
from juesuan_rules.findings import Severity
from juesuan_rules.pipeline.evaluate import evaluate_files
from juesuan_rules.pipeline.options import Options
from juesuan_rules.pipeline.retracting import announce
from juesuan_rules.pipeline.state import file_digest, packs_state
from juesuan_rules.results import Failure, ReportResult, RunResult

if TYPE_CHECKING:
    from juesuan_rules.material import Subject

Progress = Callable[[int, int, Path], None]
"""Told after each file: how many are done, how many there are, which one it was."""

_RANK: dict[Severity, int] = {"info": 0, "warning": 1, "error": 2}


class _Task(msgspec.Struct, frozen=True):
    paths: tuple[Path, ...]
    options: Options
    state: str


def evaluate_many(
    paths: Sequence[Path], options: Options, jobs: int = 1, progress: Progress | None = None, kept: dict[str, Subject] | None = None
) -> RunResult:
    """Every file judged; what fails becomes a Failure and never stops the others.

    kept: gets all that is known of the report, by its path, where it is the only one: outputs then need no second reading.
    """
    unique, repeated = _without_repeats(paths)
    _check_corrections(options, unique)
    accept = _acceptance(options)
    if options.prior is not None or options.units is not None:
        from juesuan_rules.pipeline.companions import check_companions, list_priors

        check_companions(options, unique)
        options = list_priors(options)
    state = packs_state(options)
    tasks = [_Task(tuple(unique), options, state)] if options.as_one and unique else [_Task((path,), options, state) for path in unique]
    reports: list[ReportResult] = []
    failures: list[Failure] = []
    outcomes = _outcomes(tasks, jobs) if kept is None or len(tasks) != 1 else iter([_judge(tasks[0], kept)])
    for done, (task, outcome) in enumerate(zip(tasks, outcomes, strict=True), start=1):
        if isinstance(outcome, ReportResult):
            reports.append(outcome)
        else:
            failures.append(outcome)
        if progress is not None:
            progress(done, len(tasks), task.paths[0])
    return accept(announce(RunResult(tuple(reports), tuple(failures), repeated, _corrections_used(options))))


def accepted(result: ReportResult, options: Options) -> RunResult:
    """One report's result, judged by these options, as a run: held against the waivers, decisions and earlier result they name."""
    return _acceptance(options)(announce(RunResult((result,), (), (), _corrections_used(options))))


def _acceptance(options: Options) -> Callable[[RunResult], RunResult]:
    """What holds a run against the waivers, the decisions and the earlier result asked for. Raises UsageError, before any
    report is read, where they are broken."""
    steps: list[Callable[[RunResult], RunResult]] = []
    if options.waivers or options.as_of is not None:
        from juesuan_rules.pipeline.waiving import open_waivers, waive

        waivers = open_waivers(options.waivers)
        steps.append(lambda run: waive(run, waivers, options.as_of))
    if options.decisions or options.baseline is not None:
        from juesuan_rules.reviews.apply import review
        from juesuan_rules.reviews.baseline import read_baseline
        from juesuan_rules.reviews.decisions import read_decisions

        decisions = read_decisions(options.decisions)
        baseline = read_baseline(options.baseline) if options.baseline is not None else None
        steps.append(lambda run: review(run, decisions, baseline))
    return lambda run: reduce(lambda known, step: step(known), steps, run)


def _check_corrections(options: Options, paths: Sequence[Path]) -> None:
    """Raise UsageError for corrections that cannot be read, or that do not say for which report they are."""
    if options.corrections is None:
        return
    from juesuan_rules.pipeline.correcting import read_corrections, require_files

    corrections = read_corrections(options.corrections)
    if (len(paths) > 1 and not options.as_one) or options.prior is not None or options.units is not None:
        require_files(corrections, options.corrections)


def _corrections_used(options: Options) -> tuple[str, ...]:
    digest = file_digest(options.corrections) if options.corrections is not None else None
    return (f"sha256:{digest}",) if digest else ()


def exit_code(run: RunResult, fail_on: Severity = "warning", max_undecided: int | None = None) -> ExitCode:
    """The exit code of a run: 2, 3, 4, 5, 1 in this order of precedence, else 0. Against an earlier result only
    findings that it does not have count towards 1."""
    codes = [failure.exit_code for failure in run.failures]
    new = None
    if run.baseline is not None:
        from juesuan_rules.reviews.baseline import new_findings

        new = new_findings(run.baseline)
    for report in run.reports:
        codes += _codes(report, fail_on, max_undecided, new)
    if not run.reports and not run.failures:
        codes.append(ExitCode.NOTHING_JUDGED)
    return ExitCode.worst(codes)


def _codes(report: ReportResult, fail_on: Severity, max_undecided: int | None, new: frozenset[str] | None) -> Iterator[ExitCode]:
    if report.status != "judged":
        yield ExitCode.NOTHING_JUDGED
    if any(beside.failed for beside in report.companions):
        yield ExitCode.UNREADABLE
    if report.unread or (report.status == "judged" and any(cause.id.startswith("读取:") for cause in report.causes)):
        yield ExitCode.UNREADABLE  # pages, or a table, that could not be read: what they hold was not checked
    if any(f.outcome == "rule_error" for f in report.findings):
        yield ExitCode.RULES_BROKEN
    open_ones = [f for f in report.findings if f.outcome in ("fail", "doubtful") and f.waiver is None and (new is None or f.fingerprint in new)]
    if any(_RANK[f.severity] >= _RANK[fail_on] for f in open_ones):
        yield ExitCode.FINDINGS
    if max_undecided is not None and sum(outcome == "undecided" for outcome in report.rules.values()) > max_undecided:
        yield ExitCode.NOTHING_JUDGED


def _outcomes(tasks: Sequence[_Task], jobs: int) -> Iterator[ReportResult | Failure]:
    if jobs < 1:
        raise UsageError("--jobs 须为正整数")
    if jobs == 1 or len(tasks) < 2:
        yield from map(_judge, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(jobs, len(tasks))) as pool:
        yield from pool.map(_judge, tasks, chunksize=max(1, min(16, len(tasks) // (4 * jobs))))


def _judge(task: _Task, kept: dict[str, Subject] | None = None) -> ReportResult | Failure:
    name = str(task.paths[0])
    try:
        if kept is not None:
            from juesuan_rules.pipeline.judging import judge_files

            kept[name] = judge_files(task.paths, task.options, task.state)
            return kept[name].result
        return evaluate_files(task.paths, task.options, task.state)
    except JuesuanError as error:
        return Failure(name, describe(error), error.exit_code)
    except (MemoryError, RecursionError):
        return Failure(name, f"「{name}」太大或结构太复杂，没有读完", ExitCode.UNREADABLE)
    except Exception as error:  # noqa: BLE001 - a defect of ours must not cost the other reports their result
        return Failure(name, f"处理「{name}」时{defect(error)}", ExitCode.UNREADABLE)


def describe(error: JuesuanError) -> str:
    """The error's message and every diagnostic, as text for a person."""
    if all(d.message == error.message for d in error.diagnostics):
        codes, hints = [dict.fromkeys(texts) for texts in zip(*((d.code, d.hint) for d in error.diagnostics), strict=True)] or ({}, {})
        return "\n".join([error.message + "".join(f"（{code}）" for code in codes), *(f"    提示：{hint}" for hint in hints if hint)])
    from juesuan_rules.diagnostics import render
    from juesuan_rules.pipeline.sources import with_source_lines

    return "\n".join([error.message, *(render(d) for d in with_source_lines(error.diagnostics) if d.message != error.message)])


def defect(error: Exception) -> str:
    """What to tell of an error that is this program's own fault; JUESUAN_DEBUG shows all of it."""
    import os
    import traceback

    if os.environ.get("JUESUAN_DEBUG"):
        return "程序内部出错：\n" + "".join(traceback.format_exception(error))
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"程序内部出错，请告知开发者：{type(error).__name__} {os.path.basename(last.filename)}:{last.lineno} {error}"


def _without_repeats(paths: Sequence[Path]) -> tuple[list[Path], tuple[tuple[str, str], ...]]:
    """Paths whose bytes no earlier path has; the others with the earlier path beside them."""
    if len(paths) < 2:
        return list(paths), ()
    first: dict[str, Path] = {}
    unique, repeated = [], []
    for path in paths:
        known = file_digest(path)
        if known is not None and known in first:
            repeated.append((str(path), str(first[known])))
            continue
        if known is not None:
            first[known] = path
        unique.append(path)
    return unique, tuple(repeated)

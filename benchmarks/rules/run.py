"""How fast rules are judged: per check on real and sample reports, against size, and against dpm-xl.

    python benchmarks/rules/run.py [REPORT …] [--repeats 30] [--json OUT] [--no-peer]

Without REPORT: the text reports of JUESUAN_REPORTS (where set) and the samples in fixtures/. All times are the median of
the repeats, warm, in one process; the first run of anything is not counted.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from msgspec.structs import replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent, HERE.parents[1] / "src", HERE.parents[1] / "fixtures"):
    sys.path.insert(0, str(folder))

from subject import Subject, default_reports  # noqa: E402
from synthetic import grown  # noqa: E402

from juesuan_rules.engine.explain import explain  # noqa: E402
from juesuan_rules.engine.plan import Plan, prepare, run  # noqa: E402

Row = dict[str, Any]


def timed(function: Callable[[], object], repeats: int) -> float:
    """Median seconds of a call, after one that is not counted; the collector is off meanwhile."""
    function()
    gc.collect()
    gc.disable()
    try:
        times = []
        for _ in range(repeats):
            started = time.perf_counter()
            function()
            times.append(time.perf_counter() - started)
    finally:
        gc.enable()
    return median(times)


def peak(function: Callable[[], object]) -> int:
    """Most bytes allocated during a call."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def one_report(subject: Subject, repeats: int) -> Row:
    """Times of every stage on one report."""
    report, plan = subject.report, subject.plan
    text = subject.text
    verdicts = sum(len(part.outcomes) for part in run(plan, report).parts)
    cells = sum(len(column) for t in report.tables.values() for b in t.blocks.values() for column in b.columns.values())
    judged = timed(lambda: run(plan, report), repeats)
    return {
        "report": subject.name, "cells": cells, "checks": verdicts, "read_ms": timed(lambda: subject.read(text), max(3, repeats // 5)) * 1e3,
        "prepare_ms": timed(lambda: prepare(subject.pack.rules), max(3, repeats // 5)) * 1e3, "judge_ms": judged * 1e3, "us_per_check": judged / max(verdicts, 1) * 1e6,
        "slow_us_per_check": timed(lambda: run(plan, report, screening=False), max(3, repeats // 5)) / max(verdicts, 1) * 1e6,
        "explain_ms": timed(lambda: explain(run(plan, report), False), max(3, repeats // 5)) * 1e3 - judged * 1e3,
    }  # fmt: skip


def by_size(repeats: int) -> list[Row]:
    """The sample of 湖北 with 1, 10 and 100 times its 科目, and with 1, 10 and 100 times the rules."""
    rows: list[Row] = []
    for factor in (1, 10, 100):
        subject = grown(factor)
        rows.append(_sized("科目", factor, subject, subject.plan, repeats))
    subject = grown(1)
    for factor in (1, 10, 100):
        rules = tuple(replace(rule, id=f"{rule.id}#{n}") for n in range(factor) for rule in subject.pack.rules)
        rows.append(_sized("规则", factor, subject, prepare(rules), repeats))
    return rows


def _sized(what: str, factor: int, subject: Subject, plan: Plan, repeats: int) -> Row:
    report = subject.report
    verdicts = sum(len(part.outcomes) for part in run(plan, report).parts)
    cells = sum(len(column) for t in report.tables.values() for b in t.blocks.values() for column in b.columns.values())
    seconds = timed(lambda: run(plan, report), max(3, repeats // factor))
    return {
        "grown": what, "factor": factor, "cells": cells, "checks": verdicts, "judge_ms": seconds * 1e3, "us_per_check": seconds / verdicts * 1e6,
        "peak_mb": peak(lambda: run(plan, report)) / 1e6,
    }  # fmt: skip


def against_peer(subject: Subject, repeats: int) -> Row | None:
    """Our linear checks and dpm-xl's on the same cells: times, and whether every verdict agrees."""
    from dpmxl import SelectionCache, evaluate_rule, parse_cached
    from peer import OURS, Peer, questions

    report = subject.report
    evaluation = run(subject.plan, report)
    peer = Peer(report)
    asked = list(questions(peer, subject.plan, evaluation))
    if not asked:
        return None
    mine = {(id(p.check), p.column, key): OURS.get(str(o)) for p in evaluation.parts for key, o in zip(p.keys, _outcomes(p), strict=True)}
    disagreeing = []
    for question in asked:
        result = evaluate_rule(question.text, peer.provider)
        ours = mine[id(subject.plan.checks[question.check]), question.column, question.key]
        theirs = result.status == "passed"
        if result.status not in ("passed", "failed") or ours != theirs:
            disagreeing.append(f"{subject.plan.checks[question.check].rule.id}[{question.key}] 本程序 {ours}，dpm-xl {result.status}：{question.text}")
    wanted = {question.check for question in asked}
    plan = Plan(tuple(c for n, c in enumerate(subject.plan.checks) if n in wanted), subject.plan.leaves)
    verdicts = sum(len(part.outcomes) for part in run(plan, report).parts)
    nodes = [parse_cached(question.text) for question in asked]

    def theirs_all() -> None:
        cache = SelectionCache()
        for node in nodes:
            evaluate_rule(node, peer.provider, trace=False, cache=cache)

    ours_us, theirs_us = timed(lambda: run(plan, report), repeats) / verdicts * 1e6, timed(theirs_all, max(3, repeats // 10)) / len(asked) * 1e6
    return {
        "report": subject.name, "compared": len(asked), "agree": len(asked) - len(disagreeing), "ours_us": ours_us, "dpm_xl_us": theirs_us,
        "times": theirs_us / ours_us, "disagreeing": disagreeing,
    }  # fmt: skip


def _outcomes(part: Any) -> list[str]:
    from juesuan_rules.engine.evaluation import CODES

    return [CODES[o] for o in part.outcomes]


def show(title: str, rows: list[Row]) -> None:
    """Print rows as a table; numbers with three digits that matter."""
    from tabulate import tabulate

    print(f"\n{title}")
    shown = [[f"{v:,.2f}" if isinstance(v, float) else v for k, v in row.items() if k != "disagreeing"] for row in rows]
    print(tabulate(shown, headers=[k for k in rows[0] if k != "disagreeing"], disable_numparse=True, stralign="right"))


def main() -> int:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    subjects = [Subject.of(path) for path in options.reports or default_reports()]
    subjects = [subject for subject in subjects if subject.usable]
    result: dict[str, list[Row]] = {"reports": [one_report(subject, options.repeats) for subject in subjects]}
    show("每份报告（毫秒；每项核对微秒）", result["reports"])
    result["sizes"] = by_size(options.repeats)
    show("随大小变化", result["sizes"])
    if find_spec("dpmxl") is None or options.no_peer:
        print("\n没有安装 dpm-xl（或 --no-peer），略去比较")
    else:
        result["peer"] = [row for subject in subjects if (row := against_peer(subject, options.repeats))]
        show("与 dpm-xl 比较（同一批勾稽、同一批单元格、同一次运行）", result["peer"])
        for row in result["peer"]:
            for line in row["disagreeing"]:
                print(f"  结论不同  {row['report']}  {line}")
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    return 1 if any(row["disagreeing"] for row in result.get("peer", [])) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Change every figure of the 情况说明 and of the 绩效 forms, and count what the rules notice.

    python benchmarks/prose/run.py [REPORT …] [--every N] [--jobs 2] [--json OUT] [--misses 20] [--at-least 0.9]

Without REPORT: every report of JUESUAN_REPORTS (where set), else the samples in fixtures/.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from contradicting import Oracle
from judging import Bench, default_reports
from noticing import MISSED, UNNAMED, Answer, answer, count
from printed import AMOUNT, FORM, KINDS, PROSE, SHARE, Printed

HEADS = ["", "印出", "读到", "有矛盾可查", "孤数（读到）", "孤数（未读）", "改动", "发现", "未列出该数", "原已不符", "发现率"]
_work: tuple[Bench, Oracle, list[Printed]] | None = None


def _answer(number: int) -> Answer:
    assert _work is not None
    bench, oracle, figures = _work
    return answer(bench, oracle, figures[number])


def damage(path: Path, every: int, jobs: int) -> tuple[list[Answer], dict[str, int], float] | None:
    """Every figure of one report changed; None where it has neither prose nor forms."""
    global _work
    started = time.perf_counter()
    bench = Bench(path)
    if not bench.usable:
        return None
    figures = [f for n, f in enumerate([*bench.prose, *bench.forms]) if n % every == (n // every) % every]
    _work = bench, Oracle(bench), figures
    if jobs < 2:
        answers = [_answer(n) for n in range(len(figures))]
    else:
        with multiprocessing.get_context("fork").Pool(jobs) as pool:
            answers = pool.map(_answer, range(len(figures)), chunksize=8)
    return answers, dict(Counter(f.outcome for f in bench.every)), time.perf_counter() - started


def table(answers: Sequence[Answer]) -> list[list[object]]:
    """A line per source and kind, and one for amounts and percentages, one for scores and counts."""
    rows = []
    for source in (PROSE, FORM):
        for kind in KINDS:
            chosen = [a for a in answers if a.figure.source == source and a.figure.kind == kind]
            if chosen:
                rows.append(_row(f"{source} {kind}", chosen))
    rows.append(_row("金额、百分比", [a for a in answers if a.figure.kind in (AMOUNT, SHARE)]))
    rows.append(_row("分值、计数", [a for a in answers if a.figure.kind not in (AMOUNT, SHARE)]))
    return rows


def _row(name: str, answers: Sequence[Answer]) -> list[object]:
    found = count(answers)
    return [name, *asdict(found).values(), f"{found.share:.1%}"]


def show(name: str, answers: Sequence[Answer], misses: int) -> None:
    """The table of one report, and what was missed, by reason."""
    from tabulate import tabulate

    print(f"\n{name}")
    print(tabulate(table(answers), headers=HEADS, disable_numparse=True, stralign="right"))
    print(*listed(answers, misses), sep="\n")


def listed(answers: Iterable[Answer], most: int) -> list[str]:
    """Misses by reason, the most frequent first, each with its figures."""
    missed = [(a, [t for t in a.told if t.counts and t.result in (MISSED, UNNAMED)]) for a in answers if a.counts]
    reasons: dict[str, list[str]] = {}
    for one, told in missed:
        for reason in dict.fromkeys(t.why if t.result == MISSED else t.result for t in told):
            changes = "，".join(f"{t.change}→{t.new}" for t in told if (t.why if t.result == MISSED else t.result) == reason)
            how = one.use if reason != one.use else ""
            reasons.setdefault(reason, []).append(f"    {one.figure}  {changes}  （{'、'.join(one.reasons)}；{how}）")
    lines = []
    for reason, examples in sorted(reasons.items(), key=lambda item: -len(item[1])):
        lines += [f"  漏 {len(examples):4}  {reason}", *examples[:most]]
    return lines


def main() -> int:
    """Run, print, and fail below --at-least."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every Nth figure")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write every figure, change and result")
    parser.add_argument("--misses", type=int, default=6, help="how many misses to list per reason")
    parser.add_argument("--at-least", type=float, default=0.0, help="fail where a smaller share of amounts and percentages is noticed")
    options = parser.parse_args()
    everything: list[Answer] = []
    results = []
    for path in options.reports or default_reports():
        done = damage(path, options.every, options.jobs)
        if done is None:
            print(f"\n{path.name}：没有情况说明和表单，略过")
            continue
        answers, intact, seconds = done
        show(f"{path.name}（{seconds:.0f} 秒；完好时：{'，'.join(f'{k} {v}' for k, v in intact.items())}）", answers, options.misses)
        everything += answers
        results.append({"report": path.name, "intact": intact, "answers": [asdict(a) | {"counts": a.counts} for a in answers]})
    show("合计", everything, 0)
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1, default=str), "utf-8")
    share = count([a for a in everything if a.figure.kind in (AMOUNT, SHARE)]).share
    return 0 if share >= options.at_least else 1


if __name__ == "__main__":
    sys.exit(main())

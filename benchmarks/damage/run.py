"""Damage every figure and every table of real and sample reports, and count what the rules notice.

    python benchmarks/damage/run.py [REPORT …] [--every N] [--jobs 2] [--json OUT] [--misses 20] [--at-least 0.99]

Without REPORT: the text reports of JUESUAN_REPORTS (where set) and the samples in fixtures/. Every edit goes through
the real pipeline: the text is changed, read and recognised again, and every rule is evaluated again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent, HERE.parents[1] / "src"):
    sys.path.insert(0, str(folder))

from edits import Edit, figure_edits, structural_edits  # noqa: E402
from notice import Baseline, Told  # noqa: E402
from subject import Subject, default_reports  # noqa: E402

FIGURES = ("+0.10", "×2", "÷10", "换位")
_baseline: Baseline | None = None


def _start(path: Path) -> None:
    global _baseline
    _baseline = Baseline(Subject.of(path))


def _tell(edit: Edit) -> Told:
    assert _baseline is not None
    return _baseline.tell(edit)


def damage(path: Path, every: int, jobs: int) -> dict[str, object] | None:
    """All edits of one report; None where it has no tables to damage."""
    subject = Subject.of(path)
    if not subject.usable:
        return None
    lines = subject.text.split("\n")
    edits = _thinned([*figure_edits(lines, subject.report)], every) + _thinned([*structural_edits(lines, subject.report)], every)
    started = time.perf_counter()
    with multiprocessing.Pool(jobs, _start, (path,)) as pool:
        told = pool.map(_tell, edits, chunksize=16)
    return {"report": path.name, "intact": dict(Baseline(subject).outcomes), "seconds": round(time.perf_counter() - started, 1), "told": told}


def _thinned(edits: list[Edit], every: int) -> list[Edit]:
    """One of `every` edits, at a place that wanders, so that no kind is left out."""
    return [edit for n, edit in enumerate(edits) if n % every == (n // every) % every]


def summarise(told: list[Told]) -> dict[str, dict[str, float | int]]:
    """Per kind of edit: how many, noticed, named, suspects, causes."""
    result: dict[str, dict[str, float | int]] = {}
    for kind in dict.fromkeys(t.kind for t in told):
        chosen = [t for t in told if t.kind == kind]
        noticed = [t for t in chosen if t.noticed]
        shared = [t for t in chosen if t.suspect is not None]
        result[kind] = {
            "edits": len(chosen),
            "noticed": len(noticed),
            "declared": sum(t.declared and not t.noticed for t in chosen),
            "missed": sum(not t.noticed and not t.declared for t in chosen),
            "named": sum(t.shared > 0 for t in noticed),
            "shared": len(shared),
            "suspect_right": sum(bool(t.suspect) for t in shared),
            "one_cause": sum(t.causes == 1 for t in noticed),
            "crashed": sum(t.crashed > 0 for t in chosen),
        }
    return result


def show(name: str, seconds: float, intact: dict[str, int], told: list[Told], misses: int) -> None:
    """One table per report, and what was missed, with the reasons."""
    from tabulate import tabulate

    print(f"\n{name}（{len(told)} 处改动，{seconds} 秒；完好时：{'，'.join(f'{k} {v}' for k, v in intact.items())}）")
    heads = ["改动", "处数", "发现", "另作声明", "漏", "列出该格", "两项以上共用", "疑点正确", "一个根源", "规则出错"]
    rows = [[kind, *row.values()] for kind, row in summarise(told).items()]
    print(tabulate(rows, headers=heads, disable_numparse=True, stralign="right"))
    reasons = Counter(t.miss or "没有说法" for t in told if not t.noticed and not t.declared)
    for reason, count in reasons.most_common():
        print(f"  漏 {count:5}  {reason}")
    for t in [t for t in told if not t.noticed and not t.declared][:misses]:
        print(f"    {t.kind}  {t.about}  {t.miss}")


def main() -> int:
    """Run, print, and fail below --at-least."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every Nth edit")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write every edit and its result")
    parser.add_argument("--misses", type=int, default=10, help="how many misses to list per report")
    parser.add_argument("--at-least", type=float, default=0.0, help="fail where a smaller share of changed figures is noticed")
    options = parser.parse_args()
    results = []
    for path in options.reports or default_reports():
        result = damage(path, options.every, options.jobs)
        if result is None:
            print(f"\n{path.name}：没有可改动的表，略过")
            continue
        told: list[Told] = result["told"]  # type: ignore[assignment]
        show(path.name, result["seconds"], result["intact"], told, options.misses)  # type: ignore[arg-type]
        results.append({**result, "summary": summarise(told), "told": [asdict(t) for t in told]})
    every = [t for r in results for t in r["told"] if t["kind"] in FIGURES]
    share = sum(t["noticed"] for t in every) / len(every) if every else 0.0
    print(f"\n改动的数字共 {len(every)} 处，发现 {share:.2%}")
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")
    return 0 if share >= options.at_least else 1


if __name__ == "__main__":
    sys.exit(main())

"""How long the prose and the forms take beyond the document reader, and whether that grows with their length only.

    python benchmarks/prose/speed.py [REPORT …] [--repeats 7] [--json OUT]

Medians of processor time, warm, in one process. First every step for each report; then the report with its
情况说明 printed two, four and eight times: milliseconds per figure should stay level.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent))

from msgspec.structs import replace

from judging import FORMS, Bench, default_reports
from juesuan_rules.documents.model import Document
from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import run as judge
from juesuan_rules.reports.forms.read import read_forms
from juesuan_rules.reports.outline import read_outline
from juesuan_rules.reports.prose.facts import fact_tables
from juesuan_rules.reports.prose.mentions import find_mentions
from juesuan_rules.reports.prose.reading import read_prose
from juesuan_rules.reports.prose.statements import statement_tables
from rewording import explained_lines

T = TypeVar("T")


def timed(repeats: int, work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its median processor time in milliseconds."""
    result, times = work(), []
    for _ in range(repeats):
        begun = time.process_time()
        result = work()
        times.append(time.process_time() - begun)
    return result, statistics.median(times) * 1000


def steps(bench: Bench, document: Document, repeats: int) -> dict[str, float]:
    """Milliseconds of every step over a document, and `figures`, how many its 情况说明 prints."""
    report, layout, found = bench.report, bench.report.layout, {}
    sections = read_outline(document)
    prose, found["sentences"] = timed(repeats, lambda: read_prose(document, sections, report.identity))
    mentions, found["mentions"] = timed(repeats, lambda: find_mentions(prose.sentences))
    statements, found["statements"] = timed(repeats, lambda: statement_tables(prose.sentences, mentions, layout))
    (facts, _), found["facts"] = timed(repeats, lambda: fact_tables(prose.sentences, mentions, layout, report.tables))
    forms, found["forms"] = timed(repeats, lambda: read_forms(document, layout, report.other_tables, report.other_titles))
    records = {**report.records, **statements, **facts, FORMS: forms}
    whole = replace(report, prose=prose, records={spec.id: records[spec.id] for spec in layout.records})
    evaluation, found["rules"] = timed(repeats, lambda: judge(bench.whole, whole))
    _, found["explain"] = timed(repeats, lambda: explain(evaluation))
    found["total"] = sum(found.values())
    found["figures"] = prose.share[1]
    return found


def longer(bench: Bench, times: int) -> Document:
    """The document with its 情况说明 printed so many times."""
    lines = sorted(explained_lines(bench))
    blocks = list(bench.document.blocks)
    again = [blocks[n] for n in range(lines[0], lines[-1] + 1) if n in set(lines)]
    return replace(bench.document, blocks=(*blocks[: lines[-1] + 1], *again * (times - 1), *blocks[lines[-1] + 1 :]))


def main() -> int:
    """Print both tables."""
    from tabulate import tabulate

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    benches = [bench for path in options.reports or default_reports() if (bench := Bench(path)).prose]
    results = {"reports": {bench.name: steps(bench, bench.document, options.repeats) for bench in benches}, "longer": {}}
    _print(tabulate, results["reports"])
    for bench in benches[:2]:
        found = {f"{bench.name} ×{n}": steps(bench, longer(bench, n), max(1, options.repeats // n)) for n in (1, 2, 4, 8)}
        print()
        _print(tabulate, found)
        results["longer"] |= found
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")
    return 0


def _print(tabulate: Callable[..., str], found: dict[str, dict[str, float]]) -> None:
    reading = ("sentences", "mentions", "statements", "facts")
    rows = [[name, *[round(v, 1) for v in row.values()], round(sum(row[s] for s in reading) / max(1, row["figures"]), 3)] for name, row in found.items()]
    print(tabulate(rows, headers=["毫秒", *next(iter(found.values())), "读文字/数"]))


if __name__ == "__main__":
    sys.exit(main())

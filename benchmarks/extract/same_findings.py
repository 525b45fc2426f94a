"""Does the same report give the same findings in every format?

    python benchmarks/extract/same_findings.py FOLDER [--kinds docx,scan150] [--reference txt_tab] [--json OUT]

FOLDER holds generated documents with their answers (truth.json). Every report is judged in every kind; its 不符 are
compared with those of the same report as tab-separated text. On scans a check may be 无法判断 instead, at most one in a
hundred. Exit code 1 where a kind differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.findings import Finding
from juesuan_rules.pipeline.evaluate import evaluate_files
from juesuan_rules.pipeline.options import Options
from truth import SCANS, Known, documents

SCAN_UNDECIDED = 0.01
Check = tuple[str, str, str]
"""(rule, formula, row and column): the same check of the same report in any format."""


def judge(document: Known) -> dict[Check, list[Finding]]:
    """Every verdict by its check. Raises JuesuanError."""
    found: dict[Check, list[Finding]] = defaultdict(list)
    for finding in evaluate_files([document.path], Options()).findings:
        found[finding.rule, finding.formula, finding.key].append(finding)
    return dict(found)


def outcomes(verdicts: dict[Check, list[Finding]], outcome: str) -> set[Check]:
    """The checks with such a verdict."""
    return {check for check, found in verdicts.items() if any(f.outcome == outcome for f in found)}


def compare(expected: dict[Check, list[Finding]], found: dict[Check, list[Finding]]) -> dict[str, object]:
    """What differs from the reference: 不符 too many, too few (and not 无法判断), new 无法判断, other verdicts."""
    before, after = outcomes(expected, "fail"), outcomes(found, "fail")
    undecided = outcomes(found, "undecided") - outcomes(expected, "undecided")
    lost = {check for check in before - after if check not in undecided}
    other = {c for c in expected.keys() | found.keys() if verdict(expected.get(c)) != verdict(found.get(c))} - (after ^ before) - undecided
    return {"invented": sorted(after - before), "lost": sorted(lost), "undecided": sorted(undecided), "other": sorted(other), "checks": len(found)}


def verdict(findings: list[Finding] | None) -> tuple[str, ...]:
    """The outcomes of one check."""
    return tuple(sorted(f.outcome for f in findings or ()))


def sound(difference: dict[str, object], kind: str) -> bool:
    """Whether a difference is none, or as small as scans allow."""
    undecided, checks = len(difference["undecided"]), int(difference["checks"])  # type: ignore[arg-type, call-overload]
    allowed = SCAN_UNDECIDED * checks if kind in SCANS else 0
    return not difference["invented"] and not difference["lost"] and undecided <= allowed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--reference", default="txt_tab")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    kinds = frozenset(filter(None, asked.kinds.split(",")))
    every = documents(asked.folder)
    reference = {one.seed: judge(one) for one in every if one.kind == asked.reference}
    results: dict[str, dict[str, object]] = {}
    good = True
    print(f"{'文件':24} {'核对':>6} {'多出':>5} {'缺少':>5} {'无法判断':>6} {'其他不同':>6}")
    for one in every:
        if one.kind == asked.reference or (kinds and one.kind not in kinds):
            continue
        try:
            difference = compare(reference[one.seed], judge(one))
        except JuesuanError as error:
            print(f"{one.path.name:24} 没有结果：{error.message}")
            results[one.path.name], good = {"error": error.message}, False
            continue
        results[one.path.name] = difference
        counts = [len(difference[key]) for key in ("invented", "lost", "undecided", "other")]  # type: ignore[arg-type]
        mark = "" if sound(difference, one.kind) else "  <- 不同"
        good = good and not mark
        print(f"{one.path.name:24} {difference['checks']:>6} {counts[0]:>5} {counts[1]:>5} {counts[2]:>8} {counts[3]:>8}{mark}")
    if asked.json:
        asked.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

"""The test of a pack as JSON."""

from __future__ import annotations

from typing import Any

from juesuan_rules.authoring.cases import CaseResult
from juesuan_rules.authoring.testing.boundaries import Boundary
from juesuan_rules.authoring.testing.running import PackTest
from juesuan_rules.diagnostics import Diagnostic, Span

SCHEMA_VERSION = 1


def to_json(test: PackTest) -> dict[str, Any]:
    """Every case, every generated boundary case, what lacks, and the counts."""
    results, boundaries = test.cases.results, test.boundaries
    return {
        "schema_version": SCHEMA_VERSION,
        "pack": test.cases.pack,
        "passed": test.passed,
        "cases": [_case(result) for result in results],
        "boundaries": [_boundary(one) for one in boundaries],
        "unreached": [{"rule": one.rule, "check": one.check, "reason": one.reason} for one in test.unreached],
        "lacking": list(test.cases.lacking),
        "drafts": list(test.drafts),
        "diagnostics": [_diagnostic(one) for one in test.cases.diagnostics],
        "summary": {
            "cases": len(results),
            "failed": sum(not r.passed for r in results),
            "known": sum(r.excused for r in results),
            "mended": sum(r.mended for r in results),
            "boundaries": len(boundaries),
            "boundaries_failed": sum(not b.passed for b in boundaries),
            "unreached": len(test.unreached),
            "lacking": len(test.cases.lacking),
        },
    }


def _case(result: CaseResult) -> dict[str, Any]:
    known = {"kind": {"漏报": "miss", "误报": "false_alarm"}[result.known], "reason": result.why, "mended": result.mended} if result.known else None
    return {
        "rule": result.rule,
        "name": result.name,
        "expected": result.expected,
        "actual": result.actual or None,
        "passed": result.passed,
        "known": known,
        "message": result.message,
        "place": _place(result.span),
    }


def _boundary(one: Boundary) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "check": one.check,
        "case": one.case,
        "at": one.at,
        "figure": one.figure,
        "printed": one.printed,
        "difference": one.distance,
        "unit": one.unit,
        "expected": one.expected,
        "actual": one.actual,
        "passed": one.passed,
        "message": one.message,
        "place": _place(one.span),
    }


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    return {"code": one.code, "message": one.message, "hint": one.hint, "place": _place(one.span)}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column}

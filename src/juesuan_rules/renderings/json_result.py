"""The JSON result of `eval`: a stable contract, published as schemas/result.schema.json."""

from __future__ import annotations

from typing import Any

from juesuan_rules.findings import Cause, Decision, Finding, Operand, Waiver
from juesuan_rules.renderings.json_text import confidence_json, correction_json, identity_json, place_json, source_json
from juesuan_rules.results import PRIOR, UNITS, Change, Companion, Comparison, DecisionUse, ReportResult, RunResult, TableSeen, WaiverUse

SCHEMA_VERSION = 1


def result_json(run: RunResult, tool: dict[str, Any], provenance: dict[str, Any] | None = None) -> dict[str, Any]:
    """The whole run as plain data in the contract's shape. Amounts are strings, never floats."""
    packs = {(pack.id, pack.digest): pack for report in run.reports for pack in report.packs}
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool,
        "packs": [{"id": p.id, "version": p.version, "digest": p.digest} for p in packs.values()],
        "reports": [report_json(report) for report in run.reports],
        "failures": [{"path": f.path, "message": f.message, "exit_code": int(f.exit_code)} for f in run.failures],
        "repeated": [{"path": path, "same_as": earlier} for path, earlier in run.repeated],
        "waivers_elsewhere": [_use_json(use) for use in run.waivers_elsewhere],
        "decisions_elsewhere": [_decision_use_json(use) for use in run.decisions_elsewhere],
        "baseline": None if run.baseline is None else comparison_json(run.baseline),
        "provenance": provenance,
    }


def report_json(report: ReportResult) -> dict[str, Any]:
    """One report with every verdict."""
    return {
        "source": source_json(report.source, report.parts),
        "identity": identity_json(report.identity),
        "status": report.status,
        "message": report.message or None,
        "packs": [pack.id for pack in report.packs],
        "tables": [_table_json(table) for table in report.tables],
        "records": [_table_json(table) for table in report.records],
        "figures": {"read": report.figures[0], "printed": report.figures[1]},
        "prior": next((_companion_json(one) for one in report.companions if one.scope == PRIOR), None),
        "units": [_companion_json(one) for one in report.companions if one.scope == UNITS],
        "findings": [finding_json(finding) for finding in report.findings],
        "causes": [_cause_json(cause) for cause in report.causes],
        "rounding": [{"table": r.table, "count": r.count, "largest": r.largest, "unit": r.unit} for r in report.rounding],
        "problems": [
            {"kind": p.kind, "message": p.message, "table": p.table or None, "key": p.key or None, "blocking": p.blocking, "place": place_json(p.place)}
            for p in report.problems
        ],
        "notes": list(report.notes),
        "unread": list(report.unread),
        "corrections": [correction_json(correction) for correction in report.corrections],
        "waivers": [_use_json(use) for use in report.waivers],
        "decisions": [_decision_use_json(use) for use in report.decisions],
        "summary": report.summary,
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One verdict; `operands`, `sentence` and `filled` may be null on a pass."""
    return {
        "rule": finding.rule,
        "title": finding.title,
        "check": finding.check or None,
        "outcome": finding.outcome,
        "rounding": finding.rounding,
        "severity": finding.severity,
        "key": finding.key,
        "reason": finding.reason,
        "sentence": finding.sentence,
        "formula": finding.formula,
        "filled": finding.filled,
        "left": finding.left,
        "right": finding.right,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "tolerance_note": finding.tolerance_note,
        "unit": finding.unit,
        "operands": None if finding.operands is None else [_operand_json(operand) for operand in finding.operands],
        "basis": [{"document": b.document, "clause": b.clause or None, "verified": b.verified} for b in finding.basis],
        "hints": list(finding.hints),
        "cause": finding.cause,
        "suspect": finding.suspect,
        "waiver": None if finding.waiver is None else _waiver_json(finding.waiver),
        "pack": finding.pack,
        "changed_by": finding.changed_by,
        "fingerprint": finding.fingerprint or None,
        "decision": None if finding.decision is None else decision_json(finding.decision),
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """What a person made of a finding. shown: 需复核 where the figures changed since."""
    return {
        "status": decision.status,
        "shown": decision.shown,
        "by": decision.by,
        "date": decision.date,
        "note": decision.note or None,
        "changed": list(decision.changed),
    }


def _decision_use_json(use: DecisionUse) -> dict[str, Any]:
    head = {"status": use.status, "fingerprint": use.fingerprint, "rule": use.rule, "unit": use.unit, "year": use.year, "place": use.place}
    return {**head, "decision": decision_json(use.decision), "detail": use.detail or None}


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """A run against an earlier result: what is new, changed, unchanged, fixed, waived, unclear."""
    return {
        "path": comparison.path,
        "digest": comparison.digest,
        "time": comparison.time or None,
        "summary": comparison.counts(),
        "reports": [
            {
                "path": report.path,
                "unit": report.unit or None,
                "year": report.year,
                "known": report.known,
                "notes": list(report.notes),
                "changes": [_change_json(change) for change in report.changes],
            }
            for report in comparison.reports
        ],
        "missing": [{"unit": unit, "year": year, "findings": count} for unit, year, count in comparison.missing],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "fingerprint": change.fingerprint,
        "rule": change.rule,
        "title": change.title,
        "outcome": change.outcome,
        "severity": change.severity,
        "place": change.place,
        "sentence": change.sentence,
        "detail": change.detail or None,
    }


def _operand_json(operand: Operand) -> dict[str, Any]:
    return {
        "name": operand.name,
        "value": operand.value,
        "raw": operand.raw,
        "unit": operand.unit,
        "place": place_json(operand.place),
        "note": operand.note or None,
        "confidence": confidence_json(operand.confidence),
        "corrected": operand.corrected or None,
        "quote": operand.quote or None,
    }


def _waiver_json(waiver: Waiver) -> dict[str, Any]:
    return {"reason": waiver.reason, "approver": waiver.approver, "expires": waiver.expires, "difference": waiver.difference or None, "place": waiver.place}


def _use_json(use: WaiverUse) -> dict[str, Any]:
    head = {"status": use.status, "rule": use.rule, "unit": use.unit, "year": use.year}
    return {**head, **_waiver_json(use.waiver), "findings": use.findings, "detail": use.detail or None}


def _companion_json(one: Companion) -> dict[str, Any]:
    return {"source": source_json(one.source), "identity": identity_json(one.identity), "used": one.used, "note": one.note or None}


def _table_json(table: TableSeen) -> dict[str, Any]:
    return {
        "id": table.id,
        "number": table.number,
        "title": table.title,
        "rows": table.rows,
        "figures": table.figures,
        "unit": table.unit,
        "place": place_json(table.place),
        "notes": list(table.notes),
    }


def _cause_json(cause: Cause) -> dict[str, Any]:
    return {"id": cause.id, "sentence": cause.sentence, "suspect": cause.suspect, "findings": cause.findings, "place": place_json(cause.place)}

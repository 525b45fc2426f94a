"""The verdicts of a run as SARIF 2.1.0, for programs that collect results of checkers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, Finding, Outcome
from juesuan_rules.material import Material, number_findings
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.sarif_places import Files, cell_location, figure_location, message
from juesuan_rules.outputs.telling import basis_text, decision_text, outcome_text, saying, telling, waived_text
from juesuan_rules.packs.families import family_of
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.results import ReportResult

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {"error": "error", "warning": "warning", "info": "note"}
_KIND: dict[Outcome, str] = {"fail": "fail", "doubtful": "review", "undecided": "open"}
"""A level other than none goes with kind fail only, says the standard."""
_FIGURES = 20
"""Figures told with one result; `properties.operands` counts them all."""
_NOTIFICATIONS = (
    ("no-result", "文件没有结果"),
    ("nothing-judged", "报告没有核对"),
    ("unread", "有内容没有读出来"),
    ("rule-error", "规则出错"),
    ("waiver", "豁免没有用上、过期或超出"),
)
_UNUSED_WAIVER = {"exceeded": "已超出", "expired": "已过期", "unused": "没有用上", "elsewhere": "不是这些报告的"}


def render_sarif(material: Material) -> str:
    """The whole run. 不符 are results of kind fail with their level, 存疑 review, 无法判断 open; 相符 and 不适用 are only
    counted; 规则出错 and what could not be read are notifications. Waived verdicts are suppressed results."""
    run = material.run
    files = Files(run)
    rules: dict[str, int] = {}
    descriptors: list[dict[str, Any]] = []
    families = material.families
    results: list[dict[str, Any]] = []
    for at, report in enumerate(run.reports):
        numbers = {one.at: one.number for one in number_findings(report)}
        order = sorted(range(len(report.findings)), key=lambda n: (n not in numbers, numbers.get(n, n)))
        for position in order:
            finding = report.findings[position]
            if finding.rule not in rules:
                rules[finding.rule] = len(descriptors)
                descriptors.append(_descriptor(finding, families))
            if finding.outcome in _KIND:
                results.append(_result(finding, rules[finding.rule], numbers.get(position), files, at, report))
    if any(result["suppressions"] for result in results) is False:
        for result in results:
            del result["suppressions"]  # all of a run have them, or none
    tool = material.provenance["tool"]
    driver = {
        "name": tool["name"], "version": tool["version"], "semanticVersion": tool["version"], "language": "zh-CN",
        "shortDescription": {"text": "用规则核对部门决算公开报告"}, "rules": descriptors,
        "notifications": [{"id": name, "shortDescription": {"text": text}} for name, text in _NOTIFICATIONS],
        "properties": {"ruleLanguage": tool["language"]},
    }  # fmt: skip
    packs = [{"name": xml_text(p["id"]), "version": xml_text(p["version"]), "properties": {"digest": p["digest"]}} for p in material.sealed["packs"]]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver, "extensions": packs},
                "invocations": [_invocation(material, files, rules)],
                "originalUriBaseIds": {"REPORTS": {"description": {"text": "报告所在的目录"}}},
                "artifacts": files.artifacts,
                "results": results,
                "columnKind": "unicodeCodePoints",
                "language": "zh-CN",
                "properties": {
                    "provenance": _clean(material.provenance),
                    "provenanceText": [f"{label}：{xml_text(text)}" for label, text in provenance_lines(material)],
                    "conclusions": [{"artifact": files.of_report(at), "text": xml_text(conclusion(r)), **r.summary} for at, r in enumerate(run.reports)],
                },
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, separators=(",", ":")) + "\n"


def _descriptor(finding: Finding, families: dict[str, str]) -> dict[str, Any]:
    letters = family_of(finding.rule)
    family = f"{letters} {families[letters]}" if letters in families else letters
    how = f"算式：{xml_text(finding.formula)}\n" if finding.formula else ""
    return {
        "id": xml_text(finding.rule, 100),
        "shortDescription": {"text": message(finding.title or finding.rule)},
        "help": {"text": message(f"{how}依据：{basis_text(finding)}\n查看：juesuan-rules explain {finding.rule}", lines=True)},
        "defaultConfiguration": {"level": _LEVEL[finding.severity]},
        "properties": {"family": xml_text(family), "pack": xml_text(finding.pack), "severity": SEVERITY_ZH[finding.severity], "tags": [xml_text(family or "规则")]},
    }


def _result(finding: Finding, rule: int, number: int | None, files: Files, at: int, report: ReportResult) -> dict[str, Any]:
    kind = _KIND[finding.outcome]
    shown = telling(finding.operands, _FIGURES)
    result: dict[str, Any] = {
        "ruleId": xml_text(finding.rule, 100),
        "ruleIndex": rule,
        "kind": kind,
        "level": _LEVEL[finding.severity] if kind == "fail" else "none",
        "message": {"text": message(_sentence(finding))},
        "locations": [cell_location(finding, files, at, report)],
        "relatedLocations": [figure_location(n, operand, files, at) for n, operand in shown],
        "suppressions": list(_suppressions(finding)),
        "properties": _properties(finding, number, report),
    }
    if not shown:
        del result["relatedLocations"]
    if finding.fingerprint:
        result["partialFingerprints"] = {"juesuanPlace/v1": xml_text(finding.fingerprint)}
    return result


def _sentence(finding: Finding) -> str:
    said = saying(finding)
    return said if finding.outcome == "fail" else f"{OUTCOME_ZH[finding.outcome]}：{said}"


def _suppressions(finding: Finding) -> Iterator[dict[str, Any]]:
    if finding.waiver is not None:
        yield {"kind": "external", "status": "accepted", "justification": message(f"豁免：{waived_text(finding)}")}
    if finding.decision is not None and finding.decision.shown == "误报":
        yield {"kind": "external", "status": "accepted", "justification": message(decision_text(finding))}


def _properties(finding: Finding, number: int | None, report: ReportResult) -> dict[str, Any]:
    """What SARIF has no place for, amounts as text; what is not known is left out."""
    cause = next((cause.sentence for cause in report.causes if cause.id == finding.cause), "") if finding.cause else ""
    texts = {
        "outcome": outcome_text(finding), "severity": SEVERITY_ZH[finding.severity], "check": finding.check, "key": finding.key, "reason": finding.reason,
        "formula": finding.formula, "filled": finding.filled, "left": finding.left, "right": finding.right, "difference": finding.difference,
        "tolerance": finding.tolerance, "unit": finding.unit, "cause": cause, "suspect": finding.suspect, "basis": basis_text(finding),
        "decision": decision_text(finding), "unitName": report.identity.unit_name,
    }  # fmt: skip
    held: dict[str, Any] = {name: xml_text(text) for name, text in texts.items() if text}
    if number is not None:
        held["number"] = number
    if report.identity.year:
        held["year"] = report.identity.year
    if finding.operands:
        held["operands"] = len(finding.operands)
    if finding.hints:
        held["hints"] = [xml_text(hint) for hint in finding.hints]
    return held


def _invocation(material: Material, files: Files, rules: dict[str, int]) -> dict[str, Any]:
    from datetime import UTC, datetime

    block = material.provenance
    ended = datetime.fromisoformat(block["time"]).astimezone(UTC)
    return {
        "executionSuccessful": material.exit_code in (0, 1) and not material.run.failures,
        "exitCode": material.exit_code,
        "endTimeUtc": ended.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "arguments": [xml_text(str(part)) for part in block["command"][1:]],
        "toolExecutionNotifications": list(_troubles(material, files, rules)),
        "toolConfigurationNotifications": list(_waivers(material)),
    }


def _troubles(material: Material, files: Files, rules: dict[str, int]) -> Iterator[dict[str, Any]]:
    run = material.run
    for at, failure in enumerate(run.failures):
        yield _notification("no-result", "error", failure.message, [files.whole(files.of_failure(at))])
    for at, report in enumerate(run.reports):
        where = [files.whole(files.of_report(at))]
        if report.status != "judged":
            yield _notification("nothing-judged", "error" if report.status == "nothing_judged" else "note", report.message or "没有一项核对能够判断", where)
        for text in report.unread:
            yield _notification("unread", "warning", text, where)
        for finding in report.findings:
            if finding.outcome == "rule_error":
                told = _notification("rule-error", "error", saying(finding), where)
                yield {**told, "associatedRule": {"id": xml_text(finding.rule, 100), "index": rules[finding.rule]}}


def _waivers(material: Material) -> Iterator[dict[str, Any]]:
    for report in material.run.reports:
        for use in report.waivers:
            if use.status != "applied":
                yield _notification("waiver", "note", f"豁免{_UNUSED_WAIVER[use.status]}：{use.rule} {use.waiver.place} {use.detail}")
    for use in material.run.waivers_elsewhere:
        yield _notification("waiver", "note", f"豁免{_UNUSED_WAIVER['elsewhere']}：{use.rule}，{use.unit} {use.year} 年度")


def _notification(name: str, level: str, text: str, where: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    index = [known for known, _ in _NOTIFICATIONS].index(name)
    held: dict[str, Any] = {"descriptor": {"id": name, "index": index}, "level": level, "message": {"text": message(text)}}
    return {**held, "locations": where} if where else held


def _clean(value: Any) -> Any:
    """Plain data with every text harmless."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, dict):
        return {str(name): _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value

"""The verdicts of a run as JUnit XML, for programs that show test results: a suite per report, a case per rule.

What is written is valid by the schema of the Ant JUnit task and by that of Jenkins, whichever is the narrower.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, Finding, Outcome
from juesuan_rules.material import Material, number_findings
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.telling import base_name, basis_text, figure_line, saying, telling, unit_and_year, waived_text
from juesuan_rules.packs.families import family_of
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.renderings.plain import source_names
from juesuan_rules.results import Failure, ReportResult, worst_by_rule

_TOLD = 50
"""Findings told in full for one rule; the rest are counted."""
_ELEMENT: dict[Outcome, str] = {"fail": "failure", "doubtful": "failure", "rule_error": "error", "undecided": "skipped", "not_applicable": "skipped"}
_OF_OTHERS = "报告"


def render_junit(material: Material) -> str:
    """The whole run. 不符 and 存疑 are failures, 规则出错 and what could not be read are errors, 无法判断 and 不适用 are
    skipped with the reason; a rule that holds but for waived verdicts passes."""
    root = ET.Element("testsuites")
    lines = provenance_lines(material)
    shared = [line for line in lines if line[0] != _OF_OTHERS]
    stamp = str(material.provenance["time"])[:19]
    families = material.families
    number = 0
    for report in material.run.reports:
        _suite_of_report(root, number, stamp, report, shared, families)
        number += 1
    for failure in material.run.failures:
        _suite_of_failure(root, number, stamp, failure, shared)
        number += 1
    ET.indent(root, " ")
    return "<?xml version='1.0' encoding='UTF-8'?>\n" + ET.tostring(root, encoding="unicode") + "\n"


def _suite_of_report(
    root: ET.Element, number: int, stamp: str, report: ReportResult, shared: list[tuple[str, str]], families: dict[str, str]
) -> None:
    groups: dict[str, list[tuple[int, Finding]]] = {}
    numbers = {one.at: one.number for one in number_findings(report)}
    for at, finding in enumerate(report.findings):
        groups.setdefault(finding.rule, []).append((numbers.get(at, 0), finding))
    worst = worst_by_rule(report.findings)
    cases: list[ET.Element] = []
    if report.status != "judged":
        cases.append(_case("报告能够核对", "报告", lambda case: _mark(case, "error" if report.status == "nothing_judged" else "skipped", "没有核对", report.message)))
    for rule, group in groups.items():
        letters = family_of(rule)
        family = f"{letters} {families[letters]}" if letters in families else letters or "规则"
        title = group[0][1].title
        cases.append(_case(f"{rule} {title}", family, lambda case, rule=rule, group=group: _judge(case, worst[rule], group)))  # type: ignore[misc]
    name = unit_and_year(report)
    about = [
        ("单位", report.identity.unit_name or ""), ("年度", str(report.identity.year or "")), ("文件", source_names(report.source, report.parts)),
        ("报告", f"{base_name(report.source.path)} sha256:{report.source.sha256.removeprefix('sha256:')}"),
    ]  # fmt: skip
    out = conclusion(report)
    unread = [*report.unread, *(problem.message for problem in report.problems)]
    _suite(root, number, stamp, name, [*about, *shared], cases, [out], unread)


def _suite_of_failure(root: ET.Element, number: int, stamp: str, failure: Failure, shared: list[tuple[str, str]]) -> None:
    case = _case("报告能够读取", "报告", lambda case: _mark(case, "error", f"退出码 {int(failure.exit_code)}", failure.message))
    _suite(root, number, stamp, base_name(failure.path) or "报告", [("文件", failure.path), *shared], [case], [], [failure.message])


def _suite(
    root: ET.Element, number: int, stamp: str, name: str, properties: list[tuple[str, str]], cases: list[ET.Element], out: list[str], err: list[str]
) -> None:
    counts = {tag: sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped")}
    attributes = {
        "name": xml_text(name, 200), "package": "juesuan-rules", "id": str(number), "timestamp": stamp, "hostname": "localhost", "time": "0",
        "tests": str(len(cases)), "failures": str(counts["failure"]), "errors": str(counts["error"]), "skipped": str(counts["skipped"]),
    }  # fmt: skip
    suite = ET.SubElement(root, "testsuite", attributes)
    held = ET.SubElement(suite, "properties")
    for label, text in properties:
        if text:
            ET.SubElement(held, "property", {"name": xml_text(label), "value": xml_text(text)})
    suite.extend(cases)
    ET.SubElement(suite, "system-out").text = _lines(out)
    ET.SubElement(suite, "system-err").text = _lines(err)


def _case(name: str, family: str, judge: Callable[[ET.Element], None]) -> ET.Element:
    case = ET.Element("testcase", {"name": xml_text(name, 200), "classname": xml_text(family, 100), "time": "0"})
    judge(case)
    return case


def _judge(case: ET.Element, worst: Outcome, group: list[tuple[int, Finding]]) -> None:
    """Mark the case by the rule's worst verdict, with the verdicts that made it so."""
    tag = _ELEMENT.get(worst)
    if tag is None:
        waived = [finding for _, finding in group if finding.waiver is not None]
        if waived:
            ET.SubElement(case, "system-out").text = _lines([f"已豁免 {saying(f)}：{waived_text(f)}" for f in waived[:_TOLD]])
        return
    alike = ("fail", "doubtful") if tag == "failure" else (worst,)
    telling_ones = sorted([(number, f) for number, f in group if f.outcome in alike and f.waiver is None], key=lambda one: one[0])
    first = next(f for _, f in telling_ones if f.outcome == worst)
    more = f"（共 {len(telling_ones)} 项）" if len(telling_ones) > 1 else ""
    if tag == "skipped":
        reasons = "；".join(dict.fromkeys(f.reason or "" for _, f in telling_ones if f.reason))
        _mark(case, tag, OUTCOME_ZH[worst], f"{OUTCOME_ZH[worst]}：{reasons or '原因不明'}{more}")
        return
    body = [line for number, f in telling_ones[:_TOLD] for line in _told(number, f)]
    if len(telling_ones) > _TOLD:
        body.append(f"另有 {len(telling_ones) - _TOLD} 项")
    body.append(f"依据 {basis_text(first)}")
    _mark(case, tag, f"{OUTCOME_ZH[worst]}（{SEVERITY_ZH[first.severity]}）", saying(first) + more, body)


def _told(number: int, finding: Finding) -> list[str]:
    said = saying(finding) if finding.outcome != "doubtful" else f"存疑：{saying(finding)}"
    lines = [f"{number}. {said}" if number else said]
    if finding.filled and finding.filled != finding.sentence:
        lines.append("  " + xml_text(finding.filled, 400))
    return lines + [f"  {figure_line(n, operand)}" for n, operand in telling(finding.operands)]


def _mark(case: ET.Element, tag: str, kind: str, message: str, body: list[str] | None = None) -> None:
    element = ET.SubElement(case, tag, {"message": xml_text(message, 1000)} if tag == "skipped" else {"message": xml_text(message, 1000), "type": kind})
    if body:
        element.text = _lines(body)


def _lines(texts: list[str]) -> str:
    """Lines of text, each harmless, indentation kept."""
    return "\n".join(" " * (len(text) - len(text.lstrip(" "))) + xml_text(text) for text in texts)

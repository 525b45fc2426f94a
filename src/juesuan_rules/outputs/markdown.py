"""The result of a run as Markdown, to read in Typora or on a site that shows it: conclusion first, provenance last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, Cause, Finding, Outcome
from juesuan_rules.material import Material, Numbered, number_findings
from juesuan_rules.outputs.guarding import markdown_code, markdown_text
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.telling import (
    basis_text,
    decision_text,
    heading,
    measured,
    outcome_text,
    printed,
    quoted,
    saying,
    telling,
    unit_and_year,
    waived_text,
)  # fmt: skip
from juesuan_rules.packs.families import family_of
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.renderings.plain import correction_lines, ordinal, place_text, source_names
from juesuan_rules.results import ReportResult, worst_by_rule

_IN_FULL = 300
"""Findings of a report told with every figure; the rest get one row each."""
_OUTCOMES: tuple[Outcome, ...] = ("fail", "doubtful", "undecided", "pass", "not_applicable", "rule_error")


def render_markdown(material: Material) -> str:
    """The whole run: each report with its conclusion, rules by family, findings by number with their figures, what could
    not be judged; then files without a result, and where it all comes from."""
    run = material.run
    families = material.families
    lines = ["# 部门决算公开核对结果", ""]
    if len(run.reports) > 1:
        lines += _overview(run.reports)
    for report in run.reports:
        lines += _report(report, families)
    if run.failures:
        lines += ["## 没有结果的文件", ""]
        lines += [f"- {markdown_code(one.path)}：{markdown_text(one.message)}" for one in run.failures] + [""]
    if run.repeated:
        lines += ["## 跳过的文件", ""]
        lines += [f"- {markdown_code(path)}：与 {markdown_code(earlier)} 内容完全相同" for path, earlier in run.repeated] + [""]
    lines += ["## 溯源", "", "| 项目 | 内容 |", "|---|---|"]
    lines += [f"| {markdown_text(label)} | {markdown_code(text)} |" for label, text in provenance_lines(material)]
    return "\n".join(lines) + "\n"


def _overview(reports: tuple[ReportResult, ...]) -> list[str]:
    lines = [f"共 {len(reports)} 份报告，数目是规则条数。", "", f"| 报告 | {' | '.join(OUTCOME_ZH[o] for o in _OUTCOMES)} |", "|---|" + "--:|" * len(_OUTCOMES)]
    for report in reports:
        counts = Counter(worst_by_rule(report.findings).values())
        lines.append(f"| {markdown_text(unit_and_year(report))} | {' | '.join(str(counts[o]) for o in _OUTCOMES)} |")
    return [*lines, ""]


def _report(report: ReportResult, families: dict[str, str]) -> Iterator[str]:
    identity = report.identity
    yield from (f"## {markdown_text(unit_and_year(report))}", "", f"**{markdown_text(conclusion(report))}**", "")
    yield f"- 文件：{markdown_code(source_names(report.source, report.parts))}"
    if identity.region_name:
        yield f"- 地区：{markdown_text(identity.region_name)}"
    if report.packs:
        yield f"- 规则包：{markdown_text(f'{report.packs[-1].id} {report.packs[-1].version}')}（{markdown_text(report.chosen)}）"
    for label, texts in (("没读出来", report.unread), ("说明", report.notes), ("更正", tuple(correction_lines(report.corrections)))):
        yield from (f"- {label}：{markdown_text(text)}" for text in texts)
    yield ""
    if not report.findings:
        return
    yield from _by_family(report, families)
    numbered = number_findings(report)
    yield from _findings(report, [one for one in numbered if one.finding.waiver is None], "发现的问题")
    yield from _findings(report, [one for one in numbered if one.finding.waiver is not None], "已豁免")
    yield from _undecided(report)


def _by_family(report: ReportResult, families: dict[str, str]) -> Iterator[str]:
    """How many rules of each family came to which outcome, and how severe those not in order are."""
    counts: dict[str, Counter[str]] = {}
    severities: dict[str, Counter[str]] = {}
    worst = worst_by_rule(report.findings)
    seen: set[str] = set()
    for finding in report.findings:
        letters = family_of(finding.rule)
        if finding.rule not in seen:
            seen.add(finding.rule)
            counts.setdefault(letters, Counter())[worst[finding.rule]] += 1
        if finding.outcome == "fail" and finding.waiver is None:
            severities.setdefault(letters, Counter())[SEVERITY_ZH[finding.severity]] += 1
    yield from (f"| 规则 | {' | '.join(OUTCOME_ZH[o] for o in _OUTCOMES)} | 不符的级别（项） |", "|---|" + "--:|" * len(_OUTCOMES) + "---|")
    for letters, count in counts.items():
        name = f"{letters} {families[letters]}" if letters in families else letters or "其他"
        graded = "，".join(f"{name} {number}" for name, number in severities.get(letters, Counter()).items())
        yield f"| {markdown_text(name)} | {' | '.join(str(count[o]) for o in _OUTCOMES)} | {graded} |"
    yield ""


def _findings(report: ReportResult, numbered: list[Numbered], title: str) -> Iterator[str]:
    if not numbered:
        return
    yield from (f"### {title}（{len(numbered)} 项）", "")
    causes = {cause.id: cause for cause in report.causes}
    told: str | None = None
    for one in numbered[:_IN_FULL]:
        cause = causes.get(one.finding.cause or "")
        if cause is not None and cause.id != told:
            yield from _cause(cause)
        told = cause.id if cause is not None else None
        yield from _finding(one)
    rest = numbered[_IN_FULL:]
    if rest:
        yield from (f"其余 {len(rest)} 项各列一行。", "", "| 序号 | 结论 | 级别 | 规则 | 句子 |", "|--:|---|---|---|---|")
        for one in rest:
            f = one.finding
            yield f"| {one.number} | {outcome_text(f)} | {SEVERITY_ZH[f.severity]} | {markdown_text(f.rule)} | {markdown_text(saying(f), 400)} |"
        yield ""


def _cause(cause: Cause) -> Iterator[str]:
    where = place_text(cause.place)
    yield from (f"> **根因**　{markdown_text(cause.sentence)}" + (f"（{markdown_text(where)}）" if where else ""), "")


def _finding(one: Numbered) -> Iterator[str]:
    finding = one.finding
    yield from (f"#### {one.number}. {outcome_text(finding)}（{SEVERITY_ZH[finding.severity]}）{markdown_text(heading(finding))}", "")
    yield from (markdown_text(saying(finding)), "")
    facts = [
        ("算式", markdown_code(finding.formula, 400)),
        ("代入", markdown_code(finding.filled or "", 400)),
        ("差额", markdown_text(measured(finding))),
        ("可能的原因", "；".join(markdown_text(hint) for hint in finding.hints)),
        ("依据", markdown_text(basis_text(finding))),
        ("豁免", markdown_text(waived_text(finding))),
        ("复核", markdown_text(decision_text(finding))),
        ("指纹", markdown_code(finding.fingerprint)),
    ]
    yield from (f"- {label}：{text}" for label, text in facts if text)
    yield ""
    yield from _figures(finding)


def _figures(finding: Finding) -> Iterator[str]:
    shown = telling(finding.operands)
    if not shown:
        return
    yield from ("| | 数 | 位置 | 印作 |", "|---|---|---|---|")
    for number, operand in shown:
        said = " ".join(text for text in (printed(operand), quoted(operand)) if text)
        yield f"| {ordinal(number)} | {markdown_text(operand.name, 200)} | {markdown_text(place_text(operand.place))} | {markdown_text(said)} |"
    rest = len(finding.operands or ()) - len(shown)
    if rest:
        yield from ("", f"另有 {rest} 个数（多为空白）没有列出。")
    yield ""


def _undecided(report: ReportResult) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.outcome == "undecided" and finding.waiver is None:
            reasons.setdefault(finding.reason or "原因不明", []).append(finding.rule)
    if not reasons and not report.rounding:
        return
    yield from ("### 其他情况", "")
    for reason, rules in sorted(reasons.items(), key=lambda item: -len(item[1])):
        names = list(dict.fromkeys(rules))
        more = f" 等 {len(names)} 条规则" if len(names) > 8 else ""
        yield f"- 无法判断 {len(rules)} 项：{markdown_text(reason)}（{markdown_text('、'.join(names[:8]))}{more}）"
    for line in report.rounding:
        largest = f"，最大 {line.largest}{line.unit}" if line.largest else ""
        yield f"- 尾差：{markdown_text(line.table)} {line.count} 处{markdown_text(largest)}（四舍五入所致，不算问题）"
    yield ""



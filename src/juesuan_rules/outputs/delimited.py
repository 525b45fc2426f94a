"""The verdicts of a run as a CSV file that Excel and WPS open with a double click: UTF-8 with BOM, CRLF, one row each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, Cause, Finding
from juesuan_rules.material import Material, number_findings
from juesuan_rules.outputs.guarding import cell_number, cell_text
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.telling import basis_text, decision_text, figures_text, first_place, waived_text
from juesuan_rules.renderings.plain import source_names
from juesuan_rules.results import ReportResult

COLUMNS = (
    "单位", "年度", "文件", "序号", "规则", "名称", "结论", "级别", "项目", "句子", "算式", "代入", "左值", "右值", "差额", "容差", "计量单位",
    "位置", "印作", "原因", "依据", "根因", "豁免", "复核", "指纹",
)  # fmt: skip
PROVENANCE = "溯源"
"""In the first column of the last rows, which say where the file comes from: a label, then a text."""
_QUIET = ("pass", "not_applicable")
_AMOUNTS = frozenset(("年度", "序号", "左值", "右值", "差额", "容差"))


def render_csv(material: Material) -> bytes:
    """Every verdict that is neither 相符 nor 不适用, waived ones too; a report without any, or without a result, in one row.

    Every row has all columns. Texts are guarded against being taken for formulas, amounts stay numbers.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(material):
        writer.writerow([cell_number(row[name]) if name in _AMOUNTS else cell_text(row[name]) for name in COLUMNS])
    for label, said in provenance_lines(material):
        writer.writerow([PROVENANCE, cell_text(label), cell_text(said), *[""] * (len(COLUMNS) - 3)])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _rows(material: Material) -> Iterator[dict[str, str]]:
    for report in material.run.reports:
        told = list(_of_report(report))
        yield from told or [_row(report) | {"结论": "未发现问题", "原因": report.message}]
    for failure in material.run.failures:
        yield dict.fromkeys(COLUMNS, "") | {"文件": failure.path, "结论": "没有结果", "原因": failure.message}


def _of_report(report: ReportResult) -> Iterator[dict[str, str]]:
    if report.status != "judged":
        yield _row(report) | {"结论": "没有核对", "原因": report.message}
    causes = {cause.id: cause for cause in report.causes}
    numbered = number_findings(report)
    known = {one.at for one in numbered}
    for one in numbered:
        yield _of_finding(report, one.finding, str(one.number), causes)
    for at, finding in enumerate(report.findings):
        if at not in known and finding.outcome not in _QUIET:
            yield _of_finding(report, finding, "", causes)


def _row(report: ReportResult) -> dict[str, str]:
    identity = report.identity
    said = {"单位": identity.unit_name or "", "年度": str(identity.year or ""), "文件": source_names(report.source, report.parts)}
    return dict.fromkeys(COLUMNS, "") | said


def _of_finding(report: ReportResult, finding: Finding, number: str, causes: dict[str, Cause]) -> dict[str, str]:
    cause = causes.get(finding.cause or "")
    return _row(report) | {
        "序号": number,
        "规则": finding.rule,
        "名称": finding.check or finding.title,
        "结论": OUTCOME_ZH[finding.outcome],
        "级别": SEVERITY_ZH[finding.severity],
        "项目": finding.key,
        "句子": finding.sentence or "",
        "算式": finding.formula,
        "代入": finding.filled or "",
        "左值": finding.left or "",
        "右值": finding.right or "",
        "差额": finding.difference or "",
        "容差": finding.tolerance or "",
        "计量单位": finding.unit or "",
        "位置": first_place(finding, cause),
        "印作": figures_text(finding),
        "原因": finding.reason or "",
        "依据": basis_text(finding),
        "根因": cause.sentence if cause is not None else "",
        "豁免": waived_text(finding),
        "复核": decision_text(finding),
        "指纹": finding.fingerprint,
    }

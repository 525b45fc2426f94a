"""Findings, reports and runs made by hand for what people decide about them."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.documents.model import Source
from juesuan_rules.findings import Finding, Operand, Outcome, Waiver
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.reports.model import Identity
from juesuan_rules.results import ReportResult, RunResult
from juesuan_rules.reviews.fingerprint import fingerprints

UNIT = "岷阙县就业局"
WAIVER = Waiver("已核实", "审核科", "2030-12-31")


def finding(rule: str = "A01-2", outcome: Outcome = "fail", values: Sequence[str] = ("1,234.50", "1,234.60"), **changes: object) -> Finding:
    """A verdict with operands 甲, 乙 … of these printed figures."""
    operands = tuple(Operand(f"总表[{name}].金额", None, raw, "万元") for name, raw in zip("甲乙丙丁", values, strict=False))
    usual: dict[str, object] = {"title": f"{rule} 的题目", "severity": "error", "pack": "cn", "formula": "a == b", "operands": operands or None, "sentence": "两数不等"}
    return Finding(rule=rule, outcome=outcome, **{**usual, **changes})  # type: ignore[arg-type]


def report(*findings: Finding, unit: str | None = UNIT, year: int | None = 2023, path: str = "报告.txt", digest: str = "1", **more: object) -> ReportResult:
    """A report with these findings and their fingerprints."""
    bare = ReportResult(Source(path, "ab" * 32, "text"), Identity(unit, year, is_final_accounts=True), "judged", (PackDigest("cn", "1.0.0", "sha256:" + digest * 64),), findings=findings, **more)  # type: ignore[arg-type]
    return fingerprints(bare)


def run_of(*reports: ReportResult) -> RunResult:
    """A run of these reports."""
    return RunResult(reports)

"""Runs of several reports for the summary."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from tests.outputs.made import WAIVER, finding, material, result

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.findings import Cause, Decision, Finding
from juesuan_rules.material import Material
from juesuan_rules.results import Failure, ReportResult, RunResult
from juesuan_rules.reviews.fingerprint import fingerprints

FALSE = Decision("误报", "某人", "2026-11-20", "口径不同")


def passed(rule: str) -> Finding:
    return finding(rule, outcome="pass", operands=None, sentence=None)


def lacking(rule: str) -> Finding:
    return finding(rule, outcome="undecided", reason="缺表", operands=None, cause="缺表:基金表", sentence=None)


def usual() -> Material:
    """甲: faults of every level. 乙: waived, a false alarm, undecided. 丙: clean. 丁: no final accounts. One file failed, one repeated."""
    first = result(
        (finding("A01-2"), finding("A01-2", key="201 甲"), finding("A01-10", severity="warning", outcome="doubtful"), finding("B-1", severity="info"), passed("C-1"), lacking("D-1")),
        (Cause("缺表:基金表", "《基金表》缺表：1 项核对无法判断"),), name="甲局", path="目录/甲.pdf",
    )  # fmt: skip
    second = result((finding("A01-2", waiver=WAIVER), finding("A01-10", decision=FALSE), passed("B-1"), passed("C-1"), lacking("D-1")), name="乙局", path="目录/乙.docx")
    third = result([passed(rule) for rule in ("A01-2", "A01-10", "B-1", "C-1")] + [finding("D-1", outcome="not_applicable", reason="全空", operands=None)], name="丙局", path="目录/丙.txt")
    other = replace(result((), name="丁局", path="目录/丁.txt", status="not_final_accounts"), message="这份文件不是部门决算公开报告")
    made = material(*[fingerprints(one) for one in (first, second, third, other)], failures=[Failure("目录/坏.pdf", "「坏.pdf」读不出来", ExitCode.UNREADABLE)])
    run = replace(made.run, repeated=(("目录/甲2.pdf", "目录/甲.pdf"),))
    return replace(made, run=run, families={"A": "表内勾稽", "B": "表间勾稽"})


def many(units: int, rules: int) -> Material:
    """A run as large as a province's: every rule in every report, one in twenty wrong."""
    reports: list[ReportResult] = []
    for at in range(units):
        findings = [finding(f"{chr(65 + n % 11)}{n:02d}-1") if (n + at) % 20 == 0 else lacking(f"{chr(65 + n % 11)}{n:02d}-1") if (n + at) % 17 == 0 else passed(f"{chr(65 + n % 11)}{n:02d}-1") for n in range(rules)]
        reports.append(result(findings, name=f"某省某市第{at:04d}号管理服务中心", path=f"报告/{at:04d}.pdf"))
    small = material(reports[0])
    return replace(small, run=RunResult(tuple(reports)))


def read(path: str) -> str:
    return (Path(__file__).parents[3] / "src/juesuan_rules/outputs" / path).read_text("utf-8")

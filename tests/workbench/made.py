"""Views made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan_rules.outputs.web.overview import GroupView
from juesuan_rules.outputs.web.views import FindingView
from juesuan_rules.workbench.report_views import Overview


def finding_line(number: int) -> FindingView:
    """A finding as listed."""
    texts = {"title": "合计等于各项之和", "outcome": "fail", "outcome_zh": "不符", "severity": "error", "severity_zh": "错误"}
    values = {name: () if "tuple" in str(kind) else 0 if kind in (int, "int") else "" for name, kind in FindingView.__annotations__.items()}
    return FindingView(**{**values, **texts, "number": number, "rule": f"A{number % 40:02d}-1", "sentence": f"第{number}项：相差 {number}.00 万元"})


def overview_of(groups: Sequence[GroupView]) -> Overview:
    """A report with these findings."""
    total = sum(len(group.findings) for group in groups)
    return Overview("某局", "2023年度", (), "", False, (), (), (), (), tuple(groups), total, 0, 0, 0, ())

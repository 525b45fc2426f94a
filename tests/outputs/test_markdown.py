"""Markdown: complete, readable, provenance last, and nothing of a document's lives in it."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.outputs.made import HOSTILE, WAIVER, finding, hostile_result, material, result

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.findings import Cause
from juesuan_rules.outputs.markdown import render_markdown
from juesuan_rules.results import Failure, RoundingLine

OURS = {"h1", "h2", "h3", "h4", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "blockquote", "strong", "hr"}


def html_of(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"html": True, "linkify": True}).render(text))


def test_a_report_from_conclusion_to_provenance() -> None:
    cause = Cause("c", "总表[合计].金额 印错", "总表[合计].金额", 2)
    findings = [finding(cause="c"), finding("B-05", cause="c"), finding("C-1", waiver=WAIVER), finding("K-1", outcome="undecided", reason="缺表"), finding("I-1", outcome="pass")]
    text = render_markdown(material(result(findings, (cause,), rounding=(RoundingLine("总表", 2, "0.01", "万元"),))))
    order = ["# 部门决算公开核对结果", "## 某局，2023年度", "**结论：", "| A 表内勾稽 | 1 |", "### 发现的问题（2 项）", "> **根因**", "#### 1. 不符（错误）A01-2", "#### 2. 不符（错误）B-05", "### 已豁免（1 项）", "历年口径如此", "无法判断 1 项：缺表（K-1）", "尾差：总表 2 处", "## 溯源", "结果摘要"]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert text.count("> **根因**") == 1
    assert "- 代入：`1,966.23 == 1,966.32`" in text and "- 差额：0.09万元（允许 0.01万元）" in text
    assert "| ② | 支出表\\[合计\\].本年支出合计 | 第3页 | 「1,966.32」 |" in text


def test_a_batch_has_an_overview_and_its_failures() -> None:
    text = render_markdown(material(result([finding()]), result([], name="乙局", path="二.txt", status="nothing_judged", message="没有表"), failures=(Failure("坏.pdf", "打不开", ExitCode.UNREADABLE),)))
    assert "| 某局，2023年度 | 1 | 0 | 0 | 0 | 0 | 0 |" in text
    assert "- `坏.pdf`：打不开" in text and "没有表，不等于通过" in text


def test_tables_are_tables() -> None:
    """Every table is rendered as one: with a blank line after it, and the same columns in each row."""
    operands = finding().operands or ()
    html = html_of(render_markdown(material(result([finding(operands=operands * 20)]))))
    for table in re.findall(r"<table>.*?</table>", html, re.S):
        assert len({row.count("<td") + row.count("<th") for row in re.findall(r"<tr>.*?</tr>", table, re.S)}) == 1
    assert "<p>另有 28 个数" in html


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_nothing_hostile_lives(text: str) -> None:
    html = html_of(render_markdown(material(hostile_result(text), failures=(Failure(text, text, ExitCode.UNREADABLE),), command=("x", text))))
    assert set(re.findall(r"<\s*/?\s*([A-Za-z!?][A-Za-z0-9]*)", html)) <= OURS
    assert not re.search(r"<[^>]*(?:href|src|on\w+)\s*=", html)
    assert html.count("<h2>") == 3 and html.count("<h4>") == 2


def test_ten_thousand_findings() -> None:
    made = material(result([finding(key=str(n)) for n in range(10_000)]))
    text = render_markdown(made)
    assert "其余 9700 项各列一行" in text and "| 10000 | 不符 |" in text

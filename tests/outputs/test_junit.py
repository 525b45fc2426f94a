"""JUnit XML: valid by the schema consumers use, one suite per report, one case per rule."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from tests.outputs.made import HOSTILE, WAIVER, finding, hostile_result, material, result

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.outputs.junit import render_junit
from juesuan_rules.results import Failure

# What the schema of the Ant task, the narrowest of those in use, lets stand in a suite, in this order.
SUITE = ("name", "package", "id", "timestamp", "hostname", "time", "tests", "failures", "errors", "skipped")


def suites(text: str) -> list[ET.Element]:
    read = JUnitXml.fromroot(ET.fromstring(text.encode()))
    root = ET.fromstring(text.encode())
    for suite, known in zip(root, read, strict=True):
        known.update_statistics()  # what a consumer counts for itself
        assert (known.tests, known.failures, known.errors, known.skipped) == tuple(int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped"))
        assert tuple(suite.attrib) == SUITE and suite.get("name")
        assert [child.tag for child in suite] == ["properties", *["testcase"] * int(suite.attrib["tests"]), "system-out", "system-err"]
        for tag, counted in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{tag}")) == int(suite.attrib[counted])
        assert all(case.get("name") and case.get("classname") for case in suite.findall("testcase"))
        assert all(len([one for one in case if one.tag in ("failure", "error", "skipped")]) <= 1 for case in suite.findall("testcase"))
    return list(root)


@pytest.mark.parametrize(
    ("outcome", "tag", "said"),
    [("fail", "failure", "不符（错误）"), ("doubtful", "failure", "存疑（错误）"), ("rule_error", "error", "规则出错（错误）"), ("pass", None, "")],
)
def test_outcomes(outcome: str, tag: str | None, said: str) -> None:
    case = suites(render_junit(material(result([finding(outcome=outcome)]))))[0].find("testcase")
    assert case is not None and case.attrib == {"name": "A01-2 总表：本年支出合计等于各类支出之和", "classname": "A 表内勾稽", "time": "0"}
    assert [one.tag for one in case] == ([tag] if tag else [])
    if tag is not None:
        assert case[0].get("type") == said and "相差 0.09 万元" in str(case[0].get("message"))


@pytest.mark.parametrize("outcome", ["undecided", "not_applicable"])
def test_skipped_with_the_reason(outcome: str) -> None:
    case = suites(render_junit(material(result([finding(outcome=outcome, reason="缺表"), finding(outcome=outcome, reason="缺行")]))))[0].find("testcase/skipped")
    assert case is not None and "缺表；缺行" in str(case.get("message")) and "2 项" in str(case.get("message"))


def test_a_failure_tells_figures_and_basis() -> None:
    text = suites(render_junit(material(result([finding(), finding(outcome="pass"), finding(key="甲")]))))[0].findtext("testcase/failure")
    assert text is not None
    assert text.count("① 第275行 总表[本年支出合计].金额 「1,966.23」") == 2 and text.splitlines()[0].startswith("1. ") and text.endswith("依据 预算法 第七十五条；审核口径（未核验）")


def test_a_waived_rule_passes_and_says_so() -> None:
    case = suites(render_junit(material(result([finding(waiver=WAIVER)]))))[0].find("testcase")
    assert case is not None and [one.tag for one in case] == ["system-out"] and "历年口径如此" in str(case.findtext("system-out"))


def test_files_without_a_result_are_errors() -> None:
    told = suites(render_junit(material(result([finding()]), failures=(Failure("夹/坏.pdf", "打不开", ExitCode.UNREADABLE),))))
    assert [suite.get("name") for suite in told] == ["某局，2023年度", "坏.pdf"]
    error = told[1].find("testcase/error")
    assert error is not None and error.get("message") == "打不开"


def test_a_report_without_verdicts_is_no_success() -> None:
    told = suites(render_junit(material(result([], status="nothing_judged", message="没有表"), result([], path="预算.txt", status="not_final_accounts", message="是预算"))))
    assert told[0].find("testcase/error") is not None and told[1].find("testcase/skipped") is not None


def test_every_suite_says_where_it_comes_from() -> None:
    for suite in suites(render_junit(material(result([finding()]), result([finding()], path="二.txt")))):
        held = {one.get("name"): one.get("value") for one in suite.findall("properties/property")}
        assert {"程序", "规则包", "报告", "结果摘要", "核对时间"} <= set(held)
        assert str(held["文件"]) in ("报告.txt", "二.txt")


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_hostile_text_is_valid(text: str) -> None:
    assert len(suites(render_junit(material(hostile_result(text), failures=(Failure(text, text, ExitCode.UNREADABLE),), command=("x", text))))) == 2


def test_ten_thousand_findings() -> None:
    made = material(result([finding(key=str(n)) for n in range(9_000)] + [finding(f"B{n}-1") for n in range(1_000)]))
    text = render_junit(made)
    assert "另有 8950 项" in text and len(suites(text)[0].findall("testcase")) == 1_001

"""SARIF: valid by the schema of the standard, and true to its rules about levels, links and suppressions."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.outputs.made import HOSTILE, WAIVER, finding, hostile_result, material, result
from tests.outputs.published import published_schema

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.documents.model import Place, Source
from juesuan_rules.findings import Cause, Decision, Operand
from juesuan_rules.outputs.sarif import render_sarif
from juesuan_rules.outputs.sarif_places import message
from juesuan_rules.results import Failure, ReportResult, WaiverUse

SCHEMA = jsonschema.Draft7Validator(published_schema("Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"), format_checker=jsonschema.FormatChecker())


def run_of(*reports: ReportResult, **more: Any) -> dict[str, Any]:
    log = json.loads(render_sarif(material(*reports, **more)))
    assert [error.message for error in SCHEMA.iter_errors(log)] == []
    run: dict[str, Any] = log["runs"][0]
    return run


def test_a_finding_with_its_place_figures_and_rule() -> None:
    run = run_of(result([finding("B-05", outcome="pass"), finding(fingerprint="f1", suspect="支出表[合计].本年支出合计")]))
    told = run["results"][0]
    assert (told["ruleId"], told["kind"], told["level"]) == ("A01-2", "fail", "error")
    rule = run["tool"]["driver"]["rules"][told["ruleIndex"]]
    assert rule["id"] == "A01-2" and rule["defaultConfiguration"] == {"level": "error"} and "预算法 第七十五条" in rule["help"]["text"]
    assert rule["properties"]["family"] == "A 表内勾稽"
    where = told["locations"][0]
    assert where["physicalLocation"]["properties"] == {"page": 3, "box": [1.0, 2.0, 3.0, 4.0]}
    assert where["logicalLocations"][0]["fullyQualifiedName"] == "支出表[合计].本年支出合计"
    first, second = told["relatedLocations"]
    assert first["id"] == 1 and first["physicalLocation"]["region"] == {"startLine": 275, "snippet": {"text": "1,966.23"}}
    assert second["id"] == 2 and "1,966.32" in second["message"]["text"]
    assert told["partialFingerprints"] == {"juesuanPlace/v1": "f1"}
    assert told["properties"]["number"] == 1 and told["properties"]["difference"] == "-0.09"
    assert "suppressions" not in told


@pytest.mark.parametrize(
    ("outcome", "severity", "kind", "level"),
    [("fail", "warning", "fail", "warning"), ("fail", "info", "fail", "note"), ("doubtful", "error", "review", "none"), ("undecided", "error", "open", "none")],
)
def test_kinds_and_levels(outcome: str, severity: str, kind: str, level: str) -> None:
    told = run_of(result([finding(outcome=outcome, severity=severity)]))["results"][0]
    assert (told["kind"], told["level"]) == (kind, level)


def test_what_holds_is_only_counted() -> None:
    run = run_of(result([finding(outcome="pass"), finding("I-1", outcome="not_applicable")]), code=0)
    assert run["results"] == [] and run["properties"]["conclusions"][0]["pass"] == 1
    assert run["invocations"][0]["executionSuccessful"] is True and run["invocations"][0]["exitCode"] == 0


def test_waivers_and_false_alarms_suppress() -> None:
    mistaken = finding("C-1", decision=Decision("误报", "李核", "2026-01-02", "看错了"))
    again = finding("C-2", decision=Decision("误报", "李核", "2026-01-02", changed=("数变了",)))
    told = {one["ruleId"]: one["suppressions"] for one in run_of(result([finding(waiver=WAIVER), finding("B-1"), mistaken, again]))["results"]}
    assert told["A01-2"][0]["status"] == "accepted" and "历年口径如此" in told["A01-2"][0]["justification"]
    assert told["C-1"][0]["justification"].startswith("误报")
    assert told["B-1"] == told["C-2"] == []


def test_what_went_wrong_is_notified() -> None:
    use = WaiverUse("expired", "A01-2", "某局", 2023, WAIVER, 1, "已过期")
    reports = (
        result([finding("K-1", outcome="rule_error", sentence="坏了")], unread=("第3页是图片",), waivers=(use,)),
        result([], path="空.txt", status="nothing_judged", message="没有表"),
    )
    run = run_of(*reports, failures=(Failure("坏.pdf", "打不开", ExitCode.UNREADABLE),), code=4)
    said = run["invocations"][0]
    assert [one["descriptor"]["id"] for one in said["toolExecutionNotifications"]] == ["no-result", "unread", "rule-error", "nothing-judged"]
    assert said["toolExecutionNotifications"][2]["associatedRule"] == {"id": "K-1", "index": 0}
    assert "过期" in said["toolConfigurationNotifications"][0]["message"]["text"]
    assert said["executionSuccessful"] is False
    assert run["artifacts"][said["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["index"]]["location"]["uri"] == "%E5%9D%8F.pdf"


@pytest.mark.parametrize(
    ("paths", "uris"),
    [
        (["a b/报.txt", "c.txt"], ["a%20b/%E6%8A%A5.txt", "c.txt"]),
        (["/x/y/a.txt"], ["a.txt"]),
        (["/x/y/a.txt", "/x/z/a.txt"], ["y/a.txt", "z/a.txt"]),
        (["../a.txt"], ["a.txt"]),
        (["a\\b:c#?.txt"], ["a/b%3Ac%23%3F.txt"]),
        (["坏\udcff.txt"], ["%E5%9D%8F%ED%B3%BF.txt"]),
    ],
)
def test_addresses_are_relative_and_encoded(paths: list[str], uris: list[str]) -> None:
    run = run_of(*[result([finding()], path=path) for path in paths])
    assert [one["location"]["uri"] for one in run["artifacts"]] == uris
    assert [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]] == uris


def test_parts_of_an_archive_lie_inside_it() -> None:
    inside = (Source("正文.docx", "cd" * 32, "docx"), Source("附表.xlsx", "ef" * 32, "xlsx"))
    operands = (Operand("总表[合计].金额", None, "1", "万元", Place(sheet="01", cell="C7", file="附表.xlsx")),)
    report = result([finding(operands=operands)], path="报告.zip", parts=inside)
    run = run_of(ReportResult(**{**{f: getattr(report, f) for f in report.__struct_fields__}, "source": Source("报告.zip", "ab" * 32, "zip")}))
    where = run["results"][0]["locations"][0]["physicalLocation"]
    assert run["artifacts"][where["artifactLocation"]["index"]]["parentIndex"] == 0
    assert where["artifactLocation"]["uri"].endswith("%A1%A8.xlsx") and where["properties"] == {"sheet": "01", "cell": "C7"}


def test_where_no_figure_has_a_place_the_causes_is_used() -> None:
    cause = Cause("c", "缺一行", place=Place(line=9))
    told = run_of(result([finding(operands=(), cause="c")], (cause,)))["results"][0]
    assert told["locations"][0]["physicalLocation"]["region"] == {"startLine": 9}


def test_viewers_make_no_link_and_fill_in_nothing() -> None:
    assert message("[点](http://x) {0} a[b].c {x}") == "[点] (http://x) { 0} a[b].c {x}"


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)))
def test_hostile_text_is_valid_and_dead(text: str) -> None:
    run = run_of(hostile_result(text), failures=(Failure(text, text, ExitCode.UNREADABLE),), command=("juesuan-rules", text))
    shown = json.dumps(run, ensure_ascii=False)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066\u200b\ufeff" for c in shown)
    assert all("](" not in one["message"]["text"] for one in run["results"])


def test_thousands_of_findings() -> None:
    made = material(result([finding(key=str(n)) for n in range(5_000)]))
    text = render_sarif(made)
    assert len(json.loads(text)["runs"][0]["results"]) == 5_000


def test_provenance_is_inside() -> None:
    properties = run_of(result([finding()]))["properties"]
    assert properties["provenance"]["canonical_digest"].startswith("sha256:") and any("结果摘要" in line for line in properties["provenanceText"])

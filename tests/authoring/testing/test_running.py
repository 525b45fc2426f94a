"""Known misses and false alarms, drafts, time limits, and the test as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from juesuan_rules.authoring.testing.as_json import to_json
from juesuan_rules.authoring.testing.running import PackTest, try_pack
from juesuan_rules.resources import rules_root

PACK = "language: 1\nid: x-project\nversion: 1.0.0\nname: 某项目\nlevel: 项目\nparent: cn\n"
RULES = "language: 1\nrules:\n  - {id: X-1, title: 支出合计, check: 'sum(总表.支出) == 本年支出合计 ± 尾差', severity: 错误}\n"
CASES = """language: 1
rule: X-1
cases:
  - {name: 相等, outcome: 相符, tables: {总表: {外交支出: 80.00, 本年支出合计: 80.00}}}
  - {name: 不等, outcome: 不符, tables: {总表: {外交支出: 80.00, 本年支出合计: 90.00}}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, text in (("pack.yaml", PACK), ("rules/x.yaml", RULES), ("cases/X-1.yaml", CASES)):
        path = tmp_path / "x-project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "x-project"


def tried(pack: Path, more: str = "", seconds: float = 60.0) -> PackTest:
    (pack / "cases" / "X-1.yaml").write_text(CASES + more, "utf-8")
    return try_pack(str(pack), [rules_root()], seconds=seconds)


def test_a_known_miss_may_come_out_wrong(pack: Path) -> None:
    test = tried(pack, "  - {name: 漏了一类, outcome: 不符, known: {漏报: 尾差之内看不出}, tables: {总表: {外交支出: 80.00, 本年支出合计: 80.01}}}\n")
    last = test.cases.results[-1]
    assert (last.passed, last.excused, last.mended, last.known, last.why) == (True, True, False, "漏报", "尾差之内看不出")
    assert test.passed
    assert to_json(test)["summary"]["known"] == 1


def test_a_known_false_alarm_may_come_out_wrong(pack: Path) -> None:
    test = tried(pack, "  - {name: 多扣一笔, outcome: 相符, known: {误报: 这个口径允许}, tables: {总表: {外交支出: 80.00, 本年支出合计: 90.00}}}\n")
    assert test.cases.results[-1].excused and test.passed


def test_what_has_come_right_is_told(pack: Path) -> None:
    test = tried(pack, "  - {name: 已改好, outcome: 不符, known: {漏报: 从前看不出}, tables: {总表: {外交支出: 80.00, 本年支出合计: 95.00}}}\n")
    last = test.cases.results[-1]
    assert (last.mended, last.excused, test.passed) == (True, False, True)
    assert to_json(test)["cases"][-1]["known"] == {"kind": "miss", "reason": "从前看不出", "mended": True}


def test_known_excuses_only_what_it_says(pack: Path) -> None:
    """A known miss that suddenly is a 规则出错, or no result at all, is no known miss any more."""
    test = tried(pack, "  - {name: 没有这行, outcome: 不符, known: {漏报: 甲}, tables: {总表: {没有这行: 1.00}}}\n")
    assert not test.cases.results[-1].passed and not test.passed


@pytest.mark.parametrize(
    ("known", "code"),
    [("漏报", "E413"), ("{漏报: ''}", "E412"), ("{别的: 甲}", "E413"), ("{漏报: 甲, 误报: 乙}", "E413"), ("{误报: 不该说不符的却写了不符}", "E443")],
)
def test_known_says_which_and_why(pack: Path, known: str, code: str) -> None:
    test = tried(pack, f"  - {{name: 丙, outcome: 不符, known: {known}, tables: {{总表: {{外交支出: 80.00, 本年支出合计: 80.01}}}}}}\n")
    assert [d.code for d in test.cases.diagnostics] == [code]
    assert not test.passed


def test_known_cases_are_no_evidence_that_a_rule_works(pack: Path) -> None:
    text = CASES.replace("不等, outcome: 不符,", "不等, outcome: 不符, known: {漏报: 甲},").replace("90.00", "80.01")
    (pack / "cases" / "X-1.yaml").write_text(text, "utf-8")
    assert try_pack(str(pack), [rules_root()]).cases.lacking == ("规则“X-1”没有应当不符的用例",)


def test_a_slow_case_is_told(pack: Path) -> None:
    test = tried(pack, seconds=1e-9)
    assert all("超过每个用例的时限" in r.message for r in test.cases.results)
    assert not test.passed


def test_cases_of_drafts_are_left_alone(pack: Path) -> None:
    (pack / "rules" / "drafts.yaml").write_text("language: 1\ndraft: true\nrules:\n  - {id: DRAFT-1, title: 甲, check: '总表[结余分配] == 0'}\n", "utf-8")
    (pack / "cases" / "DRAFT-1.yaml").write_text(CASES.replace("X-1", "DRAFT-1"), "utf-8")
    test = tried(pack)
    assert test.passed and test.drafts == ("DRAFT-1",)
    assert {r.rule for r in test.cases.results} == {"X-1"}


def test_units_and_parameters_of_a_case(pack: Path) -> None:
    (pack / "rules" / "x.yaml").write_text(
        RULES.replace("sum(总表.支出) == 本年支出合计 ± 尾差", "总表[本年支出合计] == 所属单位.总表[本年支出合计] ± 尾差"), "utf-8"
    )
    one, other = "{tables: {总表: {本年支出合计: 30.00}}}", "{tables: {总表: {本年支出合计: 50.00}}}"
    text = f"language: 1\nrule: X-1\ncases:\n  - {{name: 甲, outcome: 相符, tables: {{总表: {{本年支出合计: 80.00}}}}, units: [{one}, {other}]}}\n  - {{name: 乙, outcome: 不符, tables: {{总表: {{本年支出合计: 80.00}}}}, units: [{one}]}}\n"
    (pack / "cases" / "X-1.yaml").write_text(text, "utf-8")
    assert try_pack(str(pack), [rules_root()]).passed
    (pack / "cases" / "X-1.yaml").write_text(text.replace("outcome: 相符", "outcome: 相符, parameters: {没有这个: 1}"), "utf-8")
    wrong = [r for r in try_pack(str(pack), [rules_root()]).cases.results if not r.passed]
    assert ["没有“没有这个”这个参数" in r.message for r in wrong] == [True]


def test_as_json(pack: Path) -> None:
    told = json.loads(json.dumps(to_json(tried(pack)), ensure_ascii=False))
    assert (told["schema_version"], told["pack"], told["passed"]) == (1, "x-project", True)
    assert told["cases"][0] == {
        "rule": "X-1", "name": "相等", "expected": "pass", "actual": "pass", "passed": True, "known": None, "message": "",
        "place": {"file": str(pack / "cases" / "X-1.yaml"), "line": 4, "column": 5},
    }  # fmt: skip
    assert told["summary"]["boundaries"] == len(told["boundaries"]) > 0

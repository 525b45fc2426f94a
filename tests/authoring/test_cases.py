"""Cases of a pack: run, compared, and demanded of every rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.authoring.cases import CaseReport, run_cases
from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.resources import rules_root

PACK = "language: 1\nid: x-project\nversion: 1.0.0\nname: 某项目\nlevel: 项目\nparent: cn\n"
RULES = """language: 1
rules:
  - id: X-1
    title: 支出合计
    check: sum(总表.支出) == 本年支出合计 ± 尾差
    severity: 错误
"""
GOOD = """language: 1
rule: X-1
cases:
  - name: 相等
    outcome: 相符
    tables:
      总表: {一般公共服务支出: 80.00, 本年支出合计: 80.00}
  - name: 尾差
    outcome: 相符
    rounding: true
    tables: {总表: {一般公共服务支出: 80.00, 本年支出合计: 80.01}}
  - name: 不等
    outcome: 不符
    sentence: 相差 20.00
    tables: {总表: {一般公共服务支出: 80.00, 本年支出合计: 100.00}}
  - name: 缺表
    outcome: 无法判断
    reason: 缺表
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, text in (("pack.yaml", PACK), ("rules/x.yaml", RULES), ("cases/X-1.yaml", GOOD)):
        path = tmp_path / "x-project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "x-project"


def run(pack: Path, *rules: str) -> CaseReport:
    return run_cases(str(pack), [rules_root()], rules)


def with_cases(pack: Path, text: str, name: str = "X-1") -> CaseReport:
    (pack / "cases" / f"{name}.yaml").write_text(text, "utf-8")
    return run(pack)


def test_good_cases_pass(pack: Path) -> None:
    report = run(pack)
    assert report.passed
    assert [(r.rule, r.name, r.actual) for r in report.results] == [("X-1", "相等", "pass"), ("X-1", "尾差", "pass"), ("X-1", "不等", "fail"), ("X-1", "缺表", "undecided")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("本年支出合计: 100.00", "本年支出合计: 80.00", "应为“不符”，实为“相符”"),
        ("相差 20.00", "相差 30.00", "相差 20.00"),
        ("rounding: true", "rounding: false", "不应有尾差"),
        ("本年支出合计: 80.01", "本年支出合计: 80.00", "应标明尾差"),
        ("reason: 缺表", "reason: 缺行", "reason 应含“缺行”"),
        ("{一般公共服务支出: 80.00, 本年支出合计: 100.00}", "{一般公共服务: 80.00}", "没有“一般公共服务”这一行"),
    ],
)
def test_what_comes_out_otherwise_is_told(pack: Path, old: str, new: str, words: str) -> None:
    report = with_cases(pack, GOOD.replace(old, new))
    assert not report.passed
    wrong = [r for r in report.results if not r.passed]
    assert len(wrong) == 1
    assert words in wrong[0].message
    assert (Path(wrong[0].span.file).name, wrong[0].span.line > 3) == ("X-1.yaml", True)


def test_a_misnamed_row_is_shown_where_it_stands(pack: Path) -> None:
    report = with_cases(pack, GOOD.replace("一般公共服务支出: 80.00, 本年支出合计: 100.00", "没有这行: 80.00"))
    span = next(r for r in report.results if not r.passed).span
    assert (span.line, span.column) == (15, 25)


def test_both_kinds_are_demanded_of_own_rules_only(pack: Path) -> None:
    report = with_cases(pack, GOOD.replace("outcome: 不符", "outcome: 存疑"))
    assert not report.passed and report.lacking == ()
    report = with_cases(pack, GOOD[: GOOD.index("  - name: 不等")])
    assert report.lacking == ("规则“X-1”没有应当不符的用例",)
    assert not report.passed
    (pack / "cases" / "X-1.yaml").unlink()
    assert len(run(pack).lacking) == 2


def test_a_changed_rule_is_the_packs_own(pack: Path) -> None:
    (pack / "overrides.yaml").write_text("language: 1\noverrides:\n  - {rule: A01-1, action: 收紧, title: 新, reason: 甲}\n", "utf-8")
    assert [text for text in run(pack).lacking if "A01-1" in text]


def test_inherited_rules_may_be_tried_under_this_layout(pack: Path) -> None:
    text = GOOD.replace("rule: X-1", "rule: A01-2")
    (pack / "cases" / "A01-2.yaml").write_text(text, "utf-8")
    report = run(pack)
    assert report.passed
    assert {r.rule for r in report.results} == {"X-1", "A01-2"}
    assert {r.rule for r in run(pack, "X-1").results} == {"X-1"}


def test_a_case_may_name_its_year(pack: Path) -> None:
    (pack / "rules" / "x.yaml").write_text(RULES + "    applies: {年度: 2023..}\n", "utf-8")
    assert with_cases(pack, GOOD.replace("language: 1\n", "language: 1\nyear: 2023\n")).passed
    report = with_cases(pack, GOOD.replace("language: 1\n", "language: 1\nyear: 2022\n"))
    assert all("2022 年度没有规则" in r.message for r in report.results)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("X-2", GOOD, "E440"),
        ("X-9", GOOD.replace("X-1", "X-9"), "E441"),
        ("X-1", GOOD.replace("outcome: 不符", "outcome: 不通过"), "E413"),
        ("X-1", GOOD.replace("    outcome: 不符\n", ""), "E412"),
        ("X-1", GOOD.replace("sentence:", "sentense:"), "E411"),
        ("X-1", GOOD.replace("language: 1\n", ""), "E412"),
        ("X-1", GOOD.replace("tables:\n      总表", "tables: 无\n    表"), "E413"),
        ("X-1", "cases: [", "E400"),
    ],
)
def test_broken_case_files(pack: Path, name: str, text: str, code: str) -> None:
    report = with_cases(pack, text, name)
    assert code in [d.code for d in report.diagnostics]
    assert not report.passed


def test_a_broken_pack_or_none_at_all(pack: Path) -> None:
    (pack / "rules" / "x.yaml").write_text(RULES.replace("title: 支出合计", "titel: 支出合计"), "utf-8")
    with pytest.raises(RulesError):
        run(pack)
    (pack / "rules" / "x.yaml").write_text(RULES.replace("总表.支出", "总表.支处"), "utf-8")
    with pytest.raises(RulesError) as caught:
        run(pack)
    assert caught.value.diagnostics
    with pytest.raises(UsageError):
        run_cases("没有这个包", [rules_root()])


PRIOR_RULES = """language: 1
rules:
  - id: X-2
    title: 年初数等于上年年末数
    check: 总表[年初结转和结余] == 上年.总表[年末结转和结余] ± 尾差
    severity: 警告
"""
PRIOR_CASE = """language: 1
rule: X-2
cases:
  - name: 相等
    outcome: 相符
    tables: {总表: {年初结转和结余: 5.00}}
    prior: {tables: {总表: {年末结转和结余: 5.00}}}
  - name: 不等
    outcome: 不符
    tables: {总表: {年初结转和结余: 5.00}}
    prior: {tables: {总表: {年末结转和结余: 7.00}}}
"""


def test_a_case_may_write_last_years_report(pack: Path) -> None:
    (pack / "rules" / "y.yaml").write_text(PRIOR_RULES, "utf-8")
    (pack / "cases" / "X-2.yaml").write_text(PRIOR_CASE, "utf-8")
    assert run(pack, "X-2").passed


def test_what_last_years_report_cannot_hold_is_told(pack: Path) -> None:
    (pack / "rules" / "y.yaml").write_text(PRIOR_RULES, "utf-8")
    (pack / "cases" / "X-2.yaml").write_text(PRIOR_CASE.replace("prior: {tables:", "prior: {表:"), "utf-8")
    assert "没有“表”这个键" in run(pack, "X-2").results[0].message

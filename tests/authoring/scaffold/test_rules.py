"""A new rule comes with cases the engine has tried, or with ones that `test` refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.authoring.linting.linted import SETTINGS

from juesuan_rules.authoring.cases import run_cases
from juesuan_rules.authoring.formatting.files import format_file, pack_yaml
from juesuan_rules.authoring.linting.run import lint_pack
from juesuan_rules.authoring.scaffold.packs import NewPack, create_pack
from juesuan_rules.authoring.scaffold.rules import NewRule, create_rule
from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.resources import rules_root

ROOTS = (rules_root(),)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    create_pack(NewPack(tmp_path / "cn-2199", "2199"), ROOTS)
    return tmp_path / "cn-2199"


@pytest.mark.parametrize(
    "check",
    [
        "总表.收入[总计] == 总表.支出[总计]",
        "sum(总表.支出) == 总表[本年支出合计]",
        "支出表.本年支出合计 == 支出表.基本支出 + 支出表.项目支出",
        "支出表.*[非末级] == 下级合计(支出表.*)",
        "收入表.*[合计] == sum(收入表.*[类])",
        "文字.支出总计 == 总表.支出[总计]",
        "每个 r 属于 支出表[项]：r.项目支出 >= 0",
        "总表[年初结转和结余] == 上年.总表[年末结转和结余]",
        "基本明细表[人员经费合计] == 基本明细表[301] + 基本明细表[303]",
        "若 总表[本年支出合计] > 0 则 总表[结余分配] >= 0",
        "文字[三公经费].占比 == 文字.三公经费 / 文字.支出总计",
        "支出表.基本支出[208*] <= 一般支出表.基本支出[208*]",
        "三公表.决算数[合计] <= 三公表.预算数[合计]",
        "总表.收入[总计] > 总表[年初结转和结余]",
    ],
)
def test_both_kinds_of_case_are_found(pack: Path, check: str) -> None:
    made = create_rule(NewRule("QS-01", "试一试", check), str(pack), ROOTS)
    assert made.todo == ""
    report = run_cases(str(pack), ROOTS)
    assert report.passed and [r.expected for r in report.results] == ["pass", "fail"]
    assert not any(format_file(path).changed for path in pack_yaml([pack]))
    assert (pack / "pages" / "QS-01.md").is_file()


def test_what_is_still_to_be_done_does_not_pass(pack: Path) -> None:
    made = create_rule(NewRule("QS-01", "科目树", "科目树完整(支出表)"), str(pack), ROOTS)
    assert "照着写" in made.todo
    assert "# 待补" in (pack / "cases" / "QS-01.yaml").read_text("utf-8")
    assert not run_cases(str(pack), ROOTS).passed


def test_rules_of_one_family_share_a_file_and_keep_its_comments(pack: Path) -> None:
    create_rule(NewRule("QS-01", "甲", "总表[结余分配] >= 0"), str(pack), ROOTS)
    path = pack / "rules" / "qs.yaml"
    path.write_text("# 开头\n" + path.read_text("utf-8") + "  # 末尾\n", "utf-8")
    create_rule(NewRule("QS-02", "乙", "27行 >= 0", when="总表[结余分配] > 0", severity="提示", table="总表"), str(pack), ROOTS)
    create_rule(NewRule("B-90", "丙", "总表[结余分配] >= 0"), str(pack), ROOTS)
    text = path.read_text("utf-8")
    assert text.index("# 开头") < text.index("QS-01") < text.index("# 末尾") < text.index("QS-02")
    assert (pack / "rules" / "b.yaml").is_file()
    assert run_cases(str(pack), ROOTS, ["QS-02"]).passed


def test_errors_point_at_what_was_typed(pack: Path) -> None:
    with pytest.raises(RulesError) as caught:
        create_rule(NewRule("QS-01", "甲", "总表[结余分配] >= 0\n且 总标[总计] > 0"), str(pack), ROOTS)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.span.file, problem.span.line, problem.span.column, problem.source_line) == ("E201", "--check", 2, 3, "且 总标[总计] > 0")
    assert not list((pack / "rules").glob("*.yaml"))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (NewRule("一号", "甲", "总表[结余分配] >= 0"), "写法不对"),
        (NewRule("A01-2", "甲", "总表[结余分配] >= 0"), "上级包 cn"),
        (NewRule("QS-01", "甲", "总表[结余分配] >= 0", severity="严重"), "severity"),
    ],
)
def test_what_cannot_be_is_refused(pack: Path, rule: NewRule, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        create_rule(rule, str(pack), ROOTS)


def test_a_broken_file_is_put_back(pack: Path) -> None:
    path = pack / "rules" / "qs.yaml"
    path.write_text("language: 1\nrules:\n  - {id: QS-09}\n", "utf-8")
    with pytest.raises((RulesError, UsageError)):
        create_rule(NewRule("QS-01", "甲", "总表[结余分配] >= 0"), str(pack), ROOTS)
    assert path.read_text("utf-8") == "language: 1\nrules:\n  - {id: QS-09}\n" and not (pack / "cases" / "QS-01.yaml").exists()


@pytest.mark.parametrize("rule_id", ["QS-01", "Z-01", "Z01-1", "QS-A01-2"])
def test_lint_accepts_what_a_new_rule_is_called(pack: Path, rule_id: str) -> None:
    create_rule(NewRule(rule_id, "总表：结余分配不是负数", "总表[结余分配] >= 0"), str(pack), ROOTS)
    found = {finding.code for finding in lint_pack(str(pack), ROOTS, SETTINGS).findings}
    assert not found & {"L106", "L107"}
    assert "L412" in found, "the basis is still to be written"


def test_an_unusual_id_is_refused_with_the_usual_ways(pack: Path) -> None:
    with pytest.raises(UsageError, match="QS-01"):
        create_rule(NewRule("SUM-TOTAL1", "总表：结余分配不是负数", "总表[结余分配] >= 0"), str(pack), ROOTS)


def test_rules_of_another_family_go_into_another_file(pack: Path) -> None:
    create_rule(NewRule("QS-01", "总表：结余分配不是负数", "总表[结余分配] >= 0"), str(pack), ROOTS)
    made = create_rule(NewRule("Q-01", "总表：年末结转和结余不是负数", "总表[年末结转和结余] >= 0"), str(pack), ROOTS)
    assert made.files[0].name == "q.yaml"

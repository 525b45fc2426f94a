"""Names against every layout in scope, and that a layout is only gone through where it matters."""

from __future__ import annotations

from pathlib import Path

from tests.authoring.linting.linted import Lint, Write, codes, of, rules

from juesuan_rules.authoring.linting.outcomes import Outcomes
from juesuan_rules.authoring.linting.scope import Scope, Sources, open_scope
from juesuan_rules.language.check import check_rule
from juesuan_rules.packs.locate import PackSpec, find_pack
from juesuan_rules.resources import rules_root


def test_a_row_that_a_region_lacks(lint: Lint) -> None:
    files = {
        "base/rules/a.yaml": rules("总表[专项收入] >= 0"),
        "city/layouts/t.yaml": "layout: 1\ntables: [{id: 收入支出决算总表, blocks: [{name: 收入, rows: [{key: 专项收入, remove: true}]}]}]\n",
    }
    report = lint(files)
    found = of(report, "L201")
    assert len(found) == 1
    assert "city" in found[0].message
    assert "town" in found[0].message
    assert (found[0].rule, found[0].level) == ("A01-1", "错误")
    assert not [f for f in report.findings if f.code.startswith("E")]


def test_what_is_wrong_everywhere_is_an_error_of_check_alone(lint: Lint) -> None:
    report = lint({"base/rules/a.yaml": rules("总表[没有的行] >= 0")})
    assert codes(of(report, "L201", "E204", "E201")) == ["E204"]


def test_an_earlier_year_of_the_pack_itself(lint: Lint) -> None:
    def layout(years: str, rows: str) -> str:
        return f"layout: 1\nyears: {years}\ntables: [{{id: 收入支出决算总表, blocks: [{{name: 收入, rows: [{rows}]}}]}}]\n"

    files = {
        "base/rules/a.yaml": rules("总表[新增收入] >= 0"),
        "base/layouts/x.yaml": layout("..2021", "{key: 其他收入}"),
        "base/layouts/y.yaml": layout("2022..", "{key: 新增收入, role: 明细}"),
    }
    found = of(lint(files), "L201")
    assert len(found) == 1
    assert "2019..2021" in found[0].message
    files["base/rules/a.yaml"] = rules("总表[新增收入] >= 0", more="applies: {年度: 2022..}")
    assert not of(lint(files), "L201")


def test_inherited_rules_under_the_older_layout_of_a_region(lint: Lint) -> None:
    files = {
        "base/rules/a.yaml": rules("总表[专项收入] >= 0"),
        "city/layouts/x.yaml": "layout: 1\nyears: ..2021\ntables: [{id: 收入支出决算总表, blocks: [{name: 收入, rows: [{key: 专项收入, remove: true}]}]}]\n",
        "city/layouts/y.yaml": "layout: 1\nyears: 2022..\ntables: []\n",
    }
    assert [f.rule for f in of(lint(files, "city"), "L201")] == ["A01-1"]


def scope_of(root: Path, pack: str) -> Scope:
    return open_scope(find_pack(PackSpec(pack), (root,)), (root,), sources=Sources())


def test_a_rule_is_not_checked_again_where_its_names_mean_the_same() -> None:
    """What is taken over from another layout is what checking there would give."""
    scope = scope_of(rules_root(), "cn")
    outcomes = Outcomes(scope.views)
    checked = 0
    for view in scope.views:
        for rule in view.rules:
            fresh = check_rule(rule, view.names)
            assert outcomes.outcome(rule, view).checked == fresh.checked, (rule.id, view.title)
            assert outcomes.outcome(rule, view).problems == fresh.problems, (rule.id, view.title)
            checked += 1
    assert len(scope.views) > 3
    assert len(outcomes._known) < checked / 3


def test_outcomes_are_kept_between_runs(write: Write, tmp_path: Path) -> None:
    from tests.authoring.linting.linted import SETTINGS

    from juesuan_rules.authoring.linting.run import lint_pack
    from juesuan_rules.pipeline.cache import Cache

    text = rules("count(总表.收入) >= 0个", "总表[其他收入] >= 0")
    root = write({"base/rules/a.yaml": text})
    from juesuan_rules.authoring.linting.codes import by_code
    from juesuan_rules.authoring.linting.examples import example_files

    root = write({**example_files(by_code()["L301"]), "base/rules/a.yaml": text})
    cache = Cache(tmp_path / "cache")
    first = lint_pack(str(root / "base"), (root,), SETTINGS, cache)
    assert [f.rule for f in of(first, "L301")] == ["A01-1"]
    assert lint_pack(str(root / "base"), (root,), SETTINGS, cache).findings == first.findings
    write({"base/rules/a.yaml": "# 说明\n" + text.replace("count(总表.收入) >= 0个", "count(总表.收入) >= 1个")})
    changed = lint_pack(str(root / "base"), (root,), SETTINGS, cache)
    assert not of(changed, "L301")
    assert changed.findings == lint_pack(str(root / "base"), (root,), SETTINGS).findings

"""Whole packs, and one file in an editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.authoring.linting.linted import SETTINGS, Lint, codes, of, rules

from juesuan_rules.authoring.linting.codes import level_of
from juesuan_rules.authoring.linting.run import find_in_text, lint_pack, lint_text, open_lint_scope
from juesuan_rules.resources import rules_root

PACKS = sorted(path.parent.name for path in rules_root().glob("*/pack.yaml"))


def test_everything_check_says_is_said(lint: Lint) -> None:
    text = rules("总裱[其他收入] >= 0", "总表[其他收入] == 总表[其他收入]", "总表[其他收入] >= (0").replace("language: 1", "language: 1\nextra: 1")
    report = lint({"base/rules/a.yaml": text, "base/rules/b.yaml": "language: 1\nrules: [\n"})
    assert {"E201", "W302", "E400", "E411"} <= set(codes(report.findings))
    assert any(f.code.startswith("E1") for f in report.findings)
    assert all(f.level == ("错误" if f.code.startswith("E") else level_of(f.code)) for f in report.findings)


def test_a_broken_pack_is_linted_as_far_as_it_goes(lint: Lint) -> None:
    report = lint({"base/layouts/tables.yaml": "layout: 1\ntables: [\n"})
    assert any(f.code == "E400" for f in report.findings)
    report = lint({"city/pack.yaml": "language: 1\nid: city\nversion: 1.0.0\nname: 市\nlevel: 省\nparent: nobody\n"}, "city")
    assert codes(report.findings) == ["E416"]


@pytest.mark.parametrize("pack", PACKS)
def test_the_shipped_packs_have_nothing_to_mend(pack: str) -> None:
    report = lint_pack(pack, (rules_root(),), SETTINGS)
    left = [(f.code, f.rule, Path(f.span.file).name, f.span.line, f.message) for f in report.findings if f.level != "提示"]
    assert left == []


def test_a_file_as_it_stands_in_an_editor(lint: Lint, tmp_path: Path) -> None:
    lint({"base/rules/b.yaml": rules(("B-01", "总表[专项收入] >= 0"))})
    root = tmp_path / "packs"
    scope = open_lint_scope(root / "base", (root,))
    path = root / "base" / "rules" / "a.yaml"
    text = rules("count(总表.收入) >= 0个", "01表[其他收入] >= 0").replace("第 2 条，收入与支出相符", "核对。")
    found = lint_text(path, text, scope)
    assert {d.code for d in found} >= {"L301", "L211", "L108"}
    assert all(d.span.file == str(path) for d in found)
    assert lint_text(path, text.replace("count(总表.收入) >= 0个", "count(总表.收入) >= 1个"), scope) != found
    assert not [d for d in lint_text(path, "language: 1\nrules: [", scope) if d.code.startswith("L")]


def test_an_editor_gets_the_same_findings_about_a_rule(lint: Lint, tmp_path: Path) -> None:
    text = rules("若 总表[其他收入] > 0 且 总表[其他收入] < 0 则 总表[专项收入] > 0", "总表[其他收入] == 总表[专项收入] ± 500万元", more="tags: [0110]  # lint: 忽略 L406 因为口径未定")
    report = lint({"base/rules/a.yaml": text})
    root = tmp_path / "packs"
    path = root / "base" / "rules" / "a.yaml"
    shown = find_in_text(path, text, open_lint_scope(root / "base", (root,)))
    kept = [f for f in report.findings if f.span.file == str(path) and f.code not in ("L408", "L502")]
    assert [(f.code, f.span, f.level) for f in shown] == [(f.code, f.span, f.level) for f in kept]
    assert any(f.fixable for f in shown)


def test_other_kinds_of_files_in_an_editor(lint: Lint, tmp_path: Path) -> None:
    lint()
    root = tmp_path / "packs"
    scope = open_lint_scope(root / "base", (root,))
    found = lint_text(root / "base" / "facts" / "f.yaml", "language: 1\nfacts: [{name: 甲, names: [说法, 说法, 0110]}]\n", scope)
    assert sorted(d.code for d in found) == ["L101", "L207"]


def test_titles_that_say_nothing(lint: Lint) -> None:
    for title in ("核对", "A01-1", "检查规则", "数字应当正确", "测试"):
        text = rules("总表[其他收入] >= 0").replace("总表：第 1 条，收入与支出相符", title)
        assert codes(of(lint({"base/rules/a.yaml": text}), "L109")) == ["L109"], title
    for title in ("总表：其他收入不是负数", "其他收入不小于 0", "收入的下限"):
        text = rules("总表[其他收入] >= 0").replace("总表：第 1 条，收入与支出相符", title)
        assert not of(lint({"base/rules/a.yaml": text}), "L109"), title

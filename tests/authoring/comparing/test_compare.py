"""Two versions side by side: every kind of change, and the version number it asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import BASE, LAYOUT, PROVINCE, RULES

from juesuan_rules.authoring.comparing.compare import compare_folders
from juesuan_rules.authoring.comparing.model import Comparison, Step, VersionSeen, least_version
from juesuan_rules.diagnostics import RulesError

Compare = Callable[..., Comparison]


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    """Compare a small national pack with the same changed: file -> [(old text, new text), …] or whole new text."""

    def run(changes: dict[str, list[tuple[str, str]] | str], version: str = "9.0.0") -> Comparison:
        texts = {"pack.yaml": BASE, "rules/a.yaml": RULES, "layouts/tables.yaml": LAYOUT}
        new = dict(texts)
        for name, change in changes.items():
            if isinstance(change, str):
                new[name] = change
                continue
            for old, now in change:
                assert old in new[name], old
                new[name] = new[name].replace(old, now, 1)
        new["pack.yaml"] = new["pack.yaml"].replace("1.2.0", version)
        for folder, files in (("old", texts), ("new", new)):
            for name, text in files.items():
                path = tmp_path / folder / "cn" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        return compare_folders(tmp_path / "old" / "cn", tmp_path / "new" / "cn", ())

    return run


def test_nothing_changed(compare: Compare) -> None:
    found = compare({}, "1.2.0")
    assert found.changes == () and found.step is None and found.is_enough
    assert found.least == "1.2.0"


RULE_CHANGES: list[tuple[str, str, Step]] = [
    ("title: 一", "title: 壹", "patch"),
    ("sum(总表.收入) == 总表[本年收入合计]", "sum(总表.收入)==总表[本年收入合计]", "patch"),
    ("条款: 第七十五条", "条款: 第七十六条", "patch"),
    ("title: 结余分配", "title: 结余", "patch"),
    ("sum(总表.收入) == 总表[本年收入合计]", "sum(总表.收入) <= 总表[本年收入合计]", "major"),
    ("sum(总表.收入) == 总表[本年收入合计]", "'sum(总表.收入) == 总表[本年收入合计] ± 0.05'", "major"),
    ("severity: 提示", "severity: 错误", "major"),
    ("severity: 错误", "severity: 提示", "minor"),
    ("    severity: 错误", "    when: '总表[本年收入合计] > 0'\n    severity: 错误", "major"),
    ("    severity: 错误", "    applies: {文种: 决算}\n    severity: 错误", "major"),
    ("    severity: 错误", "    applies: {年度: 2020..}\n    severity: 错误", "major"),
    ("id: A01-1", "id: A01-3", "major"),
    ("'总表[结余分配] >= 0'", "'总表[结余分配] > 0'", "major"),
]


@pytest.mark.parametrize(("old", "new", "step"), RULE_CHANGES)
def test_what_a_change_of_a_rule_asks_for(compare: Compare, old: str, new: str, step: Step) -> None:
    found = compare({"rules/a.yaml": [(old, new)]})
    assert found.step == step, found.changes
    assert all(change.kind == "规则" for change in found.changes)


LAYOUT_CHANGES: list[tuple[str, str, Step]] = [
    ("short: [总表]", "short: [总表, 收支总表]", "minor"),
    ("titles: [收入支出决算总表]", "titles: [收入支出决算总表, 收支总表]", "minor"),
    ("- {key: 事业收入, line: 1}", "- {key: 事业收入, line: 1, aliases: [事业收入款]}", "minor"),
    ("- {key: 事业收入, line: 1}", "- {key: 事业收入, line: 1}\n          - {key: 其他收入}", "minor"),
    ("- {key: 结余分配, line: 5, role: 结转}", "- {key: 结余分配, line: 6, role: 结转}", "major"),
    ("          - {key: 事业收入, line: 1}\n", "", "major"),
]


@pytest.mark.parametrize(("old", "new", "step"), LAYOUT_CHANGES)
def test_what_a_change_of_a_layout_asks_for(compare: Compare, old: str, new: str, step: Step) -> None:
    found = compare({"layouts/tables.yaml": [(old, new)]})
    assert found.step == step, found.changes


def test_a_new_rule_and_a_rule_that_is_gone(compare: Compare) -> None:
    added = compare({"rules/b.yaml": "language: 1\nrules:\n  - {id: B-01, title: 新, check: '总表[结余分配] >= 0', severity: 错误}\n"})
    assert [(c.action, c.name, c.step) for c in added.changes] == [("added", "B-01", "minor")]


def test_a_rule_for_some_years_only_says_which(compare: Compare) -> None:
    found = compare({"rules/a.yaml": [("    severity: 错误", "    applies: {年度: 2022..}\n    severity: 错误")]})
    (change,) = [c for c in found.changes if c.action == "removed"]
    assert "2019" in change.years and "2022" not in change.years


def test_wider_tolerances_need_less_than_narrower_ones(compare: Compare, tmp_path: Path) -> None:
    with_005 = ("sum(总表.收入) == 总表[本年收入合计]", "sum(总表.收入) == 总表[本年收入合计] ± 0.05")
    compare({"rules/a.yaml": [with_005]})
    wide = tmp_path / "new" / "cn"
    narrow = tmp_path / "narrow" / "cn"
    for path in wide.rglob("*.yaml"):
        target = narrow / path.relative_to(wide)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8").replace("± 0.05", "± 0.02"), "utf-8")
    assert compare_folders(narrow, wide, ()).step == "minor"
    assert compare_folders(wide, narrow, ()).step == "major"


def test_cases_pages_and_comments_are_patches(compare: Compare) -> None:
    found = compare({"rules/a.yaml": [("language: 1", "# 注\nlanguage: 1")], "cases/A01-1.yaml": "language: 1\n"})
    assert {(c.kind, c.name, c.step) for c in found.changes} == {("文件", "rules/a.yaml", "patch"), ("文件", "cases/A01-1.yaml", "patch")}


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [("name: 全国", "name: 国家", "patch"), ("years: 2019..", "years: 2018..", "minor"), ("years: 2019..", "years: 2020..", "major"), ("id: cn", "id: cm", "major"), ("name: 全国", "name: 全国\nengine: '>=0.1'", "minor")],
)
def test_what_a_change_of_the_manifest_asks_for(compare: Compare, old: str, new: str, step: Step) -> None:
    assert compare({"pack.yaml": [(old, new)]}).step == step


def test_overrides_count_for_what_they_do(tmp_path: Path) -> None:
    for folder, overrides in (("old", None), ("new", "language: 1\noverrides:\n  - {rule: A01-1, action: 停用, reason: 无, basis: [{文号: x}]}\n")):
        for name, text in {"cn/pack.yaml": BASE, "cn/rules/a.yaml": RULES, "cn/layouts/t.yaml": LAYOUT, "cn-99-mou/pack.yaml": PROVINCE, "cn-99-mou/overrides.yaml": overrides}.items():
            if text is not None:
                (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / folder / name).write_text(text, "utf-8")
    found = compare_folders(tmp_path / "old" / "cn-99-mou", tmp_path / "new" / "cn-99-mou", ())
    assert [(c.action, c.name) for c in found.changes] == [("removed", "A01-1")]


def test_a_broken_version_cannot_be_compared(compare: Compare) -> None:
    with pytest.raises(RulesError):
        compare({"rules/a.yaml": [("总表[本年收入合计]", "总表[没有这一行]")]})


@pytest.mark.parametrize(
    ("old", "step", "least"),
    [("1.2.3", "patch", "1.2.4"), ("1.2.3", "minor", "1.3.0"), ("1.2.3", "major", "2.0.0"), ("0.2.3", "major", "0.3.0"), ("0.2.3", "minor", "0.2.4"), ("1.2.3", None, "1.2.3"), ("1.2.3-rc1", "patch", "1.2.4")],
)
def test_the_least_version(old: str, step: Step | None, least: str) -> None:
    assert least_version(old, step) == least


@pytest.mark.parametrize(
    ("version", "enough"), [("1.2.0", False), ("1.2.9", False), ("1.3.0", True), ("1.4.2", True), ("2.0.0", True), ("1.3.0-rc1", True), ("1.1.9", False)]
)
def test_whether_a_version_is_enough(compare: Compare, version: str, enough: bool) -> None:
    found = compare({"rules/a.yaml": [("severity: 错误", "severity: 提示")]}, version)
    assert isinstance(found.new, VersionSeen) and found.is_enough is enough

"""`--fix`: edits at their places, comments and meaning kept."""

from __future__ import annotations

from pathlib import Path

from tests.authoring.linting.linted import SETTINGS, Lint, rules

from juesuan_rules.authoring.linting.fixing import Fixed, fix_file
from juesuan_rules.authoring.linting.model import Edit, Finding
from juesuan_rules.authoring.linting.run import lint_pack
from juesuan_rules.diagnostics import Span
from juesuan_rules.yamlfile import loads

MESSY = """\
# 收入各条
language: 1   # 第一版
rules:
  - id: A01-1     # 永久
    title: "总表：收入与支出相符。"   # 标题
    check: 总表[其他收入] >= 0
    tags: [0110, on, 2024-01-01]
    basis: [{文号: 预算法, 核验: 2026-11-01}]
"""
CLEAN = MESSY.replace("相符。", "相符").replace("[0110, on, 2024-01-01]", "['0110', 'on', '2024-01-01']")


def fixed(lint: Lint, path: str, text: str) -> Fixed:
    report = lint({path: text})
    name = next(name for name in report.files if name.endswith(path.partition("/")[2]))
    return fix_file(report.files[name], [f for f in report.findings if f.span.file == name])


def test_all_at_once_with_comments_and_spaces_kept(lint: Lint) -> None:
    one = fixed(lint, "base/rules/a.yaml", MESSY)
    assert one.after == CLEAN
    assert sorted(f.code for f in one.findings) == ["L101", "L102", "L103", "L108"]


def test_titles_of_single_checks(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0").replace("check: '总表[其他收入] >= 0'", "check:\n      - {title: 总表：其他收入不是负数。, check: '总表[其他收入] >= 0'}")
    assert fixed(lint, "base/rules/a.yaml", text).after == text.replace("负数。", "负数")


def test_line_ends_and_byte_order_mark_stay(lint: Lint, tmp_path: Path) -> None:
    lint({"base/rules/a.yaml": MESSY})
    path = tmp_path / "packs" / "base" / "rules" / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + MESSY.replace("\n", "\r\n").encode())
    report = lint_pack(str(tmp_path / "packs" / "base"), (tmp_path / "packs",), SETTINGS)
    one = fix_file(report.files[str(path)], [f for f in report.findings if f.span.file == str(path)])
    assert one.after.encode() == b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode()


def test_a_dictionary_with_comments_inside_is_left_alone(lint: Lint) -> None:
    head = "language: 1\ndictionaries:\n  - name: 科目\n    entries: |\n"
    plain = head + "      202 外交支出\n      201 一般公共服务支出\n"
    assert fixed(lint, "base/dictionaries/d.yaml", plain).after == head + "      201 一般公共服务支出\n      202 外交支出\n"
    noted = head + "      202 外交支出\n      # 类\n      201 一般公共服务支出\n"
    assert not fixed(lint, "base/dictionaries/d.yaml", noted).changed


def test_a_change_of_meaning_is_refused() -> None:
    file = loads("language: 1\nrules: [{id: A01-1, check: 总表[其他收入] >= 0}]\n", "x.yaml")
    at = file.text.index(">=")
    one = fix_file(file, [Finding("L101", "", Span("x.yaml", 2, 1), edits=(Edit(at, at + 2, "<="),))])
    assert not one.changed
    assert one.problem is not None
    assert one.problem.code == "E450"


def test_overlapping_changes_are_made_one_after_the_other() -> None:
    file = loads("title: 甲。。\n", "x.yaml")
    both = [Finding("L108", "", Span("x.yaml", 1, 1), edits=(Edit(8, 9, ""),)), Finding("L108", "", Span("x.yaml", 1, 1), edits=(Edit(7, 10, "甲"),))]
    one = fix_file(file, both)
    assert (one.after, len(one.findings)) == ("title: 甲。\n", 1)


def test_the_checked_form_is_the_same_after_fixing(lint: Lint) -> None:
    from juesuan_rules.packs.load import load_pack

    report = lint({"base/rules/a.yaml": MESSY})
    folder = Path(next(iter(report.files))).parent
    before = [c.text for r in load_pack(str(folder), None, (folder.parent,)).rules for c in r.checks]
    for name, file in report.files.items():
        Path(name).write_text(fix_file(file, [f for f in report.findings if f.span.file == name]).after, "utf-8")
    assert [c.text for r in load_pack(str(folder), None, (folder.parent,)).rules for c in r.checks] == before

"""Comments that silence lint."""

from __future__ import annotations

import pytest
from tests.authoring.linting.linted import Lint, codes, of, rules

TWO = rules("sum(01表.收入) == 总表[本年收入合计]", "01表[其他收入] >= 0")
NOTE = "# lint: 忽略 L211 因为本包只用于一个地区"


def silenced(lint: Lint, text: str) -> tuple[list[str], list[str]]:
    report = lint({"base/rules/a.yaml": text})
    return [f.rule for f in of(report, "L211")], codes(of(report, "L501", "L502", "L503"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (NOTE + "\n" + TWO, []),
        (TWO.replace("  - id: A01-1", f"  {NOTE}\n  - id: A01-1"), ["A01-2"]),
        (TWO.replace("  - id: A01-1", f"  - id: A01-1  {NOTE}"), ["A01-2"]),
        (TWO.replace("  - id: A01-2", f"  {NOTE}\n  - id: A01-2"), ["A01-1"]),
        (TWO.replace("    title: 总表：第 2", f"    {NOTE}\n    title: 总表：第 2"), ["A01-1"]),
        (TWO + f"    {NOTE}\n", ["A01-1"]),
    ],
)
def test_where_a_comment_reaches(lint: Lint, text: str, left: list[str]) -> None:
    assert silenced(lint, text) == (left, [])


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# lint: 忽略 L211", ["L501"]),
        ("# lint: 忽略 L211 因为", ["L501"]),
        ("# lint: 忽略L211，因为地区固定", []),
        ("# LINT：忽略 L211（原因：地区固定）", []),
        ("# lint: 忽略 L211、L401 因为地区固定", ["L502"]),
        ("# lint: 忽略 L999 因为地区固定", ["L503"]),
        ("# lint: 忽略 L302 因为以后改", ["L503"]),
        ("# lint: 忽略 E201 因为以后改", ["L503"]),
        ("# lint: 忽略 L502 因为以后改", ["L503"]),
        ("# lint: 不要管", ["L503"]),
    ],
)
def test_what_a_comment_must_say(lint: Lint, comment: str, said: list[str]) -> None:
    _, notes = silenced(lint, TWO.replace("  - id: A01-1", f"  {comment}\n  - id: A01-1"))
    assert notes == said


def test_errors_stay(lint: Lint) -> None:
    text = rules("总表[其他收入] > 0 且 总表[其他收入] < 0").replace("  - id:", "  # lint: 忽略 L302、L204 因为以后改\n  - id:")
    report = lint({"base/rules/a.yaml": text})
    assert codes(of(report, "L302", "L503")) == ["L503", "L302"]


def test_findings_in_a_case_file_belong_to_their_rule(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0").replace("  - id:", "  # lint: 忽略 L408 因为由别的工具试过\n  - id:")
    assert not of(lint({"base/rules/a.yaml": text}), "L408", "L502")


def test_a_code_only_found_when_looked_for_deeply_is_not_unused(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0").replace("  - id:", "  # lint: 忽略 L312 因为有助于指出错在哪里\n  - id:")
    assert not of(lint({"base/rules/a.yaml": text}), "L502")
    assert codes(of(lint({"base/rules/a.yaml": text}, deep=True), "L502")) == ["L502"]


def test_a_text_with_a_number_sign_is_no_comment(lint: Lint) -> None:
    text = rules("总表[其他收入] >= 0").replace("第 1 条", "第 1 条#lint：忽略 L408 因为不是注释")
    assert of(lint({"base/rules/a.yaml": text}), "L408")


def test_other_files_have_comments_as_well(lint: Lint) -> None:
    facts = "language: 1\nfacts:\n  - {name: 支出总计, names: [总支出]}\n  - {name: 培训人数, names: [培训人数], unit: 人}%s\n"
    rule = rules(("C-01", "文字.支出总计 == 总表.支出[总计]"))
    files = {"base/rules/c.yaml": rule, "base/facts/f.yaml": facts % ""}
    assert codes(of(lint(files), "L203")) == ["L203"]
    files["base/facts/f.yaml"] = facts % "  # lint: 忽略 L203 因为要列在提取的结果里"
    assert not of(lint(files), "L203", "L502")

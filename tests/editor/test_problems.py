"""Diagnostics for editors, and the repairs they offer."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.editor.problems import MAX_PROBLEMS, actions, limited, repairs, shown
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.texts import make_text

RULE = "language: 1\nrules:\n  - id: T-01\n    title: 试\n    check: {}\n"


def mended(packs: Path, check: str) -> str:
    """The expression after the first repair of its first problem that has one."""
    session = Session()
    path = session.files.path(packs / "base/rules/z.yaml")
    content = RULE.replace("{}", f"'{check}'" if "'" not in check else check)
    text = make_text(str(path), content)
    session.files.open[path] = text
    (packs / "base/rules/z.yaml").write_text(content, "utf-8")
    try:
        found = [shown(d, text) for d in session.view(path).problems() if d.span.file.endswith("z.yaml")]
    finally:
        (packs / "base/rules/z.yaml").unlink()
    action = actions("file:///z", text, found)[0]
    assert action.edit is not None and action.edit.changes is not None
    (edit,) = action.edit.changes["file:///z"]
    start, end = text.offset(edit.range.start), text.offset(edit.range.end)
    after = text.content[:start] + edit.new_text + text.content[end:]
    return after.split("check: ")[1].rstrip("\n").strip("'")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("总表[本年收入合计] = 总表[本年支出合计]", "总表[本年收入合计] == 总表[本年支出合计]"),
        ("总表[本年收入合汁] == 3", "总表[本年收入合计] == 3"),
        ("支出表.基本指出 == 3", "支出表.基本支出 == 3"),
        ("支出総表.基本支出 == 3", "支出表.基本支出 == 3"),
        ("sum((总表.收入]) == 3", "sum((总表.收入)) == 3"),
        ("sum(总表.收入)) == 3", "sum(总表.收入) == 3"),
        ("支出表.本年支出合计 == 支出表[合计].基本支出 并且 3 == 3", "支出表.本年支出合计 == 支出表[合计].基本支出 且 3 == 3"),
        ("若总表[本年收入合计] > 0 则 3 == 3", "若 总表[本年收入合计] > 0 则 3 == 3"),
        ("summ(总表.收入) == 3", "sum(总表.收入) == 3"),
        ("总表[3] == 3", "总表[3行] == 3"),
        ("文字.支出总数 == 3", "文字.支出总计 == 3"),
    ],
)
def test_the_first_repair_is_the_one_a_person_would_make(packs: Path, before: str, after: str) -> None:
    assert mended(packs, before) == after


def test_hints_without_one_thing_to_write_give_no_repair() -> None:
    assert repairs(Diagnostic("E207", "…", hint="可以写：甲、乙")) == []
    assert repairs(Diagnostic("E109", "…", hint="几个核对之间写“且”，或分成几条 check")) == []
    assert repairs(Diagnostic("E202", "…", hint="写明是哪一处：总表.收入[总计]、总表.支出[总计]")) == ["总表.收入[总计]", "总表.支出[总计]"]
    assert repairs(Diagnostic("W401", "…", hint="请加引号写成 '0110'")) == ["'0110'"]


def test_data_of_other_servers_is_no_repair() -> None:
    where = types.Range(types.Position(0, 0), types.Position(0, 1))
    for data in (None, "x", {"repairs": "x"}, {"repairs": [1, None]}):
        assert actions("file:///a", make_text("a", "b"), [types.Diagnostic(where, "m", data=data)]) == []


def test_problems_are_listed_once_and_bounded() -> None:
    text = make_text("a", "甲乙\n" * 600)
    one = Diagnostic("E201", "x", Span("a", 1, 1, 1, 2))
    assert len(limited([shown(one, text), shown(one, text)])) == 1
    many = [shown(Diagnostic("E201", "x", Span("a", n, 1, n, 2)), text) for n in range(1, 600)]
    assert len(limited(reversed(many))) == MAX_PROBLEMS
    assert limited(reversed(many))[0].range.start.line == 0
    assert shown(one, None).range.end.character == 0

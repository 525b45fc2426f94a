"""Rules that did not change are not checked again, and nothing they say is lost by that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from small_layout import small_layout

from juesuan_rules.diagnostics import Span
from juesuan_rules.language import check
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.memory import Memory, content_of, texts_of
from juesuan_rules.language.model import CheckText, RuleText

LAYOUT = small_layout()


def at(line: int) -> Callable[[int, int], Span]:
    return lambda start, end: Span("a.yaml", line, start + 1, line, end + 1)


def rule(name: str, *checks: str, when: str | None = None, line: int = 1) -> RuleText:
    texts = tuple(CheckText(text, locate=at(line + n)) for n, text in enumerate(checks))
    return RuleText(name, name, texts, when=CheckText(when, locate=at(line + 50)) if when else None)


RULES = (
    rule("A-1", "sum(总表.支出) == 总表[本年支出合计] ± 尾差"),
    rule("A-2", "总表[没有] == 3", "总表[本年支出合计] = 3", when="总表[也没有] > 0", line=5),
    rule("A-3", "sum(总表.支出) == 总表[本年支出合计] ± 尾差", line=9),
    rule("A-4", line=11),
    replace(rule("A-5", "27行 == 3", line=12), table="没有这张表"),
)


def test_a_memory_changes_nothing_that_is_said() -> None:
    memory = Memory()
    plain = check_rules(RULES, LAYOUT)
    assert {d.code for d in plain.diagnostics} >= {"E204", "E103", "W201", "E101", "E214"}
    assert check_rules(RULES, LAYOUT, memory) == plain
    assert check_rules(RULES, LAYOUT, memory) == plain


def test_what_is_known_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    check_rules(RULES, LAYOUT, memory)
    seen: list[str] = []
    original = check._check_rule
    monkeypatch.setattr(check, "_check_rule", lambda work: seen.append(work.rule.id) or original(work))
    changed = rule("A-2", "总表[本年支出合计] == 3", line=5)
    check_rules((RULES[0], changed, *RULES[2:]), LAYOUT, memory)
    assert seen == ["A-2"]
    check_rules(RULES, replace(LAYOUT, digest="another"), memory)
    assert seen == ["A-2", *(r.id for r in RULES)]


def test_a_rule_that_moved_is_told_of_where_it_stands_now() -> None:
    memory = Memory()
    check_rules(RULES, LAYOUT, memory)
    moved = rule("A-2", "总表[没有] == 3", "总表[本年支出合计] = 3", when="总表[也没有] > 0", line=105)
    found = check_rules((moved,), LAYOUT, memory).diagnostics
    assert [(d.code, d.span.line) for d in found] == [("E204", 105), ("E103", 106), ("E204", 155)]


def test_content_is_all_but_places() -> None:
    one, other = rule("A", "总表 == 1", when="x", line=1), rule("A", "总表 == 1", when="x", line=9)
    assert content_of(one) == content_of(other)
    for changed in (rule("B", "总表 == 1", when="x"), rule("A", "总表 == 2", when="x"), rule("A", "总表 == 1"), replace(one, severity="提示"), replace(one, table="总表")):
        assert content_of(changed) != content_of(one)
    own = CheckText("总表 == 1", when=CheckText("y"))
    assert [t.text for t in texts_of(replace(one, checks=(own,)))] == ["总表 == 1", "y", "x"]


def test_it_forgets_instead_of_growing_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    from juesuan_rules.language import memory as module

    monkeypatch.setattr(module, "LIMIT", 3)
    memory = Memory()
    for number in range(20):
        check_rules((rule(f"A-{number}", "总表[本年支出合计] == 1"),), LAYOUT, memory)
    assert len(memory._known) <= 3 and len(memory._seen) <= 3

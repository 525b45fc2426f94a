"""`check` remembers: the same problems at the right places, and only what changed is checked again."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.diagnostics import Span
from juesuan_rules.language import check
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import CheckText, RuleText
from juesuan_rules.packs.load import load_pack
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.pipeline.remembering import KIND, check_remembered
from juesuan_rules.resources import rules_root

LAYOUT = load_pack("cn", None, (rules_root(),)).layout


def rule(name: str, text: str, line: int) -> RuleText:
    return RuleText(name, name, (CheckText(text, locate=lambda start, end: Span("a", line, start + 1, line, end + 1)),))


RULES = (rule("A-1", "sum(总表.支出) == 总表[本年支出合计]", 1), rule("A-2", "总表[没有] == 1", 2), rule("A-3", "总表[本年支出合计] == sum(总表.支出)", 3))


def test_a_second_run_says_the_same_and_checks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    first = check_remembered(RULES, LAYOUT, cache, "here")
    assert first == check_rules(RULES, LAYOUT) and {d.code for d in first.diagnostics} == {"E204", "W201"}
    seen: list[str] = []
    original = check._check_rule
    monkeypatch.setattr(check, "_check_rule", lambda work: seen.append(work.rule.id) or original(work))
    assert check_remembered(RULES, LAYOUT, cache, "here") == first and seen == []
    moved = rule("A-2", "总表[没有] == 1", 7)
    again = check_remembered((RULES[0], moved, RULES[2]), LAYOUT, cache, "here")
    assert [d.span.line for d in again.diagnostics if d.code == "E204"] == [7] and seen == []
    changed = rule("A-2", "总表[也没有] == 1", 2)
    check_remembered((RULES[0], changed, RULES[2]), LAYOUT, cache, "here")
    assert seen == ["A-2"]
    check_remembered(RULES, replace(LAYOUT, digest="another"), cache, "here")
    assert seen == ["A-2", "A-1", "A-2", "A-3"]


@pytest.mark.parametrize("stored", [None, "x", (0, {}), (1, []), (1, {}), (1, "bad")])
def test_a_strange_entry_is_no_answer(tmp_path: Path, stored: object) -> None:
    cache = Cache(tmp_path)
    first = check_remembered(RULES, LAYOUT, cache, "here")
    (entry,) = tmp_path.rglob("*.bin")
    content = (1, dict.fromkeys(cache.get(KIND, entry.stem)[1], (1, 2))) if stored == (1, "bad") else stored
    cache.put(KIND, entry.stem, content)
    assert check_remembered(RULES, LAYOUT, cache, "here") == first


def test_without_a_cache_nothing_is_written(tmp_path: Path) -> None:
    assert check_remembered(RULES, LAYOUT, Cache(None), tmp_path) == check_rules(RULES, LAYOUT)

"""What checking one rule gave, kept by content: a rule that did not change is not checked again.

Nothing here depends on where a rule stands in its file, so that moving it costs nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import msgspec

from juesuan_rules.language.model import CheckedRule, CheckText, RuleText
from juesuan_rules.language.places import TextProblem

LIMIT = 20_000
"""Outcomes kept; more than any set of packs has rules. Beyond it everything is forgotten."""


class RuleOutcome(msgspec.Struct, frozen=True):
    """What checking a rule by itself gave. checked: None where it has an error. problems: each with
    the number of the text it is about (see `texts_of`), None for the rule as a whole. same: what
    tells each of its checks from others that say the same."""

    checked: CheckedRule | None
    problems: tuple[tuple[int | None, TextProblem], ...] = ()
    same: tuple[str, ...] = ()


class Memory:
    """Outcomes by layout and content of the rule."""

    def __init__(self) -> None:
        self._known: dict[Hashable, RuleOutcome] = {}
        self._seen: dict[tuple[int, str], tuple[RuleText, RuleOutcome]] = {}
        """By the very record, so that one asked about again and again is not compared by content each time."""

    def get(self, rule: RuleText, layout: str) -> RuleOutcome | None:
        """What is known of a rule under the layout of that digest, or None."""
        seen = self._seen.get((id(rule), layout))
        if seen is not None and seen[0] is rule:
            return seen[1]
        known = self._known.get((layout, content_of(rule)))
        if known is not None:
            self._note(rule, layout, known)
        return known

    def put(self, rule: RuleText, layout: str, outcome: RuleOutcome) -> None:
        """Remember what checking gave."""
        if len(self._known) >= LIMIT:
            self._known.clear()
        self._known[layout, content_of(rule)] = outcome
        self._note(rule, layout, outcome)

    def _note(self, rule: RuleText, layout: str, outcome: RuleOutcome) -> None:
        if len(self._seen) >= LIMIT:
            self._seen.clear()
        self._seen[id(rule), layout] = (rule, outcome)


def texts_of(rule: RuleText) -> tuple[CheckText, ...]:
    """Every expression of a rule: its checks, their own conditions, its condition."""
    own = [text.when for text in rule.checks if text.when is not None]
    return (*rule.checks, *own, *([rule.when] if rule.when is not None else []))


def content_of(rule: RuleText) -> Hashable:
    """All of a rule but the places it was read from."""
    fields: list[Any] = [getattr(rule, name) for name in rule.__struct_fields__ if name not in ("checks", "when")]
    return (*fields, tuple(_content(text) for text in rule.checks), _content(rule.when))


def _content(text: CheckText | None) -> tuple[Any, ...] | None:
    return None if text is None else (text.text, text.severity, text.title, _content(text.when))

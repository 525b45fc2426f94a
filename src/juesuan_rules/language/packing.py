"""Checked rules to plain tuples and back, for caches that marshal."""

from __future__ import annotations

from typing import Any

from juesuan_rules.language.model import CheckedCheck, CheckedRule

FORMAT = 2
"""Raise when the packed form or the meaning of a checked form changes: old caches then miss."""


def pack_rule(rule: CheckedRule) -> tuple[Any, ...]:
    """The rule as nested tuples of str, int and None."""
    checks = tuple((c.form, c.source, c.severity, c.title, c.when, c.when_source) for c in rule.checks)
    return (FORMAT, rule.id, rule.title, checks, rule.severity, rule.when, rule.when_source, rule.tables, rule.basis, rule.pack, rule.changed_by)


def unpack_rule(packed: tuple[Any, ...]) -> CheckedRule:
    """The rule again. Raises ValueError where `packed` was written by another version."""
    if len(packed) != 11 or packed[0] != FORMAT:
        raise ValueError("packed rule of another version")
    _, rule_id, title, checks, *rest = packed
    return CheckedRule(rule_id, title, tuple(CheckedCheck(*c) for c in checks), *rest)

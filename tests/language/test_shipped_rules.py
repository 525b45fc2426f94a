"""The shipped packs pass their own language: every rule sound against its layout, none with a warning."""

from __future__ import annotations

import marshal

import pytest

from juesuan_rules.diagnostics import render
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.packing import pack_rule, unpack_rule
from juesuan_rules.language.parse import parse_expression
from juesuan_rules.language.unparse import unparse
from juesuan_rules.packs.load import load_pack
from juesuan_rules.resources import grammar_text, rules_root

PACKS = sorted(p.parent.name for p in rules_root().glob("*/pack.yaml"))


def test_the_files_are_found() -> None:
    assert PACKS
    assert "COMPARE" in grammar_text()


@pytest.mark.parametrize("pack_id", PACKS)
@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_rules_are_sound(pack_id: str, year: int) -> None:
    pack = load_pack(pack_id, year, [rules_root()])
    result = check_rules(pack.rules, pack.layout)
    assert [render(d) for d in result.diagnostics] == []
    assert [r.id for r in result.rules] == [r.id for r in pack.rules]
    for rule in result.rules:
        assert unpack_rule(marshal.loads(marshal.dumps(pack_rule(rule)))) == rule
        for check in rule.checks:
            tree = parse_expression(check.source)
            assert not isinstance(tree, tuple)
            assert parse_expression(unparse(tree)) == tree

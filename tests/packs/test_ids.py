"""The usual ways of writing rule ids."""

from __future__ import annotations

import pytest

from juesuan_rules.packs.ids import is_usual
from juesuan_rules.packs.load import load_pack
from juesuan_rules.resources import rules_root


@pytest.mark.parametrize("rule_id", ["A01-2", "A01-12", "B-05", "B-105", "QS-01", "QSX-101", "ABCD-01", "QS-A01-2", "QS-B-05"])
def test_usual_ids(rule_id: str) -> None:
    assert is_usual(rule_id)


@pytest.mark.parametrize("rule_id", ["A-1", "A1-1", "A01-123", "QS-1", "QS01-1", "SUM-TOTAL1", "ABCDE-01", "qs-01", "QS-01-", "QS-01-2", "QS-A01", "01-01", "QS", "QS-01\n"])
def test_other_ids(rule_id: str) -> None:
    assert not is_usual(rule_id)


@pytest.mark.parametrize("pack", [path.name for path in sorted(rules_root().iterdir()) if (path / "pack.yaml").is_file()])
def test_ids_of_the_shipped_packs(pack: str) -> None:
    assert [rule.id for rule in load_pack(pack, None, (rules_root(),)).rules if not is_usual(rule.id)] == []

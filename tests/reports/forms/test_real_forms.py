"""Forms of real reports, where they are at hand: how many there are, and that their sums come out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from juesuan_rules.api import load_report
from juesuan_rules.reports.model import Table

FORMS = {"000": 10, "001": 3, "002": 7, "003": 4, "004": 10}


@pytest.mark.parametrize("number", list(FORMS))
def test_every_form_is_found(reports_dir: Path, number: str) -> None:
    table = load_report(next(reports_dir.glob(f"{number}-*.txt"))).records["自评表"]
    assert len(table.blocks[""].rows) == FORMS[number]


@pytest.mark.parametrize("number", ["000", "002"])
def test_scores_of_every_form_add_up(reports_dir: Path, number: str) -> None:
    table = load_report(next(reports_dir.glob(f"{number}-*.txt"))).records["自评表"]
    for form, total in zip(table.blocks[""].rows, table.blocks[""].columns["指标得分小计"], strict=True):
        if total.value:
            assert _sum(table, "得分", form.key) == total.value, form.key


def _sum(table: Table, column: str, key: str) -> Fraction:
    block = table.blocks["指标"]
    return sum((Fraction(amount.value or 0) for row, amount in zip(block.rows, block.columns[column], strict=True) if row.parent == key), Fraction(0))

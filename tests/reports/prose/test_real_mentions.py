"""Real reports: nearly every figure of the 情况说明 is understood, and what is understood adds up."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.open import open_document
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Prose
from juesuan_rules.reports.outline import read_outline
from juesuan_rules.reports.prose.mentions import find_mentions
from juesuan_rules.reports.prose.reading import read_prose
from juesuan_rules.reports.prose.statements import statement_tables

# The share of 001 is smaller: its reasons are full of figures of their own, and those are nobody's values.
_SHARES = {"000": 0.95, "001": 0.85, "002": 0.95, "004": 0.95}


def _prose(reports_dir: Path, number: str) -> Prose:
    (path,) = reports_dir.glob(f"{number}-*.txt")
    document = open_document(path)
    return read_prose(document, read_outline(document), identify(document))


@pytest.mark.parametrize("number", _SHARES)
def test_share_of_figures_understood(reports_dir: Path, number: str) -> None:
    prose = _prose(reports_dir, number)
    understood = {mention.at for mention in find_mentions(prose.sentences)}
    printed = [(at, n) for at in prose.explained for n in range(len(prose.sentences[at].figures))]
    assert sum(one in understood for one in printed) >= _SHARES[number] * len(printed)


def _near(part: Amount, whole: Amount, percent: Amount) -> bool:
    if part.value is None or not whole.value or percent.value is None:
        return True
    return abs(Fraction(part.value) / whole.value - percent.value) <= Fraction(1, 200)


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_shares_completions_and_lists_add_up(reports_dir: Path, number: str) -> None:
    sentences = _prose(reports_dir, number).sentences
    tables = statement_tables(sentences, find_mentions(sentences), Layout("测试", ()))
    shares, completions, parts = [tables[name].blocks[""].columns for name in ("占比", "完成率", "其中")]
    assert all(map(_near, shares["部分"], shares["总体"], shares["百分比"]))
    assert all(map(_near, completions["决算"], completions["预算"], completions["百分比"]))
    rows = tables["其中"].blocks[""].rows
    for at, row in enumerate(rows):
        if row.level == 1:
            total = sum(Fraction(parts["金额"][n].value or 0) for n, child in enumerate(rows) if child.parent == row.key)
            assert abs(total - Fraction(parts["金额"][at].value or 0)) <= 30_000, row.label

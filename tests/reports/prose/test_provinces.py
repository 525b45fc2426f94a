"""Whole explanations in the manner of twenty provinces: each figure is read into the cell it states, none into another."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.reports.prose.invented import PROVINCES, Cell, Invented, invent

from juesuan_rules.amounts import Amount
from juesuan_rules.catalogue.declared import read_declared
from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Table
from juesuan_rules.reports.outline import read_outline
from juesuan_rules.reports.prose.facts import fact_tables
from juesuan_rules.reports.prose.mentions import find_mentions
from juesuan_rules.reports.prose.paths import stem
from juesuan_rules.reports.prose.sentences import read_sentences
from juesuan_rules.reports.prose.statements import statement_tables

RULES = Path(__file__).parents[3] / "rules"
NAMES = sorted(path.stem for path in PROVINCES.glob("*.txt"))


@cache
def layout() -> Layout:
    folders = [("cn", RULES / "cn")]
    loaded, _, _ = load_layout([("cn", RULES / "cn" / "layouts")], 2023, "")
    declared = read_declared(folders, 2023)
    return replace(loaded, facts=declared.facts, dictionaries=declared.dictionaries, by_name={})


def read(text: str) -> tuple[dict[str, Table], dict[str, Table]]:
    """(facts, statements) of a text."""
    document = read_text(text.encode(), "report.txt")
    sentences = read_sentences(document, read_outline(document), identify(document, None))
    mentions = find_mentions(sentences)
    return fact_tables(sentences, mentions, layout(), {})[0], statement_tables(sentences, mentions, layout())


def cells(tables: dict[str, Table]) -> dict[Cell, Amount]:
    """Every cell that states something, by (record set, name, column)."""
    found: dict[Cell, Amount] = {}
    for name, table in tables.items():
        for block in table.blocks.values():
            for column, amounts in block.columns.items():
                for row, amount in zip(block.rows, amounts, strict=True):
                    if amount.state != "blank":
                        found[name, row.key if name == "文字" else stem(row.label), column] = amount
    return found


def compare(invented: Invented, found: dict[Cell, Amount]) -> tuple[list[Cell], dict[Cell, str], list[Cell]]:
    """(cells read as they must be, read wrongly or read at all that are not stated, not read)."""
    gold = {(name, key if name == "文字" else stem(key), column): printed for (name, key, column), printed in invented.gold.items()}
    wrong = {cell: f"{found[cell].raw} ≠ {printed}" for cell, printed in gold.items() if cell in found and not is_same(found[cell], printed)}
    extra = {cell: amount.raw for cell, amount in found.items() if cell not in gold and cell[1] not in invented.zeros and amount.value != 0 and not is_twin(invented, cell, amount)}
    missing = [cell for cell in gold if cell not in found]
    right = [cell for cell in gold if cell in found and cell not in wrong]
    return right, {**wrong, **extra}, missing


def is_twin(invented: Invented, cell: Cell, amount: Amount) -> bool:
    """Whether an economic 科目 only repeats the fact of its name (工资福利支出 of the 基本支出)."""
    return any(stem(key) == cell[1] and column == cell[2] and is_same(amount, printed) for (_, key, column), printed in invented.gold.items())


def is_same(amount: Amount, printed: str) -> bool:
    """Whether the amount is the figure printed (with the sign of its direction)."""
    if amount.value is None or not amount.value:
        return amount.value == 0 and not printed.strip("-0.")
    negative = printed.startswith("-")
    return amount.raw.strip("万元%-").startswith(printed.strip("-")) and (amount.value <= 0 if negative else amount.value >= 0)


def contradictions(statements: dict[str, Table]) -> list[str]:
    """Statements whose figures do not belong together, though all figures of the text do."""
    bad: list[str] = []
    for name, part, whole, percent in (("占比", "部分", "总体", "百分比"), ("完成率", "决算", "预算", "百分比")):
        block = statements[name].blocks[""]
        for row, a, b, c in zip(block.rows, block.columns[part], block.columns[whole], block.columns[percent], strict=True):
            if row.label.startswith("涉及"):
                continue  # all of a project's money, in a report where the projects' sum is made up apart
            if a.value is not None and b.value and c.value is not None and abs(Fraction(a.value) / Fraction(b.value) - Fraction(c.value)) > Fraction(1, 500):
                bad.append(f"{name} {row.label}: {a.raw} / {b.raw} = {c.raw}")
    block = statements["增减"].blocks[""]
    for row, now, change, rate, basis in zip(block.rows, *(block.columns[c] for c in ("本年", "带符号增减额", "带符号增减率", "基期")), strict=True):
        if now.value and change.value is not None and rate.value is not None and basis.raw == "上年":
            prior = Fraction(now.value) - Fraction(change.value)
            if prior and abs(Fraction(change.value) / prior - Fraction(rate.value)) > Fraction(1, 500):
                bad.append(f"增减 {row.label}: {now.raw} {change.raw} {rate.raw}")
    return bad + unequal_lists(statements["其中"])


def unequal_lists(table: Table) -> list[str]:
    """Totals whose parts do not add up to them. Budgets are left out: those of a total and of its parts are made up apart."""
    block = table.blocks[""]
    sums: dict[str | None, Fraction] = {}
    for row, amount in zip(block.rows, block.columns["金额"], strict=True):
        if row.level == 2:
            sums[row.parent] = sums.get(row.parent, Fraction(0)) + Fraction(amount.value or 0)
    rows = zip(block.rows, block.columns["金额"], strict=True)
    totals = {row.key: Fraction(amount.value or 0) for row, amount in rows if row.level == 1 and not row.key.startswith("预算：")}
    return [f"其中 {key}: {float(total)} ≠ {float(sums.get(key, Fraction(0)))}" for key, total in totals.items() if abs(total - sums.get(key, Fraction(0))) > 100_000]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_read_into_the_cell_it_states(name: str) -> None:
    invented = invent(name)
    facts, statements = read(invented.text)
    right, wrong, missing = compare(invented, cells(facts))
    assert wrong == {}
    assert len(right) >= 0.97 * (len(right) + len(missing)), missing
    assert contradictions(statements) == []


def measure(names: list[str] | None = None, seed: str = "", show: bool = True) -> None:
    """Print what is read, per province."""
    total = [0, 0, 0, 0]
    for name in names or NAMES:
        invented = invent(name, seed)
        facts, statements = read(invented.text)
        right, wrong, missing = compare(invented, cells(facts))
        bad = contradictions(statements)
        total = [a + len(b) for a, b in zip(total, (right, wrong, missing, bad), strict=True)]
        print(f"{name}: right {len(right)} wrong {len(wrong)} missing {len(missing)} contradictions {len(bad)}")
        if show:
            for cell, said in wrong.items():
                print("   WRONG", *cell, said)
            for cell in missing:
                print("   miss", *cell)
            for line in bad:
                print("   BAD", line)
    print("total right, wrong, missing, contradictions:", *total)


if __name__ == "__main__":
    import sys

    measure(sys.argv[1:])

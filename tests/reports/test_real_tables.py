"""Published reports: every standard table is found, and every printed amount stands in one cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from table_texts import layout_of

from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.model import Table
from juesuan_rules.reports.tables import recognise_tables

LIAONING, HUBEI, NEIMENGGU = ("cn", "cn-21-liaoning"), ("cn", "cn-42-hubei"), ("cn", "cn-15-neimenggu")
AMOUNT = re.compile(r"-?\d[\d,]*\.\d+")


def tables_of(folder: Path, name: str, chain: tuple[str, ...]) -> dict[str, Table]:
    path = next(folder.glob(f"{name}-*.txt"))
    tables, _, problems = recognise_tables(read_text(path.read_bytes(), path.name), layout_of(*chain), None)
    assert problems == ()
    return tables


def figures(table: Table) -> int:
    return sum(amount.value is not None for block in table.blocks.values() for amounts in block.columns.values() for amount in amounts)


@pytest.mark.parametrize(
    ("name", "chain", "count", "amounts"),
    [
        ("000", LIAONING, 9, 230),
        ("002", LIAONING, 9, 224),
        ("003", LIAONING, 9, 232),
        ("004", HUBEI, 7, 598),
        ("000", ("cn",), 9, 230),
        ("004", ("cn",), 7, 598),
    ],
)
def test_every_amount_in_its_cell(reports_dir: Path, name: str, chain: tuple[str, ...], count: int, amounts: int) -> None:
    tables = tables_of(reports_dir, name, chain)
    assert len(tables) == count and [t.problems for t in tables.values()] == [()] * count
    assert sum(map(figures, tables.values())) == amounts
    for table in tables.values():
        body = table.grid.rows[table.header_rows :]
        assert figures(table) == sum(AMOUNT.fullmatch(cell.text.strip()) is not None for row in body for cell in row), table.title
        assert table.unit == "万元"


def test_report_without_tables_yields_none(reports_dir: Path) -> None:
    assert tables_of(reports_dir, "001", NEIMENGGU) == {}


def test_clipped_codes_of_a_real_report(reports_dir: Path) -> None:
    table = tables_of(reports_dir, "002", LIAONING)["一般公共预算财政拨款基本支出决算明细表"]
    rows = table.blocks[""].rows
    assert sum(row.clipped for row in rows) == 81 and all(row.key.startswith(row.raw_code) for row in rows)


def test_printed_numbers_and_years(reports_dir: Path) -> None:
    tables = tables_of(reports_dir, "003", LIAONING)
    assert [table.number for table in tables.values()] == [f"0{n}" for n in range(1, 10)]
    assert {table.year for table in tables.values()} == {2023} and len({table.unit_name for table in tables.values()}) == 1
    assert [table.number for table in tables_of(reports_dir, "004", HUBEI).values()] == ["", "", "", "", "05", "06", "09"]

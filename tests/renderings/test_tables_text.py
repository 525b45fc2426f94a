"""What `extract` shows: figures that were not surely read, mended or put right carry a mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.amounts import Amount
from juesuan_rules.documents.model import GridBlock, GridCell, Place
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options
from juesuan_rules.renderings.json_extract import file_json
from juesuan_rules.renderings.tables_text import render_extract
from juesuan_rules.reports.model import Report

SAMPLE = Path(__file__).parents[2] / "fixtures" / "辽宁省云岫市数据服务局-2023.txt"
ID = "收入支出决算总表"


@pytest.fixture(scope="module")
def report() -> Report:
    return load(SAMPLE, Options()).report


def marked(report: Report, **change: object) -> Report:
    """The report with its first printed figure of 总表 changed."""
    table = report.tables[ID]
    block = table.blocks["支出"]

    def changed(amount: Amount) -> Amount:
        return replace(amount, **change) if amount.raw == "1,966.32" else amount

    blocks = {**table.blocks, "支出": replace(block, columns={"金额": tuple(map(changed, block.columns["金额"]))})}
    return replace(report, tables={**report.tables, ID: replace(table, blocks=blocks)})


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"confidence": 0.5}, "1,966.32?"),
        ({"confidence": 0.5, "state": "unreadable", "value": None}, "1,966.32〔?〕"),
        ({"corrected": "甲更正为 1.00：误"}, "1,966.32〔更〕"),
        ({"confidence": 0.95}, "1,966.32\n"),
    ],
)
def test_marks(report: Report, change: dict[str, object], shown: str) -> None:
    text = render_extract(marked(report, **change), ID)
    assert shown in text
    assert ("1 个存疑单元格" in text) is not shown.endswith("\n")


def test_json_tells_confidence_stored_value_and_correction(report: Report) -> None:
    value = file_json(marked(report, confidence=0.12345, stored="1966.3212", corrected="甲更正"), ID)
    cells = [cell for row in value["tables"][0]["rows"] for cell in row["cells"].values()]
    (cell,) = [cell for cell in cells if cell["corrected"]]
    assert (cell["confidence"], cell["stored"], cell["corrected"]) == (0.123, "1966.3212", "甲更正")
    assert {c["confidence"] for c in cells if c is not cell} == {1.0}
    assert value["unread"] == [] and value["corrections"] == []


def test_what_was_not_read_stands_at_the_top(report: Report) -> None:
    text = render_extract(replace(report, unread=("第 3 页是图片",)))
    assert "没读出来  第 3 页是图片" in text.split("\n")[:10]


def test_tables_of_another_kind_of_document_are_shown_as_printed(report: Report) -> None:
    grid = GridBlock(((GridCell("项目"), GridCell("金额")), (GridCell("合计"), GridCell("1,204.00"))), Place(page=7))
    text = render_extract(replace(report, tables={}, other_tables=(grid,), other_titles=("收支预算总表",)))
    assert "其他表格  第7页 2 行：收支预算总表" in text and "  合计  1,204.00" in text

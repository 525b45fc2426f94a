"""Prose and forms of a whole report: record sets of the layout, and which figures they account for."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options
from juesuan_rules.reports.model import Report

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def report() -> Report:
    return load(FIXTURES / "辽宁省云岫市数据服务局-2023.txt", Options()).report


def test_every_record_set_of_the_layout_is_there(report: Report) -> None:
    assert set(report.records) == {spec.id for spec in report.layout.records}
    for spec in report.layout.records:
        table = report.records[spec.id]
        assert set(table.blocks) == {block.name for block in spec.blocks}
        for block in table.blocks.values():
            assert set(block.columns) == {column.name for column in block.spec.columns}
            assert all(len(amounts) == len(block.rows) for amounts in block.columns.values())
            assert len({row.key for row in block.rows}) == len(block.rows)


def test_a_fact_that_is_not_mentioned_has_no_row(report: Report) -> None:
    block = report.records["文字"].blocks[""]
    assert 0 < len(block.rows) < len(block.spec.rows)
    for at in range(len(block.rows)):
        assert any(amounts[at].state != "blank" for amounts in block.columns.values())


def test_figures_that_stand_in_a_record_are_read(report: Report) -> None:
    read, printed = report.prose.share
    assert 0.8 * printed < read <= printed
    values = {id(a) for name in ("文字", "占比", "其中") for a in report.records[name].blocks[""].columns[{"文字": "值", "占比": "百分比", "其中": "金额"}[name]]}
    used = [(at, n) for at, sentence in enumerate(report.prose.sentences) for n, figure in enumerate(sentence.figures) if id(figure.amount) in values]
    assert used and set(used) <= report.prose.read


def test_a_document_of_another_kind_has_no_records() -> None:
    budget = load(FIXTURES / "辽宁省云岫市数据服务局-2024-预算.txt", Options()).report
    assert budget.records == {} and budget.prose.sentences == ()

"""Titles of tables that are none of the standard ones."""

from __future__ import annotations

import pytest

from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.captions import captions

TABLE = "项目\t金额\n合计\t1.00\n"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("收支预算总表\n公开01表\n部门：某局\n单位：万元\n", "收支预算总表"),
        ("部门收支预算总表（2024年）\n", "部门收支预算总表（2024年）"),
        ("附件2\n2024年预算单位支出预算表\n", "2024年预算单位支出预算表"),
        ("本年支出情况见下表。\n", ""),
        ("第三部分 部门预算表\n单位：元\n", ""),
        ("公开表一\n收入总表\n", "收入总表"),
        ("收入总表\n公开表十一\n", "收入总表"),
        ("公开03表\n", ""),
        ("", ""),
    ],
)
def test_the_nearest_line_that_reads_like_a_title(above: str, title: str) -> None:
    document = read_text((above + TABLE).encode(), "x.txt")
    grids = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert captions(document, grids) == (title,)


def test_each_table_has_its_own_title_and_a_foreign_grid_none() -> None:
    document = read_text(("甲支出表\n" + TABLE + "乙收入表\n" + TABLE).encode(), "x.txt")
    grids = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert captions(document, [grids[1], GridBlock(()), grids[0]]) == ("乙收入表", "", "甲支出表")

"""Tables written one cell per line: cells of a header stand at the columns they covered."""

from __future__ import annotations

import pytest
from table_texts import recognise

ROWS = (
    ("部门：云岫局", "2023年度", "金额单位：万元"),
    ("项目", "年初结转和结余", "本年收入", "本年支出", "年末结转和结余"),
    ("科目编码", "科目名称", "小计", "基本支出", "项目支出"),
    ("栏次", "1", "2", "3", "4", "5", "6"),
    ("合计", "", "1.00", "1.00", "", "1.00", ""),
    ("212", "城乡社区支出", "", "1.00", "1.00", "", "1.00", ""),
    ("注：本表反映部门本年度政府性基金预算财政拨款收入支出决算情况。", "本表金额转换成万元时，因四舍五入可能存在尾差。"),
)
FUND = "政府性基金预算财政拨款收入支出决算表\n" + "\n".join("".join(f"\t{cell}\n" for cell in row) for row in ROWS)


def test_each_cell_stands_where_it_was_printed() -> None:
    table = recognise(FUND)[0]["政府性基金预算财政拨款收入支出决算表"]
    grid = [[cell.text for cell in row] for row in table.grid.rows]
    assert grid[0] == ["项目", "", "年初结转和结余", "本年收入", "本年支出", "", "", "年末结转和结余"]
    assert grid[1] == ["科目编码", "科目名称", "", "", "小计", "基本支出", "项目支出", ""]
    assert grid[2] == ["栏次", "", "1", "2", "3", "4", "5", "6"]
    assert len(grid) == 5


def test_a_remark_of_two_lines_is_no_row() -> None:
    table = recognise(FUND)[0]["政府性基金预算财政拨款收入支出决算表"]
    assert [row.key for row in table.blocks[""].rows] == ["合计", "212"]
    assert table.problems == ()


@pytest.mark.parametrize("lost", ["\t本年收入\n", "\t科目名称\n"])
def test_a_header_with_a_lost_cell_does_not_stop_the_reading(lost: str) -> None:
    recognise(FUND.replace(lost, "", 1))

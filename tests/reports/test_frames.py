"""Tables as pandas DataFrames."""

from __future__ import annotations

from decimal import Decimal

import pytest
from table_texts import SPENDING, recognise, total_table


def test_block_as_a_frame() -> None:
    frame = recognise(SPENDING)[0]["支出决算表"].to_frame()
    assert list(frame.columns)[:3] == ["名称", "本年支出合计", "基本支出"]  # type: ignore[attr-defined]
    assert frame.loc["2010507", "项目支出"] == Decimal("300000.00")  # type: ignore[attr-defined]
    assert frame.loc["2010507", "基本支出"] is None and frame.loc["201", "名称"] == "一般公共服务支出"  # type: ignore[attr-defined]


def test_a_block_must_be_named_where_there_are_two() -> None:
    table = recognise(total_table())[0]["收入支出决算总表"]
    assert len(table.to_frame("收入")) == 31  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="收入、支出"):
        table.to_frame()

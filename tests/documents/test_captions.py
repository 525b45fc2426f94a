"""Lines around tables: what they are about, titles, remarks."""

from __future__ import annotations

import pytest

from juesuan_rules.documents.captions import is_about, is_remark, is_title


@pytest.mark.parametrize("text", ["公开01表", "公开 01 表", "部门：某局", "编制单位（公章）：某局", "金额单位：万元", "单位:元", "2023年度", "2023 年", "附表3", "填报日期：2024年8月"])
def test_what_a_table_is_about(text: str) -> None:
    assert is_about(text) and not is_title(text)


@pytest.mark.parametrize("text", ["收入支出决算总表", "财政拨款“三公”经费支出决算表（续）", "机构运行信息表(公开11表)", "绩效目标完成情况"])
def test_titles(text: str) -> None:
    assert is_title(text) and not is_about(text)


@pytest.mark.parametrize("text", ["合计", "1,204.00", "项目", "一般公共预算财政拨款收入", "本年支出合计", ""])
def test_cells_are_neither(text: str) -> None:
    assert not is_title(text) and not is_about(text)


def test_remarks() -> None:
    assert is_remark("注：本表反映部门本年度总收支。") and is_remark("备 注:无") and is_remark("本表金额转换成万元时…") and not is_remark("注册费")

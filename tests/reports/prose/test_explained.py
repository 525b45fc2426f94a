"""Which sentences are the 情况说明, in the parts and words of several provinces."""

from __future__ import annotations

import pytest
from tests.reports.prose.reading import prose_of


@pytest.mark.parametrize(
    ("titles", "explains"),
    [
        (("第二部分 2023年度部门决算情况说明", "一、收入支出决算总体情况说明"), True),
        (("第二部分 2023年度部门决算说明", "三、“三公”经费财政拨款决算情况"), True),
        (("第三部分 2023年度其他重要事项的情况说明", "一、机关运行经费支出情况"), True),
        (("第四部分 其他需要说明的情况",), True),
        (("三、2023年度部门决算情况说明", "（一）政府采购支出情况"), True),
        (("二、政府采购支出情况",), True),
        (("第四部分 预算绩效情况", "一、绩效自评结果"), True),
        (("第一部分 部门概况", "三、2023年度部门主要工作完成情况"), False),
        (("第一部分 某局概况", "一、主要职责"), False),
        (("第二部分 2023年度部门决算说明", "一、部门基本情况"), False),
        (("第二部分 2023年度部门决算表", "一、收入支出决算总表"), False),
        (("八、政府性基金预算财政拨款收入支出决算表",), False),
        (("第五部分 名词解释",), False),
        (("第六部分 附件", "一、自评结论"), False),
        (("第四部分 决算公开联系方式及信息反馈渠道",), False),
    ],
)
def test_by_the_headings_above(titles: tuple[str, ...], explains: bool) -> None:
    prose = prose_of("\n".join((*titles, "本年支出合计100.00万元，与上年持平。", "")))
    assert bool(prose.explained) is explains


def test_without_headings_the_prose_itself_counts() -> None:
    prose = prose_of("本年支出合计100.00万元，与上年持平。\n项目支出60.00万元，占60.00%，主要用于日常工作。\n")
    assert prose.explained == {0, 1}


def test_only_prose_is_counted() -> None:
    prose = prose_of("第二部分 部门决算情况说明\n一、收入决算情况说明\n图1：收入100.00万元\n收入合计100.00万元。\n")
    assert [prose.sentences[n].text for n in prose.explained] == ["收入合计100.00万元。"]
    assert prose.share == (0, 1)

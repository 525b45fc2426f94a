"""Record sets written down in a case."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.authoring.records import build_records
from juesuan_rules.catalogue.model import FactSpec, Layout
from juesuan_rules.catalogue.records import record_specs

LAYOUT = Layout("cn", (), records=record_specs((FactSpec("支出总计", ("支出合计",)), FactSpec("公务用车保有量", unit="辆"))))


def built(**content: Any) -> dict[str, Any]:
    return build_records(LAYOUT, content)


def test_facts_have_the_unit_of_their_fact() -> None:
    table = built(文字={"支出合计": "约100.00", "公务用车保有量": 3})["文字"].blocks[""]
    assert [row.key for row in table.rows] == ["支出总计", "公务用车保有量"]
    money, count = table.columns["值"]
    assert money.value == 100_000_000 and money.approximate and (count.value, count.unit) == (3, "辆")
    assert table.columns["增减率"][0].state == "blank"


def test_codes_and_aspects() -> None:
    table = built(文字科目={"2010301 行政运行": {"值": "60.00元", "增减率": "-1.5%"}})["文字科目"].blocks[""]
    assert (table.rows[0].key, table.rows[0].label) == ("2010301", "行政运行")
    assert table.columns["值"][0].value == 6_000 and table.columns["增减率"][0].value == Fraction(-15, 1000)


def test_a_direction_gives_the_signs() -> None:
    table = built(增减=[{"本年": 90, "增减额": 10, "增减率": "10%", "方向": "减少"}])["增减"].blocks[""]
    assert table.columns["带符号增减额"][0].value == -10_000_000 and table.columns["带符号增减率"][0].value == Fraction(-1, 10)


def test_parts_belong_to_their_whole() -> None:
    table = built(其中=[{"金额": 100, "明细": [60, {"主体": "公用经费", "金额": 40}]}])["其中"].blocks[""]
    assert [row.parent for row in table.rows] == [None, "1", "1"] and table.rows[2].key == "1/公用经费"


def test_forms_with_their_rows() -> None:
    funds = [{"来源": "年度资金总额", "预算数": 10}, {"来源": "财政拨款", "预算数": 10}]
    forms = [{"名称": "甲", "总分": 98, "指标": [{"一级指标": "产出指标", "三级指标": "次数", "指标值": 2, "完成程度": "90%", "分值": 50}], "资金": funds}, {"名称": "甲"}]
    table = built(自评表=forms)["自评表"]
    assert [row.key for row in table.blocks[""].rows] == ["项目自评表/甲/1", "项目自评表/甲/2"]
    assert table.blocks["指标"].rows[0].parent == "项目自评表/甲/1" and table.blocks["指标"].columns["完成程度"][0].value == Fraction(9, 10)
    assert [row.role for row in table.blocks["资金"].rows] == ["合计", "明细"]
    assert table.blocks["资金"].rows[1].parent == table.blocks["资金"].rows[0].key
    assert table.blocks["权重明细"].rows[0].parent == table.blocks["权重"].rows[0].key


def test_what_is_not_written_is_there_and_empty() -> None:
    records = built()
    assert set(records) == {spec.id for spec in LAYOUT.records} and all(table.empty for table in records.values())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"自评": []}, "自评表"),
        ({"文字": {"支出总数": 1}}, "支出总计"),
        ({"占比": [{"百分率": "1%"}]}, "百分比"),
        ({"占比": [3]}, "{栏: 值}"),
        ({"占比": "3"}, "{栏: 值}"),
    ],
)
def test_what_there_is_not(content: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseProblem, match=r"记录集|事实|栏|应写成") as caught:
        build_records(LAYOUT, content)
    assert words in caught.value.message and caught.value.path[0] == "records"

"""Records survive the way into a cache and back; nothing else can be built from one."""

from __future__ import annotations

import marshal
from fractions import Fraction

import pytest

from juesuan_rules.catalogue.model import BlockSpec, ColumnSpec, Dictionary, FactSpec, FormSpec, Layout, RowSpec, TableSpec
from juesuan_rules.catalogue.records import record_specs
from juesuan_rules.documents.model import Place
from juesuan_rules.findings import Basis, Finding, Operand
from juesuan_rules.pipeline.codec import CodecError, decode, encode

OPERAND = Operand("总表[本年支出合计].金额", "12.00", "0.0012", "万元", Place(line=3, box=(1.0, 2.0, 3.0, 4.0)))
FINDING = Finding("A01-2", "标题", "fail", "error", "cn", operands=(OPERAND,), basis=(Basis("预算法", "第七十五条"),), hints=("疑似漏填",))
LAYOUT = Layout("cn", (TableSpec("总表", ("总",), ("总表",), "01", "fixed", (BlockSpec("", (ColumnSpec("金额"),), (RowSpec("201", "一般", line=1),)),)),), parameters=(("截尾", True),))
FACTS = (FactSpec("支出总计", ("总支出",)), FactSpec("车辆", unit="辆"))
DECLARED = Layout(
    "cn", (), records=record_specs(FACTS), facts=FACTS,
    forms=(FormSpec("甲", "项目自评表", ("自评表",), (("预算数", ("预算金额",)),)),),
    dictionaries=(Dictionary("功能科目", (("201", "一般"), ("202", "外交")), (2023, None), True, "某通知", "cn"),),
)  # fmt: skip


@pytest.mark.parametrize("value", [FINDING, LAYOUT, DECLARED, (1, "a", None, True, Fraction(1, 3)), {"k": (OPERAND,)}, ()])
def test_records_come_back_equal(value: object) -> None:
    plain = marshal.loads(marshal.dumps(encode(value)))
    assert decode(plain) == value


def test_places_come_back_too() -> None:
    """Places stand outside equality, so they need a look of their own."""
    assert decode(encode(FINDING)).operands[0].place == OPERAND.place


def test_an_index_over_a_layout_is_built_again() -> None:
    LAYOUT.table("总表")
    again = decode(encode(LAYOUT))
    assert again.by_name == {}
    assert again.table("1表").id == "总表"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", [1], lambda: None])
def test_other_things_are_refused(value: object) -> None:
    with pytest.raises(CodecError):
        encode((value,))


@pytest.mark.parametrize("plain", [[9999], [-2, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], []])
def test_unknown_records_are_refused(plain: list[int]) -> None:
    with pytest.raises((CodecError, TypeError, IndexError)):
        decode(plain)

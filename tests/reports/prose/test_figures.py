"""Figures of a sentence: what is one, of which kind and value, and what is none."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.amounts import PERCENT, PLAIN, SCORE, Exact
from juesuan_rules.reports.prose.figures import COUNT, MARKS, MISSING_UNIT, MONEY, NUMBER, POINTS, SHARE, find_figures
from juesuan_rules.reports.prose.repairs import mend

WAN = 1_000_000
"""分 in 万元."""


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value", "printed"),
    [
        ("收入总计1,724.62万元，", MONEY, "万元", 172462 * 10_000, "1,724.62万元"),
        ("结余-0.5万元", MONEY, "万元", -WAN // 2, "-0.5万元"),
        ("投资10.5亿元", MONEY, "亿元", 105_000_000_000, "10.5亿元"),
        ("单价500元/人", MONEY, "元", 50_000, "500元"),
        ("投资2千万元", MONEY, "元", 20_000_000 * 100, "2千万元"),
        ("占84.95%。", SHARE, PERCENT, Fraction(8495, 10_000), "84.95%"),
        ("下降-12.3%", SHARE, PERCENT, Fraction(-123, 1000), "-12.3%"),
        ("完成百分之十二点五", SHARE, PERCENT, Fraction(1, 8), "百分之十二点五"),
        ("提高2.3个百分点", POINTS, PERCENT, Fraction(23, 1000), "2.3个百分点"),
        ("得分98.5分。", MARKS, SCORE, Fraction(197, 2), "98.5分"),
        ("保有量5辆", COUNT, "辆", 5, "5辆"),
        ("设备2台（套）", COUNT, "台套", 2, "2台（套）"),
        ("接待120人（次）", COUNT, "人次", 120, "120人（次）"),
        ("组织3个团组", COUNT, "团组", 3, "3个团组"),
        ("受理518万件", COUNT, "件", 5_180_000, "518万件"),
        ("信息5450条", COUNT, PLAIN, 5450, "5450条"),
        ("共有车辆五辆", COUNT, "辆", 5, "五辆"),
        ("更新两台应急保障用车", COUNT, "台", 2, "两台"),
        ("合计十二个", COUNT, "个", 12, "十二个"),
        ("预算数为1234.56，", NUMBER, PLAIN, Fraction(123456, 100), "1234.56"),
        ("决算均为0。", NUMBER, PLAIN, 0, "0"),
        ("知识库64万，", NUMBER, PLAIN, 640_000, "64万"),
    ],
)
def test_kinds_units_and_values(text: str, kind: str, unit: str, value: Exact, printed: str) -> None:
    (figure,) = find_figures(text)
    assert (figure.kind, figure.amount.unit, figure.amount.value) == (kind, unit, value)
    assert text[figure.start : figure.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        "2023年度部门决算，2023-2024年，2023年12月31日",
        "财预〔2016〕143号、左政办字【2023】6号、[2018]18号",
        "预算法第七十五条，第75条，第3批，第12期",
        "电话024-12345678，编号2010301，公开01表，附表3，图2",
        "2010301行政运行与30101基本工资",
        "12345热线、5G网络、web2.0、PM2.5、A4纸",
        "24小时，7×24小时，5分钟，8点30分，3个月，5个工作日，近3年",
        "部分、分别、分类、一分为二",
        "比例为1:1",
        "一次性办理，一个窗口，第一批次，每一台",
        "单价100万元（含）以上设备",
        "单位价值50万元以上通用设备、单价100万元以上专用设备",
        "价值200万元（含200万元）以上大型设备",
        "XX万元，××%",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert find_figures(text) == ()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("约30万元", True),
        ("近30万元", True),
        ("超过95%", True),
        ("不低于90%", True),
        ("30余万元", True),
        ("89万余元", True),
        ("100多个", True),
        ("30万元左右", True),
        ("85%以上", True),
        ("2.5-3.5万元", True),
        ("附近30个", False),
        ("决算30万元", False),
        ("结余余额30万元", False),
    ],
)
def test_approximate(text: str, about: bool) -> None:
    figure = find_figures(text)[0]
    assert figure.approximate is about
    assert figure.amount.approximate is about


def test_both_ends_of_a_range_have_the_unit() -> None:
    low, high = find_figures("费用2.5-3.5万元")
    assert (low.amount.value, high.amount.value) == (WAN * 5 // 2, WAN * 7 // 2)


def test_a_missing_yuan_is_noted_where_money_is_meant() -> None:
    (decimal,) = find_figures("完成16.27万，")
    (whole,) = find_figures("接待费支出16万，")
    assert (decimal.kind, decimal.amount.unit, decimal.amount.repaired) == (MONEY, "万元", MISSING_UNIT)
    assert (whole.kind, whole.amount.repaired) == (MONEY, MISSING_UNIT)


@pytest.mark.parametrize("text", ["12..5万元", "12.345.67万元", "1,23.4万元", "0.00.万元", "事项32 90项", "时限78 91.5个"])
def test_what_is_no_clear_number_is_unreadable_and_not_skipped(text: str) -> None:
    (figure,) = find_figures(text)
    assert figure.amount.state == "unreadable"
    assert figure.amount.value is None


def test_a_mended_number_keeps_how_it_was_printed() -> None:
    mended = mend("使用O.OO万元，占 0. 29 %，其他 12 个")
    zero, share, count = find_figures(mended.text, spots=mended.spots)
    assert (zero.amount.raw, zero.amount.repaired, zero.amount.state) == ("O.OO", "0.00", "zero")
    assert (share.amount.raw, share.amount.repaired) == ("0. 29", "0.29")
    assert (count.amount.raw, count.amount.repaired) == ("12", "")


def test_figures_stand_in_printed_order() -> None:
    text = "共有车辆五辆，购置1辆，费用百分之三，占2%。"
    found = find_figures(text)
    assert [text[figure.start : figure.end] for figure in found] == ["五辆", "1辆", "百分之三", "2%"]


@given(st.text(st.sampled_from("收入约近余万元亿年月个辆台（套）人次批分%百分之0123456789.,-—至一二十第单价以上。，："), max_size=50))
def test_places_are_inside_and_apart(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end <= len(text)
        end = figure.end
        assert figure.amount.state in ("number", "zero", "unreadable")
        assert figure.amount.half >= 0


@pytest.mark.parametrize("unit", ["1", "1.", "1万", "百分之", "共一二", "1-", "支出1,724.62万元，", "单价1万元（", "100万元（含100万元"])
def test_time_is_linear(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    find_figures(text)
    assert time.process_time() - began < 2

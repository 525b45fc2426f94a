"""Where a wrong figure of the prose may come from; hints never change a verdict."""

from __future__ import annotations

import pytest
from tests.engine.builders import YIBAN, ZHICHU, ZONGBIAO, cell, rule, table
from tests.engine.record_sets import each, eq, fact, field, record_set, with_records

from juesuan_rules.engine.explain import explain
from juesuan_rules.engine.plan import prepare, run

SPENT, GOT = cell(ZONGBIAO, "总计", "金额", "支出"), cell(ZONGBIAO, "总计", "金额", "收入")
TABLES = (
    table(ZONGBIAO, {"收入": {"其他收入": ["71.35"], "总计": ["812.44"]}, "支出": {"总计": ["593.72"], "年末": ["218.72"]}}),
    table(ZHICHU, {"": {"合计": ["580.61", "400.36", "180.25", ""], "201": ["123.45", "120.00", "3.45", ""]}}),
    table(YIBAN, {"": {"合计": ["580.61", "400.36", "180.25"]}}),
)


def hints(written, *forms, prior=None, name="文字"):
    report = with_records(record_set(name, written), tables=TABLES)
    found = explain(run(prepare([rule(f"R{n}", form) for n, form in enumerate(forms)]), report, prior))[0]
    assert {f.outcome for f in found} <= {"fail", "pass"}
    return [f.hints for f in found]


C_SPENT, C_GOT = eq(fact("支出总计"), SPENT), eq(fact("收入总计"), GOT)


def test_the_figure_of_last_year() -> None:
    assert hints({"支出总计": {"值": "551.10", "增减额": "42.62"}}, C_SPENT) == [("疑似误用上年数：与按增减额推算的上年数相同（文字[支出总计].增减额 42.62）",)]
    assert hints({"支出总计": {"值": "551.10", "上年数": "551.10"}}, C_SPENT) == [("疑似误用上年数：与 文字[支出总计].上年数 相同",)]
    before = with_records(tables=[table(ZONGBIAO, {"收入": {}, "支出": {"总计": ["551.10"]}})])
    assert hints({"支出总计": {"值": "551.10"}}, C_SPENT, prior=before) == [("疑似误用上年数：与 上年.总表.支出[总计].金额 相同",)]


def test_the_figure_of_another_cell() -> None:
    assert hints({"支出总计": {"值": "123.45"}}, C_SPENT) == [("疑似抄自 支出表[201].本年支出合计",)]
    assert hints({"支出总计": {"值": "812.44"}}, C_SPENT) == [("疑似抄自 总表.收入[总计].金额",)]
    # In two tables at once, neither near: nothing sensible to name. Few digits meet by chance.
    assert hints({"支出总计": {"值": "400.36"}}, C_SPENT) == [()]
    assert hints({"支出总计": {"值": "120.00"}}, C_SPENT) == [()]


def test_two_figures_that_changed_places() -> None:
    swapped = {"支出总计": {"值": "812.44"}, "收入总计": {"值": "593.72"}}
    assert hints(swapped, C_SPENT, C_GOT) == [("疑似两数互换：文字.收入总计 印作 593.72",), ("疑似两数互换：文字.支出总计 印作 812.44",)]


def test_a_difference_that_is_a_figure_of_its_own() -> None:
    assert hints({"收入总计": {"值": "883.79"}}, C_GOT) == [("疑似口径不同：差额正好等于 总表[其他收入].金额",)]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("73.08", "疑似口径不同：以 总表.收入[总计].金额 为总体计算则相符"), ("55.55", None)],
)
def test_a_share_of_another_total(printed, expected) -> None:
    share = each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))
    found = hints({"1": {"部分": "593.72", "总体": "580.61", "百分比": printed}}, share, name="占比")
    assert found == [(expected,) if expected else ()]


def test_the_percentage_of_the_next_sentence() -> None:
    share = each("占比", eq(field("百分比"), ("div", field("部分"), field("总体"))))
    said = {"1": {"部分": "30.00", "总体": "90.00", "百分比": "33.33", "label": "甲"}, "2": {"部分": "47.00", "总体": "90.00", "百分比": "33.33", "label": "乙"}}
    found = hints(said, share, name="占比")
    assert found == [(), ("疑似抄自 占比「甲」.百分比",)]

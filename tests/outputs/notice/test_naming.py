"""Names of figures in words."""

from __future__ import annotations

import pytest

from juesuan_rules.catalogue.model import BlockSpec, Layout, TableSpec
from juesuan_rules.documents.model import GridBlock, Source
from juesuan_rules.outputs.notice.naming import PlainNames
from juesuan_rules.reports.model import BlockData, Identity, Report, Row, Table

BLOCK = BlockSpec("", ())
TOTALS = TableSpec("收入支出决算总表", ("总表",), (), "01", "fixed", (BLOCK,))
SPENDING = TableSpec("支出决算表", ("支出表",), (), "03", "codes", (BLOCK,))
CODES = TableSpec("文字科目", (), (), "", "records", (BLOCK,))


@pytest.fixture
def names() -> PlainNames:
    data = BlockData(BLOCK, (Row("2010301", "行政运行", code="2010301"),), {})
    table = Table(SPENDING, "支出决算表", "万元", {"": data}, GridBlock(()))
    return PlainNames(Report(Source("a", "", "text"), Identity(), Layout("cn", (TOTALS, SPENDING), records=(CODES,)), {"支出决算表": table}))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("总表[本年支出合计].金额", "《收入支出决算总表》“本年支出合计”行“金额”栏"),
        ("总表.支出[总计].金额", "《收入支出决算总表》支出方“总计”行“金额”栏"),
        ("上年.总表[总计].金额", "上年度《收入支出决算总表》“总计”行“金额”栏"),
        ("支出表[2010301].基本支出", "《支出决算表》“2010301 行政运行”行“基本支出”栏"),
        ("文字.公用经费", "文中“公用经费”"),
        ("文字科目[2010301].值", "文中“2010301 行政运行”"),
        ("占比「基本支出」.百分比", "文中“基本支出”的百分比"),
        ("增减「财政拨款支出」.带符号增减额", "文中“财政拨款支出”的增减额"),
        ("自评表「某项目」.指标「培训人次」.得分", "自评表“某项目”指标“培训人次”的得分"),
        ("没有的表[合计].金额", "没有的表[合计].金额"),
        ("序号", "序号"),
    ],
)
def test_names_in_words(names: PlainNames, name: str, said: str) -> None:
    assert names.say(name) == said


def test_names_inside_a_sentence(names: PlainNames) -> None:
    assert names.sentence("疑似抄自 支出表[2010301].基本支出") == "疑似抄自 《支出决算表》“2010301 行政运行”行“基本支出”栏"
    assert names.sentence("总表[总计].金额 的 1.00 或为 2.00") == "《收入支出决算总表》“总计”行“金额”栏的 1.00 或为 2.00"
    assert names.sentence("疑似单位错：文字.公用经费 与推算值相差 10,000 倍") == "疑似单位错：文中“公用经费”与推算值相差 10,000 倍"
    assert names.sentence("《总表》第[1]栏，文中 [甲].乙") == "《总表》第[1]栏，文中 [甲].乙"


@pytest.mark.parametrize("text", ["长" * 50_000, "长." * 20_000, "长[" * 20_000, "a[b]." * 10_000])
def test_long_texts_are_quick(names: PlainNames, text: str) -> None:
    names.sentence(text)

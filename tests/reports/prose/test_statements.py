"""Record sets of the generic statements: a small text, and the rows it must give."""

from __future__ import annotations

import pytest
from prose_texts import read_paragraphs

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.reports.model import Sentence, Table
from juesuan_rules.reports.prose.mentions import find_mentions
from juesuan_rules.reports.prose.statements import base_period, short_name, statement_tables


def _tables(sentences: tuple[Sentence, ...]) -> dict[str, Table]:
    return statement_tables(sentences, find_mentions(sentences), Layout("测试", ()))


def _rows(text: str, name: str, *columns: str) -> list[str]:
    """Rows as “key a b c”, · for a blank."""
    block = _tables(read_paragraphs(text))[name].blocks[""]
    return [" ".join([row.key, *[block.columns[column][at].raw or "·" for column in columns]]) for at, row in enumerate(block.rows)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("收入总计100万元，其中：财政拨款收入90万元，占收入总计的90%。", ["财政拨款收入 90 100 90"]),
        ("本年收入合计100万元，其中：财政拨款收入90万元，占本年收入90%。", ["财政拨款收入 90 100 90"]),
        ("收、支总计均为100万元。财政拨款收入90万元，占收入总计的90%。", ["财政拨款收入 90 100 90"]),
        ("本年支出合计100万元，其中：基本支出60万元，占60%；项目支出40万元，占40%。", ["各占比之和：本年支出合计 · · ·", "基本支出 60 100 60", "项目支出 40 100 40"]),
        ("本年收入合计100万元，其中：财政拨款收入90万元，占总收入的90%；其他收入10万元，占总收入的10%。", ["各占比之和：本年收入合计 · · ·", "财政拨款收入 90 100 90", "其他收入 10 100 10"]),
        ("本年收入合计100万元，其中：财政拨款收入90万元，占90%；其他收入5万元，占5%。", ["财政拨款收入 90 100 90", "其他收入 5 100 5"]),
        (
            "政府采购支出总额100万元。授予中小企业合同金额80万元，占政府采购支出总额的80%，其中：授予小微企业合同金额40万元，占中小企业采购支出总额的50%。",
            ["授予中小企业合同金额 80 100 80", "授予小微企业合同金额 40 80 50"],
        ),
        (
            "政府采购支出总额100万元，其中：政府采购货物支出60万元、政府采购服务支出40万元。货物采购授予中小企业合同金额占货物支出金额的84.75%。",
            ["货物采购授予中小企业合同金额 · 60 84.75"],
        ),
        ("“三公”经费财政拨款支出10万元。公务接待费2万元，占“三公”经费支出的20%。", ["公务接待费 2 10 20"]),
        ("政府性基金预算财政拨款支出50万元。教育支出10万元，占一般公共预算财政拨款支出的20%。", ["教育支出 10 · 20"]),
        ("收入总计100万元。基本支出60万元，占支出总计的60%。", ["基本支出 60 · 60"]),
        ("项目支出50万元，占本年支出合计370.44万元的13.5%。", ["项目支出 50 370.44 13.5"]),
        ("会议费占公用经费的20%。", ["会议费 · · 20"]),
    ],
)
def test_shares(text: str, rows: list[str]) -> None:
    assert _rows(text, "占比", "部分", "总体", "百分比") == rows


def test_a_whole_of_an_earlier_section_counts_where_all_places_agree() -> None:
    text = "#三、支出决算\n本年支出合计200万元。\n#五、一般公共预算\n一般公共预算财政拨款支出100万元，占本年支出合计的50%。"
    assert _rows(text, "占比", "部分", "总体") == ["一般公共预算财政拨款支出 100 200"]
    assert _rows("#四、其他\n本年支出合计300万元。\n" + text, "占比", "部分", "总体") == ["一般公共预算财政拨款支出 100 ·"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("收入总计100万元，比上年增加10万元，增长11.11%，主要原因是项目增加。", ["收入总计 100 10 11.11 · 增加 上年 项目增加。"]),
        ("收入总计100万元，同比下降20%，减少25万元。", ["收入总计 100 25 20 · 减少 上年 ·"]),
        ("收入总计100万元，与上年决算125万元相比，减少25万元，下降20%。", ["收入总计 100 25 20 125 减少 上年 ·"]),
        ("机关运行经费支出50万元，比年初预算减少5万元，降低9.09%。", ["机关运行经费支出 50 5 9.09 · 减少 年初预算 ·"]),
        ("公务接待费支出2万元，与上年持平。", ["公务接待费支出 2 · · · 持平 上年 ·"]),
        ("比上年增加10万元，增长11.11%。", []),
        ("教育支出10万元，比上年增加1万元，比年初预算增加2万元。", ["教育支出 10 1 · · 增加 上年 ·", "教育支出#2 10 2 · · 增加 年初预算 ·"]),
        ("财政拨款收入比上年增加1万元。", ["财政拨款收入 · 1 · · 增加 上年 ·"]),
        ("团组5个，比上年增加1个。", []),
    ],
)
def test_changes(text: str, rows: list[str]) -> None:
    assert _rows(text, "增减", "本年", "增减额", "增减率", "基数", "方向", "基期", "原因") == rows


@pytest.mark.parametrize(
    ("words", "amount", "rate"),
    [
        ("比上年减少5万元，下降5%", -5, -5),
        ("比上年增加5万元，增长5%", 5, 5),
        ("比上年增长-5%", None, -5),
        ("比上年减少-5万元，下降-5%", -5, -5),
        ("比上年增加（减少）5万元，增长（下降）5%", None, None),
    ],
)
def test_signs(words: str, amount: int | None, rate: int | None) -> None:
    block = _tables(read_paragraphs(f"项目支出95万元，{words}。"))["增减"].blocks[""]
    (change,), (percent,) = block.columns["带符号增减额"], block.columns["带符号增减率"]
    assert change.value == (None if amount is None else amount * 1_000_000)
    assert (None if percent.value is None else percent.value * 100) == rate


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("教育支出年初预算为10万元，支出决算为12万元，完成年初预算的120%，决算数大于年初预算数的主要原因是追加。", ["教育支出 12 10 120 大于 年初预算 追加。"]),
        ("教育支出年初预算为10万元，支出决算为10万元。决算数与预算数基本持平。", ["教育支出 10 10 · 持平 预算 ·"]),
        ("教育支出12万元，为年初预算的120%。", ["教育支出 12 · 120 · 年初预算 ·"]),
        ("“三公”经费支出决算为10万元，完成预算12万元的83.33%。", ["“三公”经费支出 10 12 83.33 · 预算 ·"]),
        ("教育（类）普通教育（款）小学教育（项）：支出决算为10万元，完成预算100%，决算数等于预算数。", ["小学教育 10 · 100 持平 预算 ·"]),
        ("“市场监管”项目自评综述：全年预算数为50万元，执行数为48万元，完成预算的96%。", ["市场监管 48 50 96 · 预算 ·"]),
        ("完成全年任务的50%。", []),
    ],
)
def test_completions(text: str, rows: list[str]) -> None:
    assert _rows(text, "完成率", "决算", "预算", "百分比", "方向", "口径", "原因") == rows


def _tree(text: str) -> list[str]:
    block = _tables(read_paragraphs(text))["其中"].blocks[""]
    return [f"{'' if row.parent is None else row.parent + ' > '}{row.key} {block.columns['金额'][at].raw}" for at, row in enumerate(block.rows)]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("公用经费20万元，其中：办公费5万元，印刷费15万元。", ["公用经费 20", "公用经费 > 办公费 5", "公用经费 > 印刷费 15"]),
        ("公用经费20万元，其中：办公费5万元，印刷费10万元等。", []),
        ("公用经费20万元，其中办公费5万元。", []),
        ("公用经费20万元，主要包括：办公费5万元、印刷费10万元。", []),
        ("公用经费20万元，其中主要有办公费5万元、印刷费5万元。", []),
        ("车辆3辆，其中：应急保障用车1辆、其他用车2辆；设备5台。", ["数量：车辆 3", "数量：车辆 > 数量：应急保障用车 1", "数量：车辆 > 数量：其他用车 2"]),
        (
            "教育支出年初预算为30万元，支出决算为33万元，其中：小学教育年初预算为10万元，支出决算为11万元；初中教育年初预算为20万元，支出决算为22万元。",
            [
                "教育支出 33", "教育支出 > 小学教育 11", "教育支出 > 初中教育 22",
                "预算：教育支出 30", "预算：教育支出 > 预算：小学教育 10", "预算：教育支出 > 预算：初中教育 20",
            ],
        ),
        ("公用经费20万元，其中：办公费5万元，接待3批次。", []),
        ("政府采购支出总额100万元，其中：货物60万元、服务40万元，授予中小企业合同金额80万元。", ["政府采购支出总额 100", "政府采购支出总额 > 货物 60", "政府采购支出总额 > 服务 40"]),
        ("收入合计30万元。其中：财政拨款收入20万元，占66.7%。事业收入6万元，占20%。主要原因是收费增加。其他收入4万元，占13.3%。", ["收入合计 30", "收入合计 > 财政拨款收入 20", "收入合计 > 事业收入 6", "收入合计 > 其他收入 4"]),
        ("基本支出30万元，其中：人员经费20万元，主要包括基本工资、奖金等。公用经费10万元，主要包括办公费等。", ["基本支出 30", "基本支出 > 人员经费 20", "基本支出 > 公用经费 10"]),
        ("基本支出30万元，其中：人员经费20万元。机关运行经费10万元。", []),
        ("财政拨款收入100万元。工作扎实推进，各项任务顺利完成，成效明显。其中：项目一50万元，项目二10万元。", []),
    ],
)  # fmt: skip
def test_parts(text: str, tree: list[str]) -> None:
    assert _tree(text) == tree


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("本部门2023年度无政府性基金预算财政拨款支出。", ["政府性基金预算财政拨款支出"]),
        ("本单位2023年度没有使用政府性基金预算财政拨款安排的支出。", ["政府性基金预算财政拨款支出"]),
        ("2023年度未发生国有资本经营预算财政拨款支出。", ["国有资本经营预算财政拨款支出"]),
        ("我局2023年度无“三公”经费支出。", ["“三公”经费支出"]),
        ("注：本单位无政府性基金预算收入支出，故本表无数据。", ["政府性基金预算收入支出"]),
        ("本年度无政府性基金预算财政拨款收入，也没有国有资本经营预算财政拨款支出。", ["政府性基金预算财政拨款收入", "国有资本经营预算财政拨款支出"]),
        ("决算数持平预算数的主要原因是无相关预算及支出。", []),
        ("公务接待费与上年持平，主要原因是无公务接待费支出。", []),
        ("此项支出除年初结转结余资金外均为追加资金，无对应年初预算数。", []),
        ("无此项支出。", []),
        ("较上年无变化。", []),
        ("全年无违规支出。", []),
        ("教育支出无偿援助100万元。", []),
    ],
)
def test_denials(text: str, subjects: list[str]) -> None:
    block = _tables(read_paragraphs(text))["声明无"].blocks[""]
    assert [amount.raw for amount in block.columns["主体"]] == subjects


def test_every_record_set_is_there_and_empty_without_prose() -> None:
    tables = _tables(())
    assert set(tables) == {"占比", "增减", "完成率", "其中", "声明无"}
    assert all(table.empty and not table.blocks[""].rows for table in tables.values())


def test_figures_keep_their_place_and_texts_are_texts() -> None:
    block = _tables(read_paragraphs("收入总计100万元，比上年减少10万元。"))["增减"].blocks[""]
    (change,), (signed,), (direction,) = block.columns["增减额"], block.columns["带符号增减额"], block.columns["方向"]
    assert (signed.raw, signed.place, signed.value) == (change.raw, change.place, -10_000_000)
    assert (direction.raw, direction.state, direction.unit) == ("减少", "text", "文字")


@pytest.mark.parametrize(
    ("base", "period"),
    [
        ("上年决算", "上年"),
        ("2022年度", "上年"),
        ("年初预算数", "年初预算"),
        ("上年预算", "上年预算"),
        ("全年预算", "全年预算"),
        ("调整预算数", "调整预算"),
        ("预算数", "预算"),
        ("", ""),
    ],
)
def test_base_periods(base: str, period: str) -> None:
    assert base_period(base) == period


def test_short_names() -> None:
    assert short_name("一般公共服务支出（类）人大事务（款）行政运行（项）") == "行政运行"
    assert short_name("教育支出（类）") == "教育支出（类）"

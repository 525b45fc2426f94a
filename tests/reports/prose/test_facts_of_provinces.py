"""Prose as departments of several provinces write it, read from text to facts with the packs' own declarations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.catalogue.declared import read_declared
from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Table
from juesuan_rules.reports.outline import read_outline
from juesuan_rules.reports.prose.facts import fact_tables
from juesuan_rules.reports.prose.mentions import find_mentions
from juesuan_rules.reports.prose.sentences import read_sentences

RULES = Path(__file__).parents[3] / "rules"
HEAD = "某市统计局\n2023年度部门决算\n\n第三部分 2023年度部门决算情况说明\n\n"

JIANGSU = """一、收入支出决算总体情况说明
2023年度收入、支出决算总计1,234.56万元。与上年相比，收、支总计各增加100.00万元，增长8.81%。其中：
（一）收入决算总计1,234.56万元。包括：
1.本年收入决算合计1,200.00万元。与上年相比，增加90.00万元，增长8.11%，变动原因：工资调标。
2.使用非财政拨款结余和专用结余0万元。与上年决算数相同。
3.年初结转和结余34.56万元。与上年相比，增加10.00万元，增长40.72%，变动原因：项目结转。
（二）支出决算总计1,234.56万元。包括：
1.本年支出决算合计1,180.00万元。与上年相比，增加80.00万元，增长7.27%，变动原因：项目增加。
2.结余分配0万元。
3.年末结转和结余54.56万元。结转和结余事项：项目尾款。
二、财政拨款“三公”经费支出决算情况说明
2023年度财政拨款“三公”经费支出决算10.00万元。其中，因公出国（境）费支出0万元，占“三公”经费的0%；公务用车购置及运行维护费支出8.00万元，占“三公”经费的80%；公务接待费支出2.00万元，占“三公”经费的20%。
3.公务接待费支出预算3.00万元，支出决算2.00万元，完成调整后预算的66.67%，决算数与预算数的差异原因：压减。其中：国内公务接待支出2.00万元，接待20批次，150人次，开支内容：上级调研；国（境）外公务接待支出0万元，接待0批次，0人次。
"""
GUANGDONG = """一、2023年度收入支出决算总体情况说明
本部门2023年度总收入5,632.11万元，其中本年收入5,600.00万元，年初结转和结余32.11万元；总支出5,632.11万元，其中本年支出5,590.00万元，年末结转和结余42.11万元。
二、2023年度财政拨款“三公”经费支出决算情况说明
本部门2023年度“三公”经费财政拨款支出决算为28.50万元，完成全年预算35.00万元的81.43%，比上年增加2.10万元，增长7.95%。其中：因公出国（境）费支出决算为5.00万元，完成全年预算6.00万元的83.33%，占“三公”经费的17.54%。
1.因公出国（境）费5.00万元。使用财政拨款安排的出国（境）团组共1个、累计2人次。
2.公务用车购置及运行维护费20.00万元。其中：公务用车购置支出0.00万元，公务用车购置数0辆；公务用车运行维护费支出20.00万元，公务用车保有量8辆，平均每辆2.50万元。
3.公务接待费3.50万元。国内接待费3.50万元，国内公务接待批次30批、人次260人次；外宾接待费0.00万元，接待批次0批、人次0人次。
"""
SICHUAN = """一、“三公”经费财政拨款支出决算情况说明
1.因公出国（境）经费支出0万元，完成预算0%。全年安排因公出国（境）团组0次，出国（境）0人。
2.公务用车购置及运行维护费支出8.00万元，完成预算88.89%。
其中：公务用车购置支出0万元。全年按规定更新购置公务用车0辆，其中：轿车0辆、金额0万元，越野车0辆、金额0万元。截至2023年12月31日，单位共有公务用车3辆，其中：轿车2辆、越野车1辆。
二、其他重要事项的情况说明
（一）国有资产占有使用情况
截至2023年12月31日，某市统计局共有车辆4辆，其中：主要领导干部用车1辆、其他用车3辆。单价100万元以上设备（不含车辆）2台（套）。
（二）预算绩效管理情况
根据预算绩效管理要求，本部门在2023年度预算编制阶段，组织对3个项目开展了预算事前绩效评估，对5个项目编制了绩效目标，预算执行过程中，选取2个项目开展绩效监控，组织对6个项目开展绩效自评。
"""
HUNAN = """一、一般公共预算财政拨款支出决算情况说明
2023年度财政拨款支出2255万元，占本年支出合计的97.62%，与上年相比，财政拨款支出减少200万元，减少8.15%。
二、一般公共预算财政拨款基本支出决算情况说明
2023年度财政拨款基本支出1445万元，其中：人员经费1300万元，占基本支出的89.97%,主要包括基本工资、津贴补贴、奖金；公用经费145万元，占基本支出的10.03%，主要包括办公费、印刷费。
三、财政拨款三公经费支出决算情况说明
2、公务接待费支出决算为4万元，全年共接待来访团组40个、来宾320人次，主要是上级检查发生的接待支出。
四、政府性基金预算收入支出决算情况
2023年度政府性基金预算财政拨款收入7万元；年初结转和结余1万元；支出6万元，其中基本支出0万元，项目支出6万元；年末结转和结余2万元。
"""
LIAONING = """一、收入支出决算总体情况说明
(二) 支出总计8208.16万元，包括：
1. 基本支出2827.17万元，占支出总计的34.44%。主要是为保障机构正常运转而发生的各项支出，其中：工资福利支出1920.22万元；商品和服务支出352.44万元。
与上年相比，今年支出增加1895.61万元，增长30.03%，主要原因：本年增加信息化建设项目支出。
二、财政拨款支出决算情况说明
（一）总体情况。
2023年度财政拨款支出8200.16万元，其中：基本支出2820.17万元，项目支出5379.99万元。
"""


@cache
def layout_of(*chain: str) -> Layout:
    folders = [(pack, RULES / pack) for pack in chain]
    layout, _, _ = load_layout([(pack, folder / "layouts") for pack, folder in folders], 2023, "")
    declared = read_declared(folders, 2023)
    return replace(layout, facts=declared.facts, dictionaries=declared.dictionaries, by_name={})


def facts_of(text: str, *chain: str) -> Table:
    document = read_text((HEAD + text).encode(), "report.txt")
    sentences = read_sentences(document, read_outline(document), identify(document, None))
    return fact_tables(sentences, find_mentions(sentences), layout_of(*chain), {})[0]["文字"]


def stated(table: Table) -> dict[str, str]:
    """What is not blank, as `fact.column` and the figure printed (without unit)."""
    block = table.blocks[""]
    return {f"{row.key}.{name}": amounts[n].raw for name, amounts in block.columns.items() for n, row in enumerate(block.rows) if amounts[n].state != "blank"}


@pytest.mark.parametrize(
    ("text", "chain", "expected"),
    [
        (
            JIANGSU,
            ("cn",),
            {
                "收支总计.值": "1,234.56", "收支总计.增减额": "100.00", "收支总计.增减率": "8.81", "收入总计.值": "1,234.56", "支出总计.值": "1,234.56", "本年收入合计.值": "1,200.00",
                "本年收入合计.增减额": "90.00", "本年支出合计.值": "1,180.00", "年初结转和结余.值": "34.56", "年末结转和结余.值": "54.56", "结余分配.值": "0", "三公经费.值": "10.00",
                "因公出国费.占比": "0", "公务用车购置及运行费.占比": "80", "公务接待费.值": "2.00", "公务接待费.预算数": "3.00", "公务接待费.完成率": "66.67",
                "国内接待批次.值": "20", "国内接待人次.值": "150", "外事接待批次.值": "0", "外事接待人次.值": "0",
            },
        ),
        (
            GUANGDONG,
            ("cn",),
            {
                "收入总计.值": "5,632.11", "本年收入合计.值": "5,600.00", "年初结转和结余.值": "32.11", "支出总计.值": "5,632.11", "本年支出合计.值": "5,590.00", "年末结转和结余.值": "42.11",
                "三公经费.值": "28.50", "三公经费.预算数": "35.00", "三公经费.完成率": "81.43", "三公经费.增减额": "2.10", "因公出国费.预算数": "6.00", "因公出国费.占比": "17.54",
                "出国团组数.值": "1", "出国人次.值": "2", "公务用车运行维护费.值": "20.00", "公车保有量.值": "8", "公车购置数.值": "0",
                "国内接待费.值": "3.50", "国内接待批次.值": "30", "国内接待人次.值": "260", "外事接待批次.值": "0", "外事接待人次.值": "0",
            },
        ),
        (
            SICHUAN,
            ("cn",),
            {
                "因公出国费.值": "0", "出国团组数.值": "0", "出国人次.值": "0", "公务用车购置及运行费.值": "8.00", "公务用车购置费.值": "0", "公车购置数.值": "0", "公车保有量.值": "3",
                "车辆总数.值": "4", "主要领导用车.值": "1", "其他用车.值": "3", "单价100万元以上设备.值": "2", "自评项目个数.值": "6",
            },
        ),
        (
            HUNAN,
            ("cn",),
            {
                "一般公共预算财政拨款支出.值": "2255", "一般公共预算财政拨款支出.增减额": "200", "一般公共预算基本支出.值": "1445", "人员经费.值": "1300", "公用经费.占比": "10.03",
                "接待批次.值": "40", "接待人次.值": "320", "政府性基金预算财政拨款收入.值": "7", "政府性基金年初结转和结余.值": "1", "政府性基金支出.值": "6", "政府性基金项目支出.值": "6",
                "政府性基金年末结转和结余.值": "2",
            },
        ),
        (
            LIAONING,
            ("cn", "cn-21-liaoning"),
            {
                "本年支出合计.值": "8208.16", "本年支出合计.增减额": "1895.61", "基本支出.值": "2827.17", "工资福利支出.值": "1920.22", "财政拨款支出.值": "8200.16",
                "财政拨款基本支出.值": "2820.17", "财政拨款项目支出.值": "5379.99",
            },
        ),
    ],
    ids=["江苏", "广东", "四川", "湖南", "辽宁"],
)  # fmt: skip
def test_facts_are_read_as_the_province_words_them(text: str, chain: tuple[str, ...], expected: dict[str, str]) -> None:
    table = facts_of(text, *chain)
    found = stated(table)
    assert {key: found.get(key) for key in expected} == expected
    assert table.problems == ()


def test_phrase_that_means_another_fact_in_a_region_is_moved() -> None:
    assert "支出总计.值" not in stated(facts_of(LIAONING, "cn", "cn-21-liaoning"))
    assert stated(facts_of(LIAONING, "cn"))["支出总计.值"] == "8208.16"


@pytest.mark.parametrize("chain", [("cn",), ("cn", "cn-21-liaoning"), ("cn", "cn-42-hubei"), ("cn", "cn-15-neimenggu"), ("cn", "cn-31-shanghai")])
def test_declarations_of_facts_are_sound(chain: tuple[str, ...]) -> None:
    declared = read_declared([(pack, RULES / pack) for pack in chain], 2023)
    assert [problem for file in declared.files for problem in file.problems] == []
    assert len(declared.facts) > 100

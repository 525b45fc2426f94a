"""Harmless irregularities of real reports: nothing may be said of any of them."""

from __future__ import annotations

import pytest

from juesuan_rules.engine.text_checks.registry import TEXT_CHECKS

HEAD = "第二部分 2023年度部门决算情况说明\n"
HARMLESS = {
    "标点成对": [
        "主要原因：1）人员增加；2）物价上涨；（3）业务增加。",
        "公务用车购置及运行费（含购置费\n和运行维护费）支出1.00万元，主要用于下乡。",
        "推进\"放管服\"改革，落实“一网通办”，印发《关于〈条例〉的通知》。",
        "a）收入增加，b）支出减少。",
    ],
    "重复标点": ["主要包括办公费、印刷费……等支出。", "工作已经完成。”他说。", "收入1,234.56万元，支出1,000.00万元。", "时间为8：30，地点在大厅。"],
    "重复用词": [
        "天天有人值守，人人参与，方方面面得到改善，一项一项落实，一件一件办好。",
        "市政务服务中心中心城区分中心已建成，研究研究再办。",
        "主要包括：基本工资、津贴补贴、奖金；另外包括：办公费、印刷费。",
    ],
    "占位符": [
        "全天候提供7×24小时服务，某些项目未实施，XII期工程完工。",
        "金额单位：万元。收入预算数以万元为单位。",
        "本单位占地3×4米，使用ABX1型设备。",
    ],
    "模板残留": [
        "决算数与上年相比有所增加，减少了差旅费。",
        "人员经费（含离退休人员经费）增加3.00万元。",
        "本表“增加（减少以“-”号填列）”一栏不适用。",
    ],
    "缺金额单位": [
        "知识库总量64万条，服务群众120万人次，建筑面积3.2万平方米。",
        "项目支出424.67万元，发放资金1.2亿元，占比58.90%。",
        "自评得分99.57分，执行率98.22，完成率100.00。",
    ],
    "个人隐私": [
        "联系电话：024-86890123、12345、400-810-8888。",
        "收入13812345678.90元，支出15000000000元。",
        "项目编号：13812345678，统一社会信用代码11210000MB0123456X。",
        "合同金额为18012345678元。",
    ],
    "年度写法": ["2023年度年末结转和结余为0，2023年年初预算为10.00万元，2023年年底完成。"],
    "文中年度": [
        "2023年度收入总计100.00万元，2022年度收入总计90.00万元。",
        "与2022年度相比，收入总计增加10.00万元。",
        "支付2021年政府采购项目尾款20.00万元。",
        "根据《预算管理办法》（财预〔2016〕143号）和2024年工作计划安排。",
        "截至2022年12月31日的结转资金已全部使用。",
    ],
    "级次用语": ["副省级以上领导干部用车0辆，省级专项资金10.00万元，市直部门工作会议已召开。"],
    "内部编码": ["12345热线受理518万件，国标编码GB50016-2014，合同号2023-0001，面积1000000平方米。"],
    "标记残留": ["APP、OA系统和“互联网+”平台运行稳定，EMS、ETC等费用增加，A&B项目完成，误差<5%。"],
    "句子完整": ["人员经费60.00万元，主要包括：", "（一）机关运行经费支出情况\n机关运行经费支出10.00万元。", "基本支出占的比重为60%"],
    "转换痕迹": ["2023年OA系统、VOC监测设备运行经费0.00万元。"],
    "百分比写法": ["占0%；占100%；占12.5%；占3.25%。"],
    "同文异写": ["主要包括：国内债务付息、国外债务付息、行政单位医疗、事业单位医疗、办公设备购置。"],
    "附件齐全": ["自评情况见表3，详见第三部分。"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in HARMLESS.items() for text in texts])
def test_nothing_is_said_of_what_is_harmless(say, name: str, text: str) -> None:
    found = say(name, HEAD + text)
    assert [(v.outcome, v.sentence) for v in found if v.outcome not in ("pass", "not_applicable")] == []


@pytest.mark.parametrize("name", sorted(TEXT_CHECKS))
def test_every_check_has_a_verdict_for_an_empty_report(say, name: str) -> None:
    arguments = {"前后一致": ("文字",), "公开细度": ("支出决算表",)}.get(name, ())
    found = say(name, "", *arguments)
    assert found
    assert {v.outcome for v in found} <= {"undecided", "not_applicable"}, "没有文字、没有表，不能算通过"


@pytest.mark.parametrize("name", sorted(TEXT_CHECKS))
def test_a_long_text_of_brackets_and_digits_is_read_in_time(say, name: str) -> None:
    import time

    text = HEAD + "\n".join(["（" * 300 + "1" * 300 + "增加/减少" * 60 + "“" * 100, "包括：" + "办公费、" * 300, "支出 " * 200] * 10)
    arguments = {"前后一致": ("文字",), "公开细度": ("支出决算表",)}.get(name, ())
    from tests.engine.text_checks.conftest import written

    report = written(text)
    begun = time.process_time()
    say(name, "", *arguments, report=report)
    assert time.process_time() - begun < 1.0

"""What each check must find, and what it says of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.engine.text_checks.conftest import written

from juesuan_rules.documents.model import GridBlock, GridCell, Place

HEAD = "第二部分 2023年度部门决算情况说明\n"
WRONG = {
    "标点成对": [("公务接待费（含外宾接待支出1.00万元，减少0.20万元。", "圆括号只有前一半"), ("推进综合监管改革”工作。", "引号只有后一半"), ("印发《管理办法的通知。", "书名号")],
    "重复标点": [("收入总计100.00万元。。", "。。"), ("办公费、，印刷费等。", "、，")],
    "重复用词": [("减少的的原因是压减开支。", "的的"), ("主要原因原因是人员增加。", "原因原因"), ("主要包括：办公费、印刷费、邮电费、印刷费等。", "“印刷费”出现两次")],
    "占位符": [("某市XX局收入100.00万元。", "XX局"), ("主要用于××工作。", "××"), ("支出____万元。", "____"), ("公务接待费支出万元。", "支出万元"), ("占支出总计的%。", "的%")],
    "模板残留": [("与上年相比增加（减少）5.71万元。", "增加（减少）"), ("比上年增长/下降3.00%。", "增长/下降"), ("机关运行经费10.00万元。（如持平作持平表述）", "如持平")],
    "缺金额单位": [("项目支出424.67万。", "少了“元”"), ("机关运行经费支出361.04，比上年减少。", "没有单位")],
    "年度写法": [("2023年年度收入100.00万元。", "年年度")],
    "文中年度": [
        ("2022年机关运行经费支出361.04万元，比上年减少2.36万元。", "2022年机关运行经费"),
        ("截至2022年12月31日，本部门共有车辆5辆。", "2022年12月31日"),
        ("本部门在2022年度市直部门决算中反映3个项目。", "2022年度"),
    ],
    "内部编码": [("103001某局-211300000项目自评得分98分。", "211300000"), ("21130023P00012345678专项业务经费自评得分98分。", "P0001")],
    "标记残留": [("收入<u>100.00</u>万元。", "<u>"), ("基本支出**60.00**万元。", "**"), ("收入100.00&nbsp;万元。", "&nbsp;"), ("总体规划and政策措施。", "and")],
    "句子完整": [("收入总计100.00万元，主要原因是人员增加以及", "没有说完")],
    "转换痕迹": [("事业收入O.OO万元。", "字母 O")],
    "金额单位一致": [],
    "文中金额单位": [("公务接待费支出13.61万元。\n国内公务接待费13.61元。", "13.61元")],
}


@pytest.mark.parametrize(("name", "text", "said"), [(name, text, said) for name, cases in WRONG.items() for text, said in cases])
def test_it_is_found_and_quoted(say, name: str, text: str, said: str) -> None:
    (found,) = [v for v in say(name, HEAD + text) if v.outcome == "fail"]
    assert said in found.sentence
    assert found.operands and found.operands[0].place.line and found.operands[0].place.line >= 2


def test_an_attachment_that_is_not_there(say) -> None:
    text = HEAD + "本部门项目绩效自评表见附件。"
    assert say("附件齐全", text, tables={"总表": {"收入.总计": "100.00"}})[0].outcome == "fail"
    assert say("附件齐全", text)[0].outcome == "undecided", "表也都不在：附件另行公开，表齐全已经说了"
    assert say("附件齐全", text + "\n第四部分 附件\n附件1：自评表", tables={"总表": "空"})[0].outcome == "pass"


def test_many_of_a_kind_are_one_finding_that_counts_them(say) -> None:
    (found,) = say("占位符", HEAD + "\n".join(f"第{n}项支出XX万元。" for n in range(12)))
    assert "共 12 处" in found.sentence
    assert found.sentence.count("；") == 3
    assert len(found.operands) == 12


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话：13912345678。", "139****5678"),
        ("电话：139-1234-5678。", "139****5678"),
        ("身份证号11010519491231002X。", "110105**********2X"),
        ("银行卡号6222021234567890128。", "6222***********0128"),
    ],
)
def test_private_numbers_are_shown_masked(say, text: str, shown: str) -> None:
    (found,) = say("个人隐私", HEAD + text)
    assert found.outcome == "fail"
    assert shown in found.sentence
    told = found.sentence + "".join(o.raw + o.quote for o in found.operands)
    assert not any(digits in told.replace("-", "") for digits in ("13912345678", "19491231", "1234567890"))


def test_numbers_in_the_cells_of_forms_are_seen(say) -> None:
    grid = GridBlock(((GridCell("联系电话"), GridCell("13912345678", Place(line=9))),))
    report = replace(written(HEAD + "收入总计100.00万元。"), other_tables=(grid,), other_titles=("项目支出绩效自评表",))
    (found,) = say("个人隐私", report=report)
    assert (found.outcome, found.key, found.operands[0].place.line) == ("fail", "手机号码", 9)


def test_numbering_tells_gaps_of_sections_louder_than_those_of_items(say) -> None:
    sections = "一、收入情况\n本年收入100.00万元。\n二、支出情况\n本年支出100.00万元。\n四、结余情况\n年末没有结余。"
    (found,) = say("序号连续", HEAD + sections)
    assert (found.outcome, found.severity) == ("fail", None)
    assert "“二、”之后是“四、”" in found.sentence
    (found,) = say("序号连续", "第三部分 名词解释\n1.收入：指拨款。\n2.支出：指使用的资金。\n4.结余：指余下的资金。")
    assert (found.outcome, found.severity) == ("fail", "info")


@pytest.mark.parametrize(
    "text",
    [
        "一、收入\n1.财政拨款80.00万元。\n2.事业收入20.00万元。\n二、支出\n1.基本支出60.00万元。\n2.项目支出40.00万元。",
        "（一）收入\n1.拨款80.00万元。\n（二）支出\n2.基本支出60.00万元。\n（三）结余\n3.没有结余。",
        "九、收入\n本年收入100.00万元。\n十、支出\n十一、结余\n十二、其他",
        "1.拨款80.00万元。\n（1）人员经费。\n（2）公用经费。\n2.事业收入20.00万元。\n（1）会费。\n3.其他收入。",
    ],
)
def test_lists_that_begin_again_are_no_gap(say, text: str) -> None:
    assert [v.outcome for v in say("序号连续", HEAD + text)] in (["pass"], ["not_applicable"])


def test_denials_are_held_against_the_tables(say) -> None:
    text = HEAD + "本部门2023年度无政府性基金预算财政拨款支出。"
    (found,) = say("声明无相符", text, tables={"基金表": {"合计": {"小计": "5.00", "基本支出": "0.00", "项目支出": "5.00"}}})
    assert found.outcome == "fail"
    assert "5.00" in found.sentence and "政府性基金" in found.sentence
    (found,) = say("声明无相符", text, tables={"基金表": "空"})
    assert found.outcome == "pass"
    (found,) = say("声明无相符", HEAD + "本部门无因公出国（境）费支出。", tables={"三公表": {"因公出国（境）费": {"预算数": "3.00", "决算数": "2.00"}}})
    assert found.outcome == "fail"


def test_outdated_names_hold_for_their_years(say) -> None:
    text = HEAD + "医疗卫生与计划生育支出10.00万元。"
    assert say("过时名称", text)[0].outcome == "fail"
    assert say("过时名称", text, year=2018)[0].outcome != "fail"
    tables = {"支出表": {"210 医疗卫生与计划生育支出": ["10.00"]}}
    assert say("过时科目", "", tables=tables)[0].outcome == "fail"


def test_a_slip_is_told_only_where_the_report_proves_it(say) -> None:
    text = HEAD + "人员经费主要包括：基本工资、职工基本医疗险缴费、机关事业单位基本养老保险缴费。"
    assert say("同文异写", text, tables={"基本明细表": {"30110": "1.00", "30108": "1.00"}})[0].outcome == "fail"
    assert say("同文异写", text, tables={"基本明细表": "空"})[0].outcome == "fail", "空表也印有科目名称"
    assert say("同文异写", text)[0].outcome in ("pass", "not_applicable"), "别处没有印出正确的写法"


def test_chart_of_codes(say) -> None:
    tables = {"支出表": {"201 一般公共服务支出": ["1.00"], "20166 财政事务": ["1.00"], "2016601 行政运行": ["1.00"], "2129901 某项": ["1.00"]}}
    (found,) = say("科目存在", "", tables=tables)
    assert "20166" in found.sentence and "2129901" not in found.sentence
    (found,) = say("科目名称一致", "", tables={"支出表": {"20106 财务事务": ["1.00"]}})
    assert "财政事务" in found.sentence


def test_a_contradiction_of_the_prose_is_one_finding_a_fact(say) -> None:
    text = HEAD + "一、收入支出决算总体情况说明\n2023年度收入总计593.72万元，支出总计593.72万元。\n二、收入决算情况说明\n2023年度收入总计580.61万元。"
    found = say("前后一致", text, "文字")
    assert [(v.outcome, v.key) for v in found] == [("fail", "收入总计")]
    assert "593.72" in found[0].sentence and "580.61" in found[0].sentence
    assert say("前后一致", HEAD + "2023年度收入总计593.72万元。", "文字")[0].outcome == "pass"


def test_what_single_characters_prove_is_left_open_in_a_scan() -> None:
    from juesuan_rules.engine.books import Books
    from juesuan_rules.engine.structure import inspect

    report = written(HEAD + "收入总计100.00万元。。\n联系人电话13912345678。")
    (sure,) = inspect(("structure", "重复标点"), Books(report))
    grid = GridBlock(((GridCell("联系电话", confidence=0.97), GridCell("")),))
    scanned = replace(report, other_tables=(grid,), other_titles=("",))
    (open_,) = inspect(("structure", "重复标点"), Books(scanned))
    (private,) = inspect(("structure", "个人隐私"), Books(scanned))
    assert (sure.outcome, open_.outcome, private.outcome) == ("fail", "undecided", "fail")
    assert "对照原件" in open_.sentence

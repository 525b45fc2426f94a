"""Small tables as text, and a way to read them: what the tests about table recognition share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.model import Problem, Table
from juesuan_rules.reports.tables import recognise_tables

RULES = Path(__file__).parents[2] / "rules"

HEAD = "公开0{n}表\n部门：某市统计局\n2023年度\n金额单位：万元\n"

TOTAL_ROWS = {
    8: ("八、其他收入", "1.00"),
    1: ("一、一般公共预算财政拨款收入", "99.00"),
    27: ("本年收入合计", "100.00"),
    29: ("年初结转和结余", "5.00"),
    31: ("总计", "105.00"),
}

SPENDING = (
    "支出决算表\n" + HEAD.format(n=3) + "项目\t\t本年支出合计\t基本支出\t项目支出\t上缴上级支出\t经营支出\t对附属单位补助支出\n"
    "功能分类科目编码\t科目名称\t\t\t\t\t\t\n"
    "栏次\t\t1\t2\t3\t4\t5\t6\n"
    "合计\t\t90.00\t60.00\t30.00\t\t\t\n"
    "201\t一般公共服务支出\t80.00\t50.00\t30.00\t\t\t\n"
    "20105\t统计信息事务\t80.00\t50.00\t30.00\t\t\t\n"
    "2010501\t行政运行\t50.00\t50.00\t\t\t\t\n"
    "2010507\t专项普查活动\t30.00\t\t30.00\t\t\t\n"
    "208\t社会保障和就业支出\t10.00\t10.00\t\t\t\t\n"
    "20805\t行政事业单位养老支出\t10.00\t10.00\t\t\t\t\n"
    "2080505\t机关事业单位基本养老保险缴费支出\t10.00\t10.00\t\t\t\t\n"
    "注：本表反映部门本年度各项支出情况。\n"
)

GENERAL = (
    "一般公共预算财政拨款支出决算表\n" + HEAD.format(n=5) + "项目\t\t本年支出\t\t\n"
    "功能分类科目编码\t科目名称\t小计\t基本支出\t项目支出\n"
    "栏次\t\t1\t2\t3\n"
    "合计\t\t85.00\t55.00\t30.00\n"
    "201\t一般公共服务支出\t75.00\t45.00\t30.00\n"
    "20105\t统计信息事务\t75.00\t45.00\t30.00\n"
    "2010501\t行政运行\t45.00\t45.00\t\n"
    "2010507\t专项普查活动\t30.00\t\t30.00\n"
    "208\t社会保障和就业支出\t10.00\t10.00\t\n"
    "20805\t行政事业单位养老支出\t10.00\t10.00\t\n"
    "2080505\t机关事业单位基本养老保险缴费支出\t10.00\t10.00\t\n"
)

LONG = (
    "财政拨款“三公”经费支出决算表\n" + HEAD.format(n=9) + "项 目\t预算数\t决算数\n"
    "合 计\t9.00\t8.00\n"
    "1、因公出国（境）费\t\t\n"
    "2、公务接待费\t1.00\t0.50\n"
    "3、公务用车购置及运行费\t8.00\t7.50\n"
    "其中：（1）公务用车运行维护费\t8.00\t7.50\n"
    "（2）公务用车购置费\t\t\n"
)

WIDE = (
    "财政拨款“三公”经费支出决算表\n" + HEAD.format(n=9) + "预算数\t\t\t\t\t\t决算数\t\t\t\t\t\n"
    "合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费\t合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费\n"
    "\t\t小计\t公务用车购置费\t公务用车运行维护费\t\t\t\t小计\t公务用车购置费\t公务用车运行维护费\t\n"
    "1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\n"
    "9.00\t0.00\t8.00\t0.00\t8.00\t1.00\t8.00\t0.00\t7.50\t0.00\t7.50\t0.50\n"
)

FUND = (
    "政府性基金预算财政拨款收入支出决算表\n" + HEAD.format(n=7) + "项目\t\t年初结转和结余\t本年收入\t本年支出\t\t\t年末结转和结余\n"
    "功能分类科目编码\t科目名称\t\t\t小计\t基本支出\t项目支出\t\n"
    "栏次\t\t1\t2\t3\t4\t5\t6\n"
    "合计\t\t\t\t\t\t\t\n"
)

DETAIL = (
    "一般公共预算财政拨款基本支出决算表\n" + HEAD.format(n=6) + "人员经费\t\t\t公用经费\t\t\t\t\t\n"
    "科目编码\t科目名称\t决算数\t科目编码\t科目名称\t决算数\t科目编码\t科目名称\t决算数\n"
    "301\t工资福利支出\t40.00\t302\t商品和服务支出\t10.00\t310\t资本性支出\t2.00\n"
    "30101\t基本工资\t30.00\t30201\t办公费\t6.00\t31002\t办公设备购置\t2.00\n"
    "30108\t机关事业单位基本养老保险缴费\t10.00\t30231\t公务用车运行维护费\t4.00\t399\t其他支出\t\n"
    "303\t对个人和家庭的补助\t3.00\t\t\t\t39999\t其他支出\t\n"
    "30302\t退休费\t3.00\t\t\t\t\t\t\n"
    "人员经费合计\t\t43.00\t公用经费合计\t\t\t\t12.00\t\n"
)

Found = tuple[dict[str, Table], tuple[GridBlock, ...], tuple[Problem, ...]]


def total_table() -> str:
    """总表 in full, with 31 rows on each side."""
    from juesuan_rules.catalogue.differences import chinese_number

    spending = {row.line: row for row in layout_of().tables[0].blocks[1].rows}
    lines = ["收入支出决算总表", *HEAD.format(n=1).strip().split("\n"), "收入\t\t\t支出\t\t", "项目\t行次\t金额\t项目\t行次\t金额", "栏次\t\t1\t栏次\t\t2"]
    income = {row.line: row for row in layout_of().tables[0].blocks[0].rows}
    money = {32: "80.00", 39: "10.00", 58: "90.00", 60: "15.00", 62: "105.00"}
    for line in range(1, 32):
        left, right = income[line], spending[line + 31]
        name = (f"{left.sequence}、" if left.sequence else "") + left.label
        other = (f"{chinese_number(line)}、" if right.sequence else "") + right.label
        lines.append("\t".join((name, str(line), TOTAL_ROWS.get(line, ("", ""))[1], other, str(line + 31), money.get(line + 31, ""))))
    return "\n".join(lines) + "\n"


@cache
def layout_of(*packs: str) -> Layout:
    """The shipped layout of a chain of packs (cn alone if none is named) for 2023."""
    layout, problems, _ = load_layout([(pack, RULES / pack / "layouts") for pack in packs or ("cn",)], 2023, "")
    assert problems == ()
    return layout


def recognise(*texts: str, layout: Layout | None = None, unit: str | None = None) -> Found:
    """What is recognised in these texts, one after the other."""
    return recognise_tables(read_text("\n\n".join(texts).encode(), "某局.txt"), layout or layout_of(), unit)


def printed(table: Table, block: str = "") -> dict[tuple[str, str], str]:
    """(row key, column) -> raw text of every figure of a block that is a number or a zero."""
    data = table.blocks[block]
    return {
        (row.key, name): amount.raw
        for name, amounts in data.columns.items()
        for row, amount in zip(data.rows, amounts, strict=True)
        if amount.value is not None
    }


def kinds(table: Table) -> list[tuple[str, bool]]:
    """(kind, blocking) of the problems of a table."""
    return [(problem.kind, problem.blocking) for problem in table.problems]

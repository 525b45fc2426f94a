"""Recognising standard tables: by title and header, in every way publishers print them."""

from __future__ import annotations

import pytest
from table_texts import DETAIL, FUND, GENERAL, LONG, SPENDING, WIDE, kinds, layout_of, printed, recognise, total_table

SPENDING_ID = "支出决算表"
GENERAL_ID = "一般公共预算财政拨款支出决算表"
DETAIL_ID = "一般公共预算财政拨款基本支出决算明细表"
THREE_ID = "财政拨款“三公”经费支出决算表"
FUND_ID = "政府性基金预算财政拨款收入支出决算表"
TOTAL_ID = "收入支出决算总表"


def test_all_forms_without_a_problem() -> None:
    tables, others, problems = recognise(total_table(), SPENDING, GENERAL, DETAIL, LONG, FUND)
    assert list(tables) == [TOTAL_ID, SPENDING_ID, GENERAL_ID, DETAIL_ID, THREE_ID, FUND_ID]
    assert (others, problems, [t.problems for t in tables.values()]) == ((), (), [()] * 6)
    assert {(t.unit, t.year, t.unit_name) for t in tables.values()} == {("万元", 2023, "某市统计局")}
    assert [t.number for t in tables.values()] == ["01", "03", "05", "06", "09", "07"]


def test_two_sided_table() -> None:
    table = recognise(total_table())[0][TOTAL_ID]
    assert printed(table, "收入") == {
        ("一般公共预算财政拨款收入", "金额"): "99.00", ("其他收入", "金额"): "1.00", ("本年收入合计", "金额"): "100.00",
        ("年初结转和结余", "金额"): "5.00", ("总计", "金额"): "105.00",
    }  # fmt: skip
    assert printed(table, "支出") == {
        ("201", "金额"): "80.00",
        ("208", "金额"): "10.00",
        ("本年支出合计", "金额"): "90.00",
        ("年末结转和结余", "金额"): "15.00",
        ("总计", "金额"): "105.00",
    }
    rows = table.blocks["支出"].rows
    assert [row.line for row in rows] == list(range(32, 63)) and rows[0].raw_label == "一、一般公共服务支出"
    assert [row.role for row in rows[-5:]] == ["合计", "结转", "结转", "空", "总计"]


def test_codes_have_levels_parents_and_roles() -> None:
    rows = {row.key: row for row in recognise(SPENDING)[0][SPENDING_ID].blocks[""].rows}
    assert [(r.level, r.parent, r.role) for r in (rows["合计"], rows["201"], rows["20105"], rows["2010501"])] == [
        (0, None, "合计"), (1, None, "小计"), (2, "201", "小计"), (3, "20105", "明细"),
    ]  # fmt: skip
    assert rows["2010501"].label == "行政运行" and rows["2010501"].place.line == 12


def test_panels_and_drifting_totals() -> None:
    for text in (
        DETAIL,
        DETAIL.replace("公用经费合计\t\t\t\t12.00\t", "公用经费合计\t12.00\t\t\t\t"),
        DETAIL.replace("\t\t\t\t12.00\t\n", "\t\t\t\t\t12.00\n"),
    ):
        table = recognise(text)[0][DETAIL_ID]
        figures = printed(table)
        assert figures["人员经费合计", "决算数"] == "43.00" and figures["公用经费合计", "决算数"] == "12.00"
        assert len(figures) == 12 and table.problems == ()
    assert [row.key for row in table.blocks[""].rows] == [
        "301", "30101", "30108", "303", "30302", "302", "30201", "30231", "310", "31002", "399", "39999", "人员经费合计", "公用经费合计",
    ]  # fmt: skip


def test_detail_table_as_one_list_has_its_totals_beside_the_total() -> None:
    text = (
        "一般公共预算财政拨款基本支出决算表\n单位：万元\n项目\t\t本年支出\t\t\n经济分类科目编码\t科目名称\t合计\t人员经费\t公用经费\n栏次\t\t1\t2\t3\n"
        "合计\t\t55.00\t43.00\t12.00\n301\t工资福利支出\t40.00\t40.00\t\n30101\t基本工资\t40.00\t40.00\t\n302\t商品和服务支出\t12.00\t\t12.00\n"
        "30201\t办公费\t12.00\t\t12.00\n303\t对个人和家庭的补助\t3.00\t3.00\t\n30302\t退休费\t3.00\t3.00\t\n"
    )
    table = recognise(text)[0][DETAIL_ID]
    assert table.problems == ()
    assert printed(table)["人员经费合计", "决算数"] == "43.00" and printed(table)["公用经费合计", "决算数"] == "12.00"
    assert len(printed(table)) == 9 and printed(table)["合计", "决算数"] == "55.00" and printed(table)["30201", "决算数"] == "12.00"


def test_a_column_split_in_two_by_some_publishers() -> None:
    text = (
        "收入决算表\n单位：万元\n项目\t\t本年收入合计\t财政拨款收入\t上级补助收入\t事业收入\t\t经营收入\t附属单位上缴收入\t其他收入\n"
        "科目代码\t科目名称\t\t\t\t小计\t其中：教育收费\t\t\t\n栏次\t\t1\t2\t3\t4\t5\t6\t7\t8\n合计\t\t9.00\t2.00\t\t4.00\t4.00\t\t\t3.00\n"
        "205\t教育支出\t9.00\t2.00\t\t4.00\t4.00\t\t\t3.00\n"
    )
    table = recognise(text)[0]["收入决算表"]
    assert [printed(table)["205", c] for c in ("财政拨款收入", "事业收入", "其他收入")] == ["2.00", "4.00", "3.00"]
    assert ("多列", False) in kinds(table) and not any(blocking for _, blocking in kinds(table))


def test_optional_columns_of_the_layout() -> None:
    rows = "项目\t\t年初结转和结余\t本年收入\t本年支出\t\t\t年末结转和结余\n科目编码\t科目名称\t\t\t小计\t基本支出\t项目支出\t\n"
    text = (
        "国有资本经营预算财政拨款收入支出决算表\n单位：万元\n"
        + rows
        + "合计\t\t1.00\t5.00\t4.00\t\t4.00\t2.00\n223\t国有资本经营预算支出\t1.00\t5.00\t4.00\t\t4.00\t2.00\n"
    )
    table = recognise(text)[0]["国有资本经营预算财政拨款支出决算表"]
    assert table.problems == () and [printed(table)["223", c] for c in ("年初结转和结余", "合计", "项目支出", "年末结转和结余")] == [
        "1.00",
        "4.00",
        "4.00",
        "2.00",
    ]


def test_unit_in_the_header() -> None:
    table = recognise(LONG.replace("金额单位：万元\n", "").replace("预算数\t决算数", "预算数（元）\t决算数（元）"))[0][THREE_ID]
    assert (table.unit, table.problems) == ("元", ())


def test_clipped_codes_are_completed_by_name_and_order() -> None:
    text = DETAIL
    for code in ("30101", "30108", "30302", "30201", "30231", "31002", "39999"):
        text = text.replace(code, code[:4])
    rows = {row.key: row for row in recognise(text)[0][DETAIL_ID].blocks[""].rows}
    assert {key for key, row in rows.items() if row.clipped} == {"30101", "30108", "30302", "30201", "30231", "31002", "39999"}
    assert rows["30108"].raw_code == "3010" and rows["39999"].raw_code == "3999"


def test_long_and_wide_three_expenses_are_the_same_table() -> None:
    long, wide = recognise(LONG)[0][THREE_ID], recognise(WIDE, layout=layout_of("cn", "cn-42-hubei"))[0][THREE_ID]
    assert {k: v for k, v in printed(wide).items() if v != "0.00"} == printed(long)
    assert recognise(WIDE)[0][THREE_ID].problems == (), "either way of printing is known everywhere"


def test_wide_is_read_by_ordinal_where_words_repeat() -> None:
    garbled = WIDE.replace("公务用车运行维护费\t\t\t\t小计", "公务用车运行维护费\t公务用车运行维护费\t\t\t小计")
    assert printed(recognise(garbled)[0][THREE_ID])["公务接待", "预算数"] == "1.00"


def test_wide_with_the_two_columns_side_by_side() -> None:
    text = (
        "财政拨款“三公”经费支出决算表\n单位：万元\n合计\t\t因公出国（境）费\t\t公务用车购置及运行费\t\t\t\t\t\t公务接待费\t\n"
        "\t\t\t\t小计\t\t公务用车购置费\t\t公务用车运行费\t\t\t\n"
        + "\t".join(["预算数", "决算数"] * 6)
        + "\n9.00\t8.00\t\t\t8.00\t7.50\t\t\t8.00\t7.50\t1.00\t0.50\n"
    )
    table = recognise(text)[0][THREE_ID]
    assert printed(table) == printed(recognise(LONG)[0][THREE_ID]) and table.problems == ()


def test_empty_table_is_present_and_empty() -> None:
    table = recognise(FUND)[0][FUND_ID]
    assert table.empty and table.problems == () and [row.key for row in table.blocks[""].rows] == ["合计"]


def test_total_label_that_slipped_into_the_ordinal_row() -> None:
    text = GENERAL.replace("栏次\t\t1\t2\t3\n合计\t\t85.00", "栏次 合计\t\t1\t2\t3\n\t\t85.00")
    table = recognise(text)[0][GENERAL_ID]
    assert printed(table)["合计", "小计"] == "85.00" and table.problems == ()


def test_torn_ordinal_row_does_not_matter() -> None:
    text = GENERAL.replace("栏次\t\t1\t2\t3\n", "栏次\t\t\t\t\n1\t2\t\t\t3\n")
    table = recognise(text)[0][GENERAL_ID]
    assert printed(table)["2010507", "项目支出"] == "30.00" and table.problems == ()


def test_total_in_the_name_column_and_spaces_in_headers() -> None:
    text = GENERAL.replace("合计\t\t85.00", "\t合 计\t85.00").replace("功能分类科目编码", "功能分\u3000类 科目代码").replace("小计", "小 计")
    table = recognise(text)[0][GENERAL_ID]
    assert printed(table)["合计", "小计"] == "85.00" and table.problems == ()


def test_code_in_three_columns_without_ordinals() -> None:
    text = (
        "支出决算表\n单位：万元\n项目\t\t\t\t本年支出合计\t基本支出\t项目支出\t上缴上级支出\t经营支出\t对附属单位补助支出\n"
        "支出功能分类科目编码\t\t\t科目名称\t\t\t\t\t\t\n类\t款\t项\t合计\t90.00\t60.00\t30.00\t\t\t\n"
        "201\t\t\t一般公共服务支出\t90.00\t60.00\t30.00\t\t\t\n201\t05\t\t统计信息事务\t90.00\t60.00\t30.00\t\t\t\n201\t05\t01\t行政运行\t90.00\t60.00\t30.00\t\t\t\n"
    )
    table = recognise(text)[0][SPENDING_ID]
    assert [row.key for row in table.blocks[""].rows] == ["合计", "201", "20105", "2010501"] and table.problems == ()
    assert printed(table)["2010501", "项目支出"] == "30.00"


def test_totals_table_without_line_numbers() -> None:
    lines = total_table().split("\n")
    body = [line.split("\t") for line in lines if "\t" in line]
    cut = ["\t".join((r[0], r[2], r[3], r[5])) for r in body if r[0] != "栏次"]
    table = recognise("\n".join(["收入支出决算总表", "单位：万元", *cut]))[0][TOTAL_ID]
    assert printed(table, "支出")["总计", "金额"] == "105.00" and printed(table, "收入")["总计", "金额"] == "105.00" and table.problems == ()


def test_one_cell_per_line() -> None:
    rows = [line.split("\t") for line in GENERAL.split("\n") if "\t" in line]
    merged = [["项目", "本年支出"], rows[1], ["栏次", "1", "2", "3"], ["合计", *rows[3][2:]], *rows[4:]]
    text = "\n\n".join("\n".join("\t" + cell for cell in row) for row in merged)
    head = "一般公共预算财政拨款支出决算表\n\t公开05表\n\n\t部门：某市统计局\n\t2023年度\n\t金额单位：万元\n\n"
    table = recognise(head + text)[0][GENERAL_ID]
    assert printed(table) == printed(recognise(GENERAL)[0][GENERAL_ID])
    assert (table.number, table.unit_name, table.problems) == ("05", "某市统计局", ())


# ------------------------------------------------------------------ titles


@pytest.mark.parametrize(
    "title",
    [
        "三、支出决算表",
        "2023年度支出决算表",
        "某市统计局支出决算表",
        "表3 支出决算表（2023年度）",
        "- 三、 支出决算表",
        "支出决算表（按功能分类）",
        "公开03表 支出决算表",
    ],
)
def test_titles_as_people_write_them(title: str) -> None:
    table = recognise(SPENDING.replace("支出决算表", title, 1))[0][SPENDING_ID]
    assert table.problems == ()


@pytest.mark.parametrize("title", ["", "支山决筫表", "第三张表"])
def test_without_a_usable_title_the_header_decides(title: str) -> None:
    table = recognise(SPENDING.replace("支出决算表", title, 1))[0][SPENDING_ID]
    assert kinds(table) == [("表头不识别", False)] and len(printed(table)) == 19


def test_contents_and_prose_are_no_titles() -> None:
    text = "目录\n一、收入支出决算总表\n二、支出决算表\n\n第一部分 概况\n本局有两个单位。\n序号\t单位名称\t备注\n1\t某市统计局\t\n2\t某市普查中心\t\n"
    tables, others, problems = recognise(text)
    assert tables == {} and len(others) == 1 and problems == ()


def test_other_tables_are_not_taken_for_standard_ones() -> None:
    text = "项目支出绩效自评表\n项目名称\t普查\t\t\t\n项目资金\t年初预算数\t全年预算数\t全年执行数\t执行率\n合计\t10.00\t10.00\t9.00\t90%\n其中：财政拨款\t10.00\t10.00\t9.00\t90%\n"
    assert recognise(text)[0] == {}


def test_title_and_head_inside_the_grid() -> None:
    grid = "支出决算表\t\t\t\t\t\t\t公开03表\n部门：某市统计局\t\t\t\t\t\t\t单位：万元\n" + SPENDING.split("金额单位：万元\n")[1]
    table = recognise(grid)[0][SPENDING_ID]
    assert (table.number, table.unit, table.unit_name, table.title, table.problems) == ("03", "万元", "某市统计局", "支出决算表", ())


# ------------------------------------------------------------------ page ends


@pytest.mark.parametrize("cut", ["\n", "\n- 12 -\n\n", "\n第 3 页 共 20 页\n\n续表\n\n"])
def test_tables_cut_by_a_page_end_are_one(cut: str) -> None:
    lines = SPENDING.split("\n")
    text = "\n".join(lines[:10]) + "\n" + cut + "\n".join(lines[10:])
    tables, others, _ = recognise(text)
    assert others == () and printed(tables[SPENDING_ID]) == printed(recognise(SPENDING)[0][SPENDING_ID])
    assert tables[SPENDING_ID].notes[0] == "由 2 段拼接"


def test_repeated_title_and_header_after_a_page_end() -> None:
    lines = SPENDING.split("\n")
    head = lines[:8]
    text = "\n".join(lines[:11]) + "\n\n- 3 -\n\n" + "\n".join([head[0] + "（续）", *head[1:]]) + "\n" + "\n".join(lines[11:])
    tables, others, problems = recognise(text)
    assert (others, problems) == ((), ()) and printed(tables[SPENDING_ID]) == printed(recognise(SPENDING)[0][SPENDING_ID])


def test_a_table_printed_twice() -> None:
    tables, others, problems = recognise(SPENDING, SPENDING)
    assert [p.kind for p in problems] == ["重复表"] and not problems[0].blocking and len(others) == 1 and len(tables) == 1
    tables, _, problems = recognise(SPENDING, SPENDING.replace("30.00", "31.00"))
    assert problems[0].blocking and ("重复表", True) in kinds(tables[SPENDING_ID])


# ------------------------------------------------------------------ units


def test_unit_from_the_other_tables_or_the_report() -> None:
    bare = GENERAL.replace("金额单位：万元\n", "")
    assert recognise(SPENDING, bare)[0][GENERAL_ID].unit == "万元"
    assert recognise(bare, unit="元")[0][GENERAL_ID].unit == "元"
    table = recognise(GENERAL.replace("万元", "元"), unit="万元")[0][GENERAL_ID]
    assert table.unit == "元" and table.blocks[""].columns["小计"][0].value == 8500


def test_unknown_unit_is_not_guessed() -> None:
    table = recognise(GENERAL.replace("金额单位：万元\n", ""))[0][GENERAL_ID]
    assert table.unit == "" and kinds(table) == [("单位不明", True)]


def test_counts_printed_under_the_amounts_of_a_wide_table_are_no_amounts() -> None:
    head = "财政拨款“三公”经费支出决算表\n单位：万元\n预算数\t\t\t\t\t\t决算数\t\t\t\t\t\n"
    names = "合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费"
    below = "\t\t小计\t公务用车购置费\t公务用车运行维护费\t"
    text = head + f"{names}\t{names}\n{below}\t{below}\n" + "\t".join(str(n) for n in range(1, 13)) + "\n"
    text += "\t".join(["6.00", "1.00", "4.00", "3.00", "1.00", "1.00"] * 2) + "\n"
    text += "\t相关统计数：" + "\t" * 10 + "\n公务用车保有量(辆)\t\t\t2" + "\t" * 8 + "\n国内公务接待批次(个)\t\t\t12" + "\t" * 8 + "\n"
    table = recognise(text)[0]["财政拨款“三公”经费支出决算表"]
    assert table.problems == () and printed(table)["合计", "决算数"] == "6.00"


def test_a_table_of_another_name_is_not_the_one_it_looks_like() -> None:
    body = "项目\t\t本年支出\t\t\n科目编码\t科目名称\t小计\t基本支出\t项目支出\n栏次\t\t1\t2\t3\n合计\t\t9.00\t5.00\t4.00\n201\t一般公共服务支出\t9.00\t5.00\t4.00\n"
    own = f"一般公共预算财政拨款支出决算表\n单位：万元\n{body}"
    other = f"财政拨款支出决算表（功能科目）\n单位：万元\n{body.replace('9.00', '8.00').replace('5.00', '4.00')}"
    for texts in ((other, own), (own, other)):
        table = recognise(*texts)[0]["一般公共预算财政拨款支出决算表"]
        assert printed(table)["合计", "小计"] == "9.00" and table.problems == ()

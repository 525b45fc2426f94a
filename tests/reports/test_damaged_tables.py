"""Damaged copies: what cannot be relied on is declared, and never read into another cell."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_texts import DETAIL, GENERAL, LONG, SPENDING, kinds, printed, recognise, total_table

SPENDING_ID = "支出决算表"
GENERAL_ID = "一般公共预算财政拨款支出决算表"
DETAIL_ID = "一般公共预算财政拨款基本支出决算明细表"
THREE_ID = "财政拨款“三公”经费支出决算表"
TOTAL_ID = "收入支出决算总表"


def test_row_with_a_cell_too_few_is_unreliable_and_told() -> None:
    table = recognise(SPENDING.replace("2010507\t专项普查活动\t30.00\t\t", "2010507\t专项普查活动\t30.00\t"))[0][SPENDING_ID]
    assert kinds(table) == [("行错位", False)] and "2010507" in table.problems[0].message
    index = next(i for i, row in enumerate(table.blocks[""].rows) if row.key == "2010507")
    assert {amounts[index].state for amounts in table.blocks[""].columns.values()} == {"unreadable", "blank"}
    assert printed(table)["2010501", "基本支出"] == "50.00", "the other rows stay"


def test_half_of_a_two_sided_row_survives() -> None:
    text = total_table().replace("一、一般公共预算财政拨款收入\t1\t99.00\t", "一、一般公共预算财政拨款收入\t1\t")
    table = recognise(text)[0][TOTAL_ID]
    assert kinds(table) == [("行错位", False)]
    assert ("一般公共预算财政拨款收入", "金额") not in printed(table, "收入") and printed(table, "支出")["201", "金额"] == "80.00"


def test_figures_moved_one_column_on() -> None:
    text = SPENDING.replace("20105\t统计信息事务\t80.00\t50.00\t30.00\t\t\t", "20105\t统计信息事务\t\t80.00\t50.00\t30.00\t\t")
    table = recognise(text)[0][SPENDING_ID]
    assert kinds(table) == [("行错位", False)] and ("20105", "基本支出") not in printed(table)


def test_whole_table_moved_one_column_on() -> None:
    text = re.sub(r"^(\d+\t\S+|合计\t)\t(.*)\t$", r"\1\t\t\2", SPENDING, flags=re.MULTILINE)
    table = recognise(text)[0][SPENDING_ID]
    assert ("行错位", True) in kinds(table)


def test_a_blank_total_is_left_to_the_rules() -> None:
    table = recognise(SPENDING.replace("201\t一般公共服务支出\t80.00", "201\t一般公共服务支出\t"))[0][SPENDING_ID]
    assert table.problems == () and printed(table)["201", "基本支出"] == "50.00"


def test_swapped_and_missing_rows_stay_visible() -> None:
    lines = total_table().split("\n")
    at = next(i for i, line in enumerate(lines) if "\t8\t" in line)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    del lines[at + 3]
    table = recognise("\n".join(lines))[0][TOTAL_ID]
    assert [row.line for row in table.blocks["收入"].rows][6:11] == [7, 9, 8, 10, 12] and table.problems == ()


def test_line_number_that_is_not_the_layouts() -> None:
    table = recognise(total_table().replace("总计\t31\t", "总计\t30\t"))[0][TOTAL_ID]
    assert kinds(table) == [("行号不符", False)] and printed(table, "收入")["总计", "金额"] == "105.00"


def test_repeated_row() -> None:
    line = "2010507\t专项普查活动\t30.00\t\t30.00\t\t\t\n"
    table = recognise(SPENDING.replace(line, line * 2))[0][SPENDING_ID]
    assert kinds(table) == [("重复行", False)] and len(table.blocks[""].rows) == 8
    table = recognise(SPENDING.replace(line, line + line.replace("30.00", "31.00")))[0][SPENDING_ID]
    assert [row.key for row in table.blocks[""].rows][5] == "2010507（重复2）"


def test_unknown_row_is_kept_and_told() -> None:
    table = recognise(total_table().replace("八、其他收入", "八、彩票公益金返还"))[0][TOTAL_ID]
    assert kinds(table) == [("行不识别", False)] and printed(table, "收入")["八、彩票公益金返还", "金额"] == "1.00"


def test_garbled_label_is_known_by_its_line_or_neighbours() -> None:
    table = recognise(total_table().replace("八、其他收入", "八、其它收人"))[0][TOTAL_ID]
    assert printed(table, "收入")["其他收入", "金额"] == "1.00"
    table = recognise(LONG.replace("合 计", "口 计"))[0][THREE_ID]
    assert printed(table)["合计", "预算数"] == "9.00" and kinds(table) == [("行不识别", False)]


def test_missing_code_is_completed_from_another_table() -> None:
    table = recognise(SPENDING, GENERAL.replace("2010507\t专项", "\t专项"))[0][GENERAL_ID]
    row = next(row for row in table.blocks[""].rows if row.label == "专项普查活动")
    assert (row.key, row.clipped, row.level, row.parent) == ("2010507", True, 3, "20105") and kinds(table) == [("行不识别", False)]


def test_missing_code_that_cannot_be_completed_blocks_the_table() -> None:
    assert ("行不识别", True) in kinds(recognise(GENERAL.replace("2010507\t专项", "\t专项"))[0][GENERAL_ID])
    assert ("行不识别", True) in kinds(recognise(GENERAL.replace("2010507\t专项普查活动", "\t"))[0][GENERAL_ID])


def test_missing_ordinal_row_is_told_where_others_have_one() -> None:
    cut = GENERAL.replace("栏次\t\t1\t2\t3\n", "")
    assert kinds(recognise(SPENDING, cut)[0][GENERAL_ID]) == [("缺栏次", False)]
    assert kinds(recognise(cut)[0][GENERAL_ID]) == [], "some publishers print none at all"


def test_header_words_in_the_wrong_places_yield_to_the_ordinals() -> None:
    text = GENERAL.replace("科目名称\t小计\t基本支出\t项目支出", "科目名称\t项目支出\t口口\t小口")
    table = recognise(text)[0][GENERAL_ID]
    assert printed(table) == printed(recognise(GENERAL)[0][GENERAL_ID])


def test_header_row_with_a_cell_too_few_is_not_trusted() -> None:
    table = recognise(GENERAL.replace("小计\t基本支出\t项目支出", "小计 基本支出\t项目支出"))[0][GENERAL_ID]
    assert printed(table) == printed(recognise(GENERAL)[0][GENERAL_ID])


def test_missing_column() -> None:
    text = "\n".join("\t".join(line.split("\t")[:-1]) if "\t" in line else line for line in GENERAL.split("\n"))
    table = recognise(text)[0][GENERAL_ID]
    assert kinds(table) == [("缺列", False)] and list(table.blocks[""].columns) == ["小计", "基本支出"]


def test_extra_column_with_figures_is_told() -> None:
    text = "\n".join(line + "\t7.00" if line[:1].isdigit() and "\t" in line else line + "\t" if "\t" in line else line for line in GENERAL.split("\n"))
    assert "值不识别" in [kind for kind, _ in kinds(recognise(text)[0][GENERAL_ID])]


def test_extra_column_with_a_header_is_left_out_and_told() -> None:
    text = GENERAL.replace("本年支出\t\t\n", "本年支出\t\t\t上年数\n")
    text = "\n".join(line + "\t7.00" if line[:1].isdigit() and "\t" in line else line + "\t" if line.count("\t") == 4 else line for line in text.split("\n"))
    table = recognise(text)[0][GENERAL_ID]
    assert kinds(table) == [("多列", False)] and "上年数" in table.problems[0].message
    assert printed(table) == printed(recognise(GENERAL)[0][GENERAL_ID])


def test_unreadable_figures() -> None:
    table = recognise(SPENDING.replace("201\t一般公共服务支出\t80.00", "201\t一般公共服务支出\t8O.0x"))[0][SPENDING_ID]
    assert kinds(table) == [("值不识别", False)] and table.blocks[""].columns["本年支出合计"][1].state == "unreadable"
    table = recognise(SPENDING.replace("80.00", "8 0. 00"))[0][SPENDING_ID]
    assert table.problems == () and table.blocks[""].columns["本年支出合计"][1].value == 80_000_000


def test_title_of_one_table_over_another() -> None:
    tables, _, _ = recognise(SPENDING.replace("支出决算表", "收入决算表", 1))
    assert list(tables) == [SPENDING_ID] and "收入决算表" in tables[SPENDING_ID].problems[0].message


def test_title_over_an_unreadable_header() -> None:
    text = "支出决算表\n单位：万元\n甲\t乙\t丙\n1.00\t2.00\t3.00\n4.00\t5.00\t6.00\n"
    table = recognise(text)[0][SPENDING_ID]
    assert kinds(table) == [("表头不识别", True)] and table.blocks == {}


def test_rows_after_a_page_end_that_fit_nothing_are_told() -> None:
    lines = SPENDING.split("\n")
    text = "\n".join(lines[:11]) + "\n\n" + "\n".join(line.partition("\t")[2].partition("\t")[2] for line in lines[11:15]) + "\n"
    table = recognise(text)[0][SPENDING_ID]
    assert ("跨页残缺", False) in kinds(table)


REFERENCE = {name: {block: printed(table, block) for block in table.blocks} for name, table in recognise(total_table(), SPENDING, DETAIL)[0].items()}
LINES = "\n\n".join((total_table(), SPENDING, DETAIL)).split("\n")
ROWS = [i for i, line in enumerate(LINES) if "\t" in line]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(ROWS), st.sampled_from(["drop", "insert"]), st.integers(0, 8))
def test_no_figure_ever_moves_into_another_cell(row: int, damage: str, at: int) -> None:
    cells = LINES[row].split("\t")
    if damage == "drop":
        del cells[at % len(cells)]
    else:
        cells.insert(at % (len(cells) + 1), "")
    tables, _, _ = recognise("\n".join([*LINES[:row], "\t".join(cells), *LINES[row + 1 :]]))
    for name, table in tables.items():
        if any(problem.blocking for problem in table.problems):
            continue
        for block in table.blocks:
            for address, raw in printed(table, block).items():
                assert REFERENCE[name][block].get(address) == raw, (name, address, raw)

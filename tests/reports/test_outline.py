"""The outline and the tables a report mentions."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.documents.open import open_document
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.model import Section
from juesuan_rules.reports.outline import mentioned_tables, read_outline


def outline(text: str) -> tuple[Section, ...]:
    return read_outline(read_text(text.encode(), "样例.txt"))


def shape(text: str) -> list[tuple[int, str, bool]]:
    return [(s.level, s.title, s.toc) for s in outline(text)]


REPORT = """某局2023年度部门决算
目 录
第一部分 某局概况..... 3
- 一、主要职责..... 3
二、机构设置\t4
第二部分 2023年度部门决算表..... 5
一、收入支出决算总表\t6
第一部分 某局概况
一、主要职责
（一）贯彻执行国家有关方针政策，组织起草地方性法规草案，并监督实施；
(二) 内设机构
1. 办公室
（2）财务科
第二部分 2023年度部门决算表
一、收入支出决算总表
项目\t金额
二、假标题\t1.00
本年收入合计3.5万元。
三、收入总计 8.00 万元，包括：
"""


def test_levels_contents_and_sentences() -> None:
    assert shape(REPORT) == [
        (1, "第一部分 某局概况", True),
        (2, "一、主要职责", True),
        (2, "二、机构设置", True),
        (1, "第二部分 2023年度部门决算表", True),
        (2, "一、收入支出决算总表", True),
        (1, "第一部分 某局概况", False),
        (2, "一、主要职责", False),
        (3, "(二) 内设机构", False),
        (4, "1. 办公室", False),
        (4, "（2）财务科", False),
        (1, "第二部分 2023年度部门决算表", False),
        (2, "一、收入支出决算总表", False),
    ]
    assert outline(REPORT)[5].place.line == 8


def test_contents_without_parts_end_where_the_first_mark_comes_again() -> None:
    found = shape("目录\n一、概况\n（一）职责\n二、决算表\n一、概况\n（一）职责\n")
    assert [toc for _, _, toc in found] == [True, True, True, False, False]


def test_contents_end_at_a_table_or_at_prose() -> None:
    assert shape("目录\n一、概况\n项目\t金额\n合计\t2\n二、表\n")[-1] == (2, "二、表", False)
    assert shape("目录\n一、概况\n" + "一段很长的话" * 30 + "\n二、表\n")[-1] == (2, "二、表", False)


def test_a_definition_and_a_decimal_are_no_headings() -> None:
    assert shape("1. 项目支出：指在基本支出之外为完成特定任务发生的支出\n3.5 万元\n2024年\n") == []


SPECS = ("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表")
LAYOUT = Layout("测试", tuple(TableSpec(name, (), (name,) + (("收入支出决算汇总表",) if name == SPECS[0] else ()), "", "fixed", ()) for name in SPECS))


def mentions(text: str) -> tuple[str, ...]:
    return mentioned_tables(read_text(text.encode(), "样例.txt"), LAYOUT)


def test_titles_in_contents_and_prose_are_mentions_in_layout_order() -> None:
    assert mentions("一、支 出 决 算 表\n详见《收入决算表》。\n2023年度收入支出决算汇总表\n") == ("收入支出决算总表", "收入决算表", "支出决算表")


def test_a_shorter_title_inside_a_longer_one_is_no_mention() -> None:
    assert mentions("五、一般公共预算财政拨款支出决算表\n") == ("一般公共预算财政拨款支出决算表",)
    assert mentions("七、一般公共预算财政拨款项目支出决算表\n政府性基金预算财政拨款收入支出决算表\n") == ()


def test_an_empty_layout_mentions_nothing() -> None:
    assert mentioned_tables(read_text("收入决算表".encode(), "a"), Layout("空", ())) == ()


@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_real_reports(reports_dir: Path, number: str) -> None:
    document = open_document(next(reports_dir.glob(f"{number}-*.txt")))
    sections = read_outline(document)
    parts = [s.title[:4] for s in sections if s.level == 1 and not s.toc]
    assert parts == [s.title[:4] for s in sections if s.level == 1 and s.toc]
    assert len(parts) >= 5
    assert set(SPECS) == set(mentioned_tables(document, LAYOUT))


@given(st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20), st.sampled_from(["目录", "一、甲", "（一）乙", "1.", "第一部分", "...", "一、甲...3"])), max_size=30))
def test_no_text_breaks_it(lines: list[str]) -> None:
    document = read_text("\n".join(["甲", *lines]).encode(), "a")
    assert len(read_outline(document)) <= len(lines) * 3 + 3


@pytest.mark.parametrize("line", [". " * 50, "第一" * 55, "…" * 110, "- " * 55, "1、" * 50])
def test_strange_lines_cost_little(line: str) -> None:
    document = read_text("\n".join(["目录", *([line] * 3000)]).encode(), "a")
    start = time.process_time()
    read_outline(document)
    assert time.process_time() - start < 10

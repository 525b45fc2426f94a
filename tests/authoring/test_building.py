"""Reports built from a few written values stand as the layout prints them."""

from __future__ import annotations

from typing import Any

import pytest

from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.packs.load import load_pack
from juesuan_rules.reports.model import BlockData, Row
from juesuan_rules.resources import rules_root


@pytest.fixture(scope="module")
def layout() -> Layout:
    return load_pack("cn", 2023, [rules_root()]).layout


def block(layout: Layout, name: str, content: Any, half: str = "") -> BlockData:
    spec = layout.table(name)
    assert spec is not None
    return build_report(layout, {name: content}).tables[spec.id].blocks[half]


def row(data: BlockData, key: str) -> Row:
    return next(r for r in data.rows if r.key == key)


def cell(data: BlockData, key: str, column: str) -> tuple[str, str]:
    amount = data.columns[column][[r.key for r in data.rows].index(key)]
    return amount.raw, amount.state


def test_standard_rows_are_there_and_blank(layout: Layout) -> None:
    spending = block(layout, "总表", {"一般公共服务支出": "1.00", "62": "2.00"}, "支出")
    assert cell(spending, "201", "金额") == ("1.00", "number")
    assert cell(spending, "总计", "金额") == ("2.00", "number")
    assert cell(spending, "202", "金额") == ("", "blank")
    assert (row(spending, "201").line, row(spending, "201").role, row(spending, "本年支出合计").role) == (32, "明细", "合计")
    assert len(spending.rows) == len(spending.spec.rows)


def test_rows_may_be_named_by_label_key_code_line_or_half(layout: Layout) -> None:
    for name in ("一般公共服务支出", "一、一般公共服务支出", "201", "32", "支出.一般公共服务支出"):
        assert cell(block(layout, "总表", {name: 5}, "支出"), "201", "金额") == ("5", "number"), name
    for name in ("收入.总计", "收入.31"):
        assert cell(block(layout, "总表", {name: 5}, "收入"), "总计", "金额") == ("5", "number"), name


def test_code_rows_have_level_parent_and_name(layout: Layout) -> None:
    data = block(layout, "支出表", {"合计": ["3.00"], "201 一般公共服务支出": ["3.00"], "20103 某款": ["3.00"], "2010301 行政运行": {"基本支出": "3.00"}})
    assert [(r.key, r.level, r.parent, r.role) for r in data.rows] == [("合计", 0, None, "合计"), ("201", 1, None, "明细"), ("20103", 2, "201", "明细"), ("2010301", 3, "20103", "明细")]
    assert row(data, "2010301").label == "行政运行"
    assert cell(data, "2010301", "基本支出") == ("3.00", "number")
    assert cell(data, "2010301", "项目支出")[1] == "blank"


def test_nearest_present_ancestor(layout: Layout) -> None:
    data = block(layout, "支出表", {"201 甲": [1], "2010301 乙": [1]})
    assert row(data, "2010301").parent == "201"
    panels = block(layout, "基本明细表", {"30101": "1.00"})
    assert (row(panels, "30101").parent, row(panels, "30101").level, row(panels, "301").level) == ("301", 2, 1)


def test_states_of_cells(layout: Layout) -> None:
    data = block(layout, "支出表", {"合计": ["0.00", "", "-", "1.0x", "字", "1,204.00"]})
    assert [a[0].state for a in data.columns.values()] == ["zero", "blank", "dash", "unreadable", "text", "number"]
    report = build_report(layout, {"支出表": {"合计": ["1.0x"]}})
    assert [(p.kind, p.key) for p in report.problems] == [("值不识别", "合计")]


def test_settings(layout: Layout) -> None:
    report = build_report(layout, {"总表": {"单位": "元", "行次": {"本年收入合计": 26}, "次序": ["其他收入", "事业收入"], "读取问题": ["缺列：没有金额", "表头不识别：没有表头"], "结余分配": "缺"}})
    table = report.tables["收入支出决算总表"]
    assert table.unit == "元"
    assert row(table.blocks["收入"], "本年收入合计").line == 26
    assert [r.key for r in table.blocks["收入"].rows[:3]] == ["其他收入", "事业收入", "一般公共预算财政拨款收入"]
    assert [(p.kind, p.blocking) for p in table.problems] == [("缺列", False), ("表头不识别", True)]
    assert "结余分配" not in [r.key for r in table.blocks["支出"].rows]


def test_empty_and_optional(layout: Layout) -> None:
    report = build_report(layout, {"国资表": "空", "三公表": {"合计": ["1.00", "1.00"]}})
    state = report.tables["国有资本经营预算财政拨款支出决算表"]
    assert state.empty and list(state.blocks[""].columns) == ["合计", "基本支出", "项目支出"]
    assert not report.tables["财政拨款“三公”经费支出决算表"].empty
    assert "年初结转和结余" in block(layout, "国资表", {"合计": {"年初结转和结余": "1.00"}}).columns


def test_every_cell_has_its_own_place(layout: Layout) -> None:
    report = build_report(layout, {"总表": {"收入.总计": 1}, "支出表": {"合计": [1]}})
    places = [r.place.line for t in report.tables.values() for b in t.blocks.values() for r in b.rows]
    assert all(places)
    first, second = (t.place.line for t in report.tables.values())
    assert first != second


@pytest.mark.parametrize(
    ("tables", "path", "words"),
    [
        ({"总标": {}}, ("总标",), "总表"),
        ({"总表": [1]}, ("总表",), "空"),
        ({"总表": {"总计": 1}}, ("总表", "总计"), "收入.行"),
        ({"总表": {"没有这行": 1}}, ("总表", "没有这行"), "没有这行"),
        ({"支出表": {"合计": 1}}, ("支出表", "合计"), "6 栏"),
        ({"支出表": {"合计": [1, 2, 3, 4, 5, 6, 7]}}, ("支出表", "合计"), "6 栏"),
        ({"支出表": {"合计": {"没有这栏": 1}}}, ("支出表", "合计", "没有这栏"), "没有这栏"),
    ],
)
def test_what_the_layout_does_not_have(layout: Layout, tables: dict[str, Any], path: tuple[str, ...], words: str) -> None:
    with pytest.raises(CaseProblem) as caught:
        build_report(layout, tables)
    assert caught.value.path == ("tables", *path)
    assert words in caught.value.message

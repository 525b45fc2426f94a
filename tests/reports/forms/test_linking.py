"""Projects of the prose and their forms."""

from __future__ import annotations

from form_grids import cell, read

from juesuan_rules.amounts import PERCENT, SCORE, Amount, read_amount
from juesuan_rules.catalogue.records import PROJECT_FACTS, record_specs
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.reports.forms.linking import link_projects
from juesuan_rules.reports.model import BlockData, Row, Table


def forms(*projects: tuple[str, str, str, str]) -> Table:
    """Forms of projects: name, unit, budget, outlay."""
    text = "\n\n".join(
        f"项目支出绩效自评表\n\n项目名称|{name}||\n实施单位|{unit}||\n预算数|{budget}|执行数|{spent}\n绩效指标|一级指标|三级指标|指标值\n|产出指标|次数|1"
        for name, unit, budget, spent in projects
    )
    return read("\n" + text + "\n")


def told(*projects: tuple[str, str, str, str]) -> Table:
    """文字项目: name, budget, outlay, score."""
    spec = next(spec for spec in record_specs(()) if spec.id == PROJECT_FACTS)
    block = spec.blocks[0]
    columns: dict[str, tuple[Amount, ...]] = {column.name: tuple([Amount("", "blank")] * len(projects)) for column in block.columns}
    columns["预算数"] = tuple([read_amount(budget, "万元") for _, budget, _, _ in projects])
    columns["执行数"] = tuple([read_amount(spent, "万元") for _, _, spent, _ in projects])
    columns["完成率"] = tuple([read_amount("100", PERCENT) for _ in projects])
    columns["得分"] = tuple([read_amount(score, SCORE) for *_, score in projects])
    rows = tuple([Row(name, name, name) for name, *_ in projects])
    return Table(spec, spec.id, "万元", {"": BlockData(block, rows, columns)}, GridBlock(()))


def names(table: Table) -> list[str]:
    return [amount.raw for amount in table.blocks[""].columns["文中项目"]]


def test_a_project_finds_the_form_of_its_name() -> None:
    table = link_projects(forms(("大厅运转经费", "甲", "10", "9"), ("设备更新项目", "甲", "20", "20")), told(("设备更新", "20", "20", "99"), ("大厅运转经费", "11", "9", "98")))
    assert names(table) == ["大厅运转经费", "设备更新"]
    assert cell(table, "", 0, "文中预算数").raw == "11" and cell(table, "", 1, "文中得分").value == 99


def test_forms_of_one_name_are_told_apart_by_money_and_unit() -> None:
    both = forms(("信息化项目", "某局本级", "300", "277"), ("信息化项目", "某中心", "82.3", "82.3"))
    assert names(link_projects(both, told(("信息化项目（某中心）", "82.3", "82.3", "100"), ("信息化项目", "300", "277", "99")))) == ["信息化项目", "信息化项目（某中心）"]


def test_names_alike_need_the_money_to_agree() -> None:
    one = forms(("政府办专项业务经费", "甲", "153", "153"))
    assert names(link_projects(one, told(("专项业务经费", "153", "150", "100")))) == ["专项业务经费"]
    assert names(link_projects(one, told(("公文印刷业务经费", "20", "20", "100")))) == [""]


def test_a_form_without_a_name_goes_by_money_alone() -> None:
    one = forms(("", "甲", "84.05", "84.05"))
    assert names(link_projects(one, told(("业务用房建设", "84.05", "84.05", "100")))) == ["业务用房建设"]


def test_nothing_told_leaves_forms_as_they_are() -> None:
    one = forms(("大厅", "甲", "1", "1"))
    assert link_projects(one, None) is one and link_projects(one, told()) is one

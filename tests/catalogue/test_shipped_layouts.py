"""The layouts that ship: what they promise about tables, numbers, rows and keys."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from juesuan_rules import yamlfile
from juesuan_rules.catalogue import shape
from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.catalogue.words import KINDS

RULES = Path(__file__).parents[2] / "rules"
CHAINS = [("cn",), ("cn", "cn-21-liaoning"), ("cn", "cn-42-hubei"), ("cn", "cn-15-neimenggu"), ("cn", "cn-31-shanghai")]


def layout_of(*packs: str, year: int | None = 2023) -> Layout:
    layout, problems, _ = load_layout([(pack, RULES / pack / "layouts") for pack in packs], year, "")
    assert problems == ()
    return layout


def numbers(layout: Layout) -> dict[str, str]:
    return {table.short[0]: table.number for table in layout.tables}


def table_of(layout: Layout, name: str) -> TableSpec:
    table = layout.table(name)
    assert table is not None
    return table


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("year", [None, 2019, 2021, 2022, 2023, 2024, 2030])
def test_sound_for_every_year(chain: tuple[str, ...], year: int | None) -> None:
    layout = layout_of(*chain, year=year)
    for table in layout.tables:
        for block in table.blocks:
            assert len({row.key for row in block.rows}) == len(block.rows)
            lines = [row.line for row in block.rows if row.line is not None]
            assert lines == sorted(set(lines))


def test_table_numbers_per_region() -> None:
    assert [numbers(layout_of("cn"))[t] for t in ("基金表", "国资表", "三公表")] == ["07", "08", "09"]
    assert [numbers(layout_of("cn", "cn-21-liaoning"))[t] for t in ("三公表", "基金表", "国资表")] == ["07", "08", "09"]
    assert [numbers(layout_of("cn", "cn-31-shanghai", year=2024))[t] for t in ("三公表", "基金表", "国资表")] == ["07", "08", "09"]
    assert [numbers(layout_of("cn", "cn-42-hubei"))[t] for t in ("基金表", "国资表", "三公表")] == ["07", "08", "09"]
    assert [numbers(layout_of("cn", "cn-42-hubei", year=2021))[t] for t in ("三公表", "基金表", "国资表")] == ["07", "08", "09"]
    neimenggu = numbers(layout_of("cn", "cn-15-neimenggu"))
    assert len(neimenggu) == 11 and [neimenggu[t] for t in ("项目明细表", "基金表", "国资表", "三公表", "信息表")] == ["07", "08", "09", "10", "11"]
    assert len(numbers(layout_of("cn", "cn-15-neimenggu", year=2022))) == 12


def test_lines_of_the_two_totals_tables() -> None:
    layout = layout_of("cn")
    income, spending = table_of(layout, "总表").blocks
    assert [r.line for r in income.rows] == list(range(1, 32)) and [r.line for r in spending.rows] == list(range(32, 63))
    income, spending = table_of(layout, "财拨总表").blocks
    assert [r.line for r in income.rows] == list(range(1, 33)) and [r.line for r in spending.rows] == list(range(33, 65))
    assert {r.key: r.line for r in spending.rows}["229"] == 55


def test_rows_that_are_the_same_thing_share_a_key() -> None:
    layout = layout_of("cn")
    total, fiscal = table_of(layout, "总表"), table_of(layout, "财拨总表")
    classes = [[r.key for r in t.blocks[1].rows if r.role == "明细"] for t in (total, fiscal)]
    assert classes[0] == classes[1] and len(classes[0]) == 26 and all(key.isdecimal() and len(key) == 3 for key in classes[0])
    shared = {r.key for r in total.blocks[0].rows} & {r.key for r in fiscal.blocks[0].rows if r.role != "空"}
    assert {"一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "本年收入合计", "总计"} <= shared
    assert "年初结转和结余" not in shared


def test_both_ways_of_printing_the_three_expenses_share_keys() -> None:
    for chain in CHAINS:
        table = table_of(layout_of(*chain), "三公表")
        keys = {row.key for row in table.blocks[0].rows if not row.optional}
        assert keys == {"合计", "因公出国", "公务接待", "公务用车购置及运行", "运行维护", "购置"} == {row for _, row, _ in table.wide}
        assert [ordinal for ordinal, _, _ in table.wide] == list(range(1, 13))


def test_expected_economic_rows() -> None:
    rows = {row.key: row for row in table_of(layout_of("cn"), "基本明细表").blocks[0].rows}
    groups = {head: sum(1 for key in rows if key.startswith(head) and len(key) == 5) for head in ("301", "303", "302", "307", "310", "399")}
    assert groups == {"301": 13, "303": 12, "302": 27, "307": 2, "310": 16, "399": 5}
    assert rows["312"].optional and not rows["301"].optional


def test_schema_names_the_keys_the_loader_knows() -> None:
    schema = json.loads(files("juesuan_rules.schemas").joinpath("layout.schema.json").read_text(encoding="utf-8"))
    known = {
        "table": shape.TABLE_KEYS, "block": shape.BLOCK_KEYS, "column": shape.COLUMN_KEYS, "row": shape.ROW_KEYS,
        "group": shape.GROUP_KEYS, "use": shape.USE_KEYS, "blank": shape.BLANK_KEYS,
    }  # fmt: skip
    assert set(schema["properties"]) == set(shape.FILE_KEYS)
    assert set(schema["properties"]["words"]["properties"]) == set(KINDS)
    for name, keys in known.items():
        assert set(schema["$defs"][name]["properties"]) == set(keys), name
    for name in ("form", "chart", "blank", "presence", "childless"):
        assert tuple(schema["$defs"]["table"]["properties"][name]["enum"]) == shape.CHOICES[name]


def test_shipped_layouts_fit_the_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(files("juesuan_rules.schemas").joinpath("layout.schema.json").read_text(encoding="utf-8"))
    paths = sorted(RULES.glob("*/layouts/*.yaml"))
    assert paths
    for path in paths:
        jsonschema.validate(yamlfile.load(path).data, schema)

"""Layout files: dating, differences, and every problem at its place."""

from __future__ import annotations

from pathlib import Path

from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic

BASE = """\
layout: 1
years: 2020..2023
lists:
  甲乙: [[甲, 甲支出], [乙, 乙支出]]
tables:
  - id: 收支表
    short: [收支]
    titles: [收支表]
    number: "01"
    form: fixed
    blocks:
      - name: 收入
        columns: [{name: 金额, ordinal: 1}]
        rows: [{key: 拨款, line: 1}, {blank: 2..3}, {key: 合计, line: 4, role: 合计}]
      - name: 支出
        columns: [{name: 金额, ordinal: 2}, {name: 其中拨款, ordinal: 3}]
        rows: [{use: 甲乙, first_line: 5, numbered: true}, {key: 合计, line: 7, role: 合计}]
"""


def folder(root: Path, pack: str, **files: str) -> tuple[str, Path]:
    path = root / pack / "layouts"
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return pack, path


def load(*folders: tuple[str, Path], year: int | None = 2023) -> tuple[Layout, tuple[Diagnostic, ...], str]:
    return load_layout(folders, year, "")


def sound(*folders: tuple[str, Path], year: int | None = 2023) -> Layout:
    layout, problems, _ = load(*folders, year=year)
    assert problems == ()
    return layout


def test_base_is_read_in_full(tmp_path: Path) -> None:
    layout = sound(folder(tmp_path, "国", a=BASE))
    table = layout.table("收支")
    assert table is layout.table("01表") is layout.table("1表") and table is not None
    income, spending = table.blocks
    assert [(r.key, r.line, r.role) for r in income.rows] == [("拨款", 1, "明细"), ("空行2", 2, "空"), ("空行3", 3, "空"), ("合计", 4, "合计")]
    assert [(r.key, r.label, r.line, r.sequence) for r in spending.rows] == [("甲", "甲支出", 5, "一"), ("乙", "乙支出", 6, "二"), ("合计", "合计", 7, "")]
    assert layout.years == (2020, 2023) and layout.digest.startswith("sha256:") and table.pack == "国"


def test_child_lists_differences_only(tmp_path: Path) -> None:
    child = """\
layout: 1
tables:
  - id: 收支表
    titles: [收支总表]
    number: "09"
    blocks:
      - name: 收入
        rows: [{key: 拨款, label: 财政拨款}, {key: 捐赠, after: 拨款}, {key: 空行3, remove: true}]
      - name: 支出
        aliases: [支出部分]
        columns: [{name: 其中拨款, before: 金额, ordinal: 2}, {name: 金额, ordinal: 3}]
        rows: [{key: 丙, label: 丙支出, before: 合计}]
        first_line: 10
"""
    layout = sound(folder(tmp_path, "国", a=BASE), folder(tmp_path, "省", a=child))
    table = layout.table("收支")
    assert table is not None and table.number == "09" and table.titles == ("收支总表", "收支表") and table.pack == "省" and layout.pack == "省"
    income, spending = table.blocks
    assert [r.key for r in income.rows] == ["拨款", "捐赠", "空行2", "合计"]
    assert (income.rows[0].label, income.rows[0].aliases) == ("财政拨款", ("拨款",)), "the old label stays known"
    assert [(c.name, c.ordinal) for c in spending.columns] == [("其中拨款", 2), ("金额", 3)]
    assert [(r.key, r.line) for r in spending.rows] == [("甲", 10), ("乙", 11), ("丙", 12), ("合计", 13)]


def test_tables_are_added_and_removed(tmp_path: Path) -> None:
    child = """\
layout: 1
tables:
  - {id: 收支表, remove: true}
  - {id: 信息表, titles: [信息表], number: "02", form: fixed, blocks: [{columns: [金额], rows: [{key: 车辆}]}]}
"""
    layout = sound(folder(tmp_path, "国", a=BASE), folder(tmp_path, "省", a=child))
    assert [t.id for t in layout.tables] == ["信息表"]


def test_files_and_tables_are_dated(tmp_path: Path) -> None:
    newer = 'layout: 1\nyears: 2024..2025\ntables: [{id: 收支表, titles: [新表], form: fixed, number: "02", blocks: [{columns: [金额], rows: [{key: 甲}]}]}]\n'
    child = 'layout: 1\ntables: [{id: 收支表, number: "07", years: ..2021}]\n'
    nation, province = folder(tmp_path, "国", a=BASE, b=newer), folder(tmp_path, "省", a=child)
    numbers = {}
    for year in (2019, 2021, 2022, 2024, 2030, None):
        layout, problems, note = load(nation, province, year=year)
        assert problems == ()
        numbers[year] = (layout.tables[0].number, bool(note))
    assert numbers == {2019: ("07", True), 2021: ("07", False), 2022: ("01", False), 2024: ("02", False), 2030: ("02", True), None: ("02", False)}
    assert load(nation, year=2030)[2] == "国 没有 2030 年度的表样，按 2024..2025 年度的读"


def test_digest_follows_content(tmp_path: Path) -> None:
    first = sound(folder(tmp_path / "1", "国", a=BASE))
    same = sound(folder(tmp_path / "2", "国", a="# 注\n" + BASE))
    other = sound(folder(tmp_path / "3", "国", a=BASE.replace("line: 4", "line: 5")))
    assert first.digest == same.digest != other.digest


def problems_of(tmp_path: Path, text: str) -> list[tuple[str, int, int, str]]:
    _, problems, _ = load(folder(tmp_path, "国", a=text))
    assert all(p.span.file for p in problems) and all(p.code.startswith("E4") for p in problems)
    return [(p.code, p.span.line, p.span.column, p.hint) for p in problems]


def test_every_problem_at_its_place_and_all_at_once(tmp_path: Path) -> None:
    wrong = (
        BASE.replace("titles: [收支表]", "title: [收支表]")
        .replace("role: 合计}]\n      - name", "role: 总和}]\n      - name")
        .replace("use: 甲乙", "use: 丙丁")
        .replace("form: fixed", "form: fix")
    )
    found = problems_of(tmp_path, wrong)
    assert ("E411", 8, 5, "是不是想写：titles") in found
    assert ("E413", 10, 11, "是不是想写：fixed") in found
    assert any(code == "E413" and line == 14 for code, line, _, _ in found)
    assert any(code == "E431" and line == 17 and hint == "已有：甲乙" for code, line, _, hint in found)


def test_unknown_targets_have_a_suggestion(tmp_path: Path) -> None:
    child = "layout: 1\ntables:\n  - id: 收支表\n    blocks:\n      - name: 收入\n        rows: [{key: 拔款, remove: true}, {key: 赠, after: 合计行}]\n"
    _, problems, _ = load(folder(tmp_path, "国", a=BASE), folder(tmp_path, "省", a=child))
    assert [(p.code, p.span.line, p.hint) for p in problems] == [("E431", 6, "是不是想写：拨款"), ("E431", 6, "是不是想写：合计")]


def test_misspelt_table_id_is_not_silently_a_new_table(tmp_path: Path) -> None:
    _, problems, _ = load(folder(tmp_path, "国", a=BASE), folder(tmp_path, "省", a='layout: 1\ntables: [{id: 收支总表, number: "02"}]\n'))
    assert {p.code for p in problems} == {"E412"} and "收支表" in problems[0].hint


def test_repeated_rows_names_and_numbers(tmp_path: Path) -> None:
    text = BASE.replace("{key: 拨款, line: 1}", "{key: 拨款, line: 1}, {key: 拨款}") + (
        "  - {id: 乙表, short: [收支], titles: [乙表], number: '01', form: fixed, blocks: [{columns: [金额]}]}\n"
    )
    messages = [p.message for p in load(folder(tmp_path, "国", a=text))[1]]
    assert messages == ["行“拨款”重复", "“收支”既指“收支表”又指“乙表”", "“1表”既指“收支表”又指“乙表”"]


def test_wide_must_name_rows_and_columns(tmp_path: Path) -> None:
    table = "tables: [{id: 甲, titles: [甲], form: wide, wide: {预算数: [合计, 出国]}, blocks: [{columns: [预算数], rows: [{key: 合计}]}]}]"
    layout, problems, _ = load(folder(tmp_path, "国", a="layout: 1\n" + table))
    assert [p.code for p in problems] == ["E431"] and layout.tables[0].wide == ()
    layout = sound(folder(tmp_path, "省", a="layout: 1\n" + table.replace("rows: [{key: 合计}]", "rows: [{key: 合计}, {key: 出国}]")))
    assert layout.tables[0].wide == ((1, "合计", "预算数"), (2, "出国", "预算数"))


def test_broken_file_and_missing_folder(tmp_path: Path) -> None:
    assert {p.code for p in load(folder(tmp_path, "国", a="layout: 1\ntables: [\n"))[1]} == {"E400", "E412"}
    assert [p.code for p in load(("无", tmp_path / "无"))[1]] == ["E412"]
    assert "E412" in {p.code for p in load(folder(tmp_path, "乙", a="tables: []\n"))[1]}

"""Facts, forms and dictionaries of packs: merging, dating, and every problem at its place."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from juesuan_rules import yamlfile
from juesuan_rules.catalogue import declared
from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.catalogue.records import ASPECTS, FORM_KINDS
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.resources import rules_root

LAYOUT = "layout: 1\ntables: [{id: 甲表, titles: [甲表], form: fixed, blocks: [{columns: [金额], rows: [{key: 甲}]}]}]\n"
SCHEMAS = Path(declared.__file__).parents[1] / "schemas"


def pack(root: Path, name: str, **files: str) -> tuple[str, Path]:
    """A pack with one file per folder; the layouts folder as `load_layout` wants it."""
    for folder, text in {**({"layouts": LAYOUT} if name == "国" else {}), **files}.items():
        path = root / name / folder.partition("_")[0]
        path.mkdir(parents=True, exist_ok=True)
        (path / f"{folder}.yaml").write_text(text, encoding="utf-8")
    return name, root / name / "layouts"


def read(*packs: tuple[str, Path], year: int | None = 2023) -> tuple[Layout, tuple[Diagnostic, ...]]:
    layout, problems, _ = load_layout(packs, year, "")
    return layout, problems


def sound(*packs: tuple[str, Path], year: int | None = 2023) -> Layout:
    layout, problems = read(*packs, year=year)
    assert problems == ()
    return layout


FACTS = """\
facts:
  - {name: 收入总计, names: [收入总额, 总收入], sections: [收入], expected: 应有}
  - name: 车辆数
    unit: 辆
    needs: [保有]
    patterns: ["保有量{整数}辆"]
"""


def test_facts_are_read_and_become_rows(tmp_path: Path) -> None:
    layout = sound(pack(tmp_path, "国", facts=FACTS))
    income, cars = layout.facts
    assert (income.name, income.names, income.sections, income.expected, income.pack) == ("收入总计", ("收入总额", "总收入"), ("收入",), "应有", "国")
    assert (cars.unit, cars.needs, cars.patterns, cars.expected) == ("辆", ("保有",), ("保有量{整数}辆",), "可无")
    table = layout.table("文字")
    assert table is not None and [(r.key, r.unit, r.optional) for r in table.blocks[0].rows] == [("收入总计", "", False), ("车辆数", "辆", True)]
    assert layout.table("自评表") is not None, "record sets stand in every layout"


def test_a_child_changes_only_what_it_gives(tmp_path: Path) -> None:
    child = "facts:\n  - {name: 收入总计, names: [收入合计], drop: [总收入], outside: [预算]}\n  - {name: 车辆数, remove: true}\n  - {name: 支出总计}\n"
    layout = sound(pack(tmp_path, "国", facts=FACTS), pack(tmp_path, "省", facts=child))
    income, spending = layout.facts
    assert income.names == ("收入总额", "收入合计") and income.outside == ("预算",)
    assert (income.sections, income.expected, income.pack) == (("收入",), "应有", "省")
    assert (spending.name, spending.pack) == ("支出总计", "省")


def test_facts_are_dated_one_by_one_or_by_file(tmp_path: Path) -> None:
    text = "facts:\n  - {name: 甲, years: ..2022, unit: 个}\n  - {name: 甲, years: 2023..}\n  - {name: 乙, years: 2021..2022}\n"
    nation = pack(tmp_path, "国", facts=text, facts_old="years: ..2020\nfacts: [{name: 丙}]\n")
    names = {year: [(f.name, f.unit) for f in sound(nation, year=year).facts] for year in (2019, 2022, 2023, None)}
    assert names == {2019: [("甲", "个"), ("丙", "")], 2022: [("甲", "个"), ("乙", "")], 2023: [("甲", "")], None: [("甲", "")]}


def test_forms_are_merged_label_by_label(tmp_path: Path) -> None:
    nation = "forms:\n  - {name: 项目, kind: 项目自评表, titles: [自评表], fields: {预算数: [预算金额], 总分: [总分]}, columns: {得分: [得分]}, marks: [甲]}\n"
    child = "forms:\n  - {name: 项目, titles: [自评情况表], fields: {预算数: [全年预算数]}, columns: {完成值: [实际完成值]}, marks: [乙]}\n"
    (form,) = sound(pack(tmp_path, "国", forms=nation), pack(tmp_path, "省", forms=child)).forms
    assert form.titles == ("自评表", "自评情况表") and form.marks == ("乙",) and form.kind == "项目自评表"
    assert dict(form.fields) == {"预算数": ("预算金额", "全年预算数"), "总分": ("总分",)}
    assert dict(form.columns) == {"得分": ("得分",), "完成值": ("实际完成值",)}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ('{"2010301": 行政运行, "0101": 甲}', (("2010301", "行政运行"), ("0101", "甲"))),
        ("[国土资源局, 甲]", (("国土资源局", ""), ("甲", ""))),
        ("|\n      # 注\n      2010301 行政运行\n\n      20199\t其他 支出\n      甲\n", (("2010301", "行政运行"), ("20199", "其他 支出"), ("甲", ""))),
    ],
)
def test_entries_of_a_dictionary_in_three_spellings(tmp_path: Path, entries: str, expected: object) -> None:
    text = f"dictionaries:\n  - name: 词\n    verified: true\n    source: 某通知\n    entries: {entries}\n"
    (words,) = sound(pack(tmp_path, "国", dictionaries=text)).dictionaries
    assert words.entries == expected and words.verified and words.source == "某通知" and words.pack == "国"


def test_dictionaries_are_joined_and_dated(tmp_path: Path) -> None:
    nation = "dictionaries:\n  - {name: 科目, years: 2020..2022, entries: {a: 旧, b: 乙}}\n  - {name: 科目, years: 2023.., entries: {a: 新}}\n"
    child = "dictionaries:\n  - {name: 科目, entries: {c: 丙, a: 改}, drop: [b]}\n"
    packs = pack(tmp_path, "国", dictionaries=nation), pack(tmp_path, "省", dictionaries=child)
    found = {year: sound(*packs, year=year).dictionaries[0] for year in (2021,)}
    assert found[2021].entries == (("a", "改"), ("c", "丙")) and found[2021].years == (2020, 2022)
    alone = {year: sound(packs[0], year=year).dictionaries[0] for year in (2018, 2022, 2030, None)}
    assert {year: d.entries[0][1] for year, d in alone.items()} == {2018: "旧", 2022: "旧", 2030: "新", None: "新"}
    assert alone[2018].years == (2020, 2022), "the years say that the nearest period was taken"


def test_everything_declared_is_in_the_digest(tmp_path: Path) -> None:
    words = "dictionaries:\n  - {name: 词, entries: [甲]}\n"
    first = sound(pack(tmp_path / "1", "国", facts=FACTS, dictionaries=words)).digest
    assert first == sound(pack(tmp_path / "2", "国", facts="# 注\n" + FACTS, dictionaries=words)).digest
    assert first != sound(pack(tmp_path / "3", "国", facts=FACTS.replace("总收入", "收入合计"), dictionaries=words)).digest
    assert first != sound(pack(tmp_path / "4", "国", facts=FACTS, dictionaries=words.replace("甲", "乙"))).digest


def problems_of(tmp_path: Path, **files: str) -> list[tuple[str, int, int, str]]:
    _, problems = read(pack(tmp_path, "国", **files))
    assert all(p.span.file and p.code.startswith("E4") for p in problems)
    return [(p.code, p.span.line, p.span.column, p.hint) for p in problems]


def test_every_problem_of_a_facts_file_at_once(tmp_path: Path) -> None:
    text = """\
facts:
  - {name: 甲, nmaes: [乙]}
  - {name: 乙, unit: 量, expected: 必有}
  - {names: [丙]}
  - {name: 增减率}
  - name: 丙
    patterns: ["共{金饿}", "共{}", "{金额}占{百分比"]
  - {name: 甲}
  - 丁
  - {name: 戊, sections: 收入, remove: true}
"""
    found = problems_of(tmp_path, facts=text)
    assert ("E411", 2, 15, "是不是想写：names、name、needs") in found
    assert {(code, line) for code, line, _, _ in found} == {
        ("E411", 2), ("E413", 3), ("E412", 4), ("E413", 5), ("E413", 7), ("E430", 8), ("E410", 9), ("E413", 10), ("E431", 10),
    }  # fmt: skip
    hints = [hint for _, line, _, hint in found if line == 7]
    assert hints == ["是不是想写：{金额}", "可以写：{金额}、{百分比}、{整数}、{科目}、{文字}", ""], "the last brace is not closed"


def test_a_phrase_of_two_facts_needs_something_to_tell_them_apart(tmp_path: Path) -> None:
    text = "facts:\n  - {name: 甲, names: [共同]}\n  - {name: 乙, names: [共 同]}\n"
    _, problems = read(pack(tmp_path / "1", "国", facts=text))
    assert [(p.code, p.is_error, p.span.line) for p in problems] == [("W410", False, 3)] and "共同" in problems[0].message
    for apart in ("sections: [收入]", "unit: 个", "needs: [年末]"):
        sound(pack(tmp_path / apart, "国", facts=text.replace("[共 同]", f"[共 同], {apart}")))


def test_problems_of_forms_and_dictionaries(tmp_path: Path) -> None:
    forms = "forms:\n  - {name: 甲}\n  - {name: 乙, kind: 自评表}\n  - {name: 丙, kind: 项目自评表, fields: [甲], columns: {得分: 分}}\n"
    forms += "  - {name: 丁, kind: 项目自评表, fields: {预算书: [甲], 单位名称: [乙], 资金.本年.预算数: [丙]}, columns: {得份: [丁]}}\n"
    words = "dictionaries:\n  - {name: 甲}\n  - {name: 乙, entries: [子, 子]}\n  - {name: 丙, entries: 5}\n  - name: 丁\n    entries: |\n      子 一\n      子 二\n"
    found = {(code, line) for code, line, _, _ in problems_of(tmp_path, forms=forms, dictionaries=words)}
    assert found >= {("E412", 2), ("E413", 3), ("E413", 4), ("E430", 3), ("E413", 4), ("E430", 6)}
    hints = [hint for code, line, _, hint in problems_of(tmp_path / "又", forms=forms) if code == "E411"]
    assert [hint.startswith(f"是不是想写：{name}") for hint, name in zip(hints, ("预算数", "得分"), strict=True)] == [True, True]


def test_what_a_child_takes_away_must_be_there(tmp_path: Path) -> None:
    child = "facts:\n  - {name: 收入总计, drop: [总收人]}\n"
    _, problems = read(pack(tmp_path, "国", facts=FACTS), pack(tmp_path, "省", facts=child))
    assert [(p.code, p.span.line, p.hint) for p in problems] == [("E431", 2, "是不是想写：总收入")]


@pytest.mark.parametrize("text", ["facts: [\n", "fact: []\n", "facts: {}\n", "- 甲\n", "language: 2\nfacts: []\n"])
def test_files_that_are_no_facts_files(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, facts=text)


# ------------------------------------------------------------------ schemas


def schema(kind: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.mark.parametrize(("kind", "item", "keys"), [("facts", "fact", declared.FACT_KEYS), ("forms", "form", declared.FORM_KEYS), ("dictionaries", "dictionary", declared.DICTIONARY_KEYS)])
def test_schemas_and_readers_know_the_same_keys(kind: str, item: str, keys: dict[str, str]) -> None:
    found = schema(kind)
    assert set(found["properties"]) == {"language", "years", kind}  # type: ignore[call-overload]
    assert set(found["$defs"][item]["properties"]) == set(keys)  # type: ignore[index]
    if kind == "forms":
        assert tuple(found["$defs"][item]["properties"]["kind"]["enum"]) == FORM_KINDS  # type: ignore[index]


FILES = [(kind, path) for kind in ("facts", "forms", "dictionaries") for path in sorted(rules_root().glob(f"*/{kind}/*.yaml"))]


@pytest.mark.parametrize(("kind", "path"), FILES, ids=lambda v: v if isinstance(v, str) else f"{v.parent.parent.name}-{v.stem}")
def test_shipped_files_meet_their_schema(kind: str, path: Path) -> None:
    file = yamlfile.load(path)
    assert not file.diagnostics
    jsonschema.Draft202012Validator(schema(kind)).validate(file.data)


def test_no_fact_may_be_called_like_a_column(tmp_path: Path) -> None:
    for name, _ in ASPECTS:
        assert [p[0] for p in problems_of(tmp_path / name, facts=f"facts: [{{name: {name}}}]\n")] == ["E413"]

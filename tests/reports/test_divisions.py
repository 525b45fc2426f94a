"""Divisions: names to codes, chains of names, short forms, and names that several places share."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.reports import divisions
from juesuan_rules.reports.divisions import PROSE, TITLE, UNIT, Clue, find_region, region_path, resolve_region

DATA = Path(divisions.__file__)

NAMES = {
    "辽宁省营商环境建设局": "21",
    "朝阳市人民政府办公室": "2113",
    "辽宁省朝阳市人民政府办公室": "2113",
    "北京市朝阳区财政局": "110105",
    "长春朝阳区财政局": "220104",
    "本溪市南芬区工业和信息化局（本级）": "210505",
    "曾都区政务服务和大数据管理局（汇总）": "421303",
    "科尔沁左翼中旗政务服务局": "150521",
    "科左中旗财政局": "150521",
    "内蒙古通辽市科左中旗教育局": "150521",
    "舟山普陀区财政局": "330903",
    "中共曾都区委办公室": "421303",
    "共青团四川省委": "51",
    "国家税务总局朝阳市税务局": "2113",
    "枣庄市市中区教育局": "370402",
    "神农架林区财政局": "429021",
    "仙桃市财政局": "429004",
    "东莞市财政局": "4419",
    "吉林省吉林市民政局": "2202",
    "吉林省民政厅": "22",
    "恩施州财政局": "4228",
    "恩施市财政局": "422801",
    "贵州省黔东南州凯里市水务局": "522601",
    "本溪县财政局": "210521",
    "海南省财政厅": "46",
    "海南藏族自治州财政局": "6325",
    "大连市中山区审计局": "210202",
    "中山市审计局": "4420",
    "雄县财政局": "130638",
    "晋城市城区教育局": "140502",
    "章丘市财政局": "370114",
    "襄樊市财政局": "4206",
    "广西南宁市青秀区财政局": "450103",
    "六枝特区财政局": "520203",
    "浦东新区财政局": "310115",
    "万柏林区教育局": "140109",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_units_name_gives_the_most_specific_code(name: str) -> None:
    assert find_region([Clue(name, UNIT)]).code == NAMES[name]


@pytest.mark.parametrize("name", ["吉林大学", "和平街道办事处", "新华书店", "长江水利委员会", "南山市政管理局", "财政局", "XX局", ""])
def test_words_that_are_no_division(name: str) -> None:
    assert find_region([Clue(name, UNIT)]).code is None


def test_a_shared_name_lists_its_candidates() -> None:
    match = find_region([Clue("鼓楼区财政局", UNIT)])
    assert match.code is None and len(match.ambiguous) == 4
    assert "福建省福州市鼓楼区（350102）" in match.ambiguous


def test_a_name_shared_inside_one_province_gives_the_province() -> None:
    match = find_region([Clue("江苏省鼓楼区财政局", UNIT)])
    assert (match.code, match.ambiguous) == ("32", ())


def test_heavier_clues_decide_and_lighter_ones_tell_apart() -> None:
    assert find_region([Clue("朝阳区财政局", UNIT), Clue("吉林省长春市", TITLE)]).code == "220104"
    assert find_region([Clue("朝阳区财政局", UNIT), Clue("按照北京市要求。北京市财政局批复。", PROSE)]).code == "110105"
    assert find_region([Clue("辽宁省财政厅", UNIT), Clue("沈阳市印刷厂", TITLE)]).code == "21"
    assert find_region([Clue("辽宁省财政厅", UNIT), Clue("大连市，大连市，大连市", PROSE)]).code == "21"


def test_one_passing_mention_in_prose_tells_nothing_apart() -> None:
    assert find_region([Clue("普陀区财政局", UNIT), Clue("赴上海考察", PROSE)]).ambiguous


def test_without_a_units_name_prose_must_be_clear() -> None:
    assert find_region([Clue("四川省财政厅批复。四川省的规定。", PROSE)]).code == "51"
    assert find_region([Clue("四川省、云南省、贵州省、甘肃省", PROSE)]).code is None
    assert find_region([Clue("朝阳产业，市中心，全市", PROSE)]).code is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("21", "21"), ("210000", "21"), ("210505000000", "210505"), ("辽宁", "21"), ("湖北随州曾都区", "421303"), (" 随州市 ", "4213"), ("99", None), ("火星", None), ("朝阳区", None), ("辽宁省财政厅", None), ("2105051", "210505")],
)
def test_what_a_person_types(typed: str, code: str | None) -> None:
    assert resolve_region(typed).code == code


def test_the_whole_path_is_the_name() -> None:
    assert region_path("210505") == "辽宁省本溪市南芬区"
    assert region_path("110105") == "北京市朝阳区"
    assert region_path("429004") == "湖北省仙桃市"
    assert region_path("99") == ""


def test_the_data_is_sorted_whole_and_says_where_it_is_from() -> None:
    lines = DATA.with_name("divisions.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#") and "来源" in lines[1] and "://" not in "".join(lines)
    codes = [line.split("\t")[0] for line in lines if line[0] != "#"]
    assert codes == sorted(set(codes)) and len(codes) > 3000
    assert all(re.fullmatch(r"\d\d(?:\d\d){0,2}", code) and code[:2] in codes for code in codes)
    assert max(len(line.split("\t")[1]) for line in lines if line[0] != "#") <= 15


def test_aliases_name_known_codes_and_no_standing_name() -> None:
    codes, names = set(), set()
    for line in DATA.with_name("divisions.tsv").read_text(encoding="utf-8").splitlines():
        if line[0] != "#":
            code, name, _ = line.split("\t")
            codes.add(code)
            names.add(name)
    for line in DATA.with_name("division_aliases.tsv").read_text(encoding="utf-8").splitlines():
        if line[0] != "#":
            alias, code, kind = line.split("\t")
            assert code in codes and alias not in names and kind in ("简称", "曾用名"), line


def test_short_forms_are_derived_by_rule() -> None:
    path = Path(__file__).parents[2] / "tools" / "make_divisions.py"
    spec = importlib.util.spec_from_file_location("make_divisions", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    forms = {
        "辽宁省": ["辽宁"],
        "新疆维吾尔自治区": ["新疆"],
        "黔东南苗族侗族自治州": ["黔东南州", "黔东南"],
        "本溪满族自治县": ["本溪县", "本溪"],
        "隆林各族自治县": ["隆林县", "隆林"],
        "神农架林区": ["神农架"],
        "万柏林区": ["万柏林"],
        "浦东新区": ["浦东"],
        "清新区": ["清新"],
        "赵县": [],
        "敖汉旗": ["敖汉"],
    }
    assert {name: module.short_forms(name) for name in forms} == forms


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from([UNIT, TITLE, PROSE])), max_size=5))
def test_no_text_breaks_it(clues: list[tuple[str, int]]) -> None:
    match = find_region([Clue(text, weight) for text, weight in clues])
    assert match.code is None or region_path(match.code)

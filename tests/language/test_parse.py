"""Text → tree: what each way of writing means, and the bounds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan_rules.language import syntax as s
from juesuan_rules.language.parse import MAX_BRACKETS, MAX_DEPTH, MAX_LENGTH, load_parser, parse_expression
from juesuan_rules.language.units import UNITS


def tree(text: str) -> s.Expression:
    result = parse_expression(text)
    assert not isinstance(result, tuple), result
    return result


def path(*parts: s.Part | str) -> s.Path:
    return s.Path(tuple(s.Name(p) if isinstance(p, str) else p for p in parts))


def test_the_example_of_the_manual() -> None:
    assert tree("sum(01表.支出) == 本年支出合计 ± 0.02") == s.Comparison(
        (s.Call("sum", (path("01表", "支出"),)), path("本年支出合计")), ("==",), s.Tolerance(s.Number("0.02"))
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("总表[58行, 2栏]", path("总表", s.Selector((s.Lines("58"), s.Column("2"))))),
        ("总表[1..8行, 1栏]", path("总表", s.Selector((s.Lines("1", "8"), s.Column("1"))))),
        ("总表[1-8行]", path("总表", s.Selector((s.Lines("1", "8"),)))),
        ("总表[1行至8行]", path("总表", s.Selector((s.Lines("1", "8"),)))),
        ("支出表[2010301].基本支出", path("支出表", s.Selector((s.Code("2010301"),)), "基本支出")),
        ("支出表[201*].项目支出", path("支出表", s.Selector((s.Prefix("201"),)), "项目支出")),
        ("支出表[201,202]", path("支出表", s.Selector((s.Code("201"), s.Code("202"))))),
        ("支出表.*[类]", path("支出表", s.Star(), s.Selector((s.Name("类"),)))),
        ("支出表.项目支出[缺作0]", path("支出表", "项目支出", s.Selector((s.Name("缺作0"),)))),
        ("支出表[非 合计]", path("支出表", s.Selector((s.Exclusion(s.Name("合计")),)))),
        ("三公表[因公出国（境）费]", path("三公表", s.Selector((s.Name("因公出国(境)费"),)))),
        ("「因公出国（境）费」", path(s.Name("因公出国（境）费", True))),
        ("上年.01表.2栏", path("上年", "01表", s.Column("2"))),
        ("自评表[*].得分", path("自评表", s.Selector((s.Star(),)), "得分")),
        ("1..8行", path(s.Lines("1", "8"))),
        ("27行.合计", path(s.Lines("27"), "合计")),
        ("*[合计]", path(s.Star(), s.Selector((s.Name("合计"),)))),
        ("1,204.00万元", s.Number("1204.00", "万元")),
        ("10 %", s.Number("10", "%")),
        ("3人次", s.Number("3", "人次")),
        ("-甲", s.Negative(path("甲"))),
    ],
)
def test_operands(text: str, wanted: s.Expression) -> None:
    assert tree(f"{text} == 乙") == s.Comparison((wanted, path("乙")), ("==",))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("甲 + 乙 * 丙 == 丁", "甲 + (乙 × 丙) == 丁"),
        ("甲 - 乙 - 丙 == 丁", "(甲 - 乙) - 丙 == 丁"),
        ("-甲 * 乙 == 丁", "(-甲) * 乙 == 丁"),
        ("甲 > 乙 或 丙 > 丁 且 戊 > 己", "甲 > 乙 或 (丙 > 丁 且 戊 > 己)"),
        ("非 甲 > 乙 且 丙 > 丁", "(非 甲 > 乙) 且 丙 > 丁"),
        ("若 甲 > 乙 则 丙 > 丁", "若 甲 > 乙，则 丙 > 丁"),
        ("若 甲 > 乙 则 若 丙 > 丁 则 戊 > 己 否则 庚 > 辛", "若 甲 > 乙 则 (若 丙 > 丁 则 戊 > 己 否则 庚 > 辛)"),
        ("甲 > 0 且 存在 r 属于 支出表：r.乙 > 0 或 丙 > 0", "甲 > 0 且 (存在 r 属于 支出表：(r.乙 > 0 或 丙 > 0))"),
        ("甲 > 0 或 若 乙 > 0 则 丙 > 0 且 丁 > 0", "甲 > 0 或 (若 乙 > 0 则 (丙 > 0 且 丁 > 0))"),
        ("非 存在 r 属于 支出表：r.乙 > 0 且 丙 > 0", "非 (存在 r 属于 支出表：(r.乙 > 0 且 丙 > 0))"),
        ("甲≠乙", "甲 != 乙"),
        ("甲 ≤ 乙 ≤ 丙", "甲<=乙<=丙"),
        ("甲 == 乙 ± 0.5个百分点", "甲==乙±０．５个百分点"),
        ("每个 r 属于 支出表[项] : r.甲 > 0 且 r.乙 > 0", "每个 r 属于 支出表[项]：(r.甲 > 0 且 r.乙 > 0)"),
    ],
)
def test_precedence_and_spelling(text: str, same: str) -> None:
    assert tree(text) == tree(same)


def test_logic_of_one_kind_is_flat() -> None:
    logic = tree("甲 > 1 且 乙 > 1 且 丙 > 1")
    assert isinstance(logic, s.Logic)
    assert len(logic.parts) == 3


@pytest.mark.parametrize("kind", ["每个", "存在", "唯一", "计数"])
def test_quantifiers(kind: str) -> None:
    node = tree(f"{kind} r 属于 支出表[项]：r.项目支出 > 0")
    assert isinstance(node, s.Quantified)
    assert (node.kind, node.variable, node.domain) == (kind, s.Name("r"), path("支出表", s.Selector((s.Name("项"),))))


def test_text_tests_and_membership() -> None:
    name = s.Call("名称", (path("r"),))
    assert tree('名称(r) 包含 "运行"') == s.TextTest("包含", name, s.Name("运行", True))
    assert tree("名称(r) 不匹配 「^行政」") == s.TextTest("匹配", name, s.Name("^行政", True), True)
    assert tree('名称(r) 不属于 {201, "甲", -3元}') == s.Member(name, (s.Number("201"), s.Name("甲", True), s.Number("-3", "元")), True)


def test_every_node_knows_where_it_stands() -> None:
    text = "sum(总表．支出)…".replace("…", "") + " ＝＝ 本年支出合计 +/- 0.02"
    node = tree(text)
    assert isinstance(node, s.Comparison)
    assert text[node.operands[1].start : node.operands[1].end] == "本年支出合计"
    assert node.tolerance is not None
    assert text[node.tolerance.start : node.tolerance.end] == "+/- 0.02"
    assert (node.start, node.end) == (0, len(text))


def test_every_unit_is_in_the_grammar() -> None:
    for unit in UNITS:
        node = tree(f"甲 == 1{unit}")
        assert isinstance(node, s.Comparison)
        assert node.operands[1] == s.Number("1", unit)


def test_the_parser_is_built_once() -> None:
    assert load_parser() is load_parser()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲" * (MAX_LENGTH + 1), "E110"),
        ("(" * (MAX_BRACKETS + 1) + "甲" + ")" * (MAX_BRACKETS + 1) + " == 乙", "E111"),
        ("甲" + " + 甲" * MAX_DEPTH + " == 乙", "E111"),
        ("非 " * MAX_DEPTH + "甲 == 乙", "E111"),
        ("-" * MAX_DEPTH + "甲 == 乙", "E111"),
    ],
)
def test_size_is_bounded(text: str, code: str) -> None:
    result = parse_expression(text)
    assert isinstance(result, tuple)
    assert result[0].code == code


def test_what_is_within_the_bounds_is_read() -> None:
    tree("(" * MAX_BRACKETS + "甲" + ")" * MAX_BRACKETS + " == 乙")
    tree("甲" + " + 甲" * (MAX_DEPTH - 10) + " == 乙")


_PIECES = st.sampled_from(
    ["总表", "01表", "r", "sum", "(", ")", "[", "]", "{", "}", ".", "*", "==", "=", "<=", "±", "0.02", "27", "行", "栏", "..", "万元", "%", "若 ", "则 ", "且", "非 ", "每个 ", " 属于 ", "：", "，", "「", "」", '"', " ", "包含", "尾差", "+", "-", "é", "②", "\n", "\u200b"]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_explained(text: str) -> None:
    result = parse_expression(text)
    if isinstance(result, tuple):
        (problem,) = result
        assert problem.code.startswith("E1")
        assert problem.message
        assert 1 <= problem.span.column <= len(text) + 1
    else:
        assert 0 <= result.start < result.end <= len(text)


def test_checked_rules_need_no_parser() -> None:
    code = "import sys, juesuan_rules.language.check, juesuan_rules.language.packing; sys.exit('lark' in sys.modules or 're2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"}, cwd=Path(__file__).parents[2])

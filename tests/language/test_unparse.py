"""Trees written back are read again as the same trees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan_rules.language import syntax as s
from juesuan_rules.language.parse import parse_expression
from juesuan_rules.language.unparse import brief, quote, unparse


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sum( 01表。支出 )＝＝本年支出合计±0.02", "sum(01表.支出) == 本年支出合计 ± 0.02"),
        ("(甲+乙)×丙==丁-(戊-己)", "(甲 + 乙) * 丙 == 丁 - (戊 - 己)"),
        ("若 甲>0，则 乙>0，否则 丙>0", "若 甲 > 0 则 乙 > 0 否则 丙 > 0"),
        ("(若 甲>0 则 乙>0) 且 丙>0", "(若 甲 > 0 则 乙 > 0) 且 丙 > 0"),
        ("总表[1至8行,1栏]>=1,204元", "总表[1..8行, 1栏] >= 1204元"),
        ('每个 r 属于 支出表[项]: 名称(r) 包含 "公务"', "每个 r 属于 支出表[项]：名称(r) 包含 「公务」"),
        ("非(甲>乙 且 丙>丁)", "非 (甲 > 乙 且 丙 > 丁)"),
    ],
)
def test_one_spelling(typed: str, written: str) -> None:
    tree = parse_expression(typed)
    assert not isinstance(tree, tuple)
    assert unparse(tree) == written


def test_quotation_marks_avoid_the_text() -> None:
    assert [quote("甲"), quote("「甲」"), quote("『「甲」』")] == ["「甲」", "『「甲」』", '"『「甲」』"']


def test_brief_cuts() -> None:
    assert brief(s.Path((s.Name("甲" * 30),)), 5) == "甲甲甲甲…"


_names = st.sampled_from(["总表", "支出", "本年支出合计", "甲2", "尾差", "行"]).map(s.Name)
_quoted = st.text(st.sampled_from("甲乙（）()「 &=且"), min_size=1, max_size=6).map(lambda t: s.Name(t, True))
_numbers = st.builds(s.Number, st.sampled_from(["0", "27", "1204.00", "0.5"]), st.sampled_from(["", "万元", "%", "个百分点", "辆"]))
_codes = st.sampled_from(["201", "2010301"])
_labels = st.sampled_from(["类", "非末级", "缺作0", "因公出国(境)费"]).map(s.Name)
_items = st.one_of(
    _labels,
    _quoted,
    st.just(s.Star()),
    st.builds(s.Column, st.sampled_from(["1", "12"])),
    st.builds(s.Lines, st.just("1"), st.sampled_from([None, "8"])),
    st.builds(s.Code, _codes),
    st.builds(s.Prefix, _codes),
    st.builds(s.Exclusion, st.one_of(_labels, _quoted, st.builds(s.Prefix, _codes))),
)
_selectors = st.lists(_items, min_size=1, max_size=3).map(lambda i: s.Selector(tuple(i)))
_heads = st.one_of(_names, _quoted, _selectors, st.just(s.Star()), st.builds(s.Column, st.just("3")), st.builds(s.Lines, st.just("1"), st.sampled_from([None, "8"])))
_trailers = st.one_of(_names, _quoted, _selectors, st.just(s.Star()), st.builds(s.Column, st.just("3")))
_paths = st.builds(lambda h, t: s.Path((h, *t)), _heads, st.lists(_trailers, max_size=3))
_tolerances = st.one_of(st.none(), st.builds(s.Tolerance, st.one_of(st.none(), _numbers)))


def _compound(inner: st.SearchStrategy[s.Expression]) -> st.SearchStrategy[s.Expression]:
    some = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(s.Call, st.sampled_from(["sum", "存在", "计数"]), st.lists(inner, max_size=2).map(tuple)),
        st.builds(s.Negative, inner),
        st.builds(s.Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda o, t: s.Comparison(tuple(o), ("<=",) * (len(o) - 1), t), some, _tolerances),
        st.builds(s.Member, inner, st.lists(st.one_of(_numbers, _quoted), min_size=1, max_size=2).map(tuple), st.booleans()),
        st.builds(s.TextTest, st.sampled_from(["包含", "匹配"]), inner, _quoted, st.booleans()),
        st.builds(s.Negation, inner),
        st.builds(_logic, st.sampled_from("且或"), some),
        st.builds(s.Conditional, inner, inner, st.one_of(st.none(), inner)),
        st.builds(s.Quantified, st.sampled_from(["每个", "存在", "唯一", "计数"]), st.just(s.Name("r")), _paths, inner),
    )


def _logic(operator: str, parts: list[s.Expression]) -> s.Logic:
    flat: list[s.Expression] = []
    for i, part in enumerate(parts):
        flat.extend(part.parts if i == 0 and isinstance(part, s.Logic) and part.operator == operator else (part,))
    return s.Logic(operator, tuple(flat))


@given(st.recursive(st.one_of(_paths, _numbers), _compound, max_leaves=10))
@settings(max_examples=400, deadline=None)
def test_reading_what_was_written_gives_the_same_tree(tree: s.Expression) -> None:
    assert parse_expression(unparse(tree)) == tree

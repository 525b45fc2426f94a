"""Trees written back are read again as the same trees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from trees import EXPRESSIONS

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


@given(EXPRESSIONS)
@settings(max_examples=400, deadline=None)
def test_reading_what_was_written_gives_the_same_tree(tree: s.Expression) -> None:
    assert parse_expression(unparse(tree)) == tree

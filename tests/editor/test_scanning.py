"""Cutting expressions into pieces, whole and half ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.editor.scanning import chains, scan
from juesuan_rules.language.functions import BUILTINS
from juesuan_rules.language.parse import parse_expression


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.text, token.kind) for token in scan(text)]


def links(text: str) -> list[list[str]]:
    return [[f"{link.where[0]}{link.token.plain}" for link in chain.links] for chain in chains(scan(text))]


def test_kinds_of_words() -> None:
    assert kinds("若 存在(总表) 则 甲 ± 0.02万元") == [
        ("若", "keyword"), ("存在", "keyword"), ("(", "punctuation"), ("总表", "name"), (")", "punctuation"), ("则", "keyword"),
        ("甲", "name"), ("±", "operator"), ("0.02", "number"), ("万元", "unit"),
    ]  # fmt: skip
    assert kinds("甲 ± 尾差") == [("甲", "name"), ("±", "operator"), ("尾差", "tail")]
    assert kinds("表[非 小计, 存在]")[2] == ("非", "keyword")
    assert kinds("表[存在]")[2] == ("存在", "name")  # a row may be called like a keyword
    assert kinds("表.且")[2] == ("且", "name")


def test_full_width_spelling_keeps_its_place() -> None:
    tokens = scan("总表［１行］　≥　３％")
    assert [t.text for t in tokens] == ["总表", "[", "1", "行", "]", "≥", "3", "%"]
    assert (tokens[2].start, tokens[2].end) == (3, 4)
    text = "表[1…8行]"  # one character that means two
    assert [(t.text, t.start, t.end) for t in scan(text)][3] == ("..", 3, 4)


def test_addresses() -> None:
    assert links("上年.总表[年末结转].金额 + 01表[27行]") == [["h上年", "d总表", "b年末结转", "d金额"], ["h01表", "b27"]]
    assert links("sum(支出表.2栏, 「甲 乙」.丙) == 合计") == [["h支出表", "d2"], ["h甲 乙", "d丙"], ["h合计"]]
    assert links('提及("公积金") 且 名称(r) == "行政"') == [["hr"]]
    assert links("总表[因公出国（境）费]") == [["h总表", "b因公出国(境)费"]]
    assert links("总表[本年") == [["h总表", "b本年"]]
    assert links("总表.") == [["h总表"]]


@given(st.text(alphabet="总表支.[](){}:：，,\"“”「」 \n0189若则且±=…\u200b𠮷", max_size=60))
def test_nothing_breaks_it(text: str) -> None:
    tokens = scan(text)
    assert all(0 <= t.start < t.end <= len(text) for t in tokens)
    assert [t.start for t in tokens] == sorted(t.start for t in tokens)
    for chain in chains(tokens):
        assert chain.start < chain.end <= len(text)


@pytest.mark.parametrize("builtin", BUILTINS, ids=lambda b: b.name)
def test_every_example_of_the_manual_is_cut_into_known_pieces(builtin: object) -> None:
    example = builtin.example  # type: ignore[attr-defined]
    assert not isinstance(parse_expression(example), tuple)
    assert all(t.kind != "other" for t in scan(example))

"""Half-width spelling and the way back to the text as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.language.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ｓｕｍ（０１表．支出）＝＝５％", "sum(01表.支出)==5%"),
        ("总表【５８行，２栏】", "总表[58行,2栏]"),
        ("甲。乙、丙", "甲.乙,丙"),
        ("甲 × 乙 ÷ 丙 − 丁", "甲 * 乙 / 丙 - 丁"),
        ("甲 ≦ 乙 ≧ 丙", "甲 ≤ 乙 ≥ 丙"),
        ("每个 r 属于 支出表［项］：真", "每个 r 属于 支出表[项]:真"),
    ],
)
def test_full_width_becomes_half_width(typed: str, read: str) -> None:
    assert normalise(typed).text == read
    assert normalise(typed).positions is None


def test_what_is_quoted_stays_as_typed() -> None:
    assert normalise("「因公出国（境）费」＋“（款）”").text == "「因公出国（境）费」+“（款）”"


def test_an_open_quotation_mark_protects_nothing() -> None:
    assert normalise("「因公出国（境）费").text == "「因公出国(境)费"


@pytest.mark.parametrize(("typed", "read"), [("[1…8行]", "[1..8行]"), ("甲 +/- 乙", "甲 ± 乙"), ("总\u200b表", "总表")])
def test_characters_that_change_length_keep_the_way_back(typed: str, read: str) -> None:
    result = normalise(typed)
    assert result.text == read
    for index, char in enumerate(read):
        if char not in ".±":
            assert typed[result.origin(index)] == char
    assert result.origin(len(read)) == len(typed)


@given(st.text(max_size=80))
def test_positions_never_leave_the_text_or_go_back(text: str) -> None:
    result = normalise(text)
    origins = [result.origin(i) for i in range(len(result.text) + 1)]
    assert origins == sorted(origins)
    assert all(0 <= o <= len(text) for o in origins)


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once

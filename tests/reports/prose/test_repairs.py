"""Mending: one spelling, no markup, no digit invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.reports.prose.repairs import GROUPS, LETTER_O, MARKUP, SPACED_NUMBER, SPACED_WORDS, mend


@pytest.mark.parametrize(
    ("printed", "text", "notes"),
    [
        ("支出　１２．３４　万元，占１００％。", "支出12.34万元，占100%。", ()),
        ("(项)331.73万元,主要是:人员经费;", "（项）331.73万元，主要是：人员经费；", ()),
        ("使用<u>**O.OO**</u>万元,增长 O%", "使用0.00万元，增长0%", (MARKUP, LETTER_O)),
        ("总计_1,724.62 万元_", "总计1,724.62万元", (MARKUP,)),
        ("支出 0. 29 万元，占 84. 95 %", "支出0.29万元，占84.95%", (SPACED_NUMBER,)),
        ("收入 1 724.62 万元", "收入1724.62万元", (SPACED_NUMBER,)),
        ("收入7，511.66万元", "收入7,511.66万元", (GROUPS,)),
        ("机 关运 行经费", "机关运行经费", (SPACED_WORDS,)),
        ('"三公"经费与"三公"经费', "“三公”经费与“三公”经费", ()),
        ("”三公”经费", "“三公”经费", ()),
        ("比例为1：1，见 http://a.cn", "比例为1:1，见http://a.cn", ()),
        ("购置 EMS System 两套", "购置EMS System两套", ()),
        ("85\\%的项目&nbsp;", "85%的项目", (MARKUP,)),
        ("⽀出与⾦额", "支出与金额", ()),
    ],
)
def test_one_spelling(printed: str, text: str, notes: tuple[str, ...]) -> None:
    mended = mend(printed)
    assert mended.text == text
    assert mended.notes == notes


@pytest.mark.parametrize(
    "text",
    [
        "O2O项目3个，OA系统1套",
        "二〇二三年",
        "梳理事项32 90项",
        "压缩时限78 91.5个",
        "热线12345 100.00万元",
        "××局XX万元____元",
        "约占2*3",
    ],
)
def test_what_is_not_certain_stays(text: str) -> None:
    assert mend(text).text == text
    assert not mend(text).spots


def test_an_ordinal_is_not_joined_to_the_number_behind_it() -> None:
    assert mend("1. 20万元的项目").text == "1. 20万元的项目"


def test_spots_say_how_a_number_was_printed() -> None:
    mended = mend("支 出 O.OO 万元，占 0. 29 %，收入 7，511.66 万元")
    assert [(spot.printed, mended.text[spot.start : spot.end]) for spot in mended.spots] == [
        ("O.OO", "0.00"),
        ("0. 29", "0.29"),
        ("7，511.66", "7,511.66"),
    ]


_PRINTED = st.text(st.sampled_from('收入支出万元年初0123456789.,，。；：()（） \n\tOo%*_<u>"“”-〇１２％'), max_size=60)


@given(_PRINTED)
def test_no_digit_is_invented_or_lost(printed: str) -> None:
    def digits(text: str) -> str:
        return "".join(sign for sign in text if sign in "0123456789")

    zeros = str.maketrans({"O": "0", "o": "0", "〇": "0", "１": "1", "２": "2"})
    mended = mend(printed)
    without_tags = printed if "<" not in printed else None
    if without_tags is not None:
        assert digits(mended.text.translate(zeros)) == digits(printed.translate(zeros))
    for spot in mended.spots:
        assert 0 <= spot.start < spot.end <= len(mended.text)
        assert digits(mended.text[spot.start : spot.end]) == digits(spot.printed.translate(zeros))


@given(_PRINTED)
def test_mending_twice_changes_nothing_more_than_once(printed: str) -> None:
    once = mend(printed.replace("*", "").replace("_", "").replace("<", "").replace('"', "")).text
    assert mend(once).text.replace(" ", "") == once.replace(" ", "")


@pytest.mark.parametrize("unit", ["1 ", "111，", "O.OO 万元 ", " ", "<u", "**1", "0. 29万元", '"三公"', "-", "&am"])
def test_time_is_linear(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    mend(text)
    assert time.process_time() - began < 1

"""Text for a terminal: harmless, aligned, and showable on a Chinese Windows console."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.documents.model import Place
from juesuan_rules.renderings.plain import clip, display_width, moment, ordinal, place_text, safe, safe_lines, spread


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m红\x1b[0m", "\\x1b[31m红\\x1b[0m"),
        ("a\nb\tc　d", "a b c d"),
        ("回车\r覆盖", "回车 覆盖"),
        ("\u202e反向", "\\u202e反向"),
        ("\x9b31m", "\\x9b31m"),
        ("响\x07铃\x00", "响\\x07铃\\x00"),
        ("半个\ud800", "半个\\ud800"),
    ],
)
def test_nothing_acts_on_the_terminal(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_safe_text_is_one_printable_line(text: str) -> None:
    shown = safe(text)
    assert "\n" not in shown
    assert all(ord(c) >= 32 and not 127 <= ord(c) < 160 for c in shown)
    assert safe_lines(text).count("\n") == text.count("\n")
    shown.encode("utf-8")


@given(st.text(alphabet="甲乙ab1", max_size=60), st.integers(4, 40))
def test_clip_keeps_within_the_width(text: str, width: int) -> None:
    shown = clip(text, width)
    assert display_width(shown) <= width
    assert shown == text or shown.endswith("…")


def test_columns_line_up_under_chinese() -> None:
    lines = [spread("不符  总表", "错误", 40), spread("a", "错误", 40)]
    assert {display_width(line) for line in lines} == {40}
    assert spread("长" * 40, "错误", 40).endswith("   错误")


def test_place() -> None:
    assert place_text(Place(page=12, line=350)) == "第12页第350行"
    assert place_text(Place(sheet="Z01", cell="C7")) == "工作表「Z01」C7"
    assert place_text(Place(paragraph=3)) == "第3段"
    assert place_text(Place(paragraph=3, cell="表3 R5C2")) == "第3段 表3 R5C2"
    assert place_text(Place(sheet="03", cell="C12", file="附表.xlsx")) == "附表.xlsx 工作表「03」C12"
    assert place_text(Place(page=12, box=(1.0, 2.0, 3.0, 4.0), file="正文.pdf")) == "正文.pdf 第12页"
    assert place_text(Place()) == ""


def test_numbers_in_circles_are_in_gbk() -> None:
    text = "".join(ordinal(number) for number in range(1, 25))
    text.encode("gbk")
    assert text.startswith("①②")
    assert text.endswith("(24)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-20T17:28:28+08:00", "2026-11-20 17:28（+08:00）"),
        ("2026-11-20T17:28:28.125Z", "2026-11-20 17:28（+00:00）"),
        ("2026-11-20T17:28:28", "2026-11-20 17:28"),
        ("昨天\x1b[2J", "昨天\\x1b[2J"),
    ],
)
def test_moments_are_told_as_people_read_them(text: str, said: str) -> None:
    assert moment(text) == said

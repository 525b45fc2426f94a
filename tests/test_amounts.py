"""Reading and printing money: exact, never guessed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules import amounts

STATES = [
    ("7,511.68", "number", 7_511_680_000, ""),
    ("0.00", "zero", 0, ""),
    ("", "blank", None, ""),
    ("  \u3000", "blank", None, ""),
    ("—", "dash", None, ""),
    ("-", "dash", None, ""),
    ("/", "dash", None, ""),
    ("-3.50", "number", -3_500_000, ""),
    ("（3.50）", "number", -3_500_000, "-3.50"),
    ("７５１１．６８", "number", 7_511_680_000, ""),
    ("957. 15", "number", 957_150_000, "957.15"),
    ("O.OO", "zero", 0, "0.00"),
    ("1O.5", "number", 10_500_000, "10.5"),
    ("<u>0.67</u>", "number", 670_000, "0.67"),
    ("**422.12**", "number", 422_120_000, "422.12"),
    ("见附件", "text", None, ""),
    ("12,34.5", "unreadable", None, ""),
    ("3.1.4", "unreadable", None, ""),
    ("12万", "unreadable", None, ""),
]


@pytest.mark.parametrize(("raw", "state", "value", "repaired"), STATES)
def test_a_cell_is_read_as_printed(raw: str, state: str, value: int | None, repaired: str) -> None:
    """Every kind of cell has its own state; repairs are recorded, raw text is kept."""
    amount = amounts.read_amount(raw, "万元")
    assert (amount.raw, amount.state, amount.value, amount.repaired) == (raw, state, value, repaired)


def test_more_decimals_than_fen_stay_exact() -> None:
    """A figure finer than 分 is a Fraction, not a rounded int."""
    assert amounts.read_amount("0.0000001", "万元").value == Fraction(1, 10)


@pytest.mark.parametrize(
    ("unit", "decimals", "q", "h"),
    [("万元", 2, 10_000, 5_000), ("万元", 0, 10_000, 5_000), ("万元", 4, 100, 50), ("元", 2, 1, 0), ("元", 0, 100, 50), ("亿元", 2, 100_000_000, 50_000_000)],
)
def test_half_widths(unit: str, decimals: int, q: int, h: int) -> None:
    """万元 is never coarser than 0.01; 元 with 分 is exact."""
    assert amounts.quantum(unit, decimals) == q
    assert amounts.half_width(unit, decimals) == h


def test_zero_and_blank_have_no_half_width() -> None:
    """A printed zero and a blank add nothing to a rounding tolerance."""
    assert amounts.read_amount("0.00", "万元").half == 0
    assert amounts.read_amount("", "万元").half == 0
    assert amounts.read_amount("0.01", "万元").half == 5_000


@given(st.integers(min_value=-(10**14), max_value=10**14), st.sampled_from(["万元", "元", "千元"]), st.booleans())
def test_printing_and_reading_agree(fen: int, unit: str, thousands: bool) -> None:
    """show() then read_amount() gives the same 分 where the decimals suffice."""
    decimals = {"万元": 6, "元": 2, "千元": 5}[unit]
    printed = amounts.show(fen, unit, decimals, thousands)
    again = amounts.read_amount(printed, unit)
    assert again.value == fen
    assert again.state == ("number" if fen else "zero")


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text gets a state; only numbers and zeros have a value."""
    amount = amounts.read_amount(text, "万元")
    assert (amount.value is not None) == (amount.state in ("number", "zero"))


def test_yuan_rounds_half_up_and_never_prints_separators() -> None:
    """The JSON contract's form of an amount."""
    assert amounts.yuan(82_081_600_00) == "82081600.00"
    assert amounts.yuan(-1) == "-0.01"
    assert amounts.yuan(Fraction(1, 2)) == "0.01"


def test_a_text_too_long_for_a_figure_is_none() -> None:
    """Found by fuzzing: thousands of digits are no number, and take no time."""
    assert amounts.read_amount("1" * 10_000, "万元").state == "unreadable"
    assert amounts.read_amount("1" * 50 + ".00", "万元").state == "number"
    assert amounts.read_amount("甲" * 10_000, "万元").state == "text"


@pytest.mark.parametrize(
    ("text", "said"),
    [("699930.02%", "699,930.02个百分点"), ("0.34万元", "0.34万元"), ("-1234.50万元", "-1,234.50万元"), ("2辆", "2辆"), ("3,400元", "3,400元"), ("不限", "不限"), ("", ""), ("9" * 9999, "9" * 9999)],
)
def test_a_difference_is_told_with_its_unit(text: str, said: str) -> None:
    assert amounts.difference_text(text) == said

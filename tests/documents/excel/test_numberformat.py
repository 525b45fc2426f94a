"""Number formats: what a cell displays, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.documents.excel.formatcodes import BUILT_IN, parse_code
from juesuan_rules.documents.excel.numberformat import general, same_value, show_number, show_text, stored_number

ACCOUNT = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


def shown(value: float | str, code: str, epoch_1904: bool = False) -> str:
    number = stored_number(value)
    assert number is not None
    return show_number(number, code, epoch_1904)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1204, "#,##0.00", "1,204.00"),
        (1204.0, "General", "1204"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0, "#,##0.00", "0.00"),
        (0, "#", ""),
        (0, "0.00;-0.00;", ""),
        (0, '0.00;-0.00;"-"', "-"),
        (-1204.5, "#,##0.00", "-1,204.50"),
        (-1204.5, "#,##0.00;[Red]#,##0.00", "1,204.50"),
        (-1204.5, "#,##0.00_);[Red](#,##0.00)", "(1,204.50)"),
        (-1204.5, '[=0]"";#,##0.00', "-1,204.50"),
        (0, '[=0]"";#,##0.00', ""),
        (50, '[>=100]"大";[<10]"小";0', "50"),
        (500, '[>=100]"大";[<10]"小";0', "大"),
        (1204, ACCOUNT, "1,204.00"),
        (0, ACCOUNT, "-"),
        (-1, ACCOUNT, "-1.00"),
        (3, ";;;", ""),
        (1234567, "#,##0,", "1,235"),
        (1234567, '0.0,,"百万"', "1.2百万"),
        (5, "0000", "0005"),
        (12345, "000-0000", "001-2345"),
        (0.5, "#.##", ".5"),
        (1204.5, "#,##0.####", "1,204.5"),
        (12, 'General"元"', "12元"),
        (1204.5, "[$¥-804]#,##0.00", "¥1,204.50"),
        (1204.5, "G/通用格式", "1204.5"),
        (12345, "0.00E+00", "1.23E+04"),
        (0.1234, "0.00%", "12.34%"),
        (3, "@", "3"),
    ],
)
def test_a_number_is_shown_as_its_code_says(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [(2.675, "0.00", "2.68"), (1.005, "0.00", "1.01"), (1204.565, "0.00", "1204.57"), (-0.125, "0.00", "-0.13"), (1.005, "0%", "101%"), (1204.5649999999998, "0.00", "1204.57")],
)
def test_halves_go_away_from_zero_on_the_decimal_and_not_on_the_binary_value(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (1204.56789012, "1204.56789"), (123456789.126, "123456789.1"), (12345678901, "12345678901"), (123456789012, "1.23457E+11"), (99999999999.9, "1E+11"), (1e-10, "1E-10"), (-0.5, "-0.5")],
)
def test_general_prints_eleven_characters(value: float, text: str) -> None:
    assert shown(value, "General") == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (45291, 'yyyy"年"m"月"d"日";@', "2023年12月31日"),
        (45291, BUILT_IN[57], "2023年12月"),
        (45291.75, "yyyy/m/d hh:mm:ss", "2023/12/31 18:00:00"),
        (45291.75, '上午/下午h"时"mm"分"', "下午6时00分"),
        (45291, "[$-804]aaaa", "星期日"),
        (1.5, "[h]:mm", "36:00"),
        (1 / 86400, "mm:ss.0", "00:01.0"),
        (60, "yyyy-mm-dd", "1900-02-29"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (-1, "yyyy-mm-dd", "-1"),
        (3_000_000, "yyyy-mm-dd", "3000000"),
    ],
)
def test_dates(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_the_other_epoch() -> None:
    assert shown(43829, "yyyy-mm-dd", epoch_1904=True) == "2023-12-31"


def test_text_sections() -> None:
    assert show_text("合计", "0.00") == "合计"
    assert show_text("合计", ';;;"（"@"）"') == "（合计）"
    assert show_text("合计", ";;;") == ""
    assert show_text("合计", "0.00;@") == "合计"


@pytest.mark.parametrize("value", ["nan", "inf", "x", ""])
def test_what_is_no_finite_number_has_no_stored_number(value: str) -> None:
    assert stored_number(value) is None


def test_a_displayed_text_is_compared_with_its_stored_value() -> None:
    assert same_value("1,204.00", Decimal("1204")) and same_value("12.34%", Decimal("0.1234")) and same_value("(5.00)", Decimal(-5))
    assert not same_value("1,204.57", Decimal("1204.565")) and not same_value("-", Decimal(0))


@given(st.integers(-(10**13), 10**13), st.sampled_from(["0.00", "#,##0.00", "#,##0.00;-#,##0.00", ACCOUNT]))
def test_money_to_the_cent_is_shown_exactly(cents: int, code: str) -> None:
    text = shown(float(Decimal(cents) / 100), code)
    if not (cents == 0 and code == ACCOUNT):
        assert Decimal(text.replace(",", "")) == Decimal(cents) / 100
        assert len(text.rpartition(".")[2]) == 2


@given(st.text(st.sampled_from(list('0#?.,;%@"\\_*[]<>=-/ymdhsaE+年General$红')), max_size=30), st.floats(allow_nan=False, allow_infinity=False))
def test_any_code_shows_something_for_any_number(code: str, value: float) -> None:
    number = stored_number(value)
    assert number is not None
    assert len(show_number(number, code)) < 1000
    show_text("合计", code)
    assert parse_code(code) is parse_code(code)
    assert len(general(number)) <= 13

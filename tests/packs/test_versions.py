"""Versions, ranges and years."""

from __future__ import annotations

import pytest

from juesuan_rules.packs.versions import covers, in_range, is_version, overlap, range_is_valid, read_years


@pytest.mark.parametrize(("text", "good"), [("1.0.0", True), ("1.2.3-rc1", True), ("1.0", False), ("v1.0.0", False), ("1.0.0.0", False), ("", False)])
def test_versions_have_three_parts(text: str, good: bool) -> None:
    assert is_version(text) is good


@pytest.mark.parametrize(
    ("version", "wanted", "inside"),
    [
        ("1.2.3", "1", True),
        ("1.2.3", "1.2", True),
        ("1.2.3", "1.3", False),
        ("1.10.0", "1.1", False),
        ("0.1.0", ">=0.1, <2", True),
        ("2.0.0", ">=0.1, <2", False),
        ("1.10.0", ">1.9", True),
        ("1.0.0", "!=1.0", False),
        ("1.0.0", "<=1", True),
        ("2.1.0-rc1", "2.1.0", True),
    ],
)
def test_ranges(version: str, wanted: str, inside: bool) -> None:
    assert range_is_valid(wanted)
    assert in_range(version, wanted) is inside


@pytest.mark.parametrize("text", ["", "一", ">=", "1..2", "~1"])
def test_wrong_ranges(text: str) -> None:
    assert not range_is_valid(text)


@pytest.mark.parametrize(("text", "years"), [("2023", (2023, 2023)), ("2019..", (2019, None)), ("..2022", (None, 2022)), ("2019..2022", (2019, 2022)), ("2022..2019", None), ("..", None), ("23", None), ("2019-2022", None)])
def test_years(text: str, years: tuple[int | None, int | None] | None) -> None:
    assert read_years(text) == years


def test_no_year_means_the_newest() -> None:
    assert covers((2019, None), None)
    assert not covers((2019, 2022), None)
    assert covers((2019, 2022), 2022)
    assert not covers((2019, 2022), 2023)
    assert covers((None, None), 1990)


def test_overlap_counts_the_bounds() -> None:
    assert overlap((None, 2022), (2022, None))
    assert not overlap((None, 2021), (2022, None))

"""What counts as said already: the same relation up to scale, equalities through others, sums inside one table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.drafting.known import Known
from juesuan_rules.authoring.drafting.model import Address, Instance, Subject
from juesuan_rules.packs.load import load_pack
from juesuan_rules.resources import rules_root


@pytest.fixture
def known() -> Known:
    layout = load_pack("cn", None, [rules_root()]).layout
    return Known(Subject("甲", build_report(layout, {}), ()), 0)


def relation(**factors: int) -> Instance:
    """A relation between figures 甲乙丙 of table 一, 丁戊 of table 二, with these factors."""
    found: dict[Address, Fraction] = {("一" if name in "甲乙丙" else "二", "", "金额", name): Fraction(factor) for name, factor in factors.items()}
    items = sorted(found.items())
    return Instance(0, "", True, 1, 1, 0, tuple([(address, factor / items[0][1]) for address, factor in items]), ())


def test_scale_and_sign_do_not_matter(known: Known) -> None:
    known.add(relation(甲=1, 乙=-1, 丙=-1))
    assert known.states(relation(甲=-2, 乙=2, 丙=2))
    assert not known.states(relation(甲=1, 乙=-1, 丙=1))


def test_equalities_reach_through_others(known: Known) -> None:
    known.add(relation(甲=1, 丁=-1))
    known.add(relation(丁=1, 戊=-1))
    assert known.states(relation(甲=1, 戊=-1))
    assert not known.states(relation(甲=1, 乙=-1))


def test_a_sum_is_the_same_with_equal_figures_of_its_table_only(known: Known) -> None:
    known.add(relation(甲=1, 乙=-1, 丁=-1))
    known.add(relation(乙=1, 丙=-1))
    assert known.states(relation(甲=1, 丙=-1, 丁=-1))
    known.add(relation(丁=1, 甲=-1))
    assert not known.states(relation(乙=1, 戊=-1, 丁=-1))


def test_what_follows_from_all_together(known: Known) -> None:
    known.add(relation(甲=1, 乙=-1, 丙=-1))
    known.add(relation(丁=1, 乙=-1, 丙=-1))
    assert not known.states(relation(甲=1, 丁=-1))
    assert known.implies(relation(甲=1, 丁=-1))
    assert not known.implies(relation(甲=1, 戊=-1))


def test_one_figure_alone_says_nothing(known: Known) -> None:
    assert known.states(relation(甲=1))

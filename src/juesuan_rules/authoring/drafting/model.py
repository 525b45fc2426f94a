"""What drafting works with: candidates, what came of them on each report, and proposals."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from juesuan_rules.amounts import Exact
from juesuan_rules.engine.columns import Cell
from juesuan_rules.language.model import CheckedRule
from juesuan_rules.reports.model import Report

Address = tuple[str, str, str, str]
"""(table, block, column, row key) of a figure."""
Vector = tuple[tuple[Address, Fraction], ...]
"""A relation between printed figures that are not zero: Σ factor × figure = 0, scaled so that the first factor is 1."""


class Subject(msgspec.Struct, frozen=True):
    """A good report and the sound rules of the pack it is judged by."""

    path: str
    report: Report
    rules: tuple[CheckedRule, ...]


class Candidate(msgspec.Struct, frozen=True):
    """A relation to be tried. family: how it was found; order: the size of that search, for the chance of coincidence.

    alternatives: other ways to write it, tried where the first cannot be judged or does not hold.
    strict: it must not follow from all the rules together, not only from none of them alone.
    """

    family: str
    title: str
    text: str
    order: int = 1
    alternatives: tuple[str, ...] = ()
    note: str = ""
    strict: bool = False


class Instance(msgspec.Struct, frozen=True):
    """One verdict of a candidate on one report. value: of the left side, in 分; digits: how many units of the last
    printed decimal that is; terms: every figure with its factor; width: how far rounding may bring the sides apart."""

    subject: int
    key: str
    holds: bool
    value: Exact
    digits: int
    width: int
    vector: Vector
    terms: tuple[tuple[Cell, Exact], ...]
    sentence: str = ""


class Counter(msgspec.Struct, frozen=True):
    """Where a proposal does not hold: file, and the sentence that says so."""

    path: str
    sentence: str


class Proposal(msgspec.Struct, frozen=True):
    """A relation that holds in the given reports and that no rule states.

    reports: how many support it; supports: its instances of figures large enough to mean something; chance: how many
    such relations coincidence would bring forth in a search of this size, at most. cases: YAML of its cases.
    """

    id: str
    title: str
    text: str
    family: str
    reports: int
    supports: int
    chance: Fraction
    example: str
    counters: tuple[Counter, ...] = ()
    note: str = ""
    cases: str = ""

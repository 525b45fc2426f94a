"""Which cells each verdict rests on, found by looking over the shoulder of the judge; and verdicts on other figures.

A verdict is judged once with sheets that note every cell asked of them. After a change of one figure only
the verdicts that asked for its cells are judged again, on sheets in which nothing else is new.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from juesuan_rules.authoring.altering import Spot
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell, Sheet
from juesuan_rules.engine.compare import Judgement
from juesuan_rules.engine.evaluation import DOUBTFUL, FAIL, PASS, ROUNDING, Evaluation, Part
from juesuan_rules.engine.judge import gate, judge
from juesuan_rules.engine.plan import PlannedCheck
from juesuan_rules.engine.valuation import Key
from juesuan_rules.findings import Outcome
from juesuan_rules.reports.model import BlockData, Report, Table

JUDGED = (PASS, ROUNDING, FAIL, DOUBTFUL)
BAD = ("fail", "doubtful")


class Reading(msgspec.Struct, frozen=True, eq=False):
    """One verdict: the check, its key, how it came out, the cells of this report it asked for."""

    check: PlannedCheck
    key: Key
    judgement: Judgement
    spots: frozenset[Spot]


class _Watched(Sheet):
    """A sheet that notes the cells it is asked for."""

    def __init__(self, table: Table, block: BlockData, scope: int, asked: set[Spot]) -> None:
        super().__init__(table, block, scope)
        self.asked = asked

    def cell(self, key: str, column: str) -> Cell:
        found = super().cell(key, column)
        if found.amount is not None and self.scope == 0:
            self.asked.add((self.table.spec.id, self.block.spec.name, column, self.index[key]))
        return found


class _WatchedBooks(Books):
    """Books whose sheets are watched."""

    asked: set[Spot] = msgspec.field(default_factory=set)
    watched: dict[tuple[str, str, str], tuple[Sheet, ...]] = msgspec.field(default_factory=dict)

    def sheets(self, scope: str, table: str, block: str) -> tuple[Sheet, ...]:
        source = (scope, table, block)
        found = self.watched.get(source)
        if found is None:
            plain = super().sheets(*source)
            found = self.watched[source] = tuple([_Watched(sheet.table, sheet.block, sheet.scope, self.asked) for sheet in plain])
        return found


def readings(evaluation: Evaluation) -> list[Reading]:
    """Every verdict that judged something by figures, with the cells it rests on.

    Structural checks are left out: they ask for rows and words, not for figures.
    """
    books = evaluation.books
    watched = _WatchedBooks(books.report, books.prior, books.units, books.withheld)
    found: list[Reading] = []
    gates: dict[int, frozenset[Spot]] = {}
    for part in evaluation.parts:
        check = part.check
        if check.body[0] == "structure" or not set(part.outcomes) & set(JUDGED):
            continue
        if id(check) not in gates:
            watched.asked.clear()
            for condition in check.gates:
                gate(condition, (None, None), watched)
            gates[id(check)] = frozenset(watched.asked)
        found += _of_part(part, gates[id(check)], watched)
    return found


def _of_part(part: Part, gated: frozenset[Spot], books: _WatchedBooks) -> Iterable[Reading]:
    for at, row in enumerate(part.keys):
        if part.outcomes[at] not in JUDGED or (part.check.by_row and row is None):
            continue
        books.asked.clear()
        key = (row, part.column)
        judgement = judge(part.check.body, key, books)
        yield Reading(part.check, key, judgement, gated | books.asked)


class _Altered(Sheet):
    """A sheet with other figures: its rows are those of another one, and what is known of them holds."""

    def __init__(self, table: Table, block: BlockData, like: Sheet) -> None:
        super().__init__(table, block, like.scope)
        self.keys = like.keys
        self._index, self._selections, self._below = like.index, like._selections, like._below
        self._children, self._parents = like._children, like._parents
        self._optional, self._repeated, self._elsewhere, self._units = like._optional, like._repeated, like._elsewhere, like._units


class AlteredBooks(Books):
    """Books of a report in which some figures of another one are changed; all else is taken from its books."""

    like: Books | None = None
    changed: frozenset[tuple[str, str]] = frozenset()
    altered: dict[tuple[str, str], tuple[Sheet, ...]] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, report: Report, like: Books, spots: Iterable[Spot]) -> AlteredBooks:
        """Books for `report`, which differs from that of `like` at these spots only."""
        changed = frozenset([spot[:2] for spot in spots])
        return cls(report, like.prior, like.units, like.withheld, kept=like.kept, like=like, changed=changed)

    def sheets(self, scope: str, table: str, block: str) -> tuple[Sheet, ...]:
        assert self.like is not None
        known = self.like.sheets(scope, table, block)
        if scope or (table, block) not in self.changed:
            return known
        found = self.altered.get((table, block))
        if found is None:
            data = self.table(table)
            assert data is not None
            found = self.altered[table, block] = tuple([_Altered(data, data.blocks[block], sheet) for sheet in known])
        return found


def outcome_of(reading: Reading, books: Books) -> Outcome:
    """How a verdict comes out in other books."""
    for condition in reading.check.gates:
        stop = gate(condition, (None, None), books)
        if stop is not None:
            return stop.outcome
    return judge(reading.check.body, reading.key, books).outcome

"""What coverage is: every printed figure, the rules that read it, and the rules that notice when it changes."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan_rules.amounts import Amount
from juesuan_rules.authoring.altering import Spot
from juesuan_rules.documents.model import Place, Source
from juesuan_rules.packs.model import PackDigest
from juesuan_rules.reports.model import Report

Guard = Literal["unit", "large", "none"]
"""unit: a change of one unit beyond the tolerance is noticed; large: only one of 5 %, a percentage point, a whole
score or count; none: neither."""
TABLE, PROSE, FORM = "表", "文字", "表单"


class Printed(msgspec.Struct, frozen=True):
    """A printed figure. amount: as read, None where nothing read it. spots: cells it was read into.

    where: which table, form or prose it belongs to (`Part.name`). at: its (row, column) in the grid
    printed, or its (sentence, figure) in the prose. name: as a rule would write it, or "".
    """

    kind: str
    where: str
    at: tuple[int, int]
    raw: str
    place: Place
    amount: Amount | None = None
    spots: tuple[Spot, ...] = ()
    name: str = ""


class Covered(msgspec.Struct, frozen=True):
    """A printed figure with the rules that read it, and those that notice its change.

    known: a rule that reads it finds fault already as the report stands. small, large: the changes tried, as
    printed; "" where none of that kind was.
    """

    printed: Printed
    readers: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    guard: Guard = "none"
    known: bool = False
    changes: tuple[str, ...] = ()

    @property
    def read(self) -> bool:
        """Whether a rule judged anything by it."""
        return bool(self.readers)

    @property
    def guarded(self) -> bool:
        """Whether any change of it is noticed."""
        return self.guard != "none"


class Count(msgspec.Struct, frozen=True):
    """Of one table, form or the prose: figures printed, recognised, read by a rule, guarded, guarded only against
    large changes."""

    figures: int = 0
    recognised: int = 0
    read: int = 0
    guarded: int = 0
    large: int = 0

    def plus(self, other: Count) -> Count:
        """Both together."""
        return Count(
            self.figures + other.figures, self.recognised + other.recognised, self.read + other.read, self.guarded + other.guarded, self.large + other.large
        )

    @property
    def share(self) -> str:
        """Guarded of the figures printed, as text."""
        return f"{100 * self.guarded / self.figures:.1f}%" if self.figures else "—"


class ReportCoverage(msgspec.Struct, frozen=True):
    """The figures of one report. titles: rules by id. idle: rules that judged nothing in it. seconds: taken."""

    source: Source
    chain: tuple[PackDigest, ...]
    report: Report
    figures: tuple[Covered, ...]
    titles: dict[str, str]
    idle: tuple[str, ...] = ()
    seconds: float = 0.0

    def parts(self) -> dict[tuple[str, str], Count]:
        """Counts by (kind, where), in printed order."""
        found: dict[tuple[str, str], Count] = {}
        for one in self.figures:
            place = (one.printed.kind, one.printed.where)
            found[place] = found.get(place, Count()).plus(count([one]))
        return found


def count(figures: list[Covered]) -> Count:
    """The counts over figures."""
    return Count(
        len(figures),
        sum(f.printed.amount is not None for f in figures),
        sum(f.read for f in figures),
        sum(f.guarded for f in figures),
        sum(f.guard == "large" for f in figures),
    )

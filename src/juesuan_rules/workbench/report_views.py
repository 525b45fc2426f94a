"""What the pages about a report show, as plain records that cross from the worker process."""

from __future__ import annotations

import msgspec

from juesuan_rules.findings import Finding
from juesuan_rules.outputs.web.grids import GridView
from juesuan_rules.outputs.web.overview import FamilyView, GroupView, NoteView, TallyView
from juesuan_rules.outputs.web.pictures import PictureView, StoredPicture
from juesuan_rules.outputs.web.views import FindingView


class Overview(msgspec.Struct, frozen=True):
    """A report as its page begins: what it is, what came out, and a line for every finding."""

    unit: str
    year: str
    about: tuple[tuple[str, str], ...]
    conclusion: str
    stopped: bool
    tally: tuple[TallyView, ...]
    families: tuple[FamilyView, ...]
    notes: tuple[NoteView, ...]
    evidence: tuple[str, ...]
    groups: tuple[GroupView, ...]
    total: int
    pages: int
    rules: int
    sheets: int
    provenance: tuple[tuple[str, str], ...]


class Detail(msgspec.Struct, frozen=True):
    """One finding with everything that is shown of it. pages: the page pictures it stands on. fixable: numbers of the
    operands a person can put right. places: names a waiver may call the place by, the most telling first."""

    view: FindingView
    pages: tuple[StoredPicture, ...]
    fixable: tuple[int, ...]
    places: tuple[str, ...]
    finding: Finding


class ReadView(msgspec.Struct, frozen=True):
    """What was read: tables (figures have ids like t2r5c3), sentences of the 情况说明 with figures nothing accounts for,
    (figures read, printed) of it, what could not be read at all."""

    sheets: tuple[GridView, ...]
    unread_figures: tuple[tuple[str, str, str], ...]
    share: tuple[int, int]
    unread: tuple[str, ...]
    prose: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class FigureView(msgspec.Struct, frozen=True):
    """A figure a person may put right. page, picture: where it is printed, with a box; grid: its table around it."""

    name: str
    printed: str
    unit: str
    where: str
    value: str
    note: str
    corrected: str
    picture: PictureView | None = None
    pages: tuple[StoredPicture, ...] = ()
    grid: GridView | None = None

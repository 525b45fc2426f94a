"""A form while it is being read."""

from __future__ import annotations

import msgspec

from juesuan_rules.documents.model import NOWHERE, Place
from juesuan_rules.reports.forms.cells import Piece


class Trouble(msgspec.Struct, frozen=True):
    """Something a form's reading could not settle; row: its label, "" for none."""

    kind: str
    message: str
    place: Place
    row: str = ""


class Draft(msgspec.Struct):
    """One form. heads: titles and other texts above and in it that say unit and year. money: unit of its
    amounts, settled at the end. fields: cells per field. texts: fields that are texts."""

    titles: list[str] = msgspec.field(default_factory=list)
    place: Place = NOWHERE
    heads: list[str] = msgspec.field(default_factory=list)
    fields: dict[str, list[Piece]] = msgspec.field(default_factory=dict)
    percents: set[str] = msgspec.field(default_factory=set)
    blocks: dict[str, list[RowDraft]] = msgspec.field(default_factory=dict)
    troubles: list[Trouble] = msgspec.field(default_factory=list)
    begun: bool = False
    """Whether a sub-table or the indicators have begun, so that a further 名称 starts another form."""

    def rows(self, block: str) -> list[RowDraft]:
        """The rows of a block, to add to."""
        return self.blocks.setdefault(block, [])


class RowDraft(msgspec.Struct):
    """A row as cells per column, before units are known. unplaced: figures that fit no column surely.
    prints: it prints its own 一级指标."""

    columns: dict[str, list[Piece]]
    label: str
    raw_label: str
    place: Place
    role: str = "明细"
    under: int | None = None
    unplaced: list[Piece] = msgspec.field(default_factory=list)
    percent: frozenset[str] = frozenset()
    levels: tuple[str, str, str] = ("", "", "")
    prints: bool = False

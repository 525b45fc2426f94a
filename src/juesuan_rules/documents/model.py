"""What a document is once its format is forgotten: a list of text lines and grids, each with its Place."""

from __future__ import annotations

from typing import Literal

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where a thing stands in its file. Lines, pages and paragraphs count from 1; box is in points."""

    line: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    cell: str | None = None
    paragraph: int | None = None
    file: str | None = None


NOWHERE = Place()


class GridCell(msgspec.Struct, frozen=True):
    """One printed cell: its text, its place, how many columns and rows it spans (0 = unknown).

    A merged cell's text stands in its top-left cell; the other cells it covers are there and empty.
    confidence: of a recogniser (scans), 1.0 where the text was read and not recognised.
    standard: the standard name a recognised label was snapped to, "" otherwise; `text` stays as read.
    stored: in a spreadsheet the stored value where it differs from the displayed `text`.
    """

    text: str
    place: Place = NOWHERE
    colspan: int = 1
    rowspan: int = 1
    confidence: float = 1.0
    standard: str = ""
    stored: str = ""

    @property
    def label(self) -> str:
        """What the cell is matched by where it is a label: its standard name, else its text."""
        return self.standard or self.text


class TextBlock(msgspec.Struct, frozen=True):
    """A paragraph or a line of running text; `text` is stripped of outer white space only."""

    text: str
    place: Place = NOWHERE


class GridBlock(msgspec.Struct, frozen=True):
    """A table as printed: rows of cells, not yet understood; rows may differ in length.

    kind says how the columns were known: "columns" (tab separated, ruled …: position i is column i)
    or "cells" (one cell per line: a merged cell counts once, so positions can drift).
    """

    rows: tuple[tuple[GridCell, ...], ...]
    place: Place = NOWHERE
    kind: Literal["columns", "cells"] = "columns"


Block = TextBlock | GridBlock


class Source(msgspec.Struct, frozen=True):
    """The file a document came from. sha256 is of its bytes."""

    path: str
    sha256: str
    format: str
    size: int = 0
    encoding: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A file read into blocks, in reading order. `notes` says what the reader had to repair or skip.

    parts: the files it was put together from, where it was more than one (attachments, --as-one).
    unread: what could not be read at all (a scanned page without the recogniser), a sentence each:
    whatever would stand there is 无法判断, never missing.
    """

    source: Source
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    parts: tuple[Source, ...] = ()
    unread: tuple[str, ...] = ()

"""Grids of a document → its forms: where each begins, and what goes on behind a page end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from juesuan_rules.documents.model import Document, GridBlock, GridCell, TextBlock
from juesuan_rules.names import fold
from juesuan_rules.reports.forms.cells import Piece, cleaned, pieces_of
from juesuan_rules.reports.forms.drafts import Draft
from juesuan_rules.reports.forms.headers import GOAL, read_header
from juesuan_rules.reports.forms.lexicon import INDICATOR, Lexicon, is_form_title
from juesuan_rules.reports.forms.reading import Reader

_PAGE = re.compile(r"[-—]*第?[-—]?\d{1,4}[-—]?页?(?:[,/]?共?\d{1,4}页?)?[-—]*|[(]?续(?:表|上表|上页)?[)]?")
_ASIDE = re.compile(r"[(]?\d{4}年?度?[)]?|[(]?(?:金额)?单位:.{1,6}[)]?")
_REACH = 6
_FURNITURE = 3
"""A short line that stands this often in a document is a head or foot of its pages."""
_NAMES = ("名称", "单位名称")
_FEW = 5
_CLOSED = 2


class Part(msgspec.Struct, frozen=True):
    """A grid with the lines above it. joined: nothing but a page end parts it from the grid before."""

    rows: Sequence[Sequence[GridCell]]
    lines: tuple[str, ...]
    joined: bool


def read_drafts(document: Document, others: Sequence[GridBlock], titles: Sequence[str], lexicon: Lexicon) -> list[Draft]:
    """Every form of the document, read."""
    gatherer = _Gatherer(lexicon)
    for part in _parts(document, others, titles):
        gatherer.take(part)
    gatherer.end()
    return gatherer.drafts


def _parts(document: Document, others: Sequence[GridBlock], titles: Sequence[str]) -> Iterator[Part]:
    known = {id(grid): title for grid, title in zip(others, titles, strict=False)}
    counts = Counter(fold(b.text) for b in document.blocks if isinstance(b, TextBlock) and len(b.text) <= 40)
    lines: list[str] = []
    joined = False
    for block in document.blocks:
        if isinstance(block, TextBlock):
            lines.append(block.text)
            continue
        title = known.pop(id(block), None)
        if title is not None:
            above = tuple(lines[-_REACH:])
            if title and title not in above:
                above = (*above, title)
            telling = [line for line in lines if not _is_silent(fold(line)) and counts[fold(line)] < _FURNITURE]
            yield Part(block.rows, above, joined and not telling)
        joined = title is not None
        lines = []


def _is_silent(line: str) -> bool:
    """Whether a folded line between two grids may stand within one form: a page number, a title printed again."""
    return _PAGE.fullmatch(line) is not None or _ASIDE.fullmatch(line) is not None or is_form_title(line)


class _Gatherer:
    """Takes the rows of all grids and starts a form where one begins."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.drafts: list[Draft] = []
        self.reader: Reader | None = None
        self.pending: list[str] = []
        """Titles seen since the last form began."""
        self.first = False

    def take(self, part: Part) -> None:
        """Reads one grid."""
        if not part.joined:
            self.end()
            self.pending = []
        self.first = True
        self.pending += [line for line in part.lines if is_form_title(fold(line))]
        around = [fold(line) for line in part.lines]
        for row in part.rows:
            pieces = pieces_of(row)
            if pieces:
                self._row(pieces, around)
                self.first = False

    def end(self) -> None:
        """Nothing that follows belongs to the form being read."""
        if self.reader is not None:
            self.reader.finish()
        self.reader = None

    def _row(self, pieces: list[Piece], around: list[str]) -> None:
        if self._is_title(pieces):
            self.pending.append(cleaned(pieces[0].text))
            return
        if self._begins(pieces):
            self._begin(pieces, around)
        elif self.reader is not None and len(pieces) > 1:
            self.pending = []  # a title printed again over the rest of the form
        if self.reader is not None:
            self.reader.feed(pieces, self.first)
        else:
            around.extend(piece.text for piece in pieces if len(piece.text) < 30)

    def _is_title(self, pieces: list[Piece]) -> bool:
        text = "".join(piece.text for piece in pieces) if len(pieces) <= _CLOSED else pieces[0].text
        return len(pieces) <= _CLOSED and is_form_title(text)

    def _begins(self, pieces: list[Piece]) -> bool:
        """Whether a form begins with this row."""
        names = len(pieces) <= 2 * _FEW and self._field(pieces[0]) in _NAMES
        if self.reader is None:
            if names and (self.pending or self._field(pieces[0]) == "名称"):
                return True
            header = read_header(pieces, self.lexicon)
            if header is not None and header.kind != GOAL:
                return bool(self.pending) or header.kind == INDICATOR
            return bool(self.pending) and self._field(pieces[0]) is not None
        draft = self.reader.draft
        if names:
            return draft.begun or (self._field(pieces[0]) in draft.fields)
        if self.pending and draft.begun:
            header = read_header(pieces, self.lexicon)
            if header is not None:
                return bool({"总分", "满分"} & draft.fields.keys()) or not self._repeats(header.kind)
            return self._field(pieces[0]) is not None
        return False

    def _repeats(self, kind: str) -> bool:
        """Whether a header is that of the sub-table being read, printed again on a new page."""
        zone = self.reader.zone if self.reader is not None else None
        return zone is not None and zone.kind == kind

    def _field(self, piece: Piece) -> str | None:
        field = self.lexicon.field(piece.text)
        return self.lexicon.field(piece.text.partition(":")[0]) if field is None and ":" in piece.text else field

    def _begin(self, pieces: list[Piece], around: list[str]) -> None:
        self.end()
        heads = [text for text in around if len(text) <= 60]
        draft = Draft(titles=list(self.pending), place=pieces[0].place, heads=heads)
        self.pending = []
        self.drafts.append(draft)
        self.reader = Reader(self.lexicon, draft)

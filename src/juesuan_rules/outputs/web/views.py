"""A finding as it is shown: every text ready, its figures numbered, the places they stand in drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from juesuan_rules.documents.model import GridCell
from juesuan_rules.findings import OUTCOME_ZH, SEVERITY_ZH, Cause, Finding, Operand
from juesuan_rules.material import Numbered, Subject
from juesuan_rules.outputs.web.grids import Drawing, GridView, Mark, cut
from juesuan_rules.outputs.web.pictures import Marked, PageSource, PictureStore, PictureView, on_page
from juesuan_rules.outputs.web.pieces import Piece, amounts_told, filled_pieces, first_place, marked_pieces, quiet_positions, size_in_fen
from juesuan_rules.outputs.web.places import CellAt, Places, WordsAt, is_elsewhere, section_of
from juesuan_rules.packs.families import family_of
from juesuan_rules.renderings.plain import ordinal, place_text
from juesuan_rules.renderings.reviews_text import CHANGE_ZH, decision_text
from juesuan_rules.renderings.waivers_text import waiver_text
from juesuan_rules.results import ChangeKind

PLACES_DRAWN = 600
"""Findings whose places are drawn; of those after it the figures are listed with links into the tables."""
FIGURES_LISTED = 1_500
"""Findings whose figures are listed; those after it are a sentence and a formula."""
CELLS_DRAWN = 120_000
"""Cells of the tables as read that are drawn, of all tables together."""
_OPERANDS = 60


class OperandView(msgspec.Struct, frozen=True):
    """A figure as listed. link: id of its cell in the tables as read, "" without one. notes: 空白按 0 计 …"""

    number: int
    sign: str
    name: str
    raw: str
    unit: str
    where: str
    link: str = ""
    notes: tuple[str, ...] = ()
    quiet: bool = False
    suspect: bool = False


class QuoteView(msgspec.Struct, frozen=True):
    """A sentence of the prose with the figures in it marked. under: the heading it stands under."""

    where: str
    under: str
    pieces: tuple[Piece, ...]


class FindingView(msgspec.Struct, frozen=True):
    """A finding with everything that is shown of it. at: position in `Subject.full.findings`. family: its letters.
    size: its difference in 分, for sorting. tables: names of the tables its figures stand in. drawn: whether its places
    and figures are here, or only its sentence: 全, 数 or 句."""

    number: int
    id: str
    at: int
    rule: str
    title: str
    outcome: str
    outcome_zh: str
    severity: str
    severity_zh: str
    family: str
    key: str
    sentence: str
    where: str
    formula: str
    filled: tuple[Piece, ...]
    amounts: tuple[tuple[str, str], ...]
    tolerance_note: str
    operands: tuple[OperandView, ...]
    quiet: tuple[OperandView, ...]
    hidden: int
    pictures: tuple[PictureView, ...]
    grids: tuple[GridView, ...]
    quotes: tuple[QuoteView, ...]
    hints: tuple[str, ...]
    suspect: str
    basis: tuple[tuple[str, bool], ...]
    waiver: str
    decision: str
    decision_text: str
    change: str
    fingerprint: str
    pack: str
    tables: tuple[str, ...]
    size: str
    drawn: str
    cause: str
    cause_sentence: str


class Viewer:
    """Makes the views of one report's findings; asked for one finding or for all of them. changes: against an earlier
    result, by fingerprint."""

    def __init__(self, subject: Subject, pages: PageSource | None = None, changes: Mapping[str, ChangeKind] | None = None) -> None:
        self.subject = subject
        self._changes = changes or {}
        self.places = Places(subject.report)
        self.drawing = Drawing(self.places)
        self.store = PictureStore(pages) if pages is not None else None
        self._causes: dict[str | None, Cause] = {cause.id: cause for cause in subject.full.causes}
        self.numbered = subject.numbered
        self.used = self._used()

    def view(self, numbered: Numbered, drawn: str = "全") -> FindingView:
        """One finding as shown. drawn: 全, 数 (figures without their places) or 句 (neither)."""
        finding, name = numbered.finding, f"f{numbered.number}"
        operands = finding.operands or ()
        shown = operands if drawn != "句" else ()
        quiet = quiet_positions(operands, finding.suspect)
        cells = [self.places.cell(operand) for operand in shown]
        words = [self.places.words(operand) if cell is None else None for operand, cell in zip(shown, cells, strict=True)]
        listed = [self._operand(at, operand, cell, finding, at in quiet) for at, (operand, cell) in enumerate(zip(shown, cells, strict=True))]
        pictures: tuple[PictureView, ...] = ()
        grids: tuple[GridView, ...] = ()
        quotes: tuple[QuoteView, ...] = ()
        if drawn == "全":
            pictures, boxed = self._pictures(name, finding, cells, quiet)
            grids = tuple(self._grids(finding, cells, quiet, boxed))
            quotes = tuple(self._quotes(finding, cells, words, bool(pictures)))
        loud = [one for one in listed if not one.quiet]
        cause = self._causes.get(finding.cause)
        return FindingView(
            number=numbered.number,
            id=name,
            at=numbered.at,
            rule=finding.rule,
            title=finding.check or finding.title,
            outcome=finding.outcome,
            outcome_zh=OUTCOME_ZH[finding.outcome],
            severity=finding.severity,
            severity_zh=SEVERITY_ZH[finding.severity],
            family=family_of(finding.rule),
            key=finding.key,
            sentence=cut(finding.sentence or finding.reason or finding.check or finding.title, 600),
            where=first_place(operands, finding.suspect),
            formula=cut(finding.formula, 800),
            filled=filled_pieces(finding, shown) if finding.filled and finding.filled != finding.sentence else (),
            amounts=amounts_told(finding),
            tolerance_note=finding.tolerance_note or "",
            operands=tuple(loud[:_OPERANDS]),
            quiet=tuple([one for one in listed if one.quiet][:_OPERANDS]),
            hidden=len(operands) - min(len(loud), _OPERANDS) - min(len(listed) - len(loud), _OPERANDS),
            pictures=pictures,
            grids=grids,
            quotes=quotes,
            hints=finding.hints,
            suspect=finding.suspect or "",
            basis=tuple([(f"{b.document} {b.clause}".strip(), b.verified == "未核验") for b in finding.basis]),
            waiver=waiver_text(finding.waiver) if finding.waiver is not None else "",
            decision=finding.decision.shown if finding.decision is not None else "",
            decision_text=decision_text(finding.decision) if finding.decision is not None else "",
            change=self._change(finding),
            fingerprint=finding.fingerprint,
            pack=finding.changed_by or finding.pack,
            tables=self._tables(operands, cells),
            size=size_in_fen(finding),
            drawn=drawn,
            cause=cause.id if cause is not None else "",
            cause_sentence=cause.sentence if cause is not None else "",
        )

    def views(self) -> list[FindingView]:
        """All of them; those after `PLACES_DRAWN` and `FIGURES_LISTED` with less."""
        return [self.view(one, "全" if one.number <= PLACES_DRAWN else "数" if one.number <= FIGURES_LISTED else "句") for one in self.numbered]

    def _change(self, finding: Finding) -> str:
        kind = self._changes.get(finding.fingerprint)
        return CHANGE_ZH[kind] if kind is not None else ""

    def sheets(self) -> list[GridView]:
        """Every table as read, the cells that findings use marked with their numbers; the last rows of very many are left out and told."""
        used: list[dict[tuple[int, int], list[int]]] = [{} for _ in self.places.sheets]
        for at, numbers in self.used.items():
            used[at.sheet][at.row, at.column] = numbers
        room, views = CELLS_DRAWN, []
        for number in range(len(self.places.sheets)):
            view = self.drawing.whole(number, used[number], room)
            room -= sum(len(row.cells) for row in (*view.head, *view.body))
            views.append(view)
        return views

    def _used(self) -> dict[CellAt, list[int]]:
        """Per printed cell the findings that use it."""
        used: dict[CellAt, list[int]] = {}
        for one in self.numbered[:FIGURES_LISTED]:
            for operand in one.finding.operands or ():
                at = self.places.cell(operand)
                if at is not None and one.number not in used.setdefault(at, []):
                    used[at].append(one.number)
        return used

    def _operand(self, at: int, operand: Operand, cell: CellAt | None, finding: Finding, quiet: bool) -> OperandView:
        notes = [operand.note, f"更正：{operand.corrected}，按 {operand.value} 元核对" if operand.corrected else ""]
        if operand.confidence < 1 and "不确定" not in operand.note:
            notes.append(f"识别把握 {operand.confidence:.0%}")
        sheet = self.places.sheet(operand) if cell is None else None
        link = self.places.sheets[sheet].id if sheet is not None else ""
        if cell is not None and cell in self.used:
            link = f"{self.places.sheets[cell.sheet].id}r{cell.row}c{cell.column}"
        return OperandView(
            at + 1, ordinal(at + 1), operand.name, cut(operand.raw.strip()) if operand.raw != operand.name else "—", operand.unit or "", place_text(operand.place), link,
            tuple([note for note in notes if note]), quiet, operand.name == finding.suspect,
        )  # fmt: skip

    def _pictures(
        self, name: str, finding: Finding, cells: Sequence[CellAt | None], quiet: frozenset[int]
    ) -> tuple[tuple[PictureView, ...], frozenset[int]]:
        if self.store is None or not finding.operands:
            return (), frozenset()
        sheets = sorted({cell.sheet for cell in cells if cell is not None})

        def header(key: Any) -> list[GridCell]:
            rows = [row for sheet in sheets for row in self.places.sheets[sheet].grid.rows[: self.places.sheets[sheet].header_rows]]
            return [cell for row in rows for cell in row if cell.text.strip() and on_page(cell.place, key)][:40]

        marked = [Marked(at + 1, operand, at in quiet, operand.name == finding.suspect) for at, operand in enumerate(finding.operands) if not is_elsewhere(operand)]
        return self.store.views(name, marked, header)

    def _grids(self, finding: Finding, cells: Sequence[CellAt | None], quiet: frozenset[int], boxed: frozenset[int]) -> Iterable[GridView]:
        """Excerpts of the tables that figures stand in which no page picture shows."""
        marks: dict[int, dict[tuple[int, int], list[Mark]]] = {}
        for at, (operand, cell) in enumerate(zip(finding.operands or (), cells, strict=True)):
            if at + 1 in boxed:
                continue
            if cell is None:  # a row that lacks, a table as a whole: the table is shown, nothing in it marked
                sheet = self.places.sheet(operand) if at not in quiet else None
                if sheet is not None:
                    marks.setdefault(sheet, {})
            else:
                mark = Mark(at + 1, ordinal(at + 1), 0, at in quiet, operand.name == finding.suspect)
                marks.setdefault(cell.sheet, {}).setdefault((cell.row, cell.column), []).append(mark)
        return (self.drawing.excerpt(sheet, here) for sheet, here in marks.items())

    def _quotes(self, finding: Finding, cells: Sequence[CellAt | None], words: Sequence[WordsAt | None], pictured: bool) -> Iterable[QuoteView]:
        """The sentences figures stand in."""
        groups: dict[int, list[tuple[WordsAt, int]]] = {}
        loose: dict[str, list[int]] = {}
        operands = finding.operands or ()
        for at, (operand, cell, found) in enumerate(zip(operands, cells, words, strict=True)):
            if cell is not None:
                continue
            if found is not None:
                groups.setdefault(found.sentence, []).append((found, at))
            elif operand.quote:
                loose.setdefault(operand.quote, []).append(at)
        for number, those in groups.items():
            sentence = self.subject.report.prose.sentences[number]
            spans = [(found.start, found.end, at) for found, at in those if found.end > found.start]
            yield QuoteView(place_text(sentence.place), section_of(sentence), marked_pieces(sentence.text, spans, operands, finding.suspect))
        for quote, positions in loose.items():
            spans = []
            for at in positions:
                start = quote.find(operands[at].raw.strip()) if operands[at].raw.strip() else -1
                spans += [(start, start + len(operands[at].raw.strip()), at)] if start >= 0 else []
            yield QuoteView(place_text(operands[positions[0]].place), "", marked_pieces(quote, spans, operands, finding.suspect))

    def _tables(self, operands: Sequence[Operand], cells: Sequence[CellAt | None]) -> tuple[str, ...]:
        sheets = [cell.sheet if cell is not None else self.places.sheet(operand) for operand, cell in zip(operands, cells, strict=False)]
        names = [self.places.sheets[sheet].title or "其他表格" for sheet in sheets if sheet is not None]
        if any(operand.quote for operand in operands):
            names.append("文字")
        return tuple(dict.fromkeys(names))


def finding_view(subject: Subject, pages: PageSource | None = None) -> list[FindingView]:
    """All findings of a report as shown, in the order of their numbers."""
    return Viewer(subject, pages).views()

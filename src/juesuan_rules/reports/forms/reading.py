"""One form, row by row: head fields, sub-tables, indicators, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan_rules.names import fold
from juesuan_rules.reports.forms.alignment import LABEL, LEFT, OTHER, align, by_position
from juesuan_rules.reports.forms.cells import FIGURES, FRAGMENT, MISREAD, NUMBER, WORDS, Piece, kind_of
from juesuan_rules.reports.forms.drafts import Draft, RowDraft, Trouble
from juesuan_rules.reports.forms.headers import GOAL, Zone, read_header, refine
from juesuan_rules.reports.forms.levels import settle_levels
from juesuan_rules.reports.forms.lexicon import FUND, INDICATOR, MONITOR, TASK, Lexicon, bare
from juesuan_rules.reports.forms.words import CLOSING, LEVELS, MEASURES, NUMBERED, SUBTOTAL, TOTALS

_NOTE = re.compile(r"(?:备?注|说明|填表说明|填报说明)[:：\d]")
_LONG = 60
_LABEL_WORDS = 3
_FRAGMENT = 4
"""A lone text no longer than this is the rest of one that a page end cut."""
_LABELLED = re.compile(r"(?P<label>[^\d:]{2,16})[:]?(?P<rest>(?:[\d.,%]+ ?){1,3})$")
_WHOLE_SUM = re.compile(r"总额|总计|合计|资金总|总资金")
_PARTITION = re.compile(r"按.{2,8}分")
NOT_READ, SLIPPED = "未读入", "行错位"


class Reader:
    """Reads the rows of one form into a draft."""

    def __init__(self, lexicon: Lexicon, draft: Draft) -> None:
        self.lexicon, self.draft = lexicon, draft
        self.zone: Zone | None = None
        self.shifts: tuple[int, ...] = (0,)
        self.levels = ("", "", "")
        self.waiting: list[tuple[list[Piece], bool]] = []
        """Rows of indicators, read together when all are known: whether they are scored tells where they slipped."""
        self.group = 0
        """How many rows of the current sub-table precede it in its block."""

    def feed(self, pieces: list[Piece], first: bool = False) -> None:
        """Takes the next row that has anything in it. first: it is the first of a part of the form behind a page end."""
        if first and len(pieces) == 1 and pieces[0].kind not in FIGURES and self.zone is not None and not self._labels(pieces):
            return  # the rest of a text that the page end cut
        if len(pieces) == 1 and (_NOTE.match(pieces[0].text) or (len(pieces[0].text) > _LONG)):
            if self.zone is not None and self.zone.kind != GOAL:
                self._leave()
            return
        header = read_header(pieces, self.lexicon)
        if header is not None:
            self._enter(header, pieces)
        elif self.zone is not None and refine(self.zone, pieces, self.lexicon):
            return
        elif self._labels(pieces):
            self._read_pairs(pieces)
        elif self.zone is None:
            self._report_left(pieces, "")
        elif self.zone.kind == INDICATOR:
            self.waiting.append((pieces, first))
        elif self.zone.kind == GOAL:
            self._report_left([piece for piece in pieces if piece.kind in MISREAD], "")
        else:
            self._read_line(pieces)

    def finish(self) -> None:
        """Reads what was left for when all rows are known."""
        zone, waiting = self.zone, self.waiting
        self.waiting = []
        if zone is None or not waiting:
            return
        scored = any("得分" in (by_position(pieces, zone.columns, 0) or ()) for pieces, _ in waiting)
        for pieces, first in waiting:
            self.shifts = (0,) if first else self.shifts
            self._read_indicator(zone, pieces, scored)

    def _leave(self) -> None:
        self.finish()
        self.zone = None

    def _enter(self, zone: Zone, pieces: Sequence[Piece]) -> None:
        self.finish()
        self.zone, self.shifts = zone, (0,)
        self.draft.begun = True
        self._report_left([piece for piece in pieces if piece.kind in MISREAD], "")
        self.draft.heads.extend(piece.text for piece in pieces)
        self.levels = ("", "", "")
        self.group = len(self.draft.blocks.get(zone.kind, ()))

    # ------------------------------------------------------------------ label | value

    def _labels(self, pieces: Sequence[Piece]) -> bool:
        """Whether a row is made of labels and their values."""
        in_table = self.zone is not None and self.zone.kind != GOAL
        if self.zone is not None and self.zone.kind == INDICATOR:
            return self._closes(pieces)
        field = self._field(pieces[0])
        if field is None and len(pieces) > 1 and pieces[0].at == 0 and not in_table:
            field = self._field(pieces[1])
        if field is None:
            return False
        if in_table and not field and any(piece.kind in FIGURES for piece in pieces):
            return False  # 项目资金（万元） beside the first row of funds
        return not in_table or (field not in MEASURES and pieces[0].at == 0)

    def _closes(self, pieces: Sequence[Piece]) -> bool:
        """Whether a row below indicators states totals."""
        field = next((self._field(piece) for piece in pieces if piece.kind not in FIGURES), None)
        if field in CLOSING:
            return True
        if field is None:
            texts = [bare(piece.text) for piece in pieces if piece.kind not in FIGURES]
            return bool(texts) and texts[0] in TOTALS
        return field == "" and pieces[0].at == 0 and len(pieces) <= 3

    def _field(self, piece: Piece) -> str | None:
        if piece.kind in FIGURES:
            return None
        found = self.lexicon.field(piece.text)
        if found is None and ":" in piece.text:
            found = self.lexicon.field(piece.text.partition(":")[0])
        if found is None and (tail := self._with_figures(piece)) is not None:
            found = self.lexicon.field(tail[0])
        if found is None and self.zone is not None and self.zone.kind == INDICATOR and bare(piece.text) in TOTALS:
            return "总分"
        return found

    def _with_figures(self, piece: Piece) -> tuple[str, list[Piece]] | None:
        """A cell that holds a label and the figures behind it (总分 100 99.96)."""
        if not any(c.isdigit() for c in piece.raw[-6:]) or len(piece.raw) > 40:
            return None
        words = piece.raw.replace("：", " ").replace(":", " ").split()
        first = next((n for n, word in enumerate(words) if word[0] in "0123456789" and kind_of(fold(word)) in FIGURES), 0)
        if not 0 < first <= _LABEL_WORDS or any(kind_of(fold(word)) not in FIGURES for word in words[first:]):
            return None
        figures = [Piece(fold(word), word, piece.at, kind_of(fold(word)), piece.place, piece.confidence) for word in words[first:]]
        return fold("".join(words[:first])), figures

    def _read_pairs(self, pieces: Sequence[Piece]) -> None:
        field: str | None = None
        name = ""
        values: list[Piece] = []
        self.draft.heads.extend(piece.text for piece in pieces if len(piece.text) < 30)
        closing = self.zone is not None and self.zone.kind == INDICATOR
        for piece in pieces:
            found = self._field(piece)
            if found is None:
                values.append(piece)
                continue
            self._set(field, name, values, closing)
            field, name, values = found, bare(piece.text.partition(":")[0]), []
            inner = self._with_figures(piece)
            if inner is not None and self.lexicon.field(piece.text) is None:
                values.extend(inner[1])
            elif ":" in piece.text and not piece.text.endswith(":") and self.lexicon.field(piece.text) is None:
                rest = piece.text.partition(":")[2]
                raw = re.split("[:：]", piece.raw, maxsplit=1)[-1].strip()
                values.append(Piece(rest, raw, piece.at, kind_of(rest), piece.place, piece.confidence))
        self._set(field, name, values, closing)
        if closing and field == "" and pieces[0].at == 0:
            self._leave()

    def _set(self, field: str | None, name: str, values: list[Piece], closing: bool) -> None:
        if field is None or (field == "" and name not in NUMBERED):
            self._report_left(values, "")
        elif field.startswith("资金."):
            self._set_source(field, values)
        elif field and values:
            figures = [piece for piece in values if piece.kind in FIGURES]
            if field == "总分" and closing and len(figures) == 2 and field not in self.draft.fields:
                self.draft.fields["满分"] = figures[:1]
                values = [figures[1]]
            if field in self.draft.fields and field in MEASURES:
                self._report_left(values, field)
            else:
                self.draft.fields.setdefault(field, values)

    def _set_source(self, field: str, values: list[Piece]) -> None:
        _, source, column = field.split(".")
        if values:
            self.draft.rows(FUND).append(RowDraft({column: values}, source, source, values[0].place, "其中"))
            if source == "年初预算支出":
                self.draft.fields.setdefault("年初预算数", values)

    # ------------------------------------------------------------------ rows of sub-tables

    def _read_indicator(self, zone: Zone, pieces: list[Piece], scored: bool) -> None:
        aligned = align(pieces, zone.columns, self.shifts, scored)
        if aligned is None:
            self._unfit(pieces)
            return
        if aligned.shift is None and aligned.drift:
            self.shifts = (0, aligned.drift)
        if not any(piece.kind == WORDS and _is_chinese(piece.text) for piece in pieces):
            self._report_left(pieces, "")
            return
        left = [piece for column in (LABEL, *LEVELS) for piece in aligned.columns.get(column, ())]
        self._report_left([piece for piece in left if piece.kind in MISREAD], "")
        left = [piece for piece in left if piece.kind not in MISREAD]
        left.sort(key=lambda piece: piece.at)
        settled = settle_levels(aligned, left, zone.columns, self.levels)
        self.levels = levels = settled.down
        third = settled.third
        if not settled.indicator or (len(pieces) == 1 and len(pieces[0].text) <= _FRAGMENT):
            return
        columns = {name: found for name, found in aligned.columns.items() if name not in LEFT}
        ignored = [piece for piece in aligned.columns.get(OTHER, ()) if piece.kind in FIGURES and piece.kind != FRAGMENT]
        if ignored:
            self._report_left(ignored, levels[2])
        if aligned.unplaced:
            texts = "、".join(piece.raw for piece in aligned.unplaced)
            self.draft.troubles.append(Trouble(SLIPPED, f"“{levels[2]}”一行与表头对不上，放不准的数：{texts}", pieces[0].place, levels[2]))
        role = "小计" if bare(levels[2]) in SUBTOTAL else "明细"
        raw = third.raw if third is not None else levels[2]
        self.draft.rows(INDICATOR).append(RowDraft(columns, levels[2], raw, pieces[0].place, role, None, aligned.unplaced, zone.percent, levels, settled.prints))

    def _unfit(self, pieces: list[Piece]) -> None:
        """A row that does not fit its columns: its text is kept, its figures are unreadable."""
        figures = [piece for piece in pieces if piece.kind in FIGURES]
        if not figures or not any(_is_chinese(piece.text) for piece in pieces):
            self._report_left(figures, "")
            return
        texts = [piece for piece in pieces if piece.kind == WORDS and piece.at < figures[0].at] or [piece for piece in pieces if piece.kind == WORDS][:1]
        name = texts[-1].text if texts else ""
        shown = "、".join(piece.raw for piece in figures)
        self.draft.troubles.append(Trouble(SLIPPED, f"“{name}”一行与表头对不上，没有读入：{shown}", pieces[0].place, name))
        block = self.zone.kind if self.zone is not None else INDICATOR
        raw = texts[-1].raw if texts else ""
        role, under = ("明细", None) if block == INDICATOR or self.zone is None else self._role(self.zone, texts, bare(name))
        row = RowDraft({}, name, raw, pieces[0].place, role, under, figures)
        row.levels = (self.levels[0], self.levels[1], name)
        self.draft.rows(block).append(row)

    def _read_line(self, pieces: list[Piece]) -> None:
        """A row of funds, tasks or monitored money."""
        zone = self.zone
        if zone is None:
            return
        pieces = self._parted(pieces)
        if not any(piece.kind in FIGURES for piece in pieces):
            return
        aligned = None if zone.broken else align(pieces, zone.columns, self.shifts)
        if aligned is None and not zone.broken:
            aligned = align([p for p in pieces if p.kind in FIGURES or p.at > 0], zone.columns, self.shifts)
        if aligned is None:
            figures = sum(piece.kind == NUMBER for piece in pieces)
            zone.broken = zone.broken or figures > len(set(zone.columns) & MEASURES.keys())
            self._unfit(pieces)
            return
        first = min((p.at for key, found in aligned.columns.items() if key in MEASURES for p in found if p.kind in FIGURES), default=99)
        texts = [p for name in (LABEL, "来源", "任务", "项目") for p in aligned.columns.get(name, ()) if p.kind not in FIGURES and p.at <= first]
        texts.sort(key=lambda piece: piece.at)
        name = texts[-1] if texts else None
        label = bare(name.text) if name is not None else bare(zone.title)
        columns = {key: found for key, found in aligned.columns.items() if key in MEASURES}
        extra = [p for key, found in aligned.columns.items() if key not in MEASURES for p in found if p.kind in FIGURES and key not in ("项目", "任务", "来源", LABEL)]
        if aligned.unplaced or extra:
            shown = "、".join(piece.raw for piece in (*aligned.unplaced, *extra))
            self.draft.troubles.append(Trouble(SLIPPED, f"“{label}”一行与表头对不上，放不准的数：{shown}", pieces[0].place, label))
        role, under = self._role(zone, texts, label)
        row = RowDraft(columns, label, name.raw if name is not None else zone.title, pieces[0].place, role, under, aligned.unplaced, zone.percent)
        row.levels = (texts[0].raw if len(texts) > 1 else "", "", row.raw_label)
        self.draft.rows(zone.kind).append(row)

    def _parted(self, pieces: list[Piece]) -> list[Piece]:
        """Cells that hold a label and its figure (年度财政资金总额 14) as two; one whose colon says that the figure
        is no column's (基本支出：1450.00) is left out."""
        found: list[Piece] = []
        for piece in pieces:
            inner = self._with_figures(piece) if piece.kind == WORDS else None
            if inner is not None and ":" in piece.text:
                self._report_left(inner[1], inner[0])
            elif inner is not None and len(inner[1]) == 1:
                found.append(Piece(inner[0], inner[0], piece.at - 1, WORDS, piece.place, piece.confidence))
                found.append(inner[1][0])
            else:
                found.append(piece)
        return found

    def _role(self, zone: Zone, texts: Sequence[Piece], label: str) -> tuple[str, int | None]:
        """合计 or 明细 of a row, and of which row it is a 明细."""
        rows = self.draft.rows(zone.kind)
        total = next((index for index in range(self.group, len(rows)) if rows[index].role == "合计"), None)
        if zone.kind == TASK:
            return ("合计" if label in TOTALS else "明细"), None
        if any(_PARTITION.search(piece.text) for piece in texts):
            return "其中", None
        is_total = not label or _WHOLE_SUM.search(label) is not None or (zone.kind == MONITOR and not texts)
        if is_total and total is None and len(rows) == self.group:
            return "合计", None
        if zone.kind == MONITOR and total is None:
            total = next((index for index, row in enumerate(rows) if row.role == "合计"), None)
        return "明细", total

    def _report_left(self, pieces: Sequence[Piece], name: str) -> None:
        """Figures that stand where nothing is known to stand."""
        figures = [piece for piece in pieces if piece.kind in FIGURES]
        if figures:
            shown = "、".join(piece.raw for piece in figures)
            where = f"“{name}”一行的" if name else ""
            self.draft.troubles.append(Trouble(NOT_READ, f"{where}这些数不知道是什么：{shown}", figures[0].place, name))


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)

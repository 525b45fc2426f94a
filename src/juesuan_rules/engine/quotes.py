"""Figures of the prose: the sentence each stands in, quoted, and which cells are the same printed figure.

One printed figure may stand in several record sets: as a fact, as the total of a share, as this
year's amount of a change. For people and for causes it is one figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from juesuan_rules.documents.model import Place
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.columns import Cell
from juesuan_rules.engine.lacks import is_prose

WIDTH = 60
"""About so many characters of a sentence are quoted."""
_BEFORE, _AFTER = 18, 6
_STOPS = "，。；：、,;: "


class Figures(msgspec.Struct):
    """The figures of the prose of every report of a run, looked up by cell."""

    books: Books
    _known: dict[int, tuple[dict[int, tuple[str, int]], dict[tuple[Place, str], list[tuple[int, str]]]]] = msgspec.field(default_factory=dict)
    _same: dict[object, Cell] = msgspec.field(default_factory=dict)

    def same(self, cell: Cell) -> tuple[Cell, int]:
        """The first cell met that shows this printed figure, and -1 where it has the other sign there."""
        amount = cell.amount
        if amount is None or not is_prose(cell.table.spec):
            return cell, 1
        number = self._figure(cell)
        first = self._same.setdefault(cell if number is None else (cell.sheet.scope, number), cell)
        other = first.amount.value if first.amount is not None else None
        return first, -1 if other and amount.value == -other else 1

    def sentence(self, cell: Cell) -> str:
        """The sentence a figure of the prose stands in; "" for a figure of a table or form."""
        if not is_prose(cell.table.spec) or cell.row is None:
            return ""
        if cell.amount is not None and cell.amount.state == "blank":
            stated = next((other for other in _beside(cell) if other.amount is not None and other.amount.state != "blank"), None)
            return self.sentence(stated) if stated is not None else ""
        amount, label = cell.amount, cell.row.raw_label
        raw = amount.raw.strip() if amount is not None else ""
        if amount is not None:
            numbers, printed = self._prose(cell.sheet.scope)
            if id(amount) in numbers:
                return numbers[id(amount)][0]
            found = printed.get((amount.place, raw), []) if not raw or raw not in label else []
            if found:
                return found[0][1]
        return label if label != cell.row.label else ""

    def quotes(self, cells: Sequence[Cell]) -> list[str]:
        """Per cell its sentence, shortened around all the figures of these cells that stand in it."""
        sentences = [self.sentence(cell) for cell in cells]
        raws: dict[str, list[tuple[str, int]]] = {}
        for sentence, cell in zip(sentences, cells, strict=True):
            if sentence and cell.amount is not None:
                at = self._prose(cell.sheet.scope)[0].get(id(cell.amount), ("", 0))[1]
                raws.setdefault(sentence, []).append((cell.amount.raw.strip(), at))
        return [excerpt(sentence, raws.get(sentence, ())) if sentence else "" for sentence in sentences]

    def _figure(self, cell: Cell) -> int | None:
        """Number of the printed figure behind a cell: the very one, or the only one so printed there."""
        amount = cell.amount
        if amount is None:
            return None
        numbers, printed = self._prose(cell.sheet.scope)
        if id(amount) in numbers:
            return id(amount)
        found = printed.get((amount.place, amount.raw.strip()), [])
        return found[0][0] if len(found) == 1 else None

    def _prose(self, scope: int) -> tuple[dict[int, tuple[str, int]], dict[tuple[Place, str], list[tuple[int, str]]]]:
        known = self._known.get(scope)
        if known is None:
            report = self.books.numbered(scope)
            numbers: dict[int, tuple[str, int]] = {}
            printed: dict[tuple[Place, str], list[tuple[int, str]]] = {}
            for sentence in report.prose.sentences:
                for figure in sentence.figures:
                    numbers[id(figure.amount)] = sentence.text, figure.start
                    printed.setdefault((figure.amount.place, figure.amount.raw.strip()), []).append((id(figure.amount), sentence.text))
            known = self._known[scope] = (numbers, printed)
        return known


def _beside(cell: Cell) -> Iterator[Cell]:
    """The other cells of its record."""
    return (cell.sheet.cell(cell.key, column) for column in cell.sheet.block.columns if column != cell.column)


def excerpt(sentence: str, figures: Sequence[tuple[str, int]]) -> str:
    """The sentence, or the parts of it around these figures with … between, about `WIDTH` characters.

    figures: as printed, and where each starts in the sentence (0: the first so printed): a sentence
    may print the same number twice.
    """
    text = " ".join(sentence.split())
    if len(text) <= WIDTH:
        return text
    spans = [
        span
        for raw, start in figures
        if raw and (span := _find(text, raw, len(" ".join(sentence[:start].split()))) or _find(text, raw)) is not None
    ]
    if not spans:
        return text[:WIDTH] + "…"
    windows: list[tuple[int, int]] = []
    share = WIDTH // len(set(spans))
    before, after = max(_BEFORE, share * 2 // 3), max(_AFTER, share // 3)
    for start, end in sorted((_back(text, start, before), min(end + after, len(text))) for start, end in spans):
        if windows and start <= windows[-1][1] + 4:
            windows[-1] = windows[-1][0], max(end, windows[-1][1])
        else:
            windows.append((start, end))
    parts = "…".join(text[start:end].strip("，；、 ") for start, end in windows)
    return ("…" if windows[0][0] else "") + parts + ("…" if windows[-1][1] < len(text) else "")


def _find(text: str, raw: str, start: int = 0) -> tuple[int, int] | None:
    """Where a figure stands from `start` on, not as part of a longer one."""
    at = text.find(raw, start)
    while at >= 0:
        end = at + len(raw)
        before, after = text[at - 1 : at], text[end : end + 1]
        joined = ((before.isdigit() or before in (".", ",")) and raw[0].isdigit() and before != "") or (after.isdigit() and raw[-1].isdigit())
        if not joined:
            return at, end
        at = text.find(raw, at + 1)
    return None


def _back(text: str, start: int, before: int) -> int:
    """Where the words before a figure begin: after a stop, if one is near, else a set way back."""
    least = max(start - before, 0)
    if least <= _AFTER:
        return 0
    stops = [at for at in range(max(least - _AFTER, 0), max(start - 4, 0)) if text[at] in _STOPS]
    return stops[-1] + 1 if stops and stops[-1] >= least else stops[0] + 1 if stops else least

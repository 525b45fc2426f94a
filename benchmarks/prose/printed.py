"""Every figure that the 情况说明 and the 绩效 forms print, with the place of its digits in the opened document.

A figure is edited where it is printed: in the text of a TextBlock or of a cell of a GridBlock.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from msgspec.structs import replace

from juesuan_rules.amounts import PERCENT, SCORE, UNITS
from juesuan_rules.documents.model import Document, GridBlock, GridCell, TextBlock
from juesuan_rules.reports.model import Report, Table

AMOUNT, SHARE, SCORES, COUNT = "金额", "百分比", "分值", "计数"
KINDS = (AMOUNT, SHARE, SCORES, COUNT)
PROSE, FORM = "文字", "表单"

_TOKEN = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")
_CHINESE = re.compile("[零一二两三四五六七八九十百]+")
_WIDE_DIGITS = "０１２３４５６７８９"
_REACH = 400
_LONGEST_CELL = 14
_NO_FIGURES = {"序号", "年度", "名称", "单位"}
_WIDE = {ord("０") + n: str(n) for n in range(10)} | {ord("．"): "."} | dict.fromkeys(map(ord, "OoＯ"), "0")


@dataclass(frozen=True)
class Piece:
    """Where text stands in a document: block, and row and column in a grid (-1 in running text). other:
    which of `Report.other_tables` the grid is."""

    block: int
    row: int = -1
    column: int = -1
    other: int = -1


@dataclass(frozen=True)
class Printed:
    """A figure as printed: `piece.text[start:end]` are its digits, `at` its (sentence, figure) in the prose."""

    source: str
    kind: str
    raw: str
    value: Fraction
    decimals: int
    unit: str
    piece: Piece
    start: int
    end: int
    context: str
    at: tuple[int, int] = (-1, -1)
    line: int = 0
    bound: tuple[tuple[str, str, str], ...] = ()
    """Cells of the record set 自评表 that so read this cell: (block, column, key)."""
    read: bool = True

    def __str__(self) -> str:
        return f"[{self.line}] {self.kind} {self.raw}：{self.context}"


def kind_of(unit: str) -> str:
    """The kind a figure of this unit is counted under."""
    if unit in UNITS:
        return AMOUNT
    return {PERCENT: SHARE, SCORE: SCORES}.get(unit, COUNT)


def number(digits: str) -> Fraction:
    """The number printed."""
    return Fraction(re.sub(r"[\s,*_]", "", digits.translate(_WIDE)))


def _value(digits: str, value: int | Fraction) -> Fraction:
    """The number printed; that of 两辆 is what was read."""
    return number(digits) if digits[:1].isascii() or digits[:1] in _WIDE_DIGITS else Fraction(value)


def decimals(digits: str) -> int:
    """How many decimals it is printed with."""
    return len(re.sub(r"\s", "", digits.translate(_WIDE)).partition(".")[2])


def prose_figures(document: Document, report: Report) -> Iterator[Printed]:
    """The figures of the 情况说明 in reading order; one whose digits cannot be found in the document has end 0."""
    starts, blocks, stream = _stream(document)
    first = {document.blocks[block].place: start for start, block in zip(reversed(starts), reversed(blocks), strict=True)}
    compact, map_back = _compact(stream)
    cursor = 0
    for at, sentence in enumerate(report.prose.sentences):
        begin, end = where = _span(compact, map_back, "".join(sentence.raw.split()), first.get(sentence.place, 0), cursor)
        cursor = end
        if at not in report.prose.explained:
            continue
        spans: list[tuple[int, tuple[int, int]]] = []
        text = sentence.marker + sentence.text
        for token in _TOKEN.finditer(text):
            found = _find(stream, token.group(), begin, end)
            if found is not None:
                spans.append((token.start() - len(sentence.marker), found))
                begin = found[1]
        for n, figure in enumerate(sentence.figures):
            span = next((s for start, s in spans if figure.start <= start < figure.end), None)
            value, unit = figure.amount.value, figure.amount.unit
            if value is None:
                continue
            if span is None and (written := _CHINESE.match(figure.amount.raw)):
                spot = stream.find(figure.amount.raw, *where)
                span = (spot, spot + written.end()) if spot >= 0 else None
            about = f"{sentence.text[max(0, figure.start - 28) : figure.start]}【{sentence.text[figure.start : figure.end]}】{sentence.text[figure.end : figure.end + 8]}"
            block = bisect_right(starts, span[0]) - 1 if span else 0
            start = span[0] - starts[block] if span else 0
            stop = span[1] - starts[block] if span else 0
            inside = span is not None and stop <= len(_text(document.blocks[blocks[block]]))
            digits = _text(document.blocks[blocks[block]])[start:stop] if inside else ""
            yield Printed(
                PROSE, kind_of(unit), digits or figure.amount.raw, _value(digits, value), decimals(digits), unit,
                Piece(blocks[block] if inside else -1), start if inside else 0, stop if inside else 0, about, (at, n), sentence.place.line or sentence.place.page or 0,
                read=(at, n) in report.prose.read,
            )  # fmt: skip


def _text(block: object) -> str:
    assert isinstance(block, TextBlock)
    return block.text


def _stream(document: Document) -> tuple[list[int], list[int], str]:
    """All running text as one string: where each block starts in it, which block that is, the text."""
    starts, blocks, texts, length = [], [], [], 0
    for n, block in enumerate(document.blocks):
        if isinstance(block, TextBlock):
            starts.append(length)
            blocks.append(n)
            texts.append(block.text)
            length += len(block.text) + 1
    return starts, blocks, "\n".join(texts)


def _compact(stream: str) -> tuple[str, list[int]]:
    """The text without white space, and where each of its characters stands in the text."""
    kept = [n for n, char in enumerate(stream) if not char.isspace()]
    return "".join(stream[n] for n in kept), kept


def _span(compact: str, map_back: list[int], raw: str, begin: int, cursor: int) -> tuple[int, int]:
    """Where a sentence stands in the text: at or behind the place it begins at; torn by what is no prose, as far as it may reach."""
    for start in dict.fromkeys((max(begin, cursor), begin)):
        at = compact.find(raw, bisect_left(map_back, start))
        if 0 <= at and raw and map_back[at] - start < _REACH:
            return map_back[at], map_back[at + len(raw) - 1] + 1
    start = max(begin, cursor) if begin - cursor < _REACH else begin
    return start, start + len(raw) + _REACH


def _find(stream: str, digits: str, begin: int, end: int) -> tuple[int, int] | None:
    pattern = r"[\s,*_]*".join(_either(c) for c in digits if c != ",")
    found = re.compile(pattern).search(stream, begin, end)
    return found.span() if found else None


def _either(char: str) -> str:
    wide = chr(ord(char) + 0xFEE0)
    return f"[{re.escape(char)}{wide}{'OoＯ' if char == '0' else ''}]"


def form_figures(document: Document, report: Report) -> Iterator[Printed]:
    """Cells with one number of every grid that a form was read from."""
    table = report.records.get("自评表")
    if table is None:
        return
    bound = _bound(table)
    printed: dict[object, list[str]] = {}
    for place, raw in bound:
        printed.setdefault(place, []).append(raw)
    where = {id(block): n for n, block in enumerate(document.blocks)}
    same = {_cells(block): n for n, block in enumerate(document.blocks) if isinstance(block, GridBlock)}
    for other, grid in enumerate(report.other_tables):
        if not any((cell.place, cell.text.strip()) in bound for row in grid.rows for cell in row):
            continue
        block = where.get(id(grid), same.get(_cells(grid), -1))
        for r, row in enumerate(grid.rows):
            for c, cell in enumerate(row):
                span = _only_number(cell)
                if span is None:
                    continue
                cells = tuple(bound.get((cell.place, cell.text.strip()), ()))
                columns = {column for _, column, _, _ in cells}
                if cells and columns <= _NO_FIGURES:
                    continue
                digits = cell.text[span[0] : span[1]]
                if not cells and (
                    _is_mark(digits, c) or any(digits.strip(" .") in raw for raw in printed.get(cell.place, ()) if raw.strip() != digits.strip())
                ):
                    continue  # a year, a running number, a piece of a number that stands in several cells
                units = {unit for _, _, _, unit in cells}
                unit = next(iter(units)) if len(units) == 1 else "%" if "%" in cell.text else "数"
                about = f"{'|'.join(x.text.strip()[:16] for x in row[max(0, c - 4) : c])}|【{cell.text.strip()}】"
                yield Printed(
                    FORM, kind_of(unit), digits, number(digits), decimals(digits), unit, Piece(block, r, c, other), *span, about,
                    line=cell.place.line or cell.place.page or 0, bound=tuple([(b, col, key) for b, col, key, _ in cells]), read=bool(cells),
                )  # fmt: skip


def _cells(grid: GridBlock) -> tuple[object, ...]:
    return grid.place, tuple(tuple(cell.text for cell in row) for row in grid.rows)


def _bound(table: Table) -> dict[tuple[object, str], list[tuple[str, str, str, str]]]:
    found: dict[tuple[object, str], list[tuple[str, str, str, str]]] = {}
    for name, block in table.blocks.items():
        for column, amounts in block.columns.items():
            if column.startswith("文中"):
                continue
            for row, amount in zip(block.rows, amounts, strict=True):
                if amount.value is not None:
                    found.setdefault((amount.place, amount.raw.strip()), []).append((name, column, row.key, amount.unit))
    return found


def _only_number(cell: GridCell) -> tuple[int, int] | None:
    """Where the one number of a short cell stands in its text."""
    text = cell.text.translate(_WIDE)
    if len(text.strip()) > _LONGEST_CELL:
        return None
    tokens = list(re.finditer(r"\d(?:[\d, ]*\d)?(?:\. ?\d+)?", text))
    if len(tokens) != 1 or re.search(r"年|月|日", text):
        return None
    around = text[: tokens[0].start()] + text[tokens[0].end() :]
    return tokens[0].span() if not re.search(r"[\u4e00-\u9fff]{3}|[A-Za-z]{3}|[（(]", around) else None


def _is_mark(digits: str, column: int) -> bool:
    """A year, or a running number in front of a row."""
    return bool(re.fullmatch(r"20\d\d", digits)) or (column < 2 and bool(re.fullmatch(r"\d{1,2}", digits)))


def edited(document: Document, others: tuple[GridBlock, ...], figure: Printed, new: str) -> tuple[Document, tuple[GridBlock, ...]]:
    """The document with other digits in that place, and the other grids where the figure stands in one."""
    piece, blocks = figure.piece, list(document.blocks)
    if piece.row < 0:
        block = blocks[piece.block]
        assert isinstance(block, TextBlock)
        blocks[piece.block] = replace(block, text=block.text[: figure.start] + _like(figure.raw, new) + block.text[figure.end :])
        return replace(document, blocks=tuple(blocks)), others
    grid = _with_cell(others[piece.other], figure, new)
    if piece.block >= 0:
        blocks[piece.block] = grid
        document = replace(document, blocks=tuple(blocks))
    return document, (*others[: piece.other], grid, *others[piece.other + 1 :])


def _with_cell(grid: GridBlock, figure: Printed, new: str) -> GridBlock:
    rows = list(grid.rows)
    row = list(rows[figure.piece.row])
    cell = row[figure.piece.column]
    row[figure.piece.column] = replace(cell, text=cell.text[: figure.start] + new + cell.text[figure.end :])
    rows[figure.piece.row] = tuple(row)
    return replace(grid, rows=tuple(rows))


def _like(old: str, new: str) -> str:
    """Full-width where the old digits were."""
    if unicodedata.normalize("NFKC", old) == old:
        return new
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in new)

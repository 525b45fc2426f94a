"""The rows of a table without rules: lines with figures, codes or line numbers make rows, wrapped names join theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from juesuan_rules.documents.pdf.pages import Rule
from juesuan_rules.documents.pdf.unruled_columns import TRACK, Columns, edge_of, span_of_total
from juesuan_rules.documents.pdf.unruled_header import Block
from juesuan_rules.documents.pdf.unruled_items import Line, Piece
from juesuan_rules.documents.pdf.unruled_regions import is_total

_WRAP = 1.9
"""Lines of one cell follow each other within so many heights of their characters."""
_WIDE = 2.6
"""The same, where the figures of the row stand right between the two lines."""
_TIGHT = 1.35
"""Below this step two lines of names may be one cell, however close the rows of the table stand."""
_TORN = 0.75
"""Lines nearer than this are one row whose cells are set at different heights."""
_FULL = 1.7
"""A line is broken when less than so many characters would still have fitted."""
_STARTS = re.compile(r"(?:其中[:：]?|[（(]?[一二三四五六七八九十百\d]{1,3}(?:[、.．]|[)）]))")


_OPENING, _CLOSING = "（(《“〔", "）)》”〕，、。；："
"""Marks that never end a line, and marks that never begin one."""


class Cell(msgspec.Struct):
    """The pieces of one cell, and how many columns and rows it stands over."""

    pieces: list[Piece]
    span: int = 1
    deep: int = 1
    doubtful: bool = False

    @property
    def text(self) -> str:
        """The text as printed: lines run on, white space inside a line is one blank."""
        out = ""
        last: Piece | None = None
        for piece in self.pieces:
            same = last is not None and last.line == piece.line
            out += (" " if same else "") + piece.text
            last = piece
        return out


class Row(msgspec.Struct):
    """One row: the y of its line with figures, its cells by their (first) column."""

    y: float
    cells: dict[int, Cell]
    band: int = 0
    anchored: bool = True


class _Float(msgspec.Struct):
    """A name in a column, and its row where it stands on a line that makes one."""

    piece: Piece
    span: int
    band: int
    row: Row | None


def build_rows(lines: Sequence[Line], columns: Columns, groups: Sequence[Block], across: Sequence[Rule]) -> list[Row]:
    """The rows of the body, from the top."""
    cuts = _separators(columns, across)
    rows: list[Row] = []
    names: dict[int, list[_Float]] = {}
    for line in lines:
        band = sum(cut < line.y for cut in cuts)
        placed = _place(line, columns, groups)
        row = None
        if _makes_row(line):
            row = rows[-1] if rows and _is_torn(rows[-1], placed, line) else Row(line.y, {}, band)
            if not rows or row is not rows[-1]:
                rows.append(row)
        for column, span, piece in placed:
            if piece.kind == "text":
                names.setdefault(column, []).append(_Float(piece, span, band, row))
            if row is not None:
                _put(row, column, span, piece)
    pitch = 0.0 if _keyed(rows) else _pitch(rows)
    for column, nodes in sorted(names.items()):
        _settle(column, nodes, rows, pitch)
    rows.sort(key=lambda one: one.y)
    for row in rows:
        _doubt(row, columns)
    return rows


def open_columns(rows: Sequence[Row]) -> frozenset[int]:
    """The columns in which the last row's name fills its line, so that a page end may have cut it."""
    found = set()
    for column, cell in rows[-1].cells.items() if rows else ():
        last = cell.pieces[-1]
        reach = max(piece.x1 for row in rows if column in row.cells for piece in row.cells[column].pieces)
        if last.kind == "text" and not is_total(last) and last.x1 > reach - _FULL * last.size:
            found.add(column)
    return frozenset(found)


def cut_rest(lines: Sequence[Line], columns: Columns, open_before: frozenset[int]) -> int:
    """How many of the first lines of a page are the rest of names that the page before ends with.

    open_before: the columns that may go on. Lines that lie evenly above and below the first row of
    this page are a name of that row.
    """
    count = 0
    while count < len(lines) and all(
        piece.kind == "text" and not is_total(piece) and not _STARTS.match(piece.text) and columns.column_of(piece) in open_before
        for piece in lines[count].pieces
    ):
        count += 1
    if not count or count + 1 >= len(lines) or not _makes_row(lines[count]):
        return count
    last, row, after = lines[count - 1], lines[count], lines[count + 1]
    for piece in row.pieces:
        beside = next((other for other in last.pieces if piece.x0 < other.x1 and other.x0 < piece.x1), None)
        if beside is not None and not _fills(piece, after.pieces[0].text, beside.x1):
            return count
    even = abs((row.y - last.y) - (after.y - row.y)) < 0.25 * row.size and not _makes_row(after)
    return 0 if even and row.y - last.y < _WRAP * row.size else count


def rest_row(lines: Sequence[Line], columns: Columns) -> Row:
    """The lines that `cut_rest` counted as a row."""
    row = Row(lines[0].y, {}, anchored=False)
    for line in lines:
        for piece in line.pieces:
            _put(row, columns.column_of(piece), 1, piece)
    return row


def _separators(columns: Columns, across: Sequence[Rule]) -> list[float]:
    """The y of horizontal rules that run (in pieces) over nearly the whole table."""
    left, right = columns.bounds[0], columns.bounds[-1]
    lengths: list[list[float]] = []
    for y, x0, x1 in across:
        length = max(0.0, min(x1, right) - max(x0, left))
        if lengths and y - lengths[-1][0] < 1.5:
            lengths[-1][1] += length
        else:
            lengths.append([y, length])
    return [y for y, length in lengths if length > 0.8 * (right - left)]


def _makes_row(line: Line) -> bool:
    return any(piece.kind != "text" or is_total(piece) for piece in line.pieces)


def _is_torn(row: Row, placed: Sequence[tuple[int, int, Piece]], line: Line) -> bool:
    """Whether a line is the rest of the row above: too near to be another one, and in columns still empty."""
    return line.y - row.y < _TORN * line.size and not any(_holds_name(row, column) for column, _, _ in placed)


def _place(line: Line, columns: Columns, groups: Sequence[Block]) -> list[tuple[int, int, Piece]]:
    out = []
    others = [columns.column_of(piece) for piece in line.pieces if not is_total(piece)]
    for piece in line.pieces:
        if is_total(piece):
            first, last = span_of_total(columns, piece, others, groups)
        else:
            first = last = columns.column_of(piece)
        out.append((first, last - first + 1, piece))
    return out


def _put(row: Row, column: int, span: int, piece: Piece) -> None:
    cell = row.cells.get(column)
    if cell is None:
        row.cells[column] = Cell([piece], span)
    else:
        cell.pieces.append(piece)


def _keyed(rows: Sequence[Row]) -> bool:
    """Whether every row has a code or a line number, so that a line of names alone is never a row."""
    keyed = sum(any(piece.kind in ("code", "number") for cell in row.cells.values() for piece in cell.pieces) for row in rows)
    totals = sum(any(is_total(piece) for cell in row.cells.values() for piece in cell.pieces) for row in rows)
    return keyed >= 3 and keyed >= 0.9 * (len(rows) - totals)


def _pitch(rows: Sequence[Row]) -> float:
    """How far single rows lie apart."""
    steps = sorted(lower.y - upper.y for upper, lower in pairwise(rows))
    return steps[len(steps) // 4] if steps else float("inf")


def _settle(column: int, nodes: list[_Float], rows: list[Row], pitch: float) -> None:
    """Give the names of one column that stand on no row of their own to a row, or make them one.

    pitch: how far single rows lie apart, 0 where every name belongs to a row with figures.
    """
    if all(node.row is not None for node in nodes):
        return
    reach = max(node.piece.x1 for node in nodes)
    empty = [row for row in rows if not _holds_name(row, column)]
    lead = _leading(nodes)
    _pair_up(column, nodes, rows, empty, lead)
    chains: list[list[_Float]] = []
    for node in nodes:
        if chains and _linked(chains[-1][-1], node, reach, lead, pitch, empty):
            chains[-1].append(node)
        else:
            chains.append([node])
    side = _side(chains)
    for chain in chains:
        _settle_chain(column, chain, rows, empty, not pitch, side)


def _pair_up(column: int, nodes: Sequence[_Float], rows: Sequence[Row], empty: Sequence[Row], lead: float) -> None:
    """Give each row the names that stand in pairs at the same distance above and below it.

    That is how wrapped names lie where cells are centred upright, however close the rows stand.
    """
    loose = [node for node in nodes if node.row is None]
    bare = {id(row) for row in empty}
    found = _pairs(column, loose, empty, 0.0, 0.8 * lead)
    if not found:
        return
    for times in (1.0, 1.5, 2.0):
        some = [row for row in rows if (id(row) in bare) == (times == 1.5)]
        _pairs(column, loose, some, (times - 0.25) * lead, (times + 0.25) * lead)
    for row in rows:
        if column in row.cells:
            row.cells[column].pieces.sort(key=lambda piece: (piece.line, piece.x0))


def _pairs(column: int, loose: Sequence[_Float], rows: Sequence[Row], least: float, most: float) -> int:
    """Give rows the pairs of loose names that lie `least` to `most` above and below them; how many there were."""
    count = 0
    free = [node for node in loose if node.row is None]
    for row in rows:
        above = [node for node in free if node.row is None and least < row.y - node.piece.height <= most]
        below = [node for node in free if node.row is None and least < node.piece.height - row.y <= most]
        if len(above) == len(below) == 1:
            upper, lower = above[0].piece, below[0].piece
            inner = row.cells[column].pieces if column in row.cells else []
            if abs(row.y - (upper.height + lower.height) / 2) < 0.2 * upper.size and (least == 0.0 or inner) and not _STARTS.match(lower.text):
                above[0].row = below[0].row = row
                _put(row, column, above[0].span, upper)
                _put(row, column, below[0].span, lower)
                count += 1
    return count


def _leading(nodes: Sequence[_Float]) -> float:
    """The distance of the lines inside a cell: the least between names of which one stands on no row."""
    steps = [lower.piece.y1 - upper.piece.y1 for upper, lower in pairwise(nodes) if upper.row is None or lower.row is None]
    return min((step for step in steps if step > 0.9 * nodes[0].piece.size), default=0.0)


def _side(chains: Sequence[Sequence[_Float]]) -> int:
    """Where a wrapped cell has its row: at its first line (-1), its last (1), in the middle (0)."""
    first = sum(chain[0].row is not None for chain in chains if len(chain) > 1)
    last = sum(chain[-1].row is not None for chain in chains if len(chain) > 1)
    many = sum(len(chain) > 1 for chain in chains)
    return -1 if first > 0.6 * many else 1 if last > 0.6 * many else 0


def _linked(upper: _Float, lower: _Float, reach: float, lead: float, pitch: float, empty: Sequence[Row]) -> bool:
    """Whether two names, one right above the other, are lines of one cell. empty: rows without a name in this column."""
    size = max(upper.piece.size, lower.piece.size)
    step = lower.piece.y1 - upper.piece.y1
    if upper.band != lower.band or (upper.row is not None and lower.row is not None):
        return False
    middle = (upper.piece.height + lower.piece.height) / 2
    if upper.row is None and lower.row is None and step < _WIDE * size and any(abs(row.y - middle) < 0.25 * size for row in empty):
        return True
    if step > min(_WRAP * size, 1.1 * lead):
        return False
    if _STARTS.match(lower.piece.text) or not _fills(upper.piece, lower.piece.text, reach):
        return False
    return not pitch or step <= _TIGHT * size or step < 0.85 * pitch


def _fills(piece: Piece, following: str, reach: float) -> bool:
    """Whether a line of a name was broken for want of room, `following` being next: its first character had none."""
    need = 2 if following[0] in _OPENING or (following[1:2] and following[1] in _CLOSING) else 1
    return reach - piece.x1 < (need - 0.05) * piece.size


def _settle_chain(column: int, chain: Sequence[_Float], rows: list[Row], empty: Sequence[Row], keyed: bool, side: int) -> None:
    loose = [node for node in chain if node.row is None]
    if not loose:
        return
    top, bottom, size = chain[0].piece.height, chain[-1].piece.height, chain[0].piece.size
    anchors = [node.row for node in chain if node.row is not None]
    anchors += [row for row in empty if top - 0.3 * size <= row.y <= bottom + 0.3 * size]
    if not anchors:
        anchors = [row for row in empty if abs(row.y - (top + bottom) / 2) < _TORN * size][:1]
    if not anchors and keyed:
        nearest = min(rows, key=lambda row: abs(row.y - (top + bottom) / 2))
        anchors = [nearest] if min(abs(nearest.y - top), abs(nearest.y - bottom)) < _WRAP * size else []
    if not anchors:
        anchors = [row for row in rows if not row.anchored and abs(row.y - (top + bottom) / 2) < 0.5 * size]
    if not anchors:
        anchors = [Row((top + bottom) / 2, {}, chain[0].band, False)]
        rows.extend(anchors)
    for node in loose:
        y = node.piece.height
        right_side = [row for row in anchors if (row.y - y) * side > -0.3 * size] or anchors
        row = min(right_side, key=lambda one: abs(one.y - y))
        _put(row, column, node.span, node.piece)
    for row in anchors:
        if column in row.cells:
            row.cells[column].pieces.sort(key=lambda piece: (piece.line, piece.x0))


def _holds_name(row: Row, column: int) -> bool:
    return any(first <= column < first + cell.span for first, cell in row.cells.items())


def _doubt(row: Row, columns: Columns) -> None:
    """Mark cells whose figures may belong elsewhere: two in one cell, or off the track of their column."""
    for column, cell in row.cells.items():
        figures = [piece for piece in cell.pieces if piece.kind == "amount"]
        if not figures:
            continue
        left, right = columns.bounds[column], columns.bounds[column + 1]
        track = columns.tracks[column]
        for piece in figures:
            inside = left - TRACK <= piece.x0 and piece.x1 <= right + TRACK
            on_track = track is not None and abs(edge_of(piece, columns.aligned) - track) <= TRACK
            placed = inside and (on_track or columns.sure or track is None)
            if len(cell.pieces) > 1 or not (placed or (on_track and columns.sure)):
                cell.doubtful = True

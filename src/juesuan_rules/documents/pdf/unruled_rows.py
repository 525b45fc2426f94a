"""The rows of a table without rules: lines with figures, codes or line numbers make rows, wrapped names join theirs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from juesuan_rules.documents.pdf.pages import Rule
from juesuan_rules.documents.pdf.unruled_cells import Row, holds_name, put
from juesuan_rules.documents.pdf.unruled_columns import TRACK, Columns, edge_of, span_of_total
from juesuan_rules.documents.pdf.unruled_header import Block
from juesuan_rules.documents.pdf.unruled_items import Line, Piece
from juesuan_rules.documents.pdf.unruled_names import STARTS, TORN, WRAP, Name, fills, settle
from juesuan_rules.documents.pdf.unruled_regions import is_total

_FULL = 1.7
"""The last line of a name may go on below where less than so many characters would still have fitted."""


def build_rows(lines: Sequence[Line], columns: Columns, groups: Sequence[Block], across: Sequence[Rule]) -> list[Row]:
    """The rows of the body, from the top."""
    cuts = _separators(columns, across)
    rows: list[Row] = []
    names: dict[int, list[Name]] = {}
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
                names.setdefault(column, []).append(Name(piece, span, band, row))
            if row is not None:
                put(row, column, span, piece)
    pitch = 0.0 if _keyed(rows) else _pitch(rows)
    for column, nodes in sorted(names.items()):
        settle(column, nodes, rows, pitch)
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
        piece.kind == "text" and not is_total(piece) and not STARTS.match(piece.text) and columns.column_of(piece) in open_before
        for piece in lines[count].pieces
    ):
        count += 1
    if not count or count + 1 >= len(lines) or not _makes_row(lines[count]):
        return count
    last, row, after = lines[count - 1], lines[count], lines[count + 1]
    for piece in row.pieces:
        beside = next((other for other in last.pieces if piece.x0 < other.x1 and other.x0 < piece.x1), None)
        if beside is not None and not fills(piece, after.pieces[0].text, beside.x1):
            return count
    even = abs((row.y - last.y) - (after.y - row.y)) < 0.25 * row.size and not _makes_row(after)
    return 0 if even and row.y - last.y < WRAP * row.size else count


def rest_row(lines: Sequence[Line], columns: Columns) -> Row:
    """The lines that `cut_rest` counted as a row."""
    row = Row(lines[0].y, {}, anchored=False)
    for line in lines:
        for piece in line.pieces:
            put(row, columns.column_of(piece), 1, piece)
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
    return line.y - row.y < TORN * line.size and not any(holds_name(row, column) for column, _, _ in placed)


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


def _keyed(rows: Sequence[Row]) -> bool:
    """Whether every row has a code or a line number, so that a line of names alone is never a row."""
    keyed = sum(any(piece.kind in ("code", "number") for cell in row.cells.values() for piece in cell.pieces) for row in rows)
    totals = sum(any(is_total(piece) for cell in row.cells.values() for piece in cell.pieces) for row in rows)
    return keyed >= 3 and keyed >= 0.9 * (len(rows) - totals)


def _pitch(rows: Sequence[Row]) -> float:
    """How far single rows lie apart."""
    steps = sorted(lower.y - upper.y for upper, lower in pairwise(rows))
    return steps[len(steps) // 4] if steps else float("inf")


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

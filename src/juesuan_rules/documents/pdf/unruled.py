"""Tables without (full) rules: three-line and borderless ones, found and read by where their texts stand.

`find_unruled` reads one page; what it returns for a page goes into the call for the next one, so
that a table that runs on is read with the columns of its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from juesuan_rules.documents.pdf.pages import Box, PageContent, Rule
from juesuan_rules.documents.pdf.unruled_cells import Row
from juesuan_rules.documents.pdf.unruled_columns import TRACK, Columns, edge_of, fit_columns, split_columns
from juesuan_rules.documents.pdf.unruled_grid import GridRow, box_of, grid_of, header_rows
from juesuan_rules.documents.pdf.unruled_header import Block, find_leaves, is_header_text, place_groups, stack_blocks
from juesuan_rules.documents.pdf.unruled_items import Line, cut_pieces, set_lines
from juesuan_rules.documents.pdf.unruled_regions import Region, cut_regions, edge_lines, is_total
from juesuan_rules.documents.pdf.unruled_rows import build_rows, cut_rest, open_columns, rest_row

_FEWEST_PIECES = 4
_MOST_COLUMNS, _MOST_BLOCKS = 64, 400
"""What a header has at most: sharing columns among its cells takes the square of them."""
_SAME_PLACE = 3.0
"""Columns of two pages are the same where their middles differ by no more than this, in points."""
_FITTING = 0.85
"""Lines without a header go on from a table where this share of their pieces stands in its columns."""
_FEWEST_FIGURES = 3
"""A table without a line of 栏次 holds at least so many figures, or its header is a common one."""


class Frame(msgspec.Struct):
    """What the next page must know of a table that may run on: its columns and header, the columns whose
    last name may go on there, and the lines at the page's edges."""

    columns: Columns
    groups: list[Block]
    header: str
    open_columns: frozenset[int]
    furniture: tuple[Line, ...]


class UnruledTable(msgspec.Struct):
    """A table found on a page. rows are rectangular, merged text top left; header_rows of them are the header.

    box: what it covers on its page. continues: its rows go on from the last table of the page before
    (it has no header then). cut: its first row is the rest of the last row there. sure: False where the columns could not be told for certain; the cells
    in question have a confidence below 1. frame: for the next page only.
    """

    rows: tuple[GridRow, ...]
    box: Box
    header_rows: int
    continues: bool
    sure: bool
    frame: Frame
    cut: bool = False


def find_unruled(page: PageContent, taken: Sequence[Box] = (), before: UnruledTable | None = None) -> list[UnruledTable]:
    """The tables of a page outside the boxes `taken` (ruled tables), from the top.

    before: the last table that this function found on the page just before, None where there was none.
    """
    pieces = cut_pieces(page.chars, taken)
    if len(pieces) < _FEWEST_PIECES:
        return []
    lines = set_lines(pieces)
    if before is None and sum(len(line.pieces) > 1 for line in lines) < 2:
        return []
    edges = edge_lines(lines, page.height)
    tables: list[UnruledTable] = []
    above = before
    for region in cut_regions(lines, page.width, page.height, before.frame.furniture if before is not None else ()):
        table = _read_region(region, page, above if region.follows else None, edges)
        if table is not None and table.continues and tables:
            tables[-1] = _joined(tables[-1], table)
        elif table is not None:
            tables.append(table)
        above = tables[-1] if table is not None else None
    return tables


def _joined(upper: UnruledTable, lower: UnruledTable) -> UnruledTable:
    """Two parts of a table on one page."""
    a, b = upper.box, lower.box
    box = (min(a[0], b[0]), a[1], max(a[2], b[2]), b[3])
    return replace(upper, rows=upper.rows + lower.rows, box=box, sure=upper.sure and lower.sure, frame=lower.frame)


def _read_region(region: Region, page: PageContent, above: UnruledTable | None, edges: tuple[Line, ...]) -> UnruledTable | None:
    if above is not None and region.numbers is None and not _common_header(region):
        table = _read_continued(region, page, above, edges)
        if table is not None:
            return table
    if not region.header:
        return None
    table = _read_with_header(region, page, edges)
    if table is not None and above is not None and table.frame.header == above.frame.header and _same_columns(table.frame.columns, above.frame.columns):
        rows = table.rows[table.header_rows :]
        return replace(table, rows=rows, header_rows=0, continues=True) if rows else None
    return table


def _common_header(region: Region) -> bool:
    """Whether the lines above the first data are a header for certain, and not the beginning of a wrapped name."""
    return any(sum(is_header_text(piece.text) for piece in line.pieces) > 1 for line in region.header)


def _same_columns(one: Columns, other: Columns) -> bool:
    return len(one.middles) == len(other.middles) and all(abs(a - b) < _SAME_PLACE for a, b in zip(one.middles, other.middles, strict=True))


def _read_with_header(region: Region, page: PageContent, edges: tuple[Line, ...]) -> UnruledTable | None:
    numbers = region.numbers.pieces if region.numbers else []
    blocks = stack_blocks(region.header, page.across)
    leaves = find_leaves(blocks, numbers, region.body)
    if not 2 <= len(leaves) <= _MOST_COLUMNS or len(blocks) > _MOST_BLOCKS:
        return None
    columns = fit_columns(leaves, numbers, region.body, page.width, _ruled(region, page.across))
    levels = place_groups(blocks, leaves, columns.bounds)
    columns, starts = split_columns(columns, region.body, page.width)
    starts.append(len(columns.heads))
    for block in blocks:
        block.first, block.last = starts[block.first], starts[block.last + 1] - 1
    groups = [block for block in blocks if block.first < block.last]
    body = _trim(region.body, columns)
    rows = build_rows(body, columns, groups, page.across)
    if not _is_table(region, rows, len(leaves)):
        return None
    head = header_rows(blocks, levels, region.numbers, columns)
    frame = Frame(columns, groups, "|".join(block.text for block in blocks), open_columns(rows), edges)
    lines = [*region.header, *([region.numbers] if region.numbers else []), *body]
    return UnruledTable(grid_of(head + rows, len(columns.heads), page), _around(lines), len(head), False, _is_sure(columns, rows), frame)


def _is_table(region: Region, rows: Sequence[Row], columns: int) -> bool:
    """Whether lines with something like a header are a table: words side by side are none."""
    if region.numbers is not None or (_common_header(region) and columns > 2 - bool(rows)):
        return True
    figures = sum(piece.kind != "text" for row in rows for cell in row.cells.values() for piece in cell.pieces)
    return figures >= _FEWEST_FIGURES


def _ruled(region: Region, across: Sequence[Rule]) -> tuple[float, float] | None:
    """From where to where the longest rules of a table run; None where they do not frame its lines."""
    lines = [*region.header, *region.body]
    top, bottom = lines[0].y - 3 * lines[0].size, lines[-1].y + 3 * lines[-1].size
    near = [(x0, x1) for y, x0, x1 in across if top < y < bottom]
    if not near:
        return None
    left, right = min(x0 for x0, _ in near), max(x1 for _, x1 in near)
    inside = left - 2 <= min(line.pieces[0].x0 for line in lines) and max(line.pieces[-1].x1 for line in lines) <= right + 2
    return (left, right) if inside else None


def _read_continued(region: Region, page: PageContent, above: UnruledTable, edges: tuple[Line, ...]) -> UnruledTable | None:
    columns = above.frame.columns
    body = _trim([*region.header, *region.body], columns)
    if not body or not _fits(body, columns):
        return None
    rest = cut_rest(body, columns, above.frame.open_columns)
    rows = build_rows(body[rest:], columns, above.frame.groups, page.across)
    if rest:
        rows.insert(0, rest_row(body[:rest], columns))
    frame = replace(above.frame, furniture=edges, open_columns=open_columns(rows))
    return UnruledTable(grid_of(rows, len(columns.heads), page), _around(body), 0, True, _is_sure(columns, rows), frame, cut=rest > 0)


def _fits(body: Sequence[Line], columns: Columns) -> bool:
    """Whether lines without a header stand in these columns."""
    good = count = figures = 0
    for line in body:
        for piece in line.pieces:
            column = columns.column_of(piece)
            track = columns.tracks[column]
            count += 1
            figures += piece.kind != "text"
            if piece.kind == "amount" and track is not None:
                good += abs(edge_of(piece, columns.aligned) - track) <= TRACK
            else:
                good += is_total(piece) or (columns.bounds[column] - 2 <= piece.x0 and piece.x1 <= columns.bounds[column + 1] + 2)
    return figures > 0 and good >= _FITTING * count


def _trim(body: Sequence[Line], columns: Columns) -> list[Line]:
    """The lines up to the first that is text across the columns or far below."""
    out: list[Line] = []
    steps = sorted(lower.y - upper.y for upper, lower in pairwise(body))
    pitch = steps[len(steps) // 2] if steps else 0.0
    for line in body:
        piece = line.pieces[0]
        if len(line.pieces) == 1 and piece.kind == "text":
            column = columns.column_of(piece)
            across = column + 1 < len(columns.heads) and piece.x1 > columns.middles[column + 1] and not is_total(piece)
            if across or (out and line.y - out[-1].y > max(3 * pitch, 4 * piece.size)):
                break
        out.append(line)
    return out


def _around(lines: Sequence[Line]) -> Box:
    return box_of([piece for line in lines for piece in line.pieces])


def _is_sure(columns: Columns, rows: Sequence[Row]) -> bool:
    return columns.clashes == 0 and not any(cell.doubtful for row in rows for cell in row.cells.values())

"""Tables without (full) rules: three-line and borderless ones, found and read by where their texts stand.

`find_unruled` reads one page; what it returns for a page goes into the call for the next one, so
that a table that runs on is read with the columns of its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.documents.pdf.pages import Box, PageContent, Rule
from juesuan_rules.documents.pdf.unruled_columns import TRACK, Columns, fit_columns, span_of_total
from juesuan_rules.documents.pdf.unruled_header import Block, find_leaves, place_groups, stack_blocks
from juesuan_rules.documents.pdf.unruled_items import Line, Piece, cut_pieces, set_lines
from juesuan_rules.documents.pdf.unruled_regions import Region, cut_regions, edge_lines
from juesuan_rules.documents.pdf.unruled_rows import Row, build_rows

_DOUBTFUL = 0.5
"""Confidence of a cell whose figure may belong to a neighbouring column."""


class Frame(msgspec.Struct):
    """What the next page must know of a table that may run on: its columns, header and the texts at the page's edges."""

    columns: Columns
    groups: list[Block]
    header: str
    furniture: tuple[Line, ...]


class UnruledTable(msgspec.Struct):
    """A table found on a page. rows are rectangular, merged text top left; header_rows of them are the header.

    box: what it covers on its page. continues: its rows go on from the last table of the page before
    (it has no header then). sure: False where the columns could not be told for certain; the cells
    in question have a confidence below 1. frame: for the next page only.
    """

    rows: tuple[tuple[GridCell, ...], ...]
    box: Box
    header_rows: int
    continues: bool
    sure: bool
    frame: Frame


def find_unruled(page: PageContent, taken: Sequence[Box] = (), before: UnruledTable | None = None) -> list[UnruledTable]:
    """The tables of a page outside the boxes `taken` (ruled tables), from the top.

    before: the last table that this function found on the page just before, None where there was none.
    """
    pieces = cut_pieces(page.chars, taken)
    if len(pieces) < 4:
        return []
    lines = set_lines(pieces)
    if before is None and sum(len(line.pieces) > 1 for line in lines) < 2:
        return []
    furniture = before.frame.furniture if before is not None else ()
    edges = edge_lines(lines, page.height)
    tables: list[UnruledTable] = []
    for region in cut_regions(lines, page.width, page.height, furniture):
        table = _read_region(region, page, before if region.first and not tables else None, edges)
        if table is not None:
            tables.append(table)
    return tables


def _read_region(region: Region, page: PageContent, before: UnruledTable | None, edges: tuple[Line, ...]) -> UnruledTable | None:
    if before is not None and region.numbers is None:
        table = _read_continued(region, page, before, edges)
        if table is not None:
            return table
    if not region.header or not (region.numbers or region.body):
        return None
    table = _read_with_header(region, page, edges)
    if table is not None and before is not None and table.frame.header == before.frame.header and _same_columns(table.frame.columns, before.frame.columns):
        rows = table.rows[table.header_rows :]
        return UnruledTable(rows, table.box, 0, True, table.sure, table.frame) if rows else None
    return table


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


def _same_columns(one: Columns, other: Columns) -> bool:
    return len(one.middles) == len(other.middles) and all(abs(a - b) < 3.0 for a, b in zip(one.middles, other.middles, strict=True))


def _read_with_header(region: Region, page: PageContent, edges: tuple[Line, ...]) -> UnruledTable | None:
    numbers = region.numbers.pieces if region.numbers else []
    blocks = stack_blocks(region.header, page.across)
    leaves = find_leaves(blocks, numbers, region.body)
    if len(leaves) < 2:
        return None
    columns = fit_columns(leaves, numbers, region.body, page.width, _ruled(region, page.across))
    levels = place_groups(blocks, leaves, columns.bounds)
    groups = [block for block in blocks if block.first < block.last]
    body = _trim(region.body, columns)
    rows = build_rows(body, columns, groups, page.across)
    if not rows:
        return None
    head = _header_rows(blocks, levels, region.numbers, columns, groups)
    grid = _grid(head + rows, len(leaves), page.number, levels, blocks)
    header = "|".join(block.text for block in blocks)
    frame = Frame(columns, groups, header, edges)
    return UnruledTable(grid, _box([*region.header, *([region.numbers] if region.numbers else []), *body]), len(head), False, _is_sure(columns, rows), frame)


def _read_continued(region: Region, page: PageContent, before: UnruledTable, edges: tuple[Line, ...]) -> UnruledTable | None:
    columns = before.frame.columns
    if before.frame.header.startswith("|".join(piece.text for line in region.header[:1] for piece in line.pieces)) and region.header:
        return None
    body = _trim([*region.header, *region.body], columns)
    if not _fits(body, columns):
        return None
    rows = build_rows(body, columns, before.frame.groups, page.across)
    if not rows:
        return None
    frame = Frame(columns, before.frame.groups, before.frame.header, edges)
    return UnruledTable(_grid(rows, len(columns.heads), page.number, 0, ()), _box(body), 0, True, _is_sure(columns, rows), frame)


def _fits(body: Sequence[Line], columns: Columns) -> bool:
    """Whether lines without a header stand in these columns."""
    good = count = figures = 0
    for line in body:
        for piece in line.pieces:
            column = columns.column_of(piece)
            count += 1
            track = columns.tracks[column]
            if piece.kind == "amount" and track is not None:
                edge = piece.x1 if columns.aligned == "right" else piece.x0 if columns.aligned == "left" else piece.middle
                good += abs(edge - track) <= TRACK
            else:
                good += columns.bounds[column] - 2 <= piece.x0 and piece.x1 <= columns.bounds[column + 1] + 2 or piece.text.endswith("计")
            figures += piece.kind != "text"
    return count > 0 and good >= 0.85 * count and figures > 0


def _trim(body: Sequence[Line], columns: Columns) -> list[Line]:
    """The lines up to the first that is text across the columns or far below."""
    out: list[Line] = []
    steps = sorted(lower.y - upper.y for upper, lower in zip(body, body[1:], strict=False))
    pitch = steps[len(steps) // 2] if steps else 0.0
    for line in body:
        if len(line.pieces) == 1 and line.pieces[0].kind == "text":
            piece = line.pieces[0]
            column = columns.column_of(piece)
            across = piece.x1 > columns.bounds[column + 1] + piece.size and column + 1 < len(columns.heads) and not piece.text.endswith("计")
            far = bool(out) and line.y - out[-1].y > max(3 * pitch, 4 * piece.size)
            if across or far:
                break
        out.append(line)
    return out


def _header_rows(blocks: Sequence[Block], levels: int, numbers: Line | None, columns: Columns, groups: Sequence[Block]) -> list[Row]:
    rows = [Row(0.0, {}) for _ in range(levels)]
    from juesuan_rules.documents.pdf.unruled_rows import Cell

    for block in blocks:
        cells = rows[block.level].cells
        if block.first in cells:
            cells[block.first].pieces.extend(block.pieces)
        else:
            cells[block.first] = Cell(list(block.pieces), block.last - block.first + 1)
    if numbers is not None:
        row = Row(numbers.y, {})
        counted = [piece for piece in numbers.pieces if piece.kind != "text"]
        others = [min(range(len(columns.heads)), key=lambda column: abs(columns.middles[column] - piece.middle)) for piece in counted]
        for piece, column in zip(counted, others, strict=True):
            row.cells[column] = Cell([piece])
        for piece in numbers.pieces:
            if piece.kind == "text":
                first, last = span_of_total(columns, piece, others, groups)
                row.cells[first] = Cell([piece], last - first + 1)
        rows.append(row)
    return rows


def _grid(rows: Sequence[Row], width: int, page: int, levels: int, blocks: Sequence[Block]) -> tuple[tuple[GridCell, ...], ...]:
    empty = GridCell("", Place(page=page))
    deep = {(block.level, block.first): levels - block.level for block in blocks if block.first == block.last}
    out = []
    for at, row in enumerate(rows):
        line = [empty] * width
        for column, cell in row.cells.items():
            box = (min(p.x0 for p in cell.pieces), min(p.y0 for p in cell.pieces), max(p.x1 for p in cell.pieces), max(p.y1 for p in cell.pieces))
            line[column] = GridCell(
                cell.text, Place(page=page, box=box), colspan=cell.span, rowspan=deep.get((at, column), 1), confidence=_DOUBTFUL if cell.doubtful else 1.0
            )
        out.append(tuple(line))
    return tuple(out)


def _box(lines: Sequence[Line]) -> Box:
    pieces: list[Piece] = [piece for line in lines for piece in line.pieces]
    return (min(p.x0 for p in pieces), min(p.y0 for p in pieces), max(p.x1 for p in pieces), max(p.y1 for p in pieces))


def _is_sure(columns: Columns, rows: Sequence[Row]) -> bool:
    return columns.clashes == 0 and not any(cell.doubtful for row in rows for cell in row.cells.values())

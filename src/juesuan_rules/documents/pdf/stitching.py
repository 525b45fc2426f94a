"""Tables over pages put together again, without the header that each page repeats."""

from __future__ import annotations

import re

from msgspec.structs import replace

from juesuan_rules.documents.model import GridCell
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table
from juesuan_rules.documents.pdf.runs import wrapped

Row = tuple[GridCell, ...]

_SAME_PLACE = 4.0
"""Columns on two pages are the same where their edges differ by no more than this, in points."""

_LAST_FULL = 1.3
"""The last line of a cell is full where it leaves less room than this, in sizes."""

_SPACES = re.compile(r"\s+")
_CONTINUED = re.compile(r"[(（]?(?:接上页|续表|续上表|续)[一二三四五六七八九十\d]*[)）]?")
_HEADER = re.compile(r"(?:按?(?:支出)?(?:功能|经济)分类)?(?:项目|科目编码|科目代码|科目名称|编码|名称)(?:[(（].*)?|栏次|行次|预算数|决算数|金额|收入|支出|合计|小计")
_AMOUNT = re.compile(r"[-－]?[\d,，]+\.\d+%?")
_CODE = re.compile(r"\d{3,9}")
_LONGEST_HEADER = 10
_FIGURE = re.compile(r"[-－\d,，.]+")
_WHOLE_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}")
_TITLE = re.compile(r"表(?:[(（][^()（）]*[)）])?$")


def stitched(pages: list[PageParts]) -> None:
    """Moves the rows of each table that goes on from the page before into the table they belong to."""
    last: Table | None = None
    above: list[Line] = []
    for page in pages:
        head = _first_table(page)
        if last is not None and head is not None:
            before = [item for item in page.items[:head] if isinstance(item, Line)]
            table = page.items[head]
            if isinstance(table, Table) and _says_nothing_new(before, above) and _append(last, table):
                del page.items[: head + 1]
                if not page.items:
                    continue
        last, above = _open_table(page, last if not page.items else None, above)


def _first_table(page: PageParts) -> int | None:
    return next((n for n, item in enumerate(page.items) if isinstance(item, Table)), None)


def _open_table(page: PageParts, carried: Table | None, above: list[Line]) -> tuple[Table | None, list[Line]]:
    """The table a page ends with, and the lines above it."""
    if not page.items or not isinstance(page.items[-1], Table):
        return carried, above
    lines: list[Line] = []
    for item in reversed(page.items[:-1]):
        if not isinstance(item, Line):
            break
        lines.append(item)
    return page.items[-1], lines


def _says_nothing_new(lines: list[Line], above: list[Line]) -> bool:
    """Whether the lines over a table only repeat those over the one before, or say 续表."""
    known = {_SPACES.sub("", piece) for line in above for piece in line.pieces}
    texts = [_SPACES.sub("", piece) for line in lines for piece in line.pieces]
    return all(text in known or _CONTINUED.fullmatch(text) for text in texts)


def _append(first: Table, second: Table) -> bool:
    """Adds the rows of the second part to the first; False where they are two tables."""
    if second.continues and not first.ruled and first.rows and second.rows and len(first.rows[0]) == len(second.rows[0]):
        if second.cut:
            first.rows[-1] = _mended(first.rows[-1], second.rows[0])
        first.rows += second.rows[second.cut :]
        first.sure = first.sure and second.sure
        return True
    if not first.ruled or not second.ruled:
        return False
    columns = _common_columns(first.xs, second.xs)
    if columns is None:
        return False
    a, b = _spread(first, columns), _spread(second, columns)
    repeated = _repeated(a, b)
    if not repeated and _starts_anew(b):
        return False
    rest = b[repeated:]
    offset = columns[0] - first.xs[0]
    if rest and _is_cut(first, a[-1], rest[0]):
        a[-1] = _mended(a[-1], rest[0])
        rest = rest[1:]
    if abs(offset) > 0 or len(columns) != len(first.xs):
        first.xs = columns
    first.rows = a + rest
    first.open_end = second.open_end if len(columns) == len(second.xs) else {}
    return True


def _common_columns(first: list[float], second: list[float]) -> list[float] | None:
    """The column edges of two parts of a table: those of the part that has more of them."""
    shift = first[0] - second[0]
    moved = [x + shift for x in second]
    if abs(moved[-1] - first[-1]) > _SAME_PLACE:
        return None
    more, fewer = (first, moved) if len(first) >= len(moved) else (moved, first)
    if all(min(abs(x - y) for y in more) <= _SAME_PLACE for x in fewer):
        return more
    return None


def _spread(table: Table, columns: list[float]) -> list[Row]:
    """The rows of a table with its columns cut as in `columns`."""
    if len(table.xs) == len(columns):
        return list(table.rows)
    shift = columns[0] - table.xs[0]
    places = [min(range(len(columns)), key=lambda k: abs(columns[k] - x - shift)) for x in table.xs]
    rows = []
    for row in table.rows:
        wide = [GridCell("")] * (len(columns) - 1)
        for index, cell in enumerate(row):
            last = min(index + max(cell.colspan, 1), len(row))
            wide[places[index]] = replace(cell, colspan=places[last] - places[index])
        rows.append(tuple(wide))
    return rows


def _texts(row: Row) -> list[str]:
    return [_SPACES.sub("", cell.text) for cell in row]


def _repeated(first: list[Row], second: list[Row]) -> int:
    """How many rows the second part begins with that repeat the header of the first.

    Programs leave out rows of a repeated header whose cells are merged, so some may be missing.
    """
    header = [_texts(row) for row in first[: _header_rows(first)]]
    count = at = 0
    for index, row in enumerate(second):
        texts = _texts(row)
        if any(texts):
            if texts not in header[at:]:
                break
            at = header.index(texts, at) + 1
            count = index + 1
    return count


def _header_rows(rows: list[Row]) -> int:
    """How many rows may be header: those before the first amount or code."""
    for index, row in enumerate(rows[:_LONGEST_HEADER]):
        texts = [text for text in _texts(row) if text]
        if any(_AMOUNT.fullmatch(text) for text in texts) or (texts and _CODE.fullmatch(texts[0])):
            return index
    return min(len(rows), _LONGEST_HEADER)


def _starts_anew(rows: list[Row]) -> bool:
    """Whether rows begin with a header or a title of their own."""
    texts = [text for text in _texts(rows[0]) if text] if rows else []
    if len(texts) == 1 and _TITLE.search(texts[0]):
        return True
    return len(texts) > 1 and not any(_AMOUNT.fullmatch(text) for text in texts) and sum(bool(_HEADER.fullmatch(text)) for text in texts) * 2 >= len(texts)


def _is_cut(table: Table, above: Row, below: Row) -> bool:
    """Whether the row below is the rest of the row above, cut by the page end.

    Each cell with text below must go on from a cell above whose last line is full, and the row above
    must have more than those: a code or an amount, which is never cut.
    """
    going_on = [n for n, cell in enumerate(below) if cell.text]
    if not going_on or sum(bool(cell.text) for n, cell in enumerate(above) if n not in going_on) == 0:
        return False
    return all(_goes_on(above[n].text, below[n].text) and table.open_end.get(n, 99.0) < _LAST_FULL for n in going_on)


def _goes_on(above: str, below: str) -> bool:
    """Whether the text of a cell can be the rest of the cell above: figures only where they make one figure."""
    if _FIGURE.fullmatch(below):
        return bool(_WHOLE_FIGURE.fullmatch(above + below)) and not _WHOLE_FIGURE.fullmatch(above)
    return bool(above)


def _mended(above: Row, below: Row) -> Row:
    return tuple(
        replace(a, text=wrapped([a.text, b.text]), confidence=min(a.confidence, b.confidence), standard="") if b.text else a
        for a, b in zip(above, below, strict=True)
    )

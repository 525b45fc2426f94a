"""What stands on a sheet: titles and remarks as lines, tables as grids; several of each, one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan_rules.documents.captions import is_about, is_remark, is_title
from juesuan_rules.documents.excel.layout import View
from juesuan_rules.documents.model import Block, GridBlock, Place, TextBlock

_NUMBERED = re.compile(r"^[A-Za-z]{0,4}\d{1,3}(?:[-.]\d{1,2})?[-_.、\s]*")
_DIGIT = re.compile(r"\d")
_LONG = 30
_HEADER_ROWS = 20
"""No header has more rows."""


def blocks_of(view: View) -> Iterator[Block]:
    """The blocks of a sheet in reading order.

    A sheet whose cells carry no title is introduced by its name, without its number (Z01 收入支出决算总表).
    """
    blocks = list(_blocks(view))
    first = next((i for i, block in enumerate(blocks) if isinstance(block, GridBlock)), None)
    name = _NUMBERED.sub("", view.sheet.name, count=1)
    if first is not None and is_title(name) and not any(isinstance(block, TextBlock) and is_title(block.text) for block in blocks[:first]):
        yield TextBlock(name, Place(sheet=view.sheet.name))
    yield from blocks


def _blocks(view: View) -> Iterator[Block]:
    table: list[int] = []
    for index, row in enumerate(view.rows):
        if _is_line(view, index, table):
            yield from _grid(view, table)
            table = []
            yield from _lines(view, row)
            continue
        if table and row in view.after_gap and _begins_anew(view, row, table):
            yield from _grid(view, table)
            table = []
        table.append(row)
    yield from _grid(view, table)


def _texts(view: View, row: int) -> list[str]:
    return [shown.text for _, shown in sorted(view.cells[row].items()) if shown.text]


def _is_line(view: View, index: int, table: list[int]) -> bool:
    """Whether a row is a title, what is printed about a table, or a remark, and not a row of one."""
    row = view.rows[index]
    texts = _texts(view, row)
    about = sum(map(is_about, texts))
    if about == len(texts):
        return not table or about > 1 or _has_figures(view, table)
    known = about + sum(map(is_title, texts))
    if len(texts) > 1:
        return known == len(texts) and (not table or (about > 0 and _has_figures(view, table)))
    if is_remark(texts[0]):
        return True
    if table:
        return (known > 0 and _has_figures(view, table) and not _is_label(view, index)) or (len(texts[0]) >= _LONG and _ends_table(view, index))
    return known > 0 or len(texts[0]) >= _LONG or _fills_width(view, row) or _alone(view, index)


def _has_figures(view: View, table: list[int]) -> bool:
    """Whether the rows so far hold more than a header: amounts or numbered rows."""
    return len(table) > _HEADER_ROWS or any(_DIGIT.search(text) for row in table for text in _texts(view, row))


def _is_label(view: View, index: int) -> bool:
    """Whether the only text of a row labels an empty row of the table: in the first column, unmerged, no header below it."""
    row = view.rows[index]
    (column,) = (c for c, shown in view.cells[row].items() if shown.text)
    if column != view.columns[0] or view.spans.get((row, column), (1, 1))[0] > 1 or row in view.after_gap or len(view.columns) == 1:
        return False
    below = (_texts(view, following) for following in view.rows[index + 1 : index + 5])
    header = next((texts for texts in below if not all(is_about(text) for text in texts)), [])
    return len(header) < 2 or any(_DIGIT.search(text) for text in header)


def _ends_table(view: View, index: int) -> bool:
    """Whether nothing but lines follows until an empty row or the end."""
    following = view.rows[index + 1 : index + 2]
    return not following or following[0] in view.after_gap or len(_texts(view, following[0])) == 1


def _fills_width(view: View, row: int) -> bool:
    """Whether the only text of a row is merged over most of the sheet."""
    across = max(view.spans.get((row, column), (1, 1))[0] for column in view.cells[row])
    return across > 2 and across * 5 >= len(view.columns) * 4


def _alone(view: View, index: int) -> bool:
    """Whether an empty row parts this row from the next one."""
    following = view.rows[index + 1 : index + 2]
    return not following or following[0] in view.after_gap


def _begins_anew(view: View, row: int, table: list[int]) -> bool:
    """Whether a row after an empty one is a header: words only, below a table that holds figures."""
    texts = _texts(view, row)
    return len(texts) > 1 and not any(_DIGIT.search(text) for text in texts) and _has_figures(view, table)


def _lines(view: View, row: int) -> Iterator[TextBlock]:
    for column, shown in sorted(view.cells[row].items()):
        place = view.row_cells(row, [column])[0].place
        for line in shown.text.split("\n"):
            if line.strip():
                yield TextBlock(line.strip(), place)


def _grid(view: View, table: list[int]) -> Iterator[GridBlock]:
    """The rows as one grid, as wide as its own cells reach."""
    if not table:
        return
    position = {column: index for index, column in enumerate(view.columns)}
    first, end = len(position), 0
    for row in table:
        for column, shown in view.cells[row].items():
            if shown.text:
                first = min(first, position[column])
                end = max(end, position[column] + view.spans.get((row, column), (1, 1))[0])
    columns = view.columns[first:end]
    rows = tuple(view.row_cells(row, columns) for row in table)
    yield GridBlock(rows, rows[0][0].place)

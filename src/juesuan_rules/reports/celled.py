"""Headers of tables written one cell per line: which columns each cell covered, told by the layout.

Such a file says in which order the cells of a header come and not how far they reach. A row of a
header fills the columns that no cell above it reaches down into; the layout says which columns a word
belongs to, and a cell reaches to where the next one begins.
"""

from __future__ import annotations

from juesuan_rules.catalogue.model import TableSpec
from juesuan_rules.documents.model import GridCell
from juesuan_rules.reports.sheet import Sheet, Words, folded, has_digit, is_integer, labelled

Span = tuple[int, int]
"""First column and the one after the last."""


def place_header(sheet: Sheet, spec: TableSpec, words: Words) -> bool:
    """Puts the cells of every header row at their columns; False (nothing changed) where that cannot
    be told: there is no 栏次 row, or more cells than columns."""
    names = _names_by_column(sheet, spec, words)
    rows = [row for row in range(sheet.header) if row != sheet.ordinals and any(sheet.texts[row])]
    if not names or not rows or (sheet.ordinals >= 0 and max(rows) > sheet.ordinals):
        return False
    free: list[Span] = [(0, sheet.width)]
    placed: list[tuple[int, list[Span]]] = []
    for row in rows:
        spans = _spans(sheet.texts[row], free, names)
        if spans is None:
            return False
        placed.append((row, spans))
        free = [span for span in spans if span[1] - span[0] > 1]
    for row, spans in placed:
        _put(sheet, row, [start for start, _ in spans])
    return True


def place_panels(sheet: Sheet) -> None:
    """For panels side by side: puts what stands over them, and the totals below, where they begin.

    The lowest header row repeats its words once per panel; a cell over the panels covers one, the
    last one all that are left. A total's figure stands in the last column of what it covers.
    """
    lowest = next((row for row in range(sheet.header - 1, -1, -1) if len(sheet.texts[row]) == sheet.width and sheet.texts[row][0]), None)
    if lowest is None:
        return
    begins = [column for column, text in enumerate(sheet.texts[lowest]) if text == sheet.texts[lowest][0]]
    for row, texts in enumerate(sheet.texts):
        filled = [text for text in texts if text]
        if row == lowest or len(texts) >= sheet.width or not filled:
            continue
        if row < lowest and len(filled) <= len(begins):
            _put(sheet, row, begins[: len(filled)])
        elif row > lowest and len(texts) % 2 == 0 and len(texts) // 2 <= len(begins) and all(texts[::2]) and not any(map(has_digit, texts[::2])):
            starts = begins[: len(texts) // 2]
            ends = [*starts[1:], sheet.width]
            _put(sheet, row, [column for start, end in zip(starts, ends, strict=True) for column in (start, end - 1)], blanks=True)


def _names_by_column(sheet: Sheet, spec: TableSpec, words: Words) -> list[frozenset[str]]:
    """Per column what may be printed above it; [] where the 栏次 row does not number the columns."""
    if sheet.ordinals < 0 or len(sheet.texts[sheet.ordinals]) != sheet.width:
        return []
    known: dict[int, set[str]] = {}
    sides = frozenset(folded(name) for block in spec.blocks for name in (block.name, *block.aliases) if name)
    for block in spec.blocks:
        side = [block.name, *block.aliases]
        for column in block.columns:
            if column.ordinal is not None:
                known.setdefault(column.ordinal, set()).update(folded(n) for n in (column.name, column.group, *column.aliases, *side) if n)
    columns = {column.name: column for block in spec.blocks for column in block.columns}
    rows = {row.key: row for block in spec.blocks for row in block.rows}
    for ordinal, key, name in spec.wide:
        row, column = rows[key], columns[name]
        known[ordinal] = {*(labelled(n) for n in (row.label, row.key, *row.aliases)), *(folded(n) for n in (name, *column.aliases))}
    labels = frozenset().union(*(words[kind] for kind in ("编码", "编码分栏", "名称", "项目", "行次")))
    found: list[frozenset[str]] = []
    after: frozenset[str] = frozenset()
    for text in reversed(sheet.texts[sheet.ordinals]):
        after = frozenset(known.get(int(text), ())) if is_integer(text) else after
        found.append(after if is_integer(text) else after & sides | labels)
    return found[::-1]


def _spans(texts: list[str], free: list[Span], names: list[frozenset[str]]) -> list[Span] | None:
    """The columns each text covers, left to right over the free ones; None where they are too few."""
    columns = [column for start, end in free for column in range(start, end)]
    filled = [text for text in texts if text]
    if len(filled) > len(columns) or not columns:
        return None
    starts: list[int] = []
    at = 0
    for index, text in enumerate(filled):
        last = len(columns) - (len(filled) - index)
        at = next((i for i in range(at, last + 1) if text in names[columns[i]] or labelled(text) in names[columns[i]]), at)
        if at > last:
            return None
        starts.append(0 if index == 0 else at)
        at += 1
    ends = [*starts[1:], len(columns)]
    spans = [(columns[start], columns[end - 1] + 1) for start, end in zip(starts, ends, strict=True)]
    # A cell that would reach over columns another cell reaches down into is one we do not understand.
    return spans if all(end - start == b - a for (start, end), a, b in zip(spans, starts, ends, strict=True)) else None


def _put(sheet: Sheet, row: int, columns: list[int], blanks: bool = False) -> None:
    """Puts the filled cells of a row (with `blanks` all its cells) at these columns."""
    kept = [(cell, text) for cell, text in zip(sheet.cells[row], sheet.texts[row], strict=True) if text or blanks]
    cells, texts = [cell for cell, _ in kept], [text for _, text in kept]
    place = cells[0].place if cells else sheet.place
    sheet.cells[row] = [GridCell("", place)] * sheet.width
    sheet.texts[row] = [""] * sheet.width
    for cell, text, column in zip(cells, texts, columns, strict=True):
        sheet.cells[row][column], sheet.texts[row][column] = cell, text

"""Which standard table a grid is: its title proposes, its header and rows decide."""

from __future__ import annotations

import msgspec

from juesuan_rules.catalogue.model import BlockSpec, Layout, TableSpec
from juesuan_rules.reports.sheet import Sheet, Words, folded, is_code, is_figure, labelled
from juesuan_rules.reports.titles import similarity, title_key

HEADER_ROWS = 8
WITH_TITLE = 0.4
"""A title right above is believed from this share of header and rows on."""
WITHOUT_TITLE = 0.75
MARGIN = 0.08
LONGEST_TITLE = 80
LIKE_TITLE = 0.6
"""A line above resembling a title this much is a garbled title."""
ANOTHER = 0.85
"""From this score on, another table's header overrules the title."""


class SpecIndex(msgspec.Struct, frozen=True):
    """What a table's header and rows are called, folded: one set of names per column and per row."""

    spec: TableSpec
    columns: tuple[frozenset[str], ...]
    first_names: frozenset[str]
    known: frozenset[str]
    rows: tuple[frozenset[str], ...]


def index_specs(layout: Layout, words: Words) -> tuple[SpecIndex, ...]:
    """One index per table of `layout`."""
    return tuple(_index(spec, words) for spec in layout.tables)


def _index(spec: TableSpec, words: Words) -> SpecIndex:
    columns = tuple(
        frozenset(folded(name) for name in (column.name, *column.aliases)) for block in spec.blocks for column in block.columns if not column.optional
    )
    names = [n for block in spec.blocks for n in (block.name, *block.aliases)]
    names += [n for block in spec.blocks for c in block.columns for n in (c.name, c.group, *c.aliases)]
    known = frozenset(folded(n) for n in names if n).union(*words.values())
    rows = tuple(n for block in spec.blocks for n, row in zip(row_names(block), block.rows, strict=True) if row.role != "空" and not row.optional)
    first = frozenset(folded(column.name) for block in spec.blocks for column in block.columns)
    return SpecIndex(spec, columns, first, known, rows)


def row_names(block: BlockSpec) -> tuple[frozenset[str], ...]:
    """Per row of the layout, every label it is printed with, ready to compare with `labelled`."""
    return tuple(frozenset(labelled(name) for name in (row.label, row.key, *row.aliases) if name) for row in block.rows)


def headings_of(sheet: Sheet) -> frozenset[str]:
    """The folded texts of the first rows, as far as they are words."""
    texts = {text for row in sheet.texts[:HEADER_ROWS] for text in row if text and not is_figure(text)}
    return frozenset(texts | {text.split("(")[0] for text in texts if "(" in text})


def labels_of(sheet: Sheet) -> frozenset[str]:
    """Every text of the sheet that is a word, unnumbered."""
    return frozenset(labelled(cell.label) for row in sheet.cells for cell in row if cell.text and not is_figure(folded(cell.label)))


def score(index: SpecIndex, headings: frozenset[str], top: frozenset[str], labels: frozenset[str]) -> float:
    """0..1: how well a sheet's header and rows fit the table; `top` are the texts above its figures."""
    spec = index.spec
    if not index.columns:
        return 0.0
    hits = sum(1 for names in index.columns if names & headings)
    columns = hits / len(index.columns)
    if spec.form == "codes":
        return _score_codes(index, headings, top, hits)
    rows = sum(1 for names in index.rows if names & labels) / max(len(index.rows), 1)
    if spec.wide and columns == 1.0:
        return 0.9 * max(rows, sum(1 for names in index.rows if names & headings) / max(len(index.rows), 1)) + 0.1
    return 0.25 * columns + 0.75 * rows if index.rows else 0.5 * columns


def _score_codes(index: SpecIndex, headings: frozenset[str], top: frozenset[str], hits: int) -> float:
    extra = sum(1 for text in (headings & top) - index.known if not text.startswith("栏次") and not is_code(text[:3]))
    primary = len(index.first_names & headings) / max(len(index.first_names), 1)
    return (hits - 0.3 * (1 - primary)) / (len(index.columns) + 0.5 * extra)


def top_of(sheet: Sheet) -> frozenset[str]:
    """Texts of the rows before the first row with a figure or a code: the header proper."""
    result: set[str] = set()
    for row in sheet.texts[:HEADER_ROWS]:
        if any((is_figure(text) and not text.isdecimal()) or is_code(text) for text in row):
            break
        result.update(row)
    return frozenset(result)


def choose(
    indexes: tuple[SpecIndex, ...], sheet: Sheet, title_id: str | None, adjacent: bool, above: list[str], titled: frozenset[str]
) -> tuple[TableSpec | None, str]:
    """The table this grid is, or None; and "" or what a reader must be told about the choice.

    `titled`: tables that have a title of their own elsewhere in the document.
    """
    headings, top, labels = headings_of(sheet), top_of(sheet), labels_of(sheet)
    scores = {index.spec.id: score(index, headings, top, labels) for index in indexes}
    specs = {index.spec.id: index.spec for index in indexes}
    ranked = sorted(scores, key=lambda table: -scores[table])
    if title_id is not None:
        best = ranked[0]
        if not adjacent and scores[title_id] < WITHOUT_TITLE - 0.1:
            title_id = None
        elif scores[title_id] >= WITH_TITLE and scores[title_id] >= scores[best] - 0.4:
            return specs[title_id], ""
        elif scores[best] >= ANOTHER:
            return specs[best], f"题名是“{title_id}”，表头和行却是“{best}”的"
        elif adjacent:
            return specs[title_id], "" if scores[title_id] >= WITH_TITLE or not any(b.columns for b in specs[title_id].blocks) else "表头"
    return _without_title(ranked, scores, specs, above, titled)


def _without_title(
    ranked: list[str], scores: dict[str, float], specs: dict[str, TableSpec], above: list[str], titled: frozenset[str]
) -> tuple[TableSpec | None, str]:
    """By header and rows alone; a garbled title above, and who is still without a grid, decide between equals."""
    near = [table for table in ranked if scores[table] >= WITHOUT_TITLE and scores[table] >= scores[ranked[0]] - MARGIN] if ranked else []
    if not near:
        return None, ""
    if len(near) > 1:
        lines = [line for line in above if len(line) <= LONGEST_TITLE]
        alike = {table: max((similarity(line, specs[table]) for line in lines), default=0.0) for table in near}
        points = {table: scores[table] + (alike[table] if alike[table] >= LIKE_TITLE else 0.0) - 0.2 * (table in titled) for table in near}
        near.sort(key=lambda table: -points[table])
        if points[near[0]] - points[near[1]] < MARGIN / 2:
            return None, f"没有题名，表头像“{near[0]}”，也像“{near[1]}”，无法确定是哪一张"
    if near[0] in titled and any(title_key(line).endswith("表") for line in above if len(line) <= LONGEST_TITLE):
        return None, ""  # a table of its own name, laid out like one that stands elsewhere under its title
    return specs[near[0]], f"没有认出题名，按表头认作“{near[0]}”"

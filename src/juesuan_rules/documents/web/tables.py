"""One table of a page: whether it holds data or only arranges the page, and its cells on a grid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from juesuan_rules.documents.captions import is_about, is_title
from juesuan_rules.documents.model import GridCell, Place

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_COLSPAN, MAX_ROWSPAN = 1_000, 65_534
"""Spans as browsers bound them."""

_FIGURE = re.compile(r"[-+(]?\d[\d,]*\.\d+\)?%?|\d{1,3}(?:,\d{3})+|20[1-3]\d{4,5}")
_ARTICLE = 400
"""A cell with this many characters in several lines, in a table of few cells, is a page's column."""

_CAPTION_ROWS = 5

CellText = Callable[["Element"], str]
Hidden = Callable[["Element"], bool]


class Cell(msgspec.Struct):
    """One td or th: its text, spans and the stored value it names.

    nested: the element, where a table lies inside it; its text is read only if it turns out to be data.
    """

    text: str
    colspan: int
    rowspan: int
    stored: str = ""
    nested: Any = None


def read_rows(table: Element, cell_text: CellText, hidden: Hidden) -> list[list[list[Cell]]]:
    """Sections (head, bodies, foot, in printed order) of rows of cells; hidden ones left out."""
    sections: list[tuple[str, list[list[Cell]]]] = []
    fresh = True
    for group, row in _row_elements(table, hidden):
        if fresh or not sections or (group is not None and sections[-1][0] != _key(group)):
            sections.append((_key(group), []))
        fresh = False
        sections[-1][1].append([_cell(cell, cell_text) for cell in _inside(row, ("td", "th"), hidden)])
    heads = [rows for key, rows in sections if key.startswith("thead")]
    feet = [rows for key, rows in sections if key.startswith("tfoot")]
    bodies = [rows for key, rows in sections if not key.startswith(("thead", "tfoot"))]
    return heads + bodies + feet


def is_layout(sections: list[list[list[Cell]]]) -> bool:
    """Whether a table only arranges its contents: one column, other tables inside, an article, or lines around a table."""
    rows = [row for section in sections for row in section]
    simple = [cell for row in rows for cell in row if cell.nested is None and cell.text]
    if any(cell.nested is not None for row in rows for cell in row):
        return sum(1 for cell in simple if _FIGURE.fullmatch(cell.text)) < 3
    if max((sum(cell.colspan for cell in row) for row in rows), default=0) <= 1 or max((len(row) for row in rows), default=0) <= 1:
        return True
    if len(rows) <= _CAPTION_ROWS and all(is_about(cell.text) or is_title(cell.text) for cell in simple):
        return True
    long = [cell for cell in simple if len(cell.text) > _ARTICLE and "\n" in cell.text]
    return bool(long) and len(simple) <= 6


def grid_rows(sections: list[list[list[Cell]]], name: str, sheet: str | None) -> tuple[tuple[GridCell, ...], ...]:
    """The cells at their columns, rectangular; a merged cell's text stands in its top-left position.

    name: of the table, for places ("表3"). A span that reaches beyond its section is cut there.
    """
    grid: list[dict[int, GridCell]] = []
    for section in sections:
        start = len(grid)
        grid.extend({} for _ in section)
        for index, row in enumerate(section):
            column = 0
            for cell in row:
                while column in grid[start + index]:
                    column += 1
                down = min(cell.rowspan or len(section), len(section) - index)
                place = Place(sheet=sheet, cell=f"{name} R{start + index + 1}C{column + 1}")
                across = _free(grid[start + index], column, cell.colspan)
                for below in range(down):
                    for right in range(across):
                        grid[start + index + below].setdefault(column + right, GridCell("", place))
                grid[start + index][column] = GridCell(cell.text, place, across, down, stored=cell.stored)
                column += across
    width = 1 + max((max(row) for row in grid if row), default=-1)
    width = _used_width(grid, width)
    return tuple(tuple(row.get(c) or GridCell("", Place(sheet=sheet, cell=f"{name} R{r}C{c + 1}")) for c in range(width)) for r, row in enumerate(grid, 1))


def grid_size(sections: list[list[list[Cell]]]) -> int:
    """How many positions a table has: those its cells cover, or all its rows at the width of the widest."""
    rows = [row for section in sections for row in section]
    covered = sum(cell.colspan * min(cell.rowspan or len(section), len(section)) for section in sections for row in section for cell in row)
    return max(covered, len(rows) * max((sum(cell.colspan for cell in row) for row in rows), default=0))


def _free(row: dict[int, GridCell], column: int, wanted: int) -> int:
    """How far a cell can reach to the right before one that hangs down from above."""
    across = 1
    while across < wanted and column + across not in row:
        across += 1
    return across


def _used_width(grid: list[dict[int, GridCell]], width: int) -> int:
    """The width without columns at the right that are empty and begin no cell of their own text."""
    used = max((column + 1 for row in grid for column, cell in row.items() if cell.text), default=0)
    begun = max((column + 1 for row in grid for column, cell in row.items() if cell.colspan == 1), default=0)
    return min(width, max(used, begun)) if used else width


def _key(group: Element | None) -> str:
    return f"{group.tag}{id(group)}" if group is not None else ""


def _row_elements(table: Element, hidden: Hidden) -> Iterator[tuple[Element | None, Element]]:
    """(section, row) of a table in source order, not those of tables inside it."""
    stack: list[tuple[Element | None, Element]] = [(None, child) for child in reversed(table)]
    while stack:
        group, element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in ("table", "td", "th", "caption") or hidden(element):
            continue
        if element.tag == "tr":
            yield group, element
            continue
        inner = element if element.tag in ("thead", "tbody", "tfoot") else group
        stack.extend((inner, child) for child in reversed(element))


def _inside(row: Element, tags: tuple[str, ...], hidden: Hidden) -> Iterator[Element]:
    """The cells of a row, also those that a stray element encloses."""
    stack = list(reversed(row))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in ("table", "tr") or hidden(element):
            continue
        if element.tag in tags:
            yield element
        else:
            stack.extend(reversed(element))


def _cell(element: Element, cell_text: CellText) -> Cell:
    colspan, rowspan = _span(element.get("colspan"), 1, MAX_COLSPAN), _span(element.get("rowspan"), 0, MAX_ROWSPAN)
    if next(element.iter("table"), None) is not None:
        return Cell("", colspan, rowspan, nested=element)
    text = cell_text(element)
    return Cell(text, colspan, rowspan, _stored(element.get("x:num") or element.get("sdval") or "", text))


def fill_nested(sections: list[list[list[Cell]]], cell_text: CellText) -> None:
    """Gives the cells of a data table that hold tables themselves the text of these."""
    for section in sections:
        for row in section:
            for cell in row:
                if cell.nested is not None:
                    cell.text, cell.nested = cell_text(cell.nested), None


def _span(text: str | None, least: int, most: int) -> int:
    """A span attribute; absent or foolish ones are 1, rowspan 0 means to the end of the section."""
    found = re.match(r"\s{0,9}\+?([0-9]{1,6})", text) if text else None
    return max(least, min(int(found[1]), most)) if found else 1


def _stored(value: str, text: str) -> str:
    """The stored value a spreadsheet program left in the page, where the text shows another one."""
    if not value or len(value) > 40:
        return ""
    from decimal import Decimal, InvalidOperation

    from juesuan_rules.documents.excel.numberformat import same_value

    try:
        number = Decimal(value)
    except InvalidOperation:
        return ""
    return "" if not number.is_finite() or same_value(text, number) else value

"""Tables that may go on where nothing could be read."""

from __future__ import annotations

import re

from msgspec.structs import replace

from juesuan_rules.reports.model import GOES_ON, Problem, Table

_PAGES = re.compile(r"第\s*(\d{1,5})(?:\s*[-—–－~至到]\s*(?:第\s*)?(\d{1,5}))?\s*页")
_MOST_PAGES = 20_000


def mark_tables(tables: dict[str, Table], unread: tuple[str, ...]) -> dict[str, Table]:
    """The tables; one that ends right before an unread page says that it may go on there.

    unread: `Document.unread`; pages are named in it as 第3页 or 第3—5页, behind the file's name where
    the document was put together from several.
    """
    if not unread:
        return tables
    result = dict(tables)
    for name, table in tables.items():
        file = table.place.file
        pages = {page for text in unread if file is None or text.startswith(f"{file}：") for page in _pages(text)}
        last = max([cell.place.page or 0 for row in table.grid.rows[-3:] for cell in row], default=0)
        if last and last + 1 in pages:
            problem = Problem(GOES_ON, f"可能续在没读出来的第{last + 1}页", name, place=table.place)
            result[name] = replace(table, problems=(*table.problems, problem))
    return result


def _pages(text: str) -> set[int]:
    found: set[int] = set()
    for first, last in _PAGES.findall(text):
        if len(found) < _MOST_PAGES:
            found.update(range(int(first), min(int(last or first), int(first) + _MOST_PAGES) + 1))
    return found

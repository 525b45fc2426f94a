"""Grids of a document with what is printed above each of them, page breaks already mended.

A grid is cut where a title stands inside it, and put together with the next one where only a page
end (page number, repeated title or header, 续表) parts them.
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, TextBlock
from juesuan_rules.reports.sheet import folded, is_code, is_figure, is_integer, labelled
from juesuan_rules.reports.titles import Surroundings, TitleIndex, printed_title

Rows = list[tuple[GridCell, ...]]

_PAGE = re.compile(r"[-\u2014]*第?[-\u2014]?\d{1,4}[-\u2014]?页?(?:[,/]?共?\d{1,4}页?)?[-\u2014]*")
_CONTINUED = re.compile(r"[(]?续(?:表|上表|上页)?[)]?(?:[一二三四五六七八九十\d]+)?")
_CLOSING = re.compile(r"(?:备?注[:：1-9]|如?本表|说明[:：])")
_SHORT, _UNKNOWN = 40, 3
"""Lines longer than this end a table; so do more lines than this that tell nothing."""
_REACH = 8
"""How many lines above a grid are searched for its title."""


class Candidate(msgspec.Struct):
    """A grid that may be a standard table. title_id: table named by the title above it, if any.

    adjacent: only 表号, 部门, 年度, 单位 stand between that title and the grid. above: the nearest
    lines above (nearest first), for a garbled title. parts: the grid blocks it was put together of.
    gap: what parts it from the grid before: 0 at most a page end, 1 a few lines that tell nothing,
    2 something that ends a table (a remark, a title, a paragraph).
    """

    rows: Rows
    kind: str
    place: Place
    around: Surroundings
    title_id: str | None = None
    adjacent: bool = False
    above: list[str] = msgspec.field(default_factory=list)
    parts: list[GridBlock] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)
    gap: int = 2


def gather(document: Document, titles: TitleIndex) -> list[Candidate]:
    """Every grid (or part of one with its own title), in reading order, with its surroundings."""
    found: list[Candidate] = []
    lines: list[str] = []
    running = _running_lines(document)
    for block in document.blocks:
        if isinstance(block, TextBlock):
            lines.append(block.text)
            continue
        carried: list[str] = []
        above = lines
        for index, part in enumerate(_split(block, titles)):
            above = (lines if index == 0 else []) + carried
            candidate = _candidate(part, block, above, titles)
            if not candidate.rows:
                carried.extend(cell.text for row in part for cell in row if cell.text.strip())
                continue
            candidate.gap = 2 if index > 0 else _gap(above, titles, running, found[-1] if found else None)
            found.append(candidate)
            carried = []
        lines = [*above, *carried] if carried else []
    return found


def _running_lines(document: Document) -> frozenset[str]:
    """Short lines that come again and again: heads and feet of pages."""
    counts = Counter(folded(b.text) for b in document.blocks if isinstance(b, TextBlock) and len(b.text) <= 40)
    return frozenset(line for line, count in counts.items() if count >= 3 and not _CLOSING.match(line))


def _split(block: GridBlock, titles: TitleIndex) -> list[Rows]:
    """The rows of a grid, cut before every row (but the first ones) that is nothing but a title."""
    parts: list[Rows] = [[]]
    filled_before = False
    for row in block.rows:
        texts = [cell.label for cell in row if cell.text and not cell.text.isspace()]
        if filled_before and 1 <= len(texts) <= 2 and len(texts[0]) >= 5 and titles.find(texts[0]):
            parts.append([])
            filled_before = False
        filled_before = filled_before or len(texts) > 2 or any(is_figure(folded(t)) for t in texts)
        parts[-1].append(row)
    return [part for part in parts if part]


def _candidate(rows: Rows, block: GridBlock, lines: list[str], titles: TitleIndex) -> Candidate:
    place = next((cell.place for row in rows for cell in row), block.place)
    candidate = Candidate(rows, block.kind, place, Surroundings(), parts=[block])
    candidate.rows = _take_head(candidate, titles)
    clean = True
    for distance, line in enumerate(reversed(lines)):
        if distance >= _REACH or candidate.title_id:
            if not (candidate.title_id and candidate.adjacent and candidate.around.read(line)):
                break
            continue
        if (title := titles.find(line)) is not None:
            candidate.title_id, candidate.adjacent = title, clean
            candidate.around.title = printed_title(line)
        elif not candidate.around.read(line) if clean else True:
            clean = False
            if len(candidate.above) < 3:
                candidate.above.append(line)
    return candidate


def _take_head(candidate: Candidate, titles: TitleIndex) -> Rows:
    """Reads title, 表号, 部门 … in the first rows of the grid and returns the rows after them."""
    rows = candidate.rows
    for index, row in enumerate(rows[:_REACH]):
        texts = [cell.label for cell in row if cell.text and not cell.text.isspace()]
        told = [_read_head(candidate, text, titles) for text in texts]
        if not all(told):
            if len(texts) == 1 and folded(texts[0]).endswith("表") and candidate.title_id is None:
                candidate.above.append(texts[0])
                continue
            return rows[index:]
    return rows[_REACH:] if len(rows) > _REACH else []


def _read_head(candidate: Candidate, text: str, titles: TitleIndex) -> bool:
    title = titles.find(text)
    if title is not None:
        candidate.title_id, candidate.adjacent = title, True
        candidate.around.title = printed_title(text)
        return True
    return candidate.around.read(text)


def _gap(lines: list[str], titles: TitleIndex, running: frozenset[str], last: Candidate | None) -> int:
    """What stands between the last grid and this one, as `Candidate.gap`."""
    unknown = 0
    for line in lines:
        text = folded(line)
        if _CLOSING.match(text) or len(text) > _SHORT:
            return 2
        if _PAGE.fullmatch(text) or _CONTINUED.fullmatch(text) or text in running:
            continue
        title = titles.find(line)
        if title is not None:
            if last is None or title != last.title_id:
                return 2
        elif not Surroundings().read(line):
            unknown += 1
    return 0 if not unknown else 1 if unknown <= _UNKNOWN else 2


def same_header(first: Rows, second: Rows) -> int:
    """How many rows at the start of `second` repeat the first rows of `first` (0: no repeated header)."""
    count = 0
    for a, b in zip(first, second, strict=False):
        texts = [folded(cell.label) for cell in a]
        if texts != [folded(cell.label) for cell in b] or any(is_figure(t) and not is_integer(t) for t in texts):
            break
        count += any(texts)
    return count


def first_label(rows: Rows, start: int) -> str:
    """The first row label or code from row `start` on, to see whether a part goes on or starts again."""
    for index in range(start, len(rows)):
        for cell in rows[index]:
            text = folded(cell.label)
            if text:
                return text if is_code(text) else labelled(cell.label)
    return ""

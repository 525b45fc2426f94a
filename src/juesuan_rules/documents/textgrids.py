"""Lines of text to blocks: which runs of lines are tables, and how their cells are written.

Three ways of writing a table are known: cells between tabs, one row per line ("columns"); one cell
per line behind a tab, rows between empty lines ("cells"); and Markdown or drawn bars ("columns").
A file may mix them; each region, a stretch of lines without running text in it, is judged alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy

from juesuan_rules.documents.model import NOWHERE, Block, GridBlock, GridCell, Place, TextBlock

Line = tuple[str, Place]
"""One line without its line break, and where it stands; `EMPTY` for one without content."""

EMPTY: Line = ("", NOWHERE)

_BARS = "|｜│┃║"
_BORDERS = re.compile(r"[\s|｜+:：\-—=─━═│┃║┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬]+")
_SPLIT_BARS = re.compile(r"(?<!\\)[|｜│┃║]")
_AMOUNT = re.compile(r"[\d.,，%％\-—+*/／ ]*")
_LIST_MARK = re.compile(
    r"\s*(?:第?[一二三四五六七八九十百]+(?:[、.．,，:：]|部分|章|节)|[（(][一二三四五六七八九十百\d]{1,3}[)）]|\d{1,3}(?:\.\d{1,3})*[.、．)）]|[①-⑳•·●■◆▪○➢✓\-*])\s*"
)
_TOC_LEADER = re.compile(r"(?:\.{3}|…|·{3}|．{3}|_{4}|-{4}|—{3})[.…·．_\-— ]*\d*\s*$")
_TOC_ENTRY = re.compile(r"\s*[-*]?\s*(?:第?[一二三四五六七八九十百]+[、.．部章]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.、．]|附)")
_CONTENTS_LINE = re.compile(r"目\s*[录錄次]|(?:第?[一二三四五六七八九十]+[、.．部章]|[（(][一二三四五六七八九十\d]+[)）]).{0,60}\t\s*\d{1,3}")
_PAGE = re.compile(r"\s*[-—]?\s*\d{1,3}\s*[-—]?\s*")
_SENTENCE = re.compile(r"[。；！]|[，,].*[，,]")
_LONG = 30
_LONGEST_ENTRY = 300
"""A line longer than this is no entry of a table of contents, and no pattern searches it for one."""


def has_content(text: str) -> bool:
    """Whether a line counts: a tab alone does, it is an empty cell."""
    return "\t" in text or bool(text.strip(" \u3000\u00a0\ufeff\u200b"))


def blocks_of(lines: list[Line]) -> tuple[Block, ...]:
    """The lines as blocks in reading order; empty lines are dropped, having ended their table."""
    blocks: list[Block] = []
    for kind, region in _regions(lines):
        if kind == "tabs":
            last = blocks[-1] if blocks else None
            in_contents = isinstance(last, TextBlock) and (bool(_CONTENTS_LINE.fullmatch(last.text)) or _has_leader(last.text))
            blocks.extend(_tab_blocks(region, in_contents))
        elif kind == "bars":
            blocks.extend(_bar_blocks(region))
        else:
            blocks.extend([TextBlock(text.strip(), place) for text, place in region])
    return tuple(blocks)


def _regions(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Stretches of one kind of line, as (kind, lines): empty lines stay inside tables, as "" ."""
    kind, region = "text", []
    for line in lines:
        text = line[0]
        if not text:
            if kind != "text":
                region.append(line)
            continue
        if "\t" in text:
            new = "tabs"
        elif text.strip()[:1] in _BARS or (text.lstrip()[:1] in "┌├└┏┣┗╔╠╚+" and _BORDERS.fullmatch(text)):
            new = "bars" if _is_bar_row(text.strip()) else "text"
        else:
            new = "text"
        if new != kind:
            if region:
                yield kind, region
            kind, region = new, []
        region.append(line)
    if region:
        yield kind, region


def _is_bar_row(text: str) -> bool:
    return bool(_BORDERS.fullmatch(text)) or (text[0] in _BARS and text[-1] in _BARS and len(text) > 2)


# ------------------------------------------------------------------ bars


def _bar_blocks(region: list[Line]) -> Iterator[Block]:
    for run in _runs(region):
        rows = []
        for text, place in run:
            text = text.strip()
            if _BORDERS.fullmatch(text) and not re.fullmatch(r"[|｜│┃║\s]+", text):
                continue
            parts = _SPLIT_BARS.split(text)[1:-1] or [text]
            rows.append(tuple(GridCell(part.replace("\\|", "|").strip(), _own(place)) for part in parts))
        if rows:
            yield GridBlock(tuple(rows), run[0][1], "columns")


# ------------------------------------------------------------------ tabs


def _tab_blocks(region: list[Line], in_contents: bool) -> Iterator[Block]:
    """Blocks of a region of lines with tabs: runs of single cells are joined, the rest is rows.

    in_contents: the region follows a line of a table of contents."""
    runs = _runs(region)
    single = [_is_single_run(run) for run in runs]
    i = 0
    while i < len(runs):
        if not single[i]:
            yield from _row_run(runs[i], in_contents)
            i += 1
            continue
        end = i
        while end < len(runs) and single[end]:
            end += 1
        part = runs[i:end]
        if _is_one_cell_per_line(part):
            yield GridBlock(tuple(_cell_row(run) for run in part), part[0][0][1], "cells")
        elif i > 0 and end < len(runs) and sum(map(len, part)) < 3 and not _is_prose(part):
            for run in part:
                yield _grid(run)
        else:
            yield from _as_text(line for run in part for line in run)
        i = end


def _runs(region: list[Line]) -> list[list[Line]]:
    """The lines of a region, cut where it has empty lines."""
    runs: list[list[Line]] = []
    fresh = True
    for line in region:
        if not line[0]:
            fresh = True
        elif fresh:
            runs.append([line])
            fresh = False
        else:
            runs[-1].append(line)
    return runs


def _is_single_run(run: list[Line]) -> bool:
    """Whether most lines of the run are one cell behind one tab."""
    single = sum([text.count("\t") == 1 and (text[0] == "\t" or not text.partition("\t")[0].strip()) for text, _ in run])
    return single > 2 * (len(run) - single)


def _is_one_cell_per_line(part: list[list[Line]]) -> bool:
    """Whether lines behind a tab are table cells, not indented prose: enough are empty or figures."""
    total = sum(map(len, part))
    bare = sum(1 for run in part for text, _ in run if _AMOUNT.fullmatch(text.strip()))
    return total >= 3 and bare * 10 >= total


def _is_prose(part: list[list[Line]]) -> bool:
    return any(len(text) >= _LONG and _SENTENCE.search(text) for run in part for text, _ in run)


def _cell_row(run: list[Line]) -> tuple[GridCell, ...]:
    cells: list[GridCell] = []
    for text, place in run:
        before, *parts = text.split("\t")
        if before.strip():
            parts.insert(0, before)
        for part in parts:
            cells.append(GridCell(part.strip(), _own(place)))
    return tuple(cells)


def _row_run(run: list[Line], in_contents: bool) -> Iterator[Block]:
    """A run of lines with tabs: a grid, unless it is a table of contents, a list or a sentence."""
    if _is_contents(run, in_contents) or _is_list(run) or _is_sentence(run):
        yield from _as_text(run)
    else:
        yield _grid(run)


def _grid(run: list[Line]) -> GridBlock:
    rows = tuple(tuple([GridCell(part.strip(), _own(place)) for part in text.split("\t")]) for text, place in run)
    return GridBlock(rows, run[0][1], "columns")


def _own(place: Place) -> Place:
    """A Place for one cell alone: the cells of a line stand at equal places, and a figure knows its cell by the very object."""
    return copy(place)


def _as_text(lines: Iterator[Line] | list[Line]) -> Iterator[Block]:
    for text, place in lines:
        if stripped := text.strip():
            yield TextBlock(stripped, place)


def _is_contents(run: list[Line], in_contents: bool) -> bool:
    """Whether every line is a heading, a tab and a page number (dots may lead to it)."""
    pages: list[int] = []
    leaders = 0
    for text, _ in run:
        title, tab, page = text.strip().partition("\t")
        leader = _has_leader(title) or _has_leader(text)
        if not leader and not (tab and _TOC_ENTRY.match(title) and _PAGE.fullmatch(page)):
            return False
        leaders += leader
        pages.extend(int(n) for n in re.findall(r"\d+", page)[-1:])
    return leaders > 0 or (in_contents and pages == sorted(pages))


def _has_leader(text: str) -> bool:
    """Whether the line ends in dots, with or without a page number behind them."""
    return len(text) <= _LONGEST_ENTRY and bool(_TOC_LEADER.search(text))


def _is_list(run: list[Line]) -> bool:
    """Whether every line is a list mark (1.  （一）  ●), a tab and its text."""
    return all(text.strip().count("\t") == 1 and _LIST_MARK.fullmatch(text.strip().partition("\t")[0]) for text, _ in run)


def _is_sentence(run: list[Line]) -> bool:
    """Whether a lone line with a stray tab is a sentence rather than a row."""
    if len(run) > 1:
        return False
    text = run[0][0].strip()
    return text.count("\t") <= 2 and len(text) >= _LONG and bool(_SENTENCE.search(text)) and text[-1] in "。；！，、：:;,"

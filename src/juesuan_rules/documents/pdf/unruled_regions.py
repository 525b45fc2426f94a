"""Which lines of a page may be a table without rules, and where its header ends.

Titles, the lines with 部门 and 金额单位, notes, prose and page numbers stand outside; what is left
between them is a stretch of lines. Nothing here knows a particular table: the words are those that
the headers of all final accounts share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from juesuan_rules.documents.pdf.unruled_items import Line, Piece

_PAGE_NUMBER = re.compile(r"[-—–·.\s]*(?:第?\d{1,4}页?)(?:[/共,，\s]*\d{1,4}页?)?[-—–·.\s]*")
_META = re.compile(
    r"(?:金额|货币|计量)?单位[:：].*|(?:编制|填报|公开)?(?:部门|单位)(?:名称)?[:：].*|公开\d{1,2}表.*|表\s?\d{1,2}|附[表件]\s?\d*[:：]?|\d{4}年度?|财决.{0,6}表|编制日期.*|批复.{0,4}表"
)
_TITLE = re.compile(r".{2,40}(?:表|明细表|总表)(?:[（(].{1,12}[）)])?")
_NOTE = re.compile(r"(?:备?注|说明|附注)\s?\d?[:：].*")
_SENTENCE = re.compile(r"[。；]|，.*[，。；]|…{2,}|\.{6,}|·{4,}")
_SPOKEN = re.compile(r"\d(?:万?元|[%％])[，；。、]|(?:元|经费)[，；。]|^[\d.]+[%％]?[；。，]")
_COUNTER = re.compile(r"[（(]?\d{1,2}[)）]?(?:=.*)?|[甲乙丙丁戊]")
_LINE_NAME = ("栏次", "栏目", "行次栏次")
_ORDINAL = re.compile(r"(?:其中[:：])?[（(]?[一二三四五六七八九十百\d]{1,3}(?:[、.．]|[)）])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOTAL = re.compile(r"(?:合计|总计|共计)")

_TOP, _BOTTOM = 0.1, 0.88
"""Running headers and footers stand above and below these shares of a page's height."""

_HEADER_LINES = 16
"""A header has at most so many lines of text; beyond them nothing can be its last one."""


class Region(msgspec.Struct):
    """Lines that may be one table. numbers is the line of 栏次, "" where there is none; the header is empty where the table goes on from the page before."""

    header: list[Line]
    numbers: Line | None
    body: list[Line]
    follows: bool
    """Whether only white space parts it from the region above or, where it is the first, from the top of its page."""


def cut_regions(lines: Sequence[Line], width: float, height: float, furniture: Sequence[Line] = ()) -> list[Region]:
    """The stretches of lines that may be tables, from the top. furniture: lines at the edges of the page before."""
    size = _common_size(lines)
    regions: list[Region] = []
    stretch: list[Line] = []
    follows = True
    for line in lines:
        if _is_furniture(line, height, furniture):
            continue
        if _stands_apart(line, width, size):
            if stretch:
                regions.append(_divide(stretch, follows))
                stretch = []
            follows = False
            continue
        if stretch and line.y - stretch[-1].y > 9 * size:
            regions.append(_divide(stretch, follows))
            stretch, follows = [], True
        stretch.append(line)
    if stretch:
        regions.append(_divide(stretch, follows))
    return regions


def edge_lines(lines: Sequence[Line], height: float) -> tuple[Line, ...]:
    """Lines at the top and bottom of a page of given height that may be running headers and footers."""
    return tuple(
        line for line in lines if not _TOP * height < line.y < _BOTTOM * height and len(line.pieces) <= 2 and all(p.kind != "amount" for p in line.pieces)
    )


def _same_on_every_page(line: Line, other: Line) -> bool:
    return abs(line.y - other.y) < 3 and re.sub(r"\d+", "", line.text) == re.sub(r"\d+", "", other.text)


def _common_size(lines: Sequence[Line]) -> float:
    sizes = sorted(line.size for line in lines)
    return sizes[len(sizes) // 2] if sizes else 10.0


def _is_furniture(line: Line, height: float, furniture: Sequence[Line]) -> bool:
    if _TOP * height < line.y < _BOTTOM * height:
        return False
    numbered = line.pieces[-1].x1 - line.pieces[0].x0 < 8 * line.size and _PAGE_NUMBER.fullmatch(line.text) is not None
    return numbered or any(_same_on_every_page(line, other) for other in furniture)


def _stands_apart(line: Line, width: float, size: float) -> bool:
    pieces = line.pieces
    if any(_META.fullmatch(piece.text) for piece in pieces) and not any(piece.kind == "amount" for piece in pieces):
        return True
    if _NOTE.match(line.text):
        return True
    if len(pieces) == 1 and (_TITLE.fullmatch(line.text) or line.size > 1.3 * size or pieces[0].x1 - pieces[0].x0 > 0.6 * width):
        return True
    return _is_prose(line)


def _is_prose(line: Line) -> bool:
    pieces = line.pieces
    inked = sum(piece.x1 - piece.x0 for piece in pieces)
    extent = pieces[-1].x1 - pieces[0].x0
    text = line.text
    if len(text) < 12 or inked < 0.7 * extent:
        return False
    return _SPOKEN.search(text) is not None or (inked >= 0.85 * extent and _SENTENCE.search(text) is not None)


def _divide(lines: list[Line], follows: bool) -> Region:
    """Where the header ends: at the line of 栏次, or before the first line that holds data."""
    for at, line in enumerate(lines[:_HEADER_LINES]):
        if is_number_line(line):
            return Region(lines[:at], line, lines[at + 1 :], follows)
    end = next((at for at, line in enumerate(lines[:_HEADER_LINES]) if _holds_data(line, lines[at + 1 : at + 2])), None)
    if end is None:
        return Region(lines, None, [], follows)
    end -= _begun_above(lines, end)
    return Region(lines[:end], None, lines[end:], follows)


def _begun_above(lines: Sequence[Line], end: int) -> int:
    """How many lines above `lines[end]` are the beginning of a name that is wrapped in this first row of the body."""
    if not end:
        return 0
    line, below = lines[end - 1], lines[end]
    step = below.y - line.y
    if step >= 0.95 * line.size and not (end > 1 and len(line.pieces) <= 2 < len(below.pieces) and step < 0.75 * (line.y - lines[end - 2].y)):
        return 0
    after = lines[end + 1].pieces if end + 1 < len(lines) and abs(lines[end + 1].y - below.y - step) < 0.3 * line.size else []
    wrapped = all(any(abs(piece.x0 - other.x0) < 1.5 for other in after) for piece in line.pieces)
    if not wrapped and any(_continues(piece, other) for piece in line.pieces for upper in lines[: end - 1] for other in upper.pieces):
        return 0
    count = 1
    while count < end and [round(p.x0) for p in lines[end - count - 1].pieces] == [round(p.x0) for p in line.pieces]:
        count += 1
    return count


def _continues(piece: Piece, above: Piece) -> bool:
    """Whether a piece may be the next line of a header cell: right below it, with the same middle or left edge."""
    near = 0.9 * piece.size < piece.y1 - above.y1 < 1.6 * piece.size
    return near and (abs(piece.middle - above.middle) < 0.6 * piece.size or abs(piece.x0 - above.x0) < 0.25 * piece.size)


def is_number_line(line: Line) -> bool:
    """Whether the line numbers the columns: 栏次 1 2 3 …, 甲 乙 1 2 …"""
    counts: list[int] = []
    named = False
    for piece in line.pieces:
        if piece.text in _LINE_NAME:
            named = True
        elif not _COUNTER.fullmatch(piece.text):
            return False
        else:
            digits = re.match(r"[（(]?(\d+)", piece.text)
            if digits:
                counts.append(int(digits.group(1)))
    return bool(counts) and counts == list(range(counts[0], counts[0] + len(counts))) and (named or (counts[0] == 1 and len(counts) > 1))


def _holds_data(line: Line, following: Sequence[Line]) -> bool:
    kinds = {piece.kind for piece in line.pieces}
    if "amount" in kinds or any(piece.kind == "code" and not _YEAR.fullmatch(piece.text) for piece in line.pieces):
        return True
    if "number" in kinds and ("text" in kinds or len(line.pieces) > 1):
        return True
    if any(_ORDINAL.match(piece.text) for piece in line.pieces):
        return True
    alone = line.pieces[0].kind == "text" and _TOTAL.fullmatch(line.pieces[0].text) is not None and len(line.pieces) == 1
    return alone and not any(_looks_like_header(other) for other in following)


def _looks_like_header(line: Line) -> bool:
    texts = [piece for piece in line.pieces if piece.kind == "text"]
    return len(texts) > 1 and not any(_ORDINAL.match(piece.text) for piece in texts) and not any(p.kind == "amount" for p in line.pieces)


def is_total(piece: Piece) -> bool:
    """Whether the piece names a total, which may stand in the middle over several columns."""
    return piece.kind == "text" and piece.text.endswith(("合计", "总计", "共计", "小计")) and len(piece.text) < 16

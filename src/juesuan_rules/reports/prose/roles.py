"""What each line is: prose, cover, contents, or around a table, a chart or a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from juesuan_rules.documents.model import Document
from juesuan_rules.reports.model import Identity, Section
from juesuan_rules.reports.prose.headings import ITEM, SECTION
from juesuan_rules.reports.prose.lines import CONTENTS, COVER, GRID, OUTSIDE, PROSE, Line, flatten
from juesuan_rules.reports.prose.repairs import tidy

_ABOUT_TABLE = re.compile(
    r"(?:公开|附件?|附?表)[0-9一二三四五六七八九十]{1,3}(?:[-—]\d{1,2})?表?|(?:金额)?单位：.{1,6}|(?:19|20)\d{2}年度?|"
    r"(?:编制|填报|编报|公开|预算|决算|主管)?(?:部门|单位)(?:名称)?(?:（[^（）]{1,6}）)?：.{0,60}|(?:填表|编制|填报)(?:日期|人|时间)：.{0,60}"
)
_TABLE_TITLE = re.compile(r".{3,60}(?:表|明细|情况)(?:（[^（）]{1,14}）|续表?)?")
_REMARK = re.compile(r"备?注(?:[：.]|\d)|说明：|如?本表|本套报表|如此表")
_CONTENTS = re.compile("目[录錄次]")
_LEADERS = re.compile(r"[.…·．]{3} ?\d{0,3}$")
_PAGE_NUMBER = re.compile(r"[-—–·]{0,2}\d{1,3}[-—–·]{0,2}|第\d{1,3}页(?:[，/]?共\d{1,3}页)?|\d{1,3}/\d{1,3}|[IVXivx]{1,5}")
_FIGURE_CAPTION = re.compile(
    r"（?(?:附?图|图表)(?:表)?[\d一二三四五六七八九十]{1,2}[-.]?\d{0,2}[：.、]?.{0,40}|[（(](?:柱状|饼状|折线|结构|条形)图[)）]|(?:单位|数据)：.{0,12}"
)
_NUMBERS_ONLY = re.compile(r"[\d.,%，、；年度\s-]{1,60}")
_VERB = re.compile(r"[无未为是占较比有减增由按完于因]")
_NOTES = ("注：", "备注：", "注1", "注.")
_CLOSED = "。；：！？，、"
_SHORT = 40
_LABEL = 25
_REACH = 5
"""How many lines above a table may be its title, number, owner and unit."""
_COVER_LINES = 40


def read_lines(document: Document, sections: Sequence[Section], identity: Identity) -> list[Line]:
    """Every non-empty line of running text in reading order with its role; tables as lines of role `GRID`."""
    lines = flatten(document)
    _mark_contents(lines, sections)
    _mark_cover(lines)
    _mark_around_tables(lines)
    _mark_loose(lines, identity)
    return lines


def _mark_contents(lines: list[Line], sections: Sequence[Section]) -> None:
    """The lines from 目录 to the last entry the outline knows, and any line with dots up to a page number."""
    entries = {section.place for section in sections if section.toc}
    first = next((n for n, line in enumerate(lines) if _CONTENTS.fullmatch(line.text)), None)
    if first is not None:
        last = max((n for n, line in enumerate(lines) if n > first and line.place in entries and line.role != GRID), default=first)
        for line in lines[first : last + 1]:
            if line.role == PROSE and len(line.text) <= 2 * _SHORT and not line.text.endswith("。"):
                line.role = CONTENTS
    for line in lines:
        if line.role == PROSE and (_LEADERS.search(line.text) and line.text[-1] not in "。；）"):
            line.role = CONTENTS


def _mark_cover(lines: list[Line]) -> None:
    """What stands before the contents, or before the first heading or sentence."""
    contents = next((n for n, line in enumerate(lines[:_COVER_LINES]) if line.role == CONTENTS), None)
    for n, line in enumerate(lines[:_COVER_LINES]):
        if line.role != PROSE or len(line.text) > 2 * _SHORT or line.text.endswith("。"):
            return
        if contents is None and (line.heading or line.level):
            return
        if contents is None or n < contents:
            line.role = COVER


def _mark_around_tables(lines: list[Line]) -> None:
    below = False
    for n, line in enumerate(lines):
        if line.role == GRID:
            below = True
            _mark_above(lines, n)
            continue
        if line.role != PROSE:
            below = False
            continue
        if line.text.startswith(_NOTES) or (below and (_REMARK.match(line.text) or _goes_with_remark(lines, n))):
            line.role, below = OUTSIDE, True
        elif _ABOUT_TABLE.fullmatch(line.text) or (below and _is_scrap(line)):
            line.role = OUTSIDE
        else:
            below = False


def _mark_above(lines: list[Line], grid: int) -> None:
    """Title, number, owner, year and unit right above a table."""
    for n in range(grid - 1, max(grid - 1 - _REACH, -1), -1):
        line = lines[n]
        if line.role == OUTSIDE:
            continue
        if line.role != PROSE or (0 < line.level <= SECTION and line.heading):
            return
        if _ABOUT_TABLE.fullmatch(line.text) or _TABLE_TITLE.fullmatch(line.text) or _is_scrap(line):
            line.role = OUTSIDE
        else:
            return


def _goes_with_remark(lines: list[Line], n: int) -> bool:
    """2. 本套报表… after 注：1. …"""
    above = lines[n - 1]
    return lines[n].level == ITEM and above.role == OUTSIDE and above.text[:1] in "注备说123456789" and lines[n].text.endswith("。")


def _is_scrap(line: Line) -> bool:
    """A short line without a sentence, as torn table cells are."""
    return len(line.text) < _SHORT and line.text[-1] not in _CLOSED and not (line.level and line.heading) and "万元" not in line.text


def _mark_loose(lines: list[Line], identity: Identity) -> None:
    """Page numbers, running headers, captions of figures and the labels of charts."""
    often = Counter(line.text for line in lines if line.role == PROSE and len(line.text) <= _SHORT)
    unit = tidy(identity.unit_name or "")
    for n, line in enumerate(lines):
        if line.role != PROSE:
            continue
        text = line.text
        repeated = text[-1] not in _CLOSED and often[text] >= 3 and not line.level and "万元" not in text
        if repeated or _is_loose(text) or (unit and text == unit) or (_is_label(line) and not _torn_before(lines, n)):
            line.role = OUTSIDE


def _is_loose(text: str) -> bool:
    if len(text) > 2 * _SHORT:
        return False
    return bool(_PAGE_NUMBER.fullmatch(text) or _NUMBERS_ONLY.fullmatch(text) or (_FIGURE_CAPTION.fullmatch(text) and text[-1] not in _CLOSED))


def _is_label(line: Line) -> bool:
    """基本支出41.1%, as legends of charts are printed."""
    text = line.text
    if len(text) > _LABEL or line.level or "，" in text or text[-1] in _CLOSED or _VERB.search(text):
        return False
    return bool(re.search(r"\d", text)) and not re.search(r"[万亿]?元|《|）$", text)


def _torn_before(lines: list[Line], n: int) -> bool:
    """Whether the nearest line of prose above ends in the middle of a sentence."""
    for line in reversed(lines[max(0, n - 3) : n]):
        if line.role == PROSE:
            return len(line.text) >= 20 and line.text[-1] not in "。；：！？”）" and not line.heading
    return False

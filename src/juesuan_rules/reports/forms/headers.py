"""Header rows of a form: which sub-table begins, and which column stands at which position."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan_rules.reports.forms.alignment import LABEL, OTHER
from juesuan_rules.reports.forms.cells import FIGURES, NUMBER, PERCENT, Piece
from juesuan_rules.reports.forms.lexicon import FUND, INDICATOR, MONITOR, TASK, Lexicon, bare
from juesuan_rules.reports.forms.words import GOALS, LEVELS

GOAL = "目标"
"""The kind of sub-table that is prose: what the year was to bring and did bring."""
_FUNDS = frozenset(("年初预算数", "预算数", "执行数", "执行率"))
_RESULTS = frozenset(("指标值", "完成值", "分值", "得分", "预计完成值"))
_STUBS = frozenset(("年度目标", "年度总体目标", "总体目标", "年度绩效目标", "整体绩效目标", "绩效目标"))


class Zone(msgspec.Struct):
    """A sub-table. columns: name of the column at every position. title: what its header says of it
    (项目资金（万元）). percent: columns whose header says that figures are percentages. refined: a
    second header row was taken in. broken: a row had more figures than there are columns, so the
    header lacks some and no row can be placed."""

    kind: str
    columns: list[str]
    title: str = ""
    percent: frozenset[str] = frozenset()
    refined: bool = False
    broken: bool = False


def read_header(pieces: Sequence[Piece], lexicon: Lexicon) -> Zone | None:
    """The sub-table that a row is the header of, or None where it is no header."""
    if len(pieces) < 2 or any(piece.kind in (NUMBER, PERCENT) for piece in pieces):
        return None
    named = [lexicon.column(INDICATOR, piece.text) for piece in pieces]
    known = frozenset(named)
    if known.intersection(LEVELS) and known & _RESULTS and len(known - {None}) >= 3:
        return _zone(INDICATOR, pieces, named)
    goals = sum(bare(piece.text) in GOALS for piece in pieces)
    if goals >= 2 or (goals and bare(pieces[0].text) in _STUBS):
        return Zone(GOAL, [])
    for kind in (MONITOR, TASK, FUND):
        named = [lexicon.column(kind, piece.text) for piece in pieces]
        if _is_head_of(kind, pieces, named):
            return _zone(kind, pieces, named)
    return None


def _is_head_of(kind: str, pieces: Sequence[Piece], named: list[str | None]) -> bool:
    known = [name for name in named if name]
    if len(known) < 2 or 2 * len(known) < len(pieces) or len(set(known)) < len(known):
        return False
    if kind == MONITOR:
        text = "".join(piece.text for piece in pieces)
        return "执行数" in known and ("预计执行数" in known or "指标下达" in text or "月执行" in text)
    if kind == TASK:
        return ("项目" in known or "任务" in known) and bool({"下达金额", "执行金额"} & set(known))
    return len(_FUNDS & set(known)) >= 2


def _zone(kind: str, pieces: Sequence[Piece], named: Sequence[str | None]) -> Zone:
    first = next(index for index, name in enumerate(named) if name)
    columns: list[str] = []
    for index, (piece, name) in enumerate(zip(pieces, named, strict=True)):
        column = name or (LABEL if index < first else OTHER)
        columns += [columns[-1] if columns else LABEL] * (piece.at - len(columns))
        columns.append(column)
    last = pieces[-1]
    columns += [columns[-1]] * (last.parts - 1)
    percent = frozenset(name for piece, name in zip(pieces, named, strict=True) if name and "%" in piece.text)
    title = "".join(piece.text for piece in pieces[:first])
    return Zone(kind, columns, title, percent)


def refine(zone: Zone, pieces: Sequence[Piece], lexicon: Lexicon) -> bool:
    """Takes a second header row (运算符号 | 内容 | 度量单位) into the columns; False where it is none."""
    if zone.refined or zone.kind != INDICATOR or any(piece.kind in FIGURES for piece in pieces):
        return False
    named = [lexicon.column(INDICATOR, piece.text) for piece in pieces]
    known = sum(name is not None and name not in LEVELS for name in named)
    if known < 2 or 2 * known < len(pieces):
        return False
    width = max(pieces[-1].at + 1, len(zone.columns))
    columns = zone.columns + [OTHER] * (width - len(zone.columns))
    for index, (piece, name) in enumerate(zip(pieces, named, strict=True)):
        end = pieces[index + 1].at if index + 1 < len(pieces) else piece.at + 1
        under = columns[piece.at]
        while end < width and index + 1 == len(pieces) and columns[end] == under and under not in (LABEL, OTHER):
            end += 1
        for at in range(piece.at, end):
            if at == piece.at or columns[at] == under:
                columns[at] = name or OTHER
    zone.columns, zone.refined = columns, True
    return True

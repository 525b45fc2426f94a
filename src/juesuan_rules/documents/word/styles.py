"""What the style sheet and the numbering part of a .docx say about paragraphs: hidden text, automatic numbers."""

from __future__ import annotations

import msgspec

from juesuan_rules.documents.word.markup import Element, W, is_on, number
from juesuan_rules.documents.word.numbering import Level

_CHAIN = 20
"""Styles may be based on styles; a longer chain is a circle."""


class Style(msgspec.Struct, frozen=True):
    """One style: list and level of its paragraphs, whether its text is hidden; None where it does not say."""

    based_on: str | None = None
    list_id: int | None = None
    level: int | None = None
    hidden: bool | None = None


class Numbering(msgspec.Struct, frozen=True):
    """The lists of a document. lists: id -> (id of its pattern, its own starts by level).
    patterns: id -> levels. styled: (pattern, style) -> level."""

    lists: dict[int, tuple[int, dict[int, int]]] = {}
    patterns: dict[int, tuple[Level, ...]] = {}
    styled: dict[tuple[int, str], int] = {}


def read_styles(root: Element | None) -> dict[str, Style]:
    """The paragraph and character styles that hide or number text, by id, with what they are based on."""
    styles: dict[str, Style] = {}
    for element in () if root is None else root.iterchildren(W + "style"):
        numbered = element.find(f"{W}pPr/{W}numPr")
        vanish = element.find(f"{W}rPr/{W}vanish")
        based = element.find(W + "basedOn")
        styles[element.get(W + "styleId", "")] = Style(
            based.get(W + "val") if based is not None else None,
            number(numbered.find(W + "numId")) if numbered is not None else None,
            number(numbered.find(W + "ilvl")) if numbered is not None else None,
            is_on(vanish) if vanish is not None else None,
        )
    return {name: resolved for name in styles if (resolved := _resolved(styles, name)) != Style()}


def _resolved(styles: dict[str, Style], name: str) -> Style:
    """The style with what it inherits."""
    list_id = level = hidden = None
    current: str | None = name
    for _ in range(_CHAIN):
        style = styles.get(current) if current else None
        if style is None:
            break
        list_id = style.list_id if list_id is None else list_id
        level = style.level if level is None else level
        hidden = style.hidden if hidden is None else hidden
        current = style.based_on
    return Style(None, list_id, level, hidden or None)


def read_numbering(root: Element | None) -> Numbering:
    """The lists that numbering.xml defines."""
    found = Numbering({}, {}, {})
    if root is None:
        return found
    for element in root.iterchildren(W + "abstractNum"):
        key = number(element, W + "abstractNumId")
        if key is None:
            continue
        levels: list[Level] = []
        for item in element.iterchildren(W + "lvl"):
            style = item.find(W + "pStyle")
            if style is not None:
                found.styled[key, style.get(W + "val", "")] = len(levels)
            levels.append(_level(item))
        found.patterns[key] = tuple(levels[:9])
    for element in root.iterchildren(W + "num"):
        key, pattern = number(element, W + "numId"), number(element.find(W + "abstractNumId"))
        if key is None or pattern is None:
            continue
        starts = {
            level: start
            for item in element.iterchildren(W + "lvlOverride")
            if (level := number(item, W + "ilvl")) is not None and (start := number(item.find(W + "startOverride"))) is not None
        }
        found.lists[key] = (pattern, starts)
    return found


def _level(item: Element) -> Level:
    form, text, gap = item.find(W + "numFmt"), item.find(W + "lvlText"), item.find(W + "suff")
    start = number(item.find(W + "start"))
    return Level(
        form.get(W + "val", "decimal") if form is not None else "decimal",
        text.get(W + "val", "") if text is not None else "",
        1 if start is None else start,
        gap.get(W + "val", "tab") if gap is not None else "tab",
        is_on(item.find(W + "isLgl")),
    )

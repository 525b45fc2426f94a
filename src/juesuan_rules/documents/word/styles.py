"""What the style sheet and the numbering part of a .docx say about paragraphs: hidden text, automatic numbers."""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.documents.word.markup import Element, W, is_on, number
from juesuan_rules.documents.word.numbering import Level

_CHAIN = 20
"""Styles may be based on styles; a longer chain is a circle."""


class Style(msgspec.Struct, frozen=True):
    """One style: list and level of its paragraphs, whether its text is hidden; None where it does not say."""

    list_id: int | None = None
    level: int | None = None
    hidden: bool | None = None


class Numbering(msgspec.Struct, frozen=True):
    """The lists of a document. lists: id -> (id of its pattern, its own starts by level).
    patterns: id -> levels. styled: (pattern, style) -> level."""

    lists: dict[int, tuple[int, dict[int, int]]] = {}
    patterns: dict[int, tuple[Level, ...]] = {}
    styled: dict[tuple[int, str], int] = {}


_STYLE_END = b"style>"
_MATTERS = re.compile(rb"[:<](?:numPr|vanish)\b")
_ID = re.compile(rb"""styleId=["']([^"']*)""")
_BASE = re.compile(rb"""basedOn [^>]*?val=["']([^"']*)""")


def styles_matter(data: bytes, used: set[str]) -> bool:
    """Whether any of the `used` styles of a style sheet may hide or number text.

    Told from the bytes: a style sheet is often larger than the report, and hardly ever matters.
    """
    mattering: set[bytes] = set()
    bases: dict[bytes, bytes] = {}
    for part in data.split(_STYLE_END):
        if (found := _ID.search(part)) is None:
            continue
        if _MATTERS.search(part):
            mattering.add(found[1])
        if base := _BASE.search(part):
            bases[found[1]] = base[1]
    if not bases and not mattering:
        return True
    for style in used:
        name: bytes | None = style.encode()
        for _ in range(_CHAIN):
            if name in mattering:
                return True
            name = bases.get(name or b"")
    return False


def read_styles(root: Element | None, used: set[str]) -> dict[str, Style]:
    """Those of the `used` styles that hide or number text, by id, what they are based on included."""
    if root is None or not used or next(root.iter(W + "numPr", W + "vanish"), None) is None:
        return {}
    elements = {element.get(W + "styleId"): element for element in root.iterchildren(W + "style")}
    return {name: style for name in used if (style := _resolved(elements, name)) != Style()}


def _resolved(elements: dict[str, Element], name: str) -> Style:
    """The style with what it inherits."""
    list_id = level = hidden = None
    current: str | None = name
    for _ in range(_CHAIN):
        element = elements.get(current) if current else None
        if element is None:
            break
        current = None
        for item in element:
            if item.tag == W + "basedOn":
                current = item.get(W + "val")
            elif item.tag == W + "pPr" and (numbered := item.find(W + "numPr")) is not None:
                list_id = number(numbered.find(W + "numId")) if list_id is None else list_id
                level = number(numbered.find(W + "ilvl")) if level is None else level
            elif item.tag == W + "rPr" and hidden is None and (vanish := item.find(W + "vanish")) is not None:
                hidden = is_on(vanish)
    return Style(list_id, level, hidden or None)


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

"""Where something is being typed: in an expression, on a key, or on a value; the file need not be sound."""

from __future__ import annotations

import re

import msgspec

from juesuan_rules.editor.flow import read_flow
from juesuan_rules.editor.kinds import Kind
from juesuan_rules.editor.outline import Path, read_outline
from juesuan_rules.editor.places import FileMap, Region

_MARK = "\ue000"
"""Stands where the cursor is while the file is read, so that also an empty place is part of something."""
_WORD_END = re.compile(r"[^\s:,\[\]{}#'\"]*")


class Spot(msgspec.Struct, frozen=True):
    """A place being typed at. path: of the value, or of the mapping whose key it is. on: "key", "value" or
    "item" (a list's item, which may become a mapping with this key). start, end: what a completion
    replaces. prefix: what is typed of it. siblings: keys the mapping has already."""

    path: Path
    on: str
    start: int
    end: int
    prefix: str
    siblings: frozenset[str] = frozenset()
    in_flow: bool = False
    quote: str = ""


class Typed(msgspec.Struct, frozen=True):
    """What is being typed: an expression (with the cursor's offset in it), or a place in the YAML."""

    map: FileMap
    region: Region | None = None
    cursor: int = 0
    spot: Spot | None = None


def typed_at(content: str, offset: int, kind: Kind) -> Typed:
    """What is being typed at an offset of a file."""
    marked = content[:offset] + _MARK + content[offset:]
    map_ = FileMap(read_outline(marked), kind)
    for region in map_.regions:
        at = region.text.find(_MARK)
        if at >= 0:
            return Typed(map_, Region(region.start, region.text.replace(_MARK, "", 1), region.path), at)
    return Typed(map_, spot=_spot(map_, marked, offset))


def _spot(map_: FileMap, marked: str, offset: int) -> Spot | None:
    outline = map_.outline
    number = outline.at(offset)
    if number < 0:
        return None
    entry, path = outline.entries[number], outline.paths[number]
    end = offset + len(_WORD_END.match(marked, offset + 1).group())  # type: ignore[union-attr]
    if entry.start <= offset < entry.end and not (entry.is_item and offset > entry.start):
        prefix = marked[entry.start : offset].strip("'\"")
        return Spot(path[:-1], "key", entry.start, _without_mark(entry.end, offset), prefix, _siblings(map_, path[:-1]))
    if not entry.value_start <= offset < entry.value_end:
        return None
    if entry.style in ("[", "{"):
        return _in_flow(map_, marked, entry.value_start, offset, path, end)
    if entry.style in ("|", ">"):
        return None
    on = "item" if entry.is_item else "value"
    return _value(marked, entry.value_start, entry.value_end, offset, path, on, entry.style)


def _value(marked: str, start: int, stop: int, offset: int, path: Path, on: str, quote: str) -> Spot:
    inner = start + 1 if quote in ("'", '"') and quote else start
    closed = bool(quote) and stop - start > 1 and marked[stop - 1] == quote
    end = _without_mark(stop - 1 if closed else stop, offset)
    return Spot(path, on, inner, max(end, offset), marked[inner:offset], quote=quote)


def _in_flow(map_: FileMap, marked: str, start: int, offset: int, path: Path, end: int) -> Spot | None:
    for part in reversed(read_flow(marked, start, len(marked) if end < offset else min(len(marked), offset + 2000), path)):
        if part.key is not None and part.start <= offset < part.key_end:
            return Spot(part.path[:-1], "key", part.start, end, marked[part.start : offset].lstrip("'\""), _flow_keys(marked, start, part.path[:-1], path), True)
        if part.value_start <= offset < part.value_end and marked[part.value_start] not in "[{":
            item = part.key is None
            found = _value(marked, part.value_start, part.value_end, offset, part.path, "item" if item else "value", part.quote)
            return Spot(found.path, found.on, found.start, found.end, found.prefix, in_flow=True, quote=found.quote)
        if part.key is None and part.start <= offset < part.key_end and isinstance(part.path[-1], str):
            above = part.path[:-1]
            return Spot(above, "key", part.start, end, marked[part.start : offset].lstrip("'\""), _flow_keys(marked, start, above, path), True)
    return None


def _flow_keys(marked: str, start: int, mapping: Path, path: Path) -> frozenset[str]:
    parts = read_flow(marked, start, len(marked), path)
    return frozenset(p.path[-1] for p in parts if p.path[:-1] == mapping and isinstance(p.path[-1], str) and _MARK not in p.path[-1])


def _siblings(map_: FileMap, mapping: Path) -> frozenset[str]:
    found = (p[-1] for p in map_.outline.paths if p[:-1] == mapping)
    return frozenset(step for step in found if isinstance(step, str) and _MARK not in step)


def _without_mark(end: int, offset: int) -> int:
    """An offset behind the mark, in the text without it."""
    return end - 1 if end > offset else end

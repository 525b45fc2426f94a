"""Collections between brackets, `{文号: 预算法}` and `[甲, 乙]`, also while they are being typed."""

from __future__ import annotations

import msgspec

from juesuan_rules.editor.outline import Path

_OPEN, _CLOSE = "[{", "]}"
_MAX_PARTS = 20_000


class FlowPart(msgspec.Struct):
    """A pair (with `key`) or an item. Offsets are those of the file; the value's are the same where
    there is none. quote: the quotation mark around the value, "" without."""

    path: Path
    start: int
    key_end: int
    value_start: int
    value_end: int
    key: str | None = None
    quote: str = ""
    open: bool = True


class _Level(msgspec.Struct):
    """A bracket that is open. count: items so far; part: the number of its pair or item in progress, or -1."""

    mapping: bool
    path: Path
    count: int = 0
    part: int = -1


def read_flow(content: str, start: int, end: int, path: Path) -> list[FlowPart]:
    """Every pair and item between `start` (an opening bracket) and `end`, in the order written."""
    parts: list[FlowPart] = []
    levels: list[_Level] = []
    at = start
    while at < end and len(parts) < _MAX_PARTS:
        char = content[at]
        if char in _OPEN:
            if levels:
                _begin(parts, levels[-1], at)
                _value(parts, levels[-1], at, at)
                inner = parts[levels[-1].part].path
            else:
                inner = path
            levels.append(_Level(char == "{", inner))
            at += 1
        elif not levels:
            break
        elif char in _CLOSE:
            _finish(parts, levels[-1], content, at)
            levels.pop()
            at += 1
            if levels and levels[-1].part >= 0:
                parts[levels[-1].part].value_end = at
                parts[levels[-1].part].open = False
        elif char == ",":
            _finish(parts, levels[-1], content, at)
            levels[-1].part = -1
            levels[-1].count += 1
            at += 1
        elif char in " \t\n":
            at += 1
        elif char == "#" and content[at - 1] in " \t\n":
            line = content.find("\n", at, end)
            at = end if line < 0 else line
        else:
            at = _token(parts, levels[-1], content, at, end)
    while levels:
        _finish(parts, levels.pop(), content, end)
    return parts


def _token(parts: list[FlowPart], level: _Level, content: str, at: int, end: int) -> int:
    """Reads a text (or the colon behind a key) and returns where it ends."""
    if content[at] == ":" and level.mapping and level.part >= 0 and (at + 1 >= end or content[at + 1] in ' \t\n,]}"[{'):
        part = parts[level.part]
        if part.key is None:
            part.key = content[part.start : part.key_end].strip().strip("'\"")
            part.path = (*level.path, part.key)
            part.value_start = part.value_end = at + 1
            return at + 1
    _begin(parts, level, at)
    quote = content[at] if content[at] in "'\"" else ""
    stop = _quoted(content, at, end) if quote else _plain(content, at, end)
    part = parts[level.part]
    if level.mapping and part.key is None:
        part.key_end = stop
    else:
        _value(parts, level, at, stop, quote)
    return stop


def _begin(parts: list[FlowPart], level: _Level, at: int) -> None:
    if level.part < 0:
        path = level.path if level.mapping else (*level.path, level.count)
        parts.append(FlowPart(path, at, at, at, at))
        level.part = len(parts) - 1


def _value(parts: list[FlowPart], level: _Level, start: int, end: int, quote: str = "") -> None:
    part = parts[level.part]
    if part.value_end <= part.value_start or (part.key is not None and part.value_start == part.value_end):
        part.value_start, part.quote = start, quote
    part.value_end = max(end, part.value_end)


def _finish(parts: list[FlowPart], level: _Level, content: str, at: int) -> None:
    if level.part >= 0:
        part = parts[level.part]
        part.open = False
        if level.mapping and part.key is None:
            part.path = (*level.path, content[part.start : part.key_end].strip().strip("'\""))


def _quoted(content: str, at: int, end: int) -> int:
    quote, at = content[at], at + 1
    while at < end:
        if content[at] == "\\" and quote == '"':
            at += 2
        elif content[at] == quote:
            if quote == "'" and content[at + 1 : at + 2] == "'":
                at += 2
                continue
            return at + 1
        else:
            at += 1
    return end


def _plain(content: str, at: int, end: int) -> int:
    """Where plain text ends: at a bracket, a comma, a comment, or a colon with a space behind it."""
    start = at
    while at < end:
        char = content[at]
        if char in ",[]{}\n" or (char == ":" and (at + 1 >= end or content[at + 1] in " \t\n,]}")) or (char == "#" and content[at - 1] in " \t"):
            break
        at += 1
    return max(start + 1, at - (len(content[start:at]) - len(content[start:at].rstrip())))

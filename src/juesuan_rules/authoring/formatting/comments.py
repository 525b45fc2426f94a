"""The comments of a YAML text, in order, each with its place; a YAML reader throws them away."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Comment(msgspec.Struct, frozen=True):
    """One comment. text: from its # on. line, column, index: where the # stands, from 0. own_line:
    nothing else stands on its line."""

    text: str
    line: int
    column: int
    index: int
    own_line: bool


def find_comments(text: str) -> list[Comment]:
    """Every comment of a text that is sound YAML. Comments stand only between tokens, and behind the
    header of a block scalar."""
    found: list[Comment] = []
    at = 0
    for token in yaml.scan(text, Loader=_Loader):
        start, end = token.start_mark.index, token.end_mark.index
        _between(text, at, start, found)
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = text.find("\n", start)
            _between(text, start, header if header >= 0 else len(text), found, skip=text[start:header].partition(" ")[0])
        at = max(at, end)
    _between(text, at, len(text), found)
    return found


def _between(text: str, start: int, end: int, found: list[Comment], skip: str = "") -> None:
    """The comments in a stretch that holds nothing but white space and comments."""
    at = start + len(skip)
    while (at := text.find("#", at, end)) >= 0:
        stop = text.find("\n", at)
        stop = stop if stop >= 0 else len(text)
        begin = text.rfind("\n", 0, at) + 1
        found.append(Comment(text[at:stop].rstrip(), text.count("\n", 0, at), at - begin, at, not text[begin:at].strip()))
        at = stop

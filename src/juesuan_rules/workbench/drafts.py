"""The text of one rule, or of one change to a rule of the packs above, and the pack file it is an item of.

A person writes the item alone, without the list it belongs to. Everything that reads pack files (check, completion, fmt)
gets the whole file; places are carried over between the two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Literal

import msgspec
import yaml

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.yamlfile import YamlFile, loads

DraftKind = Literal["rules", "overrides"]
MOST_TEXT = 64 * 1024
"""Bytes of a text a browser may send."""
HEADS: dict[str, str] = {"rules": "language: 1\nrules:\n\n", "overrides": "language: 1\noverrides:\n\n"}
_FIRST, _REST = "  - ", "    "
_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NAMED = re.compile(r"^(?:id|rule):[ \t]*(['\"]?)([^\s'\"#,{}\[\]]{1,40})\1[ \t]*(?:#.*)?$", re.MULTILINE)


class Draft(msgspec.Struct, frozen=True, dict=True):
    """One item as it is being written. kind: of the file it belongs into. text: with "\n" as its only line end."""

    kind: DraftKind
    text: str

    @property
    def name(self) -> str:
        """The id it gives itself, or that of the rule it changes; "" where it has none (yet)."""
        found = _NAMED.search(self.text)
        return found.group(2) if found is not None else ""


class Wrapped(msgspec.Struct, frozen=True, dict=True):
    """A draft as the last item of a file. head: what stands before it, ending with a line end."""

    head: str
    draft: Draft

    @cached_property
    def content(self) -> str:
        """The whole file."""
        lines = self.draft.text.rstrip("\n").split("\n")
        return self.head + "\n".join(_indented(line, first=n == 0) for n, line in enumerate(lines)) + "\n"

    def to_file(self, offset: int) -> int:
        """The offset in the file of an offset in the draft."""
        line = bisect_right(self._starts, offset) - 1
        indent = len(_FIRST) if line == 0 or self._line(line).strip() else 0
        return min(self._file_starts[line] + indent + offset - self._starts[line], len(self.content))

    def to_draft(self, offset: int) -> int | None:
        """The offset in the draft of one in the file; None before the draft."""
        if offset < len(self.head):
            return None
        line = bisect_right(self._file_starts, offset) - 1
        column = max(offset - self._file_starts[line] - len(_FIRST), 0)
        return min(self._starts[line] + min(column, len(self._line(line))), len(self.draft.text))

    @cached_property
    def _starts(self) -> list[int]:
        return _line_starts(self.draft.text.rstrip("\n"))

    @cached_property
    def _file_starts(self) -> list[int]:
        return [len(self.head) + start for start in _line_starts(self.content[len(self.head) :].removesuffix("\n"))]

    def _line(self, number: int) -> str:
        end = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self.draft.text)
        return self.draft.text[self._starts[number] : end]


def make_draft(kind: str, text: str) -> Draft:
    """A draft from what a browser sent. Raises UsageError for what is too long or no text."""
    if kind not in HEADS:
        raise UsageError("不知道要写的是规则还是改动")
    if len(text.encode("utf-8", "replace")) > MOST_TEXT:
        raise UsageError(f"太长：一条规则最多 {MOST_TEXT // 1024} KB")
    return Draft(kind, _ENDS.sub("\n", text))  # type: ignore[arg-type]


def wrap(draft: Draft, head: str = "") -> Wrapped:
    """The draft in a file of its own, or behind what else is in its file."""
    return Wrapped(head or HEADS[draft.kind], draft)


class Item(msgspec.Struct, frozen=True):
    """An item of a pack file: its id, its first line and the line behind its last (from 0), and the column of its dash."""

    name: str
    start: int
    end: int
    column: int


def items_of(text: str, kind: DraftKind) -> tuple[Item, ...]:
    """The items of a file. Raises UsageError where they are not written one below the other, so that none can be cut out."""
    file = loads(text, "")
    if file.broken or not isinstance(file.root, yaml.MappingNode):
        raise UsageError("规则文件有错，不能在这里改")
    nodes = next((value for key, value in file.root.value if key.value == kind), None)
    if nodes is None or (isinstance(nodes, yaml.SequenceNode) and not nodes.value):
        return ()
    if not isinstance(nodes, yaml.SequenceNode) or nodes.flow_style or file.root.value[-1][1] is not nodes:
        raise UsageError("规则文件不是一行一项的列表，不能在这里改")
    lines = text.split("\n")
    starts = [node.start_mark.line for node in nodes.value]
    found = []
    for start, following, data in zip(starts, [*starts[1:], len(lines)], _data(file, kind), strict=True):
        end = following
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        name = data.get("id" if kind == "rules" else "rule", "") if isinstance(data, dict) else ""
        found.append(Item(str(name), start, end, nodes.start_mark.column))
    return tuple(found)


def item_text(text: str, item: Item) -> str:
    """An item as a draft shows it."""
    lines = text.split("\n")[item.start : item.end]
    depth = item.column + 2
    first = lines[0][depth:] if lines[0][item.column : depth] == "- " else lines[0][item.column + 1 :].lstrip()
    return "\n".join([first, *[line[depth:] if not line[:depth].strip() else line.lstrip() for line in lines[1:]]]) + "\n"


def without(text: str, item: Item) -> str:
    """The file without an item; the blank lines before it go, too."""
    lines = text.split("\n")
    start = item.start
    while start > 0 and not lines[start - 1].strip() and lines[start - 1] != lines[0]:
        start -= 1
    kept = [*lines[:start], *lines[item.end :]]
    return "\n".join(kept).rstrip("\n") + "\n"


def _data(file: YamlFile, kind: str) -> list[object]:
    data = file.data.get(kind) if isinstance(file.data, dict) else None
    return data if isinstance(data, list) else []


def _indented(line: str, first: bool) -> str:
    return _FIRST + line if first else _REST + line if line.strip() else ""


def _line_starts(text: str) -> list[int]:
    return [0, *[match.end() for match in re.finditer("\n", text)]]

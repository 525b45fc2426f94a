"""What a pack file says line by line, also while it is being typed and is no sound YAML.

Reading follows indentation only. It never fails; where the text is sound YAML in the style packs
are written in, it sees the same keys and values as YAML does (a test holds it to that).
"""

from __future__ import annotations

import re
from functools import cached_property

import msgspec

Step = str | int
Path = tuple[Step, ...]

_KEY = re.compile(r"""(?:"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\n]|'')*)'|(?P<plain>[^\s#'"\[\]{},&*!|>%@`-][^\n#]*?|-[^\s\n#][^\n#]*?))[ ]*:(?=[ \n]|$)""")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")
_MAX_LINES = 60_000


class Entry(msgspec.Struct):
    """A key with its value, or an item of a list.

    key: "" for an item, whose number is `index`. start, end: of the key (for an item its "-").
    value_start, value_end: of the value's text, without comments behind it; the same where there is none.
    style: of a scalar " ' | > or "" plain, [ or { a flow collection. column: of the key or "-".
    """

    column: int
    key: str
    index: int
    start: int
    end: int
    value_start: int
    value_end: int
    parent: int
    style: str = ""
    bare: bool = False
    children: int = 0

    @property
    def is_item(self) -> bool:
        """Whether this is an item of a list."""
        return self.index >= 0


class Outline(msgspec.Struct, frozen=True, dict=True):
    """A file's entries in the order written."""

    content: str
    entries: list[Entry]

    @cached_property
    def paths(self) -> list[Path]:
        """The path of every entry: keys, and numbers of items."""
        found: list[Path] = []
        for entry in self.entries:
            above = found[entry.parent] if entry.parent >= 0 else ()
            found.append((*above, entry.index if entry.is_item else entry.key))
        return found

    def value(self, number: int) -> str:
        """The value's text as typed."""
        entry = self.entries[number]
        return self.content[entry.value_start : entry.value_end]

    def scalar(self, number: int) -> str:
        """The value as text, without the quotation marks of YAML."""
        entry = self.entries[number]
        text = self.value(number)
        if entry.style in ("'", '"') and len(text) > 1 and text.endswith(entry.style):
            return text[1:-1]
        return text

    def at(self, offset: int) -> int:
        """The last entry that begins at or before an offset; -1 where there is none."""
        low, high = 0, len(self.entries)
        while low < high:
            middle = (low + high) // 2
            if self.entries[middle].start <= offset:
                low = middle + 1
            else:
                high = middle
        return low - 1


def read_outline(content: str) -> Outline:
    """The outline of a file."""
    reader = _Reader(content)
    reader.read()
    return Outline(content, reader.entries)


class _Reader:
    """Reads line after line; `stack` holds the numbers of the entries the current line may belong to."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.entries: list[Entry] = []
        self.stack: list[int] = []
        self.open = -1
        """The entry whose value may go on in the next line."""
        self.flow = 0
        """How many brackets of a flow collection are open."""

    def read(self) -> None:
        at, lines = 1 if self.content.startswith("\ufeff") else 0, 0
        while at < len(self.content) and lines < _MAX_LINES:
            end = self.content.find("\n", at)
            end = len(self.content) if end < 0 else end
            self._line(at, end)
            at, lines = end + 1, lines + 1

    def _line(self, start: int, end: int) -> None:
        line = self.content[start:end]
        stripped = line.lstrip(" ")
        column = len(line) - len(stripped)
        if not stripped.strip():
            return
        if self.open >= 0 and self._continues(start + column, end, column, stripped):
            return
        self.open, self.flow = -1, 0
        if stripped[0] == "#" or stripped.startswith(("---", "...")):
            return
        self._entries(start, start + column, end)

    def _continues(self, start: int, end: int, column: int, text: str) -> bool:
        """Whether a line belongs to the value above; then the value reaches to its end."""
        entry = self.entries[self.open]
        # An item's text may stand anywhere right of its "-", a key's value right of its key.
        if column <= entry.column and not (self.flow and text[0] in "]}"):
            return False
        if entry.style in ("|", ">"):
            entry.value_end = end
            return True
        if self.flow:
            self._flow(entry, start, end)
            return True
        if entry.style in ("'", '"'):
            closed = _closing(self.content, start, end, entry.style)
            entry.value_end = end if closed < 0 else closed
            self.open = self.open if closed < 0 else -1
            return True
        if entry.value_start == entry.value_end:
            if _KEY.match(text) or (text[0] == "-" and text[1:2] in ("", " ")):
                return False
            self._value(self.open, start, end)
            return True
        if _KEY.match(text) or text[0] == "#":
            return False
        entry.value_end = _plain_end(self.content, start, end)
        return True

    def _entries(self, line: int, at: int, end: int) -> None:
        """The dashes and the key of one line."""
        while at < end and self.content[at] == "-" and (at + 1 == end or self.content[at + 1] in " \t"):
            parent = self._parent(at - line, item=True)
            index = self.entries[parent].children if parent >= 0 else sum(e.parent < 0 and e.is_item for e in self.entries)
            self._add(Entry(at - line, "", index, at, at + 1, end, end, parent))
            at += 1
            while at < end and self.content[at] in " \t":
                at += 1
            self.entries[-1].value_start = self.entries[-1].value_end = at
        if at >= end or self.content[at] == "#":
            return
        match = _KEY.match(self.content, at, end)
        if match is not None:
            key = match["plain"] if match["plain"] is not None else match["double"] if match["double"] is not None else match["single"]
            after = match.end()
            while after < end and self.content[after] in " \t":
                after += 1
            quoted = match["plain"] is None
            name_end = at + len(match.group().rstrip(" :")) if not quoted else at + len(key) + 2
            self._add(Entry(at - line, key.strip(), -1, at, name_end, after, after, self._parent(at - line)))
            self._value(len(self.entries) - 1, after, end)
        elif self.entries and self.entries[-1].is_item and self.entries[-1].value_start == at:
            self._value(len(self.entries) - 1, at, end)
        else:
            stop = _plain_end(self.content, at, end)
            self._add(Entry(at - line, self.content[at:stop], -1, at, stop, stop, stop, self._parent(at - line), bare=True))

    def _add(self, entry: Entry) -> None:
        if entry.parent >= 0:
            self.entries[entry.parent].children += 1
        self.entries.append(entry)
        self.stack.append(len(self.entries) - 1)
        self.open = len(self.entries) - 1

    def _parent(self, column: int, item: bool = False) -> int:
        """The entry something in this column belongs to; those further right or beside it are left."""
        while self.stack:
            top = self.entries[self.stack[-1]]
            if top.column < column or (item and top.column == column and not top.is_item):
                return self.stack[-1]
            self.stack.pop()
        return -1

    def _value(self, number: int, start: int, end: int) -> None:
        """The text behind a key or dash."""
        entry = self.entries[number]
        self.open = number
        entry.value_start = entry.value_end = start
        if start >= end or self.content[start] == "#":
            return
        first = self.content[start]
        if first in "|>" and _BLOCK.match(self.content[start:end]):
            entry.style, entry.value_start, entry.value_end = first, end, end
        elif first in "[{":
            entry.style = first
            self._flow(entry, start, end)
        elif first in "'\"":
            entry.style = first
            closed = _closing(self.content, start + 1, end, first)
            entry.value_end = end if closed < 0 else closed
            self.open = number if closed < 0 else -1
        else:
            entry.value_end = _plain_end(self.content, start, end)

    def _flow(self, entry: Entry, start: int, end: int) -> None:
        """Goes on in a flow collection to the end of the line or of the collection."""
        at, quote = start, ""
        while at < end:
            char = self.content[at]
            if quote:
                if char == "\\" and quote == '"':
                    at += 1
                elif char == quote:
                    quote = ""
            elif char in "'\"" and self.content[at - 1] in " ,[{:(\n":
                quote = char
            elif char == "#" and self.content[at - 1] in " \t":
                end = at
                break
            elif char in "[{":
                self.flow += 1
            elif char in "]}":
                self.flow -= 1
                if self.flow == 0:
                    entry.value_end = at + 1
                    self.open = -1
                    return
            at += 1
        entry.value_end = start + len(self.content[start:end].rstrip())


def _plain_end(content: str, start: int, end: int) -> int:
    """Where plain text ends: before a comment and the spaces in front of it."""
    text = content[start:end]
    comment = _COMMENT.search(text)
    if comment is not None:
        text = text[: comment.start()]
    return start + len(text.rstrip())


def _closing(content: str, start: int, end: int, quote: str) -> int:
    """The offset behind the quotation mark that ends a text; -1 where this line has none."""
    at = start
    while at < end:
        if content[at] == "\\" and quote == '"':
            at += 2
            continue
        if content[at] == quote:
            if quote == "'" and content[at + 1 : at + 2] == "'" and at + 1 < end:
                at += 2
                continue
            return at + 1
        at += 1
    return -1

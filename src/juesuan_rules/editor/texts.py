"""The text of an open file, and its positions as an editor counts them: lines, and (mostly UTF-16) units in them.

A text is kept with "\\n" as its only line end; that moves no position, because an editor never
counts the characters of a line end.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

import msgspec
from lsprotocol import types

from juesuan_rules.diagnostics import Span
from juesuan_rules.yamlfile import YamlFile, loads

MAX_LENGTH = 2 * 1024 * 1024
"""Characters of a file that is looked into; of a longer one only that it is too long is said."""
_BMP = 0xFFFF
UTF16, UTF8, UTF32 = "utf-16", "utf-8", "utf-32"


class Text(msgspec.Struct, frozen=True, dict=True):
    """A file as the editor shows it. name: its path, as diagnostics call it. encoding: what the editor
    counts characters in."""

    name: str
    content: str
    version: int = 0
    encoding: str = UTF16

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        found, at = [0], self.content.find("\n")
        while at >= 0:
            found.append(at + 1)
            at = self.content.find("\n", at + 1)
        return found

    @cached_property
    def yaml(self) -> YamlFile:
        """The file read as YAML."""
        return loads(self.content, self.name)

    @cached_property
    def _wide(self) -> bool:
        """Whether any character takes more than one unit."""
        if self.encoding == UTF32 or self.content.isascii():
            return False
        return self.encoding == UTF8 or max(self.content) > "\uffff"

    def _units(self, text: str) -> int:
        return len(text.encode()) if self.encoding == UTF8 else len(text) + sum(ord(char) > _BMP for char in text)

    def line(self, number: int) -> str:
        """Line `number` (from 0) without its end; "" where there is none."""
        if not 0 <= number < len(self.starts):
            return ""
        end = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.content)
        return self.content[self.starts[number] : end]

    def position(self, offset: int) -> types.Position:
        """Where an offset stands."""
        offset = min(max(offset, 0), len(self.content))
        line = bisect_right(self.starts, offset) - 1
        before = self.content[self.starts[line] : offset]
        return types.Position(line, self._units(before) if self._wide else len(before))

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one behind the end of its line or of the text means that end."""
        if position.line >= len(self.starts):
            return len(self.content)
        if position.line < 0:
            return 0
        line = self.line(position.line)
        if not self._wide:
            return self.starts[position.line] + min(max(position.character, 0), len(line))
        units = 0
        for index, char in enumerate(line):
            units += self._units(char)
            if units > position.character:
                return self.starts[position.line] + index
        return self.starts[position.line] + len(line)

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(max(start, end)))

    def span_offsets(self, span: Span) -> tuple[int, int]:
        """The offsets of a place that reading the file as YAML gave; an empty place becomes one character."""
        if span.line <= 0:
            return 0, 0
        start = self._yaml_offset(span.line, span.column)
        end = self._yaml_offset(span.end_line, span.end_column) if span.end_line else start
        if end <= start:
            line_end = self.content.find("\n", start)
            end = min(start + 1, line_end if line_end >= 0 else len(self.content))
        return start, max(start, end)

    def _yaml_offset(self, line: int, column: int) -> int:
        """YAML knows more line ends (U+2028 and others) than editors do, and leaves out a byte order mark."""
        starts = self._yaml_starts
        mark = 1 if self.content.startswith("\ufeff") else 0
        base = starts[min(line, len(starts)) - 1]
        return min(base + max(column, 1) - 1 + (mark if line == 1 else 0), len(self.content))

    @cached_property
    def _yaml_starts(self) -> list[int]:
        if not any(mark in self.content for mark in "\x85\u2028\u2029"):
            return self.starts
        return [0, *(index + 1 for index, char in enumerate(self.content) if char in "\n\x85\u2028\u2029")]


def make_text(name: str, content: str, version: int = 0, encoding: str = UTF16) -> Text:
    """A text as the editor sent it."""
    return Text(name, plain_ends(content), version, encoding)


def plain_ends(content: str) -> str:
    """The content with "\\n" as its only line end."""
    return content.replace("\r\n", "\n").replace("\r", "\n") if "\r" in content else content


def edited(text: Text, changes: list[types.TextDocumentContentChangeEvent], version: int) -> Text:
    """The text after an editor's changes, each of which counts from the one before."""
    for change in changes:
        added = plain_ends(change.text)
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = text.offset(change.range.start), text.offset(change.range.end)
            added = text.content[:start] + added + text.content[max(start, end) :]
        text = Text(text.name, added, version, text.encoding)
    return text

"""Composed YAML nodes → canonical text: indentation, spacing, flow or block by what fits.

Comments and single blank lines stay before the entry they stood before, or behind the line they
stood behind. Nothing is reordered.
"""

from __future__ import annotations

from typing import Any

import msgspec
import yaml
from wcwidth import wcswidth

from juesuan_rules.authoring.formatting import scalars
from juesuan_rules.authoring.formatting.comments import Comment, find_comments
from juesuan_rules.authoring.formatting.expressions import broken, canonical

WIDTH = 140
"""Display columns of a line; a Chinese character takes two."""
_EXPRESSIONS = ("check", "when")
_HOLDERS = ("rules", "overrides")
_SPREAD = 40
"""Trailing comments of neighbouring lines are aligned unless that would push one further than this."""


class _Line(msgspec.Struct):
    code: str
    comment: str = ""


class Writer:
    """Writes one file. quoted: places (line, column from 1) of plain scalars that get quotes."""

    def __init__(self, source: str, root: Any, quoted: frozenset[tuple[int, int]]) -> None:
        self.source, self.root, self.quoted = source, root, quoted
        self.rows = source.split("\n")
        self.comments = find_comments(source)
        self.next = 0
        self.lines: list[_Line] = []

    def write(self) -> str:
        """The whole file."""
        if self.root is not None and not (isinstance(self.root, yaml.ScalarNode) and not self.root.value):
            self._value("", self.root, 0, 0, False)
        self._flush(len(self.source), 0)
        return "\n".join(_aligned(self.lines)) + "\n" if self.lines else ""

    # ---------------------------------------------------------------- blocks

    def _value(self, head: str, node: Any, column: int, below: int, expression: bool) -> None:
        """A value behind `head` (its key, or the dash); what goes on further lines starts at `below`."""
        if isinstance(node, yaml.ScalarNode):
            self._scalar(head, node, below, expression)
        elif not node.value or (node.flow_style and not self._has_comments(node) and self._flow(head, node, below, expression)):
            if not node.value:
                self._line(_joined(head, "[]" if isinstance(node, yaml.SequenceNode) else "{}"), node)
        elif isinstance(node, yaml.MappingNode):
            if head.endswith("-"):
                self._mapping(node, column + 2, head + " ")
            else:
                self._head(head, node)
                self._mapping(node, below, "", top=not head)
        elif head.endswith("-"):
            self._sequence(node, column + 2, head + " ", expression)
        else:
            self._head(head, node)
            self._sequence(node, below, "", expression)

    def _head(self, head: str, node: Any) -> None:
        if head:
            self.lines.append(_Line(head))
            pending = self._pending()
            if pending is not None and not pending.own_line and pending.index < _first(node).start_mark.index:
                self.lines[-1].comment = self._take().text

    def _mapping(self, node: Any, column: int, lead: str, top: bool = False) -> None:
        for key, value in node.value:
            if lead == "":
                self._before(key, column)
            head = (lead or " " * column) + scalars.inline(key, self._wants_quotes(key)) + ":"
            lead = ""
            path = (*self._path, key.value) if top or self._path else (key.value,)
            kept, self._path = self._path, path
            expression = key.value in _EXPRESSIONS and path[0] in _HOLDERS
            self._value(head, value, column, column + 2, expression)
            self._path = kept
        self._after(node, column)

    _path: tuple[str, ...] = ()

    def _sequence(self, node: Any, column: int, lead: str, expression: bool) -> None:
        for item in node.value:
            if lead == "":
                self._before(item, column, dashed=True)
            head = (lead or " " * column) + "-"
            lead = ""
            self._value(head, item, column, column + 2, expression)
        self._after(node, column)

    # ---------------------------------------------------------------- scalars and flow collections

    def _scalar(self, head: str, node: Any, below: int, expression: bool) -> None:
        if expression and (text := canonical(node.value)) is not None:
            whole = _joined(head, scalars.expression(text, False))
            lines = broken(text, WIDTH - below) if wcswidth(whole) > WIDTH else (text,)
            if len(lines) == 1:
                self._line(whole, node)
            else:
                self._line(_joined(head, ">-"), node, header=True)
                self.lines += [_Line(" " * below + line) for line in lines]
                self._trail(node)
        elif scalars.is_block(node):
            header, rows = scalars.block(self.source, node, below)
            self._line(_joined(head, header), node, header=True)
            self.lines += [_Line(row) for row in rows]
        else:
            self._line(_joined(head, scalars.inline(node, self._wants_quotes(node))), node)

    def _flow(self, head: str, node: Any, below: int, expression: bool) -> bool:
        """Write a flow collection on one line, or a list of scalars filled over several; False if it must be a block."""
        text = self._flow_text(node, expression)
        whole = _joined(head, text)
        if wcswidth(whole) <= WIDTH:
            self._line(whole, node)
            return True
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(item, yaml.ScalarNode) for item in node.value) or expression:
            return False
        line, indent = _joined(head, "["), " " * below
        for index, item in enumerate(node.value):
            piece = scalars.inline(item, self._wants_quotes(item)) + ("]" if index == len(node.value) - 1 else ",")
            gap = "" if index == 0 else " "
            if index and wcswidth(line + gap + piece) > WIDTH:
                self.lines.append(_Line(line))
                line, gap = indent, ""
            line += gap + piece
        self._line(line, node)
        return True

    def _flow_text(self, node: Any, expression: bool) -> str:
        if isinstance(node, yaml.ScalarNode):
            text = canonical(node.value) if expression else None
            return scalars.expression(text, True) if text is not None else scalars.inline(node, self._wants_quotes(node))
        if isinstance(node, yaml.SequenceNode):
            return "[" + ", ".join(self._flow_text(item, expression) for item in node.value) + "]"
        pieces = []
        for key, value in node.value:
            inside = key.value in _EXPRESSIONS and bool(self._path) and self._path[0] in _HOLDERS
            text = self._flow_text(value, inside)
            pieces.append(f"{scalars.inline(key, self._wants_quotes(key))}:{' ' + text if text else ''}")
        return "{" + ", ".join(pieces) + "}"

    def _wants_quotes(self, node: Any) -> bool:
        return (node.start_mark.line + 1, node.start_mark.column + 1) in self.quoted

    # ---------------------------------------------------------------- comments and blank lines

    def _pending(self) -> Comment | None:
        return self.comments[self.next] if self.next < len(self.comments) else None

    def _take(self) -> Comment:
        self.next += 1
        return self.comments[self.next - 1]

    def _line(self, code: str, node: Any, header: bool = False) -> None:
        self.lines.append(_Line(code))
        if header:
            pending = self._pending()
            if scalars.is_block(node) and pending is not None and pending.line == node.start_mark.line and not pending.own_line:
                self.lines[-1].comment = self._take().text
        else:
            self._trail(node)

    def _trail(self, node: Any) -> None:
        """The comment behind a value that was just written, on its last line."""
        pending = self._pending()
        if pending is not None and not pending.own_line and pending.line == node.end_mark.line and pending.index >= node.end_mark.index:
            self.lines[-1].comment = self._take().text

    def _before(self, node: Any, column: int, dashed: bool = False) -> None:
        """Comments that stood before an entry, and the blank line before it."""
        first = _first(node) if dashed else node
        self._flush(first.start_mark.index, column)
        line = first.start_mark.line
        ahead = self.rows[line][: first.start_mark.column] if line < len(self.rows) else ""
        if not ahead.strip(" -"):
            self._blank(line)

    def _after(self, node: Any, column: int) -> None:
        """Comments at the end of a block that are indented as deep as its entries were."""
        if node.flow_style or not node.value:
            return
        depth = node.start_mark.column
        limit = self._end_of_gap(node)
        while (pending := self._pending()) is not None and pending.index < limit and pending.own_line and pending.column >= depth and depth > 0:
            self._own(self._take(), column)

    def _end_of_gap(self, node: Any) -> int:
        """Where the next content after a block begins."""
        at: int = _last(node).end_mark.index
        while True:
            while at < len(self.source) and self.source[at] in " \n\t":
                at += 1
            if at >= len(self.source) or self.source[at] != "#":
                return at
            stop = self.source.find("\n", at)
            at = stop if stop >= 0 else len(self.source)

    def _flush(self, before: int, column: int) -> None:
        while (pending := self._pending()) is not None and pending.index < before:
            self._own(self._take(), column)

    def _own(self, comment: Comment, column: int) -> None:
        if comment.own_line:
            self._blank(comment.line)
        self.lines.append(_Line(" " * column + comment.text))

    def _blank(self, line: int) -> None:
        """A blank line, where there is one above source line `line`."""
        if 0 < line <= len(self.rows) and not self.rows[line - 1].strip() and self.lines and self.lines[-1].code:
            self.lines.append(_Line(""))

    def _has_comments(self, node: Any) -> bool:
        start, end = node.start_mark.index, node.end_mark.index
        return any(start < comment.index < end for comment in self.comments[self.next :])


def _joined(head: str, text: str) -> str:
    return f"{head} {text}" if head and text else head or text


def _first(node: Any) -> Any:
    """The first scalar of a node (the node itself where it has none)."""
    while not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        node = node.value[0] if isinstance(node, yaml.SequenceNode) else node.value[0][0]
    return node


def _last(node: Any) -> Any:
    """The last part of a node whose end is its own, not that of the space behind it."""
    while not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        node = node.value[-1] if isinstance(node, yaml.SequenceNode) else node.value[-1][1]
    return node


def _aligned(lines: list[_Line]) -> list[str]:
    """The lines as text, the comments behind neighbouring lines in one column."""
    written: list[str] = []
    group: list[_Line] = []

    def close() -> None:
        widths = [wcswidth(line.code) for line in group]
        far = max(widths, default=0)
        straight = far - min(widths, default=0) <= _SPREAD
        for line, width in zip(group, widths, strict=True):
            written.append(line.code + " " * ((far - width if straight else 0) + 2) + line.comment)
        group.clear()

    for line in lines:
        if line.comment:
            group.append(line)
            continue
        close()
        written.append(line.code)
    close()
    return written

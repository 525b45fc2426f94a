"""Where in a file a position stands: on which key or value, in which expression."""

from __future__ import annotations

from functools import cached_property

import msgspec

from juesuan_rules.editor.flow import read_flow
from juesuan_rules.editor.kinds import EXPRESSION_KINDS, Kind
from juesuan_rules.editor.outline import Outline, Path

_EXPRESSION_KEYS = ("check", "when")


class Region(msgspec.Struct, frozen=True):
    """An expression in a file. text: as long as the file's text from `start`, so that offsets in it
    differ from those of the file by `start`; what only YAML reads (escapes) is blank."""

    start: int
    text: str
    path: Path

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


class Node(msgspec.Struct, frozen=True):
    """A key or an item with its value, wherever it is written."""

    path: Path
    key_start: int
    key_end: int
    value_start: int
    value_end: int
    is_item: bool
    quote: str = ""


class FileMap(msgspec.Struct, frozen=True, dict=True):
    """A file's nodes and expressions."""

    outline: Outline
    kind: Kind

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node in the order written, those between brackets included."""
        found: list[Node] = []
        content = self.outline.content
        for entry, path in zip(self.outline.entries, self.outline.paths, strict=True):
            found.append(Node(path, entry.start, entry.end, entry.value_start, entry.value_end, entry.is_item, entry.style if entry.style in "'\"" else ""))
            if entry.style in ("[", "{"):
                for part in read_flow(content, entry.value_start, entry.value_end, path):
                    item = part.key is None and isinstance(part.path[-1], int)
                    found.append(Node(part.path, part.start, part.key_end, part.value_start, part.value_end, item, part.quote))
        return tuple(found)

    @cached_property
    def by_path(self) -> dict[Path, Node]:
        """The first node of every path."""
        found: dict[Path, Node] = {}
        for node in self.nodes:
            found.setdefault(node.path, node)
        return found

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Every expression, in the order written."""
        if self.kind not in EXPRESSION_KINDS:
            return ()
        found = []
        for entry, path in zip(self.outline.entries, self.outline.paths, strict=True):
            if path[0] != self.kind or entry.children:
                continue
            if _is_expression(path) and entry.style not in ("[", "{"):
                found.append(_region(self.outline.content, entry.value_start, entry.value_end, entry.style, path))
            elif entry.style in ("[", "{") and "basis" not in path:
                for part in read_flow(self.outline.content, entry.value_start, entry.value_end, path):
                    if _is_expression(part.path) and self.outline.content[part.value_start : part.value_start + 1] not in ("[", "{"):
                        found.append(_region(self.outline.content, part.value_start, part.value_end, part.quote, part.path))
        return tuple(found)

    def region_at(self, offset: int) -> Region | None:
        """The expression an offset stands in or at the end of (blanks behind it included), or None."""
        for region in self.regions:
            if region.start <= offset <= region.end:
                return region
            if offset > region.end and not self.outline.content[region.end : offset].strip(" "):
                return Region(region.start, region.text + self.outline.content[region.end : offset], region.path)
        return None

    def text(self, node: Node) -> str:
        """The value of a node as text."""
        text = self.outline.content[node.value_start : node.value_end]
        return text[1:-1] if node.quote and len(text) > 1 and text.endswith(node.quote) else text

    def value(self, *path: str | int) -> str:
        """The text at a path; "" where there is none."""
        node = self.by_path.get(path)
        return self.text(node) if node is not None else ""

    def children(self, path: Path) -> dict[str | int, Node]:
        """The nodes directly below a path."""
        return {p[-1]: n for p, n in self.by_path.items() if len(p) == len(path) + 1 and p[:-1] == path}


def _is_expression(path: Path) -> bool:
    """rules/3/check, rules/3/check/1, rules/3/check/1/check, rules/3/when …"""
    if len(path) < 3 or path[2] not in _EXPRESSION_KEYS:
        return False
    if len(path) == 3:
        return True
    return path[2] == "check" and isinstance(path[3], int) and (len(path) == 4 or (len(path) == 5 and path[4] in _EXPRESSION_KEYS))


def _region(content: str, start: int, end: int, style: str, path: Path) -> Region:
    text = content[start:end]
    if style in ("'", '"') and text.startswith(style):
        closed = len(text) > 1 and text.endswith(style)
        text, start = text[1:-1] if closed else text[1:], start + 1
        text = text.replace("''", "' ") if style == "'" else text.replace('\\"', ' "').replace("\\\\", " \\")
    return Region(start, text, path)

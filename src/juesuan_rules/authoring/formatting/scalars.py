"""One scalar as text: plain where it was plain, in single quotes where it was quoted, blocks dedented."""

from __future__ import annotations

import re
from typing import Any

_PLAIN_START = re.compile(r"[^\W_]|[（「『(]")
_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_HEADER = re.compile(r"[|>]([0-9+-]*)")
_FLOW_MARKS = re.compile(r"[\[\]{},]")


def inline(node: Any, quoted: bool = False) -> str:
    """A scalar on one line. quoted: it is written without quotes and had better have them."""
    text: str = node.value
    if not node.style and not quoted and "\n" not in text:
        return text
    return quote(text)


def quote(text: str) -> str:
    """The text in single quotes; in double quotes where that spares an escape or there is no other way."""
    if _ESCAPED.search(text):
        body = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _ESCAPED.sub(lambda m: _SHORT.get(m.group()) or f"\\u{ord(m.group()):04x}", body) + '"'
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def expression(text: str, in_flow: bool) -> str:
    """An expression on one line, without quotes where YAML leaves it alone."""
    plain = bool(_PLAIN_START.match(text)) and not text.isascii() and ": " not in text and " #" not in text and not text.endswith(":")
    return text if plain and not (in_flow and _FLOW_MARKS.search(text)) else quote(text)


def is_block(node: Any) -> bool:
    """Whether a scalar is written as a block (| or >)."""
    return node.style in ("|", ">")


def block(source: str, node: Any, indent: int) -> tuple[str, list[str]]:
    """A block scalar: its header (|, >-, |2+) and its lines indented by `indent`."""
    start = node.start_mark.index
    first = source.find("\n", start) + 1
    header = _HEADER.match(source[start:])
    marks = header.group(1) if header else ""
    lines = source[first : node.end_mark.index].split("\n") if first else []
    keep = "+" in marks
    if keep and lines and not lines[-1]:
        lines.pop()
    while lines and not keep and not lines[-1].strip(" "):
        lines.pop()
    used = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)
    digit = next((int(c) for c in marks if c.isdigit()), 0)
    if digit:
        used = _parent_indent(source, node) + digit
    bodies = [line[used:] for line in lines]
    lead = next((body for body in bodies if body.strip(" ")), "")
    sign = "".join(c for c in marks if c in "+-")
    return node.style + ("2" if lead.startswith(" ") else "") + sign, [(" " * indent + body) if body else "" for body in bodies]


def _parent_indent(source: str, node: Any) -> int:
    """Indentation of the entry a block scalar with an explicit indentation belongs to."""
    begin = source.rfind("\n", 0, node.start_mark.index) + 1
    line = source[begin : node.start_mark.index]
    head = re.match(r" *(?:- +)*", line)
    return len(head.group()) if head else 0

"""The reader for text files: lines as an editor counts them, tables as grids, the rest as prose."""

from __future__ import annotations

import hashlib
import re

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents import limits
from juesuan_rules.documents.decoding import decode
from juesuan_rules.documents.model import Document, Place, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.textgrids import EMPTY, Line, blocks_of, has_content

_BREAKS_INSIDE = re.compile("[\x0b\x0c\x85\u2028\u2029]")
"""Break a line for the reader, not for an editor: the parts keep the editor's line number."""


def read_text(data: bytes, path: str) -> Document:
    """The text file `data`, named `path` in messages, as a Document of format "text".

    Raises DocumentError for an empty file, bytes that are no text, and anything beyond `limits`.
    """
    if len(data) > limits.TEXT_BYTES:
        raise _too_large(path, len(data))
    if not data.strip():
        raise unreadable(path, "E502", "是空文件，没有可读的内容")
    text, encoding, notes = decode(data, path)
    source = Source(path, hashlib.sha256(data).hexdigest(), "text", len(data), encoding)
    blocks = blocks_of(_lines(text, path))
    if not blocks:
        raise unreadable(path, "E502", "只有空白，没有可读的内容")
    return Document(source, blocks, notes)


def _too_large(path: str, size: int) -> DocumentError:
    return unreadable(
        path,
        "E503",
        f"过大（{size / 1048576:.1f} MB），文本文件不得超过 {limits.TEXT_BYTES // 1048576} MB",
    )


def _lines(text: str, path: str) -> list[Line]:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    raw = text.split("\n")
    if len(raw) > limits.LINES:
        raise unreadable(path, "E503", f"行数过多（{len(raw)} 行），不得超过 {limits.LINES} 行")
    longest = max(map(len, raw))
    if longest > limits.LINE_CHARS:
        number = next(n for n, line in enumerate(raw, 1) if len(line) == longest)
        raise unreadable(path, "E503", f"第 {number} 行过长（{longest} 字），每行不得超过 {limits.LINE_CHARS} 字")
    if text.count("\t") + text.count("|") > limits.CELLS:
        raise unreadable(path, "E503", f"表格单元格过多，不得超过 {limits.CELLS} 个")
    if not _BREAKS_INSIDE.search(text):
        return [(line, Place(line=number)) if has_content(line) else EMPTY for number, line in enumerate(raw, 1)]
    return _paged_lines(raw, paged="\x0c" in text)


def _paged_lines(raw: list[str], paged: bool) -> list[Line]:
    """Lines split further at breaks inside them; with `paged`, form feeds count pages from 1."""
    lines: list[Line] = []
    page = 1
    for number, line in enumerate(raw, 1):
        start = 0
        for found in _BREAKS_INSIDE.finditer(line):
            lines.append(_line(line[start : found.start()], number, page if paged else None))
            start = found.end()
            page += found.group() == "\x0c"
        lines.append(_line(line[start:], number, page if paged else None))
    return lines


def _line(text: str, number: int, page: int | None) -> Line:
    return (text, Place(line=number, page=page)) if has_content(text) else EMPTY

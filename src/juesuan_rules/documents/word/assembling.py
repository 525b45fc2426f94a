"""The end of every Word reader: items to a Document, with a word about what was settled or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from juesuan_rules.documents.model import Block, Document, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.blocks import BlockWriter
from juesuan_rules.documents.word.items import Item, Para
from juesuan_rules.documents.word.symbols import mend_symbols

_PAGE_LIKE = 150
"""A picture of at least this many square centimetres may well be a page of the report."""
_TOLD = {"修订": "{} 处修订按接受后的样子读取", "隐藏": "{} 处隐藏文字没有读入", "对象": "{} 个嵌入对象没有读入"}


class Read(msgspec.Struct):
    """What a reader found. told: how often something was settled or left out, by kind. pictures:
    (paragraph number, area in square centimetres). chunks: blocks that stand behind a paragraph.
    symbols: whether characters of symbol fonts occur."""

    items: list[Item]
    told: Counter[str] = msgspec.field(default_factory=Counter)
    pictures: Sequence[tuple[int, float]] = ()
    chunks: dict[int, tuple[Block, ...]] = msgspec.field(default_factory=dict)
    unread: list[str] = msgspec.field(default_factory=list)
    symbols: bool = False
    macros: bool = False


def assemble(read: Read, source: Source) -> Document:
    """The Document of format `source.format`. Raises DocumentError where there is nothing to read."""
    if read.symbols:
        _mend(read.items)
    writer = BlockWriter(source.path)
    for item in read.items:
        writer.write([item])
        if isinstance(item, Para) and item.number in read.chunks:
            writer.blocks += read.chunks[item.number]
    unread = read.unread + [f"第 {place} 段是图片，其中的文字没有读" for place, area in read.pictures if area >= _PAGE_LIKE]
    if not writer.blocks and not unread:
        raise unreadable(source.path, "E502", "没有文字，没有可读的内容")
    notes = [text.format(read.told[kind]) for kind, text in _TOLD.items() if read.told[kind]]
    if read.macros:
        notes.append("文件含宏，宏没有运行")
    return Document(source, tuple(writer.blocks), tuple(notes), (), tuple(unread))


def _mend(items: list[Item]) -> None:
    """Turns characters of symbol fonts into what they look like, in all paragraphs."""
    for item in items:
        if isinstance(item, Para):
            item.text = mend_symbols(item.text)
            continue
        for row in item.rows:
            for cell in row:
                _mend(cell.items)

"""The reader for .docx, .docm, .dotx, .dotm: body, text boxes, footnotes; headers and footers stay out."""

from __future__ import annotations

import hashlib
import re

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import Block, Document, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.assembling import Read, assemble
from juesuan_rules.documents.word.body import BodyReader
from juesuan_rules.documents.word.markup import Element, W, parse_xml
from juesuan_rules.documents.word.package import Package, Parts, Relationship
from juesuan_rules.documents.word.styles import Numbering, read_numbering, read_styles, styles_matter

_NOTES = (("footnotes", W + "footnote"), ("endnotes", W + "endnote"))
_PRIVATE = re.compile(rb"\xef[\x80-\x83]")
"""Characters of symbol fonts, in UTF-8."""
_CHUNKS = 20
"""Embedded documents that are read."""


def read_docx(data: bytes, path: str) -> Document:
    """The Word file `data`, named `path` in messages, as a Document of format "docx".

    Raises DocumentError for what is encrypted, damaged or beyond the bounds.
    """
    package = Package(data, path)
    part = package.main_part()
    source = Source(path, hashlib.sha256(data).hexdigest(), "docx", len(data))
    return read_package(package, part, source)


def read_package(package: Parts, part: str, source: Source) -> Document:
    """The document whose main part is `part`."""
    path = source.path
    data = package.read(part)
    root = None if data is None else parse_xml(data, path, part)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise unreadable(path, "E507", "里没有正文，不能读取", "请用 Word 或 WPS 打开后另存一份再试")
    arrows = package.relationships(part)
    reader = _body_reader(package, arrows, body)
    items = reader.read(body)
    for kind, tag in _NOTES:
        notes = package.xml(target) if (target := _target(arrows, kind)) else None
        for note in () if notes is None else notes.iterchildren(tag):
            if note.get(W + "type", "normal") == "normal":
                items += reader.read(note)
    chunks, unread = _read_chunks(package, arrows, reader.chunks, path)
    unread += [f"第 {place} 段嵌入的 Excel 表没有读" for place in reader.sheets]
    macros = any(name.endswith("vbaproject.bin") for name in package.names())
    return assemble(Read(items, reader.told, reader.pictures, chunks, unread, _PRIVATE.search(data or b"") is not None, macros), source)


def _body_reader(package: Parts, arrows: dict[str, Relationship], body: Element) -> BodyReader:
    """A reader that knows the styles and lists of the package, as far as they matter for the text of the body."""
    used = {item.get(W + "val", "") for item in body.iter(W + "pStyle", W + "rStyle")}
    numbered = next(body.iter(W + "numPr"), None) is not None
    target = _target(arrows, "styles")
    data = package.read(target) if target and used else None
    styles = read_styles(parse_xml(data, package.path, "styles.xml"), used) if data and styles_matter(data, used) else {}
    target = _target(arrows, "numbering")
    numbering = read_numbering(package.xml(target)) if target and (styles or numbered) else Numbering()
    return BodyReader(styles, numbering)


def _target(arrows: dict[str, Relationship], kind: str) -> str | None:
    return next((arrow.target for arrow in arrows.values() if arrow.kind == kind and not arrow.external), None)


def _read_chunks(package: Parts, arrows: dict[str, Relationship], chunks: list[tuple[int, str]], path: str) -> tuple[dict[int, tuple[Block, ...]], list[str]]:
    """Blocks of the documents embedded as a whole, by paragraph; what of them could not be read."""
    from juesuan_rules.documents.open import read_bytes, recognise

    found: dict[int, tuple[Block, ...]] = {}
    unread: list[str] = []
    for index, (place, key) in enumerate(chunks):
        arrow = arrows.get(key)
        data = package.read(arrow.target) if arrow is not None and not arrow.external else None
        if data is None or index >= _CHUNKS or recognise(data).key in ("docx", "zip"):
            unread.append(f"第 {place} 段引用的另一个文件没有读")
            continue
        try:
            found[place] = read_bytes(data, f"{path}（第 {place} 段嵌入的文件）").blocks
        except DocumentError as error:
            unread.append(f"第 {place} 段：{error.message}")
    return found, unread

"""Word files that are one XML text: Flat OPC (a .docx without its ZIP) and Word 2003 XML.

Many systems make their .doc files from templates of this kind.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from lxml import etree

from juesuan_rules.documents.model import Document, Source
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.word.assembling import Read, assemble
from juesuan_rules.documents.word.body import BodyReader
from juesuan_rules.documents.word.docx import read_package
from juesuan_rules.documents.word.markup import Element, W, parse_xml
from juesuan_rules.documents.word.package import Parts
from juesuan_rules.documents.word.styles import Numbering

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_OLD = "http://schemas.microsoft.com/office/word/2003/wordml"
_HINTS = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_CHANGES = "{http://schemas.microsoft.com/aml/2001/core}"
_NEW_NAMES = {W + "vmerge": W + "vMerge", W + "hmerge": W + "hMerge"}


def read_word_xml(data: bytes, path: str) -> Document:
    """The XML file `data`, named `path` in messages, as a Document of format "wordxml".

    Raises DocumentError for XML that is damaged, beyond the bounds or no Word file.
    """
    source = Source(path, hashlib.sha256(data).hexdigest(), "wordxml", len(data))
    root = parse_xml(data.replace(_OLD.encode(), W[1:-1].encode()) if _OLD.encode() in data else data, path, "文件")
    if root.tag == _PKG + "package":
        package = FlatPackage(root, path)
        return read_package(package, package.main_part(), source)
    if root.tag != W + "wordDocument":
        raise unreadable(path, "E505", "是 XML 文件，但不是 Word 文档，不能读取", "请另存为文本、Word、Excel、PDF 或网页文件后再试")
    return _read_old(root, source)


class FlatPackage(Parts):
    """The parts of a Flat OPC file."""

    def __init__(self, root: Element, path: str) -> None:
        self.path = path
        self._parts: dict[str, Element] = {}
        for part in root.iterchildren(_PKG + "part"):
            self._parts.setdefault(part.get(_PKG + "name", "").lstrip("/").lower(), part)

    def names(self) -> list[str]:
        """Names of all parts, in lower case."""
        return list(self._parts)

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none of that name."""
        part = self._parts.get(name.lstrip("/").lower())
        content = part[0] if part is not None and len(part) else None
        if content is None:
            return None
        if content.tag == _PKG + "xmlData":
            return etree.tostring(content[0], encoding="utf-8", xml_declaration=False) if len(content) else b""
        try:
            return base64.b64decode(content.text or "")
        except (binascii.Error, ValueError):
            return b""


def _read_old(root: Element, source: Source) -> Document:
    """A Word 2003 document: nearly the same elements, numbers of lists written out."""
    body = root.find(W + "body")
    if body is None:
        raise unreadable(source.path, "E507", "里没有正文，不能读取", "请用 Word 或 WPS 打开后另存为 docx 再试")
    reader = BodyReader({}, Numbering())
    for element in list(body.iter(*_NEW_NAMES, W + "listPr", _CHANGES + "annotation")):
        if element.tag in _NEW_NAMES:
            element.tag = _NEW_NAMES[element.tag]
        elif element.tag == W + "listPr":
            _write_number(element)
        elif element.get(W + "type", "").startswith("Word.Deletion"):
            reader.told["修订"] += 1
            element.getparent().remove(element)
    return assemble(Read(reader.read(body), reader.told, reader.pictures, symbols=True), source)


def _write_number(properties: Element) -> None:
    """Puts the number of a list paragraph in front of its text."""
    label = properties.find(_HINTS + "t")
    paragraph = next(properties.iterancestors(W + "p"), None)
    text = label.get(_HINTS + "val", "") if label is not None else ""
    if paragraph is None or len(text) > 40 or not any(char.isalnum() for char in text):
        return
    run = etree.Element(W + "r")
    etree.SubElement(run, W + "t").text = text if text[-1:] in "、．.）)" else text + " "
    paragraph.insert(1, run)

"""XML of an office file, parsed as what it is: untrusted. No entities, no DTD, nothing fetched, bounded depth."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from juesuan_rules.documents import limits
from juesuan_rules.documents.problems import unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

Element = Any
"""An element of lxml, which ships no types."""

XML_BYTES = 64 * limits.MEGABYTE
"""Most one XML part may take unpacked."""

_MARKS = 3_000_000
"""Most tags and attributes of one part (twenty to forty of them make a table cell): each takes some 100 bytes of memory."""

_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""The namespaces of ISO 29500 Strict and those of Transitional, which everything here is written for."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_xml(data: bytes, path: str, part: str) -> Element:
    """The root of the XML `data`, the part `part` of the file `path`.

    Raises DocumentError for XML that is damaged, declares a document type, or is too large or deep.
    """
    if len(data) > XML_BYTES:
        raise unreadable(path, "E503", f"内容过大（{part} 解压后 {len(data) // limits.MEGABYTE} MB），不得超过 {XML_BYTES // limits.MEGABYTE} MB")
    if data.count(b"<") + data.count(b"=") > _MARKS:
        raise unreadable(path, "E503", f"内容过多（{part} 的标记超过 {_MARKS // 10_000} 万个），没有读取")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = _DECLARATION.sub("", data.decode("utf-16", "replace")).encode("utf-8")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise unreadable(path, "E507", f"含有不允许的文档类型声明（{part}），可能是恶意构造的文件，没有读取", "请用 Word 打开后另存一份再试")
    if b"purl.oclc.org/ooxml" in data[: limits.HEAD_BYTES]:
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        deep = "depth" in str(error)
        what = f"嵌套过深（{part}），没有读取" if deep else f"内容已损坏（{part} 不是完整的 XML），不能读取"
        raise unreadable(path, "E503" if deep else "E507", what, "请用 Word 或 WPS 打开、修复后另存一份再试") from None


def is_on(element: Element | None) -> bool:
    """Whether a switch such as w:vanish is set: there, and not with the value 0, false or off."""
    return element is not None and element.get(W + "val", "1") not in ("0", "false", "off")


def number(element: Element | None, name: str = W + "val") -> int | None:
    """A whole-number attribute; None where it is missing or no number."""
    text = element.get(name) if element is not None else None
    if text is None or len(text) > 12:
        return None
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None

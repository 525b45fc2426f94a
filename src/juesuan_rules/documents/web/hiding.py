"""What a page keeps from its reader: elements its styles do not display."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NOT_SHOWN = re.compile(r"(?:^|[;\s{])(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|mso-hide\s{0,5}:\s{0,5}all|mso-element\s{0,5}:\s{0,5}comment)", re.IGNORECASE)
_SELECTOR = re.compile(r"([A-Za-z][A-Za-z0-9]*)?\.([A-Za-z_\-\u00a0-\uffff][\w\-\u00a0-\uffff]*)")
_PIECE = re.compile(r"[^{}]+|[{}]")
_STYLE_CHARS = 2_000_000
_SIGNS = ("none", "hidden", "mso-hide", "mso-element")
"""One of these stands in every page that hides anything; most pages from Word and Excel do without."""


def hidden_elements(root: Element, text: str) -> frozenset[Element]:
    """The elements a page, written as `text`, does not display: by their own style, or by a class its style sheets hide."""
    folded = text.lower()
    if not any(sign in folded for sign in _SIGNS):
        return frozenset()
    classes = hidden_classes("\n".join(["".join(map(str, style.itertext())) for style in root.iter("style")])[:_STYLE_CHARS])
    return frozenset(element for element in root.iter() if _is_hidden(element, classes))


def _is_hidden(element: Element, classes: frozenset[tuple[str, str]]) -> bool:
    style = element.get("style")
    if (style and _hides(style)) or element.get("hidden") is not None:
        return True
    names = element.get("class") if classes else None
    if not names:
        return False
    tag = str(element.tag)
    return any(("", name) in classes or (tag, name) in classes for name in names.split())


@lru_cache(maxsize=4096)
def _hides(style: str) -> bool:
    return _NOT_SHOWN.search(style) is not None


def hidden_classes(sheet: str) -> frozenset[tuple[str, str]]:
    """(tag or "", class) of the plain class selectors a style sheet hides; media rules do not count."""
    hidden: set[tuple[str, str]] = set()
    before = ""
    open_blocks: list[str] = []
    body = ""
    for piece in _PIECE.findall(re.sub(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|<!--|-->", "", sheet)):
        if piece == "{":
            open_blocks.append(before)
            before = body = ""
        elif piece == "}":
            selectors = open_blocks.pop() if open_blocks else ""
            if not open_blocks and _NOT_SHOWN.search("{" + body):
                for selector in selectors.rpartition(";")[2].split(","):
                    if found := _SELECTOR.fullmatch(selector.strip()):
                        hidden.add(((found[1] or "").lower(), found[2]))
            before = body = ""
        else:
            before = body = piece
    return frozenset(hidden)

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


class Hiding:
    """Tells hidden elements by their own style and by the classes the page's style sheets hide."""

    def __init__(self, sheets: list[str]) -> None:
        self._classes = hidden_classes("\n".join(sheets)[:_STYLE_CHARS])

    def hides(self, element: Element) -> bool:
        """Whether the element is not displayed."""
        style = element.get("style")
        if style and _is_hiding(style):
            return True
        if self._classes and (names := element.get("class")):
            tag = str(element.tag)
            if any(("", name) in self._classes or (tag, name) in self._classes for name in names.split()):
                return True
        return element.get("hidden") is not None


@lru_cache(maxsize=4096)
def _is_hiding(style: str) -> bool:
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

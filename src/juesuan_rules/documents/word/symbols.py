"""Characters of symbol fonts (Wingdings, Symbol) as the Unicode characters they look like."""

from __future__ import annotations

import re

_WINGDINGS = {
    0x52: "☑", 0x54: "☒", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0xA1: "○", 0xA8: "□", 0xD8: "➢",
    0xE0: "→", 0xF0: "→", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x50: "√", 0x4F: "×", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x30: "□", 0x98: "●"}
_SYMBOL = {0xB4: "×", 0xB8: "÷", 0xB1: "±", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0x2D: "-", 0xB7: "•", 0xB0: "°", 0xA5: "∞", 0xAE: "→", 0xE5: "∑", 0xD6: "√"}
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def symbol(font: str, code: int) -> str:
    """The character `code` of a font; "□" for a picture of a symbol font that is not known here."""
    if 0xF000 <= code <= 0xF0FF:
        code -= 0xF000
    known = _FONTS.get(font.lower())
    if known is not None and code in known:
        return known[code]
    if known is _SYMBOL or known is None:
        return chr(code) if 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0xFFFE else ""
    return "□"


def has_symbols(text: str) -> bool:
    """Whether a text has characters that only a symbol font shows."""
    return _PRIVATE.search(text) is not None


def mend_symbols(text: str) -> str:
    """The text with characters of a symbol font (written as private characters) as what they look like."""
    return _PRIVATE.sub(lambda match: symbol("Wingdings", ord(match.group())), text)

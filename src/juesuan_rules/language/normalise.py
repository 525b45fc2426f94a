"""One spelling before reading: full-width punctuation and digits are the same as half-width.

What stands between quotation marks is left as typed, because there it is a name or a text.
"""

from __future__ import annotations

import re

import msgspec

_HALF = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) != "＂"},
    "\u3000": " ",
    "。": ".",
    "｡": ".",
    "、": ",",
    "､": ",",
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "〈": "<",
    "〉": ">",
    "≦": "≤",
    "⩽": "≤",
    "≧": "≥",
    "⩾": "≥",
    "×": "*",
    "✕": "*",
    "∗": "*",
    "÷": "/",
    "∕": "/",
    "∶": ":",
    "—": "-",
    "–": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "﹣": "-",
    "﹪": "%",
    "〜": "~",
    "∼": "~",
    "＂": '"',
}
_LONGER = {"…": "..", "⋯": "..", "‥": "..", **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")}
"""Characters that become two or none: these shift everything behind them."""
_SAME_LENGTH = str.maketrans(_HALF)
_QUOTED = re.compile(r'[“”"＂][^“”"＂\n]*[“”"＂]|「[^」\n]*」|『[^』\n]*』')
_ANY_LONGER = re.compile("[" + "".join(_LONGER) + "]")
_PLUS_MINUS = re.compile(r"\+/-")


class Normalised(msgspec.Struct, frozen=True):
    """A text brought to one spelling. `positions[i]`: where character i came from in the text as
    typed (one entry more than characters); None where nothing moved."""

    text: str
    positions: tuple[int, ...] | None = None

    def origin(self, index: int) -> int:
        """The index in the text as typed of index `index` in this text."""
        return index if self.positions is None else self.positions[min(index, len(self.positions) - 1)]


def normalise(text: str) -> Normalised:
    """Bring a rule's text to half-width form, keeping track of where each character came from."""
    pieces: list[tuple[int, str]] = []
    at = 0
    for match in _QUOTED.finditer(text):
        pieces.append((at, text[at : match.start()].translate(_SAME_LENGTH)))
        pieces.append((match.start(), match.group().replace("＂", '"')))
        at = match.end()
    pieces.append((at, text[at:].translate(_SAME_LENGTH)))
    if not _ANY_LONGER.search(text) and not any("+/-" in piece for _, piece in pieces):
        return Normalised("".join(piece for _, piece in pieces))
    return _with_positions(pieces, len(text))


def _with_positions(pieces: list[tuple[int, str]], length: int) -> Normalised:
    out: list[str] = []
    positions: list[int] = []
    for number, (start, piece) in enumerate(pieces):
        index = 0
        while index < len(piece):
            char, width = piece[index], 1
            if number % 2 == 0:  # outside quotation marks
                if _PLUS_MINUS.match(piece, index):
                    char, width = "±", 3
                else:
                    char = _LONGER.get(char, char)
            out.append(char)
            positions.extend([start + index] * len(char))
            index += width
    return Normalised("".join(out), (*positions, length))

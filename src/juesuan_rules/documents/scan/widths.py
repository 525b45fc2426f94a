"""Wide or narrow signs: whether a bracket or a colon was printed a whole character wide, by measuring.

The recogniser sees the shape, which is nearly the same; the width of the whole strip tells.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence

from msgspec.structs import replace

from juesuan_rules.documents.scan.recogniser import Reading
from juesuan_rules.documents.scan.strips import Box

_PAIRS = (("()", "（）"), (":", "："), (",", "，"), (";", "；"))
_WIDE_OF = {a: b for narrow, wide in _PAIRS for a, b in zip(narrow, wide, strict=True)}
_NARROW_OF = {b: a for a, b in _WIDE_OF.items()}
_NARROW = {"(": 0.33, ")": 0.33, ":": 0.29, ",": 0.29, ";": 0.29}
"""Usual advance of narrow signs, in characters."""
_CLEAR, _OFF = 0.22, 0.30
"""A way of printing fits where the strip is at most the first, and no other fits within the second, too wide or narrow (in characters)."""
_ENOUGH = 3
_NEAR = 0.04
_DIGIT = 0.55
"""Usual advance of a digit, in characters."""


def with_measured_signs(readings: list[Reading], strips: Sequence[Box]) -> list[Reading]:
    """The readings of strips of one size of type, their brackets and colons as wide as they were printed."""
    em = _steady([_pitch(r.text, s) for r, s in zip(readings, strips, strict=True)])
    if em <= 0.0:
        return readings
    digits = [(s[2] - s[0]) / (len(r.text) - 0.15) for r, s in zip(readings, strips, strict=True) if r.text.isdigit() and len(r.text) >= 3]
    digit = _steady(digits) / em or _DIGIT
    result = list(readings)
    for k, (reading, strip) in enumerate(zip(readings, strips, strict=True)):
        text = reading.text.replace(" ", "")
        if any(c in _WIDE_OF or c in _NARROW_OF for c in text) and any(_is_han(c) for c in text):
            measured = _as_printed(text, (strip[2] - strip[0]) / em, digit)
            if measured and measured != reading.text:
                sure = tuple(s for c, s in zip(reading.text, reading.sure, strict=True) if c != " ")
                result[k] = replace(reading, text=measured, sure=sure)
    return result


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _pitch(text: str, strip: Box) -> float:
    """Pixels from one Chinese character to the next, judged by a strip without signs that may be either; 0.0 where it has any."""
    if sum(map(_is_han, text)) < _ENOUGH or not all(_is_han(c) or c in "0123456789、" for c in text):
        return 0.0
    return (strip[2] - strip[0]) / _width(text, _DIGIT)


def _steady(pitches: Sequence[float]) -> float:
    """The pitch most strips agree on; 0.0 where they do not."""
    known = [p for p in pitches if p > 0.0]
    if len(known) < _ENOUGH:
        return 0.0
    middle = statistics.median(known)
    near = [p for p in known if abs(p - middle) <= _NEAR * middle]
    return statistics.fmean(near) if len(near) * 2 >= len(known) else 0.0


def _as_printed(text: str, width: float, digit: float) -> str:
    """The text with each kind of sign wide or narrow, so that it is `width` characters wide; "" where that is not clear."""
    kinds = [pair for pair in _PAIRS if any(c in pair[0] + pair[1] for c in text)]
    ways = []
    for choice in itertools.product((False, True), repeat=len(kinds)):
        version = text
        for (narrow, wide), is_wide in zip(kinds, choice, strict=True):
            version = version.translate(str.maketrans(narrow, wide) if is_wide else str.maketrans(wide, narrow))
        ways.append((abs(_width(version, digit) - width), version))
    ways.sort()
    if ways[0][0] > _CLEAR or (len(ways) > 1 and ways[1][0] < _OFF):
        return ""
    return ways[0][1]


def _width(text: str, digit: float) -> float:
    """How wide the ink of a text is, in characters."""
    total = sum(digit if c.isdigit() else _NARROW.get(c, 1.0 if ord(c) > 0x2000 else 0.5) for c in text)
    first, last = text[0], text[-1]
    total -= 0.55 if first == "（" else 0.05
    total -= 0.55 if last in "）：，；。、" else 0.05
    return total

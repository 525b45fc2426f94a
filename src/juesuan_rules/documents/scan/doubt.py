"""Which readings are doubtful, and a second look at them: agreement makes sure, difference makes unsure.

Nothing here changes what was read; only how far it is to be believed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from juesuan_rules.documents.scan.ink import Grey, Mask
from juesuan_rules.documents.scan.recogniser import SECOND_LOOK, Reading, Recogniser
from juesuan_rules.documents.scan.strips import Box, runs_of

_SURE = 0.9
"""A reading below this is looked at a second time."""
DISPUTED = 0.5
"""The most a reading counts that the second look did not confirm."""

_MOST_AGAIN = 1000
"""Characters that are read a second time, of one page: a full table has as many. The rest counts as disputed."""

_FIGURE_LIKE = re.compile(r"[-－—]?[\dOoIl|,，.．。、·:;'\s]*\d[\dOoIl|,，.．。、·:;'\s]*%?")
_WHOLE_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d\d%?")
_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,6})?%?")
_NUMBER_OR_CODE = re.compile(r"\d{1,2}|[1-9]\d{2}|[1-9]\d{4}|[1-9]\d{6}")
_WIDE = str.maketrans("，．。－", ",..-")


def is_figure_like(text: str) -> bool:
    """Whether a text is digits, points and commas, or what is easily misread for them."""
    return bool(_FIGURE_LIKE.fullmatch(text))


def narrowed(text: str) -> str:
    """A figure with its wide signs made narrow: a picture does not show which were typed."""
    return text.translate(_WIDE).replace(" ", "") if is_figure_like(text) else text


def look_again(
    readings: list[Reading], strips: Sequence[Box], recogniser: Recogniser, picture: Grey, ink: Mask, text_height: float
) -> list[Reading]:
    """The readings, doubtful ones read once more at another size, as many as time allows."""
    doubtful = [k for k, reading in enumerate(readings) if _is_doubtful(reading, ink, strips[k])]
    if not doubtful:
        return readings
    widths = np.cumsum([strips[k][2] - strips[k][0] for k in doubtful])
    count = int(np.count_nonzero(widths <= _MOST_AGAIN * text_height))
    seconds = recogniser.read(picture, [strips[k] for k in doubtful[:count]], text_height, SECOND_LOOK)
    result = list(readings)
    for k in doubtful[count:]:
        result[k] = disputed(readings[k])
    for k, second in zip(doubtful[:count], seconds, strict=True):
        settled = _settled(readings[k], second)
        result[k] = disputed(settled) if _has_lost_characters(settled, ink, strips[k]) else settled
    return result


def _is_doubtful(reading: Reading, ink: Mask, strip: Box) -> bool:
    if reading.confidence < _SURE:
        return True
    text = narrowed(reading.text)
    if not is_figure_like(text):
        return False
    return not _is_well_formed(text) or _has_lost_characters(reading, ink, strip)


def _has_lost_characters(reading: Reading, ink: Mask, strip: Box) -> bool:
    """Whether a figure has fewer characters than there are pieces of ink side by side."""
    text = narrowed(reading.text)
    return is_figure_like(text) and _glyphs(ink, strip) > len(text)


def _glyphs(ink: Mask, strip: Box) -> int:
    """How many pieces of ink stand side by side in the strip: no fewer characters than that."""
    x0, y0, x1, y1 = strip
    return len(runs_of(np.asarray(ink[y0:y1, x0:x1].any(axis=0))))


def _settled(first: Reading, second: Reading) -> Reading:
    """Two readings of one strip as one: the surer one, of figures rather a well formed one."""
    better, other = (first, second) if first.confidence >= second.confidence else (second, first)
    a, b = narrowed(better.text), narrowed(other.text)
    if a == b:
        return better
    if is_figure_like(a) and _is_well_formed(b) and not _is_well_formed(a):
        better = other
    return disputed(better)


def disputed(reading: Reading) -> Reading:
    """The reading as one that is not to be relied on."""
    return replace(reading, doubt=max(reading.doubt, 1.0 - DISPUTED))


def _is_well_formed(text: str) -> bool:
    return bool(_WHOLE_FIGURE.fullmatch(text) or _NUMBER_OR_CODE.fullmatch(text))


def is_misshapen(text: str) -> bool:
    """Whether a text has points and commas that make no figure: 1.234,56 or 12.345.67."""
    return "." in text or "," in text if is_figure_like(text) and not _FIGURE.fullmatch(text) else False


def with_doubtful_points(column: Sequence[str]) -> list[int]:
    """Which texts of a column, top to bottom, may have lost their decimal point: plain digits under amounts."""
    amounts = [k for k, text in enumerate(column) if _WHOLE_FIGURE.fullmatch(text)]
    if not amounts:
        return []
    plain = [k for k, text in enumerate(column) if k > amounts[0] and text.isdigit()]
    return plain if len(plain) < len(amounts) else []

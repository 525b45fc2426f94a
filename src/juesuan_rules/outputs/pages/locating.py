"""The box around the very figure: in its cell, or in its sentence, which may run over lines and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile

import msgspec

from juesuan_rules.outputs.pages.folding import fold
from juesuan_rules.outputs.pages.model import Box
from juesuan_rules.outputs.pages.sentences import Context
from juesuan_rules.outputs.pages.text import PageText, Stream

_ENOUGH = 6
"""Letters of context that settle which of several equal figures is meant."""
_OVERFLOW = 14.0
"""Points around a cell in which its text may stand that does not fit into it."""
_WIDE = 60
_PAGES_ON = 2
"""A sentence ends at most so many pages later."""
_LONGEST_TEXT = 200
_LABEL = 4
"""Letters of a text that is looked for all over the page."""

TextOf = Callable[[int], "PageText | None"]


class _Candidate(msgspec.Struct):
    score: int
    page: int
    box: Box


def in_cell(text: PageText, cell: Box, raw: str) -> tuple[Box, ...]:
    """The boxes around what is printed in a cell, `raw` as it was read (parts of it with … between); () where it is
    not found there. A text of several lines that others stand beside has a box for each."""
    parts = [part for part in (fold(part)[:_LONGEST_TEXT] for part in raw.split("…")) if part]
    found = [boxes for part in parts if (boxes := _printed(text, cell, part))]
    return tuple([box for boxes in found for box in boxes]) if len(found) == len(parts) else ()


def on_page(text: PageText, cell: Box, raw: str) -> tuple[Box, ...]:
    """The same for a text (a title, a label) that stands elsewhere on the page: where it does nearest to the cell."""
    wanted = fold(raw)[:_LONGEST_TEXT]
    if len(wanted) < _LABEL:
        return ()
    return _nearest(text, text.whole, cell, wanted)


def _printed(text: PageText, cell: Box, wanted: str) -> tuple[Box, ...]:
    stream = text.inside(cell)
    if stream.text == wanted:
        return (stream.box(0, len(wanted)),)
    at = next(stream.find(wanted), -1)
    if at >= 0:
        return _parts(text, stream, at, at + len(wanted))
    return _nearest(text, text.inside(cell, _OVERFLOW), cell, wanted)  # a text that overflows its cell


def _nearest(text: PageText, stream: Stream, cell: Box, wanted: str) -> tuple[Box, ...]:
    at = min(stream.find(wanted), key=lambda at: _distance(stream.box(at, at + len(wanted)), cell), default=-1)
    return _parts(text, stream, at, at + len(wanted)) if at >= 0 else ()


def _parts(text: PageText, stream: Stream, start: int, end: int) -> tuple[Box, ...]:
    """One box where nothing else stands in it, else one for each line."""
    whole = stream.box(start, end)
    return (whole,) if len(text.inside(whole).text) <= end - start else tuple(_by_line(stream, start, end))


def _distance(a: Box, b: Box) -> float:
    return abs(a[0] + a[2] - b[0] - b[2]) + abs(a[1] + a[3] - b[1] - b[3])


def in_sentence(text_of: TextOf, page: int, first: Box, raw: str, context: Context) -> tuple[tuple[int, Box], ...]:
    """(page, box) of a figure of the prose: one, or several where a line ends in the midst of it.

    first: the box of the paragraph, or of its first lines, on `page`. The figure whose surroundings are most like
    those in the sentence is it; nearer ones come first. () where it is not found.
    """
    wanted = fold(raw)
    best: tuple[int, int, Stream, int, int] | None = None
    enough = min(len(context.before), _ENOUGH) + min(len(context.after), _ENOUGH)
    for needle in dict.fromkeys((wanted, wanted.lstrip("-+"), wanted.replace(",", ""))):
        for number, stream in _streams(text_of, page, first):
            for at in stream.find(needle):
                score = _likeness(stream.text, at, at + len(needle), context)
                if best is None or score > best[0]:
                    best = score, number, stream, at, at + len(needle)
            if best is not None and best[0] >= enough:
                break
        if best is not None and best[0] >= enough // 2:
            break
    if best is None:
        return _over_pages(text_of, page, wanted)
    _, number, stream, start, end = best
    return tuple([(number, box) for box in _by_line(stream, start, end)])


def _over_pages(text_of: TextOf, page: int, wanted: str) -> tuple[tuple[int, Box], ...]:
    """A text whose end stands on the next page."""
    first, second = text_of(page), text_of(page + 1)
    if first is None or second is None or len(wanted) > _LONGEST_TEXT:
        return ()
    for cut in range(len(wanted) - 1, _LABEL - 1, -1):
        start, rest = first.whole.text.rfind(wanted[:cut]), second.whole.text.find(wanted[cut:])
        if start >= 0 and rest >= 0:
            before, after = _by_line(first.whole, start, start + cut), _by_line(second.whole, rest, rest + len(wanted) - cut)
            return (*[(page, box) for box in before], *[(page + 1, box) for box in after])
    return ()


def _streams(text_of: TextOf, page: int, first: Box) -> Iterator[tuple[int, Stream]]:
    """Where a sentence may stand, nearest first: its paragraph, the page from there on, the pages after it."""
    text = text_of(page)
    if text is None:
        return
    yield page, text.inside(first)
    yield page, text.whole
    for number in range(page + 1, page + 1 + _PAGES_ON):
        after = text_of(number)
        if after is not None:
            yield number, after.whole


def _likeness(text: str, start: int, end: int, context: Context) -> int:
    """How many letters before and after agree."""
    before = sum(1 for _ in takewhile(_same, zip(reversed(text[max(0, start - _WIDE) : start]), reversed(context.before), strict=False)))
    after = sum(1 for _ in takewhile(_same, zip(text[end : end + _WIDE], context.after, strict=False)))
    return before + after


def _same(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _by_line(stream: Stream, start: int, end: int) -> Iterator[Box]:
    """The boxes of the parts of a figure, line by line."""
    begin = start
    for at in range(start + 1, end + 1):
        if at == end or _new_line(stream.boxes[at - 1], stream.boxes[at]):
            yield stream.box(begin, at)
            begin = at


def _new_line(a: Box, b: Box) -> bool:
    """Whether the second character stands on another line (or, on a page drawn sideways, in another column)."""
    size = max(a[3] - a[1], a[2] - a[0])
    return abs((b[0] + b[2] - a[0] - a[2]) / 2) > 2 * size or abs((b[1] + b[3] - a[1] - a[3]) / 2) > 2 * size

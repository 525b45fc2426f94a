"""Large pictures on pages that have text of their own: a scanned table under a typed heading."""

from __future__ import annotations

import re

import msgspec
from msgspec.structs import replace

from juesuan_rules.documents.pdf.orientation import Box
from juesuan_rules.documents.pdf.pages import PageContent
from juesuan_rules.documents.pdf.parts import Line, PageParts, Table, in_order
from juesuan_rules.documents.scan.read import ScanReader

_LARGE = 0.25
"""A picture that covers more than this share of the page may hold a table."""
_TYPED = 20
"""A picture with more characters than this typed over it is a background."""
_TITLE_SIZE, _SHORTEST_TITLE = 15.0, 4
"""Size in points, and characters, of the title on a cover."""
_TOUCHING = 2.0
"""Pictures closer than this, in points, and as wide are one, stored in strips."""
_MOST_PICTURES = 500
"""Of a page; pages drawn from more are backgrounds and ornaments."""
_SENTENCE = re.compile(r"(?=.{15}).*[，。；]")
_TEXT_LINES, _TEXT_LENGTH = 5, 4
"""So many lines of so many characters are text, however badly read, and no photograph."""


class PictureParts(msgspec.Struct):
    """What was read of the pictures of a page, and what of them could not be, a sentence each.

    boxes: of the pictures that were read, on the upright page. left_out: how many held no table and no sentences.
    """

    items: list[Line | Table] = []
    unread: tuple[str, ...] = ()
    boxes: list[Box] = []
    left_out: int = 0


def large_pictures(page: PageContent) -> list[Box]:
    """The boxes, on the upright page, of pictures that may hold a table or text, top to bottom."""
    if not page.pictures or len(page.pictures) > _MOST_PICTURES:
        return []
    area = page.width * page.height
    return [box for box in _whole(page.pictures) if (box[2] - box[0]) * (box[3] - box[1]) > _LARGE * area and not _is_background(page, box)]


def read_pictures(page: PageContent, scans: ScanReader) -> PictureParts:
    """The lines and tables in the large pictures of a page with text, on the page's own coordinates."""
    found = PictureParts()
    for box in large_pictures(page):
        parts, unread = scans.read_part(page.number, page.frame.displayed(box))
        items = [_moved(item, parts, box) for item in parts.items]
        has_table = any(isinstance(item, Table) for item in items)
        lines = [item for item in items if isinstance(item, Line)]
        if has_table or any(_SENTENCE.match(line.text) for line in lines):
            found.items += items
            found.boxes.append(box)
        elif not unread:
            found.left_out += 1
        if has_table or not items or sum(len(line.text) >= _TEXT_LENGTH for line in lines) >= _TEXT_LINES:
            found.unread += tuple(text for text in unread if text not in found.unread)
    return found


def without_typed(page: PageContent, boxes: list[Box]) -> PageContent:
    """The page without what is typed over pictures that were read: it was read with them."""
    if not boxes:
        return page
    return replace(page, chars=[char for char in page.chars if not any(_holds(box, char[1:5]) for box in boxes)])


def put_in_place(parts: PageParts, items: list[Line | Table]) -> None:
    """Adds what was read of pictures to the page they stand on."""
    if not items:
        return
    every = [*parts.items, *items]
    parts.items = in_order([item for item in every if isinstance(item, Line)], [item for item in every if isinstance(item, Table)])


def _whole(pictures: list[Box]) -> list[Box]:
    """The boxes of pictures, those stored in strips put together, top to bottom."""
    found: list[Box] = []
    for box in sorted(pictures, key=lambda box: (round(box[0]), box[1])):
        last = found[-1] if found else None
        if last and abs(last[0] - box[0]) <= _TOUCHING and abs(last[2] - box[2]) <= _TOUCHING and box[1] <= last[3] + _TOUCHING:
            found[-1] = (min(last[0], box[0]), last[1], max(last[2], box[2]), max(last[3], box[3]))
        else:
            found.append(box)
    return sorted(found, key=lambda box: box[1])


def _is_background(page: PageContent, box: Box) -> bool:
    """Whether text is typed over the picture: a letterhead, the picture behind the title of a cover."""
    typed = [char for char in page.chars if _holds(box, char[1:5])]
    return len(typed) > _TYPED or (page.number == 1 and sum(char[5] >= _TITLE_SIZE for char in typed) >= _SHORTEST_TITLE)


def _holds(box: Box, inner: Box) -> bool:
    return box[0] <= (inner[0] + inner[2]) / 2 <= box[2] and box[1] <= (inner[1] + inner[3]) / 2 <= box[3]


def _moved(item: Line | Table, parts: PageParts, box: Box) -> Line | Table:
    """A line or table of a picture at its place on the page. Places of cells are on the page already."""
    across = (box[2] - box[0]) / max(parts.width, 1.0)
    down = (box[3] - box[1]) / max(parts.height, 1.0)

    def moved(inner: Box) -> Box:
        return box[0] + inner[0] * across, box[1] + inner[1] * down, box[0] + inner[2] * across, box[1] + inner[3] * down

    if isinstance(item, Line):
        return replace(item, boxes=[moved(inner) for inner in item.boxes])
    return replace(item, box=moved(item.box), xs=[box[0] + x * across for x in item.xs])

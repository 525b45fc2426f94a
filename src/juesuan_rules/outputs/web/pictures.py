"""Page pictures with boxes: which part of a page is shown for a finding, and each page's picture stored once."""

from __future__ import annotations

import base64
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from juesuan_rules.documents.model import GridCell, Place
from juesuan_rules.findings import Operand

Box = tuple[float, float, float, float]
PAGES_OF_A_FINDING = 6
BUDGET = 9_500_000
"""Bytes of pictures in one page; what would go beyond is stored coarser, then left out and told."""
_COARSE, _FINE = 72, 110
_MANY_PAGES = 60


class PageSource(Protocol):
    """What is asked of `outputs.pages.open_pages`. Boxes are in points from the top left of the displayed page."""

    @property
    def pages(self) -> Sequence[Any]:
        """Keys of all pages, each with `file` and `page`."""

    def size(self, key: Any) -> tuple[float, float]:
        """Width and height in points."""

    def picture(self, key: Any, dpi: int = 110) -> Any:
        """`data` and `media` of the page's picture."""

    def spots(self, operand: Operand) -> Sequence[Any]:
        """Where a figure stands, each spot with `key` and `box`."""


class BoxView(msgspec.Struct, frozen=True):
    """A box over a figure and the tag with its number, all in points of the page."""

    label: str
    x: float
    y: float
    width: float
    height: float
    tag_x: float
    tag_y: float
    tag_width: float
    quiet: bool = False
    suspect: bool = False


class StripView(msgspec.Struct, frozen=True):
    """A part of a page as wide as the page."""

    y: float
    height: float


class PictureView(msgspec.Struct, frozen=True):
    """A page with the boxes of one finding. page: id of the stored picture, "" where it is not stored. id: of the group
    of page and boxes, drawn once and shown by every strip."""

    id: str
    page: str
    label: str
    width: float
    height: float
    boxes: tuple[BoxView, ...]
    strips: tuple[StripView, ...]
    tag: float


class StoredPicture(msgspec.Struct, frozen=True):
    """A page's picture, as it stands in the file."""

    id: str
    width: float
    height: float
    uri: str


class Marked(msgspec.Struct, frozen=True):
    """A figure to be boxed."""

    number: int
    operand: Operand
    quiet: bool = False
    suspect: bool = False


class PictureStore:
    """Hands out ids for pages and keeps the pictures of those asked for."""

    def __init__(self, source: PageSource) -> None:
        self._source = source
        self._ids: dict[Hashable, str] = {}
        self._stored: dict[str, StoredPicture] = {}
        self._bytes = 0
        self.left_out: list[str] = []
        self._dpi = _FINE if len(source.pages) <= _MANY_PAGES else 90

    @property
    def pictures(self) -> tuple[StoredPicture, ...]:
        """The pictures stored so far."""
        return tuple(self._stored.values())

    def views(self, name: str, marked: Iterable[Marked], header: Callable[[Any], Sequence[GridCell]]) -> tuple[tuple[PictureView, ...], frozenset[int]]:
        """The pages a finding's figures stand on, and the numbers of the figures boxed. name: id of the finding. header:
        printed header cells of the tables that figures of a page stand in."""
        pages: dict[Hashable, list[tuple[Marked, Box]]] = {}
        for one in marked:
            for spot in self._source.spots(one.operand):
                pages.setdefault(spot.key, []).append((one, spot.box))
        views, boxed = [], set()
        for key, spots in sorted(pages.items(), key=lambda item: min(one.number for one, _ in item[1]))[:PAGES_OF_A_FINDING]:
            views.append(self._view(name, key, spots, header))
            boxed |= {one.number for one, _ in spots}
        return tuple(views), frozenset(boxed)

    def _view(self, name: str, key: Any, spots: list[tuple[Marked, Box]], header: Callable[[Any], Sequence[GridCell]]) -> PictureView:
        width, height = self._source.size(key)
        page = self._store(key, width, height)
        tag = max(width, 400) / 100
        told = [box for one, box in spots if not one.quiet] or [box for _, box in spots]
        bands = [(box[1], box[3]) for box in told]
        bands += [(box[1], box[3]) for box in self._header(key, header)]
        label = f"第{key.page}页" if not key.file else f"{key.file} 第{key.page}页"
        return PictureView(f"{name}{page or 'p0'}", page, label, width, height, tuple(_boxes(spots, tag, width)), _strips(bands, height), tag)

    def _header(self, key: Any, header: Callable[[Any], Sequence[GridCell]]) -> list[Box]:
        boxes = []
        for cell in header(key):
            found = self._source.spots(Operand("", None, cell.text, None, cell.place))
            boxes += [spot.box for spot in found if spot.key == key]
        return boxes

    def _store(self, key: Any, width: float, height: float) -> str:
        name = self._ids.get(key)
        if name is None:
            name = f"p{len(self._ids) + 1}"
            data, media = self._picture(key)
            if data:
                self._stored[name] = StoredPicture(name, width, height, f"data:{media};base64,{base64.b64encode(data).decode()}")
            else:
                name = ""
            self._ids[key] = name
        return name

    def _picture(self, key: Any) -> tuple[bytes, str]:
        for dpi in (self._dpi, _COARSE):
            if self._bytes > BUDGET * 0.8 and dpi != _COARSE:
                continue
            picture = self._source.picture(key, dpi=dpi)
            if self._bytes + len(picture.data) <= BUDGET:
                self._bytes += len(picture.data)
                return picture.data, picture.media
        self.left_out.append(f"第{key.page}页")
        return b"", ""


def _boxes(spots: list[tuple[Marked, Box]], tag: float, page_width: float) -> Iterable[BoxView]:
    """A box per place; where two figures are the same one, their numbers share its tag."""
    same: dict[Box, list[Marked]] = {}
    for one, box in spots:
        same.setdefault((round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)), []).append(one)
    for (x0, y0, x1, y1), those in same.items():
        label = "·".join(str(one.number) for one in those[:4])
        width = tag * (0.62 * len(label) + 1.0)
        pad = 1.2
        left, top = x0 - pad, y0 - pad
        beside = left - width - 0.8
        if not those[0].operand.raw.strip() and x1 - x0 > 2 * width:  # an empty cell: its box is the whole cell
            tag_x, tag_y = left + 1.5, (y0 + y1) / 2 - tag * 0.75
        elif beside > 0 and not those[0].operand.quote:
            tag_x, tag_y = beside, (y0 + y1) / 2 - tag * 0.75
        else:  # in a sentence the words before and after stay readable: the tag stands on the box, between the lines
            tag_x, tag_y = min(max((x0 + x1 - width) / 2, 0), page_width - width), max(top - tag * 1.5, 0)
        yield BoxView(
            label=label,
            x=round(left, 1),
            y=round(top, 1),
            width=round(x1 - x0 + 2 * pad, 1),
            height=round(y1 - y0 + 2 * pad, 1),
            tag_x=round(tag_x, 1),
            tag_y=round(tag_y, 1),
            tag_width=round(width, 1),
            quiet=all(one.quiet for one in those),
            suspect=any(one.suspect for one in those),
        )


def _strips(bands: list[tuple[float, float]], height: float) -> tuple[StripView, ...]:
    """The parts of the page that show these bands with something around; near ones are one part."""
    margin, near = height * 0.022, height * 0.05
    joined: list[tuple[float, float]] = []
    for top, bottom in sorted((max(top - margin, 0), min(bottom + margin, height)) for top, bottom in bands):
        if joined and top <= joined[-1][1] + near:
            joined[-1] = (joined[-1][0], max(joined[-1][1], bottom))
        else:
            joined.append((top, bottom))
    return tuple([StripView(round(top, 1), round(bottom - top, 1)) for top, bottom in joined])


def on_page(place: Place, key: Any) -> bool:
    """Whether a place is on that page."""
    return place.page == key.page and (place.file or None) == (key.file or None)

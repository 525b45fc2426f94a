"""The pages of a report: pictures of them, and the boxes of figures on them."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from types import TracebackType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from juesuan_rules.findings import Operand
from juesuan_rules.material import Subject
from juesuan_rules.outputs.pages.encoding import encoded
from juesuan_rules.outputs.pages.files import PagedFile, paged_files
from juesuan_rules.outputs.pages.inking import DPI, inked
from juesuan_rules.outputs.pages.labels import Labels, is_label
from juesuan_rules.outputs.pages.locating import in_cell, in_sentence, on_page
from juesuan_rules.outputs.pages.model import Box, PageKey, Picture, Spot
from juesuan_rules.outputs.pages.sentences import Context, Sentences
from juesuan_rules.outputs.pages.sheets import Sheets, open_sheets
from juesuan_rules.outputs.pages.text import PageText

if TYPE_CHECKING:
    from PIL.Image import Image

_ELSEWHERE = re.compile(r"(?:上年|所属单位\d*)\.")
"""How the name of an operand begins that stands in another report: last year's, or a subordinate unit's."""
_OPEN_FILES = 4
_HIGHEST_CELL = 60.0
"""Points; what is higher is no cell with a figure."""
_COARSEST, _FINEST = 20.0, 300.0


class Pages:
    """The pages of one report. Use it as a context, or call `close`. Calls from several threads wait for each other."""

    def __init__(self, subject: Subject, files: tuple[PagedFile, ...]) -> None:
        self._files = {file.name: file for file in files}
        self._report = subject.report
        self._open: OrderedDict[str | None, Sheets] = OrderedDict()
        self._lost: set[str | None] = set()
        self._sentences: Sentences | None = None
        self._labels: Labels | None = None
        self._scan: tuple[PageKey, Image | None] | None = None
        self._spots: dict[tuple[object, ...], tuple[Spot, ...]] = {}
        self._lock = threading.RLock()
        keys = []
        for name in self._files:
            sheets = self._sheets(name)
            keys += [PageKey(name, page) for page in range(1, (sheets.count if sheets is not None else 0) + 1)]
        self.pages: tuple[PageKey, ...] = tuple(keys)
        self._known = frozenset(keys)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Frees the files."""
        with self._lock:
            for sheets in self._open.values():
                sheets.close()
            self._open.clear()
            self._lost.update(self._files)

    def size(self, key: PageKey) -> tuple[float, float]:
        """Width and height of the page as displayed, in points; those of A4 for a page that cannot be shown."""
        with self._lock:
            sheets = self._sheets(key.file)
            return (sheets.size(key.page) if sheets is not None else None) or (595.0, 842.0)

    def picture(self, key: PageKey, dpi: float = 110) -> Picture:
        """The page as a picture file, as fine as asked but bounded; blank paper for a page that cannot be shown."""
        dpi = min(max(dpi, _COARSEST), _FINEST)
        with self._lock:
            sheets = self._sheets(key.file)
            image = sheets.paint(key.page, dpi) if sheets is not None and key in self._known else None
        if image is None:
            from PIL import Image

            from juesuan_rules.outputs.pages.painting import pixels_for

            image = Image.new("RGB", pixels_for(self.size(key), dpi), "white")
        data, media = encoded(image)
        return Picture(data, media, image.width, image.height)

    def spots(self, operand: Operand) -> tuple[Spot, ...]:
        """Where the operand's figure stands; () for one without a page in this report. Several where a line ends in it."""
        place = operand.place
        if place.page is None or place.box is None or _ELSEWHERE.match(operand.name):
            return ()
        key = PageKey(place.file, place.page)
        if key not in self._known:
            return ()
        known = (operand.place, operand.raw, operand.quote, operand.address)
        with self._lock:
            if known not in self._spots:
                self._spots[known] = self._located(operand, key, place.box)
            return self._spots[known]

    def text(self, key: PageKey) -> PageText | None:
        """The characters of the page, None where it has none that are known (a scan, a picture)."""
        with self._lock:
            sheets = self._sheets(key.file)
            return sheets.text(key.page) if sheets is not None and key in self._known else None

    def _located(self, operand: Operand, key: PageKey, box: Box) -> tuple[Spot, ...]:
        raw = operand.raw.strip()
        text = self.text(key)
        found: tuple[tuple[int, Box], ...] = ()
        if text is not None and raw:
            if self._sentences is None:
                self._sentences = Sentences(self._report)
            for printed in self._sentences.printed(operand):
                context = self._sentences.context(replace(operand, raw=printed))
                if context is not None:
                    found += in_sentence(lambda page: self.text(PageKey(key.file, page)), key.page, box, printed, context)
                else:
                    found += self._in_table(text, key, box, printed)
        pictured = text is None or not text.count
        ink = self._inked(key, box) if pictured else None
        if raw and ink is not None and not found:
            found = ((key.page, ink),)
        if not found:
            # A blank cell is its own box; one that prints something only stands near what is not there.
            empty = not raw and (ink is None and self._is_cell(box) if pictured else not self._printed(key, box))
            return (Spot(key, self._clipped(key, box), tight=empty),)
        return tuple([Spot(PageKey(key.file, page), self._clipped(PageKey(key.file, page), part)) for page, part in found])

    def _in_table(self, text: PageText, key: PageKey, box: Box, printed: str) -> tuple[tuple[int, Box], ...]:
        """A text in its cell; one with words may stand in another cell of its row, above the table, or overleaf."""
        found = in_cell(text, box, printed) or self._label(text, key, box, printed)
        if not found and is_label(printed):
            return in_sentence(lambda page: self.text(PageKey(key.file, page)), key.page, box, printed, Context())
        return tuple([(key.page, part) for part in found])

    def _printed(self, key: PageKey, box: Box) -> bool:
        text = self.text(key)
        return text is not None and bool(text.inside(box).text)

    def _is_cell(self, box: Box) -> bool:
        return box[3] - box[1] <= _HIGHEST_CELL

    def _label(self, text: PageText, key: PageKey, box: Box, raw: str) -> tuple[Box, ...]:
        """A label or a title: its place may be that of its row or its table."""
        if not is_label(raw):
            return ()
        if self._labels is None:
            self._labels = Labels(self._report)
        own = self._labels.cell(key, box, raw)
        return (in_cell(text, own, raw) if own is not None else ()) or on_page(text, box, raw)

    def _inked(self, key: PageKey, box: Box) -> Box | None:
        """The ink in a cell of a page that is a picture; that of the last page looked at is kept."""
        if not self._is_cell(box):
            return None  # a paragraph
        if self._scan is None or self._scan[0] != key:
            sheets = self._sheets(key.file)
            image = sheets.paint(key.page, DPI) if sheets is not None else None
            self._scan = key, image.convert("L") if image is not None else None
        image = self._scan[1]
        return inked(image, self.size(key), box) if image is not None else None

    def _clipped(self, key: PageKey, box: Box) -> Box:
        width, height = self.size(key)
        x0, y0 = min(max(box[0], 0.0), width), min(max(box[1], 0.0), height)
        return x0, y0, max(x0, min(box[2], width)), max(y0, min(box[3], height))

    def _sheets(self, name: str | None) -> Sheets | None:
        """The file of that name, opened; the ones used least are closed."""
        known = self._open.pop(name, None)
        if known is None:
            file = self._files.get(name)
            if file is None or name in self._lost:
                return None
            data = file.read()
            known = open_sheets(data, file.format) if data is not None else None
            if known is None:
                self._lost.add(name)
                return None
        self._open[name] = known
        if len(self._open) > _OPEN_FILES:
            self._open.popitem(last=False)[1].close()
        return known


def open_pages(subject: Subject) -> Pages | None:
    """The pages of a report; None where its format has none, or where none of its files can be shown."""
    files = paged_files(subject.report, subject.paths)
    if not files:
        return None
    pages = Pages(subject, files)
    if pages.pages:
        return pages
    pages.close()
    return None

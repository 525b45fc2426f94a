"""The pages of a picture file: each frame is a page, as large as the reader of scans takes it to be."""

from __future__ import annotations

import io
import struct
import threading
import warnings
from typing import TYPE_CHECKING

from juesuan_rules.outputs.pages.text import PageText

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "MPO")
_MOST_FRAMES = 300
_MOST_STORED = 80_000_000
_BELIEVED = (450.0, 1700.0)
_A4_LONG = 842.0
"""Long sides in points that are believed; others are taken for A4, as the reader does."""
_TURNED = (5, 6, 7, 8)
"""Values of the EXIF orientation that lay the picture on its side."""
_MOST_PIXELS, _LONGEST = 6_000_000, 8_000
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, ZeroDivisionError, EOFError, struct.error, MemoryError)
"""What Pillow raises at damaged files."""


class PictureSheets:
    """An open picture file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._image: Image | None = _opened(data)
        self.count = min(getattr(self._image, "n_frames", 1), _MOST_FRAMES)
        self._sizes: dict[int, tuple[float, float] | None] = {}

    def size(self, page: int) -> tuple[float, float] | None:
        """Width and height of the page as displayed, in points."""
        if page not in self._sizes:
            with self._lock:
                self._sizes[page] = self._size(page)
        return self._sizes[page]

    def paint(self, page: int, dpi: float) -> Image | None:
        """The frame as an RGB picture, never larger than it is stored."""
        size = self.size(page)
        if size is None:
            return None
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return self._painted(page, size, dpi)
            except _DAMAGE:
                return None

    def text(self, page: int) -> PageText | None:
        """None: a picture has no characters."""
        return None

    def close(self) -> None:
        """Frees the file."""
        if self._image is not None:
            self._image.close()
            self._image = None
            self.count = 0

    def _frame(self, page: int) -> Image | None:
        from PIL import Image as images

        if self._image is None or not 1 <= page <= self.count:
            return None
        if self.count == 1:  # a JPEG that was read small once cannot be read larger again
            self._image.close()
            self._image = _opened(self._data)
            return self._image
        try:
            self._image.seek(page - 1)
        except (*_DAMAGE, images.DecompressionBombError):
            return None
        return self._image

    def _size(self, page: int) -> tuple[float, float] | None:
        image = self._frame(page)
        if image is None or image.width * image.height > _MOST_STORED or not image.width or not image.height:
            return None
        long = max(image.size)
        resolution = _resolution(image)
        points = long / resolution * 72 if resolution else 0.0
        scale = (points if _BELIEVED[0] <= points <= _BELIEVED[1] else _A4_LONG) / long
        width, height = image.width * scale, image.height * scale
        return (height, width) if _orientation(image) in _TURNED else (width, height)

    def _painted(self, page: int, size: tuple[float, float], dpi: float) -> Image | None:
        from PIL import Image as images
        from PIL import ImageOps

        image = self._frame(page)
        if image is None:
            return None
        stored = max(image.size)
        wanted = min(max(size) * dpi / 72, stored, _LONGEST, max(size) * (_MOST_PIXELS / (size[0] * size[1])) ** 0.5)
        image.draft("RGB" if image.mode in ("RGB", "YCbCr", "CMYK") else "L", (round(wanted), round(wanted)))
        plain = _on_paper(ImageOps.exif_transpose(image))
        columns, rows = max(1, round(size[0] / max(size) * wanted)), max(1, round(size[1] / max(size) * wanted))
        return plain if plain.size == (columns, rows) else plain.resize((columns, rows), images.Resampling.BOX if plain.width > columns else images.Resampling.BILINEAR)


def open_pictures(data: bytes) -> PictureSheets | None:
    """The picture file; None where it is damaged or has too many pixels."""
    from PIL import Image as images

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            sheets = PictureSheets(data)
        except (*_DAMAGE, images.DecompressionBombError):
            return None
    return sheets if sheets.count else None


def _opened(data: bytes) -> Image:
    from PIL import Image as images

    return images.open(io.BytesIO(data), formats=_FORMATS)


def _on_paper(image: Image) -> Image:
    """The picture in red, green and blue, what is see-through as white paper."""
    from PIL import Image as images

    if image.mode.startswith(("I", "F")):
        top = image.getextrema()[1]
        scale = 255.0 / max(float(top) if isinstance(top, (int, float)) else 255.0, 255.0)
        return image.convert("F").point(lambda value: value * scale + 0).convert("L").convert("RGB")
    if image.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        return images.alpha_composite(images.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image.convert("RGB")


def _orientation(image: Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except _DAMAGE:
        return 1


def _resolution(image: Image) -> float:
    """Dots per inch as the file states them, 0.0 where it does not."""
    stated = image.info.get("dpi")
    try:
        return float(stated[0]) if stated else 0.0
    except _DAMAGE:
        return 0.0

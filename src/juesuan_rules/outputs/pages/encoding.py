"""A rendered page as a small picture file: crisp text without loss, scans with a little.

Measured at 110 dots per inch, A4 (milliseconds and kilobytes a page): a page of text has 16 shades of grey as PNG in
5 to 20 ms and 10 to 100 kB, twice the shades take twice the room and look the same; WebP without loss takes 25 to 100 ms
and more room, JPEG twice the room and blurs strokes. A scanned page takes 50 to 80 kB as WebP in 25 ms, 200 kB as PNG.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from juesuan_rules.outputs.pages.model import Media

if TYPE_CHECKING:
    from PIL.Image import Image

_SHADES, _COLOURS = 16, 48
_LIKE_TEXT = 0.5
"""A page whose pixels are paper white to this share is text; a scan has hardly any."""
_MOST_COLOURS = 4096
"""More colours than this are a photograph or a scan, whatever its paper is like."""
_QUALITY = 68
_WHITE = (255, 255, 255)


def encoded(image: Image) -> tuple[bytes, Media]:
    """An RGB picture as bytes of a PNG, WebP or JPEG file, and which of them."""
    counts = image.getcolors(_MOST_COLOURS)
    if counts is None:
        return _photograph(image)
    white = max((count for count, colour in counts if colour == _WHITE), default=0)
    if white < _LIKE_TEXT * image.width * image.height:
        return _photograph(image)
    if all(colour[0] == colour[1] == colour[2] for _, colour in counts if isinstance(colour, tuple)):
        return _shades(image), "image/png"
    return _colours(image), "image/png"


def _shades(image: Image) -> bytes:
    """A grey page as PNG with four bits a pixel, black and white kept."""
    from PIL import Image as images

    steps = 255 // (_SHADES - 1)
    grey = image.getchannel("G").point([(value + steps // 2) // steps for value in range(256)])
    page = images.frombytes("P", grey.size, grey.tobytes())
    page.putpalette([level * steps for level in range(_SHADES) for _ in range(3)])
    return _saved(page, "PNG", bits=4, compress_level=6)


def _colours(image: Image) -> bytes:
    """A page of text with a few colours (a stamp, shaded headers) as PNG with a palette."""
    from PIL import Image as images

    page = image.quantize(_COLOURS, method=images.Quantize.FASTOCTREE, dither=images.Dither.NONE)
    return _saved(page, "PNG", compress_level=6)


def _photograph(image: Image) -> tuple[bytes, Media]:
    from PIL import features

    if features.check("webp"):
        return _saved(image, "WEBP", quality=_QUALITY, method=0), "image/webp"
    return _saved(image, "JPEG", quality=_QUALITY), "image/jpeg"


def _saved(image: Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()

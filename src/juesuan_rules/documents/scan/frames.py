"""Picture files (JPEG, PNG, TIFF with one or more pages, BMP) to pictures of pages, bounded before they are unpacked."""

from __future__ import annotations

import io
import itertools
import struct
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.scan.render import MOST_STORED, Picture, usual_unit

_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "MPO")
_LONGEST = 2600
"""Pixels of the long side that are kept: an A4 page at 220 dots per inch."""
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, ZeroDivisionError, EOFError, struct.error)
"""What Pillow raises at damaged files."""


def frames_of(data: bytes, path: str) -> Iterator[Picture]:
    """The pages of a picture file, upright as a camera says, one by one.

    Raises DocumentError where the file is damaged or its pictures have too many pixels.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Image.DecompressionBombError:
            raise _too_large(path) from None
        except (UnidentifiedImageError, *_DAMAGE):
            raise _damaged(path) from None
        for number in itertools.count():
            try:
                image.seek(number)
                if image.width * image.height > MOST_STORED:
                    raise _too_large(path)
                picture = _picture(image)
            except EOFError:
                return
            except Image.DecompressionBombError:
                raise _too_large(path) from None
            except _DAMAGE:
                raise _damaged(path) from None
            yield picture


def _picture(image: Image.Image) -> Picture:
    resolution = _resolution(image)
    stored = max(image.size)
    image.draft("L", (_LONGEST, _LONGEST))
    upright = ImageOps.exif_transpose(_grey(image))
    long = max(upright.size)
    if long > _LONGEST:
        shrunk = _LONGEST / long
        upright = upright.resize((max(1, round(upright.width * shrunk)), max(1, round(upright.height * shrunk))), Image.Resampling.BOX)
    points = stored / resolution * 72 if resolution else 0.0
    unit = usual_unit(max(upright.size), points)
    return Picture(np.array(upright), upright.width / unit, upright.height / unit, unit)


def _grey(image: Image.Image) -> Image.Image:
    """The picture in grey, what is see-through as white paper; the camera's turn is kept."""
    turned = image.getexif()
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        top = float(values.max()) or 1.0
        grey = Image.fromarray((values * (255.0 / max(top, 255.0))).clip(0, 255).astype(np.uint8))
    elif image.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        grey = Image.alpha_composite(paper, clear).convert("L")
    else:
        grey = image.convert("L")
    if 0x0112 in turned:
        grey.getexif()[0x0112] = turned[0x0112]
    return grey


def _resolution(image: Image.Image) -> float:
    """Dots per inch as the file states them, 0.0 where it does not."""
    stated = image.info.get("dpi")
    try:
        return float(stated[0]) if stated else 0.0
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0


def _too_large(path: str) -> DocumentError:
    return unreadable(path, "E503", f"图片过大，超过 {MOST_STORED // 1_000_000} 百万像素", "请按每英寸 200 点重新扫描或缩小后再试")


def _damaged(path: str) -> DocumentError:
    return unreadable(path, "E507", "图片损坏或不完整，不能打开", "请重新导出或扫描后再试")

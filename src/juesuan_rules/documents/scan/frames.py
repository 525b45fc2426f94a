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
from juesuan_rules.documents.scan.stamps import without_stamps

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
    image.draft("RGB" if image.mode in ("RGB", "YCbCr", "CMYK") else "L", (_LONGEST, _LONGEST))
    ImageOps.exif_transpose(image, in_place=True)
    paper = _opaque(_shrunk(image))
    points = stored / resolution * 72 if resolution else 0.0
    unit = usual_unit(max(paper.size), points)
    grey, stamps = without_stamps(np.asarray(paper), unit) if paper.mode == "RGB" else (np.array(paper), ())
    return Picture(grey, paper.width / unit, paper.height / unit, unit, stamps)


def _shrunk(image: Image.Image) -> Image.Image:
    """The picture no larger than it is read: the first thing done to it, for what comes after makes copies."""
    long = max(image.size)
    if long <= _LONGEST:
        return image
    if image.mode in ("1", "P", "PA"):  # these cannot be averaged as they are
        image = image.convert("L" if image.mode == "1" else "RGBA" if "transparency" in image.info else "RGB")
    size = max(1, round(image.width * _LONGEST / long)), max(1, round(image.height * _LONGEST / long))
    return image.resize(size, Image.Resampling.BOX)


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in grey or in red, green and blue, what is see-through as white paper."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        top = float(values.max()) or 1.0
        return Image.fromarray((values * (255.0 / max(top, 255.0))).clip(0, 255).astype(np.uint8))
    if image.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


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

"""Picture files (PNG, JPG, TIFF, BMP): every frame is a page that must be recognised."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.model import Document, Source
from juesuan_rules.documents.pdf.furniture import without_furniture
from juesuan_rules.documents.pdf.parts import PageParts
from juesuan_rules.documents.pdf.reader import blocks_of
from juesuan_rules.documents.pdf.stitching import stitched
from juesuan_rules.documents.problems import unreadable
from juesuan_rules.documents.scan.available import HOW_TO, is_available
from juesuan_rules.documents.scan.read import ScanReader, Vocabulary, no_names
from juesuan_rules.documents.scan.render import MOST_PIXELS, MOST_STORED, Picture, usual_unit

if TYPE_CHECKING:
    from PIL import Image

MOST_FRAMES = 300
"""Of a TIFF file; what comes after is told as unread."""
_LONG_SIDE = 2_400
"""Pixels along the long side of an A4 page at 200 dots per inch; finer pictures gain nothing."""


def read_image(data: bytes, path: str, vocabulary: Vocabulary = no_names) -> Document:
    """The picture file `data`, named `path` in messages, as a Document of format "image".

    Without the extra nothing is read and the Document says so in `unread`. Raises DocumentError
    where the file is damaged or its picture has more pixels than are unpacked.
    """
    source = Source(path, hashlib.sha256(data).hexdigest(), "image", len(data))
    if not is_available():
        return Document(source, (), unread=(f"这份文件是图片，未安装识别组件，没有读取；{HOW_TO}",))
    pages: list[PageParts] = []
    unread: list[str] = []
    with ScanReader(b"", vocabulary) as reader:
        for number, picture in enumerate(_frames(data, path), start=1):
            if number > MOST_FRAMES:
                unread.append(f"图片超过 {MOST_FRAMES} 页，以后的没有读取")
                break
            parts, left = reader.read_picture(picture, number)
            pages.append(parts)
            unread += left
    without_furniture(pages)
    stitched(pages)
    note = f"{len(pages)} 页图片，文字由识别得来"
    return Document(source, tuple(blocks_of(pages)), (note,), unread=tuple(unread))


def _frames(data: bytes, path: str) -> Iterator[Picture]:
    """The frames of the file as displayed, grey on white, one after the other."""
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # The size is judged below, before anything is unpacked.
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(data))
            for frame in ImageSequence.Iterator(opened):
                if frame.width * frame.height > MOST_STORED:
                    raise _too_large(path)
                upright = ImageOps.exif_transpose(frame)
                grey = _on_white(upright)
                shrink = min(1.0, (MOST_PIXELS / (grey.width * grey.height)) ** 0.5, _LONG_SIDE / max(grey.size))
                if shrink < 1.0:
                    grey = grey.resize((max(1, round(grey.width * shrink)), max(1, round(grey.height * shrink))), Image.Resampling.LANCZOS)
                pixels = np.ascontiguousarray(np.asarray(grey, dtype=np.uint8))
                unit = usual_unit(max(grey.size), 0.0)
                yield Picture(pixels, grey.width / unit, grey.height / unit, unit)
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise unreadable(path, "E507", "图片损坏或不完整，不能打开", "请重新导出或扫描后再试") from error


def _too_large(path: str) -> DocumentError:
    return unreadable(path, "E503", f"图片过大，超过 {MOST_STORED // 1_000_000} 百万像素", "请按每英寸 200 点重新扫描或缩小后再试")


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture in grey; what is transparent is paper."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, clear).convert("L")
    return picture.convert("L")

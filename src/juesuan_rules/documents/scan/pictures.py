"""Picture files (PNG, JPG, TIFF, BMP): every frame is a page that must be recognised."""

from __future__ import annotations

import hashlib

from juesuan_rules.documents.model import Document, Source
from juesuan_rules.documents.pdf.furniture import without_furniture
from juesuan_rules.documents.pdf.parts import PageParts
from juesuan_rules.documents.pdf.reader import blocks_of
from juesuan_rules.documents.pdf.stitching import stitched
from juesuan_rules.documents.scan.available import HOW_TO, is_available
from juesuan_rules.documents.scan.read import ScanReader, Vocabulary, no_names

MOST_FRAMES = 300
"""Of a TIFF file; what comes after is told as unread."""


def read_image(data: bytes, path: str, vocabulary: Vocabulary = no_names) -> Document:
    """The picture file `data`, named `path` in messages, as a Document of format "image".

    Without the extra nothing is read and the Document says so in `unread`. Raises DocumentError
    where the file is damaged or its picture has more pixels than are unpacked.
    """
    source = Source(path, hashlib.sha256(data).hexdigest(), "image", len(data))
    if not is_available():
        return Document(source, (), unread=(f"这份文件是图片，未安装识别组件，没有读取；{HOW_TO}",))
    from juesuan_rules.documents.scan.frames import frames_of

    pages: list[PageParts] = []
    unread: list[str] = []
    with ScanReader(b"", vocabulary) as reader:
        for number, picture in enumerate(frames_of(data, path), start=1):
            if number > MOST_FRAMES:
                unread.append(f"图片超过 {MOST_FRAMES} 页，以后的没有读取")
                break
            parts, left = reader.read_picture(picture, number)
            pages.append(parts)
            unread += left
    without_furniture(pages)
    stitched(pages)
    blocks = tuple(blocks_of(pages))
    if not blocks and not unread:
        unread.append("图片中没有识别出文字")
    note = f"{len(pages)} 页图片，文字由识别得来"
    return Document(source, blocks, (note,), unread=tuple(unread))

"""Picture files: refused in words where damaged or gigantic, told as unread without the extra, read with it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest

from juesuan_rules.diagnostics import DocumentError
from juesuan_rules.documents.scan import pictures
from juesuan_rules.documents.scan.available import is_available

needs_extra = pytest.mark.skipif(not is_available(), reason="没有安装识别组件（juesuan-rules[ocr]）")


def _png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with next to nothing inside."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def test_without_the_extra_nothing_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "is_available", lambda: False)
    document = pictures.read_image(_png(10, 10), "扫描.png")
    assert document.blocks == ()
    assert len(document.unread) == 1
    assert "未安装识别组件" in document.unread[0]
    assert document.source.format == "image"


@needs_extra
def test_a_gigantic_picture_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(DocumentError, match="图片过大") as caught:
        pictures.read_image(_png(60_000, 60_000), "扫描.png")
    assert "扫描.png" in caught.value.message


@needs_extra
@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", _png(300, 300)[:60], b"\xff\xd8\xff" + b"\0" * 40])
def test_a_damaged_picture_is_one_message(data: bytes) -> None:
    with pytest.raises(DocumentError, match="图片损坏"):
        pictures.read_image(data, "扫描.png")


@needs_extra
def test_every_frame_is_a_page() -> None:
    from PIL import Image, ImageDraw

    frames = []
    for text in ("1,204.00", "35.70"):
        frame = Image.new("RGBA", (900, 300), (0, 0, 0, 0))  # transparent: paper, not black
        ImageDraw.Draw(frame).text((200, 120), text, fill=(0, 0, 0, 255), font_size=40)
        frames.append(frame)
    file = io.BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:])
    document = pictures.read_image(file.getvalue(), "两页.tif")
    found = {(block.place.page, block.text) for block in document.blocks}  # type: ignore[union-attr]
    assert found == {(1, "1,204.00"), (2, "35.70")}

"""Page pictures: small, crisp, bounded, and what a picture file's pages are."""

from __future__ import annotations

import io
import random
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw
from tests.documents.pdf.small_pdf import Page
from tests.outputs.pages.marked import cells, subject_of, table_page, written

from juesuan_rules.documents.model import Place
from juesuan_rules.findings import Operand
from juesuan_rules.outputs.pages import PageKey, Pages, Picture, open_pages
from juesuan_rules.outputs.pages.encoding import encoded
from juesuan_rules.outputs.pages.painting import LONGEST, MOST_PIXELS

FIRST = PageKey(None, 1)


def pages_of(path: Path) -> Pages:
    pages = open_pages(subject_of(path))
    assert pages is not None
    return pages


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    assert image.get_format_mimetype() == picture.media and image.size == (picture.width, picture.height)
    return image.convert("RGB")


def test_a_page_of_text_is_a_small_png_whose_figures_are_where_their_boxes_are(tmp_path: Path) -> None:
    path = written(tmp_path, table_page())
    subject = subject_of(path)
    with pages_of(path) as pages:
        picture = pages.picture(FIRST)
        assert picture.media == "image/png" and len(picture.data) < 60_000
        image, (width, height) = opened(picture).convert("L"), pages.size(FIRST)
        assert (width, height) == (595.0, 842.0) and abs(picture.width - 595 * 110 / 72) < 1
        scale = picture.width / width
        for operand in cells(subject.report):
            (spot,) = pages.spots(operand)
            part = image.crop(tuple(round(side * scale) for side in spot.box))
            assert min(part.tobytes()) < 128, "框里有墨"


def test_a_turned_page_is_shown_as_a_reader_sees_it(tmp_path: Path) -> None:
    path = written(tmp_path, Page(size=(842.0, 595.0), turn=90).text(100, 100, "第一部分").bar(742, 495, 842, 595))
    with pages_of(path) as pages:
        picture = pages.picture(FIRST, 72)
        image = opened(picture)
        assert pages.size(FIRST) == (595.0, 842.0) == image.size
        assert image.getpixel((50, 800)) == (0, 0, 0) and image.getpixel((550, 800)) == (255, 255, 255)


def test_scans_and_colours_keep_their_looks_and_stay_small() -> None:
    noise = random.Random(7)
    grainy = Image.frombytes("L", (1286, 909), bytes(noise.choices(range(225, 250), k=1286 * 909))).convert("RGB")
    ImageDraw.Draw(grainy).text((100, 100), "1,204.50", fill=(20, 20, 20))
    data, media = encoded(grainy)
    assert media == "image/webp" and len(data) < 250_000
    stamped = Image.new("RGB", (1286, 909), "white")
    ImageDraw.Draw(stamped).ellipse((300, 300, 500, 500), outline=(200, 10, 20), width=6)
    data, media = encoded(stamped)
    assert media == "image/png" and len(data) < 20_000
    red, green, blue = Image.open(io.BytesIO(data)).convert("RGB").getpixel((302, 400))
    assert red > 150 and green < 60 and blue < 60


def test_oversized_pages_are_bounded(tmp_path: Path) -> None:
    path = written(tmp_path, Page(size=(14_000.0, 300.0)).text(100, 100, "第一部分 概况"))
    with pages_of(path) as pages:
        picture = pages.picture(FIRST, 300)
        assert picture.width * picture.height <= MOST_PIXELS and max(picture.width, picture.height) <= LONGEST
        assert pages.picture(FIRST, 10_000).width <= LONGEST and pages.picture(FIRST, 0).width >= 1


def test_unknown_pages_are_blank_paper_and_closing_twice_is_fine(tmp_path: Path) -> None:
    pages = pages_of(written(tmp_path, table_page()))
    assert opened(pages.picture(PageKey(None, 99), 72)).size == (595, 842)
    pages.close()
    pages.close()
    assert opened(pages.picture(FIRST, 72)).getcolors() == [(595 * 842, (255, 255, 255))]


def test_pages_are_safe_from_several_threads(tmp_path: Path) -> None:
    path = written(tmp_path, *[table_page() for _ in range(8)])
    subject = subject_of(path)
    with pages_of(path) as pages:
        sizes = [len(pages.picture(key).data) for key in pages.pages]
        found: list[object] = []

        def work() -> None:
            for operand in cells(subject.report):
                found.append(pages.spots(operand))
            found.append([len(pages.picture(key).data) for key in pages.pages] == sizes)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found.count(True) == 4


def paper(size: tuple[int, int], text_at: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 100, 500, 160), outline="black", width=3)
    draw.rectangle((text_at[0], text_at[1], text_at[0] + 80, text_at[1] + 20), fill="black")
    return image


def image_pages(path: Path) -> Pages:
    """The pages of a picture file, read or not."""
    pages = open_pages(subject_of(path))
    assert pages is not None
    return pages


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tif"])
def test_a_picture_file_is_its_own_page(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"扫描.{suffix}"
    paper((1240, 1754), (300, 120)).save(path, dpi=(150, 150))
    with image_pages(path) as pages:
        assert pages.pages == (FIRST,)
        width, height = pages.size(FIRST)
        assert abs(width - 595.2) < 1 and abs(height - 841.9) < 1
        picture = pages.picture(FIRST, 110)
        assert abs(picture.width - 909) <= 1 and abs(picture.height - 1286) <= 1
        assert pages.picture(FIRST, 300).width == 1240, "不比存的更细"


def test_frames_of_a_tiff_are_pages_and_pictures_without_a_scale_are_a4(tmp_path: Path) -> None:
    path = tmp_path / "扫描.tif"
    paper((800, 600), (300, 120)).save(path, save_all=True, append_images=[paper((600, 800), (300, 120))])
    with image_pages(path) as pages:
        assert [key.page for key in pages.pages] == [1, 2]
        assert pages.size(pages.pages[0]) == (842.0, 631.5) and pages.size(pages.pages[1]) == (631.5, 842.0)
        assert [opened(pages.picture(key, 72)).size for key in pages.pages] == [(800, 600), (600, 800)]


def test_a_picture_turned_by_its_camera_is_shown_upright(tmp_path: Path) -> None:
    path = tmp_path / "照片.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    paper((1600, 1200), (300, 120)).save(path, exif=exif)
    with image_pages(path) as pages:
        assert pages.size(FIRST)[0] < pages.size(FIRST)[1]
        assert opened(pages.picture(FIRST, 72)).size[0] < opened(pages.picture(FIRST, 72)).size[1]


def test_a_figure_in_a_scanned_cell_is_boxed_by_its_ink(tmp_path: Path) -> None:
    path = tmp_path / "扫描.png"
    paper((1240, 1754), (300, 120)).save(path, dpi=(150, 150))
    points = 72 / 150
    operand = Operand("表[甲].金额", "1.00", "1.00", "万元", Place(page=1, box=(100 * points, 100 * points, 500 * points, 160 * points)))
    with image_pages(path) as pages:
        (spot,) = pages.spots(operand)
        assert spot.tight and [abs(a - b * points) < 2.5 for a, b in zip(spot.box, (300, 120, 380, 140), strict=True)] == [True] * 4
        (blank,) = pages.spots(replace(operand, raw="", place=Place(page=1, box=(240.0, 300.0, 300.0, 320.0))))
        assert blank.tight and blank.box == (240.0, 300.0, 300.0, 320.0)
        (nothing,) = pages.spots(replace(operand, place=Place(page=1, box=(240.0, 300.0, 300.0, 320.0))))
        assert not nothing.tight


def test_damaged_pictures_have_no_pages_or_blank_ones(tmp_path: Path) -> None:
    from juesuan_rules.outputs.pages.sheets import open_sheets

    stream = io.BytesIO()
    paper((400, 300), (300, 120)).save(stream, "PNG")
    data = stream.getvalue()
    assert open_sheets(b"\x89PNG\r\n\x1a\nbroken", "image") is None
    assert open_sheets(data, "text") is None
    for cut in range(0, len(data), max(1, len(data) // 60)):
        sheets = open_sheets(data[:cut], "image")
        if sheets is not None:
            sheets.size(1)
            sheets.paint(1, 110)
            sheets.close()
            assert sheets.paint(1, 110) is None

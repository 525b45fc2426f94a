"""A picture of a table on a page with text: read in its place with the extra, told as unread without."""

from __future__ import annotations

import pytest
from tests.documents.pdf.small_pdf import Page, pdf_of
from tests.documents.scan.drawn import CELL, FIGURES, table_picture

from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.documents.pdf.pages import read_pages
from juesuan_rules.documents.pdf.reader import read_pdf
from juesuan_rules.documents.scan import read
from juesuan_rules.documents.scan.available import is_available
from juesuan_rules.documents.scan.mixed import large_pictures

needs_extra = pytest.mark.skipif(not is_available(), reason="没有安装识别组件（juesuan-rules[ocr]）")
BEFORE = "本单位当年的收入和支出情况见以下表格，单位为万元，数字来自部门账簿。"
AFTER = "以上数字因四舍五入可能与合计略有出入，特此说明。"
GREY = bytes([255]) * 64
ROWS = [*FIGURES, *FIGURES, *FIGURES]


def _typed(page: Page) -> Page:
    return page.text(60, 80, BEFORE).text(60, 640, AFTER)


def _page(turn: int = 0, strips: int = 1) -> Page:
    """A typed line, a picture of a table, another typed line."""
    image = table_picture(ROWS).convert("L")
    page = _typed(Page(turn=turn))
    for n in range(strips):
        part = image.crop((0, image.height * n // strips, image.width, image.height * (n + 1) // strips))
        page.picture(60, 120 + 500 * n / strips, 540, 120 + 500 * (n + 1) / strips, part.size, part.tobytes())
    return page


def _texts(document: Document) -> list[object]:
    return [[[c.text for c in row] for row in b.rows] if isinstance(b, GridBlock) else b.text for b in document.blocks]


@needs_extra
@pytest.mark.parametrize("strips", [1, 4])
def test_the_table_in_the_picture_stands_between_the_typed_lines(strips: int) -> None:
    document = read_pdf(pdf_of(_page(strips=strips)), "附图.pdf")
    assert _texts(document) == [BEFORE, [list(row) for row in ROWS], AFTER]
    assert document.unread == ()
    assert "识别得来" in "".join(document.notes)
    grid = document.blocks[1]
    assert isinstance(grid, GridBlock)
    box = grid.rows[0][0].place.box  # on the page, not on the picture
    scale = 480 / (CELL[0] * 3 + 24)
    assert box == pytest.approx((60 + 12 * scale, 120 + 500 * 12 / 312, 60 + 92 * scale, 120 + 500 * 36 / 312), abs=2.5)
    assert grid.place.page == 1 and grid.place.box is not None and grid.place.box[1] == pytest.approx(box[1], abs=3)


@needs_extra
def test_on_a_page_shown_turned_places_are_those_of_the_page_as_shown() -> None:
    document = read_pdf(pdf_of(_page(turn=90)), "附图.pdf")
    assert [list(row) for row in ROWS] in _texts(document)
    (grid,) = [block for block in document.blocks if isinstance(block, GridBlock)]
    assert grid.place.box is not None and grid.place.box[2] <= 842 and grid.place.box[3] <= 595


def test_without_the_extra_the_picture_is_told_as_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "is_available", lambda: False)
    document = read_pdf(pdf_of(_typed(Page()).picture(60, 120, 540, 620, (8, 8), GREY)), "附图.pdf")
    assert [block.text for block in document.blocks if isinstance(block, TextBlock)] == [BEFORE, AFTER]
    assert len(document.unread) == 1
    assert "第 1 页有大幅图片" in document.unread[0] and "juesuan-rules[ocr]" in document.unread[0]


@needs_extra
def test_a_picture_without_a_table_or_sentences_leaves_a_note_only() -> None:
    document = read_pdf(pdf_of(_typed(Page()).picture(60, 120, 540, 620, (8, 8), GREY)), "照片.pdf")
    assert _texts(document) == [BEFORE, AFTER]
    assert document.unread == ()
    assert any("没有采用" in note for note in document.notes)


def _boxes(page: Page) -> list[tuple[float, ...]]:
    (content,) = read_pages(pdf_of(page))
    return [tuple(round(edge) for edge in box) for box in large_pictures(content)]


def test_small_pictures_and_backgrounds_are_left_alone() -> None:
    assert _boxes(_typed(Page()).picture(60, 120, 540, 620, (8, 8), GREY)) == [(60, 120, 540, 620)]
    assert _boxes(_typed(Page()).picture(60, 120, 300, 300, (8, 8), GREY)) == []
    assert _boxes(_typed(Page().picture(0, 0, 595, 842, (8, 8), GREY))) == []  # the text is typed over it
    assert _boxes(Page().picture(0, 0, 595, 842, (8, 8), GREY).text(150, 300, "某某局部门决算", 22)) == []  # a cover


def test_strips_of_one_picture_are_one() -> None:
    page = _typed(Page())
    for n in range(10):
        page.picture(60, 120 + 50 * n, 540, 170 + 50 * n, (8, 8), GREY)
    assert _boxes(page) == [(60, 120, 540, 620)]

"""Red stamps are bleached, red print is not; what stood under a stamp is told as doubtful."""

from __future__ import annotations

import io

import pytest
from tests.documents.scan.drawn import FIGURES, UNIT, stamped, table_picture

from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.scan.available import is_available

pytestmark = pytest.mark.skipif(not is_available(), reason="没有安装识别组件（juesuan-rules[ocr]）")


def _grid(image: object) -> GridBlock:
    from juesuan_rules.documents.scan.pictures import read_image

    file = io.BytesIO()
    image.save(file, "PNG", dpi=(200, 200))  # type: ignore[attr-defined]
    (grid,) = [block for block in read_image(file.getvalue(), "盖章.png").blocks if isinstance(block, GridBlock)]
    return grid


def test_a_table_under_a_stamp_is_read_and_what_it_touches_is_doubtful() -> None:
    rows = [*FIGURES, *FIGURES, *FIGURES]
    grid = _grid(stamped(table_picture(rows, margin=150), 190, 240, 115))
    assert [[cell.text for cell in row] for row in grid.rows] == [list(row) for row in rows]
    sure = [[cell.confidence >= 0.8 for cell in row] for row in grid.rows]
    assert not sure[3][0]
    assert all(row[2] for row in sure) and all(sure[-1])


def test_red_print_stays_however_much_of_it_there_is() -> None:
    rows = [*FIGURES, *FIGURES, *FIGURES]
    grid = _grid(table_picture(rows, margin=150, colour="#d02020"))
    assert [[cell.text for cell in row] for row in grid.rows] == [list(row) for row in rows]


def test_only_what_is_round_and_as_large_as_a_stamp_is_bleached() -> None:
    import numpy as np
    from PIL import Image, ImageDraw

    from juesuan_rules.documents.scan.stamps import without_stamps

    page = Image.new("RGB", (1600, 1600), "white")
    pen = ImageDraw.Draw(page)
    pen.ellipse((100, 100, 420, 420), outline=(220, 30, 30), width=8)
    pen.ellipse((600, 100, 640, 140), outline=(220, 30, 30), width=8)  # a full stop of a headline
    pen.rectangle((100, 600, 420, 920), outline=(220, 30, 30), width=8)  # a red frame
    pen.ellipse((600, 600, 1500, 1500), outline=(220, 30, 30), width=8)  # an ornament
    pen.ellipse((700, 100, 1020, 420), outline=(30, 30, 220), width=8)
    grey, stamps = without_stamps(np.asarray(page), UNIT)
    assert [tuple(round(edge, -1) for edge in stamp) for stamp in stamps] == [(100, 100, 420, 420)]
    assert grey[90:430, 90:430].min() > 200
    assert all(grey[box].min() < 120 for box in (np.s_[100:140, 600:640], np.s_[600:920, 100:420], np.s_[600:1500, 600:1500], np.s_[100:420, 700:1020]))


def test_a_red_page_and_a_tiny_one_do_no_harm() -> None:
    import numpy as np

    from juesuan_rules.documents.scan.stamps import without_stamps

    for size in ((3, 5), (17, 16), (900, 1300)):
        red = np.zeros((*size, 3), dtype=np.uint8)
        red[:, :, 0] = 230
        grey, stamps = without_stamps(red, 1.0)
        assert grey.shape == size and stamps == () and grey.max() < 120

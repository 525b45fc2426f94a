"""Published reports, where this machine has them: every ruled table whole, prose joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.documents.model import Document, GridBlock, TextBlock
from juesuan_rules.documents.pdf.reader import read_pdf


@pytest.fixture(scope="module")
def putuo(reports_dir: Path) -> Document:
    """A report with digits on another baseline than its Chinese text, and codes in three columns."""
    (path,) = reports_dir.glob("005-*.pdf")
    return read_pdf(path.read_bytes(), path.name)


def shapes(document: Document) -> list[tuple[int | None, int, int]]:
    return [(block.place.page, len(block.rows), len(block.rows[0])) for block in document.blocks if isinstance(block, GridBlock)]


def test_tables_over_pages_are_whole(putuo: Document) -> None:
    assert shapes(putuo)[1:] == [(6, 32, 4), (8, 23, 11), (10, 23, 10), (12, 35, 7), (15, 24, 7), (16, 43, 8), (18, 6, 12), (19, 12, 10), (20, 12, 10)]


def test_codes_in_three_columns_and_figures_are_in_their_cells(putuo: Document) -> None:
    grid = next(block for block in putuo.blocks if isinstance(block, GridBlock) and block.place.page == 10)
    rows = [[cell.text for cell in row] for row in grid.rows]
    assert rows[6][:7] == ["201", "06", "01", "行政运行", "1,511.89", "1,503.52", "8.37"]
    assert rows[-1][:6] == ["221", "02", "03", "购房补贴", "258.50", "258.50"]


def test_a_page_with_nothing_but_a_grid_is_told(putuo: Document) -> None:
    assert putuo.notes == ("第 14 页只有表格线，没有文字",)
    assert putuo.unread == ()


def test_prose_is_joined_and_has_no_page_numbers(putuo: Document) -> None:
    texts = [block.text for block in putuo.blocks if isinstance(block, TextBlock)]
    assert any(text.startswith("一般公共预算财政拨款支出2940.05万元，主要用于以下方面：") and text.endswith("占15.16%；") for text in texts)
    assert not any(text.strip("-— ").isdigit() for text in texts)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("006-*.pdf", [(4, 9, 3), (5, 30, 4), (6, 10, 9), (7, 10, 8), (8, 32, 7), (10, 10, 5), (11, 40, 6), (12, 5, 12), (13, 6, 8), (14, 6, 8)]),
        ("budgets/shanghai-wanli-2024.pdf", [(10, 16, 4), (11, 70, 9), (16, 70, 7), (21, 16, 7), (22, 70, 7), (27, 15, 7), (28, 15, 7), (29, 35, 6), (31, 4, 7)]),
        ("budgets/jiangsu-weiban-2018-tables.pdf", [(3, 26, 6), (4, 16, 3), (5, 2, 5), (6, 7, 4), (7, 15, 3), (8, 32, 3), (9, 15, 3), (10, 32, 3), (11, 4, 9), (12, 5, 3), (13, 17, 3), (14, 40, 6)]),
    ],
)
def test_other_documents_have_their_tables(reports_dir: Path, name: str, expected: list[tuple[int, int, int]]) -> None:
    (path,) = reports_dir.glob(name)
    document = read_pdf(path.read_bytes(), path.name)
    assert shapes(document) == expected
    assert document.unread == ()

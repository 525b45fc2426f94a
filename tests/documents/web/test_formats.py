"""Pages under other names: told by content, whatever the suffix."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.open import open_document

TABLE = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>合计</td><td>5.00</td></tr></table>"
MIME = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


@pytest.mark.parametrize("start", ["<html>", "<!DOCTYPE html>", "\ufeff\n <HTML xmlns:o='x'>", "<meta charset=utf-8>", "<style>p{}</style>", "", "<!-- x --><html>", '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">', MIME])
@pytest.mark.parametrize("suffix", ["xls", "pdf"])
def test_a_page_is_read_under_any_name(tmp_path: Path, start: str, suffix: str) -> None:
    path = tmp_path / f"决算.{suffix}"
    path.write_bytes((start + TABLE).encode())
    (grid,) = (block for block in open_document(path).blocks if isinstance(block, GridBlock))
    assert [[cell.text for cell in row] for row in grid.rows] == [["项目", "金额"], ["合计", "5.00"]]


@pytest.mark.parametrize("codec", ["utf-16", "gb18030"])
def test_a_page_in_other_encodings(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "决算.xls"
    path.write_bytes(("<html>" + TABLE).encode(codec))
    assert isinstance(open_document(path).blocks[0], GridBlock)

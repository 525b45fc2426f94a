"""Several files as one document."""

from __future__ import annotations

from juesuan_rules.documents.joining import join, short_names
from juesuan_rules.documents.model import Document, GridBlock, GridCell, Place, Source, TextBlock

TEXT = Document(Source("a/正文.txt", "1" * 64, "text", 10), (TextBlock("决算", Place(line=1)),), ("改了一处",))
TABLE = Document(
    Source("a/附表.xlsx", "2" * 64, "xlsx", 20),
    (GridBlock(((GridCell("合计", Place(sheet="01", cell="A1"), confidence=0.5),),), Place(sheet="01")),),
    unread=("工作表「02」只有图片",),
)


def test_blocks_follow_each_other_and_keep_their_places() -> None:
    joined = join((TEXT, TABLE))
    assert joined.blocks[0].place == Place(line=1, file="正文.txt")
    grid = joined.blocks[1]
    assert isinstance(grid, GridBlock)
    assert grid.rows[0][0] == GridCell("合计", Place(sheet="01", cell="A1", file="附表.xlsx"), confidence=0.5)
    assert joined.parts == (TEXT.source, TABLE.source)
    assert joined.notes == ("正文.txt：改了一处",) and joined.unread == ("附表.xlsx：工作表「02」只有图片",)


def test_the_source_is_of_all_files_and_their_order() -> None:
    one, other = join((TEXT, TABLE)), join((TABLE, TEXT))
    assert one.source.format == "mixed" and one.source.size == 30 and one.source.path == "a/正文.txt"
    assert one.source.sha256 != other.source.sha256
    assert join((TEXT, TEXT)).source.format == "text"


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    assert short_names(["a/1.txt", "b/1.txt", "b\\2.txt"]) == ["a/1.txt", "b/1.txt", "2.txt"]

"""Which files a run reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.pipeline.gather import gather


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def test_folders_are_searched_in_a_stable_order(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.TXT", "下级/c.txt", "下级/图.png", "下级/程序.exe", ".隐藏/d.txt", "~$e.docx", ".f.txt", "g.pdf")
    names = [p.relative_to(tmp_path).as_posix() for p in gather([tmp_path])]
    assert names == ["a.TXT", "b.txt", "g.pdf", "下级/c.txt", "下级/图.png"]


def test_each_file_once_and_named_files_whatever_their_suffix(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.out")
    found = gather([tmp_path / "b.out", tmp_path / "a.txt", tmp_path, tmp_path / "sub" / ".." / "a.txt"])
    assert found == (tmp_path / "b.out", tmp_path / "a.txt")


def test_a_missing_file_is_left_to_the_reader(tmp_path: Path) -> None:
    """One missing file must not stop the others: it fails when it is its turn."""
    assert gather([tmp_path / "none.txt"]) == (tmp_path / "none.txt",)


def test_an_empty_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有可读的报告"):
        gather([tmp_path])


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert gather([tmp_path]) == (tmp_path / "a.txt",)

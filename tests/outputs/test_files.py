"""Files are written whole or not at all, under names every file system takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.outputs.files import file_stems, write_whole


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "结果.html"
    target.write_bytes(b"old, and longer than the new one")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["结果.html"]


def test_a_failed_write_leaves_nothing_and_names_the_target(tmp_path: Path) -> None:
    target = tmp_path / "没有" / "结果.html"
    with pytest.raises(UsageError, match="没有"):
        write_whole(target, b"x")
    assert list(tmp_path.iterdir()) == []


def test_stems_keep_what_a_person_called_the_file() -> None:
    assert file_stems(["d/某局-2023.txt", "e\\某局-2024.pdf", "无后缀"]) == ["某局-2023", "某局-2024", "无后缀"]


def test_reports_of_one_name_stay_apart_even_where_case_does_not_count() -> None:
    assert file_stems(["a/x.txt", "b/X.pdf", "c/x.docx"]) == ["x", "X-2", "x-3"]


@pytest.mark.parametrize(("path", "stem"), [("CON.txt", "_CON"), ("a:b*?.pdf", "a_b_"), (" .. .txt", "报告"), ("名\u202e称.txt", "名_称")])
def test_names_a_system_refuses_are_changed(path: str, stem: str) -> None:
    assert file_stems([path]) == [stem]


@given(st.lists(st.text(min_size=1, max_size=400), max_size=6))
def test_any_paths_give_distinct_names_that_stay_in_the_folder(paths: list[str]) -> None:
    stems = file_stems(paths)
    assert len({stem.casefold() for stem in stems}) == len(paths)
    for stem in stems:
        assert not set(stem) & set('/\\:*?"<>|\x00') and stem not in (".", "..") and 0 < len(stem.encode()) < 200

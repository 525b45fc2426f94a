"""The pictures in the documents are those the tool makes, small enough, and of an invented report."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_screenshots  # noqa: E402

USED = re.compile(r"(?:\]\(|src=\")(?:docs/)?images/([\w-]+)\.png")


def test_every_picture_is_made_by_the_tool_and_used() -> None:
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")]
    used = {name for page in pages for name in USED.findall(page.read_text("utf-8"))}
    assert {path.stem for path in make_screenshots.IMAGES.glob("*")} == set(make_screenshots.PICTURES)
    assert used <= set(make_screenshots.PICTURES)


@pytest.mark.parametrize("path", sorted(make_screenshots.IMAGES.glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_small(path: Path) -> None:
    assert path.stat().st_size <= make_screenshots.MOST_BYTES


def test_the_sample_is_printed_whole(tmp_path: Path) -> None:
    page = make_screenshots.printed(make_screenshots.SAMPLE)
    assert page.count("<table>") == page.count("</section>") - 1 >= 9
    assert "<h2>收入支出决算总表</h2>" in page and '<td class="n">8,400.00</td>' in page
    (tmp_path / "某.txt").write_text("某某单位某某决算表\n\n项目\t金额\n<b>甲\t1.00\n乙\t2.00\n", "utf-8")
    assert "<td class=\"\">&lt;b&gt;甲</td>" in make_screenshots.printed(tmp_path / "某.txt")

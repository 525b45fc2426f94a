"""The error gallery is up to date, and every code has an example that causes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import make_gallery as gallery

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "src/juesuan_rules/packs").rglob("*.py"), *(ROOT / "src/juesuan_rules/catalogue").rglob("*.py"), ROOT / "src/juesuan_rules/yamlfile.py", ROOT / "src/juesuan_rules/authoring/cases.py", *(ROOT / "src/juesuan_rules/authoring/testing").rglob("*.py")]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_no_code_of_packs_is_left_out() -> None:
    used = {code for path in SOURCES for code in re.findall(r'"([EW]4\d\d)"', path.read_text("utf-8"))}
    assert used == set(gallery.PACK_CODES)


@pytest.mark.parametrize("code", gallery.codes())
def test_every_code_has_an_example(code: str) -> None:
    problems, shown = gallery.problems_of(code)
    assert [p.code for p in problems] == [code] and shown
    assert all(p.message and (p.source_line or not p.span.column or code in ("E401", "E402", "E403", "E416", "E417", "E419")) for p in problems)


def test_the_page_is_the_generated_one() -> None:
    assert gallery.PAGE.read_text("utf-8") == gallery.gallery(), "请运行 python tools/make_gallery.py"

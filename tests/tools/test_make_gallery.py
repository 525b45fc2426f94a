"""The error gallery is up to date, and every code has an example that causes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.gallery_runs import Entry, said_of_all

from juesuan_rules.authoring.linting.codes import CODES as LINT_CODES
from tools import make_gallery as gallery

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "src" / "juesuan_rules"
CODE = re.compile(r"""["']([A-Z]\d{3})["']""")
SOURCES = [*(ROOT / "src/juesuan_rules/packs").rglob("*.py"), *(ROOT / "src/juesuan_rules/catalogue").rglob("*.py"), ROOT / "src/juesuan_rules/yamlfile.py", ROOT / "src/juesuan_rules/authoring/cases.py", *(ROOT / "src/juesuan_rules/authoring/testing").rglob("*.py")]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_no_code_of_packs_is_left_out() -> None:
    used = {code for path in SOURCES for code in re.findall(r'"([EW]4\d\d)"', path.read_text("utf-8"))}
    assert used == set(gallery.PACK_CODES) - {"E442"}


def printed_codes() -> set[str]:
    """Everything in the program that looks like a code."""
    return {code for path in PROGRAM.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))} - {"F401"}


def test_no_code_of_the_program_is_left_out() -> None:
    shown = {*gallery.codes(), *gallery.NO_FILE, *(one.code for one in gallery.entries()), *(one.code for one in LINT_CODES)}
    assert printed_codes() == shown
    for page in (gallery.PAGE, ROOT / "docs" / "lint.zh-CN.md"):
        headed = re.findall(r"^## ([A-Z]\d{3}) .", page.read_text("utf-8"), re.MULTILINE)
        assert len(headed) == len(set(headed))
        shown -= set(headed)
    assert not shown


@pytest.mark.parametrize("one", gallery.entries(), ids=lambda one: one.code)
def test_what_is_run_says_the_code(one: Entry) -> None:
    assert one.code in said_of_all()[one.code]


@pytest.mark.parametrize("one", gallery.other_files(), ids=lambda one: one.meaning)
def test_other_files_are_told_with_place_and_caret(one: Entry) -> None:
    assert re.search(r": 错误 E41\d .*\n.*\n +\^", said_of_all()[one.meaning])


@pytest.mark.parametrize("code", gallery.codes())
def test_every_code_has_an_example(code: str) -> None:
    problems, shown = gallery.problems_of(code)
    assert [p.code for p in problems] == [code] and shown
    assert all(p.message and (p.source_line or not p.span.column or code in ("E401", "E402", "E403", "E416", "E417", "E419")) for p in problems)


def test_the_page_is_the_generated_one() -> None:
    assert gallery.PAGE.read_text("utf-8") == gallery.gallery(), "请运行 python tools/make_gallery.py"

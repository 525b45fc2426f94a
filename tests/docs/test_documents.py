"""Documents that are generated are up to date, and every link inside the project leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from juesuan_rules.language.reference import generate_reference

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "fixtures" / "README.md", ROOT / "benchmarks" / "README.md"]


def test_the_language_reference_is_the_generated_one() -> None:
    page = (ROOT / "docs" / "language-reference.zh-CN.md").read_text("utf-8")
    assert page == generate_reference(), "请运行 make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    for page in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert f"]({page.name})" in index, page.name

"""The table of codes: every example does what it says, and the pages are made from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.authoring.linting.linted import SETTINGS, of

from juesuan_rules.authoring.linting.codes import CODES, LEVELS, LintCode, level_of
from juesuan_rules.authoring.linting.examples import example_files, example_pack
from juesuan_rules.authoring.linting.fixing import fix_file
from juesuan_rules.authoring.linting.run import lint_pack
from tools import make_lint_pages

ROOT = Path(__file__).parents[3]
Write = Callable[[dict[str, str]], Path]


def test_codes_are_unique_and_in_order() -> None:
    names = [one.code for one in CODES]
    assert names == sorted(set(names))
    assert all(re.fullmatch(r"L[1-5]\d\d", name) for name in names)
    assert {one.level for one in CODES} == set(LEVELS)


@pytest.mark.parametrize("one", CODES, ids=lambda one: one.code)
def test_the_bad_example_causes_the_finding_and_the_good_one_does_not(one: LintCode, write: Write) -> None:
    root = write(example_files(one))
    bad = lint_pack(str(root / example_pack(one)), (root,), SETTINGS, deep=one.deep)
    found = of(bad, one.code)
    assert found, [(f.code, f.message) for f in bad.findings]
    assert all(f.level == level_of(one.code) for f in found)
    if one.deep:
        assert found[0].details
    for name in example_files(one):
        (root / name).unlink()
    write(example_files(one, good=True))
    good = lint_pack(str(root / example_pack(one)), (root,), SETTINGS, deep=one.deep)
    assert not of(good, one.code), of(good, one.code)
    assert not [f for f in good.findings if f.code.startswith("E")], good.findings


@pytest.mark.parametrize("one", CODES, ids=lambda one: one.code)
def test_what_is_said_to_be_fixable_is_fixed(one: LintCode, write: Write) -> None:
    root = write(example_files(one))
    report = lint_pack(str(root / example_pack(one)), (root,), SETTINGS)
    fixable = [f for f in of(report, one.code) if f.fixable]
    assert bool(fixable) == one.fixable
    for finding in fixable:
        fixed = fix_file(report.files[finding.span.file], [finding])
        assert fixed.changed
        fixed.path.write_text(fixed.after, "utf-8", newline="\n")
    if fixable:
        assert not of(lint_pack(str(root / example_pack(one)), (root,), SETTINGS), one.code)


def test_the_page_of_codes_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "lint.zh-CN.md").read_text("utf-8") == make_lint_pages.page(), "请运行 make docs"


def test_every_code_has_a_section() -> None:
    page = make_lint_pages.page()
    assert all(f"\n## {one.code} {one.title}\n" in page for one in CODES)

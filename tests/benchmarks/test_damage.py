"""The damage benchmark makes the edits it says it makes, and counts them right."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [str(ROOT / "benchmarks" / "damage"), str(ROOT / "benchmarks")]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in FOLDERS:
        monkeypatch.syspath_prepend(folder)


def test_changes_keep_the_way_of_printing() -> None:
    from edits import changes

    assert changes("1,966.32") == {"+0.10": "1,966.42", "×2": "3,932.64", "÷10": "196.63", "换位": "1,966.23"}
    assert changes("45.8") == {"+0.10": "45.90", "×2": "91.60", "÷10": "4.58", "换位": "45.08"}
    assert changes("0.00") == {"+0.10": "0.10"}
    assert changes("—") == changes("3O.1") == {}


def test_a_cell_is_replaced_where_it_stands() -> None:
    from edits import Edit, apply, replace_cell

    assert replace_cell("总计\t31\t5.00\t总计\t62\t5.00", "5.00", "9.99", 1) == "总计\t31\t5.00\t总计\t62\t9.99"
    assert replace_cell("\t5.00", "5.00", "", 0) == "\t"
    assert replace_cell("合计\t1", "2", "3", 0) is None
    assert apply(["a", "b", "c"], Edit("", "", ((1, None), (3, "d")))) == "b\nd"


@pytest.fixture(scope="module")
def sample() -> Path:
    return ROOT / "fixtures" / "辽宁省云岫市数据服务局-2023.txt"


def test_every_figure_of_the_sample_is_found_once(sample: Path) -> None:
    from edits import figure_edits, figures, structural_edits
    from subject import Subject

    subject = Subject.of(sample)
    found = figures(subject.report)
    printed = [(f.line, f.raw, f.nth) for f in found]
    assert len(found) > 200
    assert len(set(printed)) == len(printed)
    lines = subject.text.split("\n")
    assert all(lines[f.line - 1].split("\t").count(f.raw) > f.nth for f in found)
    assert {e.figure for e in figure_edits(lines, subject.report)} == set(found)
    kinds = {e.kind for e in structural_edits(lines, subject.report)}
    assert {"删表", "删行", "合计改空", "整列下移", "各格右移", "邻行互换"} <= kinds


def test_a_changed_figure_is_told_with_its_cell(sample: Path) -> None:
    from edits import figure_edits
    from notice import Baseline
    from subject import Subject

    subject = Subject.of(sample)
    baseline = Baseline(subject)
    assert not baseline.bad
    edits = figure_edits(subject.text.split("\n"), subject.report)
    total = next(e for e in edits if e.figure is not None and e.figure.key == "合计" and e.figure.column == "基本支出" and e.kind == "×2")
    told = baseline.tell(total)
    assert told.noticed
    assert told.shared >= 2
    assert told.suspect

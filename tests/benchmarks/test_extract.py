"""How reading is scored: alignment by rows and columns, merged cells, tables in pieces."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from juesuan_rules.findings import Finding

FOLDER = Path(__file__).parents[2] / "benchmarks" / "extract"


@pytest.fixture(scope="module")
def scoring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extract_scoring", FOLDER / "scoring.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["extract_scoring"] = module
    spec.loader.exec_module(module)
    return module


ROWS = [["收入", "", "支出"], ["项目", "金额", "金额"], ["合计", "1,204.50", "3.00"], ["", "", ""], ["总计", "", "4.00"]]
ANSWER = [{"title": "甲", "rows": ROWS, "merges": [[0, 0, 0, 1]]}]


def shares(scoring: ModuleType, *tables: list[list[str]]) -> tuple[float, float, float]:
    return scoring.score(ANSWER, tables).shares()


def test_what_is_printed_is_perfect_with_or_without_spaces_blank_rows_and_repeated_merges(scoring: ModuleType) -> None:
    assert shares(scoring, ROWS) == (100, 100, 100)
    assert shares(scoring, [["收 入", "收入", "支出"], ["项目", "金额", "金额"], ["合计", "1204.5", "3"], ["总计", "", "4.00"]]) == (100, 100, 100)


def test_a_figure_in_the_wrong_column_is_wrong(scoring: ModuleType) -> None:
    cells, amounts, tables = shares(scoring, [*ROWS[:2], ["合计", "", "1,204.50"], *ROWS[3:]])
    assert (round(cells, 1), round(amounts, 1), tables) == (80.0, 33.3, 0)


def test_a_lost_row_a_foreign_one_and_a_table_in_two_pieces_are_not_perfect(scoring: ModuleType) -> None:
    assert shares(scoring, ROWS[:4])[2] == 0
    assert shares(scoring, [*ROWS[:3], ["页眉", "", ""], *ROWS[3:]]) == (100, 100, 0)
    assert shares(scoring, ROWS[:3], ROWS[3:]) == (100, 100, 0)
    assert shares(scoring, [*ROWS[:2], [*ROWS[2], "9"], *ROWS[3:]]) == (100, 100, 0)
    assert shares(scoring) == (0, 0, 0)


def test_a_blank_cell_must_be_blank(scoring: ModuleType) -> None:
    assert shares(scoring, [*ROWS[:4], ["总计", "5.00", "4.00"]]) == (100, 100, 0)


def test_scores_add_up(scoring: ModuleType) -> None:
    whole = scoring.Score()
    whole.add(scoring.score(ANSWER, [ROWS]))
    whole.add(scoring.score(ANSWER, []))
    assert whole.shares() == (50, 50, 50)


@pytest.fixture(scope="module")
def same() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        import same_findings
    finally:
        sys.path.remove(str(FOLDER))
    return same_findings


def verdicts(**outcomes: str) -> dict[tuple[str, str, str], list[Finding]]:
    return {(rule, "", ""): [Finding(rule, "", outcome, "error", "cn")] for rule, outcome in outcomes.items()}  # type: ignore[arg-type]


def test_an_invented_and_a_lost_error_are_told_apart(same: ModuleType) -> None:
    before = verdicts(A="fail", B="pass", C="fail", D="pass", E="pass")
    difference = same.compare(before, verdicts(A="pass", B="fail", C="undecided", D="undecided"))
    assert [c[0] for c in difference["invented"]] == ["B"] and [c[0] for c in difference["lost"]] == ["A"]
    assert [c[0] for c in difference["undecided"]] == ["C", "D"] and [c[0] for c in difference["other"]] == ["E"]
    assert not same.sound(difference, "scan150")


def test_a_scan_may_leave_one_check_in_a_hundred_undecided(same: ModuleType) -> None:
    many = {f"R{n}": "pass" for n in range(100)}
    one = same.compare(verdicts(**many), verdicts(**{**many, "R7": "undecided"}))
    assert same.sound(one, "scan200") and not same.sound(one, "docx")
    assert same.sound(same.compare(verdicts(**many), verdicts(**many)), "docx")

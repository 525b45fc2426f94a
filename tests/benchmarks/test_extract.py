"""How reading is scored: alignment by rows and columns, merged cells, tables in pieces."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

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

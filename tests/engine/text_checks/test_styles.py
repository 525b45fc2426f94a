"""Whole reports as departments of several provinces write them: only what is really in them is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.text_checks.conftest import written

from juesuan_rules import api
from juesuan_rules.engine.books import Books
from juesuan_rules.engine.text_checks.registry import TEXT_CHECKS
from juesuan_rules.reports.model import Report

STYLES = sorted((Path(__file__).parent / "styles").glob("*.txt"))
TRUE = {
    "beijing": {"模板残留"},
}
REAL = {
    "000": {"单位名一致"},
    "001": {"模板残留", "缺金额单位", "标点成对", "标记残留", "转换痕迹", "同文异写"},
    "002": {"序号连续", "年度写法", "重复标点", "百分比写法", "内部编码", "过时名称", "名词解释齐全"},
    "003": {"内部编码"},
    "004": {"序号连续", "标点成对", "缺金额单位", "占位符", "模板残留", "标记残留", "表头齐全"},
    "005": set(),
    "006": {"序号连续", "占位符", "模板残留"},
}
ARGUMENTS = {"公开细度": ("支出决算表", "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算明细表"), "科目存在": ("功能科目",), "科目名称一致": ("功能科目",)}


def told(report: Report) -> set[str]:
    """The checks that find something wrong; what the prose contradicts is the readers' to prove."""
    books = Books(report)
    return {name for name, check in TEXT_CHECKS.items() if name != "前后一致" and any(v.outcome == "fail" for v in check(books, ARGUMENTS.get(name, ())))}


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_a_sound_report_raises_nothing(path: Path) -> None:
    assert told(written(path.read_text("utf-8"))) == TRUE.get(path.stem, set())


@pytest.mark.parametrize("number", sorted(REAL))
def test_real_reports(reports_dir: Path, number: str) -> None:
    (path,) = reports_dir.glob(f"{number}-*")
    assert told(api.load_report(path)) == REAL[number]

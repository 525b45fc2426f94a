"""Coverage as text, JSON and a page: complete, escaped, self-contained."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from juesuan_rules.authoring.coverage.as_json import to_json
from juesuan_rules.authoring.coverage.console import render
from juesuan_rules.authoring.coverage.heat_map import to_html
from juesuan_rules.authoring.coverage.measuring import measure
from juesuan_rules.authoring.coverage.model import ReportCoverage
from juesuan_rules.documents.model import GridBlock
from juesuan_rules.pipeline.load import load
from juesuan_rules.pipeline.options import Options

SAMPLE = Path(__file__).parents[3] / "fixtures" / "辽宁省云岫市数据服务局-2023.txt"
EVIL = '"><script>alert(1)</script>\x1b[31m'


@pytest.fixture(scope="module")
def covered() -> ReportCoverage:
    return measure(load(SAMPLE, Options()))


class _Page(HTMLParser):
    """Tags that open and close, texts, and titles."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    assert page.open == []
    return page


def test_the_page_is_self_contained_and_marks_every_figure(covered: ReportCoverage) -> None:
    page = parsed(to_html([covered]))
    marked = [attrs for tag, attrs in page.tags if "f" in (attrs.get("class") or "").split() and attrs.get("title")]
    assert len(marked) == len(covered.figures)
    assert not [tag for tag, attrs in page.tags if tag in ("script", "link", "img", "iframe") or any(name in attrs for name in ("src", "onclick"))]
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in page.tags)
    assert "prefers-color-scheme:dark" in to_html([covered])


def test_titles_name_the_rules(covered: ReportCoverage) -> None:
    page = parsed(to_html([covered]))
    titles = [attrs["title"] or "" for _, attrs in page.tags if attrs.get("title")]
    total = next(t for t in titles if t.startswith("总表[本年支出合计].金额"))
    assert "B-04 总表与支出表：本年支出合计一致" in total and "第" in total
    assert any("没有规则发现" in title for title in titles)


def test_nothing_in_a_report_is_live_on_the_page(covered: ReportCoverage) -> None:
    name, table = next(iter(covered.report.tables.items()))
    rows = tuple([tuple([replace(cell, text=EVIL) if (r, c) == (0, 0) else cell for c, cell in enumerate(row)]) for r, row in enumerate(table.grid.rows)])
    report = replace(covered.report, tables={**covered.report.tables, name: replace(table, grid=replace(table.grid, rows=rows))})
    figures = tuple([replace(c, printed=replace(c.printed, name=EVIL)) for c in covered.figures])
    wicked = replace(covered, report=report, figures=figures, source=replace(covered.source, path=EVIL))
    text = to_html([wicked])
    assert "<script" not in text and "\x1b" not in text
    assert "script" not in {tag for tag, _ in parsed(text).tags}
    assert "\x1b" not in render([wicked], list_all=True)


def test_merged_cells_keep_their_figures(covered: ReportCoverage) -> None:
    """A cell said to cover others hides none that holds a figure."""
    name, table = next(iter(covered.report.tables.items()))
    rows = tuple([tuple([replace(cell, colspan=99, rowspan=99) for cell in row]) for row in table.grid.rows])
    report = replace(covered.report, tables={**covered.report.tables, name: replace(table, grid=GridBlock(rows))})
    page = parsed(to_html([replace(covered, report=report)]))
    assert sum(bool(attrs.get("title")) for _, attrs in page.tags) == len(covered.figures)


def test_the_console_counts_and_lists(covered: ReportCoverage) -> None:
    text = render([covered])
    count = sum(c.guarded for c in covered.figures)
    assert f"印出的 {len(covered.figures)} 个数" in text and f"改了能发现 {count} 个" in text
    assert re.search(r"表 收入支出决算总表\s+14\s+14\s+14\s+14\s+0\s+100\.0%", text)
    assert "改了没有规则发现" in text
    assert len(render([covered], list_all=True)) > len(text)
    assert "合计 2 份报告" in render([covered, covered])
    text.encode("gbk")


def test_json(covered: ReportCoverage) -> None:
    told = json.loads(json.dumps(to_json([covered]), ensure_ascii=False))
    report = told["reports"][0]
    assert len(report["figures"]) == report["summary"]["figures"] == len(covered.figures)
    assert {f["kind"] for f in report["figures"]} == {"table", "form", "prose"}
    assert sum(p["guarded"] for p in report["parts"]) == report["summary"]["guarded"]
    total = next(f for f in report["figures"] if f["name"] == "总表[本年支出合计].金额")
    assert total["guard"] == "unit" and "A01-2" in total["read_by"] and total["place"]["line"] > 0

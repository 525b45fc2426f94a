"""Hover with a report: what the word under the cursor comes to in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from client import Client

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "fixtures" / "辽宁省云岫市数据服务局-2023.txt"
RULES = ROOT / "rules" / "cn" / "rules" / "a-tables.yaml"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, str, str]]:
    """A client whose workspace names a report, with a rule file outside of packs open."""
    from client import Client

    content = (
        "language: 1\nrules:\n  - id: Z-01\n    title: 试\n    check:\n"
        "      - sum(总表.支出) == 总表[本年支出合计] ± 尾差\n      - 支出表[类].基本支出 >= 0\n      - 总表[没有这行] == 1\n"
    )
    path = tmp_path_factory.mktemp("report") / "z.yaml"
    path.write_text(content, "utf-8")
    made = Client(path.parent, {"workspace": {"configuration": True}}, {"report": str(REPORT)})
    yield made, made.open(path), content
    made.close()


def hover(client: Client, uri: str, content: str, around: str) -> str:
    before, _, after = around.partition("|")
    offset = content.index(before + after) + len(before)
    line = content.count("\n", 0, offset)
    for _ in range(30):  # the report may still be being read
        found: Any = client.at("hover", uri, line, offset - content.rfind("\n", 0, offset) - 1)
        page: str = found["contents"]["value"] if found else ""
        if "正在读取" not in page:
            return page
    raise AssertionError("the report was not read")


def test_a_cell_with_its_value_and_place(reading: tuple[Client, str, str]) -> None:
    page = hover(*reading, "== 总表[本年|支出合计]")
    assert "云岫市数据服务局" in page and "万元" in page and "印作“" in page
    assert "地址：`总表.支出[本年支出合计]`" in page


def test_a_function_with_what_it_comes_to(reading: tuple[Client, str, str]) -> None:
    cell, whole = (hover(*reading, around) for around in ("== 总表[本年|支出合计]", "- s|um(总表.支出)"))
    value = cell.split("- **")[1].split("**")[0]
    assert f"**{value}** 万元" in whole  # the report is sound: the sum is the total


def test_rows_are_listed_and_the_rule_is_judged(reading: tuple[Client, str, str]) -> None:
    assert hover(*reading, "支出表[类].基|本支出").count("\n- ") >= 3


def test_an_address_that_means_nothing_has_no_value(reading: tuple[Client, str, str]) -> None:
    assert "云岫市" not in hover(*reading, "总表[没有|这行]")


def test_a_report_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    from juesuan_rules.editor.figures import ReportFigures
    from juesuan_rules.editor.session import Session

    session = Session()
    view = session.view(tmp_path / "x.yaml")
    figures = ReportFigures()
    assert figures.ready and figures.values("1 + 1", view.layout) == ""
    figures.choose(str(tmp_path / "没有.pdf"))
    assert not figures.ready and "正在读取" in figures.values("总表[本年支出合计]", view.layout)
    figures.open()
    assert "没有.pdf" in figures.values("总表[本年支出合计]", view.layout)


def test_settings_are_taken_in_every_shape_an_editor_sends() -> None:
    from juesuan_rules.editor.session import Session

    session = Session()
    for settings, wanted in (({"report": "a"}, "a"), ({"juesuan": {"report": "b"}}, "b"), ({"juesuan": None}, ""), (None, ""), ({"report": 5}, "")):
        session.configure(settings)
        assert session.figures.path == wanted
    session.configure({"year": 2022})
    assert session.year == 2022
    session.configure({"year": "去年"})
    assert session.year is None

"""The handbook says everything of the pack, and nothing in it acts on a browser or on Markdown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from juesuan_rules.authoring.handbook.contents import make_handbook
from juesuan_rules.authoring.handbook.html_page import to_html
from juesuan_rules.authoring.handbook.markdown import to_markdown
from juesuan_rules.authoring.handbook.model import Handbook
from juesuan_rules.authoring.scaffold.packs import NewPack, create_pack
from juesuan_rules.packs.load import load_pack
from juesuan_rules.resources import rules_root

ROOTS = (rules_root(),)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' [乙](javascript:x) `丙` \x1b[31m"


@pytest.fixture(scope="module")
def book() -> Handbook:
    return make_handbook("cn-15-neimenggu", ROOTS)


def test_every_rule_in_force_is_there_with_its_words(book: Handbook) -> None:
    pack = load_pack("cn-15-neimenggu", None, ROOTS)
    entries = {rule.id: rule for family in book.families for rule in family.rules}
    assert set(entries) == {rule.id for rule in pack.rules}
    assert all(e.checks and e.meaning and e.reads and e.basis and e.examples for e in entries.values())
    changed = entries["C-21"]
    assert [c.head.split(" ")[0] for c in changed.changes] == ["cn", "cn-15-neimenggu"]
    assert ("规则包", "cn，cn-15-neimenggu 调整") in changed.facts
    assert {e.outcome for e in entries["A01-2"].examples} >= {"相符", "不符"}
    assert dict(entries["A01-2"].basis) == {"预算法 第七十五条（核验 2026-11-01）": True, "部门决算报表审核口径 表内公式（未核验）": False}


def test_the_tables_of_the_catalogue_are_there(book: Handbook) -> None:
    sections = {section.title: section.grids for section in book.sections}
    assert set(sections) == {"改动了上级的规则", "口径参数", "表样", "文字里的事实", "绩效表单", "词典"}
    assert any("停用" in row for row in sections["改动了上级的规则"][0].rows for row in row)
    total = next(grid for grid in sections["表样"] if grid.title == "01 表 《收入支出决算总表》 支出")
    assert ("58", "本年支出合计", "", "合计", "") in total.rows


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.open += [] if tag in ("meta", "br") else [tag]
        for name, value in attrs:
            assert name in {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "title", "aria-label", "open"}, name
            self.ids += [str(value)] if name == "id" else []
            self.links += [str(value)] if name == "href" else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _parsed(text: str) -> _Tags:
    page = _Tags()
    page.feed(text)
    assert page.open == []
    return page


def test_the_page_is_whole_and_fetches_nothing(book: Handbook) -> None:
    text = to_html(book)
    page = _parsed(text)
    assert not page.seen & {"script", "img", "link", "iframe", "object", "form"}
    assert len(page.ids) == len(set(page.ids))
    assert all(link[0] == "#" and link[1:] in page.ids for link in page.links)
    assert "default-src 'none'" in text and "@page{size:A4" in text and "prefers-color-scheme:dark" in text
    assert "http" not in re.sub(r"http-equiv", "", text) and "url(" not in text


def test_nothing_of_a_pack_acts(tmp_path: Path) -> None:
    folder = tmp_path / "cn-2199"
    create_pack(NewPack(folder, "2199", name=EVIL.strip("\x1b[31m ")), ROOTS)
    quoted = "'" + EVIL.replace("'", "''").replace("\x1b[31m", "") + "'"
    (folder / "rules" / "x.yaml").write_text(
        f"language: 1\nrules:\n  - id: LI-01\n    title: {quoted}\n    note: {quoted}\n    check: '提及(\"<script>甲</script>\")'\n    tags: [{quoted}]\n    basis: [{{文号: {quoted}}}]\n", "utf-8"
    )
    (folder / "cases" / "LI-01.yaml").write_text(f"language: 1\nrule: LI-01\ncases:\n  - name: {quoted}\n    outcome: 相符\n    text: {quoted}\n", "utf-8")
    (folder / "pages").mkdir()
    (folder / "pages" / "LI-01.md").write_text(f"# 页\n\n## 为什么\n\n{EVIL}\n\n## 依据\n\n待补：甲\n", "utf-8")
    book = make_handbook(str(folder), ROOTS)
    page = _parsed(to_html(book))
    assert not page.seen & {"script", "img"}
    assert "依据" not in book.families[-1].rules[-1].page
    plain = to_markdown(book)
    assert "<script" not in re.sub(r"^    .*$", "", plain, flags=re.MULTILINE).replace("\\<script", "")
    assert not re.search(r"(?<!\\)]\(", plain) and "\x1b" not in plain + to_html(book)


def test_markdown_tables_hold_together(book: Handbook) -> None:
    lines = to_markdown(book).split("\n")
    widths = [re.sub(r"\\.", "", line).count("|") for line in lines if line.startswith("|")]
    heads = [re.sub(r"\\.", "", lines[i - 1]).count("|") for i, line in enumerate(lines) if re.fullmatch(r"\|(---\|)+", line)]
    assert heads and set(heads) <= set(widths)
    assert any(line == "### A01-2 总表：本年支出合计等于各类支出之和" for line in lines)

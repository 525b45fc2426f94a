"""Text of a document in XML, cells and Markdown: readable, and dead."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.outputs.made import HOSTILE

from juesuan_rules.outputs.guarding import LONGEST, cell_number, cell_text, markdown_code, markdown_text, sheet_name, xml_text

ANY = st.one_of(st.text(), st.sampled_from(HOSTILE), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join), st.text(alphabet="=+-@|'`*_[]()<>!#&:/.\\~^$ \t\nahtpw1{}", max_size=40))
_HARMLESS_TAGS = {"p", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "h4", "blockquote", "strong"}


@given(ANY)
def test_xml_text_is_one_legal_line(text: str) -> None:
    shown = xml_text(text)
    assert len(shown) <= LONGEST and "\n" not in shown
    element = ET.Element("a", {"b": shown})
    element.text = shown
    back = ET.fromstring(ET.tostring(element))
    assert (back.text or "", back.get("b")) == (shown, shown)


@pytest.mark.parametrize(
    ("text", "shown"), [("甲\u202e乙", "甲\\u202e乙"), ("\ufffe", "\\ufffe"), ("\U000e0041", "\\U000e0041"), ("a\nb", "a b"), ("e" + "\u0301" * 9, "e\u0301\u0301…")]
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert xml_text(text) == shown


def test_what_is_long_is_cut() -> None:
    assert xml_text("长" * 50, 10) == "长" * 9 + "…"
    assert len(xml_text("\x00" * 100_000)) == LONGEST


@given(ANY)
def test_no_cell_begins_a_formula(text: str) -> None:
    shown = cell_text(text)
    assert not re.match(r"[\s=+\-@|＝＋－＠\u2212]", shown)


@pytest.mark.parametrize(("text", "shown"), [("-12.30", "'-12.30"), ("=1", "'=1"), ("\t=1", "'=1"), ("＝1", "'＝1"), ("1,966.23", "1,966.23"), ("110101199001011234", "'110101199001011234"), ("71965e25", "'71965e25"), ("2010301", "2010301"), ("总表", "总表"), ("", "")])
def test_a_documents_text_is_guarded_also_where_it_is_a_number(text: str, shown: str) -> None:
    assert cell_text(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("-8,208.15", "-8208.15"), ("+1.5", "1.5"), ("0.00", "0.00"), ("5%", "5%"), ("-1+1", "'-1+1"), ("1234567890123456", "'1234567890123456"), (None, ""), ("-" + "9" * 20, "'-" + "9" * 20), ("１", "１")],
)  # fmt: skip
def test_our_own_amounts_stay_numbers(text: str | None, shown: str) -> None:
    assert cell_number(text) == shown


def _renderers() -> list[MarkdownIt]:
    return [MarkdownIt("commonmark", {"html": True}).enable("table"), MarkdownIt("gfm-like", {"html": True, "linkify": True, "typographer": False})]


def _tags(html: str) -> set[str]:
    return {tag.lower() for tag in re.findall(r"<\s*/?\s*([A-Za-z!?][A-Za-z0-9]*)", html)}


@given(ANY)
def test_nothing_in_markdown_text_lives(text: str) -> None:
    guarded = markdown_text(text)
    for renderer in _renderers():
        for page in (f"{guarded}\n", f"前文{guarded}后文\n", f"| a | b |\n|---|---|\n| {guarded} | 尾 |\n", f"- {guarded}\n", f"> {guarded}\n", f"#### 1. {guarded}\n"):
            assert _tags(renderer.render(page)) <= _HARMLESS_TAGS - {"code", "strong"}, (guarded, renderer.render(page))


@given(ANY)
def test_markdown_text_is_shown_as_it_is(text: str) -> None:
    """Rendered, the text is what the document says, but for the characters made full-width."""
    shown = xml_text(text)
    plain = shown.replace("@", "＠").replace("#", "＃")
    for renderer in _renderers():
        tokens = renderer.parse(f"前{markdown_text(text)}后\n")
        children = next((token.children or [] for token in tokens if token.type == "inline"), [])
        said = "".join(child.content for child in children)[1:-1]
        assert re.sub("[:：]", ":", said) == re.sub("[:：]", ":", plain)


@given(ANY)
def test_a_table_keeps_its_columns(text: str) -> None:
    for renderer in _renderers():
        html = renderer.render(f"| a | b |\n|---|---|\n| {markdown_text(text)} | {markdown_code(text)} |\n")
        assert html.count("<td") == 2 and html.count("<tr") == 2


@given(ANY)
def test_markdown_code_is_one_code_span(text: str) -> None:
    shown = xml_text(text).replace("|", "｜")
    for renderer in _renderers():
        tokens = renderer.parse(f"前 {markdown_code(text)} 后\n")
        children = [child for token in tokens if token.type == "inline" for child in token.children or []]
        assert {child.type for child in children} <= {"text", "code_inline"}
        assert [child.content for child in children if child.type == "code_inline"] == ([shown] if shown else [])


@pytest.mark.parametrize(("text", "shown"), [("0.09万元", "0.09万元"), ("总表[合计].金额", "总表\\[合计\\].金额"), ("1. 项", "1\\. 项"), ("-1.5", "\\-1.5"), ("a<b", "a&lt;b"), ("http://a.b", "http：//a\\.b")])
def test_ordinary_text_stays_readable(text: str, shown: str) -> None:
    assert markdown_text(text) == shown


@given(st.lists(ANY, max_size=6))
def test_sheet_names_are_accepted_and_differ(texts: list[str]) -> None:
    taken: set[str] = set()
    for text in texts:
        name = sheet_name(text, taken)
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31 and not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'") and not name.endswith("'") and name.lower() != "history"
        assert name.lower() not in {one.lower() for one in taken}
        taken.add(name)

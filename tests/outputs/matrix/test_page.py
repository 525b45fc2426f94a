"""The summary page: nothing of a document acts, a thousand reports open, and it can be used without a mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.outputs.made import HOSTILE, hostile_result, material, result
from tests.outputs.matrix.made import many, read, usual

from juesuan_rules.diagnostics import ExitCode
from juesuan_rules.outputs.matrix.page import href, render_matrix_page
from juesuan_rules.results import Failure

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside == "script" else self.texts).append(data)


def seen(page: str) -> _Seen:
    parser = _Seen()
    parser.feed(page)
    return parser


def data_of(page: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(seen(page).scripts[0])
    return value


def test_the_page_is_whole_and_fetches_nothing() -> None:
    page = render_matrix_page(usual(), ["甲.html", "乙.html", "丙.html", "丁.html"])
    found = seen(page)
    addresses = [str(attrs.get(name)) for _, attrs in found.tags for name in ("href", "src", "action", "data") if attrs.get(name)]
    assert all(address.startswith(("#", "./")) for address in addresses) and "./%E7%94%B2.html" in addresses
    policy = next(str(attrs["content"]) for _, attrs in found.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'") and "@import" not in page and not re.search(r"url\((?!\"?(?:#|data:))", page)
    assert sum(tag == "script" for tag, _ in found.tags) == 3
    for text in ("甲局", "《基金表》缺表", "「坏.pdf」读不出来", "只核对一次", "已豁免", "复核为误报", "结果摘要"):
        assert text in page


def test_only_rules_with_something_to_say_are_columns() -> None:
    page = render_matrix_page(usual())
    value = data_of(page)
    assert [value["rules"][at][0] for at in value["shown"]] == ["A01-2", "A01-10", "B-1", "D-1"]
    assert "另有 1 条每份都相符或不适用" in page
    assert [unit[9] for unit in value["units"]] == ["fdfpu", "wxppu", "ppppn", "-----"]
    assert "<td class=f><button type=button>不2</button>" in page.replace('"f first"', "f")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_document_is_markup(text: str) -> None:
    made = material(hostile_result(text), result((), name=text, path=text), failures=[Failure(text or "x", text, ExitCode.UNREADABLE)])
    plain = material(hostile_result("文字"), result((), name="文字", path="文字"), failures=[Failure("文字", "文字", ExitCode.UNREADABLE)])
    made, plain = (replace(one, families={"A": words}, run=replace(one.run, repeated=((words, words),))) for one, words in ((made, text), (plain, "文字")))
    page = render_matrix_page(made, [text + ".html", text])
    found, usual_tags = seen(page), {tag for tag, _ in seen(render_matrix_page(plain, ["a.html", "b"])).tags}
    assert {tag for tag, _ in found.tags} <= usual_tags
    assert not any(name.startswith("on") or (name == "style") for _, attrs in found.tags for name in attrs)
    assert all(str(attrs["href"]).startswith(("#", "./")) for tag, attrs in found.tags if tag == "a")
    assert len(found.scripts) == 3 and [json.loads(one) for one in found.scripts[:2]]
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]", page)
    page.encode("utf-8")


def test_addresses_stay_beside_the_page() -> None:
    assert href("") == "" and href("javascript:alert(1)") == "./javascript%3Aalert%281%29"
    assert href("//evil.example/a") == ".///evil.example/a" and href('"><b>') == "./%22%3E%3Cb%3E"


def test_a_run_with_nothing_in_it() -> None:
    assert "没有核对过的报告" in render_matrix_page(material())


def test_a_thousand_reports_take_megabytes() -> None:
    made = many(1000, 240)
    page = render_matrix_page(made)
    assert len(page.encode()) < 15_000_000
    assert page.count("<button type=button>") < 2_000 and len(data_of(page)["units"]) == 1000


def test_style_and_script_ship_with_it() -> None:
    assert "#wall" in read("matrix/assets/matrix.css") or ".wall" in read("matrix/assets/matrix.css")
    assert "innerHTML" not in read("matrix/assets/matrix.js") and "eval" not in read("matrix/assets/matrix.js")


@pytest.fixture(scope="module")
def browser(needs: Callable[[str], str]) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=needs("chromium"), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    pages = []

    def opened(text: str, width: int = 1280, **more: Any) -> Any:
        path = tmp_path / "汇总.html"
        path.write_text(text, "utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, **more)
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: page.problems.append(message.text))
        page.on("dialog", lambda dialog: (page.problems.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: page.problems.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()


def test_in_a_browser_it_is_searched_filtered_and_read_without_a_mouse(show: Callable[..., Any]) -> None:
    page = show(render_matrix_page(usual(), ["甲.html", "", "", ""]))
    static = page.inner_html("#wall tbody tr:first-child")
    page.check("#tools input[name=all]")
    page.wait_for_timeout(300)
    assert page.inner_text("#count") == "4 份报告，5 条规则" and page.locator("#wall .ids th").count() == 5
    page.uncheck("#tools input[name=all]")
    page.wait_for_timeout(300)
    redrawn = page.inner_html("#wall tbody tr:first-child")
    text = re.compile(r"<[^>]+>")
    assert text.sub("|", redrawn) == text.sub("|", static)
    page.fill("#tools input[name=find]", "乙局")
    page.wait_for_timeout(300)
    assert page.inner_text("#count").startswith("1 份") and page.locator("#wall tbody tr").count() == 1
    page.fill("#tools input[name=find]", "a01-1")
    page.wait_for_timeout(300)
    assert page.inner_text("#count") == "4 份报告，1 条规则"
    page.fill("#tools input[name=find]", "")
    page.select_option("#tools select[name=having]", "f")
    page.wait_for_timeout(300)
    assert page.inner_text("#count").startswith("1 份")
    page.focus("#wall tbody td button")
    page.keyboard.press("Enter")
    assert page.inner_text("#card-title") == "甲局 A01-2 总表：本年支出合计等于各类支出之和：不符 2 处"
    assert page.locator("#card-body li").count() == 2 and "相差 0.09 万元" in page.inner_text("#card-body")
    page.keyboard.press("Escape")
    assert not page.is_visible("#card") and page.problems == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_only_the_matrix_scrolls_sideways(show: Callable[..., Any], width: int, scheme: str) -> None:
    page = show(render_matrix_page(many(30, 60)), width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("w = document.getElementById('wall'); w.scrollTop = 300; w.scrollLeft = 300")
    box, head, name = (page.locator(where).first.bounding_box() for where in ("#wall", "#wall thead .corner", "#wall tbody tr:nth-child(14) th"))
    assert abs(head["y"] - box["y"]) < 3 and abs(name["x"] - box["x"]) < 3 and page.problems == []


def test_hostile_names_do_nothing_in_a_browser(show: Callable[..., Any]) -> None:
    made = material(*[replace(hostile_result(text), source=replace(hostile_result(text).source, path=text[:200] or "x")) for text in HOSTILE])
    page = show(render_matrix_page(made, [f"{text}.html" for text in HOSTILE]))
    for button in page.locator("#wall td.f button").all()[:6]:
        button.click()
        page.keyboard.press("Escape")
    page.check("#tools input[name=all]")
    page.wait_for_timeout(300)
    assert page.problems == [] and page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_hundreds_of_reports_open_and_scroll(show: Callable[..., Any]) -> None:
    page = show(render_matrix_page(many(300, 240)))
    drawn = page.locator("#wall tbody tr").count()
    page.evaluate("w = document.getElementById('wall'); w.scrollTop = w.scrollHeight")
    page.wait_for_timeout(400)
    assert page.locator("#wall tbody tr").count() > drawn
    page.fill("#tools input[name=find]", "第0299号")
    page.wait_for_timeout(500)
    assert page.inner_text("#count").startswith("1 份") and page.problems == []


def test_on_paper_every_rule_has_its_column(show: Callable[..., Any], tmp_path: Path, needs: Callable[[str], str]) -> None:
    import subprocess

    page = show(render_matrix_page(many(40, 120)))
    page.pdf(path=str(tmp_path / "a.pdf"), prefer_css_page_size=True)
    text = subprocess.run([needs("pdftotext"), str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True).stdout.decode()
    assert all(text.count(f"第{at:04d}号") >= 4 for at in (0, 20, 39))  # in each strip of columns, and in the ranking
    assert page.locator("#paper table").count() == 0

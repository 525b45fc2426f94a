"""The page in a real browser: filters, keyboard, light and dark, paper; nothing leaves it and nothing hostile runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.outputs.made import HOSTILE
from tests.outputs.web.drawing import CHROMIUM, FAULTY, judged, many, page_of
from tests.outputs.web.test_page import hostile_page

from juesuan_rules.material import Subject

sync_api = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright，跳过在浏览器里的测试")


@pytest.fixture(scope="module")
def browser(needs: Callable[[str], str]) -> Iterator[Any]:
    path = needs("chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def faulty() -> Subject:
    return judged(FAULTY)


@pytest.fixture(scope="module")
def file(faulty: Subject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target: Path = tmp_path_factory.mktemp("page") / "某局 结果.html"
    target.write_text(page_of(faulty), "utf-8")
    return target


class Watched:
    """A page and all that happened on it that should not."""

    def __init__(self, browser: Any, file: Path, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        self.page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.trouble.append("dialog"), dialog.dismiss()))
        self.page.on("request", lambda request: self.trouble.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        self.page.goto(file.as_uri())

    def shown(self) -> list[str]:
        """Ids of the findings that can be seen, in their order."""
        found: list[str] = self.page.evaluate("Array.from(document.querySelectorAll('.finding')).filter(f => f.offsetParent).map(f => f.id)")
        return found

    def settle(self) -> str:
        self.page.wait_for_timeout(150)
        return str(self.page.inner_text("#count"))


@pytest.fixture
def watched(browser: Any, file: Path) -> Iterator[Watched]:
    one = Watched(browser, file)
    yield one
    assert one.trouble == []
    one.context.close()


def test_filters_narrow_findings_and_rules(watched: Watched, faulty: Subject) -> None:
    page, everything = watched.page, watched.shown()
    assert len(everything) == len(faulty.numbered)
    page.uncheck("input[value=error]")
    said = watched.settle()
    left = [n for n in faulty.numbered if n.finding.severity != "error"]
    assert watched.shown() == [f"f{n.number}" for n in left] and said.startswith(f"问题 {len(left)} / {len(everything)} 项")
    page.click("button[type=reset]")
    watched.settle()
    page.select_option("select[name=family]", "D")
    watched.settle()
    assert watched.shown() == [f"f{n.number}" for n in faulty.numbered if n.finding.rule.startswith("D")]
    page.select_option("select[name=outcome]", "pass")
    said = watched.settle()
    assert watched.shown() == [] and page.is_visible("#none")
    passed = sum(outcome == "pass" and rule.startswith("D") for rule, outcome in faulty.full.rules.items())
    assert f"规则 {passed} / {len(faulty.full.rules)} 条" in said
    page.click("button[type=reset]")
    watched.settle()
    page.select_option("select[name=table]", "文字")
    watched.settle()
    assert set(watched.shown()) == {f"f{n.number}" for n in faulty.numbered if any(o.quote for o in n.finding.operands or ())}


def test_search_finds_words_amounts_and_rules(watched: Watched, faulty: Subject) -> None:
    for words in ("A03-1", "1966.23", "1,966.23", "公务接待费 决算"):
        watched.page.fill("#find", words)
        watched.settle()
        found = watched.shown()
        assert 0 < len(found) < len(faulty.numbered), words
    watched.page.fill("#find", "没有这样的话")
    watched.settle()
    assert watched.shown() == []


def test_sorting_and_back(watched: Watched, faulty: Subject) -> None:
    before = watched.shown()
    watched.page.select_option("select[name=sort]", "size")
    watched.settle()
    sizes = watched.page.evaluate("Array.from(document.querySelectorAll('.finding')).map(f => parseFloat(f.dataset.size) || -1)")
    assert sizes == sorted(sizes, reverse=True) and len(sizes) == len(before)
    watched.page.select_option("select[name=sort]", "")
    watched.settle()
    assert watched.shown() == before


def test_the_keyboard_is_enough(watched: Watched) -> None:
    page, keyboard = watched.page, watched.page.keyboard
    at = "document.activeElement.closest('.finding') && document.activeElement.closest('.finding').id"
    keyboard.press("j")
    keyboard.press("j")
    assert page.evaluate(at) == "f2"
    keyboard.press("k")
    assert page.evaluate(at) == "f1"
    keyboard.press("Enter")
    assert page.evaluate("document.getElementById('f1').open")
    keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('f1').open")
    keyboard.press("/")
    keyboard.type("D-01")
    watched.settle()
    assert page.evaluate("document.activeElement.id") == "find"
    keyboard.press("Enter")
    assert page.evaluate(at) == watched.shown()[0]
    keyboard.press("/")
    keyboard.press("Escape")
    assert page.input_value("#find") == ""


def test_links_open_what_they_lead_to(watched: Watched) -> None:
    page = watched.page
    page.evaluate("document.getElementById('f2').open = true")
    link = page.locator("#f2 table.figures a").first
    target = str(link.get_attribute("href"))
    link.click()
    page.wait_for_timeout(100)
    assert page.is_visible(f"[id='{target[1:]}']")
    page.locator(f"[id='{target[1:]}'] a.ref").first.click()
    page.wait_for_timeout(100)
    assert page.evaluate("location.hash").startswith("#f")


def test_an_excerpt_becomes_the_whole_table(watched: Watched) -> None:
    page = watched.page
    page.evaluate("document.getElementById('f2').open = true")
    rows = "document.querySelectorAll('#f2 table.grid')[0].querySelectorAll('tbody tr[data-r]').length"
    before = page.evaluate(rows)
    page.locator("#f2 table.grid caption a").first.click()
    assert page.evaluate(rows) > before
    assert page.locator("#f2 table.grid").first.locator("td.on").count() == 1


def test_light_dark_and_a_switch(browser: Any, file: Path) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        one = Watched(browser, file, color_scheme=scheme)
        read = "getComputedStyle(document.body).backgroundColor"
        colours[scheme] = one.page.evaluate(read)
        one.page.click("#theme")
        colours[f"{scheme} switched"] = one.page.evaluate(read)
        assert one.trouble == []
        one.context.close()
    assert colours["light"] == colours["dark switched"] != colours["dark"] == colours["light switched"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read(browser: Any, file: Path, scheme: str) -> None:
    """Contrast of every text against what is behind it, at least 4.5 to 1."""
    one = Watched(browser, file, color_scheme=scheme)
    one.page.evaluate("document.querySelectorAll('#f1, #f2, #f25').forEach(f => f.open = true)")
    weak = one.page.evaluate(
        """() => {
          const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; };
          const lum = c => [0, 1, 2].map(i => c[i] / 255).map(v => v <= .03928 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4)).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
          const found = [];
          document.querySelectorAll('main *, header *, nav *').forEach(e => {
            if (e.closest('svg') || !e.offsetParent || !Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim())) return;
            let b = e, back = null; while (b && !(back = parse(getComputedStyle(b).backgroundColor))) b = b.parentElement;
            const x = lum(parse(getComputedStyle(e).color)), y = lum(back || [255, 255, 255]);
            const ratio = (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
            if (ratio < 4.5) found.push(e.className + ' ' + e.textContent.slice(0, 20) + ' ' + ratio.toFixed(2));
          });
          return Array.from(new Set(found)).slice(0, 10);
        }"""
    )
    assert weak == []
    one.context.close()


def test_paper_shows_every_finding_open(watched: Watched, tmp_path: Path, faulty: Subject) -> None:
    from pypdfium2 import PdfDocument

    data = watched.page.pdf(prefer_css_page_size=True)
    document = PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    width, height = document[0].get_size()
    document.close()
    assert (round(width), round(height)) == (595, 842)
    bare = re.sub(r"\s", "", text)
    assert all(re.sub(r"\s", "", n.finding.formula)[:40] in bare for n in faulty.numbered)
    assert "辽宁省云岫市数据服务局2023年度" in bare and "清除" not in bare
    assert "全部规则" in bare and "问题一览" in bare


@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_everything_is_there(browser: Any, file: Path, faulty: Subject, width: int) -> None:
    one = Watched(browser, file, java_script_enabled=False, viewport={"width": width, "height": 900})
    assert one.page.locator(".finding .calc:visible").count() == len(faulty.numbered)
    assert not one.page.is_visible("#filters")
    one.page.locator(".finding > summary").first.click()
    assert not one.page.locator(".finding .calc").first.is_visible()
    one.context.close()


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_no_width_scrolls_sideways(browser: Any, file: Path, width: int) -> None:
    one = Watched(browser, file, viewport={"width": width, "height": 900})
    one.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    one.context.close()


TEXTS = (*HOSTILE, "</style><style>body{display:none}</style>", '"><svg onload=alert(1)>', "' onmouseover='alert(1)", "x" * 100_000, "</script><script>alert(1)</script>")


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_texts_neither_run_nor_break_the_layout(browser: Any, tmp_path: Path, width: int) -> None:
    """Every text in the findings and tables of one page; some of them as the unit's name and the file's as well."""
    for number, first in enumerate(("<script>alert(1)</script>", "</style><style>body{display:none}</style>", "x" * 100_000, "\u202e反\u2066")):
        target = tmp_path / f"{number}.html"
        target.write_text(hostile_page(first, *TEXTS), "utf-8")
        one = Watched(browser, target, viewport={"width": width, "height": 800})
        one.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        one.page.keyboard.press("j")
        assert one.trouble == []
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        assert one.page.is_visible("h1") and one.page.title() != ""
        one.context.close()


def test_thousands_of_findings_open(browser: Any, faulty: Subject, tmp_path: Path) -> None:
    target = tmp_path / "crowd.html"
    target.write_text(page_of(many(faulty, 3_000)), "utf-8")
    one = Watched(browser, target)
    one.page.fill("#find", "第2999处")
    one.page.wait_for_function("() => document.getElementById('count').textContent.indexOf('问题 1 / 3000') === 0", timeout=20_000)
    assert len(one.shown()) == 1 and one.trouble == []
    one.context.close()

"""The workbench in a real browser: files in, findings chosen, cells put right, Chinese typed, with mouse and with keys."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright")

from tests.workbench.serving import DAMAGED, SOUND, Server, until

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("browser") / "home")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium(needs: Callable[[str], str]) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """`opened(viewport)`: a page on the workbench. After the test nothing was wrong on its console, and nothing was asked of
    anybody else."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_page(viewport: dict[str, int] = WIDE, **options: Any) -> Any:
        context = chromium.new_context(viewport=viewport, locale="zh-CN", accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if not own(request.url, server) else None)
        page.goto(f"{server.origin}/?token={server.token}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def own(url: str, server: Server) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "data" or (parts.hostname == "127.0.0.1" and parts.port == server.port)


def fits(page: Any) -> bool:
    """Nothing is wider than the window."""
    wider: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wider


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    """A run with findings."""
    return server.judged(DAMAGED, SOUND)


@pytest.fixture(scope="module")
def pdf_run(server: Server, chromium: Any) -> str:
    """A run of the damaged report, printed."""
    parts, rows = [], []
    for line in [*DAMAGED.read_text("utf-8").split("\n"), ""]:
        if "\t" in line:
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("\t")) + "</tr>")
            continue
        parts += [f"<table>{''.join(rows)}</table>"] if rows else []
        rows = []
        parts.append(f"<p>{line}</p>")
    page = chromium.new_page()
    page.set_content("<style>table{border-collapse:collapse;font-size:8px}td{border:1px solid;padding:2px}p{font-size:11px}</style>" + "".join(parts))
    printed = page.pdf(format="A4")
    page.close()
    return server.judged(("某局决算.pdf", printed))


def test_files_with_chinese_names_are_dropped_and_judged(opened: Callable[..., Any]) -> None:
    page = opened()
    text = DAMAGED.read_text("utf-8")
    page.evaluate(
        """([name, text]) => {
        const bag = new DataTransfer();
        bag.items.add(new File([text], name, {type: "text/plain"}));
        bag.items.add(new File([text.slice(0, 3000)], "第二份（草稿）.txt", {type: "text/plain"}));
        const drop = new DragEvent("drop", {dataTransfer: bag, bubbles: true, cancelable: true});
        document.getElementById("zone").dispatchEvent(drop);
    }""",
        ["云岫市数据局《决算》.txt", text + "\n拖入\n"],
    )
    page.wait_for_selector("text=云岫市数据局《决算》.txt")
    assert page.inner_text("button.main") == "开始核对 2 个文件"
    page.click("button.main")
    page.wait_for_url(re.compile("/run/"))
    page.wait_for_selector("#downloads", timeout=60_000)
    page.wait_for_selector("tr >> text=辽宁省云岫市数据服务局 2023年度")
    page.wait_for_selector(".progress", state="detached", timeout=60_000)
    page.click("tr >> text=辽宁省云岫市数据服务局 2023年度")
    page.wait_for_selector(".line")
    assert "云岫市数据局《决算》" in page.inner_text(".crumbs")


def test_one_file_leads_straight_to_its_findings(opened: Callable[..., Any], tmp_path: Path) -> None:
    page = opened()
    path = tmp_path / "一份报告.txt"
    path.write_bytes(DAMAGED.read_bytes() + "\n一份\n".encode())
    page.set_input_files("#files", str(path))
    page.click("button.main")
    page.wait_for_selector(".panes .line", timeout=60_000)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
def test_findings_are_chosen_and_decided_in_chinese(opened: Callable[..., Any], server: Server, viewport: dict[str, int]) -> None:
    width = viewport["width"]
    run = server.judged((f"宽{width}.txt", DAMAGED.read_text("utf-8").replace("云岫市数据服务局", f"云岫市第{width}局").encode()))
    page = opened(viewport)
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0")
    lines = page.locator(".line")
    assert lines.count() > 20 and fits(page)
    lines.nth(1).click()
    page.wait_for_selector('.one[data-n="2"]')
    assert "f=2" in page.url and "1,966.23" in page.inner_text("#detail")
    assert page.locator(".left").is_visible() == (width == 1280)
    page.check('.review input[value="误报"]')
    note = page.locator("#note")
    note.click()
    page.keyboard.insert_text("已与单位核实，")  # as an input method commits it
    page.keyboard.type("属实")
    page.fill('.review [name="by"]', "审核员甲")
    page.check('.review input[value="属实"]')
    page.click("text=记下，看下一项")
    page.wait_for_selector('.one[data-n="3"]')
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0?f=2")
    assert "已与单位核实，属实" in page.inner_text(".history") and page.input_value('.review [name="by"]') == "审核员甲"
    assert page.is_checked('.review input[value="属实"]') and fits(page)
    if width == 390:
        page.click(".steps .up")
        page.wait_for_selector(".left >> visible=true")
        assert not page.locator("#detail").is_visible()
    page.go_back()


def test_keys_go_through_the_findings(opened: Callable[..., Any], server: Server, run: str) -> None:
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0")
    page.keyboard.press("j")
    page.wait_for_selector('.one[data-n="2"]')
    page.keyboard.press("j")
    page.wait_for_selector('.one[data-n="3"]')
    page.keyboard.press("k")
    page.wait_for_selector('.one[data-n="2"]')
    assert page.get_attribute(".line[aria-current]", "data-n") == "2"
    page.keyboard.press("/")
    page.keyboard.insert_text("公务接待费")
    until(lambda: page.locator(".line").count() < 10, 10)
    assert "q=" in page.url
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.name") == "status"
    page.keyboard.press("ArrowRight")
    page.go_back()
    page.wait_for_selector('.one[data-n="2"], .one[data-n="3"], .one[data-n="1"]')


def test_a_table_leads_to_all_of_it(opened: Callable[..., Any], server: Server, run: str) -> None:
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0?f=2")
    page.click("#detail caption a >> nth=1")
    page.wait_for_url(re.compile("/read#t"))
    assert page.locator(f"{page.evaluate('location.hash')}[open]").count() == 1


def test_a_note_half_written_is_not_lost(opened: Callable[..., Any], server: Server, run: str) -> None:
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0?f=4")
    page.fill("#note", "写到一半")
    page.locator(".line").nth(5).click()
    page.wait_for_selector('.one[data-n="6"]')
    assert page.input_value("#note") == ""
    page.locator(".line").nth(3).click()
    page.wait_for_selector('.one[data-n="4"]')
    assert page.input_value("#note") == "写到一半"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
def test_a_cell_is_put_right_and_the_finding_goes(opened: Callable[..., Any], server: Server, viewport: dict[str, int]) -> None:
    run = server.judged((f"更正{viewport['width']}.txt", DAMAGED.read_bytes()))
    page = opened(viewport)
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0?f=2")
    page.click("text=读错了 >> nth=0")
    page.fill('[name="right"]', "1,966.32")
    page.fill('[name="who"]', "审核员甲")
    page.fill('[name="why"]', "原件第12页为 1,966.32，扫描不清")
    assert fits(page)
    page.click("text=更正并重新核对")
    page.wait_for_selector(".effect")
    assert "消除 2 项" in page.inner_text(".effect") and fits(page)
    page.click(".tabs >> text=问题")
    page.wait_for_selector(".line")
    assert "1,966.23" not in page.inner_text("#list")
    page.click(".tabs >> text=更正")
    page.click("text=撤回")
    page.wait_for_selector("text=还没有更正")


def test_page_pictures_show_the_figures_boxed(opened: Callable[..., Any], server: Server, pdf_run: str) -> None:
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{pdf_run}/0")
    page.wait_for_selector(".picture .strips svg")
    address = page.get_attribute("svg.store image", "href")
    assert re.search(r"/page/\d+\?edition=\d+$", address)
    answer = page.request.get(server.origin + address)
    assert answer.status == 200 and answer.headers["content-type"].startswith("image/")
    assert page.locator(".picture .box").count() >= 2
    page.click("text=整页")
    page.wait_for_selector(".whole[open] svg")
    shown = page.evaluate("""(href) => new Promise(done => {const i = new Image(); i.onload = () => done(i.naturalWidth); i.onerror = () => done(0); i.src = href;})""", address)
    assert shown > 600
    pdf = page.request.get(f"{server.origin}{server.prefix}/run/{pdf_run}/0/get/pdf")
    assert pdf.status == 200 and pdf.body().startswith(b"%PDF")


def test_downloads_open(opened: Callable[..., Any], server: Server, run: str, tmp_path: Path) -> None:
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0/outputs")
    for label, name in (("审计工作底稿", "辽宁省云岫市数据服务局-2023-有误-底稿.xlsx"), ("整改通知", "辽宁省云岫市数据服务局-2023-有误-整改通知.docx"), ("核对结果", "辽宁省云岫市数据服务局-2023-有误-核对结果.html")):
        with page.expect_download() as waiting:
            page.click(f".files >> text={label}")
        assert waiting.value.suggested_filename == name
        waiting.value.save_as(tmp_path / name)
        if name.endswith("x"):
            assert zipfile.is_zipfile(tmp_path / name)
    alone = page.context.browser.new_context()
    html = alone.new_page()
    html.goto((tmp_path / "辽宁省云岫市数据服务局-2023-有误-核对结果.html").as_uri())
    assert html.locator(".finding").count() > 20
    alone.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_is_quiet(opened: Callable[..., Any], server: Server, run: str, viewport: dict[str, int], scheme: str) -> None:
    page = opened(viewport, color_scheme=scheme)
    paths = ("/", f"/run/{run}", f"/run/{run}/0", f"/run/{run}/0?f=1", f"/run/{run}/0/rules", f"/run/{run}/0/read", f"/run/{run}/0/corrections", f"/run/{run}/0/correct?at=f1o1", "/marks", "/about")
    for path in (*paths, f"/run/{run}/0/outputs"):
        page.goto(f"{server.origin}{server.prefix}{path}")
        assert fits(page), path
        unnamed = page.evaluate("""[...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")].filter(e => e.offsetParent && !(
            e.getAttribute("aria-label") || e.title || e.textContent.trim() || e.closest("label") || (e.labels && e.labels.length))).map(e => e.outerHTML.slice(0, 90))""")
        assert unnamed == [], path
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(re.findall(r"\d+", ground)[0]) < 60) == (scheme == "dark")


def test_the_matrix_works_under_its_policy(opened: Callable[..., Any], server: Server, run: str) -> None:
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{run}/matrix")
    page.wait_for_selector("text=辽宁省云岫市数据服务局")
    page.locator("a", has_text="辽宁省云岫市数据服务局").first.click()
    page.wait_for_selector(".panes .line")


def test_without_scripts_everything_still_works(opened: Callable[..., Any], server: Server, tmp_path: Path) -> None:
    page = opened(java_script_enabled=False)
    path = tmp_path / "没有脚本.txt"
    path.write_bytes(DAMAGED.read_bytes() + "\n没有脚本\n".encode())
    page.set_input_files("#files", str(path))
    page.click("button.main")
    page.wait_for_selector(".panes .line", timeout=60_000)
    page.locator(".line").nth(2).click()
    page.wait_for_selector('.one[data-n="3"]')
    page.select_option('.sift [name="severity"]', "warning")
    page.click(".sift button")
    page.wait_for_selector("text=清除筛选")
    page.check('.review input[value="待核"]')
    page.fill('.review [name="by"]', "审核员乙")
    page.click("text=记下 >> nth=0")
    page.wait_for_selector(".history >> text=审核员乙")


def test_many_findings_do_not_slow_the_page(opened: Callable[..., Any], server: Server) -> None:
    """Every code row of every table wrong: hundreds of findings, listed page by page."""
    text = DAMAGED.read_text("utf-8")
    worse = re.sub(r"(\d)\.(\d\d)", lambda m: f"{m[1]}.{(int(m[2]) * 7 + int(m[1])) % 100:02d}", text)
    run = server.judged(("很多问题.txt", worse.encode()))
    page = opened()
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0")
    assert page.locator(".line").count() > 100
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    page.goto(f"{server.origin}{server.prefix}/run/{run}/0?f=2")
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert took < 4000, took
    page.keyboard.press("j")
    page.wait_for_selector('.one[data-n="3"]')

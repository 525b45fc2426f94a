"""Writing a rule in a real browser: typing Chinese, an error at its place, its repair, completion, a trial, saving, judging with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("uvicorn")

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
FILES = ("辽宁省云岫市数据服务局-2023-有误.txt", "辽宁省云岫市数据服务局-2023.txt")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
_SERVER = """
import sys
from pathlib import Path
from juesuan_rules.workbench.server import serve
from juesuan_rules.workbench.settings import Settings
serve(Settings(Path(sys.argv[1])), lambda settings: print(settings.address, flush=True))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("browser") / "home"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(home)], stdout=subprocess.PIPE, env=environment, text=True)
    assert server.stdout is not None
    yield server.stdout.readline().strip()
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="module")
def browser(needs: Callable[[str], str]) -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        made = play.chromium.launch(executable_path=needs("chromium"), args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Any:
    """A page on the damaged report of a run of two."""
    made = browser.new_page(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(30_000)
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    made.goto(address)
    made.set_input_files("#files", [str(FIXTURES / name) for name in FILES])
    made.click("button[type=submit].main")
    for _ in range(120):
        made.goto(re.sub(r"(/[0-9a-f]+)/.*", r"\1/", made.url))
        if made.locator("table.list .state.done").count():
            break
        time.sleep(0.5)
    made.click("table.list th a")
    made.errors = errors
    made.report = made.url.partition("?")[0].rstrip("/").removesuffix("/0") + "/0"
    return made


def _type_line(page: Any, text: str) -> None:
    """Type as a keyboard and an input method do: ASCII by keys, Chinese by committed text."""
    for piece in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", text):
        if piece.isascii():
            page.keyboard.type(piece)
        else:
            page.keyboard.insert_text(piece)


def test_from_a_blank_editor_to_a_finding(page: Any) -> None:
    page.goto(page.report + "/rulebook")
    page.click("text=写一条规则")
    text = page.locator("#r-text")
    text.fill("id: ZJ-01\ntitle: 总表：收入总计不等于年初结转和结余\ncheck: \nseverity: 错误\nbasis:\n  - {文号: 预算法, 条款: 第七十五条, 核验: 未核验}\n")
    text.evaluate("one => { const at = one.value.indexOf('check: ') + 7; one.focus(); one.setSelectionRange(at, at); }")
    _type_line(page, "总表.收人[总计] != 总表[年初结转和结余]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".r-problems .r-repair")
    place = page.locator(".r-problems .r-at")
    assert place.inner_text().startswith("第3行")
    assert page.locator("#r-back mark.error").inner_text() == "收人"
    assert page.locator("#r-back > div.error").count() == 1
    place.click()
    assert page.evaluate("() => { const t = document.getElementById('r-text'); return t.value.slice(t.selectionStart, t.selectionEnd); }") == "收人"
    page.click(".r-repair >> text=收入")
    page.wait_for_selector(".r-status.good")
    assert "总表.收入[总计]" in text.input_value()
    assert "须不等于" in page.inner_text("#r-told")
    assert page.locator("#r-back mark").count() == 0
    text.press("Control+z")
    assert "总表.收人[总计]" in text.input_value()
    text.press("Control+Shift+z")
    page.fill("#r-text", text.input_value().replace("!=", "=="))
    page.click("button[value=try]")
    page.wait_for_selector(".r-trial .verdict.fail")
    assert "用到的数" in page.inner_text(".r-trial")
    page.check("input[name=judge][value=report]")
    page.click("button[value=save]")
    page.wait_for_url("**/0*")
    page.wait_for_load_state()
    page.goto(page.report + "/rulebook/ZJ-01")
    assert page.locator(".r-verdict .verdict.fail").count() == 1
    assert "own-cn-21-liaoning" in page.inner_text("main")
    page.goto(page.report)
    assert "ZJ-01" in page.content()
    assert not page.errors


def test_an_input_method_is_not_disturbed(page: Any) -> None:
    page.goto(page.report + "/write?rule=ZJ-01")
    session = page.context.new_cdp_session(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/write/" in request.url else None)
    text = page.locator("#r-text")
    text.evaluate("one => { const at = one.value.indexOf('总表'); one.focus(); one.setSelectionRange(at, at); }")
    for spelt in ("b", "be", "ben n"):
        session.send("Input.imeSetComposition", {"text": spelt, "selectionStart": len(spelt), "selectionEnd": len(spelt)})
        page.wait_for_timeout(500)
    assert not asked
    assert page.locator("#r-popup").is_hidden()
    session.send("Input.insertText", {"text": "本年"})
    page.wait_for_timeout(800)
    assert any(url.endswith("/check") for url in asked)
    assert "本年总表" in text.input_value()


def test_completion_by_keyboard(page: Any) -> None:
    page.goto(page.report + "/write?fresh=1")
    text = page.locator("#r-text")
    text.evaluate("one => { const at = one.value.indexOf('check: ') + 7; one.focus(); one.setSelectionRange(at, at); }")
    _type_line(page, "总表[本年收")
    page.wait_for_selector("#r-popup li")
    assert page.locator("#r-popup li[aria-selected=true] b").inner_text() == "本年收入合计"
    assert text.get_attribute("aria-activedescendant") == "r-option-0"
    page.keyboard.press("Enter")
    assert "check: 总表[本年收入合计" in text.input_value()
    assert page.locator("#r-popup").is_hidden()
    page.keyboard.type("] == s")
    page.wait_for_selector("#r-popup li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.locator("#r-popup").is_hidden()
    page.keyboard.press("Control+ ")
    page.wait_for_selector("#r-popup li")
    page.keyboard.press("Tab")
    assert "] == sum(" in text.input_value()


def test_what_is_typed_is_kept_when_the_page_is_left(page: Any) -> None:
    page.goto(page.report + "/write?fresh=1")
    page.fill("#r-text", "id: ZJ-09\ntitle: 没有写完")
    with page.expect_response("**/write/check"):
        pass
    page.goto("about:blank")
    page.goto(page.report + "/write")
    assert "没有写完" in page.input_value("#r-text")


def test_a_batch_trial_shows_its_progress(page: Any) -> None:
    page.goto(page.report + "/write?rule=ZJ-01&fresh=1")
    page.click("button[value=batch]")
    page.wait_for_selector("text=试完")
    assert "2 / 2 份" in page.inner_text("#r-progress")
    page.click("text=回去改")
    assert "ZJ-01" in page.input_value("#r-text")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(page: Any, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for path in ("/rulebook", "/rulebook/A01-2", "/write?rule=ZJ-01", "/write?change=A01-2"):
        page.goto(page.report + path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        if shots := os.environ.get("JUESUAN_SHOTS"):
            name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
            page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png", full_page=width == 390)


def test_the_overlay_lies_on_the_text(page: Any) -> None:
    """Every line of the marks is as high as the same line of the text: the same words break at the same places."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(page.report + "/write?rule=ZJ-01&fresh=1")
        page.fill("#r-text", "id: ZJ-01\ntitle: " + "很长的题目，" * 30 + "\ncheck: " + "总表[本年收入合计] + " * 12 + "1\n\n  a b\n")
        heights = page.evaluate("() => [document.getElementById('r-text').scrollHeight, document.getElementById('r-back').scrollHeight]")
        assert abs(heights[0] - heights[1]) <= 32, heights

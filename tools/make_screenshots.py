"""Pictures in docs/images: every output of an invented report as people see it, made again by one command.

    python tools/make_screenshots.py [NAME …]

The report is the sample with seeded errors (fixtures/…-有误.txt), printed as a PDF file first. Needs chromium and soffice
(debian-packages.txt) and playwright; not part of CI, for fonts and versions change the picture, not what it shows.
Look at each picture afterwards.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from juesuan_rules.documents.model import GridBlock
from juesuan_rules.documents.text import read_text

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
IMAGES = ROOT / "docs" / "images"
SAMPLE = FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"
RULE, MARKED_PAGE = "A07-1", 7
"""The finding that is shown, and the page of the marked report."""
MOST_BYTES = 250_000
CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
_STYLE = """
@page { size: A4; margin: 20mm 18mm } @page wide { size: A4 landscape; margin: 14mm }
body { font: 10.5pt/1.7 "WenQuanYi Zen Hei", sans-serif; margin: 0 } p { margin: 0 0 4pt; text-indent: 2em } h2 { font-size: 14pt; text-align: center; margin: 8pt 0; break-before: page }
.wide { page: wide } p.of { text-indent: 0; margin: 0 } table { border-collapse: collapse; width: 100%; font-size: 8.5pt; line-height: 1.25 }
td { border: .6pt solid #333; padding: 1.6pt 3pt } td.n { text-align: right; white-space: nowrap } tr { break-inside: avoid }
"""
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?%?")
_TITLE = re.compile(r"[^\d\s：，。]{4,}表(（.{1,12}）)?")
_WIDE = 7
"""Columns of the widest table that is printed upright."""


class Studio:
    """What all pictures share: a folder, the report as PDF with its outputs, a browser."""

    def __init__(self, folder: Path, browser: Any) -> None:
        self.folder, self.browser = folder, browser
        self.report = folder / SAMPLE.with_suffix(".pdf").name
        with self.page(900, 900) as page:
            page.set_content(printed(SAMPLE))
            page.pdf(path=str(self.report), prefer_css_page_size=True)
        self.out = folder / "结果"
        self.run("eval", self.report.name, *(f"--{kind}=结果/{name}" for kind, name in (("html", "页.html"), ("xlsx", "底稿.xlsx"), ("pdf", "标注.pdf"), ("docx", "通知.docx"))))

    def run(self, *arguments: str) -> None:
        """Run a command of ours in the folder; findings are what we want."""
        self.out.mkdir(exist_ok=True)
        code = subprocess.run([sys.executable, "-m", "juesuan_rules", *arguments], cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, check=False).returncode
        if code == 2:
            raise SystemExit(f"juesuan-rules {' '.join(arguments)}: 退出码 {code}")

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "XDG_CACHE_HOME": str(self.folder / "cache"), "JUESUAN_HOME": str(self.folder / "home")}

    @contextmanager
    def page(self, width: int, height: int) -> Iterator[Any]:
        """A page of the browser; light, whatever the machine prefers."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme="light", locale="zh-CN", device_scale_factor=1.25)
        try:
            yield context.new_page()
        finally:
            context.close()

    def office_page(self, name: str, number: int = 1, dpi: int = 110) -> Image.Image:
        """A page of a workbook or a letter as LibreOffice prints it."""
        profile = (self.folder / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(self.folder / "office"), str(self.out / name)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
        return pdf_page(self.folder / "office" / Path(name).with_suffix(".pdf").name, number, dpi)


def printed(path: Path) -> str:
    """A text report as a web page to be printed: its tables ruled, wide ones across the sheet, each with its title and notes."""
    parts, before = ["<section>"], []
    for block in read_text(path.read_bytes(), path.name).blocks:
        if not isinstance(block, GridBlock):
            before.append(block.text)
            continue
        at = max((n for n, text in enumerate(before) if _TITLE.fullmatch(text)), default=len(before))
        wide = "wide" if max(map(len, block.rows)) > _WIDE else ""
        parts += [f"<p>{escape(text)}</p>" for text in before[:at]]
        parts.append(f'</section><section class="{wide}"><h2>{escape("".join(before[at : at + 1]))}</h2>' + "".join(f'<p class="of">{escape(text)}</p>' for text in before[at + 1 :]))
        parts.append("<table>" + "".join("<tr>" + "".join(_cell(cell.text) for cell in row) + "</tr>" for row in block.rows) + "</table>")
        before = []
    parts += [f"<p>{escape(text)}</p>" for text in before]
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>{_STYLE}</style>{"".join(parts)}</section>'


def _cell(text: str) -> str:
    return f'<td class="{"n" if _FIGURE.fullmatch(text.strip()) else ""}">{escape(text)}</td>'


def pdf_page(path: Path, number: int, dpi: int = 110) -> Image.Image:
    """A page of a PDF file with its annotations."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        image: Image.Image = document[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")
        return image
    finally:
        document.close()


def shot(page: Any, element: Any = None, **options: Any) -> Image.Image:
    """What a page, or a part of it, looks like."""
    return Image.open(io.BytesIO((element or page).screenshot(**options))).convert("RGB")


def keep(name: str, image: Image.Image) -> None:
    """Write a picture with as many colours as fit."""
    for colours in (256, 128, 64, 32, 16):
        data = io.BytesIO()
        image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
        if data.tell() <= MOST_BYTES:
            break
    else:
        raise SystemExit(f"{name}: {data.tell()} 字节，太大")
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(data.getvalue())
    print(f"docs/images/{name}.png  {image.width}×{image.height}  {colours} 色  {data.tell() // 1000} KB")


def conclusion_picture(studio: Studio) -> Image.Image:
    """--html, as it opens."""
    with studio.page(1120, 700) as page:
        page.goto((studio.out / "页.html").as_uri())
        return shot(page)


def finding_picture(studio: Studio) -> Image.Image:
    """--html, one finding: sentence, formula filled in, the cells boxed on the picture of their page."""
    with studio.page(1120, 900) as page:
        page.goto((studio.out / "页.html").as_uri())
        finding = page.locator(f"details.finding[data-rule='{RULE}']").first
        finding.evaluate("e => { e.open = true; e.scrollIntoView() }")
        page.wait_for_timeout(500)
        return shot(page, finding)


def matrix_picture(studio: Studio) -> Image.Image:
    """--html of all samples: units by rules."""
    studio.run("eval", str(FIXTURES), "--html=结果/汇总.html")
    with studio.page(1180, 860) as page:
        page.goto((studio.out / "汇总.html").as_uri())
        page.wait_for_timeout(500)
        return shot(page)


def workpaper_picture(studio: Studio) -> Image.Image:
    """--xlsx, the sheet 底稿 as LibreOffice prints it."""
    return cut(studio.office_page("底稿.xlsx", 3, 150), 0.6)


def notice_picture(studio: Studio) -> Image.Image:
    """--docx, its first page."""
    return cut(studio.office_page("通知.docx", 1, 100), 1)


def marked_picture(studio: Studio) -> Image.Image:
    """--pdf, the page of a table with its annotations."""
    return cut(pdf_page(studio.out / "标注.pdf", MARKED_PAGE, 130), 0.55)


def cut(image: Image.Image, share: float) -> Image.Image:
    """The upper part of a printed page, without its white margins."""
    left, top, right, bottom = ImageOps.invert(image.convert("L")).getbbox() or (0, 0, *image.size)
    around = ImageOps.expand(image.crop((left, top, right, top + round((bottom - top) * share))), 24, "white")
    return ImageOps.expand(around, 1, "#ccc")


@contextmanager
def workbench(studio: Studio, width: int, height: int) -> Iterator[Any]:
    """A page of the workbench, with the report sent and judged."""
    command = [sys.executable, "-u", "-m", "juesuan_rules", "serve", "--no-browser", "--home", str(studio.folder / "bench")]
    server = subprocess.Popen(command, cwd=studio.folder, env=studio.environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert server.stdout is not None
        address = next(line.strip() for line in server.stdout if line.strip().startswith("http://"))
        with studio.page(width, height) as page:
            page.goto(address)
            page.set_input_files("input[type=file]", str(studio.report))
            page.click("form#drop button[type=submit]")
            page.wait_for_selector(f"a.line:has(.rule:text-is('{RULE}'))", timeout=90_000)
            yield page
    finally:
        server.terminate()
        server.wait(20)


def workbench_picture(studio: Studio) -> Image.Image:
    """serve: findings beside the page."""
    with workbench(studio, 1280, 820) as page:
        page.click(f"a.line:has(.rule:text-is('{RULE}')) >> nth=0")
        page.wait_for_timeout(1500)
        return shot(page)


def workbench_first_picture(studio: Studio) -> Image.Image:
    """serve: the first page, with a run on record."""
    with workbench(studio, 1280, 640) as page:
        page.click("a.brand")
        page.wait_for_selector("table.list")
        return shot(page)


def workbench_narrow_picture(studio: Studio) -> Image.Image:
    """serve on a narrow window."""
    with workbench(studio, 390, 780) as page:
        page.click(f"a.line:has(.rule:text-is('{RULE}')) >> nth=0")
        page.wait_for_timeout(1500)
        return shot(page)


PICTURES: dict[str, Callable[[Studio], Image.Image]] = {
    "conclusion": conclusion_picture,
    "finding": finding_picture,
    "matrix": matrix_picture,
    "workpaper": workpaper_picture,
    "notice": notice_picture,
    "marked": marked_picture,
    "workbench": workbench_picture,
    "workbench-first": workbench_first_picture,
    "workbench-narrow": workbench_narrow_picture,
}


def main(names: list[str]) -> int:
    """Make the pictures named, or all."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM))
        studio = Studio(Path(folder), browser)
        for name in names or PICTURES:
            keep(name, PICTURES[name](studio))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

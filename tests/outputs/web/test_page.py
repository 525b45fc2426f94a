"""The page: complete, in the console's words, every figure at its place, nothing from outside and nothing to outside."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from msgspec.structs import replace
from tests.outputs.made import HOSTILE, WAIVER, finding, hostile_finding, hostile_result, material, result, subject
from tests.outputs.web.drawing import FAULTY, DrawnPages, grid, judged, many, material_of, page_of, text_of, tree, with_findings

from juesuan_rules.findings import Basis, Decision
from juesuan_rules.material import Subject
from juesuan_rules.outputs.web import views
from juesuan_rules.outputs.web.page import render_page, write_page
from juesuan_rules.outputs.web.places import Places
from juesuan_rules.outputs.web.views import finding_view
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.results import Change, Comparison, ReportChanges, RunResult


@pytest.fixture(scope="module")
def faulty() -> Subject:
    return judged(FAULTY)


@pytest.fixture(scope="module")
def page(faulty: Subject) -> str:
    return page_of(faulty)


def test_it_says_what_the_console_says(faulty: Subject, page: str) -> None:
    root = tree(page)
    assert text_of(root.xpath("//p[contains(@class,'words')]")[0]) == conclusion(faulty.result)
    assert text_of(root.xpath("//h1")[0]) == "辽宁省云岫市数据服务局 2023年度部门决算"
    tally = {li.xpath("string(span)"): int(li.xpath("string(b)")) for li in root.xpath("//ol[@class='tally']/li")}
    assert all(f"{name} {count}" in conclusion(faulty.result) for name, count in tally.items())
    assert sum(tally.values()) == len(faulty.full.rules) == len(root.xpath("//details[contains(@class,'rule')]"))
    assert "单位名称：辽宁省云岫市数据服务局（封面" in text_of(root.xpath("//dl[@class='notes']")[0])


def test_every_finding_is_there_in_order_with_everything_about_it(faulty: Subject, page: str) -> None:
    root = tree(page)
    shown = root.xpath("//details[contains(@class,'finding')]")
    assert [one.get("id") for one in shown] == [f"f{n.number}" for n in faulty.numbered]
    assert all(one.get("open") is not None for one in shown), "没有脚本时，每一项都是展开的"
    for one, numbered in zip(shown, faulty.numbered, strict=True):
        text, told = text_of(one), numbered.finding
        expected = [told.rule, told.check or told.title, told.sentence, told.formula, told.filled, told.tolerance_note, *told.hints]
        expected += [b.document for b in told.basis] + [o.raw for o in told.operands or ()] + [o.name for o in told.operands or ()]
        bare = re.sub(r"[①-⑩\s]|\(\d+\)", "", text)
        missing = [part for part in expected if part and re.sub(r"[①-⑩\s]|\(\d+\)", "", part) not in bare]
        assert missing == []
        assert text.count("未核验") == sum(b.verified == "未核验" for b in told.basis)


def test_findings_of_one_root_cause_stand_under_it(faulty: Subject, page: str) -> None:
    groups = tree(page).xpath("//section[contains(@class,'group cause')]")
    sentences = {cause.sentence: cause.id for cause in faulty.full.causes}
    assert groups
    for group in groups:
        cause = next(cause_id for sentence, cause_id in sentences.items() if sentence in text_of(group.xpath("h3")[0]))
        numbers = [n.number for n in faulty.numbered if n.finding.cause == cause]
        assert [f"f{number}" for number in numbers] == group.xpath("details/@id")


def test_each_figure_is_marked_where_it_is_printed(faulty: Subject, page: str) -> None:
    root, places = tree(page), Places(faulty.report)
    seen = 0
    for numbered in faulty.numbered:
        one = root.get_element_by_id(f"f{numbered.number}")
        for number, operand in enumerate(numbered.finding.operands or (), start=1):
            marks = one.xpath(f".//table[@data-sheet]//a[contains(@class,'sign')][@data-o='{number}']/..")
            at = places.cell(operand)
            if at is None:
                continue
            if not operand.raw and not marks:
                continue  # a blank among many, its row left out of the excerpt
            assert len(marks) == 1, operand.name
            assert marks[0].xpath("string(text())").strip() == operand.raw
            label = places.sheets[at.sheet].grid.rows[at.row]
            row = text_of(marks[0].getparent())
            assert all(cell.text in row for cell in label if cell.text.strip())
            seen += 1
    assert seen > 60


def test_the_suspect_stands_out(faulty: Subject, page: str) -> None:
    first = tree(page).get_element_by_id("f1")
    assert [text_of(one) for one in first.xpath(".//td[contains(@class,'suspect')]")] == ["① 1,966.23".replace(" ", "")] or first.xpath(".//td[contains(@class,'on suspect')]")
    assert [one.text for one in first.xpath(".//mark[contains(@class,'suspect')]")] == ["1,966.23"]


def test_long_tables_show_the_rows_around_with_their_header(faulty: Subject, page: str) -> None:
    table = tree(page).get_element_by_id("f2").xpath(".//table[@data-sheet]")[0]
    rows = table.xpath("tbody/tr[@data-r]")
    assert len(rows) < 6
    assert "金额" in text_of(table.xpath("thead")[0])
    skipped = sum(int(re.findall(r"\d+", text_of(one))[0]) for one in table.xpath(".//tr[@class='skip']"))
    whole = faulty.report.tables["收入支出决算总表"]
    assert skipped + len(rows) + len(table.xpath("thead/tr")) == len(whole.grid.rows)


def test_every_table_read_is_there_whole(faulty: Subject, page: str) -> None:
    drawn = tree(page).xpath("//details[@class='sheet-table']")
    assert len(drawn) == len(faulty.report.tables) + len(faulty.report.other_tables)
    for one, table in zip(drawn, faulty.report.tables.values(), strict=False):
        text = text_of(one)
        assert table.title in text
        assert all(cell.text.strip() in text for row in table.grid.rows for cell in row)


def test_every_rule_has_its_outcome_and_reason(faulty: Subject, page: str) -> None:
    root = tree(page)
    for one in root.xpath("//details[contains(@class,'rule ')]"):
        rule = one.xpath("string(summary/span[@class='rule'])")
        assert faulty.full.rules[rule] == one.get("data-outcome")
        reasons = {f.reason for f in faulty.full.findings if f.rule == rule and f.reason}
        assert all(reason in text_of(one) for reason in reasons)
    assert len(root.xpath("//table[@class='verdicts']")) == len(faulty.full.rules)


def test_links_lead_somewhere_and_nowhere_outside(page: str) -> None:
    root = tree(page)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = root.xpath("//*[local-name()='a' or local-name()='use']/@href")
    assert len(links) > 300 and {link[1:] for link in links} <= set(ids) and all(link.startswith("#") for link in links)
    outside = root.xpath("//*[@src or @srcset or @action or @background or @poster or @data] | //link | //iframe | //object | //embed | //base")
    assert [one for one in outside if one.get("src") or one.tag != "details"] == []
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", "".join(root.xpath("//style/text()")))


def test_only_its_own_script_may_run(page: str) -> None:
    root = tree(page)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    scripts = root.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(scripts[0].text.encode()).digest()).decode()
    assert len(scripts) == 1 and f"script-src 'sha256-{digest}'" in policy and policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline';")
    assert [name for one in root.iter() if isinstance(one.tag, str) for name in one.attrib if name.startswith("on")] == []


def test_people_with_a_keyboard_or_a_reader_find_their_way(page: str) -> None:
    root = tree(page)
    assert root.get("lang") == "zh-CN"
    assert all(root.xpath(f"//{name}") for name in ("header", "nav", "main", "footer"))
    assert root.xpath("//*[@aria-live='polite']") and root.xpath("//form[@role='search']")
    assert all(one.xpath("caption") for one in root.xpath("//table"))
    assert all(one.get("scope") for one in root.xpath("//th")) and root.xpath("//th[@scope='row']")
    assert all(one.xpath("ancestor::label") for one in root.xpath("//input | //select"))
    named = set(root.xpath("//@aria-labelledby"))
    assert named and named <= set(root.xpath("//@id"))


def test_waivers_decisions_and_what_is_new_are_told() -> None:
    accepted, decided = finding("A-2", waiver=WAIVER), finding("A-3", decision=Decision("误报", "李审计", "2026-01-02", "口径不同"), fingerprint="x")
    report = result([finding(fingerprint="n"), accepted, decided, finding("K-1", outcome="undecided", reason="缺表")], unread=("第3页没有读出来",), notes=("有一处修补",))
    made = material(report)
    comparison = Comparison("上次.json", "sha256:0", "2026-01-01", (ReportChanges("报告.txt", "某局", 2023, (Change("new", "n", "A01-2", "题", "fail", "error", "处"),)),))
    made = replace(made, run=RunResult(made.run.reports, baseline=comparison))
    root = tree(render_page(subject(report), made, None))
    by_rule = {one.get("data-rule"): one for one in root.xpath("//details[contains(@class,'finding')]")}
    assert "历年口径如此，张审计批准" in text_of(by_rule["A-2"]) and by_rule["A-2"].get("data-outcome") == "waived"
    assert "误报（李审计 2026-01-02：口径不同）" in text_of(by_rule["A-3"]) and by_rule["A-3"].get("data-decision") == "误报"
    assert by_rule["A01-2"].get("data-change") == "新增"
    notes = text_of(root.xpath("//dl[@class='notes']")[0])
    assert all(part in notes for part in ("没读出来第3页没有读出来", "缺表 1 项（K-1）", "有一处修补", "上次.json"))
    assert {one.get("name") for one in root.xpath("//select")} >= {"decision", "change"}


def test_nothing_judged_is_no_pass() -> None:
    report = result([], status="nothing_judged", message="没有读到任何决算表")
    text = text_of(tree(render_page(subject(report), material(report), None)))
    assert "没有读到任何决算表，不等于通过" in text and "没有核对，所以没有问题可列" in text


def test_it_ends_with_where_it_comes_from(page: str, faulty: Subject) -> None:
    root = tree(page)
    text = text_of(root.xpath("//footer")[0])
    assert str(material_of(faulty).provenance["canonical_digest"]) in text and "核对时间" in text


def test_page_pictures_are_stored_once_and_boxed(faulty: Subject) -> None:
    pages = DrawnPages(5, weight=200)
    root = tree(page_of(faulty, pages))
    stored = root.xpath("//*[local-name()='image']")
    assert len(stored) == len(pages.asked) == 5 and {one.get("id") for one in stored} == {f"p{n}" for n in range(1, 6)}
    assert all(base64.b64decode(one.get("href").removeprefix("data:image/png;base64,")).startswith(b"\x89PNG") for one in stored)
    for numbered in faulty.numbered:
        one = root.get_element_by_id(f"f{numbered.number}")
        labels = [n for box in one.xpath(".//*[local-name()='g'][contains(@class,'box')]/*[local-name()='text']/text()") for n in box.split("·")]
        printed = [str(number) for number, o in enumerate(numbered.finding.operands or (), start=1) if o.raw.strip()]
        assert sorted(labels) == sorted(printed)
        for figure in one.xpath(".//figure[contains(@class,'picture')]"):
            strips = [tuple(map(float, svg.get("viewbox", svg.get("viewBox", "")).split())) for svg in figure.xpath(".//div/*[local-name()='svg']")]
            for rect in figure.xpath(".//*[contains(@class,'box')]/*[local-name()='rect'][1]"):
                y, height = float(rect.get("y")), float(rect.get("height"))
                assert any(top <= y and y + height <= top + tall for _, top, _, tall in strips)


def test_pictures_that_would_be_too_much_are_told(faulty: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("juesuan_rules.outputs.web.pictures.BUDGET", 100_000)
    page = page_of(faulty, DrawnPages(6, weight=60_000))
    assert len(page) < 1_500_000
    left = re.search(r"图片太多，没有放进来：([^。]*)", page)
    assert left is not None and "这一页的图片没有放进来" in page
    assert len(left.group(1).split("、")) + page.count("<image ") == 6


def test_three_hundred_findings_over_forty_pages_stay_small(faulty: Subject) -> None:
    pages = DrawnPages(40)
    page = page_of(many(faulty, 300), pages)
    assert 36 < page.count("<image ") == len(pages.asked) and page.count('class="finding ') == 300
    assert 4_000_000 < len(page.encode()) < 15_000_000


def test_thousands_of_findings_are_all_there(faulty: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PLACES_DRAWN", 50)
    monkeypatch.setattr(views, "FIGURES_LISTED", 100)
    monkeypatch.setattr("juesuan_rules.outputs.web.page.PLACES_DRAWN", 50)
    monkeypatch.setattr("juesuan_rules.outputs.web.page.FIGURES_LISTED", 100)
    crowd = many(faulty, 400)
    root = tree(page_of(crowd))
    shown = root.xpath("//details[contains(@class,'finding')]")
    assert len(shown) == 400
    assert all(n.finding.sentence in text_of(one) for n, one in zip(crowd.numbered, shown, strict=True) if n.finding.sentence)
    assert max(at for at, one in enumerate(shown) if one.xpath(".//figure")) in range(40, 50)
    assert max(at for at, one in enumerate(shown) if one.xpath(".//table[@class='figures']")) in range(90, 100)
    said = text_of(root.get_element_by_id("findings"))
    assert "共 400 项：前 50 项画出了位置，其余 350 项" in said and "其余 300 项只有一句话，数和位置见同一次运行的 --json 或 --xlsx" in said


def hostile_page(text: str, *more: str) -> str:
    """A page with one text wherever a document's text can come, and more in findings and tables."""
    report = hostile_result(text)
    about = subject(report)
    tables = tuple([grid([[one, one], [one, "1.00"]]) for one in (text, *more)])
    about = replace(about, report=replace(about.report, other_tables=tables, other_titles=(text, *more)), families={"A": text})
    accepted = finding("B-9", waiver=replace(WAIVER, reason=text, approver=text), basis=(Basis(text, text),))
    about = with_findings(about, [*report.findings, accepted, *[hostile_finding(one) for one in more]])
    return render_page(about, material(report), None)


@pytest.fixture(scope="module")
def calm() -> set[str]:
    """The tags of a page of which nothing is hostile."""
    return {one.tag for one in tree(hostile_page("平常")).iter() if isinstance(one.tag, str)}


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{n}" for n in range(len(HOSTILE))])
def test_nothing_of_a_document_lives(text: str, calm: set[str]) -> None:
    page = hostile_page(text)
    page.encode("utf-8")
    assert len(page) < 700_000
    root = tree(page)
    assert {one.tag for one in root.iter() if isinstance(one.tag, str)} <= calm
    assert not root.xpath("//*[@onerror or @onclick] | //img | //comment()")
    assert len(root.xpath("//script")) == 1 and len(root.xpath("//style")) == 1
    assert all(link.startswith("#") for link in root.xpath("//@href"))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]", page)


def test_writing_leaves_a_whole_file(faulty: Subject, tmp_path: object) -> None:
    from pathlib import Path

    target = Path(str(tmp_path)) / "某局.html"
    write_page(faulty, material_of(faulty), target)
    assert target.read_text("utf-8").rstrip().endswith("</html>")


def test_pieces_serve_another_page(faulty: Subject) -> None:
    from juesuan_rules.outputs.web.environment import environment

    template = environment().from_string('{% import "pieces.html" as pieces %}{{ pieces.finding(view) }}')
    text = template.render(view=finding_view(faulty)[0])
    assert 'id="f1"' in text and "收入支出决算总表" in text

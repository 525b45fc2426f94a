"""What a person does, page by page, without a script: every form and link works with plain HTML."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.workbench.serving import DAMAGED, FIXTURES, ROOT, SOUND, Server, text_of, until

DECISION = {"status": "属实", "by": "审核员甲", "note": "已与单位核实，属实"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("pages") / "home")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def batch(server: Server) -> str:
    """Three reports, one of which cannot be read."""
    return server.judged(DAMAGED, SOUND, ("坏的.pdf", b"%PDF-1.4 nothing"))


def command(*options: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    line = [sys.executable, "-m", "juesuan_rules", *map(str, options)]
    return subprocess.run(line, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


def numbers(server: Server, run: str, position: int = 0, **question: str) -> list[int]:
    """Numbers of the findings listed."""
    return [int(n) for n in re.findall(r'class="line [^"]*"[^>]*data-n="(\d+)"', server.client.get(f"/run/{run}/{position}", params=question).text)]


def test_a_batch_lists_its_reports_and_what_failed(server: Server, batch: str) -> None:
    page = text_of(server.client.get(f"/run/{batch}"))
    assert "辽宁省云岫市数据服务局 2023年度" in page and "坏的.pdf" in page and "没有读出" in page
    assert server.state(batch) == {**server.state(batch), "done": 2, "failed": 1, "total": 3, "moving": False}
    home = text_of(server.client.get("/"))
    assert "等 3 个文件" in home and "2 / 3" in home
    assert "没有找到" in text_of(server.client.get("/", params={"q": "没有这样的单位"}))
    assert "等 3 个文件" in text_of(server.client.get("/", params={"q": "云岫 2023"}))
    worst = server.client.get(f"/run/{batch}", params={"sort": "worst", "part": "list"}).text
    assert "<html" not in worst and worst.index("坏的.pdf") < worst.index("云岫市") < worst.index("槐溪县")


def test_the_list_of_findings_is_narrowed_and_sorted(server: Server, batch: str) -> None:
    every = numbers(server, batch)
    assert every == list(range(1, len(every) + 1)) and len(every) > 20
    by_amount = numbers(server, batch, q="1966.23")
    assert by_amount and set(by_amount) < set(every) and by_amount == numbers(server, batch, q="1,966.23")
    warnings = numbers(server, batch, severity="warning")
    assert warnings and set(numbers(server, batch, severity="error")) | set(warnings) == set(every)
    assert numbers(server, batch, sort="rule") != every and sorted(numbers(server, batch, sort="size")) == every
    assert numbers(server, batch, table="没有这张表") == [] and numbers(server, batch, q="'\"<>&%;") == []
    assert numbers(server, batch, p="999", sort="不存在") == every


def test_a_finding_shows_its_place_and_its_neighbours(server: Server, batch: str) -> None:
    answer = server.client.get(f"/run/{batch}/0/finding/2")
    page = text_of(answer)
    assert "1,966.23" in page and "总表与支出表" in page and "收入支出决算总表" in page and "读错了" in page
    assert 'data-before="1"' in answer.text and 'data-after="3"' in answer.text
    assert server.client.get(f"/run/{batch}/0/finding/0").status_code == 404
    assert server.client.get(f"/run/{batch}/0/finding/999").status_code == 404
    filtered = server.client.get(f"/run/{batch}/0/finding/2", params={"severity": "warning"})
    assert filtered.status_code == 200


def test_every_page_of_a_report_is_there(server: Server, batch: str) -> None:
    rules = text_of(server.client.get(f"/run/{batch}/0/rules"))
    assert "A01-2" in rules and "表内勾稽" in rules and "相符" in rules
    read = server.client.get(f"/run/{batch}/0/read").text
    assert "收入支出决算总表" in read and re.search(r"correct\?at=t1r\d+c\d+", read) and "个数，读懂" in read
    assert "还没有更正" in text_of(server.client.get(f"/run/{batch}/1/corrections"))
    outputs = text_of(server.client.get(f"/run/{batch}/0/outputs"))
    assert "审计工作底稿" in outputs and "这份报告不是 PDF" in outputs and "结果摘要" in outputs
    assert "没有发现不符或存疑" in text_of(server.client.get(f"/run/{batch}/1"))
    about = text_of(server.client.get("/about"))
    assert "cn-21-liaoning" in about and str(server.home) in about


def test_decisions_are_kept_with_their_history(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.judged(DAMAGED)
    fingerprint = server.fingerprint(run, 0, 2)
    first = server.client.post(f"/run/{run}/0/decide", data={**DECISION, "fingerprint": fingerprint})
    assert first.url.params["f"] == "2" and "已与单位核实，属实" in text_of(first) and 'value="审核员甲"' in first.text
    second = server.client.post(f"/run/{run}/0/decide", data={"fingerprint": fingerprint, "status": "误报", "by": "审核员乙", "note": "", "next": "3"})
    assert second.url.params["f"] == "3"
    page = text_of(server.client.get(f"/run/{run}/0/finding/2"))
    assert page.index("误报 审核员乙") < page.index("属实 审核员甲")
    assert numbers(server, run, decision="误报") == [2]
    assert "已复核" in text_of(server.client.get(f"/run/{run}"))
    again = server.judged(("换个名字.txt", DAMAGED.read_bytes() + b"\n"))
    assert "误报 审核员乙" in text_of(server.client.get(f"/run/{again}/0/finding/2")), "同一单位、年度、位置：换一份文件也在"
    changed = DAMAGED.read_text("utf-8").replace("1,966.23", "1,866.23")
    other = server.judged(("改过.txt", changed.encode()))
    assert "需复核" in text_of(server.client.get(f"/run/{other}")) and "原为「1,966.23」，现为「1,866.23」" in text_of(server.client.get(f"/run/{other}/0/finding/2"))
    assert server.client.post(f"/run/{run}/0/decide", data={**DECISION, "fingerprint": fingerprint, "by": " "}).status_code == 400
    assert server.client.post(f"/run/{run}/0/decide", data={**DECISION, "fingerprint": fingerprint, "note": "长" * 600}).status_code == 400


def test_a_misread_cell_is_put_right_and_taken_back(serving: Callable[..., Server], tmp_path: Path) -> None:
    server = serving()
    run = server.judged(DAMAGED)
    before = len(numbers(server, run))
    form = server.client.get(f"/run/{run}/0/correct", params={"at": "f2o1"})
    assert "总表[一般公共服务支出].金额" in text_of(form) and "1,966.23" in text_of(form)
    edition = re.search(r'name="edition" value="(\d+)"', form.text)[1]  # type: ignore[index]
    right = {"at": "f2o1", "edition": edition, "right": "1,966.32", "who": "审核员甲", "why": "原件第12页如此"}
    for wrong in ({"right": "很多"}, {"right": ""}, {"right": "1,966.23"}, {"who": ""}, {"why": ""}, {"edition": "99"}, {"at": "f2o99"}, {"at": "t99r1c1"}):
        assert server.client.post(f"/run/{run}/0/correct", data={**right, **wrong}).status_code == 400, wrong
    again = server.client.post(f"/run/{run}/0/correct", data={**right, "right": "很多"}).text
    assert "不是金额" in again and all(f'value="{typed}"' in again for typed in ("很多", right["who"], right["why"], edition)), "写过的都还在"
    done = server.client.post(f"/run/{run}/0/correct", data=right)
    page = text_of(done)
    assert "1,966.23 → 1,966.32" in page and "消除 2 项" in page and "现在相符" in page and "没有用上" not in page
    assert len(numbers(server, run)) == before - 2
    assert "更正 1" in page
    assert server.client.post(f"/run/{run}/0/correct", data=right).status_code == 400, "旧页面不能再用"

    corrections = tmp_path / "corrections.yaml"
    corrections.write_text(server.client.get(f"/run/{run}/0/get/corrections.yaml").text, "utf-8")
    told = command("eval", DAMAGED, "--corrections", corrections, "--json", "-")
    result = json.loads(told.stdout)
    assert [one["status"] for one in result["reports"][0]["corrections"]] == ["applied"]
    assert sum(one["outcome"] in ("fail", "doubtful") for one in result["reports"][0]["findings"]) == before - 2

    number = re.search(r'name="number" value="(\d+)"', done.text)[1]  # type: ignore[index]
    server.client.post(f"/run/{run}/0/undo", data={"number": number})
    assert len(numbers(server, run)) == before


def test_a_cell_is_put_right_from_the_table_and_a_figure_from_the_prose(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.judged(DAMAGED)
    read = server.client.get(f"/run/{run}/0/read").text
    cell = re.search(r'correct\?at=(t1r\d+c\d+)">1,966\.23', read)[1]  # type: ignore[index]
    edition = "1"
    page = text_of(server.client.post(f"/run/{run}/0/correct", data={"at": cell, "edition": edition, "right": "1,966.32", "who": "甲", "why": "核实"}))
    assert "消除 2 项" in page
    # A second correction of the same figure is in place of the first.
    page = text_of(server.client.post(f"/run/{run}/0/correct", data={"at": cell, "edition": "2", "right": "1,966.33", "who": "甲", "why": "再核实"}))
    assert "1,966.33" in page and "→ 1,966.32" not in page and "更正 1" in page
    listed = server.client.get(f"/run/{run}/0", params={"q": "文中公务接待费 0.84"}).text
    number = re.search(r'data-n="(\d+)"', listed)[1]  # type: ignore[index]
    done = server.client.post(f"/run/{run}/0/correct", data={"at": f"f{number}o1", "edition": "3", "right": "1.20", "who": "甲", "why": "核实"})
    assert done.status_code == 200 and "没有用上" not in text_of(done) and "更正 2" in text_of(done)


def test_what_is_accepted_is_waived_until_it_expires_or_is_withdrawn(serving: Callable[..., Server], tmp_path: Path) -> None:
    server = serving()
    run = server.judged(DAMAGED)
    fingerprint = server.fingerprint(run, 0, 2)
    form = {"fingerprint": fingerprint, "reason": "尾数来自合并，已核实", "approver": "处长", "difference": "0.09万元", "expires": "2099-12-31", "place": "全部"}
    for wrong in ({"reason": ""}, {"expires": "2020-01-01"}, {"expires": "明天"}, {"difference": "很少"}, {"difference": "0.01万元"}, {"place": "别处"}):
        answer = server.client.post(f"/run/{run}/0/waive", data={**form, **wrong})
        assert answer.status_code == 400, wrong
    waived = server.client.post(f"/run/{run}/0/waive", data=form)
    page = text_of(waived)
    assert "已豁免" in page and "尾数来自合并" in page and "撤回豁免" in page
    marks = server.client.get("/marks")
    assert "2099-12-31" in text_of(marks) and "处长" in text_of(marks)
    waivers, decisions = tmp_path / "waivers.yaml", tmp_path / "decisions.yaml"
    server.client.post(f"/run/{run}/0/decide", data={**DECISION, "fingerprint": server.fingerprint(run, 0, 1)})
    waivers.write_text(server.client.get(f"/run/{run}/0/get/waivers.yaml").text, "utf-8")
    decisions.write_text(server.client.get("/marks/get/decisions.yaml").text, "utf-8")
    told = json.loads(command("eval", DAMAGED, "--waivers", waivers, "--decisions", decisions, "--json", "-").stdout)
    findings = told["reports"][0]["findings"]
    assert [one["waiver"]["reason"] for one in findings if one["waiver"]] == ["尾数来自合并，已核实"]
    assert [one["decision"]["note"] for one in findings if one["decision"]] == [DECISION["note"]]
    ours = json.loads(server.client.get(f"/run/{run}/0/get/json").text)
    assert ours["provenance"]["waivers"] == told["provenance"]["waivers"]
    assert [one["fingerprint"] for one in ours["reports"][0]["findings"] if one["waiver"]] == [one["fingerprint"] for one in findings if one["waiver"]]
    number = re.search(r'name="number" value="(\d+)"', marks.text)[1]  # type: ignore[index]
    server.client.post("/marks/withdraw", data={"number": number})
    assert "已撤回" in text_of(server.client.get("/marks")) and "已豁免" not in server.client.get(f"/run/{run}/0").text
    assert server.client.post("/marks/withdraw", data={"number": "999"}).status_code == 404


SIGNS = {"html": b"<!DOCTYPE html>", "xlsx": b"PK", "docx": b"PK", "json": b"{", "csv": b"\xef\xbb\xbf", "md": b"#", "sarif": b"{", "junit": b"<?xml"}


@pytest.mark.parametrize("kind", SIGNS)
def test_every_output_of_a_report_downloads_under_its_chinese_name(server: Server, batch: str, kind: str) -> None:
    answer = server.client.get(f"/run/{batch}/0/get/{kind}")
    assert answer.status_code == 200 and answer.content.startswith(SIGNS[kind])
    disposition = answer.headers["content-disposition"]
    name = re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._-]+\"; filename\*=UTF-8''([!-~]+)", disposition)
    assert name is not None and unquote(name[1]).startswith("辽宁省云岫市数据服务局-2023-有误")
    assert str(server.home).encode() not in answer.content, "存放的地方与结果无关"
    until(lambda: not list((server.home / "sending").iterdir()), 10)


def test_an_output_that_cannot_be_made_is_told(server: Server, batch: str) -> None:
    answer = server.client.get(f"/run/{batch}/0/get/pdf")
    assert answer.status_code == 400 and "PDF" in text_of(answer) and "sending" not in answer.text
    assert server.client.get(f"/run/{batch}/2/get/html").status_code == 400
    assert server.client.get(f"/run/{batch}/0/original/0").content == DAMAGED.read_bytes()


@pytest.mark.parametrize("kind", ["html", "xlsx", "csv", "md", "json", "sarif", "junit"])
def test_every_output_of_a_run_downloads(server: Server, batch: str, kind: str) -> None:
    answer = server.client.get(f"/run/{batch}/get/{kind}")
    assert answer.status_code == 200 and answer.content.startswith(SIGNS[kind])
    if kind == "json":
        told = json.loads(answer.content)
        assert [one["source"]["path"] for one in told["reports"]] == [DAMAGED.name, SOUND.name] and told["failures"][0]["path"] == "坏的.pdf"


def test_the_matrix_is_shown_with_links_to_its_reports(server: Server, batch: str) -> None:
    answer = server.client.get(f"/run/{batch}/matrix")
    assert answer.status_code == 200 and "辽宁省云岫市数据服务局" in answer.text
    assert re.search(r"""href="(?:\./)?0"|"(?:\./)?0\"""", answer.text)
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]


def test_everything_in_one_archive(server: Server, batch: str) -> None:
    assert server.client.get(f"/run/{batch}/get/zip").status_code == 400
    server.client.post(f"/run/{batch}/bundle")
    until(lambda: server.state(batch)["bundle"]["state"] == "ready", 120, lambda: str(server.state(batch)["bundle"]))
    with zipfile.ZipFile(io.BytesIO(server.client.get(f"/run/{batch}/get/zip").content)) as archive:
        names = set(archive.namelist())
        assert {"汇总.html", "汇总.xlsx", "汇总.csv", "结果.json", "decisions.yaml", "报告/辽宁省云岫市数据服务局-2023-有误.html", f"报告/{SOUND.stem}.docx"} <= names
        assert "不能" in archive.read("没有做出的.txt").decode() or "PDF" in archive.read("没有做出的.txt").decode()
        assert archive.testzip() is None


def test_several_files_as_one_report(server: Server) -> None:
    body, tables = sorted(FIXTURES.glob("江苏省栖川市商务促进局-2023*"), key=lambda path: path.suffix)
    run = server.judged(body, tables, as_one="1")
    assert server.state(run)["total"] == 1
    page = text_of(server.client.get(f"/run/{run}"))
    assert "几个文件合为一份报告" in page and "江苏省栖川市商务促进局" in page
    originals = server.client.get(f"/run/{run}/0/outputs").text
    assert body.name in originals and tables.name in originals


def test_the_same_file_twice_is_judged_once(server: Server) -> None:
    run = server.judged(SOUND, ("又一份.txt", SOUND.read_bytes()))
    assert server.state(run)["total"] == 1 and "内容完全相同" in text_of(server.client.get(f"/run/{run}"))


def test_a_run_is_judged_by_the_pack_and_region_chosen(server: Server) -> None:
    run = server.judged(SOUND, pack="cn")
    assert "规则包 cn" in text_of(server.client.get(f"/run/{run}/0/read"))
    assert server.client.post("/runs", files=[("files", ("a.txt", b"x"))], data={"pack": "../../x"}).status_code == 400
    server.client.post(f"/run/{run}/again", data={"pack": "", "region": "湖北省"})
    server.wait(run)
    assert "cn-42-hubei" in text_of(server.client.get(f"/run/{run}/0/read"))
    server.client.post(f"/run/{run}/rename", data={"title": "第一批"})
    assert "第一批" in text_of(server.client.get("/"))
    wrong = server.judged(("甲.txt", SOUND.read_bytes() + b"\n"), region="不存在的地方")
    assert "不存在的地方" in text_of(server.client.get(f"/run/{wrong}"))


def test_a_document_of_another_kind_is_no_pass(server: Server) -> None:
    run = server.judged(FIXTURES / "新闻.txt")
    page = text_of(server.client.get(f"/run/{run}/0"))
    assert "这不等于通过" in page


def test_ten_thousand_findings_are_shown_page_by_page() -> None:
    from tests.workbench.made import finding_line, overview_of

    from juesuan_rules.outputs.web.overview import GroupView
    from juesuan_rules.workbench.shown import PER_PAGE, Wanted, list_findings

    view = overview_of([GroupView(f"g{at}", "", "", "", tuple(finding_line(n) for n in range(at * 100 + 1, at * 100 + 101))) for at in range(100)])
    first, last = list_findings(view, Wanted()), list_findings(view, Wanted(page=99))
    assert (first.found, first.pages, len(first.numbers)) == (10_000, 34, PER_PAGE)
    assert last.page == 34 and last.numbers[-1] == 10_000
    assert list_findings(view, Wanted(words=("第777项",))).numbers == (777,)


def test_a_page_that_is_not_there(server: Server) -> None:
    for path in ("/nothing", "/run/0000000000000000", "/run/x/0/get/pdf", "/run"):
        answer = server.client.get(path)
        assert answer.status_code == 404 and "返回" in answer.text
    assert server.client.put("/runs").status_code == 405

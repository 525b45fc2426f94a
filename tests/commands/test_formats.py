"""`eval` and `extract` over files of other formats, several files as one report, and corrections."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]
Violations = Callable[[str, object], list[str]]

CORRECTION = """corrections: 1
更正:
  - 表: 总表
    行: 一般公共服务支出
    印作: '1,966.23'
    应为: '1,966.32'
    更正人: 甲
    理由: 原件如此
  - 表: 三公表
    行: 公务接待费
    栏: 决算数
    印作: '8.40'
    应为: '0.84'
    更正人: 甲
    理由: 原件如此
"""


def halves(report: Path, folder: Path) -> tuple[Path, Path]:
    """The report cut in two files before its fifth table."""
    text = report.read_text("utf-8")
    at = text.index("\n一般公共预算财政拨款支出决算表\n")
    first, second = folder / "正文.txt", folder / "附表.txt"
    first.write_text(text[:at], encoding="utf-8")
    second.write_text(text[at:], encoding="utf-8")
    return first, second


def outcomes(run: Any) -> list[tuple[str, str, str]]:
    (report,) = json.loads(run.raw)["reports"]
    return [(f["rule"], f["key"], f["outcome"]) for f in report["findings"]]


def test_several_files_are_one_report(program: Program, faulty: Path, tmp_path: Path, violations: Violations) -> None:
    first, second = halves(faulty, tmp_path)
    whole, joined = program("eval", faulty, "--json", "-"), program("eval", first, second, "--as-one", "--json", "-")
    assert joined.code == whole.code == 1 and outcomes(joined) == outcomes(whole)
    value = json.loads(joined.raw)
    assert violations("result", value) == []
    (report,) = value["reports"]
    assert [part["path"] for part in report["source"]["parts"]] == [str(first), str(second)]
    assert {table["place"]["file"] for table in report["tables"]} == {"正文.txt", "附表.txt"}
    assert "附表.txt" in program("eval", first, second, "--as-one").out
    again = program("eval", first, second, "--as-one", "--json", "-")  # from the cache
    assert json.loads(again.raw)["provenance"]["canonical_digest"] == value["provenance"]["canonical_digest"]


def test_extract_takes_several_files_as_one(program: Program, sound: Path, tmp_path: Path, violations: Violations) -> None:
    first, second = halves(sound, tmp_path)
    run = program("extract", first, second, "--as-one", "--json", "-")
    value = json.loads(run.raw)
    assert run.code == 0 and violations("extract", value) == []
    (file,) = value["files"]
    assert sum(table["id"] is not None for table in file["tables"]) == 9 and len(file["source"]["parts"]) == 2
    assert program("extract", first, second).out.count("决算表") > 0


def test_an_archive_of_attachments_is_one_report(program: Program, faulty: Path, tmp_path: Path) -> None:
    first, second = halves(faulty, tmp_path)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in (second, first):
            archive.write(path, path.name)
    (tmp_path / "公开.zip").write_bytes(stream.getvalue())
    run = program("eval", tmp_path / "公开.zip", "--json", "-")
    assert outcomes(run) == outcomes(program("eval", faulty, "--json", "-"))
    assert json.loads(run.raw)["reports"][0]["source"]["format"] == "zip"


def test_what_was_not_read_is_said_and_is_no_error(program: Program, sound: Path, tmp_path: Path, violations: Violations) -> None:
    first, _ = halves(sound, tmp_path)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.write(first, first.name)
        archive.writestr("附表.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50))
    (tmp_path / "公开.zip").write_bytes(stream.getvalue())
    run = program("eval", tmp_path / "公开.zip", "--json", tmp_path / "r.json")
    assert run.code == 4
    assert "没读出来  附表.7z" in run.out and "不符 0" in run.last
    value = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert violations("result", value) == [] and len(value["reports"][0]["unread"]) == 1
    assert {f["reason"] for f in value["reports"][0]["findings"] if f["outcome"] == "undecided"} == {"无法识别"}
    assert program("extract", tmp_path / "公开.zip").code == 4


def test_corrections_are_applied_and_shown_everywhere(program: Program, faulty: Path, tmp_path: Path, violations: Violations) -> None:
    (tmp_path / "更正.yaml").write_text(CORRECTION, encoding="utf-8")
    before = program("eval", faulty, "--json", "-")
    run = program("eval", faulty, "--corrections", tmp_path / "更正.yaml", "--json", tmp_path / "r.json")
    assert "更正  总表.支出[一般公共服务支出].金额（第275行） 印作「1,966.23」，按 1,966.32 核对（甲：原件如此）" in run.out
    assert "更正未用  三公表[公务接待费].决算数（第561行）：印文不符，该处印作「8,400.00」，没有更正" in run.out
    value = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert violations("result", value) == []
    (report,) = value["reports"]
    assert [c["status"] for c in report["corrections"]] == ["applied", "mismatch"]
    failed = {f["rule"] for f in report["findings"] if f["outcome"] == "fail"}
    assert {"A01-2", "B-05"} & {rule for rule, _, outcome in outcomes(before) if outcome == "fail"} and not {"A01-2", "B-05"} & failed
    assert len(value["provenance"]["corrections"]) == 1
    assert value["provenance"]["canonical_digest"] != json.loads(before.raw)["provenance"]["canonical_digest"]
    shown = program("extract", faulty, "--corrections", tmp_path / "更正.yaml", "--table", "总表")
    assert "1,966.23〔更〕" in shown.out and "更正  总表" in shown.out


def test_broken_corrections_stop_the_run(program: Program, faulty: Path, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.yaml").write_text("corrections: 1\n更正:\n  - 印作: 1\n", encoding="utf-8")
    run = program("eval", faulty, "--corrections", tmp_path / "坏.yaml")
    assert run.code == 2 and "没有写明是哪一个数" in run.err and "坏.yaml:3" in run.err
    (tmp_path / "更正.yaml").write_text(CORRECTION, encoding="utf-8")
    several = program("eval", faulty, sound, "--corrections", tmp_path / "更正.yaml")
    assert several.code == 2 and "没有写“文件”" in several.err


def test_a_template_of_doubtful_cells(program: Program, tmp_path: Path, faulty: Path) -> None:
    (tmp_path / "花.txt").write_text(faulty.read_text("utf-8").replace("\t1,966.23\n", "\t1,9b6.23\n", 1), encoding="utf-8")
    run = program("extract", tmp_path / "花.txt", "--corrections-template", tmp_path / "样子.yaml")
    assert run.code == 0
    text = (tmp_path / "样子.yaml").read_text("utf-8")
    assert '印作: "1,9b6.23"' in text and "文件: \"花.txt\"" in text
    filled = text.replace("应为: ''", "应为: '1,966.32'", 1).replace("更正人: ''", "更正人: 甲", 1).replace("理由: ''", "理由: 乙", 1)
    (tmp_path / "填.yaml").write_text(filled, encoding="utf-8")
    assert "更正  总表" in program("eval", tmp_path / "花.txt", "--corrections", tmp_path / "填.yaml").out


@pytest.mark.parametrize("command", ["eval", "extract"])
def test_the_pdf_engine_is_one_of_three(program: Program, sound: Path, command: str) -> None:
    assert program(command, sound, "--pdf-engine", "native").code == 0
    run = program(command, sound, "--pdf-engine", "mupdf")
    assert run.code == 2 and "auto、native、pdfplumber" in run.err


def test_a_budget_is_not_judged_but_its_tables_are_shown(program: Program, made_up: Path) -> None:
    budget = next(made_up.glob("*预算.txt"))
    run = program("eval", budget)
    assert run.code == 5 and "不是部门决算公开报告" in run.last
    shown = program("extract", budget, "--json", "-")
    (file,) = json.loads(shown.raw)["files"]
    assert shown.code == 0 and any(len(table["grid"]) > 2 for table in file["tables"])


def test_an_attachment_that_repeats_the_report_is_no_finding(program: Program, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "附件.txt").write_text(sound.read_text("utf-8") + "\n以上。\n", encoding="utf-8")
    run = program("eval", sound, tmp_path / "附件.txt", "--as-one")
    assert run.code == 0 and run.last.startswith("结论：不符 0，"), run.out

"""The outputs from outside: options, messages, exit codes; a run saved by `report` comes out the same from `verify`."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]


def every(folder: Path) -> list[object]:
    """All options, each with a file of its own."""
    return [part for kind in ("html", "xlsx", "pdf", "docx", "sarif", "junit", "csv", "md", "json") for part in (f"--{kind}", folder / f"结果.{kind}")]


def test_every_output_in_one_run(program: Program, faulty: Path, tmp_path: Path) -> None:
    plain = program("eval", faulty)
    run = program("eval", faulty, *every(tmp_path))
    assert run.code == plain.code == 1
    assert run.last == plain.last and [line for line in run.out.splitlines() if "sha256" not in line] == plain.out.splitlines()
    assert run.err.strip() == f"没有写「{tmp_path / '结果.pdf'}」：报告不是 PDF 文件，没有可以加批注的原件；请看网页结果（--html）"
    assert {path.name for path in tmp_path.glob("结果.*")} == {f"结果.{kind}" for kind in ("html", "xlsx", "docx", "sarif", "junit", "csv", "md", "json")}
    digest = json.loads((tmp_path / "结果.json").read_text("utf-8"))["provenance"]["canonical_digest"]
    assert digest in (tmp_path / "结果.html").read_text("utf-8") and digest in run.out


@pytest.mark.parametrize("extra", [[], ["--list-all"]])
def test_the_digest_is_the_same_with_and_without_outputs(program: Program, faulty: Path, tmp_path: Path, extra: list[str]) -> None:
    program("eval", faulty, "--json", tmp_path / "1.json", *extra)
    program("eval", faulty, "--json", tmp_path / "2.json", "--html", tmp_path / "2.html", *extra)
    first, second = [json.loads((tmp_path / f"{n}.json").read_text("utf-8")) for n in (1, 2)]
    assert first["reports"] == second["reports"]
    assert first["provenance"]["canonical_digest"] == second["provenance"]["canonical_digest"]


def test_text_on_standard_output_is_alone_there(program: Program, faulty: Path) -> None:
    run = program("eval", faulty, "--csv", "-", env={"PYTHONIOENCODING": "gbk"})
    assert run.code == 1 and run.raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(run.raw.decode("utf-8-sig"), newline="")))
    assert {row["单位"] for row in rows} == {"辽宁省云岫市数据服务局", "溯源"}


def test_what_cannot_be_is_2_before_any_work(program: Program, faulty: Path, sound: Path, tmp_path: Path) -> None:
    copy = tmp_path / "报告.txt"
    copy.write_bytes(faulty.read_bytes())
    cases: list[tuple[list[object], str]] = [
        (["--csv", "-", "--md", "-"], "只能有一种"),
        (["--html", "-"], "不能写到标准输出"),
        (["--csv", f"{tmp_path}/"], "是目录"),
        (["--html", tmp_path / "a.x", "--xlsx", tmp_path / "a.x"], "同一个文件"),
        (["--html", tmp_path / "无" / "a.html"], "没有目录"),
        (["--md", copy], "要核对的报告"),
        (["--docx", tmp_path / "a.docx", sound], "请给一个目录"),
    ]
    for extra, said in cases:
        run = program("eval", copy, *extra)
        assert (run.code, run.out) == (2, "") and said in run.err, extra
        gbk = program("eval", copy, *extra, env={"PYTHONIOENCODING": "gbk"}) if said == "要核对的报告" else run
        assert said in gbk.err
    assert copy.read_bytes() == faulty.read_bytes() and sorted(path.name for path in tmp_path.iterdir()) in (["报告.txt"], ["cache", "报告.txt"])


def test_a_folder_of_reports(program: Program, faulty: Path, sound: Path, tmp_path: Path) -> None:
    reports = tmp_path / "报告"
    reports.mkdir()
    for path in (faulty, sound):
        (reports / path.name).write_bytes(path.read_bytes())
    (reports / "坏.pdf").write_bytes(b"%PDF-1.4")
    run = program("eval", reports, "--html", f"{tmp_path}/结果/", "--docx", f"{tmp_path}/结果/", "--junit", tmp_path / "全.xml")
    assert run.code == 4 and "坏.pdf" in run.err
    assert {path.name for path in (tmp_path / "结果").iterdir()} == {"汇总.html", *[f"{path.stem}.{kind}" for path in (faulty, sound) for kind in ("html", "docx")]}


def _first(folder: Path) -> dict[str, Any]:
    """A finding of two figures of a table."""
    value = json.loads((folder / "1.json").read_text("utf-8"))
    found: dict[str, Any] = next(one for one in value["reports"][0]["findings"] if one["outcome"] == "fail" and one["severity"] == "error")
    return found


def decide(program: Program, folder: Path, found: dict[str, Any], status: str) -> Any:
    """A decision on a finding of the result in that folder."""
    return program("decisions", "set", folder / "复核.yaml", "--result", folder / "1.json", "--finding", found["fingerprint"], "--status", status, "--by", "李复核", "--note", "口径不同")


def test_decisions_and_an_earlier_result_are_in_every_output(program: Program, faulty: Path, tmp_path: Path) -> None:
    program("eval", faulty, "--json", tmp_path / "1.json")
    first = _first(tmp_path)
    decided = decide(program, tmp_path, first, "误报")
    assert decided.code == 0, decided.err
    run = program("eval", faulty, "--decisions", tmp_path / "复核.yaml", "--baseline", tmp_path / "1.json", *every(tmp_path))
    assert run.code == 0, run.out + run.err  # nothing new since
    for kind in ("html", "csv", "md", "sarif"):
        assert "李复核" in (tmp_path / f"结果.{kind}").read_text("utf-8-sig"), kind


def test_a_saved_run_with_everything_that_goes_into_it_comes_out_the_same(program: Program, faulty: Path, sound: Path, tmp_path: Path) -> None:
    program("eval", faulty, "--json", tmp_path / "1.json")
    first = _first(tmp_path)
    assert decide(program, tmp_path, first, "属实").code == 0
    made = program("waivers", "template", tmp_path / "1.json", "--rule", first["rule"])
    waivers = tmp_path / "豁免.yaml"
    waivers.write_text(made.out.replace("reason:", "reason: 历年口径如此", 1).replace("approver:", "approver: 张审计").replace("expires:", "expires: 2099-12-31").replace("reason:\n", "reason: 历年口径如此\n"), "utf-8")
    assert program("waivers", "check", waivers).code == 0
    prior = tmp_path / "上年.txt"
    prior.write_text(sound.read_text("utf-8").replace("2022", "2021").replace("2023", "2022"), "utf-8")
    run = program("report", tmp_path / "存", faulty, "--decisions", tmp_path / "复核.yaml", "--prior", prior, "--waivers", waivers, "--outputs", "html,csv", "--with-reports")
    assert run.code == 1, run.out + run.err
    again = program("verify", tmp_path / "存")
    assert again.code == 0 and again.last.startswith("结论：与当时一致"), again.out + again.err
    kept = next((tmp_path / "存").rglob("复核.yaml"))
    kept.write_text(kept.read_text("utf-8").replace("属实", "误报"), "utf-8")
    assert program("verify", tmp_path / "存").code != 0

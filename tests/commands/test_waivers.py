"""Waivers from outside: `eval --waivers`, `waivers list`, `check`, `template`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Program = Callable[..., Any]
Violations = Callable[[str, object], list[str]]


def everything(program: Program, report: Path, folder: Path, day: str = "2026-12-31") -> Path:
    """A waivers file for every fault of a report."""
    program("eval", report, "--json", folder / "bare.json")
    text = program("waivers", "template", folder / "bare.json").out
    path = folder / "waivers.yaml"
    path.write_text(text.replace("reason:", "reason: 已核实").replace("approver:", "approver: 审核科").replace("expires:", f"expires: {day}"), "utf-8")
    return path


def test_waived_findings_do_not_count(program: Program, faulty: Path, tmp_path: Path, violations: Violations) -> None:
    path = everything(program, faulty, tmp_path)
    run = program("eval", faulty, "--waivers", path, "--as-of", "2026-12-31", "--json", tmp_path / "r.json")
    assert run.code == 0, run.out
    assert re.search(r"结论：不符 0，.*，已豁免 \d+，", run.last)
    value = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert violations("result", value) == []
    (report,) = value["reports"]
    failed = [f for f in report["findings"] if f["outcome"] in ("fail", "doubtful")]
    assert failed and all(f["waiver"]["approver"] == "审核科" for f in failed)
    assert report["summary"]["fail"] == 0 and report["summary"]["waived"] == len(failed)
    assert {use["status"] for use in report["waivers"]} == {"applied"}
    assert value["provenance"]["as_of"] == "2026-12-31" and len(value["provenance"]["waivers"]) == 1


def test_they_hold_whatever_the_report_was_read_from_and_from_the_cache(program: Program, faulty: Path, tmp_path: Path) -> None:
    path = everything(program, faulty, tmp_path)
    crlf = tmp_path / "同一份.txt"
    crlf.write_bytes(b"\r\n\r\n" + faulty.read_text("utf-8").replace("\n", "\r\n").encode("gb18030"))
    for report in (faulty, faulty, crlf):
        assert program("eval", report, "--waivers", path, "--as-of", "2026-01-01").code == 0
    assert program("eval", faulty).code == 1


def test_expired_waivers_are_told(program: Program, faulty: Path, tmp_path: Path) -> None:
    run = program("eval", faulty, "--waivers", everything(program, faulty, tmp_path), "--as-of", "2027-01-01")
    assert run.code == 1
    assert "提示  豁免已过期" in run.out and "已豁免 " not in run.last


def test_waivers_that_fit_nothing_are_told(program: Program, sound: Path, faulty: Path, tmp_path: Path) -> None:
    path = everything(program, faulty, tmp_path)
    run = program("eval", sound, "--waivers", path, "--as-of", "2026-01-01")
    assert run.code == 0
    assert "提示  豁免未用上" in run.out
    path.write_text(path.read_text("utf-8").replace("year: 2023", "year: 2021"), "utf-8")
    assert "条豁免不是这次的报告的" in program("eval", sound, "--waivers", path).out


def test_a_broken_file_ends_the_run_before_it_begins(program: Program, faulty: Path, tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text("waivers:\n  - rule: A01-2\n", "utf-8")
    run = program("eval", faulty, "--waivers", path)
    assert run.code == 2 and run.out == "" and "缺少“approver”" in run.err
    assert program("eval", faulty, "--waivers", tmp_path / "no.yaml").code == 2
    assert program("eval", faulty, "--as-of", "gestern").code == 2


def test_listing_what_runs_out(program: Program, faulty: Path, tmp_path: Path) -> None:
    path = everything(program, faulty, tmp_path)
    assert program("waivers", "list", path, "--as-of", "2026-12-01").code == 0
    soon = program("waivers", "list", path, "--expiring-in", "30d", "--as-of", "2026-12-01")
    assert soon.code == 1 and "还有 30 天" in soon.out
    later = program("waivers", "list", path, "--expiring-in", "30d", "--as-of", "2026-11-30")
    assert later.code == 0 and "30 天内到期 0" in later.last
    assert "已到期 1 天" in program("waivers", "list", path, "--as-of", "2027-01-01").out
    assert program("waivers", "list", path, "--expiring-in", "bald").code == 2


def test_checking_tells_unknown_rules(program: Program, faulty: Path, tmp_path: Path) -> None:
    path = everything(program, faulty, tmp_path)
    assert program("waivers", "check", path).code == 0
    path.write_text(path.read_text("utf-8").replace('"A01-2"', '"A01-99"'), "utf-8")
    run = program("waivers", "check", path)
    assert run.code == 0 and "W451" in run.out
    path.write_text(path.read_text("utf-8").replace("审核科", ""), "utf-8")
    assert program("waivers", "check", path).code == 2


def test_a_template_needs_a_result(program: Program, faulty: Path, tmp_path: Path) -> None:
    assert program("waivers", "template", faulty).code == 2
    assert program("waivers", "template", tmp_path / "no.json").code == 2

"""`test`, `coverage` and `draft` from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Program = Callable[..., Any]
FIXTURES = Path(__file__).parents[2] / "fixtures"
PACK = "language: 1\nid: x-project\nversion: 1.0.0\nname: 某项目\nlevel: 项目\nparent: cn\n"


def test_test_writes_json_and_nothing_else(program: Program) -> None:
    done = program("test", "cn", "--rule", "B-04", "A01-2", "--json", "-")
    told = json.loads(done.out)
    assert done.code == 0
    assert {case["rule"] for case in told["cases"]} == {"A01-2", "B-04"}
    assert told["summary"]["boundaries_failed"] == 0 < told["summary"]["boundaries"]


def test_test_without_boundaries(program: Program) -> None:
    done = program("test", "cn", "B-04", "--no-boundaries", "--list-all")
    assert (done.code, "边界" in done.out) == (0, False)
    assert program("test", "cn", "B-04", "--case-seconds", "0").code == 2


def test_coverage(program: Program, sound: Path, tmp_path: Path) -> None:
    page, result = tmp_path / "覆盖.html", tmp_path / "覆盖.json"
    done = program("coverage", "auto", sound, "--html", page, "--json", result)
    assert done.code == 0
    assert "收入支出决算总表" in done.out and done.last.startswith("结论：印出的 ")
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(result.read_text("utf-8"))["reports"][0]["summary"]["figures"] > 400
    assert json.loads(program("coverage", "auto", sound, "--json", "-").out)["schema_version"] == 1


def test_coverage_of_what_is_no_report(program: Program) -> None:
    done = program("coverage", "cn", FIXTURES / "新闻.txt")
    assert done.code == 4 and "不是部门决算公开报告" in done.err
    assert program("coverage", "没有这个包", FIXTURES / "新闻.txt").code == 2


def test_drafts_are_written_into_a_pack_and_stay_out_of_force(program: Program, tmp_path: Path) -> None:
    pack = tmp_path / "x-project"
    pack.mkdir()
    (pack / "pack.yaml").write_text(PACK, "utf-8")
    files = [FIXTURES / name for name in ("辽宁省云岫市数据服务局-2023.txt", "广东省浔澜市水务局-2023.txt", "内蒙古青格勒旗民生保障局-2023.txt")]
    done = program("draft", *files, "-o", pack)
    assert done.code == 0, done.err
    ids = [line.split()[0] for line in done.out.splitlines() if line.startswith("DRAFT-")]
    if not ids:
        assert "提出 0 条草稿" in done.last
        return
    assert "draft: true" in (pack / "rules" / "drafts.yaml").read_text("utf-8")
    checked = program("check", pack)
    assert checked.code == 0 and "W411" in checked.out
    assert program("check", pack / "rules" / "drafts.yaml").last.startswith(f"结论：{len(ids)} 条规则，错误 0")
    tried = program("test", pack)
    assert tried.code == 0 and "没有启用" in tried.out
    assert program("draft", *files, "-o", pack).code == 2
    text = (pack / "rules" / "drafts.yaml").read_text("utf-8")
    (pack / "rules" / "drafts.yaml").write_text(text.replace("draft: true\n", ""), "utf-8")
    assert program("test", pack).code == 0


def test_draft_refuses_what_it_cannot_use(program: Program) -> None:
    assert program("draft", FIXTURES / "新闻.txt").code == 4
    assert program("draft", FIXTURES / "新闻.txt", "--prefix", "草稿").code == 2

"""`lint` from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from juesuan_rules.authoring.linting.codes import by_code
from juesuan_rules.authoring.linting.examples import example_files

Program = Callable[..., Any]


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str], Path]:
    """The small pack of an example, on disk."""

    def make(code: str) -> Path:
        for name, text in example_files(by_code()[code]).items():
            path = tmp_path / "packs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        return tmp_path / "packs" / "base"

    return make


def test_findings_and_exit_codes(program: Program, pack: Callable[[str], Path]) -> None:
    run = program("lint", pack("L301"))
    assert run.code == 1
    assert "警告 L301 这项核对不看报告就知道一定成立" in run.out
    assert "^^^^" in run.out
    assert run.last.startswith("结论：base 1 条规则，错误 0，警告 ")
    assert run.last.endswith("退出码 1")
    assert program("lint", pack("L302")).code == 3
    assert program("lint", "没有这个包").code == 2
    assert program("lint", pack("L301"), "--as-of", "昨天").code == 2


def test_informations_are_counted_unless_asked_for(program: Program, pack: Callable[[str], Path]) -> None:
    folder = pack("L204")
    short, long = program("lint", folder), program("lint", folder, "--list-all")
    assert "L204 没有规则读的表 1 处" in short.out
    assert "提示 L204 没有规则读“支出决算表”" not in short.out
    assert "提示 L204 没有规则读“支出决算表”" in long.out


def test_fix_says_what_it_did_and_diff_only_shows(program: Program, pack: Callable[[str], Path]) -> None:
    folder = pack("L108")
    path = folder / "rules" / "a.yaml"
    before = path.read_text("utf-8")
    shown = program("lint", folder, "--diff")
    assert shown.code == 1
    assert "-    title: 总表：本年收入合计等于各项收入之和。" in shown.out
    assert "+    title: 总表：本年收入合计等于各项收入之和" in shown.out
    assert path.read_text("utf-8") == before
    done = program("lint", folder, "--fix")
    assert "已改" in done.out and "L108" in done.out
    assert path.read_text("utf-8") == before.replace("之和。", "之和")
    assert "警告 L108" not in done.out
    assert "已改" not in program("lint", folder, "--fix").out


def test_json(program: Program, pack: Callable[[str], Path]) -> None:
    run = program("lint", pack("L310"), "--deep", "--json", "-")
    assert run.code == 3
    value = json.loads(run.raw)
    assert value["schema_version"] == 1
    found = value["packs"][0]["findings"]
    conflict = next(f for f in found if f["code"] == "L310")
    assert (conflict["level"], conflict["rule"], conflict["fixable"]) == ("error", "A01-2", False)
    assert conflict["line"] > 0 and conflict["details"]
    assert value["packs"][0]["summary"]["error"] == 1


def test_several_packs_and_the_cache(program: Program, pack: Callable[[str], Path]) -> None:
    pack("L309")
    folder = pack("L301")
    city = folder.parent / "city"
    first = program("lint", folder, city, "--json", "-")
    second = program("lint", folder, city, "--json", "-")
    assert first.out == second.out == program("lint", folder, city, "--no-cache", "--json", "-").out
    assert "结论：2 个规则包" in program("lint", folder, city).last


def test_a_windows_console(program: Program, pack: Callable[[str], Path]) -> None:
    run = program("lint", pack("L310"), "--deep", "--list-all", env={"PYTHONIOENCODING": "gbk"})
    assert "错误 L310" in run.out

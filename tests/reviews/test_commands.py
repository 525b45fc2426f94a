"""`decisions …` from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]


@pytest.fixture
def result(program: Program, faulty: Path, tmp_path: Path) -> Path:
    program("eval", faulty, "--json", tmp_path / "r.json")
    return tmp_path / "r.json"


def failed(result: Path) -> list[dict[str, Any]]:
    return [one for one in json.loads(result.read_text("utf-8"))["reports"][0]["findings"] if one["outcome"] == "fail"]


def test_set_by_number_and_by_fingerprint(program: Program, result: Path, tmp_path: Path) -> None:
    name = failed(result)[0]["fingerprint"]
    run = program("decisions", "set", "d.yaml", "--result", result, "--finding", name, "--finding", "2", "--status", "误报", "--by", "某人", "--note", "说明", "--date", "2026-11-20")
    assert run.code == 0 and run.last == "结论：记下 2 条复核意见"
    listed = program("decisions", "list", "d.yaml")
    assert name in listed.out and "某人 2026-11-20：说明" in listed.out and listed.last == "结论：2 条复核意见，属实 0，误报 2，已整改 0，待核 0"
    value = json.loads(program("decisions", "list", "d.yaml", "--status", "误报", "--json", "-").out)
    assert len(value["decisions"]) == 2 and value["decisions"][0]["values"]
    rates = json.loads(program("decisions", "rates", "d.yaml", "--json", "-").out)
    assert rates["summary"] == {"decided": 2, "false_alarms": 2, "share": 1.0}
    assert "仅供参考" in program("decisions", "rates", "d.yaml").out


def test_what_is_wrong_with_the_command_line_is_told(program: Program, result: Path, tmp_path: Path) -> None:
    base = ("decisions", "set", "d.yaml", "--result", result, "--by", "某人")
    for more in (("--finding", "1", "--status", "好"), ("--finding", "999", "--status", "误报"), ("--finding", "0" * 16, "--status", "误报"), ("--finding", "1", "--status", "误报", "--date", "明天"), ("--finding", "1", "--status", "误报", "--report", "没有")):
        assert program(*base, *more).code == 2
    assert program("decisions", "set", "d.yaml", "--result", tmp_path / "d.json", "--by", "某人", "--finding", "1", "--status", "误报").code == 2
    assert not (tmp_path / "d.yaml").exists()


def test_import_merges_lists_and_files(program: Program, result: Path, tmp_path: Path) -> None:
    one, two, *_ = (each["fingerprint"] for each in failed(result))
    (tmp_path / "表.csv").write_text(f"指纹,意见\n{one},属实\n{two},\n", "gb18030")
    assert program("decisions", "import", "d.yaml", "表.csv").code == 2
    run = program("decisions", "import", "d.yaml", "表.csv", "--result", result, "--by", "某人", "--date", "2026-01-01")
    assert run.code == 0 and "并入 1 条" in run.last and "没有填意见的 1 行" in run.last
    program("decisions", "set", "新.yaml", "--result", result, "--finding", one, "--finding", two, "--status", "误报", "--by", "某人", "--date", "2026-02-01")
    assert "并入 2 条" in program("decisions", "import", "d.yaml", "新.yaml").last
    assert "误报 2" in program("decisions", "list", "d.yaml").last
    assert "已有更新的 1 条没有动" in program("decisions", "import", "d.yaml", "表.csv", "--result", result, "--by", "某人", "--date", "2026-01-01").last
    again = program("decisions", "import", "d.yaml", "新.yaml").last
    assert "并入 0 条" in again and "文件里已有同样的 2 条" in again
    (tmp_path / "溯源.csv").write_text(f"规则,意见,指纹\nA,,{one}\n溯源,,\n溯源,,\n", "utf-8")
    assert "没有填意见的 1 行" in program("decisions", "import", "d.yaml", "溯源.csv", "--result", result, "--by", "某人").last
    (tmp_path / "坏.csv").write_text("指纹,意见\nffff,属实\n", "utf-8")
    assert program("decisions", "import", "d.yaml", "坏.csv", "--result", result, "--by", "某人").code == 2


def test_numbers_need_a_report_where_there_are_several(program: Program, faulty: Path, sound: Path, tmp_path: Path) -> None:
    program("eval", sound, faulty, "--json", tmp_path / "r.json")
    base = ("decisions", "set", "d.yaml", "--result", "r.json", "--finding", "1", "--status", "待核", "--by", "某人")
    assert "用 --report" in program(*base).err
    assert program(*base, "--report", "2").code == 0 and program(*base, "--report", "有误").code == 0


def test_a_broken_file_is_told_with_its_place(program: Program, tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text("decisions:\n  - fingerprint: 短\n", "utf-8")
    run = program("decisions", "list", "d.yaml")
    assert run.code == 2 and "E460" in run.err and "d.yaml:2" in run.err

"""`fmt`, `new`, `docs`, `explain`, `eval --expr` and `repl` from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]
REPORT = Path(__file__).parents[2] / "fixtures" / "辽宁省云岫市数据服务局-2023-有误.txt"


@pytest.fixture
def pack(program: Program, tmp_path: Path) -> Path:
    done = program("new", "pack", str(tmp_path / "cn-2199"), "--region", "2199")
    assert done.code == 0, done.err
    return tmp_path / "cn-2199"


def test_a_pack_from_nothing_to_a_handbook(program: Program, pack: Path) -> None:
    assert (program("check", str(pack)).code, program("test", str(pack)).code) == (0, 0)
    made = program("new", "rule", "QS-01", "--pack", str(pack), "--title", "收入总计等于支出总计", "--check", "总表.收入[总计] == 总表.支出[总计] ± 0")
    assert made.code == 0 and "都已试过" in made.out
    assert program("test", str(pack), "QS-01").code == 0
    assert program("fmt", "--check", str(pack)).code == 0
    assert program("docs", str(pack), "-o", str(pack / "手册")).code == 0
    assert "收入总计等于支出总计" in (pack / "手册" / "cn-2199.html").read_text("utf-8")
    assert program("docs", str(pack), "-o", str(pack / "手册"), "--format", "md").code == 0
    assert program("docs", str(pack), "--format", "docx").code == 2


def test_a_mistake_in_a_new_rule_points_at_the_character(program: Program, pack: Path) -> None:
    done = program("new", "rule", "QS-01", "--pack", str(pack), "--title", "甲", "--check", "总表.收入[总计] = 总表.支出[总计]")
    assert done.code == 3 and "--check:1:11: 错误 E103" in done.err and "没有添加规则" in done.err


def test_fmt_checks_shows_and_writes(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("language: 1\nrules:\n- id: A-1\n  title: 甲\n  check: 甲==乙\n", "utf-8")
    before = path.read_bytes()
    assert (program("fmt", "--check", str(path)).code, path.read_bytes()) == (1, before)
    shown = program("fmt", "--diff", str(tmp_path))
    assert (shown.code, path.read_bytes()) == (1, before) and "+    check: 甲 == 乙" in shown.out
    assert program("fmt", str(path)).code == 0
    assert path.read_text("utf-8") == "language: 1\nrules:\n  - id: A-1\n    title: 甲\n    check: 甲 == 乙\n"
    assert program("fmt", "--check", str(path)).code == 0
    path.write_text("a: [1\n", "utf-8")
    assert program("fmt", str(path)).code == 3
    assert program("fmt", str(tmp_path / "none")).code == 2


def test_groups_of_commands(program: Program) -> None:
    assert "pack" in program("new", "--help").out and "新建一个规则包" in program("new", "--help").out
    assert "是不是想写：rule" in program("new", "rul").err
    assert program("new").code == 2


def test_explain_tells_who_changed_a_rule(program: Program) -> None:
    changed = program("explain", "C-21", "--pack", "cn-15-neimenggu").out
    assert "cn 1.0.0 编写   rules/" in changed and "cn-15-neimenggu 1.0.0 替换   overrides.yaml:" in changed and "原因：" in changed
    disabled = program("explain", "K-08", "--pack", "cn-15-neimenggu")
    assert disabled.code == 0 and "没有效力" in disabled.out and "停用" in disabled.out
    assert program("explain", "Z-99", "--pack", "cn").code == 2


def test_explain_shows_the_cells_of_a_report(program: Program) -> None:
    done = program("explain", "A01-2", "--report", str(REPORT))
    assert done.code == 0
    assert "① 第275行 总表[一般公共服务支出].金额 「1,966.23」" in done.out and "另有 22 格没有填数" in done.out
    keyed = program("explain", "A03-1", "--report", str(REPORT))
    assert "  相符  合计：支出表" in keyed.out, "行名只说一次"


def test_an_expression_on_a_report(program: Program) -> None:
    done = program("eval", "--expr", "sum(01表.支出)", str(REPORT))
    assert done.code == 0 and done.out.startswith("= 2,409.93 万元\n")
    wrong = program("eval", "--expr", "sum(01表.支", str(REPORT))
    assert wrong.code == 3 and "表达式:1:4: 错误 E102" in wrong.out
    assert program("eval", "--expr", "1", str(REPORT.parent / "没有.txt")).code == 2

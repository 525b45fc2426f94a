"""`extract`, `explain`, `check` and `test` from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Program = Callable[..., Any]
Violations = Callable[[str, object], list[str]]

TEN_MISTAKES = """\
language: 1
rules:
  - id: X-1
    title: 表名写错
    check: sum(总裱.支出) == 本年支出合计
  - id: X-2
    title: 行名写错
    check: 总表[本年支出总和] == 0
  - id: X-3
    title: 括号没有成对
    check: sum(总表.支出 == 本年支出合计
  - id: X-4
    title: 单位不能相加
    check: 总表[本年支出合计] + 3% == 1
  - id: X-5
    title: 没有比较
    check: 总表[本年支出合计]
  - id: X-6
    title: 两边都有总计
    check: 总表[总计] == 1
  - id: X-7
    title: 多写了一个键
    chek: 总表[本年支出合计] == 1
  - id: X-8
    title: 级别写错
    severity: 严重
    check: 总表[本年支出合计] == 1
  - id: X-9
    title: 没有这个函数
    check: summ(总表.支出) == 本年支出合计
  - id: X-1
    title: 编号重复
    check: 总表[本年收入合计] == 1 +
"""


def test_extract_shows_every_table(program: Program, sound: Path) -> None:
    run = program("extract", sound)
    assert (run.code, run.err) == (0, "")
    assert run.out.count("■") >= 8
    assert "收入支出决算总表" in run.out


def test_extract_one_table_by_any_of_its_names(program: Program, sound: Path) -> None:
    by_name = program("extract", sound, "--table", "总表")
    assert by_name.out.count("■") == 1
    assert program("extract", sound, "--table", "01表").out == by_name.out
    wrong = program("extract", sound, "--table", "总裱")
    assert wrong.code == 2
    assert "总表" in wrong.err


def test_extract_as_json(program: Program, sound: Path, tmp_path: Path, violations: Violations) -> None:
    run = program("extract", sound, "--json", "-")
    assert run.code == 0
    value = json.loads(run.raw)
    assert violations("extract", value) == []
    (file,) = value["files"]
    assert all(file[key] for key in ("forms", "facts", "statements"))
    table = next(t for t in file["tables"] if t["number"] == "01")
    row = next(r for r in table["rows"] if r["line"] == 27)
    (cell,) = row["cells"].values()
    assert cell["raw"].replace(",", "") in {text.replace(",", "") for line in table["grid"] for text in line}
    both = program("extract", sound, "--json", tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == value
    assert both.out.startswith(str(sound))


def test_extract_of_what_cannot_be_read(program: Program, tmp_path: Path, sound: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    assert program("extract", tmp_path / "空.txt").code == 4
    assert program("extract", "没有.txt").code == 2
    mixed = program("extract", tmp_path / "空.txt", sound)
    assert mixed.code == 4
    assert "■" in mixed.out


def test_explain_without_a_report(program: Program) -> None:
    run = program("explain", "a01-2")
    assert (run.code, run.err) == (0, "")
    for part in ("A01-2 ", "sum(总表.支出) == 本年支出合计 ± 尾差", "本年支出合计（58 行）", "允许误差", "依据", "预算法 第七十五条"):
        assert part in run.out


def test_explain_says_who_changed_a_rule(program: Program, tmp_path: Path) -> None:
    pack = tmp_path / "项目包"
    pack.mkdir()
    (pack / "pack.yaml").write_text("language: 1\nid: mine\nversion: 1.0.0\nname: 项目包\nlevel: 项目\nparent: cn\n", encoding="utf-8")
    (pack / "overrides.yaml").write_text("language: 1\noverrides:\n  - rule: A01-5\n    version: 1.0.0\n    action: 收紧\n    severity: 错误\n", encoding="utf-8")
    run = program("explain", "A01-5", "--pack", pack)
    if run.code == 0:
        assert "由 mine 调整" in run.out
    else:
        assert run.code == 3
        assert "overrides.yaml:" in run.err


def test_explain_with_a_report_shows_its_cells(program: Program, sound: Path) -> None:
    run = program("explain", "A01-3", "--report", sound)
    assert run.code == 0
    assert "相符" in run.out
    assert "① 第" in run.out


def test_explain_an_unknown_rule(program: Program) -> None:
    run = program("explain", "A01-22")
    assert run.code == 2
    assert "是不是想写" in run.err


def test_check_a_shipped_pack(program: Program) -> None:
    for pack in ("cn", "cn-21-liaoning", "cn-42-hubei", "cn-15-neimenggu", "cn-31-shanghai"):
        run = program("check", pack)
        assert run.code == 0, run.out
        assert "错误 0" in run.last


def test_check_tells_all_mistakes_at_once_with_carets(program: Program, tmp_path: Path) -> None:
    (tmp_path / "规则.yaml").write_text(TEN_MISTAKES, encoding="utf-8")
    run = program("check", "规则.yaml")
    assert run.code == 3
    assert run.last.endswith("退出码 3")
    lines = {int(line.split(":")[1]) for line in run.out.splitlines() if line.startswith("规则.yaml:") and ": 错误" in line}
    for number, mistake in ((5, "表名"), (8, "行名"), (11, "括号"), (14, "单位"), (17, "没有比较"), (20, "总计"), (26, "级别"), (30, "函数"), (31, "编号")):
        assert number in lines, f"没有指出{mistake}：{run.out}"
    assert lines & {22, 23}, run.out
    assert len(lines) >= 9
    assert run.out.count("^") >= 9
    assert "提示：" in run.out


def test_check_one_expression(program: Program, tmp_path: Path) -> None:
    (tmp_path / "好.txt").write_text("sum(01表.支出) == 本年支出合计 ± 0.02\n", encoding="utf-8")
    assert program("check", "好.txt", "--pack", "cn-21-liaoning").code == 0
    (tmp_path / "坏.txt").write_text("sum(01表.支出) ==\n  本年支出总计 ± 0.02", encoding="utf-8")
    run = program("check", "坏.txt", "--pack", "cn-21-liaoning")
    assert run.code == 3
    assert "坏.txt:2:3: 错误" in run.out
    (tmp_path / "空.txt").write_text("", encoding="utf-8")
    assert program("check", "空.txt").code == 2
    (tmp_path / "乱.txt").write_bytes(b"\xff\xfe\x00\x01")
    assert program("check", "乱.txt").code == 2
    assert program("check", "没有这个包").code == 2


def test_test_runs_the_cases_of_a_pack(program: Program) -> None:
    run = program("test", "cn", "A01-2")
    assert run.code == 0, run.out
    assert "未通过 0" in run.last
    assert program("test", "没有").code == 2


def test_a_failing_case_is_3(program: Program, tmp_path: Path) -> None:
    pack = tmp_path / "项目包"
    for folder in ("rules", "cases"):
        (pack / folder).mkdir(parents=True)
    (pack / "pack.yaml").write_text("language: 1\nid: mine\nversion: 1.0.0\nname: 项目包\nlevel: 项目\nparent: cn\n", encoding="utf-8")
    (pack / "rules" / "x.yaml").write_text("language: 1\nrules:\n  - id: X-1\n    title: 支出不为零\n    check: 总表[本年支出合计] > 0 ± 0\n", encoding="utf-8")
    (pack / "cases" / "X-1.yaml").write_text(
        "language: 1\nrule: X-1\ncases:\n  - name: 写反了\n    outcome: 不符\n    tables:\n      总表:\n        本年支出合计: 5.00\n", encoding="utf-8"
    )
    run = program("test", pack)
    assert run.code == 3
    assert "未通过  X-1 写反了" in run.out
    assert "缺用例" in run.out


def test_check_one_file_of_a_pack_as_what_it_is(program: Program, tmp_path: Path) -> None:
    (tmp_path / "事实.yaml").write_text("language: 1\nfacts: [{name: 用电量, names: [用电量], unit: 个}]\n", encoding="utf-8")
    run = program("check", "事实.yaml")
    assert (run.code, run.last) == (0, "结论：事实文件，错误 0，警告 0   退出码 0")
    (tmp_path / "事实.yaml").write_text("language: 1\nfacts: [{name: 用电量, nmaes: [用电量], unit: 个}]\n", encoding="utf-8")
    run = program("check", "事实.yaml")
    assert run.code == 3
    assert "事实.yaml:2:21: 错误 E411" in run.out
    assert "是不是想写：names" in run.out
    (tmp_path / "别的.yaml").write_text("甲: 1\n", encoding="utf-8")
    run = program("check", "别的.yaml")
    assert run.code == 2
    assert "认不出" in run.err


def test_check_a_rule_file_of_a_region_with_its_own_layout(program: Program) -> None:
    run = program("check", Path(__file__).parents[2] / "rules" / "cn-15-neimenggu" / "rules" / "a-tables.yaml")
    assert run.code == 0, run.out
    assert run.last.startswith("结论：4 条规则")

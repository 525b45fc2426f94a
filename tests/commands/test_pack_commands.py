"""`pack …`, `lock` and `eval --locked` as a person runs them: two teams, two folders, one result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.commands.conftest import FIXTURES, ROOT, Program

REPORT = FIXTURES / "湖北省槐溪县文化资源管理局-2023.txt"
CITY = """language: 1
id: cn-42-huaixi
version: {version}
name: 槐溪县试用包
level: 县
region: '429999'
parent: cn-42-hubei
requires: {{cn: '>=1.0, <2', cn-42-hubei: '1'}}
years: 2019..
"""
RULES = """language: 1
rules:
  - id: X01-1
    title: 总表：本年支出合计不为负
    check: 总表[本年支出合计].金额 >= 0
    severity: 错误
"""
CASES = """language: 1
rule: X01-1
cases:
  - name: 正数
    outcome: 相符
    year: 2023
    tables:
      总表: {本年支出合计: 1.00}
  - name: 负数
    outcome: 不符
    year: 2023
    tables:
      总表: {本年支出合计: -1.00}
"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A pack of a made-up county, with its own test."""
    folder = tmp_path / "author" / "cn-42-huaixi"
    for name, text in (("pack.yaml", CITY.format(version="1.0.0")), ("rules/x.yaml", RULES), ("cases/X01-1.yaml", CASES)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def judge(program: Program, home: Path, *more: object) -> dict[str, Any]:
    run = program("eval", REPORT, "--pack", "cn-42-huaixi", "--json", "-", *more, env={"JUESUAN_HOME": str(home)}, cwd=home)
    assert run.code in (0, 1), run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


@pytest.mark.parametrize("output", ["new/", "new/deep", "new.d", "old", "old/", "there.jspack", "odd.jspack/", "old/x.jspack"])
def test_where_an_archive_is_written(program: Program, city: Path, tmp_path: Path, output: str) -> None:
    (tmp_path / "old").mkdir()
    run = program("pack", "build", city, "--no-test", "-o", output, cwd=tmp_path)
    assert run.code == 0, run.err
    named = output.endswith("x.jspack") or output == "there.jspack"
    assert (tmp_path / output if named else tmp_path / output / "cn-42-huaixi-1.0.0.jspack").is_file()


@pytest.mark.parametrize(("output", "said"), [("none/x.jspack", "没有目录「none」"), ("file", "是文件，不是目录"), ("file/", "是文件，不是目录"), ("file/deeper/", "是文件，不是目录")])
def test_where_an_archive_cannot_be_written(program: Program, city: Path, tmp_path: Path, output: str, said: str) -> None:
    (tmp_path / "file").write_text("x")
    before = set(tmp_path.rglob("*"))
    run = program("pack", "build", city, "--no-test", "-o", output, cwd=tmp_path)
    assert run.code == 2 and said in run.err and "写不到" in run.err
    assert set(tmp_path.rglob("*")) == before and (tmp_path / "file").read_text() == "x"


def test_from_one_team_to_another(program: Program, city: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    built = program("pack", "build", city, "-o", tmp_path, env={"JUESUAN_HOME": str(first)})
    archive = tmp_path / "cn-42-huaixi-1.0.0.jspack"
    assert built.code == 0 and "归档摘要  sha256:" in built.out and archive.is_file()
    results = []
    for home in (first, second):
        env = {"JUESUAN_HOME": str(home)}
        installed = program("pack", "install", archive, env=env, cwd=home)
        assert installed.code == 0 and "已安装  cn-42-huaixi 1.0.0" in installed.out, installed.err
        if home == first:
            assert program("lock", "cn-42-huaixi", "-o", tmp_path / "juesuan.lock", env=env).code == 0
        results.append(judge(program, home, "--lock", tmp_path / "juesuan.lock"))
    one, other = results
    assert one["provenance"]["canonical_digest"] == other["provenance"]["canonical_digest"]
    assert one["provenance"]["locked"] is True and one["provenance"]["lock"].startswith("sha256:")
    assert list(one["provenance"]["packs"]) == ["cn", "cn-42-hubei", "cn-42-huaixi"]
    (origin,) = other["provenance"]["pack_origins"]
    assert origin["id"] == "cn-42-huaixi" and origin["digest"] == one["provenance"]["packs"]["cn-42-huaixi"]
    assert judge(program, second)["provenance"]["canonical_digest"] == one["provenance"]["canonical_digest"]


def test_a_lock_refuses_another_pack(program: Program, city: Path, tmp_path: Path) -> None:
    env = {"JUESUAN_HOME": str(tmp_path / "home")}
    assert program("pack", "install", city, env=env).code == 0
    assert program("lock", env=env).code == 0
    assert program("lock", "--check", env=env).code == 0
    (city / "rules" / "x.yaml").write_text(RULES.replace(">= 0", "> 0"), "utf-8")
    assert program("pack", "install", city, env=env).code == 3
    assert program("pack", "install", city, "--allow-older", env=env).code == 0
    for arguments in (("eval", REPORT, "--locked"), ("eval", REPORT, "--locked", "--pack", "cn-42-huaixi"), ("lock", "--check")):
        run = program(*arguments, env=env)
        assert run.code == 3 and "E640 cn-42-huaixi 1.0.0 的内容与锁定的不同" in run.err, run.err
    assert program("eval", REPORT, "--locked", "--pack", city, env=env).code == 3
    assert program("eval", REPORT, "--lock", tmp_path / "none.lock", env=env).code == 2


WAIVER = """waivers:
  - {{rule: X01-1, unit: 某局, year: 2023, place: 全部, difference: 不限, reason: 已核实, approver: {approver}, expires: 2099-12-31}}
"""
CORRECTIONS = "corrections: 1\n更正:\n  - {表: 总表, 行: 本年支出合计, 栏: 金额, 印作: '1', 应为: '2', 更正人: 甲, 理由: 乙}\n"


def test_waivers_and_corrections_are_locked_too(program: Program, tmp_path: Path) -> None:
    (tmp_path / "豁免.yaml").write_text(WAIVER.format(approver="某科"), "utf-8")
    (tmp_path / "更正.yaml").write_text(CORRECTIONS, "utf-8")
    both = ("--waivers", "豁免.yaml", "--corrections", "更正.yaml")

    def run(*words: object) -> Any:
        return program(*words, cwd=tmp_path, env={"JUESUAN_HOME": str(tmp_path)})

    locked = run("lock", "cn-42-hubei", *both)
    assert locked.code == 0 and "豁免文件 豁免.yaml  sha256:" in locked.out and "更正文件 更正.yaml  sha256:" in locked.out
    assert "1 个豁免文件，1 个更正文件" in run("lock", "--check", *both).out
    judged = run("eval", REPORT, "--locked", *both, "--json", "r.json")
    assert judged.code in (0, 1), judged.err
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))["provenance"]
    for digest in (*told["waivers"], *told["corrections"]):
        assert digest in (tmp_path / "juesuan.lock").read_text("utf-8")
    missing = run("eval", REPORT, "--locked", "--waivers", "豁免.yaml")
    assert missing.code == 3 and "没有给出锁定的更正文件「更正.yaml」" in missing.err and "没有核对任何报告" in missing.err and missing.out == ""
    (tmp_path / "豁免.yaml").write_text(WAIVER.format(approver="别人"), "utf-8")
    for words in (("eval", REPORT, "--locked", *both), ("lock", "--check", *both)):
        changed = run(*words)
        assert changed.code == 3 and "豁免文件「豁免.yaml」" in changed.err and "不是锁定的" in changed.err
    (tmp_path / "豁免.yaml").write_text("waivers: 1\n", "utf-8")
    assert run("lock", *both).code == 2


def test_a_lock_without_waivers_takes_none(program: Program, tmp_path: Path) -> None:
    (tmp_path / "豁免.yaml").write_text(WAIVER.format(approver="某科"), "utf-8")
    env = {"JUESUAN_HOME": str(tmp_path)}
    assert program("lock", "cn-42-hubei", cwd=tmp_path, env=env).code == 0
    assert program("eval", REPORT, "--locked", "--waivers", "豁免.yaml", cwd=tmp_path, env=env).code == 3
    path = tmp_path / "juesuan.lock"
    path.write_text(path.read_text("utf-8").partition("waivers:")[0], "utf-8")
    assert program("eval", REPORT, "--locked", "--waivers", "豁免.yaml", cwd=tmp_path, env=env).code in (0, 1)


def test_a_pack_outside_the_lock_is_refused(program: Program, city: Path, tmp_path: Path) -> None:
    env = {"JUESUAN_HOME": str(tmp_path / "home")}
    assert program("lock", "cn-42-hubei", env=env).code == 0
    run = program("eval", REPORT, "--locked", "--pack", city, env=env)
    assert run.code == 3 and "不在锁定文件里" in run.err
    assert program("eval", REPORT, "--locked", env=env).code in (0, 1)


def test_build_refuses_what_check_or_test_refuses(program: Program, city: Path, tmp_path: Path) -> None:
    (city / "cases" / "X01-1.yaml").write_text(CASES.replace("outcome: 不符", "outcome: 相符"), "utf-8")
    run = program("pack", "build", city)
    assert run.code == 3 and "用例没有通过：X01-1 负数" in run.err and "没有应当不符的用例" in run.err
    assert not list(tmp_path.glob("*.jspack"))
    assert program("pack", "build", city, "--no-test").code == 0
    assert "制作时没有跑用例" in program("pack", "verify", tmp_path / "cn-42-huaixi-1.0.0.jspack").out
    (city / "rules" / "x.yaml").write_text(RULES.replace("金额", "金"), "utf-8")
    assert program("pack", "build", city, "--no-test").code == 3
    assert program("pack", "build", tmp_path).code == 2


def test_verify_tells_everything(program: Program, city: Path, tmp_path: Path) -> None:
    program("pack", "build", city)
    archive = tmp_path / "cn-42-huaixi-1.0.0.jspack"
    run = program("pack", "verify", archive)
    assert run.code == 0 and "依赖  cn >=1.0, <2，cn-42-hubei 1" in run.out
    damaged = tmp_path / "damaged.jspack"
    damaged.write_bytes(archive.read_bytes().replace(b"rules/x.yaml", b"rules/../.ya").replace(b"pack.yaml", b"PACK.yaml"))
    run = program("pack", "verify", damaged, archive)
    assert run.code == 3 and "不可用  " in run.out and "完好  " in run.out
    assert "E603" in run.out and "E607" in run.out


def test_an_installed_pack_can_be_verified(program: Program, city: Path, tmp_path: Path) -> None:
    env = {"JUESUAN_HOME": str(tmp_path / "home")}
    program("pack", "install", city, env=env)
    assert program("pack", "verify", "cn-42-huaixi", env=env).code == 0
    rules = tmp_path / "home" / "packs" / "cn-42-huaixi" / "1.0.0" / "rules" / "x.yaml"
    rules.chmod(0o644)
    rules.write_text(RULES + "\n", "utf-8")
    run = program("pack", "verify", "cn-42-huaixi", env=env)
    assert run.code == 3 and "E608" in run.out
    run = program("eval", REPORT, "--pack", "cn-42-huaixi", env=env)
    assert run.code == 3 and "E419" in run.err


def test_list_and_remove(program: Program, city: Path, tmp_path: Path) -> None:
    env = {"JUESUAN_HOME": str(tmp_path / "home")}
    program("pack", "install", city, env=env)
    assert f"cn-42-huaixi 1.0.0   {city}" in program("pack", "list", env=env).out
    listed = json.loads(program("pack", "list", "--json", "-", env=env).out)
    assert {row["id"]: row["used"] for row in listed["packs"]}["cn-42-huaixi"] is True
    assert program("pack", "remove", "cn-42-huaixi", env=env).out == "已移除  cn-42-huaixi 1.0.0\n"
    assert program("pack", "remove", "cn-42-huaixi", env=env).code == 2
    assert "cn-42-huaixi" not in program("pack", "list", env=env).out


def test_an_index_on_a_share(program: Program, city: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    env = {"JUESUAN_HOME": str(tmp_path / "home")}
    for version in ("1.0.0", "1.2.0"):
        (city / "pack.yaml").write_text(CITY.format(version=version), "utf-8")
        assert program("pack", "build", city, "-o", share, "--no-test").code == 0
    run = program("pack", "index", share)
    assert run.out.endswith("1 个规则包，2 个版本\n")
    assert "已安装  cn-42-huaixi 1.2.0" in program("pack", "install", "cn-42-huaixi", share, env=env).out
    run = program("pack", "install", "cn-42-huaixi@1.0.0", share / "index.json", env=env)
    assert run.code == 3 and "E612" in run.err


def test_nothing_is_outside_gbk(program: Program, city: Path, tmp_path: Path) -> None:
    env = {"JUESUAN_HOME": str(tmp_path / "home"), "PYTHONIOENCODING": "gbk:strict"}
    for arguments in (("pack", "--help"), ("pack", "build", city), ("pack", "install", city), ("pack", "list", "--digests"), ("lock",), ("pack", "install", "--help")):
        assert program(*arguments, env=env).code == 0
    assert ROOT.is_dir()

"""`eval` from outside: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]
Violations = Callable[[str, object], list[str]]
SOURCE = Path(__file__).parents[2] / "src"

LIGHT = "import sys; from juesuan_rules.commands.main import run_command; run_command(sys.argv[1:]); print(*(m for m in ('pandas','numpy','pdfplumber','rich','pydantic') if m in sys.modules), file=sys.stderr)"


def test_a_sound_report_ends_with_0(program: Program, sound: Path) -> None:
    run = program("eval", sound)
    assert run.code == 0, run.out
    assert run.last.startswith("结论：不符 0，存疑 0，")
    assert run.last.endswith("退出码 0")
    assert run.err == ""
    assert "规则包 cn-21-liaoning" in run.out


def test_findings_end_with_1_and_show_numbers_and_lines(program: Program, faulty: Path) -> None:
    run = program("eval", faulty)
    assert run.code == 1, run.out
    assert "行 " in run.out
    assert "不符" in run.out
    assert run.last.endswith("退出码 1")


def test_a_repetition_from_the_cache_says_the_same(program: Program, faulty: Path, tmp_path: Path) -> None:
    first = program("eval", faulty, "--json", tmp_path / "1.json")
    assert list((tmp_path / "cache" / "results").rglob("*.bin"))
    second = program("eval", faulty, "--json", tmp_path / "2.json")
    third = program("eval", faulty, "--json", tmp_path / "3.json", "--no-cache")
    assert first.out == second.out == third.out
    digests = {json.loads((tmp_path / f"{n}.json").read_text("utf-8"))["provenance"]["canonical_digest"] for n in (1, 2, 3)}
    assert len(digests) == 1


def test_a_poisoned_cache_changes_nothing(program: Program, faulty: Path, tmp_path: Path) -> None:
    first = program("eval", faulty)
    for path in (tmp_path / "cache").rglob("*.bin"):
        path.write_bytes(path.read_bytes()[:-3] + b"xxx")
    assert program("eval", faulty).out == first.out


def test_json_on_standard_output_is_alone_there(program: Program, faulty: Path, violations: Violations) -> None:
    run = program("eval", faulty, "--json", "-")
    assert run.code == 1
    value = json.loads(run.raw)
    assert violations("result", value) == []
    (report,) = value["reports"]
    assert report["identity"]["year"] == 2023
    assert sum(report["summary"].values()) - report["summary"]["rounding"] == len(report["findings"])
    assert value["provenance"]["exit_code"] == 1


def test_json_on_a_gbk_console_can_still_be_read(program: Program, faulty: Path) -> None:
    run = program("eval", faulty, "--json", "-", env={"PYTHONIOENCODING": "gbk"})
    assert json.loads(run.raw.decode("ascii"))["reports"][0]["identity"]["year"] == 2023


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
def test_any_console_encoding_will_do(program: Program, faulty: Path, encoding: str) -> None:
    plain = program("eval", faulty, "--list-all")
    run = program("eval", faulty, "--list-all", env={"PYTHONIOENCODING": encoding})
    assert run.code == plain.code == 1
    if encoding == "gbk":
        assert run.out == plain.out


def test_a_missing_file_is_2_and_stops_nothing(program: Program, sound: Path) -> None:
    run = program("eval", "没有.txt", sound)
    assert run.code == 2
    assert "找不到文件「没有.txt」" in run.err
    assert "规则包 cn-21-liaoning" in run.out
    assert "1 份文件没有结果" in run.last


def test_an_empty_folder_is_2(program: Program, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    run = program("eval", tmp_path / "空")
    assert (run.code, run.out) == (2, "")
    assert "没有可读的报告" in run.err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("binary.txt", bytes(range(256)) * 40),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        ("zeros.txt", bytes(4000)),
        ("zip.docx", b"PK\x03\x04word/" + bytes(100)),
    ],
)
def test_an_unreadable_file_is_4_with_one_message(program: Program, sound: Path, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    run = program("eval", tmp_path / name)
    assert run.code == 4, run.out + run.err
    assert name in run.err
    assert run.last.startswith("结论：没有可以核对的报告")
    both = program("eval", tmp_path / name, sound)
    assert both.code == 4
    assert "规则包 cn-21-liaoning" in both.out


def test_another_encoding_is_read_all_the_same(program: Program, sound: Path, tmp_path: Path) -> None:
    other = tmp_path / "gb.txt"
    other.write_bytes(sound.read_text("utf-8").encode("gb18030"))
    assert program("eval", other).last == program("eval", sound).last


def test_another_kind_of_document_is_5(program: Program, made_up: Path) -> None:
    run = program("eval", made_up / "辽宁省云岫市数据服务局-2024-预算.txt")
    assert run.code == 5
    assert run.last.startswith("结论：这份文件不是部门决算公开报告，没有核对：")
    assert "不符" not in run.out


def test_any_other_text_is_5(program: Program, tmp_path: Path) -> None:
    (tmp_path / "信.txt").write_text("各位同事：\n周五下午两点开会。\n", encoding="utf-8")
    run = program("eval", tmp_path / "信.txt")
    assert run.code == 5
    assert "没有认出这是部门决算公开报告" in run.last


def test_a_report_without_tables_is_never_a_pass(program: Program, made_up: Path) -> None:
    run = program("eval", made_up / "内蒙古青格勒旗民生保障局-2023-见附件.txt")
    assert run.code == 1, run.last  # its prose is judged all the same
    assert "报告中没有任何决算表" in run.out
    assert "不符  I-01" in run.out


def test_neither_tables_nor_figures_in_the_prose_is_nothing_judged(program: Program, made_up: Path, tmp_path: Path) -> None:
    text = (made_up / "内蒙古青格勒旗民生保障局-2023-见附件.txt").read_text("utf-8")
    (tmp_path / "无数.txt").write_text("\n".join(line for line in text.splitlines() if "万元" not in line and "%" not in line and "分" not in line), "utf-8")
    run = program("eval", tmp_path / "无数.txt")
    assert run.code == 5
    assert run.last.startswith("结论：没有读到任何决算表，勾稽关系都无法核对，不等于通过；")


@pytest.mark.parametrize("part", [0.3, 0.5, 0.8])
def test_a_report_cut_in_the_middle_is_never_clean(program: Program, sound: Path, tmp_path: Path, part: float) -> None:
    text = sound.read_text("utf-8")
    (tmp_path / "半.txt").write_text(text[: int(len(text) * part)], encoding="utf-8")
    run = program("eval", tmp_path / "半.txt")
    assert run.code in (1, 5), run.last


def test_folders_jobs_and_repeats(program: Program, sound: Path, faulty: Path, tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    (folder / "下级").mkdir(parents=True)
    (folder / "a.txt").write_bytes(sound.read_bytes())
    (folder / "b.txt").write_bytes(faulty.read_bytes())
    (folder / "下级" / "c.txt").write_bytes(sound.read_bytes())
    (folder / "d.txt").write_bytes(b"")
    one = program("eval", folder, "--no-cache")
    two = program("eval", folder, "--no-cache", "--jobs", "2")
    assert one.code == two.code == 4
    assert one.out == two.out
    assert one.last.startswith("结论：2 份报告；")
    assert "内容完全相同" in one.out


def test_limits(program: Program, faulty: Path, made_up: Path) -> None:
    undecided = program("eval", made_up / "内蒙古青格勒旗民生保障局-2023-见附件.txt", "--max-undecided", "0")
    assert undecided.code == 5
    assert program("eval", faulty, "--fail-on", "提示").code == 1


def test_packs_and_regions_can_be_named(program: Program, sound: Path) -> None:
    assert "规则包 cn 1" in program("eval", sound, "--pack", "cn").out
    assert "由 --pack 指定" in program("eval", sound, "--pack", "cn").out
    assert "规则包 cn-42-hubei" in program("eval", sound, "--region", "42").out
    for arguments, said in ((("--pack", "cn-99"), "找不到规则包"), (("--pack", "cn@9.9.9"), "版本是"), (("--pack", "cn@x"), "写法不对"), (("--region", "火星"), "不认识的地区")):
        run = program("eval", sound, *arguments)
        assert run.code == 2
        assert said in run.err


def test_a_broken_pack_is_3_and_nothing_is_judged(program: Program, sound: Path, tmp_path: Path) -> None:
    pack = tmp_path / "坏包"
    (pack / "rules").mkdir(parents=True)
    (pack / "pack.yaml").write_text("language: 1\nid: bad\nversion: 1.0.0\nname: 坏包\nlevel: 项目\nparent: cn\n", encoding="utf-8")
    (pack / "rules" / "x.yaml").write_text("language: 1\nrules:\n  - id: X-1\n    title: 写错的\n    check: sum(总表.支岀) == 本年支出合计\n", encoding="utf-8")
    run = program("eval", sound, "--pack", pack)
    assert run.code == 3
    assert "x.yaml:5:" in run.err
    assert "^" in run.err
    assert run.last.startswith("结论：没有可以核对的报告")


def test_where_the_result_cannot_be_written(program: Program, sound: Path, tmp_path: Path) -> None:
    for target, said in ((tmp_path, "这是一个目录"), (tmp_path / "无" / "x.json", "没有目录")):
        run = program("eval", sound, "--json", target)
        assert (run.code, run.out) == (2, "")
        assert said in run.err
    if os.geteuid() != 0:
        (tmp_path / "锁").mkdir(mode=0o500)
        assert program("eval", sound, "--json", tmp_path / "锁" / "x.json").code == 2
    if sys.platform == "linux":
        assert program("eval", sound, "--json", "/dev/full").code == 2


def test_nothing_from_a_document_acts_on_the_terminal(program: Program, faulty: Path, tmp_path: Path) -> None:
    text = faulty.read_text("utf-8").replace("数据服务局", "数据\x1b[31m服务\u202e局")
    (tmp_path / "毒.txt").write_text(text, encoding="utf-8")
    for run in (program("eval", tmp_path / "毒.txt", "--list-all"), program("extract", tmp_path / "毒.txt"), program("eval", tmp_path / "毒.txt", "--json", "-")):
        assert "\x1b" not in run.out + run.err
        assert "\u202e" not in run.out + run.err


@pytest.mark.parametrize("extra", [[], ["--no-cache"]])
def test_heavy_libraries_stay_out(sound: Path, tmp_path: Path, extra: list[str]) -> None:
    import subprocess

    env = {**os.environ, "PYTHONPATH": str(SOURCE) + os.pathsep + os.environ.get("PYTHONPATH", ""), "JUESUAN_CACHE": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", LIGHT, "eval", str(sound), *extra], capture_output=True, text=True, check=True, env=env)
        assert done.stderr.split() in ([], ["pydantic"])


def test_last_years_report_is_read_beside(program: Program, violations: Violations, sound: Path, tmp_path: Path) -> None:
    before = tmp_path / "上年.txt"
    before.write_text(sound.read_text("utf-8").replace("2022", "2021").replace("2023", "2022"), "utf-8")
    run = program("eval", sound, "--prior", before, "--json", tmp_path / "out.json")
    assert "上年报告  " in run.out and "2022年度" in run.out
    value = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert violations("result", value) == []
    assert value["reports"][0]["prior"]["used"] is True
    assert value["provenance"]["prior"] == ["sha256:" + value["reports"][0]["prior"]["source"]["sha256"]]
    wrong = program("eval", sound, "--prior", tmp_path / "没有.txt")
    assert (wrong.code, wrong.out) == (2, "") and "找不到 --prior" in wrong.err

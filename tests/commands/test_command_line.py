"""The command line itself: help, version, wrong usage; everything in Chinese."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import juesuan_rules
from juesuan_rules.commands.chinese import COMMANDS, GROUPS
from juesuan_rules.commands.main import run_command

ENGLISH = re.compile(r"usage:|error|options|arguments|missing|invalid|no such|try '|show this", re.IGNORECASE)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run_command(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("arguments", [("--help",), *((name, "--help") for name in COMMANDS)])
def test_help_is_chinese_and_narrow(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    from wcwidth import wcswidth

    code, out, err = run(capsys, *arguments)
    assert (code, err) == (0, "")
    assert out.startswith("用法：juesuan-rules")
    assert not ENGLISH.search(out)
    assert max(wcswidth(line) for line in out.splitlines()) <= 110
    assert "--help" in out


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--help")
    shown = {"": out, **{group: run(capsys, group, "--help")[1] for group in GROUPS}}
    for group, summary in GROUPS.items():
        assert re.search(rf"^  {group} +{summary}$", out, re.MULTILINE)
    for name, (_, summary) in COMMANDS.items():
        group, _, last = name.rpartition(" ")
        # A line too long for the console is broken; its beginning is enough to know it.
        assert re.search(rf"^  {last} +{re.escape(summary[:20])}", shown[group], re.MULTILINE), name


def test_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--version")
    assert code == 0
    assert out.startswith(f"juesuan-rules {juesuan_rules.__version__}")
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == juesuan_rules.__version__


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), ""),
        (("evla", "x"), "没有命令「evla」；是不是想写：eval"),
        (("eval",), "缺少参数「文件或目录」"),
        (("eval", "--jsn", "x"), "没有选项「--jsn」；是不是想写：--jobs、--json、--junit"),
        (("eval", "x", "--jobs", "abc"), "选项「--jobs」的值不对：须是整数"),
        (("eval", "x", "--jobs", "0"), "--jobs 须为正整数"),
        (("eval", "x", "--json"), "选项「--json」后面缺少值"),
        (("eval", "x", "--no-cache=1"), "选项「--no-cache」不带值"),
        (("eval", "x", "--fail-on", "error"), "--fail-on「error」不对：须是 提示、警告 或 错误"),
        (("eval", "x", "--max-undecided", "-1"), "--max-undecided 须是 0 或正整数"),
        (("explain", "A", "B"), "多余的参数"),
        (("check",), "缺少参数"),
    ],
)
def test_wrong_usage_is_told_in_chinese_with_code_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert said in err
    assert not ENGLISH.search(err.replace(said, ""))

"""The pack author's tutorial is real: its commands are run in order, by two teams, and give what is shown there.

In its ```console blocks a line `$ juesuan-rules …` is a command and what follows its output, in which … stands for
anything (alone on a line: for any lines). `$ echo $?` shows the exit code of the command before; where it is not
shown, it is 0. `$ cd …` and `$ export JUESUAN_HOME=…` change the team. A ```yaml block is written to the file its
first line names.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = tuple(ROOT / "docs" / name for name in ("tutorial-packs.zh-CN.md", "tutorial-packs.md"))
REPORT = "广东省浔澜市水务局-2023.txt"
TEAMS = ("team-a", "team-b")
HOME = "export JUESUAN_HOME=$PWD/home"
EXIT_CODE = "$ echo $?\n"
_BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DIGEST = re.compile(r"^结果摘要  (sha256:[0-9a-f]{64})", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One command of the tutorial with what is shown below it and its exit code; or a file to write (command "")."""

    command: str
    shown: str
    code: int = 0


def read_steps(page: Path) -> list[Step]:
    """The steps of a page, in order."""
    steps = []
    for kind, text in _BLOCK.findall(page.read_text("utf-8")):
        if kind == "yaml":
            steps.append(Step("", text))
            continue
        for part in re.split(r"^\$ (?!echo )", text, flags=re.MULTILINE)[1:]:
            command, _, below = part.partition("\n")
            shown, _, code = below.partition(EXIT_CODE)
            steps.append(Step(command, shown, int(code or 0)))
    return steps


def matches(shown: str, output: str) -> bool:
    """Whether an output is what is shown, … standing for anything on its line, a line of … for any lines."""
    lines = ["(?:.*\n)*?" if line == "…\n" else re.escape(line).replace("…", "[^\n]*") for line in shown.splitlines(keepends=True)]
    return re.fullmatch("".join(lines), output) is not None


class Shell:
    """Where the teams work: a folder each, one they share, and the installed packs of each."""

    def __init__(self, top: Path) -> None:
        for name in (*TEAMS, "shared"):
            (top / name).mkdir()
        for name in TEAMS:
            shutil.copy(ROOT / "fixtures" / REPORT, top / name)
        self.top, self.folder = top, top
        kept = {k: v for k, v in os.environ.items() if not k.startswith("JUESUAN_")}
        self.environment = {**kept, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "120", "XDG_CACHE_HOME": str(top / "cache")}

    def run(self, step: Step) -> str:
        """Do one step; what a command of ours wrote. Fails where that or the exit code is not what is shown."""
        if not step.command:
            name = step.shown.partition("\n")[0].removeprefix("# ")
            path = (self.folder / name).resolve()
            assert path.is_relative_to(self.top) and path.exists(), name
            path.write_text(step.shown, "utf-8", newline="\n")
            return ""
        if step.command.startswith("cd "):
            self.folder = (self.folder / step.command.removeprefix("cd ")).resolve()
            assert self.folder.parent == self.top.resolve() and self.folder.is_dir(), step.command
            self.environment.pop("JUESUAN_HOME", None)
            return ""
        if step.command == HOME:
            self.environment["JUESUAN_HOME"] = str(self.folder / "home")
            return ""
        program, *arguments = shlex.split(step.command)
        assert program == "juesuan-rules" and "JUESUAN_HOME" in self.environment, step.command
        done = subprocess.run([sys.executable, "-m", "juesuan_rules", *arguments], cwd=self.folder, env=self.environment, capture_output=True, check=False)
        output = (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")
        assert matches(step.shown, output), f"教程中的例子与实际输出不同：$ {step.command}\n{output}"
        assert done.returncode == step.code, f"退出码 {done.returncode}，教程写的是 {step.code}：$ {step.command}\n{output}"
        return output


def test_the_tutorial_runs_and_both_teams_get_the_same_result(tmp_path: Path) -> None:
    pytest.importorskip("cryptography", reason="没有安装 cryptography（juesuan-rules[share]），教程里的签名不能试")
    shell = Shell(tmp_path)
    digests = {}
    for step in read_steps(PAGES[0]):
        found = _DIGEST.search(shell.run(step))
        if found:
            digests[shell.folder.name] = found[1]
    assert sorted(digests) == sorted(TEAMS)
    assert len(set(digests.values())) == 1, "两科的结果摘要不同"


def test_both_languages_show_the_same_commands_and_outputs() -> None:
    chinese, english = (read_steps(page) for page in PAGES)
    assert chinese == english


def test_the_tutorial_covers_the_way_from_a_new_pack_to_a_locked_result() -> None:
    commands = [step.command.removeprefix("juesuan-rules ") for step in read_steps(PAGES[0])]
    way = ("new pack", "new rule", "check", "lint", "fmt", "test", "eval", "pack build", "pack keygen", "pack sign", "pack trust", "pack install", "lock")
    assert [w for w in way if not any(c.startswith(f"{w} ") for c in commands)] == []
    assert sum("--locked" in c for c in commands) == len(TEAMS)


@pytest.mark.parametrize(
    ("shown", "output", "same"),
    [("a …\n", "a b\n", True), ("a …\n", "a b\nc\n", False), ("a\n…\nb\n", "a\nx\ny\nb\n", True), ("a\n", "b\n", False), ("a (…)\n", "a (1)\n", True)],
)
def test_only_what_is_left_out_may_differ(shown: str, output: str, same: bool) -> None:
    assert matches(shown, output) is same

"""Runs of the command line, each in a process of its own with a cache of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"


@dataclass(frozen=True)
class Run:
    """What a process left: exit code and both streams, as text and as bytes."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def last(self) -> str:
        """The last line of standard output."""
        return self.out.rstrip("\n").rsplit("\n", 1)[-1]


Program = Callable[..., Run]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Run `juesuan-rules` with arguments; env: variables on top of the process's own."""

    def run(*arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> Run:
        encoding = (env or {}).get("PYTHONIOENCODING", "utf-8").split(":")[0]
        variables = {**os.environ, "PYTHONPATH": str(ROOT / "src") + os.pathsep + os.environ.get("PYTHONPATH", ""), "JUESUAN_CACHE": str(tmp_path / "cache"), "PYTHONIOENCODING": "utf-8", **(env or {})}
        done = subprocess.run([sys.executable, "-m", "juesuan_rules", *map(str, arguments)], capture_output=True, check=False, env=variables, cwd=cwd or tmp_path, timeout=60)
        out, err = done.stdout.decode(encoding, "replace"), done.stderr.decode(encoding, "replace")
        assert "Traceback" not in err, err
        assert "程序内部出错" not in err, err
        return Run(done.returncode, out, err, done.stdout)

    return run


@pytest.fixture
def sound() -> Path:
    """A made-up report that breaks no rule."""
    return FIXTURES / "辽宁省云岫市数据服务局-2023.txt"


@pytest.fixture
def faulty() -> Path:
    """The same with errors put in."""
    return FIXTURES / "辽宁省云岫市数据服务局-2023-有误.txt"


@pytest.fixture(scope="session")
def made_up() -> Path:
    """The folder of made-up reports."""
    return FIXTURES


@pytest.fixture(scope="session")
def violations() -> Callable[[str, object], list[str]]:
    """What is wrong with a value, by a published schema (the name of its file)."""

    def check(name: str, value: object) -> list[str]:
        schema = json.loads((ROOT / "src" / "juesuan_rules" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        return [error.message for error in Draft202012Validator(schema).iter_errors(value)]

    return check

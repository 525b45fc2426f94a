"""The source archive builds the wheel, and the wheel works alone: grammar, packs and data are inside."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True, text=True)
    return folder


def test_the_source_archive_holds_what_is_needed_to_build_and_test(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"grammar/juesuan.lark", "rules/cn/pack.yaml", "LICENSE", "Makefile", "requirements/dev.lock", "tests/conftest.py", "README.zh-CN.md"} <= names
    assert not any(name.startswith((".venv", ".git/")) for name in names)


def test_the_wheel_judges_a_report_by_itself(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        wheel.extractall(tmp_path / "installed")
    assert {"juesuan_rules/_grammar/juesuan.lark", "juesuan_rules/_rules/cn/pack.yaml", "juesuan_rules/py.typed"} <= names
    assert not any(name.startswith(("tests/", "fixtures/")) for name in names)
    report = ROOT / "fixtures" / "湖北省槐溪县文化资源管理局-2023.txt"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "juesuan_rules", "eval", "--no-cache", str(report)], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8")
    assert "cn-42-hubei" in done.stdout.decode("utf-8")


def test_the_locks_name_no_host() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text and "index" not in text
        assert text.count("--hash=sha256:") > text.count("==")

"""Shared fixtures: where the real reports are, if this machine has them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: many tests wait for a program of their own (a server, a browser, an office)."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def reports_dir() -> Path:
    """The folder of published reports named by JUESUAN_REPORTS; skips where it is not set."""
    value = os.environ.get("JUESUAN_REPORTS")
    if not value:
        pytest.skip("环境变量 JUESUAN_REPORTS 未设置：没有真实报告可供测试")
    path = Path(value)
    if not path.is_dir():
        pytest.fail(f"JUESUAN_REPORTS 指向的目录不存在：{path}")
    return path


@pytest.fixture(scope="session", autouse=True)
def no_installed_packs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What this user has installed must not change what tests see."""
    os.environ["JUESUAN_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """`needs("soffice")`: the path of a system program; skips, saying so, where it is missing — but never in CI."""

    def find(program: str) -> str:
        path = shutil.which(program)
        if path is None and os.environ.get("CI"):
            pytest.fail(f"CI 中必须有 {program}（见 debian-packages.txt）")
        if path is None:
            pytest.skip(f"没有安装 {program}，跳过用它检验的测试")
        return path

    return find

"""A store of its own for every test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from juesuan_rules import resources
from juesuan_rules.store.local import Store


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of the packs shipped with the program."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    real = resources._folder
    monkeypatch.setattr(resources, "_folder", lambda name: folder if name == "rules" else real(name))
    return folder


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: Path) -> Store:
    """An empty store, which is also this user's."""
    home = tmp_path / "home"
    monkeypatch.setenv("JUESUAN_HOME", str(home))
    return Store(home)


@pytest.fixture
def everything(tmp_path: Path) -> Callable[[], set[str]]:
    """Gives every path there is below the test's folder, to see that nothing was written."""
    return lambda: {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")}

"""Small packs written into a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import BASE, LAYOUT, PROVINCE, RULES

Write = Callable[[str, str], Path]

@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of a pack below the root and gives the root."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return tmp_path

    return write_file


@pytest.fixture
def packs(write: Write) -> Path:
    """A root with a national pack and a province's below it."""
    write("cn/pack.yaml", BASE)
    write("cn/rules/a.yaml", RULES)
    write("cn/layouts/tables.yaml", LAYOUT)
    return write("cn-99-mou/pack.yaml", PROVINCE)

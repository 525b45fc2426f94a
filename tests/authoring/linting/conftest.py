"""Small packs on disk, and what linting them finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.authoring.linting.linted import SETTINGS, Lint, Write

from juesuan_rules.authoring.linting.codes import by_code
from juesuan_rules.authoring.linting.examples import example_files
from juesuan_rules.authoring.linting.run import LintReport, lint_pack


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a folder of packs; gives that folder."""

    def put(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "packs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        return tmp_path / "packs"

    return put


@pytest.fixture
def lint(write: Write) -> Lint:
    """Lint the small pack `base` (or another) with some files of its own."""

    def run(files: dict[str, str] | None = None, pack: str = "base", deep: bool = False) -> LintReport:
        plain = {name: text for name, text in example_files(by_code()["L210"], good=True).items() if not name.endswith("口径.yaml")}
        root = write({**plain, **(files or {})})
        return lint_pack(str(root / pack), (root,), SETTINGS, deep=deep)

    return run

"""Write docs/lint.zh-CN.md from the table of lint codes."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from juesuan_rules.authoring.linting.pages import generate_pages  # noqa: E402

PAGE = ROOT / "docs" / "lint.zh-CN.md"

if __name__ == "__main__":
    PAGE.write_text(generate_pages(), "utf-8", newline="\n")

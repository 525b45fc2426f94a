"""Write docs/language-reference.zh-CN.md from the tables the language itself uses."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from juesuan_rules.language.reference import generate_reference  # noqa: E402

PAGE = ROOT / "docs" / "language-reference.zh-CN.md"

if __name__ == "__main__":
    PAGE.write_text(generate_reference(), "utf-8", newline="\n")

"""Write docs/lint.zh-CN.md: every lint code, from the table of codes, with what lint says of its bad example.

    python tools/make_lint_pages.py [--check]
"""

from __future__ import annotations

import datetime
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from juesuan_rules.authoring.linting.codes import CODES, LintCode  # noqa: E402
from juesuan_rules.authoring.linting.examples import example_files, example_pack  # noqa: E402
from juesuan_rules.authoring.linting.pages import generate_pages  # noqa: E402
from juesuan_rules.authoring.linting.run import lint_pack  # noqa: E402
from juesuan_rules.authoring.linting.work import Settings  # noqa: E402
from juesuan_rules.diagnostics import render  # noqa: E402
from juesuan_rules.pipeline.sources import with_source_lines  # noqa: E402

PAGE = ROOT / "docs" / "lint.zh-CN.md"
SETTINGS = Settings(datetime.date(2026, 11, 20))
"""Messages that tell an age tell it as of this day."""
_LONGEST = 200


def message_of(code: LintCode) -> str:
    """What lint says of the bad example, as `juesuan-rules lint` shows it. Raises LookupError where it says nothing."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place).resolve()
        for name, text in example_files(code).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8", newline="\n")
        folder = root / example_pack(code)
        found = [f for f in lint_pack(str(folder), (root,), SETTINGS, deep=code.deep).findings if f.code == code.code]
        if not found:
            raise LookupError(code.code)
        first = found[0]
        (diagnostic,) = with_source_lines([first.diagnostic()])
        told = render(diagnostic, first.level) + "".join(f"\n    {detail}" for detail in first.details)
        text = told.replace("\\", "/").replace(folder.as_posix() + "/", "").replace(root.as_posix() + "/", "").replace(folder.as_posix(), "规则包")
        return "\n".join(line if len(line) <= _LONGEST else line[:_LONGEST] + "…" for line in text.splitlines())


def page() -> str:
    """The whole page."""
    return generate_pages({code.code: message_of(code) for code in CODES})


def main(arguments: list[str]) -> int:
    """Write the page, or with --check compare it."""
    text = page()
    if "--check" in arguments:
        return int(PAGE.read_text("utf-8") != text)
    PAGE.write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

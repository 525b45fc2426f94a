"""The examples in README and tutorial are the program's real output."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from console_blocks import DOCUMENTS, Example, examples, rewritten  # noqa: E402

EXAMPLES = [example for name in DOCUMENTS for example in examples(ROOT / name)]


def test_there_are_examples() -> None:
    assert {example.document.name for example in EXAMPLES} >= {"README.md", "README.zh-CN.md"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.document.name}: {e.command}")
def test_the_example_is_real(example: Example) -> None:
    assert example.holds, f"文档中的例子与实际输出不同（tools/console_blocks.py --write 可重写）：\n{example.run()}"


def test_lines_left_out_match_anything_and_others_do_not(tmp_path: Path) -> None:
    document = tmp_path / "d.md"
    document.write_text("```console\n$ juesuan-rules --version\n…\n```\n\n```console\n$ juesuan-rules --version\n别的\n```\n", "utf-8")
    left_out, wrong = examples(document)
    assert left_out.holds
    assert not wrong.holds
    text = rewritten(document)
    assert "$ juesuan-rules --version\n…\n" in text
    assert "别的" not in text

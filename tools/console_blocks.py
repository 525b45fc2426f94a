"""Examples in the documents are real: run every ```console block again, compare, or write the new output.

    python tools/console_blocks.py [--write] [FILE …]

In a block, a line `$ juesuan-rules …` is a command, what follows up to the next one is its output (standard output, then
standard error). A line with nothing but … stands for any lines left out; such a block is compared but never rewritten.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "README.zh-CN.md", "docs/tutorial.zh-CN.md", "docs/pack-authors-guide.zh-CN.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "…"


@dataclass(frozen=True)
class Example:
    """One command of a document and the output printed there."""

    document: Path
    command: str
    shown: str

    @property
    def holds(self) -> bool:
        """Whether running it now gives what is shown."""
        parts = [re.escape(part) for part in re.split(rf"^{LEFT_OUT}\n", self.shown, flags=re.MULTILINE)]
        return re.fullmatch("(?:.*\n)*?".join(parts), self.run()) is not None

    def run(self) -> str:
        """The output of the command, run in the project's folder with an empty cache."""
        program, *arguments = shlex.split(self.command)
        if program != "juesuan-rules":
            raise ValueError(f"{self.document.name}: {self.command}")
        with tempfile.TemporaryDirectory() as cache:
            environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "XDG_CACHE_HOME": cache, "COLUMNS": "120"}
            done = subprocess.run([sys.executable, "-m", "juesuan_rules", *arguments], cwd=ROOT, env=environment, capture_output=True, check=False)
        return (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")


def examples(document: Path) -> list[Example]:
    """Every command of every console block of a document."""
    found = []
    for block in _BLOCK.findall(document.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append(Example(document, command, shown))
    return found


def rewritten(document: Path) -> str:
    """The document's text with every block's output as it is now."""

    def block(match: re.Match[str]) -> str:
        if f"\n{LEFT_OUT}\n" in match.group(1):
            return match.group()
        commands = [part.partition("\n") for part in re.split(r"^\$ ", match.group(1), flags=re.MULTILINE)[1:]]
        return "```console\n" + "".join(f"$ {c}\n{Example(document, c, shown).run()}" for c, _, shown in commands) + "```"

    return _BLOCK.sub(block, document.read_text("utf-8"))


def main(arguments: list[str]) -> int:
    """Compare (exit code 1 where something differs), or rewrite with --write."""
    names = [a for a in arguments if a != "--write"] or [name for name in DOCUMENTS if (ROOT / name).is_file()]
    failed = 0
    for document in (ROOT / name for name in names):
        if "--write" in arguments:
            document.write_text(rewritten(document), "utf-8")
            continue
        for example in examples(document):
            if not example.holds:
                failed += 1
                print(f"{document.name}: $ {example.command}\n{example.run()}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

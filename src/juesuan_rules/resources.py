"""Files that ship with the program: the grammar and the rule packs.

In a checkout they lie at the root, where their authors look; a wheel carries them in the package.
"""

from __future__ import annotations

from pathlib import Path

GRAMMAR_FILE = "juesuan.lark"


def _folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    inside = package / f"_{name}"
    return inside if inside.is_dir() else package.parents[1] / name


def rules_root() -> Path:
    """The folder that holds the packs shipped with the program (cn, cn-21-liaoning …)."""
    return _folder("rules")


def grammar_root() -> Path:
    """The folder that holds the grammar of the rule language."""
    return _folder("grammar")


def grammar_text() -> str:
    """The grammar of the rule language, as text. Raises OSError where the installation is damaged."""
    return (grammar_root() / GRAMMAR_FILE).read_text("utf-8")

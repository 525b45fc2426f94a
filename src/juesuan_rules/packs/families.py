"""What the families of rules are called: the first line of a rule file says it (# A 表内勾稽：…)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_FAMILY = re.compile(r"#\s*([A-Z]+)[ 　]([^：（。，]{1,20})[：（]")
_HEAD = 400


def family_of(rule: str) -> str:
    """The letters a rule's id begins with; "" for an id without."""
    found = re.match(r"[A-Z]+", rule)
    return found.group() if found else ""


def family_titles(folders: Iterable[Path]) -> dict[str, str]:
    """Name of each family by its letters, from the rule files of packs' folders; of several files, the shortest."""
    found: dict[str, str] = {}
    for folder in folders:
        for path in sorted((folder / "rules").glob("*.yaml")):
            try:
                with path.open("rb") as file:
                    head = file.read(_HEAD)
            except OSError:
                continue
            match = _FAMILY.match(head.decode("utf-8-sig", "replace"))
            if match is not None:
                title = match.group(2).strip()
                found[match.group(1)] = min(found.get(match.group(1), title), title, key=len)
    return found

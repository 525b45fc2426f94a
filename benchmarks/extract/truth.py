"""Documents with exact answers: the folder a generator made, and its `truth.json`.

truth.json: {file name: {"kind", "seed", "tables": [{"title", "rows": [[cell, …], …], "merged": …}]}}. A merged cell's text
stands in its top-left cell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCANS = frozenset(("scan150", "scan200"))


@dataclass(frozen=True)
class Known:
    """One document: its path, its kind, which report it was made from, its tables as printed."""

    path: Path
    kind: str
    seed: str
    tables: list[dict[str, Any]]


def documents(folder: Path, kinds: frozenset[str] = frozenset()) -> list[Known]:
    """The documents of a folder (of these kinds, where any are named), in the order of the answers."""
    answers = folder / "truth.json"
    if not answers.is_file():
        raise SystemExit(f"「{folder}」里没有 truth.json：请先用文档生成器生成一批带标准答案的文件，再给出它的目录")
    found = json.loads(answers.read_text("utf-8"))
    known = [Known(folder / name, one["kind"], str(one.get("seed", "")), one["tables"]) for name, one in found.items()]
    return [one for one in known if not kinds or one.kind in kinds]

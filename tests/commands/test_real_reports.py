"""Every published report at hand: judged without a crash, valid JSON, the same from the cache."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Program = Callable[..., Any]
Violations = Callable[[str, object], list[str]]


def test_every_real_report(program: Program, reports_dir: Path, violations: Violations, tmp_path: Path) -> None:
    files = sorted(reports_dir.glob("*.txt"))
    assert files
    for number, path in enumerate(p for p in files if p.name != "README.txt"):
        first = program("eval", path, "--list-all", "--json", tmp_path / f"{number}.json")
        assert first.code in (0, 1, 5), first.err
        assert first.out == program("eval", path, "--list-all", "--json", tmp_path / f"{number}-again.json").out
        value = json.loads((tmp_path / f"{number}.json").read_text("utf-8"))
        (report,) = value["reports"]
        # Thousands of verdicts have a few dozen shapes: checking each shape once says as much.
        shapes = {(f["outcome"], *[type(f[key]).__name__ for key in sorted(f)]): f for f in report["findings"]}
        assert violations("result", {**value, "reports": [{**report, "findings": list(shapes.values())}]}) == []
        assert report["summary"]["rule_error"] == 0
        assert report["identity"]["year"]
        assert report["identity"]["region_code"]
        listed = first.out[first.out.index("全部规则") :]
        assert {f["rule"] for f in report["findings"]} <= set(listed.split())
        extracted = json.loads(program("extract", path, "--json", "-").raw)
        assert violations("extract", extracted) == []
        assert len(extracted["files"][0]["tables"]) >= len(report["tables"])

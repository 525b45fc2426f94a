"""Reports of provinces that have no pack: quiet when sound, read almost whole, and watchful of every seeded error."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "fixtures"
UNITS = ("广东省浔澜市水务局", "江苏省栖川市商务促进局", "四川省岷阙县就业创业服务局", "北京市青梧区档案事务中心")
JUDGED = {"A": 33, "B": 21, "C": 13, "D": 5, "F": 6, "G": 14, "H": 5}
"""At least so many rules of a family come to a verdict of 相符 on every sample."""

Result = dict[str, Any]


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_fixtures", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def evaluated(files: list[Path], out: Path) -> Result:
    """The report's part of the JSON result, the files read as one report."""
    command = [sys.executable, "-m", "juesuan_rules", "eval", "--no-cache", "--as-one", "--json", str(out), *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(FOLDER.parent / "src")})
    report: Result = json.loads(out.read_text("utf-8"))["reports"][0]
    return report | {"console": done.stdout.decode("utf-8")}


def alarms(report: Result) -> set[tuple[str, str]]:
    """(rule, sentence) of what is wrong or doubtful."""
    return {(f["rule"], f["sentence"]) for f in report["findings"] if f["outcome"] in ("fail", "doubtful", "rule_error")}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """The result of a sound sample; each is run once."""

    @cache
    def run(unit: str) -> Result:
        return evaluated(sorted(FOLDER.glob(f"{unit}-2023*")), tmp_path_factory.mktemp("result") / "result.json")

    return run


@pytest.mark.parametrize("unit", UNITS)
def test_a_province_without_a_pack_is_judged_by_cn_and_told_so(unit: str, judged: Callable[[str], Result]) -> None:
    report = judged(unit)
    assert report["packs"] == ["cn"]
    assert "没有专门的规则包" in report["console"]
    assert len(report["tables"]) == 9
    assert report["summary"]["fail"] + report["summary"]["undecided"] < 20


@pytest.mark.parametrize("unit", UNITS)
def test_a_sound_sample_raises_no_alarm(unit: str, judged: Callable[[str], Result]) -> None:
    assert alarms(judged(unit)) == set()


@pytest.mark.parametrize("unit", UNITS)
def test_most_rules_come_to_a_verdict(unit: str, judged: Callable[[str], Result]) -> None:
    held = {f["rule"] for f in judged(unit)["findings"] if f["outcome"] in ("pass", "rounding")}
    families = Counter(rule[0] for rule in held)
    assert {family: families[family] for family, least in JUDGED.items() if families[family] < least} == {}
    figures = judged(unit)["figures"]
    assert figures["read"] >= 0.94 * figures["printed"]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("variant", [0, 1, 2])
def test_every_seeded_error_is_found(unit: str, variant: int, make: ModuleType, judged: Callable[[str], Result], tmp_path: Path) -> None:
    contents, edits = make.damaged_province(unit, variant)
    files = [tmp_path / name for name in sorted(contents)]
    for file in files:
        file.write_bytes(contents[file.name])
    failed = {rule for rule, _ in alarms(evaluated(files, tmp_path / "result.json")) - alarms(judged(unit))}
    missed = [edit.line for edit in edits if not failed & set(edit.rules)]
    assert missed == []

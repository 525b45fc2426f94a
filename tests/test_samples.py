"""From file to exit code: what fixtures/README.md promises of every sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "fixtures"
SOUND = {
    "辽宁省云岫市数据服务局-2023": ("cn-21-liaoning", 9),
    "辽宁省云岫市数据服务局-2023-一格一行": ("cn-21-liaoning", 9),
    "辽宁省云岫市数据服务局-2023-GB18030": ("cn-21-liaoning", 9),
    "湖北省槐溪县文化资源管理局-2023": ("cn-42-hubei", 9),
    "内蒙古青格勒旗民生保障局-2023": ("cn-15-neimenggu", 11),
}
# Seeded error -> a rule that must fail, and the cell it must be pinned on ("" where no single cell is to blame).
SEEDED = {
    "总表[一般公共服务支出].金额": "A01-2",
    "支出表[2010302].项目支出": "A03-1",
    "收入表[合计].其他收入": "A02-2",
    "财拨总表[年末财政拨款结转和结余].一般公共预算财政拨款": "A04-2",
    "基本明细表[公用经费合计].决算数": "A06-3",
    "三公表[公务接待费].决算数": "A07-1",
    "占比「项目支出」.百分比": "D-01",
    "增减「财政拨款支出」.带符号增减额": "D-02",
    "": "A05-3",
}
WORDLESS = "辽宁省云岫市数据服务局-2023-一格一行"
"""A sample of tables only."""


Judged = Callable[[str], tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Exit code and the report's part of the JSON result, by sample; each is run once."""

    @cache
    def run(name: str) -> tuple[int, dict[str, Any]]:
        out = tmp_path_factory.mktemp("result") / "result.json"
        command = [sys.executable, "-m", "juesuan_rules", "eval", "--no-cache", "--json", str(out), str(FOLDER / f"{name}.txt")]
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(FOLDER.parent / "src")})
        return done.returncode, json.loads(out.read_text("utf-8"))["reports"][0]

    return run


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_sample_is_quiet(name: str, judged: Judged) -> None:
    _, tables = SOUND[name]
    code, report = judged(name)
    assert code == 0
    assert len(report["tables"]) == tables
    summary = report["summary"]
    assert (summary["fail"], summary["doubtful"], summary["rule_error"]) == (0, 0, 0)
    causes = {f["cause"] for f in report["findings"] if f["outcome"] == "undecided"}
    assert causes == ({"缺文字"} if name == WORDLESS else set())
    assert summary["pass"] > 400
    assert summary["rounding"] > 0


def test_one_report_in_three_forms_gives_the_same_verdicts(judged: Judged) -> None:
    verdicts = []
    for suffix in ("", "-一格一行", "-GB18030"):
        _, report = judged(f"辽宁省云岫市数据服务局-2023{suffix}")
        of_tables = [f for f in report["findings"] if f["rule"][0] in "ABR"]
        verdicts.append(sorted((f["rule"], f["key"] or "", f["outcome"], f["formula"]) for f in of_tables))
    assert verdicts[0] == verdicts[1] == verdicts[2]


def test_every_seeded_error_is_found(judged: Judged) -> None:
    code, report = judged("辽宁省云岫市数据服务局-2023-有误")
    assert code == 1
    failed = [finding for finding in report["findings"] if finding["outcome"] == "fail"]
    for cell, rule in SEEDED.items():
        named = [f for f in failed if f["rule"] == rule and (not cell or any(o["name"] == cell for o in f["operands"]))]
        assert named, f"{rule} 没有发现 {cell}"
        assert {f["severity"] for f in named} == {"error"}


def test_the_suspects_are_the_seeded_cells(judged: Judged) -> None:
    _, report = judged("辽宁省云岫市数据服务局-2023-有误")
    suspects = {finding["suspect"] for finding in report["findings"] if finding["suspect"]}
    assert suspects <= set(SEEDED)
    assert len(suspects) >= 5


@pytest.mark.parametrize("name", ["辽宁省云岫市数据服务局-2024-预算", "新闻"])
def test_another_kind_of_document_is_left_alone(name: str, judged: Judged) -> None:
    code, report = judged(name)
    assert code == 5
    assert report["findings"] == []


def test_a_report_whose_tables_are_elsewhere_has_one_structural_finding(judged: Judged) -> None:
    code, report = judged("内蒙古青格勒旗民生保障局-2023-见附件")
    assert [f["rule"] for f in report["findings"] if f["outcome"] == "fail"] == ["I-01"]
    held = {f["rule"][0] for f in report["findings"] if f["outcome"] == "pass"}
    assert "D" in held
    assert not held & {"A", "B"}, "nothing of the tables can be judged"
    assert report["summary"]["undecided"] > 50
    assert code == 1

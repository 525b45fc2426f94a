"""The Python interface, and what importing it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import juesuan_rules
from juesuan_rules import evaluate, load_pack, load_report
from juesuan_rules.diagnostics import JuesuanError, UsageError

ROOT = Path(__file__).parents[1]
FAULTY = ROOT / "fixtures" / "辽宁省云岫市数据服务局-2023-有误.txt"
LIMIT_MS = 5.0


def test_from_a_file_to_findings() -> None:
    report = load_report(FAULTY)
    pack = load_pack("cn-21-liaoning", year=report.identity.year)
    result = evaluate(report, pack)
    assert result.identity.region_code is not None
    assert result.identity.region_code.startswith("21")
    assert [p.id for p in result.packs] == ["cn", "cn-21-liaoning"]
    assert result.summary["fail"] > 0
    assert sum(result.summary.values()) - result.summary["rounding"] == len(result.findings)
    assert {f.rule for f in result.findings if f.outcome == "fail"} == {rule for rule, worst in result.rules.items() if worst == "fail"}
    assert all(cause.findings for cause in result.causes)
    value = json.loads(result.to_json())
    assert value["reports"][0]["summary"] == result.summary
    assert value["provenance"]["canonical_digest"].startswith("sha256:")


def test_list_all_explains_what_passed() -> None:
    report = load_report(FAULTY, pack="cn")
    pack = load_pack("cn")
    short = evaluate(report, pack)
    full = evaluate(report, pack, list_all=True)
    assert [(f.rule, f.key, f.outcome) for f in short.findings] == [(f.rule, f.key, f.outcome) for f in full.findings]
    assert all(f.sentence for f in full.findings if f.outcome == "pass")


def test_a_table_as_a_data_frame() -> None:
    table = load_report(FAULTY).tables["支出决算表"]
    frame = table.to_frame()
    assert "基本支出" in frame.columns  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrong", [lambda: load_report("没有.txt"), lambda: load_pack("cn-99"), lambda: load_report(FAULTY, region="火星"), lambda: load_pack("cn@8.8.8")])
def test_errors_are_one_family(wrong: Callable[[], object]) -> None:
    with pytest.raises(UsageError) as caught:
        wrong()
    assert isinstance(caught.value, JuesuanError)


def test_names_of_the_package() -> None:
    assert set(dir(juesuan_rules)) == set(juesuan_rules.__all__)
    with pytest.raises(AttributeError):
        juesuan_rules.nothing  # noqa: B018


def test_importing_costs_next_to_nothing(tmp_path: Path) -> None:
    code = "import sys, time; a = time.perf_counter(); import juesuan_rules; print((time.perf_counter() - a) * 1000, sum(m.startswith('juesuan_rules.') for m in sys.modules), 'typing' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    runs = [subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=env).stdout.split() for _ in range(5)]
    assert min(float(ms) for ms, _, _ in runs) < LIMIT_MS
    assert {tuple(rest) for _, *rest in runs} == {("0", "False")}


def test_waivers_are_judged_as_on_the_command_line(tmp_path: Path) -> None:
    from datetime import date

    source = Path(__file__).parents[1] / "fixtures" / "辽宁省云岫市数据服务局-2023-有误.txt"
    report, pack = load_report(source), load_pack("cn-21-liaoning", 2023)
    path = tmp_path / "w.yaml"
    path.write_text("waivers:\n  - {rule: A01-2, unit: 云岫市数据服务局, year: 2023, place: 全部, difference: 不限, reason: r, approver: a, expires: 2026-12-31}\n", "utf-8")
    for day, count in ((date(2026, 12, 31), 1), (date(2027, 1, 1), 0)):
        result = evaluate(report, pack, waivers=[path], as_of=day)
        assert result.summary["waived"] == count
        assert sum(f.waiver is not None for f in result.findings) == count

"""What commands write as JSON meets its published schema, and the schema names every key of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.commands.conftest import ROOT, Program

Violations = Callable[[str, object], list[str]]
SCHEMAS = ROOT / "src" / "juesuan_rules" / "schemas"
PACK = "language: 1\nid: x-project\nversion: {version}\nname: 某项目\nlevel: 项目\nparent: cn\n"
RULES = """language: 1
rules:
  - {{id: X01-1, title: 本年支出不为负, check: "总表[本年支出合计] {sign} 0", severity: 错误}}
  - {{id: X01-2, title: 重复, check: "总表[本年支出合计] {sign} 0"}}
"""
CASES = """language: 1
rule: X01-1
cases:
  - {name: 正数, outcome: 相符, year: 2023, tables: {总表: {本年支出合计: 1.00}}}
  - {name: 判错, outcome: 不符, year: 2023, tables: {总表: {本年支出合计: 1.00}}}
  - {name: 已知, outcome: 不符, year: 2023, known: {漏报: 读不出}, tables: {总表: {本年支出合计: 1.00}}}
  - {name: 已好, outcome: 不符, year: 2023, known: {漏报: 读不出}, tables: {总表: {本年支出合计: -1.00}}}
"""


def make_pack(folder: Path, version: str = "1.0.0", sign: str = ">=") -> Path:
    for name, text in (("pack.yaml", PACK.format(version=version)), ("rules/x.yaml", RULES.format(sign=sign)), ("cases/X01-1.yaml", CASES)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def unnamed(value: Any, schema: dict[str, Any], whole: dict[str, Any], path: str = "") -> Iterator[str]:
    """Keys of a value that its schema does not name."""
    schema = whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "anyOf" in schema:
        options = [list(unnamed(value, one, whole, path)) for one in schema["anyOf"]]
        yield from min(options, key=len)
    elif isinstance(value, dict):
        named = schema.get("properties", {})
        for key, item in value.items():
            if key in named:
                yield from unnamed(item, named[key], whole, f"{path}.{key}")
            elif not isinstance(schema.get("additionalProperties"), dict):
                yield f"{path}.{key}"
    elif isinstance(value, list):
        for item in value:
            yield from unnamed(item, schema.get("items", {}), whole, f"{path}[]")


def look(name: str, text: str, violations: Violations) -> Any:
    """The value, once it was held against its schema."""
    value = json.loads(text)
    assert violations(name, value) == []
    whole = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    assert sorted(set(unnamed(value, whole, whole))) == []
    return value


def test_test(program: Program, tmp_path: Path, violations: Violations) -> None:
    look("test", program("test", "cn", "--rule", "A01-2", "B-04", "--json", "-").out, violations)
    told = look("test", program("test", make_pack(tmp_path / "x"), "--json", "-").out, violations)
    assert [case["known"] is not None for case in told["cases"]] == [False, False, True, True]
    assert told["lacking"]
    (tmp_path / "x" / "cases" / "X01-9.yaml").write_text("language: 1\nrule: X01-9\ncases: []\n", "utf-8")
    assert look("test", program("test", tmp_path / "x", "--json", "-").out, violations)["diagnostics"]


def test_coverage(program: Program, sound: Path, violations: Violations) -> None:
    told = look("coverage", program("coverage", "auto", sound, "--json", "-").out, violations)
    assert {part["kind"] for part in told["reports"][0]["parts"]} >= {"table", "prose"}


def test_lint(program: Program, tmp_path: Path, violations: Violations) -> None:
    told = look("lint", program("lint", make_pack(tmp_path / "x"), "cn", "--json", "-").out, violations)
    assert told["packs"][0]["findings"] and len(told["packs"]) == 2


def test_diff(program: Program, tmp_path: Path, faulty: Path, violations: Violations) -> None:
    old, new = make_pack(tmp_path / "old"), make_pack(tmp_path / "new", "1.0.1", "<")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "r.txt").write_bytes(faulty.read_bytes())
    (tmp_path / "reports" / "坏.pdf").write_bytes(b"%PDF-1.4")
    told = look("diff", program("diff", old, new, "--corpus", tmp_path / "reports", "--json", "-").out, violations)
    assert told["changes"] and told["corpus"]["findings"] and told["corpus"]["skipped"] and not told["version_is_enough"]
    assert look("diff", program("diff", old, old, "--json", "-").out, violations)["corpus"] is None


def test_pack_list(program: Program, tmp_path: Path, violations: Violations) -> None:
    env = {"JUESUAN_HOME": str(tmp_path / "home")}
    assert program("pack", "install", make_pack(tmp_path / "x"), env=env).code == 0
    told = look("pack-list", program("pack", "list", "--json", "-", env=env).out, violations)
    assert any(row["archive_digest"] for row in told["packs"]) and not all(row["archive_digest"] for row in told["packs"])


def test_eval_and_extract(program: Program, faulty: Path, violations: Violations) -> None:
    for name, command in (("result", "eval"), ("extract", "extract")):
        assert violations(name, json.loads(program(command, faulty, "--json", "-").out)) == []


@pytest.mark.parametrize("name", sorted(path.name for path in SCHEMAS.glob("*.schema.json")))
def test_every_schema_is_named_in_the_docs(name: str) -> None:
    assert any(f"schemas/{name})" in page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md")), name


def test_a_schema_notices(violations: Violations) -> None:
    for path in SCHEMAS.glob("*.schema.json"):
        assert violations(path.name.removesuffix(".schema.json"), {"x": 1}) or violations(path.name.removesuffix(".schema.json"), [])

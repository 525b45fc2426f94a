"""The JSON Schemas say what the readers say, and every shipped file meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from juesuan_rules.authoring import cases
from juesuan_rules.packs import manifest, overrides, rulefile
from juesuan_rules.resources import rules_root
from juesuan_rules.yamlfile import loads

SCHEMAS = Path(rulefile.__file__).parents[1] / "schemas"


def schema(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
    return found


FILES = {
    "pack": sorted(rules_root().glob("*/pack.yaml")),
    "rules": sorted(rules_root().glob("*/rules/*.yaml")),
    "overrides": sorted(rules_root().glob("*/overrides.yaml")),
    "cases": sorted(rules_root().glob("*/cases/*.yaml")),
}


@pytest.mark.parametrize(("kind", "path"), [(k, p) for k, paths in FILES.items() for p in paths], ids=lambda v: v if isinstance(v, str) else f"{v.parent.parent.name}-{v.stem}")
def test_shipped_files_meet_their_schema(kind: str, path: Path) -> None:
    file = loads(path.read_text("utf-8"), path.name)
    assert not [d for d in file.diagnostics if d.code != "W401"]
    jsonschema.Draft202012Validator(schema(kind)).validate(file.data)


@pytest.mark.parametrize("kind", FILES)
def test_schemas_are_sound(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))


def test_schemas_and_readers_know_the_same_keys() -> None:
    rule = schema("rules")["properties"]["rules"]["items"]["properties"]
    change = schema("overrides")["properties"]["overrides"]["items"]["properties"]
    assert set(schema("pack")["properties"]) == set(manifest.KEYS)
    assert set(schema("rules")["properties"]) == set(rulefile.FILE_KEYS)
    assert set(rule) == set(rulefile.RULE_KEYS)
    assert set(rule["applies"]["properties"]) == set(rulefile.APPLIES_KEYS)
    assert set(rule["basis"]["items"]["properties"]) == set(rulefile.BASIS_KEYS)
    assert set(change) == set(overrides.KEYS)
    assert set(change["action"]["enum"]) == set(overrides.ACTIONS)
    case = schema("cases")["properties"]
    assert set(cases.FILE_KEYS) == set(case)
    assert set(cases.CASE_KEYS) == set(case["cases"]["items"]["properties"])
    assert set(cases.OUTCOMES) == set(case["cases"]["items"]["properties"]["outcome"]["enum"])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("rules", "language: 1\nrules:\n  - {id: A-1, title: 甲, check: 乙, severty: 错误}\n"),
        ("rules", "language: 1\nrules:\n  - {id: a-1, title: 甲, check: 乙}\n"),
        ("rules", "language: 1\nrules: []\n"),
        ("pack", "language: 1\nid: cn\nversion: '1.0'\nname: 甲\n"),
        ("overrides", "language: 1\noverrides:\n  - {rule: A-1, action: 停用, reason: 甲}\n"),
        ("cases", "language: 1\nrule: A-1\ncases:\n  - {name: 甲, outcome: 通过}\n"),
    ],
)
def test_schemas_refuse_what_the_readers_refuse(kind: str, text: str) -> None:
    assert list(jsonschema.Draft202012Validator(schema(kind)).iter_errors(loads(text).data))

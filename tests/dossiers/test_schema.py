"""run.json meets its published schema, and what the schema refuses is refused by the program, too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.dossiers.making import make_dossier
from juesuan_rules.dossiers.model import RECORD, Asked, InputFile, OutputFile, Record, read_record
from juesuan_rules.dossiers.running import Given

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "src" / "juesuan_rules" / "schemas" / "dossier.schema.json").read_text("utf-8"))
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """run.json of a run with every kind of input."""
    top = tmp_path_factory.mktemp("存")
    name = "辽宁省云岫市数据服务局-2023{}.txt"
    sound, prior, unit = (ROOT / "fixtures" / name.format(part) for part in ("", "-GB18030", "-一格一行"))
    (top / "下属").mkdir()
    (top / "下属" / unit.name).write_bytes(unit.read_bytes())
    written = {"更正.yaml": "corrections: 1\n更正: []\n", "豁免.yaml": "waivers: []\n", "意见.yaml": "decisions: []\n"}
    for file, content in written.items():
        (top / file).write_text(content, "utf-8")
    given = Given((sound,), prior, top / "下属", top / "更正.yaml", (top / "豁免.yaml",), (top / "意见.yaml",))
    make_dossier(top / "底稿", given, Asked(region="辽宁省", max_undecided=200), ("csv",), ("juesuan-rules",), True, None)
    return (top / "底稿" / RECORD).read_text("utf-8")


def _violations(value: object) -> list[str]:
    return [f"{error.json_path} {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(value)]


def test_a_real_record_meets_the_schema(text: str) -> None:
    record = json.loads(text)
    assert _violations(record) == []
    assert {one["role"] for one in record["inputs"]} == set(SCHEMA["$defs"]["input"]["properties"]["role"]["enum"])


@pytest.mark.parametrize(("struct", "schema"), [(Record, SCHEMA), (Asked, SCHEMA["$defs"]["asked"]), (InputFile, SCHEMA["$defs"]["input"]), (OutputFile, SCHEMA["$defs"]["file"])])
def test_the_schema_names_the_fields_of_the_record(struct: type[Any], schema: dict[str, Any]) -> None:
    assert set(schema["properties"]) == set(struct.__struct_fields__)


def _set(*path: object, to: object) -> Change:
    def change(record: Any) -> None:
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("inputs", 0, "role", to="别的"),
        _set("inputs", 0, "name", to="../../别处.txt"),
        _set("inputs", 0, "name", to="/etc/别处.txt"),
        _set("files", 0, "path", to="a\\..\\b"),
        _set("format", to=2),
        _set("asked", "as_one", to="是"),
        _set("asked", "多余", to=1),
        _set("多余", to=1),
        _set("inputs", 0, "size", to="12"),
        lambda record: record.pop("canonical_digest"),
    ],
    ids=["role", "climbs", "absolute", "backslash", "format", "asked type", "asked key", "key", "size", "missing"],
)
def test_what_the_schema_refuses_is_refused(text: str, tmp_path: Path, change: Change) -> None:
    record = json.loads(text)
    change(record)
    assert _violations(record)
    (tmp_path / RECORD).write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    with pytest.raises(UsageError):
        read_record(tmp_path)

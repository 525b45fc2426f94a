"""The outline of a file, sound or half-typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from juesuan_rules.editor.kinds import kind_by_content, kind_in_pack, read_schema
from juesuan_rules.editor.outline import read_outline
from juesuan_rules.editor.places import FileMap
from juesuan_rules.resources import rules_root
from juesuan_rules.yamlfile import loads

SHIPPED = sorted(p for p in rules_root().rglob("*.yaml"))


def paths_of(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in pairs:
        yield (*path, step)
        yield from paths_of(value, (*path, step))


@pytest.mark.parametrize("folder", sorted({p.parent for p in SHIPPED}), ids=lambda p: "/".join(p.parts[-2:]))
def test_it_sees_what_yaml_sees_in_every_shipped_file(folder: Path) -> None:
    for path in sorted(folder.glob("*.yaml")):
        content = path.read_text("utf-8")
        map_ = FileMap(read_outline(content), "")
        assert set(map_.by_path) == set(paths_of(loads(content).data)), path.name


@pytest.mark.parametrize("path", [p for p in SHIPPED if p.parent.name == "rules" or p.name == "overrides.yaml"], ids=lambda p: "/".join(p.parts[-3:]))
def test_expressions_are_those_of_the_rules(path: Path) -> None:
    content = path.read_text("utf-8")
    kind = "overrides" if path.name == "overrides.yaml" else "rules"
    regions = FileMap(read_outline(content), kind).regions  # type: ignore[arg-type]
    data = loads(content).data
    for region in regions:
        value = data
        for step in region.path:
            value = value[step]
        assert "".join(region.text.replace("' ", "'").split()) == "".join(value.replace("''", "'").split())
    wanted = [p for p in paths_of(data) if len(p) > 2 and p[-1] in ("check", "when") and isinstance(value_at(data, p), str)]
    wanted += [p for p in paths_of(data) if len(p) == 4 and p[2] == "check" and isinstance(value_at(data, p), str)]
    assert {r.path for r in regions} == set(wanted)


def value_at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


MULTILINE = """\
rules:
- id: A-1
  check: |
    总表.收入
      == 3
  when: >-
    a
  title: "引号里: 冒号
    # 不是注释"   # 注释
- id: 'B-1'
  check:
  - 甲 ==
    乙
  - {check: "丙 == \\"丁\\"", severity: 提示}
"""


def test_values_over_several_lines() -> None:
    map_ = FileMap(read_outline(MULTILINE), "rules")
    assert [(r.path, " ".join(r.text.split())) for r in map_.regions] == [
        (("rules", 0, "check"), "总表.收入 == 3"),
        (("rules", 0, "when"), "a"),
        (("rules", 1, "check", 0), "甲 == 乙"),
        (("rules", 1, "check", 1, "check"), '丙 == "丁 "'),
    ]
    assert map_.value("rules", 1, "id") == "B-1"
    assert map_.value("rules", 0, "title") == "引号里: 冒号\n    # 不是注释"
    assert set(map_.by_path) == set(paths_of(yaml.safe_load(MULTILINE)))
    for region in map_.regions:  # offsets in a region are offsets in the file
        assert len(region.text) == region.end - region.start


@pytest.mark.parametrize(
    ("content", "paths"),
    [
        ("rules:\n  - id: A\n    che", [("rules",), ("rules", 0), ("rules", 0, "id"), ("rules", 0, "che")]),
        ("rules:\n  -", [("rules",), ("rules", 0)]),
        ("a: {b: 1, c", [("a",), ("a", "b"), ("a", "c")]),
        ("a: [x, {b: ", [("a",), ("a", 0), ("a", 1), ("a", 1, "b")]),
        ("a: 'x\nb: 1\n", [("a",), ("b",)]),
        ("- - a\n  - b: c\n", [(0,), (0, 0), (0, 1), (0, 1, "b")]),
        ("", []),
        ("\ufeffa: 1", [("a",)]),
        ("a: |\n  b: c\n\n  d\ne: f", [("a",), ("e",)]),
    ],
)
def test_half_typed_files(content: str, paths: list[tuple[Any, ...]]) -> None:
    map_ = FileMap(read_outline(content), "")
    assert [n.path for n in map_.nodes] == paths


def test_kinds_of_files() -> None:
    assert kind_in_pack(Path("rules/a.yaml")) == "rules"
    assert kind_in_pack(Path("layouts/x.yml")) == "layout"
    assert kind_in_pack(Path("pack.yaml")) == "pack"
    assert kind_in_pack(Path("README.md")) == kind_in_pack(Path("pages/a.yaml")) == ""
    assert kind_by_content(read_outline("language: 1\nrules:\n")) == "rules"
    assert kind_by_content(read_outline("id: a\nversion: 1.0.0\nname: x\n")) == "pack"
    assert kind_by_content(read_outline("services:\n  web: {}\n")) == ""
    assert read_schema("rules")["properties"]["rules"]
    assert read_schema("") == {}

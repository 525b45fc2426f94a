"""Which kind of file a pack file is, by where it lies in its pack; outside a pack, by what it says."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from juesuan_rules.editor.outline import Outline

Kind = Literal["rules", "overrides", "cases", "layout", "facts", "forms", "dictionaries", "pack", "corrections", "waivers", ""]
KIND_ZH: dict[str, str] = {
    "rules": "规则文件", "overrides": "改动文件", "cases": "用例文件", "layout": "表样文件", "facts": "事实文件", "forms": "表单文件",
    "dictionaries": "词典文件", "pack": "规则包清单", "corrections": "更正文件", "waivers": "豁免文件",
}  # fmt: skip
_FOLDERS: dict[str, Kind] = {"rules": "rules", "cases": "cases", "layouts": "layout", "facts": "facts", "forms": "forms", "dictionaries": "dictionaries"}
_TOLD_BY: tuple[tuple[str, Kind], ...] = (
    ("rules", "rules"), ("overrides", "overrides"), ("cases", "cases"), ("layout", "layout"), ("facts", "facts"), ("forms", "forms"),
    ("dictionaries", "dictionaries"), ("corrections", "corrections"), ("waivers", "waivers"), ("tables", "layout"),
)  # fmt: skip
_MANIFEST = ("id", "version", "name")
SUFFIXES = (".yaml", ".yml")
EXPRESSION_KINDS = ("rules", "overrides")
"""Kinds of files whose `check` and `when` are expressions of the rule language."""


def kind_in_pack(inside: Path) -> Kind:
    """The kind of the file at that path inside a pack; "" for a file packs do not have."""
    if len(inside.parts) == 1:
        named: dict[str, Kind] = {"pack.yaml": "pack", "overrides.yaml": "overrides", "waivers.yaml": "waivers"}
        return named.get(inside.name, "")
    return _FOLDERS.get(inside.parts[0], "") if inside.suffix in SUFFIXES else ""


def kind_by_content(outline: Outline) -> Kind:
    """The kind of a file by its outermost keys; "" where they are none of ours."""
    keys = {entry.key for entry in outline.entries if entry.parent < 0}
    if keys.issuperset(_MANIFEST):
        return "pack"
    return next((kind for key, kind in _TOLD_BY if key in keys), "")


@lru_cache(maxsize=16)
def read_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of a kind of file; empty where none is published."""
    from importlib.resources import files

    found = files("juesuan_rules") / "schemas" / f"{kind}.schema.json"
    try:
        schema = json.loads(found.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return schema if isinstance(schema, dict) else {}

"""Which kind of file a pack file is, by where it lies in its pack; outside a pack, by what it says."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from juesuan_rules.editor.outline import Outline
from juesuan_rules.packs.filekinds import KIND_ZH, SUFFIXES, FileKind, kind_by_keys, kind_in_pack

__all__ = ["EXPRESSION_KINDS", "KIND_ZH", "SUFFIXES", "Kind", "kind_by_content", "kind_in_pack", "read_schema"]

Kind = FileKind
EXPRESSION_KINDS = ("rules", "overrides")
"""Kinds of files whose `check` and `when` are expressions of the rule language."""


def kind_by_content(outline: Outline) -> Kind:
    """The kind of a file by its outermost keys; "" where they are none of ours."""
    return kind_by_keys({entry.key for entry in outline.entries if entry.parent < 0})


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

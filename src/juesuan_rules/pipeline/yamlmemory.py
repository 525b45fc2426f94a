"""YAML files of packs as they were understood, kept between runs by the digest of their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.pipeline.cache import Cache, digest
from juesuan_rules.yamlfile import MAX_BYTES, Read, YamlFile, load, loads, plain_text

KIND = "yaml"
LEAST_BYTES = 1024
"""A file smaller than this is read anew as quickly as it is looked up."""


def remembering(cache: Cache, program: str) -> Read:
    """Reads as `load` does, but what an earlier run of the same program (its fingerprint) understood is not parsed again."""
    if cache.folder is None:
        return load

    def read(path: Path) -> YamlFile:
        try:
            data = path.read_bytes() if LEAST_BYTES <= path.stat().st_size <= MAX_BYTES else b""
            text = data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return load(path)
        if not LEAST_BYTES <= len(data) <= MAX_BYTES:
            return load(path)
        key = digest(program, data)
        known = _unpacked(cache.get(KIND, key), str(path), text)
        if known is None:
            known = loads(text, str(path))
            cache.put(KIND, key, _packed(known))
        return known

    return read


def _packed(file: YamlFile) -> tuple[Any, ...]:
    told = [(d.code, d.message, (d.span.line, d.span.column, d.span.end_line, d.span.end_column), d.hint, d.source_line) for d in file.diagnostics]
    return file.data, tuple(told), file.places


def _unpacked(stored: Any, name: str, text: str) -> YamlFile | None:
    """The file under the name it has now; None where nothing usable is stored."""
    try:
        data, told, places = stored
        diagnostics = tuple([Diagnostic(code, message, Span(name, *at), hint, line) for code, message, at, hint, line in told])
    except (TypeError, ValueError):
        return None
    return YamlFile(name, plain_text(text), data, diagnostics, places)

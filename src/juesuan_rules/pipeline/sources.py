"""Diagnostics with the line of text they are about, for a caret under the very character."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from juesuan_rules.diagnostics import Diagnostic

MAX_BYTES = 4 * 1024 * 1024


def with_source_lines(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same diagnostics by place, each with its source line where its file can be read."""
    lines: dict[str, list[str]] = {}
    found = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        if not diagnostic.source_line and span.file and span.line:
            if span.file not in lines:
                lines[span.file] = _lines(span.file)
            if span.line <= len(lines[span.file]):
                diagnostic = replace(diagnostic, source_line=lines[span.file][span.line - 1])
        found.append(diagnostic)
    return tuple(sorted(found, key=lambda d: (d.span.file, d.span.line, d.span.column, d.code)))


def _lines(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES)
    except OSError:
        return []
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")

"""Files in their canonical spelling, each proved to say the same as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.authoring.formatting.comments import find_comments
from juesuan_rules.authoring.formatting.expressions import MeaningChanged, canonical
from juesuan_rules.authoring.formatting.writer import Writer
from juesuan_rules.diagnostics import Diagnostic, Span, UsageError
from juesuan_rules.yamlfile import YamlFile, loads
from juesuan_rules.yamlfile import load as load_file

SUFFIXES = (".yaml", ".yml")
_COERCED = ("W401", "W402", "W403")
_MAX_FILES = 20_000


class Formatted(msgspec.Struct, frozen=True):
    """A file before and after. diagnostics: why it could not be formatted (then `after` is `before`)."""

    path: Path
    before: str
    after: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether formatting changes the file."""
        return self.before != self.after


def format_text(text: str, name: str = "") -> str | tuple[Diagnostic, ...]:
    """A pack file's text in canonical spelling, or why there is none (the file has errors).

    What the file says (its data, the meaning of its expressions) and its comments are the same
    before and after; where that could not be kept, E450 is returned and nothing is changed.
    """
    file = loads(text, name)
    errors = tuple(d for d in file.diagnostics if d.is_error)
    if errors:
        return errors
    try:
        written = Writer(file.text, file.root, _to_quote(file)).write()
    except MeaningChanged as problem:
        return (Diagnostic("E450", f"整理后的表达式含义会改变，没有整理：{problem}", Span(name), "请把这个文件报告给程序的作者"),)
    lost = _difference(file, loads(written, name))
    if lost:
        return (Diagnostic("E450", f"整理后{lost}，没有整理", Span(name), "请把这个文件报告给程序的作者"),)
    return written


def format_file(path: Path) -> Formatted:
    """One file, not written yet. Line ends and a byte order mark count as spelling."""
    file = load_file(path)
    if file.broken:
        return Formatted(path, file.text, file.text, tuple(d for d in file.diagnostics if d.is_error))
    before = path.read_bytes().decode("utf-8")
    after = format_text(before, str(path))
    return Formatted(path, before, after) if isinstance(after, str) else Formatted(path, before, before, after)


def pack_yaml(paths: Sequence[Path]) -> Iterator[Path]:
    """The YAML files named, and those below the folders named, each once. Raises UsageError for what is not there."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"没有「{path}」这个文件或目录")
        found = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and not _hidden(p, path))
        for one in found:
            if len(seen) >= _MAX_FILES:
                raise UsageError(f"文件超过 {_MAX_FILES:,} 个；请指明规则包的目录")
            if one.is_file() and one not in seen:
                seen.add(one)
                yield one


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _to_quote(file: YamlFile) -> frozenset[tuple[int, int]]:
    """Places of plain scalars that other YAML programs would change. The figures of cases are written plainly."""
    if isinstance(file.data, dict) and "cases" in file.data:
        return frozenset()
    return frozenset((d.span.line, d.span.column) for d in file.diagnostics if d.code in _COERCED)


def _difference(before: YamlFile, after: YamlFile) -> str:
    """What formatting would lose, in words; "" where nothing is lost."""
    if after.broken:
        return "读不出来"
    if [c.text for c in find_comments(before.text)] != [c.text for c in find_comments(after.text)]:
        return "注释会丢失或换了次序"
    return "" if _meaning(before.data) == _meaning(after.data) else "内容会改变"


def _meaning(data: Any) -> Any:
    """The data of a file with its expressions in canonical spelling."""
    if not isinstance(data, dict):
        return data
    return {key: _with_expressions(value) if key in ("rules", "overrides") else value for key, value in data.items()}


def _with_expressions(data: Any, expression: bool = False) -> Any:
    if isinstance(data, dict):
        return {key: _with_expressions(value, key in ("check", "when")) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_expressions(value, expression) for value in data]
    return (canonical(data) or data) if expression and isinstance(data, str) else data

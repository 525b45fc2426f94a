"""`--fix`: the safe changes findings carry, made in the text at their places, and proved to change no meaning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.authoring.formatting.comments import find_comments
from juesuan_rules.authoring.linting.model import Edit, Finding
from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.names import fold
from juesuan_rules.yamlfile import YamlFile, loads

_YES_NO: dict[str, bool] = {**dict.fromkeys(("是", "yes", "on", "y", "真"), True), **dict.fromkeys(("否", "no", "off", "n", "假"), False)}


class Fixed(msgspec.Struct, frozen=True):
    """A file before and after, and the findings mended. problem: why it was left alone."""

    path: Path
    before: str
    after: str
    findings: tuple[Finding, ...] = ()
    problem: Diagnostic | None = None

    @property
    def changed(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


def fix_file(file: YamlFile, findings: Sequence[Finding]) -> Fixed:
    """The file's text with every safe change of these findings made, as far as they do not overlap.

    Not written yet. `before` and `after` have the line ends and the byte order mark of the file.
    """
    path = Path(file.name)
    text, done = file.text, []
    taken: list[Edit] = []
    for finding in findings:
        if finding.fixable and not any(edit.start < other.end and other.start < edit.end for edit in finding.edits for other in taken):
            taken += finding.edits
            done.append(finding)
    for edit in sorted(taken, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    raw = _raw(path, file.text)
    if not done:
        return Fixed(path, raw, raw)
    lost = _difference(file, loads(text, file.name))
    if lost:
        problem = Diagnostic("E450", f"改完{lost}，没有改", Span(file.name), "请把这个文件报告给程序的作者")
        return Fixed(path, raw, raw, (), problem)
    return Fixed(path, raw, _like(raw, text), tuple(done))


def _raw(path: Path, text: str) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return text


def _like(raw: str, text: str) -> str:
    """The text with the byte order mark and the line ends of `raw`."""
    mark = "\ufeff" if raw.startswith("\ufeff") else ""
    return mark + (text.replace("\n", "\r\n") if "\r\n" in raw else text)


def _difference(before: YamlFile, after: YamlFile) -> str:
    """What the changes would lose, in words; "" where nothing."""
    if after.broken:
        return "读不出来"
    if [c.text for c in find_comments(before.text)] != [c.text for c in find_comments(after.text)]:
        return "注释会丢失"
    return "" if _meaning(before.data, "") == _meaning(after.data, "") else "含义会改变"


def _meaning(data: Any, key: str) -> Any:
    """The data of a file without what the safe changes may touch."""
    if isinstance(data, dict):
        return {name: _meaning(value, name) for name, value in data.items()}
    if isinstance(data, list):
        items = [_meaning(item, key) for item in data]
        return list(dict.fromkeys(fold(str(item)) for item in items)) if key == "names" else items
    if isinstance(data, str):
        if key == "title":
            return data.rstrip().rstrip("。．.").rstrip()
        if key == "entries":
            return sorted(data.splitlines())
        return _YES_NO.get(data.strip().lower(), data)
    return data

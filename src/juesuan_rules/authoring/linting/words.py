"""Words written twice and codes out of order: facts and dictionaries, file by file (L207, L208)."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from juesuan_rules.authoring.linting.model import Edit
from juesuan_rules.authoring.linting.work import Work, YamlPath, entries, scalar
from juesuan_rules.diagnostics import Span
from juesuan_rules.names import fold
from juesuan_rules.yamlfile import YamlFile


def check_words(work: Work, file: YamlFile) -> None:
    """L207, L208: what can be said of a file of facts or dictionaries by itself."""
    for path, entry in entries(file, "facts"):
        _check_phrases(work, file, path, entry)
    for path, entry in entries(file, "dictionaries"):
        _check_words(work, file, path, entry)


def _check_phrases(work: Work, file: YamlFile, path: YamlPath, entry: dict[str, Any]) -> None:
    seen: set[str] = set()
    names = entry.get("names")
    for index, phrase in enumerate(names if isinstance(names, list) else ()):
        written = fold(str(phrase))
        if written in seen:
            edits = _removed_item(file, (*path, "names"), index)
            work.report("L207", f"说法“{phrase}”写了两次", file.span(*path, "names", index), hint="去掉一个", edits=edits)
        seen.add(written)


def _removed_item(file: YamlFile, path: YamlPath, index: int) -> tuple[Edit, ...]:
    """The edit that takes an item with the comma before it out of a list in brackets; () where that is not plain."""
    before, item = scalar(file, (*path, index - 1)), scalar(file, (*path, index))
    if before is None or item is None or index == 0:
        return ()
    start, end = before.end_mark.index, item.end_mark.index
    between = file.text[start : item.start_mark.index]
    return (Edit(start, end, ""),) if between.strip() == "," else ()


def _check_words(work: Work, file: YamlFile, path: YamlPath, entry: dict[str, Any]) -> None:
    """L207, L208: words of a dictionary twice (but for width and spaces), codes out of order."""
    given = entry.get("entries")
    lines = isinstance(given, str)
    words = [line.split(None, 1)[0] for line in given.splitlines() if line.strip() and not line.startswith("#")] if isinstance(given, str) else list(given or ())
    seen: dict[str, str] = {}
    for index, word in enumerate(map(str, words)):
        known = seen.setdefault(fold(word), word)
        if known != word:
            place = path if lines else (*path, "entries", word if isinstance(given, dict) else index)
            work.report("L207", f"词“{word}”与“{known}”只差全角半角或空格", file.span(*place), hint="去掉一个")
    codes = [str(word).rstrip("*") for word in words]
    if len(codes) > 1 and all(code.isdigit() for code in codes) and (at := next((i for i in range(1, len(codes)) if codes[i] < codes[i - 1]), 0)):
        message = f"编码 {codes[at]} 排在 {codes[at - 1]} 之后，没有从小到大"
        work.report("L208", message, _line_place(file, path, words[at]) if lines else file.span(*path, "entries"), edits=_sorted_lines(file, path) if lines else ())


def _line_place(file: YamlFile, path: YamlPath, word: str) -> Span:
    node = scalar(file, (*path, "entries"))
    found = re.search(rf"^[ \t]*{re.escape(word)}(?=\s|$)", file.text[node.start_mark.index :], re.MULTILINE) if node is not None else None
    if node is None or found is None:
        return file.span(*path, "entries")
    start = node.start_mark.index + found.end() - len(word)
    line = file.text.count("\n", 0, start) + 1
    column = start - file.text.rfind("\n", 0, start)
    return replace(file.span(*path), line=line, column=column, end_line=line, end_column=column + len(word))


def _sorted_lines(file: YamlFile, path: YamlPath) -> tuple[Edit, ...]:
    """The edit that sorts a block of one word a line; () where it holds comments or blank lines."""
    node = scalar(file, (*path, "entries"))
    if node is None or node.style != "|":
        return ()
    start = file.text.index("\n", node.start_mark.index) + 1
    body = file.text[start : node.end_mark.index].rstrip("\n ")
    lines = body.split("\n")
    if any(not line.strip() or line.lstrip().startswith("#") for line in lines):
        return ()
    return (Edit(start, start + len(body), "\n".join(sorted(lines, key=lambda line: line.split()[0].rstrip("*")))),)

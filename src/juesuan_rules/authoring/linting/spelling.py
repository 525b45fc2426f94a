"""How files are written: values other YAML programs would change, ids, titles, lengths (L1xx)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from juesuan_rules.authoring.linting.model import Edit, Finding
from juesuan_rules.authoring.linting.work import Authored, Work, scalar
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.names import fold
from juesuan_rules.packs.families import family_of
from juesuan_rules.packs.ids import HOW, is_usual
from juesuan_rules.yamlfile import YamlFile

MAX_LINES = 500
"""Lines of a rule file before it is called long."""
COERCED = {"W401": "L101", "W402": "L102", "W403": "L103"}
_YES_NO = {"是": "true", "yes": "true", "on": "true", "y": "true", "真": "true", "否": "false", "no": "false", "off": "false", "n": "false", "假": "false"}
_FAMILY = re.compile(r"([a-z])-")
_EMPTY_WORDS = re.compile("核对|检查|校验|审核|规则|测试|新建|待定|待写|标题|第[一二三四五六七八九十\\d]+条|TODO|test|rule|check", re.IGNORECASE)
_STOPS = "。．."


def restated(diagnostic: Diagnostic, file: YamlFile | None) -> Finding | None:
    """The finding of the table for a problem of the YAML layer, with its repair; None for any other."""
    if file is None:
        return None
    code = COERCED.get(diagnostic.code)
    start = offset(file, diagnostic.span.line, diagnostic.span.column)
    end = offset(file, diagnostic.span.end_line or diagnostic.span.line, diagnostic.span.end_column)
    written = file.text[start:end]
    if code is not None:
        edits = (Edit(start, end, f"'{written}'"),) if written and "'" not in written and "\n" not in written else ()
        return Finding(code, diagnostic.message, diagnostic.span, diagnostic.hint, "警告", "", edits)
    if diagnostic.code == "E413" and diagnostic.message.endswith("应当是true 或 false"):
        wanted = _YES_NO.get(written.strip().lower())
        if wanted is not None:
            return Finding("L104", f"“{written}”要写成 {wanted}", diagnostic.span, f"改成 {wanted}", "错误", "", (Edit(start, end, wanted),))
    return None


def offset(file: YamlFile, line: int, column: int) -> int:
    """The index of a place in the file's text."""
    starts = file._starts
    return min(starts[min(max(line, 1), len(starts)) - 1] + max(column, 1) - 1, len(file.text))


def check_files(work: Work) -> None:
    """L105: files of rules that are too long."""
    for path, file in work.own_files("rules"):
        length = len(file.text.rstrip().split("\n"))
        if length > MAX_LINES:
            work.report("L105", f"规则文件有 {length} 行，超过 {MAX_LINES} 行", file.span(), hint=f"按核对的内容分成几个文件，如 {path.stem}-1.yaml、{path.stem}-2.yaml")


def check_rule(work: Work, one: Authored) -> None:
    """L106–L109: the id and the titles of one rule."""
    if not one.changed:
        _check_id(work, one)
    _check_stop(work, one, ("title",), one.fields.text("title"))
    checks = one.fields.values.get("check")
    for index, part in enumerate(checks if isinstance(checks, list) else ()):
        if isinstance(part, dict) and isinstance(part.get("title"), str):
            _check_stop(work, one, ("check", index, "title"), part["title"])
    if not names_subject(work, one):
        work.at(one, "L109", f"标题“{one.rule.title}”没有说核对什么", "title", hint="写明哪张表（或文字）的什么数，应当等于、不大于什么")


def check_titles(work: Work, rules: Iterable[Authored]) -> None:
    """L110: the same title twice."""
    seen: dict[str, Authored] = {}
    for one in rules:
        title = fold(one.rule.title)
        other = seen.get(title)
        if other is None:
            seen[title] = one
        elif other.rule.id != one.rule.id:
            work.at(one, "L110", f"标题与规则 {other.rule.id} 相同", "title", hint="写明两条的区别")


def names_subject(work: Work, one: Authored) -> bool:
    """Whether a title shares a word with what the rule reads."""
    title = _EMPTY_WORDS.sub("", fold(one.rule.title).replace(fold(one.rule.id), ""))
    words = {title[at : at + 2] for at in range(len(title) - 1)}
    if not words:
        return False
    said = _subject(work, one)
    return any(word in said for word in words) or any(word in fold(said) for word in words)


def _subject(work: Work, one: Authored) -> str:
    """All the words of what a rule reads, and of what its author says of it beside the title."""
    views = work.views_of(one.rule)
    words = work.outcomes.words(one.rule, views[0]) if views else ""
    if not words:
        # A rule with errors: its title is judged once they are mended.
        return one.rule.title
    return "\n".join((words, str(one.fields.values.get("note") or ""), *[part.title or "" for part in one.rule.checks]))


def _check_id(work: Work, one: Authored) -> None:
    if not is_usual(one.rule.id):
        work.at(one, "L106", f"编号“{one.rule.id}”不合本族的写法", "id", hint=HOW)
    family = _FAMILY.match(one.path.stem)
    if family and family_of(one.rule.id) != family.group(1).upper():
        work.at(one, "L107", f"规则 {one.rule.id} 写在 {family.group(1).upper()} 族的文件 {one.path.name} 里", "id", hint="移到本族的文件，或给文件换一个名称")


def _check_stop(work: Work, one: Authored, keys: tuple[str | int, ...], title: str) -> None:
    stripped = title.rstrip()
    if not stripped.endswith(tuple(_STOPS)) or stripped.endswith(("...", "……")):
        return
    node = scalar(one.fields.file, (*one.fields.path, *keys))
    edits: tuple[Edit, ...] = ()
    if node is not None and node.style not in ("|", ">"):
        start, end = node.start_mark.index, node.end_mark.index
        raw = one.fields.file.text[start:end]
        quote = raw[-1] if node.style else ""
        inner = raw[: len(raw) - len(quote)].rstrip()
        kept = inner.rstrip(_STOPS)
        if len(kept) > 1:
            edits = (Edit(start + len(kept), start + len(inner), ""),)
    work.report("L108", f"标题“{stripped}”以句号结尾", one.span(*keys), rule=one.rule.id, hint="去掉句号", edits=edits)


def is_rule_file(path: Path) -> bool:
    """Whether a file holds rules, by its folder."""
    return path.parent.name == "rules"

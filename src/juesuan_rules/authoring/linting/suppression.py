"""Comments that silence lint: `# lint: 忽略 L203、L205 因为……`, on a rule (or any entry) or at the head of a file.

A comment inside an entry of a top-level list, or directly above it, is about that entry; one before
anything else in a file is about the file; any other about its own line and the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import yaml

from juesuan_rules.authoring.formatting.comments import Comment, find_comments
from juesuan_rules.authoring.linting.codes import by_code, level_of
from juesuan_rules.authoring.linting.model import Finding
from juesuan_rules.diagnostics import Span
from juesuan_rules.yamlfile import YamlFile

_MARK = re.compile(r"#+\s*lint\s*[:：]\s*(.*)$", re.IGNORECASE)
_BODY = re.compile(r"忽略\s*([A-Za-z]\d{3}(?:[\s、,，和]+[A-Za-z]\d{3})*)\s*(.*)$")
_REASON = re.compile(r"[，,；;：:（(]*\s*(?:因为|原因[:：是]?|由于)\s*(.*?)[)）。]*$")
_LAST = 1_000_000


class Suppression(msgspec.Struct, frozen=True):
    """One comment. first, last: lines it is about. rules: ids of the rules among them."""

    codes: tuple[str, ...]
    reason: str
    span: Span
    first: int
    last: int
    rules: tuple[str, ...]


def apply(findings: Sequence[Finding], files: Sequence[YamlFile], deep: bool, whole: bool = True) -> list[Finding]:
    """The findings that are not silenced, with those about the comments themselves.

    deep: whether codes that need --deep were looked for. whole: whether every kind of check was made;
    otherwise (one file in an editor) nothing is said to be unused.
    """
    kept = list(findings)
    notes: list[Finding] = []
    for file in files:
        for one in read(file, notes):
            silenced = [f for f in kept if f.code in one.codes and f.level != "错误" and _covers(one, f, file.name)]
            kept = [f for f in kept if f not in silenced]
            used = {f.code for f in silenced}
            for code in one.codes:
                known = by_code().get(code)
                if whole and code not in used and (deep or known is None or not known.deep):
                    notes.append(_note("L502", f"这里没有 {code}，这条忽略没有用到", one.span, "删掉注释里的这个代码"))
    return [*kept, *notes]


def read(file: YamlFile, notes: list[Finding]) -> Iterator[Suppression]:
    """The comments of a file that silence something; what is wrong with others goes to `notes`."""
    if "lint" not in file.text.lower() or file.broken:
        return
    ranges = list(_ranges(file))
    head = file.root.start_mark.line if file.root is not None else 0
    for comment in find_comments(file.text):
        match = _MARK.match(comment.text)
        if match is None:
            continue
        span = Span(file.name, comment.line + 1, comment.column + 1, comment.line + 1, comment.column + 1 + len(comment.text))
        found = _understood(match.group(1), span, notes)
        if found is not None:
            first, last, rules = _about(comment, ranges, head, file.lines)
            yield Suppression(*found, span, first, last, rules)


def _understood(text: str, span: Span, notes: list[Finding]) -> tuple[tuple[str, ...], str] | None:
    body = _BODY.match(text.strip())
    if body is None:
        notes.append(_note("L503", "“# lint:”后面看不懂", span, "写成 # lint: 忽略 L203 因为……"))
        return None
    codes = tuple(dict.fromkeys(code.upper() for code in re.findall(r"[A-Za-z]\d{3}", body.group(1))))
    unknown = [code for code in codes if code not in by_code() and not code.startswith(("E", "W"))]
    firm = [code for code in codes if code not in unknown and (level_of(code) == "错误" or code.startswith("L5"))]
    if unknown:
        notes.append(_note("L503", f"没有代码 {'、'.join(unknown)}", span, "代码见 docs/lint.zh-CN.md"))
    if firm:
        notes.append(_note("L503", f"{'、'.join(firm)} 不能忽略", span, "错误要改正"))
    codes = tuple([code for code in codes if code not in unknown and code not in firm])
    reason = _REASON.match(body.group(2).strip())
    if codes and (reason is None or len(reason.group(1).strip()) < 2):
        notes.append(_note("L501", f"忽略 {'、'.join(codes)} 没有写原因，不起作用", span, f"写成 # lint: 忽略 {'、'.join(codes)} 因为……"))
        return None
    return (codes, reason.group(1).strip()) if codes and reason is not None else None


def _ranges(file: YamlFile) -> Iterator[tuple[int, int, str]]:
    """(first line, last line, rule id) of every entry of the file's top-level lists; lines from 0."""
    root = file.root
    if not isinstance(root, yaml.MappingNode):
        return
    for _, value in root.value:
        if not isinstance(value, yaml.SequenceNode):
            continue
        starts = [item.start_mark.line for item in value.value]
        ends = [*[start - 1 for start in starts[1:]], max(value.end_mark.line, starts[-1]) if starts else 0]
        for item, first, last in zip(value.value, starts, ends, strict=True):
            pairs = item.value if isinstance(item, yaml.MappingNode) else []
            rule = next((str(v.value) for k, v in pairs if k.value in ("id", "rule") and isinstance(v, yaml.ScalarNode)), "")
            yield first, max(first, last), rule


def _about(comment: Comment, ranges: Sequence[tuple[int, int, str]], head: int, lines: Sequence[str]) -> tuple[int, int, tuple[str, ...]]:
    """The lines (from 1) and rules a comment is about."""
    if comment.own_line:
        if comment.line < head:
            return 1, _LAST, ()
        following = next((r for r in ranges if r[0] > comment.line), None)
        if following is not None and all(not line.strip() or line.lstrip().startswith("#") for line in lines[comment.line : following[0]]):
            return comment.line + 1, following[1] + 1, (following[2],)
    inside = next((r for r in ranges if r[0] <= comment.line <= r[1]), None)
    if inside is not None:
        return inside[0] + 1, inside[1] + 1, (inside[2],)
    return comment.line + 1, comment.line + 2, ()


def _covers(one: Suppression, finding: Finding, name: str) -> bool:
    if finding.rule and finding.rule in one.rules:
        return True
    same = finding.span.file == name or Path(finding.span.file) == Path(name)
    return same and (one.first <= finding.span.line <= one.last or (one.last == _LAST and finding.span.line <= 1))


def _note(code: str, message: str, span: Span, hint: str) -> Finding:
    return Finding(code, message, span, hint, level_of(code))

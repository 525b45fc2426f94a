"""What stands in the files of an archive: YAML within bounds, patterns that run in linear time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.packs.digest import digest_files
from juesuan_rules.packs.manifest import parse_manifest
from juesuan_rules.store import limits
from juesuan_rules.store.entrynames import is_text
from juesuan_rules.store.manifest import ArchiveManifest
from juesuan_rules.store.problems import problem
from juesuan_rules.yamlfile import YamlFile, loads

_EXPRESSIONS = ("check", "when")


def content_problems(files: Mapping[str, bytes], manifest: ArchiveManifest, origin: str) -> Iterator[Diagnostic]:
    """Every error in the files themselves, and where they contradict the manifest."""
    items = sum(content.count(mark) for name, content in files.items() if _is_yaml(name) for mark in (b"\n", b",", b"[", b"{"))
    if items > limits.YAML_ITEMS:
        yield problem("E602", f"规则包的内容太多：约 {items:,} 项，上限是 {limits.YAML_ITEMS:,}", origin)
        return
    for name, content in files.items():
        try:
            text = content.decode("utf-8-sig") if is_text(name) else ""
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            yield problem("E403", f"第 {line} 行不是 UTF-8 编码", origin, name)
            continue
        if _is_yaml(name):
            yield from _yaml_problems(loads(text, f"{origin}!{name}"), name)
    yield from _contradictions(files, manifest, origin)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _yaml_problems(file: YamlFile, name: str) -> Iterator[Diagnostic]:
    yield from (d for d in file.diagnostics if d.is_error)
    if not file.broken and (name.startswith("rules/") or name == "overrides.yaml"):
        yield from _pattern_problems(file)


def _pattern_problems(file: YamlFile) -> Iterator[Diagnostic]:
    """Patterns of 匹配 that the linear-time engine does not take, at their place in the file."""
    for path, text in _expressions(file.data, ()):
        if "匹配" not in text:
            continue
        from juesuan_rules.language.parse import parse_text
        from juesuan_rules.language.patterns import pattern_problem
        from juesuan_rules.language.places import TextProblem, to_diagnostic
        from juesuan_rules.language.syntax import TextTest

        tree = parse_text(text)
        if isinstance(tree, TextProblem):
            yield to_diagnostic(tree, text, file.locator(*path))
            continue
        for node in _nodes(tree):
            wrong = pattern_problem(node.pattern.text) if isinstance(node, TextTest) and node.test == "匹配" else None
            if wrong is not None:
                said = TextProblem("E310", f"匹配的写法不对：{wrong}", node.start, node.end, "只能用线性时间的写法：没有回引用和前后断言")
                yield to_diagnostic(said, text, file.locator(*path))


def _nodes(tree: Any) -> Iterator[Any]:
    from juesuan_rules.language.syntax import children

    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))


def _expressions(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(path, text) of every expression of a rule file: `check` and `when`, however deep (the reader bounds depth)."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in _EXPRESSIONS and isinstance(item, str):
                yield (*path, key), item
            elif key == "check" and isinstance(item, list):
                yield from (((*path, key, at), text) for at, text in enumerate(item) if isinstance(text, str))
                yield from _expressions(item, (*path, key))
            else:
                yield from _expressions(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _expressions(item, (*path, at))


def _contradictions(files: Mapping[str, bytes], manifest: ArchiveManifest, origin: str) -> Iterator[Diagnostic]:
    """What pack.yaml and MANIFEST.json say differently."""
    source = files.get("pack.yaml")
    if source is None:
        yield problem("E607", "归档里没有 pack.yaml，不是规则包", origin)
        return
    try:
        written, problems = parse_manifest(loads(source.decode("utf-8-sig"), f"{origin}!pack.yaml"))
    except UnicodeDecodeError:
        return
    known = {(d.code, d.span) for d in problems if d.code < "E410"}
    yield from (d for d in problems if d.is_error and (d.code, d.span) not in known)
    if written is None:
        return
    requires = required(written.parent, written.requires)
    pairs = (
        ("编号", written.id, manifest.id),
        ("版本", written.version, manifest.version),
        ("语言版本", written.language, manifest.language),
        ("程序版本范围", written.engine, manifest.engine),
        ("依赖", requires, manifest.requires),
        ("规则摘要", digest_files(files), manifest.rules_digest),
    )
    for what, inside, told in pairs:
        if inside != told:
            yield problem("E609", f"清单写的{what}是「{told}」，规则包里是「{inside}」", origin, "MANIFEST.json")


def rule_ids(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The ids of the rules in these files of a pack: those it has itself, and those of other packs that it changes."""
    from juesuan_rules.packs.overrides import read_overrides
    from juesuan_rules.packs.rulefile import read_rules

    out: list[Diagnostic] = []  # whoever built the archive was told

    def read(path: Path) -> YamlFile:
        return loads(files[path.as_posix()].decode("utf-8-sig"), path.as_posix())

    own = [written.rule.id for name in sorted(files) if name.startswith("rules/") and _is_yaml(name) for written in read_rules(Path(name), "", out, read)]
    changed = [change.rule for change in read_overrides(Path("overrides.yaml"), out, read)] if "overrides.yaml" in files else []
    return tuple(dict.fromkeys((*own, *changed)))


def required(parent: str | None, requires: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What a pack needs, by id: the ranges it names, and its parent in any version where it names none."""
    ranges = dict(requires)
    if parent is not None:
        ranges.setdefault(parent, ANY)
    return dict(sorted(ranges.items()))


ANY = ">=0"
"""The range that every version lies in."""

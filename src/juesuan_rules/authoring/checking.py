"""What is wrong with one file of a pack, judged as the kind of file it is.

A file that lies in a pack is judged with its pack: its rules under that pack's layouts, its facts, forms,
words and tables as they join those of the packs above. Any other file is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from juesuan_rules.authoring.building import build_report
from juesuan_rules.authoring.cases import Case, read_cases
from juesuan_rules.authoring.problems import CaseProblem
from juesuan_rules.catalogue import declared
from juesuan_rules.catalogue.differences import RowLists, read_tables
from juesuan_rules.catalogue.entries import read_entries
from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.catalogue.shape import FILE_KEYS, LayoutFile
from juesuan_rules.diagnostics import Diagnostic, UsageError
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.model import RuleText
from juesuan_rules.names import suggest
from juesuan_rules.packs.filekinds import KIND_ZH, FileKind, kind_by_keys, kind_in_pack, pack_folder
from juesuan_rules.packs.load import LoadResult, inspect_pack, load_pack
from juesuan_rules.packs.locate import BASE
from juesuan_rules.packs.overrides import read_overrides
from juesuan_rules.packs.rulefile import read_drafts, read_rules
from juesuan_rules.packs.versions import overlap
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.pipeline.remembering import check_remembered
from juesuan_rules.yamlfile import Read, YamlFile, load

_DECLARED = {"facts": declared.FACTS, "forms": declared.FORMS, "dictionaries": declared.DICTIONARIES}
_CHECKED = ("rules", "layout", "facts", "forms", "dictionaries", "cases", "overrides")
"""Kinds that are told by an outermost key of their name."""
_ELSEWHERE = {"corrections": "更正文件用 eval --corrections 读", "waivers": "豁免文件请用 waivers check"}


class CheckedFile(msgspec.Struct, frozen=True):
    """What was found in one file. rules: how many it has. elsewhere: whether its pack has errors in other files."""

    kind: FileKind
    problems: tuple[Diagnostic, ...]
    rules: int = 0
    elsewhere: bool = False


def check_file(path: Path, pack: str, year: int | None, roots: Sequence[Path], cache: Cache, version: str | None = None) -> CheckedFile:
    """Check a YAML file as what it is. pack: whose layout judges the rules of a file ("": the pack it lies in,
    else the national one).

    Raises UsageError where the file is none of a pack's.
    """
    folder = pack_folder(path)
    kind = kind_of(path, folder)
    if folder is None or pack:
        layout = load_pack(pack or BASE, year, roots, version=version).layout
        rules, problems = _rules_of(path, pack or BASE) if kind == "rules" else ([], alone(load(path), kind, path))
        if kind == "cases":
            problems = [*problems, *case_figures(read_cases(path, []), lambda _: layout)]
        return CheckedFile(kind, (*problems, *check_remembered(rules, layout, cache, path.resolve()).diagnostics), len(rules))
    return _in_pack(path, folder, kind, year, roots, cache)


def kind_of(path: Path, folder: Path | None = None) -> FileKind:
    """The kind of a YAML file: by its place in its pack, else by its outermost keys.

    Raises UsageError where it is none, or one that another command reads.
    """
    kind = kind_in_pack(path.resolve().relative_to(folder)) if folder is not None else ""
    file = load(path)
    keys = [str(key) for key in file.data] if isinstance(file.data, dict) else []
    kind = kind or kind_by_keys(keys)
    if not kind and (file.broken or not isinstance(file.data, dict) or "language" in keys or any(suggest(key, ["rules"]) for key in keys)):
        # No sound YAML, or meant as rules: what is wrong with it is said best by reading it so.
        kind = "rules"
    if kind in _ELSEWHERE:
        raise UsageError(f"文件「{path}」是{KIND_ZH[kind]}，check 不查；{_ELSEWHERE[kind]}")
    if not kind:
        told = "、".join(f"{KIND_ZH[one]}最外层写 {one}" for one in _CHECKED)
        raise UsageError(f"认不出文件「{path}」是哪一种：{told}")
    return kind


def alone(file: YamlFile, kind: FileKind, path: Path, read: Read = load) -> list[Diagnostic]:
    """What is wrong with a file of declarations, cases or overrides by itself."""
    out: list[Diagnostic] = []
    if kind == "overrides":
        read_overrides(path, out, read)
    elif kind == "cases":
        read_cases(path, out, read)
    elif kind in _DECLARED or kind == "layout":
        source = LayoutFile("", file)
        if kind == "layout":
            _layout(source)
        else:
            read_entries(_DECLARED[kind], source)
        out += source.problems
    else:
        out += file.diagnostics
    return out


def _layout(source: LayoutFile) -> None:
    source.problems += source.file.diagnostics
    if source.file.broken:
        return
    data = source.fields(source.file.data, (), "表样文件", FILE_KEYS)
    lists = RowLists()
    lists.read(source, data.get("lists", {}))
    read_tables(source, data.get("tables", []), lists)


def _rules_of(path: Path, pack: str) -> tuple[list[RuleText], list[Diagnostic]]:
    """The rules of a file, those of a draft included."""
    problems: list[Diagnostic] = []
    rules: list[RuleText] = []
    for written in (*read_rules(path, pack, problems), *read_drafts(path, pack, [])):
        if any(written.rule.id == rule.id and overlap(written.rule.applies_years, rule.applies_years) for rule in rules):
            written.fields.report("E420", f"规则编号“{written.rule.id}”重复", "id", "编号不能重复；按年度分开的两条，年度不能重叠")
        rules.append(written.rule)
    return rules, problems


def _in_pack(path: Path, folder: Path, kind: FileKind, year: int | None, roots: Sequence[Path], cache: Cache) -> CheckedFile:
    """One file of a pack: the problems of the pack that are about it, and what only it has a part in."""
    result = inspect_pack(str(folder), year, roots)
    real = path.resolve()
    inside = folder / real.relative_to(folder)
    rules, own = _rules_of(inside, folder.name) if kind == "rules" else ([], [])
    problems = [*result.diagnostics, *own]
    if not _joined(kind, inside, folder):
        problems += alone(load(inside), kind, inside) if kind != "rules" else []
    if result.layout is not None:
        layouts = _Layouts(result, year)
        problems += check_remembered(result.rules, result.layout, cache, folder).diagnostics
        in_force = {(rule.id, rule.applies_years) for rule in result.rules}
        for rule in rules:
            if (rule.id, rule.applies_years) not in in_force:
                problems += check_rules((rule,), layouts.of(rule.applies_years[1])).diagnostics
        if kind == "cases":
            problems += case_figures(read_cases(inside, []), layouts.of)
    mine = [_renamed(problem, path) for problem in problems if Path(problem.span.file).resolve() == real]
    elsewhere = any(problem.is_error and Path(problem.span.file).resolve() != real for problem in result.diagnostics)
    return CheckedFile(kind, tuple(dict.fromkeys(mine)), len(rules), elsewhere)


def _joined(kind: FileKind, inside: Path, folder: Path) -> bool:
    """Whether loading the pack reads the file."""
    return kind != "cases" and kind_in_pack(inside.relative_to(folder)) == kind


class _Layouts:
    """The layouts of one pack by year. fixed: the year the pack was loaded for, None for the newest."""

    def __init__(self, result: LoadResult, fixed: int | None) -> None:
        self.result, self.fixed = result, fixed
        self._known: dict[int, Layout] = {}

    def of(self, year: int | None) -> Layout:
        """The layout that holds for a year; None: the one in force."""
        pack = self.result.pack
        assert self.result.layout is not None
        if year is None or self.fixed is not None or pack is None:
            return self.result.layout
        if year not in self._known:
            sources = [(told.id, folder / "layouts") for told, folder in zip(pack.chain, self.result.folders, strict=True)]
            self._known[year] = load_layout(sources, year, pack.manifest.region)[0]
        return self._known[year]


def case_figures(cases: Iterable[Case], layout_of: Callable[[int | None], Layout]) -> list[Diagnostic]:
    """Tables, rows and columns that cases name and the layout of their year does not have."""
    found: list[Diagnostic] = []
    for case in cases:
        values = case.fields.values
        try:
            build_report(layout_of(case.year), values.get("tables") or {}, case.year, values.get("records"))
        except CaseProblem as problem:
            found.append(case.fields.file.diagnostic("E442", problem.message, *case.fields.path, *problem.path, key=True))
    return found


def _renamed(problem: Diagnostic, path: Path) -> Diagnostic:
    return msgspec.structs.replace(problem, span=msgspec.structs.replace(problem.span, file=str(path)))

"""Linting whole packs, and one file as it stands in an editor."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from juesuan_rules import __version__
from juesuan_rules.authoring.linting import addresses, casefiles, declared, evidence, logic, overriding, spelling, suppression, words
from juesuan_rules.authoring.linting.model import Finding, by_place, from_check
from juesuan_rules.authoring.linting.outcomes import Outcomes
from juesuan_rules.authoring.linting.remembering import check_rules
from juesuan_rules.authoring.linting.scope import Sources, layout_problems, open_scope, pack_files
from juesuan_rules.authoring.linting.work import Authored, Settings, Work
from juesuan_rules.diagnostics import Diagnostic
from juesuan_rules.language.check import locate_problems
from juesuan_rules.packs.digest import told_digest
from juesuan_rules.packs.load import check_requirements, inspect_pack, merge_rules
from juesuan_rules.packs.locate import PackSpec, find_pack, parse_pack_spec
from juesuan_rules.packs.manifest import check_engine, read_manifest
from juesuan_rules.packs.rulefile import read_rules
from juesuan_rules.pipeline.cache import Cache, digest
from juesuan_rules.pipeline.state import program_fingerprint
from juesuan_rules.pipeline.yamlmemory import remembering
from juesuan_rules.yamlfile import Read, YamlFile, load, loads

_REPLACED = ("W201", "W401", "W402", "W403", "W410")
"""Warnings of `check` that findings of the table say better."""

_PER_RULE: tuple[Callable[[Work, Authored], None], ...] = (
    spelling.check_rule, addresses.check_rule, addresses.check_numbers, logic.check_rule, logic.check_when, evidence.check_rule,
)  # fmt: skip


class LintReport(msgspec.Struct, frozen=True):
    """What linting one pack gives. files: those findings may be in, by name, as they were read."""

    pack: str
    rules: int
    findings: tuple[Finding, ...]
    files: dict[str, YamlFile] = {}
    notes: tuple[str, ...] = ()

    def count(self, level: str) -> int:
        """How many findings of a level there are."""
        return sum(finding.level == level for finding in self.findings)


def lint_pack(spec: str, roots: Sequence[Path], settings: Settings, cache: Cache | None = None, deep: bool = False) -> LintReport:
    """Everything `check` says of a pack (id, id@version or folder), and every finding of the table.

    cache: where outcomes are kept between runs. deep: also what only solving can tell. Raises UsageError
    where there is no such pack, RulesError where its manifest cannot be read.
    """
    named = parse_pack_spec(spec)
    program = program_fingerprint() if cache is not None and cache.folder is not None else ""
    sources = Sources(remembering(cache, program) if cache is not None else load)
    scope = open_scope(find_pack(PackSpec(named.name, named.version), roots), roots, sources=sources)
    if scope.problems:
        return LintReport(scope.pack, 0, tuple(from_check(d) for d in scope.problems))
    outcomes = Outcomes(scope.views, cache, digest(program, str(scope.start.folder.resolve())) if program else "")
    work = Work(scope, outcomes, settings)
    files = {str(path): sources.read(path) for path in pack_files(scope.start.folder)}
    found = [*_checked(work), *_linted(work, cache, program)]
    notes: tuple[str, ...] = ()
    if deep:
        from juesuan_rules.authoring.linting.deep.run import check_deep

        notes = check_deep(work)
        found += work.found
        work.found = []
    outcomes.save((rule, view) for view in scope.views for rule in view.rules)
    kept = suppression.apply(_once(found), list(files.values()), deep)
    return LintReport(scope.pack, len(work.view.rules), tuple(sorted(kept, key=by_place)), files, notes)


def _checked(work: Work) -> list[Finding]:
    """What `check` says, in the words of the table where it has a code for it."""
    scope, sources = work.scope, work.scope.sources
    told: list[Diagnostic] = []
    for pack in scope.chain:
        told += [*read_manifest(pack.folder, sources.read)[1], *check_engine(pack.manifest, __version__, str(pack.folder / "pack.yaml"))]
    told += check_requirements(scope.chain)
    merge_rules(scope.chain, None, scope.start.manifest.region, told, sources.read, sources.rules_of)
    told += layout_problems(scope, None)
    if any(told_digest(pack.folder) for pack in scope.chain):
        told += inspect_pack(str(scope.start.folder), None, scope.roots).diagnostics
    found = [_restated(work, diagnostic) for diagnostic in dict.fromkeys(told)]
    for rule in work.view.rules:
        for diagnostic in locate_problems(rule, work.outcomes.outcome(rule, work.view)):
            found.append(from_check(diagnostic, rule.id))
    return [finding for finding in found if finding is not None]


def _restated(work: Work, diagnostic: Diagnostic) -> Finding | None:
    file = work.scope.sources.read(Path(diagnostic.span.file)) if diagnostic.span.file and diagnostic.span.line else None
    return spelling.restated(diagnostic, file) or (None if diagnostic.code in _REPLACED else from_check(diagnostic))


def _linted(work: Work, cache: Cache | None, program: str) -> list[Finding]:
    """The findings of the table for a whole pack."""
    check_rules(work, _PER_RULE, cache, program)
    spelling.check_files(work)
    spelling.check_titles(work, work.authored)
    addresses.check_inherited(work)
    logic.check_duplicates(work)
    overriding.check_overrides(work)
    declared.check_declared(work)
    casefiles.check_cases(work)
    found, work.found = work.found, []
    return found


def _once(findings: Iterable[Finding]) -> list[Finding]:
    seen: dict[object, Finding] = {}
    for finding in findings:
        span = finding.span
        seen.setdefault((finding.code, finding.message, span.file, span.line, span.column), finding)
    return list(seen.values())


# ------------------------------------------------------------------ one file, in an editor


class LintScope:
    """A pack held ready for an editor: made once, asked for every change of a file.

    read: gives files as the editor shows them. Make a new one when another file of the packs changes.
    """

    def __init__(self, folder: Path, roots: Sequence[Path], read: Read = load, settings: Settings | None = None) -> None:
        self.sources = Sources(read)
        self.scope = open_scope(find_pack(PackSpec(str(folder)), roots), roots, sources=self.sources)
        self.settings = settings or Settings(datetime.date.today())
        self.outcomes = Outcomes(self.scope.views)


def open_lint_scope(folder: Path, roots: Sequence[Path], read: Read = load) -> LintScope:
    """A pack held ready for `lint_text`. Raises RulesError or UsageError where it cannot be found."""
    return LintScope(folder, roots, read)


def lint_text(path: Path, text: str, scope: LintScope) -> list[Diagnostic]:
    """The findings of the table about one file of a pack, as it stands in an editor.

    What `check` says is not among them: the editor knows that already. Errors and warnings and
    informations have their level by `codes.level_of`.
    """
    return [finding.diagnostic() for finding in find_in_text(path, text, scope)]


def find_in_text(path: Path, text: str, scope: LintScope) -> list[Finding]:
    """As `lint_text`, with the levels and the safe changes (their offsets are those of the text with \\n)."""
    file = loads(text, str(path))
    found = [finding for d in file.diagnostics if (finding := spelling.restated(d, file)) is not None]
    work = Work(scope.scope, scope.outcomes, scope.settings)
    if spelling.is_rule_file(path) and not file.broken:
        for one in _authored_in(path, file, work):
            for check in _PER_RULE:
                check(work, one)
    elif not file.broken and isinstance(file.data, dict):
        words.check_words(work, file)
    found += [finding for finding in work.found if Path(finding.span.file) == path]
    kept = suppression.apply(_once(found), [file], False, whole=False)
    return sorted(kept, key=by_place)


def _authored_in(path: Path, file: YamlFile, work: Work) -> list[Authored]:
    """The rules of a text, each in force under the views its years and regions fit."""
    written = read_rules(path, work.scope.pack, [], lambda _: file)
    work.take([one.rule for one in written])
    return [Authored(one.rule, one.fields, False, number) for number, one in enumerate(written)]

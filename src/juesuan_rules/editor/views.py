"""A pack as the editor sees it: its chain, its layout, its rules in force, and every problem of them.

The same functions as `check` find the problems; only what depends on a changed file is done again,
and a rule that did not change is never checked twice under one layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from juesuan_rules.catalogue.load import load_layout
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic, RulesError, UsageError
from juesuan_rules.editor.files import Files
from juesuan_rules.editor.kinds import Kind
from juesuan_rules.language.check import check_rule, check_rules
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.memory import Memory
from juesuan_rules.language.model import RuleText
from juesuan_rules.packs.fields import Fields
from juesuan_rules.packs.load import check_requirements, merge_rules
from juesuan_rules.packs.locate import BASE, FoundPack, PackSpec, find_chain, find_pack
from juesuan_rules.packs.manifest import check_engine, parse_manifest
from juesuan_rules.packs.roots import pack_roots
from juesuan_rules.packs.rulefile import WrittenRule, read_rules
from juesuan_rules.yamlfile import YamlFile

LAYOUT_KINDS: tuple[Kind, ...] = ("layout", "facts", "forms", "dictionaries")
RULE_KINDS: tuple[Kind, ...] = ("rules", "overrides")


class PackView:
    """One pack with its parents. What is asked for is made on first use; `changed` says what to make anew."""

    def __init__(self, folder: Path, files: Files, memory: Memory, year: int | None = None, roots: Sequence[Path] | None = None) -> None:
        """roots: folders its parents are looked for in; None for those shipped and installed."""
        self.folder, self.files, self.memory, self.year, self.roots = folder, files, memory, year, roots
        self._written: dict[Path, tuple[YamlFile, str, tuple[WrittenRule, ...], tuple[Diagnostic, ...]]] = {}
        self._stale: set[str] = set()
        self._layouts: dict[int, LayoutNames] = {}

    def changed(self, kind: Kind) -> None:
        """Forget what depends on files of a kind."""
        stale = ["merged"]
        if kind in LAYOUT_KINDS or kind == "pack" or not kind:
            stale += ["loaded_layout", "names"]
            self._layouts.clear()
        if kind == "pack" or not kind:
            stale.append("chained")
        for name in stale:
            self.__dict__.pop(name, None)

    @cached_property
    def chained(self) -> tuple[tuple[FoundPack, ...], tuple[Diagnostic, ...]]:
        """The chain, national first (empty where pack.yaml or a parent's is broken), and what is wrong with it."""
        manifest, problems = parse_manifest(self.files.read(self.folder / "pack.yaml"))
        if manifest is None:
            return (), problems
        out = list(problems)
        try:
            chain, more = find_chain(FoundPack(self.folder, manifest), pack_roots() if self.roots is None else self.roots)
        except (RulesError, UsageError) as error:
            return (), (*out, *error.diagnostics)
        out += more
        for found in chain:
            out += check_engine(found.manifest, _engine_version(), str(found.folder / "pack.yaml"))
        if any(problem.is_error for problem in more):
            return (), tuple(out)
        return chain, (*out, *check_requirements(chain))

    @property
    def chain(self) -> tuple[FoundPack, ...]:
        """The pack and its parents, national first."""
        return self.chained[0]

    @property
    def id(self) -> str:
        """The pack's id; the name of its folder where pack.yaml is broken."""
        return self.chain[-1].manifest.id if self.chain else self.folder.name

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the chain, national first; at least the pack's own."""
        return tuple(found.folder for found in self.chain) or (self.folder,)

    @cached_property
    def loaded_layout(self) -> tuple[Layout, tuple[Diagnostic, ...]]:
        """The layout in force and what is wrong with its files."""
        if not self.chain:
            return national(self.files, self.memory).loaded_layout[0], ()
        layout, problems, _ = load_layout(self._sources(), self.year, self.chain[-1].manifest.region, self.files.read)
        return layout, problems

    @property
    def layout(self) -> Layout:
        """The layout in force."""
        return self.loaded_layout[0]

    @cached_property
    def names(self) -> LayoutNames:
        """The names of the layout in force."""
        return LayoutNames(self.layout)

    @cached_property
    def merged(self) -> tuple[tuple[RuleText, ...], tuple[Diagnostic, ...]]:
        """The rules in force, and what is wrong with the files they come from."""
        if not self.chain:
            return (), ()
        out: list[Diagnostic] = []
        rules = merge_rules(self.chain, self.year, self.chain[-1].manifest.region, out, self.files.read, self.rules_of)
        return rules, tuple(out)

    def rules_of(self, path: Path, pack: str, out: list[Diagnostic]) -> tuple[WrittenRule, ...]:
        """As `read_rules`, but a file that did not change is not read again, and one that is no sound YAML
        just now keeps the rules it had: others that name them are not wrong because of that."""
        yaml = self.files.read(path)
        known = self._written.get(path)
        if yaml.broken and known is not None and known[2]:
            self._stale.add(str(path))
            out += yaml.diagnostics
            return tuple([WrittenRule(w.rule, Fields(yaml, w.fields.path, w.fields.values, [])) for w in known[2]])
        self._stale.discard(str(path))
        if known is None or known[0] is not yaml or known[1] != pack:
            told: list[Diagnostic] = []
            known = self._written[path] = (yaml, pack, read_rules(path, pack, told, self.files.read), tuple(told))
        out += known[3]
        return tuple([WrittenRule(w.rule, Fields(yaml, w.fields.path, w.fields.values, out)) for w in known[2]])

    @property
    def rules(self) -> tuple[RuleText, ...]:
        """The rules in force."""
        return self.merged[0]

    def unchecked(self) -> Iterator[RuleText]:
        """The rules in force that are not checked yet under the layout in force."""
        digest = self.layout.digest
        for rule in self.rules:
            if self.memory.get(rule, digest) is None:
                yield rule

    def check(self, rule: RuleText) -> None:
        """Check one rule, for `problems` to find it checked."""
        check_rule(rule, self.names, self.memory)

    def first_problems(self) -> list[Diagnostic]:
        """The problems that show before any rule is checked again, and those of the rules that are."""
        digest = self.layout.digest
        known = [rule for rule in self.rules if self.memory.get(rule, digest) is not None]
        return [*self.file_problems(), *self._placed(check_rules(known, self.layout, self.memory).diagnostics)]

    def file_problems(self) -> list[Diagnostic]:
        """What is wrong with the files themselves."""
        return [*self.chained[1], *self.merged[1], *self.loaded_layout[1]]

    def problems(self) -> list[Diagnostic]:
        """Every problem of the pack, as `check` tells them; of rules of past years under the layout of theirs."""
        found = list(check_rules(self.rules, self.layout, self.memory).diagnostics)
        for rule in self.past_rules():
            names = self._names_of(rule.applies_years[1])
            found += check_rules((rule,), names.layout, self.memory).diagnostics
        return [*self.file_problems(), *self._placed(found)]

    def _placed(self, problems: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Problems of rules whose places are known: not those of a file that is no sound YAML just now."""
        return [p for p in problems if p.span.file not in self._stale] if self._stale else list(problems)

    def past_rules(self) -> Iterator[RuleText]:
        """Rules of this pack that no longer hold, so that nothing above has checked them."""
        if self.year is not None or not self.chain:
            return
        for path in sorted((self.folder / "rules").glob("*.yaml")):
            yield from (w.rule for w in self.rules_of(path, self.id, []) if w.rule.applies_years[1] is not None)

    def layout_for(self, year: int | None) -> Layout:
        """The layout that holds for a year; None for the one in force."""
        return self._names_of(year).layout

    def _names_of(self, year: int | None) -> LayoutNames:
        if year is None or not self.chain:
            return self.names
        if year not in self._layouts:
            self._layouts[year] = LayoutNames(load_layout(self._sources(), year, self.chain[-1].manifest.region, self.files.read)[0])
        return self._layouts[year]

    def _sources(self) -> list[tuple[str, Path]]:
        return [(found.manifest.id, found.folder / "layouts") for found in self.chain]

    def holds(self, path: Path) -> bool:
        """Whether a file lies in one of the chain's folders."""
        return any(path.is_relative_to(self.files.path(folder)) for folder in self.folders)


def national(files: Files, memory: Memory) -> PackView:
    """The national pack, for files outside of packs. Raises UsageError or RulesError where there is none."""
    return PackView(find_pack(PackSpec(BASE), pack_roots()).folder, files, memory)


def _engine_version() -> str:
    import juesuan_rules

    return juesuan_rules.__version__

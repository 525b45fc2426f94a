"""What a pack is linted against: every layout in scope, and the rules in force under each.

In scope are every dated layout of the pack itself and of every region's pack below it that is present:
a rule of the national pack must mean something in each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.catalogue.load import load_layout, show_years
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic, JuesuanError
from juesuan_rules.language.layoutnames import LayoutNames
from juesuan_rules.language.memory import content_of
from juesuan_rules.language.model import RuleText
from juesuan_rules.packs.load import applies_to
from juesuan_rules.packs.locate import FoundPack, find_chain, list_packs
from juesuan_rules.packs.overrides import Override, apply_overrides, read_overrides
from juesuan_rules.packs.rulefile import WrittenRule, read_rules
from juesuan_rules.packs.versions import Years, overlap, read_years
from juesuan_rules.yamlfile import Read, YamlFile, load

OPEN: Years = (None, None)
DATED = ("layouts", "facts", "forms", "dictionaries")


class View(msgspec.Struct, frozen=True, dict=True):
    """One layout: of which pack, for which years, and the rules in force under it.

    own: of the pack being linted itself, not of a region's pack below it.
    """

    pack: str
    years: Years
    layout: Layout
    rules: tuple[RuleText, ...]
    own: bool

    @cached_property
    def names(self) -> LayoutNames:
        """The layout's names, indexed."""
        return LayoutNames(self.layout)

    @cached_property
    def labels(self) -> dict[str, str]:
        """What rows with codes are called."""
        return {row.key: row.label for table in self.layout.tables for block in table.blocks for row in block.rows if row.key.isdigit()}

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.pack if self.years == OPEN else f"{self.pack}（{show_years(self.years)} 年度）"


class Sources:
    """Files of packs, each read and understood once. Pass the reader of an editor to see unsaved texts."""

    def __init__(self, read: Read = load) -> None:
        self._read = read
        self._files: dict[Path, YamlFile] = {}
        self._rules: dict[Path, tuple[tuple[WrittenRule, ...], list[Diagnostic]]] = {}
        self._packs: dict[Path, tuple[WrittenRule, ...]] = {}
        self._overrides: dict[Path, tuple[Override, ...]] = {}

    def read(self, path: Path) -> YamlFile:
        """The file at a path."""
        known = self._files.get(path)
        if known is None:
            known = self._files[path] = self._read(path)
        return known

    def known(self) -> Iterator[tuple[Path, YamlFile]]:
        """The files read so far, by path."""
        yield from sorted(self._files.items())

    def rules(self, found: FoundPack) -> tuple[WrittenRule, ...]:
        """Every rule written in a pack's rules folder, sound or not."""
        known = self._packs.get(found.folder)
        if known is None:
            known = self._packs[found.folder] = tuple([rule for path in rule_files(found.folder) for rule in self.rules_of(path, found.manifest.id, [])])
        return known

    def rules_of(self, path: Path, pack: str, out: list[Diagnostic]) -> tuple[WrittenRule, ...]:
        """Every rule of one file; all that is wrong with it goes to `out`."""
        if path not in self._rules:
            told: list[Diagnostic] = []
            self._rules[path] = (read_rules(path, pack, told, self.read), told)
        rules, told = self._rules[path]
        out += told
        return tuple([msgspec.structs.replace(rule, fields=msgspec.structs.replace(rule.fields, out=out)) for rule in rules])

    def overrides(self, found: FoundPack) -> tuple[Override, ...]:
        """The overrides of a pack."""
        path = found.folder / "overrides.yaml"
        if path not in self._overrides:
            self._overrides[path] = read_overrides(path, [], self.read) if path.is_file() else ()
        return self._overrides[path]

    def replace(self, path: Path, file: YamlFile) -> None:
        """Take another text for a file: what was understood of it is forgotten."""
        self._files[path] = file
        self._rules.pop(path, None)
        self._packs.clear()
        self._overrides.pop(path, None)


class Scope:
    """A pack to be linted, with everything it is to be seen against. `start`: the pack; `chain`: national first."""

    def __init__(self, start: FoundPack, roots: Sequence[Path], sources: Sources) -> None:
        self.start, self.roots, self.sources = start, tuple(roots), sources
        self.chain, self.problems = find_chain(start, roots)

    @property
    def pack(self) -> str:
        """Id of the pack."""
        return self.start.manifest.id

    @property
    def root(self) -> FoundPack:
        """The most general pack of the chain."""
        return self.chain[0]

    @cached_property
    def children(self) -> tuple[tuple[FoundPack, ...], ...]:
        """The chains of every pack below this one that is present; its own neighbours come before others."""
        roots = [self.start.folder.parent, *self.roots]
        found = [pack for pack in list_packs(roots)[0] if pack.manifest.parent is not None and pack.manifest.id != self.pack]
        chains = [find_chain(pack, roots) for pack in found]
        return tuple([chain for chain, problems in chains if not problems and any(_same(pack, self.start) for pack in chain[:-1])])

    @cached_property
    def views(self) -> tuple[View, ...]:
        """Every layout in scope, the pack's own newest one first."""
        own = self._views_of(self.chain, True)
        below = [view for chain in self.children for view in self._views_of(chain, False)]
        return (*reversed(own), *below)

    @cached_property
    def own_rules(self) -> tuple[WrittenRule, ...]:
        """The rules this pack adds itself."""
        return self.sources.rules(self.start)

    def span_years(self) -> Years:
        """The years the whole chain is for."""
        return _common(*[pack.manifest.years for pack in self.chain])

    def _views_of(self, chain: Sequence[FoundPack], own: bool) -> list[View]:
        """In the order of the years; neighbours with the same layout and rules are one."""
        region = chain[-1].manifest.region
        folders = [(pack.manifest.id, pack.folder / "layouts") for pack in chain]
        layouts: dict[tuple[object, ...], Layout] = {}
        dated = [_Dated.of(pack, self.sources.read) for pack in chain]
        periods = [period for one in dated for period in one.all_periods()]
        found: list[View] = []
        for interval in _intervals([*periods, *self._rule_periods(chain)], _common(*[pack.manifest.years for pack in chain])):
            year = interval[1] if interval[1] is not None else interval[0]
            mark = tuple([one.chosen(year) for one in dated])
            if mark not in layouts:
                layouts[mark] = load_layout(folders, year, region, self.sources.read)[0]
            view = View(chain[-1].manifest.id, interval, layouts[mark], self._rules_in(chain, interval, region), own)
            last = found[-1] if found else None
            if last is not None and last.layout.digest == view.layout.digest and _alike(last.rules, view.rules):
                found[-1] = View(view.pack, (last.years[0], interval[1]), last.layout, last.rules, own)
            else:
                found.append(view)
        whole = _common(*[pack.manifest.years for pack in chain])
        return [View(v.pack, OPEN if v.years == whole else v.years, v.layout, v.rules, own) for v in found]

    def _rule_periods(self, chain: Sequence[FoundPack]) -> Iterable[Years]:
        for pack in chain:
            yield from (written.rule.applies_years for written in self.sources.rules(pack))
            yield from (change.years for change in self.sources.overrides(pack))

    def _rules_in(self, chain: Sequence[FoundPack], years: Years, region: str) -> tuple[RuleText, ...]:
        """The rules in force in a stretch of years in which none begins or ends."""
        active: dict[str, RuleText] = {}
        disabled: Mapping[str, RuleText] = {}
        versions = {pack.manifest.id: pack.manifest.version for pack in chain}
        year = years[0] if years[0] is not None else years[1]
        for pack in chain:
            changes = self.sources.overrides(pack)
            if changes:
                active, off = apply_overrides(active, disabled, _quiet(changes), pack.manifest.id, versions, year)
                disabled = off
            for written in self.sources.rules(pack):
                if overlap(written.rule.applies_years, years):
                    active[written.rule.id] = written.rule
        return tuple([rule for rule in active.values() if applies_to(rule, "", region or None)])


def rule_files(folder: Path) -> list[Path]:
    """The files of a pack that hold rules."""
    return sorted((folder / "rules").glob("*.yaml"))


def pack_files(folder: Path) -> list[Path]:
    """Every file of a pack but its cases."""
    found = [folder / "pack.yaml", folder / "overrides.yaml"]
    for name in ("rules", *DATED):
        found += sorted((folder / name).glob("*.yaml"))
    return [path for path in found if path.is_file()]


def _quiet(changes: tuple[Override, ...]) -> tuple[Override, ...]:
    """The overrides with nowhere to report to: `check` has said what is wrong with them."""
    return tuple([msgspec.structs.replace(change, fields=msgspec.structs.replace(change.fields, out=[])) for change in changes])


class _Dated(msgspec.Struct, frozen=True):
    """The periods at whose ends the layout may change. files: of each layout file, with those of the tables
    inside it. entries: of facts and forms.

    Dictionaries are left out: which year's words they hold does not matter to what rules may name.
    """

    files: tuple[tuple[Years, tuple[Years, ...]], ...]
    entries: tuple[Years, ...]

    @classmethod
    def of(cls, pack: FoundPack, read: Read) -> _Dated:
        """The periods of one pack."""
        files = [_read_periods(read(path), "tables") for path in sorted((pack.folder / "layouts").glob("*.yaml"))]
        others = [_read_periods(read(path), folder) for folder in DATED[1:-1] for path in sorted((pack.folder / folder).glob("*.yaml"))]
        return cls(tuple(files), tuple([years for whole, inside in others for years in (whole, *inside) if years != OPEN]))

    def all_periods(self) -> list[Years]:
        """Every one of them."""
        return [years for whole, inside in self.files for years in (whole, *inside) if years != OPEN] + list(self.entries)

    def chosen(self, year: int | None) -> tuple[object, ...]:
        """What of all this holds for a year: layout files of that year, else of the nearest period."""
        dated = [(_distance(whole, year), -(whole[1] or 9999), at) for at, (whole, _) in enumerate(self.files) if whole != OPEN]
        nearest = min(dated, default=(0, 0, 0))
        holds = {at for away, _, at in dated if away == 0} or {at for _, _, at in dated if self.files[at][0] == self.files[nearest[2]][0]}
        tables = [
            (at, tuple([_distance(span, _moved(year, whole)) == 0 for span in inside]))
            for at, (whole, inside) in enumerate(self.files)
            if whole == OPEN or at in holds
        ]
        return (tuple(tables), tuple([_distance(span, year) == 0 for span in self.entries]))


def _read_periods(file: YamlFile, key: str) -> tuple[Years, tuple[Years, ...]]:
    """The period of a file, and those of the entries of its list."""
    data = file.data if isinstance(file.data, dict) else {}
    listed = data.get(key)
    inside = [_years(entry.get("years")) for entry in (listed if isinstance(listed, list) else ()) if isinstance(entry, dict)]
    return _years(data.get("years")), tuple([years for years in inside if years != OPEN])


def _years(value: Any) -> Years:
    return (read_years(str(value)) or OPEN) if isinstance(value, int | str) and not isinstance(value, bool) else OPEN


def _intervals(periods: Iterable[Years], within: Years) -> list[Years]:
    """The stretches of years inside `within` in which no period begins or ends."""
    starts = {first for first, _ in periods if first is not None} | {last + 1 for _, last in periods if last is not None}
    low, high = within
    cuts = sorted(cut for cut in starts if (low is None or cut > low) and (high is None or cut <= high))
    edges: list[int | None] = [low, *cuts]
    return [(first, (edges[at + 1] or 0) - 1 if at + 1 < len(edges) else high) for at, first in enumerate(edges)]


def _distance(period: Years, year: int | None) -> int:
    """Years between a year and a period; 0 inside. No year means the newest."""
    first, last = period
    if year is None:
        return 0 if last is None else 1
    if first is not None and year < first:
        return first - year
    return year - last if last is not None and year > last else 0


def _moved(year: int | None, period: Years) -> int | None:
    """A year moved into a period."""
    first, last = period
    if year is None:
        return last
    return max(min(year, last if last is not None else year), first if first is not None else year)


def _common(*all_years: Years) -> Years:
    firsts = [first for first, _ in all_years if first is not None]
    lasts = [last for _, last in all_years if last is not None]
    return max(firsts, default=None), min(lasts, default=None)


def _alike(one: Sequence[RuleText], other: Sequence[RuleText]) -> bool:
    """Whether two sets of rules are the same but for where they were read."""
    return len(one) == len(other) and all(a is b or content_of(a) == content_of(b) for a, b in zip(one, other, strict=True))


def _same(one: FoundPack, other: FoundPack) -> bool:
    return one.manifest.id == other.manifest.id and one.folder.resolve() == other.folder.resolve()


def open_scope(start: FoundPack, roots: Sequence[Path], read: Read = load, sources: Sources | None = None) -> Scope:
    """A scope over the pack; raises RulesError or UsageError where its chain cannot be found."""
    scope = Scope(start, roots, sources or Sources(read))
    if not scope.chain:
        raise JuesuanError("没有规则包")
    return scope


def layout_problems(scope: Scope, year: int | None) -> list[Diagnostic]:
    """What is wrong with the layouts of a pack's own chain, as `check` says it."""
    folders = [(pack.manifest.id, pack.folder / "layouts") for pack in scope.chain]
    return list(load_layout(folders, year, scope.start.manifest.region, scope.sources.read)[1])

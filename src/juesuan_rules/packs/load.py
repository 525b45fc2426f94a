"""A pack with its parents merged, for one year: the rules in force and the layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic, RulesError, Span
from juesuan_rules.language.model import RuleText
from juesuan_rules.packs.digest import digest_folder
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_chain, find_pack
from juesuan_rules.packs.manifest import check_engine
from juesuan_rules.packs.model import Pack, PackDigest
from juesuan_rules.packs.overrides import apply_overrides, read_overrides
from juesuan_rules.packs.rulefile import read_rules
from juesuan_rules.packs.versions import covers, overlap


class LoadResult(msgspec.Struct, frozen=True):
    """What loading gives: the pack (None where an error forbids its use) and every problem found.

    folders: of the chain, national first. rules, layout: what could be read, also of a broken pack,
    so that the expressions of its sound rules can still be checked.
    """

    pack: Pack | None
    diagnostics: tuple[Diagnostic, ...]
    folders: tuple[Path, ...] = ()
    rules: tuple[RuleText, ...] = ()
    layout: Layout | None = None


def load_pack(pack_id: str, year: int | None, roots: Sequence[Path], *, version: str | None = None, region: str | None = None) -> Pack:
    """The pack of that id (or in that folder), merged with its parents, for one year.

    roots: folders holding packs. region: code of the report's division, to drop rules that apply
    elsewhere; by default the pack's own. Raises RulesError with every diagnostic, UsageError where
    there is no such pack or not in that version.
    """
    result = inspect_pack(pack_id, year, roots, version=version, region=region)
    if result.pack is None:
        errors = sum(d.is_error for d in result.diagnostics)
        raise RulesError(f"规则包“{pack_id}”有 {errors} 处错误", result.diagnostics)
    return result.pack


def inspect_pack(pack_id: str, year: int | None, roots: Sequence[Path], *, version: str | None = None, region: str | None = None) -> LoadResult:
    """As `load_pack`, but problems of the pack are returned, warnings included, never raised."""
    start = find_pack(PackSpec(pack_id, version), roots)
    chain, problems = find_chain(start, roots)
    out = list(problems)
    for found in chain:
        out += check_engine(found.manifest, _engine_version(), str(found.folder / "pack.yaml"))
    rules = _merge_rules(chain, year, region or start.manifest.region, out)
    folders = tuple(p.folder for p in chain)
    layout, note = None, ""
    if not problems:
        from juesuan_rules.catalogue.load import load_layout

        sources = [(p.manifest.id, p.folder / "layouts") for p in chain]
        layout, layout_problems, note = load_layout(sources, year, start.manifest.region)
        out += layout_problems
    if layout is None or any(d.is_error for d in out):
        return LoadResult(None, tuple(out), folders, rules, layout)
    digests = tuple(PackDigest(p.manifest.id, p.manifest.version, digest_folder(p.folder)) for p in chain)
    return LoadResult(Pack(start.manifest, digests, rules, layout, year, note), tuple(out), folders, rules, layout)


def applies_to(rule: RuleText, kind: str, region: str | None) -> bool:
    """Whether a rule is meant for a kind of document (部门决算 …, "" unknown) and a region code."""
    if rule.applies_kinds and kind and not any(k in kind for k in rule.applies_kinds):
        return False
    return not rule.applies_regions or region is None or any(region.startswith(r) or r.startswith(region) for r in rule.applies_regions)


def _merge_rules(chain: Sequence[FoundPack], year: int | None, region: str, out: list[Diagnostic]) -> tuple[RuleText, ...]:
    """Every rule in force, parents' first; every problem of every file goes to `out`."""
    active: dict[str, RuleText] = {}
    disabled: dict[str, RuleText] = {}
    versions = {p.manifest.id: p.manifest.version for p in chain}
    for found in chain:
        changes = found.folder / "overrides.yaml"
        if changes.is_file():
            overrides = read_overrides(changes, out)
            active, disabled = apply_overrides(active, disabled, overrides, found.manifest.id, versions, year)
        own = _own_rules(found, disabled | active, out)
        active.update({r.id: r for r in own if covers(r.applies_years, year)})
    return tuple(r for r in active.values() if applies_to(r, "", region or None))


def _own_rules(found: FoundPack, inherited: dict[str, RuleText], out: list[Diagnostic]) -> list[RuleText]:
    """The rules a pack adds. The same id twice is an error, unless the two hold for different years."""
    own: list[RuleText] = []
    for path in sorted((found.folder / "rules").glob("*.yaml")):
        for written in read_rules(path, found.manifest.id, out):
            rule, report = written.rule, written.fields.report
            if rule.id in inherited:
                report("E420", f"规则编号“{rule.id}”在上级包 {inherited[rule.id].pack} 里已有", "id", "要改上级的规则，请写在 overrides.yaml 里")
            elif any(rule.id == other.id and overlap(rule.applies_years, other.applies_years) for other in own):
                report("E420", f"规则编号“{rule.id}”重复", "id", "编号不能重复；按年度分开的两条，年度不能重叠")
            own.append(rule)
    if not own and found.manifest.parent is None:
        out.append(Diagnostic("E412", f"规则包 {found.manifest.id} 里没有规则", Span(str(found.folder / "rules"))))
    return own


def _engine_version() -> str:
    import juesuan_rules

    return juesuan_rules.__version__

"""A pack with its parents merged, for one year: the rules in force and the layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic, RulesError, Span
from juesuan_rules.language.model import RuleText
from juesuan_rules.packs.digest import MANIFEST_FILE, digest_folder, told_digest
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_chain, find_pack
from juesuan_rules.packs.manifest import check_engine
from juesuan_rules.packs.model import Pack, PackDigest
from juesuan_rules.packs.overrides import apply_overrides, read_overrides
from juesuan_rules.packs.rulefile import WrittenRule, read_drafts, read_rules
from juesuan_rules.packs.versions import covers, in_range, overlap
from juesuan_rules.yamlfile import Read, load

RulesOf = Callable[[Path, str, list[Diagnostic]], tuple[WrittenRule, ...]]
"""The rules of a file, for the pack of that id; what is wrong with it goes to the list."""


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


def inspect_pack(
    pack_id: str, year: int | None, roots: Sequence[Path], *, version: str | None = None, region: str | None = None, read: Read = load
) -> LoadResult:
    """As `load_pack`, but problems of the pack are returned, warnings included, never raised."""
    start = find_pack(PackSpec(pack_id, version), roots)
    chain, problems = find_chain(start, roots)
    out = list(problems)
    for found in chain:
        out += check_engine(found.manifest, _engine_version(), str(found.folder / "pack.yaml"))
    out += () if problems else check_requirements(chain)
    rules = merge_rules(chain, year, region or start.manifest.region, out, read)
    folders = tuple(p.folder for p in chain)
    layout, note = None, ""
    if not problems:
        from juesuan_rules.catalogue.load import load_layout

        sources = [(p.manifest.id, p.folder / "layouts") for p in chain]
        layout, layout_problems, note = load_layout(sources, year, start.manifest.region, read)
        out += layout_problems
    if layout is None or any(d.is_error for d in out):
        return LoadResult(None, tuple(out), folders, rules, layout)
    digests = tuple(PackDigest(p.manifest.id, p.manifest.version, digest_folder(p.folder)) for p in chain)
    altered = [_altered(p, known.digest) for p, known in zip(chain, digests, strict=True) if told_digest(p.folder) not in ("", known.digest)]
    if altered:
        return LoadResult(None, (*out, *altered), folders, rules, layout)
    return LoadResult(Pack(start.manifest, digests, rules, layout, year, note), tuple(out), folders, rules, layout)


def applies_to(rule: RuleText, kind: str, region: str | None) -> bool:
    """Whether a rule is meant for a kind of document (部门决算 …, "" unknown) and a region code."""
    if rule.applies_kinds and kind and not any(k in kind for k in rule.applies_kinds):
        return False
    return not rule.applies_regions or region is None or any(region.startswith(r) or r.startswith(region) for r in rule.applies_regions)


def merge_rules(
    chain: Sequence[FoundPack], year: int | None, region: str, out: list[Diagnostic], read: Read = load, rules_of: RulesOf | None = None
) -> tuple[RuleText, ...]:
    """Every rule in force, parents' first; every problem of every file goes to `out`.

    rules_of: reads the rules of one file, where that is not simply `read_rules`.
    """
    active: dict[str, RuleText] = {}
    disabled: dict[str, RuleText] = {}
    versions = {p.manifest.id: p.manifest.version for p in chain}
    for found in chain:
        changes = found.folder / "overrides.yaml"
        if changes.is_file():
            overrides = read_overrides(changes, out, read)
            active, disabled = apply_overrides(active, disabled, overrides, found.manifest.id, versions, year)
        own = _own_rules(found, disabled | active, out, rules_of or (lambda path, pack, told: read_rules(path, pack, told, read)))
        active.update({r.id: r for r in own if covers(r.applies_years, year)})
    return tuple(r for r in active.values() if applies_to(r, "", region or None))


def draft_rules(folder: Path, read: Read = load) -> tuple[str, ...]:
    """Ids of the rules in a pack's folder that are drafts, and so in force for nobody."""
    unheard: list[Diagnostic] = []
    paths = [path for path in sorted((folder / "rules").glob("*.yaml")) if b"draft" in path.read_bytes()]
    return tuple([written.rule.id for path in paths for written in read_drafts(path, "", unheard, read)])


def check_requirements(chain: Sequence[FoundPack]) -> Iterator[Diagnostic]:
    """What packs of the chain ask of the packs above them and do not get."""
    above: dict[str, str] = {}
    for found in chain:
        source = Span(str(found.folder / "pack.yaml"), 1, 1)
        for name, wanted in found.manifest.requires:
            if name not in above:
                yield Diagnostic("E418", f"requires 里的 {name} 不是 {found.manifest.id} 的上级包", source, "只写上级包和更上级的包")
            elif not in_range(above[name], wanted):
                hint = f"用 juesuan-rules pack install 安装合用的 {name}，或改 requires"
                yield Diagnostic("E418", f"{found.manifest.id} {found.manifest.version} 要求 {name} {wanted}，现有的是 {above[name]}", source, hint)
        above[found.manifest.id] = found.manifest.version


def _altered(found: FoundPack, digest: str) -> Diagnostic:
    message = f"规则包 {found.manifest.id} {found.manifest.version} 与它的清单不符：安装之后被改动过（现在是 {digest}）"
    hint = "重新安装；要改规则，请改原来的目录，或复制一份并删去其中的 MANIFEST.json"
    return Diagnostic("E419", message, Span(str(found.folder / MANIFEST_FILE), 1, 1), hint)


def _own_rules(found: FoundPack, inherited: dict[str, RuleText], out: list[Diagnostic], rules_of: RulesOf) -> list[RuleText]:
    """The rules a pack adds. The same id twice is an error, unless the two hold for different years."""
    own: list[RuleText] = []
    by_id: dict[str, list[RuleText]] = {}
    for path in sorted((found.folder / "rules").glob("*.yaml")):
        for written in rules_of(path, found.manifest.id, out):
            rule, report = written.rule, written.fields.report
            if rule.id in inherited:
                report("E420", f"规则编号“{rule.id}”在上级包 {inherited[rule.id].pack} 里已有", "id", "要改上级的规则，请写在 overrides.yaml 里")
            elif any(overlap(rule.applies_years, other.applies_years) for other in by_id.get(rule.id, ())):
                report("E420", f"规则编号“{rule.id}”重复", "id", "编号不能重复；按年度分开的两条，年度不能重叠")
            own.append(rule)
            by_id.setdefault(rule.id, []).append(rule)
    if not own and found.manifest.parent is None:
        out.append(Diagnostic("E412", f"规则包 {found.manifest.id} 里没有规则", Span(str(found.folder / "rules"))))
    return own


def _engine_version() -> str:
    import juesuan_rules

    return juesuan_rules.__version__

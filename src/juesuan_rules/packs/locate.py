"""Finding packs: by id, by folder, by region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import Diagnostic, RulesError, Span, UsageError
from juesuan_rules.names import suggest
from juesuan_rules.packs.manifest import LEVELS, read_manifest
from juesuan_rules.packs.model import Manifest
from juesuan_rules.packs.versions import covers, in_range, is_version

BASE = "cn"
"""The national pack, used where no region's pack fits."""


class PackSpec(msgspec.Struct, frozen=True):
    """What a person asks for: an id or a folder, and a version or None for any."""

    name: str
    version: str | None = None


class FoundPack(msgspec.Struct, frozen=True):
    """A pack's folder with its manifest."""

    folder: Path
    manifest: Manifest


def parse_pack_spec(text: str) -> PackSpec:
    """Read `ID`, `ID@VERSION` or a folder. A wrong version is a usage error."""
    name, at, version = text.strip().rpartition("@")
    if not at:
        return PackSpec(text.strip())
    if not name or not is_version(version):
        raise UsageError(f"规则包“{text}”写法不对：应写成 编号 或 编号@版本，如 cn-21-liaoning@1.0.0")
    return PackSpec(name, version)


def list_packs(roots: Sequence[Path]) -> tuple[tuple[FoundPack, ...], tuple[Diagnostic, ...]]:
    """Every pack of the roots, by id; the first root wins. Broken ones are reported."""
    found: dict[str, FoundPack] = {}
    out: list[Diagnostic] = []
    for root in roots:
        for folder in _pack_folders(root):
            manifest, problems = read_manifest(folder)
            out += problems
            if manifest is not None:
                found.setdefault(manifest.id, FoundPack(folder, manifest))
    return tuple(found[k] for k in sorted(found)), tuple(out)


def _pack_folders(root: Path) -> list[Path]:
    """The packs of a root: those directly below it, or the root itself where it is a pack."""
    if (root / "pack.yaml").is_file():
        return [root]
    return [folder for folder in sorted(root.iterdir()) if (folder / "pack.yaml").is_file()] if root.is_dir() else []


def select_pack(region_code: str | None, year: int | None, roots: Sequence[Path]) -> FoundPack:
    """The pack with the longest region prefix of `region_code` whose years cover `year`; else cn.

    Raises UsageError where not even the national pack is there. Project packs are never chosen
    silently.
    """
    packs, problems = list_packs(roots)
    fitting = [
        p
        for p in packs
        if p.manifest.level != "项目" and (region_code or "").startswith(p.manifest.region) and covers_or_newest(p.manifest, year)
    ]
    regional = [p for p in fitting if p.manifest.region]
    if regional:
        return max(regional, key=lambda p: (len(p.manifest.region), LEVELS.index(p.manifest.level)))
    base = next((p for p in packs if p.manifest.id == BASE), None)
    if base is None:
        raise UsageError("找不到全国基础规则包 cn", problems)
    return base


def covers_or_newest(manifest: Manifest, year: int | None) -> bool:
    """Whether a pack may judge a year; without a year every pack may."""
    return year is None or covers(manifest.years, year)


def find_pack(spec: PackSpec, roots: Sequence[Path], ranges: Sequence[str] = (), paths: bool = True) -> FoundPack:
    """The pack a person named: the first of the roots whose version is the one asked for and lies in the ranges.

    Where no root has that version, the first pack of that name is given (its version then is reported
    against what requires another). paths: whether the name may be that of a folder. Raises UsageError (unknown, or not in the version named) or RulesError
    (broken manifest).
    """
    if spec.version or ranges:
        for folder in _folders_of(spec.name, roots, paths):
            manifest, _ = read_manifest(folder)
            if manifest and manifest.version == (spec.version or manifest.version) and all(in_range(manifest.version, r) for r in ranges):
                return FoundPack(folder, manifest)
    folder = find_folder(spec.name, roots, paths)
    manifest, problems = read_manifest(folder)
    if manifest is None:
        raise RulesError(f"规则包“{spec.name}”的 pack.yaml 有错", problems)
    if spec.version and manifest.version != spec.version:
        raise UsageError(f"规则包“{manifest.id}”的版本是 {manifest.version}，不是 {spec.version}")
    return FoundPack(folder, manifest)


def _folders_of(name: str, roots: Sequence[Path], paths: bool) -> Iterator[Path]:
    """The folder of that path, or those of the packs with that id, in the order of the roots."""
    direct = Path(name)
    if paths and (direct / "pack.yaml").is_file():
        yield direct
        return
    if not name or "/" in name or "\\" in name:
        return
    for root in roots:
        if (root / "pack.yaml").is_file():
            manifest, _ = read_manifest(root)
            if manifest is not None and manifest.id == name:
                yield root
        elif (root / name / "pack.yaml").is_file():
            yield root / name


def find_folder(name: str, roots: Sequence[Path], paths: bool = True) -> Path:
    """The folder of the pack with that id, or the folder of that path. Raises UsageError."""
    found = next(_folders_of(name, roots, paths), None)
    if found is not None:
        return found
    packs, _ = list_packs(roots)
    for pack in packs:
        if pack.manifest.id == name:
            return pack.folder
    near = suggest(name, [p.manifest.id for p in packs])
    hint = f"；是不是想写：{'、'.join(near)}" if near else ""
    raise UsageError(f"找不到规则包“{name}”{hint}")


def find_chain(start: FoundPack, roots: Sequence[Path]) -> tuple[tuple[FoundPack, ...], tuple[Diagnostic, ...]]:
    """The pack and its parents, most general first. Parents are looked for beside the pack, too."""
    chain, out = [start], []
    while (parent := chain[0].manifest.parent) is not None:
        child = chain[0]
        source = Span(str(child.folder / "pack.yaml"), 1, 1)
        if parent in [p.manifest.id for p in chain]:
            out.append(Diagnostic("E417", f"上级包成了循环：{child.manifest.id} 的上级是 {parent}", source))
            break
        try:
            ranges = [wanted for below in chain for name, wanted in below.manifest.requires if name == parent]
            found = find_pack(PackSpec(parent), [*roots, child.folder.parent], ranges, paths=False)
        except RulesError as error:
            out += error.diagnostics
            break
        except UsageError as error:
            out.append(Diagnostic("E416", f"{child.manifest.id} 的上级包：{error.message}", source))
            break
        if LEVELS.index(found.manifest.level) >= LEVELS.index(child.manifest.level):
            out.append(Diagnostic("E417", f"上级包 {parent}（{found.manifest.level}）的级别必须高于 {child.manifest.id}（{child.manifest.level}）", source))
        if not child.manifest.region.startswith(found.manifest.region):
            out.append(Diagnostic("E417", f"{child.manifest.id} 的地区 {child.manifest.region} 不在上级包 {parent} 的地区 {found.manifest.region} 之内", source))
        chain.insert(0, found)
    return tuple(chain), tuple(out)

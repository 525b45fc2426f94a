"""Two folders of one pack compared: for every span of years in which something holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from juesuan_rules.authoring.comparing.layouts import compare_layouts
from juesuan_rules.authoring.comparing.model import Change, Comparison, VersionSeen
from juesuan_rules.authoring.comparing.rules import RuleSeen, compare_rules
from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import RulesError
from juesuan_rules.language.check import check_rules
from juesuan_rules.packs.digest import digest_folder, is_judged, pack_files
from juesuan_rules.packs.load import load_pack
from juesuan_rules.packs.locate import PackSpec, find_chain, find_pack
from juesuan_rules.packs.model import Manifest
from juesuan_rules.packs.versions import covers

_SPAN = re.compile(r"(?:years|年度)[\"']?\s*:\s*[\"']?(\d{4})?(\.\.)?(\d{4})?")
_MANIFEST_FILE = "MANIFEST.json"


class YearView(msgspec.Struct, frozen=True):
    """What a version says for one year: rules in force by id, and the layout."""

    rules: dict[str, RuleSeen]
    layout: Layout


def compare_folders(old: Path, new: Path, roots: Sequence[Path], sources: tuple[str, str] = ("", "")) -> Comparison:
    """Everything that differs in meaning, in wording or only in files. Raises RulesError where one is broken."""
    one, other = (find_pack(PackSpec(str(folder)), ()).manifest for folder in (old, new))
    seen = tuple(VersionSeen(source or str(f), m.id, m.version, digest_folder(f)) for f, m, source in zip((old, new), (one, other), sources, strict=True))
    changes = [*_manifest_changes(one, other), *_over_years(old, new, roots, (one, other))]
    return Comparison(seen[0], seen[1], (*changes, *_file_changes(old, new, told=bool(changes))))


def _over_years(old: Path, new: Path, roots: Sequence[Path], manifests: tuple[Manifest, Manifest]) -> Iterator[Change]:
    """The changes of every span of years, each told once, with the year from which it holds where not always."""
    found: dict[tuple[str, str, str, str, tuple[str, ...]], list[int | None]] = {}
    spans = _years((old, new), roots)
    judged: list[int | None] = []
    for year in spans:
        views = [view_year(folder, year, roots) if year is None or covers(m.years, year) else None for folder, m in zip((old, new), manifests, strict=True)]
        if views[0] is None or views[1] is None:
            continue
        judged.append(year)
        for change in (*compare_rules(views[0].rules, views[1].rules), *compare_layouts(views[0].layout, views[1].layout)):
            found.setdefault((change.kind, change.name, change.action, change.step, change.details), []).append(year)
    for (kind, name, action, step, details), years in found.items():
        change = Change(kind, name, action, step, details)  # type: ignore[arg-type]
        yield change if len(years) == len(judged) else replace(change, years="、".join("最新" if y is None else f"{y} 年度起" for y in years))


def view_year(folder: Path, year: int | None, roots: Sequence[Path]) -> YearView:
    """What a pack says for a year. Raises RulesError where it is broken."""
    pack = load_pack(str(folder), year, roots)
    checked = check_rules(pack.rules, pack.layout)
    errors = tuple(d for d in checked.diagnostics if d.is_error)
    if errors:
        raise RulesError(f"规则包 {pack.manifest.id} {pack.manifest.version} 有 {len(errors)} 处错误，不能比较", errors)
    texts = {rule.id: rule for rule in pack.rules}
    return YearView({rule.id: RuleSeen(texts[rule.id], rule) for rule in checked.rules}, pack.layout)


def _years(folders: Sequence[Path], roots: Sequence[Path]) -> list[int | None]:
    """A year of every span in which the same rules and layouts hold, and None for the newest."""
    cuts: set[int] = set()
    for folder in folders:
        chain, _ = find_chain(find_pack(PackSpec(str(folder)), ()), roots)
        for path in (path for pack in chain for path in pack_files(pack.folder)):
            for match in _SPAN.finditer(path.read_text("utf-8-sig", "replace")):
                first, dots, last = match.groups()
                cuts |= {int(first)} if first else set()
                closed = last or (first if first and not dots else None)
                cuts |= {int(closed) + 1} if closed else set()
    return [*sorted(cuts)[:-1], None] if cuts else [None]


def _manifest_changes(old: Manifest, new: Manifest) -> Iterator[Change]:
    def changed(key: str, step: str, before: object, after: object) -> Change:
        return Change("清单", key, "changed", step, (f"{before or '（无）'} → {after or '（无）'}",))  # type: ignore[arg-type]

    for key in ("id", "language", "parent", "level", "region"):
        if getattr(old, key) != getattr(new, key):
            yield changed(key, "major", getattr(old, key), getattr(new, key))
    if old.years != new.years:
        wider = (new.years[0] is None or (old.years[0] is not None and new.years[0] <= old.years[0])) and (
            new.years[1] is None or (old.years[1] is not None and new.years[1] >= old.years[1])
        )
        yield changed("years", "minor" if wider else "major", _span(old.years), _span(new.years))
    if old.engine != new.engine:
        yield changed("engine", "minor", old.engine, new.engine)
    if old.requires != new.requires:
        yield changed("requires", "minor", dict(old.requires), dict(new.requires))
    for key in ("name", "description"):
        if getattr(old, key) != getattr(new, key):
            yield changed(key, "patch", getattr(old, key), getattr(new, key))


def _span(years: tuple[int | None, int | None]) -> str:
    return f"{years[0] or ''}..{years[1] or ''}"


def _file_changes(old: Path, new: Path, *, told: bool) -> Iterator[Change]:
    """Files that differ and that no other change accounts for: cases, pages; rule files only where nothing else changed."""
    before, after = _contents(old), _contents(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) == after.get(name) or name == "pack.yaml" or (told and is_judged(name)):
            continue
        action = "added" if name not in before else "removed" if name not in after else "changed"
        details = ("只是写法或注释",) if is_judged(name) else ()
        yield Change("文件", name, action, "patch", details)  # type: ignore[arg-type]


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts))
    found = {path.relative_to(folder).as_posix(): path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n") for path in files}
    return {name: data for name, data in found.items() if name not in (_MANIFEST_FILE, "SIGNATURES.json")}

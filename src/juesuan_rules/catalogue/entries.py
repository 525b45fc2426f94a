"""Files that hold one list of named entries, along a chain of packs: reading, dating, merging.

A child's entry of a name its parent knows changes what it gives: values of some fields are added to
the parent's, other fields replaced; `drop` takes values away, `remove` the whole entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path as FilePath
from typing import Any

import msgspec

from juesuan_rules.catalogue.shape import LayoutFile, Path, Years
from juesuan_rules.names import fold, suggest
from juesuan_rules.yamlfile import Read, load

OPEN: Years = (None, None)
LANGUAGE = 1


class Entry(msgspec.Struct):
    """One item of a list, in its file."""

    name: str
    fields: dict[str, Any]
    years: Years
    source: LayoutFile
    path: Path


class Draft(msgspec.Struct):
    """An entry while packs are being merged. source, path: where it was changed last."""

    fields: dict[str, Any]
    source: LayoutFile
    path: Path

    @property
    def pack(self) -> str:
        """The last pack that changed it."""
        return self.source.pack


class Kind(msgspec.Struct, frozen=True):
    """One kind of file. key: of its list and its folder. added: fields of which a child's values join
    its parent's; the first of them is what `drop` takes from. nearest: where all entries of a
    name are dated for other years, those of the nearest period hold, with their years."""

    key: str
    what: str
    keys: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    added: tuple[str, ...]
    nearest: bool = False


Problems = Callable[[Entry, bool], None]
"""Reports what one entry may not say; the second argument: whether a parent has an entry of its name."""


def read_merged(kind: Kind, packs: Sequence[tuple[str, FilePath]], year: int | None, files: list[LayoutFile], report: Problems, read: Read = load) -> dict[str, Draft]:
    """The entries of one kind for `year` (None: the newest), by name, of packs (id, folder) with the
    national one first. Files read are added to `files`, with what is wrong in them."""
    drafts: dict[str, Draft] = {}
    for pack, folder in packs:
        entries: list[Entry] = []
        for path in sorted((folder / kind.key).glob("*.yaml")):
            source = LayoutFile(pack, read(path))
            files.append(source)
            entries += read_entries(kind, source)
        _report_repeated(kind, entries)
        for entry in entries:
            report(entry, entry.name in drafts)
        for entry in _holding(entries, year, nearest=kind.nearest):
            _merge(kind, drafts, entry)
    return drafts


def read_entries(kind: Kind, source: LayoutFile) -> list[Entry]:
    """The entries of one file; what is wrong with it stands with `source`."""
    source.problems.extend(source.file.diagnostics)
    if source.file.broken:
        return []
    data = source.fields(source.file.data, (), f"{kind.what}文件", {"language": "int", "years": "years", kind.key: "list"})
    if isinstance(source.file.data, dict):
        if data.get("language", LANGUAGE) != LANGUAGE:
            source.report("E413", f"只认识格式版本“language: {LANGUAGE}”", ("language",))
        if kind.key not in source.file.data:
            source.report("E412", f"缺少“{kind.key}”（{kind.what}的列表）", ())
    found = []
    for index, item in enumerate(data.get(kind.key, ())):
        path: Path = (kind.key, index)
        fields = source.fields(item, path, kind.what, kind.keys, kind.choices)
        name = fields.pop("name", "")
        if name:
            found.append(Entry(name, fields, fields.pop("years", data.get("years", OPEN)), source, path))
        elif isinstance(item, dict):
            source.report("E412", f"{kind.what}缺少“name”（名称）", path)
    return found


def _report_repeated(kind: Kind, entries: list[Entry]) -> None:
    """One pack may name a thing once for every year."""
    seen: dict[str, list[Entry]] = {}
    for entry in entries:
        for other in seen.setdefault(fold(entry.name), []):
            if _overlap(entry.years, other.years):
                entry.source.report("E430", f"{kind.what}“{entry.name}”重复", (*entry.path, "name"), hint="同名的两项，年度不能重叠")
                break
        seen[fold(entry.name)].append(entry)


def _holding(entries: list[Entry], year: int | None, nearest: bool) -> list[Entry]:
    """The entries for `year` (None: the newest). `nearest`: where all of a name are dated for other
    years, those of the nearest period hold; their years say so."""
    if year is None:
        newest = [e for e in entries if e.years[1] is None]
        names = {e.name for e in newest}
        return newest + ([e for e in _last_of_each(entries) if e.name not in names] if nearest else [])
    fitting = [e for e in entries if _distance(e.years, year) == 0]
    if nearest:
        found = {e.name for e in fitting}
        fitting += [e for e in _nearest_of_each(entries, year) if e.name not in found]
    return fitting


def _last_of_each(entries: Iterable[Entry]) -> list[Entry]:
    last: dict[str, Entry] = {}
    for entry in entries:
        if entry.name not in last or (entry.years[1] or 9999) > (last[entry.name].years[1] or 9999):
            last[entry.name] = entry
    return list(last.values())


def _nearest_of_each(entries: Iterable[Entry], year: int) -> list[Entry]:
    best: dict[str, Entry] = {}
    for entry in entries:
        if entry.name not in best or _distance(entry.years, year) < _distance(best[entry.name].years, year):
            best[entry.name] = entry
    return list(best.values())


def _merge(kind: Kind, drafts: dict[str, Draft], entry: Entry) -> None:
    known = drafts.get(entry.name)
    fields = dict(entry.fields)
    dropped = fields.pop("drop", ())
    if fields.pop("remove", False):
        drafts.pop(entry.name, None)
        return
    before = known.fields if known is not None else {}
    for key in kind.added:
        if key in fields:
            fields[key] = _joined(before.get(key), fields[key])
    merged = {**before, **fields}
    if dropped:
        merged[kind.added[0]] = _without(entry, merged.get(kind.added[0]), dropped)
    if kind.nearest:
        merged["years"] = entry.years if entry.years != OPEN else before.get("years", OPEN)
    drafts[entry.name] = Draft(merged, entry.source, entry.path)


def _joined(before: Any, added: Any) -> Any:
    """Lists one after the other without repeats; mappings key by key (texts of a key: the child's)."""
    if before is None:
        return added
    if isinstance(added, tuple):
        return tuple(dict.fromkeys((*before, *added)))
    return {**before, **{key: _joined(before.get(key), value) if isinstance(value, tuple) else value for key, value in added.items()}}


def _without(entry: Entry, values: Any, dropped: Sequence[str]) -> Any:
    values = values if values is not None else ()
    for index, name in enumerate(dropped):
        if name not in values:
            near = suggest(name, values)
            entry.source.report("E431", f"要去掉的“{name}”上级没有", (*entry.path, "drop", index), hint=f"是不是想写：{'、'.join(near)}" if near else "")
    if isinstance(values, dict):
        return {key: value for key, value in values.items() if key not in dropped}
    return tuple(value for value in values if value not in dropped)


def _overlap(one: Years, other: Years) -> bool:
    low = max(one[0] or 0, other[0] or 0)
    return low <= min(one[1] or 9999, other[1] or 9999)


def _distance(period: Years, year: int) -> int:
    start, end = period
    if start is not None and year < start:
        return start - year
    return year - end if end is not None and year > end else 0

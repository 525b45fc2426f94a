"""Layout files of a chain of packs → the one Layout that holds for a region and year."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from juesuan_rules.catalogue.declared import read_declared
from juesuan_rules.catalogue.differences import RowLists, read_tables
from juesuan_rules.catalogue.merge import TableDraft, build_table, merge_table
from juesuan_rules.catalogue.model import Layout, TableSpec
from juesuan_rules.catalogue.records import record_specs
from juesuan_rules.catalogue.shape import FILE_KEYS, LAYOUT_VERSION, LayoutFile, Years
from juesuan_rules.catalogue.words import KINDS
from juesuan_rules.diagnostics import Diagnostic, Span
from juesuan_rules.names import suggest
from juesuan_rules.yamlfile import Read, load

OPEN: Years = (None, None)


def load_layout(
    folders: Sequence[tuple[str, Path]], year: int | None, region: str, read: Read = load
) -> tuple[Layout, tuple[Diagnostic, ...], str]:
    """The layout for `year` from (pack id, layouts folder) pairs, national first, and what is wrong.

    Facts, forms and dictionaries are read from the folders `facts`, `forms`, `dictionaries` beside `layouts`.

    The third value is "" or one sentence for the reader: files dated for another year are used
    because none is dated for this one (the nearest; so a later year gets the newest). `year` None
    takes the newest. Never raises for what the files say; the layout holds whatever is sound.
    """
    drafts: dict[str, TableDraft] = {}
    lists = RowLists()
    files: list[LayoutFile] = []
    parameters: dict[str, object] = {}
    words: dict[str, tuple[str, ...]] = {}
    years, notes = OPEN, []
    packs = [(pack, [(source, *_read_file(source)) for source in _open_folder(pack, folder, read)]) for pack, folder in folders]
    wanted = year if year is not None else _newest_year([span for _, dated in packs for _, _, span in dated])
    for pack, dated in packs:
        files.extend(source for source, _, _ in dated)
        chosen, period, note = _choose([span for _, _, span in dated], wanted)
        if note and year is not None:
            notes.append(f"{pack} {note}")
        years = _intersect(years, period)
        for index in chosen:
            source, data, span = dated[index]
            parameters.update(data.get("parameters", {}))
            for kind, added in _read_words(source, data.get("words", {})).items():
                words[kind] = (*words.get(kind, ()), *added)
            lists.read(source, data.get("lists", {}))
            _merge_file(drafts, source, data, lists, _clamp(wanted, span))
    tables = tuple(_build_all(drafts, files[-1] if files else None))
    declared = read_declared([(pack, folder.parent) for pack, folder in folders if folder.name == "layouts"], wanted, read)
    records = record_specs(declared.facts)
    problems = [p for source in (*files, *declared.files) for p in source.problems]
    problems.extend(_shared_names((*tables, *records)))
    if not drafts:
        problems.append(Diagnostic("E412", "没有任何表样", Span(str(folders[-1][1]) if folders else "")))
    pack = folders[-1][0] if folders else ""
    frozen = tuple((key, _frozen(value)) for key, value in sorted(parameters.items()))
    layout = Layout(
        pack, tables, region, years, frozen, tuple(sorted(words.items())),
        records=records, facts=declared.facts, forms=declared.forms, dictionaries=declared.dictionaries,
    )  # fmt: skip
    return replace(layout, digest=_digest(layout)), tuple(problems), "；".join(notes)


def _open_folder(pack: str, folder: Path, read: Read) -> list[LayoutFile]:
    if not folder.is_dir():
        return []
    return [LayoutFile(pack, read(path)) for path in sorted(folder.glob("*.yaml"))]


def _read_file(source: LayoutFile) -> tuple[dict[str, Any], Years]:
    source.problems.extend(source.file.diagnostics)
    if source.file.broken:
        return {}, OPEN
    data = source.fields(source.file.data, (), "表样文件", FILE_KEYS)
    version = data.get("layout")
    if isinstance(source.file.data, dict) and version != LAYOUT_VERSION:
        source.report("E413" if version is not None else "E412", f"表样文件应写明格式版本“layout: {LAYOUT_VERSION}”", ("layout",))
    return data, data.get("years", OPEN)


def _choose(periods: list[Years], year: int | None) -> tuple[list[int], Years, str]:
    """Which files hold: those undated or dated for `year`, else those of the nearest period."""
    always = [i for i, period in enumerate(periods) if period == OPEN]
    dated = [i for i in range(len(periods)) if i not in always]
    if not dated:
        return always, OPEN, ""
    fitting = [i for i in dated if year is None or _distance(periods[i], year) == 0]
    note = ""
    if not fitting and year is not None:
        nearest = min((_distance(periods[i], year), -_newest(periods[i]), i) for i in dated)[-1]
        fitting = [i for i in dated if periods[i] == periods[nearest]]
        note = f"没有 {year} 年度的表样，按 {show_years(periods[nearest])} 年度的读"
    period = OPEN
    for i in fitting:
        period = _intersect(period, periods[i])
    return sorted([*always, *fitting]), period, note


def _newest_year(periods: list[Years]) -> int | None:
    """The last year any file is dated for; None where none is dated."""
    last = [end if end is not None else start for start, end in periods]
    return max((year for year in last if year is not None), default=None)


def _newest(period: Years) -> int:
    return period[1] if period[1] is not None else 9999


def _distance(period: Years, year: int) -> int:
    start, end = period
    if start is not None and year < start:
        return start - year
    return year - end if end is not None and year > end else 0


def _clamp(year: int | None, period: Years) -> int | None:
    """The year tables inside a file are chosen for: `year`, moved into the file's own period."""
    start, end = period
    if year is None:
        return end
    return max(year if end is None else min(year, end), start if start is not None else year if end is None else min(year, end))


def _intersect(a: Years, b: Years) -> Years:
    starts = [y for y in (a[0], b[0]) if y is not None]
    ends = [y for y in (a[1], b[1]) if y is not None]
    return max(starts, default=None), min(ends, default=None)


def show_years(period: Years) -> str:
    """A period as people write it: 2019..2024, 2019.., ..2022 or 2023."""
    start, end = period
    if start is not None and start == end:
        return str(start)
    return f"{'' if start is None else start}..{'' if end is None else end}"


def _merge_file(drafts: dict[str, TableDraft], source: LayoutFile, data: dict[str, Any], lists: RowLists, year: int | None) -> None:
    for diff in read_tables(source, data.get("tables", []), lists):
        span: Years = diff.fields.pop("years", OPEN)
        if year is None or _distance(span, year) == 0:
            merge_table(drafts, diff)


def _read_words(source: LayoutFile, data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    result: dict[str, tuple[str, ...]] = {}
    for kind, values in data.items():
        if kind not in KINDS:
            near = suggest(kind, KINDS)
            source.report("E411", f"表头用语没有“{kind}”这一类", ("words", kind), key=True, hint=f"只有：{'、'.join(near or KINDS)}")
        elif (read := source.texts(values, ("words", kind), kind)) is not None:
            result[kind] = read
    return result


def _build_all(drafts: dict[str, TableDraft], problems: LayoutFile | None) -> list[TableSpec]:
    """In the order of the printed 表号, tables without one last."""
    specs = [build_table(table_id, draft, problems) for table_id, draft in drafts.items()]
    return sorted(specs, key=lambda spec: (not spec.number, int(spec.number or 0)))


def _shared_names(tables: tuple[TableSpec, ...]) -> list[Diagnostic]:
    """Two tables may not answer to one name or number: a rule could not say which it means."""
    owner: dict[str, str] = {}
    problems = []
    for spec in tables:
        for name in dict.fromkeys((spec.id, *spec.short, *spec.titles, *([f"{int(spec.number)}表"] if spec.number else []))):
            if owner.setdefault(name, spec.id) != spec.id:
                problems.append(Diagnostic("E430", f"“{name}”既指“{owner[name]}”又指“{spec.id}”", Span(spec.pack)))
    return problems


def _digest(layout: Layout) -> str:
    """Of everything a layout says; record sets follow from the facts."""
    parts = (layout.pack, layout.region, layout.years, layout.parameters, layout.words, layout.tables, layout.facts, layout.forms, layout.dictionaries)
    return "sha256:" + hashlib.sha256(repr(parts).encode()).hexdigest()


def _frozen(value: object) -> object:
    """Lists and mappings as tuples, so that a layout can be compared and hashed."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, _frozen(item)) for key, item in value.items())
    return value

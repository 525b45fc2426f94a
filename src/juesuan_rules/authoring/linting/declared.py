"""What packs declare beside rules and nobody reads, or that collides: facts, tables, columns, parameters (L203–L206, L209, L210)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from juesuan_rules.authoring.linting.scope import View
from juesuan_rules.authoring.linting.words import check_words
from juesuan_rules.authoring.linting.work import Work, YamlPath, entries
from juesuan_rules.catalogue.model import FactSpec, TableSpec
from juesuan_rules.catalogue.records import FACTS
from juesuan_rules.language.memory import texts_of
from juesuan_rules.language.model import Form
from juesuan_rules.names import fold
from juesuan_rules.reports.prose.binding import canonical
from juesuan_rules.yamlfile import YamlFile

_PARAMETER = re.compile(r"""参数\s*[（(]\s*["“”「『]([^"“”」』]+)["“”」』]""")


class Read(msgspec.Struct):
    """What the rules in force read. columns: (table, block, column); "*" for all. alike: whether facts are compared with themselves."""

    tables: set[str] = msgspec.field(default_factory=set)
    columns: set[tuple[str, str, str]] = msgspec.field(default_factory=set)
    facts: set[str] = msgspec.field(default_factory=set)
    every_fact: bool = False
    alike: bool = False
    parameters: set[str] = msgspec.field(default_factory=set)


def check_declared(work: Work) -> None:
    """All that is about declarations."""
    read = gather(work)
    _check_tables(work, read)
    _check_facts(work, read)
    _check_parameters(work, read)
    for folder in ("facts", "dictionaries"):
        for _, file in work.own_files(folder):
            check_words(work, file)


def gather(work: Work) -> Read:
    """What the rules in force under any layout in scope read."""
    read = Read()
    seen: set[int] = set()
    for view in work.scope.views:
        for rule in view.rules:
            checked = work.outcomes.outcome(rule, view).checked
            if id(checked) in seen:
                continue
            seen.add(id(checked))
            for text in texts_of(rule):
                read.parameters.update(_PARAMETER.findall(text.text))
            if checked is not None:
                for form in [checked.when, *[f for c in checked.checks for f in (c.form, c.when)]]:
                    if form is not None:
                        _read_form(form, read, {})
    return read


def _read_form(form: Form, read: Read, domains: dict[str, Form]) -> None:
    head = form[0] if form else ""
    if head == "cells":
        read.tables.add(form[2])
        read.columns.add((form[2], form[3], form[4]))
        if form[2] == FACTS:
            rows = form[5]
            read.facts.update(rows[1:] if rows[0] in ("key", "keys") else ())
            read.every_fact = read.every_fact or rows[0] not in ("key", "keys")
        return
    if head in ("each", "exists", "unique", "tally") and isinstance(form[2], tuple):
        domains = {**domains, form[1]: form[2]}
        read.tables.add(form[2][2])
        if form[2][2] == FACTS:
            _read_form(form[2], read, domains)
        _read_form(form[3], read, domains)
        return
    if head == "field":
        variable, _, owner = form[1].partition(".")
        cells = domains.get(variable)
        if cells is not None:
            read.columns.add((cells[2], "" if owner else cells[3], form[2]))
        return
    if head == "structure":
        read.tables.update(form[2:])
        read.alike = read.alike or (form[1] == "前后一致" and FACTS in form[2:])
        return
    for part in form:
        if isinstance(part, tuple):
            _read_form(part, read, domains)


# ------------------------------------------------------------------ tables and columns


def _check_tables(work: Work, read: Read) -> None:
    """L204, L205: tables and columns that the pack introduces and no rule reads."""
    known = _above(work)
    reported: set[object] = set()
    for view in [view for view in work.scope.views if view.own]:
        for path, index, file in _table_entries(work):
            entry = file.data["tables"][index]
            spec = view.layout.table(str(entry.get("id", "")))
            if spec is None or spec.form == "records" or not any(block.columns for block in spec.blocks) or not _holds(view, path, work):
                continue
            if spec.id not in known and spec.id not in read.tables and spec.id not in reported:
                reported.add(spec.id)
                work.report("L204", f"没有规则读“{spec.id}”", file.span("tables", index, "id"))
            elif spec.id in read.tables:
                _check_columns(work, read, file, index, spec, known, reported)


def _check_columns(work: Work, read: Read, file: YamlFile, index: int, spec: TableSpec, known: dict[str, TableSpec], reported: set[object]) -> None:
    above = known.get(spec.id)
    for block in spec.blocks:
        earlier = above.block(block.name) if above is not None else None
        names = {column.name for column in earlier.columns} if earlier is not None else set()
        for column in block.columns:
            mark = (spec.id, block.name, column.name)
            if column.name in names or mark in reported or mark in read.columns or (spec.id, block.name, "*") in read.columns:
                continue
            place = _column_place(file, index, block.name, column.name)
            if place is not None:
                reported.add(mark)
                where = f"{spec.short[0] if spec.short else spec.id}{'.' + block.name if block.name else ''}"
                work.report("L205", f"没有规则读 {where} 的“{column.name}”一栏", file.span(*place))


def _table_entries(work: Work) -> Iterator[tuple[Path, int, YamlFile]]:
    for path, file in work.own_files("layouts"):
        for at, _ in entries(file, "tables"):
            yield path, int(at[1]), file


def _holds(view: View, path: Path, work: Work) -> bool:
    """Whether a layout file of the pack can be part of a view: all but dated ones that do not overlap."""
    from juesuan_rules.packs.versions import overlap, read_years

    data = work.scope.sources.read(path).data
    years = read_years(str(data.get("years", ""))) if isinstance(data, dict) and data.get("years") is not None else None
    return years is None or overlap(years, view.years)


def _above(work: Work) -> dict[str, TableSpec]:
    """The tables of the packs above, by id."""
    if len(work.scope.chain) < 2:
        return {}
    from juesuan_rules.catalogue.load import load_layout

    folders = [(pack.manifest.id, pack.folder / "layouts") for pack in work.scope.chain[:-1]]
    layout, _, _ = load_layout(folders, None, work.scope.chain[-2].manifest.region, work.scope.sources.read)
    return {table.id: table for table in layout.tables}


def _column_place(file: YamlFile, table: int, block: str, column: str) -> YamlPath | None:
    blocks = file.data["tables"][table].get("blocks")
    for number, data in enumerate(blocks if isinstance(blocks, list) else ()):
        if not isinstance(data, dict) or str(data.get("name") or "") != block:
            continue
        columns = data.get("columns")
        for at, item in enumerate(columns if isinstance(columns, list) else ()):
            if column == (item.get("name") if isinstance(item, dict) else item):
                return ("tables", table, "blocks", number, "columns", at)
    return None


# ------------------------------------------------------------------ facts


def _check_facts(work: Work, read: Read) -> None:
    """L203, L206: facts no rule reads, phrases of two facts."""
    own = {fact.name for view in work.scope.views if view.own for fact in view.layout.facts}
    places: dict[str, tuple[YamlFile, YamlPath]] = {}
    for _, file in work.own_files("facts"):
        for path, entry in entries(file, "facts"):
            name = str(entry.get("name", ""))
            places[name] = (file, path)
            if name in own and name not in read.facts and not _inherited(work, name):
                message = f"没有规则拿事实“{name}”与别的数核对，只查它在文中前后是否一致" if read.alike else f"没有规则读事实“{name}”"
                work.report("L203", message, file.span(*path, "name"))
    _check_collisions(work, places)


def _inherited(work: Work, name: str) -> bool:
    for pack in work.scope.chain[:-1]:
        for path in sorted((pack.folder / "facts").glob("*.yaml")):
            if any(str(entry.get("name", "")) == name for _, entry in entries(work.scope.sources.read(path), "facts")):
                return True
    return False


def _check_collisions(work: Work, places: dict[str, tuple[YamlFile, YamlPath]]) -> None:
    """Facts that answer to one phrase, rank alike, and may both hold for one sentence."""
    for view in [view for view in work.scope.views if view.own]:
        phrases: dict[tuple[object, ...], list[tuple[str, FactSpec]]] = {}
        for fact in view.layout.facts:
            for name in dict.fromkeys((*fact.names, fact.name)):
                *above, last = [canonical(part) for part in name.split("/")]
                own = not above and last == canonical(fact.name)
                phrases.setdefault((last, tuple(above), own, bool(fact.sections) + bool(fact.needs), fact.unit), []).append((name, fact))
        for facts in phrases.values():
            for at, (phrase, fact) in enumerate(facts):
                other = next((o for _, o in facts[:at] if o.name != fact.name and not _exclusive(o, fact)), None)
                place = places.get(fact.name) or (places.get(other.name) if other is not None else None)
                if other is not None and place is not None:
                    message = f"“{phrase}”既是“{other.name}”又是“{fact.name}”的说法，条件不能保证分得开"
                    hint = "用 sections、outside、needs、without 区别，或去掉一个"
                    if not any(f.code == "L206" and f.message == message for f in work.found):
                        work.report("L206", message, place[0].span(*place[1], "name"), hint=hint)


def _exclusive(one: FactSpec, other: FactSpec) -> bool:
    """Whether the conditions of two facts never hold together."""
    for a, b in ((one, other), (other, one)):
        if a.sections and all(any(_within(word, section) for word in b.outside) for section in a.sections):
            return True
        if a.needs and all(any(fold(word) in fold(need) for word in b.without) for need in a.needs):
            return True
    # Words that both must have and that differ: the nearest clause that has one decides.
    return any(_apart(left, right) for left, right in ((one.sections, other.sections), (one.needs, other.needs)))


def _apart(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether both sides ask for words, and no word of one is in a word of the other."""
    return bool(left and right) and not any(a in b or b in a for a in left for b in right)


def _within(word: str, section: str) -> bool:
    return section.startswith(word[1:]) if word.startswith("^") else word in section


# ------------------------------------------------------------------ parameters, dictionaries


def _check_parameters(work: Work, read: Read) -> None:
    """L209, L210: parameters nobody reads, and those the national pack does not know."""
    declared = _parameters_of(work, len(work.scope.chain) - 1)
    above = {name for level in range(len(work.scope.chain) - 1) for name in _parameters_of(work, level)}
    for name, (file, path) in declared.items():
        if len(work.scope.chain) > 1 and name not in above:
            if name not in read.parameters:
                work.report("L210", f"上级包没有声明参数“{name}”，本包的规则也没有用到它", file.span(*path, key=True), hint=_near(name, above))
        elif name not in read.parameters and len(work.scope.chain) == 1:
            work.report("L209", f"没有规则用到参数“{name}”", file.span(*path, key=True))


def _parameters_of(work: Work, level: int) -> dict[str, tuple[YamlFile, YamlPath]]:
    found: dict[str, tuple[YamlFile, YamlPath]] = {}
    for path in sorted((work.scope.chain[level].folder / "layouts").glob("*.yaml")):
        file = work.scope.sources.read(path)
        given = file.data.get("parameters") if isinstance(file.data, dict) else None
        for name in given if isinstance(given, dict) else ():
            found.setdefault(name, (file, ("parameters", name)))
    return found


def _near(name: str, known: set[str]) -> str:
    from juesuan_rules.names import suggest

    near = suggest(name, sorted(known))
    return f"是不是想写：{'、'.join(near)}" if near else "先在全国包的版式里声明，写明各种取值的意思"
